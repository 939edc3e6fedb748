"""pages: which pages a site has: an address, a template, and the plain values that it shows"""

from collections.abc import Callable, Iterator

from generator.library import Library
from generator.views import HomeView, MissingView, RedirectView, SearchView

from .facets import all_facets
from .lists import each_author, each_venue, each_year, every_list, group_indexes, papers, sources
from .map import MAP, has_map, survey_map
from .page import Cards, Page
from .paper import each_paper
from .parts import all_years, card, facet_keys, facet_view
from .prose import CHAPTERS, chapters, each_prose, introduction, plates
from .review import review
from .tags import each_facet, each_tag, tags
from .words import extent, scope

__all__ = ["CHAPTERS", "MAP", "Page", "every_list", "extent", "facet_keys", "has_map", "pages"]

LARGEST = 8  # tags of a facet on the home page
NEWEST = 10  # papers on the home page


def pages(library: Library) -> Iterator[Page]:
    cards = {paper.id: card(library, paper) for paper in library.papers}
    for kind in KINDS:
        yield from kind(library, cards)


def home(library: Library, cards: Cards) -> Iterator[Page]:
    text, references = introduction(library, cards)
    view = HomeView(
        scope=scope(library),
        introduction=text,
        references=references,
        chapters=plates(library),
        facets=tuple(facet_view(library, facet.id, LARGEST) for facet in library.facets),
        newest=tuple(cards[paper.id] for paper in library.papers[:NEWEST]),
        years=all_years(library),
        has_map=has_map(library),
    )
    yield Page("index.html", "home.html", view, library.settings.title, library.settings.tagline or scope(library), "home")


def search(library: Library, _: Cards) -> Iterator[Page]:
    """And the map, which is asked in the same way."""
    years, narrowings = all_years(library), all_facets(library)
    facets = tuple(facet_view(library, facet.id, LARGEST) for facet in library.facets)
    view = SearchView(facets, years, narrowings, has_map(library))
    yield Page("search/index.html", "search.html", view, "Search", f"Search {library.settings.title}.", "search")
    yield from survey_map(library, years, narrowings)


def missing(library: Library, _: Cards) -> Iterator[Page]:
    yield Page("404.html", "404.html", MissingView(), "Page not found", f"There is no such page in {library.settings.title}.")


def redirects(library: Library, _: Cards) -> Iterator[Page]:
    """Old addresses of papers and tags."""
    for paper in library.papers:
        for old in paper.formerly:
            yield Page(f"papers/{old}/index.html", "redirect.html", RedirectView(f"papers/{paper.id}/"), paper.title)
    for tag in library.survey.vocabulary.tags:
        if tag.replaced_by:
            end = library.tag[library.current(tag.id)]
            yield Page(f"tags/{tag.id}/index.html", "redirect.html", RedirectView(f"tags/{end.id}/"), end.label)


# ------------------------------------------------------------------ the registry: a row a kind of page

KINDS: tuple[Callable[[Library, Cards], Iterator[Page]], ...] = (  # what texts link to most stands first: `check` looks for it
    home,
    chapters,
    each_prose,
    sources,
    search,
    missing,
    tags,
    each_facet,
    each_tag,
    review,
    group_indexes,
    each_venue,
    each_year,
    each_author,
    papers,
    each_paper,
    redirects,
)
