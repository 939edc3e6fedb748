"""merge: incoming papers joined with the survey's records; only empty fields are filled"""

import difflib
import json
import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from . import records, report, settings
from .fields import date_problem, is_absent
from .importers import Importer, importer_for
from .importers.facts import Fact
from .importers.facts import read as read_facts
from .model import LINKS, Paper, Record, Source, Survey
from .report import Place, Problem, Report, counted, error, warning
from .text import did_you_mean, paper_slug, slug, title_key

# Filled where the record has nothing. A title is never brought in, nor is what `_filled` takes only together with other fields.
FILLED = (
    "authors",
    "author_count",
    "organization",
    "date",
    "arxiv",
    "doi",
    "openreview",
    "url",
    "added",
    "also",
    "formerly",
    "gist",
    "findings",
    "abstract",
    "note",
)
TAGGED = ("tags", "rejected", "reviewed")  # what a curator has decided


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPaper:
    paper: Paper
    action: str  # new, merged or unchanged
    path: str  # of the record


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    papers: tuple[MergedPaper, ...]  # those that something came in for, in the order it came
    problems: tuple[Problem, ...]


# ------------------------------------------------------------------ papers


def merge(survey: Survey, listed: Iterable[Paper], facts: Iterable[Fact], today: str) -> Merged:
    """What the listings say comes first, then the facts; a fact about a paper that is nowhere is reported."""
    known = _Known(survey)
    for paper in sorted(listed, key=lambda paper: not paper.id):  # what has no id may be what has one, by its title
        known.take(paper)
    unknown = []
    for fact in facts:
        if known.has(fact.paper):
            known.take(fact.paper)
        else:
            unknown.append(fact)
    problems = (*_few(known.renamed, "more title", "like this"), *_unknown(unknown))
    return Merged(papers=known.merged(today), problems=problems)


NAMED = 3  # problems of one kind, each with a warning of its own; the others are counted


def _few(problems: list[Problem], thing: str, said: str) -> list[Problem]:
    if len(problems) <= NAMED:
        return problems
    return [*problems[:NAMED], warning(problems[NAMED].place, f"{counted(len(problems) - NAMED, thing)} {said}")]


def _unknown(facts: list[Fact]) -> list[Problem]:
    hint = "import the page that lists it, or correct the title"
    named = [warning(fact.place, f"no paper of the survey is called '{fact.paper.title}'", hint=hint) for fact in facts]
    return _few(named, "more fact", "are about papers that the survey does not have")


class _Known:
    """The survey's papers, while incoming ones are joined with them. Which are the same is decided here and nowhere else: an id
    says it; without one the title does, or the place where both were met."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.papers = {record.path: record.paper for record in survey.records}
        self.titles: dict[str, str] = {}  # path by the key of a title; where two share one, the title before `also`
        self.ids: dict[str, str] = {}  # path by id, old ones too
        self.places: dict[tuple[str, int | None], Record] = {}
        for record in survey.records:
            self.titles.setdefault(title_key(record.paper.title), record.path)
            self.ids |= dict.fromkeys((*record.paper.formerly, record.paper.id), record.path)
            self.places |= {(listing.page, listing.position): record for listing in record.paper.sources}
        for record in survey.records:
            for other in record.paper.also:
                self.titles.setdefault(title_key(other), record.path)
        self.joined: dict[str, Paper] = {}  # by the path of the record, or by the key of the title of one that has no id yet
        self.renamed: list[Problem] = []

    def has(self, paper: Paper) -> bool:
        key = title_key(paper.title)
        return key in self.titles or key in self.joined

    def take(self, incoming: Paper) -> None:
        if self.survey.settings.abstracts == "never":
            incoming = replace(incoming, abstract=None)
        key = title_key(incoming.title)
        path = self._path(incoming, key)
        name = path or key
        before = self.joined.get(name) or self.papers.get(name)
        if path:
            self.titles.setdefault(key, path)  # for the facts under this title
        if before and incoming.id and not _is_called(before, incoming.title):
            self.renamed.append(_renamed(before, incoming, name))
        self.joined[name] = _filled(before, incoming) if before else incoming

    def _path(self, incoming: Paper, key: str) -> str | None:
        """Of the record that this is, or is to be."""
        if incoming.id:
            return self.ids.get(incoming.id) or _path_of(incoming)
        if key in self.titles:
            return self.titles[key]
        record = self._retitled(incoming)
        return record.path if record else None

    def _retitled(self, incoming: Paper) -> Record | None:
        """The record met at the same place, when its title was corrected by hand since."""
        for listing in incoming.sources:
            record = self.places.get((listing.page, listing.position))
            if record and is_corrected(record.paper.title, incoming.title):
                return record
        return None

    def merged(self, today: str) -> tuple[MergedPaper, ...]:
        taken = {name for paper in self.papers.values() for name in (paper.id, *paper.formerly)}
        taken |= {paper.id for paper in self.joined.values()}
        merged = []
        for name, joined in self.joined.items():
            before = self.papers.get(name)
            paper = _settled(joined, before)
            if before:
                action = "unchanged" if paper == before else "merged"
                merged.append(MergedPaper(paper=paper, action=action, path=name))
                continue
            paper = replace(paper, id=paper.id or _free_id(paper, taken), added=paper.added or today)
            taken.add(paper.id)
            merged.append(MergedPaper(paper=paper, action="new", path=_path_of(paper)))
        return tuple(merged)


def _path_of(paper: Paper) -> str:
    return f"{records.PAPERS}/{paper.id}.md"


def _is_called(paper: Paper, title: str) -> bool:
    """Whether a title is one of the paper's, or nearly its own."""
    return title_key(title) in map(title_key, (paper.title, *paper.also)) or is_corrected(paper.title, title)


