"""What a curator's change does to a file: it holds the new values, and no other line differs."""

import random
from dataclasses import replace
from difflib import unified_diff

import pytest
import yaml
from surveys import PAPERS, TAGS

from generator import edit, records, vocabulary
from generator.files import unix_lines
from generator.model import Boundary, Tag, Vocabulary
from generator.report import Problem

PATH = "content/papers/one.md"

UNTIDY = """\
---
title: 'One: a study' # as printed
# what it is about
tags: [moss,  "ferns", reeds ]   # by hand
links: {code: "https://example.org/a", data: https://example.org/b}
sources:
- {page: page-one,  position: 3}
- page: page-two
  comments: 4
# facts
findings:
    - "first"   # the best
    # between
    - >-
      folded over
      two lines
    - 'third'
abstract: |
  Two lines,
  kept.

gist: a gist
---


The note.

Its end.
"""


def set_in(text: str, name: str, value: object) -> str:
    changed = edit.set_field(text, PATH, name, value)
    assert isinstance(changed, str), changed
    record, _ = records.read(changed, PATH)
    assert record is not None
    assert getattr(record.paper, name) == value
    return changed


def lines(before: str, after: str) -> list[str]:
    """The lines that differ."""
    rows = unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
    return [row for row in rows if not row.startswith(("---", "+++", "@@"))]


CHANGES = {
    "one more in a flow list": (
        "tags",
        ("moss", "ferns", "reeds", "sedge"),
        ['+tags: [moss,  "ferns", reeds, sedge ]   # by hand'],
    ),
    "the first is gone": ("tags", ("ferns", "reeds"), ['+tags: ["ferns", reeds ]   # by hand']),
    "the middle is gone": ("tags", ("moss", "reeds"), ["+tags: [moss, reeds ]   # by hand"]),
    "the last is gone": ("tags", ("moss", "ferns"), ['+tags: [moss,  "ferns" ]   # by hand']),
    "one takes the place of another": ("tags", ("moss", "heath", "reeds"), ["+tags: [moss,  heath, reeds ]   # by hand"]),
    "two of three are others": ("tags", ("a", "ferns", "b"), ['+tags: [a,  "ferns", b ]   # by hand']),
    "one before all": ("tags", ("bog", "moss", "ferns", "reeds"), ['+tags: [bog, moss,  "ferns", reeds ]   # by hand']),
    "none is left": ("tags", (), []),
    "a list that was not there": ("rejected", ("sedge", "bog"), ["+rejected: [sedge, bog]"]),
    "a value that was not there": ("reviewed", "2024-05-06", ["+reviewed: 2024-05-06"]),
    "findings lose one": ("findings", ("folded over two lines", "third"), []),
    "findings get one": (
        "findings",
        ("first", "folded over two lines", "third", "a: fourth"),
        ['+    - "a: fourth"'],
    ),
    "the first finding is another": ("findings", ("1st", "folded over two lines", "third"), ["+    - 1st   # the best"]),
    "the folded finding is another": ("findings", ("first", "second", "third"), ["+    - second"]),
    "text in quotes": ("title", "Two", ["+title: Two # as printed"]),
    "text that needs quotes": ("gist", "- a gist: # new", ['+gist: "- a gist: # new"']),
    "lines of text are one": ("abstract", "Short.", ["+abstract: Short."]),
    "a gist is gone": ("gist", None, []),
    "a note's end": ("note", "The note.\n\nAnother end.", ["+Another end."]),
    "no note": ("note", "", []),
    "other links": ("links", (("code", "https://example.org/a"),), ["+links: {code: https://example.org/a}"]),
}


@pytest.mark.parametrize(("name", "value", "added"), CHANGES.values(), ids=CHANGES)
def test_only_the_lines_of_the_value_differ(name: str, value: object, added: list[str]) -> None:
    changed = lines(UNTIDY, set_in(UNTIDY, name, value))
    assert [line for line in changed if line.startswith("+")] == added


def test_a_listing_is_changed_within_its_own_line() -> None:
    record, _ = records.read(UNTIDY, PATH)
    assert record is not None
    first, second = record.paper.sources
    changed = set_in(UNTIDY, "sources", (first, replace(second, page="page-three", comments=5)))
    assert lines(UNTIDY, changed) == ["-- page: page-two", "-  comments: 4", "+- page: page-three", "+  comments: 5"]
    assert lines(UNTIDY, set_in(UNTIDY, "sources", (replace(first, position=4), second))) == [
        "-- {page: page-one,  position: 3}",
        "+- {page: page-one,  position: 4}",
    ]
    assert lines(UNTIDY, set_in(UNTIDY, "sources", (second,))) == ["-- {page: page-one,  position: 3}"]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", sorted({name for name, _, _ in CHANGES.values()}))
