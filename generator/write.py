"""write: outputs to the site's folder, staged and exchanged so that no reader meets half a site; texts to content/"""

import contextlib
import ctypes
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from . import memo
from .links import Links, broken, links
from .memo import FOLDER, Memo
from .model import Output
from .report import Failure, Place, Problem, error

MARKER = "build.json"  # a folder that holds it is a site of ours, and may be replaced


@dataclass(frozen=True, slots=True)
class Written:
    files: int
    written: int
    removed: int
    bytes: int  # of the whole site
    problems: tuple[Problem, ...] = ()  # any: nothing was published


class Busy(Exception):
    """Another build runs; the message names its process."""


# ------------------------------------------------------------------ the site


def publish(outputs: Sequence[Output], out: Path, root: Path, base_path: str) -> Written:
    """Brings `out` to what `outputs` say. Only outputs with another key than last time are made; only files whose bytes
    changed are written. An output that cannot be made, or a broken link, keeps the old site as it is. Raises Busy."""
    out, root = out.resolve(), root.resolve()
    if wrong := refusal(out, root):
        return Written(0, 0, 0, 0, (error(Place(str(out)), wrong),))
    if wrong_names := collisions(outputs):
        return Written(0, 0, 0, 0, tuple(wrong_names))
    remembered = Memo(root)
    with _alone(remembered.folder):
        return _Publication(outputs, out, remembered, base_path).run()


OURS = ("content", "templates", "static", FOLDER, ".git")  # folders of a survey in which no site may stand


def refusal(out: Path, root: Path) -> str | None:
    """Why a site must not be written to `out` (both paths resolved)."""
    if out == root or out in root.parents:
        return "the site cannot be written over the survey itself, or a folder around it"
    if any(root / name in (out, *out.parents) for name in OURS):
        return "the site cannot be written among the survey's own files"
    if out == Path.home().resolve():
        return "the site cannot be written over a home folder"
    if out.exists() and not out.is_dir():
        return "there is a file of this name"
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).exists():
        return f"this folder holds something else (no {MARKER} of an earlier build): empty it, or choose another"
    return None


def collisions(outputs: Sequence[Output]) -> list[Problem]:
    """Outputs that would be one file, also where case or accents are folded, or that would leave the site's folder."""
    taken: dict[str, str] = {}
    problems = []
    for output in outputs:
        folded = normalize("NFC", output.path).casefold()
        if folded in taken:
            hint = "rename the file in static/: the other is made by the build, or differs in case or accents only"
            problems.append(
                error(Place(output.path), f"two things want to be this file ({taken[folded]} is the other)", hint=hint)
            )
        if ".." in output.path.split("/") or output.path.startswith("/"):
            problems.append(error(Place(output.path), "leaves the site's folder"))
        taken[folded] = output.path
    return problems


Kept = dict[str, tuple[str, str, int]]  # path: (key, digest of the bytes, their number)


class _Publication:
    """One run of `publish`."""

    def __init__(self, outputs: Sequence[Output], out: Path, remembered: Memo, base_path: str) -> None:
        self.outputs, self.out, self.memo, self.base_path = outputs, out, remembered, base_path
        self.staging = out.with_name(f".{out.name}.staging-{os.getpid()}")
        self.key = memo.digest(str(out), base_path, memo.code())
        self._recover()
        kept = self.memo.get("outputs", self.key) if (out / MARKER).exists() else None
        self.is_first = kept is None
        self.kept: Kept = {path: (entry[0], entry[1], entry[2]) for path, entry in (kept or {}).items()}
        self.now: Kept = {}
        self.made: list[str] = []  # files with other bytes, staged
        self.pages: dict[str, Links] = {}  # of the pages that were made
        self.problems: list[Problem] = []

    def run(self) -> Written:
        try:
            for output in self.outputs:
                self._stage(output)
            gone = sorted(self.kept.keys() - self.now.keys())
            if not self.problems and (self.made or gone):
                self._publish(gone)
            if self.problems:
                return Written(len(self.now), 0, 0, 0, tuple(self.problems))
            if self.made or gone or self.now != self.kept:
                self.memo.keep("outputs", self.key, self.now)
            return Written(len(self.now), len(self.made), len(gone), sum(size for _, _, size in self.now.values()))
        except Failure as failure:  # of a page that is made only because its links are not remembered
            return Written(len(self.now), 0, 0, 0, (failure.problem,))
        finally:
            self._clear()

    def _stage(self, output: Output) -> None:
        """Makes an output that has changed, and writes it beside the site unless its bytes are the same."""
        if self._is_there(output):
            self.now[output.path] = self.kept[output.path]
            return
        try:
            data = output.make()
        except Failure as failure:
            self.problems.append(failure.problem)
            return
        self.now[output.path] = output.key, memo.digest(data), len(data)
        if output.path.endswith(".html"):
            self.pages[output.path] = links(output.path, data.decode("utf-8"), self.base_path)
        if not self._holds(output.path):
            _write(self.staging / output.path, data)
            self.made.append(output.path)

    def _is_there(self, output: Output) -> bool:
        """Whether the last build made it of the same, and it still stands there."""
        entry = self.kept.get(output.path)
        return entry is not None and entry[0] == output.key and self._has_size(output.path, entry[2])

    def _holds(self, path: str) -> bool:
        """Whether the site has this file with the bytes that it is to have now."""
        before = self.kept.get(path)
        return before is not None and before[1:] == self.now[path][1:] and self._has_size(path, before[2])

    def _has_size(self, path: str, size: int) -> bool:
        try:
            return os.stat(self.out / path).st_size == size  # noqa: PTH116, five times faster than Path.stat
        except OSError:
            return False

    def _publish(self, gone: Sequence[str]) -> None:
        pages = self._all_links()
        self.problems += broken(pages, self.now.keys())
        if self.problems:
            return
        self.memo.forget("outputs")  # until all is done: a run that is cut short leaves nothing to trust
        if self.is_first:
            self._exchange()
        else:
            self._replace(gone)
        self.memo.keep("links", self.key, pages)

    def _all_links(self) -> dict[str, Links]:
        """The links of all pages: those of the made ones, the others' as remembered."""
        before = {} if self.is_first else self.memo.get("links", self.key) or {}
        found = dict(self.pages)
        for output in self.outputs:
            if output.path.endswith(".html") and output.path not in found:
                entry = before.get(output.path)
                if entry is None:
                    found[output.path] = links(output.path, output.make().decode("utf-8"), self.base_path)
                else:
                    found[output.path] = Links(tuple(entry[0]), tuple(entry[1]))
        return found

    def _exchange(self) -> None:
        """A whole site takes the old one's place in one step."""
        self.out.parent.mkdir(parents=True, exist_ok=True)
        put_in_place(self.staging, self.out)

    def _replace(self, gone: Sequence[str]) -> None:
        """The changed files are renamed into the site; nothing else is deleted before the end."""
        first = _in_the_way(gone, self.made)
        self._remove(first)
        for path in self.made:
            (self.out / path).parent.mkdir(parents=True, exist_ok=True)
            (self.staging / path).replace(self.out / path)
        self._remove(sorted(set(gone).difference(first)))

    def _remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            (self.out / path).unlink(missing_ok=True)
            for folder in (self.out / path).parents:
                if folder == self.out or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()

    def _leftovers(self, kind: str) -> list[Path]:
        return sorted(self.out.parent.glob(f".{self.out.name}.{kind}-*"))

    def _recover(self) -> None:
        """Puts the old site back that a run took away and then could not replace."""
        if not self.out.exists() and (old := self._leftovers("old")):
            old[0].rename(self.out)

    def _clear(self) -> None:
        """Removes what this run, or one that was cut short, has left beside the site."""
        for left in (*self._leftovers("staging"), *self._leftovers("old")):
            if left.is_symlink():
                left.unlink()
            else:
                shutil.rmtree(left, ignore_errors=True)


