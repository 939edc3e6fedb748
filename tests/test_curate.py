"""A curator's commands on tags: what they say, which lines they change, and that the survey is sound afterwards."""

import re
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from surveys import PAGES, TAGS, tiny

from generator.build import assemble
from generator.check import check
from generator.cli import commands
from generator.load import canonical_texts, load

HERBS = """\
  - id: herb-beds
    facet: topic
    label: Herb beds
    definition: Beds of herbs.
    not_for: [{case: moss, use: moss-gardens}, {case: parks, use: gardens}]
    synonyms: [herb gardens]
    phrases: [herb, moss]
    weak: [mint]
    not: [moss bed]
"""
VOCABULARY = TAGS.replace("What is it about?", '"What is it about?"').replace("How is it done?", '"How is it done?"') + HERBS
PAPERS = {
    "one": "---\ntitle: Moss in moss gardens\ntags: [moss-gardens, counting]  # both\n---\nHere.\n",
    "two": "---\ntitle: Herbs, the herb and herbs\ntags: [herb-beds]\nrejected: [moss-gardens]\n---\n",
    "three": "---\ntitle: A garden among gardens\ntags:\n  - gardens\n  - herb-beds\n---\n",
    "four": "---\ntitle: Counting, and counting again\nrejected: [moss-gardens]\ngist: x\n---\n",
    "five": "---\ntitle: Nothing of these\nformerly: [old-five]\n---\n",
}
WORDS = """\
---
title: On words
---
Of [#moss-gardens] and [#herb-beds], {{count any=moss-gardens,herb-beds tag="moss-gardens"}} papers.

```papers
tag: [moss-gardens, 'herb-beds']
any:
  - counting
  - moss-gardens
  - herb-beds
```

- In a list:
  ```table
  tag: "moss-gardens"
  columns: [year]
  ```
"""
LOCK = """\
[
{"id": "one", "tag": "gardens", "state": "shown"},
{"id": "one", "tag": "moss-gardens", "state": "shown"},
{"id": "two", "tag": "herb-beds", "state": "shown"},
{"id": "two", "tag": "moss-gardens", "state": "shown"}
]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tiny(tmp_path, PAPERS, tags=VOCABULARY, pages={**PAGES_WITHOUT_PAPERS, "words": WORDS})
    (tmp_path / "content/tags.lock.json").write_text(LOCK, encoding="utf-8")
    return tmp_path


PAGES_WITHOUT_PAPERS = {"on-counting": PAGES["on-counting"]}


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commands, ["tags", *arguments, "--root", str(root)])


def texts(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root / "content")): path.read_text("utf-8") for path in sorted(root.glob("content/**/*.*"))}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """The lines that differ, by file."""
    assert before.keys() == after.keys()
    rows = {
        path: unified_diff(before[path].split("\n"), after[path].split("\n"), n=0, lineterm="")
        for path in before
        if before[path] != after[path]
    }
    return {path: [row for row in found if not row.startswith(("---", "+++", "@@"))] for path, found in rows.items()}


def curated(root: Path, *arguments: str) -> tuple[str, dict[str, list[str]]]:
    """What a command says and changes. Afterwards nothing is wrong, what was canonical still is, and once more does nothing."""
    before = texts(root)
    tidy = canonical(root)
    trial = run(root, *arguments, "--dry-run")
    assert texts(root) == before
    result = run(root, *arguments)
    assert result.exit_code == 0, result.output
    after = texts(root)
    survey, problems = load(root)
    assert not (*problems, *check(survey))
    assert tidy <= canonical(root)
    for row in (row for rows in changed(before, after).values() for row in rows):
        assert row in trial.output.split("\n")
    again = run(root, *arguments)
    assert (again.exit_code, texts(root)) == (0, after)
    assert "already" in again.output
    return result.output, changed(before, after)


def canonical(root: Path) -> set[str]:
    return set(texts(root)) - {path.removeprefix("content/") for path in canonical_texts(root, load(root)[0])}


def refused(root: Path, *arguments: str) -> str:
    """Why a command is not done; nothing is changed."""
    before = texts(root)
    result = run(root, *arguments)
    assert result.exit_code == 2
    assert result.output.endswith("Nothing changed.\n")
    assert texts(root) == before
    return result.output


def leads_to(root: Path, tag: str) -> str:
    """Where the address of a retired tag leads in the built site."""
    assembled = assemble(root)
    assert not assembled.report.problems
    page = next(output.make().decode() for output in assembled.outputs if output.path == f"tags/{tag}/index.html")
    assert 'http-equiv="refresh"' in page
    return page


# ------------------------------------------------------------------ rename


def test_a_tag_is_renamed_everywhere(root: Path) -> None:
    said, lines = curated(root, "rename", "moss-gardens", "mosses")
    assert said == (
        "'moss-gardens' is 'mosses' now; tags/moss-gardens/ leads to tags/mosses/.\n"
        "Changed: 3 records, 1 page, content/tags.yml, content/tags.lock.json.\n"
    )
    assert lines == {
        "papers/one.md": [
            "-tags: [moss-gardens, counting]  # both",
            "+tags: [mosses, counting]  # both",
        ],
        "papers/two.md": ["-rejected: [moss-gardens]", "+rejected: [mosses]"],
        "papers/four.md": ["-rejected: [moss-gardens]", "+rejected: [mosses]"],
        "pages/words.md": [
            '-Of [#moss-gardens] and [#herb-beds], {{count any=moss-gardens,herb-beds tag="moss-gardens"}} papers.',
            '+Of [#mosses] and [#herb-beds], {{count any=mosses,herb-beds tag="mosses"}} papers.',
            "-tag: [moss-gardens, 'herb-beds']",
            "+tag: [mosses, 'herb-beds']",
            "-  - moss-gardens",
            "+  - mosses",
            '-  tag: "moss-gardens"',
            '+  tag: "mosses"',
        ],
        "tags.yml": [
            "-  - id: moss-gardens",
            "+  - id: mosses",
            "+  - id: moss-gardens",
            "+    facet: topic",
            "+    label: Moss gardens",
            "+    replaced_by: mosses",
            "-    not_for: [{case: moss, use: moss-gardens}, {case: parks, use: gardens}]",
            "+    not_for: [{case: moss, use: mosses}, {case: parks, use: gardens}]",
        ],
        "tags.lock.json": [
            '-{"id": "one", "tag": "moss-gardens", "state": "shown"},',
            '+{"id": "one", "tag": "mosses", "state": "shown"},',
            '-{"id": "two", "tag": "moss-gardens", "state": "shown"}',
            '+{"id": "two", "tag": "mosses", "state": "shown"}',
        ],
    }
    assert "tags/mosses/" in leads_to(root, "moss-gardens")


def test_a_parent_is_renamed_with_what_is_below_it(root: Path) -> None:
    _, lines = curated(root, "rename", "gardens", "plots")
    assert "-    parent: gardens" in lines["tags.yml"]
    assert "+    parent: plots" in lines["tags.yml"]


def test_a_tag_takes_back_an_id_that_it_had(root: Path) -> None:
    before = texts(root)
    run(root, "rename", "moss-gardens", "mosses")
    _, lines = curated(root, "rename", "mosses", "moss-gardens")
    assert "mosses" not in lines["papers/one.md"][1]
    assert list(changed(before, texts(root))) == ["tags.yml"]
    assert "tags/moss-gardens/" in leads_to(root, "mosses")


def test_old_addresses_of_a_tag_lead_to_its_newest(root: Path) -> None:
    run(root, "rename", "moss-gardens", "mosses")
    curated(root, "rename", "mosses", "bryophytes")
    for old in ("moss-gardens", "mosses"):
        assert "tags/bryophytes/" in leads_to(root, old)
    assert "replaced_by: mosses" not in texts(root)["tags.yml"]


def test_a_name_must_be_free_and_fit(root: Path) -> None:
    run(root, "rename", "counting", "numbers")
    assert "'gardens' is the id of a tag already" in refused(root, "rename", "herb-beds", "gardens")
    assert "papergrove tags merge joins two tags" in refused(root, "rename", "herb-beds", "gardens")
    assert "its address leads to 'numbers': choose another id" in refused(root, "rename", "herb-beds", "counting")
    assert "'Herbs!' cannot be a tag's id" in refused(root, "rename", "herb-beds", "Herbs!")
    assert "did you mean 'herb-beds'?" in refused(root, "rename", "herb-bed", "herbs")
    assert "hint: it is 'numbers' now" in refused(root, "rename", "counting", "sums")


# ------------------------------------------------------------------ merge


def test_two_tags_become_one_of_them(root: Path) -> None:
    said, lines = curated(root, "merge", "moss-gardens", "herb-beds", "herb-beds")
    assert "two has 'herb-beds' by hand, and does not refuse it any more." in said
    assert "'moss-gardens' implied 'gardens', which 'herb-beds' does not: look through its papers." in said
    assert lines["papers/one.md"][1] == "+tags: [herb-beds, counting]  # both"
    assert lines["papers/two.md"] == ["-rejected: [moss-gardens]"]
    assert lines["papers/four.md"][1] == "+rejected: [herb-beds]"
    assert "papers/three.md" not in lines
    assert lines["tags.yml"] == [
        "-    parent: gardens",
        "-    phrases: [moss]",
        "+    replaced_by: herb-beds",
        "-    not_for: [{case: moss, use: moss-gardens}, {case: parks, use: gardens}]",
        "-    synonyms: [herb gardens]",
        "+    not_for: [{case: parks, use: gardens}]",
        "+    synonyms: [herb gardens, Moss gardens]",
    ]
    page = texts(root)["pages/words.md"]
    assert 'Of [#herb-beds] and [#herb-beds], {{count any=herb-beds tag="herb-beds"}} papers.' in page
    assert "tag: [herb-beds]\nany:\n  - counting\n  - herb-beds\n```" in page
    assert texts(root)["tags.lock.json"].count("herb-beds") == 2
    assert "tags/herb-beds/" in leads_to(root, "moss-gardens")


def test_two_tags_become_a_new_one(root: Path) -> None:
    _, lines = curated(root, "merge", "moss-gardens", "herb-beds", "green-things")
    assert lines["papers/three.md"] == ["-  - gardens", "-  - herb-beds", "+  - green-things"]  # which implies its parent
    vocabulary = {tag.id: tag for tag in load(root)[0].vocabulary.tags}
    joined = vocabulary["green-things"]
    assert (joined.label, joined.parent, joined.definition) == ("Moss gardens", "gardens", "Beds of herbs.")
    assert (joined.phrases, joined.weak, joined.excluded) == (("moss", "herb"), ("mint",), ("moss bed",))
    assert joined.synonyms == ("Herb beds", "herb gardens")
    assert {old: vocabulary[old].replaced_by for old in ("moss-gardens", "herb-beds")} == {
        "moss-gardens": "green-things",
        "herb-beds": "green-things",
    }


def test_a_child_is_merged_into_its_parent_and_a_parent_into_its_child(root: Path) -> None:
    before = texts(root)
    curated(root, "merge", "moss-gardens", "gardens", "gardens")
    for path, text in before.items():
        (root / "content" / path).write_text(text, encoding="utf-8")
    _, lines = curated(root, "merge", "moss-gardens", "gardens", "moss-gardens")
    assert "-    parent: gardens" in lines["tags.yml"]
    assert lines["papers/three.md"] == ["-  - gardens", "+  - moss-gardens"]


def test_what_cannot_be_merged(root: Path) -> None:
    assert "'counting' is of facet 'method', 'gardens' of 'topic'" in refused(root, "merge", "counting", "gardens", "gardens")
    assert "'gardens' is named twice" in refused(root, "merge", "gardens", "gardens", "herb-beds")
    assert "did you mean 'gardens'?" in refused(root, "merge", "garden", "herb-beds", "garden")


def test_a_tag_with_a_parent_cannot_become_one(root: Path) -> None:
    path = root / "content/tags.yml"
    path.write_text(VOCABULARY + "  - {id: ponds, facet: topic, parent: herb-beds, label: Ponds}\n", encoding="utf-8")
    said = refused(root, "merge", "herb-beds", "moss-gardens", "moss-gardens")
    assert "'moss-gardens' has a parent itself, and cannot be that of 'ponds'" in said
    assert "hint: only one level is allowed: remove the parent 'gardens' of 'moss-gardens' first, or change theirs" in said


# ------------------------------------------------------------------ split, retire


def test_a_tag_is_split_as_the_taggers_say(root: Path) -> None:
    said, lines = curated(root, "split", "herb-beds", "moss-gardens", "gardens")
    assert re.match(
        "'herb-beds' is split; tags/herb-beds/ leads to tags/moss-gardens/.\n"
        "three: gardens [5-9][0-9]%\n"
        r"two: gardens \(none is proposed: please look\)\n",
        said,
    )
    assert lines["papers/three.md"] == ["-  - herb-beds"]
    assert lines["papers/two.md"] == ["-tags: [herb-beds]", "+tags: [gardens]"]  # it refuses the first
    assert "tags/moss-gardens/" in leads_to(root, "herb-beds")


def test_a_parent_is_split_into_its_children(root: Path) -> None:
    _, lines = curated(root, "split", "gardens", "moss-gardens", "herb-beds")
    assert "-    parent: gardens" in lines["tags.yml"]
    assert lines["papers/three.md"] == ["-  - gardens"]


def test_what_cannot_be_split(root: Path) -> None:
    assert "unknown tag 'herbs'" in refused(root, "split", "gardens", "moss-gardens", "herbs")
    assert "a tag is split into two or more" in refused(root, "split", "gardens", "moss-gardens")
    assert "'gardens' cannot be a part of itself" in refused(root, "split", "gardens", "gardens", "moss-gardens")


def test_a_tag_is_retired_into_its_parent(root: Path) -> None:
    _, lines = curated(root, "retire", "moss-gardens")
    assert lines["papers/one.md"][1] == "+tags: [gardens, counting]  # both"
    assert lines["papers/two.md"] == ["-rejected: [moss-gardens]"]  # it did not refuse all gardens
    assert lines["papers/four.md"] == ["-rejected: [moss-gardens]"]
    assert "tags/gardens/" in leads_to(root, "moss-gardens")


def test_a_tag_is_retired_into_another(root: Path) -> None:
    said, lines = curated(root, "retire", "herb-beds", "--into", "moss-gardens")
    assert lines["papers/three.md"] == ["-  - gardens", "-  - herb-beds", "+  - moss-gardens"]
    assert lines["papers/two.md"] == ["-tags: [herb-beds]", "-rejected: [moss-gardens]", "+tags: [moss-gardens]"]
    assert "two has 'moss-gardens' by hand, and does not refuse it any more." in said


def test_what_cannot_be_retired(root: Path) -> None:
    said = refused(root, "retire", "gardens")
    assert "content/tags.yml:5:9: error: 'gardens' has no parent that could take its place" in said
    assert "hint: say which tag takes its place: papergrove tags retire gardens --into OTHER" in said
    assert "is of another facet than 'moss-gardens'" in refused(root, "retire", "gardens", "--into", "counting")
    assert "'gardens' cannot take its own place" in refused(root, "retire", "gardens", "--into", "gardens")


# ------------------------------------------------------------------ accept, reject


def test_a_suggestion_is_accepted(root: Path) -> None:
    said, lines = curated(root, "accept", "two", "gardens")
    assert said == "two has 'gardens' by hand now, which nothing proposed.\nChanged: 1 record.\n"
    assert lines == {"papers/two.md": ["-tags: [herb-beds]", "+tags: [herb-beds, gardens]"]}
    said, lines = curated(root, "accept", "four", "counting")
    assert re.match("four has 'counting' by hand now, proposed at [3-9][0-9]%.\n", said)
    assert lines == {"papers/four.md": ["+tags: [counting]"]}


def test_a_tag_that_is_accepted_is_refused_no_more_and_implies_its_parent(root: Path) -> None:
    _, lines = curated(root, "accept", "four", "moss-gardens")
    assert lines == {"papers/four.md": ["-rejected: [moss-gardens]", "+tags: [moss-gardens]"]}
    said, lines = curated(root, "accept", "three", "moss-gardens")
    assert "'moss-gardens' implies 'gardens', which is not stored any more." in said
    assert lines == {"papers/three.md": ["-  - gardens", "+  - moss-gardens"]}
    assert run(root, "accept", "three", "gardens").output == "three has 'gardens' already: 'moss-gardens' implies it.\n"


def test_a_tag_is_refused(root: Path) -> None:
    said, lines = curated(root, "reject", "one", "counting")
    assert said.startswith("one refuses 'counting' now, which it had by hand.\n")
    assert lines["papers/one.md"] == [
        "-tags: [moss-gardens, counting]  # both",
        "+tags: [moss-gardens]  # both",
        "+rejected: [counting]",
    ]
    said, lines = curated(root, "reject", "old-five", "gardens")
    assert lines == {"papers/five.md": ["+rejected: [gardens]"]}
    assert "'moss-gardens' implies 'gardens'" in refused(root, "reject", "one", "gardens")
    assert "did you mean 'five'?" in refused(root, "accept", "fivee", "gardens")
    assert "did you mean 'gardens'?" in refused(root, "reject", "five", "garden")


# ------------------------------------------------------------------ what must hold for all


def test_files_keep_their_line_ends(root: Path) -> None:
    for path in root.glob("content/**/*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = {path: path.read_bytes() for path in root.glob("content/**/*.*")}
    assert run(root, "rename", "moss-gardens", "mosses").exit_code == 0
    for path, data in before.items():
        after = path.read_bytes()
        if path.suffix != ".json":  # only a program writes it
            assert after.startswith(b"\xef\xbb\xbf")
            assert after.count(b"\r\n") == after.count(b"\n")
            assert (after == data) == (b"moss-gardens" not in data)


def test_nothing_is_changed_while_something_is_wrong(root: Path) -> None:
    (root / "content/papers/six.md").write_text("---\ntitle: Six\ntags: [moss]\n---\n", encoding="utf-8")
    before = texts(root)
    result = run(root, "rename", "moss-gardens", "mosses")
    assert result.exit_code == 1
    assert "unknown tag 'moss'" in result.output
    assert result.output.endswith("Nothing changed: mend these first.\n")
    assert texts(root) == before


def test_nothing_is_written_when_one_file_cannot_be_changed(root: Path) -> None:
    path = root / "content/pages/words.md"
    path.write_text(WORDS.replace('tag: "moss-gardens"', 'tag: "moss\\u002dgardens"'), encoding="utf-8")
    said = refused(root, "rename", "moss-gardens", "mosses")
    assert "content/pages/words.md: error: cannot be changed by itself" in said
