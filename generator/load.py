"""load: the survey in a folder, read whole, with everything that is wrong in its files"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from unicodedata import normalize

from . import locks, prose, records, settings, vocabulary
from .fields import Node
from .files import regular_files, text_of, unix_lines
from .model import Settings, Source, Survey, Vocabulary, parents
from .report import Place, Problem, error, warning
from .text import sort_key

T = TypeVar("T")
OneReader = Callable[[str, str], tuple[T | None, tuple[Problem, ...]]]  # text and path to value and problems
Reader = Callable[[str, str], tuple[T, Node | None, tuple[Problem, ...]]]  # text and path to value, nodes and problems


def load(root: Path) -> tuple[Survey, tuple[Problem, ...]]:
    """The survey below `root`. A file with errors is left out of it and reported; all files are read.

    `Survey.places` holds a file's path only when the file has no errors: what is missing from a broken one is not judged,
    and it is not rewritten either.
    """
    problems: list[Problem] = []
    nodes: dict[str, Node | None] = {}
    site = _read_one(root, settings.SITE, settings.read, Settings(), nodes, problems)
    if settings.SITE in nodes and nodes[settings.SITE] is None:
        hint = "run it in a survey's folder, or name one with --root"
        problems.append(error(Place(settings.SITE), "there is no such file", hint=hint))
    tags = _read_one(root, vocabulary.TAGS, vocabulary.read, Vocabulary(), nodes, problems)
    sources: tuple[Source, ...] = _read_one(root, settings.SOURCES, settings.read_sources, (), nodes, problems)
    if not (root / records.PAPERS).is_dir() and not problems:
        hint = "records are files content/papers/<id>.md"
        problems.append(warning(Place(records.PAPERS), "there is no such folder: the survey has no papers", hint=hint))
    found = [
        record
        for path in record_paths(root, problems)
        if (record := _read_file(root, path, records.read_what_there_is, problems))
    ]
    whole = tuple(record for record in found if not record.is_broken)
    broken = tuple(record for record in found if record.is_broken)
    pages = {path: _read_file(root, path, prose.read, problems) for path in page_paths(root, problems)}
    shown: frozenset[tuple[str, str]] = _read_lock(root, locks.SHOWN, locks.read_shown, frozenset(), problems)
    laid: dict[str, tuple[float, float]] = _read_lock(root, locks.PLACES, locks.read_places, {}, problems)
    survey = Survey(
        settings=site,
        vocabulary=tags,
        sources=sources,
        records=whole,
        broken=broken,
        prose=tuple(page for page in pages.values() if page),
        broken_pages=tuple(prose.name_of(path) for path, page in pages.items() if not page),
        places=nodes,
        shown=shown,
        laid=laid,
    )
    return survey, tuple(problems)


def _read_one(root: Path, path: str, read: Reader[T], nothing: T, nodes: dict[str, Node | None], problems: list[Problem]) -> T:
    source, wrong = text_of(root, path)
    value, node = nothing, None
    if source is not None:
        value, node, wrong = read(unix_lines(source), path)
    if not wrong:
        nodes[path] = node
    problems.extend(wrong)
    return value


def _read_lock(
    root: Path, path: str, read: Callable[[str, str], tuple[T, tuple[Problem, ...]]], nothing: T, problems: list[Problem]
) -> T:
    source, wrong = text_of(root, path, most=locks.MOST_BYTES)
    value = nothing
    if source is not None:
        value, wrong = read(source, path)
    problems.extend(wrong)
    return value


def _read_file(root: Path, path: str, read: OneReader[T], problems: list[Problem]) -> T | None:
    source, wrong = text_of(root, path)
    value: T | None = None
    if source is not None:
        value, wrong = read(source, path)
    elif not wrong:
        wrong = (error(Place(path), "was removed while the survey was read", hint="run it again"),)
    problems.extend(wrong)
    return value


def record_paths(root: Path, problems: list[Problem]) -> list[str]:
    """The paths of the records, relative to the root, by id; names that cannot be ids are reported."""
    return _paths(root, records.PAPERS, "record", "a paper's id", problems)


def page_paths(root: Path, problems: list[Problem]) -> list[str]:
    """The same for the pages of text."""
    return _paths(root, prose.PAGES, "page", "a page's address", problems)


def _paths(root: Path, folder: str, kind: str, what: str, problems: list[Problem]) -> list[str]:
    paths, taken = [], dict[str, str]()
    for entry in sorted(regular_files(root, folder, problems), key=sort_key):
        path, name = f"{folder}/{entry}", entry.removesuffix(".md")
        folded = normalize("NFKC", entry).casefold()
        if not entry.endswith(".md"):
            message = f"not a {kind}: its name does not end in .md"
            problems.append(error(Place(path), message, hint=f"move it out of {folder}/"))
        elif folded in taken:
            message = f"{path} and {taken[folded]} are one file on a system that folds case or accents"
            problems.append(error(Place(path), message, hint="rename one of them"))
        elif wrong := records.paper_id_problem(name):
            problems.append(error(Place(path), f"'{name}' cannot be {what}: {wrong}", hint="rename the file"))
        else:
            paths.append(path)
        taken.setdefault(folded, path)
    return paths


def canonical_texts(root: Path, survey: Survey) -> dict[str, str]:
    """The files of records, vocabulary and sources that are not in their canonical form, with that form."""
    parent_of = parents(survey.vocabulary)
    texts = {record.path: records.canonical(record, parent_of) for record in survey.records}
    if (node := survey.places.get(vocabulary.TAGS)) is not None:
        source = unix_lines(text_of(root, vocabulary.TAGS)[0] or "")
        texts[vocabulary.TAGS] = vocabulary.canonical(survey.vocabulary, node, source)
    if (node := survey.places.get(settings.SOURCES)) is not None:
        source = unix_lines(text_of(root, settings.SOURCES)[0] or "")
        texts[settings.SOURCES] = settings.write_sources(survey.sources, node, source)
    return {path: text for path, text in texts.items() if _bytes(root / path) != text.encode("utf-8")}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
