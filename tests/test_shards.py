"""Tables cut into files: what they hold, read back by a reader of its own, and that a change changes no other file."""

import gzip
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from generator import shards
from generator.postings import FIELDS, TITLE, Document, Postings, analysis_of
from generator.shards import LONGEST, Row, Shards, cut, file_name, gaps, length, lines, neighbors, number, packed

FIXTURES = Path(__file__).parent / "fixtures" / "search"


class Reader:
    """Reads what shards.py writes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        byte = self.byte()
        return byte if byte < 128 else byte - 128 + 128 * self.number()

    def length(self) -> int:
        byte = self.byte()
        return byte if byte < 255 else 255 + self.number()

    def text(self) -> str:
        size = self.number()
        self.at += size
        return self.data[self.at - size : self.at].decode("utf-8")

    def ordinals(self) -> list[int]:
        found, last = [], -1
        for _ in range(self.number()):
            last += self.number() + 1
            found.append(last)
        return found

    def is_at_end(self) -> bool:
        assert self.at <= len(self.data)
        return self.at == len(self.data)


Field = list[tuple[int, int, int]]  # paper, times, length of the field
Read = tuple[list[Field], dict[int, list[str]]]  # and, of each title, the words behind the term


def terms_in(data: bytes) -> dict[str, Read]:
    """A file of terms."""
    read, found, units = Reader(data), dict[str, Read](), b""
    while not read.is_at_end():
        units = units[: 2 * read.number()] + read.text().encode("utf-16-be")
        size = read.number()
        row = Reader(data[read.at : read.at + size])
        found[units.decode("utf-16-be")] = fields_and_words(row)
        assert row.is_at_end()
        read.at += size
    return found


def fields_and_words(row: Reader) -> Read:
    counts = [row.number() for _ in FIELDS]
    found: list[Field] = []
    for count in counts:
        papers, last = list[tuple[int, int]](), -1
        for _ in range(count):
            gap = row.number()
            last += (gap >> 1) + 1
            papers.append((last, row.number() if gap & 1 else 1))
        found.append([(paper, times, row.length()) for paper, times in papers])
    if not counts[TITLE]:
        return found, {}
    words = [row.text() for _ in range(row.number())]
    return found, {paper: words_of_title(row, words) for paper, _, _ in found[TITLE]}


def words_of_title(row: Reader, words: Sequence[str]) -> list[str]:
    if len(words) == 1:
        return [*words]
    place = row.number()
    return [words[place >> 1], *(words_of_title(row, words) if place & 1 else [])]


def of(*documents: Document) -> Postings:
    return Postings([analysis_of(document) for document in documents])


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02"), (16_383, "ff7f"), (16_384, "808001"), (1 << 35, "808080808001")],
)
def test_a_number_is_as_long_as_it_must_be(value: int, expected: str) -> None:
    assert number(value).hex() == expected
    assert Reader(number(value)).number() == value


@pytest.mark.parametrize(("words", "expected"), [(0, "00"), (254, "fe"), (255, "ff00"), (256, "ff01"), (1_000, "ffe905")])
def test_a_length_takes_one_byte_unless_it_is_large(words: int, expected: str) -> None:
    assert length(words).hex() == expected
    assert Reader(length(words)).length() == words


def test_gaps_are_between_ordinals() -> None:
    assert gaps([0, 1, 4, 5]) == [0, 0, 2, 0]
    assert gaps([3]) == [3]
    assert gaps([]) == []


def test_neighbors_are_told_in_order() -> None:
    data = neighbors([(2, 1), (), (0, 200)])
    assert data.hex() == "020100000200c701"
    read = Reader(data)
    assert [read.ordinals() for _ in range(3)] == [[1, 2], [], [0, 200]]


# ------------------------------------------------------------------ files


@pytest.mark.parametrize(
    ("first", "name"),
    [
        ("", "-"),
        ("moss", "moss-"),
        ("2024", "2024-"),
        ("con", "con-"),  # a device on some systems
        ("ada-example", "-006100640061002d006500780061006d0070006c0065"),
        ("编织", "-7f167ec7"),
        ("𠀋", "-d840dc0b"),
    ],
)
def test_a_file_is_named_for_the_key_it_begins_with(first: str, name: str) -> None:
    assert file_name(first) == name


def joined(rows: Sequence[Row]) -> bytes:
    return b"|".join(row for _, row in rows)


def test_rows_of_one_key_stay_together() -> None:
    rows = [("a", b"1"), ("b", b"2"), ("b", b"3"), ("b", b"4"), ("c", b"5")]
    assert cut(rows, 1, joined) == Shards(("", "b", "c"), (b"1", b"2|3|4", b"5"))


def test_no_rows_are_one_empty_file() -> None:
    assert cut([], 100, joined) == Shards(("",), (b"",))
    assert lines([], 100) == Shards(("",), (b"",))
    assert shards.terms(of(), 100) == Shards(("",), (b"",))


def table(size: int = 400) -> list[Row]:
    keys = sorted(f"{a}{b}{n}" for a in ("moss", "fern", "reed", "sedge") for b in ("ling", "ful") for n in range(size // 8))
    return [(key, f"{key} {'x' * (zlib.adler32(key.encode()) % 40)}".encode()) for key in keys]


def test_a_file_begins_where_the_key_s_hash_falls_below_the_row_s_bytes() -> None:
    rows = table()
    found = cut(rows, 500, joined)
    begins = [key for key, row in rows[1:] if zlib.crc32(key.encode("utf-8")) % 500 < len(row)]
    assert found.firsts == ("", *begins)
    assert b"|".join(found.files) == joined(rows)
    assert 12 < len(found.files) < 40  # some 25 of 500 bytes are in the table
    assert [name for name, _ in found.named()] == ["-", *(f"{key}-" for key in begins)]


def test_the_chance_of_a_row_of_b_bytes_is_b_in_the_size() -> None:
    die = zlib.crc32(b"moss") % 500
    assert cut([("fern", b""), ("moss", b"x" * die)], 500, joined).firsts == ("",)
    assert cut([("fern", b""), ("moss", b"x" * (die + 1))], 500, joined).firsts == ("", "moss")


def test_a_row_that_would_fill_a_file_begins_one() -> None:
    rows = [("fern", b"a"), *((f"moss{n}", b"b" * 500) for n in range(20)), ("reed", b"c" * 500)]
    assert cut(rows, 500, joined).firsts == ("", *(f"moss{n}" for n in range(20)), "reed")


def test_a_key_too_long_for_a_name_begins_no_file() -> None:
    rows = [("a", b"a"), ("b" * LONGEST, b"b"), ("c" * (LONGEST + 1), b"c")]
    assert cut(rows, 1, joined).firsts == ("", "b" * LONGEST)


def test_a_row_more_or_less_changes_the_files_that_it_is_in_only() -> None:
    rows = table()
    whole = set(cut(rows, 500, joined).named())
    for at, (key, _) in enumerate(rows):
        less = set(cut(rows[:at] + rows[at + 1 :], 500, joined).named())
        assert len(whole - less) <= 2, key  # it was in a file, or began one whose other rows go to the file before
        assert len(less - whole) <= 1, key
        changed = [*rows[:at], (key, b"y" * 30), *rows[at + 1 :]]
        other = set(cut(changed, 500, joined).named())
        assert 1 <= len(other - whole) <= 2, key


def test_lines_are_sorted_as_javascript_does_and_those_of_one_key_keep_their_order() -> None:
    rows = [("﨑", "﨑\t1"), ("moss", "moss\tb"), ("moss", "moss\ta"), ("𠀋", "𠀋\t1"), ("fern", "fern\t1")]
    (file,) = lines(rows, 1_000_000).files
    assert file.decode("utf-8").split("\n") == ["fern\t1", "moss\tb", "moss\ta", "𠀋\t1", "﨑\t1"]


# ------------------------------------------------------------------ terms


def test_a_file_of_terms_by_hand() -> None:
    found = of(Document(title="Moss"), Document(title="Mosses moss", note="mossy " * 300))
    assert found.terms == ("moss", "mossi")
    (file,) = shards.terms(found, 1_000_000).files
    moss = bytes.fromhex("020000000000000001020102") + b"\2\4moss\6mosses" + bytes.fromhex("000102")
    mossi = bytes.fromhex("0001000000000003ac02ff2d")
    assert file == b"\0\4moss" + number(len(moss)) + moss + b"\4\1i" + number(len(mossi)) + mossi


@pytest.mark.parametrize("size", [1, 150, 1_000_000])
def test_all_postings_are_read_back(size: int) -> None:
    rows = json.loads((FIXTURES / "papers.json").read_text(encoding="utf-8"))
    given = [Document(**{name: row.get(name, "") for name in FIELDS}) for row in rows]
    long = Document(title="Moss, mosses and mossing", note="moss " * 700 + "fern " * 3, gist="𠀋𠀌 𠀋𠀍")
    expected = of(*given, long)
    found = shards.terms(expected, size)
    read: dict[str, Read] = {}
    for first, file in zip(found.firsts, found.files, strict=True):
        here = terms_in(file)
        assert not first or next(iter(here)) == first
        read |= here
    assert tuple(read) == expected.terms
    for term, (fields, titled) in read.items():
        for field, papers in enumerate(fields):
            postings = expected.of_field[field].get(term, ())
            assert papers == [(at, times, expected.lengths[field][at]) for at, times in postings], (term, field)
        assert titled == {at: expected.analyses[at].titled[term] for at, _ in expected.of_field[TITLE].get(term, ())}, term
    assert read["moss"][1] == {len(given): ["moss", "mosses", "mossing"]}


def test_same_papers_same_bytes() -> None:
    given = Document(title="Moss and fern", note="Of reeds"), Document(title="Fern")
    assert shards.terms(of(*given), 20) == shards.terms(of(*given), 20)


# ------------------------------------------------------------------ compressed


def test_a_compressed_file_tells_no_time_and_no_system() -> None:
    data = b"moss, fern and reed; " * 50
    file = packed(data)
    assert file[:10].hex() == "1f8b08000000000002ff"
    assert gzip.decompress(file) == data
    assert len(file) < len(data) / 10
    assert gzip.decompress(packed(b"")) == b""
