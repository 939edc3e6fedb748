"""daily_papers: pages of text saved from a "Daily Papers" search

After its header a page lists papers: a title, the abstract and, on some pages, a block that says who and when, each set apart
by empty lines. A block has three lines: `  • 4 authors`, or an organization's handle and name; `·`; and a date, which lacks its
year when the page was saved in that year, and which the number of comments may follow.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.fields import Entries, Items, Node
from generator.files import unix_lines
from generator.model import Paper, Source
from generator.report import Place, Problem, counted, error, warning

from .addresses import links_in
from .incoming import entries, paper_of, scalar

LONGEST_TITLE = 300  # characters; what is longer is prose

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE = re.compile(rf"({'|'.join(MONTHS)}) ([0-9]{{1,2}})(?:, ([0-9]{{4}}))?(?: ([0-9]+))?")  # month, day, year, comments
AUTHORS = re.compile(r"• ?([0-9]+) authors?")
ORGANIZATION = re.compile(r"[^\s•]\S*\s+(\S.*)")  # a handle, then the name

BREAKS_OFF = "the page may break off here: save it again, or complete it by hand"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines with text, between empty ones."""

    line: int  # of the first row
    rows: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.rows)

    @property
    def is_prose(self) -> bool:
        return len(self.text) > LONGEST_TITLE

    @property
    def is_block(self) -> bool:
        """Whether it says, or begins to say, who and when."""
        return "·" in self.rows or self.rows[0].startswith("•")


@dataclass(frozen=True, slots=True)
class Parts:
    """What belongs to one paper, whole or not."""

    title: Paragraph
    abstract: Paragraph | None
    block: Paragraph | None


# ------------------------------------------------------------------ the page


def recognizes(text: str) -> bool:
    return _header_end(_paragraphs(text)) > 0


def printed(text: str) -> str | None:
    """The page's own date as it prints it: `Sep 2`."""
    paragraphs = _paragraphs(text)
    return _page_date(paragraphs, _header_end(paragraphs))


def read(text: str, path: str, source: Source) -> tuple[tuple[Paper, ...], tuple[Problem, ...]]:
    """The page's papers, each with its position there. Those with errors are left out, and counted."""
    paragraphs = _paragraphs(text)
    start = _header_end(paragraphs)
    if not start:
        hint = "it begins with a header: 'Daily Papers', the line 'by…' and the page's date"
        return (), (error(Place(path, 1, 1), "this is no page of Daily Papers", hint=hint),)
    problems: list[Problem] = []
    if _page_date(paragraphs, start):
        start += 1
    else:
        place = Place(path, paragraphs[start - 1].line, 1)
        problems.append(error(place, "the page's own date is missing after this line", hint="write it as 'Sep 2'"))
    dealt = _dealt(paragraphs[start:])
    if not dealt:
        problems.append(error(Place(path, paragraphs[-1].line, 1), "no paper is listed after the header", hint=BREAKS_OFF))
    problems += _undated(dealt, path, source)
    papers = []
    for position, parts in enumerate(dealt, start=1):
        paper, wrong = _paper(parts, position, path, source)
        papers += [paper] if paper else []
        problems += wrong
    return tuple(papers), tuple(problems)


def _paragraphs(text: str) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    rows: list[str] = []
    for number, row in enumerate([*unix_lines(text).split("\n"), ""], start=1):
        if row.strip():
            rows.append(row.strip())
        elif rows:
            paragraphs.append(Paragraph(number - len(rows), tuple(rows)))
            rows = []
    return paragraphs


def _header_end(paragraphs: Sequence[Paragraph]) -> int:
    """How many paragraphs stand before the page's date; 0 when this is no such page."""
    for at in range(min(5, len(paragraphs) - 1)):
        if paragraphs[at].text == "Daily Papers" and paragraphs[at + 1].text.startswith("by"):
            return at + 2
    return 0


def _page_date(paragraphs: Sequence[Paragraph], start: int) -> str | None:
    text = paragraphs[start].text if 0 < start < len(paragraphs) else ""
    return text if DATE.fullmatch(text) else None


def _dealt(paragraphs: Sequence[Paragraph]) -> list[Parts]:
    """The paragraphs dealt out to papers.

    A short one before prose is a title: where such a one stands in the place of an abstract, the abstract is missing, and the
    papers after it still come out right.
    """
    dealt = []
    at = 0
    while at < len(paragraphs):
        title, first, second = (*paragraphs[at : at + 3], None, None)[:3]
        at += 1
        assert title
        abstract = block = None
        if _is_abstract(title, first, second):
            abstract = first
            at += 1
        if at < len(paragraphs) and paragraphs[at].is_block and not title.is_block:
            block = paragraphs[at]
            at += 1
        dealt.append(Parts(title, abstract, block))
    return dealt


def _is_abstract(title: Paragraph, first: Paragraph | None, second: Paragraph | None) -> bool:
    """Whether, of two paragraphs after what stands in a title's place, the first is an abstract."""
    if title.is_block or title.is_prose or first is None or first.is_block:
        return False
    return first.is_prose or second is None or not second.is_prose


def _undated(dealt: Sequence[Parts], path: str, source: Source) -> list[Problem]:
    """A warning when dates lack their year and the page does not say it either."""
    dates = [(parts.block.line + 2, DATE.fullmatch(parts.block.rows[-1])) for parts in dealt if parts.block]
    lines = [line for line, date in dates if date and not date[3]]
    if source.captured or not lines:
        return []
    message = f"{counted(len(lines), 'date')} left out: without a year, and it is not known when '{source.id}' was saved"
    hint = "add 'captured: YYYY-MM-DD' to its entry in content/sources.yml; for a new page give --captured"
    return [warning(Place(path, lines[0], 1), message, hint=hint)]


# ------------------------------------------------------------------ one paper


@dataclass(frozen=True, slots=True)
class Block:
    """Who and when, as printed."""

    line: int
    authors: str | None  # how many
    organization: str | None
    month: str
    day: str
    year: str | None
    comments: str | None


def _paper(parts: Parts, position: int, path: str, source: Source) -> tuple[Paper | None, tuple[Problem, ...]]:
    block = _block(parts.block, path) if parts.block else None
    if isinstance(block, Problem):
        return None, (block,)
    if wrong := _misplaced(parts, path):
        return None, (wrong,)
    paper, problems = paper_of(_nodes(parts, block, position, source), path)
    return (replace(paper, links=links_in(paper.abstract or "")) if paper else None), problems


def _block(paragraph: Paragraph, path: str) -> Block | Problem:
    place = Place(path, paragraph.line, 1)
    if len(paragraph.rows) != 3 or paragraph.rows[1] != "·":
        hint = "write three lines between empty ones: '• 4 authors', '·', 'Sep 16, 2025 1'"
        return error(place, "this does not say who and when as it should", hint=hint)
    who, _, when = paragraph.rows
    authors, organization, date = AUTHORS.fullmatch(who), ORGANIZATION.fullmatch(who), DATE.fullmatch(when)
    if not authors and not organization:
        hint = "write '• 4 authors', or a handle and a name: 'acme Acme Research'"
        return error(place, f"'{who}' is neither a number of authors nor an organization", hint=hint)
    if not date:
        hint = "write 'Sep 16, 2025', and after it the number of comments, if any"
        return error(Place(path, paragraph.line + 2, 1), f"'{when}' is not a date", hint=hint)
    return Block(paragraph.line, authors and authors[1], organization and organization[1], *date.groups())


def _misplaced(parts: Parts, path: str) -> Problem | None:
    place = Place(path, parts.title.line, 1)
    if parts.title.is_block:
        return error(place, "this says who and when, but no paper stands before it", hint="put its title and abstract before it")
    if parts.title.is_prose:
        message = f"a title is expected here, not {len(parts.title.text):,} characters"
        return error(place, message, hint="a title is a paragraph of its own, and an abstract is one paragraph")
    if len(parts.title.rows) > 1:
        return error(place, "a title must stand on one line", hint="put an empty line between it and what follows")
    if parts.abstract is None:
        return error(place, f"'{parts.title.text}' has no abstract", hint=BREAKS_OFF)
    return None


def _nodes(parts: Parts, block: Block | None, position: int, source: Source) -> Entries:
    """The fields of the record, at their places on the page."""
    line = parts.title.line
    nodes: dict[str, Node] = {"title": scalar(parts.title.text, line)}
    listing: dict[str, Node] = {"page": scalar(source.id, line), "position": scalar(position, line)}
    if parts.abstract:
        nodes["abstract"] = scalar(parts.abstract.text, parts.abstract.line)
    if block and block.authors:
        nodes["author_count"] = scalar(block.authors, block.line)
    if block and block.organization:
        nodes["organization"] = scalar(block.organization, block.line)
    if block and block.comments:
        listing["comments"] = scalar(block.comments, block.line + 2)
    if block and (year := block.year or (source.captured or "")[:4]):
        date = f"{year}-{MONTHS.index(block.month) + 1:02}-{block.day:0>2}"
        nodes["date"] = scalar(date, block.line + 2)
    nodes["sources"] = Items([entries(listing, line)], line, 1)
    return entries(nodes, line)
