"""search: what the site's search finds, without a browser"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property

from .library import Library
from .model import Paper
from .pages.words import NAMED, byline, kinds, passages
from .postings import Postings, utf16
from .ranking import RANKING, Part, Ranker, groups_of, lenders, parts_of, put_right
from .text import written

# static/js/engine.js and filters.js do the same in the browser, step for step: change both or neither.


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    paper: Paper
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    whole: int  # papers that have every word of the question
    corrected: str | None  # the question with its misspelled words put right
    results: tuple[Result, ...]  # papers that have any word of it, the best first
    near: tuple[str, ...] = ()  # of no paper: words that are nearest to those that were asked


class Search:
    def __init__(self, library: Library, postings: Postings) -> None:
        self.library = library
        self.papers = library.taken_in
        self.ranker = Ranker(postings, lenders(library))

    def answer(self, question: str) -> Answer:
        """Without words to tell them apart, all papers within the bounds of the question, newest first."""
        parts, allows = self._bounded(parts_of(question))
        asked = groups_of(parts)
        if not asked:
            place = {paper.id: ordinal for ordinal, paper in enumerate(self.papers)}
            newest = [place[paper.id] for paper in self.library.papers]
            results = self._results(filter(allows, newest), {})
            return Answer(whole=len(results), corrected=None, results=results)
        reading = self.ranker.read(asked)
        if not reading.scores:
            near = dict.fromkeys(word for group in asked for word in self.ranker.closest(group.spellings[0]))
            return Answer(whole=0, corrected=None, results=(), near=tuple(near)[:5])
        found = sorted(filter(allows, reading.scores), key=lambda ordinal: (-reading.scores[ordinal], -ordinal))
        corrected = put_right(question, reading.corrections)
        if phrases := [part for part in parts if part.is_phrase and groups_of([part])]:
            held = self._holding(phrases, found)
            corrected = corrected if held else re.sub('["“”]', "", corrected or question)
            found = held or found
        whole = sum(ordinal in reading.whole for ordinal in found)
        return Answer(whole=whole, corrected=corrected, results=self._results(found, reading.scores))

    def _results(self, ordinals: Iterable[int], scores: Mapping[int, float]) -> tuple[Result, ...]:
        return tuple(Result(paper=self.papers[ordinal], score=scores.get(ordinal, 0.0)) for ordinal in ordinals)

    # -------------------------------------------------------------- bounds

    def _bounded(self, parts: Sequence[Part]) -> tuple[list[Part], Callable[[int], bool]]:
        """The parts that are words, and whether a paper is within the bounds of the others."""
        found, excluded, required = [], list[AbstractSet[int]](), list[AbstractSet[int]]()
        for part in parts:
            papers = self._bound(part) if part.name else None
            if papers is not None:
                (excluded if part.without else required).append(papers)
                continue
            known = replace(part, text=part.source, is_phrase=False) if part.name else part
            if part.without:
                excluded.append(self._having_all([known]))
            else:
                found.append(known)

        def allows(ordinal: int) -> bool:
            return all(ordinal in papers for papers in required) and not any(ordinal in papers for papers in excluded)

        return found, allows

    def _having_all(self, parts: Sequence[Part]) -> AbstractSet[int]:
        """The papers that have all words of these parts as they are spelled; none when there are no words."""
        having = [self.ranker.papers_with(group) for group in groups_of(parts)]
        return frozenset.intersection(*having) if having else frozenset()

    def _bound(self, part: Part) -> AbstractSet[int] | None:
        """The papers that a `name:value` asks for; None when it names nothing."""
        if part.name == "year":
            years = years_of(part.text)
            return None if years is None else {at for at, paper in enumerate(self.papers) if _is_within(paper.year, years)}
        asked = plain_words(part.text)
        named = self._people(asked) if part.name == "author" else self._named(part.name or "", asked)
        having = self._having[part.name or ""]
        return {ordinal for value in named for ordinal in having[value]} if named else None

    @cached_property
    def _having(self) -> Mapping[str, Mapping[str, list[int]]]:
        """By name and value, the papers that have it."""
        having: dict[str, defaultdict[str, list[int]]] = {name: defaultdict(list) for name in VALUES}
        for name, values_of in VALUES.items():
            for ordinal, paper in enumerate(self.papers):
                for value in dict.fromkeys(values_of(self.library, paper)):
                    having[name][value].append(ordinal)
        return having

    def _named(self, name: str, asked: Sequence[str]) -> list[str]:
        """The values whose names are these words; where there are none, those whose names go on from them."""
        known = [(value, " ".join(plain_words(text))) for value in self._having[name] for text in self._names(name, value)]
        same = [value for value, text in known if asked and text == " ".join(asked)]
        return same or [value for value, text in known if asked and text.startswith(" ".join(asked))]

    def _names(self, name: str, value: str) -> tuple[str, ...]:
        if name != "tag":
            return (value,)
        tag = self.library.tag[value]
        return tag.id, tag.label, *tag.synonyms

    def _people(self, asked: Sequence[str]) -> list[str]:
        """The authors whose names have all these words; where there are none, words that begin so."""
        if not asked:
            return []
        by_word = self.library.authors_by_word
        exact = [[author.slug for author in by_word.get(word, ())] for word in asked]
        words = sorted(by_word, key=utf16)
        begun = [[author.slug for known in words if known.startswith(word) for author in by_word[known]] for word in asked]
        for first, *others in (exact, begun):
            found = [slug for slug in dict.fromkeys(first) if all(slug in slugs for slugs in others)]
            if found:
                return found[: int(RANKING["people"])]
        return []

    # -------------------------------------------------------------- phrases

    def _holding(self, phrases: Sequence[Part], found: Sequence[int]) -> list[int]:
        """Those of the best papers that have all phrases. Which words stand beside each other only their texts tell."""
        likely = self._having_all(phrases)
        checked = [ordinal for ordinal in found if ordinal in likely][: int(RANKING["checked"])]
        return [ordinal for ordinal in checked if all(self._holds(self.papers[ordinal], phrase.text) for phrase in phrases)]

    def _holds(self, paper: Paper, phrase: str) -> bool:
        texts = (paper.title, byline(paper, NAMED), paper.gist or "", *passages(paper))
        return any(_line(phrase) in _line(text) for text in texts)


VALUES: Mapping[str, Callable[[Library, Paper], Iterable[str]]] = {
    "tag": lambda library, paper: library.tags_of(paper),
    "venue": lambda _, paper: [paper.venue] if paper.venue else [],
    "has": lambda _, paper: kinds(paper),
    "author": lambda library, paper: [library.author_slug[name] for name in paper.authors],
}


def years_of(text: str) -> tuple[int | None, int | None] | None:
    """The years of a text: 2023, 2021-2023, 2021- or -2023; None when it is something else."""
    found = re.fullmatch("(?:([0-9]{4})|([0-9]{4})?[-–]([0-9]{4})?)", text)
    if not found or len(text) < 4:
        return None
    only, first, last = (None if year is None else int(year) for year in found.groups())
    return (only, only) if only is not None else (first, last)


def _is_within(year: int | None, years: tuple[int | None, int | None]) -> bool:
    first, last = years
    return year is not None and (first is None or first <= year) and (last is None or year <= last)


def plain_words(text: str) -> list[str]:
    """The words of a text without joined forms."""
    return [part for word in written(text) for part in word.parts]


def _line(text: str) -> str:
    return f" {' '.join(plain_words(text))} "
