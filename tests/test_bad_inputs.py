"""What no survey should hold, and what is said about it: never a traceback, a hang, or half a site.

Most cases are text in fixtures/bad/: the files of a tiny survey, and the report as `papergrove check` prints it. Here stands what
text cannot hold: huge files, raw bytes, links, devices, odd names. The rows are those of the list of bad inputs.
"""

import gc
import hashlib
import os
import random
import re
import socket
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from surveys import TAGS, tiny

from generator import load, records, settings, vocabulary
from generator.build import assemble, build
from generator.check import check
from generator.cli import commands
from generator.model import Survey
from generator.report import Report, as_github, as_text
from generator.text import paper_slug

BAD = Path(__file__).parent / "fixtures" / "bad"
MOSS = "content/papers/moss.md"
SECONDS = 2.0  # of the processor, that one file may take


@pytest.fixture(autouse=True)
def in_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    """Years are judged from the day it is; here it is always the same."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")


def checked(root: Path) -> tuple[Survey, Report]:
    survey, problems = load.load(root)
    return survey, Report.of((*problems, *check(survey)))


def said(root: Path) -> str:
    return as_text(checked(root)[1])


def put(root: Path, path: str, content: str | bytes) -> Path:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A survey with a vocabulary and a source, and no papers."""
    return tiny(tmp_path, {})


@contextmanager
def in_time() -> Iterator[None]:
    gc.freeze()  # what all tests before this one left is not searched for garbage on this one's time
    start = time.process_time()
    try:
        yield
        assert time.process_time() - start < SECONDS
    finally:
        gc.unfreeze()


# ------------------------------------------------------------------ the cases that are text


def cases(name: str) -> list[object]:
    """Cases of a fixture: a title after `# `, then path and text of each file and at last what is expected, with a line of one
    dot after each."""
    text = (BAD / name).read_text(encoding="utf-8")
    blocks = re.split("^# (?=row )", text, flags=re.MULTILINE)[1:]
    return [pytest.param(*_case(block), id=block.split("\n")[0]) for block in blocks]


def _case(block: str) -> tuple[dict[str, str], str]:
    sections: list[list[str]] = [[]]
    for line in block.split("\n")[1:]:
        sections[-1].append(line)
        if line == ".":
            sections[-1].pop()
            sections.append([])
    *files, expected, rest = ("".join(f"{line}\n" for line in section) for section in sections)
    assert len(files) % 2 == 0
    assert not rest.strip()
    return {path.strip(): text for path, text in zip(files[::2], files[1::2], strict=True)}, expected


REFUSED = [case for path in sorted(BAD.glob("*.txt")) if path.name != "accepted.txt" for case in cases(path.name)]


@pytest.mark.parametrize(("files", "expected"), REFUSED)
def test_a_bad_input_is_reported(root: Path, files: dict[str, str], expected: str) -> None:
    for path, text in files.items():
        put(root, path, text)
    assert as_text(checked(root)[1], files) + "\n" == expected


@pytest.mark.parametrize(("files", "expected"), cases("accepted.txt"))
def test_an_odd_input_is_accepted(root: Path, files: dict[str, str], expected: str) -> None:
    for path, text in files.items():
        put(root, path, text)
    survey, report = checked(root)
    assert as_text(report) == ""
    canonical = load.canonical_texts(root, survey)
    assert "".join(canonical.get(path, text) for path, text in files.items()) == expected


def test_phrases_to_look_at_are_in_the_report_of_the_tags(root: Path) -> None:
    """Row 92: no problem of `check`, but listed by `papergrove tags report`."""
    put(root, vocabulary.TAGS, TAGS.replace("phrases: [counting]", "phrases: [counting, Mosses, lichen]"))
    put(root, MOSS, "---\ntitle: Moss in a garden, and counting\n---\n")
    assert said(root) == ""
    told = CliRunner().invoke(commands, ["tags", "report", "--root", str(root)]).output
    assert "\nOne phrase in several tags (1)\n  moss-gardens + counting  moss\n" in told
    assert "\nPhrases that never match (1)\n  counting  lichen\n" in told


# ------------------------------------------------------------------ too much of it


def front(text: str) -> str:
    return f"---\n{text}\n---\n"


