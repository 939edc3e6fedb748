"""views: the plain values that templates show"""

from dataclasses import dataclass

from .markdown import Html, first_sentence

# A page's key is a digest of the repr of its view: whatever a template shows must be in here, and nothing else.


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str  # from the site's root, or a whole address
    note: str = ""  # shown beside it

    @property
    def is_outside(self) -> bool:
        return "://" in self.href


@dataclass(frozen=True, slots=True)
class Chip:
    """A tag as readers see it on a paper."""

    text: str
    href: str
    facet: str
    glyph: str
    suggested: bool
    reason: str = ""  # why it is there, in words


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """A paper in a list."""

    key: str
    href: str
    title: str
    byline: str
    when: str  # venue and year, or the date
    gist: str
    chips: tuple[Chip, ...]
    marks: tuple[str, ...]  # what there is besides the text: "code", "data", ...

    def __repr__(self) -> str:
        return self.key  # so that a list's key costs no more than its length


@dataclass(frozen=True, slots=True)
class Section:
    """Cards under a heading."""

    heading: str
    anchor: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag in an overview, with its children."""

    text: str
    href: str
    definition: str
    count: int
    share: int  # of the largest in this overview, in percent: the length of a bar
    children: "tuple[TagRow, ...]" = ()


@dataclass(frozen=True, slots=True)
class FacetKey:
    """A facet's sign, for the foot of every page."""

    id: str
    label: str
    glyph: str
    href: str


@dataclass(frozen=True, slots=True)
class FacetView:
    id: str
    label: str
    question: str
    glyph: str
    href: str
    rows: tuple[TagRow, ...]
    total: int  # of its tags


@dataclass(frozen=True, slots=True)
class Value:
    """What a list of papers can be narrowed by."""

    id: str  # as the search's address has it
    text: str
    count: int  # of the list's papers that have it
    share: int  # in percent: the length of a bar
    href: str  # of the search for both; empty on the search page, where it is a control


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A facet beside a list."""

    name: str  # as the search's address has it: "tag", "venue", "author" or "has"
    facet_id: str  # of the vocabulary; empty for the others, which have no glyph
    label: str
    glyph: str
    values: tuple[Value, ...]


# ------------------------------------------------------------------ prose


@dataclass(frozen=True, slots=True)
class Written:
    html: Html
    kind: str = "written"


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited paper."""

    anchor: str
    label: str  # "Example & Sample 2024", as it is cited
    href: str
    title: str
    byline: str
    when: str
    gist: str


@dataclass(frozen=True, slots=True)
class Cited:
    references: tuple[Reference, ...]
    kind: str = "cited"


@dataclass(frozen=True, slots=True)
class TagNamed:
    chip: Chip
    count: int
    kind: str = "tag"


@dataclass(frozen=True, slots=True)
class Counted:
    number: int
    kind: str = "count"


@dataclass(frozen=True, slots=True)
class CardList:
    cards: tuple[Card, ...]
    kind: str = "papers"


@dataclass(frozen=True, slots=True)
class Cell:
    column: str
    links: tuple[Link, ...]  # one without an address is text


@dataclass(frozen=True, slots=True)
class TableRow:
    paper: Link
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Box:
    """A step of the flow diagram: its words, line by line, and where it stands."""

    x: int
    y: int
    width: int
    height: int
    lines: tuple[tuple[int, int, str], ...]  # (x, y of the baseline, text)
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """How the collection came to be, drawn."""

    caption: str
    view_box: str
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int, int, int], ...]  # from x, y to x, y
    words: tuple[str, ...]  # the same in sentences
    kind: str = "flow"


Piece = Written | Cited | TagNamed | Counted | CardList | Table | Flow


@dataclass(frozen=True, slots=True)
class Plate:
    """A chapter among others."""

    number: str
    title: str
    question: str
    href: str
    note: str  # how much it cites


@dataclass(frozen=True, slots=True)
class ProseView:
    number: str
    title: str
    question: str
    pieces: tuple[Piece, ...]
    sections: tuple[Link, ...]
    references: tuple[Reference, ...]
    newer: Link | None  # the chapter before
    older: Link | None  # the chapter after


