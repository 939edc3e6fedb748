"""The map: by mouse, finger and keyboard, with what is asked and selected in the address, and without scripts."""

import re
from collections.abc import Callable, Iterator

import pytest
from conftest import BASE, served
from playwright.sync_api import BrowserContext, Page, expect
from surveys import many, tiny
from test_accessibility import broken, wide

from generator import locks
from generator.build import build

PAPERS = 60


def place(n: int) -> tuple[float, float]:
    """Of `many`'s papers: gardens (each third) to the left, counting to the right."""
    row, column = divmod(n // 3, 5)
    across = -0.9 + 0.1 * column if n % 3 == 0 else 0.1 * n % 3 + 0.12 * column
    return round(across / 4, 4), round((-0.5 + 0.25 * row + 0.04 * (n % 3)) / 4, 4)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tiny(tmp_path_factory.mktemp("mapped"), many(PAPERS))
    places = {f"paper-{n}": place(n) for n in range(PAPERS)}
    (root / locks.PLACES).write_text(locks.write_places(places), encoding="utf-8")
    built = build(root, root / "_site", base_url=BASE)
    assert built.written, built.report
    with served(root / "_site") as address:
        yield address


@pytest.fixture
def at_map(page: Page, site: str) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + "map/")
    expect(page.locator("#in_view")).to_have_text(f"In view: {PAPERS} papers")
    return page


def middle(page: Page, paper: int) -> tuple[float, float]:
    """Where on the screen a paper stands."""
    href = page.locator(f".dots a[href$='papers/paper-{paper}/']")
    box = href.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_paper_pointed_at_shows_its_card_and_a_click_opens_it(at_map: Page) -> None:
    at_map.mouse.move(*middle(at_map, 0))
    card = at_map.locator("#card")
    expect(card).to_contain_text("Counting moss on plot 0")
    expect(card.locator(".chip").first).to_have_text("Gardens")
    at_map.mouse.click(*middle(at_map, 0))
    expect(at_map).to_have_url(re.compile("/papers/paper-0/$"))


def test_the_wheel_is_the_page_s_until_the_map_is_meant(at_map: Page) -> None:
    view = at_map.locator("#map").get_attribute("viewBox")
    at_map.mouse.move(*middle(at_map, 0))
    at_map.mouse.wheel(0, 200)
    expect(at_map.locator("#map")).to_have_attribute("viewBox", view or "")
    at_map.evaluate("scrollTo(0, 0)")
    at_map.keyboard.down("Control")
    at_map.mouse.wheel(0, -400)
    at_map.keyboard.up("Control")
    expect(at_map.locator("#map")).not_to_have_attribute("viewBox", view or "")


def test_an_enlarged_map_lists_what_is_in_view_and_can_be_dragged(at_map: Page) -> None:
    for _ in range(3):
        at_map.get_by_role("button", name="Enlarge").click()
    heading = at_map.locator("#in_view")
    expect(heading).not_to_have_text(f"In view: {PAPERS} papers")
    before = heading.text_content() or ""
    box = at_map.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    at_map.mouse.move(x, y)
    at_map.mouse.down()
    at_map.mouse.move(x + 300, y, steps=4)
    at_map.mouse.up()
    expect(at_map).to_have_url(re.compile("/map/$"))  # a drag is no click
    expect(heading).not_to_have_text(before)
    at_map.get_by_role("button", name="The whole map").click()
    expect(heading).to_have_text(f"In view: {PAPERS} papers")


def test_a_question_dims_the_others_and_goes_along_to_the_list_and_back(at_map: Page, site: str) -> None:
    at_map.get_by_role("searchbox").fill("lichen")
    expect(at_map.locator("#told")).to_have_text("6 of 60 papers")
    expect(at_map.locator(".dots a.found")).to_have_count(6)
    expect(at_map.locator(".dots a")).to_have_count(PAPERS)
    expect(at_map.locator("#in_view")).to_have_text("In view: 6 papers")
    at_map.get_by_role("link", name="See as a list").click()
    expect(at_map).to_have_url(re.compile(r"/search/\?q=lichen$"))
    expect(at_map.locator("#results .card")).to_have_count(6)
    at_map.get_by_role("link", name="See on the map").click()
    expect(at_map).to_have_url(re.compile(r"/map/\?q=lichen$"))
    expect(at_map.locator(".dots a.found")).to_have_count(6)


