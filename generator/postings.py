"""postings: which papers have a term, field by field, and what lunr scores them by it"""

import functools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from .text import runs, spellings, stem

# Fields of a Document -> what a match in them counts for. The fields of a set are one index: lunr counts a word's papers in
# all of them, and sums their scores.
TEXT = {"title": 1.5, "note": 1.0, "findings": 1.0, "gist": 1.0}  # a heavier title hurts: its words already weigh more
NAMES = {"authors": 0.5, "tags": 0.5, "venue": 0.5}  # found by plain words too, and by `author:` and the like
FIELDS = (*TEXT, *NAMES)
BOOSTS = (*TEXT.values(), *NAMES.values())
TITLE = FIELDS.index("title")

LARGE = 20_000  # papers

# The parameters of BM25 as lunr has them.
K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text by which one paper is found. Where a field has several values, each is a line."""

    title: str  # and its other titles
    note: str = ""  # and the abstract
    findings: str = ""
    gist: str = ""
    authors: str = ""
    tags: str = ""  # labels and synonyms of its tags and of their parents
    venue: str = ""  # and the years and identifiers


@dataclass(frozen=True, slots=True)
class Analysis:
    """The words of one document, without stop words."""

    counts: tuple[Mapping[str, int], ...]  # of each field, how often it has each term
    titled: Mapping[str, Sequence[str]]  # the words of the title by their terms
    words: tuple[str, ...]  # of all fields, each once

    @property
    def lengths(self) -> tuple[int, ...]:
        """Of each field, in words."""
        return tuple(sum(counts.values()) for counts in self.counts)


def texts_of(document: Document) -> tuple[str, ...]:
    """Of each field."""
    return tuple(getattr(document, name) for name in FIELDS)


def analysis_of(document: Document) -> Analysis:
    fields = [runs(text) for text in texts_of(document)]
    titled: dict[str, list[str]] = {}
    for word in sorted(set(chain.from_iterable(map(_told, fields[TITLE])))):
        titled.setdefault(stem(word), []).append(word)
    counts = tuple(dict(Counter(chain.from_iterable(map(_terms, found)))) for found in fields)
    return Analysis(counts, titled, tuple(sorted(set(chain.from_iterable(map(_told, chain.from_iterable(fields)))))))


@functools.lru_cache(maxsize=1 << 16)
def _told(run: str) -> tuple[str, ...]:
    """The words of a run, without stop words."""
    return tuple(word for word in spellings(run) if word not in stop_words())


@functools.lru_cache(maxsize=1 << 16)
def _terms(run: str) -> tuple[str, ...]:
    return tuple(map(stem, _told(run)))


@functools.cache
def stop_words() -> frozenset[str]:
    """Those of lunr.js and lunr.py."""
    from lunr.stop_word_filter import WORDS

    return frozenset(WORDS)


class Postings:
    """Which papers have a term, and what lunr scores them by it. A paper is its ordinal, its place in `analyses`."""

    def __init__(self, analyses: Sequence[Analysis], key: str = "") -> None:
        self.analyses = analyses
        self.key = key  # of all that they were made of
        self.size = len(analyses)

    @cached_property
    def lengths(self) -> tuple[tuple[int, ...], ...]:
        """Of each field, its length in each paper."""
        return tuple(zip(*(analysis.lengths for analysis in self.analyses), strict=True)) or ((),) * len(FIELDS)

    @cached_property
    def averages(self) -> tuple[float, ...]:
        return tuple(sum(lengths) / self.size if self.size else 0.0 for lengths in self.lengths)

    @cached_property
    def of_field(self) -> tuple[Mapping[str, Sequence[tuple[int, int]]], ...]:
        """Of each field, its terms, each with the papers that have it there and how often, in their order."""
        found: tuple[dict[str, list[tuple[int, int]]], ...] = tuple({} for _ in FIELDS)
        for ordinal, analysis in enumerate(self.analyses):
            for postings, counts in zip(found, analysis.counts, strict=True):
                for term, times in counts.items():
                    postings.setdefault(term, []).append((ordinal, times))
        return found

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """In JavaScript's order."""
        return tuple(sorted({term for postings in self.of_field for term in postings}, key=utf16))

    @cached_property
    def lexicon(self) -> Mapping[str, int]:
        """The words that the terms were made of, each with the number of papers that have it. In a large survey those of one
        paper are left out: most are slips of the pen, and all are found when they are spelled out."""
        words = Counter(word for analysis in self.analyses for word in analysis.words)
        return words if self.size < LARGE else {word: count for word, count in words.items() if count > 1}

    def has(self, term: str) -> bool:
        return any(term in postings for postings in self.of_field)

    def weights(self, term: str, boosts: Sequence[float] = BOOSTS) -> tuple[Mapping[int, float], ...]:
        """Of each field, what lunr scores its papers by this term."""
        lists = [postings.get(term, ()) for postings in self.of_field]
        text = len(TEXT)
        idfs = [idf(self.size, sum(map(len, part))) for part in (lists[:text], lists[text:])]
        return tuple(
            {
                ordinal: weight(idfs[field >= text], times, self.lengths[field][ordinal] / self.averages[field], boosts[field])
                for ordinal, times in found
            }
            for field, found in enumerate(lists)
        )

    def scores(self, term: str) -> Mapping[int, float]:
        """The sum of the weights in the text, and that in the names besides."""
        by_field = self.weights(term)
        text, names = _summed(by_field[: len(TEXT)]), _summed(by_field[len(TEXT) :])
        return {ordinal: text.get(ordinal, 0.0) + names.get(ordinal, 0.0) for ordinal in text | names}


def _summed(weights: Sequence[Mapping[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    for field in weights:
        for ordinal, value in field.items():
            total[ordinal] = total.get(ordinal, 0.0) + value
    return total


def idf(size: int, found: int) -> float:
    """lunr's: `found` counts a paper once for each field that has the word, so it may exceed the number of papers."""
    return math.log(1 + abs((size - found + 0.5) / (found + 0.5)))


def weight(rarity: float, times: int, length: float, boost: float) -> float:
    """BM25 as lunr rounds it. `length`: the field's, over the average."""
    exact = rarity * ((K1 + 1) * times) / (K1 * (1 - B + B * length) + times) * boost
    return math.floor(exact * 1000 + 0.5) / 1000  # JavaScript's rounding: a half goes up


def utf16(word: str) -> bytes:
    """Puts words in JavaScript's order."""
    return word.encode("utf-16-be")
