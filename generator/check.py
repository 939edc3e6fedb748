"""check: what is wrong between the survey's files: tags, sources, identifiers, old ids"""

import re
from collections.abc import Callable, Collection, Iterable
from urllib.parse import unquote

from .library import Library
from .markdown import site_links
from .model import Paper, Record, Survey
from .pages import pages
from .records import place_of
from .report import Place, Problem, error, warning
from .settings import SITE, SOURCES
from .text import did_you_mean
from .vocabulary import TAGS


def check(survey: Survey) -> tuple[Problem, ...]:
    """What the rules find. A rule about a file that has errors itself (it is not in `places`) waits until they are mended."""
    return tuple(problem for rule, file in RULES for problem in rule(survey) if not file or file in survey.places)


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
                hint = f"write '{successor}' in its place"
                yield warning(place_of(record, "tags", index), f"tag '{tag}' is retired", hint=hint)
        for index, tag in enumerate(record.paper.rejected):
            if tag not in known:
                message = f"rejected tag '{tag}' does not exist any more"
                yield warning(place_of(record, "rejected", index), message, hint="remove it from 'rejected'")


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
    for name, same in IDENTIFIERS.items():
        first: dict[str, Record] = {}
        for record in survey.records:
            value = same(record.paper)
            if value is None:
                continue
            if value in first:
                other = place_of(first[value], name)
                hint = f"{other} has it too: keep one of the two records, or correct the identifier"
                yield error(place_of(record, name), f"{name} {getattr(record.paper, name)} stands in two records", hint=hint)
            first.setdefault(value, record)


IDENTIFIERS: dict[str, Callable[[Paper], str | None]] = {  # what two writings of one identifier share
    "arxiv": lambda paper: re.sub(r"v[0-9]+$", "", paper.arxiv) if paper.arxiv else None,
    "doi": lambda paper: paper.doi.lower() if paper.doi else None,
    "openreview": lambda paper: paper.openreview,
}


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


def notes_lead_somewhere(survey: Survey) -> Iterable[Problem]:
    linking = [(record, links) for record in survey.records if (links := site_links(record.paper.note))]
    if not linking:
        return
    known = {page.path for page in pages(Library(survey, {}))}  # no label changes an address
    near = Nearest(sorted(page.removesuffix("index.html") for page in known))
    for record, links in linking:
        for address, line in links:
            path = unquote(address.partition("#")[0].partition("?")[0]).lstrip("/")
            file = f"{path}index.html" if path == "" or path.endswith("/") else path
            if file not in known and not file.startswith(("static/", "api/")):
                message = f"the note links to '{address}', which is not in the site"
                yield error(_place_in_note(record, address, line), message, hint=near.hint(path))


def _place_in_note(record: Record, address: str, line: int) -> Place:
    rows = record.paper.note.split("\n")
    found = next((number for number in range(line, len(rows)) if address in rows[number]), line)
    column = rows[found].find(address) + 1 if found < len(rows) else 0
    return Place(record.path, record.note_line + found, column)


RULES: tuple[tuple[Callable[[Survey], Iterable[Problem]], str], ...] = (  # each with the file that it takes for granted
    (tags_exist, TAGS),
    (abstracts_are_wanted, SITE),
    (sources_exist, SOURCES),
    (coded_fields_are_declared, SITE),
    (identifiers_are_unique, ""),
    (old_ids_lead_to_one_paper, ""),
    (notes_lead_somewhere, TAGS),
)