def first(problems: tuple[object, ...]) -> str:
    return as_text(Report(problems[:1]))  # type: ignore[arg-type]


LONG = "a" * 1001
HUGE = {
    "row 1: brackets that only open": ("a: " + "[" * 100_000, "nested deeper than 16"),
    "row 2: brackets that all close": ("[" * 50_000 + "]" * 50_000, "nested deeper than 16"),
    "row 2: braces": ("{a: " * 50_000, "nested deeper than 16"),
    "row 3: a list of a list of a list": ("- " * 200_000, "nested deeper than 16"),
    "row 3: keys that are keys": ("? " * 200_000, "a key must be text"),
    "row 15: a field for every line": (
        "title: Moss\n" + "\n".join(f"field-{n}: Moss" for n in range(20_000)),
        "unknown field 'field-0'",
    ),
    "row 17: a long title": (f"title: {LONG}", "'title' has 1,001 characters; at most 1,000 are allowed"),
    "row 17: a title of almost a megabyte": (
        f"title: {'a' * 1_000_000}",
        "'title' has 1,000,000 characters; at most 1,000 are allowed",
    ),
    "row 17: a field of almost a megabyte": (f"title: Moss\n? {'a' * 1_000_000}\n: Moss", f"unknown field '{'a' * 59}…'"),
    "row 27: more tags than a paper has": (
        f"title: Moss\ntags: [{', '.join(f't{n}' for n in range(100_000))}]",
        "'tags' has 100,000 entries; at most 50 are allowed",
    ),
    "row 27: more authors than a paper has": (
        f"title: Moss\nauthors: [{', '.join(f'A{n}' for n in range(50_000))}]",
        "'authors' has 50,000 entries; at most 10,000 are allowed",
    ),
    "row 27: more values than a record has": (f"title: Moss\nauthors: [{'a, ' * 250_000}]", "more than 200,000 values"),
}


@pytest.mark.parametrize(("text", "message"), HUGE.values(), ids=HUGE)
def test_huge_records_are_refused_in_time(text: str, message: str) -> None:
    with in_time():
        record, problems = records.read(front(text), MOSS)
    assert record is None
    with in_time():
        report = as_text(Report.of(problems), {MOSS: front(text)})
    assert f"error: {message}" in report.split("\n")[0]


def test_a_paper_of_ten_thousand_authors_is_read_in_time() -> None:
    """Row 27: large collaborations are real."""
    names = ", ".join(f"Author {n}" for n in range(10_000))
    with in_time():
        record, problems = records.read(front(f"title: Moss\nauthors: [{names}]"), MOSS)
    assert not problems
    assert record
    assert len(record.paper.authors) == 10_000


def test_a_note_has_its_limit() -> None:
    """Row 45: Markdown of this length would take seconds."""
    record, problems = records.read(front("title: Moss") + "[" * 20_001, MOSS)
    assert record is None
    assert first(problems) == f"{MOSS}:4:1: error: the note has 20,001 characters; at most 20,000 are allowed"


def test_a_file_of_more_than_a_mebibyte_is_not_read(root: Path) -> None:
    put(root, MOSS, front("title: Moss") + " " * (1 << 20))
    assert said(root) == f"{MOSS}: error: is larger than 1,048,576 bytes"


def test_a_file_of_ten_gigabytes_is_not_read(root: Path) -> None:
    """Row 18: all of it a hole."""
    place = put(root, MOSS, "")
    os.truncate(place, 10 << 30)
    with in_time():
        assert said(root) == f"{MOSS}: error: is larger than 1,048,576 bytes"


def test_tags_that_lead_to_tags_are_followed_in_time() -> None:
    """Row 30: ten thousand tags, each retired in favor of the next; then the last in favor of the first."""
    rows = [f"  - {{id: t{n}, facet: topic, label: T, replaced_by: t{n + 1}}}" for n in range(9_999)]
    head = ["facets: [{id: topic, label: Topic}]", "tags:", *rows]
    with in_time():
        assert vocabulary.read("\n".join([*head, "  - {id: t9999, facet: topic, label: T}"]), "content/tags.yml")[2] == ()
    ring = "\n".join([*head, "  - {id: t9999, facet: topic, label: T, replaced_by: t0}"])
    with in_time():
        (problem,) = vocabulary.read(ring, "content/tags.yml")[2]
    assert problem.message.startswith("'replaced_by' goes in a circle: t0 → t1 → t2")
    assert problem.message.endswith("…")


