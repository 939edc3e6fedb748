"""vocabulary: facets and tags, read from and written to content/tags.yml"""

from collections.abc import Callable, Mapping
from typing import Any

from .fields import (
    ID,
    Commented,
    Entries,
    Field,
    Items,
    Node,
    Reading,
    comments,
    is_absent,
    items,
    mapping,
    one_of,
    read_fields,
    read_yaml,
    shortened,
    text,
    whole,
)
from .model import GLYPHS, Boundary, Facet, Tag, Vocabulary
from .report import Problem

TAGS = "content/tags.yml"  # where it stands in a survey

_id = text(80, pattern=ID, like="an id: offline-rl")
_phrases = items(text(200), 500)

FACET = (
    Field("id", _id, required=True),
    Field("label", text(100), required=True),
    Field("question", text(200)),
    Field("hue", whole(0, 360)),
    Field("glyph", one_of(*GLYPHS)),
)

BOUNDARY = (
    Field("case", text(300), required=True),
    Field("use", _id),
)

TAG = (  # in canonical order
    Field("id", _id, required=True),
    Field("facet", _id, required=True),
    Field("parent", _id),
    Field("label", text(100), required=True),
    Field("definition", text(1000)),
    Field("not_for", items(mapping(BOUNDARY, Boundary), 50)),
    Field("synonyms", items(text(100), 50)),
    Field("phrases", _phrases),
    Field("weak", _phrases),
    Field("not", _phrases, attribute="excluded"),
    Field("replaced_by", _id),
)

# ------------------------------------------------------------------ reading


def read(source: str, path: str) -> tuple[Vocabulary, Node | None, tuple[Problem, ...]]:
    """The vocabulary in `source` (nothing is one too), its nodes for the places of later problems, and what is wrong with it."""
    node, problems = read_yaml(source, path)
    if node is None:
        return Vocabulary(), None, problems
    reading = Reading(path, [])
    table = (
        Field("facets", items(mapping(FACET, Facet), 50), required=True),
        Field("tags", items(mapping(TAG, Tag), 10_000)),
    )
    values = read_fields(node, table, reading)
    vocabulary = Vocabulary(**values) if values else Vocabulary()
    if not reading.problems:
        _check(vocabulary, node, reading)
    return vocabulary, node, tuple(reading.problems)


def _check(vocabulary: Vocabulary, node: Node, reading: Reading) -> None:
    tags = {tag.id: tag for tag in vocabulary.tags}
    facets = {facet.id: facet for facet in vocabulary.facets}
    assert isinstance(node, Entries)
    for kind, values in (("facets", vocabulary.facets), ("tags", vocabulary.tags)):
        _check_ids_once(kind, values, node, reading)
    rings = {name: _rings(follow, tags) for name, follow in _RELATIONS.items()}
    in_a_ring = {tag for ring in rings["parent"].values() for tag in ring}
    for tag, entry in zip(vocabulary.tags, _entries(node, "tags"), strict=True):
        if tag.facet not in facets:
            reading.error(entry.nodes["facet"], f"unknown facet '{tag.facet}'", reading.nearest(tag.facet, facets))
        for name, follow in _RELATIONS.items():
            _check_relation(tag, name, follow(tag), tags, entry, reading)
            if ring := rings[name].get(tag.id):
                way = shortened(" → ".join(ring), 300)
                reading.error(entry.nodes[name], f"'{name}' goes in a circle: {way}", "remove one of these lines")
        if tag.parent in tags and tags[tag.parent].parent and tag.id not in in_a_ring:
            hint = f"only one level is allowed: '{tags[tag.parent].parent}' could be the parent of both"
            reading.error(entry.nodes["parent"], f"the parent '{tag.parent}' of tag '{tag.id}' has a parent itself", hint)
        if tag.parent in tags and tags[tag.parent].facet != tag.facet:
            reading.error(entry.nodes["parent"], f"the parent '{tag.parent}' of tag '{tag.id}' is of another facet")
        _check_parent(tag, tags, entry, reading)
        _check_boundaries(tag, tags, entry, reading)
        _check_phrases(tag, entry, reading)


_RELATIONS: dict[str, Callable[[Tag], str | None]] = {
    "parent": lambda tag: tag.parent,
    "replaced_by": lambda tag: tag.replaced_by,
}


def _entries(node: Entries, name: str) -> list[Entries]:
    below = node.nodes.get(name)
    return [entry for entry in below.nodes if isinstance(entry, Entries)] if isinstance(below, Items) else []


