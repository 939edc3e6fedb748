"""Search as the words are typed: in the head of every page, and on the search page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

PAPER = "papers/metacognitive-reuse/"

# Counts what a list shows at every frame from now on, and where it begins.
WATCH = """selector => {
  const list = document.querySelector(selector)
  window.frames_seen = []
  const look = () => {
    window.frames_seen.push([list.childElementCount, Math.round(list.getBoundingClientRect().top)])
    requestAnimationFrame(look)
  }
  look()
}"""


def box(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("searchbox", name="Search the papers")


def panel(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("region", name="Found while typing")


# ------------------------------------------------------------------ in the head of every page


@pytest.mark.parametrize("path", ["", PAPER, "tags/llm/", "pages/habits-of-reasoning/", "404.html"])
def test_every_page_finds_papers_from_the_first_letters_on(page: Page, survey_site: str, path: str) -> None:
    page.goto(survey_site + path)
    expect(panel(page)).to_be_hidden()
    box(page).press_sequentially("grok")
    expect(panel(page).get_by_role("list", name="Papers").get_by_role("link").first).to_contain_text("Grokking")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of 263 papers"))
    expect(panel(page).locator("mark").first).to_have_text(re.compile("^grok", re.IGNORECASE))
    panel(page).get_by_role("list", name="Papers").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Grokking")


def test_one_letter_is_enough_to_begin(page: Page, survey_site: str) -> None:
    page.goto(survey_site + PAPER)
    box(page).press_sequentially("t")
    expect(panel(page).get_by_role("list", name="Papers").get_by_role("listitem").first).to_be_visible()


def test_tags_and_authors_are_suggested(page: Page, survey_site: str) -> None:
    page.goto(survey_site + PAPER)
    box(page).press_sequentially("reward mod")
    named = panel(page).get_by_role("list", name="Tags, chapters and authors")
    expect(named.get_by_role("link", name="Rewards & reward models")).to_have_attribute(
        "href", re.compile("tags/reward-design/$")
    )
    box(page).fill("levine")
    named.get_by_role("link", name="Sergey Levine").click()
    expect(page).to_have_url(survey_site + "authors/sergey-levine/")


def test_enter_opens_the_whole_answer_and_going_back_finds_the_words_again(page: Page, survey_site: str) -> None:
    page.goto(survey_site + PAPER)
    box(page).press_sequentially("offline rl")
    expect(panel(page)).to_be_visible()
    box(page).press("Enter")
    expect(page).to_have_url(survey_site + "search/?q=offline+rl")
    expect(page.locator("#results .card").first).to_be_visible()
    page.go_back()
    expect(box(page)).to_have_value("offline rl")


def test_the_panel_is_travelled_by_keys(page: Page, survey_site: str) -> None:
    page.goto(survey_site + PAPER)
    page.locator("body").press("/")
    expect(box(page)).to_be_focused()
    box(page).press_sequentially("reward")
    papers = panel(page).get_by_role("list", name="Papers").get_by_role("link")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"papers.*; Rewards"))  # all that was typed is answered
    expect(papers).to_have_count(6)
    page.keyboard.press("ArrowDown")  # the line of tags
    page.keyboard.press("ArrowDown")
    expect(papers.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(papers.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(panel(page).get_by_role("link", name=re.compile("^All .* results, the best first$"))).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("s")  # typing goes on in the box
    expect(box(page)).to_have_value("rewards")
    expect(box(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(box(page)).to_have_value("rewards")
    page.keyboard.press("ArrowDown")
    expect(panel(page)).to_be_visible()


def test_a_key_on_a_result_opens_it(page: Page, survey_site: str) -> None:
    page.goto(survey_site)
    box(page).fill("metacognitive reuse turning")
    expect(panel(page).get_by_role("list", name="Papers").get_by_role("link").first).to_contain_text("Metacognitive Reuse")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(survey_site + PAPER)


def test_the_panel_closes_when_the_reader_goes_elsewhere(page: Page, survey_site: str) -> None:
    page.goto(survey_site + PAPER)
    box(page).fill("memory")
    expect(panel(page)).to_be_visible()
    page.get_by_role("heading", level=1).click(position={"x": 5, "y": 5})
    expect(panel(page)).to_be_hidden()
    box(page).click()
    expect(panel(page)).to_be_visible()
    page.get_by_role("navigation", name="Site").get_by_role("link").first.focus()
    expect(panel(page)).to_be_hidden()
    box(page).click()
    box(page).fill("")
    expect(panel(page)).to_be_hidden()


def test_a_word_that_nothing_has_yet_keeps_what_was_found(page: Page, survey_site: str) -> None:
    page.goto(survey_site + PAPER)
    box(page).fill("grokk")
    papers = panel(page).get_by_role("list", name="Papers")
    expect(papers.get_by_role("link").first).to_contain_text("Grokking")
    page.evaluate(WATCH, ".finds")
    box(page).press_sequentially("zzqx")
    expect(page.get_by_role("status")).to_have_text(re.compile("^Nothing has “grokkzzqx” so far. Found for “grokk"))
    expect(papers.get_by_role("link").first).to_contain_text("Grokking")
    assert min(count for count, _ in page.evaluate("frames_seen")) > 0
    box(page).press_sequentially(" ")
    expect(page.get_by_role("status")).to_have_text("No paper matches “grokkzzqx”.")


@pytest.mark.own_page
def test_nothing_of_the_search_is_fetched_before_it_is_used(page: Page, survey_site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(survey_site)))
    page.goto(survey_site + PAPER)
    page.wait_for_load_state("networkidle")
    searching = re.compile(r"^search/|lunr|engine|worker|answers")
    assert [path for path in asked if searching.search(path)] == []
    box(page).press_sequentially("bees")
    expect(page.get_by_role("status")).not_to_be_empty()
    assert {"search/index.json.gz", "static/js/lunr.js", "static/js/worker.js"} <= set(asked)


# ------------------------------------------------------------------ on the search page


def test_the_list_is_never_blank_and_never_moves_while_a_word_is_typed(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=reward")
    expect(page.locator("#results .card").first).to_be_visible()
    page.evaluate(WATCH, "#results")
    box(page).focus()
    page.keyboard.press("End")
    page.keyboard.type(" hacking in language models")
    expect(page).to_have_url(re.compile(r"q=reward\+hacking\+in\+language\+models$"))
    box(page).fill("reward zzqx")
    box(page).fill("zzqxv")
    expect(page.get_by_role("status")).to_contain_text("No paper matches “zzqxv” so far")
    seen = page.evaluate("frames_seen")
    assert len(seen) > 3
    assert min(count for count, _ in seen) > 0
    assert len({top for _, top in seen}) == 1
    box(page).press("Enter")
    expect(page.get_by_role("status")).to_have_text("No paper matches “zzqxv”.")
    expect(page.locator("#results .card")).to_have_count(0)


def test_matches_are_marked_where_they_stand(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=handbook+metacognitive")
    card = page.locator("#results .card").first
    expect(card.locator("h3 mark")).to_have_text("Metacognitive")
    expect(card.locator(".gist mark")).to_have_text("handbook")
    page.goto(survey_site + "search/?q=deezer")
    card = page.locator("#results .card").first
    expect(card.locator(".excerpt mark").first).to_have_text("Deezer")


def test_results_are_travelled_by_keys(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=zero-shot")
    links = page.locator("#results h3 a")
    expect(links).to_have_count(20)
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    focused = page.locator("#results h3 a:focus, #named a:focus")
    expect(focused).to_have_count(1)
    page.keyboard.press("End")
    expect(links.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    expect(box(page)).to_be_focused()


def test_a_filter_is_named_as_people_know_it(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?tag=reward-design&author=sergey-levine")
    expect(page.get_by_role("link", name="tag: Rewards & reward models remove")).to_be_visible()
    expect(page.get_by_role("link", name="author: Sergey Levine remove")).to_be_visible()


def test_show_more_adds_to_the_list_and_takes_the_focus_along(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=reward")
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#results h3 a").nth(20)).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("40 of them shown")


def test_a_filter_is_taken_away_from_the_question_as_it_is_typed(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=reward&tag=offline-rl")
    expect(page.locator("#results .card").first).to_be_visible()
    box(page).fill("zzqxv")
    expect(page.get_by_role("status")).to_have_text("No paper matches “zzqxv” so far. Below: “reward”.")
    expect(page.get_by_role("link", name="remove")).to_have_attribute("href", "?q=zzqxv")
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


@pytest.mark.own_page
def test_more_changes_than_a_browser_lets_into_the_address_lose_nothing(page: Page, survey_site: str) -> None:
    page.add_init_script("history.replaceState = () => { throw new DOMException('too often', 'SecurityError') }")
    page.goto(survey_site + PAPER)
    box(page).press_sequentially("grokking")
    expect(panel(page).get_by_role("list", name="Papers").get_by_role("link").first).to_contain_text("Grokking")
    page.goto(survey_site + "search/")
    box(page).press_sequentially("grokking")
    expect(page.locator("#results .card").first).to_contain_text("Grokking")


def test_the_whole_list_is_an_answer_to_no_words(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=the")
    expect(page.get_by_role("status")).to_have_text(re.compile("^All 263 papers, newest first"))


# ------------------------------------------------------------------ waiting, failing, being offline


def held(page: Page, pattern: str) -> list[Route]:
    """Requests that wait until they are let go."""
    routes: list[Route] = []
    page.context.route(pattern, lambda route: routes.append(route))
    return routes


@pytest.mark.own_page
def test_a_slow_search_says_that_it_loads(page: Page, survey_site: str) -> None:
    routes = held(page, "**/search/index.json*")
    page.goto(survey_site + "search/?q=reward")
    expect(page.get_by_role("status")).to_have_text("Loading the search …")
    routes[0].continue_()
    expect(page.get_by_role("status")).to_have_text(re.compile("of 263 papers"))


@pytest.mark.own_page
def test_a_search_that_fails_says_what_to_do_and_tries_again(page: Page, survey_site: str) -> None:
    page.context.route("**/search/index.json*", lambda route: route.fulfill(status=503))
    page.goto(survey_site + "search/?q=reward")
    expect(page.get_by_role("status")).to_have_text("The search could not be loaded. Check the connection and try again.")
    page.context.unroute("**/search/index.json*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("of 263 papers"))
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()


@pytest.mark.own_page
def test_a_question_that_is_put_away_while_the_search_loads_stays_away(page: Page, survey_site: str) -> None:
    held(page, "**/search/index.json*")
    page.clock.install()
    page.goto(survey_site + PAPER)
    box(page).press_sequentially("r")
    page.keyboard.press("Escape")
    page.clock.run_for(1_000)
    expect(panel(page)).to_be_hidden()
    box(page).press_sequentially("e")
    page.clock.run_for(1_000)
    expect(page.get_by_role("status")).to_have_text("Loading the search …")
    expect(panel(page).get_by_role("link")).to_have_count(0)


@pytest.mark.own_page
@pytest.mark.complains("ERR_INTERNET_DISCONNECTED")
def test_a_reader_who_is_offline_is_told_so(page: Page, survey_site: str) -> None:
    page.goto(survey_site + PAPER)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    box(page).press_sequentially("memory")
    expect(page.get_by_role("status")).to_have_text("You are offline, and the search is not loaded yet.")
    page.context.set_offline(False)
    expect(page.get_by_role("status")).to_have_text(re.compile("of 263 papers"))


def test_many_results_come_a_page_at_a_time(new_context: Callable[..., BrowserContext], many_site: str) -> None:
    page = new_context().new_page()
    page.goto(many_site + "search/")
    expect(page.get_by_role("status")).to_have_text("All 1,200 papers, newest first")
    expect(page.locator("#results .card")).to_have_count(20)
    box(page).fill("counting moss on plot 7")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of 1,200 papers, [\d,]+ more in part"))
    expect(page.locator("#results .card")).to_have_count(20)


def test_one_result_is_a_list_too(page: Page, tiny_site: str) -> None:
    page.goto(tiny_site + "search/?q=slow")
    expect(page.get_by_role("status")).to_have_text("1 of 6 papers")
    expect(page.locator("#results .card")).to_have_count(1)


def test_an_empty_survey_says_so(page: Page, empty_site: str) -> None:
    page.goto(empty_site + "search/?q=moss")
    expect(page.get_by_role("status")).to_have_text("There are no papers yet.")
