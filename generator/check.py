"""check: what is wrong between the survey's files: tags, sources, identifiers, old ids"""

import re
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple
from urllib.parse import unquote

from .identity import MERGE, doubles, identifiers, is_called
from .library import Library
from .markdown import site_links
from .model import Block, Count, Mention, Prose, Record, Survey
from .pages import pages
from .pages.prose import COLUMNS
from .prose import papers_named
from .records import locate, place_of
from .report import Place, Problem, counted, error, warning
from .settings import SITE, SOURCES
from .text import did_you_mean, name_slug
from .vocabulary import TAGS


def check(survey: Survey) -> tuple[Problem, ...]:
    """What the rules find. A rule about a file that has errors itself (it is not in `places`) waits until they are mended."""
    ready = (rule for rule, *files in RULES if all(file in survey.places for file in files))
    return tuple(problem for rule in ready for problem in rule(survey))


class Nearest:
    """Hints with the nearest of the known words: each word is looked for once, and after so many there are no more hints."""

    MOST = 100  # to find the nearest among hundreds takes milliseconds

    def __init__(self, known: Collection[str]) -> None:
        self.known, self.hints = known, dict[str, str]()

    def hint(self, word: str) -> str:
        if word not in self.hints and len(self.hints) < self.MOST:
            self.hints[word] = did_you_mean(word, self.known)
        return self.hints.get(word, "")


def tags_exist(survey: Survey) -> Iterable[Problem]:
    known = {tag.id: tag for tag in survey.vocabulary.tags}
    near = Nearest(known)
    for record in (*survey.records, *survey.broken):
        for index, tag in enumerate(record.paper.tags):
            if tag not in known:
                yield error(place_of(record, "tags", index), f"unknown tag '{tag}'", hint=_tag_hint(near.hint(tag)))
            elif successor := known[tag].replaced_by:
                hint = f"write '{successor}' in its place (papergrove tags merge does so in every record)"
                yield warning(place_of(record, "tags", index), f"tag '{tag}' is retired", hint=hint)
        for index, tag in enumerate(record.paper.rejected):
            if tag not in known:
                message = f"rejected tag '{tag}' does not exist any more"
                hint = "remove it from 'rejected', or write its new name (papergrove tags rename does so in every record)"
                yield warning(place_of(record, "rejected", index), message, hint=hint)


def _tag_hint(near: str) -> str:
    return f"{near} (new tags go to content/tags.yml)" if near else "new tags go to content/tags.yml"


def abstracts_are_wanted(survey: Survey) -> Iterable[Problem]:
    if survey.settings.abstracts == "never":
        for record in (*survey.records, *survey.broken):
            if record.paper.abstract is not None:
                hint = "remove the field, or set 'abstracts: keep' in site.yml"
                yield error(place_of(record, "abstract"), "this survey keeps no abstracts", hint=hint)


def sources_exist(survey: Survey) -> Iterable[Problem]:
    known = {source.id for source in survey.sources}
    near = Nearest(known)
    for record in (*survey.records, *survey.broken):
        for index, listing in enumerate(record.paper.sources):
            if listing.page not in known:
                hint = near.hint(listing.page) or "sources are listed in content/sources.yml"
                yield error(place_of(record, "sources", index, "page"), f"unknown source '{listing.page}'", hint=hint)


def coded_fields_are_declared(survey: Survey) -> Iterable[Problem]:
    known = {entry.id for entry in survey.settings.coded}
    near = Nearest(known)
    for record in (*survey.records, *survey.broken):
        for name, _ in record.paper.coded:
            if name not in known:
                hint = near.hint(name) or "comparison fields are declared under 'coded' in site.yml"
                yield error(place_of(record, "coded", name), f"unknown comparison field '{name}'", hint=hint)


def identifiers_are_unique(survey: Survey) -> Iterable[Problem]:
    first: dict[tuple[str, str], Record] = {}
    for record in survey.records:
        for identifier in identifiers(record.paper):
            before = first.setdefault(identifier, record)
            if before is not record:
                yield _stands_twice(identifier[0], before, record)


