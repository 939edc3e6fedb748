"""The browser that tests look through: finds a Chromium, gets one where there is none, and notes what it complains about."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Request

VARIABLE = "PAPERGROVE_BROWSER"
OWN = ""  # the one that Playwright downloads; it knows where that is

QUIET = (  # no first-run pages, and no calls to its maker's servers
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
IN_FOLDERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)

FROM_PLAYWRIGHT = ((sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"),)
FROM_DEBIAN = (("apt-get", "update"), ("apt-get", "install", "--yes", "chromium"))

NOT_FOUND = (
    "The browser tests need Chromium, Chrome or Edge, and none could be started.\n"
    f"Install one and name it if need be ({VARIABLE}=/path/to/it), or run: python -m playwright install --with-deps chromium"
)


def find(starts: Callable[[str], bool], run: Callable[[Sequence[str]], bool]) -> str | None:
    """The first browser that starts: the one asked for, one that is there, or one that can be had. None: there is none.

    Being there is not enough: Ubuntu's `chromium-browser`, for one, may only say that a snap should be installed.
    """
    if chosen := os.environ.get(VARIABLE):
        return chosen if starts(chosen) else None
    for commands in ((), FROM_PLAYWRIGHT, FROM_DEBIAN if may_install() else None):
        if commands is not None and all(run(command) for command in commands):
            for browser in installed():
                if starts(browser):
                    return browser
    return None


def installed() -> Iterator[str]:
    yield OWN
    yield from filter(None, map(shutil.which, ON_PATH))
    yield from (path for path in map(os.path.expandvars, IN_FOLDERS) if Path(path).is_file())


def may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def run(command: Sequence[str]) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


# ------------------------------------------------------------------ what it complains about


def watch(context: BrowserContext, complaints: list[str]) -> None:
    """Notes errors on the console, which every violation of the content security policy is, exceptions, failed requests."""

    def console(message: ConsoleMessage) -> None:
        url = message.location["url"]
        if message.type == "error" and not url.endswith("/favicon.ico"):  # the browser asks for that on its own
            complaints.append(f"console: {message.text} ({url})")

    def request_failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page itself, or the next one, ended it
            complaints.append(f"request failed: {request.failure} ({request.url})")

    context.on("console", console)
    context.on("weberror", lambda event: complaints.append(f"exception: {event.error}"))
    context.on("requestfailed", request_failed)


def settle(context: BrowserContext) -> None:
    """Asks each page and worker for an answer: what it said before has arrived when the answer has."""
    for page in context.pages:
        for evaluate in (page.evaluate, *(worker.evaluate for worker in page.workers)):
            with suppress(Error):  # closed, or on its way to another page
                evaluate("0")


def surprises(complaints: Iterable[str], expected: Sequence[str]) -> list[str]:
    """The complaints that hold none of the expected texts, and the expected texts that no complaint holds."""
    complaints = list(complaints)
    return [
        *(complaint for complaint in complaints if not any(text in complaint for text in expected)),
        *(f"expected, but not heard: {text}" for text in expected if not any(text in complaint for complaint in complaints)),
    ]