def _renamed(paper: Paper, incoming: Paper, path: str) -> Problem:
    message = f"id '{incoming.id}' came in as '{incoming.title}', and stays '{paper.title}': only empty fields are filled"
    return warning(Place(path), message, hint="if that is another paper, give it another id")


# At the same place of the same page. Of the 34,453 pairs among 263 real titles none is so much alike.
CORRECTED = 0.8


def is_corrected(title: str, other: str) -> bool:
    """Whether one title is likely the other with its mistakes mended. Part I is never Part II, nor 2D ever 3D."""
    alike = difflib.SequenceMatcher(None, title_key(title), title_key(other), autojunk=False).ratio() >= CORRECTED
    return alike and _numbers(title) == _numbers(other)


def _numbers(title: str) -> list[str]:
    """Digits, Roman numerals and single letters, in their order: what tells the parts of a series apart."""
    return re.findall(r"\d+|\b(?:[ivxlc]+|[a-z])\b", title.lower())


def _filled(paper: Paper, incoming: Paper) -> Paper:
    values: dict[str, Any] = {name: getattr(incoming, name) for name in FILLED if is_absent(getattr(paper, name))}
    if paper.venue == incoming.venue or (paper.venue is None and paper.venue_year in (None, incoming.venue_year)):
        values["venue"] = incoming.venue  # the year belongs to the venue: neither is filled beside another's other half
        values["venue_year"] = paper.venue_year or incoming.venue_year
    if all(is_absent(getattr(paper, name)) for name in TAGGED):
        values |= {name: getattr(incoming, name) for name in TAGGED}
    coded = {**dict(paper.coded), **{field: value for field, value in incoming.coded if field not in dict(paper.coded)}}
    values["coded"] = tuple(coded.items())
    links = {**dict(incoming.links), **dict(paper.links)}
    values["links"] = tuple((kind, links[kind]) for kind in LINKS if kind in links)
    pages = {listing.page for listing in paper.sources}
    values["sources"] = (*paper.sources, *(listing for listing in incoming.sources if listing.page not in pages))
    return replace(paper, **values)


def _settled(paper: Paper, before: Paper | None) -> Paper:
    """With what follows from the other fields, once all have come in."""
    if paper.date is None and paper.arxiv:
        paper = replace(paper, date=arxiv_month(paper.arxiv))
    counted = paper.author_count is not None and len(paper.authors) >= paper.author_count
    by_hand = before is not None and (before.author_count, before.authors) == (paper.author_count, paper.authors)
    return replace(paper, author_count=None) if counted and not by_hand else paper


def arxiv_month(identifier: str) -> str | None:
    """The month in which arXiv gave out an identifier: `2205.05055` and `cs/0501001` say 2022-05 and 2005-01."""
    found = re.match(r"(?:[a-z-]+(?:\.[A-Z]{2})?/)?([0-9]{2})([0-9]{2})", identifier)
    if not found:
        return None
    month = f"{'19' if found[1] > '90' else '20'}{found[1]}-{found[2]}"
    return None if date_problem(month) else month


def _free_id(paper: Paper, taken: Container[str]) -> str:
    """From the title; where that is taken, with the year; then with a number."""
    return _free(paper_slug(paper.title), taken, *([str(paper.year)] if paper.year else []))