def test_a_name_and_the_facets_filter(at_map: Page) -> None:
    at_map.locator(".names [data-tag='gardens']").click()
    expect(at_map).to_have_url(re.compile(r"\?tag=gardens$"))
    expect(at_map.locator(".dots a.found")).to_have_count(24)  # moss is suggested for four more
    at_map.get_by_role("link", name="Gardens remove").click()
    expect(at_map.locator(".map")).not_to_have_class(re.compile("sifted"))
    at_map.get_by_role("button", name="Filter").click()
    at_map.locator("#filter_panel summary", has_text="Method").click()
    at_map.get_by_role("checkbox", name="Counting").check()
    expect(at_map.locator(".dots a.found")).to_have_count(44)
    at_map.go_back()
    expect(at_map.locator(".map")).not_to_have_class(re.compile("sifted"))


def test_a_line_drawn_around_papers_selects_them_and_can_be_linked(at_map: Page) -> None:
    at_map.get_by_role("button", name="Select by drawing").click()
    x, y = middle(at_map, 0)
    at_map.mouse.move(x - 15, y - 15)
    at_map.mouse.down()
    for corner in ((x + 15, y - 15), (x + 15, y + 15), (x - 15, y + 15)):
        at_map.mouse.move(*corner)
    at_map.mouse.up()
    expect(at_map.locator("#in_view")).to_have_text("Selected: 1 paper")
    expect(at_map).to_have_url(re.compile("/map/#ids=paper-0$"))
    expect(at_map.locator("#spots li")).to_have_text(re.compile("Counting moss on plot 0"))
    at_map.reload()
    expect(at_map.locator("#in_view")).to_have_text("Selected: 1 paper")
    at_map.get_by_role("button", name="Clear the selection").click()
    expect(at_map.locator("#in_view")).to_have_text(f"In view: {PAPERS} papers")
    expect(at_map).to_have_url(re.compile("/map/$"))


def test_the_map_is_one_stop_and_arrows_go_from_paper_to_paper(at_map: Page) -> None:
    assert at_map.locator(".dots a[tabindex='0']").count() == 1
    at_map.locator(".dots a[tabindex='0']").focus()
    first = at_map.evaluate("document.activeElement.getAttribute('href')")
    at_map.keyboard.press("ArrowDown")
    at_map.keyboard.press("ArrowRight")
    second = at_map.evaluate("document.activeElement.getAttribute('href')")
    assert second != first
    title = at_map.evaluate("document.activeElement.getAttribute('aria-label')")
    expect(at_map.locator("#card h3")).to_have_text(title)
    at_map.keyboard.press("Space")
    expect(at_map.locator("#in_view")).to_have_text("Selected: 1 paper")
    at_map.keyboard.press("Escape")
    expect(at_map.locator("#card")).to_be_hidden()
    at_map.keyboard.press("+")
    expect(at_map.locator(".map")).to_have_class(re.compile("enlarged"))
    at_map.keyboard.press("0")
    at_map.keyboard.press("Escape")
    expect(at_map.locator("#in_view")).to_be_focused()
    at_map.locator(".dots a[tabindex='0']").focus()
    at_map.keyboard.press("Enter")
    expect(at_map).to_have_url(re.compile(re.escape(second.removeprefix(".."))))


def test_a_finger_sees_the_card_first_and_follows_its_link(new_context: Callable[..., BrowserContext], site: str) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.goto(site + "map/")
    expect(page.locator("#in_view")).to_have_text(f"In view: {PAPERS} papers")
    page.touchscreen.tap(*middle(page, 0))
    expect(page.locator("#card")).to_contain_text("plot 0")
    assert page.url == site + "map/"
    page.locator("#card h3 a").tap()
    expect(page).to_have_url(re.compile("/papers/paper-0/$"))


def test_without_scripts_each_paper_is_a_link_and_stands_in_the_index(
    new_context: Callable[..., BrowserContext], site: str
) -> None:
    page = new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False).new_page()
    page.goto(site + "map/")
    expect(page.get_by_role("heading", name="Index of the map")).to_be_visible()
    expect(page.locator(".gazetteer li a")).to_have_count(PAPERS)
    expect(page.get_by_role("button", name="Filter")).to_be_hidden()
    page.mouse.click(*middle(page, 3))
    expect(page).to_have_url(re.compile("/papers/paper-3/$"))


@pytest.mark.own_page
def test_no_rule_of_accessibility_is_broken_and_nothing_scrolls_sideways(page: Page, site: str) -> None:
    assert not broken(page, site, ["map/?q=lichen&tag=counting"], widths=(390, 1280))
    assert wide(page, site, ["map/"], {320: "100%", 390: "200%"}) == []


@pytest.mark.own_page
def test_names_cover_no_other_name_as_they_are_drawn(page: Page, site: str) -> None:
    page.goto(site + "map/")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        boxes = page.locator(".names text:visible").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
        assert len(boxes) == 2
        for box in boxes:
            for other in boxes:
                meets = box["left"] < other["right"] and other["left"] < box["right"] and box["top"] < other["bottom"]
                assert box is other or not (meets and other["top"] < box["bottom"])
