"""files: what may be read: regular files within limits, no link followed; UTF-8 text of them"""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from .report import Place, Problem, error

MAX_BYTES = 1 << 20

IGNORED = ("thumbs.db", "desktop.ini")


def is_ignored(name: str) -> bool:
    """Files that editors and systems leave behind."""
    return name.startswith(".") or name.endswith(("~", ".swp")) or name.lower() in IGNORED


def regular_files(root: Path, folder: str, problems: list[Problem], *, deep: bool = False) -> Iterator[str]:
    """The names of the regular files in a folder (`deep`: and in those below, as paths); what else is there is reported.

    No link is followed, and no device is opened.
    """
    try:
        if link := _link_on_the_way(root, folder):
            problems.append(error(Place(link), "symlinks are not followed", hint="put a folder in its place"))
            return
        entries = list(os.scandir(root / folder))
    except FileNotFoundError:
        return
    except OSError as failure:
        problems.append(error(Place(folder), f"cannot be read: {failure.strerror}"))
        return
    for entry in sorted(entries, key=lambda entry: entry.name):
        if is_ignored(entry.name):
            continue
        if deep and entry.is_dir(follow_symlinks=False):
            yield from (f"{entry.name}/{below}" for below in regular_files(root, f"{folder}/{entry.name}", problems, deep=True))
        elif wrong := _not_regular(entry):
            problems.append(error(Place(f"{folder}/{entry.name}"), wrong, hint="put a regular file in its place"))
        else:
            yield entry.name


def _link_on_the_way(root: Path, folder: str) -> str | None:
    parts = folder.split("/")
    ways = ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    return next((way for way in ways if (root / way).is_symlink()), None)


def _not_regular(entry: os.DirEntry[str]) -> str | None:
    if not _is_unicode(entry.name):
        return "its name is not UTF-8"
    if entry.is_file(follow_symlinks=False):
        return None
    if entry.is_symlink():
        return "symlinks are not followed"
    return "a folder, where only files are expected" if entry.is_dir(follow_symlinks=False) else "not a regular file"


def _is_unicode(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:  # the system gives bytes that are no UTF-8 as lone surrogates
        return False
    return True


def text_of(root: Path, path: str, *, most: int = MAX_BYTES) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a file (None when it is not there), or why it cannot be had. Size and type are looked at before reading."""
    try:
        handle = os.open(root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None, ()
    except OSError as failure:
        is_link = failure.errno in (errno.ELOOP, errno.EMLINK)  # what O_NOFOLLOW gives: the latter on FreeBSD
        said = "symlinks are not followed" if is_link else f"cannot be read: {failure.strerror}"
        return None, (error(Place(path), said),)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return None, (error(Place(path), "not a regular file"),)
        data = b"" if status.st_size > most else _read_all(handle, most)
    except OSError as failure:
        return None, (error(Place(path), f"cannot be read: {failure.strerror}"),)
    finally:
        os.close(handle)
    if status.st_size > most or len(data) > most:
        return None, (error(Place(path), f"is larger than {most:,} bytes"),)
    if len(data) != status.st_size:
        return None, (error(Place(path), "was changed while it was read", hint="run it again"),)
    return decoded(data, path)


def _read_all(handle: int, most: int) -> bytes:
    """At most one byte more than a file may have: a file that grows while it is read is noticed."""
    parts, size = [], 0
    while size <= most and (part := os.read(handle, most + 1 - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def decoded(data: bytes, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as failure:
        before = data[: failure.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return None, (error(Place(path, line, column), f"not UTF-8 at byte {failure.start}", hint="save the file as UTF-8"),)


def unix_lines(text: str) -> str:
    """Without a byte order mark, with every line ended by a line feed."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
