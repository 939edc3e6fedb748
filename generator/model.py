"""model: the values that flow: Paper, Vocabulary, Settings, Survey, Labels, Output"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .fields import Entries, Node
from .report import Place

# ------------------------------------------------------------------ what a survey is made of


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where the survey met a paper: a place on a source page."""

    page: str  # id of a Source
    position: int | None = None  # counted from 1
    comments: int | None = None  # None: the page printed none


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One record. Only the title is required; what is unknown is None or empty, never guessed."""

    id: str = ""  # the file's name
    title: str
    authors: tuple[str, ...] = ()  # as printed
    author_count: int | None = None  # when a source prints only a number; larger than the list: the list is partial
    organization: str | None = None  # when a source prints only that
    date: str | None = None  # of the first public version: YYYY, YYYY-MM or YYYY-MM-DD
    venue: str | None = None
    venue_year: int | None = None
    arxiv: str | None = None
    doi: str | None = None
    openreview: str | None = None
    url: str | None = None
    links: tuple[tuple[str, str], ...] = ()  # (kind, address), in the order of LINKS
    sources: tuple[Listing, ...] = ()
    added: str | None = None  # the day the survey took it in
    tags: tuple[str, ...] = ()  # by hand
    rejected: tuple[str, ...] = ()  # automatic tags that a curator refused
    reviewed: str | None = None  # the day a second, independent reading agreed
    also: tuple[str, ...] = ()  # other titles
    formerly: tuple[str, ...] = ()  # old ids
    coded: tuple[tuple[str, str], ...] = ()  # (field that site.yml declares, value)
    gist: str | None = None  # one line
    findings: tuple[str, ...] = ()
    abstract: str | None = None
    note: str = ""  # Markdown

    @property
    def year(self) -> int | None:
        return int(self.date[:4]) if self.date else self.venue_year

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """What says what it is about, as (field, text), the best field first. Each finding is a paragraph of its field."""
        fields = (
            ("title", self.title),
            ("gist", self.gist or ""),
            ("note", self.note),
            ("findings", "\n\n".join(self.findings)),
            ("abstract", self.abstract or ""),
        )
        return tuple((field, text) for field, text in fields if text)


LINKS = ("code", "project", "data", "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page the survey was fed from, a row of content/sources.yml."""

    id: str
    file: str  # its file name when it was imported
    printed: str | None = None  # its own date as it prints it
    captured: str | None = None  # the day it was saved, YYYY-MM-DD
    listings: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    id: str
    label: str
    question: str = ""
    hue: int | None = None  # of its color, in degrees (OKLCH)
    glyph: str | None = None  # one of GLYPHS


