"""Prints how well the search ranks: judged questions asked of a built site, in the browser, beside the figures asked for.

    .venv/bin/python tests/benchmarks/quality.py [COLLECTION...] [--stock] [--python] [--runs FOLDER]

A collection is a folder with corpus.jsonl {id, title, abstract or text}, queries.jsonl {id, text} and qrels.tsv; one with
queries_sayt.jsonl asks for known papers, of others harder questions are made. Without any, those in ../shared/eval are taken.
Each is imported into an empty survey and built; every question is asked with a space behind it, which completes its last word,
except where that word is still being typed. "halves" are the figures of the questions whose id's CRC-32 is even, and odd: a
rule that was tuned on one half is judged by the other. `--stock` asks lunr.js's own index of titles and abstracts too,
`--python` the ranking in Python; `--runs` keeps what was found, as {question: [papers]}.
"""

import argparse
import importlib.util
import json
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Page
from sites import SHARED, cold_page, library_of, new_survey, opened_browser, papergrove, run, served

from generator.analyze import analyze
from generator.memo import Memo
from generator.search import Search

MOST = 1_000  # papers of an answer
AT_ONCE = 50  # questions in one call into the page
Rows = list[dict[str, Any]]
Rank = Callable[[Sequence[str]], list[list[str]]]  # texts -> of each the ids found, best first

# (collection, kind of question) -> the figure asked for: nDCG@10 where several papers answer, MRR where one does.
GOALS = {
    ("cranfield", "full"): 0.55,
    ("cranfield", "typo"): 0.545,
    ("cranfield", "kw3"): 0.365,
    ("cranfield", "kw3typo"): 0.355,
    ("papers1400", "known"): 0.99,
    ("papers1400", "known, as typed"): 0.98,
    ("papers1400", "known, typo"): 0.985,
}

ENGINE = """async ([base, texts, most]) => {
  const { open } = await import(base + 'static/js/engine.js')
  window.engine ??= open(base)
  const found = []
  for (const text of texts) found.push((await engine.search(text, { limit: most })).results.map(({ id }) => id))
  return found
}"""

STOCK = """async ([base, texts, most]) => {
  const { default: lunr } = await import(base + 'static/js/lunr.js')
  window.stock ??= lunr(function () {
    this.ref('id')
    this.field('title')
    this.field('abstract')
    for (const paper of window.papers) this.add(paper)
  })
  return texts.map(text => {
    try {
      return stock.search(text).slice(0, most).map(({ ref }) => ref)
    } catch {
      return [] // it throws on what its query language does not know
    }
  })
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Questions of one kind with their judgments."""

    name: str
    queries: Rows
    judged: Path
    known: bool  # one paper answers
    open: bool = False  # the last word may still be typed

    @property
    def measure(self) -> str:
        return "mrr" if self.known else "ndcg10"


