"""Facets and tags: how content/tags.yml is read, what may not be, and how it is written."""

from generator.model import Boundary, Facet, Tag, Vocabulary, parents, with_parents
from generator.report import Report, as_text
from generator.vocabulary import canonical, read

WHOLE = """\
facets:
  - {id: topic, label: Topic, question: "What is it about?", hue: 255, glyph: circle}
  - {id: method, label: "Method: how", question: "How, and with whom?"}
tags:
  - id: gardens
    facet: topic
    label: Gardens & fields
    definition: "Where things are grown: moss, ferns."
    synonyms: [allotments, "plots, small"]
  - id: moss-gardens
    facet: topic
    parent: gardens
    label: Moss gardens
    not_for: [{case: "moss, dried", use: gardens}, {case: agate}]
    phrases: [moss, "=MOSS", moss _ garden]
    weak: [green]
    not: [moss agate]
  - id: allotments
    facet: topic
    label: Allotments
    replaced_by: gardens
"""
VOCABULARY = Vocabulary(
    facets=(
        Facet(id="topic", label="Topic", question="What is it about?", hue=255, glyph="circle"),
        Facet(id="method", label="Method: how", question="How, and with whom?"),
    ),
    tags=(
        Tag(
            id="gardens",
            facet="topic",
            label="Gardens & fields",
            definition="Where things are grown: moss, ferns.",
            synonyms=("allotments", "plots, small"),
        ),
        Tag(
            id="moss-gardens",
            facet="topic",
            parent="gardens",
            label="Moss gardens",
            not_for=(Boundary(case="moss, dried", use="gardens"), Boundary(case="agate")),
            phrases=("moss", "=MOSS", "moss _ garden"),
            weak=("green",),
            excluded=("moss agate",),
        ),
        Tag(id="allotments", facet="topic", label="Allotments", replaced_by="gardens"),
    ),
)


def vocabulary(source: str) -> Vocabulary:
    found, _, problems = read(source, "content/tags.yml")
    assert not problems
    return found


def rewritten(source: str) -> str:
    found, node, problems = read(source, "content/tags.yml")
    assert not problems
    return canonical(found, node, source)


def said(tags: str) -> str:
    """What is said of these tags, whose first line is line 3."""
    source = f"facets: [{{id: topic, label: Topic}}]\ntags:\n{tags}"
    return as_text(Report.of(read(source, "tags.yml")[2]))


# ------------------------------------------------------------------ reading


def test_a_vocabulary_is_read_whole() -> None:
    assert vocabulary(WHOLE) == VOCABULARY


def test_a_survey_may_have_no_tags_yet() -> None:
    assert vocabulary("") == vocabulary("# nothing yet\n") == Vocabulary()
    assert vocabulary("facets: []\n") == Vocabulary()


def test_facets_are_needed_where_there_is_anything() -> None:
    assert as_text(Report.of(read("tags: []\n", "tags.yml")[2])) == (
        "tags.yml:1:1: error: 'facets' is missing\n    hint: add a line 'facets: …'"
    )


def test_a_tag_brings_its_parent() -> None:
    parent_of = parents(VOCABULARY)
    assert parent_of == {"gardens": None, "moss-gardens": "gardens", "allotments": None}
    assert with_parents(("moss-gardens", "allotments"), parent_of) == ("moss-gardens", "gardens", "allotments")
    assert with_parents(("gardens", "moss-gardens"), parent_of) == ("gardens", "moss-gardens")
    assert with_parents(("unheard-of",), parent_of) == ("unheard-of",)


# ------------------------------------------------------------------ what may not be


def test_an_unknown_tag_suggests_the_nearest() -> None:
    assert said(
        "  - {id: gardens, facet: topic, label: Gardens}\n  - {id: moss, facet: topic, label: Moss, parent: gardns}\n"
    ) == ("tags.yml:4:51: error: unknown tag 'gardns' as parent of 'moss'\n    hint: did you mean 'gardens'?")


