"""Rules of accessibility (WCAG 2.2 AA and best practices, by axe) on every kind of page, in both themes and widths."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_site import ONE_OF_EACH_KIND

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STATES = ("papers/crowd/", "papers/long/", "papers/only-a-title/", "papers/rtl/", "papers/figures/", "papers/", "")

Violations = dict[str, list[tuple[str, list[Any]]]]


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    if "/search/" in address:
        expect(page.get_by_role("status")).not_to_be_empty()


def violations(page: Page, rules: Iterable[str]) -> list[tuple[str, list[Any]]]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": list(rules), "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]


def broken(page: Page, site: str, paths: Iterable[str], widths: Iterable[int] = (1280,)) -> Violations:
    """In the light and in the dark."""
    found: Violations = {}
    for path in paths:
        open_page(page, site + path)
        for width, theme in itertools.product(widths, THEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            if rules := violations(page, LEVELS):
                found[f"{path} {width} {theme}"] = rules
    return found


@pytest.mark.own_page
def test_no_rule_is_broken(page: Page, survey_site: str) -> None:
    others = [path for path in ONE_OF_EACH_KIND if path not in ("map/", "review/")]
    assert not broken(page, survey_site, others, widths=(390, 1280))


@pytest.mark.own_page
def test_no_rule_is_broken_by_the_longest_page(page: Page, survey_site: str) -> None:
    """That of the map, of a smaller survey, is judged with the map's tests."""
    assert not broken(page, survey_site, ["review/"], widths=(390,))


@pytest.mark.own_page
def test_no_rule_is_broken_by_what_is_hard_to_show(page: Page, states_site: str) -> None:
    assert not broken(page, states_site, STATES)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_rule_is_broken_while_typing(
    new_context: Callable[..., BrowserContext], survey_site: str, width: int, theme: str
) -> None:
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto(survey_site + "papers/metacognitive-reuse/")
    page.get_by_role("searchbox").fill("reward mod")
    expect(page.get_by_role("list", name="Papers").get_by_role("listitem")).to_have_count(6)
    assert not violations(page, LEVELS)


@pytest.mark.own_page
def test_no_page_scrolls_sideways(page: Page, survey_site: str) -> None:
    """Also with text at twice its size, as far as 390 px."""
    assert wide(page, survey_site, ONE_OF_EACH_KIND, {320: "100%", 390: "200%"}) == []


def wide(page: Page, site: str, paths: Iterable[str], widths: Mapping[int, str]) -> list[tuple[str, int]]:
    """The pages that are wider than a window of one of these widths, with text of that size."""
    found = []
    for path in paths:
        open_page(page, site + path)
        for width, size in widths.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((path, width))
    return found
