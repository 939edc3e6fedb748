"""fields: YAML read from parser events and checked against a table of fields, every value with its place"""

import json
import os
import re
import time
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .report import Place, Problem, error
from .text import did_you_mean

MAX_DEPTH = 16
MAX_VALUES = 200_000

# ------------------------------------------------------------------ nodes: YAML as it stands


@dataclass(slots=True)
class Scalar:
    text: str
    line: int
    column: int
    plain: bool  # written without quotes


@dataclass(slots=True)
class Items:
    nodes: "list[Node]"
    line: int
    column: int


@dataclass(slots=True)
class Entries:
    """A mapping; `keys` holds the place of each key."""

    nodes: "dict[str, Node]"
    keys: dict[str, tuple[int, int]]
    line: int
    column: int


Node = Scalar | Items | Entries


class Broken(Exception):
    """Ends the reading of one text; `read_yaml` turns it into a Problem."""

    def __init__(self, line: int, column: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.line, self.column, self.message, self.hint = line, column, message, hint


def read_yaml(text: str, path: str, *, first_line: int = 1) -> tuple[Node | None, tuple[Problem, ...]]:
    """The one document in `text` (None when it is empty or broken) and what is wrong with it.

    Only parser events are used: PyYAML's loaders end the process on deep nesting, keep the last of two equal keys in
    silence and guess types. Every scalar is text here; the field that it stands in decides what it means.
    """
    if wrong := control_character(text, path, first_line=first_line):
        return None, (wrong,)
    try:
        return _tree(text, first_line), ()
    except Broken as broken:
        return None, (error(Place(path, broken.line, broken.column), broken.message, hint=broken.hint),)


# In YAML 1.1 these end a line; here they are text. Noncharacters stand in for them while the parser reads.
_SEPARATORS = str.maketrans("\x85\u2028\u2029", "\ufdd0\ufdd1\ufdd2")
_RESTORED = str.maketrans("\ufdd0\ufdd1\ufdd2", "\x85\u2028\u2029")
_BLANKED = str.maketrans("\ufdd0\ufdd1\ufdd2", "   ")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_HINTS = (  # what the parser says (in part), what a person should do
    ("mapping values are not allowed", "put quotes around a value that holds ': '"),
    ("cannot start any token", "indent with spaces, and put quotes around a value that starts with @, ` or %"),
    ("found unexpected end of stream", "a quote or bracket is not closed"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing"),
    ("could not find expected ':'", "each line needs a key, a colon and a value"),
    ("did not find expected", "check the quotes, brackets and indentation here and on the line before"),
    ("unknown escape character", "inside double quotes write \\\\ for a backslash, or use single quotes"),
    ("block sequence entries are not allowed", "start the list on a line of its own"),
)


def _tree(text: str, first_line: int) -> Node | None:
    import yaml

    swapped = not text.isascii()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text.translate(_SEPARATORS) if swapped else text)
    try:
        return _Reader(loader, first_line, swapped).document()
    except (yaml.YAMLError, ValueError, OverflowError) as problem:  # the last two: Python's parser at an escape beyond Unicode
        mark = getattr(problem, "problem_mark", None)
        said = str(getattr(problem, "problem", None) or "it breaks off here")
        hint = next((hint for part, hint in _HINTS if part in said), "")
        began = getattr(problem, "context_mark", None)
        if hint and mark and began and began.line < mark.line:
            hint += f"; see line {began.line + first_line}"
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        if "nesting depth" in said:  # the parser looks ahead and meets its own limit first
            raise Broken(line, column, f"nested deeper than {MAX_DEPTH}") from None
        raise Broken(line, column, f"not YAML: {said}", hint) from None


def control_character(text: str, path: str, *, first_line: int = 1) -> Problem | None:
    """The first character that no file of a survey may hold."""
    found = _FORBIDDEN.search(text)
    if not found:
        return None
    line, column = position(text, found.start())
    return error(Place(path, line + first_line - 1, column), f"control character U+{ord(found[0]):04X}", hint="remove it")


class _Reader:
    """Builds nodes from a loader's events, iteratively and within limits."""

    def __init__(self, loader: Any, first_line: int, swapped: bool) -> None:
        self.next_event = loader.get_event
        self.first_line, self.swapped, self.values = first_line, swapped, 0

    def document(self) -> Node | None:
        from yaml import events

        root: Node | None = None
        open_nodes: list[Items | Entries] = []
        key: str | None = None  # waits for its value, in the innermost mapping
        waiting: list[str | None] = []  # the same for the mappings around it
        documents = 0
        while True:
            event = self.next_event()
            kind = type(event)
            if kind is events.StreamEndEvent or event is None:
                return root
            if kind is events.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise self.broken(event, "more than one document", "keep one document in a file: remove the second '---'")
            elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
                open_nodes.pop()
                key = waiting.pop()
            elif kind is events.StreamStartEvent or kind is events.DocumentEndEvent:
                continue
            else:
                node = self.node(event, kind, events, len(open_nodes))
                around = open_nodes[-1] if open_nodes else None
                if around is None:
                    root = node
                elif type(around) is Items:
                    around.nodes.append(node)
                elif type(around) is Entries:
                    if key is None:
                        key = self.key(node, around)
                        continue
                    around.nodes[key] = node
                    key = None
                if not isinstance(node, Scalar):
                    open_nodes.append(node)
                    waiting.append(key)
                    key = None

    def node(self, event: Any, kind: Any, events: Any, depth: int) -> Node:
        if kind is events.AliasEvent:
            raise self.broken(event, "aliases (*) are not allowed", "put quotes around a value that starts with *")
        if event.anchor is not None:
            raise self.broken(event, "anchors (&) are not allowed", "put quotes around a value that starts with &")
        if event.tag is not None and event.tag != "!":
            raise self.broken(event, "tags (!) are not allowed", "put quotes around a value that starts with !")
        self.values += 1
        if self.values > MAX_VALUES:
            raise self.broken(event, f"more than {MAX_VALUES:,} values")
        line, column = event.start_mark.line + self.first_line, event.start_mark.column + 1
        if kind is events.ScalarEvent:
            text = event.value.translate(_RESTORED) if self.swapped else event.value
            return Scalar(text, line, column, event.implicit[0] and not event.style)
        if depth >= MAX_DEPTH:
            raise self.broken(event, f"nested deeper than {MAX_DEPTH}")
        return Items([], line, column) if kind is events.SequenceStartEvent else Entries({}, {}, line, column)

    def key(self, node: Node, around: Entries) -> str:
        if type(node) is not Scalar:
            raise Broken(node.line, node.column, "a key must be text")
        if node.text == "<<" and node.plain:
            raise Broken(node.line, node.column, "merge keys (<<) are not allowed", "write the values out")
        if node.text in around.keys:
            first = around.keys[node.text][0]
            raise Broken(node.line, node.column, f"key '{node.text}' appears twice", f"it stands on line {first} already")
        around.keys[node.text] = (node.line, node.column)
        return node.text

    def broken(self, event: Any, message: str, hint: str = "") -> Broken:
        mark = event.start_mark
        return Broken(mark.line + self.first_line, mark.column + 1, message, hint)


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of a character of `text`."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def comments(text: str, *, first_line: int = 1) -> list[tuple[int, str]]:
    """(line, comment from its # on) of a text that `read_yaml` has accepted: what stands between the tokens.

    What other YAML readers take for the end of a line is a space: the rest of the comment would be content to them.
    """
    if "#" not in text:
        return []
    import yaml

    text = text.translate(_SEPARATORS)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    found, end = [], 0
    while loader.check_token():
        token = loader.get_token()
        start = token.start_mark.index
        if getattr(token, "style", None) in ("|", ">"):  # the comment beside it is a part of this token
            start = text.find("\n", start) if "\n" in text[start : token.end_mark.index] else len(text)
        found += _comments_between(text, end, start, first_line)
        end = max(end, token.end_mark.index)
    return [*found, *_comments_between(text, end, len(text), first_line)]


class Commented:
    """Collects lines of a file that is written anew; a comment of the old one goes before the first line that comes from its own
    line or a later one."""

    def __init__(self, waiting: Sequence[tuple[int, str]]) -> None:
        self.waiting, self.lines = list(waiting), list[str]()

    def add(self, line: str, old_line: int, indent: str = "") -> None:
        while self.waiting and self.waiting[0][0] <= old_line:
            self.lines.append(indent + self.waiting.pop(0)[1])
        self.lines.append(line)

    def text(self) -> str:
        return "\n".join([*self.lines, *(comment for _, comment in self.waiting)]) + "\n"


def _comments_between(text: str, start: int, end: int, first_line: int) -> list[tuple[int, str]]:
    gap, rows = text[start:end], []
    if "#" in gap:
        line = text.count("\n", 0, start) + first_line
        for number, row in enumerate(gap.split("\n")):
            if "#" in row:
                rows.append((line + number, row[row.index("#") :].translate(_BLANKED).rstrip()))
    return rows


# ------------------------------------------------------------------ kinds: what a field's value may be


@dataclass(slots=True)
class Reading:
    """Collects the problems of one file while its fields are read."""

    path: str
    problems: list[Problem]
    comparisons: int = 10_000  # of words, that hints may still take: at most a second

    def error(self, node: Node, message: str, hint: str = "") -> None:
        self.problems.append(error(Place(self.path, node.line, node.column), message, hint=hint))

    def nearest(self, word: str, known: Collection[str]) -> str:
        """A hint with the nearest known word; none any more in a file with thousands of mistakes."""
        if len(known) > self.comparisons:
            return ""
        self.comparisons -= len(known)
        return did_you_mean(word, known)


@dataclass(frozen=True, slots=True)
class Kind:
    """`read` gives a node's value, or None after it has reported what is wrong; `write` gives the YAML of a value on one line."""

    read: Callable[[Node, Reading, str], Any]  # node, reading, name of the field for messages
    write: Callable[[Any, bool], str]  # value, inside a flow collection


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind
    required: bool = False
    attribute: str = ""  # of the dataclass, when its name differs


ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_DIGITS = re.compile(r"-?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_SPACES = re.compile(r"[ \t\r\n]+")
_UNSEEN = frozenset(("Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me"))
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs in name only: they show nothing
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def text(longest: int, *, pattern: re.Pattern[str] | None = None, like: str = "", lines: bool = False) -> Kind:
    """Text of at most `longest` characters on one line (of several: `lines`), which must match `pattern`, shown as `like`."""

    def read(node: Node, reading: Reading, name: str) -> str | None:
        value = _scalar(node, reading, name)
        if value is None:
            return None
        value = value.strip() if lines else _SPACES.sub(" ", value).strip(" ")
        if all(c in _FILLERS or unicodedata.category(c) in _UNSEEN for c in value):
            reading.error(node, f"'{name}' is empty", "give a value or remove the key")
            return None
        if len(value) > longest:
            reading.error(node, f"'{name}' has {len(value):,} characters; at most {longest:,} are allowed")
            return None
        if pattern and not pattern.fullmatch(value):
            reading.error(node, f"'{name}' must look like {like}, not '{shortened(value)}'")
            return None
        return value

    return Kind(read, scalar_text)


def whole(low: int, high: int | Callable[[], int]) -> Kind:
    """A whole number from `low` to `high`."""

    def read(node: Node, reading: Reading, name: str) -> int | None:
        value = _scalar(node, reading, name)
        if value is None:
            return None
        if not _DIGITS.fullmatch(value):
            if value.isdigit() and not value.isascii():
                reading.error(node, f"'{name}': write it with the digits 0-9")
                return None
            reading.error(node, f"'{name}' must be a whole number, not '{shortened(value)}'")
            return None
        most = high if isinstance(high, int) else high()
        if not low <= int(value) <= most:
            reading.error(node, f"'{name}' must be from {low} to {most}, not {value}")
            return None
        return int(value)

    return Kind(read, lambda value, _: str(value))


def date(*, day: bool = False) -> Kind:
    """A day, month or year as text: YYYY-MM-DD, YYYY-MM or YYYY; with `day` a day only."""

    def read(node: Node, reading: Reading, name: str) -> str | None:
        value = _scalar(node, reading, name)
        if value is None:
            return None
        if wrong := date_problem(value, day=day):
            reading.error(node, f"'{name}' {wrong}")
            return None
        return value

    return Kind(read, lambda value, _: str(value))


def date_problem(value: str, *, day: bool = False) -> str | None:
    if not _DATE.fullmatch(value) or (day and len(value) < 10):
        if not value.isascii() and any(c.isdigit() for c in value):
            return "must be a date: write it with the digits 0-9"
        like = "a day, YYYY-MM-DD" if day else "a date, YYYY, YYYY-MM or YYYY-MM-DD"
        return f"must be {like}, not '{shortened(value)}'"
    year, month, number = (int(part) for part in (value + "-01-01")[:10].split("-"))
    if not 1600 <= year <= latest_year():
        return f"must lie from 1600 to {latest_year()}, not in {value[:4]}"
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return None if 1 <= month <= 12 and 1 <= number <= days[month - 1] else f"'{value}' is not a day of the calendar"


def latest_year() -> int:
    """Two years from now; SOURCE_DATE_EPOCH says what "now" is where it is set."""
    return time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())).tm_year + 2