def _free(name: str, taken: Container[str], *endings: str) -> str:
    number = 2
    candidates = [name, *(f"{name}-{ending}" for ending in endings)]
    while all(candidate in taken for candidate in candidates):
        candidates = [f"{name}-{number}"]
        number += 1
    return next(candidate for candidate in candidates if candidate not in taken)


# ------------------------------------------------------------------ sources


def sources_with(
    sources: tuple[Source, ...],
    path: str,
    *,
    series: str | None = None,
    printed: str | None = None,
    captured: str | None = None,
    listings: int | None = None,
) -> tuple[Source, tuple[Source, ...]]:
    """The source that a file is, found by its name or added, and all sources with it.

    A new one in a `series` is its next page, `<series>-N`; another is called as the file is. `captured` is taken for new ones
    only, `printed` and `listings` where the entry has none.
    """
    file = PurePath(path).name
    for source in sources:
        if source.file == file:
            filled = replace(source, printed=source.printed or printed, listings=_first(source.listings, listings))
            return filled, tuple(filled if other is source else other for other in sources)
    ids = {source.id for source in sources}
    name = _next_page(series, ids) if series else _free(slug(PurePath(path).stem, kind="source"), ids)
    added = Source(id=name, file=file, printed=printed, captured=captured, listings=listings)
    return added, (*sources, added)


def _first(number: int | None, other: int | None) -> int | None:
    return other if number is None else number


def _next_page(series: str, ids: Iterable[str]) -> str:
    """After the last: a page that was removed does not give its id to another."""
    numbers = [int(found[1]) for name in ids if (found := re.fullmatch(rf"{re.escape(series)}-([0-9]{{1,9}})", name))]
    return f"{series}-{max(numbers, default=0) + 1}"


# ------------------------------------------------------------------ the whole import


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    read: int  # listings
    papers: tuple[MergedPaper, ...]
    sources: tuple[Source, ...]  # all of the survey
    problems: tuple[Problem, ...]
    asked: tuple[str, ...] = ()  # what only a person can decide

    @property
    def new(self) -> int:
        return self._count("new")

    @property
    def merged(self) -> int:
        return self._count("merged")

    @property
    def unchanged(self) -> int:
        return self._count("unchanged")

    def _count(self, action: str) -> int:
        return sum(paper.action == action for paper in self.papers)


def import_files(
    survey: Survey,
    files: Sequence[tuple[str, str]],  # path, text
    *,
    facts: Sequence[tuple[str, str]] = (),
    format: str | None = None,  # noqa: A002 (called as the option is)
    captured: str | None = None,
    today: str,
) -> Imported:
    """What importing these files makes of the survey. The order in which they are given makes no difference.

    A file or a listing with errors is left out, and the others are still taken.
    """
    sources, pages, problems = survey.sources, list[tuple[str, tuple[Paper, ...]]](), list[Problem]()
    seen = dict[str, str]()  # path by file name
    for path, text in sorted(files, key=lambda file: (PurePath(file[0]).name, file[0])):
        name = PurePath(path).name
        importer = importer_for(text, path, format)
        if isinstance(importer, Problem):
            problems.append(importer)
        elif wrong := _name_problem(name, seen.get(name), path):
            problems.append(wrong)
        else:
            sources, papers, found = _page(sources, importer, path, text, captured)
            pages.append((path, papers))
            problems += found
        seen.setdefault(name, path)
    listed = list[Paper]()
    for path, papers in pages:
        fit, found = _fitting(papers, path, survey, sources)
        listed += fit
        problems += found
    looked_up = [read_facts(text, path) for path, text in facts]
    merged = merge(survey, listed, [fact for found, _ in looked_up for fact in found], today)
    problems += [problem for _, found in looked_up for problem in found]
    return Imported(read=len(listed), papers=merged.papers, sources=sources, problems=(*problems, *merged.problems))


def _name_problem(name: str, before: str | None, path: str) -> Problem | None:
    """A page is known by its file's name: it must be fit for sources.yml, and no two may share one."""
    if before is not None:
        return error(Place(path), f"'{name}' is imported twice: {before} has the same name", hint="rename one of them")
    if not name.isprintable() or len(name) > 250:
        return error(Place(path), "its name cannot be kept in content/sources.yml", hint="rename the file")
    return None