def test_ten_thousand_unknown_parents_are_reported_in_time() -> None:
    rows = (f"  - {{id: moss-{n}, facet: topic, label: T, parent: mos-{n}}}" for n in range(2_000))
    with in_time():
        problems = vocabulary.read("\n".join(["facets: [{id: topic, label: Topic}]", "tags:", *rows]), "content/tags.yml")[2]
    assert len(problems) == 2_000
    assert problems[0].hint == "did you mean 'moss-0'?"


def test_a_long_base_url_is_judged_in_time() -> None:
    with in_time():
        assert settings.normal_base_url("a" * 1_900 + "!") == (None, "must be https://host/path/ or a path")


# ------------------------------------------------------------------ bytes


def test_a_byte_order_mark_is_dropped(root: Path) -> None:
    """Row 24."""
    put(root, MOSS, b"\xef\xbb\xbf" + front("title: Moss").encode())
    put(root, "content/tags.yml", b"\xef\xbb\xbf" + TAGS.encode())
    survey, report = checked(root)
    assert not report
    assert [paper.title for paper in survey.papers] == ["Moss"]
    assert load.canonical_texts(root, survey)[MOSS] == front("title: Moss")


@pytest.mark.parametrize(
    ("content", "report"),
    [
        (front("title: Moss").encode("utf-16"), "{}:1:1: error: not UTF-8 at byte 0\n    hint: save the file as UTF-8"),
        (front("title: Mossé").encode("latin-1"), "{}:2:12: error: not UTF-8 at byte 15\n    hint: save the file as UTF-8"),
        (front("title: é\nvenue: \ud800").encode("utf-8", "surrogatepass"), "{}:3:8: error: not UTF-8 at byte 21"),
        (front("title: Mo\0ss").encode(), "{}:2:10: error: control character U+0000\n    hint: remove it"),
        (front("title: Moss").encode("utf-16-le"), "{}:1:2: error: control character U+0000\n    hint: remove it"),
        (front("title: Moss\nvenue: \a").encode(), "{}:3:8: error: control character U+0007\n    hint: remove it"),
        (front("title: Moss").encode() + b"A note.\n\x1b[31mred", "{}:5:1: error: control character U+001B"),
        (front("title: Moss\ufffe").encode(), "{}:2:12: error: control character U+FFFE\n    hint: remove it"),
    ],
)
def test_what_is_not_text_is_reported_at_its_place(root: Path, content: bytes, report: str) -> None:
    """Row 25."""
    put(root, MOSS, content)
    assert said(root).startswith(report.format(MOSS))


@pytest.mark.parametrize("path", ["site.yml", "content/tags.yml", "content/sources.yml"])
def test_what_is_not_text_is_reported_in_every_file(root: Path, path: str) -> None:
    put(root, path, b"a: \xe9")
    assert said(root).startswith(f"{path}:1:4: error: not UTF-8 at byte 3")
    put(root, path, b"a: \x07")
    assert said(root).startswith(f"{path}:1:4: error: control character U+0007")


RECORD = front('title: "Counting Moss"\nabstract: |\n  One.\n  Two.\nfindings:\n  - three  # four') + "\nA note\n\n    in code\n"


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_do_not_matter(tmp_path: Path, ends: str) -> None:
    """Row 26: the same site, byte for byte."""

    def site(name: str, ends: str) -> str:
        root = tiny(tmp_path / name, {"moss": RECORD})
        for path in (MOSS, "site.yml", "content/tags.yml", "content/sources.yml"):
            put(root, path, (root / path).read_bytes().replace(b"\n", ends.encode()))
        assembled = assemble(root)
        assert not assembled.report
        digest = hashlib.sha256()
        for output in assembled.outputs:
            digest.update(output.path.encode() + output.make())
        return digest.hexdigest() + repr(load.canonical_texts(root, assembled.survey)[MOSS])

    assert site("as it came", ends) == site("with line feeds", "\n")


