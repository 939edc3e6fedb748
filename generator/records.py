"""records: a paper's file, read and written: its table of fields is the format"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields as dataclass_fields
from dataclasses import replace

from .fields import (
    BIDI,
    ID,
    Entries,
    Field,
    Node,
    Reading,
    comments,
    date,
    is_absent,
    items,
    latest_year,
    mapping,
    pairs,
    read_fields,
    scalar_text,
    text,
    url,
    whole,
)
from .frontmatter import FIRST_LINE, Split, split, turns_text
from .model import LINKS, Listing, Paper, Record
from .report import Place, Problem, error, warning
from .text import RESERVED

PAPERS = "content/papers"  # where they stand in a survey
MAX_NOTE = 20_000  # characters

_tag = text(80, pattern=ID, like="a tag's id: offline-rl")
_arxiv = re.compile(r"([0-9]{4}\.[0-9]{4,5}|[a-z-]+(\.[A-Z]{2})?/[0-9]{7})(v[0-9]+)?")

LISTING = (
    Field("page", text(80, pattern=ID, like="a source's id: daily-papers-1"), required=True),
    Field("position", whole(1, 100_000)),
    Field("comments", whole(0, 10**9)),
)

PAPER = (  # in canonical order
    Field("title", text(1000), required=True),
    Field("authors", items(text(200), 10_000)),
    Field("author_count", whole(1, 100_000)),
    Field("organization", text(200)),
    Field("date", date()),
    Field("venue", text(200)),
    Field("venue_year", whole(1600, latest_year)),
    Field("arxiv", text(40, pattern=_arxiv, like="2509.00000")),
    Field("doi", text(300, pattern=re.compile(r"10\.[0-9]{4,9}/[^\s<>\"]+"), like="10.1234/…")),
    Field("openreview", text(80, pattern=re.compile(r"[A-Za-z0-9_-]+"), like="the id after forum?id=")),
    Field("url", url()),
    Field("links", pairs(url(), LINKS)),
    Field("sources", items(mapping(LISTING, Listing), 50)),
    Field("added", date(day=True)),
    Field("tags", items(_tag, 50)),
    Field("rejected", items(_tag, 50)),
    Field("reviewed", date(day=True)),
    Field("also", items(text(1000), 20)),
    Field("formerly", items(text(80, pattern=ID, like="an old id"), 20)),
    Field("coded", pairs(text(500))),
    Field("gist", text(120)),
    Field("findings", items(text(500), 20)),
    Field("abstract", text(20_000, lines=True)),
)

ONE_A_LINE = ("findings",)  # all other lists stand on one line
PROSE = ("title", "authors", "organization", "venue", "also", "gist", "findings", "abstract")

# ------------------------------------------------------------------ reading


def paper_id_problem(name: str) -> str | None:
    """What keeps a file's name (without .md) from being a paper's id."""
    if not ID.fullmatch(name):
        return "an id is made of a-z, 0-9 and hyphens, starts with a letter or digit and has at most 80 characters"
    return "Windows keeps this name for a device" if name in RESERVED else None


def read(text: str, path: str) -> tuple[Record | None, tuple[Problem, ...]]:
    """The record in `text`, which stands at `path` (its last part names the paper), and what is wrong with it."""
    record, problems = read_what_there_is(text, path)
    return (None if record is None or record.is_broken else record), problems


def read_what_there_is(text: str, path: str) -> tuple[Record | None, tuple[Problem, ...]]:
    """The same, but a record with errors in some of its fields comes with the others; None only when there are no fields."""
    parts, problems = split(text, path, "record")
    if parts is None:
        return None, problems
    reading = Reading(path, list(problems))
    values = read_fields(parts.node, PAPER, reading)
    if len(parts.body) > MAX_NOTE:
        message = f"the note has {len(parts.body):,} characters; at most {MAX_NOTE:,} are allowed"
        reading.problems.append(error(Place(path, parts.body_line, 1), message))
    is_broken = values is None or any(problem.level == "error" for problem in reading.problems)
    if values is None:  # the title is missing or wrong: what else there is
        values = {"title": "", **(read_fields(parts.node, PAPER[1:], Reading(path, [])) or {})}
    paper = Paper(id=path.rsplit("/", 1)[-1].removesuffix(".md"), note=parts.body, **values)
    record = Record(
        paper=paper,
        path=path,
        front=parts.node,
        note_line=parts.body_line,
        comments=() if is_broken else _kept_comments(parts),
        is_broken=is_broken,
    )
    return record, (*reading.problems, *_within_record(record))


def _kept_comments(parts: Split) -> tuple[tuple[str, str], ...]:
    """Each comment with the key it stands beside, within the value of, or before ("" at the end)."""
    starts = sorted((line, key) for key, (line, _) in parts.node.keys.items())
    rows = parts.front.split("\n")
    kept = []
    for line, comment in comments(parts.front, first_line=FIRST_LINE):
        row = rows[line - FIRST_LINE]
        within = len(row) - len(row.lstrip()) >= parts.node.column
        here = [key for start, key in starts if start == line or (within and start < line)]
        after = [key for start, key in starts if start > line]
        kept.append(((here[-1:] or after or [""])[0], comment))
    return tuple(kept)


def place_of(record: Record, *way: str | int) -> Place:
    """Where a value of the record stands: `place_of(record, "tags", 2)` is the third tag's place."""
    line, column = locate(record.front, *way)
    return Place(record.path, line, column)


