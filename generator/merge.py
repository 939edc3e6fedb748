"""merge: incoming papers joined with the survey's records; only empty fields are filled"""

import itertools
import json
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from . import records, report, settings
from .fields import date_problem, is_absent, shortened
from .identity import (
    APART,
    ASK,
    IDENTIFIERS,
    MERGE,
    MOST_COMPARED,
    Verdict,
    contradicts,
    identifiers,
    is_called,
    is_corrected,
    title_keys,
    verdict,
)
from .importers import Importer, importer_for
from .importers.facts import Fact
from .importers.facts import read as read_facts
from .model import LINKS, Paper, Record, Source, Survey, parents
from .prose import papers_named, with_new_id
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
class Asked:
    """A new record of a paper that the survey may have already: only a person can say."""

    paper: Paper
    path: str
    candidates: tuple[str, ...]  # ids of the records that it may be
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    papers: tuple[MergedPaper, ...]  # those that something came in for, in the order it came
    problems: tuple[Problem, ...]
    asked: tuple[Asked, ...] = ()


# ------------------------------------------------------------------ papers


def merge(survey: Survey, listed: Iterable[Paper], facts: Iterable[Fact], today: str) -> Merged:
    """What the listings say comes first, then the facts; a fact about a paper that is nowhere is reported."""
    known = _Known(survey)
    for paper in sorted(listed, key=lambda paper: not paper.id):  # what has no id may be what has one, by its title
        known.take(paper)
    unknown = []
    for fact in facts:
        names = known.about(fact.paper)
        if len(names) == 1:
            known.join(names[0], fact.paper)
        else:
            unknown.append(_unknown(fact, len(names)))
    merged = known.merged(today)
    papers, asked = tuple(merged.values()), known.asked(merged)
    problems = (
        *_placed(known.refused, merged),
        *_few(_placed(known.renamed, merged), "more title", "like this"),
        *_few([_question(each) for each in asked], "more paper", "may be in the survey already"),
        *_few(unknown, "more fact", "are about papers that the survey does not have"),
    )
    return Merged(papers=papers, problems=problems, asked=asked)


NAMED = 3  # problems of one kind, each with a warning of its own; the others are counted


def _few(problems: list[Problem], thing: str, said: str) -> list[Problem]:
    if len(problems) <= NAMED:
        return problems
    return [*problems[:NAMED], warning(problems[NAMED].place, f"{counted(len(problems) - NAMED, thing)} {said}")]


def _placed(about: Iterable[tuple[str, Problem]], merged: Mapping[str, MergedPaper]) -> list[Problem]:
    """Problems about papers, at the paths of their records."""
    return [replace(problem, place=Place(merged[name].path if name in merged else name)) for name, problem in about]


def _unknown(fact: Fact, papers: int) -> Problem:
    title = fact.paper.title
    if papers:
        hint = "import the fact as JSON Lines, with the id of the record that it is about"
        return warning(fact.place, f"{counted(papers, 'paper')} may be called '{title}': the fact is left out", hint=hint)
    hint = "import the page that lists it, or correct the title"
    return warning(fact.place, f"no paper of the survey is called '{title}'", hint=hint)


def _question(asked: Asked) -> Problem:
    other = asked.candidates[0]
    message = f"'{asked.paper.title}' came in as a new record, but may be {records.PAPERS}/{other}.md: {asked.why}"
    return warning(Place(asked.path), message, hint=f"if they are one paper: papergrove merge {other} {asked.paper.id}")


