"""marks: what a page of text asks of the survey: citations, tags, counts and blocks, each read with its place"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .fields import (
    ID,
    Entries,
    Field,
    Items,
    Kind,
    Node,
    Reading,
    Scalar,
    items,
    one_of,
    read_fields,
    read_yaml,
    shortened,
    text,
    whole,
)
from .model import COUNTED, SORTS, Block, Cite, Count, Mark, Mention, Query, Spot
from .report import Place, error

# ------------------------------------------------------------------ the tables of what may be asked

_id = text(80, pattern=ID, like="an id: offline-rl")
_YEARS = re.compile(r"([0-9]{4})|([0-9]{4})?\s*-\s*([0-9]{4})?")


def _one_or_more(kind: Kind) -> Kind:
    several = items(kind, 500)

    def read(node: Node, reading: Reading, name: str) -> tuple[Any, ...] | None:
        if isinstance(node, Scalar):
            node = Items([node], node.line, node.column)
        return several.read(node, reading, name)  # type: ignore[no-any-return]

    return Kind(read, several.write)


def _years() -> Kind:
    words = text(20)

    def read(node: Node, reading: Reading, name: str) -> tuple[int | None, int | None] | None:
        value = words.read(node, reading, name)
        if value is None:
            return None
        found = _YEARS.fullmatch(value)
        first, last = (found[1] or found[2], found[1] or found[3]) if found else (None, None)
        if not first and not last:
            reading.error(node, f"'{name}' must look like 2024, 2020-2024, 2020- or -2024, not '{shortened(value)}'")
            return None
        if first and last and first > last:
            reading.error(node, f"'{name}' ends before it begins", f"write {last}-{first}")
            return None
        return (int(first) if first else None, int(last) if last else None)

    return Kind(read, words.write)


CONDITIONS = (
    Field("tag", _one_or_more(_id), attribute="tags"),
    Field("any", _one_or_more(_id)),
    Field("year", _years(), attribute="years"),
    Field("venue", text(200)),
    Field("reviewed", one_of("yes", "no")),
)
QUERY = (*CONDITIONS, Field("ids", _one_or_more(_id)), Field("sort", one_of(*SORTS)), Field("limit", whole(1, 1000)))

BLOCKS: dict[str, tuple[Field, ...]] = {  # fenced, with YAML inside
    "papers": QUERY,
    "table": (*QUERY, Field("columns", items(text(80), 12), required=True), Field("caption", text(300))),
    "flow": (Field("caption", text(300)),),
}
COUNT = (*CONDITIONS, Field("of", one_of(*COUNTED)))  # in a line: {{count tag=offline-rl year=2023-}}

# ------------------------------------------------------------------ marks in a line


@dataclass(frozen=True, slots=True)
class Written:
    """A mark as it stands in a text."""

    text: str
    spot: Spot
    reading: Reading

    def at(self, index: int) -> Place:
        """The place of a character of it."""
        before, place = self.text[:index], self.spot.place
        if "\n" not in before:
            return Place(place.path, place.line, place.column + index)
        return Place(place.path, place.line + before.count("\n"), index - before.rfind("\n"))

    def wrong(self, what: str, hint: str) -> None:
        self.reading.problems.append(error(self.spot.place, f"not a {what}: {shortened(self.text)}", hint=hint))


def read_mark(written: Written) -> Mark | None:
    """What a mark asks; None after it has been reported what is wrong with it."""
    return next(read for sign, read in READERS.items() if written.text.startswith(sign))(written)


_CITE = re.compile(r"\[\s*@[^\s;@\[\]]+\s*(?:;\s*@[^\s;@\[\]]+\s*)*\]")
_CITED = re.compile(r"@([^\s;@\[\]]+)")
_MENTION = re.compile(r"\[#([^\s\[\]#]+)\]")
_COUNT = re.compile(r"\{\{\s*count((?:\s+[a-z]+=(?:\"[^\"]*\"|[^\s\"=]+))*)\s*\}\}")
_PAIR = re.compile(r"([a-z]+)=(?:\"([^\"]*)\"|([^\s\"=]+))")


def _cite(written: Written) -> Cite | None:
    if not _CITE.fullmatch(written.text):
        written.wrong("citation", "write [@id] or [@id1; @id2]; a bracket that is meant as text is \\[")
        return None
    found = list(_CITED.finditer(written.text))
    places = tuple(written.at(cited.start()) for cited in found)
    return Cite(ids=tuple(cited[1] for cited in found), places=places, spot=written.spot)


def _mention(written: Written) -> Mention | None:
    found = _MENTION.fullmatch(written.text)
    if not found:
        written.wrong("tag", "write [#id]; a bracket that is meant as text is \\[")
        return None
    return Mention(tag=found[1], spot=written.spot)


def _count(written: Written) -> Count | None:
    found = _COUNT.fullmatch(written.text)
    if not found:
        hint = "write {{count}} or {{count tag=offline-rl year=2023-}}; braces that are meant as text are \\{"
        written.wrong("count", hint)
        return None
    node = Entries({}, {}, written.spot.place.line, written.spot.place.column)
    for pair in _PAIR.finditer(written.text, found.start(1), found.end(1)):
        name, group = pair[1], 3 if pair[2] is None else 2
        if name in node.keys:
            hint = "write the values with a comma between them: tag=a,b"
            written.reading.problems.append(error(written.at(pair.start()), f"'{name}' appears twice", hint=hint))
            return None
        place = written.at(pair.start())
        node.keys[name] = (place.line, place.column)
        node.nodes[name] = _values(pair[group], written.at(pair.start(group)))
    values = _read(node, COUNT, written.reading, "count")
    if values is None:
        return None
    of = values.pop("of", COUNTED[0])
    if of != COUNTED[0] and values:
        written.reading.error(node, f"'of={of}' takes no conditions", "they are for papers")
        return None
    return Count(of=of, query=Query(**values), node=node, spot=written.spot)


def _values(written: str, place: Place) -> Node:
    """One value, or several with commas between them."""
    if "," not in written:
        return Scalar(written, place.line, place.column, False)
    nodes: list[Node] = []
    column = place.column
    for value in written.split(","):
        nodes.append(Scalar(value, place.line, column, False))
        column += len(value) + 1
    return Items(nodes, place.line, place.column)


READERS: dict[str, Callable[[Written], Mark | None]] = {"[@": _cite, "[#": _mention, "{{": _count}

# ------------------------------------------------------------------ blocks


def read_block(kind: str, content: str, indent: int, spot: Spot, reading: Reading) -> Block | None:
    """What the block asks; its content begins on the line after its place, `indent` characters to the right."""
    shifted = "\n".join(" " * indent + line for line in content.split("\n"))
    node, problems = read_yaml(shifted, reading.path, first_line=spot.place.line + 1)
    reading.problems += problems
    if problems:
        return None
    node = node or Entries({}, {}, spot.place.line, spot.place.column)
    values = _read(node, BLOCKS[kind], reading, kind)
    if values is None or not isinstance(node, Entries):
        return None
    columns, caption = values.pop("columns", ()), values.pop("caption", "")
    return Block(kind=kind, query=Query(**values), columns=columns, caption=caption, node=node, spot=spot)


def _read(node: Node, table: Sequence[Field], reading: Reading, name: str) -> dict[str, Any] | None:
    """The values, or None when any is wrong: half a question would be answered wrongly."""
    before = len(reading.problems)
    values = read_fields(node, table, reading, name)
    return values if len(reading.problems) == before else None