def locate(node: Node, *way: str | int) -> tuple[int, int]:
    """Line and column of a value below `node`; of the nearest thing around it when there is no such value."""
    for step in way:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return node.line, node.column


def _below(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Entries) and isinstance(step, str):
        return node.nodes.get(step)
    nodes = getattr(node, "nodes", None)
    return nodes[step] if isinstance(nodes, list) and isinstance(step, int) and step < len(nodes) else None


def _within_record(record: Record) -> list[Problem]:
    """What a record contradicts itself in."""
    paper, problems = record.paper, []
    for index, tag in enumerate(paper.rejected):
        if tag in paper.tags:
            line, _ = locate(record.front, "tags", paper.tags.index(tag))
            message = f"tag '{tag}' is both in 'tags' and in 'rejected'"
            hint = f"remove one of them; 'tags' has it on line {line}"
            problems.append(error(place_of(record, "rejected", index), message, hint=hint))
    for name in ("tags", "rejected", "also"):  # two authors may share one name
        seen: set[str] = set()
        for index, value in enumerate(getattr(paper, name)):
            if value in seen:
                message = f"'{value}' stands twice in '{name}'"
                problems.append(warning(place_of(record, name, index), message, hint="remove one"))
            seen.add(value)
    if paper.author_count is not None and paper.authors and paper.author_count <= len(paper.authors):
        message = "'author_count' is not larger than the list of authors"
        hint = "remove 'author_count': it is for lists that are partial"
        problems.append(warning(place_of(record, "author_count"), message, hint=hint))
    for name in PROSE:
        value = getattr(paper, name)
        if value and BIDI.search(value if isinstance(value, str) else " ".join(value)):
            problems.append(turns_text(f"'{name}'", place_of(record, name)))
    return problems


# ------------------------------------------------------------------ writing


def write(paper: Paper, comments: Sequence[tuple[str, str]] = ()) -> str:
    """The canonical file of a paper: fields in the table's order, each on one line, quotes only where needed."""
    by_key: dict[str, list[str]] = {}
    for key, comment in comments:
        by_key.setdefault(key, []).append(comment)
    lines = ["---"]
    for field in PAPER:
        lines += by_key.pop(field.name, ())
        value = getattr(paper, field.name)
        if not is_absent(value):
            lines += field_lines(field, value)
    lines += [comment for left in by_key.values() for comment in left]
    lines.append("---")
    return "\n".join(lines) + "\n" + (paper.note + "\n" if paper.note else "")


def field_lines(field: Field, value: object) -> list[str]:
    if field.name in ONE_A_LINE and isinstance(value, tuple):
        return [f"{field.name}:", *(f"  - {scalar_text(entry, False)}" for entry in value)]
    return [f"{field.name}: {field.kind.write(value, False)}"]


def canonical(record: Record, parents: Mapping[str, str | None]) -> str:
    """The record's canonical file; a tag that another of its tags implies (`parents`: parent by tag) is dropped."""
    implied = {parents.get(tag) for tag in record.paper.tags}
    tags = tuple(dict.fromkeys(tag for tag in record.paper.tags if tag not in implied))
    return write(replace(record.paper, tags=tags), record.comments)


def as_data(paper: Paper) -> dict[str, object]:
    """A paper's fields as plain data for JSON: absent ones left out, `id` first, `note` last."""
    data: dict[str, object] = {"id": paper.id}
    for field in PAPER:
        value = getattr(paper, field.name)
        if not is_absent(value):
            data[field.name] = _plain(field.name, value)
    if paper.note:
        data["note"] = paper.note
    return data


def _plain(name: str, value: object) -> object:
    if name in ("links", "coded"):
        return dict(value)  # type: ignore[call-overload]
    if name == "sources":
        return [_listing_data(listing) for listing in value]  # type: ignore[attr-defined]
    return list(value) if isinstance(value, tuple) else value


def _listing_data(listing: Listing) -> dict[str, object]:
    pairs = ((field.name, getattr(listing, field.name)) for field in dataclass_fields(listing))
    return {name: value for name, value in pairs if value is not None}