def test_a_circle_is_told_once_with_all_its_tags() -> None:
    ring = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e")]
    rows = "".join(f"  - {{id: {one}, facet: topic, label: X, replaced_by: {other}}}\n" for one, other in ring)
    assert [line for line in said(rows).split("\n") if "error" in line] == [
        "tags.yml:3:50: error: 'replaced_by' goes in a circle: a → b → c → a",
        "tags.yml:7:50: error: 'replaced_by' goes in a circle: e → e",
    ]


def test_successors_may_have_successors_but_parents_no_parents() -> None:
    rows = "".join(f"  - {{id: {one}, facet: topic, label: X, NAME: {other}}}\n" for one, other in ("ab", "bc"))
    rows += "  - {id: c, facet: topic, label: X}\n"
    assert said(rows.replace("NAME", "replaced_by")) == ""
    assert said(rows.replace("NAME", "parent")) == (
        "tags.yml:3:45: error: the parent 'b' of tag 'a' has a parent itself\n"
        "    hint: only one level is allowed: 'c' could be the parent of both"
    )


def test_a_boundary_sends_to_a_tag_that_is_in_use() -> None:
    rows = "  - {id: old, facet: topic, label: Old, replaced_by: moss}\n"
    rows += "  - {id: moss, facet: topic, label: Moss, not_for: [{case: a, use: old}, {case: b}, {case: c, use: mos}]}\n"
    assert said(rows) == (
        "tags.yml:4:68: error: the boundaries of 'moss' send to 'old', which is retired\n"
        "    hint: write 'moss'\n"
        "tags.yml:4:100: error: unknown tag 'mos' in the boundaries of 'moss'\n"
        "    hint: did you mean 'moss'?"
    )


def test_rules_between_tags_wait_until_each_tag_is_right() -> None:
    rows = "  - {id: a, facet: topic, label: X, parent: z}\n  - {id: b, facet: topic, lable: X}\n"
    assert [line.split(": ", 2)[2] for line in said(rows).split("\n") if "error" in line] == [
        "'label' is missing",
        "unknown field 'lable' in 'tags'",
    ]


# ------------------------------------------------------------------ writing


def test_a_canonical_vocabulary_stays_as_it_is() -> None:
    assert rewritten(WHOLE) == WHOLE
    assert canonical(VOCABULARY, None, "") == WHOLE


def test_a_facet_stands_on_a_line_and_so_does_a_field_of_a_tag() -> None:
    source = """\
tags:
  - {label: 'Moss', id: moss, phrases: ['=MOSS', green], facet: topic}
facets:
  - id: topic
    label: Topic
"""
    assert rewritten(source) == (
        "facets:\n  - {id: topic, label: Topic}\ntags:\n"
        '  - id: moss\n    facet: topic\n    label: Moss\n    phrases: ["=MOSS", green]\n'
    )


def test_what_is_empty_is_written_so_that_it_can_be_read() -> None:
    assert rewritten("facets: []\n") == "facets: []\ntags: []\n"
    assert canonical(Vocabulary(), None, "") == "facets: []\ntags: []\n"
    assert rewritten("facets: []\ntags: []\n") == "facets: []\ntags: []\n"


def test_comments_stay_before_what_they_stood_before() -> None:
    source = """\
# about all
facets: # about facets
  # about topic
  - {id: topic, label: Topic}  # beside topic
# about tags
tags:
  # about moss
  - id: moss
    facet: topic
    # about the label
    label: Moss
    phrases: # about phrases
      # about green
      - green
  - {id: fern, facet: topic, label: Fern} # about fern
  # at the end
"""
    written = """\
# about all
# about facets
facets:
# about topic
# beside topic
  - {id: topic, label: Topic}
# about tags
tags:
  # about moss
  - id: moss
    facet: topic
    # about the label
    label: Moss
    # about phrases
    phrases: [green]
  # about green
  # about fern
  - id: fern
    facet: topic
    label: Fern
# at the end
"""
    assert rewritten(source) == written
    assert rewritten(written) == written
