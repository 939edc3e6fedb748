"""What the first view of a page weighs, compressed as a host sends it."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

# Bytes, gzip -6. What a page loads before anybody does anything.
FIRST_VIEW = 60_000  # HTML, CSS and scripts
MAP_VIEW = 100_000  # ... of the map, where each paper stands twice: drawn, and in the index
SCRIPTS = 25_000
STYLES = 12_000
HEAD_SCRIPT = 500  # not compressed: it stands in the way of the first paint

# A page of each kind in this repository's survey; the heaviest of a kind where that can be told.
KINDS = {
    "home": "",
    "papers": "papers/",
    "a full page of papers": "papers/page/1/",
    "paper": "papers/metacognitive-reuse/",
    "tags": "tags/",
    "the largest tag": "tags/new-method/",
    "facet": "facets/topic/",
    "year": "years/2025/",
    "venue": "venues/iclr/",
    "author": "authors/sergey-levine/",
    "authors": "authors/",
    "chapters": "pages/",
    "chapter": "pages/habits-of-reasoning/",
    "method": "pages/method/",
    "sources": "sources/",
    "search": "search/",
    "map": "map/",
    "not found": "404.html",
}


@dataclass(frozen=True, slots=True)
class Weight:
    html: int
    styles: int
    scripts: int  # but lunr.js
    lunr: int

    @property
    def whole(self) -> int:
        return self.html + self.styles + self.scripts + self.lunr


def weight(site: Path, address: str) -> Weight:
    """Of the page at an address of a site (a path without links in it)."""
    page = site / address / "index.html" if address.endswith("/") or not address else site / address
    scripts, lunr = with_imports(linked(site, page, ".js")), {site / "static/js/lunr.js"}
    styles = linked(site, page, ".css")
    return Weight(size(page), sum(map(size, styles)), sum(map(size, scripts - lunr)), sum(map(size, scripts & lunr)))


def linked(site: Path, page: Path, suffix: str) -> set[Path]:
    """The files with this suffix that a page names."""
    links = re.findall(r'(?:href|src)="([^"]+\.(?:css|js))"', page.read_text(encoding="utf-8"))
    return {path for path in (_target(site, page, link) for link in links) if path.suffix == suffix}


def _target(site: Path, page: Path, link: str) -> Path:
    if link.startswith("/"):  # an error page names its files from the host's root
        return site / link[link.index("static/") :]
    return (page.parent / link).resolve()


def with_imports(scripts: set[Path]) -> set[Path]:
    """These and all that they import at once."""
    found: set[Path] = set()
    waiting = list(scripts)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            names = re.findall(r"(?:^|;)import\b[^'\"()]*['\"](\./[^'\"]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
            waiting += [(path.parent / name).resolve() for name in names]
    return found


def size(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6, mtime=0))
