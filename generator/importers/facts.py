"""facts: what was looked up about papers, a JSON object a line, for papers that a survey has"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.fields import Entries, Field, Items, Kind, Node, Reading, scalar_text, url
from generator.files import unix_lines
from generator.model import Paper
from generator.records import PAPER
from generator.report import Place, Problem, error, warning
from generator.text import did_you_mean

from .incoming import entries, paper_of, scalar


@dataclass(frozen=True, slots=True)
class Fact:
    """What one line says: a paper that holds only this."""

    paper: Paper
    place: Place


def _wrapped(kind: Kind, wrap: Any) -> Kind:
    """A kind whose value is `wrap` of another's."""

    def read(node: Node, reading: Reading, name: str) -> Any:
        value = kind.read(node, reading, name)
        return None if value is None else wrap(value)

    return Kind(read, scalar_text)


_kinds = {field.name: field.kind for field in PAPER}

FACT = (
    Field("title", _kinds["title"], required=True),
    Field("arxiv", _kinds["arxiv"]),
    Field("doi", _kinds["doi"]),
    Field("authors", _kinds["authors"]),
    Field("venue", _kinds["venue"]),
    Field("venue_year", _kinds["venue_year"]),
    Field("submitted", _kinds["date"], attribute="date"),
    Field("code", _wrapped(url(), lambda address: (("code", address),)), attribute="links"),
    Field("other_title", _wrapped(_kinds["title"], lambda title: (title,)), attribute="also"),
)

KNOWN = {field.name for field in FACT}
NOT_KEPT = {"category", "evidence", "note"}  # how it was found, and what to be careful about


class Wrong(Exception):
    """Ends the reading of one line; `read` turns it into a Problem."""

    def __init__(self, column: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


def read(text: str, path: str) -> tuple[tuple[Fact, ...], tuple[Problem, ...]]:
    """The facts of all lines without errors, and what is wrong. `null` is not known."""
    facts: list[Fact] = []
    problems: list[Problem] = []
    for number, line in enumerate(unix_lines(text).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = _object(line)
            node = _node(row, line, number)
        except Wrong as wrong:
            problems.append(error(Place(path, number, wrong.column), wrong.message, hint=wrong.hint))
            continue
        problems += _unknown(row, line, Place(path, number))
        paper, found = paper_of(node, path, FACT)
        problems += found
        facts += [Fact(paper, Place(path, number, 1))] if paper else []
    return tuple(facts), tuple(problems)


def _object(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, object_pairs_hook=_once)
    except json.JSONDecodeError as failure:
        raise Wrong(failure.colno, f"not JSON: {failure.msg}", "each line holds one JSON object") from None
    except (RecursionError, ValueError) as failure:  # endless nesting, endless digits
        raise Wrong(1, "not JSON that can be read here: nested too deep, or a number too long") from failure
    if not isinstance(row, dict):
        raise Wrong(1, "a line must hold one JSON object", 'write {"title": "…", "arxiv": "…"}')
    if row.get("title") is None:
        raise Wrong(1, "'title' is missing", "it says which paper the facts are about")
    return row


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Wrong(1, f"key '{twice}' appears twice", "keep one")
    return row


def _node(row: dict[str, Any], line: str, number: int) -> Entries:
    nodes: dict[str, Node] = {}
    for key, value in row.items():
        if key in KNOWN and value is not None:
            column = _column(key, line)
            values = value if isinstance(value, list) else [value]
            for entry in values:
                if not isinstance(entry, str) and (key != "venue_year" or type(entry) is not int):
                    raise Wrong(column, f"'{key}' must be {'a whole number' if key == 'venue_year' else 'text in quotes'}")
            scalars: list[Node] = [scalar(entry, number, column) for entry in values]
            nodes[key] = Items(scalars, number, column) if isinstance(value, list) else scalars[0]
    return entries(nodes, number)


def _column(key: str, line: str) -> int:
    found = re.search(rf"{re.escape(json.dumps(key, ensure_ascii=False))}\s*:", line)
    return found.start() + 1 if found else 1


def _unknown(row: dict[str, Any], line: str, place: Place) -> Iterator[Problem]:
    for key in row:
        if key not in KNOWN | NOT_KEPT:
            at = Place(place.path, place.line, _column(key, line))
            hint = did_you_mean(key, sorted(KNOWN)) or f"known are: {', '.join(field.name for field in FACT)}"
            yield warning(at, f"unknown key '{key}' is not kept", hint=hint)
