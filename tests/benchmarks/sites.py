"""What benchmarks of the search share: surveys built by the command, a server that counts, pages of the tests' browser."""

import contextlib
import gzip
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"  # judged collections and tools: beside the project, never in it
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import chromium  # noqa: E402

from generator.library import Library  # noqa: E402
from generator.load import load  # noqa: E402
from generator.memo import Memo  # noqa: E402
from generator.relate import relate  # noqa: E402
from generator.space import space_of  # noqa: E402
from generator.tag import tag  # noqa: E402

PACKED = {".html", ".css", ".js", ".json", ".svg", ".xml"}  # what hosts compress on their own
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json"}
BLANK = "blank.html"  # an empty page beside the folders
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 1.6e6 / 8}


def run(*command: str | Path) -> str:
    """What a command prints; its complaints when it fails."""
    environment = {**os.environ, "PAPERGROVE_NO_BOOTSTRAP": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def papergrove(*arguments: str | Path) -> str:
    return run(sys.executable, "-m", "generator", *arguments)


def new_survey(folder: Path) -> Path:
    """A survey as the command starts it, with no paper in it."""
    papergrove("new", folder)
    for place in ("content/papers/an-example-paper.md", "content/pages/home.md"):  # the page cites the paper
        (folder / place).unlink()
    return folder


def library_of(root: Path) -> Library:
    survey, _ = load(root)
    labels, space = tag(survey, Memo(root)), space_of(survey.papers)
    return Library(survey, labels, relate(survey, labels, space))


# ------------------------------------------------------------------ a server that counts


@dataclass(frozen=True, slots=True)
class Sent:
    path: str
    size: int  # of the body, in bytes


class Served:
    """Folders served below their names, without compression, or (`packed`) with that of a usual host."""

    def __init__(self, folders: Mapping[str, Path], packed: bool) -> None:
        self.folders, self.packed = folders, packed
        self.address = ""
        self.sent: list[Sent] = []

    def body(self, path: str) -> tuple[bytes, str, bool] | None:
        """A file's bytes as they are sent, its kind, and whether they are compressed; None: there is no such file."""
        if path == BLANK:
            return b"<!doctype html><title>blank</title>", KINDS[".html"], False
        name, _, rest = path.partition("/")
        place = self.folders[name] / rest if name in self.folders else None
        if place and place.is_dir():
            place /= "index.html"
        if place is None or not place.is_file():
            return None
        kind, data = KINDS.get(place.suffix, "application/octet-stream"), place.read_bytes()
        packs = self.packed and place.suffix in PACKED
        return (gzip.compress(data, 6, mtime=0) if packs else data), kind, packs


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open
    disable_nagle_algorithm = True
    served: Served

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the page was closed
            super().handle()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).lstrip("/")
        found = self.served.body(path)
        data, kind, packed = found or (b"", "text/plain", False)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.served.sent.append(Sent(path, len(data)))  # before the bytes: whoever has them finds them counted
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(folders: Mapping[str, Path], *, packed: bool = False) -> Iterator[Served]:
    """Serves each folder below the address and its name."""
    serving = Served(folders, packed)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"served": serving}))
    serving.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield serving
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# ------------------------------------------------------------------ the browser


@contextlib.contextmanager
def opened_browser() -> Iterator[Browser]:
    """The browser that the tests would take."""
    with sync_playwright() as playwright:
        path = chromium.find(lambda candidate: _starts(playwright, candidate), chromium.run)
        if path is None:
            sys.exit(chromium.NOT_FOUND)
        browser = playwright.chromium.launch(executable_path=path or None, args=[*chromium.QUIET])
        yield browser
        browser.close()


def _starts(playwright: Playwright, path: str) -> bool:
    try:
        playwright.chromium.launch(executable_path=path or None, args=[*chromium.QUIET]).close()
    except Error:
        return False
    return True


@contextlib.contextmanager
def cold_page(browser: Browser, address: str | None = None) -> Iterator[Page]:
    """A page of a context of its own: nothing is cached. It shows the empty page of the server at `address`."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(300_000)
    if address is not None:
        page.goto(address + BLANK)
    try:
        yield page
    finally:
        context.close()


def slow_down(page: Page) -> None:
    """Puts the page and its workers on the slow line."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
