"""Prints what searching costs at a size of the survey: bytes, requests and seconds of a first question, of a key, of the index.

    .venv/bin/python tests/benchmarks/sizes.py [PAPERS...] [--peers FOLDER] [--questions 8] [--slower 4]

The papers are made by ../shared/tools/make_corpus.py, with abstracts. What is sent is counted at a server that compresses
nothing; scripts are not counted, and are there before the first question, which has a browser context of its own. The slow
line has 1.6 Mbit/s, and 150 ms for each request. Above 20,000 papers only the files of the search are made, and no page is
opened. `--peers` names a folder whose node_modules holds minisearch and pagefind.
"""

import argparse
import json
import multiprocessing
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from peers import Document, Index, peers
from playwright.sync_api import Browser
from sites import SHARED, library_of, opened_browser, papergrove, run, served
from stopwatch import Engine, first, first_page, keys, warm

from generator.analyze import analyze
from generator.index import index
from generator.memo import Memo
from generator.render import static

MOST_PAGES = 20_000  # papers for which a whole site is built, and lunr.py's index
GOALS = {1_400: (40, 0.8), 10_000: (75, 0.9), 100_000: (100, 1.2)}  # papers -> KB and seconds of the first question
ORDINARY = re.compile(r"[a-z]{4,}")

OURS = """async base => {
  const { open } = await import(base + 'static/js/engine.js')
  await import(base + 'static/js/lunr.js')
  let engine
  return async text => {
    engine ??= open(base)
    return (await engine.search(text, { limit: 10 })).results.length
  }
}"""
DRAFT = OURS.replace("limit: 10", "limit: 6, hasty: true")  # what the search page shows first


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians of an engine."""

    kilobytes: float
    seconds: float  # on the slow line
    warm: float  # milliseconds
    index: Index


# ------------------------------------------------------------------ the survey


def corpus(number: int, folder: Path) -> tuple[Path, list[Document]]:
    """A survey of so many papers, and what peers index of it."""
    root, lines = folder / "survey", folder / "papers.jsonl"
    tool = SHARED / "tools" / "make_corpus.py"
    if not tool.exists():
        sys.exit(f"What makes the papers is not there: {tool}")
    run(sys.executable, tool, str(number), "--survey", root, "--jsonl", lines, "--text", "abstract")
    (root / "site.yml").write_text("title: Many papers\n", encoding="utf-8")
    with lines.open(encoding="utf-8") as file:
        papers = [json.loads(line) for line in file]
    return root, [{key: paper[key] for key in ("id", "title", "abstract")} for paper in papers]


def questions(documents: Sequence[Document], number: int) -> list[str]:
    """Two words each, from titles of papers all over the survey."""
    rnd = random.Random(7)
    titles = [ORDINARY.findall(document["title"].rpartition(":")[2].lower()) for document in documents]
    titles = [title for title in titles if len(set(title)) > 1]
    return [" ".join(rnd.sample(list(dict.fromkeys(title)), 2)) for title in rnd.sample(titles, number)]


# ------------------------------------------------------------------ the index


def alone(work: Callable[..., Index], *arguments: Path) -> Index:
    """What a function gives in a process of its own, in which nothing is remembered."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def indexed(root: Path, out: Path) -> Index:
    """Writes what a site without pages needs for its search."""
    library = library_of(root)
    start = time.process_time()
    postings = analyze(library, Memo(root))
    files = {output.path: output.make() for output in index(library, postings)}
    seconds = time.process_time() - start
    size = sum(len(data) for path, data in files.items() if path.startswith("search/") and f"{path}.gz" not in files)
    for path, data in ({output.path: output.make() for output in static(root)[0]} | files).items():
        place = out / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return Index(seconds, size)


def indexed_by_lunr(root: Path) -> Index:
    """lunr.py's for the same texts."""
    from lunr import lunr

    library = library_of(root)
    documents = [
        {
            "id": paper.id,
            "title": paper.title,
            "note": f"{paper.note}\n{paper.abstract or ''}",
            "findings": "\n".join(paper.findings),
            "gist": paper.gist or "",
            "authors": "\n".join(paper.authors),
            "tags": "\n".join(library.tag[tag].label for tag in library.tags_of(paper)),
            "venue": f"{paper.venue or ''} {paper.year or ''} {paper.arxiv or ''}",
        }
        for paper in library.papers
    ]
    fields = [name for name in documents[0] if name != "id"]
    start = time.process_time()
    data = json.dumps(lunr(ref="id", fields=fields, documents=documents).serialize())
    return Index(time.process_time() - start, len(data))


# ------------------------------------------------------------------ what is printed

COLUMNS = ("KB", "most", "requests", "later KB", "ms fast", "most", "s slow", "most", "ms warm", "p95", "index KB", "CPU s")


def line(name: str, *values: str) -> None:
    print(f"{name:22}" + "".join(f"{value:>9}" for value in values), flush=True)


