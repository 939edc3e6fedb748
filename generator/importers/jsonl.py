"""jsonl: JSON Lines, a record's own fields as one object a line

The keys are those of a record's front matter; besides, `id` names its file, and `note` is the text below its front matter. So
a row of api/papers.json is a line of this format. A line without an `id` is known by its title, as on a listing page.
"""

from collections.abc import Sequence
from dataclasses import replace

from generator.fields import Field, Kind, Node, Reading, Scalar, control_character, shortened, text
from generator.files import unix_lines
from generator.model import Listing, Paper, Source
from generator.records import MAX_NOTE, PAPER, paper_id_problem
from generator.report import Place, Problem, error, warning
from generator.text import slug

from .incoming import Row, Wrong, json_object, rows

MOST_LINES = 100_000  # as far as positions on a page count
NOT_KEPT = ("labels", "related")  # what a build adds to a row of api/papers.json


def _id() -> Kind:
    kind = text(1000)

    def read(node: Node, reading: Reading, name: str) -> str | None:
        value: str | None = kind.read(node, reading, name)
        if value is not None and (wrong := paper_id_problem(value)):
            hint = f"write '{slug(value, kind='paper')}', or leave the id out: the title gives one"
            reading.error(node, f"'{shortened(value)}' cannot be an id: {wrong}", hint)
            return None
        return value

    return Kind(read, kind.write)


def _mended(kind: Kind) -> Kind:
    """A kind of text that was copied from somewhere: a space takes the place of a control character."""

    def read(node: Node, reading: Reading, name: str) -> str | None:
        if isinstance(node, Scalar) and (found := control_character(node.text, reading.path)):
            message = f"'{name}' holds a {found.message}: a space takes its place"
            reading.problems.append(warning(Place(reading.path, node.line, node.column), message))
            node = replace(node, text="".join(" " if control_character(c, "") else c for c in node.text))
        value: str | None = kind.read(node, reading, name)
        return value

    return Kind(read, kind.write)


COPIED = ("title", "abstract")
LINE = (
    Field("id", _id()),
    *(replace(field, kind=_mended(field.kind)) if field.name in COPIED else field for field in PAPER),
    Field("note", _mended(text(MAX_NOTE, lines=True))),
)


def recognizes(text: str) -> bool:
    """Whether the first line begins with a brace, and some line, most likely the first, names a paper."""
    text = unix_lines(text).lstrip()
    return text.startswith("{") and any(map(_names_a_paper, text.split("\n")))


def _names_a_paper(line: str) -> bool:
    try:
        return "title" in json_object(line)
    except Wrong:
        return False


def read(text: str, path: str, source: Source) -> tuple[tuple[Paper, ...], tuple[Problem, ...]]:
    """The papers of all lines without errors, each met on this file at its line, beside where it says itself."""
    found, problems = rows(text, path, LINE, NOT_KEPT)
    if not found and not problems:
        return (), (error(Place(path), "no paper in this file", hint='write {"title": "…"} lines'),)
    wrong = _wrong(found)
    papers = [_met(row, source) for row in found if row.place not in wrong and row.place.line <= MOST_LINES]
    return tuple(papers), (*problems, *wrong.values(), *_too_many(found, path))


def _wrong(found: Sequence[Row]) -> dict[Place, Problem]:
    """What is wrong with a line as a whole, by its place."""
    wrong: dict[Place, Problem] = {}
    first: dict[str, Place] = {}
    for row in found:
        paper, place = row.paper, row.place
        if paper.id and first.setdefault(paper.id, place) != place:
            hint = f"line {first[paper.id].line} has it already: give each paper an id of its own"
            wrong[place] = error(place, f"id '{paper.id}' appears twice", hint=hint)
        elif both := sorted(set(paper.tags) & set(paper.rejected)):
            wrong[place] = error(place, f"tag '{both[0]}' is both in 'tags' and in 'rejected'", hint="remove one of them")
    return wrong


def _too_many(found: Sequence[Row], path: str) -> list[Problem]:
    if not found or found[-1].place.line <= MOST_LINES:
        return []
    return [error(Place(path, MOST_LINES + 1, 1), f"only {MOST_LINES:,} lines are taken of one file", hint="split it")]


def _met(row: Row, source: Source) -> Paper:
    elsewhere = tuple(listing for listing in row.paper.sources if listing.page != source.id)
    return replace(row.paper, sources=(*elsewhere, Listing(page=source.id, position=row.place.line)))
