"""importers: the formats that papers come in, a row each"""

from collections.abc import Callable
from dataclasses import dataclass

from generator.model import Paper, Source
from generator.report import Place, Problem, error
from generator.text import did_you_mean

from . import daily_papers, jsonl

# The papers in a text, and what is wrong there. Each has at the end of its `sources` the place on this one where it was met. An
# id only where the source gives it: it is that record then, whatever its title. The second argument is the file's path, for the
# places of problems.
Read = Callable[[str, str, Source], tuple[tuple[Paper, ...], tuple[Problem, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    name: str
    recognizes: Callable[[str], bool]
    read: Read
    printed: Callable[[str], str | None] = lambda _: None  # the date that a page prints as its own
    numbered: bool = False  # its sources are pages of a series, `<name>-1`, `<name>-2`; others are called as their files are


IMPORTERS: tuple[Importer, ...] = (
    Importer(
        name="daily-papers",
        recognizes=daily_papers.recognizes,
        read=daily_papers.read,
        printed=daily_papers.printed,
        numbered=True,
    ),
    Importer(name="jsonl", recognizes=jsonl.recognizes, read=jsonl.read),
)


def importer_for(text: str, path: str, name: str | None = None) -> Importer | Problem:
    """The importer of that name; without a name, the first that recognizes the text."""
    known = [importer.name for importer in IMPORTERS]
    hint = f"known are: {', '.join(known)}"
    for importer in IMPORTERS:
        if importer.name == name or (name is None and importer.recognizes(text)):
            return importer
    if name is None:
        return error(Place(path), "this file is in none of the known formats", hint=hint)
    return error(Place(path), f"unknown format '{name}'", hint=did_you_mean(name, known) or hint)
