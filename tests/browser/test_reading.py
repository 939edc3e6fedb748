"""Reading: themes, the keyboard, without scripts, on paper, and everything that a page must be able to show."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_accessibility import open_page, wide
from test_site import ONE_OF_EACH_KIND

NewContext = Callable[..., BrowserContext]
PAPER = "papers/metacognitive-reuse/"
BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"

# The theme as it is when the body appears: before anything is painted.
FIRST_THEME = """new MutationObserver((_, observer) => {
  if (!document.body) return
  window.first_theme = document.documentElement.dataset.theme
  observer.disconnect()
}).observe(document, { childList: true, subtree: true })"""


# ------------------------------------------------------------------ light and dark


def test_the_theme_is_switched_and_kept_without_a_flash(new_context: NewContext, survey_site: str) -> None:
    context = new_context(color_scheme="light")
    page = context.new_page()
    page.goto(survey_site)
    light = page.evaluate(BACKGROUND)
    page.get_by_role("button", name="Switch to the dark theme").click()
    dark = page.evaluate(BACKGROUND)
    assert dark != light
    page.add_init_script(FIRST_THEME)
    page.goto(survey_site + PAPER)
    assert page.evaluate("first_theme") == "dark"
    assert page.evaluate(BACKGROUND) == dark
    page.get_by_role("button", name="Switch to the light theme").click()
    assert page.evaluate("localStorage.length") == 0  # what the device asks for anyway is not kept
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(BACKGROUND) == dark


@pytest.mark.own_page
def test_a_theme_can_be_switched_where_storage_is_forbidden(page: Page, survey_site: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })")
    page.emulate_media(color_scheme="dark")
    page.goto(survey_site)
    page.get_by_role("button", name="Switch to the light theme").click()
    expect(page.get_by_role("button", name="Switch to the dark theme")).to_be_visible()


def test_a_theme_is_followed_on_the_other_pages_that_are_open(new_context: NewContext, survey_site: str) -> None:
    context = new_context(color_scheme="light")
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(survey_site)
    first.get_by_role("button", name="Switch to the dark theme").click()
    expect(second.get_by_role("button", name="Switch to the light theme")).to_be_visible()


@pytest.mark.own_page
def test_the_key_of_one_letter_can_be_turned_off(page: Page, survey_site: str) -> None:
    page.goto(survey_site)
    page.get_by_role("button", name="Turn off the key / for the search").click()
    page.locator("body").press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.get_by_role("button", name="Let the key / go to the search").click()
    page.locator("body").press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_more_contrast_is_given_where_it_is_asked_for(new_context: NewContext, survey_site: str) -> None:
    page = new_context(contrast="more", color_scheme="light").new_page()
    page.goto(survey_site + PAPER)
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert page.locator(".facts dt").first.evaluate("node => getComputedStyle(node).color") == ink == "rgb(0, 0, 0)"


def test_forced_colors_keep_pictures_visible(new_context: NewContext, survey_site: str) -> None:
    page = new_context(forced_colors="active").new_page()
    page.goto(survey_site)
    paper = page.evaluate(BACKGROUND)
    for mark in (".year-columns rect", ".bar rect", ".glyph"):
        assert page.locator(f"{mark} >> visible=true").first.evaluate("node => getComputedStyle(node).fill") != paper


# ------------------------------------------------------------------ by keyboard alone


def test_by_keyboard_from_home_to_a_paper_to_a_tag_and_back(page: Page, survey_site: str) -> None:
    page.goto(survey_site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("metacognitive reuse")
    expect(page.get_by_role("list", name="Papers").get_by_role("link").first).to_contain_text("Metacognitive Reuse")
    page.keyboard.press("Enter")
    results = page.locator("#results h3 a")
    expect(results.first).to_contain_text("Metacognitive Reuse")
    page.keyboard.press("ArrowDown")
    expect(results.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(survey_site + PAPER)
    tag = page.locator(".facts .chip", has_text="LLM reasoning")
    for _ in range(60):
        page.keyboard.press("Tab")
        if tag.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("LLM reasoning")
    page.go_back()
    expect(page).to_have_url(survey_site + PAPER)
    page.go_back()
    expect(results.first).to_contain_text("Metacognitive Reuse")


FOCUS = """() => {
  const node = document.activeElement
  if (!node || node === document.body) return null
  const shown = node.matches('#q') ? node.parentElement : node
  const style = getComputedStyle(shown)
  const box = node.getClientRects()[0]
  const [x, y] = [box.left + Math.min(box.width / 2, 8), box.top + box.height / 2]
  const top = document.elementFromPoint(x, y)
  return {
    name: node.outerHTML.slice(0, 90),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: Boolean(top) && (node.contains(top) || top.contains(node)),
  }
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_the_focus_is_always_visible(new_context: NewContext, survey_site: str, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 700}, reduced_motion="reduce").new_page()
    for path in ("", PAPER, "tags/offline-rl/", "pages/habits-of-reasoning/", "search/?q=reward&year=2024"):
        open_page(page, survey_site + path)
        stops: list[dict[str, Any]] = []
        for _ in range(45):
            page.keyboard.press("Tab")
            if stop := page.evaluate(FOCUS):
                stops.append(stop)
        assert len(stops) > 20, path
        assert [stop["name"] for stop in stops if not (stop["ring"] and stop["seen"])] == [], path