class _Known:
    """The survey's papers, while incoming ones are joined with them. Which are the same is decided here, as `identity` judges:
    an id says it, or an identifier; without them the title and what else is known, or the place where both were met.

    A paper's name here is the path of its record, or "new 7" for one that has no id yet."""

    def __init__(self, survey: Survey) -> None:
        self.keeps_abstracts = survey.settings.abstracts != "never"
        self.papers = {record.path: record.paper for record in survey.records}
        self.titles: dict[str, list[str]] = {}  # names by the key of a title; its own title goes before `also`
        self.identified: dict[tuple[str, str], str] = {}  # name by identifier
        self.ids: dict[str, str] = {}  # name by id, old ones too
        self.places: dict[tuple[str, int | None], str] = {}
        for path, paper in self.papers.items():
            self._know(path, paper, paper.title)
            self.ids |= dict.fromkeys((*paper.formerly, paper.id), path)
            self.places |= {(listing.page, listing.position): path for listing in paper.sources}
        for path, paper in self.papers.items():
            for other in paper.also:
                self._know(path, paper, other)
        self.joined: dict[str, Paper] = {}
        self.doubts: dict[str, tuple[list[str], str]] = {}  # names of those that a new one may be, and why
        self.renamed: list[tuple[str, Problem]] = []  # each about the paper of this name
        self.refused: list[tuple[str, Problem]] = []

    def _know(self, name: str, paper: Paper, title: str) -> None:
        names = self.titles.setdefault(title_key(title), [])
        if name not in names[:MOST_COMPARED]:
            names.append(name)
        for identifier in identifiers(paper):
            self.identified.setdefault(identifier, name)

    def take(self, incoming: Paper) -> None:
        """Joins a listing with the paper that it is, or makes a new one of it."""
        if incoming.id in self.ids:
            self._take_named(self.ids[incoming.id], incoming)
        elif found := self._identified(incoming):
            self._take_identified(*found, incoming)
        elif incoming.id:
            self.ids[incoming.id] = _path_of(incoming)
            self.join(_path_of(incoming), incoming)
        else:
            judged = self._judged(incoming)
            self.join(self._same(incoming, judged) or self._new(judged), incoming)

    def join(self, name: str, incoming: Paper) -> None:
        before = self.joined.get(name) or self.papers.get(name)
        self.joined[name] = _filled(before, incoming) if before else incoming
        self._know(name, self.joined[name], incoming.title)  # for what comes under this title

    def about(self, fact: Paper) -> list[str]:
        """The paper that a fact is about, by its title, else by an identifier; several where the title leaves a doubt."""
        judged = self._judged(fact)
        certain = [name for name, found in judged.items() if found.word == MERGE]
        possible = [name for name, found in judged.items() if found.word == ASK]
        identified = self._identified(fact)
        return certain[:1] or possible or ([identified[0]] if identified else [])

    def _paper(self, name: str) -> Paper:
        return self.joined.get(name) or self.papers[name]

    def _take_named(self, name: str, incoming: Paper) -> None:
        if not is_called(before := self._paper(name), incoming.title):
            message = (
                f"id '{incoming.id}' came in as '{incoming.title}', and stays '{before.title}': only empty fields are filled"
            )
            self.renamed.append((name, warning(Place(""), message, hint="if that is another paper, give it another id")))
        self.join(name, incoming)

    def _identified(self, paper: Paper) -> tuple[str, str] | None:
        """(name, kind of the identifier) of the paper that has an identifier of this one already."""
        found = ((self.identified[pair], pair[0]) for pair in identifiers(paper) if pair in self.identified)
        return next(found, None)

    def _take_identified(self, name: str, kind: str, incoming: Paper) -> None:
        """A retitled paper keeps its title, and has the other one in `also`; one that is clearly another is refused."""
        before, value = self._paper(name), getattr(incoming, kind)
        if is_called(before, incoming.title):
            self.join(name, incoming)
        elif contradicts(before, incoming):
            message = f"'{incoming.title}' is left out: it has the {kind} {value} of '{before.title}', and is another paper"
            self.refused.append((name, error(Place(""), message, hint="correct the identifier of one of them")))
        else:
            message = f"'{incoming.title}' has the same {kind} {value}: taken for another title of '{before.title}'"
            self.renamed.append((name, warning(Place(""), message, hint="if that is another paper, correct the identifier")))
            self.join(name, incoming)
            paper = self.joined[name]
            self.joined[name] = replace(paper, also=(*paper.also, incoming.title))

    def _same(self, incoming: Paper, judged: Mapping[str, Verdict]) -> str | None:
        """The paper that this is, if that is certain."""
        here = self._met_with(incoming)
        certain = [name for name in here if name in judged and judged[name].word != APART]
        certain += [name for name, found in judged.items() if found.word == MERGE]
        certain += [name for name in here if name not in judged and is_corrected(self.papers[name].title, incoming.title)]
        certain += [name for name, found in judged.items() if found.word == ASK and self._is_repeated(name, incoming)]
        return certain[0] if certain else None

    def _judged(self, incoming: Paper) -> dict[str, Verdict]:
        """On each paper of the same title, those at the same place before others."""
        key = title_key(incoming.title)
        here = [name for name in self._met_with(incoming) if key in title_keys(self._paper(name))]
        judged = {}
        for name in dict.fromkeys([*here, *self.titles.get(key, [])[:MOST_COMPARED]]):
            paper = self._paper(name)
            known = paper if key in title_keys(paper) else replace(paper, also=(incoming.title,))  # met under this title before
            judged[name] = verdict(known, incoming)
        return judged

    def _met_with(self, incoming: Paper) -> list[str]:
        """The records met at the same place."""
        places = ((listing.page, listing.position) for listing in incoming.sources)
        return [self.places[place] for place in places if place in self.places]

    def _is_repeated(self, name: str, incoming: Paper) -> bool:
        """Whether a page lists a paper again, or elsewhere than before: it is described, and in the same words."""
        paper = self._paper(name)
        pages = {listing.page for listing in paper.sources}
        if not incoming.authors or not any(listing.page in pages for listing in incoming.sources):
            return False
        incoming = incoming if self.keeps_abstracts else replace(incoming, abstract=paper.abstract)
        return _filled(paper, incoming) == paper and not _lost(paper, incoming)

    def _new(self, judged: Mapping[str, Verdict]) -> str:
        name = f"new {len(self.joined)}"
        doubtful = {other: found.why for other, found in judged.items() if found.word == ASK}
        if doubtful:
            self.doubts[name] = (list(doubtful), next(iter(doubtful.values())))
        return name

    def merged(self, today: str) -> dict[str, MergedPaper]:
        """By name, in the order in which they came."""
        taken = {name for paper in self.papers.values() for name in (paper.id, *paper.formerly)}
        taken |= {paper.id for paper in self.joined.values()}
        merged = dict[str, MergedPaper]()
        for name, joined in self.joined.items():
            before = self.papers.get(name)
            kept = joined if self.keeps_abstracts else replace(joined, abstract=before.abstract if before else None)
            paper = _settled(kept, before)
            if before:
                action = "unchanged" if paper == before else "merged"
                merged[name] = MergedPaper(paper=paper, action=action, path=name)
                continue
            paper = replace(paper, id=paper.id or _free_id(paper, taken), added=paper.added or today)
            taken.add(paper.id)
            merged[name] = MergedPaper(paper=paper, action="new", path=_path_of(paper))
        return merged

    def asked(self, merged: Mapping[str, MergedPaper]) -> tuple[Asked, ...]:
        """Those of the new ones that may be others."""
        asked = []
        for name, (others, why) in self.doubts.items():
            candidates = [merged[other].paper if other in merged else self.papers[other] for other in others]
            ids = tuple(paper.id for paper in candidates)
            asked.append(Asked(paper=merged[name].paper, path=merged[name].path, candidates=ids, why=why))
        return tuple(asked)


