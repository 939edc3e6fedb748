"""facts: what was looked up about papers, a JSON object a line, for papers that a survey has"""

from typing import Any

from generator.fields import Field, Kind, Node, Reading, scalar_text, url
from generator.records import PAPER
from generator.report import Problem

from .incoming import Row, rows

Fact = Row  # a paper that holds only this


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

NOT_KEPT = ("category", "evidence", "note")  # how it was found, and what to be careful about


def read(text: str, path: str) -> tuple[tuple[Fact, ...], tuple[Problem, ...]]:
    return rows(text, path, FACT, NOT_KEPT)
