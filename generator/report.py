"""report: problems as values (place, message, hint), and how they are shown"""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a path relative to the survey's root, line and column counted from 1 (0: the whole file)."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    place: Place
    level: str  # "error" or "warning"
    message: str
    hint: str = ""  # what to do


def error(place: Place, message: str, *, hint: str = "") -> Problem:
    return Problem(place, "error", message, hint)


def warning(place: Place, message: str, *, hint: str = "") -> Problem:
    return Problem(place, "warning", message, hint)


class Failure(Exception):
    """Brings a user's mistake out of where only an exception can go: an output's `make`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Report:
    """All problems of a run, each once, in the order of their places."""

    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "Report":
        return cls(tuple(sorted(set(problems))))

    def __bool__(self) -> bool:
        return bool(self.problems)

    @property
    def errors(self) -> int:
        return sum(problem.level == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors

    def fails(self, *, strict: bool) -> bool:
        return bool(self.problems) if strict else self.errors > 0

    def summary(self) -> str:
        return f"{counted(self.errors, 'error')}, {counted(self.warnings, 'warning')}"


def counted(number: int, noun: str) -> str:
    """`1 paper`, `2 papers`, `1,234 entries`"""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


# ------------------------------------------------------------------ how a report is shown


def as_text(report: Report, sources: Mapping[str, str] | None = None) -> str:
    """For a person: one block a problem; with `sources` (text by path) the line in question stands below it, underlined."""
    rows = {path: _rows(source) for path, source in (sources or {}).items()}
    return "\n".join(_block(problem, rows.get(problem.place.path, ())) for problem in report.problems)


def _rows(source: str) -> list[str]:
    """The lines as they are counted when a file is read: without the mark at its start, whatever ends them."""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _block(problem: Problem, rows: Sequence[str]) -> str:
    lines = [f"{_visible(str(problem.place))}: {problem.level}: {_visible(problem.message)}"]
    lines += _underlined(problem.place, rows)
    if problem.hint:
        lines.append(f"    hint: {_visible(problem.hint)}")
    return "\n".join(lines)


def _underlined(place: Place, rows: Sequence[str], width: int = 100) -> list[str]:
    if not 0 < place.line <= len(rows) or not place.column:
        return []
    row, index = rows[place.line - 1], place.column - 1
    start = max(0, min(index - width // 2, len(row) - width))  # a long line is shown around its column
    before = _visible(row[start:index])
    return ["    " + _visible(row[start : start + width]), "    " + " " * _cells(before) + "^"]


def _cells(text: str) -> int:
    """How wide a terminal shows it: ideographs take two cells, marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _visible(text: str) -> str:
    """Control characters are written out, so that no content can steer a terminal or a log."""
    return "".join(c if c.isprintable() or c == " " else " " if c == "\t" else f"\\u{ord(c):04x}" for c in text)


def as_json(report: Report) -> str:
    rows = [
        {
            "path": problem.place.path,
            "line": problem.place.line,
            "column": problem.place.column,
            "level": problem.level,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in report.problems
    ]
    return _encodable(json.dumps(rows, ensure_ascii=False, indent=2))


def as_github(report: Report) -> str:
    """Workflow commands that GitHub Actions shows as annotations."""
    return _encodable("\n".join(_command(problem) for problem in report.problems))


def _command(problem: Problem) -> str:
    place = problem.place
    where = {"file": place.path, "line": place.line, "col": place.column}
    properties = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in where.items() if value)
    message = problem.message + (f" ({problem.hint})" if problem.hint else "")
    return f"::{problem.level} {properties}::{_escaped(message)}"


def _encodable(text: str) -> str:
    """Lone surrogates written out: they stand for the bytes of a file's name that is not UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _escaped(text: str, more: str = "") -> str:
    """Percent-encodes what could end or start a workflow command."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + more else c for c in text)
