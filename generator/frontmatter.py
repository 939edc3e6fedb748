"""frontmatter: a file's fields between two lines '---', and the text below them"""

import re
from dataclasses import dataclass

from .fields import BIDI, Entries, control_character, position, read_yaml
from .files import unix_lines
from .report import Place, Problem, error, warning

_FRONT = re.compile(r"---[ \t]*\n(?:(.*?)\n)??---[ \t]*(?:\n|\Z)(.*)", re.DOTALL)
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+")

FIRST_LINE = 2  # of the fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    node: Entries  # the fields as they stand
    front: str  # their text
    body: str  # without the blank lines around it
    body_line: int  # on which it begins


def split(text: str, path: str, kind: str) -> tuple[Split | None, tuple[Problem, ...]]:
    """The two parts of `text`, and what is wrong with it; `kind` of thing the file holds, for messages."""
    text = unix_lines(text)
    if wrong := control_character(text, path):
        return None, (wrong,)
    found = _FRONT.fullmatch(text)
    if not found:
        return None, (_no_front_matter(text, path, kind),)
    front, below = found[1] or "", found[2]
    node, problems = read_yaml(front, path, first_line=FIRST_LINE)
    if problems:
        return None, problems
    if node is None:
        hint = "write at least 'title: …' between the two '---'"
        return None, (error(Place(path, 1, 1), f"no {kind} in this file", hint=hint),)
    if not isinstance(node, Entries):
        return None, (error(Place(path, node.line, node.column), "expected a mapping: lines of 'key: value'"),)
    body = _BLANK_LINES.sub("", below)
    body_line, _ = position(text, len(text) - len(body))
    warnings: tuple[Problem, ...] = ()
    if turned := BIDI.search(below):
        warnings = (turns_text("the note" if kind == "record" else "the text", _place(text, below, turned.start(), path)),)
    return Split(node=node, front=front, body=body.rstrip("\n \t"), body_line=body_line), warnings


def _place(text: str, below: str, index: int, path: str) -> Place:
    return Place(path, *position(text, len(text) - len(below) + index))


def turns_text(what: str, place: Place) -> Problem:
    message = f"{what} holds an invisible character that changes the direction of text"
    return warning(place, message, hint="remove it: a direction is found from the letters themselves")


def _no_front_matter(text: str, path: str, kind: str) -> Problem:
    if not text.strip():
        return error(Place(path), f"no {kind} in this file", hint="start with '---', 'title: …', '---'")
    if text.startswith("---"):
        return error(Place(path, 1, 1), "the front matter is not closed", hint="put a line '---' after its last field")
    message = f"no {kind} in this file: it must begin with '---'"
    return error(Place(path, 1, 1), message, hint="start with '---', 'title: …', '---'")
