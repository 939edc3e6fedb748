"""test_phrases: the language of phrases, what hits are worth, and the spans that are shown for them"""

import json
from pathlib import Path
from typing import Any

import pytest

from generator import vocabulary
from generator.model import Facet, Paper, Tag, Vocabulary
from generator.taggers import phrases


def words_of(*tags: Tag) -> Vocabulary:
    return Vocabulary(facets=(Facet(id="topic", label="Topic"),), tags=tags)


def tag(name: str = "bees", **fields: Any) -> Tag:
    return Tag(id=name, facet="topic", label=name.title(), **fields)


def found(text: str, *strong: str, **fields: Any) -> list[str]:
    """The parts of a title that count for a tag with these phrases."""
    judged = read(Paper(title=text), tag(phrases=strong, **fields))
    return [span.text for of_tag in judged.values() for span in of_tag.evidence]


def read(paper: Paper, *tags: Tag) -> dict[str, phrases.Found]:
    return phrases.found_in(paper, phrases.compiled(words_of(*tags)))


def score(*strong: str, weak: tuple[str, ...] = (), **texts: Any) -> float:
    """What a paper with these texts scores for a tag with these phrases."""
    judged = read(Paper(**({"title": "Untitled"} | texts)), tag(phrases=strong, weak=weak))
    return judged["bees"].score if judged else 0


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("phrase", "text", "hit"),
    [
        ("honey bee", "Honey bees", "Honey bees"),  # case and plural
        ("honey bees", "A honey bee's dance", "honey bee's"),  # possessive
        ("honey bee", "The honey bee’s dance", "honey bee’s"),
        ("honey bee", "Honey-bee dances", "Honey-bee"),  # hyphen = space
        ("honey-bee", "honey bee dances", "honey bee"),
        ("honey bee", "honey \n bee", "honey \n bee"),  # a wrapped line
        ("honey bee", "(honey) bee", "honey) bee"),  # brackets and commas are nothing
        ("study", "Two studies", "studies"),
        ("movie", "Movies", "Movies"),
        ("search", "Searches", "Searches"),
        ("cache", "Caches", "Caches"),
        ("box", "boxes", "boxes"),
        ("class", "Classes", "Classes"),
        ("size", "sizes", "sizes"),
        ("inductive bias", "Inductive biases", "Inductive biases"),
        ("hypothesis", "hypotheses", "hypotheses"),
        ("corpus", "Corpora", "Corpora"),
        ("behavior", "Behaviours", "Behaviours"),  # American spelling
        ("behaviour", "behavior", "behavior"),
        ("optimization", "Optimisation", "Optimisation"),
        ("generalize", "Generalises", "Generalises"),
        ("modeling", "Modelling", "Modelling"),
        ("analyze", "analysing", None),  # only the plural is cut, never an ending
        ("analyzing", "analysing", "analysing"),
        ("center", "Centres", "Centres"),
        ("defense", "Defences", "Defences"),
        ("artifact", "artefacts", "artefacts"),
        ("naive bayes", "Naïve Bayes", "Naïve Bayes"),  # marks
        ("naive bayes", "Nai\u0308ve Bayes", "Nai\u0308ve Bayes"),
        ("c++", "C++ code", "C++"),
        ("c", "C++ code", None),
        ("agent", "Agentic", None),
        ("general", "Generalize", None),
        ("bee", "beehive", None),
        ("bee", "Been", None),
        ("bee", "see https://example.org/bee for code", None),  # an address is no prose
    ],
)
def test_words_are_compared_without_case_marks_hyphens_and_plurals(phrase: str, text: str, hit: str | None) -> None:
    assert found(text, phrase) == ([hit] if hit else [])


def test_an_exact_phrase_keeps_its_case_and_may_have_a_plural_s() -> None:
    assert found("WAGGLE, waggle, WAGGLEs, WAGGLE's and WAGGLEd", "=WAGGLE") == ["WAGGLE", "WAGGLEs", "WAGGLE's"]
    assert found("We tag WAG-3, WAG 3s and WAGs 3", "=WAG-3") == ["WAG-3", "WAG 3s"]
    assert found("Clips", "=CLIP") == []


def test_a_gap_takes_up_to_three_words() -> None:
    assert found("infer goals", "infer _ goals") == ["infer goals"]
    assert found("Infer the bees' hidden goals", "infer _ goal") == ["Infer the bees' hidden goals"]
    assert found("infer one two three four goals", "infer _ goals") == []
    assert found("INFER the goals", "=INFER _ goal") == ["INFER the goals"]


def test_a_gap_finds_a_later_place_where_the_rest_fits() -> None:
    assert found("bees see bees dance", "bees _ bees dance") == ["bees see bees dance"]
    assert found("bees like bees who dance", "bees _ bees _ dance") == ["bees like bees who dance"]


def test_a_gap_at_an_end_is_nothing_and_a_phrase_without_words_never_fires() -> None:
    assert found("The bee dances", "_ bee _") == ["bee"]
    assert found("The _ bee", "_", "!", "=") == []


def test_many_gaps_cost_little() -> None:
    assert found("a " * 400 + "b", "a" + " _ a" * 40 + " c") == []


@pytest.mark.parametrize("between", [". ", "? ", ": ", '." ', ".) ", "; ", "\n\n", "\n \n", "\n- ", "\n* "])
def test_no_phrase_runs_across_the_end_of_a_sentence(between: str) -> None:
    assert found(f"We keep honey{between}Bees dance", "honey bee", "keep _ bees") == []


@pytest.mark.parametrize("between", ["-", " ", ", ", "\n", " – ", "/"])
def test_other_signs_end_no_sentence(between: str) -> None:
    assert found(f"honey{between}bee", "honey bee") == [f"honey{between}bee"]


