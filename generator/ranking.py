"""ranking: what a question asks, and how well papers answer it"""

import bisect
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .library import Library
from .postings import LARGE, TITLE, Postings, stop_words, utf16
from .text import Written, folded, stem, written

# static/js/engine.js and query.js do the same in the browser, step for step: change both or neither. These numbers go there
# with the index.
RANKING = {
    "prefix": 0.5,  # what a word counts for that only begins like the one asked for
    "typo": 0.7,  # ... that is spelled a little differently
    "spread": 0.5,  # how much of the mean of its nearest papers' scores a paper gets: what they are about, it is about
    "titled": 1.0,  # how much more a paper scores whose title has all that was asked, as it was typed: it is what was meant
    "nearest": 5,  # papers that a paper's score is spread over
    "begun": 64,  # words that go on from a beginning, those of most papers first
    "groups": 32,  # nobody means more words than this; a pasted page has thousands
    "people": 64,  # authors that `author:` may mean
    "checked": 50,  # papers that are looked at for a phrase, the best first
}
SHORTEST = 3  # letters of a beginning
MOST_EDITS = 2  # one is tried first; two only when no word finds anything

# ------------------------------------------------------------------ the question

_SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_PART = re.compile(f'(?<![^{_SPACE}"”])(-?)(?:(author|has|tag|venue|year):)?(?:["“]([^"“”]+)["”]|([^{_SPACE}]+))', re.IGNORECASE)
_NAME_ALONE = re.compile("-?(author|has|tag|venue|year):", re.IGNORECASE)  # what follows is still to be typed


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a question, one phrase in quotes, or one `name:value`; `without`: with a minus before it."""

    source: str
    text: str
    name: str | None = None
    is_phrase: bool = False
    without: bool = False
    open: bool = False  # it may still be typed


@dataclass(frozen=True, slots=True)
class Group:
    """One word that is asked: any of its spellings may match. `open`: it may still be typed."""

    spellings: tuple[str, ...]
    open: bool = False


def parts_of(question: str) -> list[Part]:
    """No text is an error: what is nothing else is words."""
    found = []
    for match in _PART.finditer(question):
        minus, name, phrase, word = match.groups()
        if _NAME_ALONE.fullmatch(match[0]):
            continue
        is_open = match.end() == len(question) and phrase is None and match[0][-1].isalnum()
        found.append(Part(match[0], phrase or word, name and folded(name), phrase is not None, minus == "-", is_open))
    return found


def groups_of(parts: Iterable[Part]) -> list[Group]:
    """The words of these parts that are asked, each once."""
    asked: dict[tuple[str, ...], Group] = {}
    for part in parts:
        found = [spellings for word in written(part.text) for spellings in spelled(word)]
        for place, spellings in enumerate(found):
            asked[spellings] = Group(spellings, part.open and place == len(found) - 1)
    return list(asked.values())[: int(RANKING["groups"])]


def spelled(word: Written) -> list[tuple[str, ...]]:
    """The groups of one written word. The joined form of a hyphenated one ("pretraining") is another spelling of each of its
    parts ("pre", "training"), not a word more: a paper that writes it has both, and none is short of a word because it writes
    only one of the forms. Where all parts are stop words ("to-do"), the joined form is asked alone."""
    others = () if word.joined is None or word.joined in stop_words() else (word.joined,)
    told = [part for part in word.parts if part not in stop_words()]
    return [(part, *others) for part in told] if told else [(other,) for other in others]


def put_right(question: str, corrections: Mapping[str, str]) -> str | None:
    """The question with its misspelled words corrected; None when there are none."""
    kinds = "".join("L" if c.isalnum() else unicodedata.category(c)[0] for c in question)  # `re` knows no marks
    right, at = "", 0
    for start, end in (found.span() for found in re.finditer("L[LM]*", kinds)):
        word = question[start:end]
        right += question[at:start] + corrections.get(folded(word).replace("ς", "σ"), word)
        at = end
    right += question[at:]
    return None if right == question else right


# ------------------------------------------------------------------ the answer


@dataclass(slots=True)
class Form:
    """One term by which a word is looked for: what it counts for, and the words behind it that were meant."""

    factor: float
    words: set[str]


Forms = Mapping[str, Form]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words of a question find: scores by ordinal, the papers that have every word, and what was put right."""

    scores: Mapping[int, float]
    whole: frozenset[int]
    corrections: Mapping[str, str]


