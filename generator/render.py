"""render: pages and theme files to outputs; a template runs only when its output is asked for"""

import functools
import html
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import memo, scripts
from .files import regular_files, text_of
from .library import Library
from .markdown import Html
from .model import Output, Vocabulary
from .pages import CHAPTERS, MAP, Page, every_list, extent, facet_keys, has_map, pages
from .report import Failure, Place, Problem, error
from .settings import base_path
from .views import FacetKey, Link

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

# ------------------------------------------------------------------ pages


@dataclass(frozen=True, slots=True)
class Site:
    """What every template may use besides its page. No counts here: a new paper must not change every page."""

    title: str
    tagline: str
    base_url: str  # whole, or empty when it is not known
    base_path: str
    menu: tuple[Link, ...]  # of pages of text
    facets: tuple[FacetKey, ...]
    lists: tuple[Link, ...]  # that the menu does not name
    extent: str  # how large and how fresh it is, roughly


def site(library: Library) -> Site:
    settings, base_url = library.settings, library.settings.base_url or ""
    menu = [Link("Map", MAP)] if has_map(library) else []
    menu += [Link("Chapters", CHAPTERS)] if library.chapters else []
    menu += [Link(page.menu, page.address) for page in library.reading_order if page.menu]
    return Site(
        title=settings.title,
        tagline=settings.tagline,
        base_url=base_url if "://" in base_url else "",
        base_path=base_path(settings.base_url),
        menu=tuple(menu),
        facets=facet_keys(library),
        lists=every_list(library),
        extent=extent(library),
    )


def render(library: Library, templates: "Templates") -> list[Output]:
    """All pages of the site. A page's key covers the templates, the settings they read, and all that it shows."""
    shared = site(library)
    start = memo.digest(memo.code(), templates.key, repr(shared))
    outputs = [facet_colors(library.survey.vocabulary)]
    for page in pages(library):
        key = memo.digest(start, repr(page))
        outputs.append(Output(page.path, key, _maker(templates, shared, page)))
    return outputs


def _maker(templates: "Templates", shared: Site, page: Page) -> Callable[[], bytes]:
    def make() -> bytes:
        try:
            return templates.html(shared, page).encode("utf-8", "replace")
        except Exception as failure:  # a template may do anything: what it does wrong is its author's to know
            raise Failure(problem_of(failure, templates.root)) from failure

    return make


def problem_of(failure: Exception, root: Path) -> Problem:
    """An exception as a problem: at the line of the template that it comes from, else at the line of our own code."""
    if isinstance(failure, Failure):
        return failure.problem
    frames = traceback.extract_tb(failure.__traceback__)
    of_templates = [frame for frame in frames if frame.filename.endswith(".html")]
    ours = [frame for frame in frames if Path(__file__).parent in Path(frame.filename).parents]
    frame = (of_templates or ours or frames)[-1]
    hint = "" if of_templates else "a file that cannot be used, or a mistake in Papergrove itself"
    path = Path(frame.filename)
    place = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    return error(Place(place, frame.lineno or 0), f"{type(failure).__name__}: {failure}", hint=hint)


def facet_colors(vocabulary: Vocabulary) -> Output:
    """A style sheet that gives each facet the hue it has in content/tags.yml."""
    rules = [f".facet-{facet.id} {{ --hue: {facet.hue}; }}\n" for facet in vocabulary.facets if facet.hue is not None]
    css = "".join(rules)
    return Output("static/css/facets.css", memo.digest(css), css.encode)


class Templates:
    """The survey's own templates, and the theme's where it has none of that name. `problems`: of files that cannot be used."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.problems: list[Problem] = []
        self.folders = tuple(dict.fromkeys((self.root / "templates", theme_folder("templates"))))
        self._parts: dict[tuple[str, str, str], Html] = {}

    @cached_property
    def key(self) -> str:
        """A digest of all templates: a page's own and all that they name, in whatever way they do."""
        return memo.digest(*(part for name, text in sorted(self.sources.items()) for part in (name, text)))

    @cached_property
    def sources(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for folder in self.folders:
            for name in regular_files(folder.parent, folder.name, self.problems, deep=True):
                text, problems = text_of(folder.parent, f"{folder.name}/{name}")
                self.problems += problems
                if text is not None:
                    found.setdefault(name, text)
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
            bytecode_cache=_compiled(),
        )
        environment.filters["markdown"] = lambda text, root: to_html(text, root=root)
        environment.filters["unbroken"] = unbroken
        environment.filters["number"] = lambda number: f"{number:,}"
        environment.globals["part"] = self.part
        return environment

    def html(self, shared: Site, page: Page) -> str:
        root = shared.base_path if page.path == "404.html" else page.root  # an error page stands at any depth
        template = self.environment.get_template(page.template)
        return template.render(site=shared, page=page, view=page.view, root=root)

    def part(self, name: str, value: Any, root: str) -> Html:
        """A part of a page that many pages show: rendered once for each depth of page."""
        at = (name, value.key, root)
        if at not in self._parts:
            self._parts[at] = Html(self.environment.get_template(name).render(value=value, root=root))
        return self._parts[at]


@functools.cache
def _compiled() -> "BytecodeCache":
    """The templates that were compiled before in this process: a preview builds again at each change."""
    from jinja2 import BytecodeCache

    class InMemory(BytecodeCache):
        def __init__(self) -> None:
            self.codes: dict[tuple[str, str], Any] = {}

        def load_bytecode(self, bucket: Any) -> None:
            bucket.code = self.codes.get((bucket.key, bucket.checksum))

        def dump_bytecode(self, bucket: Any) -> None:
            self.codes[bucket.key, bucket.checksum] = bucket.code

    return InMemory()


_HYPHENATED = re.compile(r"[\w“‘(]+(?:[-–]\w+)+[:;,.!?)”’]?")
UNBROKEN = 12  # letters of a word that is not broken at its hyphen: "ACT-R", "long-term"


def unbroken(text: str) -> Html:
    """The text, escaped, with its short hyphenated words each on one line."""

    def whole(match: re.Match[str]) -> str:
        return f'<span class="unbroken">{match[0]}</span>' if len(match[0]) <= UNBROKEN else match[0]

    return Html(_HYPHENATED.sub(whole, html.escape(text)))


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
    served = scripts.served({name: path.read_bytes() for name, path in found.items() if scripts.is_script(name)})
    return [*served, *(_copied(name, found[name]) for name in sorted(found) if not scripts.is_script(name))], tuple(problems)


def _copied(name: str, path: Path) -> Output:
    return Output(name, memo.digest(path.read_bytes()), path.read_bytes)
