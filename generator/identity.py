"""identity: when two records are the same paper: by identifier, or by title together with authors or text

An equal title alone says little: among real papers most pairs of equal titles are "Preface", "Poster" or "Withdrawn". A similar
one says nothing: Part I is never Part II.
"""

import difflib
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .model import Paper
from .text import title_key, untexed, written

MERGE, ASK, APART = "merge", "ask", "apart"  # certainly one paper; a person has to say; two papers


@dataclass(frozen=True, slots=True)
class Verdict:
    word: str  # MERGE, ASK or APART
    why: str  # as it follows after a colon


# ------------------------------------------------------------------ identifiers

IDENTIFIERS: dict[str, Callable[[Paper], str | None]] = {  # what two writings of one identifier share
    "arxiv": lambda paper: re.sub(r"v[0-9]+$", "", paper.arxiv) if paper.arxiv else None,
    "doi": lambda paper: paper.doi.casefold() if paper.doi else None,
    "openreview": lambda paper: paper.openreview,
}


def identifiers(paper: Paper) -> Iterator[tuple[str, str]]:
    """(kind, value) of each that the paper has, in the form that all writings of it share."""
    for kind, same in IDENTIFIERS.items():
        if value := same(paper):
            yield kind, value


# ------------------------------------------------------------------ titles


def title_keys(paper: Paper) -> tuple[str, ...]:
    """Of its title and of its other titles, each once."""
    return tuple(dict.fromkeys(map(title_key, (paper.title, *paper.also))))


# Of the 34,453 pairs among 263 real titles none is so much alike.
CORRECTED = 0.8


def is_corrected(title: str, other: str) -> bool:
    """Whether one title is likely the other with its mistakes mended: where something else says that the paper is the same.
    Part I is never Part II, nor 2D ever 3D."""
    alike = difflib.SequenceMatcher(None, title_key(title), title_key(other), autojunk=False).ratio() >= CORRECTED
    return alike and _numbers(title) == _numbers(other)


def _numbers(title: str) -> list[str]:
    """Digits, Roman numerals and single letters, in their order: what tells the parts of a series apart."""
    return re.findall(r"\d+|\b(?:[ivxlc]+|[a-z])\b", title.lower())


def is_called(paper: Paper, title: str) -> bool:
    """Whether a title is one of the paper's, or nearly its own."""
    return title_key(title) in title_keys(paper) or is_corrected(paper.title, title)


# ------------------------------------------------------------------ the verdict

SHORT = 4  # words: a title with fewer needs both authors and text that agree
ALONE = 5  # words of a title that is enough where nothing else can be compared
RUN = 5  # words in a row
AGREES, DIFFERS = 0.5, 0.2  # share of the shorter text's runs that the other has


def verdict(paper: Paper, other: Paper) -> Verdict:
    """Whether the two are one paper, by the rules measured for it: without an identifier or an equal title they never are."""
    mine, others = dict(identifiers(paper)), dict(identifiers(other))
    for kind in mine.keys() & others.keys():
        if mine[kind] == others[kind]:
            return Verdict(MERGE, f"the same {kind}")
    title = _shared_title(paper, other)
    if title is None:
        return Verdict(APART, "different titles")
    found = _of_one_title(_length(title), _share_authors(paper, other), _share_text(paper, other))
    return _more_careful(found) if mine.keys() & others.keys() else found


def _of_one_title(length: int, authors: bool | None, text: float | None) -> Verdict:
    """For an equal title of so many words; None where one of the two says nothing."""
    agrees = text is not None and text >= AGREES
    if agrees and (length >= SHORT or authors):
        return Verdict(MERGE, "the same title and text")
    if authors and not agrees:
        certain = length >= ALONE or (length >= SHORT and (text is None or text > 0.02))
        return Verdict(MERGE if certain else ASK, "the same title and an author of one surname")
    if authors is False and (text is None or text < DIFFERS):
        return Verdict(APART, "no author is the same")
    if text is not None and text < DIFFERS:
        return Verdict(APART, "the abstracts differ")
    if authors is None and text is None:
        return Verdict(MERGE if length >= ALONE else ASK, "the same title, and neither authors nor abstracts to compare")
    return Verdict(
        ASK, "the same title, and little else to compare" if agrees else "the same title, but not quite the same paper"
    )