def two(values: Sequence[float], digits: int) -> tuple[str, str]:
    """The median and the largest."""
    return f"{statistics.median(values):.{digits}f}", f"{max(values):.{digits}f}"


def p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def show_engine(browser: Browser, engine: Engine, files: Path, index: Index, texts: Sequence[str]) -> Cost:
    with served({"files": files}) as serving:
        base = f"{serving.address}files/"
        fast = [first(browser, serving, base, engine, text, slow=False).seconds * 1000 for text in texts]
        answers = [first(browser, serving, base, engine, text, slow=True) for text in texts]
        again = warm(browser, serving, base, engine, texts)
    kilobytes = [sum(sent.size for sent in answer.sent) / 1000 for answer in answers]
    later = statistics.median(sum(sent.size for sent in answer.later) / 1000 for answer in answers)
    seconds = [answer.seconds for answer in answers]
    cost = Cost(statistics.median(kilobytes), statistics.median(seconds), statistics.median(again), index)
    line(
        engine.name,
        *two(kilobytes, 1),
        str(max(len(answer.sent) for answer in answers)),
        f"{later:.1f}",
        *two(fast, 0),
        *two(seconds, 2),
        f"{cost.warm:.2f}",
        f"{p95(again):.2f}",
        f"{index.size / 1000:,.0f}",
        f"{index.seconds:.2f}",
    )
    return cost


def show_ratios(theirs: Cost, ours: Cost) -> None:
    def times(one: float, other: float) -> str:
        return f"{one / other:.1f}x"

    line(
        "  against ours",
        times(theirs.kilobytes, ours.kilobytes),
        *[""] * 5,
        times(theirs.seconds, ours.seconds),
        "",
        times(theirs.warm, ours.warm),
        "",
        times(theirs.index.size, ours.index.size),
        times(theirs.index.seconds, ours.index.seconds),
    )


def show_pages(browser: Browser, site: Path, texts: Sequence[str], slower: float) -> None:
    pages = [first_page(browser, site, text) for text in texts]
    loaded, card = (two([page[place] for page in pages], 2) for place in (0, 1))
    print(f"\nsearch page on the slow line, cold: loaded after {loaded[0]} s (most {loaded[1]}),", end=" ")
    print(f"first card {card[0]} s (most {card[1]}) after two words were entered")
    with served({"site": site}) as serving:
        for worker, place in ((True, "in a worker"), (False, "in the page")):
            took = keys(browser, f"{serving.address}site/", texts[:4], slower, worker=worker)
            median, most = two(took.milliseconds, 0)
            print(
                f"key to painted list, processor {slower:g} times slower, {place}: median {median} ms, "
                f"p95 {p95(took.milliseconds):.0f}, most {most}; longest task {took.longest:.0f} ms; "
                f"{len(took.milliseconds)} keys, {took.silent} more changed nothing",
                flush=True,
            )


def show(number: int, options: argparse.Namespace, browser: Browser, folder: Path) -> None:
    root, documents = corpus(number, folder)
    site, texts = folder / "site", questions(documents, options.questions)
    index = alone(indexed, root, folder / "files")  # before the build, which would remember a part of it
    if number <= MOST_PAGES:
        papergrove("build", "--root", root, "--out", site)
    print(f"\n{number:,} papers")
    line("two words, cold", *COLUMNS)
    engine = Engine(name="Papergrove", opened=OURS)
    ours = show_engine(browser, engine, folder / "files", index, texts)
    show_engine(browser, Engine(name="... its first draft", opened=DRAFT), folder / "files", index, texts)
    if goal := GOALS.get(number):
        line("  asked for", str(goal[0]), *[""] * 5, str(goal[1]))
    if number <= MOST_PAGES:
        theirs = alone(indexed_by_lunr, root)
        line("lunr.py's index", *[""] * 10, f"{theirs.size / 1000:,.0f}", f"{theirs.seconds:.2f}")
        line("  against ours", *[""] * 11, f"{theirs.seconds / index.seconds:.1f}x")
    for peer in peers(options.peers, documents, folder / "peers", browser) if options.peers else ["no peers were asked for"]:
        if isinstance(peer, str):
            print(peer)
            continue
        for engine in peer.engines:
            cost = show_engine(browser, engine, peer.files, peer.index, texts)
            show_ratios(cost, ours)
    if number <= MOST_PAGES:
        show_pages(browser, site, texts, options.slower)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", nargs="*", type=int, default=[1_400])
    parser.add_argument("--peers", type=Path, metavar="FOLDER")
    parser.add_argument("--questions", type=int, default=8)
    parser.add_argument("--slower", type=float, default=4)
    options = parser.parse_args()
    with opened_browser() as browser:
        for number in options.papers:
            with tempfile.TemporaryDirectory() as folder:
                show(number, options, browser, Path(folder))


if __name__ == "__main__":
    main()