def _stands_twice(name: str, before: Record, record: Record) -> Problem:
    is_one_title = is_called(before.paper, record.paper.title) or is_called(record.paper, before.paper.title)
    titles = "" if is_one_title else " of different titles"
    message = f"{name} {getattr(record.paper, name)} stands in two records{titles}"
    one_paper = f"papergrove merge {before.paper.id} {record.paper.id}"
    hint = f"{place_of(before, name)} has it too: if they are one paper, run {one_paper}; if not, correct the identifier"
    return error(place_of(record, name), message, hint=hint)


def papers_have_one_record(survey: Survey) -> Iterable[Problem]:
    """One warning for all records of one title that may be the same paper; that is never said of titles that are only alike."""
    record_of = {record.paper.id: record for record in survey.records}
    for (first, second, *others), judged in doubles(survey.papers):
        likely = "likely" if judged.word == MERGE else "perhaps"
        message = f"{likely} the same paper as {record_of[first.id].path}: {judged.why}"
        if others:
            message += f"; so are {counted(len(others), 'record')} more"
        hint = (
            f"join them with papergrove merge {first.id} {second.id}; if they are two, name the authors of both, or retitle one"
        )
        yield warning(place_of(record_of[second.id], "title"), message, hint=hint)


def old_ids_lead_to_one_paper(survey: Survey) -> Iterable[Problem]:
    ids = {record.paper.id for record in survey.records}
    claimed: dict[str, Record] = {}
    for record in survey.records:
        for index, old in enumerate(record.paper.formerly):
            place = place_of(record, "formerly", index)
            if old in ids:
                yield error(place, f"'{old}' is the id of a paper and cannot be an old id too", hint="remove it from 'formerly'")
            elif old in claimed:
                yield error(place, f"the old id '{old}' also stands in {claimed[old].path}", hint="remove one of them")
            claimed.setdefault(old, record)


def chapters_have_numbers_of_their_own(survey: Survey) -> Iterable[Problem]:
    first: dict[int, Prose] = {}
    for page in survey.prose:
        if page.chapter is not None and page.chapter in first:
            message = f"chapter {page.chapter} stands on two pages"
            place = Place(page.path, *locate(page.front, "chapter"))
            yield error(place, message, hint=f"{first[page.chapter].path} has this number too")
        first.setdefault(page.chapter or 0, page)


def citations_lead_to_papers(survey: Survey) -> Iterable[Problem]:
    ids = {record.paper.id for record in (*survey.records, *survey.broken)}
    now = {old: record.paper.id for record in (*survey.records, *survey.broken) for old in record.paper.formerly}
    near = Nearest(ids)
    for page in survey.prose:
        for place, id_ in papers_named(page):
            if id_ in now and id_ not in ids:
                yield warning(place, f"'{id_}' is an old id", hint=f"write '{now[id_]}' in its place")
            elif id_ not in ids:
                yield error(place, f"unknown paper '{id_}'", hint=near.hint(id_) or "papers are content/papers/<id>.md")


def pages_name_tags_that_exist(survey: Survey) -> Iterable[Problem]:
    known = {tag.id: tag for tag in survey.vocabulary.tags}
    near = Nearest(known)
    for page in survey.prose:
        for place, tag in _tags_named(page):
            if tag not in known:
                yield error(place, f"unknown tag '{tag}'", hint=_tag_hint(near.hint(tag)))
            elif successor := known[tag].replaced_by:
                yield warning(place, f"tag '{tag}' is retired", hint=f"write '{successor}' in its place")


def _tags_named(page: Prose) -> Iterable[tuple[Place, str]]:
    for mark in page.marks:
        if isinstance(mark, Mention):
            yield mark.spot.place, mark.tag
        elif isinstance(mark, Count | Block):
            for name, tags in (("tag", mark.query.tags), ("any", mark.query.any)):
                for index, tag in enumerate(tags):
                    yield Place(page.path, *locate(mark.node, name, index)), tag


def columns_exist(survey: Survey) -> Iterable[Problem]:
    known = [*COLUMNS, *(facet.id for facet in survey.vocabulary.facets), *(entry.id for entry in survey.settings.coded)]
    near = Nearest(known)
    blocks = ((page, mark) for page in survey.prose for mark in page.marks if isinstance(mark, Block))
    for page, block in blocks:
        for index, column in enumerate(block.columns):
            if column not in known:
                place = Place(page.path, *locate(block.node, "columns", index))
                yield error(place, f"unknown column '{column}'", hint=near.hint(column) or f"known are: {', '.join(known)}")