def url() -> Kind:
    def read(node: Node, reading: Reading, name: str) -> str | None:
        value = _scalar(node, reading, name)
        if value is None:
            return None
        if wrong := url_problem(value):
            reading.error(node, f"'{name}' {wrong}", "write the whole address: https://…")
            return None
        return value

    return Kind(read, scalar_text)


_HOST = re.compile(r"[^\s/?#@\\<>\"'`{}|^%\[\]:]+(:[0-9]{1,5})?")


def url_problem(value: str) -> str | None:
    """What keeps `value` from being a web address that may be linked; None when nothing does."""
    if len(value) > 2000:
        return "is longer than 2,000 characters"
    if not value.isprintable() or re.search(r"[\s<>\"\\^`{|}]", value) or BIDI.search(value):
        return "holds a character that an address cannot hold"
    try:
        parts = urlsplit(value)
    except ValueError:
        return "is not an address"
    if parts.scheme not in ("http", "https"):
        return "must start with https:// or http://"
    if "@" in parts.netloc:
        return "must not name a user"
    return None if _HOST.fullmatch(parts.netloc) else "is not an address"


def one_of(*values: str) -> Kind:
    def read(node: Node, reading: Reading, name: str) -> str | None:
        value = _scalar(node, reading, name)
        if value is not None and value not in values:
            hint = reading.nearest(value, values)
            reading.error(node, f"'{name}' must be {' or '.join(values)}, not '{shortened(value)}'", hint)
            return None
        return value

    return Kind(read, scalar_text)


