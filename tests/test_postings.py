"""Terms, lexicon and weights of documents: lunr's formula, and what lunr.py's own index weighs."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import Any

import pytest
from lunr.builder import Builder
from lunr.index import Index
from lunr.stop_word_filter import WORDS as STOP_WORDS
from lunr.token import Token

from generator import postings
from generator.index import lunr_source
from generator.postings import BOOSTS, FIELDS, NAMES, TEXT, Document, Postings, analysis_of, idf, stop_words, weight
from generator.text import stem, words

FIXTURES = Path(__file__).parent / "fixtures" / "search"


def of(*documents: Document) -> Postings:
    return Postings([analysis_of(document) for document in documents])


def documents() -> list[Document]:
    rows = json.loads((FIXTURES / "papers.json").read_text(encoding="utf-8"))
    return [Document(**{name: row.get(name, "") for name in FIELDS}) for row in rows]


def test_every_field_of_a_document_has_a_boost_in_its_place() -> None:
    assert [field.name for field in fields(Document)] == list(FIELDS)
    assert dict(zip(FIELDS, BOOSTS, strict=True)) == {**TEXT, **NAMES}


# ------------------------------------------------------------------ words


def test_a_document_s_words_are_counted_by_their_stems() -> None:
    analysis = analysis_of(Document(title="The learned learning", note="learning pre-training", venue="2024"))
    assert dict(zip(FIELDS, analysis.counts, strict=True)) == {
        "title": {"learn": 2},
        "note": {"learn": 1, "pre": 1, "train": 1, "pretrain": 1},
        "findings": {},
        "gist": {},
        "authors": {},
        "tags": {},
        "venue": {"2024": 1},
    }
    assert analysis.lengths == (2, 4, 0, 0, 0, 0, 1)
    assert analysis.titled == {"learn": ["learned", "learning"]}
    assert analysis.words == ("2024", "learned", "learning", "pre", "pretraining", "training")


def test_stop_words_are_those_of_lunr_js() -> None:
    listed = re.search(r"lunr\.stopWordFilter = lunr\.generateStopWordFilter\(\[(.*?)\]\)", lunr_source().decode(), re.DOTALL)
    assert listed
    assert stop_words() == set(re.findall("'([^']+)'", listed[1]))


def test_stop_words_are_nowhere() -> None:
    found = of(*documents())
    assert any(STOP_WORDS & set(words(text)) for document in documents() for text in astuple(document))
    assert not STOP_WORDS & (set(found.lexicon) | set(found.terms))


def test_terms_are_stems_in_the_order_of_javascript() -> None:
    assert of(Document(title="Surveys of keys 﨑 and 𠀋")).terms == ("key", "survey", "𠀋", "﨑")


def test_the_lexicon_counts_the_papers_of_a_word_not_its_uses() -> None:
    found = of(Document(title="Moss mosses", note="moss"), Document(title="Moss", authors="Fern Example"))
    assert found.lexicon == {"moss": 2, "mosses": 1, "fern": 1, "example": 1}


def test_the_lexicon_of_a_large_survey_leaves_out_words_of_one_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Document(title="Moss"), Document(title="Moss"), Document(title="Mosss")
    monkeypatch.setattr(postings, "LARGE", 4)
    assert of(*given).lexicon == {"moss": 2, "mosss": 1}
    monkeypatch.setattr(postings, "LARGE", 3)
    large = of(*given)
    assert large.lexicon == {"moss": 2}
    assert large.terms == ("moss", "mosss")  # spelled out it is found
    assert large.scores("mosss")


def test_a_term_is_had_by_the_papers_of_any_field() -> None:
    found = of(Document(title="Moss", authors="Ada Example"))
    assert found.has("ada")
    assert not found.has("fern")


def test_no_papers_have_no_terms() -> None:
    found = of()
    assert (found.size, found.terms, found.lexicon, found.has("moss"), found.scores("moss")) == (0, (), {}, False, {})
    assert found.averages == (0.0,) * len(FIELDS)


# ------------------------------------------------------------------ weights


def test_a_term_scores_what_the_formula_says() -> None:
    """BM25 with k1 = 1.2 and b = .75. A paper counts once for each field that has the term: twice here."""
    found = of(Document(title="Moss", note="Moss moss fern"), Document(title="Fern"), Document(title="Reed"))
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    assert rarity == pytest.approx(0.470, abs=0.0005)
    in_title = 0.470 * 2.2 * 1 / (1.2 * (0.25 + 0.75 * 1) + 1) * 1.5  # as long as the average; titles are boosted
    in_note = 0.470 * 2.2 * 2 / (1.2 * (0.25 + 0.75 * 3) + 2)  # three times as long
    title, note, *others = found.weights("moss")
    assert title == {0: pytest.approx(in_title, abs=0.001)} == {0: 0.705}
    assert note == {0: pytest.approx(in_note, abs=0.001)} == {0: 0.414}
    assert not any(others)
    assert found.scores("moss") == {0: pytest.approx(1.119)}
    assert found.scores("lichen") == {}


def test_names_are_an_index_of_their_own() -> None:
    """How rare a word is among the authors does not change what it weighs in a text."""
    found = of(Document(title="Moss"), Document(title="Fern", authors="Moss Example"), Document(title="Reed", tags="Moss"))
    alone = of(Document(title="Moss"), Document(title="Fern"), Document(title="Reed"))
    assert found.weights("moss")[0] == alone.weights("moss")[0] != {}
    in_authors, in_tags = (found.weights("moss")[FIELDS.index(name)] for name in ("authors", "tags"))
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    assert in_tags == {2: pytest.approx(rarity * 2.2 / (1.2 * (0.25 + 0.75 * 3) + 1) * 0.5, abs=0.0005)}
    assert in_authors == {1: in_tags[2]}  # two words in three papers, as one word in three is long
    assert found.scores("moss") == {**found.weights("moss")[0], **in_authors, **in_tags}


@pytest.mark.parametrize(("size", "found", "expected"), [(10, 0, 3.0910), (10, 10, 0.0465), (1, 3, 0.3567)])
def test_a_word_in_more_fields_than_there_are_papers_is_common_not_an_error(size: int, found: int, expected: float) -> None:
    assert idf(size, found) == pytest.approx(expected, abs=0.00005)


def test_a_half_is_rounded_up() -> None:
    assert weight(0.0625, times=1, length=1, boost=1) == 0.063
    assert weight(0.0625, times=1, length=1, boost=0.999) == 0.062


class Stemmer:
    """Our stemmer in the place of lunr.py's own, whose stems are not those of lunr.js."""

    label = "stemmer"

    def __call__(self, token: Token, _place: int, _tokens: Sequence[Token]) -> Token:
        return token.update(lambda word, _metadata: stem(word))