def _path_of(paper: Paper) -> str:
    return f"{records.PAPERS}/{paper.id}.md"


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


ONE_OF_TWO = ("authors", "organization", "date", "arxiv", "doi", "openreview", "url", "gist", "abstract")


def _lost(paper: Paper, other: Paper) -> list[str]:
    """What the other says otherwise, and `_filled` leaves out: `arxiv 2401.00002`."""
    differing = [name for name in ONE_OF_TWO if _differ(_said(paper, name), _said(other, name))]
    lost = [f"{name} {_in_words(getattr(other, name))}" for name in differing]
    if paper.venue and other.venue and (paper.venue, paper.venue_year) != (other.venue, other.venue_year):
        lost.append(f"venue {other.venue} {other.venue_year or ''}".rstrip())
    for name in ("links", "coded"):
        mine = dict(getattr(paper, name))
        lost += [f"{name} {key}: {value}" for key, value in getattr(other, name) if mine.get(key, value) != value]
    return lost


def _said(paper: Paper, name: str) -> object:
    """A field's value; of an identifier, what all its writings share."""
    return IDENTIFIERS[name](paper) if name in IDENTIFIERS else getattr(paper, name)


def _differ(value: object, other: object) -> bool:
    return not is_absent(value) and not is_absent(other) and value != other


def _in_words(value: Any) -> str:
    return shortened(", ".join(value) if isinstance(value, tuple) else str(value))


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
    numbered = (f"{name}-{number}" for number in itertools.count(2))
    candidates = itertools.chain([name], (f"{name}-{ending}" for ending in endings), numbered)
    return next(candidate for candidate in candidates if candidate not in taken)


