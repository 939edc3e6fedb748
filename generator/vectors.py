"""vectors: texts as vectors of their terms (tf-idf), and in few dimensions (latent semantic analysis)"""

import functools
import hashlib
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .text import WRITTEN, runs, spellings, stem

if TYPE_CHECKING:
    from numpy.typing import NDArray

# numpy is imported when the first vector is made: a build that remembers its results needs none. Nothing here multiplies
# matrices by BLAS, whose sums differ from one processor to the next: sums are taken in one order, so the same texts give the
# same bytes on every machine and with any number of threads.

FEWEST = 2  # texts that have a term, for it to count
WIDEST = 0.5  # share of the texts beyond which it says nothing
MOST_TERMS = 20_000  # for the analysis: those that most texts have
DIMENSIONS = 50
ROUNDS = 4  # of the iteration: more change no cosine that matters

# ------------------------------------------------------------------ terms

# What the search's stop words leave: a reader may ask for such words, but no two papers are alike by them.
FUNCTION_WORDS = frozenset({
    "above", "again", "against", "below", "between", "both", "during", "each", "even", "far", "few", "further",
    "having", "here", "less", "many", "more", "much", "nor", "once", "one", "over", "per", "same", "should", "still",
    "such", "themselves", "those", "three", "through", "toward", "towards", "two", "under", "until", "upon", "use",
    "used", "uses", "using", "versus", "very", "via", "well", "whose", "within", "without", "yet",
})  # fmt: skip


def terms(text: str) -> list[str]:
    """Stems of a text and pairs of neighbors among them, without stop words."""
    stems = [term for run in runs(text) for term in _stems(run)]
    return stems + [f"{one} {other}" for one, other in itertools.pairwise(stems)]


@functools.lru_cache(maxsize=1 << 12)  # what a preview counts again and again
def counted(text: str) -> Mapping[str, int]:
    """How often a text has each of its terms."""
    return Counter(terms(text))


@functools.lru_cache(maxsize=1 << 16)
def _stems(run: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in spellings(run) if word not in stop_words() and len(word) > 1)


@functools.lru_cache(maxsize=64)  # a text is asked for all its tags in a row
def spans(text: str) -> Mapping[str, tuple[int, int]]:
    """Where in a text each of its terms first stands."""
    found = [(stemmed, *word.span()) for word in WRITTEN.finditer(text) for stemmed in _stems_of(word[0])]
    places = {stemmed: (start, end) for stemmed, start, end in reversed(found)}
    for (one, start, _), (other, _, end) in reversed(list(itertools.pairwise(found))):
        places[f"{one} {other}"] = start, end
    return places


@functools.lru_cache(maxsize=1 << 16)
def _stems_of(word: str) -> tuple[str, ...]:
    return tuple(stemmed for run in runs(word) for stemmed in _stems(run))


@functools.cache
def stop_words() -> frozenset[str]:
    from lunr.stop_word_filter import WORDS

    return frozenset(WORDS) | FUNCTION_WORDS


# ------------------------------------------------------------------ tf-idf


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Sparse vectors, row after row."""

    starts: "NDArray[Any]"  # where each row begins, and the end of the last
    columns: "NDArray[Any]"
    values: "NDArray[Any]"
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> "NDArray[Any]":
        """The number of the row of each value."""
        import numpy as np

        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def row(self, number: int) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Columns and values."""
        here = slice(self.starts[number], self.starts[number + 1])
        return self.columns[here], self.values[here]

    def chosen(self, numbers: "NDArray[Any]") -> "Rows":
        """Only these rows, in this order."""
        import numpy as np

        lengths = self.starts[numbers + 1] - self.starts[numbers]
        kept = self._places(numbers, lengths)
        return Rows(np.concatenate([[0], np.cumsum(lengths)]), self.columns[kept], self.values[kept], self.width)

    def _places(self, numbers: "NDArray[Any]", lengths: "NDArray[Any]") -> "NDArray[Any]":
        """Where the values of these rows are, one row after the other."""
        import numpy as np

        ends = np.cumsum(lengths)
        return np.repeat(self.starts[numbers] - ends + lengths, lengths) + np.arange(lengths.sum())

    def transposed(self) -> "Rows":
        import numpy as np

        order = np.argsort(self.columns, kind="stable")
        starts = np.searchsorted(self.columns[order], np.arange(self.width + 1))
        return Rows(starts, self.rows[order], self.values[order], len(self))

    def products(self, others: "Rows", number: int) -> "NDArray[Any]":
        """(width): one row of `others` times this matrix."""
        import numpy as np

        columns, values = others.row(number)
        lengths = self.starts[columns + 1] - self.starts[columns]
        places = self._places(columns, lengths)
        return np.bincount(self.columns[places], self.values[places] * np.repeat(values, lengths), self.width)

    def times(self, dense: "NDArray[Any]") -> "NDArray[Any]":
        """The matrix product: (rows, width) times (width, k)."""
        import numpy as np

        rows = self.rows
        columns = np.ascontiguousarray(dense.T)  # what is fetched here and there should lie close together
        return np.stack([np.bincount(rows, self.values * column[self.columns], len(self)) for column in columns], 1)

    def within(self, columns: "NDArray[Any]") -> "Rows":
        """Only the values in the given columns, in ascending order; they are numbered anew."""
        import numpy as np

        number = np.full(self.width, -1)
        number[columns] = np.arange(len(columns))
        kept = number[self.columns] >= 0
        starts = np.concatenate([[0], np.cumsum(kept)])[self.starts]
        return Rows(starts, number[self.columns[kept]], self.values[kept], len(columns))