def lunr_index(given: Sequence[Document], boosts: dict[str, float]) -> Index:
    builder = Builder()
    builder.pipeline.add(Stemmer())
    for name, boost in boosts.items():
        builder.field(name, boost)
    for ordinal, document in enumerate(given):
        searched = {name: [word for word in words(getattr(document, name)) if word not in STOP_WORDS] for name in boosts}
        builder.add({"id": str(ordinal), **searched})
    return builder.build()


@pytest.mark.parametrize("boosts", [TEXT, NAMES], ids=["text", "names"])
def test_weights_are_those_of_lunr_s_own_index(boosts: dict[str, float]) -> None:
    given = [replace(document, gist=document.title[:12]) for document in documents()]
    found = of(*given)
    built: Any = lunr_index(given, boosts).serialize()
    numbers = {postings["_index"]: term for term, postings in built["invertedIndex"]}
    expected: dict[tuple[str, str], dict[int, float]] = {}
    for reference, row in built["fieldVectors"]:
        field, ordinal = reference.split("/")
        for number, value in zip(row[::2], row[1::2], strict=True):
            expected.setdefault((numbers[number], field), {})[int(ordinal)] = value
    weighed = {
        (term, field): dict(found.weights(term)[FIELDS.index(field)])
        for term in found.terms
        for field in boosts
        if found.weights(term)[FIELDS.index(field)]
    }
    assert len(expected) > 10
    assert weighed == expected
