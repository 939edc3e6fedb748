"""markdown: prose to HTML by our own rules: no raw HTML, no images, links from an allow-list"""

import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .fields import url_problem

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


class Html(str):
    """HTML made by our own rules: a template shows it as it is. Nothing else may be called so."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def to_html(text: str, *, root: str = "", heading: int = 2) -> Html:
    """The HTML of Markdown `text`, safe to put into a page.

    `root` is the way from the page to the site's root ("../../"): a link without a scheme counts from there.
    The text's first level of headings becomes `<h{heading}>`, and so on down to h6.
    """
    return Html(_parser().render(text, {"root": root, "heading": heading}))


def to_text(text: str) -> str:
    """The words of Markdown `text`, without its marks and addresses."""
    tokens = _parser().parse(text, {"root": "", "heading": 1})
    parts: list[str] = []
    for token in tokens:
        if token.type == "inline":
            parts += [child.content if child.content else " " for child in token.children or () if child.type in _WORDS]
            parts.append("\n")
        elif token.type in ("fence", "code_block"):
            parts += [token.content, "\n"]
    return "".join(parts).strip()


def plain_text(note: str) -> str:
    """The same, but what has no marks is not parsed."""
    return to_text(note) if any(mark in note for mark in "[]<>`*_\\#&") else note


def first_sentence(text: str) -> str:
    """Of Markdown `text`, as plain words; empty when there are none."""
    words = " ".join(to_text(text).split()) if text else ""
    ends = (end.start() + 1 for end in _SENTENCE_END.finditer(words))
    return words[: next((end for end in ends if end >= SHORTEST_SENTENCE), len(words))]


def site_links(text: str) -> list[tuple[str, int]]:
    """Where Markdown `text` links to within the site: (address as it will be used, line of the block, from 0)."""
    if not any(mark in text for mark in ("](", "<", "]:")):
        return []
    found = []
    for token in _parser().parse(text, {"root": "", "heading": 1}):
        line = token.map[0] if token.map else 0
        for child in token.children or ():
            address = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if address and not address.startswith("#") and not _SCHEME.match(address):
                found.append((address, line))
    return found


SHORTEST_SENTENCE = 40  # characters: what ends before is an abbreviation, or says too little by itself
_SENTENCE_END = re.compile(r"[.?!](?= [\"“(]?[A-Z])")


_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WORDS = ("text", "code_inline", "softbreak", "hardbreak")


@functools.cache
def _parser() -> "MarkdownIt":
    return new_parser()


def new_parser() -> "MarkdownIt":
    """A parser with our rules, to which a caller may add its own; its `env` needs `root` and `heading` (see `to_html`)."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    parser.use(footnote_plugin)
    parser.validateLink = may_link  # type: ignore[assignment]
    parser.core.ruler.push("papergrove", _adapt)
    parser.add_render_rule("table_open", _wide_table)
    parser.add_render_rule("table_close", _end_of_wide_table)
    return parser


def _wide_table(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    """A table may be wider than a phone: it scrolls by itself, by keyboard too."""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="Table">\n{renderer.renderToken(tokens, index, options, env)}'
    )


def _end_of_wide_table(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    return f"{renderer.renderToken(tokens, index, options, env)}</div>\n"


def may_link(address: str) -> bool:
    """Whether a link may lead there: http, https, mailto, or a place on this site."""
    if address.startswith("/") and _SCHEME.match(address.lstrip("/")):
        return False  # counted from the site's root it would have a scheme
    scheme = _SCHEME.match(address)
    if not scheme:
        return not address.startswith(("//", "/\\", "\\")) and address.isprintable()
    if scheme[0].lower() == "mailto:":
        return re.fullmatch(r"mailto:[^\s<>\"']+@[^\s<>\"']+", address, re.IGNORECASE) is not None
    return url_problem(address) is None


def _adapt(state: Any) -> None:
    """Shifts headings below the page's own, points site-relative links at the site's root, leaves an image's words only."""
    root, shift = state.env["root"], state.env["heading"] - 1
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
        token.attrs.pop("style", None)  # a table's alignment; the site allows no style attribute
        for child in token.children or ():
            if child.type == "link_open":
                child.attrs["href"] = _from_root(child.attrs, root)
            elif child.type == "image":
                child.type, child.tag = "text", ""


def _from_root(attributes: Mapping[str, Any], root: str) -> str:
    address = str(attributes.get("href", ""))
    if address.startswith("#") or _SCHEME.match(address):
        return address
    return root + address.lstrip("/")