def rows(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def papers(collection: Path) -> Rows:
    """A collection's papers as records."""
    return [
        {
            "id": str(paper["id"]),
            "title": paper["title"].strip() or f"untitled {paper['id']}",
            "abstract": paper.get("abstract") or paper.get("text") or "",
        }
        for paper in rows(collection / "corpus.jsonl")
    ]


def site_of(records: Rows, folder: Path) -> Path:
    """A survey of these papers in `folder`, built."""
    root, lines = new_survey(folder / "survey"), folder / "papers.jsonl"
    lines.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    papergrove("import", lines, "--format", "jsonl", "--root", root)
    papergrove("build", "--root", root, "--out", folder / "site")
    return folder / "site"


# ------------------------------------------------------------------ the questions


def tasks(collection: Path, folder: Path) -> Iterator[Task]:
    """What a collection asks; questions that have to be made are written to `folder`."""
    if (collection / "queries_sayt.jsonl").exists():
        yield from known_items(collection)
        return
    made, known = folder / "made", folder / "known"
    tools = SHARED / "eval"
    run(sys.executable, tools / "make_kw.py", collection, "--out", made)
    run(sys.executable, tools / "make_known.py", collection / "corpus.jsonl", "--out", known)
    yield Task(name="full", queries=rows(collection / "queries.jsonl"), judged=collection / "qrels.tsv", known=False)
    for name in ("typo", "kw3", "kw3typo"):
        yield Task(name=name, queries=rows(made / f"queries_{name}.jsonl"), judged=collection / "qrels.tsv", known=False)
    yield from known_items(known)


def known_items(folder: Path) -> Iterator[Task]:
    judged = folder / "qrels.tsv"
    plain, half, wrong = (rows(folder / f"queries{kind}.jsonl") for kind in ("", "_sayt", "_typo"))
    yield Task(name="known", queries=plain, judged=judged, known=True)
    yield Task(name="known, as typed", queries=half, judged=judged, known=True, open=True)
    yield Task(name="known, typo", queries=wrong, judged=judged, known=True)
    yield Task(name="known, no space", queries=plain, judged=judged, known=True, open=True)
    yield Task(name="typo, no space", queries=wrong, judged=judged, known=True, open=True)


# ------------------------------------------------------------------ who answers


def in_page(page: Page, script: str, base: str) -> Rank:
    def rank(texts: Sequence[str]) -> list[list[str]]:
        parts = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
        return [found for part in parts for found in page.evaluate(script, [base, part, MOST])]

    return rank


def in_python(root: Path) -> Rank:
    """The ranking of `papergrove search`."""
    library = library_of(root)
    postings = analyze(library, Memo(root))
    search = Search(library, postings)
    return lambda texts: [[result.paper.id for result in search.answer(text).results[:MOST]] for text in texts]


def ask(rank: Rank, task: Task) -> dict[str, list[str]]:
    texts = [row["text"].strip() + ("" if task.open else " ") for row in task.queries]
    return {str(row["id"]): found for row, found in zip(task.queries, rank(texts), strict=True)}


# ------------------------------------------------------------------ the figures


def evaluator() -> ModuleType:
    place = SHARED / "eval" / "evaluate.py"
    spec = importlib.util.spec_from_file_location("evaluate", place)
    if not place.exists() or spec is None or spec.loader is None:
        sys.exit(f"The judged collections are not there: {place}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HEAD = f"{'':26}{'asked':>5}{'nDCG@10':>8}{'MAP':>8}{'R@20':>8}{'MRR':>8}{'empty':>6}   {'goal':16}halves (nDCG or MRR)"


def line(name: str, figures: Mapping[str, Mapping[str, float]], task: Task, remark: str) -> str:
    """`figures` are those of each question."""
    shown = "".join(f"{mean(figures, measure):8.4f}" for measure in ("ndcg10", "map", "r20", "mrr"))
    empty = sum(of["empty"] for of in figures.values())
    halves = " ".join(f"{mean(half, task.measure):.4f}" for half in halved(figures))
    return f"{name:26}{len(figures):5}{shown}{empty:6.0f}   {remark:16}{halves}"


def mean(figures: Mapping[str, Mapping[str, float]], measure: str) -> float:
    return sum(of[measure] for of in figures.values()) / len(figures)


def halved(figures: Mapping[str, Mapping[str, float]]) -> list[dict[str, Mapping[str, float]]]:
    return [{query: of for query, of in figures.items() if zlib.crc32(query.encode()) % 2 == odd} for odd in (0, 1)]


def against(goal: float | None, reached: float) -> str:
    return "" if goal is None else f">= {goal:.3f}: {'yes' if reached >= goal else 'NO'}"


def show(collection: Path, options: argparse.Namespace, evaluate: ModuleType) -> None:
    with tempfile.TemporaryDirectory() as folder, opened_browser() as browser:
        records = papers(collection)
        site = site_of(records, Path(folder))
        with served({"site": site}) as serving, cold_page(browser, serving.address) as page:
            base = f"{serving.address}site/"
            others: dict[str, Rank] = {}
            if options.python:
                others["Python"] = in_python(Path(folder) / "survey")
            if options.stock:
                page.evaluate("papers => { window.papers = papers }", records)
                others["stock"] = in_page(page, STOCK, base)
            print(f"\n{collection.name}: {len(records):,} papers\n{HEAD}", flush=True)
            for task in tasks(collection, Path(folder)):
                judged = evaluate.load_qrels(task.judged)
                ours = ask(in_page(page, ENGINE, base), task)
                figures = evaluate.evaluate(judged, ours)
                goal = against(GOALS.get((collection.name, task.name)), mean(figures, task.measure))
                print(line(task.name, figures, task, goal), flush=True)
                keep(options.runs, f"{collection.name} {task.name}", ours)
                for who, rank in others.items():
                    found = ask(rank, task)
                    same = sum(found[query] == ours[query] for query in ours)
                    remark = f"{same} the same" if who == "Python" else ""
                    print(line(f"  {who}", evaluate.evaluate(judged, found), task, remark), flush=True)
                    keep(options.runs, f"{collection.name} {task.name} {who}", found)


def keep(folder: Path | None, name: str, found: Mapping[str, Sequence[str]]) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name.replace(',', '').replace(' ', '-')}.json").write_text(json.dumps(found), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="*", type=Path, metavar="COLLECTION")
    parser.add_argument("--stock", action="store_true")
    parser.add_argument("--python", action="store_true")
    parser.add_argument("--runs", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    evaluate = evaluator()
    for collection in options.collections or [SHARED / "eval" / name for name in ("cranfield", "papers1400")]:
        show(collection.resolve(), options, evaluate)


if __name__ == "__main__":
    main()