def items(kind: Kind, most: int) -> Kind:
    """A list of at most `most` values; the value is a tuple. With one wrong entry there is no value: places count entries."""

    def read(node: Node, reading: Reading, name: str) -> tuple[Any, ...] | None:
        if type(node) is not Items:
            reading.error(node, f"'{name}' must be a list", f"write {name}: [first, second]")
            return None
        if len(node.nodes) > most:
            reading.error(node, f"'{name}' has {len(node.nodes):,} entries; at most {most:,} are allowed")
            return None
        values = tuple(kind.read(entry, reading, name) for entry in node.nodes)
        return None if None in values else values

    return Kind(read, lambda values, _: f"[{', '.join(kind.write(value, True) for value in values)}]")


def mapping(fields: Sequence[Field], make: Callable[..., Any]) -> Kind:
    """A mapping with the given fields; the value is `make(**values)`."""

    def read(node: Node, reading: Reading, name: str) -> Any:
        values = read_fields(node, fields, reading, name)
        return None if values is None else make(**values)

    def write(value: Any, _: bool) -> str:
        pairs = ((f, getattr(value, f.attribute or f.name)) for f in fields)
        return "{" + ", ".join(f"{f.name}: {f.kind.write(v, True)}" for f, v in pairs if not is_absent(v)) + "}"

    return Kind(read, write)


