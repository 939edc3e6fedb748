"""Sites that browser tests open: built once for the run, and served as from a sub-folder of a host."""

import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from surveys import PAGES, PAPERS, STATES, TAGS, many, tiny

from generator.build import build

BASE = "/repo/"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the site in `folder`, while it is served below BASE."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            inside = path.removeprefix(BASE) if path.startswith(BASE) else "outside"
            return super().translate_path("/" + inside)

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            page = (folder / "404.html").read_bytes()
            self.send_response(code, message)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    def handler(*arguments: object) -> Handler:
        return Handler(*arguments, directory=str(folder))  # type: ignore[arg-type]

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BASE}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def survey_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of this repository's own survey."""
    root, out = Path(__file__).parents[2], tmp_path_factory.mktemp("survey") / "site"
    built = build(root, out, base_url=BASE, strict=True)
    assert built.written, built.report
    return out


@pytest.fixture(scope="session")
def survey_site(survey_folder: Path) -> Iterator[str]:
    with served(survey_folder) as address:
        yield address


HOSTILE = {
    "hostile": (
        "---\n"
        'title: "<script>window.pwn=1</script> \\" onmouseover=\'window.pwn=1\' `x`"\n'
        'authors: ["<img src=x onerror=window.pwn=1>", "</script><!--"]\n'
        'organization: "<svg onload=window.pwn=1>"\n'
        "date: 2022-01-01\n"
        'venue: "<b onmouseover=window.pwn=1>Venue</b>"\n'
        "tags: [gardens, hostile]\n"
        'gist: "</title><script>window.pwn=1</script>"\n'
        'findings: ["</li><script>window.pwn=1</script>"]\n'
        'abstract: "</p><script>window.pwn=1</script>"\n'
        "---\n"
        "<script>window.pwn=1</script> [x](javascript:window.pwn=1) ![y](javascript:window.pwn=1) <svg onload=window.pwn=1>\n"
    ),
    "foreign": '---\ntitle: "تعلم السلوك: دراسة صغيرة"\nauthors: [王小明]\ndate: 2021-05\ntags: [gardens]\n---\n',
}


HOSTILE_TAG = """\
  - id: hostile
    facet: topic
    label: "<script>window.pwn=1</script>"
    definition: "</p><script>window.pwn=1</script>"
    synonyms: ["\\" onmouseover='window.pwn=1'"]
"""


@pytest.fixture(scope="session")
def tiny_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A survey of made-up papers, a hostile and a foreign one among them."""
    root = tiny(tmp_path_factory.mktemp("tiny"), {**PAPERS, **HOSTILE}, tags=TAGS + HOSTILE_TAG)
    built = build(root, root / "_site", base_url=BASE)
    assert built.written, built.report
    with served(root / "_site") as address:
        yield address


def made(root: Path, papers: Mapping[str, str], pages: Mapping[str, str] = {}) -> Iterator[str]:
    built = build(tiny(root, papers, pages=pages), root / "_site", base_url=BASE)
    assert built.written, built.report
    with served(root / "_site") as address:
        yield address


@pytest.fixture(scope="session")
def states_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Papers that are hard to show, and pages of text."""
    yield from made(tmp_path_factory.mktemp("states"), {**PAPERS, **STATES}, PAGES)


@pytest.fixture(scope="session")
def many_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from made(tmp_path_factory.mktemp("many"), many(1_200))


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from made(tmp_path_factory.mktemp("empty"), {})
