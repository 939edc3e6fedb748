"""serve: watches, rebuilds, serves 127.0.0.1, shows problems as an overlay

The site stays in memory: a page is made when it is asked for, and nothing is written into the site's folder. No path of the
file system is ever made from an address; what is served is looked up by name among the outputs of the last build without errors.
Each page carries the number of its build, and an event stream tells the present one: the page reloads where they differ.
A change of the generator's own code needs a new start.
"""

import contextlib
import errno
import functools
import http.server
import mimetypes
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from . import settings
from .build import assemble
from .files import text_of, unix_lines
from .model import Output
from .render import problem_of
from .report import Problem, Report, as_text, counted
from .text import slug
from .watch import changes, look
from .write import collisions

if TYPE_CHECKING:
    from jinja2 import Environment

Say = Callable[[str], None]  # prints a line, or several


def serve(root: Path, *, port: int, poll: bool = False, say: Say, stop: threading.Event | None = None) -> None:
    """Previews the survey below `root` until Ctrl-C, or until `stop` is set. `port` 0: any free one."""
    root, stop = root.resolve(), stop or threading.Event()
    preview = Preview(root, base_path(root), say)
    seen = look(root)  # before the build reads the files: what is saved meanwhile counts as changed
    first = preview.build()
    with listening(preview, port) as taken:
        busy = "" if port in (0, taken) else f"port {port} is busy; "
        say(f"Preview at http://127.0.0.1:{taken}{preview.base} ({busy}Ctrl-C ends it)")
        preview.tell(first, Report(), "built", counted(sum(path.endswith(".html") for path in first.site), "page"))
        for paths in changes(root, seen, poll, stop):
            before = preview.now.report
            preview.tell(preview.build(), before, "rebuilt", _some(paths, root))


def base_path(root: Path) -> str:
    """Where the site stands below its host: as site.yml says at the start, else `/<the folder's name>/`."""
    source, _ = text_of(root, settings.SITE)
    base_url = settings.read(unix_lines(source), settings.SITE)[0].base_url if source else None
    return settings.base_path(base_url) if base_url else f"/{slug(root.name, kind='survey')}/"


def _some(paths: list[str], root: Path) -> str:
    more = f" and {counted(len(paths) - 1, 'other')}" if len(paths) > 1 else ""
    return _from_root(paths[0], root) + more