def pairs(kind: Kind, known: Sequence[str] = ()) -> Kind:
    """A mapping from ids (only `known` ones, when given, in their order) to values; the value is a tuple of pairs."""

    def read(node: Node, reading: Reading, name: str) -> tuple[tuple[str, Any], ...] | None:
        if type(node) is not Entries:
            reading.error(node, f"'{name}' must be a mapping", f"write {name}: {{{known[0] if known else 'name'}: …}}")
            return None
        if known:
            values = read_fields(node, [Field(key, kind) for key in known], reading, name)
            return None if values is None else tuple(values.items())
        found = list[tuple[str, Any]]()
        for key, entry in node.nodes.items():
            if not ID.fullmatch(key):
                place = Place(reading.path, *node.keys[key])
                reading.problems.append(error(place, f"'{shortened(key)}' in '{name}' must look like an id: sample-size"))
            elif (value := kind.read(entry, reading, key)) is not None:
                found.append((key, value))
        return tuple(found)

    def write(value: tuple[tuple[str, Any], ...], _: bool) -> str:
        return "{" + ", ".join(f"{scalar_text(key, True)}: {kind.write(entry, True)}" for key, entry in value) + "}"

    return Kind(read, write)


def read_fields(node: Node, fields: Sequence[Field], reading: Reading, name: str = "") -> dict[str, Any] | None:
    """The values of a mapping's fields, by attribute, in the table's order. Unknown keys, wrong and missing values are
    reported; None when a required value is missing or the node is no mapping."""
    if type(node) is not Entries:
        if name:
            reading.error(node, f"'{name}' must be a mapping", f"write {{{fields[0].name}: …}}")
        else:
            reading.error(node, "expected a mapping: lines of 'key: value'")
        return None
    known = {field.name: field for field in fields}
    for key in node.nodes:
        if key not in known:
            line, column = node.keys[key]
            where = f" in '{name}'" if name else ""
            hint = reading.nearest(key, known) or f"known are: {', '.join(known)}"
            message = f"unknown field '{shortened(key)}'{where}"
            reading.problems.append(error(Place(reading.path, line, column), message, hint=hint))
    values: dict[str, Any] = {}
    complete = True
    for field in fields:
        entry = node.nodes.get(field.name)
        value = field.kind.read(entry, reading, field.name) if entry is not None else None
        if value is not None:
            values[field.attribute or field.name] = value
        elif field.required:
            complete = False
            if entry is None:
                reading.error(node, f"'{field.name}' is missing", f"add a line '{field.name}: …'")
    return values if complete else None