def _in_the_way(gone: Sequence[str], made: Sequence[str]) -> list[str]:
    """Files that stand where one of the made ones needs a folder, or in a folder where one needs to stand."""
    files = set(made)
    folders = {str(parent) for path in made for parent in PurePosixPath(path).parents}
    return [path for path in gone if path in folders or files.intersection(map(str, PurePosixPath(path).parents))]


def _write(place: Path, data: bytes) -> None:
    """A full disk may show only at the end of a write, or when the file is closed."""
    try:
        file = place.open("wb")
    except FileNotFoundError:
        place.parent.mkdir(parents=True, exist_ok=True)
        file = place.open("wb")
    with file:
        file.write(data)


def put_in_place(new: Path, place: Path) -> None:
    """Puts folder `new` where `place` is, so that a reader of `place` finds the old or the new one at every moment.

    What was there stands at `new` afterwards. Where the system cannot exchange two folders, two renames come close; when the
    second fails, the first is taken back.
    """
    if not place.exists():
        new.rename(place)
    elif not _exchanged(new, place):
        old = place.with_name(f".{place.name}.old-{os.getpid()}")
        place.rename(old)
        try:
            new.rename(place)
        except OSError:
            old.rename(place)
            raise
        old.rename(new)


def _exchanged(one: Path, other: Path) -> bool:
    """Linux's renameat2 with RENAME_EXCHANGE; False where there is none."""
    if not sys.platform.startswith("linux"):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the survey's build lock; raises Busy when another process does. Where no lock can be made, there is none."""
    try:
        folder.mkdir(exist_ok=True)
        file = (folder / "lock").open("a+", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        try:
            _lock(file.fileno())
        except OSError:
            file.seek(0)
            raise Busy(f"another build runs (process {file.read() or 'unknown'})") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def marker(version: str, papers: int) -> Output:
    """build.json: says that the folder is a site of ours, and what made it. No time: the same input gives the same bytes."""
    body = json.dumps({"generator": f"papergrove {version}", "papers": papers}).encode() + b"\n"
    return Output(MARKER, memo.digest(body), lambda: body)


# ------------------------------------------------------------------ the content


def write_texts(root: Path, texts: Mapping[str, str]) -> list[str]:
    """Writes the texts (by path below `root`) whose files hold other bytes; gives the paths written.

    All are written beside their places before the first is put there: a full disk or a folder that may not be written changes
    nothing. Each file holds its old or its new text at every moment.
    """
    files = {root / path: text.encode("utf-8") for path, text in texts.items()}
    changed = {place: data for place, data in files.items() if not place.is_file() or place.read_bytes() != data}
    staged = {place: place.with_name(f".{place.name}.{os.getpid()}") for place in changed}
    for place, temporary in staged.items():
        with _named(place, staged):
            _write(temporary, changed[place])
    for place, temporary in staged.items():
        with _named(place, staged):
            temporary.replace(place)
    return [path for path in texts if root / path in changed]


@contextlib.contextmanager
def _named(place: Path, staged: Mapping[Path, Path]) -> Iterator[None]:
    """What fails is told of the file that a person knows, and nothing is left beside any."""
    try:
        yield
    except OSError as failure:
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise OSError(failure.errno, failure.strerror, str(place)) from failure
