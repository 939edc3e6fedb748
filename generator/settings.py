"""settings: what site.yml and content/sources.yml say"""

import re
from urllib.parse import urlsplit

from .fields import (
    ID,
    Commented,
    Entries,
    Field,
    Items,
    Node,
    Reading,
    comments,
    date,
    items,
    mapping,
    one_of,
    read_fields,
    read_yaml,
    text,
    url,
    whole,
)
from .fields import url_problem as not_an_address
from .model import CodedField, Lookup, Settings, Source
from .report import Place, Problem, error

SITE, SOURCES = "site.yml", "content/sources.yml"  # where they stand in a survey

_id = text(80, pattern=ID, like="an id: daily-papers-1")

CODED = (Field("id", _id, required=True), Field("label", text(100), required=True))

LOOKUP = (
    Field("label", text(100), required=True),
    Field(
        "url",
        text(500, pattern=re.compile(r"https://[^\s<>\"{}]*\{title\}[^\s<>\"{}]*"), like="https://host/?q={title}"),
        required=True,
    ),
)

SITE_FIELDS = (
    Field("title", text(200), required=True),
    Field("tagline", text(500)),
    Field("base_url", text(2000)),
    Field("repository", url()),
    Field("branch", text(200, pattern=re.compile(r"[A-Za-z0-9._/-]+"), like="main")),
    Field("abstracts", one_of("keep", "never")),
    Field("lookups", items(mapping(LOOKUP, Lookup), 20)),
    Field("coded", items(mapping(CODED, CodedField), 100)),
)

SOURCE_FIELDS = (
    Field("id", _id, required=True),
    Field("file", text(250), required=True),
    Field("printed", text(100)),
    Field("captured", date(day=True)),
    Field("listings", whole(0, 10**6)),
)

# ------------------------------------------------------------------ site.yml


def read(source: str, path: str) -> tuple[Settings, Node | None, tuple[Problem, ...]]:
    node, problems = read_yaml(source, path)
    if node is None:
        return Settings(), None, problems or (error(Place(path), "this file says nothing", hint="write at least 'title: …'"),)
    reading = Reading(path, [])
    values = read_fields(node, SITE_FIELDS, reading) or {}
    if "base_url" in values and isinstance(node, Entries):
        base_url, wrong = normal_base_url(values["base_url"])
        values["base_url"] = base_url
        if wrong:
            reading.error(node.nodes["base_url"], f"'base_url' {wrong}", "write https://host/path/")
    return Settings(**values), node, tuple(reading.problems)


def normal_base_url(value: str) -> tuple[str | None, str | None]:
    """A base URL in its one form, and what is wrong with it.

    `https://h/repo`, `/repo`, `repo/` become `https://h/repo/`, `/repo/`, `/repo/`; nothing stays nothing.
    """
    value = value.strip()
    if not value:
        return None, None
    if "://" in value or value.startswith("//") or re.match(r"[a-z][a-z0-9+.-]*:", value, re.IGNORECASE):
        if wrong := not_an_address(value):
            return None, wrong
        if urlsplit(value).query or urlsplit(value).fragment:
            return None, "must not hold ? or #"
        return value.rstrip("/") + "/", None
    parts = [part for part in value.split("/") if part]
    if "." in value.split("/")[0]:
        return None, f"must be a path or a whole address: https://{value}"
    if not re.fullmatch(r"[A-Za-z0-9._~/-]+", value) or ".." in parts:
        return None, "must be https://host/path/ or a path"
    return "/" + "".join(f"{part}/" for part in parts), None


def base_path(base_url: str | None) -> str:
    """The path part of a base URL: `/`, `/repo/`."""
    return urlsplit(base_url).path or "/" if base_url else "/"


# ------------------------------------------------------------------ content/sources.yml


def read_sources(source: str, path: str) -> tuple[tuple[Source, ...], Node | None, tuple[Problem, ...]]:
    node, problems = read_yaml(source, path)
    if node is None:
        return (), None, problems
    reading = Reading(path, [])
    if not isinstance(node, Items):
        reading.error(node, "expected a list of sources", "write '- {id: …, file: …}' lines")
        return (), node, tuple(reading.problems)
    sources = items(mapping(SOURCE_FIELDS, Source), 10_000).read(node, reading, "sources") or ()
    if not reading.problems:
        _check_once(sources, node, reading)
    return sources, node, tuple(reading.problems)


def _check_once(sources: tuple[Source, ...], node: Items, reading: Reading) -> None:
    for name in ("id", "file"):
        first: dict[str, int] = {}
        for source, entry in zip(sources, node.nodes, strict=True):
            value = getattr(source, name)
            if value in first:
                hint = f"it stands on line {first[value]} already"
                reading.error(entry, f"{name} '{value}' appears twice among the sources", hint)
            first.setdefault(value, entry.line)


def write_sources(sources: tuple[Source, ...], node: Node | None = None, source: str = "") -> str:
    """The canonical content/sources.yml: a source a line; comments of the `source` text it was read from stay where they were."""
    lines = Commented(comments(source))
    nodes = node.nodes if isinstance(node, Items) else []
    write = mapping(SOURCE_FIELDS, Source).write
    for index, entry in enumerate(sources):
        lines.add(f"- {write(entry, True)}", nodes[index].line if index < len(nodes) else 0)
    return lines.text()
