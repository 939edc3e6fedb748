"""paper: the page of one paper"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

from generator.library import HAND, Library
from generator.model import Listing, Paper
from generator.report import counted
from generator.text import name_slug
from generator.views import ChipGroup, Link, PaperView, Related, Suggestion

from .page import Cards, Page
from .parts import chip, discussed, has_page, how_sure, plain_chip, why, year_address
from .words import NBSP, byline, date_in_words, figures, is_partial, when

MOST_AUTHORS = 20  # that are listed whole
MOST_REASONS = 3  # tags that are named as what two papers share
FIRST_AUTHORS = 12  # of a longer list; the others are one step away


def each_paper(library: Library, _: Cards) -> Iterator[Page]:
    for paper in library.papers:
        view = paper_view(library, paper)
        yield Page(f"papers/{paper.id}/index.html", "paper.html", view, paper.title, current="papers")


def paper_view(library: Library, paper: Paper) -> PaperView:
    newer, older = library.neighbors[paper.id]
    date = date_in_words(paper.date) if paper.date else ""
    authors = tuple(author_link(library, name) for name in paper.authors)
    first = FIRST_AUTHORS if len(authors) > MOST_AUTHORS else len(authors)
    return PaperView(
        title=paper.title,
        also=paper.also,
        year=Link(f"all of {paper.year}", year_address(paper.year)) if paper.year else None,
        authors=authors[:first],
        further_authors=authors[first:],
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
        suggestions=suggestions(library, paper),
        related=related(library, paper),
        gist=paper.gist or "",
        note=paper.note,
        findings=tuple(figures(finding) for finding in paper.findings),
        abstract=paper.abstract or "",
        coded=tuple((entry.label, value) for entry in library.settings.coded for name, value in paper.coded if name == entry.id),
        discussed=discussed(library.discussed_in.get(paper.id, ())),
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
    return Link(name, f"search/?author={group.slug}")


def chips_by_facet(library: Library, paper: Paper) -> tuple[ChipGroup, ...]:
    chips = [chip(library, label) for label in library.labels_of[paper.id] if label.state in HAND]
    groups = ((facet, tuple(entry for entry in chips if entry.facet == facet.id)) for facet in library.facets)
    return tuple(ChipGroup(facet.label, f"facets/{facet.id}/", found) for facet, found in groups if found)


def suggestions(library: Library, paper: Paper) -> tuple[Suggestion, ...]:
    """The suggested tags that readers see; without any topic, the likeliest too, as one that may be wrong."""
    shown = [label for label in library.labels_of[paper.id] if label.state not in HAND]
    found = (*shown, *library.likeliest(paper))
    return tuple(Suggestion(chip(library, replace(label, state="suggested")), how_sure(label), why(label)) for label in found)


def related(library: Library, paper: Paper) -> tuple[Related, ...]:
    found = ((one, library.paper[one.id]) for one in library.related.get(paper.id, ()))
    return tuple(
        Related(
            Link(other.title, f"papers/{other.id}/"),
            when(other),
            byline(other),
            tuple(plain_chip(library, library.tag[tag]) for tag in own_tags(library, one.tags)[:MOST_REASONS]),
            one.words,
        )
        for one, other in found
    )


def own_tags(library: Library, tags: Collection[str]) -> tuple[str, ...]:
    """Without those that another of them implies."""
    implied = {library.parent_of.get(tag) for tag in tags}
    return tuple(tag for tag in tags if tag not in implied)


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
    details = [f"listing{NBSP}{listing.position}"] if listing.position else []
    if listing.comments is not None:
        details.append(counted(listing.comments, "comment").replace(" ", NBSP))
    return Link(listing.page, f"sources/#source-{listing.page}", ", ".join(details))


def _venue_link(paper: Paper) -> Link | None:
    if not paper.venue:
        return None
    name = f"{paper.venue} {paper.venue_year}" if paper.venue_year else paper.venue
    return Link(name, f"venues/{name_slug(paper.venue, kind='venue')}/")