def test_line_ends_and_a_byte_order_mark_stay(name: str, mark: str, line_end: str) -> None:
    for field, value, _ in CHANGES.values():
        if field == name:
            changed = set_in(mark + UNTIDY.replace("\n", line_end), name, value)
            assert changed == mark + set_in(UNTIDY, name, value).replace("\n", line_end)


def test_mixed_line_ends_stay_where_they_are() -> None:
    mixed = "---\r\ntitle: One\ntags: [a, b]\r\ngist: x\n---\r\nNote\n"
    assert set_in(mixed, "tags", ("b",)) == mixed.replace("[a, b]", "[b]")
    assert set_in(mixed, "rejected", ("c",)) == mixed.replace("gist", "rejected: [c]\r\ngist")


LISTS = {
    "a block list": ("tags:\n- a\n- 'b'  # why\n- c\n", ("a", "c"), "tags:\n- a\n- c\n"),
    "values that look alike": ("tags: [a, a-b, a]\n", ("a", "a-b"), "tags: [a, a-b]\n"),
    "a list over lines": (
        "tags: [\n  a,  # first\n  b,  # second\n  c\n]\n",
        ("a", "c"),
        "tags: [\n  a,  # first\n  c\n]\n",
    ),
    "a list over lines, its end": ("tags: [\n  a,  # first\n  b   # second\n]\n", ("a",), "tags: [\n  a,  # first\n]\n"),
    "a comma at the end": ("tags: [a, b, ]\n", ("a",), "tags: [a, ]\n"),
    "an empty list": ("tags: []  # none yet\n", ("a", "b"), "tags: [a, b]  # none yet\n"),
    "a comment with a bracket": ("# tags: [x]\ntags: [a] # ]\n", ("a", "b"), "# tags: [x]\ntags: [a, b] # ]\n"),
    "a block list gets one": ("tags:\n  - a\n  # of b\n  - b\n", ("a", "c", "b"), "tags:\n  - a\n  - c\n  # of b\n  - b\n"),
    "astral letters before it": ("gist: 𝔐oss 😀\ntags: [a, b]\n", ("b",), "gist: 𝔐oss 😀\ntags: [b]\n"),
    "a line separator before it": ("gist: a\u2028b\u0085c\ntags: [a, b]\n", ("b",), "gist: a\u2028b\u0085c\ntags: [b]\n"),
    "a value of its own": ('tags: ["a", b]\n', ("a", "null"), 'tags: ["a", "null"]\n'),
}


