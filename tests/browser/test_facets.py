"""The search page as search and browse in one: facets, years, what is in use, order, address; and the facets beside lists."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from test_accessibility import LEVELS, violations

FEW = "search/?tag=offline-rl"  # a dozen papers

Paper = dict[str, Any]


@pytest.fixture(scope="module")
def papers(survey_folder: Path) -> list[Paper]:
    """The survey as its own interface tells it: each paper with the tags that readers see, and their parents."""

    def read(name: str) -> Any:
        return json.loads((survey_folder / f"api/{name}.json").read_text(encoding="utf-8"))

    parents = {tag["id"]: tag.get("parent") for tag in read("tags")["tags"]}
    found: list[Paper] = read("papers")["papers"]
    for paper in found:
        states = ("hand", "accepted") if paper.get("reviewed") else ("hand", "accepted", "suggested")
        tags = {label["tag"] for label in paper["labels"] if label["state"] in states}
        paper["all_tags"] = tags | {parents[tag] for tag in tags if parents[tag]}
        paper["year"] = int(paper["date"][:4]) if "date" in paper else paper.get("venue_year")
    return found


@pytest.fixture(scope="module")
def facet_of(survey_folder: Path) -> dict[str, str]:
    tags = json.loads((survey_folder / "api/tags.json").read_text(encoding="utf-8"))["tags"]
    return {tag["id"]: tag["facet"] for tag in tags}


def tagged(papers: list[Paper], *tags: str) -> list[Paper]:
    return [paper for paper in papers if all(tag in paper["all_tags"] for tag in tags)]


def told(page: Page, found: int) -> None:
    """By what is seen; a screen reader is told the same when nothing has changed for a while."""
    expect(page.locator("#told")).to_have_text(re.compile(f"^{found} of 263 papers"))


def facet(page: Page, name: str) -> Locator:
    return page.locator("#filter_panel details", has=page.locator("summary", has_text=name))


def counts(page: Page, name: str) -> dict[str, int]:
    rows = page.locator(f'[data-name="{name}"] [data-value]')
    found: list[list[str]] = rows.evaluate_all(
        "rows => rows.map(row => [row.dataset.value, row.querySelector('.count').textContent])"
    )
    return {value: int(count) for value, count in found}


# ------------------------------------------------------------------ facets


def test_values_of_one_facet_widen_and_other_facets_narrow(page: Page, survey_site: str, papers: list[Paper]) -> None:
    page.goto(survey_site + "search/")
    offline, imitation = tagged(papers, "offline-rl"), tagged(papers, "imitation-learning")
    row = page.locator("[data-value='new-method']").element_handle()
    page.get_by_role("checkbox", name="Imitation & inverse RL").check()
    told(page, len(imitation))
    page.get_by_role("button", name="7 more…").click()
    page.get_by_role("checkbox", name="Offline RL").check()
    either = [paper for paper in papers if paper in offline or paper in imitation]
    told(page, len(either))
    page.get_by_role("checkbox", name="New method").check()
    both = tagged(either, "new-method")
    told(page, len(both))
    assert len(both) < len(either) > len(imitation)
    expect(page).to_have_url(survey_site + "search/?tag=imitation-learning&tag=offline-rl&tag=new-method")
    page.get_by_role("checkbox", name="New method").uncheck()
    told(page, len(either))
    assert row.evaluate("row => row.isConnected")  # counts change, rows stay


def test_counts_tell_what_a_value_would_leave(
    page: Page, survey_site: str, papers: list[Paper], facet_of: dict[str, str]
) -> None:
    page.goto(survey_site + FEW + "&venue=ICLR")
    here = tagged(papers, "offline-rl")
    at_iclr = [paper for paper in here if paper.get("venue") == "ICLR"]
    told(page, len(at_iclr))
    inside = Counter(tag for paper in at_iclr for tag in paper["all_tags"])
    beside = Counter(tag for paper in papers if paper.get("venue") == "ICLR" for tag in paper["all_tags"])
    wanted = {tag: (beside if facet_of[tag] == "method" else inside)[tag] for tag in counts(page, "tag")}
    expect(page.locator('[data-value="robotics"] .count')).to_have_text("0")
    assert counts(page, "tag") == wanted
    assert counts(page, "venue")["NeurIPS"] == sum(paper.get("venue") == "NeurIPS" for paper in here)
    assert counts(page, "has")["code"] == sum("code" in paper.get("links", {}) for paper in at_iclr)
    assert set(page.locator(".without").evaluate_all("rows => rows.map(row => row.dataset.value)")) >= {
        tag for tag, count in wanted.items() if not count
    }


def test_a_value_can_be_left_out(page: Page, survey_site: str, papers: list[Paper]) -> None:
    page.goto(survey_site + FEW)
    found = tagged(papers, "offline-rl")
    others = [paper for paper in found if "generalization" not in paper["all_tags"]]
    leave = page.get_by_role("button", name="Leave out Generalization")
    leave.click()
    told(page, len(others))
    expect(leave).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(survey_site + FEW + "&tag=-generalization")
    expect(page.get_by_role("link", name="tag: not Generalization remove")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("^Generalization")).check()  # the one takes the other's place
    told(page, len(found) - len(others))
    expect(page).to_have_url(survey_site + FEW + "&tag=generalization")
    expect(leave).to_have_attribute("aria-pressed", "false")


def test_a_long_facet_shows_its_first_values_and_finds_the_others(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/")
    topic = facet(page, "Topic")
    rows = topic.locator("li:visible")
    expect(rows).to_have_count(8)
    topic.get_by_role("button", name="more…").click()
    expect(rows).to_have_count(37)
    expect(rows.nth(8).get_by_role("checkbox")).to_be_focused()
    topic.get_by_role("button", name="Fewer").click()
    expect(rows).to_have_count(8)
    field = topic.get_by_role("textbox", name="Find in Topic")
    field.fill("OVERFIT")
    expect(rows).to_have_count(1)
    rows.get_by_role("checkbox").check()
    expect(page.get_by_role("link", name="tag: Memorization, overfitting & grokking remove")).to_be_visible()
    field.press("Escape")
    expect(rows).to_have_count(9)  # what is in use is never hidden
    expect(facet(page, "Contribution type").get_by_role("textbox")).to_be_hidden()


def test_authors_are_counted_when_they_are_asked_for(page: Page, survey_site: str, papers: list[Paper]) -> None:
    page.goto(survey_site + "search/?tag=reinforcement-learning")
    people = Counter(name for paper in tagged(papers, "reinforcement-learning") for name in paper.get("authors", ()))
    author = facet(page, "Author")
    expect(author.locator("li")).to_have_count(0)
    author.locator("summary").click()
    expect(author.locator("li:visible")).to_have_count(8)
    name, count = people.most_common(1)[0]
    expect(author.locator("li .count").first).to_have_text(str(count))
    author.get_by_role("textbox").fill(name)
    author.get_by_role("checkbox", name=name).check()
    told(page, count)
    expect(page.get_by_role("link", name=f"author: {name} remove")).to_be_visible()


# ------------------------------------------------------------------ years


def test_years_are_pointed_at_or_chosen_from_lists(page: Page, survey_site: str, papers: list[Paper]) -> None:
    page.goto(survey_site + "search/")
    picture = page.locator("#year_range svg")
    expect(picture).to_be_visible()
    place = picture.bounding_box()
    assert place

    def at(year: int) -> tuple[float, float]:
        return place["x"] + place["width"] * (year - 2013 + 0.5) / 13, place["y"] + 10

    def chosen(first: int, last: int) -> None:
        told(page, sum(first <= (paper["year"] or 0) <= last for paper in papers))
        expect(page.get_by_label("From", exact=True)).to_have_value(str(first))
        expect(page.get_by_label("to", exact=True)).to_have_value(str(last))

    page.mouse.click(*at(2023))
    chosen(2023, 2023)
    expect(page).to_have_url(re.compile(r"\?year=2023$"))
    page.keyboard.down("Shift")
    page.mouse.click(*at(2021))
    page.keyboard.up("Shift")
    chosen(2021, 2023)
    page.mouse.move(*at(2022))
    page.mouse.down()
    page.mouse.move(*at(2024))
    page.mouse.up()
    chosen(2022, 2024)
    page.get_by_label("to", exact=True).select_option("2020")  # before the first: both are that year
    chosen(2020, 2020)
    page.get_by_label("From", exact=True).select_option("")
    expect(page).to_have_url(re.compile(r"\?year=-2020$"))
    expect(page.get_by_role("link", name="year: –2020 remove")).to_be_visible()
    expect(page.get_by_label("From", exact=True).locator("option[value='2023']")).to_have_text(
        f"2023 ({sum(paper['year'] == 2023 for paper in papers)})"
    )


# ------------------------------------------------------------------ what is in use, order, nothing found


def test_what_is_in_use_is_taken_away_with_one_click(page: Page, survey_site: str, papers: list[Paper]) -> None:
    page.goto(survey_site + "search/?q=offline&tag=offline-rl&has=code&year=2021-")
    chips = page.get_by_role("list", name="Filters in use").get_by_role("link")
    expect(chips).to_have_text([re.compile(text) for text in ("^tag: Offline RL", "^has: Code", "^year: 2021–", "^Clear all$")])
    chips.nth(1).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(survey_site + "search/?q=offline&tag=offline-rl&year=2021-")
    expect(chips.nth(1)).to_be_focused()
    chips.last.click()
    expect(page).to_have_url(survey_site + "search/?q=offline")
    expect(chips).to_have_count(0)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("checkbox", name="Offline RL")).to_be_checked()


def test_filters_survive_typing(page: Page, survey_site: str) -> None:
    page.goto(survey_site + FEW + "&sort=title")
    told(page, 12)
    page.get_by_role("searchbox").press_sequentially("imitation")
    expect(page).to_have_url(survey_site + "search/?q=imitation&tag=offline-rl&sort=title")
    expect(page.get_by_role("checkbox", name="Offline RL")).to_be_checked()


def test_papers_come_in_the_order_that_is_asked_for(page: Page, survey_site: str) -> None:
    page.goto(survey_site + FEW)
    order = page.get_by_label("Sort by")
    titles = page.locator("#results h3")
    expect(order).to_have_value("newest")
    expect(order.locator("option[value='relevance']")).to_be_disabled()
    expect(titles).to_have_count(12)
    newest = titles.all_text_contents()
    order.select_option("title")
    expect(page).to_have_url(survey_site + FEW + "&sort=title")
    expect(titles.first).to_have_text(sorted(newest, key=str.casefold)[0])
    page.goto(survey_site + FEW + "&q=reward")
    expect(order).to_have_value("relevance")
    order.select_option("newest")
    expect(page).to_have_url(survey_site + "search/?q=reward&tag=offline-rl&sort=newest")
    page.goto(survey_site + "search/?sort=title")
    expect(page.get_by_role("status")).to_have_text("All 263 papers, by title")


def test_nothing_found_says_what_to_drop_and_what_is_near(page: Page, survey_site: str) -> None:
    page.goto(survey_site + FEW + "&year=2016")
    ways = page.get_by_role("list", name="Ways on").get_by_role("link")
    expect(page.get_by_role("status")).to_have_text("No paper matches with these filters.")
    expect(ways).to_have_text(["Drop “Offline RL”: 1 paper", "Drop “year: 2016”: 12 papers"])
    ways.last.click()
    told(page, 12)
    expect(ways).to_have_count(0)
    page.goto(survey_site + "search/?q=grokkxyzq&tag=offline-rl")
    expect(ways.first).to_have_text("Drop “grokkxyzq”: 12 papers")
    near = page.get_by_role("link", name=re.compile("^Search for “"))
    expect(near.first).to_be_visible()
    word = (near.first.inner_text()).removeprefix("Search for “").removesuffix("”")
    near.first.click()
    expect(page).to_have_url(f"{survey_site}search/?q={word}&tag=offline-rl")


# ------------------------------------------------------------------ the address


def test_going_back_finds_the_view_and_the_place_again(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=reward&tag=new-method")
    expect(page.locator("#results .card")).to_have_count(20)
    link = page.locator("#results h3 a").nth(14)
    link.scroll_into_view_if_needed()
    href = link.get_attribute("href")
    before = page.evaluate("scrollY")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    expect(page.locator("#results .card")).to_have_count(20)
    expect(page.locator(f'#results a[href="{href}"]')).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - before) < 5
    expect(page.get_by_role("checkbox", name="New method")).to_be_checked()


@pytest.mark.own_page
def test_the_link_to_this_view_is_copied_or_shown(page: Page, survey_site: str) -> None:
    page.add_init_script("""
        Object.defineProperty(navigator, 'clipboard', { value: { async writeText(text) {
            if (window.is_forbidden) throw new Error('no')
            window.copied = text
        } } })
    """)
    page.goto(survey_site + FEW)
    told(page, 12)
    page.get_by_role("searchbox").fill("imitation")
    copy = page.get_by_role("button", name="Copy link")
    copy.click()  # at once, before the address has followed
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("copied") == survey_site + "search/?q=imitation&tag=offline-rl"
    page.get_by_label("Sort by").select_option("title")
    page.evaluate("window.is_forbidden = true")
    copy.click()
    expect(page.get_by_role("status")).to_have_text(re.compile("; The address is selected: copy it from here.$"))
    assert page.evaluate("getSelection().toString()") == survey_site + "search/?q=imitation&tag=offline-rl&sort=title"


# ------------------------------------------------------------------ painting

# In place of the worker that answers: a draft, then the whole, which waits until it is let go.
SLOW = """
const pieces = text => [{ text, marked: false }]
const paper = n => ({ id: `paper-${n}`, title: pieces(`Paper ${n}`), byline: pieces('Ada Example'), when: '2024', gist: null,
  excerpt: null, hand: [], suggested: [], has: [] })
