"""index: what the search needs: a lunr index, the words behind its stems, rows, names and texts for results"""

import importlib.resources
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from .library import HAND, Library
from .memo import code, digest
from .model import Output, Paper, Prose, Tag
from .pages.parts import ON_CARD, glyph, has_page
from .pages.tags import tag_discussed
from .pages.words import NBSP, byline, when
from .report import Failure, Place, error
from .text import sort_key, stem, words

if TYPE_CHECKING:
    from lunr.index import Index
    from lunr.token import Token

VERSION = 1  # of each file in search/
IN_CHUNK = 32  # papers whose texts are fetched together
NAMED = 3  # authors in the byline of a result; the others stand among its texts

# Field of a Document -> what a match in it counts for.
BOOSTS = {
    "title": 1.5,  # more hurts: lunr sums the fields, so a word of the title already weighs more
    "note": 1,
    "findings": 1,
    "gist": 1,
    "abstract": 1,
    "also": 1,
    "authors": 0.5,
    "tags": 0.5,
    "venue": 0.5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text by which one paper is found. Where a field has several values, each is a line."""

    id: str
    title: str
    note: str = ""
    findings: str = ""
    gist: str = ""
    abstract: str = ""
    also: str = ""  # its other titles
    authors: str = ""
    tags: str = ""  # labels and synonyms of its tags and of their parents
    venue: str = ""  # and the years and identifiers


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a list of results shows of one paper, and filters look at. The order of the fields is that of a row in the file."""

    id: str
    title: str
    byline: str
    when: str  # venue and year, or the date, in words
    date: str  # "" when unknown
    year: int | None
    venue: str
    tags: tuple[str, ...]  # ids, parents included
    authors: tuple[str, ...]  # slugs
    has: tuple[str, ...]  # "code", "note", ...
    gist: str = ""
    hand: tuple[str, ...] = ()  # ids of the tags that its card shows
    suggested: tuple[str, ...] = ()
    text: int | None = None  # the chunk that holds its texts; None when it has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What excerpts of one paper are taken from."""

    id: str
    note: str  # Markdown
    findings: tuple[str, ...]
    abstract: str
    others: tuple[str, ...]  # authors that the byline leaves out


@dataclass(frozen=True, slots=True, kw_only=True)
class TagName:
    """What the suggestion of a tag shows. The order of the fields is that of a row in the file, as it is in the next two."""

    id: str
    label: str
    facet: str
    glyph: str
    count: int  # of its papers, its children's among them
    synonyms: tuple[str, ...]
    page: int | None  # the place of the page of text that tells most of it; None when no page treats it


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorName:
    slug: str
    name: str
    count: int
    has_page: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageName:
    address: str
    number: str  # of a chapter; "" for another page of text
    title: str


def index(library: Library) -> list[Output]:
    """The files of the search, for the papers in the library's order."""
    documents = tuple(document(library, paper) for paper in library.papers)
    chunks = tuple(chunked(library.papers))
    chunk_of = {text.id: chunk for chunk, texts in enumerate(chunks) for text in texts}
    rows = tuple(row(library, paper, chunk_of.get(paper.id)) for paper in library.papers)
    names = tag_names(library), author_names(library), page_names(library)
    return [
        Output("search/index.json", digest(code(), repr(documents)), lambda: search_index([plain(entry) for entry in documents])),
        Output("search/papers.json", digest(code(), repr(rows)), lambda: search_rows(rows)),
        Output("search/names.json", digest(code(), repr(names)), lambda: search_names(*names)),
        *(texts_file(chunk, texts) for chunk, texts in enumerate(chunks) if texts),
        Output("static/js/lunr.js", digest(lunr_source()), lunr_module),
    ]


def document(library: Library, paper: Paper) -> Document:
    tags = [library.tag[tag] for tag in library.tags_of(paper)]
    imprint = (paper.venue, paper.venue_year, paper.year, paper.arxiv, paper.doi)
    return Document(
        id=paper.id,
        title=paper.title,
        note=paper.note,
        findings="\n".join(paper.findings),
        gist=paper.gist or "",
        abstract=paper.abstract or "",
        also="\n".join(paper.also),
        authors="\n".join((*paper.authors, paper.organization or "")),
        tags="\n".join(name for tag in tags for name in (tag.label, *tag.synonyms)),
        venue="\n".join(str(part) for part in imprint if part),
    )


def plain(document: Document) -> Document:
    return replace(document, note=plain_text(document.note))


def plain_text(note: str) -> str:
    """The note without Markdown's marks and addresses; one that has none is not parsed."""
    if not any(mark in note for mark in "[]<>`*_\\#&"):
        return note
    from .markdown import to_text

    return to_text(note)


def row(library: Library, paper: Paper, chunk: int | None) -> Row:
    has = [kind for kind, _ in paper.links]
    shown = library.labels_of[paper.id][:ON_CARD]
    return Row(
        id=paper.id,
        title=paper.title,
        byline=byline(paper, NAMED),
        when=when(paper),
        date=paper.date or "",
        year=paper.year,
        venue=paper.venue or "",
        tags=library.tags_of(paper),
        authors=tuple(library.author_slug[name] for name in paper.authors),
        has=(*has, "note") if paper.note else tuple(has),
        gist=paper.gist or "",
        hand=tuple(label.tag for label in shown if label.state in HAND),
        suggested=tuple(label.tag for label in shown if label.state not in HAND),
        text=chunk,
    )


def chunked(papers: Iterable[Paper]) -> Iterator[tuple[Text, ...]]:
    """The texts of so many papers after each other in the order in which the survey took them in, so that a new paper
    changes the last chunk only. A paper without texts has its place all the same: it may get one."""
    ordered = sorted(papers, key=lambda paper: (paper.added or "", paper.id))
    for start in range(0, len(ordered), IN_CHUNK):
        found = map(text, ordered[start : start + IN_CHUNK])
        yield tuple(entry for entry in found if entry.note or entry.findings or entry.abstract or entry.others)


def text(paper: Paper) -> Text:
    others = paper.authors[NAMED:]
    return Text(id=paper.id, note=paper.note, findings=paper.findings, abstract=paper.abstract or "", others=others)


def tag_names(library: Library) -> tuple[TagName, ...]:
    """The tags that have papers, the largest first."""
    pages = _pages(library)
    names = (
        TagName(
            id=tag.id,
            label=tag.label,
            facet=tag.facet,
            glyph=glyph(library.facet[tag.facet]),
            count=len(library.papers_with(tag.id)),
            synonyms=tag.synonyms,
            page=_page_on(library, tag, pages),
        )
        for tag in library.living_tags
    )
    return tuple(sorted((name for name in names if name.count), key=lambda name: (-name.count, sort_key(name.label))))


def author_names(library: Library) -> tuple[AuthorName, ...]:
    """All authors, those of most papers first."""
    names = (
        AuthorName(slug=author.slug, name=author.name, count=len(author.papers), has_page=has_page(author))
        for author in library.authors.values()
    )
    return tuple(sorted(names, key=lambda name: (-name.count, sort_key(name.name))))


def page_names(library: Library) -> tuple[PageName, ...]:
    """The chapters in their order, then the other pages of text."""
    return tuple(PageName(address=page.address, number=str(page.chapter or ""), title=page.title) for page in _pages(library))


def _pages(library: Library) -> tuple[Prose, ...]:
    return (*library.chapters, *library.other_pages)


def _page_on(library: Library, tag: Tag, pages: Sequence[Prose]) -> int | None:
    """The place of the page that treats the tag and cites most of its papers."""
    treating = {discussed.page.href for discussed in tag_discussed(library, tag)}
    papers = {paper.id for paper in library.papers_with(tag.id)}
    cited = {
        place: sum(paper.id in papers for paper in library.cited_in[page.name])
        for place, page in enumerate(pages)
        if page.address in treating
    }
    return max(cited, key=lambda place: cited[place], default=None)  # the first of equals


class Stemmer:
    """Our stemmer in lunr.py's pipelines, in the place and under the name of lunr's own."""

    label = "stemmer"

    def __call__(self, token: "Token", _place: int, _tokens: Sequence["Token"]) -> "Token":
        return token.update(lambda word, _metadata: stem(word))


# What is searched of one document: field -> its words, stop words left out.
Searched = dict[str, list[str]]


def search_index(documents: Sequence[Document]) -> bytes:
    """The file search/index.json: an index that lunr.js 2.3.9 loads, and all words that its stems were made of."""
    searched = [searched_words(document) for document in documents]
    built = lunr_index([document.id for document in documents], searched).serialize()
    built["invertedIndex"].sort(key=lambda row: _utf16(row[0]))
    surface = {word for fields in searched for found in fields.values() for word in found}
    return _json({"version": VERSION, "lunr": built, "words": " ".join(sorted(surface, key=_utf16))})


def searched_words(document: Document) -> Searched:
    from lunr.stop_word_filter import WORDS

    return {name: [word for word in words(getattr(document, name)) if word not in WORDS] for name in BOOSTS}


def lunr_index(ids: Sequence[str], searched: Sequence[Searched]) -> "Index":
    """lunr.py's index of these documents. A field that is empty in all of them is left out."""
    from lunr.builder import Builder

    stemmer = Stemmer()
    builder = Builder()
    builder.pipeline.add(stemmer)
    builder.search_pipeline.add(stemmer)
    for name, boost in BOOSTS.items():
        if any(fields[name] for fields in searched):
            builder.field(name, boost)
    for id_, fields in zip(ids, searched, strict=True):
        builder.add({"id": id_, **fields})
    return builder.build()


def search_rows(rows: Iterable[Row]) -> bytes:
    """The file search/papers.json. Give the newest first: the order is kept, and decides between equal scores."""
    return _json({"version": VERSION, "papers": [astuple(row) for row in rows]})


def search_names(tags: Iterable[TagName], authors: Iterable[AuthorName], pages: Iterable[PageName]) -> bytes:
    """The file search/names.json. The order is kept, and decides between suggestions that are equally near."""
    names: dict[str, Iterable[TagName | AuthorName | PageName]] = {"tags": tags, "authors": authors, "pages": pages}
    return _json({"version": VERSION, **{kind: [astuple(row) for row in rows] for kind, rows in names.items()}})


def texts_file(chunk: int, texts: Sequence[Text]) -> Output:
    return Output(f"search/texts/{chunk}.json", digest(code(), repr(texts)), lambda: search_texts(texts))


def search_texts(texts: Iterable[Text]) -> bytes:
    """A file search/texts/<chunk>.json: each paper with its texts, in the order in which excerpts are looked for."""
    return _json({"version": VERSION, "texts": [(text.id, passages(text)) for text in texts]})


def passages(text: Text) -> list[str]:
    others = ", ".join(name.replace(" ", NBSP) for name in text.others)  # so that no excerpt cuts a name
    found = (plain_text(text.note), *text.findings, text.abstract, others and f"With {others}")
    return [passage for passage in found if passage]


def lunr_source() -> bytes:
    """lunr.js as its authors publish it; empty when the package that carries it is not installed."""
    try:
        return (importlib.resources.files("papergrove_assets") / "lunr.js").read_bytes()
    except (ModuleNotFoundError, FileNotFoundError):
        return b""


def lunr_module() -> bytes:
    """lunr.js as an ES module. Raises Failure when it is not installed."""
    source = lunr_source()
    if not source:
        hint = "install papergrove again: its wheel brings it"
        raise Failure(error(Place("static/js/lunr.js"), "lunr.js is not installed", hint=hint))
    before = b"const module={exports:{}},exports=module.exports;\n"
    return before + source + b"\nexport default module.exports;\n"


def _utf16(word: str) -> bytes:
    """Puts words in JavaScript's order: lunr.js refuses an index in that of Python."""
    return word.encode("utf-16-be")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