class Ranker:
    """`similar`: of each paper the ordinals of the nearest ones."""

    def __init__(self, postings: Postings, similar: Sequence[Sequence[int]]) -> None:
        self.postings = postings
        self.similar = [sorted(near) for near in similar]

    def read(self, asked: Sequence[Group]) -> Reading:
        """Never empty when anything is near to one of the words."""
        for edits in range(1, MOST_EDITS + 1):
            corrections: dict[str, str] = {}
            forms = [self._forms(group, edits, corrections) for group in asked]
            scores, whole = self._ranked(forms)
            if scores:
                return Reading(scores, whole, corrections)
        return Reading({}, frozenset(), {})

    # -------------------------------------------------------------- words

    @cached_property
    def _lexicon(self) -> tuple[list[str], list[bytes]]:
        words = sorted(self.postings.lexicon, key=utf16)
        return words, [utf16(word) for word in words]

    @cached_property
    def _ends(self) -> Mapping[str, Sequence[str]]:
        """The words by their last two letters."""
        found: dict[str, list[str]] = {}
        for word in self._lexicon[0]:
            found.setdefault(word[-2:], []).append(word)
        return found

    def beginning(self, prefix: str) -> list[str]:
        """The words that begin so, in order."""
        words, keys = self._lexicon
        start = bisect.bisect_left(keys, utf16(prefix))
        end = start
        while end < len(words) and words[end].startswith(prefix):
            end += 1
        return words[start:end]

    def _begun(self, prefix: str) -> list[str]:
        by_count = sorted(self.beginning(prefix), key=lambda word: -self.postings.lexicon[word])
        return by_count[: int(RANKING["begun"])]

    def near(self, word: str, edits: int) -> list[str]:
        """The words that so many letters added, dropped, changed or swapped make of it, in order.

        They are looked for among those that share its first or its last two letters; nearly all do. Short words are near to too
        many others: one edit needs four letters, two need six.
        """
        allowed = min(edits, len(word) // 2 - 1)
        if allowed <= 0:
            return []
        candidates = {*self.beginning(word[:2]), *self._ends.get(word[-2:], ())}
        return sorted((other for other in candidates if is_within_edits(other, word, allowed)), key=utf16)

    def closest(self, word: str) -> list[str]:
        """At most five words that share the most first letters with it."""
        for length in range(len(word), 1, -1):
            if found := self._begun(word[:length]):
                return found[:5]
        return []

    # -------------------------------------------------------------- scores

    def papers_with(self, group: Group) -> frozenset[int]:
        """The papers that have a word as it is spelled."""
        terms = [stem(word) for word in group.spellings]
        found = (postings.get(term, ()) for postings in self.postings.of_field for term in terms)
        return frozenset(ordinal for papers in found for ordinal, _ in papers)

    def _forms(self, group: Group, edits: int, corrections: dict[str, str]) -> Forms:
        """The terms that may stand for a word: itself, and longer ones while it may still be typed; where there are none, those
        of nearly the same words; where there are none either, of longer ones."""
        forms: dict[str, Form] = {}

        def add(word: str, factor: float) -> None:
            term = stem(word)
            if term in forms:
                forms[term].words.add(word)
            elif self.postings.has(term):
                forms[term] = Form(factor, {word})

        for word in group.spellings:
            add(word, 1)
        longer = [other for word in group.spellings if len(word) >= SHORTEST for other in self._begun(word)]
        if group.open:
            for other in longer:
                add(other, RANKING["prefix"])
        if forms:
            return forms
        for word in group.spellings:
            near = self.near(word, edits)
            for other in near:
                add(other, RANKING["typo"])
            if near:
                corrections[word] = max(near, key=lambda other: self.postings.lexicon[other])
        if not forms:
            for other in longer:
                add(other, RANKING["prefix"])
        return forms

    def _ranked(self, forms: Sequence[Forms]) -> tuple[Mapping[int, float], frozenset[int]]:
        """A word scores by the best of its forms, a paper by the sum over words times the share of the words that it has. The
        share counts less in long questions, of which no paper has every word."""
        known = [group for group in forms if group]
        matched: dict[int, int] = {}
        summed: dict[int, float] = {}
        titled: dict[int, int] = {}
        for group in known:
            for ordinal, score in self._best(group).items():
                summed[ordinal] = summed.get(ordinal, 0.0) + score
                matched[ordinal] = matched.get(ordinal, 0) + 1
            for ordinal in self._titled(group):
                titled[ordinal] = titled.get(ordinal, 0) + 1
        words = len(known)
        scores = {ordinal: score * _share(matched[ordinal], words) for ordinal, score in summed.items()}
        spread = {ordinal: self._spread(ordinal, scores) for ordinal in scores}
        for ordinal, count in titled.items():
            share = count / len(forms)
            spread[ordinal] *= 1 + RANKING["titled"] * share * share
        return spread, frozenset(ordinal for ordinal, count in matched.items() if count == len(forms))

    def _best(self, forms: Forms) -> Mapping[int, float]:
        best: dict[int, float] = {}
        for term, form in forms.items():
            for ordinal, score in self.postings.scores(term).items():
                best[ordinal] = max(best.get(ordinal, 0.0), form.factor * score)
        return best

    def _titled(self, forms: Forms) -> set[int]:
        """The papers whose titles have the word as it was typed, or as it was meant."""
        return {
            ordinal
            for term, form in forms.items()
            for ordinal, _ in self.postings.of_field[TITLE].get(term, ())
            if not form.words.isdisjoint(self.postings.analyses[ordinal].titled[term])
        }

    def _spread(self, ordinal: int, scores: Mapping[int, float]) -> float:
        around = 0.0
        for other in self.similar[ordinal]:
            around += scores.get(other, 0.0)
        return scores[ordinal] + RANKING["spread"] * around / RANKING["nearest"]


def lenders(library: Library) -> tuple[tuple[int, ...], ...]:
    """Of each paper, by its place in `taken_in`, those of the papers nearest to it. In a large survey none has any: a reader
    would fetch ten times as much for them as for all else that a question needs."""
    if len(library.papers) >= LARGE:
        return ((),) * len(library.papers)
    place = {paper.id: ordinal for ordinal, paper in enumerate(library.taken_in)}
    most = int(RANKING["nearest"])
    return tuple(tuple(place[one.id] for one in library.related.get(paper.id, ())[:most]) for paper in library.taken_in)


def _share(matched: int, words: int) -> float:
    share = matched / words
    return share if words <= 4 else share ** (2 / words)


def is_within_edits(a: str, b: str, edits: int) -> bool:
    """Whether so many letters added, dropped, changed or swapped with the next one lead from a to b."""
    if abs(len(a) - len(b)) > edits:
        return False
    same = 0
    while same < len(a) and same < len(b) and a[same] == b[same]:
        same += 1
    x, y = a[same:], b[same:]
    if not x or not y:
        return True
    if edits == 0:
        return False
    return (
        is_within_edits(x[1:], y[1:], edits - 1)
        or is_within_edits(x[1:], y, edits - 1)
        or is_within_edits(x, y[1:], edits - 1)
        or (x[:1] == y[1:2] and x[1:2] == y[:1] and is_within_edits(x[2:], y[2:], edits - 1))
    )
