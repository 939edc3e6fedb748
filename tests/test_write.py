"""How a site comes into its folder: no reader meets half of one, and a run that is cut short leaves nothing to trust."""

import errno
import threading
from pathlib import Path

import pytest

from generator import memo, write
from generator.model import Output
from generator.report import Failure, Place, error
from generator.write import publish, put_in_place, refusal


def output(path: str, text: str) -> Output:
    data = text.encode()
    return Output(path, memo.digest(data), lambda: data)


def site(*files: tuple[str, str]) -> list[Output]:
    return [output("build.json", "{}"), *(output(path, text) for path, text in files)]


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_only_what_has_another_key_is_made(tmp_path: Path) -> None:
    made: list[str] = []

    def watched(path: str, text: str) -> Output:
        return Output(path, memo.digest(text), lambda: (made.append(path), text.encode())[1])

    out = tmp_path / "out"
    publish([watched("build.json", "{}"), watched("a/x.txt", "1"), watched("b.txt", "1")], out, tmp_path, "/")
    made.clear()
    result = publish([watched("build.json", "{}"), watched("a/x.txt", "2"), watched("b.txt", "1")], out, tmp_path, "/")
    assert made == ["a/x.txt"]
    assert (result.written, result.removed) == (1, 0)
    assert texts(out) == {"a/x.txt": "2", "b.txt": "1", "build.json": "{}"}


def test_what_is_not_made_any_more_goes_with_its_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(site(("a/b/x.txt", "1"), ("a/y.txt", "1")), out, tmp_path, "/")
    assert publish(site(("a/y.txt", "1")), out, tmp_path, "/").removed == 1
    assert texts(out) == {"a/y.txt": "1", "build.json": "{}"}
    assert not (out / "a/b").exists()