def test_separators_that_are_not_line_ends_here_are_text(root: Path) -> None:
    """Row 95: one record, and its values as they were; so they are after it has been rewritten."""
    title = "One\u2028Two\u0085Three\u2029Four"
    place = put(root, MOSS, front(f"title: {title}  # com\u2028ment\nvenue: [wrong]"))
    assert said(root) == f"{MOSS}:3:8: error: 'venue' must be one value, not a list"
    place.write_text(front(f"title: {title}  # com\u2028ment\nvenue: right"), encoding="utf-8")
    survey, report = checked(root)
    assert not report
    assert survey.papers[0].title == title
    canonical = load.canonical_texts(root, survey)[MOSS]
    assert canonical == front('# com ment\ntitle: "One\\u2028Two\\u0085Three\\u2029Four"\nvenue: right')
    put(root, MOSS, canonical)
    assert checked(root)[0].papers == survey.papers


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    "name",
    ["a b", "Moss", "a\\b", "C:x", "a%2fb", "-rf", "~root", "a" * 81, "é", "moss\n", "moss.txt", "моss", "$(id)"],
)
def test_a_name_that_cannot_be_an_id_is_reported(root: Path, name: str) -> None:
    """Row 48, 53. A name with a slash cannot come from a folder; in `formerly` and `tags` the same pattern holds."""
    put(root, f"content/papers/{name}.md", front("title: Moss"))
    survey, report = checked(root)
    assert not survey.records
    assert report.problems[0].message == (
        f"'{name}' cannot be a paper's id: an id is made of a-z, 0-9 and hyphens, "
        "starts with a letter or digit and has at most 80 characters"
    )
    assert "\n" not in as_text(report).removesuffix("\n    hint: rename the file")


@pytest.mark.parametrize("name", ["", ".", "..", "../../etc/passwd", "/abs", "a/b", "moss\n", "Moss", "-rf", ".git"])
def test_such_a_name_is_no_id(name: str) -> None:
    assert records.paper_id_problem(name)


@pytest.mark.parametrize("name", ["con", "nul", "aux", "prn", "com1", "lpt9"])
def test_a_name_that_windows_keeps_is_reported(root: Path, name: str) -> None:
    """Row 49."""
    put(root, f"content/papers/{name}.md", front("title: Moss"))
    assert said(root) == (
        f"content/papers/{name}.md: error: '{name}' cannot be a paper's id: Windows keeps this name for a device\n"
        "    hint: rename the file"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paper-A", "paper-a"),  # row 50
        ("\u00e9", "e\u0301"),  # row 51
        ("moss", "\uff4d\uff4f\uff53\uff53"),  # row 28: letters of full width
        ("mass", "ma\u00df"),
    ],
)
def test_names_that_are_one_where_case_or_accents_are_folded(root: Path, one: str, other: str) -> None:
    put(root, f"content/papers/{one}.md", front("title: One"))
    put(root, f"content/papers/{other}.md", front("title: Other"))
    if len(list((root / "content/papers").iterdir())) < 2:
        pytest.skip("this system folds them: there cannot be two")
    found = [message for message in said(root).split("\n") if "are one file on a system that folds case or accents" in message]
    assert len(found) == 1
    assert f"/{one}.md" in found[0]
    assert f"/{other}.md" in found[0]


def test_a_name_that_is_not_utf_8_is_shown_escaped(root: Path) -> None:
    try:
        put(root, os.fsdecode(b"content/papers/m\xffss.md"), front("title: Moss"))
    except OSError:
        pytest.skip("this system has no such names")
    for form in ("text", "json", "github"):
        result = CliRunner().invoke(commands, ["check", "--root", str(root), "--format", form])
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)
        assert "m\\udcffss" in result.output


def test_a_name_cannot_speak_to_the_log(root: Path) -> None:
    """Row 86: no line of a report begins with what a file is called."""
    put(root, "content/papers/moss\n::stop-commands::x\n.md", front("title: Moss"))
    report = checked(root)[1]
    assert "\n::stop" not in as_text(report)
    assert as_github(report).startswith("::error file=content/papers/moss%0A%3A%3Astop-commands%3A%3Ax%0A.md::")
    assert "\n" not in as_github(report)