def _scalar(node: Node, reading: Reading, name: str) -> str | None:
    if type(node) is not Scalar:
        reading.error(node, f"'{name}' must be one value, not a {'list' if type(node) is Items else 'mapping'}")
        return None
    if node.plain and node.text in ("", "~", "null"):
        reading.error(node, f"'{name}' is empty", "give a value or remove the key (quote it if the text is meant)")
        return None
    if found := _FORBIDDEN.search(node.text):  # written as an escape
        reading.error(node, f"'{name}' holds a control character, U+{ord(found[0]):04X}", "remove it")
        return None
    return node.text


def is_absent(value: Any) -> bool:
    return value is None or value == () or value == ""


def shortened(value: str, most: int = 60) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"


# ------------------------------------------------------------------ writing


_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=")
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]")


def scalar_text(value: str, in_flow: bool) -> str:
    """A scalar as canonical YAML: plain where every YAML reader takes it for the same text, else in quotes."""
    if _ESCAPED.search(value):
        quoted = json.dumps(value, ensure_ascii=False)
        return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
    if not _needs_quotes(value, in_flow):
        return value
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _needs_quotes(value: str, in_flow: bool) -> bool:
    return (
        not value
        or value[0] in _INDICATORS
        or value != value.strip(" ")
        or ": " in value
        or value.endswith(":")
        or " #" in value
        or (in_flow and any(c in ",[]{}?" for c in value))
        or _reads_as_other(value)
    )


_OTHER = re.compile(  # what YAML 1.1 or 1.2 readers take for a boolean, null, number or date
    r"~|null|true|false|yes|no|on|off|y|n|<<|=|[-+]?(\.inf|\.nan)|\.nan|[-+]?[0-9][0-9_,]*(\.[0-9_]*)?(e[-+]?[0-9]+)?|[-+]?\.[0-9_]+(e[-+]?[0-9]+)?"
    r"|[-+]?0[xob][0-9a-f_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([tT ].*)?",
    re.IGNORECASE,
)


def _reads_as_other(value: str) -> bool:
    return _OTHER.fullmatch(value) is not None
