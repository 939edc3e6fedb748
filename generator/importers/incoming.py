"""incoming: what a program brings in, held to the same tables of fields as what a person writes"""

import re
from collections.abc import Iterator, Sequence

from generator.fields import Entries, Field, Node, Reading, Scalar, read_fields
from generator.model import Paper
from generator.records import PAPER
from generator.report import Problem

# YAML refuses them in a file, but JSON can spell them, and a page can hold them.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def scalar(value: object, line: int, column: int = 1) -> Scalar:
    return Scalar(str(value), line, column, plain=False)


def entries(nodes: dict[str, Node], line: int) -> Entries:
    return Entries(nodes, dict.fromkeys(nodes, (line, 1)), line, 1)


def paper_of(node: Entries, path: str, table: Sequence[Field] = PAPER) -> tuple[Paper | None, tuple[Problem, ...]]:
    """The paper with these fields; None when anything is wrong with one of them."""
    reading = Reading(path, [])
    for found in _scalars(node):
        if unwritable := UNWRITABLE.search(found.text):
            reading.error(found, f"control character U+{ord(unwritable[0]):04X}", "remove it")
    values = read_fields(node, table, reading)
    return (None if reading.problems or values is None else Paper(**values)), tuple(reading.problems)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
        return
    for below in node.nodes.values() if isinstance(node, Entries) else node.nodes:
        yield from _scalars(below)