# ------------------------------------------------------------------ two records by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    paper: Paper
    texts: Mapping[str, str]  # of the files that change, by path
    gone: str  # path of the record that is no more
    lost: tuple[str, ...]  # what only that record said, and the other says otherwise
    problems: tuple[Problem, ...]  # any errors: nothing can be written


def join(survey: Survey, kept: Record, other: Record, read: Callable[[str], str]) -> Joined:
    """One record of two: the first keeps what it says and takes from the other what it lacks; the other's id leads to it.

    Tags, other titles, listings and findings are united, and a second note follows the first. `read` gives the text of a page
    of prose, by its path, where the other's id is written anew.
    """
    paper, lost = _united(kept.paper, other.paper)
    comments = tuple(dict.fromkeys((*kept.comments, *other.comments)))
    text = records.canonical(replace(kept, paper=paper, comments=comments), parents(survey.vocabulary))
    files = {kept.path: text}
    for page in survey.prose:
        if any(id_ == other.paper.id for _, id_ in papers_named(page)):
            files[page.path] = with_new_id(page, read(page.path), other.paper.id, paper.id)
    _, problems = records.read(text, kept.path)
    return Joined(paper=paper, texts=files, gone=other.path, lost=tuple(lost), problems=problems)


UNITED = ("also", "formerly", "findings", "tags", "rejected", "sources")


def _united(kept: Paper, other: Paper) -> tuple[Paper, list[str]]:
    """The paper, and what of the other is not in it."""
    known = title_keys(kept)
    titles = [title for title in (other.title, *other.also) if title_key(title) not in known]
    other = replace(other, also=tuple(titles), formerly=(other.id, *other.formerly))
    lists: dict[str, Any] = {name: _each_once(getattr(kept, name), getattr(other, name)) for name in UNITED}
    lost = _lost(kept, other)
    lost += [f"tag {tag}, which is rejected" for tag in other.tags if tag in kept.rejected]
    lost += [f"rejected tag {tag}, which is given" for tag in other.rejected if tag in lists["tags"]]
    lists["tags"] = tuple(tag for tag in lists["tags"] if tag not in kept.rejected)
    lists["rejected"] = tuple(tag for tag in lists["rejected"] if tag not in lists["tags"])
    lists["formerly"] = tuple(old for old in lists["formerly"] if old != kept.id)
    reviews = [paper.reviewed for paper in (kept, other) if paper.reviewed and set(paper.tags) == set(lists["tags"])]
    if not reviews and (kept.reviewed or other.reviewed):
        lost.append(f"reviewed {kept.reviewed or other.reviewed}, as the tags are others now")
    notes = _each_once((kept.note,), (other.note,))
    added = [paper.added for paper in (kept, other) if paper.added]
    paper = replace(
        _settled(_filled(kept, other), kept),
        **lists,
        note="\n\n".join(note for note in notes if note),
        reviewed=max(reviews, default=None),
        added=min(added, default=None),
    )
    return paper, lost


def _each_once(mine: Sequence[Any], theirs: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*mine, *theirs)))


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
    asked: tuple[Asked, ...] = ()

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
    problems += merged.problems
    return Imported(read=len(listed), papers=merged.papers, sources=sources, problems=tuple(problems), asked=merged.asked)


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
    before: dict[str, list[Paper]] = {}
    problems = []
    for paper in papers:
        if paper.id:  # says itself which record it is
            continue
        listed = before.setdefault(title_key(paper.title), [])
        first = next((other for other in listed[:MOST_COMPARED] if verdict(other, paper).word == MERGE), None)
        if first:
            positions = f"{first.sources[-1].position} and {paper.sources[-1].position}"
            message = f"'{paper.title}' is listed twice, at positions {positions}: the first is kept"
            problems.append(warning(Place(path), message))
        else:
            listed.append(paper)
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
        "asked": [
            {
                "id": asked.paper.id,
                "title": asked.paper.title,
                "file": asked.path,
                "candidates": list(asked.candidates),
                "why": asked.why,
            }
            for asked in imported.asked
        ],
        "problems": json.loads(report.as_json(Report.of(imported.problems))),
        "papers": [
            {"id": merged.paper.id, "title": merged.paper.title, "file": merged.path, "action": merged.action}
            for merged in imported.papers
        ],
    }
