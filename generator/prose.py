"""prose: a page of text, content/pages/<name>.md: its HTML, with gaps for what it asks of the survey"""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .fields import Entries, Field, Reading, read_fields, shortened, text, whole
from .frontmatter import split
from .markdown import new_parser
from .marks import BLOCKS, READERS, Written, read_block, read_mark
from .model import HOME, Block, Cite, Mark, Prose, Spot
from .records import locate
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


def read(source: str, path: str) -> tuple[Prose | None, tuple[Problem, ...]]:
    """The page in `source`, which stands at `path`, and what is wrong with it by itself."""
    parts, problems = split(source, path, "page")
    if parts is None:
        return None, problems
    reading = Reading(path, list(problems))
    name = name_of(path)
    values = _fields(name, parts.node, reading)
    if len(parts.body) > MAX_TEXT:
        message = f"the text has {len(parts.body):,} characters; at most {MAX_TEXT:,} are allowed"
        reading.problems.append(error(Place(path, parts.body_line, 1), message))
        return None, tuple(reading.problems)
    if values is None:
        return None, tuple(reading.problems)
    bound = _Text(parts.body, parts.body_line, reading)
    pieces = bound.pieces("" if name == HOME else "../../")
    page = Prose(
        name=name,
        path=path,
        front=parts.node,
        text=parts.body,
        text_line=parts.body_line,
        pieces=pieces,
        headings=tuple(bound.sections),
        anchors=frozenset(bound.anchors),
        **values,
    )
    return page, tuple(reading.problems)


