"""Other searches for static sites, as far as they are installed: what they index, and how a page asks them.

Nothing of ours needs them. Benchmarks take a folder whose node_modules holds `minisearch` and `pagefind`.
"""

import gzip
import html
import json
import os
import resource
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser
from sites import cold_page, run, served
from stopwatch import Engine

Document = Mapping[str, str]  # id, title, abstract


@dataclass(frozen=True, slots=True)
class Index:
    seconds: float  # of one processor, to make it
    size: int  # bytes on the host


@dataclass(frozen=True, slots=True)
class Peer:
    engines: tuple[Engine, ...]
    files: Path
    index: Index


MINISEARCH = """async base => {
  const { default: MiniSearch } = await import(base + 'minisearch.js')
  let index
  async function load() {
    const { body } = await fetch(base + 'index.json.gz')
    const text = await new Response(body.pipeThrough(new DecompressionStream('gzip'))).text()
    return MiniSearch.loadJSON(text, { fields: ['title', 'abstract'] })
  }
  return async text => {
    index ??= await load()
    return index.search(text, { prefix: true, fuzzy: 0.2, boost: { title: 2 } }).slice(0, 10).length
  }
}"""

MINISEARCH_BUILD = """async base => {
  const { default: MiniSearch } = await import(base + 'minisearch.js')
  const documents = await (await fetch(base + 'documents.json')).json()
  const start = performance.now()
  const index = new MiniSearch({ fields: ['title', 'abstract'] })
  index.addAll(documents)
  const text = JSON.stringify(index)
  return [performance.now() - start, text]
}"""

# Its WebAssembly counts as a script: it is in the browser's cache before the first question.
PAGEFIND = """async base => {
  const pagefind = await import(base + 'pagefind.js')
  await (await fetch(base + 'wasm.en.pagefind')).arrayBuffer()
  await (await fetch(base + 'pagefind-worker.js')).arrayBuffer()
  return async text => {
    const first = (await pagefind.search(text)).results.slice(0, 10)
    RESULTS
    return first.length
  }
}"""


def peers(folder: Path, documents: Sequence[Document], out: Path, browser: Browser) -> Iterator[Peer | str]:
    """Each peer with its index of these documents, or a line that says what is missing."""
    modules = folder / "node_modules"
    script = modules / "minisearch/dist/es/index.js"
    binary = pagefind_binary(modules)
    yield minisearch(script, documents, out / "minisearch", browser) if script.is_file() else "MiniSearch: not installed"
    yield pagefind(binary, documents, out / "pagefind") if binary else "Pagefind: not installed"


def version(modules: Path, name: str) -> str:
    return str(json.loads((modules / name / "package.json").read_text(encoding="utf-8"))["version"])


def minisearch(script: Path, documents: Sequence[Document], out: Path, browser: Browser) -> Peer:
    """One file of all words, which the page loads whole; asked as its makers' examples do."""
    out.mkdir(parents=True)
    shutil.copy(script, out / "minisearch.js")
    (out / "documents.json").write_text(json.dumps(documents), encoding="utf-8")
    with served({"minisearch": out}) as serving, cold_page(browser, serving.address) as page:
        milliseconds, text = page.evaluate(MINISEARCH_BUILD, f"{serving.address}minisearch/")
    packed = gzip.compress(text.encode(), 6, mtime=0)
    (out / "index.json.gz").write_bytes(packed)
    (out / "documents.json").unlink()
    name = f"MiniSearch {version(script.parents[3], 'minisearch')}"
    return Peer((Engine(name=name, opened=MINISEARCH),), out, Index(milliseconds / 1000, len(packed)))


def pagefind_binary(modules: Path) -> Path | None:
    found = (path for path in sorted(modules.glob("@pagefind/*/bin/pagefind*")) if not path.suffix and os.access(path, os.X_OK))
    return next(found, None)


def pagefind(binary: Path, documents: Iterable[Document], out: Path) -> Peer:
    """Files in parts, compressed inside; of each result's text it fetches one more."""
    with tempfile.TemporaryDirectory() as folder:
        for document in documents:
            write_page(Path(folder), document)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run(binary, "--site", folder, "--output-path", out)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    modules = binary.parents[3]
    engines = tuple(
        Engine(name=name, opened=PAGEFIND.replace("RESULTS", then))
        for name, then in (
            (f"Pagefind {version(modules, 'pagefind')}", ""),
            ("... and ten results", "await Promise.all(first.map(result => result.data()))"),
        )
    )
    size = sum(path.stat().st_size for path in out.rglob("*.p?_*"))
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Peer(engines, out, Index(seconds, size))


def write_page(folder: Path, document: Document) -> None:
    title, abstract = html.escape(document["title"]), html.escape(document["abstract"])
    place = folder / document["id"] / "index.html"
    place.parent.mkdir()
    place.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main data-pagefind-body><h1>{title}</h1><p>{abstract}</p></main></body></html>",
        encoding="utf-8",
    )
