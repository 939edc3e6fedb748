"""Which phrases beyond the vocabulary are proposed as new tags, and which are not."""

from pathlib import Path
from typing import Any

import pytest

from generator import emerge as emerging
from generator.emerge import emerge, phrases_in
from generator.memo import Memo
from generator.model import Facet, Paper, Proposal, Record, Settings, Survey, Tag, Vocabulary
from generator.space import space_of

PLANTS = ["fern", "reed", "sedge", "clover", "nettle", "thistle", "bramble", "willow", "lichen", "heather"]
OTHERS = [Paper(id=f"other-{n}", title=f"{PLANTS[n % 10]} {PLANTS[n // 10]} meadows") for n in range(40)]
FEN = [  # they are near to each other: all are on a fen in the rain
    Paper(id="a", title="Peat Tracing in the fen", note="With peat tracing, and peat-tracing again: rain on the fen."),
    Paper(id="b", title="Rain", gist="The fen, by peat tracing", note="Rain; how peat tracing fares on a fen."),
    Paper(id="c", title="Rain on the fen", note="No peat tracings."),
]


def proposals(*papers: Paper, tag: Tag | None = None, memo: Memo | None = None) -> tuple[Proposal, ...]:
    """Of these papers among the others, with a vocabulary of at most one tag."""
    records = tuple(Record(paper=paper, path=f"content/papers/{paper.id}.md", front=None) for paper in (*papers, *OTHERS))
    vocabulary = Vocabulary(facets=(Facet(id="topic", label="Topic"),), tags=(tag,) if tag else ())
    survey = Survey(settings=Settings(), vocabulary=vocabulary, sources=(), records=records)
    return emerge(survey, space_of(survey.papers), memo)


def proposed(*papers: Paper, tag: Tag | None = None) -> set[str]:
    return {proposal.phrase for proposal in proposals(*papers, tag=tag)}


def test_a_phrase_that_related_papers_share_is_proposed() -> None:
    (found,) = (proposal for proposal in proposals(*FEN) if "tracing" in proposal.phrase)
    assert (found.phrase, found.papers, found.headlines) == ("peat tracing", ("a", "b", "c"), 2)


def test_the_one_that_is_used_more_often_comes_first() -> None:
    more = [Paper(id=paper.id, title=paper.title, gist=paper.gist, note=paper.note + " Bog craft.") for paper in FEN]
    more[1] = Paper(id="b", title="Bog craft", gist=FEN[1].gist, note=FEN[1].note + " Bog craft.")
    more[2] = Paper(id="c", title=FEN[2].title, note=FEN[2].note + " Bog craft, bog craft.")
    found = [proposal.phrase for proposal in proposals(*more) if " " in proposal.phrase]
    assert found == ["peat tracing", "Bog craft"]


@pytest.mark.parametrize(
    ("number", "fields"),
    [
        (2, {"title": "Heath", "note": "Rain on the fen."}),  # in two papers only
        (1, {"title": "Rain", "note": "Peat tracing on a fen."}),  # in one paper only twice
        (
            0,
            {"title": "The fen", "note": "With peat tracing, and peat-tracing again: rain on the fen."},
        ),  # b has a gist: see below
    ],
)
def test_too_little_is_no_proposal(number: int, fields: dict[str, str]) -> None:
    papers = list(FEN)
    papers[number] = Paper(id=papers[number].id, **fields)
    assert ("peat tracing" in proposed(*papers)) == (number == 0)  # a headline is enough
    if number == 0:
        papers[1] = Paper(id="b", title="Rain", note="The fen, by peat tracing; rain and peat tracing on a fen.")
        assert "peat tracing" not in proposed(*papers)  # no headline


def test_what_many_papers_have_is_none() -> None:
    more = [Paper(id=f"m{n}", title=paper.title, note=paper.note) for n, paper in enumerate(FEN)]
    assert "peat tracing" in proposed(*FEN, *more[:2])
    assert "peat tracing" not in proposed(*FEN, *more)


def test_papers_with_little_else_in_common_score_less() -> None:
    def about(id_: str, note: str) -> Paper:
        return Paper(id=id_, title="Clock tracing", note=f"Clock tracing; {note}")

    alike = [about(id_, "fern meadows, reed and sedge.") for id_ in "abc"]
    apart = [about("a", "fern, reed, sedge."), about("b", "clover, nettle, thistle."), about("c", "bramble, willow, lichen.")]
    (near,), (far,) = proposals(*alike), proposals(*apart)
    assert near.phrase == far.phrase == "Clock tracing"
    assert near.score > far.score + 0.5


@pytest.mark.parametrize(
    "fields",
    [
        {"label": "Peat tracing"},
        {"label": "Bogs", "phrases": ("peats tracing",)},
        {"label": "Bogs", "phrases": ("tracing",)},
        {"label": "Bogs", "weak": ("peat-tracing",)},
        {"label": "Bogs", "synonyms": ("Peat Tracing",)},
        {"label": "Bogs", "phrases": ("peat tracing",), "replaced_by": "other"},
    ],
)
def test_what_the_vocabulary_has_words_for_is_left_out(fields: dict[str, Any]) -> None:
    assert "peat tracing" not in proposed(*FEN, tag=Tag(id="bogs", facet="topic", **fields))


