"""incoming: what a program brings in, held to the same tables of fields as what a person writes"""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from generator.fields import MAX_DEPTH, Entries, Field, Items, Node, Reading, Scalar, read_fields, shortened
from generator.files import unix_lines
from generator.model import Paper
from generator.records import PAPER
from generator.report import Place, Problem, counted, error, warning


def scalar(value: object, line: int, column: int = 1) -> Scalar:
    return Scalar(str(value), line, column, plain=False)


def entries(nodes: dict[str, Node], line: int, column: int = 1) -> Entries:
    return Entries(nodes, dict.fromkeys(nodes, (line, column)), line, column)


def paper_of(node: Entries, path: str, table: Sequence[Field] = PAPER) -> tuple[Paper | None, tuple[Problem, ...]]:
    """The paper with these fields; None when there is an error in one of them."""
    reading = Reading(path, [])
    values = read_fields(node, table, reading)
    is_wrong = values is None or any(problem.level == "error" for problem in reading.problems)
    return (None if is_wrong else Paper(**values or {})), tuple(reading.problems)


# ------------------------------------------------------------------ JSON Lines


@dataclass(frozen=True, slots=True)
class Row:
    """What one line says."""

    paper: Paper
    place: Place


class Wrong(Exception):
    """Ends the reading of one line; `rows` turns it into a Problem."""

    def __init__(self, column: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


def rows(
    text: str, path: str, table: Sequence[Field], passed_over: Collection[str] = ()
) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """The papers of all lines without errors, and what is wrong. `null` and empty text are not known.

    Keys that are not in the table are left out, each with one warning; those `passed_over` without.
    """
    found: list[Row] = []
    problems: list[Problem] = []
    unknown: dict[str, list[Place]] = {}
    known = [field.name for field in table]
    lines = unix_lines(text).split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json_object(line, is_last=number == len(lines))
            columns = {key: _column(key, line) for key in row}
            nodes = {key: _node(row[key], key, number, columns[key]) for key in row if key in known and not _is_empty(row[key])}
        except Wrong as wrong:
            problems.append(error(Place(path, number, wrong.column), wrong.message, hint=wrong.hint))
            continue
        for key in row:
            if key not in known and key not in passed_over:
                unknown.setdefault(key, []).append(Place(path, number, columns[key]))
        paper, said = paper_of(entries(nodes, number), path, table)
        problems += said
        found += [Row(paper, Place(path, number, 1))] if paper else []
    reading = Reading(path, [])
    problems += [_unknown(key, places, known, reading) for key, places in unknown.items()]
    return tuple(found), tuple(problems)


def json_object(line: str, *, is_last: bool = False) -> dict[str, Any]:
    """The object that a line holds, which names a paper. Raises Wrong."""
    try:
        row = json.loads(line, object_pairs_hook=_once)
    except json.JSONDecodeError as failure:
        hint = "the file may break off here: save it again" if is_last else "each line holds one JSON object"
        raise Wrong(failure.colno, f"not JSON: {failure.msg}", hint) from None
    except (RecursionError, ValueError) as failure:  # endless nesting, endless digits
        raise Wrong(1, "not JSON that can be read here: nested too deep, or a number too long") from failure
    if not isinstance(row, dict):
        raise Wrong(1, "a line must hold one JSON object", 'write {"title": "…", "arxiv": "…"}')
    if _is_empty(row.get("title")):
        raise Wrong(1, "'title' is missing", "it says which paper the line is about")
    return row


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Wrong(1, f"key '{shortened(twice)}' appears twice", "keep one")
    return row


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


NUMBERS = ("author_count", "venue_year", "position", "comments")  # fields whose values are whole numbers


def _node(value: Any, name: str, line: int, column: int, depth: int = 1) -> Node:
    """A value as what stands in a record's file. A whole number is as good as its digits in quotes; others lose some of them."""
    if depth > MAX_DEPTH:
        raise Wrong(column, f"'{name}' is nested deeper than {MAX_DEPTH}")
    if isinstance(value, list):
        return Items([_node(entry, name, line, column, depth + 1) for entry in value], line, column)
    if isinstance(value, dict):
        given = {key: entry for key, entry in value.items() if not _is_empty(entry)}
        return entries({key: _node(entry, key, line, column, depth + 1) for key, entry in given.items()}, line, column)
    if isinstance(value, str):
        return scalar(unix_lines(value), line, column)
    if type(value) is int:
        return scalar(value, line, column)
    raise Wrong(column, f"'{shortened(name)}' must be {'a whole number' if name in NUMBERS else 'text in quotes'}")


def _column(key: str, line: str) -> int:
    found = re.search(rf"{re.escape(json.dumps(key, ensure_ascii=False))}\s*:", line)
    return found.start() + 1 if found else 1


def _unknown(key: str, places: Sequence[Place], known: Collection[str], reading: Reading) -> Problem:
    more = f", here and on {counted(len(places) - 1, 'more line')}" if len(places) > 1 else ""
    hint = reading.nearest(shortened(key), known) or f"known are: {', '.join(known)}"
    return warning(places[0], f"unknown key '{shortened(key)}' is not kept{more}", hint=hint)
