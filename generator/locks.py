"""locks: what readers saw last, kept so that it stays: content/tags.lock.json and content/map.lock.json"""

import re
from collections.abc import Iterable, Mapping

from .files import unix_lines
from .report import Place, Problem, error

SHOWN = "content/tags.lock.json"  # the suggested tags that readers see
PLACES = "content/map.lock.json"  # where papers lie on the map
MOST_BYTES = 64 << 20

# Written by a program and merged by git: a row a line, so that each is judged by itself, and a comma that a merge has left out or
# left over does no harm.
_ID = r'"([a-z0-9][a-z0-9-]{0,79})"'
_NUMBER = r"(-?[01](?:\.[0-9]{1,4})?)"
_SHOWN = re.compile(rf'\{{"id": {_ID}, "tag": {_ID}, "state": "shown"\}},?')
_PLACE = re.compile(rf"{_ID}: \[{_NUMBER}, {_NUMBER}\],?")


def read_shown(source: str, path: str) -> tuple[frozenset[tuple[str, str]], tuple[Problem, ...]]:
    """Paper and tag of each row."""
    rows, problems = _rows(source, path, _SHOWN, "[]", "papergrove tags suggest --write")
    return frozenset((id_, tag) for id_, tag in rows), problems


def write_shown(shown: Iterable[tuple[str, str]]) -> str:
    rows = (f'{{"id": "{id_}", "tag": "{tag}", "state": "shown"}}' for id_, tag in sorted(shown))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def read_places(source: str, path: str) -> tuple[dict[str, tuple[float, float]], tuple[Problem, ...]]:
    """x and y of each paper, from -1 to 1."""
    rows, problems = _rows(source, path, _PLACE, "{}", "papergrove map")
    return {id_: (float(x), float(y)) for id_, x, y in rows}, problems


def write_places(places: Mapping[str, tuple[float, float]]) -> str:
    rows = (
        f'"{id_}": [{round(x, 4) + 0.0:.4f}, {round(y, 4) + 0.0:.4f}]' for id_, (x, y) in sorted(places.items())
    )  # no "-0.0000"
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _rows(
    source: str, path: str, row: re.Pattern[str], frame: str, command: str
) -> tuple[list[tuple[str, ...]], tuple[Problem, ...]]:
    rows, problems = list[tuple[str, ...]](), list[Problem]()
    for number, line in enumerate(unix_lines(source).split("\n"), start=1):
        if found := row.fullmatch(line.strip()):
            rows.append(found.groups())
        elif line.strip() and line.strip() not in (frame[0], frame[1], frame):
            problems.append(error(Place(path, number, 1), "not a row of this file", hint=f"'{command}' writes it anew"))
            break  # one is enough: no row of such a file is trusted
    return ([] if problems else rows), tuple(problems)