def test_a_file_that_somebody_took_away_comes_back(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(site(("x.txt", "1")), out, tmp_path, "/")
    (out / "x.txt").unlink()
    assert publish(site(("x.txt", "1")), out, tmp_path, "/").written == 1
    (out / "x.txt").write_text("longer than it was")
    assert publish(site(("x.txt", "1")), out, tmp_path, "/").written == 1
    assert texts(out)["x.txt"] == "1"


def test_two_folders_are_remembered_apart(tmp_path: Path) -> None:
    publish(site(("x.txt", "1")), tmp_path / "one", tmp_path, "/")
    publish(site(("x.txt", "2")), tmp_path / "two", tmp_path, "/")
    publish(site(("x.txt", "2")), tmp_path / "one", tmp_path, "/")
    assert texts(tmp_path / "one") == texts(tmp_path / "two")


@pytest.mark.parametrize("crash_in", ["_exchange", "_replace", "_remove"])
def test_a_run_that_is_cut_short_is_made_good_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash_in: str) -> None:
    out = tmp_path / "out"
    if crash_in != "_exchange":
        publish(site(("x.txt", "1"), ("old.txt", "1"), ("same.txt", "1")), out, tmp_path, "/")
    real = getattr(write._Publication, crash_in)

    def crash(self: object, *arguments: object) -> None:
        real(self, *arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(write._Publication, crash_in, crash)
    with pytest.raises(KeyboardInterrupt):
        publish(site(("x.txt", "2"), ("same.txt", "1")), out, tmp_path, "/")
    monkeypatch.undo()
    publish(site(("x.txt", "1"), ("same.txt", "1")), out, tmp_path, "/")  # the bytes that were remembered before the crash
    assert texts(out) == {"build.json": "{}", "same.txt": "1", "x.txt": "1"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_a_full_disk_keeps_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    publish(site(("x.txt", "1"), ("y.txt", "1")), out, tmp_path, "/")
    real = write._write

    def full(place: Path, data: bytes) -> None:
        if place.name.startswith((".y.txt", "y.txt")):
            raise OSError(28, "No space left on device", str(place))
        real(place, data)

    monkeypatch.setattr(write, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        publish(site(("x.txt", "2"), ("y.txt", "2")), out, tmp_path, "/")
    assert texts(out) == {"build.json": "{}", "x.txt": "1", "y.txt": "1"}
    monkeypatch.undo()
    publish(site(("x.txt", "2"), ("y.txt", "2")), out, tmp_path, "/")
    assert texts(out) == {"build.json": "{}", "x.txt": "2", "y.txt": "2"}


@pytest.mark.parametrize("exchange", [True, False], ids=["exchanged", "renamed"])
def test_a_folder_takes_another_s_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool) -> None:
    if not exchange:
        monkeypatch.setattr(write, "_exchanged", lambda one, other: False)
    new, old = tmp_path / "new", tmp_path / "old"
    for folder in (new, old):
        folder.mkdir()
        (folder / "name").write_text(folder.name)
    put_in_place(new, old)
    assert (old / "name").read_text() == "new"
    assert (new / "name").read_text() == "old"


def test_a_reader_during_an_exchange_always_finds_a_site(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / "page").write_text(folder.name)
    if not write._exchanged(one, other):
        pytest.skip("this system cannot exchange two folders: two renames come close")
    missed, done = [], threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                (other / "page").read_text()
            except OSError as failure:
                missed.append(failure)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(300):
        put_in_place(one, other)
    done.set()
    reader.join()
    assert not missed


def test_folders_that_are_not_ours_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "survey"
    (root / "notes").mkdir(parents=True)
    (root / "notes/x").write_text("x")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert "over the survey itself" in (refusal(root, root) or "")
    assert "a folder around it" in (refusal(tmp_path, root) or "")
    assert "over the survey itself" in (refusal(Path("/"), root) or "")
    assert "home folder" in (refusal(tmp_path / "home", root) or "")
    assert "holds something else" in (refusal(root / "notes", root) or "")
    assert "a file of this name" in (refusal(root / "notes/x", root) or "")
    assert refusal(root / "new", root) is None


def test_outputs_that_would_be_one_file_are_found(tmp_path: Path) -> None:
    result = publish(site(("a/Page.html", "1"), ("a/page.html", "2")), tmp_path / "out", tmp_path, "/")
    assert [problem.message for problem in result.problems] == ["two things want to be this file (a/Page.html is the other)"]
    assert not (tmp_path / "out").exists()
    escaped = publish(site(("../x", "1")), tmp_path / "out", tmp_path, "/")
    assert [problem.message for problem in escaped.problems] == ["leaves the site's folder"]


def test_a_file_becomes_a_folder_and_a_folder_a_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(site(("a", "1"), ("b/x.txt", "1")), out, tmp_path, "/")
    publish(site(("a/x.txt", "2"), ("b", "2")), out, tmp_path, "/")
    assert texts(out) == {"a/x.txt": "2", "b": "2", "build.json": "{}"}


def test_a_link_to_a_folder_is_written_through(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    for text in ("1", "2"):
        publish(site(("x.txt", text)), link, tmp_path, "/")
        assert texts(real) == {"build.json": "{}", "x.txt": text}
    assert link.is_symlink()


def test_a_second_rename_that_fails_takes_the_first_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "_exchanged", lambda one, other: False)
    out = tmp_path / "out"
    publish(site(("x.txt", "1")), out, tmp_path, "/")
    for file in (tmp_path / ".papergrove").glob("*.json"):
        file.unlink()
    real = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if ".staging-" in self.name and target == out:
            raise OSError(5, "Input/output error", str(self))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="Input/output"):
        publish(site(("x.txt", "2")), out, tmp_path, "/")
    assert texts(out) == {"build.json": "{}", "x.txt": "1"}


def test_a_site_that_was_taken_away_is_put_back(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(site(("x.txt", "1")), out, tmp_path, "/")
    out.rename(tmp_path / ".out.old-1")
    failing = Output("x.txt", "key", lambda: (_ for _ in ()).throw(Failure(error(Place("t.html", 1), "no"))))
    result = publish([output("build.json", "{}"), failing], out, tmp_path, "/")
    assert [problem.message for problem in result.problems] == ["no"]
    assert texts(out) == {"build.json": "{}", "x.txt": "1"}


@pytest.mark.parametrize("place", ["content/papers/site", "static", "templates", ".git/x", ".papergrove"])
def test_a_site_never_stands_among_the_survey_s_own_files(tmp_path: Path, place: str) -> None:
    assert "among the survey's own files" in (refusal(tmp_path / place, tmp_path) or "")


def test_without_a_place_for_the_memory_the_site_is_built_all_the_same(tmp_path: Path) -> None:
    (tmp_path / ".papergrove").write_text("a file", encoding="utf-8")
    for text in ("1", "2"):
        publish(site(("x.txt", text)), tmp_path / "out", tmp_path, "/")
        assert texts(tmp_path / "out") == {"build.json": "{}", "x.txt": text}


def test_a_page_whose_links_are_forgotten_and_that_cannot_be_made_again_is_reported(tmp_path: Path) -> None:
    out = tmp_path / "out"
    page = output("p.html", "<p>")
    publish([*site(("x.txt", "1")), page], out, tmp_path, "/")
    (tmp_path / ".papergrove/links.json").unlink()
    broken = Output(page.path, page.key, lambda: (_ for _ in ()).throw(Failure(error(Place("t.html", 1), "no"))))
    result = publish([*site(("x.txt", "2")), broken], out, tmp_path, "/")
    assert [problem.message for problem in result.problems] == ["no"]
    assert texts(out)["x.txt"] == "1"


def test_texts_are_written_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("old", encoding="utf-8")
    real = write._write

    def full_disk(place: Path, data: bytes) -> None:
        if data == b"second":
            raise OSError(errno.ENOSPC, "No space left on device", str(place))
        real(place, data)

    monkeypatch.setattr(write, "_write", full_disk)
    with pytest.raises(OSError, match="No space") as failure:
        write.write_texts(tmp_path, {"a.md": "first", "b.md": "second"})
    assert failure.value.filename == str(tmp_path / "b.md")
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {"a.md": "old"}
    monkeypatch.undo()
    assert write.write_texts(tmp_path, {"a.md": "first", "b.md": "second"}) == ["a.md", "b.md"]
    assert write.write_texts(tmp_path, {"a.md": "first", "b.md": "second"}) == []
