"""shards: sorted tables cut into files where a key's hash says, so that a change of one row changes one file"""

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .postings import TITLE, Postings, utf16

# static/js/store.js reads what is written here.
LONGEST = 20  # letters of a key that names a file


@dataclass(frozen=True, slots=True)
class Shards:
    """`firsts`: the key that each file begins with, in order; the first file's is "", for it holds what sorts before all."""

    firsts: tuple[str, ...]
    files: tuple[bytes, ...]

    def named(self) -> Iterator[tuple[str, bytes]]:
        return zip(map(file_name, self.firsts), self.files, strict=True)


def file_name(first: str) -> str:
    """A name that every system takes ("con" is a device on some)."""
    plain = re.fullmatch("[a-z0-9]*", first)
    return f"{first}-" if plain else "-" + utf16(first).hex()


Row = tuple[str, bytes]  # its key, and all of it


def cut(rows: Iterable[Row], size: int, joined: Callable[[Sequence[Row]], bytes]) -> Shards:
    """The rows, sorted by key, in files of about `size` bytes. Rows of one key stay together.

    A row of b bytes begins a file with the chance b in `size`, for which its key's hash is the die: so no change of a row moves
    where others are cut.
    """
    firsts, held, last = [""], list[list[Row]]([[]]), ""
    for key, row in rows:
        if key != last and held[-1] and len(key) <= LONGEST and zlib.crc32(key.encode("utf-8")) % size < len(row):
            firsts.append(key)
            held.append([])
        held[-1].append((key, row))
        last = key
    return Shards(tuple(firsts), tuple(map(joined, held)))


def lines(rows: Iterable[tuple[str, str]], size: int) -> Shards:
    """A table of text, sorted here: a row is a line that begins with its key."""
    ordered = sorted(rows, key=lambda row: utf16(row[0]))
    return cut(((key, line.encode("utf-8")) for key, line in ordered), size, lambda held: b"\n".join(row for _, row in held))


def terms(postings: Postings, size: int) -> Shards:
    """The postings of all terms. A file holds, of each term: how many letters it shares with the one before, the rest of it,
    and the bytes of its postings; the rest and the postings each after the number of their bytes."""

    def joined(held: Sequence[Row]) -> bytes:
        out, before = bytearray(), ""
        for term, row in held:
            shared = _shared(before, term)
            rest = term[shared:].encode("utf-8")
            out += number(len(utf16(term[:shared])) // 2) + number(len(rest)) + rest + number(len(row)) + row
            before = term
        return bytes(out)

    return cut(((term, posting_bytes(postings, term)) for term in postings.terms), size, joined)


def posting_bytes(postings: Postings, term: str) -> bytes:
    """Of each field the number of papers; then, field by field, the papers, and the lengths of the field in them. A paper is the
    gap to the one before, doubled, plus 1 when the term's count follows, where it is more than 1. Where titles have the term,
    the words behind it end the row: their number, each after its length, and, if they are several, those of each title,
    doubled, plus 1 when another one of the same title follows.

    With the lengths a file says all that lunr's formula asks of a paper: they cost less than a file of all lengths would.
    """
    found = [of_field.get(term, ()) for of_field in postings.of_field]
    out = bytearray()
    for papers in found:
        out += number(len(papers))
    for field, papers in enumerate(found):
        last = -1
        for ordinal, times in papers:
            out += number((ordinal - last - 1) << 1 | (times > 1))
            if times > 1:
                out += number(times)
            last = ordinal
        lengths = postings.lengths[field]
        for ordinal, _ in papers:
            out += length(lengths[ordinal])
    if found[TITLE]:
        out += _title_bytes([postings.analyses[ordinal].titled[term] for ordinal, _ in found[TITLE]])
    return bytes(out)


def _title_bytes(titled: Sequence[Sequence[str]]) -> bytes:
    words = sorted({word for found in titled for word in found}, key=utf16)
    place = {word: at for at, word in enumerate(words)}
    out = bytearray(number(len(words)))
    for word in words:
        data = word.encode("utf-8")
        out += number(len(data)) + data
    if len(words) > 1:
        for found in titled:
            for word in found:
                out += number(place[word] << 1 | (word != found[-1]))
    return bytes(out)


def neighbors(similar: Sequence[Sequence[int]]) -> bytes:
    """Of each paper: how many papers are near, and the gaps between their ordinals in order."""
    out = bytearray()
    for near in similar:
        out += number(len(near))
        for gap in gaps(sorted(near)):
            out += number(gap)
    return bytes(out)


def gaps(ordinals: Iterable[int]) -> list[int]:
    """Of ordinals in order, what each exceeds the next after the one before by."""
    found, last = [], -1
    for ordinal in ordinals:
        found.append(ordinal - last - 1)
        last = ordinal
    return found


_BYTES = [bytes([value]) for value in range(256)]


def number(value: int) -> bytes:
    """Seven bits a byte, the low ones first; all bytes but the last have their high bit set (LEB128)."""
    if value < 128:
        return _BYTES[value]
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def length(words: int) -> bytes:
    """One byte for nearly all; after a full one, what is more."""
    return _BYTES[words] if words < 255 else b"\xff" + number(words - 255)


def packed(data: bytes) -> bytes:
    """Compressed with gzip."""
    compressed = gzip.compress(data, 9, mtime=0)
    return compressed[:9] + b"\xff" + compressed[10:]  # made on no system in particular


def _shared(a: str, b: str) -> int:
    same = 0
    while same < len(a) and same < len(b) and a[same] == b[same]:
        same += 1
    return same