def _from_root(path: str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path


# ------------------------------------------------------------------ the site in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one build gave."""

    number: int
    site: Mapping[str, Output]  # by path; of the last build without errors
    report: Report
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


FOLDER = Path(__file__).parent / "preview"
EVENTS = "__events"
OWN = {"__preview.js": "preview.js", "__preview.css": "preview.css"}

KINDS = {  # not left to the system: on some, a registry says that .js is plain text
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
    "xml": "application/xml",
    "csv": "text/csv",
    **dict.fromkeys(("txt", "bib", "ris", "jsonl", "md"), "text/plain"),
}


class Preview:
    """The site as it is now: for one thread that builds it, and many that ask for pages."""

    def __init__(self, root: Path, base: str, say: Say) -> None:
        self.root, self.base, self.say = root, base, say
        start = time.time_ns() // 10**6  # numbers go on from one start to the next: no old page takes itself for new
        self.now = Snapshot(number=start, site={}, report=Report(), seconds=0.0)
        self.ended = False
        self._changed = threading.Condition()
        self._making = threading.Lock()
        self._made: dict[str, tuple[str, bytes]] = {}  # by path: the key and the bytes that came of it

    # -------------------------------------------------------------- builds

    def build(self) -> Snapshot:
        start = time.perf_counter()
        outputs, report = self._assembled()
        site = self.now.site if report.errors else {output.path: output for output in outputs}
        seconds = time.perf_counter() - start
        with self._changed:
            self.now = Snapshot(number=self.now.number + 1, site=site, report=report, seconds=seconds)
            self._changed.notify_all()
        return self.now

    def _assembled(self) -> tuple[Iterable[Output], Report]:
        try:
            assembled = assemble(self.root, base_url=self.base)
        except Exception as failure:
            return (), Report((problem_of(failure, self.root),))
        return assembled.outputs, Report.of((*assembled.report.problems, *collisions(assembled.outputs)))

    def tell(self, now: Snapshot, before: Report, done: str, what: str) -> None:
        """Prints what a build gave: a report that differs from the one `before`, and always a line."""
        if now.report and now.report != before:
            paths = {problem.place.path for problem in now.report.problems if problem.place.line}
            self.say(as_text(now.report, {path: text_of(self.root, path)[0] or "" for path in paths}))
        start = "failed after" if now.report.errors else f"{done} in"
        self.say(f"{start} {now.seconds:.2f} s: {what}" + (f" ({now.report.summary()})" if now.report else ""))

    def wait(self, number: int, seconds: float) -> int:
        """The number of the present build, as soon as it is another than `number`, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.ended or self.now.number != number, seconds)
            return self.now.number

    def end(self) -> None:
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    # -------------------------------------------------------------- pages

    def answer(self, target: str) -> Answer:
        """What stands at the target of a request."""
        now = self.now  # once: a page and its number belong together
        address, mark, query = target.partition("?")
        if address == "/" != self.base:
            return Answer(302, headers={"Location": self.base})
        if not address.startswith(self.base):
            return self._missing(now)
        name = unquote(address.removeprefix(self.base))
        if name in OWN:
            return Answer(200, (FOLDER / OWN[name]).read_bytes(), kind_of(name))
        if output := now.site.get(f"{name}index.html" if name == "" or name.endswith("/") else name):
            return self._file(now, output)
        if f"{name}/index.html" in now.site:
            return Answer(301, headers={"Location": f"{address}/{mark}{query}"})
        return self._missing(now)

    def _missing(self, now: Snapshot) -> Answer:
        if output := now.site.get("404.html"):
            return self._page(now, 404, "", *self._make(output))
        return self._page(now, 500, "", b"", None)  # there has been no build without errors yet

    def _file(self, now: Snapshot, output: Output) -> Answer:
        data, failure = self._make(output)
        if output.path.endswith(".html"):
            return self._page(now, 200, f'"{output.key}-{now.number}"', data, failure)
        if failure:
            return Answer(500, as_text(Report((failure,))).encode("utf-8", "replace"))
        return Answer(200, data, kind_of(output.path), {"ETag": f'"{output.key}"'})

    def _page(self, now: Snapshot, status: int, tag: str, data: bytes, failure: Problem | None) -> Answer:
        """A page with what the preview adds to it. While there are errors it is the last good one, and its status says so."""
        report = Report.of((*now.report.problems, failure)) if failure else now.report
        if report.errors and status == 200:
            status = 500
        if b'http-equiv="refresh"' not in data:  # such a page leads elsewhere at once, and its policy allows no script
            data = with_overlay(data or (FOLDER / "empty.html").read_bytes(), self.base, now.number, report)
        return Answer(status, data, kind_of("index.html"), {"ETag": tag} if status == 200 else {})

    def _make(self, output: Output) -> tuple[bytes, Problem | None]:
        """The bytes of an output, made once; where that fails, those it had the last time (or none), and why."""
        with self._making:
            key, data = self._made.get(output.path, ("", b""))
            if key == output.key:
                return data, None
            try:
                data = output.make()
            except Exception as failure:
                problem = problem_of(failure, self.root)
                self.say(as_text(Report((problem,))))
                return data, problem
            self._made[output.path] = output.key, data
            return data, None


def with_overlay(page: bytes, base: str, number: int, report: Report) -> bytes:
    """The page with the reload client and the problems at its end; only ever in memory."""
    problems = sorted(report.problems, key=lambda problem: problem.level != "error")
    html = _templates().get_template("overlay.html").render(base=base, number=number, report=report, problems=problems)
    end = page.rfind(b"</body>") % (len(page) + 1)  # not found: at the very end
    return page[:end] + html.encode("utf-8", "replace") + page[end:]


@functools.cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def kind_of(path: str) -> str:
    known = KINDS.get(path.rpartition(".")[2])
    return f"{known}; charset=utf-8" if known else mimetypes.guess_type(path)[0] or "application/octet-stream"


# ------------------------------------------------------------------ HTTP

PING = 15.0  # seconds; a stream that nobody reads any more is noticed by writing to it


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Papergrove", ""
    timeout = 30  # seconds that a client may keep a thread waiting
    disable_nagle_algorithm = True  # head and body are two writes
    server: "Server"

    def do_GET(self) -> None:
        preview = self.server.preview
        if self.headers.get_all("Host") not in self.server.hosts:  # a foreign name that was made to lead to this machine
            self._send(Answer(421, b"This is not the host that was asked for.\n"))
        elif self.path == preview.base + EVENTS:
            self._stream(preview)
        else:
            self._send(preview.answer(self.path))

    do_HEAD = do_GET

    def _refuse(self) -> None:
        self.close_connection = True  # what the request carries is not read
        self._send(Answer(405, b"The preview can only be read.\n", headers={"Allow": "GET, HEAD"}))

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _refuse

    def _send(self, answer: Answer) -> None:
        held = {tag.strip().removeprefix("W/") for tag in self.headers.get("If-None-Match", "").split(",")}
        if held & {answer.headers.get("ETag"), "*"} and answer.status == 200:
            answer = Answer(304, headers=answer.headers)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _stream(self, preview: Preview) -> None:
        """The number of the present build at once, and each new one, until the client or the preview goes."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        number = 0  # of no build
        while self.command != "HEAD" and not preview.ended:
            newest = preview.wait(number, PING)
            self.wfile.write(b": ping\n\n" if newest == number else b"data: %d\n\n" % newest)
            number = newest

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")  # kept, but never used without asking
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, its name in the base class
        """Requests are not worth a line."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    allow_reuse_address = sys.platform != "win32"  # there it would share a port that is in use
    allow_reuse_port = False

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        super().__init__(("127.0.0.1", port), Handler)
        names = [f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost", "[::1]")]
        self.hosts = [[name] for name in names]

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # without the look-up of this machine's name, which can take seconds
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        failure = sys.exception()
        if isinstance(failure, Exception) and not isinstance(failure, OSError):  # a client that went away is none
            self.preview.say(as_text(Report((problem_of(failure, self.preview.root),))))


@contextlib.contextmanager
def listening(preview: Preview, port: int) -> Iterator[int]:
    """Answers requests meanwhile; gives the port, which is the next free one."""
    server = _bound(preview, port)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        preview.end()
        server.shutdown()
        server.server_close()


def _bound(preview: Preview, port: int) -> Server:
    while True:
        try:
            return Server(preview, port)
        except OSError as failure:
            if failure.errno != errno.EADDRINUSE or port >= 65535:
                raise
            port += 1