@pytest.mark.parametrize("parser", ["libyaml", "Python"])
@pytest.mark.parametrize(("before", "value", "after"), LISTS.values(), ids=LISTS)
def test_a_list_keeps_its_style(
    before: str, value: tuple[str, ...], after: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if parser == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert set_in(f"---\ntitle: One\n{before}---\n", "tags", value) == f"---\ntitle: One\n{after}---\n"


STYLES = {
    "flow": lambda values: f"tags: [{', '.join(values)}]  # all\n",
    "quoted": lambda values: "tags:\n  [" + " ,".join(f"'{value}'" for value in values) + "]\n",
    "block": lambda values: "tags:\n" + "".join(f"  - {value}  # {value}!\n" for value in values),
    "lines": lambda values: "tags: [\n" + "".join(f"  {value},  # {value}!\n" for value in values) + "]\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_any_list_can_become_any_other(style: str) -> None:
    chance = random.Random(style)
    for _ in range(150):
        before, after = (tuple(chance.sample("abcdefg", chance.randint(1, 5))) for _ in range(2))
        text = f"---\ntitle: One\n# before\n{STYLES[style](before)}# after\nrejected: [z]\n---\n"
        changed = set_in(text, "tags", after)
        assert changed.startswith("---\ntitle: One\n# before\n")
        assert changed.endswith("# after\nrejected: [z]\n---\n")
        if style in ("block", "lines") and set(before) >= set(after) and after == tuple(one for one in before if one in after):
            gone = [f"  # {value}!\n" for value in before if value not in after]
            assert not any(comment in changed for comment in gone)
            assert changed.count("!\n") == len(after)


def test_fields_in_braces_are_changed_within_them() -> None:
    text = "---\n{title: One, tags: [a, b], gist: x}\n---\n"
    assert set_in(text, "tags", ("b",)) == text.replace("[a, b]", "[b]")
    assert set_in(text, "tags", ()) == text.replace("tags: [a, b], ", "")
    assert set_in(text, "rejected", ("c",)) == text.replace("b], ", "b], rejected: [c], ")
    assert set_in(text, "gist", "a, b") == text.replace("gist: x", 'gist: "a, b"')


def test_two_fields_change_places_on_one_line() -> None:
    text = "---\ntitle: One\ntags: [a]\n---\n"
    record, _ = records.read(text, PATH)
    assert record is not None
    changed = edit.paper(text, PATH, replace(record.paper, tags=(), rejected=("a",)))
    assert changed == "---\ntitle: One\nrejected: [a]\n---\n"
    block = "---\ntitle: One\ntags:\n- b\n- a\n---\n"
    record, _ = records.read(block, PATH)
    assert record is not None
    changed = edit.paper(block, PATH, replace(record.paper, tags=("b",), rejected=("a",)))
    assert changed == "---\ntitle: One\ntags:\n- b\nrejected: [a]\n---\n"


def test_a_note_comes_to_a_record_without_one() -> None:
    for text in ("---\ntitle: One\n---\n", "---\ntitle: One\n---"):
        assert set_in(text, "note", "A note.").rstrip("\n") == "---\ntitle: One\n---\nA note."


@pytest.mark.parametrize("name", PAPERS)
def test_a_canonical_record_stays_canonical(name: str) -> None:
    for field, value in (("tags", ("moss", "counting")), ("findings", ("a: b", "12%")), ("gist", "New"), ("note", "New.")):
        changed = set_in(PAPERS[name], field, value)
        record, _ = records.read(changed, PATH)
        assert record is not None
        if PAPERS[name] == records.write(records.read(PAPERS[name], PATH)[0].paper):  # type: ignore[union-attr]
            assert changed == records.write(record.paper, record.comments)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("gist", "x" * 121, "'gist' has 121 characters; at most 120 are allowed"),
        ("tags", ("Moss",), "'tags' must look like a tag's id: offline-rl, not 'Moss'"),
        ("reviewed", "2024-02-30", "'2024-02-30' is not a day of the calendar"),
        ("title", "", "'title' is missing"),
    ],
)
def test_a_value_that_no_record_may_have_is_refused(name: str, value: object, said: str) -> None:
    problem = edit.set_field(UNTIDY, PATH, name, value)
    assert isinstance(problem, Problem)
    assert said in problem.message


def test_what_cannot_be_changed_by_itself_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit, "with_changes", lambda text, changes: text)
    problem = edit.set_field(UNTIDY, PATH, "tags", ("moss",))
    assert isinstance(problem, Problem)
    assert (problem.message, problem.hint) == (
        "cannot be changed by itself",
        "run papergrove fmt first, or make the change by hand",
    )


# ------------------------------------------------------------------ the vocabulary

UNTIDY_TAGS = """\
# the facets
facets: [{id: topic, label: Topic}]
tags:
# plants
- id: moss
  facet: topic
  label: "Moss"   # a plant
  not_for:
    - {case: 'ferns, mostly',  use: ferns}
    - case: reeds
      use: reeds
  phrases: [moss,  "=MOSS"]
# more of them
- {id: ferns, facet: topic, label: Ferns, parent: moss}
- definition: Tall.
  id: reeds
  facet: topic
  label: Reeds"""

FERNS = "- {id: ferns, facet: topic, label: Ferns, parent: moss}"


def tags_of(text: str) -> Vocabulary:
    read, _, problems = vocabulary.read(unix_lines(text), vocabulary.TAGS)
    assert not problems
    return read


def with_tag(id_: str, **fields: object) -> Vocabulary:
    before = tags_of(UNTIDY_TAGS)
    return replace(before, tags=tuple(replace(tag, **fields) if tag.id == id_ else tag for tag in before.tags))


def edited(wanted: Vocabulary, **renamed: str) -> list[str]:
    for mark, line_end in (("\ufeff", "\r\n"), ("", "\n")):
        text = mark + UNTIDY_TAGS.replace("\n", line_end)
        changed = edit.tags(text, wanted, renamed)
        assert isinstance(changed, str), changed
        assert changed.startswith(mark + "# the facets" + line_end)
        assert changed.count("\r\n") == (changed.count("\n") if mark else 0)
        assert not changed.endswith("\n")
    return lines(UNTIDY_TAGS, changed)


