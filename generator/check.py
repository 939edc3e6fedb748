"""check: what is wrong between the survey's files: tags, sources, identifiers, old ids"""

import re
from collections.abc import Callable, Iterable, Mapping

from .model import Paper, Record, Survey, Tag
from .records import place_of
from .report import Problem, error, warning
from .text import did_you_mean


def check(survey: Survey) -> tuple[Problem, ...]:
    """What the rules find. A rule about a file that has errors itself (it is not in `places`) waits until they are mended."""
    return tuple(problem for rule, file in RULES for problem in rule(survey) if not file or file in survey.places)


def tags_exist(survey: Survey) -> Iterable[Problem]:
    known = {tag.id: tag for tag in survey.vocabulary.tags}
    hints: dict[str, str] = {}
    for record in survey.records:
        for index, tag in enumerate(record.paper.tags):
            if tag not in known:
                yield error(place_of(record, "tags", index), f"unknown tag '{tag}'", hint=_tag_hint(tag, known, hints))
            elif successor := known[tag].replaced_by:
                hint = f"write '{successor}' in its place"
                yield warning(place_of(record, "tags", index), f"tag '{tag}' is retired", hint=hint)
        for index, tag in enumerate(record.paper.rejected):
            if tag not in known:
                message = f"rejected tag '{tag}' does not exist any more"
                yield warning(place_of(record, "rejected", index), message, hint="remove it from 'rejected'")


def _tag_hint(tag: str, known: Mapping[str, Tag], hints: dict[str, str]) -> str:
    if tag not in hints:
        near = did_you_mean(tag, known) if len(hints) < MOST_HINTS else ""
        hints[tag] = f"{near} (new tags go to content/tags.yml)" if near else "new tags go to content/tags.yml"
    return hints[tag]


MOST_HINTS = 100  # to find the nearest among hundreds of tags takes milliseconds


def abstracts_are_wanted(survey: Survey) -> Iterable[Problem]:
    if survey.settings.abstracts == "never":
        for record in survey.records:
            if record.paper.abstract is not None:
                hint = "remove the field, or set 'abstracts: keep' in site.yml"
                yield error(place_of(record, "abstract"), "this survey keeps no abstracts", hint=hint)


def sources_exist(survey: Survey) -> Iterable[Problem]:
    known = {source.id for source in survey.sources}
    for record in survey.records:
        for index, listing in enumerate(record.paper.sources):
            if listing.page not in known:
                hint = did_you_mean(listing.page, known) or "sources are listed in content/sources.yml"
                yield error(place_of(record, "sources", index, "page"), f"unknown source '{listing.page}'", hint=hint)


def coded_fields_are_declared(survey: Survey) -> Iterable[Problem]:
    known = {entry.id for entry in survey.settings.coded}
    for record in survey.records:
        for name, _ in record.paper.coded:
            if name not in known:
                hint = did_you_mean(name, known) or "comparison fields are declared under 'coded' in site.yml"
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


RULES: tuple[tuple[Callable[[Survey], Iterable[Problem]], str], ...] = (  # each with the file that it takes for granted
    (tags_exist, "content/tags.yml"),
    (abstracts_are_wanted, "site.yml"),
    (sources_exist, "content/sources.yml"),
    (coded_fields_are_declared, "site.yml"),
    (identifiers_are_unique, ""),
    (old_ids_lead_to_one_paper, ""),
)
