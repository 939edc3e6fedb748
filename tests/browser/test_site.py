"""The site in a real browser: the reader's way through it, every kind of page, without scripts, and hostile content."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

ONE_OF_EACH_KIND = (
    "",
    "papers/",
    "map/",
    "papers/page/1/",
    "papers/metacognitive-reuse/",
    "papers/transformers-meet-act-r/",
    "tags/",
    "tags/reinforcement-learning/",
    "tags/offline-rl/",
    "facets/topic/",
    "years/2024/",
    "years/undated/",
    "venues/iclr/",
    "authors/",
    "venues/",
    "years/",
    "pages/",
    "pages/where-behavior-comes-from/",
    "pages/method/",
    "sources/",
    "review/",
    "search/",
    "search/?q=reward&year=2021-2023&has=code",
    "404.html",
)
TINY_PAGES = (
    "papers/hostile/",
    "papers/foreign/",
    "papers/only-a-title/",
    "papers/counting-moss/",
    "authors/ada-example/",
    "tags/gardens/",
    "tags/hostile/",
    "tags/",
    "venues/b-onmouseover-window-pwn-1-venue-b/",
    "search/?q=script",
    "papers/",
    "",
)


def test_from_home_by_search_to_a_paper_and_its_tag(page: Page, survey_site: str) -> None:
    page.goto(survey_site)
    expect(page.get_by_text(re.compile(r"263 papers, 2013–2025, \d+ tags"))).to_be_visible()
    page.get_by_role("searchbox").fill("metacognitive reuse")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"/repo/search/\?q=metacognitive\+reuse$"))
    page.get_by_role("link", name="Metacognitive Reuse: Turning Recurring LLM Reasoning Into Concise Behaviors").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Metacognitive Reuse"))
    expect(page.get_by_role("link", name="arXiv")).to_have_attribute("href", "https://arxiv.org/abs/2509.13237")
    page.locator(".facts .chip", has_text="LLM reasoning").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("LLM reasoning")
    expect(page.locator(".card h3", has_text="Metacognitive Reuse")).to_be_visible()


def test_search_as_the_words_are_typed_keeps_the_address(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/")
    expect(page.get_by_role("status")).to_have_text("All 263 papers, newest first")
    expect(page.locator("#results .card")).to_have_count(20)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#results .card")).to_have_count(40)
    page.get_by_role("searchbox").press_sequentially("grokk")
    expect(page.locator("#results .card").first).to_contain_text("Grokking")
    expect(page).to_have_url(re.compile(r"\?q=grokk$"))
    page.get_by_role("searchbox").fill("grokkinng")
    expect(page.get_by_text("Showing results for grokking")).to_be_visible()


def test_a_result_shows_gist_and_tags(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=metacognitive+reuse")
    card = page.locator("#results .card").first
    expect(card.locator(".gist")).to_contain_text("46%")
    expect(card.get_by_role("link", name="Self-improvement & reflection")).to_have_attribute(
        "href", re.compile("tags/self-improvement/$")
    )
    expect(card.locator(".chips small:visible")).to_have_count(0)
    papers = page.request.get(survey_site + "api/papers.json").json()["papers"]
    lent = next(paper for paper in papers if any(label["state"] == "suggested" for label in paper["labels"][:6]))
    page.goto(survey_site + f"search/?q={quote(lent['title'])}")
    card = page.locator("#results .card", has=page.get_by_role("link", name=lent["title"])).first
    expect(card.locator(".chip.suggested").first).to_be_visible()
    expect(card.locator(".chips small:visible")).to_have_text(["suggested "])


def test_no_result_offers_ways_on(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=xqzzywv")
    expect(page.get_by_role("status")).to_have_text("No paper matches “xqzzywv”.")
    expect(page.get_by_role("heading", name="Browse instead")).to_be_visible()


def test_a_filter_in_the_address_can_be_taken_away(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=reward&year=2024")
    expect(page.locator("#results .card").first).to_contain_text("2024")
    everything = page.get_by_role("status").text_content()
    page.get_by_role("link", name="year: 2024 remove").click()
    expect(page).to_have_url(re.compile(r"\?q=reward$"))
    expect(page.get_by_role("status")).not_to_have_text(everything or "")


def test_what_is_no_filter_is_not_shown_as_one(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?utm_source=x&year=abcd&venue=ICLR&venue=ICLR")
    expect(page.get_by_role("link", name="remove")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("30 of 263 papers")


def test_coming_back_finds_the_same_list(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=learning")
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#results .card")).to_have_count(40)
    page.locator("#results .card a").nth(30).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Search")
    page.go_back()
    expect(page.locator("#results .card")).to_have_count(40)


def test_each_question_is_a_step_to_come_back_to(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "search/?q=reward")
    page.get_by_role("searchbox").fill("memory")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=memory$"))
    page.get_by_role("searchbox").press_sequentially(" replay")
    expect(page).to_have_url(re.compile(r"\?q=memory\+replay$"))
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("memory")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("reward")


def test_each_kind_of_page_loads_without_a_complaint(page: Page, survey_site: str) -> None:
    for path in ONE_OF_EACH_KIND:
        page.goto(survey_site + path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("banner").get_by_role("link", name="How behavior is learned")).to_be_visible()


@pytest.mark.complains("status of 404")
def test_an_unknown_address_at_any_depth_shows_a_whole_page(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "papers/no-such-paper/at/all/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')")
    page.get_by_role("link", name="all papers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Papers")


def test_without_scripts_a_paper_is_read_and_its_tag_followed(
    new_context: Callable[..., BrowserContext], survey_site: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(survey_site)
    page.get_by_role("link", name=re.compile(r"^all \d+ tags of Topic$")).first.click()
    page.get_by_role("link", name="Memorization, overfitting & grokking").click()
    page.get_by_role("link", name="Where to find Grokking").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Grokking")
    expect(page.get_by_role("complementary")).to_contain_text("arXiv")
    page.get_by_role("navigation", name="Neighboring papers by date").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Grokking")


@pytest.mark.complains("static/js/worker.js", "static/js/lunr.js")  # preloaded for scripts; without them refused
def test_without_scripts_the_search_page_says_where_to_go(new_context: Callable[..., BrowserContext], survey_site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(survey_site + "search/?q=reward")
    expect(page.get_by_text("Searching needs JavaScript.")).to_be_visible()
    page.get_by_role("link", name="all papers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Papers")


def test_what_is_cited_peeks_out_and_escape_puts_it_away(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "pages/where-behavior-comes-from/")
    cite = page.locator(".cite").first
    peek = cite.locator(".peek")
    expect(peek).to_be_hidden()
    cite.get_by_role("link").hover()
    expect(peek).to_be_visible()
    expect(peek).to_contain_text("Data Distributional Properties")
    page.keyboard.press("Escape")
    expect(peek).to_be_hidden()
    cite.get_by_role("link").focus()
    expect(peek).to_be_visible()
    page.mouse.move(0, 0)
    expect(cite.get_by_role("link")).to_have_accessible_description(re.compile("^Chan et al. 2022"))
    cite.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Data Distributional Properties")


def test_from_a_paper_to_the_paragraph_that_discusses_it_without_scripts(
    new_context: Callable[..., BrowserContext], survey_site: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(survey_site)
    page.get_by_role("link", name="Where behavior comes from").click()
    page.get_by_role("link", name="Zhao et al. 2025").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Echo Chamber")
    page.get_by_role("link", name="Reinforcement amplifies the habits it finds").click()
    expect(page).to_have_url(re.compile("pages/habits-of-reasoning/#reinforcement-amplifies-the-habits-it-finds."))
    expect(page.locator(":target")).to_contain_text("Zhao et al. 2025")


def test_the_flow_diagram_says_what_it_shows(page: Page, survey_site: str) -> None:
    page.goto(survey_site + "pages/method/")
    picture = page.get_by_role("img", name="From five pages of search results")
    expect(picture).to_have_accessible_description(re.compile("334 listings in all. Set aside: 71 repeats.* 263 papers"))
    page.get_by_text("In words").click()
    expect(page.get_by_role("listitem").filter(has_text="132 read a second time")).to_be_visible()


def test_hostile_content_is_text_everywhere(page: Page, tiny_site: str) -> None:
    for path in TINY_PAGES:
        page.goto(tiny_site + path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        page.locator("body").hover()
        for element in page.locator("main a").all()[:40]:
            element.dispatch_event("mouseover")
        assert page.evaluate("window.pwn") is None, path
        assert page.locator("main script, main img, main svg[onload]").count() == 0, path


def test_a_foreign_title_has_its_own_direction(page: Page, tiny_site: str) -> None:
    page.goto(tiny_site + "papers/foreign/")
    heading = page.get_by_role("heading", level=1)
    assert heading.evaluate("element => getComputedStyle(element).direction") == "rtl"
    expect(page.get_by_role("link", name="王小明")).to_be_visible()


@pytest.mark.own_page
def test_no_request_leaves_the_site(page: Page, survey_site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", "papers/metacognitive-reuse/", "search/?q=reward"):
        page.goto(survey_site + path)
        page.wait_for_load_state("networkidle")
    assert asked
    assert all(url.startswith(survey_site) for url in asked)


def test_old_addresses_lead_on(page: Page, tiny_site: str) -> None:
    page.goto(tiny_site + "papers/an-old-id/")
    expect(page).to_have_url(tiny_site + "papers/from-a-lab/")


# ------------------------------------------------------------------ the search finds what a reader remembers


ASK = """async ([base, questions]) => {
  const { open } = await import(base + 'static/js/engine.js')
  const engine = open(base)
  const answers = []
  for (const question of questions) answers.push((await engine.search(question, { limit: 3 })).results.map(found => found.id))
  return answers
}"""


def test_three_words_of_its_title_find_each_paper(page: Page, survey_site: str, survey_folder: Path) -> None:
    papers = json.loads((survey_folder / "api/papers.json").read_text(encoding="utf-8"))["papers"]
    questions = {paper["id"]: " ".join(distinctive(paper["title"], [other["title"] for other in papers])) for paper in papers}
    page.goto(survey_site)
    answers = page.evaluate(ASK, [survey_site, list(questions.values())])
    missed = {id_: question for (id_, question), found in zip(questions.items(), answers, strict=True) if id_ not in found}
    assert len(questions) == 263
    assert not missed


def distinctive(title: str, titles: list[str]) -> list[str]:
    """The three words of a title that the fewest titles have, in their order."""
    words = re.findall(r"[^\W_]+", title)
    rare = sorted(words, key=lambda word: (sum(word.lower() in other.lower() for other in titles), -len(word)))[:3]
    return [word for word in words if word in rare][:3]