def _check_ids_once(kind: str, values: tuple[Any, ...], node: Entries, reading: Reading) -> None:
    first: dict[str, int] = {}
    for value, entry in zip(values, _entries(node, kind), strict=True):
        line = entry.nodes["id"].line
        if value.id in first:
            hint = f"it stands on line {first[value.id]} already"
            reading.error(entry.nodes["id"], f"'{value.id}' appears twice among the {kind}", hint)
        first.setdefault(value.id, line)


def _check_parent(tag: Tag, tags: Mapping[str, Tag], entry: Entries, reading: Reading) -> None:
    """A retired tag is shown nowhere, and so would be its children."""
    if tag.parent and tag.parent in tags and (successor := tags[tag.parent].replaced_by):
        message = f"the parent '{tag.parent}' of tag '{tag.id}' is retired"
        reading.error(entry.nodes["parent"], message, f"write '{successor}', or remove the line")


def _check_boundaries(tag: Tag, tags: Mapping[str, Tag], entry: Entries, reading: Reading) -> None:
    below = entry.nodes.get("not_for")
    for node, boundary in zip(below.nodes if isinstance(below, Items) else (), tag.not_for, strict=True):
        assert isinstance(node, Entries)
        if boundary.use is None:
            continue
        if boundary.use not in tags:
            message = f"unknown tag '{boundary.use}' in the boundaries of '{tag.id}'"
            reading.error(node.nodes["use"], message, reading.nearest(boundary.use, tags))
        elif successor := tags[boundary.use].replaced_by:
            message = f"the boundaries of '{tag.id}' send to '{boundary.use}', which is retired"
            reading.error(node.nodes["use"], message, f"write '{successor}'")


def _check_relation(tag: Tag, name: str, target: str | None, tags: Mapping[str, Tag], entry: Entries, reading: Reading) -> None:
    if target is not None and target not in tags:
        hint = reading.nearest(target, tags)
        reading.error(entry.nodes[name], f"unknown tag '{target}' as {name} of '{tag.id}'", hint)


def _rings(follow: Callable[[Tag], str | None], tags: Mapping[str, Tag]) -> dict[str, list[str]]:
    """The ways that come back to where they began, each once, by the tag at which they do."""
    rings: dict[str, list[str]] = {}
    seen: set[str] = set()
    for start in tags:
        way: dict[str, None] = {}
        at: str | None = start
        while at is not None and at in tags and at not in seen:
            seen.add(at)
            way[at] = None
            at = follow(tags[at])
        if at in way:
            passed = list(way)
            rings[at] = [*passed[passed.index(at) :], at]
    return rings


def _check_phrases(tag: Tag, entry: Entries, reading: Reading) -> None:
    for name in ("synonyms", "phrases", "weak", "not"):
        below = entry.nodes.get(name)
        for node, phrase in zip(below.nodes if isinstance(below, Items) else (), _phrases_of(tag, name), strict=True):
            if not any(c.isalnum() for c in phrase):
                reading.error(node, f"empty phrase '{phrase}'", "a phrase needs at least one word")


def _phrases_of(tag: Tag, name: str) -> tuple[str, ...]:
    return {"synonyms": tag.synonyms, "phrases": tag.phrases, "weak": tag.weak, "not": tag.excluded}[name]


# ------------------------------------------------------------------ writing


def canonical(vocabulary: Vocabulary, node: Node | None, source: str) -> str:
    """The canonical content/tags.yml: a facet a line, a field of a tag a line; comments stay before what they stood before."""
    lines = Commented(comments(source)) if node is not None else Commented([])
    facet_nodes = _entries(node, "facets") if isinstance(node, Entries) else []
    tag_nodes = _entries(node, "tags") if isinstance(node, Entries) else []
    start = "facets:" if vocabulary.facets else "facets: []"
    lines.add(start, node.keys["facets"][0] if isinstance(node, Entries) else 0)
    write_facet = mapping(FACET, Facet).write
    for index, facet in enumerate(vocabulary.facets):
        lines.add(f"  - {write_facet(facet, True)}", facet_nodes[index].line if facet_nodes else 0)
    lines.add("tags:" if vocabulary.tags else "tags: []", node.keys.get("tags", (0, 0))[0] if isinstance(node, Entries) else 0)
    for index, tag in enumerate(vocabulary.tags):
        for number, (field, value) in enumerate(_present(tag)):
            at = tag_nodes[index].keys[field.name][0] if tag_nodes else 0
            start = "  - " if number == 0 else "    "
            lines.add(f"{start}{field.name}: {field.kind.write(value, False)}", at, indent="  " if number == 0 else "    ")
    return lines.text()


def _present(tag: Tag) -> list[tuple[Field, Any]]:
    values = ((field, getattr(tag, field.attribute or field.name)) for field in TAG)
    return [(field, value) for field, value in values if not is_absent(value)]
