"""A survey is read from its folder: whole, by id, with all that is wrong; and brought into its canonical form."""

import os
from pathlib import Path

import pytest
from surveys import PAPERS, SOURCES, TAGS, tiny

from generator.files import MAX_BYTES, decoded, is_ignored, text_of
from generator.load import canonical_texts, load
from generator.report import Report, as_text

MOSS = "content/papers/moss.md"
CANONICAL_TAGS = TAGS.replace("What is it about?", '"What is it about?"').replace("How is it done?", '"How is it done?"')


def said(root: Path) -> str:
    return as_text(Report.of(load(root)[1]))


# ------------------------------------------------------------------ reading


def test_a_survey_is_read_whole(tmp_path: Path) -> None:
    survey, problems = load(tiny(tmp_path))
    assert not problems
    assert survey.settings.title == "Tiny gardens"
    assert [tag.id for tag in survey.vocabulary.tags] == ["gardens", "moss-gardens", "counting"]
    assert [source.id for source in survey.sources] == ["page-one"]
    assert [paper.id for paper in survey.papers] == sorted(PAPERS)
    assert [record.path for record in survey.records] == [f"content/papers/{name}.md" for name in sorted(PAPERS)]
    assert survey.places.keys() == {"site.yml", "content/tags.yml", "content/sources.yml"}


def test_only_site_yml_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text("title: Gardens\n", encoding="utf-8")
    survey, problems = load(tmp_path)
    assert [(str(problem.place), problem.level) for problem in problems] == [("content/papers", "warning")]
    assert survey.papers == ()
    (tmp_path / "site.yml").unlink()
    assert said(tmp_path) == (
        "site.yml: error: there is no such file\n    hint: run it in a survey's folder, or name one with --root"
    )


def test_the_order_of_the_files_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tiny(tmp_path)
    expected = load(root)
    entries = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: sorted(entries(path), key=lambda entry: entry.name[::-1]))
    assert load(root) == expected


def test_all_that_is_wrong_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    root = tiny(tmp_path, {**PAPERS, "fern": "", "moss": "---\ntitel: Moss\n---\n"}, site="colour: green\n", tags="facets: {}")
    (root / "content/papers/notes.txt").write_text("notes", encoding="utf-8")
    survey, problems = load(root)
    assert [f"{problem.place}: {problem.message}" for problem in Report.of(problems).problems] == [
        "content/papers/fern.md: no record in this file",
        "content/papers/moss.md:2:1: 'title' is missing",
        "content/papers/moss.md:2:1: unknown field 'titel'",
        "content/papers/notes.txt: not a record: its name does not end in .md",
        "content/tags.yml:1:9: 'facets' must be a list",
        "site.yml:3:1: unknown field 'colour'",
    ]
    assert [paper.id for paper in survey.papers] == sorted(PAPERS)
    assert survey.places.keys() == {"content/sources.yml"}


@pytest.mark.parametrize("name", [".DS_Store", ".hidden.md", "moss.md~", "moss.md.swp", "Thumbs.db", "DESKTOP.INI"])
def test_what_editors_and_systems_leave_is_ignored(name: str) -> None:
    assert is_ignored(name)
    assert not is_ignored("moss.md")


def test_a_file_may_have_a_mebibyte(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * MAX_BYTES)
    (tmp_path / "b").write_bytes(b"x" * (MAX_BYTES + 1))
    assert text_of(tmp_path, "a") == ("x" * MAX_BYTES, ())
    text, problems = text_of(tmp_path, "b")
    assert text is None
    assert [problem.message for problem in problems] == ["is larger than 1,048,576 bytes"]


def test_a_file_that_is_not_there_is_nothing_wrong(tmp_path: Path) -> None:
    assert text_of(tmp_path, "a") == (None, ())


def test_the_byte_that_is_not_utf_8_is_named() -> None:
    assert decoded("é\n王".encode(), "a") == ("é\n王", ())
    text, (problem,) = decoded("é\n王".encode() + b"\xff", "a")
    assert text is None
    assert (str(problem.place), problem.message) == ("a:2:2", "not UTF-8 at byte 6")


def test_no_file_is_left_open(tmp_path: Path) -> None:
    root = tiny(tmp_path, {**PAPERS, "wrong": "", "huge": "x" * (MAX_BYTES + 1)})

    def free() -> int:
        handle = os.dup(0)  # the lowest free number
        os.close(handle)
        return handle

    before = free()
    load(root)
    assert free() == before


# ------------------------------------------------------------------ the canonical form


def test_files_that_are_canonical_are_not_rewritten(tmp_path: Path) -> None:
    root = tiny(tmp_path)
    texts = canonical_texts(root, load(root)[0])
    for path, text in texts.items():
        (root / path).write_text(text, encoding="utf-8")
    assert canonical_texts(root, load(root)[0]) == {}
    assert load(root)[0].papers == load(tiny(tmp_path / "again"))[0].papers


def test_records_vocabulary_and_sources_have_a_canonical_form(tmp_path: Path) -> None:
    root = tiny(
        tmp_path,
        {"moss": "---\ntags: [gardens, moss-gardens]\ntitle: 'Moss'\n---\n"},
        tags=CANONICAL_TAGS.replace("label: Topic", "label: 'Topic'"),
        sources=SOURCES.replace("one.txt", "'one.txt'"),
    )
    assert canonical_texts(root, load(root)[0]) == {
        MOSS: "---\ntitle: Moss\ntags: [moss-gardens]\n---\n",
        "content/tags.yml": CANONICAL_TAGS,
        "content/sources.yml": SOURCES,
    }


def test_line_ends_and_the_byte_order_mark_are_not_canonical(tmp_path: Path) -> None:
    root = tiny(tmp_path, {"moss": "---\ntitle: Moss\n---\n"}, tags=CANONICAL_TAGS)
    for before, after in ((b"\n", b"\r\n"), (b"---\r\nt", b"\xef\xbb\xbf---\nt")):
        (root / MOSS).write_bytes((root / MOSS).read_bytes().replace(before, after))
        assert canonical_texts(root, load(root)[0]) == {MOSS: "---\ntitle: Moss\n---\n"}


def test_a_file_with_errors_is_left_as_it_is(tmp_path: Path) -> None:
    """Its values are incomplete: writing them would lose what is wrong with them, and more."""
    root = tiny(
        tmp_path,
        {"moss": "---\ntitle: 'Moss'\ntagz: [gardens]\n---\n"},
        tags=TAGS.replace("synonyms", "synonymz"),
        sources=SOURCES + "- {id: page-two, file: 'two.txt', captured: then}\n",
    )
    survey, problems = load(root)
    assert len(problems) == 3
    assert canonical_texts(root, survey) == {}