def test_a_finding_is_a_sentence_of_its_own() -> None:
    assert score("honey bee", findings=("More honey", "Bees dance")) == 0
    assert score("honey bee", findings=("More honey bees", "Honey bees dance")) == 1.5


# ------------------------------------------------------------------ what counts


def test_a_hit_that_an_excluded_phrase_overlaps_does_not_count() -> None:
    excluded = ("vision language model",)
    assert found("Vision-language models", "language model", excluded=excluded) == []
    assert found("Language models and vision-language models", "language model", excluded=excluded) == ["Language models"]


def test_an_excluded_phrase_hides_nothing_of_another_tag() -> None:
    one = tag("one", phrases=("bee",), excluded=("spelling bee",))
    two = tag("two", phrases=("bee",))
    assert list(read(Paper(title="A spelling bee"), one, two)) == ["two"]


@pytest.mark.parametrize("text", ["Flying without any bees", "Unlike bees", "Beyond the honey bee", "Not bees but wasps"])
def test_a_negated_hit_does_not_count(text: str) -> None:
    assert found(text, "bees") == []


@pytest.mark.parametrize("text", ["Not only bees", "Why not? Bees", "Without one two three bees", "Bees without wasps"])
def test_what_only_looks_like_a_negation_counts(text: str) -> None:
    assert [hit.casefold() for hit in found(text, "bees")] == ["bees"]


def test_overlapping_phrases_are_one_mention() -> None:
    assert score("bee", "bees", "honey bee", "=Bee", title="Honey Bees") == 2
    assert found("Honey bees", "bee", "honey bee") == ["Honey bees"]
    assert score("honey bee", weak=("bee",), title="Honey bees") == 2


def test_a_synonym_is_a_phrase() -> None:
    assert found("Apis mellifera", synonyms=("apis mellifera",)) == ["Apis mellifera"]


def test_a_retired_tag_is_never_proposed() -> None:
    retired = Tag(id="old", facet="topic", label="Old", phrases=("bee",), replaced_by="bees")
    assert list(read(Paper(title="Bees"), retired, tag(phrases=("bee",)))) == ["bees"]


# ------------------------------------------------------------------ what it is worth


def test_the_title_weighs_twice_a_mention_and_later_mentions_half() -> None:
    assert score("bee", title="Bees") == 2
    assert score("bee", title="Bees, bees, bees") == 4
    assert score("bee", note="Bees.") == 1
    assert score("bee", gist="Bees", note="Bees.") == 1.5
    assert score("bee", note="Bees. " * 20) == 3
    assert score("bee", title="Bees", abstract="Bees and bees.") == 3.5


def test_a_weak_phrase_counts_half() -> None:
    assert score(weak=("bee",), title="Bees, bees") == 1
    assert score(weak=("bee",), note="Bees.") == 0.5
    assert score(weak=("bee",), note="Bees. " * 9) == 1.5
    assert score("hive", weak=("bee",), title="Hive", note="Bees.") == 2.5


def test_what_was_found_can_be_remembered_as_json() -> None:
    (judged,) = read(Paper(title="Bees", note="Bees and hives."), tag(phrases=("bee",), weak=("hive",))).values()
    assert phrases.from_row(json.loads(json.dumps(phrases.as_row(judged)))) == judged


# ------------------------------------------------------------------ evidence


def test_evidence_is_cut_from_the_field_it_names() -> None:
    paper = Paper(
        title="Dänçing “honey-bees”",
        gist="Honey bees 🐝 dance",
        note="Two\nlines: *honey*\nbees.",
        findings=("80% of honey bees", "Café: honey bees"),
        abstract="Honey — bee’s.",
    )
    texts = dict(paper.texts)
    rules = phrases.compiled(words_of(tag(phrases=("honey bee", "dancing"))))
    spans = [hit.evidence for field, text in texts.items() for hit in phrases.hits(field, text, rules)]
    assert {span.field for span in spans} == set(texts) == {"title", "gist", "note", "findings", "abstract"}
    assert all(span.text == texts[span.field][span.start : span.end] for span in spans)
    assert [span.text for span in spans if span.field == "note"] == ["honey*\nbees"]


def test_at_most_three_spans_are_kept_the_best_field_first() -> None:
    paper = Paper(title="On bees", note="Bees, bees and hives.", abstract="Hives.")
    (judged,) = read(paper, tag(phrases=("hive",), weak=("bee",))).values()
    assert [(span.field, span.text, span.phrase) for span in judged.evidence] == [
        ("title", "bees", "bee"),
        ("note", "hives", "hive"),
        ("note", "Bees", "bee"),
    ]


# ------------------------------------------------------------------ vocabularies that are in use

ROOT = Path(__file__).parent.parent
IN_USE = [file for file in (ROOT / "content/tags.yml", ROOT.parent / "shared/taxonomy.yml") if file.exists()]


@pytest.mark.parametrize("file", [None, *IN_USE], ids=lambda file: file.name if file else "small")
def test_every_phrase_of_a_vocabulary_finds_its_tag(file: Path | None) -> None:
    small = words_of(tag("one", phrases=("infer _ goals", "=OOD", "Out-of-distribution")), tag("two", weak=("cached", "C++")))
    in_use = vocabulary.read(file.read_text(encoding="utf-8"), file.name)[0] if file else small
    assert in_use.tags
    rules = phrases.compiled(in_use)
    for tag_ in in_use.tags:
        for phrase in () if tag_.replaced_by else (*tag_.phrases, *tag_.weak, *tag_.synonyms):
            text = phrase.removeprefix("=").replace("_", "one or two")
            assert tag_.id in phrases.found_in(Paper(title=text), rules), phrase
