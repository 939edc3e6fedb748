"""watch: tells when something that a site is made of has changed"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from . import settings
from .files import is_ignored
from .render import theme_folder

# Milliseconds.
POLL = 300
QUIET = 20  # without a change, before what is there is taken for whole
AT_LATEST = 2000  # comes the next look: some file systems report nothing

# By path. Of a file: what changes when it is saved, also twice within a second. Of a folder: None.
Marks = Mapping[str, tuple[int, int, int] | None]


def look(root: Path) -> Marks:
    """All that a site is made of, as it is now. About 40 ms for 10,000 files."""
    tops = [root / name for name in ("content", "templates", "static")]
    tops += [theme for name in ("templates", "static") if (theme := theme_folder(name)) not in tops]
    marks: dict[str, tuple[int, int, int] | None] = {str(root): None}
    paths = [str(root / settings.SITE)]
    for folder, below, names in (found for top in tops for found in os.walk(str(top))):
        below[:] = [name for name in below if not is_ignored(name)]
        marks[folder] = None
        paths += [os.path.join(folder, name) for name in names if not is_ignored(name)]  # noqa: PTH118, much faster
    for path in paths:
        with contextlib.suppress(OSError):  # gone again
            status = os.stat(path)  # noqa: PTH116, much faster
            marks[path] = status.st_mtime_ns, status.st_size, status.st_ino
    return marks


def changes(root: Path, seen: Marks, poll: bool, stop: threading.Event) -> Iterator[list[str]]:
    """What changed since `seen`, each time that something has, until `stop` is set.

    The bell is hung up before looking, so that no save falls between; it only says when to look.
    """
    while not stop.is_set():
        with bell([path for path, mark in seen.items() if mark is None], poll, stop) as wait:
            while (now := look(root)) == seen and not stop.is_set():
                wait()
        before, seen = seen, settled(root, now, stop)
        if changed := [path for path in before.keys() | seen.keys() if before.get(path) != seen.get(path)]:
            yield sorted(changed)


def settled(root: Path, now: Marks, stop: threading.Event) -> Marks:
    """What is there once nothing changes any more, or after a second: a file is often emptied before it is written."""
    for _ in range(50):
        stop.wait(QUIET / 1000)
        before, now = now, look(root)
        if before == now:
            break
    return now


@contextlib.contextmanager
def bell(folders: Iterable[str], poll: bool, stop: threading.Event) -> Iterator[Callable[[], object]]:
    """A function that returns when something may have changed in one of the folders.

    Each folder is watched by itself: a watch of a file ends when an editor puts another in its place, one of the whole tree
    would hear of `.git` and of the site.
    """
    from watchfiles._rust_notify import RustNotify  # its documented lower half: watching begins when it is made

    try:
        watcher = None if poll else RustNotify(sorted(folders), False, False, 0, False, False)
    except (OSError, RuntimeError):  # a folder that is gone again, or more folders than the system watches
        watcher = None
    if watcher is None:
        yield lambda: stop.wait(POLL / 1000)
        return

    def wait() -> None:
        if watcher.watch(QUIET, QUIET, AT_LATEST, stop) == "signal":
            raise KeyboardInterrupt

    with watcher:
        yield wait