const answer = (total, shown, draft) => ({ total, whole: total, size: 40, corrected: null, draft, facets: null, instead: [],
  near: [], tags: [], authors: [], pages: [], names: { tag: {}, author: {} },
  papers: Array.from({ length: shown }, (_, n) => paper(n)) })
window.asked = []
window.Worker = class {
  async postMessage({ text, options }) {
    window.asked.push([text, options.hasty === true])
    if (!options.hasty) await new Promise(resolve => { window.let_go = resolve })
    this.onmessage({ data: { answer: options.hasty ? answer(30, 6, text === 'slow') : answer(31, 20, false) } })
  }
}
"""


@pytest.mark.own_page
def test_a_draft_is_shown_but_only_the_whole_answer_is_said(page: Page, tiny_site: str) -> None:
    page.add_init_script(SLOW)
    page.clock.install()
    page.goto(tiny_site + "search/?q=slow")
    expect(page.locator("#told")).to_have_text("30 of 40 papers")
    page.clock.run_for(2_000)
    expect(page.locator("#results .card")).to_have_count(6)
    expect(page.get_by_role("status")).to_have_text("")
    page.evaluate("let_go()")
    expect(page.locator("#told")).to_have_text("31 of 40 papers")
    page.clock.run_for(2_000)
    expect(page.get_by_role("status")).to_have_text("31 of 40 papers")
    expect(page.locator("#results .card")).to_have_count(20)
    page.get_by_role("searchbox").fill("quick")
    page.clock.run_for(2_000)
    expect(page.locator("#results .card")).to_have_count(6)
    assert page.evaluate("asked") == [["slow", True], ["slow", False], ["quick", True]]


# ------------------------------------------------------------------ keys, phones, no scripts


def test_all_is_reached_by_keys(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=reward")
    expect(page.locator("#results .card").first).to_be_visible()
    page.get_by_role("button", name="Copy link").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="See on the map")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the results")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#results h3 a").first).to_be_focused()
    page.get_by_role("checkbox", name="New method").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("tag=new-method$"))
    expect(page.get_by_role("checkbox", name="New method")).to_be_focused()
    page.keyboard.press("Tab")
    leave = page.get_by_role("button", name="Leave out New method")
    expect(leave).to_be_focused()
    assert leave.evaluate("button => getComputedStyle(button).opacity") == "1"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tag=-new-method$"))


def test_on_a_phone_the_filters_open_above_the_results(new_context: Callable[..., BrowserContext], survey_site: str) -> None:
    page = new_context(viewport={"width": 390, "height": 800}, has_touch=True).new_page()
    page.goto(survey_site + FEW + "&has=code")
    region = page.get_by_role("complementary", name="Filters")
    opener = page.get_by_role("button", name="Filter · 2")
    expect(region).to_be_hidden()
    opener.tap()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(region).to_be_visible()
    expect(facet(page, "Method")).to_have_attribute("open", "")  # in use
    expect(facet(page, "Topic")).not_to_have_attribute("open", "")
    box, first = region.bounding_box(), page.locator("#results").bounding_box()
    assert box
    assert first
    assert box["y"] + box["height"] <= first["y"]
    facet(page, "Topic").locator("summary").tap()
    leave = page.get_by_role("button", name="Leave out Generalization")
    assert leave.evaluate("button => getComputedStyle(button).opacity") == "1"
    assert not violations(page, LEVELS)
    page.get_by_role("button", name="Show the 3 papers").tap()
    expect(region).to_be_hidden()
    expect(page.locator("#results h3 a").first).to_be_in_viewport()
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Offline RL").focus()
    page.keyboard.press("Escape")
    expect(region).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.complains("static/js/worker.js", "static/js/lunr.js")  # preloaded for scripts; without them refused
def test_without_scripts_the_lists_take_the_place_of_the_facets(
    new_context: Callable[..., BrowserContext], survey_site: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(survey_site + "search/")
    expect(page.get_by_role("complementary", name="Filters")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    expect(page.get_by_role("heading", name="Browse instead")).to_be_visible()
    expect(page.locator("#suggestions").get_by_role("link", name="Generalization")).to_be_visible()


# ------------------------------------------------------------------ the facets beside lists


ROW = re.compile(r'<li><a href="[./]*(search/\?[^"]+)" dir="auto">([^<]*)</a> .*?</svg>([\d,]+)</span></li>')


def narrowings(survey_folder: Path, path: str) -> list[tuple[dict[str, list[str]], str, int]]:
    page = (survey_folder / path / "index.html").read_text(encoding="utf-8")
    found = []
    for href, text, count in ROW.findall(page):
        asked: dict[str, list[str]] = {}
        for name, value in parse_qsl(urlsplit(html.unescape(href)).query):
            asked.setdefault(name, []).append(value)
        found.append((asked, html.unescape(text), int(count.replace(",", ""))))
    return found


def test_facets_beside_a_list_count_its_papers(survey_folder: Path, papers: list[Paper], facet_of: dict[str, str]) -> None:
    """On the page of every tag; and no facet stands there whose values a search would widen, not narrow."""
    seen = 0
    for tag, own in facet_of.items():
        here = tagged(papers, tag)
        for asked, _, count in narrowings(survey_folder, f"tags/{tag}"):
            assert asked["tag"][0] == tag
            others = asked["tag"][1:]
            assert all(facet_of[other] != own for other in others)
            if "author" in asked:
                continue
            left = tagged(here, *others)
            left = [paper for paper in left if asked.get("venue", [paper.get("venue")]) == [paper.get("venue")]]
            left = [paper for paper in left if set(asked.get("has", [])) <= set(paper.get("links", {}))]
            assert len(left) == count >= 2
            seen += 1
    assert seen > 300


def test_facets_beside_the_papers_of_a_venue_and_an_author(survey_folder: Path, papers: list[Paper]) -> None:
    at_iclr = [paper for paper in papers if paper.get("venue") == "ICLR"]
    rows = narrowings(survey_folder, "venues/iclr")
    assert ({"venue": ["ICLR"], "tag": ["new-method"]}, "New method", len(tagged(at_iclr, "new-method"))) in rows
    by_her = [paper for paper in papers if "Chelsea Finn" in paper.get("authors", ())]
    rows = narrowings(survey_folder, "authors/chelsea-finn")
    assert ({"author": ["chelsea-finn"], "tag": ["robotics"]}, "Robotics & control", len(tagged(by_her, "robotics"))) in rows


def test_a_facet_beside_a_list_leads_to_as_many_papers_as_it_says(page: Page, survey_site: str, papers: list[Paper]) -> None:
    page.goto(survey_site + "tags/offline-rl/")
    beside = page.locator(".narrowing [data-name='tag']", has_text="Domain").get_by_role("link", name="Robotics & control")
    expect(beside).to_be_visible()
    beside.click()
    expect(page).to_have_url(survey_site + "search/?tag=offline-rl&tag=robotics")
    told(page, len(tagged(papers, "offline-rl", "robotics")))
