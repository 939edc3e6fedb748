"""incoming: what a program brings in, held to the same tables of fields as what a person writes"""

from collections.abc import Sequence

from generator.fields import Entries, Field, Node, Reading, Scalar, read_fields
from generator.model import Paper
from generator.records import PAPER
from generator.report import Problem


def scalar(value: object, line: int, column: int = 1) -> Scalar:
    return Scalar(str(value), line, column, plain=False)


def entries(nodes: dict[str, Node], line: int) -> Entries:
    return Entries(nodes, dict.fromkeys(nodes, (line, 1)), line, 1)


def paper_of(node: Entries, path: str, table: Sequence[Field] = PAPER) -> tuple[Paper | None, tuple[Problem, ...]]:
    """The paper with these fields; None when anything is wrong with one of them."""
    reading = Reading(path, [])
    values = read_fields(node, table, reading)
    return (None if reading.problems or values is None else Paper(**values)), tuple(reading.problems)
