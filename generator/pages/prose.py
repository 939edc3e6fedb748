"""prose: chapters and other pages of text, bound to the records"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from generator.library import Library
from generator.markdown import Html
from generator.model import Block, Cite, Count, Mark, Mention, Paper, Prose
from generator.report import counted
from generator.text import sort_key
from generator.views import (
    CardList,
    Cell,
    ChaptersView,
    Cited,
    Counted,
    Link,
    Piece,
    Plate,
    ProseView,
    Reference,
    Table,
    TableRow,
    TagNamed,
    Written,
)

from .flow import flow
from .page import Cards, Page
from .parts import chip, plain_chip
from .words import byline, citation, date_in_words, when

CHAPTERS = "pages/"  # address of their overview


def chapters(library: Library, _: Cards) -> Iterator[Page]:
    """The overview of the pages of text."""
    if library.chapters or library.other_pages:
        others = tuple(Link(page.title, page.address, page.question) for page in library.other_pages)
        view = ChaptersView(plates(library), others)
        title = "Chapters" if library.chapters else "Pages"
        description = f"{title} of {library.settings.title}."
        yield Page(f"{CHAPTERS}index.html", "chapters.html", view, title, description, CHAPTERS)


def each_prose(library: Library, cards: Cards) -> Iterator[Page]:
    for page in (*library.chapters, *library.other_pages):
        view = prose_view(library, cards, page)
        current = page.address if page.menu else CHAPTERS
        description = page.question or f"{page.title}: a page of {library.settings.title}."
        yield Page(f"{page.address}index.html", "prose.html", view, page.title, description, current)


def introduction(library: Library, cards: Cards) -> tuple[tuple[Piece, ...], tuple[Reference, ...]]:
    """What content/pages/home.md says, for the home page, and what it cites."""
    page = library.introduction
    if not page:
        return (), ()
    known = references(library, page)
    return pieces(library, cards, page, known), listed(known)


def listed(known: Mapping[str, Reference]) -> tuple[Reference, ...]:
    """As a reference list has them."""
    return tuple(sorted(known.values(), key=lambda reference: sort_key(reference.label)))


def plates(library: Library) -> tuple[Plate, ...]:
    return tuple(
        Plate(str(page.chapter), page.title, page.question, page.address, counted(len(library.cited_in[page.name]), "paper"))
        for page in library.chapters
    )


def prose_view(library: Library, cards: Cards, page: Prose) -> ProseView:
    known = references(library, page)
    before, after = _neighbors(library, page)
    return ProseView(
        number=str(page.chapter or ""),
        title=page.title,
        question=page.question,
        pieces=pieces(library, cards, page, known),
        sections=tuple(Link(text, f"#{anchor}") for text, anchor in page.headings),
        references=listed(known),
        newer=before,
        older=after,
    )


def _neighbors(library: Library, page: Prose) -> tuple[Link | None, Link | None]:
    """The chapters before and after this one."""
    if page.chapter is None:
        return None, None
    links = [None, *(Link(chapter.title, chapter.address) for chapter in library.chapters), None]
    place = library.chapters.index(page)
    return links[place], links[place + 2]


# ------------------------------------------------------------------ citations


def references(library: Library, page: Prose) -> Mapping[str, Reference]:
    """The papers that a page cites, by id. Those that would be cited alike get letters: 2024a, 2024b."""
    papers = library.cited_in[page.name]
    uses = Counter(citation(paper) for paper in papers)
    letters: dict[str, int] = {}
    found: dict[str, Reference] = {}
    for paper in sorted(papers, key=lambda paper: (paper.date or "", paper.id)):
        label = citation(paper)
        if uses[label] > 1:
            letters[label] = letters.get(label, 0) + 1
            label += _letter(letters[label])
        found[paper.id] = Reference(
            f"ref.{paper.id}", label, f"papers/{paper.id}/", paper.title, byline(paper), when(paper), paper.gist or ""
        )
    return found


def _letter(number: int) -> str:
    """a, b, …, z, aa: as columns of a spreadsheet are named."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


# ------------------------------------------------------------------ pieces


def pieces(library: Library, cards: Cards, page: Prose, known: Mapping[str, Reference]) -> tuple[Piece, ...]:
    """The page's text with its gaps filled."""
    filled = (Written(Html(piece)) if isinstance(piece, str) else _filled(library, cards, piece, known) for piece in page.pieces)
    return tuple(piece for piece in filled if piece)


def _filled(library: Library, cards: Cards, mark: Mark, known: Mapping[str, Reference]) -> Piece | None:
    """None where `check` has something to say: then the page is not made."""
    if isinstance(mark, Cite):
        papers = dict.fromkeys(library.paper[id_].id for id_ in mark.ids if id_ in library.paper)
        return Cited(tuple(known[id_] for id_ in papers))
    if isinstance(mark, Mention):
        tag = library.tag.get(library.current(mark.tag))
        return TagNamed(plain_chip(library, tag), len(library.papers_with(tag.id))) if tag else None
    if isinstance(mark, Count):
        return Counted(library.count(mark.of, mark.query))
    return BLOCKS[mark.kind](library, cards, mark)


def _card_list(library: Library, cards: Cards, block: Block) -> Piece:
    return CardList(tuple(cards[paper.id] for paper in library.select(block.query)))


def _table(library: Library, _: Cards, block: Block) -> Piece:
    columns = [(column, column_title(library, column)) for column in block.columns]
    rows = tuple(
        TableRow(
            Link(paper.title, f"papers/{paper.id}/"),
            tuple(Cell(title, tuple(_cell(library, paper, column))) for column, title in columns),
        )
        for paper in library.select(block.query)
    )
    return Table(block.caption, tuple(title for _, title in columns), rows)


def _flow(library: Library, _: Cards, block: Block) -> Piece:
    return flow(library, block.caption)


BLOCKS: dict[str, Callable[[Library, Cards, Block], Piece]] = {"papers": _card_list, "table": _table, "flow": _flow}

# ------------------------------------------------------------------ tables

# What a column may show besides the tags of a facet and a comparison field; a link without an address is text.
COLUMNS: dict[str, Callable[[Paper], Sequence[Link]]] = {
    "authors": lambda paper: [Link(byline(paper), "")],
    "year": lambda paper: [Link(str(paper.year), f"years/{paper.year}/")] if paper.year else [],
    "date": lambda paper: [Link(date_in_words(paper.date), "")] if paper.date else [],
    "venue": lambda paper: [Link(paper.venue, "")] if paper.venue else [],
    "gist": lambda paper: [Link(paper.gist, "")] if paper.gist else [],
    "findings": lambda paper: [Link(finding, "") for finding in paper.findings],
    "links": lambda paper: [Link(kind, address) for kind, address in paper.links],
}


def column_title(library: Library, column: str) -> str:
    if column in COLUMNS:
        return column.capitalize()
    if column in library.facet:
        return library.facet[column].label
    return next((entry.label for entry in library.settings.coded if entry.id == column), column)


def _cell(library: Library, paper: Paper, column: str) -> Iterator[Link]:
    if column in COLUMNS:
        yield from COLUMNS[column](paper)
    elif column in library.facet:
        chips = (chip(library, label) for label in library.labels_of[paper.id])
        yield from (Link(tag.text, tag.href, "suggested" * tag.suggested) for tag in chips if tag.facet == column)
    else:
        yield from (Link(value, "") for name, value in paper.coded if name == column)
