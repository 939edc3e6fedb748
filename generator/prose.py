"""prose: a page of text, content/pages/<name>.md: its citations, tags, counts and blocks, each with its place"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

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
from .frontmatter import split
from .markdown import new_parser
from .model import COUNTED, HOME, SORTS, Block, Cite, Count, Mark, Mention, Prose, Query, Spot
from .report import Place, Problem, error, warning
from .text import did_you_mean, slug

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

PAGES = "content/pages"  # where they stand in a survey
MAX_TEXT = 200_000  # characters

PAGE = (
    Field("title", text(200), required=True),
    Field("question", text(300)),
    Field("chapter", whole(1, 1000)),
    Field("menu", text(20)),
)

# ------------------------------------------------------------------ what may be asked of the survey

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

# ------------------------------------------------------------------ reading


def read(source: str, path: str) -> tuple[Prose | None, tuple[Problem, ...]]:
    """The page in `source`, which stands at `path`, and what is wrong with it by itself."""
    parts, problems = split(source, path, "page")
    if parts is None:
        return None, problems
    reading = Reading(path, list(problems))
    values = read_fields(parts.node, PAGE, reading)
    if len(parts.body) > MAX_TEXT:
        message = f"the text has {len(parts.body):,} characters; at most {MAX_TEXT:,} are allowed"
        reading.problems.append(error(Place(path, parts.body_line, 1), message))
    elif values is not None:
        name = path.rsplit("/", 1)[-1].removesuffix(".md")
        root = "" if name == HOME else "../../"
        bound = _Text(parts.body, parts.body_line, reading)
        pieces = bound.pieces(root)
        page = Prose(
            name=name,
            path=path,
            front=parts.node,
            text=parts.body,
            text_line=parts.body_line,
            pieces=pieces,
            headings=tuple(bound.headings),
            **values,
        )
        return page, tuple(reading.problems)
    return None, tuple(reading.problems)


_GAP = "\ufdd0"  # no text of a survey may hold it


class _Text:
    """Walks once through the tokens of a text: gives its paragraphs and headings addresses, and reads its marks."""

    def __init__(self, body: str, first_line: int, reading: Reading) -> None:
        self.body, self.first_line, self.reading = body, first_line, reading
        self.starts = [0, *(found.end() for found in re.finditer("\n", body))]
        self.marks: list[Mark] = []
        self.headings: list[tuple[str, str]] = []
        self.paragraphs = 0  # in this section, that hold marks
        self.sought = 0  # up to where in the body marks have been found

    def pieces(self, root: str) -> tuple[str | Mark, ...]:
        parser, environment = _parser(), {"root": root, "heading": 1}
        tokens = parser.parse(self.body, environment)
        for index, token in enumerate(tokens):
            if token.type == "inline":
                self.inline(tokens, index)
            elif token.type == "fence":
                self.fence(token)
        html: str = parser.renderer.render(tokens, parser.options, environment)
        return tuple(self._filled(html.split(_GAP)))

    def _filled(self, parts: Sequence[str]) -> Iterator[str | Mark]:
        for index, part in enumerate(parts):
            if index % 2:
                yield self.marks[int(part)]
            elif part:
                yield part

    def inline(self, tokens: "Sequence[Token]", index: int) -> None:
        token, opening = tokens[index], _opening(tokens, index)
        start = token.map[0] if token.map else 0
        marks = [child for child in token.children or () if child.type == "mark"]
        if opening.type == "heading_open":
            self.heading(token, opening, start)
            for child in marks:
                self.wrong(
                    self.place(child.content, start), f"{shortened(child.content)} stands in a heading", "move it into the text"
                )
        elif marks:
            self.paragraphs += 1
            anchor = str(opening.attrs.setdefault("id", f"{self.section[1]}-p{self.paragraphs}"))
            for child in marks:
                self.mark(child, start, anchor)
        for child in marks:
            child.meta.setdefault("gap", "")

    @property
    def section(self) -> tuple[str, str]:
        return self.headings[-1] if self.headings else ("", "opening")

    def heading(self, token: "Token", opening: "Token", start: int) -> None:
        words = "".join(child.content for child in token.children or () if child.type in ("text", "code_inline"))
        if opening.tag == "h1":
            message = "a heading '# …' stands in the text"
            self.wrong(self._place(start, 1), message, "the title is a field of the page; sections begin with '##'")
        taken = {anchor for _, anchor in self.headings}
        name = slug(words, kind="section")
        anchor = next(name + more for more in ("", *(f"-{n}" for n in range(2, 10_000))) if name + more not in taken)
        opening.attrs["id"] = anchor
        if opening.tag == "h2":
            self.headings.append((words, anchor))
            self.paragraphs = 0

    def mark(self, child: "Token", start: int, anchor: str) -> None:
        place = self.place(child.content, start)
        spot = Spot(place=place, section=self.section[0], anchor=anchor)
        read = next(read for sign, read in READERS.items() if child.content.startswith(sign))
        self.keep(child, read(child.content, spot, self.reading))

    def keep(self, token: "Token", mark: Mark | None) -> None:
        token.meta["gap"] = f"{_GAP}{len(self.marks)}{_GAP}" if mark else ""
        self.marks += [mark] if mark else []

    def fence(self, token: "Token") -> None:
        kind = token.info.strip()
        place = self._place(token.map[0] if token.map else 0, 1)
        if kind in BLOCKS:
            token.type = "mark"
            self.keep(
                token,
                _block(kind, token.content, Spot(place=place, section=self.section[0], anchor=self.section[1]), self.reading),
            )
        elif kind and (near := did_you_mean(kind, BLOCKS)):
            self.reading.problems.append(warning(place, f"'{shortened(kind)}' is no kind of block", hint=near))

    # -------------------------------------------------------------- places

    def place(self, written: str, line: int) -> Place:
        """Of the next occurrence of `written` from a line of the body on (counted from 0)."""
        begin = max(self.sought, self.starts[min(line, len(self.starts) - 1)])
        found = re.compile(r"\s+".join(map(re.escape, written.split()))).search(self.body, begin)
        if not found:
            return self._place(line, 1)
        self.sought = found.end()
        row = self.body.count("\n", 0, found.start())
        return self._place(row, found.start() - self.starts[row] + 1)

    def _place(self, row: int, column: int) -> Place:
        return Place(self.reading.path, self.first_line + row, column)

    def wrong(self, place: Place, message: str, hint: str) -> None:
        self.reading.problems.append(error(place, message, hint=hint))


def _opening(tokens: "Sequence[Token]", index: int) -> "Token":
    """What the inline token stands in: of a list whose items are one line each, the item."""
    index -= 1
    while tokens[index].hidden and index:
        index -= 1
    return tokens[index]


# ------------------------------------------------------------------ marks in a line

_CITE = re.compile(r"\[(\s*@[^\s;@\[\]]+\s*(?:;\s*@[^\s;@\[\]]+\s*)*)\]")
_MENTION = re.compile(r"\[#([^\s\[\]#]+)\]")
_COUNT = re.compile(r"\{\{\s*count((?:\s+[a-z]+=(?:\"[^\"]*\"|[^\s\"=]+))*)\s*\}\}")
_PAIR = re.compile(r"([a-z]+)=(?:\"([^\"]*)\"|([^\s\"=]+))")


def _cite(written: str, spot: Spot, reading: Reading) -> Cite | None:
    found = _CITE.fullmatch(written)
    if not found:
        hint = "write [@id] or [@id1; @id2]; a bracket that is meant as text is \\["
        reading.problems.append(error(spot.place, f"not a citation: {shortened(written)}", hint=hint))
        return None
    return Cite(ids=tuple(part.strip().removeprefix("@") for part in found[1].split(";")), spot=spot)


def _mention(written: str, spot: Spot, reading: Reading) -> Mention | None:
    found = _MENTION.fullmatch(written)
    if not found:
        hint = "write [#id]; a bracket that is meant as text is \\["
        reading.problems.append(error(spot.place, f"not a tag: {shortened(written)}", hint=hint))
        return None
    return Mention(tag=found[1], spot=spot)


def _count(written: str, spot: Spot, reading: Reading) -> Count | None:
    found = _COUNT.fullmatch(written)
    if not found:
        hint = "write {{count}} or {{count tag=offline-rl year=2023-}}; braces that are meant as text are \\{"
        reading.problems.append(error(spot.place, f"not a count: {shortened(written)}", hint=hint))
        return None
    node = Entries({}, {}, spot.place.line, spot.place.column)
    for pair in _PAIR.finditer(written, found.start(1), found.end(1)):
        line, column = spot.place.line, spot.place.column + pair.start()
        node.keys[pair[1]] = (line, column)
        node.nodes[pair[1]] = _values(pair[2] or pair[3], line, spot.place.column + pair.start(2 if pair[2] else 3))
    values_read = _read(node, COUNT, reading, "count")
    if values_read is None:
        return None
    of = values_read.pop("of", COUNTED[0])
    if of != COUNTED[0] and values_read:
        reading.error(node, f"'of={of}' takes no conditions", "they are for papers")
        return None
    return Count(of=of, query=Query(**values_read), node=node, spot=spot)


def _values(written: str, line: int, column: int) -> Node:
    """One value, or several with commas between them."""
    if "," not in written:
        return Scalar(written, line, column, False)
    nodes: list[Node] = []
    for value in written.split(","):
        nodes.append(Scalar(value, line, column, False))
        column += len(value) + 1
    return Items(nodes, nodes[0].line, nodes[0].column)


def _block(kind: str, content: str, spot: Spot, reading: Reading) -> Block | None:
    node, problems = read_yaml(content, reading.path, first_line=spot.place.line + 1)
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


READERS: dict[str, Callable[[str, Spot, Reading], Mark | None]] = {"[@": _cite, "[#": _mention, "{{": _count}

# ------------------------------------------------------------------ the rules of the parser

_MARK = re.compile(r"\[[@#][^\[\]]*\](?!\()|\{\{[^{}]*\}\}")


@functools.cache
def _parser() -> "MarkdownIt":
    parser = new_parser()
    parser.inline.ruler.before("link", "mark", _find_mark)
    parser.add_render_rule("mark", lambda self, tokens, index, options, env: tokens[index].meta["gap"])  # noqa: ARG005
    return parser


def _find_mark(state: Any, silent: bool) -> bool:
    found = _MARK.match(state.src, state.pos)
    if not found or state.linkLevel:
        return False
    if not silent:
        state.push("mark", "", 0).content = found[0]
    state.pos = found.end()
    return True
