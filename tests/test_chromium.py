"""How the tests find their browser, and what they hear from it."""

import shutil
import sys
from collections.abc import Iterator, Sequence

import chromium
import pytest
from playwright.sync_api import Browser, Page, Route

SITE = "http://survey.test"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> "Machine":
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    return Machine(monkeypatch)


class Machine:
    """A machine with some browsers, of which some start, and commands of which some work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on_path: set[str] = set()
        self.broken: set[str] = set()
        self.has_own = False
        self.works: dict[str, str] = {}  # the last word of a command → the browser that it brings
        self.ran: list[str] = []
        self.root = False
        monkeypatch.setattr(shutil, "which", lambda name: name if name in self.on_path else None)
        monkeypatch.setattr(chromium, "IN_FOLDERS", ())
        monkeypatch.setattr(chromium, "may_install", lambda: self.root)

    def starts(self, path: str) -> bool:
        return self.has_own if path == chromium.OWN else path not in self.broken

    def run(self, command: Sequence[str]) -> bool:
        self.ran.append(" ".join(command[-4:]))
        worked = command[0] in self.works
        if worked and command[-1] == "chromium":
            self.has_own |= self.works[command[0]] == chromium.OWN
            self.on_path |= {self.works[command[0]]} - {chromium.OWN}
        return worked

    def found(self) -> str | None:
        return chromium.find(self.starts, self.run)


def test_the_browser_asked_for_comes_first_and_nothing_stands_in_for_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.has_own = True
    monkeypatch.setenv(chromium.VARIABLE, "/my/browser")
    assert machine.found() == "/my/browser"
    machine.broken = {"/my/browser"}
    assert machine.found() is None
    assert machine.ran == []


def test_playwrights_own_browser_comes_before_the_systems(machine: Machine) -> None:
    machine.on_path = {"chromium"}
    machine.has_own = True
    assert machine.found() == chromium.OWN


def test_a_browser_that_does_not_start_is_passed_over(machine: Machine) -> None:
    machine.on_path = {"chromium-browser", "google-chrome-stable", "microsoft-edge"}
    machine.broken = {"chromium-browser"}
    assert machine.found() == "google-chrome-stable"
    assert machine.ran == []


def test_playwright_brings_one_when_there_is_none(machine: Machine) -> None:
    machine.works = {sys.executable: chromium.OWN}
    assert machine.found() == chromium.OWN
    assert machine.ran == ["playwright install --only-shell chromium"]


def test_root_on_debian_installs_one_when_playwright_cannot(machine: Machine) -> None:
    machine.works = {"apt-get": "chromium"}
    assert machine.found() is None  # not root
    machine.root = True
    assert machine.found() == "chromium"
    assert machine.ran[-2:] == ["apt-get update", "apt-get install --yes chromium"]


def test_none_at_all_is_said_with_what_to_do(machine: Machine) -> None:
    machine.root = True
    assert machine.found() is None
    assert "PAPERGROVE_BROWSER=" in chromium.NOT_FOUND
    assert "playwright install" in chromium.NOT_FOUND


# ------------------------------------------------------------------ complaints

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'"


def answer(route: Route) -> None:
    """`/word` is a page that runs `/word.js` and shows `/word.png`, which is missing, broken or empty."""
    word, _, kind = route.request.url.removeprefix(SITE + "/").partition(".")
    scripts = {
        "quiet": "console.log('a word'); console.warn('another')",
        "console": "console.error('out of ink')",
        "exception": "throw new Error('out of paper')",
        "rejection": "Promise.reject(new Error('out of time'))",
        "style": "document.body.setAttribute('style', 'color: red')",
        "elsewhere": "fetch('http://elsewhere.test/').catch(() => 0)",
        "ended": "const end = new AbortController(); fetch('/never.json', {signal: end.signal}).catch(() => 0); end.abort()",
        "worker": "new Worker('/thread.js')",
        "thread": "throw new Error('out of thread')",
        "missing": "",
        "broken": "",
    }
    if word not in scripts and kind != "json":
        route.fulfill(status=404, body="not here", content_type="text/plain")
    elif kind == "":
        body = f"<!doctype html><title>A page</title><body><script src='{word}.js'></script><img src='{word}.png' alt=''>"
        route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})
    elif kind == "js":
        route.fulfill(body=scripts[word], content_type="text/javascript")
    elif kind == "png" and word == "broken":
        route.abort("connectionreset")
    elif kind == "png":
        route.fulfill(status=404 if word == "missing" else 200, body="", content_type="image/png")


def heard_on(page: Page, path: str, complaints: list[str]) -> str:
    page.goto(SITE + path)
    chromium.settle(page.context)
    return "\n".join(complaints)


@pytest.fixture
def complaints(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page that is watched, in a context that does not fail this test."""
    heard: list[str] = []
    with browser.new_context() as context:
        context.route("**/*", answer)
        chromium.watch(context, heard)
        yield context.new_page(), heard


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/console", f"console: out of ink ({SITE}/console.js)"),
        ("/exception", "exception: out of paper"),
        ("/rejection", "exception: out of time"),
        ("/style", "Content Security Policy directive 'style-src 'self''"),
        ("/elsewhere", 'Content Security Policy directive: "connect-src'),
        ("/missing", f"status of 404 (Not Found) ({SITE}/missing.png)"),
        ("/broken", f"request failed: net::ERR_CONNECTION_RESET ({SITE}/broken.png)"),
    ],
)
def test_what_goes_wrong_in_a_page_is_heard(complaints: tuple[Page, list[str]], path: str, complaint: str) -> None:
    assert complaint in heard_on(complaints[0], path, complaints[1])


def test_what_goes_wrong_in_a_worker_is_heard(complaints: tuple[Page, list[str]]) -> None:
    page, heard = complaints
    with page.expect_worker():
        page.goto(SITE + "/worker")
    chromium.settle(page.context)
    assert "out of thread" in "\n".join(heard)


@pytest.mark.parametrize("path", ["/quiet", "/ended"])
def test_a_word_on_the_console_and_a_request_that_the_page_ended_are_no_complaints(
    complaints: tuple[Page, list[str]], path: str
) -> None:
    assert heard_on(complaints[0], path, complaints[1]) == ""


def test_complaints_come_from_pages_without_scripts_too(browser: Browser) -> None:
    heard: list[str] = []
    with browser.new_context(java_script_enabled=False) as context:
        context.route("**/*", answer)
        chromium.watch(context, heard)
        assert "status of 404" in heard_on(context.new_page(), "/nowhere", heard)


@pytest.mark.complains("status of 404")
def test_a_test_may_expect_a_complaint(page: Page) -> None:
    page.route("**/*", answer)
    response = page.goto(SITE + "/nowhere")
    assert response is not None
    assert response.status == 404


def test_expected_complaints_must_come_and_others_must_not() -> None:
    complaints = ["console: status of 404 (a)", "console: status of 500 (b)"]
    assert chromium.surprises(complaints, ["404", "500"]) == []
    assert chromium.surprises(complaints, ["404"]) == ["console: status of 500 (b)"]
    assert chromium.surprises([], ["404"]) == ["expected, but not heard: 404"]
