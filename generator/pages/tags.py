"""tags: the vocabulary as a whole, by facet, and a page a tag"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import dropwhile

from generator.library import Library
from generator.model import Paper, Tag
from generator.report import counted
from generator.views import Discussed, Link, TagsView, TagView, Years

from .facets import Traits, narrowings, traits
from .page import Cards, Page
from .pager import Pager
from .parts import by_year, facet_view, glyph, section_link, tag_link, years_of
from .words import BY_DATE

SEVERAL = 3  # papers of a tag that a page cites, to be worth a link from the tag


def tags(library: Library, _: Cards) -> Iterator[Page]:
    view = TagsView(tuple(facet_view(library, facet.id) for facet in library.facets))
    number = counted(len(library.living_tags), "tag")
    yield Page("tags/index.html", "tags.html", view, "Tags", f"The {number} of {library.settings.title}, by facet.", "tags")


def each_facet(library: Library, _: Cards) -> Iterator[Page]:
    for facet in library.facets:
        view = TagsView((facet_view(library, facet.id),))
        description = facet.question or f"Tags of {library.settings.title}: {facet.label}."
        yield Page(f"facets/{facet.id}/index.html", "tags.html", view, facet.label, description, "tags")


def each_tag(library: Library, cards: Cards) -> Iterator[Page]:
    known = traits(library)
    for tag in library.living_tags:
        description = tag.definition or f"Papers of {library.settings.title}: {tag.label}."
        pager = Pager(f"tags/{tag.id}/", library.papers_with(tag.id))
        view = tag_view(library, cards, known, tag, pager)
        yield Page(f"{pager.base}index.html", "tag.html", view, tag.label, description, "tags")
        yield from pager.pages(tag.label, "tags", lambda found: by_year(cards, found))


def tag_view(library: Library, cards: Cards, known: Traits, tag: Tag, pager: Pager) -> TagView:
    facet = library.facet[tag.facet]
    found = pager.papers
    first_of = {paper.year: place for place, paper in reversed(tuple(enumerate(found)))}
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
            (boundary.case, tag_link(library, library.tag[boundary.use]) if boundary.use else None) for boundary in tag.not_for
        ),
        tag.synonyms,
        tag_link(library, parent) if parent else None,
        tuple(tag_link(library, child) for child in library.children.get(tag.id, ())),
        tag_discussed(library, tag),
        _since_the_first(years_of(library, found, lambda year: f"{pager.address_of(first_of[year])}#{year}")),
        summary,
        suggested > 0,
        narrowings(library, known, found, ("tag", tag.id)),
        by_year(cards, pager.newest),
        pager.older,
    )


def _since_the_first(years: Years) -> Years:
    return replace(years, bars=tuple(dropwhile(lambda bar: not bar.count, years.bars)))


def tag_discussed(library: Library, tag: Tag) -> tuple[Discussed, ...]:
    """The pages that name the tag, or cite several of its papers."""
    papers = {paper.id for paper in library.papers_with(tag.id)}
    found = []
    for page in library.reading_order:
        places = [place for place in library.treated_in.get(tag.id, ()) if place.page is page]
        cited = sum(paper.id in papers for paper in library.cited_in[page.name])
        if places or cited >= SEVERAL:
            note = f"{cited} of its papers" if cited >= SEVERAL else ""
            found.append(Discussed(Link(page.title, page.address), tuple(section_link(place) for place in places), note))
    return tuple(found)


def _is_suggested(library: Library, paper: Paper, tag: Tag) -> bool:
    family = {tag.id, *(child.id for child in library.children.get(tag.id, ()))}
    return all(label.state == "suggested" for label in library.labels_of[paper.id] if label.tag in family)
