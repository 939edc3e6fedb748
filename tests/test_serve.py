import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import APPLES, ENVIRONMENT, PATIENCE, SURVEY, Running, free_port, made_up_survey, numbers, running, save

from generator import serve, watch
from generator.build import Assembled, assemble
from generator.load import load
from generator.render import theme_folder
from generator.serve import Preview, Server, base_path, listening
from generator.watch import look

# ------------------------------------------------------------------ the site


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return made_up_survey(tmp_path)


@pytest.fixture(autouse=True)
def _no_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not reported, or not looked for at the right moment, stays unseen."""
    monkeypatch.setattr(watch, "AT_LATEST", 0)


@pytest.fixture
def preview(root: Path) -> Iterator[Running]:
    with running(root) as preview:
        assert preview.told().startswith("built in ")
        yield preview


BROKEN = SURVEY[APPLES].replace("tags: [soil]", "tgas: [soil]")


def build_of(page: str) -> int:
    found = re.findall(r'<script type="module" src="[^"]*/__preview\.js" data-build="(\d+)"></script>', page)
    assert len(found) == 1
    return int(found[0])


def test_it_says_where_it_is_and_what_was_built(root: Path) -> None:
    with running(root) as preview:
        assert re.fullmatch(r"Preview at http://127\.0\.0\.1:\d+/garden-studies/ \(Ctrl-C ends it\)", preview.said)
        assert re.fullmatch(r"built in \d+\.\d\d s: \d+ pages", preview.told())


@pytest.mark.parametrize(
    ("base_url", "base"),
    [
        ("", "/garden-studies/"),
        ("base_url: https://example.org/deep/er\n", "/deep/er/"),
        ("base_url: /repo/\n", "/repo/"),
        ("base_url: https://example.org\n", "/"),
        ("base_url: [\n", "/garden-studies/"),
    ],
)
def test_the_site_stands_where_it_will_be_published(root: Path, base_url: str, base: str) -> None:
    save(root, "site.yml", SURVEY["site.yml"] + base_url)
    assert base_path(root) == base


def test_the_root_leads_to_the_site(preview: Running) -> None:
    found = preview.ask("/")
    assert (found.status, found.headers["Location"]) == (302, "/garden-studies/")


def test_a_site_at_the_root_of_its_host_is_served_there(root: Path) -> None:
    save(root, "site.yml", SURVEY["site.yml"] + "base_url: https://example.org\n")
    with running(root) as preview:
        assert "Apples in autumn" in preview.ask("/").text
        assert preview.ask("/papers/pears/").status == 200


def test_a_page_is_that_of_the_site_with_the_client_at_its_end(preview: Running) -> None:
    found = preview.get("papers/apples/")
    assert found.status == 200
    assert "Red ones." in found.text
    assert 'src="/garden-studies/__preview.js"' in found.text[found.text.index("</footer>") : found.text.index("</body>")]
    assert preview.get("__preview.js").headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert preview.get("__preview.css").headers["Content-Type"] == "text/css; charset=utf-8"


def test_nothing_of_the_preview_is_in_a_site(root: Path) -> None:
    outputs = assemble(root).outputs
    assert not [output.path for output in outputs if "preview" in output.path]
    assert not [output.path for output in outputs if b"__preview" in output.make()]


def test_nothing_is_written_but_what_builds_remember(preview: Running) -> None:
    preview.get("papers/apples/")
    assert {path.name for path in preview.root.iterdir()} <= {"site.yml", "content", ".papergrove"}


def test_a_page_that_only_leads_elsewhere_is_left_as_it_is(preview: Running) -> None:
    assert preview.get("tags/dirt/").text == assembled_page(preview.root, "tags/dirt/index.html")


def assembled_page(root: Path, path: str) -> str:
    outputs = assemble(root, base_url="/garden-studies/").outputs
    return next(output for output in outputs if output.path == path).make().decode()


def test_a_folder_without_its_slash_leads_to_the_one_with_it(preview: Running) -> None:
    found = preview.get("papers/apples?q=a%20b")
    assert (found.status, found.headers["Location"]) == (301, "/garden-studies/papers/apples/?q=a%20b")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("static/css/site.css", "text/css; charset=utf-8"),
        ("static/js/engine.js", "text/javascript; charset=utf-8"),
        ("static/icons/favicon.svg", "image/svg+xml; charset=utf-8"),
        ("build.json", "application/json; charset=utf-8"),
    ],
)
def test_each_file_has_its_type(preview: Running, name: str, kind: str) -> None:
    found = preview.get(name)
    assert (found.status, found.headers["Content-Type"]) == (200, kind)
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Cache-Control"] == "no-cache"


def test_a_page_is_made_when_it_is_asked_for_and_once(root: Path) -> None:
    preview = Preview(root, "/x/", print)
    preview.build()
    made: list[str] = []
    site = {path: counting(output, made) for path, output in preview.now.site.items()}
    preview.now = serve.Snapshot(number=1, site=site, report=preview.now.report, seconds=0.0)
    for _ in range(2):
        assert preview.answer("/x/papers/pears/").status == 200
    assert made == ["papers/pears/index.html"]


def counting(output: serve.Output, made: list[str]) -> serve.Output:
    def make() -> bytes:
        made.append(output.path)
        return output.make()

    return serve.Output(output.path, output.key, make)


# ------------------------------------------------------------------ following changes


def test_a_save_is_followed_and_named(preview: Running) -> None:
    said = preview.save(APPLES, SURVEY[APPLES].replace("Red ones.", "Yellow ones."))
    assert re.fullmatch(r"rebuilt in \d+\.\d\d s: content/papers/apples\.md", said)
    assert "Yellow ones." in preview.get("papers/apples/").text


def test_the_stream_tells_the_number_of_the_build_and_each_new_one(preview: Running) -> None:
    with preview.events() as events:
        told = numbers(events)
        first = next(told)
        assert first == build_of(preview.get().text)
        save(preview.root, APPLES, SURVEY[APPLES] + "More.\n")
        assert next(told) == first + 1
        assert build_of(preview.get().text) == first + 1


def test_a_save_between_a_page_and_its_stream_is_told_by_the_stream(preview: Running) -> None:
    page = preview.get().text
    preview.save(APPLES, SURVEY[APPLES] + "More.\n")
    with preview.events() as events:
        assert next(numbers(events)) == build_of(page) + 1


def test_numbers_of_a_later_start_are_others(root: Path) -> None:
    seen = []
    for _ in range(2):
        with running(root) as preview:
            seen.append(build_of(preview.get().text))
    assert seen[0] < seen[1]


def test_the_stream_is_kept_alive(preview: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PING", 0.01)
    with preview.events() as events:
        assert next(line for line in events if line and not line.startswith("data: ")) == ": ping"


@pytest.mark.parametrize("poll", [False, True])
def test_every_part_of_a_survey_is_watched(root: Path, poll: bool) -> None:
    with running(root, poll=poll) as preview:
        preview.told()
        for title in ("Twice", "Replaced"):
            assert "site.yml" in preview.save("site.yml", f"title: {title}\n")
            assert title in preview.get().text
        assert "content/papers/figs.md" in preview.save("content/papers/figs.md", "---\ntitle: Figs\n---\n")
        assert "templates/404.html" in preview.save("templates/404.html", "<p>First")
        assert "templates/404.html" in preview.save("templates/404.html", "<p>Second")
        assert preview.get("nowhere").text.startswith("<p>Second")
        assert "static/css/site.css" in preview.save("static/css/site.css", "body { color: teal }")
        assert preview.get("static/css/site.css").text == "body { color: teal }"
        (root / "content/papers/figs.md").unlink()
        assert "content/papers/figs.md" in preview.told()
        assert preview.get("papers/figs/").status == 404


def test_the_theme_is_watched_where_it_is(root: Path) -> None:
    assert {str(theme_folder("templates") / "base.html"), str(theme_folder("static") / "css/site.css")} <= look(root).keys()


def test_what_editors_and_builds_leave_behind_is_no_change(preview: Running) -> None:
    for path in ("content/papers/.apples.md.swp", "content/papers/apples.md~", ".papergrove/x", "_site/index.html", ".git/HEAD"):
        save(preview.root, path, "")
    assert preview.save(APPLES, SURVEY[APPLES] + "More.\n").endswith(" s: content/papers/apples.md")


def test_a_save_during_a_build_is_followed_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = []

    def slow(root: Path, *, base_url: str) -> Assembled:
        assembled = assemble(root, base_url=base_url)
        if len(saved) < 2:  # during the first build, and during the next
            saved.append(f"Version {len(saved)}.")
            save(root, APPLES, SURVEY[APPLES] + saved[-1])
        return assembled

    monkeypatch.setattr(serve, "assemble", slow)
    with running(root) as preview:
        assert [preview.told().split(" ")[0] for _ in range(3)] == ["built", "rebuilt", "rebuilt"]
        assert "Version 1." in preview.get("papers/apples/").text


def test_a_file_is_read_when_it_is_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sizes = iter([1000, 0, 10, 20, 20])  # it is emptied, then written
    monkeypatch.setattr(watch, "look", lambda _: {"file": (1, next(sizes), 1)})
    changes = watch.changes(tmp_path, {"file": (1, 1000, 1)}, True, threading.Event())
    assert next(changes) == ["file"]
    assert list(sizes) == []


def test_a_folder_that_cannot_be_watched_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "AT_LATEST", 1)
    with watch.bell([str(tmp_path / "gone")], False, threading.Event()) as wait:
        assert wait() is False  # after the time between two looks


# ------------------------------------------------------------------ problems


def test_an_error_is_shown_over_the_last_good_page_until_it_is_mended(preview: Running) -> None:
    said = preview.save(APPLES, BROKEN)
    assert (
        "content/papers/apples.md:4:1: error: unknown field 'tgas'\n    tgas: [soil]\n    ^\n    hint: did you mean 'tags'?"
        in said
    )
    assert re.search(r"\nfailed after \d+\.\d\d s: content/papers/apples\.md \(1 error, 0 warnings\)$", said)
    found = preview.get("papers/apples/")
    assert found.status == 500
    assert "Red ones." in found.text
    assert 'role="alertdialog"' in found.text
    assert (
        "<code>content/papers/apples.md:4:1</code> <strong>error:</strong> <bdi>unknown field &#39;tgas&#39;</bdi>" in found.text
    )
    assert "did you mean &#39;tags&#39;?" in found.text
    assert preview.get("static/css/site.css").status == 200
    preview.save(APPLES, SURVEY[APPLES])
    found = preview.get("papers/apples/")
    assert found.status == 200
    assert "alertdialog" not in found.text


def test_without_a_good_build_the_errors_stand_alone(root: Path) -> None:
    save(root, APPLES, BROKEN)
    with running(root) as preview:
        assert "failed after" in preview.told()
        found = preview.get()
        assert found.status == 500
        assert "Nothing to show yet" in found.text
        assert "content/papers/apples.md:4:1" in found.text
        assert build_of(found.text)
        preview.save(APPLES, SURVEY[APPLES])
        assert preview.get().status == 200


def test_what_an_error_quotes_is_text(preview: Running) -> None:
    preview.save(APPLES, SURVEY[APPLES].replace("[soil]", '["<script>alert(1)</script>"]'))
    page = preview.get().text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_of_very_many_errors_the_first_are_shown(preview: Running) -> None:
    fields = "".join(f"unknown_{number:02}: 1\n" for number in range(60))
    preview.save(APPLES, SURVEY[APPLES].replace("tags:", f"{fields}tags:"))
    page = preview.get().text
    assert "unknown_49" in page
    assert "unknown_50" not in page
    assert "… and 10 more" in page


def test_warnings_are_counted_in_a_corner(preview: Running) -> None:
    said = preview.save(APPLES, SURVEY[APPLES].replace("[soil]", "[dirt]"))
    assert "warning: tag 'dirt' is retired" in said
    assert said.endswith("s: content/papers/apples.md (0 errors, 1 warning)")
    found = preview.get("papers/apples/")
    assert found.status == 200
    assert "<summary>1 warning</summary>" in found.text
    assert "tag &#39;dirt&#39; is retired" in found.text
    assert "alertdialog" not in found.text


def test_a_report_that_stays_the_same_is_printed_once(preview: Running) -> None:
    preview.save(APPLES, BROKEN)
    said = preview.save("content/papers/pears.md", SURVEY["content/papers/pears.md"] + "More.\n")
    assert re.fullmatch(r"failed after \d+\.\d\d s: content/papers/pears\.md \(1 error, 0 warnings\)", said)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% extends 'base.html' %}\n{% block main %}\n{{ nothing.here }}{% endblock %}", "&#39;nothing&#39; is undefined"),
        ("{% extends 'base.html' %}\n{% block main %}\n{% fi %}{% endblock %}", "unknown tag &#39;fi&#39;"),
    ],
)
def test_an_error_in_a_template_is_shown_with_its_line(preview: Running, template: str, message: str) -> None:
    assert preview.get("papers/apples/").status == 200
    preview.save("templates/paper.html", template)
    found = preview.get("papers/apples/")
    assert found.status == 500
    assert "<code>templates/paper.html:3</code>" in found.text
    assert message in found.text
    assert "Red ones." in found.text  # as it was the last time
    assert "templates/paper.html:3: error: " in preview.lines.get(timeout=PATIENCE)
    assert "Nothing to show yet" in preview.get("papers/pears/").text  # nobody has looked at it before
    assert preview.get("sources/").status == 200


def test_a_file_that_cannot_be_made_says_why(root: Path) -> None:
    save(root, "static/notes.txt", "One")
    said: list[str] = []
    preview = Preview(root, "/x/", said.append)
    preview.build()
    (root / "static/notes.txt").unlink()
    found = preview.answer("/x/static/notes.txt")
    assert found.status == 500
    assert b"No such file" in found.body
    assert "No such file" in said[0]


def test_a_mistake_of_our_own_ends_nothing(preview: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("generator.build.check", lambda _: 1 / 0)
        said = preview.save(APPLES, SURVEY[APPLES] + "More.\n")
        assert "ZeroDivisionError: division by zero" in said
        assert "Traceback" not in said
        assert "ZeroDivisionError" in preview.get().text
    preview.save(APPLES, SURVEY[APPLES])
    assert preview.get().status == 200


def test_a_file_that_two_things_want_to_be_is_an_error(preview: Running) -> None:
    preview.save("static/css/facets.css", "")
    assert "two things want to be this file" in preview.get().text


# ------------------------------------------------------------------ HTTP


def test_what_is_not_there_gives_the_sites_own_404_page(preview: Running) -> None:
    for target in ("/garden-studies/nothing", "/garden-studies/papers/nobody/", "/elsewhere", "/garden-studies"):
        found = preview.ask(target)
        assert found.status == 404
        assert "There is no such page" in found.text
        assert 'href="/garden-studies/static/css/site.css"' in found.text


@pytest.mark.parametrize(
    "target",
    [
        "/garden-studies/../site.yml",
        "/garden-studies/static/../../site.yml",
        "/garden-studies/%2e%2e/site.yml",
        "/garden-studies/..%2fsite.yml",
        "/garden-studies/..%5csite.yml",
        "/garden-studies/static/css/site.css%00",
        "/garden-studies//static/css/site.css",
        "/garden-studies/%ff",
        "//etc/passwd",
        "/garden-studies//etc/passwd",
        "/garden-studies/./build.json",
        "/garden-studies/content/papers/apples.md",
        "/garden-studies/.papergrove/labels.json",
        "/garden-studies/__preview.js/../overlay.html",
        "/site.yml",
        "/" + "a" * 60_000,
        "/garden-studies/" + "a/" * 30_000,
    ],
)
def test_no_address_leads_out_of_the_site(preview: Running, target: str) -> None:
    assert preview.ask(target).status == 404


def test_a_request_line_without_end_is_refused(preview: Running) -> None:
    assert preview.ask("/" + "a" * 70_000).status == 414


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_preview_is_only_read(preview: Running, method: str) -> None:
    found = preview.ask(preview.base, method)
    assert (found.status, found.headers["Allow"]) == (405, "GET, HEAD")


def test_a_method_that_nobody_knows_is_refused(preview: Running) -> None:
    assert preview.ask(preview.base, "BREW").status == 501


@pytest.mark.parametrize("name", ["", "papers/apples/", "papers/apples", "nothing", "static/js/engine.js", "__preview.js"])
def test_head_gives_the_headers_alone(preview: Running, name: str) -> None:
    got, head = preview.get(name), preview.ask(preview.base + name, "HEAD")
    assert head.status == got.status
    assert int(head.headers["Content-Length"]) == len(got.body)
    assert {**head.headers, "Date": ""} == {**got.headers, "Date": ""}


@pytest.mark.parametrize(("name", "connection"), [("", "Connection: close\n"), ("__events", "")])
def test_head_sends_no_body(preview: Running, name: str, connection: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PING", 10 * PATIENCE)
    answer = preview.answer(f"HEAD {preview.base}{name} HTTP/1.1\nHost: {{host}}\n{connection}\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.index(b"\r\n\r\n") == len(answer) - 4


@pytest.mark.parametrize("name", ["", "static/css/site.css"])
def test_what_a_browser_has_already_is_not_sent_again(preview: Running, name: str) -> None:
    tag = preview.get(name).headers["ETag"]
    for held in (tag, f'"other", W/{tag}', "*"):
        found = preview.get(name, If_None_Match=held)
        assert (found.status, found.body, found.headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in found.headers
    assert preview.get(name, If_None_Match='"other"').status == 200


def test_a_build_renews_the_pages_and_only_those_files_that_changed(preview: Running) -> None:
    names = ("sources/", "static/css/site.css", "api/papers.json")
    tags = [preview.get(name).headers["ETag"] for name in names]
    preview.save(APPLES, SURVEY[APPLES] + "More.\n")
    assert [preview.get(name, If_None_Match=tag).status for name, tag in zip(names, tags, strict=True)] == [200, 304, 200]


def test_a_page_over_which_errors_stand_is_never_taken_from_a_cache(preview: Running) -> None:
    tag = preview.get().headers["ETag"]
    preview.save(APPLES, BROKEN)
    found = preview.get(If_None_Match=tag)
    assert (found.status, found.headers["ETag"]) == (500, None)


def test_a_part_of_a_file_is_the_whole(preview: Running) -> None:
    found = preview.get("static/css/site.css", Range="bytes=0-9")
    assert (found.status, found.body) == (200, (theme_folder("static") / "css/site.css").read_bytes())


def test_only_names_of_this_machine_are_answered(preview: Running) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert preview.get(Host=f"{host}:{preview.port}").status == 200
    for host in ("evil.example", f"evil.example:{preview.port}", "127.0.0.1", f"127.0.0.1:{preview.port + 1}", ""):
        for name in ("", "__events", "build.json"):
            assert preview.get(name, Host=host).status == 421


@pytest.mark.parametrize("hosts", ["", "Host: {host}\nHost: evil.example\n"])
def test_a_request_names_one_host(preview: Running, hosts: str) -> None:
    answer = preview.answer(f"GET {preview.base} HTTP/1.1\n{hosts}Connection: close\n\n")
    assert answer.startswith(b"HTTP/1.1 421 ")


def connected(preview: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE)


def test_only_this_machine_is_served(root: Path) -> None:
    with Server(Preview(root, "/x/", print), 0) as server:
        assert server.socket.getsockname()[0] == "127.0.0.1"


def test_half_open_and_slow_clients_block_nobody(preview: Running) -> None:
    clients = [connected(preview) for _ in range(40)]
    try:
        for client in clients[::2]:
            client.sendall(b"GET /garden-studies/ HTTP/1.1\r\nHost: 127")
        with preview.events():  # and one that does not read
            assert preview.get().status == 200
            assert preview.save(APPLES, SURVEY[APPLES] + "More.\n").startswith("rebuilt")
    finally:
        for client in clients:
            client.close()


def test_a_client_that_says_nothing_is_sent_away(preview: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < serve.Handler.timeout <= 60
    monkeypatch.setattr(serve.Handler, "timeout", 0.01)
    with connected(preview) as client:
        client.sendall(b"GET /garden-studies/ HTTP/1.1\r\nHost: 127")
        assert client.recv(100) == b""


def test_one_connection_serves_many_requests(preview: Running) -> None:
    request = f"GET {preview.base}build.json HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\n\r\n".encode()
    with connected(preview) as client, client.makefile("rb") as answer:
        for _ in range(3):
            client.sendall(request)
            head = list(iter(answer.readline, b"\r\n"))
            length = next(int(line.split()[1]) for line in head if line.startswith(b"Content-Length:"))
            assert b'"generator"' in answer.read(length)


def test_a_mistake_while_answering_is_told_and_the_next_request_is_answered(
    preview: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, connected(preview) as client:
        patched.setattr(Preview, "answer", lambda _, target: target / 0)
        client.sendall(f"GET {preview.base} HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\n\r\n".encode())
        assert client.recv(100) == b""
    assert "TypeError" in preview.lines.get(timeout=PATIENCE)
    assert preview.get().status == 200


# ------------------------------------------------------------------ start and end


def test_a_busy_port_is_named_and_the_next_free_one_taken(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        busy = other.getsockname()[1]
        lines = []
        preview = Preview(root, "/x/", lines.append)
        with listening(preview, busy) as port:
            assert port > busy
        with running(root, port=busy) as started:
            assert started.port > busy
            assert started.said.endswith(f"/garden-studies/ (port {busy} is busy; Ctrl-C ends it)")


def test_ctrl_c_ends_it_also_while_a_page_listens(root: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "generator", "serve", "--root", str(root), "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        assert process.stderr is not None
        try:
            said, built = process.stderr.readline(), process.stderr.readline()
            with Running(root, queue.Queue(), said).events() as events:
                assert next(numbers(events))
                process.send_signal(signal.SIGINT)
                assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
        assert built.startswith("built in ")
        assert process.stderr.read() == ""


def test_the_survey_of_the_tests_has_nothing_wrong(root: Path) -> None:
    assert load(root)[1] == ()
