"""lists: all papers, and those of an author, a venue, a year or a source"""

from collections.abc import Iterable, Iterator

from generator.library import Group, Library, SourceCount
from generator.report import counted
from generator.text import sort_key
from generator.views import GroupsView, GroupView, Link, Narrowing, PapersView, SourceRow, SourcesView, Years

from .facets import narrowings, traits
from .page import Cards, Page
from .pager import Pager
from .parts import all_years, by_month, by_year, has_page, venue_links, year_address, year_link
from .prose import CHAPTERS
from .words import BY_DATE, date_in_words, scope

PAGE_SIZE = 100  # papers on a page of the whole list


def papers(library: Library, cards: Cards) -> Iterator[Page]:
    pager = Pager("papers/", library.papers, PAGE_SIZE)
    total = len(library.papers)
    view = PapersView(
        heading="Papers",
        sections=by_year(cards, pager.newest),
        older=pager.older,
        position=f"1–{len(pager.newest):,} of {counted(total, 'paper')}, newest first {BY_DATE}" if total else "No papers yet",
        years=all_years(library) if total else None,
        venues=venue_links(library),
        has_authors=any(has_page(group) for group in library.authors.values()),
    )
    yield Page("papers/index.html", "papers.html", view, "All papers", scope(library), "papers")
    yield from pager.pages("Papers", "papers", lambda found: by_year(cards, found))


def each_author(library: Library, cards: Cards) -> Iterator[Page]:
    known = traits(library)
    for group in library.authors.values():
        if has_page(group):
            narrowed = narrowings(library, known, group.papers, ("author", group.slug))
            yield from _group_pages(cards, group, narrowed, Link("Authors", "authors/"), f"Papers by {group.name}.")


def each_venue(library: Library, cards: Cards) -> Iterator[Page]:
    known = traits(library)
    for group in library.venues.values():
        narrowed = narrowings(library, known, group.papers, ("venue", group.name))
        yield from _group_pages(cards, group, narrowed, Link("Venues", "venues/"), f"Papers at {group.name}.")


def _group_pages(cards: Cards, group: Group, narrowed: tuple[Narrowing, ...], index: Link, description: str) -> Iterator[Page]:
    pager = Pager(f"{index.href}{group.slug}/", group.papers)
    sections = by_year(cards, pager.newest)
    view = GroupView(index, group.name, _group_summary(group), sections, narrowings=narrowed, older_page=pager.older)
    yield Page(f"{pager.base}index.html", "group.html", view, group.name, description, "papers")
    yield from pager.pages(group.name, "papers", lambda found: by_year(cards, found))


def each_year(library: Library, cards: Cards) -> Iterator[Page]:
    order = list(library.by_year)
    for index, (year, found) in enumerate(library.by_year.items()):
        pager = Pager(year_address(year), found)
        view = GroupView(
            Link("Years", "years/"),
            str(year or "Undated"),
            counted(len(found), "paper") + (f", {BY_DATE}" if year else ""),
            by_month(cards, pager.newest),
            all_years(library, year),
            newer=year_link(library, order[index - 1]) if index else None,
            older=year_link(library, order[index + 1]) if index + 1 < len(order) else None,
            older_page=pager.older,
        )
        title = f"Papers of {year}" if year else "Undated papers"
        description = f"{title} in {library.settings.title}."
        yield Page(f"{pager.base}index.html", "group.html", view, title, description, "papers")
        yield from pager.pages(title, "papers", lambda some: by_month(cards, some))


def group_indexes(library: Library, _: Cards) -> Iterator[Page]:
    """Where an address leads whose last part is cut off."""
    authors = [group for group in library.authors.values() if has_page(group)]
    authors.sort(key=lambda group: sort_key(group.name))
    of_authors = tuple(Link(group.name, f"authors/{group.slug}/", str(len(group.papers))) for group in authors)
    yield from _group_index("authors", "Authors", "Authors of two papers or more.", of_authors)
    yield from _group_index("venues", "Venues", "Where the papers came out, the largest first.", venue_links(library))
    years = all_years(library) if library.papers else None
    yield from _group_index("years", "Years", "When the papers were first public.", (), years)


def _group_index(folder: str, title: str, summary: str, links: tuple[Link, ...], years: Years | None = None) -> Iterator[Page]:
    if links or years:
        yield Page(f"{folder}/index.html", "groups.html", GroupsView(summary, links, years), title, summary, "papers")


def _group_summary(group: Group) -> str:
    years: Iterable[int] = [paper.year for paper in group.papers if paper.year]
    first, last = min(years, default=None), max(years, default=None)
    span = "" if first is None else f", {first}" if first == last else f", {first}–{last}"
    return f"{counted(len(group.papers), 'paper')}{span}, {BY_DATE}"


def every_list(library: Library) -> tuple[Link, ...]:
    """The lists that the head of a page does not name."""
    links: list[Link] = []
    if library.papers:
        links.append(Link("Years", "years/"))
    if library.venues:
        links.append(Link("Venues", "venues/"))
    if any(has_page(group) for group in library.authors.values()):
        links.append(Link("Authors", "authors/"))
    if library.other_pages and not library.chapters:
        links.append(Link("Pages", CHAPTERS))
    return (*links, Link("Sources", "sources/"))


def sources(library: Library, _: Cards) -> Iterator[Page]:
    counts = library.source_counts
    total = sum(count.listings for count in counts)
    met = sum(bool(paper.sources) for paper in library.papers)
    summary = f"{counted(total, 'listing')} on {counted(len(counts), 'page')} name {counted(met, 'paper')}." if counts else ""
    view = SourcesView(tuple(_source_row(count) for count in counts), summary)
    yield Page("sources/index.html", "sources.html", view, "Sources", summary, "sources")


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