def test_a_phrase_of_the_vocabulary_is_known_where_it_is_negated_too() -> None:
    papers = [Paper(id=id_, title="Beyond peat tracing", note="Rain on the fen: not peat tracing.") for id_ in "abc"]
    assert proposed(*papers) & {"peat tracing"}
    assert not proposed(*papers, tag=Tag(id="bogs", facet="topic", label="Bogs", phrases=("peat tracing",))) & {"peat tracing"}


def test_a_weak_word_of_the_vocabulary_may_be_part_of_a_new_phrase() -> None:
    assert "peat tracing" in proposed(*FEN, tag=Tag(id="bogs", facet="topic", label="Bogs", weak=("peat",)))


def test_a_piece_of_a_longer_phrase_of_the_vocabulary_is_no_phrase() -> None:
    papers = [Paper(id=paper.id, title=paper.title.replace("Tracing", "Tracing Craft"), gist=paper.gist) for paper in FEN]
    notes = [
        Paper(id=paper.id, title=paper.title, gist=paper.gist, note="Peat tracing craft in rain on the fen.") for paper in papers
    ]
    bogs = Tag(id="bogs", facet="topic", label="Bogs", phrases=("tracing craft",))
    assert not any("peat" in phrase.lower() for phrase in proposed(*notes, tag=bogs))


def test_nested_phrases_over_the_same_papers_are_one() -> None:
    phrases = [phrase.lower() for phrase in proposed(*FEN)]
    assert "peat tracing" in phrases
    assert not {"tracing", "peat"} & set(phrases)


def test_a_piece_of_a_longer_phrase_is_none_but_for_what_stands_by_itself_too() -> None:
    papers = [Paper(id=id_, title="Peat tracing rods", note="Rain on the fen: peat tracing rods.") for id_ in "abc"]
    assert [phrase for phrase in proposed(*papers) if phrase.startswith("peat")] == ["peat tracing rods"]
    alone = [Paper(id=paper.id, title=paper.title, note=f"{paper.note} {'Tracing. ' * 3}") for paper in papers]
    assert "Tracing" in proposed(*alone)


# ------------------------------------------------------------------ phrases in a text


def written(text: str) -> list[str]:
    return [text[start:end] for _, start, end in phrases_in(text)]


def test_phrases_have_up_to_three_words_and_end_with_no_common_one() -> None:
    assert written("the Sphagnum cushion bogs") == [
        "Sphagnum",
        "Sphagnum cushion",
        "Sphagnum cushion bogs",
        "cushion",
        "cushion bogs",
    ]
    assert written("theory of minds") == ["theory", "theory of minds"]  # one short word is none
    assert written("we propose a novel approach") == []


def test_words_are_compared_as_the_phrases_of_the_vocabulary_are() -> None:
    assert [phrase for phrase, _, _ in phrases_in("Programme’s analyses")] == ["program", "program analysis"]


def test_punctuation_and_addresses_divide() -> None:
    assert written("meadows, lichens (sedges) 12 clovers") == ["meadows", "lichens", "sedges", "clovers"]
    assert written("https://example.org/mosses") == []


def test_a_hyphenated_compound_is_not_cut() -> None:
    assert written("self-watering gardens") == ["self-watering", "self-watering gardens", "gardens"]
    assert written("gardens self-watering") == ["gardens", "gardens self-watering", "self-watering"]


def test_a_word_that_says_little_by_itself_may_head_a_phrase() -> None:
    assert written("bog model") == ["bog model"]
    assert written("model") == []


# ------------------------------------------------------------------ how much is looked at


def test_a_small_survey_has_no_proposals() -> None:
    records = tuple(Record(paper=paper, path=f"content/papers/{paper.id}.md", front=None) for paper in FEN)
    survey = Survey(settings=Settings(), vocabulary=Vocabulary(), sources=(), records=records)
    assert emerge(survey, space_of(survey.papers)) == ()


def test_of_a_large_survey_the_papers_taken_in_last_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emerging, "NEWEST", len(OTHERS))
    assert "peat tracing" not in proposed(*FEN)
    late = [Paper(id=paper.id, title=paper.title, gist=paper.gist, note=paper.note, added="2025-01-02") for paper in FEN]
    assert "peat tracing" in proposed(*late)


def test_what_did_not_change_is_not_looked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = proposals(*FEN, memo=Memo(tmp_path))
    monkeypatch.setattr(emerging, "_uses", lambda *_: pytest.fail("looked again"))
    assert proposals(*FEN, memo=Memo(tmp_path)) == first != ()
    monkeypatch.undo()
    assert proposals(*FEN[:2], memo=Memo(tmp_path)) != first
    tag = Tag(id="bogs", facet="topic", label="Peat tracing")
    assert proposals(*FEN, tag=tag, memo=Memo(tmp_path)) == proposals(*FEN, tag=tag)