class Weights:
    """What each term of a collection weighs: idf = ln((1 + N) / (1 + df)) + 1, tf = 1 + ln(count)."""

    def __init__(self, counts: Sequence[Mapping[str, int]]) -> None:
        found = Counter(term for of_text in counts for term in of_text)
        size = len(counts)
        kept = sorted(term for term, df in found.items() if FEWEST <= df <= WIDEST * size)
        self.names = kept
        self.column = {term: at for at, term in enumerate(kept)}
        self.found = [found[term] for term in kept]  # in how many texts
        self.idf = [idf(size, df) for df in self.found]

    def rows(self, counts: Iterable[Mapping[str, int]]) -> Rows:
        """Texts, given by how often they have each term, as unit vectors."""
        import numpy as np

        starts, columns, values = [0], list[int](), list[float]()
        for of_text in counts:
            here = sorted((self.column[term], times) for term, times in of_text.items() if term in self.column)
            weights = [_tf(times) * self.idf[column] for column, times in here]
            length = math.sqrt(math.fsum(weight * weight for weight in weights))
            columns += [column for column, _ in here]
            values += [weight / length for weight in weights]
            starts.append(len(columns))
        return Rows(np.array(starts), np.array(columns, dtype=int), np.array(values), len(self.idf))


def idf(size: int, found: int) -> float:
    return round(math.log((1 + size) / (1 + found)) + 1, 9)  # the last digits of a logarithm are not the same everywhere


@functools.lru_cache(maxsize=1 << 12)
def _tf(times: int) -> float:
    return round(1 + math.log(times), 9)


# ------------------------------------------------------------------ latent semantic analysis


@dataclass(frozen=True, slots=True, eq=False)
class Concepts:
    """The few directions in which the texts of a collection differ most."""

    columns: "NDArray[Any]"  # the terms they are made of
    basis: "NDArray[Any]"  # (columns, dimensions), orthonormal

    @classmethod
    def of(cls, rows: Rows, found: Sequence[int], names: Sequence[str], dimensions: int = DIMENSIONS) -> "Concepts":
        """By subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4) from signs that each text's name gives.

        Only the space is looked for, not its axes: a cosine within it is the same whichever they are.
        """
        import numpy as np

        common = np.argsort(-np.array(found, dtype=int), kind="stable")[:MOST_TERMS]
        columns = np.sort(common)
        texts = rows.within(columns)
        of_term = texts.transposed()
        block = _signs(names)[:, : max(1, min(dimensions, len(names) - 1))]
        for _ in range(ROUNDS):
            block = orthonormal(texts.times(of_term.times(block)))
        return cls(columns, orthonormal(of_term.times(block)))

    def places(self, rows: Rows) -> "NDArray[Any]":
        """(rows, dimensions): unit vectors; a text without a term of these has zeros."""
        return unit(rows.within(self.columns).times(self.basis))

    def slopes(self, columns: "NDArray[Any]", slope: "NDArray[Any]") -> "NDArray[Any]":
        """(columns): how much a text moves along `slope`, a direction among the concepts, with each of these terms."""
        import numpy as np

        at = np.searchsorted(self.columns, columns)
        inside = (at < len(self.columns)) & (self.columns[np.minimum(at, len(self.columns) - 1)] == columns)
        return np.where(inside, (self.basis[np.where(inside, at, 0)] * slope).sum(1), 0)


def _signs(names: Sequence[str]) -> "NDArray[Any]":
    """(names, 256) of 1 and -1."""
    import numpy as np

    digests = b"".join(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() for name in names)
    return np.unpackbits(np.frombuffer(digests, np.uint8).reshape(len(names), 32), axis=1) * 2.0 - 1


def orthonormal(block: "NDArray[Any]") -> "NDArray[Any]":
    """The columns made orthonormal, twice over (Gram and Schmidt); one that the earlier ones span becomes zeros."""
    import numpy as np

    done = np.zeros_like(block)
    for at in range(block.shape[1]):
        column = block[:, at]
        start = _length(column)
        for _ in range(2):
            parts = (done[:, :at] * column[:, None]).sum(0)
            column = column - (done[:, :at] * parts).sum(1)
        length = _length(column)
        done[:, at] = column / length if length > 1e-9 * start else 0
    return done


def _length(vector: "NDArray[Any]") -> float:
    return math.sqrt((vector * vector).sum())


def unit(dense: "NDArray[Any]") -> "NDArray[Any]":
    """The rows with length 1, or 0."""
    import numpy as np

    lengths = np.sqrt((dense * dense).sum(1))
    return dense / np.where(lengths > 1e-12, lengths, np.inf)[:, None]


def cosines(rows: "NDArray[Any]", others: "NDArray[Any]") -> "NDArray[Any]":
    """(rows, others) of unit vectors."""
    import numpy as np

    return np.stack([(rows * other).sum(1) for other in others], 1) if len(others) else np.zeros((len(rows), 0))


# ------------------------------------------------------------------ a collection


class Space:
    """A collection of texts by name, and its vectors, each made when it is first asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    @functools.cached_property
    def counts(self) -> list[Mapping[str, int]]:
        """How often each text has each of its terms."""
        return [counted(text) for text in self.texts.values()]

    @functools.cached_property
    def weights(self) -> Weights:
        return Weights(self.counts)

    @functools.cached_property
    def rows(self) -> Rows:
        """The texts, in their order."""
        return self.weights.rows(self.counts)

    @functools.cached_property
    def concepts(self) -> Concepts:
        return Concepts.of(self.rows, self.weights.found, list(self.texts))

    @functools.cached_property
    def places(self) -> "NDArray[Any]":
        """(texts, dimensions)"""
        return self.concepts.places(self.rows)

    def places_of(self, texts: Iterable[str]) -> "NDArray[Any]":
        """(texts, dimensions) of texts that are not of the collection."""
        return self.concepts.places(self.weights.rows([counted(text) for text in texts]))