def name_of(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def _fields(name: str, node: Entries, reading: Reading) -> dict[str, Any] | None:
    values = read_fields(node, PAGE, reading)
    if name == HOME and values:
        for field in ("question", "chapter", "menu"):
            if values.pop(field, None) is not None:
                hint = f"{HOME}.md is the introduction of the home page: remove the line"
                reading.error(node.nodes[field], f"'{field}' has no meaning here", hint)
    return values


OPENING = "opening"  # address of what stands before the first section
# Addresses that the pages themselves use, or footnotes: no section may have them.
_TAKEN = re.compile(r"content|q|references|opening|fn(ref)?[0-9].*")
_GAP = "\ufdd0"  # stands around the number of a mark


class _Text:
    """Walks once through the tokens of a text: gives its paragraphs and headings addresses, and reads its marks."""

    def __init__(self, body: str, first_line: int, reading: Reading) -> None:
        self.rows, self.first_line, self.reading = body.split("\n"), first_line, reading
        self.body = body
        self.marks: list[Mark] = []
        self.sections: list[tuple[str, str]] = []  # (heading, anchor)
        self.section = ("", OPENING)  # in which the walk is
        self.anchors: set[str] = {OPENING}
        self.names: Counter[str] = Counter()  # of headings
        self.paragraphs: Counter[str] = Counter()  # that hold marks, by section
        self.footnotes: dict[int, tuple[str, str]] = {}  # the section that calls each

    def pieces(self, root: str) -> tuple[str | Mark, ...]:
        parser, environment = _parser(), {"root": root, "heading": 1}
        tokens = parser.parse(self.body, environment)
        for index, token in enumerate(tokens):
            if token.type == "inline":
                self.inline(tokens, index)
            elif token.type == "fence":
                self.fence(token)
            elif token.type == "footnote_open":
                self.section = self.footnotes.get(token.meta.get("id", -1), self.section)
        self.definitions(environment)
        html: str = parser.renderer.render(tokens, parser.options, environment)
        return tuple(self._filled(html.split(_GAP)))

    def _filled(self, parts: Sequence[str]) -> Iterator[str | Mark]:
        for index, part in enumerate(parts):
            if index % 2:
                yield self.marks[int(part)]
            elif part:
                yield part

    # -------------------------------------------------------------- what is met on the way

    def inline(self, tokens: "Sequence[Token]", index: int) -> None:
        token, opening = tokens[index], _opening(tokens, index)
        first = token.map[0] if token.map else 0
        if opening.type == "heading_open":
            self.heading(token, opening, first)
        marks = [child for child in token.children or () if child.type == "mark"]
        for child in token.children or ():
            child.content = child.content.replace(_GAP, "")  # an address may hold it, percent-encoded
            if child.type == "footnote_ref":
                self.footnotes[child.meta["id"]] = self.section
        for child in marks:
            place = self.place(token, child)
            if opening.type == "heading_open" or child.meta["in_link"]:
                where = "a heading" if opening.type == "heading_open" else "the words of a link"
                self.wrong(place, f"{shortened(child.content)} stands in {where}", "move it into the text")
            else:
                self.mark(child, place, self.paragraph(opening))

    def paragraph(self, opening: "Token") -> str:
        """The address of the paragraph (or item, or cell) that begins with this token."""
        if "id" not in opening.attrs:
            self.paragraphs[self.section[1]] += 1
            opening.attrs["id"] = f"{self.section[1]}.{self.paragraphs[self.section[1]]}"  # no heading's address has a dot
            self.anchors.add(str(opening.attrs["id"]))
        return str(opening.attrs["id"])

    def heading(self, token: "Token", opening: "Token", first: int) -> None:
        words = "".join(child.content or " " for child in token.children or () if child.type in _WORDS).strip()
        if opening.tag == "h1":
            hint = "the title is a field of the page; sections begin with '##'"
            self.wrong(self._place(first, 1), "a heading '# …' stands in the text", hint)
        if not words:
            self.wrong(self._place(first, 1), "a heading is empty", "give it words, or remove it")
        name = slug(words, kind="section")
        name = f"section-{name}" if _TAKEN.fullmatch(name) else name
        self.names[name] += 1
        anchor = name if self.names[name] == 1 else f"{name}-{self.names[name]}"
        while anchor in self.anchors:
            self.names[name] += 1
            anchor = f"{name}-{self.names[name]}"
        self.anchors.add(anchor)
        opening.attrs["id"] = anchor
        if opening.tag == "h2":
            self.section = (words, anchor)
            self.sections.append(self.section)

    def mark(self, child: "Token", place: Place, anchor: str) -> None:
        spot = Spot(place=place, section=self.section[0], section_anchor=self.section[1], anchor=anchor)
        self.keep(child, read_mark(Written(child.content, spot, self.reading)))

    def keep(self, token: "Token", mark: Mark | None) -> None:
        if mark:
            token.meta["gap"] = f"{_GAP}{len(self.marks)}{_GAP}"
            self.marks.append(mark)

    def fence(self, token: "Token") -> None:
        kind, row = token.info.strip(), token.map[0] if token.map else 0
        indent = self.rows[row].find(token.markup)
        place = self._place(row, indent + 1)
        if kind in BLOCKS:
            token.type = "mark"
            spot = Spot(place=place, section=self.section[0], section_anchor=self.section[1], anchor=self.section[1])
            self.keep(token, read_block(kind, token.content, indent, spot, self.reading))
        elif kind and (near := did_you_mean(kind, BLOCKS)):
            self.reading.problems.append(warning(place, f"'{shortened(kind)}' is no kind of block", hint=near))

    def definitions(self, environment: dict[str, Any]) -> None:
        """What Markdown takes out of a text without a word: `[@a]: b` defines a link, an uncalled footnote is dropped."""
        for label, found in environment.get("references", {}).items():
            if label.startswith(("@", "#")):
                hint = "a line that begins with a citation and a colon is lost: write it otherwise"
                self.wrong(self._place(found["map"][0], 1), f"[{shortened(label.lower())}]: defines a link", hint)
        for label, number in environment.get("footnotes", {}).get("refs", {}).items():
            if number < 0:
                written = f"[^{label.removeprefix(':')}]:"
                row = next((row for row, text in enumerate(self.rows) if written in text), 0)
                self.wrong(self._place(row, 1), f"the footnote {written[:-1]} is called nowhere", "call it, or remove it")

    # -------------------------------------------------------------- places

    def place(self, token: "Token", child: "Token") -> Place:
        """Of a mark: its block's line, and on that line where the row of the block's content stands."""
        index = child.meta["at"]
        before = token.content[:index]
        row = (token.map[0] if token.map else 0) + before.count("\n")
        start = before.rfind("\n") + 1
        line = token.content[start:].split("\n", 1)[0]
        return self._place(row, max(0, self.rows[row].find(line)) + index - start + 1)

    def _place(self, row: int, column: int) -> Place:
        return Place(self.reading.path, self.first_line + row, column)

    def wrong(self, place: Place, message: str, hint: str) -> None:
        self.reading.problems.append(error(place, message, hint=hint))


_WORDS = ("text", "code_inline", "softbreak")


def _opening(tokens: "Sequence[Token]", index: int) -> "Token":
    """What the inline token stands in: of a list whose items are one line each, the item."""
    level = tokens[index].level
    for before in range(index - 1, -1, -1):
        token = tokens[before]
        if token.nesting == 1 and token.level < level:
            if not token.hidden:
                return token
            level = token.level
    raise AssertionError("text stands in a block")


# ------------------------------------------------------------------ the rules of the parser

_MARK = re.compile(r"\[[@#][^\[\]]*\]|\{\{[^{}]*\}\}")


@functools.cache
def _parser() -> "MarkdownIt":
    parser = new_parser()
    parser.inline.ruler.before("link", "mark", _find_mark)
    parser.add_render_rule("mark", lambda self, tokens, index, options, env: tokens[index].meta.get("gap", ""))  # noqa: ARG005
    return parser


def _find_mark(state: Any, silent: bool) -> bool:
    """A mark, or the beginning of one that is not closed: then its reader says so. `[@a](b)` is a link, and so is
    `[see [@a]](b)`: `silent` asks how far its words go."""
    if silent or not state.src.startswith(tuple(READERS), state.pos):
        return False
    found = _MARK.match(state.src, state.pos)
    end = found.end() if found else state.pos + 2
    if found and state.src.startswith("(", end):
        return False
    token = state.push("mark", "", 0)
    token.content = state.src[state.pos : end]
    token.meta = {"at": state.pos, "in_link": state.linkLevel > 0}
    state.pos = end
    return True


# ------------------------------------------------------------------ the papers that a page names


def papers_named(page: Prose) -> Iterable[tuple[Place, str]]:
    """The id of each paper that the page cites or lists, with its place."""
    for mark in page.marks:
        if isinstance(mark, Cite):
            yield from zip(mark.places, mark.ids, strict=True)
        elif isinstance(mark, Block):
            for index, id_ in enumerate(mark.query.ids):
                yield Place(page.path, *locate(mark.node, "ids", index)), id_


def with_new_id(page: Prose, source: str, old: str, new: str) -> str:
    """The page's file, `source`, with a paper's new id wherever it names the old one; nothing else changes."""
    lines = source.split("\n")
    places = {place for place, id_ in papers_named(page) if id_ == old and place.line <= len(lines)}
    for place in sorted(places, reverse=True):  # from the end: what stands before keeps its place
        line, at = lines[place.line - 1], place.column - 1
        at += line[at : at + 1] in ("@", '"', "'")
        if line.startswith(old, at):
            lines[place.line - 1] = line[:at] + new + line[at + len(old) :]
    return "\n".join(lines)