@dataclass(frozen=True, slots=True)
class ChaptersView:
    chapters: tuple[Plate, ...]
    others: tuple[Link, ...]


# ------------------------------------------------------------------ pages


@dataclass(frozen=True, slots=True)
class HomeView:
    scope: str
    introduction: tuple[Piece, ...]
    references: tuple[Reference, ...]  # that it cites
    chapters: tuple[Plate, ...]
    facets: tuple[FacetView, ...]
    newest: tuple[Card, ...]
    years: "Years"
    has_map: bool


@dataclass(frozen=True, slots=True)
class PapersView:
    """All papers, or a further page of a long list."""

    heading: str
    sections: tuple[Section, ...]
    first: Link | None = None  # the first page
    newer: Link | None = None
    older: Link | None = None
    position: str = ""
    years: "Years | None" = None
    venues: tuple[Link, ...] = ()
    has_authors: bool = False


@dataclass(frozen=True, slots=True)
class Discussed:
    """A page of text that speaks of a paper or a tag."""

    page: Link
    places: tuple[Link, ...]  # its sections
    note: str = ""  # how many of a tag's papers it cites


@dataclass(frozen=True, slots=True)
class ChipGroup:
    facet: str
    href: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag that nobody has confirmed, with its reason."""

    chip: Chip
    how: str  # "suggested, 92%"
    why: str  # the words that speak for it


@dataclass(frozen=True, slots=True)
class Related:
    """A paper that is near, and what they share."""

    paper: Link
    when: str
    byline: str
    tags: tuple[Chip, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    title: str
    year: Link | None
    also: tuple[str, ...]
    authors: tuple[Link, ...]  # an author without a page has the search for the name
    further_authors: tuple[Link, ...]  # of a long list
    byline: str  # in place of a list: "4 authors", an organization, or that it is not stated
    fallback: str  # who wrote it, and when
    more_authors: str  # what a partial list leaves out
    organization: str
    date: str
    date_machine: str
    venue: Link | None
    identifiers: tuple[Link, ...]
    resources: tuple[Link, ...]
    lookups: tuple[Link, ...]
    chips: tuple[ChipGroup, ...]
    suggestions: tuple[Suggestion, ...]
    related: tuple[Related, ...]
    gist: str
    note: str  # Markdown
    findings: tuple[tuple[tuple[str, bool], ...], ...]  # each in pieces: (text, whether it is a figure)
    abstract: str
    coded: tuple[tuple[str, str], ...]
    discussed: tuple[Discussed, ...]
    met: tuple[Link, ...]
    added: str
    reviewed: str
    newer: Link | None
    older: Link | None

    @property
    def description(self) -> str:
        """For search engines and previews: the gist, else the note's first sentence, else who and where."""
        return self.gist or first_sentence(self.note) or self.fallback


@dataclass(frozen=True, slots=True)
class YearBar:
    century: str  # "20": left out where there is little room
    year: str  # "24"
    count: int
    share: int  # of the fullest year, in percent
    href: str  # its page, or its heading on this one; empty when it has no papers
    is_current: bool = False  # the page is about this year


@dataclass(frozen=True, slots=True)
class Years:
    """How papers spread over the years."""

    bars: tuple[YearBar, ...]  # none where all are of one year or undated
    span: str = ""  # "2013–2025"
    others: tuple[Link, ...] = ()  # what has no bar


@dataclass(frozen=True, slots=True)
class TagView:
    label: str
    facet: Link
    facet_id: str
    glyph: str
    definition: str
    not_for: tuple[tuple[str, Link | None], ...]  # (case, the tag that it is for)
    synonyms: tuple[str, ...]
    parent: Link | None
    children: tuple[Link, ...]
    discussed: tuple[Discussed, ...]
    years: Years
    summary: str
    has_suggested: bool
    narrowings: tuple[Narrowing, ...]
    sections: tuple[Section, ...]
    older_page: Link | None  # of a long list