@pytest.mark.parametrize("title", ["王小明", "???", "🤖", "—", "\u0301"])
def test_a_title_without_latin_letters_has_an_id_all_the_same(title: str) -> None:
    """Row 52."""
    assert re.fullmatch("paper-[0-9a-f]{8}", paper_slug(title))
    assert records.paper_id_problem(paper_slug(title)) is None


def test_files_that_editors_and_systems_leave_are_ignored(root: Path) -> None:
    """Row 59."""
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "moss.md~", ".moss.md.swp", "moss.md.swp", ".#moss.md", ".git"):
        put(root, f"content/papers/{name}", b"\0")
    assert not checked(root)[1]


# ------------------------------------------------------------------ files that are not files


def test_symlinks_are_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Rows 18, 54, 55: to a file, to a device without end, to a folder, in a circle."""
    outside = put(tmp_path_factory.mktemp("outside"), "secret.md", front("title: Secret"))
    papers = root / "content/papers"
    for name, target in {"file": outside, "zero": "/dev/zero", "up": "/", "loop": papers / "loop.md", "gone": "/none"}.items():
        (papers / f"{name}.md").symlink_to(target)
    with in_time():
        survey, report = checked(root)
    assert not survey.records
    assert [str(problem.place) for problem in report.problems] == [
        f"content/papers/{name}.md" for name in ("file", "gone", "loop", "up", "zero")
    ]
    assert {problem.message for problem in report.problems} == {"symlinks are not followed"}


@pytest.mark.parametrize("path", ["site.yml", "content/tags.yml", "content/sources.yml"])
def test_no_file_of_a_survey_is_a_symlink(root: Path, path: str) -> None:
    (root / path).unlink()
    (root / path).symlink_to("/dev/zero")
    with in_time():
        assert f"{path}: error: symlinks are not followed" in said(root)


@pytest.mark.parametrize("path", ["content", "content/papers"])
def test_no_folder_of_a_survey_is_a_symlink(root: Path, tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "content"
    put(elsewhere.parent, MOSS, front("title: Moss"))
    if path == "content":
        (root / "content").rename(root / "kept")
    else:
        (root / path).rmdir()
    (root / path).symlink_to(elsewhere if path == "content" else elsewhere / "papers")
    survey, report = checked(root)
    assert not survey.records
    assert f"{path}: error: symlinks are not followed" in as_text(report)


def test_pipes_sockets_and_folders_are_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 55: a pipe that nobody writes to would keep a reader waiting."""
    papers = root / "content/papers"
    (papers / "folder.md").mkdir(parents=True)
    os.mkfifo(papers / "pipe.md")
    monkeypatch.chdir(papers)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.md")
        with in_time():
            report = checked(root)[1]
    assert as_text(report) == (
        "content/papers/folder.md: error: a folder, where only files are expected\n    hint: put a regular file in its place\n"
        "content/papers/pipe.md: error: not a regular file\n    hint: put a regular file in its place\n"
        "content/papers/socket.md: error: not a regular file\n    hint: put a regular file in its place"
    )


def test_a_pipe_in_the_place_of_the_settings_is_not_read(root: Path) -> None:
    (root / "site.yml").unlink()
    os.mkfifo(root / "site.yml")
    with in_time():
        assert said(root) == "site.yml: error: not a regular file"


def test_a_device_is_not_read(root: Path) -> None:
    place = root / MOSS
    try:
        os.mknod(place, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("only root makes devices, and not in every container")
    with in_time():
        assert said(root).startswith(f"{MOSS}: error: not a regular file")


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may read everything: for a while this process is somebody else."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_an_unreadable_file_is_named(root: Path) -> None:
    """Row 58."""
    for name in ("fern", "moss"):
        put(root, f"content/papers/{name}.md", front(f"title: {name}"))
    checked(root)  # imports all that is needed: afterwards the packages may be out of reach
    modes = {folder: folder.stat().st_mode for folder in (root, *root.parents) if folder.stat().st_uid == os.getuid()}
    try:
        for folder, mode in modes.items():
            folder.chmod(mode | 0o011)  # pytest's folders are for their owner only
        (root / MOSS).chmod(0)
        with without_privileges():
            survey, report = checked(root)
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)
    assert as_text(report) == f"{MOSS}: error: cannot be read: Permission denied"
    assert [paper.id for paper in survey.papers] == ["fern"]


