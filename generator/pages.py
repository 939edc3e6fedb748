"""pages: which pages a site has: an address, a template, and the plain values that it shows"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit

from .library import Group, Library, SourceCount
from .memo import digest
from .model import Facet, Label, Listing, Paper, Tag
from .report import counted
from .text import name_slug, sort_key
from .views import (
    Card,
    Chip,
    ChipGroup,
    FacetView,
    GroupsView,
    GroupView,
    HomeView,
    Link,
    MissingView,
    PapersView,
    PaperView,
    RedirectView,
    SearchView,
    Section,
    SourceRow,
    SourcesView,
    TagRow,
    TagsView,
    TagView,
)

PAGE_SIZE = 100  # papers on a page of the whole list
LARGEST = 8  # tags of a facet on the home page
NEWEST = 10  # papers on the home page
ON_CARD = 6  # tags on a card

BY_DATE = "by the date they were first public"  # what lists are ordered by, and year headings tell


@dataclass(frozen=True, slots=True)
class Page:
    path: str  # of the file, from the site's root
    template: str
    view: Any  # one of `views`
    title: str
    description: str = ""
    current: str = ""  # the entry of the navigation that it belongs to

    @property
    def address(self) -> str:
        """Of the page, from the site's root: `papers/x/`."""
        return self.path.removesuffix("index.html")

    @property
    def root(self) -> str:
        """The way from the page to the site's root."""
        return "../" * self.path.count("/")


# ------------------------------------------------------------------ the registry: a row a kind of page


Cards = Mapping[str, Card]  # by paper id


def pages(library: Library) -> Iterator[Page]:
    cards = {paper.id: card(library, paper) for paper in library.papers}
    for kind in KINDS:
        yield from kind(library, cards)


def home(library: Library, cards: Cards) -> Iterator[Page]:
    view = HomeView(
        scope=scope(library),
        facets=tuple(facet_view(library, facet.id, LARGEST) for facet in library.facets),
        newest=tuple(cards[paper.id] for paper in library.papers[:NEWEST]),
        years=_year_links(library),
    )
    yield Page("index.html", "home.html", view, library.settings.title, library.settings.tagline or scope(library), "home")