GLYPHS = ("circle", "square", "triangle", "diamond", "bar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """What a tag is not for, and the tag that is."""

    case: str
    use: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    id: str
    facet: str
    parent: str | None = None
    label: str
    definition: str = ""
    not_for: tuple[Boundary, ...] = ()
    synonyms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()  # what makes the automatic tag fire
    weak: tuple[str, ...] = ()  # count half
    excluded: tuple[str, ...] = ()  # `not:` an occurrence inside these does not count
    replaced_by: str | None = None  # a retired tag redirects there


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    facets: tuple[Facet, ...] = ()
    tags: tuple[Tag, ...] = ()


def parents(vocabulary: Vocabulary) -> dict[str, str | None]:
    """The parent of each tag."""
    return {tag.id: tag.parent for tag in vocabulary.tags}


def current_tag(vocabulary: Vocabulary) -> Callable[[str], str]:
    """Gives the tag itself; of a retired one, what took its place."""
    successor = {tag.id: tag.replaced_by for tag in vocabulary.tags if tag.replaced_by}

    def current(tag: str) -> str:
        for _ in successor:  # as many steps as can lead anywhere, should they go in a circle
            tag = successor.get(tag, tag)
        return tag

    return current


def with_parents(tags: Iterable[str], parent_of: Mapping[str, str | None]) -> tuple[str, ...]:
    """The tags and the parents they imply, each once."""
    found: dict[str, None] = {}
    for tag in tags:
        found[tag] = None
        if parent := parent_of.get(tag):
            found[parent] = None
    return tuple(found)


# ------------------------------------------------------------------ prose bound to the records


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which papers: all conditions hold at once."""

    tags: tuple[str, ...] = ()  # each of them
    any: tuple[str, ...] = ()  # at least one of them
    years: tuple[int | None, int | None] = (None, None)  # first and last
    venue: str | None = None
    reviewed: str | None = None  # "yes" or "no"
    ids: tuple[str, ...] = ()  # these, in this order unless a sort is given
    sort: str | None = None  # one of SORTS
    limit: int | None = None


SORTS = ("newest", "oldest", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where in a page something stands."""

    place: Place  # in its file
    section: str = ""  # heading; empty before the first
    section_anchor: str = ""
    anchor: str = ""  # of the paragraph, on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Cite:
    ids: tuple[str, ...]
    places: tuple[Place, ...]  # of each
    spot: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    tag: str
    spot: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    of: str  # one of COUNTED
    query: Query
    node: Entries  # as it stands, for the places of what is wrong
    spot: Spot


COUNTED = ("papers", "tags", "facets", "sources", "listings", "repeats")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What a fenced block asks for."""

    kind: str  # "papers", "table" or "flow"
    query: Query = Query()
    columns: tuple[str, ...] = ()
    caption: str = ""
    node: Entries
    spot: Spot


Mark = Cite | Mention | Count | Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A page of text, content/pages/<name>.md: its HTML, with gaps where the survey's data goes in."""

    name: str
    path: str  # relative to the root
    title: str
    question: str = ""  # what a chapter answers
    chapter: int | None = None  # its number; other pages have none
    menu: str = ""  # its word in the site's navigation
    front: Entries
    text: str = ""  # Markdown
    text_line: int = 0  # on which it begins
    pieces: tuple[str | Mark, ...] = ()  # HTML by our own rules, and the gaps in it that the survey fills
    headings: tuple[tuple[str, str], ...] = ()  # (text, anchor) of its sections
    anchors: frozenset[str] = frozenset()  # of its sections and paragraphs

    @property
    def address(self) -> str:
        """From the site's root; `home` is the introduction of the home page."""
        return "" if self.name == HOME else f"pages/{self.name}/"

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(piece for piece in self.pieces if not isinstance(piece, str))


HOME = "home"

# ------------------------------------------------------------------ settings, files, the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedField:
    """A comparison field that site.yml declares."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A place where readers may look a paper up by its title."""

    label: str
    url: str  # with {title} where the title goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What site.yml says."""

    title: str = "A literature survey"
    tagline: str = ""
    base_url: str | None = None  # https://host/path/, always with the last slash
    repository: str | None = None
    branch: str = "main"
    abstracts: str = "keep"  # or "never"
    lookups: tuple[Lookup, ...] = ()
    coded: tuple[CodedField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A paper with the file it was read from."""

    paper: Paper
    path: str  # relative to the root
    note_line: int = 0  # on which the note begins
    front: Entries  # the front matter as it stands, for the places of what is wrong
    comments: tuple[tuple[str, str], ...] = ()  # (key it stands before, line), kept by `fmt`
    is_broken: bool = False  # it has errors: `paper` holds what could be read of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    settings: Settings
    vocabulary: Vocabulary
    sources: tuple[Source, ...]
    records: tuple[Record, ...]  # by id
    prose: tuple[Prose, ...] = ()  # by name
    broken: tuple[Record, ...] = ()  # those with errors, so that all that is wrong with them is told at once
    broken_pages: tuple[str, ...] = ()  # names of pages that could not be read
    places: Mapping[str, Node | None] = field(default_factory=dict)  # of tags.yml, sources.yml and site.yml, as `Record.front`
    shown: frozenset[tuple[str, str]] = frozenset()  # content/tags.lock.json: (paper, tag) that were suggested to readers
    laid: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # content/map.lock.json: x and y by paper

    @property
    def papers(self) -> tuple[Paper, ...]:
        return tuple(record.paper for record in self.records)


# ------------------------------------------------------------------ what the stages add


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span of a paper's text that speaks for a tag."""

    field: str  # "title", "note", ...
    start: int  # in characters
    end: int
    text: str
    phrase: str  # of the vocabulary; empty when it was learned from tags by hand


def row_of(span: Evidence) -> tuple[Any, ...]:
    """Its values in their order, to be remembered."""
    return span.field, span.start, span.end, span.text, span.phrase


def evidence_of(row: Sequence[Any]) -> Evidence:
    """What `row_of` gave."""
    field, start, end, text, phrase = row
    return Evidence(field=field, start=start, end=end, text=text, phrase=phrase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A tag on a paper: by hand, or proposed by a tagger with its confidence and evidence."""

    tag: str
    state: str  # hand, accepted, suggested, maybe or rejected
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()


Labels = Mapping[str, tuple[Label, ...]]  # by paper id


@dataclass(frozen=True, slots=True)
class Relation:
    """A paper that is near another, and what they share."""

    id: str
    tags: tuple[str, ...]  # the rarest first
    words: tuple[str, ...]  # as the other paper writes them, those that say most first


Relations = Mapping[str, tuple[Relation, ...]]  # by paper id, the nearest first

Places = Mapping[str, tuple[float, float]]  # on the map, by paper id: x to the right and y downwards, each from -1 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A phrase beyond the vocabulary that may be worth a tag."""

    phrase: str  # as it is most often written
    papers: tuple[str, ...]  # ids of those that use it, the most uses first
    headlines: int  # of them that name it in the title or the gist
    score: float


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site. `make` runs only when `key` differs from the last build's, or when the preview asks for it."""

    path: str  # relative to the site's root
    key: str  # a digest of everything that `make` depends on
    make: Callable[[], bytes]