def test_a_file_that_goes_while_the_survey_is_read_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 58: it was listed, and is gone when its turn comes."""
    monkeypatch.setattr(load, "record_paths", lambda *_: [MOSS])
    assert said(root) == f"{MOSS}: error: was removed while the survey was read\n    hint: run it again"


@pytest.mark.parametrize("growth", [1, 1 << 21])
def test_a_file_that_grows_while_it_is_read_is_named(root: Path, monkeypatch: pytest.MonkeyPatch, growth: int) -> None:
    """Row 58: between the look at its size and the reading, somebody writes more."""
    put(root, MOSS, front("title: Moss"))
    other = os.open(root / MOSS, os.O_WRONLY | os.O_APPEND)
    look = os.fstat

    def look_and_wait(handle: int) -> os.stat_result:
        status = look(handle)
        if status.st_ino == look(other).st_ino:
            os.write(other, b"x" * growth)
        return status

    with monkeypatch.context() as patched:
        patched.setattr(os, "fstat", look_and_wait)
        report = said(root)
    os.close(other)
    expected = "was changed while it was read\n    hint: run it again" if growth == 1 else "is larger than 1,048,576 bytes"
    assert report == f"{MOSS}: error: {expected}"


# ------------------------------------------------------------------ static files


def test_an_archive_is_copied_as_it_is(root: Path) -> None:
    """Row 56: nothing is ever unpacked, so no member of it leads anywhere."""
    with zipfile.ZipFile(put(root, "static/data.zip", b""), "w") as archive:
        archive.writestr("../../outside.txt", "outside")
        archive.writestr("/absolute.txt", "outside")
    out = root / "_site"
    assert build(root, out).written
    assert (out / "static/data.zip").read_bytes() == (root / "static/data.zip").read_bytes()
    assert not list(root.parent.rglob("outside.txt"))


def test_a_static_file_in_the_place_of_a_made_one_is_reported(root: Path) -> None:
    """Row 57: static files stand below static/ in the site; two files there are made."""
    put(root, "static/js/LUNR.js", "mine")
    put(root, "static/index.html", "mine")
    built = build(root, root / "_site")
    assert built.written is None
    assert [(problem.place.path.lower(), problem.level) for problem in built.report.problems] == [("static/js/lunr.js", "error")]
    assert not (root / "_site").exists()


def test_links_and_pipes_in_static_are_reported(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Row 55."""
    outside = put(tmp_path_factory.mktemp("outside"), "secret.txt", "secret")
    (root / "static").mkdir()
    (root / "static/secret.txt").symlink_to(outside)
    (root / "static/folder").symlink_to(outside.parent)
    (root / "static/loop").symlink_to(root / "static")
    os.mkfifo(root / "static/pipe.txt")
    (root / "static" / os.fsdecode(b"latin-\xe9.txt")).write_text("x", encoding="utf-8")
    built = build(root, root / "_site")
    assert {(problem.place.path.encode("utf-8", "replace"), problem.message) for problem in built.report.problems} == {
        (b"static/folder", "symlinks are not followed"),
        (b"static/latin-?.txt", "its name is not UTF-8"),
        (b"static/loop", "symlinks are not followed"),
        (b"static/pipe.txt", "not a regular file"),
        (b"static/secret.txt", "symlinks are not followed"),
    }
    assert not (root / "_site").exists()