def test_an_id_is_renamed_wherever_it_is_named() -> None:
    before = tags_of(UNTIDY_TAGS)
    moss, ferns, reeds = before.tags
    wanted = replace(
        before,
        tags=(
            replace(moss, not_for=(replace(moss.not_for[0], use="bracken"), moss.not_for[1])),
            replace(ferns, id="bracken"),
            reeds,
        ),
    )
    assert edited(wanted, ferns="bracken") == [
        "-    - {case: 'ferns, mostly',  use: ferns}",
        "+    - {case: 'ferns, mostly',  use: bracken}",
        "-- {id: ferns, facet: topic, label: Ferns, parent: moss}",
        "+- {id: bracken, facet: topic, label: Ferns, parent: moss}",
    ]


@pytest.mark.parametrize(
    ("id_", "fields", "expected"),
    [
        ("moss", {"phrases": ("=MOSS", "bryophyte")}, ['-  phrases: [moss,  "=MOSS"]', '+  phrases: ["=MOSS", bryophyte]']),
        ("moss", {"definition": "Small."}, ["+  definition: Small."]),
        ("moss", {"not_for": ()}, [f"-{line}" for line in UNTIDY_TAGS.split("\n")[7:11]]),
        ("moss", {"not_for": (Boundary(case="reeds"),)}, [f"-{UNTIDY_TAGS.split(chr(10))[8]}", "-      use: reeds"]),
        ("reeds", {"definition": ""}, ["-- definition: Tall.", "-  id: reeds", "+- id: reeds"]),
        ("reeds", {"weak": ("a, b",)}, ['+  weak: ["a, b"]']),
        ("ferns", {"parent": None}, [f"-{FERNS}", f"+{FERNS.replace(', parent: moss', '')}"]),
    ],
)  # fmt: skip
def test_a_field_of_a_tag(id_: str, fields: dict[str, object], expected: list[str]) -> None:
    assert edited(with_tag(id_, **fields)) == expected


def test_entries_come_and_go() -> None:
    before = tags_of(UNTIDY_TAGS)
    new = Tag(id="bog", facet="topic", label="Bog", phrases=("bog",))
    with_bog = [line[1:] for line in edited(replace(before, tags=(before.tags[0], new, *before.tags[1:])))]
    assert with_bog == ["- id: bog", "  facet: topic", "  label: Bog", "  phrases: [bog]"]
    last = [line[1:] for line in edited(replace(before, tags=(*before.tags, new)))]
    assert last == with_bog
    without = replace(before, tags=(replace(before.tags[0], not_for=before.tags[0].not_for[1:]), before.tags[2]))
    assert edited(without)[-1] == "-- {id: ferns, facet: topic, label: Ferns, parent: moss}"


def test_a_vocabulary_in_braces_stays_in_them() -> None:
    text = "{facets: [{id: topic, label: Topic}], tags: [{id: moss, facet: topic, label: Moss}]}\n"
    before = tags_of(text)
    wanted = replace(before, tags=(*before.tags, Tag(id="bog", facet="topic", label="Bog")))
    assert edit.tags(text, wanted) == text.replace("}]}", "}, {id: bog, facet: topic, label: Bog}]}")


def test_a_canonical_vocabulary_stays_canonical() -> None:
    text = TAGS.replace("  - id: counting\n", "  # of the method\n  - id: counting\n    # what it is\n")
    text = text.replace("    phrases: [moss]\n", "    # found so far\n    phrases: [moss]\n")
    before, node, _ = vocabulary.read(text, vocabulary.TAGS)
    text = vocabulary.canonical(before, node, text)
    stub = Tag(id="moss-gardens", facet="topic", label="Moss gardens", replaced_by="gardens")
    changed = edit.tags(text, replace(before, tags=(before.tags[0], stub, before.tags[2])))
    assert isinstance(changed, str)
    after, node, _ = vocabulary.read(changed, vocabulary.TAGS)
    assert vocabulary.canonical(after, node, changed) == changed
    assert [line for line in lines(text, changed) if line.startswith("+")] == ["+    replaced_by: gardens"]


def test_a_vocabulary_that_would_be_wrong_is_refused() -> None:
    problem = edit.tags(UNTIDY_TAGS, with_tag("ferns", parent="heath"))
    assert isinstance(problem, Problem)
    assert problem.message == "unknown tag 'heath' as parent of 'ferns'"