@dataclass(frozen=True, slots=True)
class TagsView:
    facets: tuple[FacetView, ...]


@dataclass(frozen=True, slots=True)
class OpenTag:
    """A tag of a paper that a curator may decide on."""

    id: str
    chip: Chip
    why: str  # how sure it is, and the words that speak for it


@dataclass(frozen=True, slots=True)
class OpenPaper:
    id: str
    paper: Link
    tags: tuple[OpenTag, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPhrase:
    """A phrase that may be worth a tag."""

    phrase: Link  # to the search for it
    papers: tuple[Link, ...]  # those that use it most
    more: int  # papers besides
    nearest: Chip | None
    near: str  # how many of the papers have that tag: "3 of 4"


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of thing that is left to do."""

    anchor: str
    heading: str
    total: int
    meaning: str
    papers: tuple[OpenPaper, ...] = ()
    tags: tuple[Link, ...] = ()
    phrases: tuple[OpenPhrase, ...] = ()
    more: int = 0  # that are left out here
    command: str = ""  # that shows them all


@dataclass(frozen=True, slots=True)
class ReviewView:
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """The papers of an author, a venue or a year."""

    index: Link  # of all such groups
    heading: str
    summary: str
    sections: tuple[Section, ...]
    years: Years | None = None
    narrowings: tuple[Narrowing, ...] = ()
    newer: Link | None = None
    older: Link | None = None
    older_page: Link | None = None  # of a long list


@dataclass(frozen=True, slots=True)
class GroupsView:
    """All authors, venues or years."""

    summary: str
    links: tuple[Link, ...]
    years: Years | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    id: str
    file: str
    printed: str
    captured: str
    listings: str
    papers: str
    only_here: str


@dataclass(frozen=True, slots=True)
class SourcesView:
    rows: tuple[SourceRow, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class SearchView:
    facets: tuple[FacetView, ...]  # to browse instead
    years: Years
    narrowings: tuple[Narrowing, ...]
    has_map: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A paper on the map."""

    at: int  # as the search knows it
    x: float
    y: float
    href: str
    title: str
    facet: str  # of the area that it belongs to; empty when it has none
    glyph: str


@dataclass(frozen=True, slots=True)
class Shapes:
    """Papers of one sign, drawn as one where they are too many to be links."""

    facet: str
    glyph: str
    path: str
    gaps: str  # between the ordinals of its papers


@dataclass(frozen=True, slots=True)
class MapName:
    """A tag's name on the map."""

    tag: str
    lines: tuple[tuple[float, str], ...]  # (how far below the one before, in sizes of the letters; text)
    said: str  # the same in words, with its facet and how many papers it has
    href: str
    facet: str
    glyph: str
    size: int  # pixels
    x: int  # of its middle
    y: int
    scale: int  # from which it is shown: 0 always, 1 not on a phone, then when the map is enlarged
    px: float  # units of the drawing in a pixel at that scale


@dataclass(frozen=True, slots=True)
class IndexRow:
    title: str
    href: str
    square: str  # "C4"


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the map in its index."""

    text: str
    href: str  # of its tag; empty for what is in no area
    facet: str
    glyph: str
    square: str
    count: str
    rows: tuple[IndexRow, ...]  # none where there are too many papers


@dataclass(frozen=True, slots=True)
class MapView:
    total: str  # "263 papers"
    width: int
    height: int
    columns: tuple[tuple[int, str], ...]  # (left, letter) of each square of the grid
    rows: tuple[tuple[int, str], ...]
    relief: tuple[str, ...]  # path data of the contour lines, the outermost first
    dots: tuple[Dot, ...]
    shapes: tuple[Shapes, ...]  # instead of dots
    size: int  # of a dot, in pixels
    names: tuple[MapName, ...]
    areas: tuple[Area, ...]
    years: Years
    narrowings: tuple[Narrowing, ...]


@dataclass(frozen=True, slots=True)
class RedirectView:
    to: str


@dataclass(frozen=True, slots=True)
class MissingView:
    """The page for an address that does not exist."""
