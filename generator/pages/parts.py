"""parts: cards, chips, lists under headings, links with counts"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from generator.library import Discussion, Group, Library
from generator.memo import digest
from generator.model import Facet, Label, Paper, Tag
from generator.views import Card, Chip, Discussed, FacetKey, FacetView, Link, Section, TagRow, YearBar, Years

from .page import Cards
from .words import MONTHS, byline, when

ON_CARD = 6  # tags on a card
MOST_YEARS = 20  # that a strip of bars shows without a gap


def card(library: Library, paper: Paper) -> Card:
    chips = tuple(chip(library, label) for label in library.labels_of[paper.id][:ON_CARD])
    shown = (f"papers/{paper.id}/", paper.title, byline(paper), when(paper), paper.gist or "", chips, marks(paper))
    return Card(digest(repr(shown)), *shown)


def marks(paper: Paper) -> tuple[str, ...]:
    return tuple(kind for kind, _ in paper.links)


def chip(library: Library, label: Label) -> Chip:
    plain = plain_chip(library, library.tag[label.tag])
    if label.state != "suggested":
        return plain
    return replace(plain, suggested=True, reason=": ".join(filter(None, (how_sure(label), why(label)))))


def how_sure(label: Label) -> str:
    return f"{label.state}, {label.confidence:.0%}" if label.confidence is not None else label.state


def why(label: Label) -> str:
    """The words that speak for a proposed tag, and where they stand."""
    fields: dict[str, dict[str, None]] = {}
    for span in label.evidence:
        fields.setdefault(span.field, {})[f"“{' '.join(span.text.split())}”"] = None
    spans = ", ".join(f"{', '.join(texts)} in the {field}" for field, texts in fields.items())
    is_learned = spans and not any(span.phrase for span in label.evidence)
    return f"other papers with this tag say such things as {spans}" if is_learned else spans


def plain_chip(library: Library, tag: Tag) -> Chip:
    """The tag by itself, on no paper."""
    return Chip(tag.label, f"tags/{tag.id}/", tag.facet, glyph(library.facet[tag.facet]), suggested=False)


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


def facet_keys(library: Library) -> tuple[FacetKey, ...]:
    return tuple(FacetKey(facet.id, facet.label, glyph(facet), f"facets/{facet.id}/") for facet in library.facets)


def tag_link(library: Library, tag: Tag) -> Link:
    return Link(tag.label, f"tags/{tag.id}/", str(len(library.papers_with(tag.id))))


def has_page(author: Group) -> bool:
    return len(author.papers) >= 2


def year_address(year: int | None) -> str:
    return f"years/{year or 'undated'}/"


def year_link(library: Library, year: int | None) -> Link:
    return Link(str(year or "Undated"), year_address(year), str(len(library.by_year[year])))


def all_years(library: Library, current: int | None = None) -> Years:
    """Of the whole survey, each year with the way to its page."""
    strip = years_of(library, library.papers, year_address, current)
    return replace(strip, others=tuple(year_link(library, year) for year in library.by_year if year is None or not strip.bars))


def years_of(library: Library, found: Sequence[Paper], address: Callable[[int], str], current: int | None = None) -> Years:
    """A bar a year over the survey's whole span, so that tags can be compared; none when all is of one year or undated."""
    if not any(paper.year for paper in found) or len(library.years) < 2:
        return Years(())
    counts = Counter(paper.year for paper in found)
    most = max(count for year, count in counts.items() if year)

    def bar(year: int) -> YearBar:
        century, rest = str(year)[:2], str(year)[2:]
        share = round(100 * counts[year] / most)
        return YearBar(century, rest, counts[year], share, address(year) if counts[year] else "", year == current)

    first, last = library.years[0], library.years[-1]
    shown = range(first, last + 1) if last - first < MOST_YEARS else library.years
    return Years(tuple(bar(year) for year in shown), f"{first}–{last}")


def venue_links(library: Library) -> tuple[Link, ...]:
    groups = sorted(library.venues.values(), key=lambda group: (-len(group.papers), group.slug))
    return tuple(Link(group.name, f"venues/{group.slug}/", str(len(group.papers))) for group in groups)


def discussed(found: Sequence[Discussion]) -> tuple[Discussed, ...]:
    """The pages, each with the sections that speak of it and links to the paragraphs."""
    return tuple(
        Discussed(Link(page.title, page.address), tuple(section_link(place) for place in places))
        for page, places in groupby(found, lambda place: place.page)
    )


def section_link(place: Discussion) -> Link:
    return Link(place.spot.section or "Opening", f"{place.page.address}#{place.spot.anchor}")
