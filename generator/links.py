"""links: where the pages of a site lead, and which of it is not there"""

import html
import posixpath
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from .report import Place, Problem, counted, error

# Our own pages only: every attribute is in double quotes (a test holds the templates to that).
_TARGET = re.compile(r"""\s(?:href|src|action)="([^"]*)"|content="0; url=([^"]*)\"""")
_ANCHOR = re.compile(r'\sid="([^"]*)"')
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class Links(NamedTuple):
    targets: tuple[str, ...]  # files of the site, from its root, with #anchor where one is named
    anchors: tuple[str, ...]


def links(path: str, page: str, base_path: str) -> Links:
    """What the HTML `page` at `path` links to within the site, and the anchors it has."""
    found = {html.unescape(a or b) for a, b in _TARGET.findall(page)}
    targets = {_resolved(path, target, base_path) for target in found if not _OUTSIDE.match(target)}
    return Links(tuple(sorted(targets)), tuple(sorted(map(html.unescape, _ANCHOR.findall(page)))))


def _resolved(path: str, target: str, base_path: str) -> str:
    address, _, anchor = target.partition("#")
    address, anchor = unquote(address.partition("?")[0]), unquote(anchor)
    if address.startswith("/"):
        whole = address.removeprefix(base_path) if address.startswith(base_path) else address
    elif address:
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), address)) + "/" * address.endswith("/")
    else:
        whole = path
    if whole in ("", "./", "."):
        whole = "index.html"
    elif whole.endswith("/"):
        whole += "index.html"
    return f"{whole}#{anchor}" if anchor else whole


def broken(pages: Mapping[str, Links], files: Collection[str]) -> list[Problem]:
    """A problem for each address that the `pages` link to and that is none of the site's `files`, or no anchor of one."""
    places: dict[str, list[str]] = {}
    for path, found in pages.items():
        for target in found.targets:
            file, _, anchor = target.partition("#")
            if file not in files:
                places.setdefault(f"a link leads to '{file}', which is not in the site", []).append(path)
            elif anchor and file in pages and anchor not in pages[file].anchors:
                places.setdefault(f"a link leads to '{target}', but that page has no such anchor", []).append(path)
    return [error(Place(paths[0]), message, hint=_elsewhere(len(paths) - 1)) for message, paths in places.items()]


def _elsewhere(others: int) -> str:
    return f"so on {counted(others, 'more page')}: it may come from a template" if others else ""
