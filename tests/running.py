"""A preview that runs in this process, for the tests of `serve`: a survey to change, and a client that waits for what it says."""

import http.client
import os
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from generator.serve import serve

PATIENCE = 20  # seconds, on a machine that has much else to do

SURVEY = {
    "site.yml": "title: Garden studies\n",
    "content/tags.yml": (
        "facets:\n  - {id: topic, label: Topic}\n"
        "tags:\n"
        "  - {id: soil, facet: topic, label: Soil}\n"
        "  - {id: dirt, facet: topic, label: Dirt, replaced_by: soil}\n"
    ),
    "content/papers/apples.md": "---\ntitle: Apples in autumn\nauthors: [Ada Example]\ntags: [soil]\n---\nRed ones.\n",
    "content/papers/pears.md": "---\ntitle: Pears in spring\ndate: 2024\n---\nGreen ones.\n",
    "content/papers/plums.md": "---\ntitle: Plums\ntags: [soil]\n---\nBlue ones.\n",
}
APPLES = "content/papers/apples.md"


def save(root: Path, path: str, text: str) -> None:
    """As editors do it: another file is put in the place of the first."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    staged = place.with_name(f".{place.name}.new")
    staged.write_text(text, encoding="utf-8")
    staged.replace(place)


def made_up_survey(folder: Path) -> Path:
    root = folder / "Garden Studies"
    for path, text in SURVEY.items():
        save(root, path, text)
    return root


@dataclass(frozen=True)
class Response:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Running:
    """A preview at work."""

    def __init__(self, root: Path, lines: "queue.Queue[str]", said: str) -> None:
        self.root, self.lines, self.said = root, lines, said  # the last: its first line
        self.address = said.split()[2]
        self.port, self.base = urlsplit(self.address).port or 0, urlsplit(self.address).path

    def ask(self, target: str, method: str = "GET", **headers: str) -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
        finally:
            connection.close()

    def answer(self, request: str) -> bytes:
        """All that is sent for a request as it stands here, until the preview closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as client, client.makefile("rb") as answer:
            client.sendall(request.replace("\n", "\r\n").format(host=f"127.0.0.1:{self.port}").encode())
            return answer.read()

    def get(self, name: str = "", **headers: str) -> Response:
        return self.ask(self.base + name, **headers)

    def save(self, path: str, text: str) -> str:
        """Saves a file; gives what the preview says once the site has followed."""
        save(self.root, path, text)
        return self.told()

    def told(self) -> str:
        """What it prints on a build, up to the line that ends with the seconds it took and the files that changed."""
        said = [self.lines.get(timeout=PATIENCE)]
        while not said[-1].startswith(("built in ", "rebuilt in ", "failed after ")):
            said.append(self.lines.get(timeout=PATIENCE))
        return "\n".join(said)

    @contextmanager
    def events(self) -> Iterator[Iterator[str]]:
        """The lines of the event stream."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", self.base + "__events")
        with connection.getresponse() as response:  # it owns the connection, which ends with the stream
            yield (line.decode().rstrip("\n") for line in iter(response.readline, b""))
        connection.close()


def numbers(events: Iterator[str]) -> Iterator[int]:
    for line in events:
        assert line != ": ping", "nothing was told for as long as a stream may be silent"
        if line.startswith("data: "):
            yield int(line.removeprefix("data: "))


@contextmanager
def running(root: Path, *, port: int = 0, poll: bool = False) -> Iterator[Running]:
    lines: queue.Queue[str] = queue.Queue()
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(root,), kwargs={"port": port, "poll": poll, "say": lines.put, "stop": stop})
    thread.start()
    try:
        said = lines.get(timeout=PATIENCE)
        assert said.startswith("Preview at http://"), said
        yield Running(root, lines, said)
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


ENVIRONMENT = {**os.environ, "PAPERGROVE_NO_BOOTSTRAP": "1", "PYTHONUNBUFFERED": "1"}
