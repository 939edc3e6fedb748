"""write: outputs to the site's folder, staged and exchanged so that no reader meets half a site; texts to content/"""

import contextlib
import ctypes
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from . import memo
from .links import Links, broken, links
from .memo import Memo
from .model import Output
from .report import Place, Problem, error

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
    changed are written. Broken links keep the old site as it is. Raises Busy."""
    if wrong := refusal(out, root):
        return Written(0, 0, 0, 0, (error(Place(str(out)), wrong),))
    if wrong_names := collisions(outputs):
        return Written(0, 0, 0, 0, tuple(wrong_names))
    remembered = Memo(root)
    with _alone(remembered.folder):
        return _Publication(outputs, out, remembered, base_path).run()


def refusal(out: Path, root: Path) -> str | None:
    """Why a site must not be written to `out`."""
    out, root = out.resolve(), root.resolve()
    if out == root or out in root.parents:
        return "the site cannot be written over the survey itself, or a folder around it"
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
            hint = "rename the static file, or change the id"
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
        self.key = memo.digest(str(out.resolve()), base_path, memo.code())
        kept = self.memo.get("outputs", self.key) if (out / MARKER).exists() else None
        self.kept: Kept | None = {path: (entry[0], entry[1], entry[2]) for path, entry in kept.items()} if kept else None

    def run(self) -> Written:
        kept = self.kept or {}
        made = {output.path: output.make() for output in self.outputs if not self._is_there(output)}
        now: Kept = {}
        for output in self.outputs:
            data = made.get(output.path)
            now[output.path] = kept[output.path] if data is None else (output.key, memo.digest(data), len(data))
            if data is not None and self._holds(output.path, now[output.path]):
                del made[output.path]  # another key, but the same bytes
        gone = sorted(kept.keys() - now.keys())
        changed = bool(made or gone)
        if changed:
            pages = self._links(made)
            if problems := broken(pages, now.keys()):
                return Written(len(now), 0, 0, 0, tuple(problems))
            self.memo.forget("outputs")  # until all is done: a run that is cut short leaves nothing to trust
            self._replace(made) if self.kept else self._exchange(made)
            self._remove(gone)
            self.memo.keep("links", self.key, pages)
        if changed or now != kept:
            self.memo.keep("outputs", self.key, now)
        return Written(len(now), len(made), len(gone), sum(size for _, _, size in now.values()))

    def _is_there(self, output: Output) -> bool:
        """Whether the last build made it of the same, and it still stands there."""
        entry = self.kept.get(output.path) if self.kept else None
        return entry is not None and entry[0] == output.key and self._has_size(output.path, entry[2])

    def _holds(self, path: str, entry: tuple[str, str, int]) -> bool:
        before = self.kept.get(path) if self.kept else None
        return before is not None and before[1:] == entry[1:] and self._has_size(path, entry[2])

    def _has_size(self, path: str, size: int) -> bool:
        try:
            return os.stat(self.out / path).st_size == size  # noqa: PTH116, five times faster than Path.stat
        except OSError:
            return False

    def _links(self, made: Mapping[str, bytes]) -> dict[str, Links]:
        """The links of all pages: those of the made ones read now, the others' remembered."""
        before = self.memo.get("links", self.key) or {} if self.kept else {}
        found: dict[str, Links] = {}
        for output in self.outputs:
            if output.path.endswith(".html"):
                entry = before.get(output.path)
                if output.path in made or entry is None:
                    data = made.get(output.path) or output.make()
                    found[output.path] = links(output.path, data.decode("utf-8"), self.base_path)
                else:
                    found[output.path] = Links(tuple(entry[0]), tuple(entry[1]))
        return found

    def _exchange(self, made: Mapping[str, bytes]) -> None:
        """A whole site: written beside the old one, then put in its place in one step."""
        with self._staged(made) as folder:
            put_in_place(folder, self.out)

    def _replace(self, made: Mapping[str, bytes]) -> None:
        """The changed files only: all are written beside the site, then renamed into it."""
        with self._staged(made) as folder:
            for path in made:
                (self.out / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).replace(self.out / path)

    @contextlib.contextmanager
    def _staged(self, files: Mapping[str, bytes]) -> Iterator[Path]:
        """A folder beside the site with these files, which is gone afterwards, and so is what an earlier run has left."""
        self.out.parent.mkdir(parents=True, exist_ok=True)
        for kind in ("staging", "old"):
            for left in self.out.parent.glob(f".{self.out.name}.{kind}-*"):
                shutil.rmtree(left)
        folder = self.out.with_name(f".{self.out.name}.staging-{os.getpid()}")
        try:
            _write_all(folder, files)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _remove(self, gone: Sequence[str]) -> None:
        for path in gone:
            (self.out / path).unlink(missing_ok=True)
            for folder in (self.out / path).parents:
                if folder == self.out or any(folder.iterdir()):
                    break
                folder.rmdir()


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    folders: set[Path] = set()
    for path, data in files.items():
        place = folder / path
        if place.parent not in folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            folders.add(place.parent)
        _write(place, data)


def _write(place: Path, data: bytes) -> None:
    """Whole or not at all: a full disk may show only at the end of a write, or when the file is closed."""
    with place.open("wb") as file:
        file.write(data)


def _staged(place: Path, data: bytes) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        _write(temporary, data)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def put_in_place(new: Path, place: Path) -> None:
    """Puts folder `new` where `place` is, so that a reader of `place` finds the old or the new one at every moment.

    What was there stands at `new` afterwards. Where the system cannot exchange two folders, two renames come close.
    """
    if not place.exists():
        new.rename(place)
    elif not _exchanged(new, place):
        old = place.with_name(f".{place.name}.old-{os.getpid()}")
        place.rename(old)
        new.rename(place)
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
    """Holds the survey's build lock; raises Busy when another process does."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("a+", encoding="utf-8") as file:
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
    """Writes the texts (by path below `root`) whose files hold other bytes, each whole or not at all; gives the paths written."""
    written = []
    for path, text in texts.items():
        place, data = root / path, text.encode("utf-8")
        if not place.is_file() or place.read_bytes() != data:
            _staged(place, data).replace(place)
            written.append(path)
    return written
