"""library: the survey with its tags, and every question that a page asks of it"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from .model import (
    HOME,
    Block,
    Cite,
    Facet,
    Label,
    Labels,
    Mention,
    Paper,
    Places,
    Proposal,
    Prose,
    Query,
    Relations,
    Source,
    Spot,
    Survey,
    Tag,
    parents,
    with_parents,
)
from .text import name_slug, sort_key, words

NOTHING: Mapping[str, Any] = MappingProxyType({})
HAND = ("hand", "accepted")  # the states of a tag that a person set


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that share an author or a venue."""

    slug: str
    name: str
    papers: tuple[Paper, ...]  # newest first


@dataclass(frozen=True, slots=True)
class SourceCount:
    """What a source page gave; counted, never stored."""

    source: Source
    listings: int  # its entries that stand in a record
    papers: int  # distinct papers among them
    only_here: int  # papers that no other source page has


@dataclass(frozen=True, slots=True)
class Discussion:
    """Where a page of text speaks of something."""

    page: Prose
    spot: Spot


class Library:
    """All papers are newest first; a tag's papers include its children's. `places` says where papers stand on the map, by id:
    (x, y), each from -1 to 1, x to the right and y down."""

    def __init__(
        self,
        survey: Survey,
        labels: Labels,
        related: Relations = NOTHING,
        places: Places = NOTHING,
        proposals: Sequence[Proposal] = (),
    ) -> None:
        self.survey, self.labels = survey, labels
        self.related, self.places, self.proposals = related, places, proposals
        self.settings = survey.settings
        self.facets = survey.vocabulary.facets

    # -------------------------------------------------------------- papers

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        by_id = sorted(self.survey.papers, key=lambda paper: paper.id)
        return tuple(sorted(by_id, key=lambda paper: paper.date or str(paper.venue_year or ""), reverse=True))

    @cached_property
    def taken_in(self) -> tuple[Paper, ...]:
        """In the order in which the survey took them in, so that a new paper comes last. The search knows a paper by its place
        here."""
        return tuple(sorted(self.survey.papers, key=lambda paper: (paper.added or "", paper.id)))

    @cached_property
    def neighbors(self) -> Mapping[str, tuple[Paper | None, Paper | None]]:
        """The next newer and the next older paper of each."""
        newer, older = (None, *self.papers[:-1]), (*self.papers[1:], None)
        return {paper.id: (a, b) for paper, a, b in zip(self.papers, newer, older, strict=True)}

    @cached_property
    def by_year(self) -> Mapping[int | None, tuple[Paper, ...]]:
        """Newest year first; None (undated) last."""
        return _grouped((paper.year, paper) for paper in self.papers)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """From the first to the last."""
        return tuple(sorted(year for year in self.by_year if year is not None))

    @cached_property
    def revised(self) -> str | None:
        """The day of the last change that the records tell of: the latest `added` or `reviewed`."""
        days = [day for paper in self.papers for day in (paper.added, paper.reviewed) if day]
        return max(days, default=None)

    # -------------------------------------------------------------- tags

    @cached_property
    def tag(self) -> Mapping[str, Tag]:
        return {tag.id: tag for tag in self.survey.vocabulary.tags}

    @cached_property
    def facet(self) -> Mapping[str, Facet]:
        return {facet.id: facet for facet in self.facets}

    @cached_property
    def parent_of(self) -> Mapping[str, str | None]:
        return parents(self.survey.vocabulary)

    @cached_property
    def children(self) -> Mapping[str, tuple[Tag, ...]]:
        return _grouped((tag.parent, tag) for tag in self.living_tags if tag.parent is not None)

    @cached_property
    def living_tags(self) -> tuple[Tag, ...]:
        return tuple(tag for tag in self.survey.vocabulary.tags if not tag.replaced_by)

    @cached_property
    def tags_of_facet(self) -> Mapping[str, tuple[Tag, ...]]:
        """Each facet's tags, the largest first."""
        tags = sorted(self.living_tags, key=lambda tag: (-len(self.papers_with(tag.id)), sort_key(tag.label)))
        return {facet.id: tuple(tag for tag in tags if tag.facet == facet.id) for facet in self.facets}

    @cached_property
    def labels_of(self) -> Mapping[str, tuple[Label, ...]]:
        """The tags that readers see on a paper: by hand, and suggested ones unless it is reviewed."""
        return {
            paper.id: tuple(label for label in self.labels.get(paper.id, ()) if self._is_shown(label, paper))
            for paper in self.papers
        }

    def _is_shown(self, label: Label, paper: Paper) -> bool:
        return label.tag in self.tag and (label.state in HAND or (label.state == "suggested" and not paper.reviewed))

    def likeliest(self, paper: Paper) -> tuple[Label, ...]:
        """Of a paper that is not reviewed and shows no tag of the first facet, which says what papers are about: the surest of
        those that are proposed, if there is one."""
        topic = self.facets[0].id if self.facets else None
        of_topic = [
            label for label in self.labels.get(paper.id, ()) if label.tag in self.tag and self.tag[label.tag].facet == topic
        ]
        if paper.reviewed or any(label.state in (*HAND, "suggested") for label in of_topic):
            return ()
        maybe = [label for label in of_topic if label.state == "maybe" and label.evidence]
        return tuple(sorted(maybe, key=lambda label: -(label.confidence or 0))[:1])

    def tags_of(self, paper: Paper) -> tuple[str, ...]:
        """The ids of the tags that readers see, and their parents."""
        return with_parents((label.tag for label in self.labels_of[paper.id]), self.parent_of)

    @cached_property
    def _papers_with(self) -> Mapping[str, tuple[Paper, ...]]:
        return _grouped((tag, paper) for paper in self.papers for tag in self.tags_of(paper))

    def papers_with(self, tag: str) -> tuple[Paper, ...]:
        return self._papers_with.get(tag, ())

    def nearest_tag(self, papers: Collection[str]) -> tuple[str, int] | None:
        """The tag that these papers have most above chance, and how many of them do; none when no two of them share one.

        By the log-likelihood ratio (Dunning 1993) of its share of them against its share of all papers.
        """
        among = Counter(tag for id_ in papers for tag in self.tags_of(self.paper[id_]))
        size, whole = len(papers), len(self.papers)

        def above_chance(tag: str) -> tuple[float, bool]:
            have, share = among[tag], len(self.papers_with(tag)) / whole
            lack = size - have
            ratio = have * math.log(have / (size * share)) + (lack * math.log(lack / (size * (1 - share))) if lack else 0)
            return round(ratio, 6), self.parent_of[tag] is not None

        shared = [tag for tag, have in sorted(among.items()) if have > max(1, size * len(self.papers_with(tag)) / whole)]
        tag = max(shared, key=above_chance, default=None)
        return (tag, among[tag]) if tag else None

    def current(self, tag: str) -> str:
        """The tag itself; of a retired one, what took its place."""
        while (found := self.tag.get(tag)) and found.replaced_by:  # `check` has made sure that this ends
            tag = found.replaced_by
        return tag

    # -------------------------------------------------------------- prose

    @cached_property
    def chapters(self) -> tuple[Prose, ...]:
        """In their order."""
        found = [page for page in self.survey.prose if page.chapter is not None]
        return tuple(sorted(found, key=lambda page: page.chapter or 0))

    @cached_property
    def other_pages(self) -> tuple[Prose, ...]:
        """By title."""
        found = [page for page in self.survey.prose if page.chapter is None and page.name != HOME]
        return tuple(sorted(found, key=lambda page: sort_key(page.title)))

    @cached_property
    def introduction(self) -> Prose | None:
        return next((page for page in self.survey.prose if page.name == HOME), None)

    @cached_property
    def reading_order(self) -> tuple[Prose, ...]:
        first = (self.introduction,) if self.introduction else ()
        return (*first, *self.chapters, *self.other_pages)

    @cached_property
    def paper(self) -> Mapping[str, Paper]:
        """By id, its old ones too."""
        old = {id_: paper for paper in self.papers for id_ in paper.formerly}
        return old | {paper.id: paper for paper in self.papers}

    def _citations(self, page: Prose) -> Iterator[tuple[Paper, Spot]]:
        for mark in page.marks:
            if isinstance(mark, Cite):
                yield from ((self.paper[id_], mark.spot) for id_ in mark.ids if id_ in self.paper)

    @cached_property
    def cited_in(self) -> Mapping[str, tuple[Paper, ...]]:
        """By the name of a page, the papers it cites, each once, in the order of the text."""
        return {page.name: tuple(dict.fromkeys(paper for paper, _ in self._citations(page))) for page in self.survey.prose}

    @cached_property
    def discussed_in(self) -> Mapping[str, tuple[Discussion, ...]]:
        """By paper, where it is cited: each section once, at the first place."""
        return self._discussions((paper.id, page, spot) for page in self.reading_order for paper, spot in self._citations(page))

    @cached_property
    def treated_in(self) -> Mapping[str, tuple[Discussion, ...]]:
        """By tag, where a page names it or lists its papers: each section once."""
        return self._discussions(
            (self.current(tag), page, mark.spot)
            for page in self.reading_order
            for mark in page.marks
            for tag in self._tags_named(mark)
            if tag in self.tag
        )

    @staticmethod
    def _tags_named(mark: object) -> tuple[str, ...]:
        if isinstance(mark, Mention):
            return (mark.tag,)
        return (*mark.query.tags, *mark.query.any) if isinstance(mark, Block) else ()

    @staticmethod
    def _discussions(found: Iterable[tuple[str, Prose, Spot]]) -> dict[str, tuple[Discussion, ...]]:
        first: dict[tuple[str, str, str], Discussion] = {}
        for id_, page, spot in found:
            first.setdefault((id_, page.name, spot.section_anchor), Discussion(page, spot))
        return _grouped((id_, discussion) for (id_, _, _), discussion in first.items())

    def select(self, query: Query) -> tuple[Paper, ...]:
        """The papers that meet all conditions: newest first, in the order of the ids, or as the query says."""
        named = {self.paper[id_].id: self.paper[id_] for id_ in query.ids if id_ in self.paper}
        found: Iterable[Paper] = named.values() if query.ids else self.papers
        wanted = [self._with(tag) for tag in query.tags]
        if query.any:
            wanted.append(frozenset[str]().union(*map(self._with, query.any)))
        for ids in wanted:
            found = [paper for paper in found if paper.id in ids]
        first, last = query.years
        if first is not None or last is not None:
            found = [paper for paper in found if paper.year and (first or 0) <= paper.year <= (last or paper.year)]
        if query.venue:
            address = name_slug(query.venue, kind="venue")
            found = [paper for paper in found if paper.venue and name_slug(paper.venue, kind="venue") == address]
        if query.reviewed:
            found = [paper for paper in found if bool(paper.reviewed) == (query.reviewed == "yes")]
        return tuple(self._sorted(list(found), query.sort))[: query.limit]

    def _with(self, tag: str) -> frozenset[str]:
        return frozenset(paper.id for paper in self.papers_with(self.current(tag)))

    def _sorted(self, found: list[Paper], sort: str | None) -> list[Paper]:
        if sort == "title":
            return sorted(found, key=lambda paper: sort_key(paper.title))
        if sort:
            rank = {paper.id: place for place, paper in enumerate(self.papers)}
            found.sort(key=lambda paper: rank[paper.id], reverse=sort == "oldest")
        return found

    def count(self, of: str, query: Query) -> int:
        """What `{{count of=…}}` gives."""
        listings = sum(count.listings for count in self.source_counts)
        met = sum(bool(paper.sources) for paper in self.papers)
        numbers = {
            "tags": len(self.living_tags),
            "facets": len(self.facets),
            "sources": len(self.survey.sources),
            "listings": listings,
            "repeats": listings - met,
        }
        return numbers[of] if of in numbers else len(self.select(query))

    # -------------------------------------------------------------- people, venues, sources

    @cached_property
    def authors(self) -> Mapping[str, Group]:
        """By slug; spellings that share one are one group, under the most used spelling."""
        return _groups(((name, paper) for paper in self.papers for name in dict.fromkeys(paper.authors)), "author")

    @cached_property
    def author_slug(self) -> Mapping[str, str]:
        return {name: name_slug(name, kind="author") for paper in self.papers for name in paper.authors}

    @cached_property
    def authors_by_word(self) -> Mapping[str, tuple[Group, ...]]:
        """By each word of their names; those of most papers first."""
        ordered = sorted(self.authors.values(), key=lambda author: (-len(author.papers), sort_key(author.name)))
        return _grouped((word, author) for author in ordered for word in dict.fromkeys(words(author.name)))

    @cached_property
    def venues(self) -> Mapping[str, Group]:
        return _groups(((paper.venue, paper) for paper in self.papers if paper.venue), "venue")

    @cached_property
    def source_counts(self) -> tuple[SourceCount, ...]:
        met = [[listing.page for listing in paper.sources] for paper in self.papers]
        listings = Counter(page for pages in met for page in pages)
        papers = Counter(page for pages in met for page in set(pages))
        only_here = Counter(pages[0] for pages in met if len(set(pages)) == 1)
        ids = ((source, source.id) for source in self.survey.sources)
        return tuple(SourceCount(source, listings[id_], papers[id_], only_here[id_]) for source, id_ in ids)


K = TypeVar("K")
V = TypeVar("V")


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _groups(named: Iterable[tuple[str, Paper]], kind: str) -> dict[str, Group]:
    """Groups by slug, in its order; each under the spelling that most of its papers use."""
    uses: dict[str, Counter[str]] = {}
    papers: dict[str, dict[str, Paper]] = {}
    slug_of: dict[str, str] = {}
    for name, paper in named:
        address = slug_of.setdefault(name, "") or name_slug(name, kind=kind)
        slug_of[name] = address
        uses.setdefault(address, Counter())[name] += 1
        papers.setdefault(address, {})[paper.id] = paper
    spelling = {address: min(names, key=lambda name: (-names[name], sort_key(name))) for address, names in uses.items()}
    return {address: Group(address, spelling[address], tuple(papers[address].values())) for address in sorted(papers)}
