"""The preview as its user sees it: pages that follow each save, and problems that come and go by themselves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect
from running import APPLES, SURVEY, Running, made_up_survey, running, save

BROKEN = SURVEY[APPLES].replace("tags: [soil]", 'tags: ["<b id=hostile>soil</b>"]')
IS_500 = pytest.mark.complains("status of 500")  # what the browser says of each page that errors stand over


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Running]:
    with running(made_up_survey(tmp_path)) as preview:
        preview.told()
        yield preview


TURN = """state => {
  Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def open_page(preview: Running, page: Page, name: str = "papers/apples/") -> None:
    """Opens a page and waits until it listens."""
    with page.expect_response("**/__events"):
        page.goto(preview.address + name)


def test_a_save_is_seen_without_a_hand(preview: Running, page: Page) -> None:
    open_page(preview, page)
    for text in ("Yellow ones.", "Green ones."):
        save(preview.root, APPLES, SURVEY[APPLES].replace("Red ones.", text))
        expect(page.locator("main")).to_contain_text(text)


def test_a_style_sheet_is_seen_too(preview: Running, page: Page) -> None:
    open_page(preview, page)
    save(preview.root, "static/css/site.css", "h1 { color: rgb(1, 2, 3) }")
    expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")


@pytest.mark.own_page
def test_a_save_while_the_page_loads_is_not_lost(preview: Running, page: Page) -> None:
    saved: list[str] = []

    def late(route: Route) -> None:  # the page is there, its client not yet
        if not saved:
            saved.append(preview.save(APPLES, SURVEY[APPLES].replace("Red ones.", "Yellow ones.")))
        route.continue_()

    page.route("**/__preview.js", late)
    page.goto(preview.address + "papers/apples/", wait_until="commit")
    expect(page.locator("main")).to_contain_text("Yellow ones.")
    assert saved


@pytest.mark.own_page
def test_a_hidden_page_does_not_listen_and_follows_when_it_is_shown(preview: Running, page: Page) -> None:
    open_page(preview, page)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/__events")):
        page.evaluate(TURN, "hidden")
    preview.save(APPLES, SURVEY[APPLES].replace("Red ones.", "Yellow ones."))
    assert "Red ones." in page.inner_text("main")
    page.evaluate(TURN, "visible")
    expect(page.locator("main")).to_contain_text("Yellow ones.")


@IS_500
def test_an_error_stands_over_the_last_good_page_and_goes_by_itself(preview: Running, page: Page) -> None:
    open_page(preview, page)
    save(preview.root, APPLES, BROKEN)
    dialog = page.get_by_role("alertdialog", name="1 error, 0 warnings")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("content/papers/apples.md:4:8")
    expect(dialog).to_contain_text("not '<b id=hostile>soil</b>'")
    expect(page.locator("#hostile")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Red ones.")
    save(preview.root, APPLES, SURVEY[APPLES].replace("Red ones.", "Yellow ones."))
    expect(page.locator("main")).to_contain_text("Yellow ones.")
    expect(page.locator("dialog")).to_have_count(0)


@IS_500
@pytest.mark.parametrize("how", ["Escape", "Enter", "click"])
def test_an_error_is_put_away_by_key_or_button(preview: Running, page: Page, how: str) -> None:
    preview.save(APPLES, BROKEN)
    open_page(preview, page)
    dialog = page.get_by_role("alertdialog")
    button = dialog.get_by_role("button", name="Close")
    expect(button).to_be_focused()
    button.click() if how == "click" else page.keyboard.press(how)
    expect(dialog).to_be_hidden()
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Papers").click()
    expect(page).to_have_url(preview.address + "papers/")


@IS_500
def test_a_survey_that_never_built_shows_why_and_then_itself(tmp_path: Path, page: Page) -> None:
    root = made_up_survey(tmp_path)
    save(root, APPLES, BROKEN)
    with running(root) as preview:
        preview.told()
        open_page(preview, page)
        expect(page.get_by_role("alertdialog")).to_contain_text("content/papers/apples.md:4:8")
        save(root, APPLES, SURVEY[APPLES])
        expect(page.locator("main")).to_contain_text("Red ones.")
        page.goto("about:blank")


def test_warnings_open_from_a_corner(preview: Running, page: Page) -> None:
    preview.save(APPLES, SURVEY[APPLES].replace("[soil]", "[dirt]"))
    open_page(preview, page)
    warning = page.get_by_text("tag 'dirt' is retired")
    expect(warning).to_be_hidden()
    page.get_by_text("1 warning").click()
    expect(warning).to_be_visible()


@IS_500
@pytest.mark.own_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_errors_are_accessible(preview: Running, page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    preview.save(APPLES, BROKEN)
    open_page(preview, page)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    assert not Axe().run(page).response["violations"]


@pytest.mark.own_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_warnings_are_accessible(preview: Running, page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    preview.save(APPLES, SURVEY[APPLES].replace("[soil]", "[dirt]"))
    open_page(preview, page)
    page.get_by_text("1 warning").click()
    assert not Axe().run(page, "aside").response["violations"]


@IS_500
def test_an_error_is_shown_and_put_away_without_scripts(preview: Running, new_context: Callable[..., BrowserContext]) -> None:
    preview.save(APPLES, BROKEN)
    page = new_context(java_script_enabled=False).new_page()
    page.goto(preview.address)
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("content/papers/apples.md:4:8")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