def test_nothing_moves_where_motion_is_not_wanted(new_context: NewContext, survey_site: str) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    page.goto(survey_site + PAPER)
    page.get_by_role("searchbox").press_sequentially("reward")
    expect(page.get_by_role("region", name="Found while typing")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0


# ------------------------------------------------------------------ without scripts, and on paper


@pytest.mark.complains("static/js/worker.js", "static/js/lunr.js")  # preloaded for scripts; without them refused
def test_every_kind_of_page_is_whole_without_scripts(new_context: NewContext, survey_site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    for path in ONE_OF_EACH_KIND:
        page.goto(survey_site + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("contentinfo")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("theme"))).to_be_hidden()
    page.goto(survey_site)
    page.get_by_role("searchbox").fill("reward")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(survey_site + "search/?q=reward")
    expect(page.get_by_text("Searching needs JavaScript.")).to_be_visible()


def test_paper_is_white_and_holds_the_text_alone(new_context: NewContext, survey_site: str) -> None:
    page = new_context(color_scheme="dark").new_page()
    page.goto(survey_site + PAPER)
    page.get_by_role("button", name="Switch to the light theme").click()
    page.get_by_role("button", name="Switch to the dark theme").click()
    page.emulate_media(media="print")
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert _lightness(page, ink) < 0.4
    assert _lightness(page, page.evaluate(BACKGROUND)) > 0.9
    expect(page.get_by_role("article")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Site")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Neighboring papers by date")).to_be_hidden()
    assert "arxiv.org/abs/2509.13237" in page.locator('a[href="https://arxiv.org/abs/2509.13237"]').evaluate(
        "node => getComputedStyle(node, '::after').content"
    )


def _lightness(page: Page, color: str) -> float:
    """0 black, 1 white: the mean of red, green and blue as they are painted."""
    painted = """color => {
      const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
      context.fillStyle = color
      context.fillRect(0, 0, 1, 1)
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).reduce((a, b) => a + b) / 765
    }"""
    return float(page.evaluate(painted, color))


# ------------------------------------------------------------------ what a page must be able to show


STATES = ("papers/crowd/", "papers/long/", "papers/unbroken/", "papers/only-a-title/", "papers/rtl/", "papers/figures/")
LISTS = ("", "papers/", "tags/gardens/", "search/", "search/?q=moss", "years/2024/", "pages/on-gardens/")


@pytest.mark.own_page
def test_nothing_runs_out_of_the_page(page: Page, states_site: str) -> None:
    assert wide(page, states_site, (*STATES, *LISTS), dict.fromkeys((320, 360, 1280, 1600), "100%")) == []


def test_a_crowd_of_authors_is_one_step_away(page: Page, states_site: str) -> None:
    page.goto(states_site + "papers/crowd/")
    expect(page.get_by_role("list", name="Authors", exact=True).get_by_role("listitem")).to_have_count(12)
    expect(page.get_by_role("link", name="Person 444 Example")).to_be_hidden()
    page.get_by_text("433 more are named").click()
    expect(page.get_by_role("link", name="Person 444 Example")).to_be_visible()


def test_nothing_is_drawn_for_what_is_not_there(page: Page, states_site: str) -> None:
    page.goto(states_site + "papers/only-a-title/")
    expect(page.get_by_text("Nobody has written a note on this paper yet.")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("heading")).to_have_text(["Only a title", "Tags"])


def test_figures_with_their_units_are_set_large(page: Page, states_site: str) -> None:
    page.goto(states_site + "papers/figures/")
    expect(page.locator(".findings b")).to_have_text(["46%", "12.5%", "3.2×", "10 times"])


def test_a_foreign_text_has_its_own_direction_everywhere(page: Page, states_site: str) -> None:
    page.goto(states_site + "papers/rtl/")
    directions = "nodes => nodes.map(node => getComputedStyle(node).direction)"
    shown = page.locator("h1, .standfirst, .note, .findings li")
    assert shown.evaluate_all(directions) == ["rtl"] * 4
    page.goto(states_site + "search/?q=" + "الحدائق")
    card = page.locator("#results .card").first
    for text in (card.locator("h3 a"), card.locator(".gist")):
        expect(text).to_have_css("direction", "rtl")


def test_an_empty_survey_says_how_to_begin(page: Page, empty_site: str) -> None:
    page.goto(empty_site)
    expect(page.get_by_text("No papers yet.")).to_be_visible()
    page.goto(empty_site + "papers/")
    expect(page.get_by_text("No papers yet", exact=True)).to_be_visible()
