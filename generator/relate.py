"""relate: the papers that are nearest to each, by the words they share"""

from itertools import chain
from typing import TYPE_CHECKING, Any

from .memo import Memo
from .postings import K1, LARGE, TEXT, B, Postings, idf

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAREST = 5
COMMON = 0.25  # a word that more than this share of the papers has says nothing about what they share
MOST = 500  # ... nor does one that so many have; it bounds the work, which grows with the square of it


def relate(postings: Postings, memo: Memo) -> tuple[tuple[int, ...], ...]:
    """`similar`, remembered: it looks at all papers even when none has changed."""
    known = memo.get("similar", postings.key)
    found = similar(postings) if known is None else tuple(map(tuple, known))
    if known is None:
        memo.keep("similar", postings.key, found)
    return found


def similar(postings: Postings) -> tuple[tuple[int, ...], ...]:
    """Of each paper the ordinals of the nearest ones, nearest first: the cosine of the sums of their words' weights in the text,
    which are lunr's without the fields' boosts: a word says as much of what a paper is about wherever it stands.

    Of equally near papers that of the smaller ordinal is first. A paper that shares no word with any has none. In a large survey
    none has: a reader would fetch ten times as much for them as for all else that a question needs.
    """
    import numpy as np

    size = postings.size
    if size >= LARGE:
        return ((),) * size
    terms, papers, weights = _weighed(postings)
    lengths = np.sqrt(np.bincount(papers, weights=weights * weights, minlength=size))
    shares = weights / lengths[papers]
    counts = np.bincount(terms) if len(terms) else np.zeros(0, dtype=int)
    telling = (counts > 1) & (counts <= min(MOST, COMMON * size))
    kept = telling[terms]
    terms, papers, shares = terms[kept], papers[kept], shares[kept]
    of_term = np.searchsorted(terms, np.arange(len(counts) + 1))  # its rows begin there
    by_paper = np.argsort(papers, kind="stable")
    of_paper = np.searchsorted(papers[by_paper], np.arange(size + 1))
    nearest: list[tuple[int, ...]] = []
    for paper in range(size):
        rows = by_paper[of_paper[paper] : of_paper[paper + 1]]
        spans = [slice(of_term[term], of_term[term + 1]) for term in terms[rows].tolist()]
        if not spans:
            nearest.append(())
            continue
        products = [shares[span] * share for span, share in zip(spans, shares[rows].tolist(), strict=True)]
        cosines = np.bincount(np.concatenate([papers[span] for span in spans]), np.concatenate(products), size)
        cosines[paper] = 0
        nearest.append(_largest(cosines, NEAREST))
    return tuple(nearest)


def _weighed(postings: Postings) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
    """Rows, in order: number of a term, ordinal of a paper that has it, its weight there, summed over the fields."""
    import numpy as np

    number = {term: at for at, term in enumerate(postings.terms)}
    found = np.zeros(len(number), dtype=int)
    keys, weights = [], []
    for field in range(len(TEXT)):
        of_term = postings.of_field[field]
        if not of_term:
            continue
        counts = [len(papers) for papers in of_term.values()]
        terms = np.repeat([number[term] for term in of_term], counts)
        pairs = chain.from_iterable(chain.from_iterable(of_term.values()))
        papers, times = np.fromiter(pairs, dtype=int, count=2 * sum(counts)).reshape(-1, 2).T
        found[[number[term] for term in of_term]] += counts
        lengths = np.array(postings.lengths[field])[papers] / postings.averages[field]
        keys.append(terms * postings.size + papers)
        weights.append((K1 + 1) * times / (K1 * (1 - B + B * lengths) + times))
    if not keys:
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0)
    rarity = np.array([idf(postings.size, count) for count in found.tolist()])  # numpy's own logarithm is not the same everywhere
    key, place = np.unique(np.concatenate(keys), return_inverse=True)
    summed = np.bincount(place, np.concatenate(weights))
    return key // postings.size, key % postings.size, summed * rarity[key // postings.size]


def _largest(values: "NDArray[Any]", most: int) -> tuple[int, ...]:
    """The places of the largest values above 0, the largest first, the first of equals first."""
    import numpy as np

    places = np.flatnonzero(values)
    if len(places) > most:
        least = np.partition(values[places], len(places) - most)[len(places) - most]
        places = places[values[places] >= least]
    order = np.argsort(-values[places], kind="stable")
    return tuple(places[order][:most].tolist())
