"""build: the pipeline on one screen; times each stage"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from . import __version__
from .analyze import analyze
from .check import check
from .emerge import emerge
from .export import export
from .index import index
from .layout import laid_out, layout
from .library import Library
from .load import load
from .memo import Memo
from .model import Output, Places, Settings, Survey
from .relate import relate
from .render import Templates, render, static
from .report import Report
from .search import Search
from .settings import base_path
from .space import space_of, tag_rows, tags_of
from .tag import tag
from .write import Written, marker, publish


@dataclass(frozen=True, slots=True)
class Assembled:
    """A survey ready to be written or served: nothing of it has been rendered yet."""

    survey: Survey
    library: Library
    report: Report
    outputs: tuple[Output, ...]  # none when the report has errors


@dataclass(frozen=True, slots=True)
class Built:
    assembled: Assembled
    report: Report
    written: Written | None  # None: nothing was published
    seconds: dict[str, float]  # by stage


def assemble(root: Path, *, base_url: str | None = None, clock: "Clock | None" = None) -> Assembled:
    """Reads the survey below `root` and gives its outputs; `base_url`, in its normal form, overrides that of site.yml."""
    clock = clock or Clock()
    survey, files, report = checked(root, clock)
    survey = replace(survey, settings=_settings(survey, base_url))
    library = _library(survey, root, clock)
    if report.errors:
        return Assembled(survey, library, report, ())
    with clock("render"):
        templates = Templates(root)
        pages = render(library, templates)
        report = Report.of((*report.problems, *templates.problems))
    with clock("index"):
        searched = index(library, analyze(library, Memo(root)))
    with clock("export"):
        exported = export(library)
    outputs = (*pages, *files, *searched, *exported, marker(__version__, len(library.papers)))
    return Assembled(survey, library, report, () if report.errors else outputs)


def searchable(root: Path) -> tuple[Search, Report]:
    """The survey below `root` as its site's search knows it."""
    survey, _, report = checked(root)
    space = space_of(survey.papers)
    labels = tag(survey, Memo(root), space)
    library = Library(survey, labels, relate(survey, labels, space, Memo(root)))
    return Search(library, analyze(library, Memo(root))), report


def _library(survey: Survey, root: Path, clock: "Clock") -> Library:
    """The survey with all that is found out about its papers: tags, what they are near to, and what may be worth a tag."""
    space = space_of(survey.papers)
    with clock("tag"):
        labels = tag(survey, Memo(root), space)
    with clock("relate"):
        related = relate(survey, labels, space, Memo(root))
        places = layout(survey, space)
    with clock("emerge"):
        proposals = emerge(survey, space, Memo(root))
    return Library(survey, labels, related, places, proposals)


def mapped(survey: Survey, root: Path, *, anew: bool) -> Places:
    """Where the papers lie on the map, those that have a place there or all `anew`."""
    space = space_of(survey.papers)
    if not anew:
        return layout(survey, space)
    return laid_out(survey, space, tag_rows(tags_of(survey, tag(survey, Memo(root), space))))


def checked(root: Path, clock: "Clock | None" = None) -> tuple[Survey, list[Output], Report]:
    """The survey below `root`, the static files of its site, and all that is wrong in its files."""
    clock = clock or Clock()
    with clock("load"):
        survey, problems = load(root)
    with clock("check"):
        files, unfit = static(root)
        report = Report.of((*problems, *unfit, *check(survey)))
    return survey, files, report


def build(root: Path, out: Path, *, base_url: str | None = None, strict: bool = False) -> Built:
    """Builds the site into `out`; with problems that count (errors; with `strict` warnings too) nothing is published."""
    clock = Clock()
    assembled = assemble(root, base_url=base_url, clock=clock)
    if assembled.report.fails(strict=strict):
        return Built(assembled, assembled.report, None, clock.seconds)
    with clock("write"):
        written = publish(assembled.outputs, out, root, base_path(assembled.survey.settings.base_url))
    report = Report.of((*assembled.report.problems, *written.problems))
    return Built(assembled, report, None if written.problems else written, clock.seconds)


def _settings(survey: Survey, base_url: str | None) -> Settings:
    return replace(survey.settings, base_url=base_url) if base_url else survey.settings


class Clock:
    """Adds up the seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
