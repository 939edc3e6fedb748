"""What all tests share: the browser, that its complaints fail a test, and the material beside the project."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import chromium
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "complains(*texts): complaints of the browser that hold one of the texts are expected, and must come",
    )
    config.addinivalue_line(
        "markers",
        "own_page: the test leaves something in its page (a clock, a script, a route, a theme), so it has one for itself",
    )
    config.addinivalue_line(  # pytest-playwright's, about itself; every other warning is an error
        "filterwarnings",
        "ignore:(?s)Session-scoped fixtures defined as instance methods.*'base_url':pytest.PytestRemovedIn10Warning",
    )


@pytest.fixture(scope="session")
def shared() -> Path | None:
    """The folder of read-only material beside the project, where there is one."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_type: BrowserType) -> dict[str, Any]:
    """One browser for the run; it is looked for when the first test asks for it, and its absence is never a skip."""
    if browser_type.name != "chromium":
        return browser_type_launch_args
    options = {**browser_type_launch_args, "args": [*chromium.QUIET]}

    def starts(path: str) -> bool:
        try:
            browser_type.launch(**options, executable_path=path or None, timeout=30_000).close()
        except Error:
            return False
        return True

    path = chromium.find(starts, chromium.run)
    if path is None:
        pytest.exit(chromium.NOT_FOUND, returncode=4)
    return {**options, "executable_path": path or None}


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Every context, so every page, of a test is watched: a complaint fails the test unless `complains` expects it."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        chromium.watch(context, complaints)
        contexts.append(context)
        return context

    yield watched
    _no_surprises(request, contexts, complaints)


@pytest.fixture(scope="session")
def _one_page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    context, complaints = browser.new_context(), list[str]()
    chromium.watch(context, complaints)
    yield context.new_page(), complaints
    context.close()


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """One page for all tests, watched like any other, unless a test is marked `own_page`: a new one takes as long as a test."""
    if request.node.get_closest_marker("own_page"):
        yield request.getfixturevalue("new_context")().new_page()
        return
    page, complaints = request.getfixturevalue("_one_page")
    complaints.clear()
    yield page
    _no_surprises(request, [page.context], complaints)
    page.goto("about:blank")


def _no_surprises(request: pytest.FixtureRequest, contexts: list[BrowserContext], complaints: list[str]) -> None:
    for context in contexts:
        chromium.settle(context)
    expected = [text for marker in request.node.iter_markers("complains") for text in marker.args]
    if surprises := chromium.surprises(complaints, expected):
        pytest.fail("the browser complained:\n" + "\n".join(surprises), pytrace=False)