def test_a_static_folder_that_is_a_link_is_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Row 55."""
    (root / "static").symlink_to(tmp_path_factory.mktemp("outside"))
    built = build(root, root / "_site")
    assert [(problem.place.path, problem.message) for problem in built.report.problems] == [
        ("static", "symlinks are not followed")
    ]


def test_two_writings_of_one_static_name_are_reported(root: Path) -> None:
    """Row 51, for static files."""
    put(root, "static/\u00e9.txt", "one")
    put(root, "static/e\u0301.txt", "other")
    built = build(root, root / "_site")
    assert ["two things want to be this file" in problem.message for problem in built.report.problems] == [True]


# ------------------------------------------------------------------ anything


BITS = [
    *(": ", " #", "- ", "---", "...", "!!str ", "|-\n  ", ">2\n   ", "? ", "<<: ", "title: ", "a: b", "\n\n", "  ", "e\u0301"),
    *["null", "NO", "1.10", "2024-01-01", "017", "\\u0085", "\\x00", "\\ud800", "\\N", "\\L", "\\_", "\\ufdd1", "\\UFFFFFFFF"],
    *"'\":#,[]{}-&*!|>%@`=?~\\\n\t\r\0\u0085\u2028\u2029\u202e\ufeff\u200b\u3164\u00a0\ufdd0\ud800é🤖٢",
]

WHOLE = """\
---
# about this record
title: "Robot Gardens: a survey"  # beside
authors: [Ada Example, "O'Sample, Ben", 王小明]
author_count: 4
date: 2024-05-06
venue: NO
venue_year: 2025
arxiv: "2401.00010"
doi: 10.1234/abc.def
url: https://example.org/a?b=c#d
links: {code: https://example.org/x, data: 'https://example.org/y?z=1'}
sources: [{page: page-one, position: 3, comments: 0}]
added: 2025-01-01
tags: [gardens, counting]
rejected:
  - moss-gardens
also:
  # within
  - >-
    A folded
    title
formerly: [robot-garden]
coded: {sample-size: "1_000", other: "=x"}
gist: 'It''s 46% faster'
findings:
  - "46%: fewer \\u2028 tokens"
  - |
    literal # no comment
abstract: | # in a block
  Lines of
  text
# the end
---
Our note: *what* came out.
"""


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        at, other = chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)
        much = chance.choice((1, 2, 5, 20))
        text = chance.choice(
            (
                text[:at] + chance.choice(BITS) + text[at:],
                text[:at] + chance.choice(BITS) + text[at + 1 :],
                text[:at] + text[at + much :],
                text[:at] + text[other : other + much] + text[at:],
            )
        )
    return text


@pytest.mark.parametrize(("parser", "number"), [("with libyaml", 2_000), ("in Python", 200)])
def test_whatever_is_in_a_record_it_is_refused_with_an_error_or_kept(
    monkeypatch: pytest.MonkeyPatch, parser: str, number: int
) -> None:
    """What is read is written so that it is read as the same, with its comments; what is written so is not changed again."""
    if parser == "in Python":
        monkeypatch.delattr("yaml.CSafeLoader", raising=False)
    chance = random.Random(20260101)
    kept = 0
    for _ in range(number):
        text = mutated(WHOLE, chance)
        record, problems = records.read(text, MOSS)
        assert as_text(Report.of(problems), {MOSS: text}) or not problems
        if record is None:
            assert any(problem.level == "error" for problem in problems), text
            continue
        kept += 1
        canonical = records.canonical(record, {})
        again, problems = records.read(canonical, MOSS)
        assert again, (text, canonical, problems)
        assert again.paper == replace(record.paper, tags=tuple(dict.fromkeys(record.paper.tags))), (text, canonical)
        assert sorted(comment for _, comment in again.comments) == sorted(comment for _, comment in record.comments), text
        assert records.canonical(again, {}) == canonical, (text, canonical)
    assert 0.1 < kept / number < 0.9  # both ways are gone often


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (vocabulary.read, TAGS),
        (settings.read, "title: Gardens\nbase_url: /gardens/\ncoded: [{id: plots, label: Plots}]\nlookups: []\n"),
        (settings.read_sources, "# all\n- {id: one, file: one.txt}\n- {id: two, file: two.txt, listings: 3}  # two\n"),
    ],
)
def test_whatever_is_in_another_file_it_is_read_or_refused(read: Callable[..., tuple[object, ...]], text: str) -> None:
    chance = random.Random(20260102)
    for _ in range(400):
        changed = mutated(text, chance)
        value, node, problems = read(changed, "a.yml")
        assert all(problem.level == "error" for problem in problems)  # type: ignore[attr-defined]
        if not problems and node is not None and read is not settings.read:
            write = vocabulary.canonical if read is vocabulary.read else settings.write_sources
            canonical = write(value, node, changed)  # type: ignore[arg-type]
            again, node, problems = read(canonical, "a.yml")
            assert again == value, (changed, canonical)
            assert not problems
            assert node is None or write(again, node, canonical) == canonical, changed  # type: ignore[arg-type]
