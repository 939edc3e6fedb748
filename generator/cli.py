"""cli: the commands, what they print, the exit codes"""

import contextlib
import dataclasses
import datetime
import gc
import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__
from .files import text_of
from .memo import Memo
from .report import Place, Problem, Report, as_github, as_json, as_text, counted, error

if TYPE_CHECKING:
    from .build import Built
    from .curate import Curated
    from .merge import Imported
    from .model import Record, Survey
    from .search import Answer, Result

DONE, CONTENT_HAS_ERRORS, WRONG_USE, BUSY = 0, 1, 2, 75

_root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The survey's folder (default: the current one).",
)
_base_url = click.option("--base-url", metavar="URL", help="Where the site will stand; overrides site.yml.")
_json = click.option("--json", "as_data", is_flag=True, help="One JSON document on standard output.")
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
_strict = click.option("--strict", is_flag=True, help="Warnings count as errors.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="papergrove")
def commands() -> None:
    """Living literature surveys: papers as small text files, a searchable static site."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch and not re.fullmatch("[0-9]{1,11}", epoch):  # to the year 5138
        raise click.UsageError(f"SOURCE_DATE_EPOCH must be a number of seconds, not '{epoch}'")


def main() -> None:
    """Runs the command of this process. No traceback reaches a user for what is wrong around the program."""
    from .write import Busy

    try:
        commands(prog_name="papergrove")
    except Busy as busy:
        click.echo(f"{busy}; try again when it is done", err=True)
        sys.exit(BUSY)
    except OSError as failure:
        said = f"{failure.filename}: {failure.strerror}" if failure.filename else str(failure)
        click.echo(f"error: {said}", err=True)
        sys.exit(CONTENT_HAS_ERRORS)


# ------------------------------------------------------------------ build, check, fmt


@commands.command()
@_root
@click.option("--out", type=click.Path(path_type=Path), help="The site's folder (default: _site in the survey's folder).")
@_base_url
@_strict
@_json
def build(root: Path, out: Path | None, base_url: str | None, strict: bool, as_data: bool) -> None:
    """Build the site."""
    from . import build as building
    from .write import Busy

    address = _normal_base_url(base_url)
    gc.disable()  # a build makes many values and no rings of them: looking for rings costs a tenth of the time
    try:
        with watched("Building"):
            built = building.build(root, out or root / "_site", base_url=address, strict=strict)
    except Busy as busy:
        if as_data:
            click.echo(json.dumps({"problems": json.loads(as_json(Report.of([error(Place(""), str(busy))])))}))
        raise
    if as_data:
        click.echo(json.dumps(_built_as_data(built), ensure_ascii=False, indent=2))
    else:
        show(built.report, root)
    if built.written is None:
        click.echo(f"Nothing published: {built.report.summary()}.", err=True)
        sys.exit(CONTENT_HAS_ERRORS)
    if not as_data:
        click.echo(_built_in_words(built, out or root / "_site"))


def _built_in_words(built: "Built", out: Path) -> str:
    written = built.written
    assert written is not None
    papers = counted(len(built.assembled.library.papers), "paper")
    changes = f"{written.written:,} written" + (f", {written.removed:,} removed" if written.removed else "")
    size = f"{written.bytes / 1e6:.1f} MB"
    return f"{papers} in {out}: {counted(written.files, 'file')}, {size}, {changes}, {sum(built.seconds.values()):.2f} s"


def _built_as_data(built: "Built") -> dict[str, Any]:
    written = built.written
    return {
        "papers": len(built.assembled.library.papers),
        "files": written.files if written else 0,
        "written": written.written if written else 0,
        "removed": written.removed if written else 0,
        "bytes": written.bytes if written else 0,
        "seconds": {stage: round(seconds, 4) for stage, seconds in built.seconds.items()},
        "problems": json.loads(as_json(built.report)),
    }


@commands.command()
@_root
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@_strict
def check(root: Path, form: str, strict: bool) -> None:
    """Say what is wrong in the content."""
    survey, report = _loaded(root)
    if form == "json":
        click.echo(as_json(report))
    elif form == "github":
        click.echo(as_github(report))
    else:
        show(report, root)
        if not report:
            click.echo(f"{counted(len(survey.records), 'record')}, nothing wrong.")
    sys.exit(CONTENT_HAS_ERRORS if report.fails(strict=strict) else DONE)


@commands.command()
@_root
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when a file is not in canonical form.")
def fmt(root: Path, only_check: bool) -> None:
    """Bring records and vocabulary into their canonical form."""
    from .load import canonical_texts
    from .write import write_texts

    survey, report = _loaded(root)
    if report.errors:
        show(report, root)
        click.echo("Files with errors are left as they are.", err=True)
    texts = canonical_texts(root, survey)
    if only_check:
        for path in texts:
            click.echo(f"{path}: not in canonical form (run papergrove fmt)")
    else:
        for path in write_texts(root, texts):
            click.echo(path)
    sys.exit(CONTENT_HAS_ERRORS if report.errors or (only_check and texts) else DONE)


# ------------------------------------------------------------------ import, tags


@commands.command("import")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--facts", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Looked-up facts.")
@click.option("--format", "form", metavar="NAME", help="The files' format (default: recognized from the text).")
@click.option("--captured", metavar="YYYY-MM-DD", help="The day on which files not listed in content/sources.yml were saved.")
@_dry_run
@_json
@_root
def import_(
    files: Sequence[Path],
    facts: Sequence[Path],
    form: str | None,
    captured: str | None,
    dry_run: bool,
    as_data: bool,
    root: Path,
) -> None:
    """Take papers in from files: saved Daily Papers pages, or JSON Lines (on each line an object with a record's own fields, its
    id and its note). Only empty fields of records are ever filled."""
    from . import merge
    from .fields import date_problem
    from .importers import IMPORTERS
    from .settings import SOURCES

    if not files and not facts:
        raise click.UsageError("name at least one file, or --facts FILE")
    if captured and (wrong := date_problem(captured, day=True)):
        raise click.UsageError(f"--captured {wrong}")
    if form and form not in (known := [importer.name for importer in IMPORTERS]):
        raise click.UsageError(f"--format '{form}' is none of the known ones: {', '.join(known)}")
    survey, report = _loaded(root)
    if report.errors:
        imported = merge.Imported(read=0, papers=(), sources=survey.sources, problems=report.problems)
        _show_import(imported, root, as_data=as_data)
        click.echo("Nothing imported: mend these first.", err=True)
        sys.exit(CONTENT_HAS_ERRORS)
    with watched("Reading"):
        pages, unread = _texts(files)
        looked_up, unread_facts = _texts(facts)
        imported = merge.import_files(survey, pages, facts=looked_up, format=form, captured=captured, today=today().isoformat())
        imported = dataclasses.replace(imported, problems=(*unread, *unread_facts, *imported.problems))
        texts = merge.texts(survey, imported, text_of(root, SOURCES)[0] or "")
    if not dry_run:
        from .write import write_texts

        with watched(f"Writing {counted(len(texts), 'file')}"):
            write_texts(root, texts)
    _show_import(imported, Path(), as_data=as_data)
    if not as_data:
        for paper in imported.papers if dry_run else ():
            if paper.action != "unchanged":
                click.echo(f"{paper.action:7} {paper.path}")
        would = "would be " if dry_run else ""
        read = f"{counted(imported.read, 'listing')} read: " if files else ""
        click.echo(
            f"{read}{counted(imported.new, 'paper')} {would}new, {imported.merged} {would}merged, {imported.unchanged} unchanged."
        )
    sys.exit(CONTENT_HAS_ERRORS if Report.of(imported.problems).errors else DONE)


MOST_IMPORTED = 64 << 20  # bytes of a file


def _texts(files: Sequence[Path]) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Path and text of each file, and why those that are missing cannot be read."""
    found, problems = [], list[Problem]()
    for file in files:
        place = file.resolve()  # a link that a person names may be followed
        text, wrong = text_of(place.parent, place.name, most=MOST_IMPORTED)
        problems += wrong
        if text is not None:
            found.append((str(file), text))
    return found, problems


def _show_import(imported: "Imported", root: Path, *, as_data: bool) -> None:
    from .merge import as_data as data_of

    if as_data:
        click.echo(json.dumps(data_of(imported), ensure_ascii=False, indent=2))
    else:
        show(Report.of(imported.problems), root)


@commands.command()
@click.argument("kept", metavar="ID")
@click.argument("other", metavar="ID")
@_root
def merge(kept: str, other: str, root: Path) -> None:
    """Join two records of one paper. The first keeps its id and what it says; the second fills what is empty there, and its id
    leads to the first from then on."""
    from .merge import join
    from .write import write_texts

    survey, report = _loaded(root)
    first, second = _two_records(survey, kept, other)
    if first.is_broken or second.is_broken:
        show(report, root)
        click.echo("Nothing merged: mend these first.", err=True)
        sys.exit(CONTENT_HAS_ERRORS)
    joined = join(survey, first, second, lambda path: text_of(root, path)[0] or "")
    if any(problem.level == "error" for problem in joined.problems):
        show(Report.of(joined.problems), root)
        click.echo("Nothing merged: the two do not fit in one record.", err=True)
        sys.exit(CONTENT_HAS_ERRORS)
    for path in write_texts(root, joined.texts):
        click.echo(f"wrote {path}")
    (root / joined.gone).unlink()  # at last: until then nothing is lost
    click.echo(f"removed {joined.gone}; papers/{other}/ leads to papers/{kept}/")
    for lost in joined.lost:
        click.echo(f"not kept: {lost}")


def _two_records(survey: "Survey", kept: str, other: str) -> tuple["Record", "Record"]:
    from .text import did_you_mean

    if kept == other:
        raise click.UsageError(f"'{kept}' is named twice: name two records")
    found = {record.paper.id: record for record in (*survey.records, *survey.broken)}
    for name in (kept, other):
        if name not in found:
            raise click.UsageError(f"no paper '{name}': {did_you_mean(name, found) or 'papers are content/papers/<id>.md'}")
    return found[kept], found[other]


@commands.group()
def tags() -> None:
    """Work on the tags."""


@tags.command()
@click.option("--write", "keep", is_flag=True, help="Keep in content/tags.lock.json what readers see, so that it stays.")
@_json
@_root
def suggest(keep: bool, as_data: bool, root: Path) -> None:
    """Show which tags the taggers propose, and why."""
    from . import locks
    from .tag import shown, suggestions_as_data, tag
    from .write import write_texts

    survey, report = _loaded(root)
    if keep:  # what is wrong with the file goes with it
        report = Report.of(problem for problem in report.problems if problem.place.path != locks.SHOWN)
    show(report, root)
    labels = tag(survey, Memo(root))
    rows = suggestions_as_data(labels)
    if as_data:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not keep:
        for paper, of_paper in rows.items():
            click.echo("\n".join([paper, *(f"  {_label_in_words(label)}" for label in of_paper)]))
    if keep and not report.errors:
        now = shown(survey, labels)
        write_texts(root, {locks.SHOWN: locks.write_shown(now)})
        click.echo(
            f"{counted(len(now), 'suggested tag')} kept: {len(now - survey.shown)} new, {len(survey.shown - now)} gone.",
            err=as_data,
        )
    sys.exit(CONTENT_HAS_ERRORS if report.errors else DONE)


def _label_in_words(label: dict[str, Any]) -> str:
    sure = f" {label['confidence']:.0%}" if label.get("confidence") is not None else ""
    spans = ", ".join(f"“{span['text']}” in {span['field']}" for span in label.get("evidence", ()))
    return f"{label['state']}{sure}: {label['tag']}" + (f" ({spans})" if spans else "")


@tags.command()
@click.argument("gold", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--folds", type=click.IntRange(2, 100), help="Divide the papers: tags of the other parts are known, and learned from."
)
@_json
@_root
def evaluate(gold: Path, folds: int | None, as_data: bool, root: Path) -> None:
    """Measure the taggers on tags by hand: GOLD has an object {"id", "tags"} a line. Those tags are hidden meanwhile."""
    from . import evaluate as evaluating

    survey, report = _loaded(root)
    source, unread = _texts([gold])
    given, wrong = evaluating.read(source[0][1] if source else "", str(gold), survey)
    report = Report.of((*report.problems, *unread, *wrong))
    show(report, root)
    if report.errors:
        sys.exit(CONTENT_HAS_ERRORS)
    with watched("Evaluating"):
        scores = evaluating.evaluate(survey, given, folds or 0, Memo(root))
    if as_data:
        click.echo(
            json.dumps({step: evaluating.as_data(of_step) for step, of_step in scores.items()}, ensure_ascii=False, indent=2)
        )
    else:
        click.echo(evaluating.in_words(scores))


@tags.command("report")
@_json
@_root
def report_tags(as_data: bool, root: Path) -> None:
    """Show what to look at in the vocabulary: how often proposals were right, what is unused, double or too wide."""
    from . import audit
    from .emerge import emerge
    from .space import space_of
    from .tag import proposed, tag

    survey, report = _loaded(root)
    show(report, root)
    space, memo = space_of(survey.papers), Memo(root)
    labels = tag(survey, memo, space)
    found = audit.audit(survey, labels, proposed(survey, memo, space), emerge(survey, space, memo))
    click.echo(json.dumps(audit.as_data(found), ensure_ascii=False, indent=2) if as_data else audit.as_text(found))
    sys.exit(CONTENT_HAS_ERRORS if report.errors else DONE)


@tags.command("rename")
@click.argument("old")
@click.argument("new")
@_dry_run
@_root
def rename_tag(old: str, new: str, dry_run: bool, root: Path) -> None:
    """Give the tag OLD the id NEW. Its old address leads to the new one."""
    from .curate import rename

    _curate(root, dry_run, lambda survey, texts: rename(survey, texts, old, new))


@tags.command("merge")
@click.argument("one")
@click.argument("other")
@click.argument("into")
@_dry_run
@_root
def merge_tags(one: str, other: str, into: str, dry_run: bool, root: Path) -> None:
    """Make one tag of two: INTO is one of them, a third, or a new id."""
    from .curate import merge

    _curate(root, dry_run, lambda survey, texts: merge(survey, texts, one, other, into))


@tags.command("split")
@click.argument("old")
@click.argument("into", nargs=-1, required=True)
@_dry_run
@_root
def split_tag(old: str, into: Sequence[str], dry_run: bool, root: Path) -> None:
    """Give each paper tagged OLD those of INTO that the taggers propose, else the first. INTO must be in the vocabulary."""
    from .curate import split
    from .tag import proposed

    _curate(root, dry_run, lambda survey, texts: split(survey, texts, old, into, proposed(survey, Memo(root))))


@tags.command("retire")
@click.argument("tag")
@click.option("--into", metavar="OTHER", help="What takes its place (default: its parent).")
@_dry_run
@_root
def retire_tag(tag: str, into: str | None, dry_run: bool, root: Path) -> None:
    """Give TAG up. Its papers get what takes its place, and its address leads there."""
    from .curate import retire

    _curate(root, dry_run, lambda survey, texts: retire(survey, texts, tag, into))


@tags.command("accept")
@click.argument("paper", metavar="ID")
@click.argument("tag")
@_dry_run
@_root
def accept_tag(paper: str, tag: str, dry_run: bool, root: Path) -> None:
    """Give the paper ID the tag by hand, be it proposed or not."""
    from .curate import accept
    from .tag import proposed

    _curate(root, dry_run, lambda survey, texts: accept(survey, texts, paper, tag, proposed(survey, Memo(root))))


@tags.command("reject")
@click.argument("paper", metavar="ID")
@click.argument("tag")
@_dry_run
@_root
def reject_tag(paper: str, tag: str, dry_run: bool, root: Path) -> None:
    """Take the tag from the paper ID for good: no tagger proposes it there again."""
    from .curate import reject

    _curate(root, dry_run, lambda survey, texts: reject(survey, texts, paper, tag))


def _curate(root: Path, dry_run: bool, command: Callable[["Survey", dict[str, str]], "Curated"]) -> None:
    """Runs a curator's command on the survey and writes what it changes, unless something is wrong."""
    from .curate import differences, paths, summary
    from .write import write_texts

    survey, report = _loaded(root)
    texts, unread = _present_texts(root, paths(survey))
    if report.errors or unread:
        show(Report.of((*report.problems, *unread)), root)
        click.echo("Nothing changed: mend these first.", err=True)
        sys.exit(CONTENT_HAS_ERRORS)
    with watched("Curating"):
        curated = command(survey, texts)
    if curated.problems:
        show(Report.of(curated.problems), root)
        click.echo("Nothing changed.", err=True)
        sys.exit(WRONG_USE)
    for line in (*curated.said, *(differences(curated, texts) if dry_run else ())):
        click.echo(line)
    if not dry_run:
        write_texts(root, curated.texts)
    if curated.texts:
        click.echo(f"{'Would change' if dry_run else 'Changed'}: {summary(curated)}.")


def _present_texts(root: Path, paths: Sequence[str]) -> tuple[dict[str, str], list[Problem]]:
    """The texts of the files that there are, and why others cannot be read."""
    texts, problems = dict[str, str](), list[Problem]()
    for path in paths:
        text, wrong = text_of(root, path, most=MOST_IMPORTED)
        problems += wrong
        if text is not None:
            texts[path] = text
    return texts, problems


# ------------------------------------------------------------------ search


@commands.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})  # -word is a question
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, metavar="N", help="Papers at most; 0: all.")
@_json
@_root
def search(words: Sequence[str], limit: int, as_data: bool, root: Path) -> None:
    """Search as the site does: words, "a phrase", -word, author:, tag:, venue:, year:2021-2023, has:code."""
    from .build import searchable

    if unknown := next((word for word in words if word.startswith("--")), None):
        raise click.NoSuchOption(unknown)
    engine, report = searchable(root)
    show(report, root)
    answer = engine.answer(words[0] if len(words) == 1 else " ".join(map(_as_typed, words)))
    found = answer.results[: limit or None]
    if as_data:
        click.echo(json.dumps(_answer_as_data(answer, found), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_answer_in_words(answer, found, len(engine.papers))))
    sys.exit(CONTENT_HAS_ERRORS if report.errors else DONE)


