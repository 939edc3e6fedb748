"""words: papers, dates and the survey's size as people read them"""

import re
from collections.abc import Sequence

from generator.library import Library
from generator.markdown import plain_text
from generator.model import Paper
from generator.report import counted

BY_DATE = "by the date they were first public"  # what lists are ordered by, and year headings tell

MONTHS = ["January", "February", "March", "April", "May", "June"]
MONTHS += ["July", "August", "September", "October", "November", "December"]


NBSP = "\N{NO-BREAK SPACE}"
NAMED = 3  # authors in the byline of a result of the search; the others stand among its passages


def kinds(paper: Paper) -> tuple[str, ...]:
    """What the search knows a paper to have: "code", "data", ..., "note"."""
    return (*(kind for kind, _ in paper.links), *(["note"] if paper.note else []))


def passages(paper: Paper) -> list[str]:
    """The texts that excerpts are taken from, in the order in which they are looked through."""
    others = ", ".join(name.replace(" ", NBSP) for name in paper.authors[NAMED:])  # so that no excerpt cuts a name
    found = (plain_text(paper.note), *paper.findings, paper.abstract or "", others and f"With {others}")
    return [passage for passage in found if passage]


def date_in_words(date: str) -> str:
    """`16 September 2025`, `September 2025` or `2025`: as precise as it is known."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])}{NBSP}{month}{NBSP}{year}" if len(rest) == 2 else f"{month}{NBSP}{year}"


def scope(library: Library) -> str:
    """The survey's size and freshness in one line, from the data."""
    years = library.years
    parts = [counted(len(library.papers), "paper")]
    if years:
        parts.append(_span(years))
    parts.append(counted(len(library.living_tags), "tag"))
    if library.revised:
        parts.append(f"last revised {date_in_words(library.revised)}")
    return ", ".join(parts)


def extent(library: Library) -> str:
    """The same for every page: so rough that a new paper seldom changes it, and with it all of them."""
    number = len(library.papers)
    step = 10 ** max(1, len(str(number)) - 2)
    size = f"{number // step * step:,}+ papers" if number >= 10 else "fewer than 10 papers"
    span = f", {_span(library.years)}" if library.years else ""
    month = f", last revised in {date_in_words(library.revised[:7])}" if library.revised else ""
    return size + span + month if number else "no papers yet"


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}–{years[-1]}" if years[0] != years[-1] else str(years[0])


def byline(paper: Paper, most: int = 3) -> str:
    """Who wrote it, on one line; what is unknown is said to be unknown."""
    if paper.authors:
        more = len(paper.authors) > most or is_partial(paper)
        return ", ".join(paper.authors[:most]) + (" et al." if more else "")
    if paper.organization:
        return paper.organization
    return counted(paper.author_count, "author") if paper.author_count else "Authors not stated"


def is_partial(paper: Paper) -> bool:
    """Whether there are more authors than are named."""
    return bool(paper.authors) and (paper.author_count or 0) > len(paper.authors)


def when(paper: Paper) -> str:
    """Venue and year; the month of the first public version where that is not of the same year, or stands alone."""
    month = date_in_words(paper.date[:7]) if paper.date else ""
    venue = f"{paper.venue}{NBSP}{paper.venue_year}" if paper.venue and paper.venue_year else paper.venue or ""
    if venue and paper.venue_year == paper.year:
        return venue
    return f"{NBSP}· ".join(part for part in (venue, month) if part) or "Date not stated"


def citation(paper: Paper) -> str:
    """As a text cites it: `Example & Sample 2024`, `Made-Up Lab 2023`; where nobody is named, by its short title."""
    year = str(paper.year or "undated")
    surnames = [surname(name) for name in paper.authors]
    if not surnames:
        return f"{paper.organization} {year}" if paper.organization else f"“{_inner_quotes(short_title(paper))}” {year}"
    if len(surnames) > 2 or is_partial(paper):
        return f"{surnames[0]} et al. {year}"
    return f"{' & '.join(surnames)} {year}"


_FIGURE = re.compile(
    r"""
    (?<![\w.,-])  # not the end of a name: "top-5", "CIFAR-10"
    [$€£]? \d[\d,.]*
    (?: \s?(?: % | × | x\b ) | -fold\b | \s(?: times | (?:percentage[ ])?points? )\b )
""",
    re.VERBOSE,
)


def figures(text: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces: (piece, whether it is a figure with its unit: `46%`, `3.2×`, `10 times`, `8 points`)."""
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _FIGURE.finditer(text):
        found += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    found.append((text[end:], False))
    return tuple(piece for piece in found if piece[0])


_PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "del", "della", "di", "da", "la", "le", "al", "el", "bin", "ibn", "ter", "ten")
)
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))


def surname(name: str) -> str:
    """The last word of a name as printed, with the small words before it: `van der Example`."""
    words = name.split()
    while len(words) > 1 and words[-1].lower() in _SUFFIXES:
        words.pop()
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return " ".join(words[start:]).rstrip(",")


def _inner_quotes(title: str) -> str:
    """A title's own quotation marks, within others."""
    return re.sub(r'["“]([^"“”]*)["”]', r"‘\1’", title)


def short_title(paper: Paper, most: int = 40) -> str:
    """What stands before the first colon, cut at a word."""
    title = paper.title.split(":", 1)[0]
    return title if len(title) <= most else title[: most + 1].rsplit(" ", 1)[0][:most] + " …"