def _more_careful(found: Verdict) -> Verdict:
    """Where the two have different identifiers of one kind."""
    less = {MERGE: ASK, ASK: APART, APART: APART}[found.word]
    return replace(found, word=less, why=f"{found.why}, but another identifier")


def contradicts(paper: Paper, other: Paper) -> bool:
    """Whether authors or abstracts say that these are two papers."""
    return _of_one_title(ALONE, _share_authors(paper, other), _share_text(paper, other)).word == APART


def _shared_title(paper: Paper, other: Paper) -> str | None:
    theirs = title_keys(other)
    return next((title for title in (paper.title, *paper.also) if title_key(title) in theirs), None)


@functools.lru_cache(maxsize=1 << 10)
def _length(title: str) -> int:
    """In words; of a script without spaces, in pairs of characters."""
    return sum(len(word.parts) for word in written(untexed(title)))


def _share_authors(paper: Paper, other: Paper) -> bool | None:
    """Whether an author of one has the surname of an author of the other; None when there is too little to say."""
    mine, theirs = surnames(paper.authors), surnames(other.authors)
    if mine & theirs:
        return True
    is_partial = any(one.author_count and one.author_count > len(one.authors) for one in (paper, other))
    return None if is_partial or not mine or not theirs else False


GENERATIONS = {"jr", "sr", "ii", "iii", "iv"}


@functools.lru_cache(maxsize=1 << 12)
def surnames(authors: tuple[str, ...]) -> frozenset[str]:
    """`Ada Plum` and `Plum, Ada` give `plum`; Anonymous has none."""
    found = set()
    for name in authors:
        parts = [key for part in name.split(",")[0].split() if (key := title_key(part)) not in GENERATIONS]
        found.update(parts[-1:])
    return frozenset(found - {"anonymous"})


def _share_text(paper: Paper, other: Paper) -> float | None:
    """How much of the shorter abstract stands in the other; where one is missing, the same of the notes if that is enough to
    agree: two people may well write two notes on one paper."""
    if paper.abstract and other.abstract:
        return _containment(paper.abstract, other.abstract)
    share = _containment(paper.note, other.note)
    return share if share is not None and share >= AGREES else None


def _containment(text: str, other: str) -> float | None:
    mine, theirs = _runs(text), _runs(other)
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else None


@functools.lru_cache(maxsize=1 << 10)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [part for word in written(text) for part in word.parts]
    return frozenset(zip(*(words[start:] for start in range(RUN)), strict=False))


# ------------------------------------------------------------------ among many

MOST_COMPARED = 50  # papers of one title that come before: more are never worth the time


def doubles(papers: Iterable[Paper]) -> Iterator[tuple[tuple[Paper, ...], Verdict]]:
    """Papers that share a title and are likely one, together, with the first verdict that says so. Those with one identifier
    are left out: that is certain. The work grows with the number of papers, however many share a title."""
    by_title: dict[str, list[Paper]] = {}
    for paper in papers:
        for key in title_keys(paper):
            by_title.setdefault(key, []).append(paper)
    told: set[tuple[str, ...]] = set()
    for same in by_title.values():
        same.sort(key=lambda paper: paper.id)  # "preface" before "preface-2", unlike their files' names
        found = dict[str, Paper]()
        first: Verdict | None = None
        for one, other, judged in _likely(same):
            found |= {one.id: one, other.id: other}
            first = first or judged
        if first and (ids := tuple(sorted(found))) not in told:
            told.add(ids)
            yield tuple(found.values()), first


def _likely(papers: Sequence[Paper]) -> Iterator[tuple[Paper, Paper, Verdict]]:
    """Each paper of one title with the first before it that it may be."""
    for number, paper in enumerate(papers):
        for other in papers[max(0, number - MOST_COMPARED) : number]:
            judged = verdict(other, paper)
            if judged.word != APART and not set(identifiers(paper)) & set(identifiers(other)):
                yield other, paper, judged
                break