def venues_are_met(survey: Survey) -> Iterable[Problem]:
    venues = {record.paper.venue for record in (*survey.records, *survey.broken) if record.paper.venue}
    known = {name_slug(venue, kind="venue") for venue in venues}
    near = Nearest(sorted(venues))
    questions = ((page, mark) for page in survey.prose for mark in page.marks if isinstance(mark, Count | Block))
    for page, mark in questions:
        venue = mark.query.venue
        if venue and name_slug(venue, kind="venue") not in known:
            place = Place(page.path, *locate(mark.node, "venue"))
            yield error(place, f"no paper has the venue '{venue}'", hint=near.hint(venue))


def texts_lead_somewhere(survey: Survey) -> Iterable[Problem]:
    """The links of notes and pages that stay within the site."""
    texts = [Text("note", record.path, record.note_line, record.paper.note) for record in survey.records]
    texts += [Text("text", page.path, page.text_line, page.text) for page in survey.prose]
    links = [(text, Target.of(address), line) for text in texts for address, line in site_links(text.source)]
    known = _pages_there_are(survey, {target.file for _, target, _ in links})
    near = Nearest(sorted(file.removesuffix("index.html") for file in known))
    anchors = {f"{page.address}index.html": page.anchors | {"references"} for page in survey.prose}
    for text, target, line in links:
        place = _place_in_text(text, target.address, line)
        if target.file not in known:
            yield error(
                place, f"the {text.kind} links to '{target.address}', which is not in the site", hint=near.hint(target.path)
            )
        elif target.fragment and target.fragment not in anchors.get(target.file, (target.fragment,)):
            message = f"the {text.kind} links to '{target.address}', but that page has no such section"
            yield error(place, message, hint=did_you_mean(target.fragment, sorted(anchors[target.file])))


class Target(NamedTuple):
    address: str  # as it is written
    path: str
    fragment: str

    @classmethod
    def of(cls, address: str) -> "Target":
        before, _, fragment = address.partition("#")
        return cls(address, unquote(before.partition("?")[0]).lstrip("/"), fragment)

    @property
    def file(self) -> str:
        return f"{self.path}index.html" if self.path == "" or self.path.endswith("/") else self.path


def _pages_there_are(survey: Survey, wanted: set[str]) -> set[str]:
    """The wanted files that the site has, or that a broken file would make; all of its files when one of them is missing."""
    known = {file for file in wanted if file.startswith(("static/", "api/"))}
    known |= {f"papers/{record.paper.id}/index.html" for record in survey.broken}
    known |= {f"pages/{name}/index.html" for name in survey.broken_pages}
    if wanted <= known:
        return known
    for page in pages(Library(survey, {}, places=survey.laid)):  # no label changes an address
        known.add(page.path)
        if wanted <= known:
            break
    return known


class Text(NamedTuple):
    kind: str
    path: str
    first_line: int
    source: str


def _place_in_text(text: Text, address: str, line: int) -> Place:
    whole = re.compile(re.escape(address) + r"(?![\w/#.-])")
    for number, row in enumerate(text.source.split("\n")[line:], start=line):
        if found := whole.search(row):
            return Place(text.path, text.first_line + number, found.start() + 1)
    return Place(text.path, text.first_line + line)


Rule = Callable[[Survey], Iterable[Problem]]

RULES: tuple[tuple[Rule] | tuple[Rule, str] | tuple[Rule, str, str], ...] = (  # each with the files that it takes for granted
    (tags_exist, TAGS),
    (abstracts_are_wanted, SITE),
    (sources_exist, SOURCES),
    (coded_fields_are_declared, SITE),
    (identifiers_are_unique,),
    (papers_have_one_record,),
    (old_ids_lead_to_one_paper,),
    (chapters_have_numbers_of_their_own,),
    (citations_lead_to_papers,),
    (pages_name_tags_that_exist, TAGS),
    (columns_exist, TAGS, SITE),
    (venues_are_met,),
    (texts_lead_somewhere, TAGS),
)