def _as_typed(word: str) -> str:
    """One argument of several as it was typed: the shell has taken the quotes of a phrase."""
    if " " not in word or '"' in word:
        return word
    return re.sub("^(-?(?:(?:author|has|tag|venue|year):)?)(.*)", r'\1"\2"', word, flags=re.DOTALL)


def _answer_as_data(answer: "Answer", found: "Sequence[Result]") -> dict[str, Any]:
    results = [{"id": result.paper.id, "title": result.paper.title, "score": result.score} for result in found]
    return {"total": len(answer.results), "whole": answer.whole, "corrected": answer.corrected, "results": results}


def _answer_in_words(answer: "Answer", found: "Sequence[Result]", size: int) -> Iterator[str]:
    if not answer.results:
        yield "No paper matches." + (f" Nearest words: {', '.join(answer.near)}." if answer.near else "")
        return
    corrected = f" Results for: {answer.corrected}" if answer.corrected else ""
    yield f"{len(answer.results):,} of {counted(size, 'paper')}, {answer.whole:,} with every word.{corrected}"
    for number, result in enumerate(found, start=1):
        yield f"{number:3}. {result.paper.title}"
        yield f"     {result.paper.id}" + (f" · {result.paper.year}" if result.paper.year else "")


# ------------------------------------------------------------------ new, serve, test


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Start a survey in FOLDER; it builds at once."""
    from .write import write_texts

    files = first_files(folder.resolve().name, today())
    there = [path for path in files if (folder / path).exists() and path != ".gitignore"]
    if there or (folder.exists() and not folder.is_dir()):
        raise click.UsageError(f"{folder / there[0] if there else folder} is there already")
    folder.mkdir(parents=True, exist_ok=True)
    for path in write_texts(folder, {path: text for path, text in files.items() if not (folder / path).exists()}):
        click.echo(f"wrote {folder / path}")
    command = "python3 -m generator" if Path(sys.argv[0]).name == "__main__.py" else "papergrove"
    click.echo(f"Next: {command} serve --root {shlex.quote(str(folder))}")


def first_files(name: str, day: datetime.date) -> dict[str, str]:
    """What a new survey starts with."""
    from .fields import scalar_text

    title = scalar_text(name.replace("-", " ").replace("_", " ").strip().capitalize() or "Survey", False)
    return {
        "site.yml": f"title: {title}\ntagline: What this survey is about, in one sentence\n",
        "content/tags.yml": (
            "facets:\n"
            '  - {id: topic, label: Topic, question: "What is it about?", hue: 255, glyph: circle}\n'
            '  - {id: method, label: Method, question: "How is it done?", hue: 150, glyph: square}\n'
            "tags:\n"
            "  - id: example\n"
            "    facet: topic\n"
            "    label: Example\n"
            "    definition: Papers that show how a record looks.\n"
            "    phrases: [example]\n"
        ),
        "content/pages/home.md": (
            "---\n"
            "title: Introduction\n"
            "---\n"
            "Write here what this survey is about. It holds {{count}} papers so far, the first of them an example "
            "[@an-example-paper].\n"
        ),
        "content/papers/an-example-paper.md": (
            "---\n"
            "title: An example paper\n"
            "authors: [First Author, Second Author]\n"
            f"date: {day.year}\n"
            f"added: {day.isoformat()}\n"
            "tags: [example]\n"
            "gist: Shows how a record looks; replace it by your first paper\n"
            "---\n"
            "Say here in two to four sentences what was asked, what was done, and what came out.\n"
        ),
        ".gitignore": "_site/\n.papergrove/\n.venv/\n",
    }


@commands.command("map")
@click.option("--relayout", is_flag=True, help="Lay all papers out anew: every one moves.")
@_root
def map_(relayout: bool, root: Path) -> None:
    """Give each paper its place on the map, in content/map.lock.json. Papers that have one keep it."""
    from . import locks
    from .build import mapped
    from .write import write_texts

    survey, report = _loaded(root)
    report = Report.of(problem for problem in report.problems if problem.place.path != locks.PLACES)
    show(report, root)
    if report.errors:
        sys.exit(CONTENT_HAS_ERRORS)
    anew = relayout or not survey.laid
    with watched("Laying out"):
        places = mapped(survey, root, anew=anew)
    write_texts(root, {locks.PLACES: locks.write_places(places)})
    new, gone = len(places.keys() - survey.laid.keys()), len(survey.laid.keys() - places.keys())
    said = "laid out" if anew else f"on the map: {new:,} new, {gone:,} gone"
    click.echo(f"{counted(len(places), 'paper')} {said}.")
    if not anew and new > MANY_NEW * len(places):
        click.echo("Many of them are new: 'papergrove map --relayout' would draw a better map, on which every paper moves.")


MANY_NEW = 0.2  # share of the papers


@commands.command()
@_root
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The next free one is taken.")
@click.option("--poll", is_flag=True, help="Look for changes every 300 ms: for network folders.")
def serve(root: Path, port: int, poll: bool) -> None:
    """Preview the site on this machine; it follows every change."""
    from .serve import serve as preview

    with contextlib.suppress(KeyboardInterrupt):
        preview(root, port=port, poll=poll, say=lambda text: click.echo(text, err=True))


@commands.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: Sequence[str]) -> None:
    """Run the tests of Papergrove (arguments go to pytest)."""
    checkout = Path(__file__).resolve().parent.parent
    if not (checkout / "tests").is_dir():
        raise click.UsageError("the tests are in a checkout of Papergrove, not in an installed package")
    try:
        import pytest
    except ModuleNotFoundError:
        raise click.UsageError("pytest is not installed: run 'python3 -m generator test' in the checkout") from None
    os.chdir(checkout)
    sys.exit(pytest.main(list(arguments)))


# ------------------------------------------------------------------ shared


def today() -> datetime.date:
    """The day it is, in UTC; SOURCE_DATE_EPOCH says so where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.now(datetime.UTC)
    return (datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else now).date()


def _loaded(root: Path) -> tuple["Survey", Report]:
    from .build import checked

    survey, _, report = checked(root)
    return survey, report


def _normal_base_url(value: str | None) -> str | None:
    from .settings import normal_base_url

    address, wrong = normal_base_url(value or "")
    if wrong:
        raise click.UsageError(f"--base-url {wrong}")
    return address


def show(report: Report, root: Path) -> None:
    """Prints a report to standard error: each problem with the line it is about."""
    if not report:
        return
    paths = {problem.place.path for problem in report.problems if problem.place.line}
    click.echo(as_text(report, {path: text_of(root, path, most=MOST_IMPORTED)[0] or "" for path in paths}), err=True)
    click.echo(report.summary(), err=True)


@contextlib.contextmanager
def watched(doing: str) -> Iterator[None]:
    """Shows a moving status on the terminal while a person watches; elsewhere nothing, and rich is not imported."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield
