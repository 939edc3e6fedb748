"""render: pages and theme files to outputs; a template runs only when its output is asked for"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import memo
from .files import regular_files
from .library import Library
from .model import Output, Settings, Vocabulary
from .pages import Page, pages
from .report import Problem
from .settings import base_path

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# ------------------------------------------------------------------ pages


@dataclass(frozen=True, slots=True)
class Site:
    """What every template may use besides its page. No counts here: a new paper must not change every page."""

    title: str
    tagline: str
    base_url: str  # whole, or empty when it is not known
    base_path: str


def site(settings: Settings) -> Site:
    base_url = settings.base_url or ""
    return Site(settings.title, settings.tagline, base_url if "://" in base_url else "", base_path(settings.base_url))


def render(library: Library, templates: "Templates") -> list[Output]:
    """All pages of the site. A page's key covers its templates, the settings they read, and all that it shows."""
    shared = site(library.settings)
    start = memo.digest(memo.code(), repr(shared))
    outputs = [facet_colors(library.survey.vocabulary)]
    for page in pages(library):
        key = memo.digest(start, templates.key(page.template), repr(page))
        outputs.append(Output(page.path, key, _maker(templates, shared, page)))
    return outputs


def _maker(templates: "Templates", shared: Site, page: Page) -> Any:
    return lambda: templates.html(shared, page).encode("utf-8", "replace")


def facet_colors(vocabulary: Vocabulary) -> Output:
    """A style sheet that gives each facet the hue it has in content/tags.yml."""
    rules = [f".facet-{facet.id} {{ --hue: {facet.hue}; }}\n" for facet in vocabulary.facets if facet.hue is not None]
    css = "".join(rules)
    return Output("static/css/facets.css", memo.digest(css), css.encode)


class Templates:
    """The survey's own templates, and the theme's where it has none of that name."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folder for folder in folders if folder.is_dir())
        self._keys: dict[str, str] = {}
        self._parts: dict[tuple[str, str, str], Markup] = {}

    @cached_property
    def sources(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for folder in self.folders:
            for path in sorted(folder.rglob("*.html")):
                found.setdefault(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
        return found

    def key(self, name: str) -> str:
        """A digest of a template and of all that it names."""
        if name not in self._keys:
            self._keys[name] = memo.digest(*(f"{part}\n{self.sources[part]}" for part in sorted(self._named_by(name))))
        return self._keys[name]

    def _named_by(self, name: str) -> set[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += [other for other in _NAMES.findall(self.sources[at]) if other in self.sources]
        return found

    @cached_property
    def environment(self) -> "Environment":
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        from .markdown import to_html

        environment = Environment(
            loader=FileSystemLoader(self.folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters["markdown"] = lambda text, root: _trusted(to_html(text, root=root))
        environment.filters["number"] = lambda number: f"{number:,}"
        environment.globals["part"] = self.part
        return environment

    def html(self, shared: Site, page: Page) -> str:
        root = shared.base_path if page.path == "404.html" else page.root  # an error page stands at any depth
        template = self.environment.get_template(page.template)
        return template.render(site=shared, page=page, view=page.view, root=root)

    def part(self, name: str, value: Any, root: str) -> "Markup":
        """A part of a page that many pages show: rendered once for each depth of page."""
        at = (name, value.key, root)
        if at not in self._parts:
            self._parts[at] = _trusted(self.environment.get_template(name).render(value=value, root=root))
        return self._parts[at]


_NAMES = re.compile(r"""["']([A-Za-z0-9_/.-]+\.html)["']""")


def _trusted(html: str) -> "Markup":
    """The one door through which HTML made by our own code goes into a template unescaped."""
    from markupsafe import Markup

    return Markup(html)


# ------------------------------------------------------------------ theme files


def theme_folder(name: str) -> Path:
    """`templates` or `static` of the theme: beside the package in a checkout, inside it in a wheel."""
    packaged = Path(__file__).parent / "_theme" / name
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / name


def static(root: Path) -> tuple[list[Output], tuple[Problem, ...]]:
    """The files of `static/`, the survey's own before the theme's, and what is wrong among them."""
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for base in (root, theme_folder("static").parent):
        for name in regular_files(base, "static", problems, deep=True):
            found.setdefault(f"static/{name}", base / "static" / name)
    return [_copied(name, found[name]) for name in sorted(found)], tuple(problems)


def _copied(name: str, path: Path) -> Output:
    return Output(name, memo.digest(path.read_bytes()), path.read_bytes)