def papers(library: Library, cards: Cards) -> Iterator[Page]:
    """Newest first. Full pages are numbered from the oldest and say nothing of the whole: a new paper changes the newest page
    alone, and once in a hundred times the one before it."""
    total = len(library.papers)
    full = max(0, (total - 1) // PAGE_SIZE)
    newest = total - full * PAGE_SIZE
    view = PapersView(
        heading="Papers",
        sections=by_year(cards, library.papers[:newest]),
        older=_papers_address(full, full) if full else "",
        position=f"1–{newest:,} of {counted(total, 'paper')}, newest first {BY_DATE}" if total else "No papers yet",
        years=_year_links(library),
        venues=_venue_links(library),
        has_authors=any(has_page(group) for group in library.authors.values()),
    )
    yield Page("papers/index.html", "papers.html", view, "All papers", scope(library), "papers")
    for number in range(full, 0, -1):
        first = total - number * PAGE_SIZE
        span = f"{(number - 1) * PAGE_SIZE + 1:,} to {number * PAGE_SIZE:,}, counted from the oldest"
        view = PapersView(
            heading=f"Papers, page {number}",
            sections=by_year(cards, library.papers[first : first + PAGE_SIZE]),
            newer=_papers_address(number + 1, full),
            older=_papers_address(number - 1, full) if number > 1 else "",
            position=f"Papers {span}",
        )
        yield Page(f"papers/page/{number}/index.html", "papers.html", view, f"Papers, page {number}", f"Papers {span}.", "papers")


def _papers_address(number: int, full: int) -> str:
    return f"papers/page/{number}/" if number <= full else "papers/"


def each_paper(library: Library, _: Cards) -> Iterator[Page]:
    for paper in library.papers:
        view = paper_view(library, paper)
        yield Page(f"papers/{paper.id}/index.html", "paper.html", view, paper.title, current="papers")


def tags(library: Library, _: Cards) -> Iterator[Page]:
    view = TagsView(tuple(facet_view(library, facet.id) for facet in library.facets))
    number = counted(len(library.living_tags), "tag")
    yield Page("tags/index.html", "tags.html", view, "Tags", f"The {number} of {library.settings.title}, by facet.", "tags")


def each_facet(library: Library, _: Cards) -> Iterator[Page]:
    for facet in library.facets:
        view = TagsView((facet_view(library, facet.id),))
        yield Page(f"facets/{facet.id}/index.html", "tags.html", view, facet.label, facet.question, "tags")


def each_tag(library: Library, cards: Cards) -> Iterator[Page]:
    for tag in library.living_tags:
        yield Page(f"tags/{tag.id}/index.html", "tag.html", tag_view(library, cards, tag), tag.label, tag.definition, "tags")


def each_author(library: Library, cards: Cards) -> Iterator[Page]:
    for group in library.authors.values():
        if has_page(group):
            view = GroupView("Author", group.name, _group_summary(group), by_year(cards, group.papers))
            yield Page(f"authors/{group.slug}/index.html", "group.html", view, group.name, f"Papers by {group.name}.", "papers")


def each_venue(library: Library, cards: Cards) -> Iterator[Page]:
    for group in library.venues.values():
        view = GroupView("Venue", group.name, _group_summary(group), by_year(cards, group.papers))
        yield Page(f"venues/{group.slug}/index.html", "group.html", view, group.name, f"Papers at {group.name}.", "papers")


def each_year(library: Library, cards: Cards) -> Iterator[Page]:
    order = list(library.by_year)
    for index, (year, found) in enumerate(library.by_year.items()):
        heading = str(year) if year else "Undated"
        view = GroupView(
            "Year",
            heading,
            counted(len(found), "paper") + (f", {BY_DATE}" if year else ""),
            by_month(cards, found),
            newer=_year_link(library, order[index - 1]) if index else None,
            older=_year_link(library, order[index + 1]) if index + 1 < len(order) else None,
        )
        title = f"Papers of {year}" if year else "Undated papers"
        yield Page(
            year_address(year) + "index.html", "group.html", view, title, f"{title} in {library.settings.title}.", "papers"
        )


def group_indexes(library: Library, _: Cards) -> Iterator[Page]:
    """Where an address leads whose last part is cut off."""
    authors = [group for group in library.authors.values() if has_page(group)]
    authors.sort(key=lambda group: sort_key(group.name))
    of_authors = tuple(Link(group.name, f"authors/{group.slug}/", str(len(group.papers))) for group in authors)
    yield from _group_index("authors", "Authors", "Authors of two papers or more.", of_authors)
    yield from _group_index("venues", "Venues", "Where the papers came out, the largest first.", _venue_links(library))
    yield from _group_index("years", "Years", "When the papers were first public.", _year_links(library))


def _group_index(folder: str, title: str, summary: str, links: tuple[Link, ...]) -> Iterator[Page]:
    if links:
        yield Page(f"{folder}/index.html", "groups.html", GroupsView(summary, links), title, summary, "papers")


def sources(library: Library, _: Cards) -> Iterator[Page]:
    counts = library.source_counts
    total = sum(count.listings for count in counts)
    met = sum(bool(paper.sources) for paper in library.papers)
    summary = f"{counted(total, 'listing')} on {counted(len(counts), 'page')} name {counted(met, 'paper')}." if counts else ""
    view = SourcesView(tuple(_source_row(count) for count in counts), summary)
    yield Page("sources/index.html", "sources.html", view, "Sources", summary, "sources")


def search(library: Library, _: Cards) -> Iterator[Page]:
    view = SearchView(tuple(facet_view(library, facet.id, LARGEST) for facet in library.facets))
    yield Page("search/index.html", "search.html", view, "Search", f"Search {library.settings.title}.", "search")


def missing(library: Library, _: Cards) -> Iterator[Page]:
    yield Page("404.html", "404.html", MissingView(), "Page not found", f"There is no such page in {library.settings.title}.")


def redirects(library: Library, _: Cards) -> Iterator[Page]:
    """Old addresses of papers and tags."""
    for paper in library.papers:
        for old in paper.formerly:
            yield Page(f"papers/{old}/index.html", "redirect.html", RedirectView(f"papers/{paper.id}/"), paper.title)
    for tag in library.survey.vocabulary.tags:
        if tag.replaced_by:
            end = _successor(library, tag)
            yield Page(f"tags/{tag.id}/index.html", "redirect.html", RedirectView(f"tags/{end.id}/"), end.label)


def _successor(library: Library, tag: Tag) -> Tag:
    while tag.replaced_by:  # `check` has made sure that this ends
        tag = library.tag[tag.replaced_by]
    return tag


KINDS: tuple[Callable[[Library, Cards], Iterator[Page]], ...] = (
    home,
    papers,
    each_paper,
    tags,
    each_facet,
    each_tag,
    each_author,
    each_venue,
    each_year,
    group_indexes,
    sources,
    search,
    missing,
    redirects,
)

# ------------------------------------------------------------------ words


MONTHS = ["January", "February", "March", "April", "May", "June"]
MONTHS += ["July", "August", "September", "October", "November", "December"]


def date_in_words(date: str) -> str:
    """`16 September 2025`, `September 2025` or `2025`: as precise as it is known."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) == 2 else f"{month} {year}"


def scope(library: Library) -> str:
    """The survey's size and freshness in one line, from the data."""
    years = library.years
    parts = [counted(len(library.papers), "paper")]
    if years:
        parts.append(f"{years[0]}–{years[-1]}" if years[0] != years[-1] else str(years[0]))
    parts.append(counted(len(library.living_tags), "tag"))
    if library.revised:
        parts.append(f"last revised {date_in_words(library.revised)}")
    return ", ".join(parts)


def byline(paper: Paper, most: int = 3) -> str:
    """Who wrote it, on one line; what is unknown is said to be unknown."""
    if paper.authors:
        more = len(paper.authors) > most or is_partial(paper)
        return ", ".join(paper.authors[:most]) + (" et al." if more else "")
    if paper.organization:
        return paper.organization
    return counted(paper.author_count, "author") if paper.author_count else "Authors not stated"


def is_partial(paper: Paper) -> bool:
    """Whether there are more authors than are named."""
    return bool(paper.authors) and (paper.author_count or 0) > len(paper.authors)


def when(paper: Paper) -> str:
    """Venue and year; where either is unknown, the date of the first public version."""
    date = date_in_words(paper.date) if paper.date else ""
    if paper.venue and paper.venue_year:
        return f"{paper.venue} {paper.venue_year}"
    return " · ".join(part for part in (paper.venue, date) if part) or "Date not stated"


# ------------------------------------------------------------------ parts of views


def card(library: Library, paper: Paper) -> Card:
    chips = tuple(chip(library, label) for label in library.labels_of[paper.id][:ON_CARD])
    shown = (f"papers/{paper.id}/", paper.title, byline(paper), when(paper), paper.gist or "", chips, marks(paper))
    return Card(digest(repr(shown)), *shown)


def marks(paper: Paper) -> tuple[str, ...]:
    return tuple(kind for kind, _ in paper.links)


def chip(library: Library, label: Label) -> Chip:
    tag = library.tag[label.tag]
    suggested = label.state == "suggested"
    spans = ", ".join(dict.fromkeys(f"“{evidence.text}”" for evidence in label.evidence))
    reason = f"suggested, from {spans}" if suggested and spans else ""
    return Chip(tag.label, f"tags/{tag.id}/", tag.facet, glyph(library.facet[tag.facet]), suggested, reason)


def glyph(facet: Facet) -> str:
    return facet.glyph or "circle"


def by_year(cards: Cards, found: Sequence[Paper]) -> tuple[Section, ...]:
    return _sections(cards, found, lambda paper: (str(paper.year or "Undated"), str(paper.year or "undated")))


def by_month(cards: Cards, found: Sequence[Paper]) -> tuple[Section, ...]:
    def month(paper: Paper) -> tuple[str, str]:
        if paper.date and len(paper.date) > 4:
            return MONTHS[int(paper.date[5:7]) - 1], paper.date[:7]
        return ("Month not stated", "no-month") if paper.year else ("Date not stated", "no-date")

    return _sections(cards, found, month)


def _sections(cards: Cards, found: Sequence[Paper], heading: Callable[[Paper], tuple[str, str]]) -> tuple[Section, ...]:
    return tuple(
        Section(text, anchor, tuple(cards[paper.id] for paper in group)) for (text, anchor), group in groupby(found, heading)
    )


def facet_view(library: Library, facet_id: str, most: int | None = None) -> FacetView:
    """A facet with its tags, the largest first: all of them below their parents, or the `most` largest in one row."""
    facet, found = library.facet[facet_id], library.tags_of_facet[facet_id]
    largest = max((len(library.papers_with(tag.id)) for tag in found), default=0) or 1

    def row(tag: Tag, definition: str = "", children: tuple[TagRow, ...] = ()) -> TagRow:
        count = len(library.papers_with(tag.id))
        return TagRow(tag.label, f"tags/{tag.id}/", definition, count, round(100 * count / largest), children)

    def family(tag: Tag) -> TagRow:
        return row(tag, tag.definition, tuple(family(child) for child in library.children.get(tag.id, ())))

    used = [tag for tag in found if library.papers_with(tag.id)]
    rows = tuple(row(tag) for tag in used[:most]) if most else tuple(family(tag) for tag in found if not tag.parent)
    return FacetView(facet.id, facet.label, facet.question, glyph(facet), f"facets/{facet.id}/", rows, len(found))


def tag_view(library: Library, cards: Cards, tag: Tag) -> TagView:
    facet = library.facet[tag.facet]
    found = library.papers_with(tag.id)
    suggested = sum(_is_suggested(library, paper, tag) for paper in found)
    how_many = "all of them suggested" if suggested == len(found) else f"{suggested} of them suggested"
    summary = counted(len(found), "paper") + (f", {how_many}" if suggested else "") + (f"; {BY_DATE}" if found else "")
    parent = library.tag.get(tag.parent or "")
    return TagView(
        tag.label,
        Link(facet.label, f"facets/{facet.id}/"),
        facet.id,
        glyph(facet),
        tag.definition,
        tuple(
            (boundary.case, _tag_link(library, library.tag[boundary.use]) if boundary.use else None) for boundary in tag.not_for
        ),
        tag.synonyms,
        _tag_link(library, parent) if parent else None,
        tuple(_tag_link(library, child) for child in library.children.get(tag.id, ())),
        summary,
        suggested > 0,
        by_year(cards, found),
    )


def _is_suggested(library: Library, paper: Paper, tag: Tag) -> bool:
    family = {tag.id, *(child.id for child in library.children.get(tag.id, ()))}
    return all(label.state == "suggested" for label in library.labels_of[paper.id] if label.tag in family)


def _tag_link(library: Library, tag: Tag) -> Link:
    return Link(tag.label, f"tags/{tag.id}/", str(len(library.papers_with(tag.id))))


def has_page(author: Group) -> bool:
    return len(author.papers) >= 2


def paper_view(library: Library, paper: Paper) -> PaperView:
    newer, older = library.neighbors[paper.id]
    date = date_in_words(paper.date) if paper.date else ""
    return PaperView(
        title=paper.title,
        also=paper.also,
        authors=tuple(author_link(library, name) for name in paper.authors),
        byline="" if paper.authors else byline(paper) + (" (authors not stated)" if paper.organization else ""),
        fallback=f"{byline(paper).rstrip('.')}. {when(paper)}.",
        more_authors=f"{paper.author_count:,} authors in all" if is_partial(paper) else "",
        organization=(paper.organization or "") if paper.authors else "",
        date=date,
        date_machine=paper.date or "",
        venue=_venue_link(paper),
        identifiers=identifiers(paper),
        resources=tuple(Link(kind.capitalize(), address, _host(address)) for kind, address in paper.links),
        lookups=tuple(
            Link(lookup.label, lookup.url.replace("{title}", quote(paper.title, safe=""))) for lookup in library.settings.lookups
        ),
        chips=chips_by_facet(library, paper),
        gist=paper.gist or "",
        note=paper.note,
        findings=paper.findings,
        abstract=paper.abstract or "",
        coded=tuple((entry.label, value) for entry in library.settings.coded for name, value in paper.coded if name == entry.id),
        met=tuple(_met(listing) for listing in paper.sources),
        added=date_in_words(paper.added) if paper.added else "",
        reviewed=date_in_words(paper.reviewed) if paper.reviewed else "",
        newer=Link(newer.title, f"papers/{newer.id}/") if newer else None,
        older=Link(older.title, f"papers/{older.id}/") if older else None,
    )


def author_link(library: Library, name: str) -> Link:
    group = library.authors[library.author_slug[name]]
    if has_page(group):
        return Link(name, f"authors/{group.slug}/")
    return Link(name, f"search/?q={quote(name, safe='')}")


def chips_by_facet(library: Library, paper: Paper) -> tuple[ChipGroup, ...]:
    chips = [chip(library, label) for label in library.labels_of[paper.id]]
    groups = ((facet, tuple(entry for entry in chips if entry.facet == facet.id)) for facet in library.facets)
    return tuple(ChipGroup(facet.label, f"facets/{facet.id}/", found) for facet, found in groups if found)


def identifiers(paper: Paper) -> tuple[Link, ...]:
    found: list[Link] = []
    if paper.arxiv:
        found.append(Link("arXiv", f"https://arxiv.org/abs/{quote(paper.arxiv)}", paper.arxiv))
        found.append(Link("PDF", f"https://arxiv.org/pdf/{quote(paper.arxiv)}", "at arXiv"))
    if paper.doi:
        found.append(Link("DOI", f"https://doi.org/{quote(paper.doi, safe='/:;().-_')}", paper.doi))
    if paper.openreview:
        found.append(Link("OpenReview", f"https://openreview.net/forum?id={quote(paper.openreview)}", paper.openreview))
    if paper.url:
        found.append(Link("Web page", paper.url, _host(paper.url)))
    return tuple(found)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _met(listing: Listing) -> Link:
    details = [f"listing {listing.position}"] if listing.position else []
    if listing.comments is not None:
        details.append(counted(listing.comments, "comment"))
    return Link(listing.page, f"sources/#source-{listing.page}", ", ".join(details))


def _venue_link(paper: Paper) -> Link | None:
    if not paper.venue:
        return None
    name = f"{paper.venue} {paper.venue_year}" if paper.venue_year else paper.venue
    return Link(name, f"venues/{name_slug(paper.venue, kind='venue')}/")


def year_address(year: int | None) -> str:
    return f"years/{year or 'undated'}/"


def _year_link(library: Library, year: int | None) -> Link:
    return Link(str(year or "Undated"), year_address(year), str(len(library.by_year[year])))


def _year_links(library: Library) -> tuple[Link, ...]:
    return tuple(_year_link(library, year) for year in library.by_year)


def _venue_links(library: Library) -> tuple[Link, ...]:
    groups = sorted(library.venues.values(), key=lambda group: (-len(group.papers), group.slug))
    return tuple(Link(group.name, f"venues/{group.slug}/", str(len(group.papers))) for group in groups)


def _group_summary(group: Group) -> str:
    years: Iterable[int] = [paper.year for paper in group.papers if paper.year]
    first, last = min(years, default=None), max(years, default=None)
    span = "" if first is None else f", {first}" if first == last else f", {first}–{last}"
    return f"{counted(len(group.papers), 'paper')}{span}, {BY_DATE}"


def _source_row(count: SourceCount) -> SourceRow:
    source = count.source
    return SourceRow(
        source.id,
        source.file,
        source.printed or "not stated",
        date_in_words(source.captured) if source.captured else "not stated",
        f"{count.listings:,}",
        f"{count.papers:,}",
        f"{count.only_here:,}",
    )
