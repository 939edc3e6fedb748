"""Rules of accessibility (WCAG 2.2 AA and best practices, by axe) on every kind of page, in both themes and widths."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext
from test_site import ONE_OF_EACH_KIND

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_no_rule_is_broken(new_context: Callable[..., BrowserContext], survey_site: str, width: int, theme: str) -> None:
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=theme).new_page()
    found = {}
    for path in ONE_OF_EACH_KIND:
        page.goto(survey_site + path)
        page.wait_for_load_state("networkidle")
        violations = Axe().run(page, options=OPTIONS).response["violations"]
        if violations:
            found[path] = [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in violations]
    assert not found


@pytest.mark.parametrize("width", [320, 390])
def test_no_page_scrolls_sideways(new_context: Callable[..., BrowserContext], survey_site: str, width: int) -> None:
    """Also with text at twice its size, as far as 390 px."""
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    wide = []
    for path in ONE_OF_EACH_KIND:
        page.goto(survey_site + path)
        if width == 390:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert not wide
