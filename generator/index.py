"""index: what the search fetches: shards of postings, words and people, columns for filters, cards and texts of results"""

import importlib.resources
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from . import postings as scoring
from . import shards
from .library import HAND, Library
from .memo import code, digest
from .model import Output, Paper, Prose, Tag
from .pages.parts import ON_CARD, glyph, has_page
from .pages.tags import tag_discussed
from .pages.words import NAMED, byline, kinds, passages, when
from .postings import FIELDS, NAMES, TEXT, Postings
from .ranking import RANKING, lenders
from .report import Failure, Place, error
from .scripts import shorter
from .shards import Shards, gaps
from .text import sort_key

VERSION = 2  # of all files in search/


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Papers in a chunk, and the bytes of a shard before it is compressed."""

    papers: int
    bytes: int


def cut_for(papers: int) -> Cut:
    """A small survey shall have few files; of a larger one a question shall need few bytes, and of a huge one the list of all
    shards counts too."""
    if papers < 1_000:
        return Cut(papers=32, bytes=8_192)
    return Cut(papers=8, bytes=4_096 if papers < 20_000 else 8_192)


class Card(NamedTuple):
    """What a list of results shows of one paper. The order of the fields is that of a row in the file."""

    id: str
    title: str
    byline: str
    when: str  # venue and year, or the date, in words
    gist: str
    hand: tuple[str, ...]  # ids of the tags that it shows
    suggested: tuple[str, ...]
    has: tuple[str, ...]  # "code", "data", ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TagName:
    """What the suggestion of a tag shows. The order of the fields is that of a row in the file, as it is in the next."""

    id: str
    label: str
    facet: str
    glyph: str
    count: int  # of its papers, its children's among them
    synonyms: tuple[str, ...]
    page: int | None  # the place of the page of text that tells most of it; None when no page treats it


@dataclass(frozen=True, slots=True, kw_only=True)
class PageName:
    address: str
    number: str  # of a chapter; "" for another page of text
    title: str


def index(library: Library, postings: Postings) -> list[Output]:
    """The files of the search. The others know a paper by its place in `library.taken_in`, which is its ordinal."""
    papers = library.taken_in
    cut = cut_for(len(papers))
    tables = {
        "terms": shards.terms(postings, cut.bytes),
        "words": shards.lines(word_rows(postings), cut.bytes),
        "ends": shards.lines(end_rows(postings), cut.bytes),
        "people": shards.lines(people_rows(library), cut.bytes),
        "authors": shards.lines(author_rows(library), cut.bytes),
    }
    files: dict[str, bytes] = {
        "index.json": _json(head(library, postings, cut, tables)),
        "names.json": _json(names(library)),
        "similar.bin": shards.neighbors(lenders(library)),
    }
    for name, table in tables.items():
        files |= {f"{name}/{shard}.{'bin' if name == 'terms' else 'txt'}": data for shard, data in table.named()}
    for number, chunk in enumerate(chunks(papers, cut.papers)):
        files[f"cards/{number}.json"] = _json([card(library, paper) for paper in chunk])
        files[f"texts/{number}.json"] = _json([passages(paper) for paper in chunk])
    files |= {f"columns/{name}.json": _json(column) for name, column in columns(library).items()}
    outputs = [output for name, data in files.items() for output in twice(f"search/{name}", data)]
    return [*outputs, Output("static/js/lunr.js", digest(lunr_source()), lunr_module)]


def twice(path: str, data: bytes) -> Iterator[Output]:
    """A file compressed, since hosts do not compress what they do not know; and plain, for browsers that cannot decompress it."""
    key = digest(code(), data)
    yield Output(f"{path}.gz", key, lambda: shards.packed(data))
    yield Output(path, key, lambda: data)


def head(library: Library, postings: Postings, cut: Cut, tables: Mapping[str, Shards]) -> dict[str, object]:
    """The file that is read first."""

    def fields(boosts: Mapping[str, float]) -> list[tuple[str, float, float]]:
        return [(name, boost, postings.averages[FIELDS.index(name)]) for name, boost in boosts.items()]

    return {
        "version": VERSION,
        "edition": digest(*(paper.id for paper in library.taken_in))[:8],  # files of different ordinals do not go together
        "size": len(library.taken_in),
        "chunk": cut.papers,
        "k1": scoring.K1,
        "b": scoring.B,
        "text": fields(TEXT),
        "names": fields(NAMES),
        "ranking": RANKING,
        "shards": {name: table.firsts for name, table in tables.items()},
    }


# ------------------------------------------------------------------ tables


def word_rows(postings: Postings) -> Iterator[tuple[str, str]]:
    """Words, each with the number of papers that have it, unless that is one."""
    for word, count in postings.lexicon.items():
        yield word, f"{word}\t{count}" if count > 1 else word


def end_rows(postings: Postings) -> Iterator[tuple[str, str]]:
    """Words backwards: those of one ending stand together."""
    for word in postings.lexicon:
        yield word[::-1], word[::-1]


def people_rows(library: Library) -> Iterator[tuple[str, str]]:
    """Authors by each word of their names; of one word those of most papers first."""
    for word, authors in library.authors_by_word.items():
        for author in authors:
            yield word, f"{word}\t{author.slug}\t{_in_line(author.name)}\t{len(author.papers)}\t{int(has_page(author))}"


def author_rows(library: Library) -> Iterator[tuple[str, str]]:
    """Authors by their slugs, with their names and the gaps between their papers."""
    of_author = _ordinals((library.author_slug[name], at) for at, paper in enumerate(library.taken_in) for name in paper.authors)
    for author in library.authors.values():
        places = " ".join(map(str, gaps(of_author[author.slug])))
        yield author.slug, f"{author.slug}\t{_in_line(author.name)}\t{places}"


def columns(library: Library) -> dict[str, Mapping[str, list[int]] | list[int] | list[str]]:
    """By what papers are filtered: value -> the gaps between the papers that have it. And their orders, by ordinals."""
    papers = library.taken_in
    place = {paper.id: at for at, paper in enumerate(papers)}
    values = {
        "tags": [(tag, at) for at, paper in enumerate(papers) for tag in library.tags_of(paper)],
        "venues": [(paper.venue, at) for at, paper in enumerate(papers) if paper.venue],
        "years": [(str(paper.year), at) for at, paper in enumerate(papers) if paper.year is not None],
        "has": [(kind, at) for at, paper in enumerate(papers) for kind in kinds(paper)],
    }
    filters = {name: {value: gaps(found) for value, found in sorted(_ordinals(pairs).items())} for name, pairs in values.items()}
    by_title = sorted(range(len(papers)), key=lambda at: (*sort_key(papers[at].title), at))
    orders = {"newest": [place[paper.id] for paper in library.papers], "title": by_title}
    ids = {"ids": [paper.id for paper in papers]} if library.places else {}  # the map's selections are told by them
    return {**filters, **orders, **ids}


def _ordinals(pairs: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    """By value, its papers in order, each once."""
    found: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for value, ordinal in pairs:
        found[value][ordinal] = None
    return {value: list(ordinals) for value, ordinals in found.items()}


def _in_line(text: str) -> str:
    return " ".join(text.split())


# ------------------------------------------------------------------ chunks


def chunks(papers: Sequence[Paper], size: int) -> Iterator[Sequence[Paper]]:
    """So many papers after each other, so that a new one changes the last chunk only."""
    for start in range(0, len(papers), size):
        yield papers[start : start + size]


def card(library: Library, paper: Paper) -> Card:
    shown = library.labels_of[paper.id][:ON_CARD]
    return Card(
        id=paper.id,
        title=paper.title,
        byline=byline(paper, NAMED),
        when=when(paper),
        gist=paper.gist or "",
        hand=tuple(label.tag for label in shown if label.state in HAND),
        suggested=tuple(label.tag for label in shown if label.state not in HAND),
        has=kinds(paper),
    )


# ------------------------------------------------------------------ names


def names(library: Library) -> dict[str, object]:
    """What else than papers a question may mean. The order decides between suggestions that are equally near."""
    return {"tags": [astuple(tag) for tag in tag_names(library)], "pages": [astuple(page) for page in page_names(library)]}


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


# ------------------------------------------------------------------ lunr.js


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
    return before + shorter(source) + b"\nexport default module.exports;\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