def _page(
    sources: tuple[Source, ...], importer: Importer, path: str, text: str, captured: str | None
) -> tuple[tuple[Source, ...], tuple[Paper, ...], list[Problem]]:
    """All sources with this one, its papers, and what is wrong in it."""
    series = importer.name if importer.numbered else None
    source, with_it = sources_with(sources, path, series=series, printed=importer.printed(text), captured=captured)
    papers, problems = importer.read(text, path, source)
    if not papers:
        return sources, (), list(problems)
    if not any(problem.level == "error" for problem in problems):  # else the number would stay wrong
        _, with_it = sources_with(with_it, path, listings=len(papers))
    return with_it, papers, [*problems, *_twice(papers, path)]


@dataclass(frozen=True, slots=True)
class Need:
    """What papers name and the survey must have."""

    names: Callable[[Paper], Iterable[str]]
    known: Callable[[Survey, tuple[Source, ...]], set[str]]  # of the survey, and of all sources once everything is read
    without: Callable[[Paper], Paper]  # all of them: the rest can come in whole when the survey has what is missing
    said: str
    hint: str


NEEDS = (
    Need(
        names=lambda paper: (*paper.tags, *paper.rejected),
        known=lambda survey, _: {tag.id for tag in survey.vocabulary.tags},
        without=lambda paper: replace(paper, tags=(), rejected=(), reviewed=None),
        said="tags",
        hint="add what is missing to content/tags.yml, and import again",
    ),
    Need(
        names=lambda paper: dict(paper.coded),
        known=lambda survey, _: {field.id for field in survey.settings.coded},
        without=lambda paper: replace(paper, coded=()),
        said="comparison fields",
        hint="declare what is missing under 'coded' in site.yml, and import again",
    ),
    Need(
        names=lambda paper: (listing.page for listing in paper.sources),
        known=lambda _, sources: {source.id for source in sources},
        without=lambda paper: replace(paper, sources=paper.sources[-1:]),
        said="other sources",
        hint="add what is missing to content/sources.yml, and import again",
    ),
)


def _fitting(
    papers: Iterable[Paper], path: str, survey: Survey, sources: tuple[Source, ...]
) -> tuple[tuple[Paper, ...], list[Problem]]:
    """The papers as the survey can take them, and what they are left without."""
    problems = []
    for need in NEEDS:
        known, unknown = need.known(survey, sources), dict[str, None]()
        kept = []
        left = 0
        for paper in papers:
            missing = [name for name in need.names(paper) if name not in known]
            kept.append(need.without(paper) if missing else paper)
            left += bool(missing)
            unknown |= dict.fromkeys(missing)
        papers = kept
        if left:
            problems.append(_left(need, path, left, list(unknown), known))
    return tuple(papers), problems


def _left(need: Need, path: str, papers: int, unknown: Sequence[str], known: set[str]) -> Problem:
    more = f" and {len(unknown) - NAMED:,} more" if len(unknown) > NAMED else ""
    names = ", ".join(f"'{name}'" for name in unknown[:NAMED])
    message = f"the {need.said} of {counted(papers, 'paper')} are left out: the survey does not have {names}{more}"
    near = did_you_mean(unknown[0], sorted(known))
    return warning(Place(path), message, hint=f"{near} Else {need.hint}" if near else need.hint)


def _twice(papers: Iterable[Paper], path: str) -> list[Problem]:
    first: dict[str, int | None] = {}
    problems = []
    for paper in papers:
        if paper.id:  # says itself which record it is
            continue
        position = paper.sources[-1].position
        before = first.setdefault(title_key(paper.title), position)
        if before != position:
            message = f"'{paper.title}' is listed twice, at positions {before} and {position}: the first is kept"
            problems.append(warning(Place(path), message))
    return problems


def texts(survey: Survey, imported: Imported, sources: str = "") -> dict[str, str]:
    """The files that the import makes or changes, by path. Comments stay: those of records, those of `sources`, the text of
    content/sources.yml as it was."""
    comments = {record.path: record.comments for record in survey.records}
    changed = [merged for merged in imported.papers if merged.action != "unchanged"]
    files = {merged.path: records.write(merged.paper, comments.get(merged.path, ())) for merged in changed}
    if imported.sources != survey.sources:
        files[settings.SOURCES] = settings.write_sources(imported.sources, survey.places.get(settings.SOURCES), sources)
    return files


def as_data(imported: Imported) -> dict[str, object]:
    """An import as plain data for JSON."""
    return {
        "read": imported.read,
        "new": imported.new,
        "merged": imported.merged,
        "unchanged": imported.unchanged,
        "asked": list(imported.asked),
        "problems": json.loads(report.as_json(Report.of(imported.problems))),
        "papers": [
            {"id": merged.paper.id, "title": merged.paper.title, "file": merged.path, "action": merged.action}
            for merged in imported.papers
        ],
    }
