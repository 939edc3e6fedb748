"""The search engine in Chromium, on thirteen made-up papers and on those of this survey."""

import json
import random
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lunr.stop_word_filter import WORDS as STOP_WORDS
from playwright.sync_api import Page, Route

from generator import index
from generator.index import BOOSTS, Document, Row, lunr_index, lunr_module, plain, search_index, search_rows, searched_words
from generator.library import Library
from generator.load import load
from generator.tag import tag
from generator.text import terms, words

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "search"
SITE = "http://survey.test/deep/"

Files = dict[str, bytes]
Search = Callable[..., dict[str, Any]]

PAPERS = json.loads((FIXTURES / "papers.json").read_text(encoding="utf-8"))
EVERY = [paper["id"] for paper in PAPERS]
NOTHING = {"total": 0, "whole": 0, "results": [], "corrected": None}


def document(paper: dict[str, Any]) -> Document:
    return Document(id=paper["id"], **{name: paper.get(name, "") for name in BOOSTS})


def card(paper: dict[str, Any]) -> Row:
    lists = {"tags": tuple(paper["tag_ids"]), "authors": tuple(paper["slugs"]), "has": tuple(paper["has"])}
    shown = {name: paper[name] for name in ("id", "title", "date", "year", "venue")}
    return Row(byline=paper.get("authors", "").replace("\n", ", "), when="June 2025", **shown, **lists)


def site(documents: list[Document], rows: list[Row]) -> Files:
    return {
        "": b"<!doctype html><title>Search</title>",
        "search/index.json": search_index(documents),
        "search/papers.json": search_rows(rows),
        "static/js/lunr.js": lunr_module(),
        "static/js/terms.js": (ROOT / "static/js/terms.js").read_bytes(),
        "static/js/engine.js": (ROOT / "static/js/engine.js").read_bytes(),
    }


TYPES = {".js": "text/javascript", ".json": "application/json", "": "text/html"}


def open_site(page: Page, files: Files) -> list[str]:
    """Opens a page of a site made of these files, without a server. Gives the list to which each fetched path is added."""
    fetched: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        fetched.append(path)
        if path in files:
            route.fulfill(body=files[path], content_type=f"{TYPES[Path(path).suffix]}; charset=utf-8")
        else:
            route.fulfill(status=404)

    page.route("http://survey.test/**", answer)
    page.goto(SITE)
    return fetched


def visit(page: Page, files: Files) -> list[str]:
    fetched = open_site(page, files)
    page.evaluate("async base => { window.engine = (await import(`${base}static/js/engine.js`)).open(base) }", SITE)
    return fetched


@pytest.fixture(scope="session")
def small() -> Files:
    return site([document(paper) for paper in PAPERS], [card(paper) for paper in PAPERS])


@pytest.fixture
def search(page: Page, small: Files) -> Search:
    visit(page, small)
    return lambda text, **options: page.evaluate("([text, options]) => engine.search(text, options)", [text, options])


def ids(answer: dict[str, Any]) -> list[str]:
    return [result["id"] for result in answer["results"]]


# What is found

FIRST = {
    "survey ": "gardens",
    "surveys ": "gardens",
    "key ": "arrays",
    "array ": "arrays",
    "deploys ": "arrays",
    "C++": "signs",
    "c#": "signs",
    ".NET": "signs",
    "a*": "signs",
    "methods.": "gardens",
    "ai/ml": "bees",
    "café": "bees",
    "CAFE": "bees",
    "ﬂy": "astral",
    "𝒪(g": "astral",
    "﨑": "astral",
    "𠀋": "astral",
    "深層学習": "knitting",
    "deep nets": "knitting",
    "state of the art": "todo",
    "to-do": "todo",
    "todo ": "todo",
    "constructor": "todo",
    "example robotics": "gardens",
}


def test_finds(search: Search) -> None:
    answers = {text: search(text) for text in FIRST}
    assert {text: answer["results"][0]["id"] for text, answer in answers.items()} == FIRST
    assert {answer["corrected"] for answer in answers.values()} == {None}


def test_a_hyphenated_word_and_its_joined_form_find_each_other(search: Search) -> None:
    hyphenated, joined = search("pre-training "), search("pretraining ")
    assert set(ids(hyphenated)[:2]) == set(ids(joined)) == {"hyphen", "joined"}
    assert ids(hyphenated)[2:] == ["training"]


def test_a_paper_with_the_joined_form_has_all_parts_of_the_hyphenated_word(search: Search) -> None:
    assert ids(search("pre-training words "))[0] == "joined"
    assert ids(search("pre-training letters "))[0] == "hyphen"


def test_a_star_at_the_end_is_no_hindrance(search: Search) -> None:
    assert ids(search("learning*")) == ids(search("learning")) == ["training"]


def test_a_word_is_completed_only_while_it_is_typed_and_from_three_letters_on(search: Search) -> None:
    assert set(ids(search("bridges gar"))) == {"undated", "gardens", "signs"}
    assert ids(search("bridges ga")) == ["undated"]
    assert ids(search("bridges gar ")) == ["undated"]
    assert ids(search("gar bridges")) == ["undated"]


def test_equal_scores_show_the_newest_first(search: Search) -> None:
    answer = search("twin reports ")
    assert ids(answer) == ["twin-late", "twin-early"]
    assert answer["results"][0]["score"] == answer["results"][1]["score"] > 0


CORRECTED = {
    "Marmelade reports ": ("marmalade reports ", "twin-late"),  # a letter changed
    "the pigens, please ": ("the pigeons, please ", "training"),  # dropped
    "bridgges ": ("bridges ", "undated"),  # added
    "pigoens ": ("pigeons ", "training"),  # swapped
    "reinfrocemnt ": ("reinforcement ", "undated"),  # two, since nothing else is found
    "pre-trainng ": ("pre-training ", "hyphen"),
    "keys robts ": ("keys robots ", "gardens"),
}


def test_an_unknown_word_is_corrected(search: Search) -> None:
    answers = {text: search(text) for text in CORRECTED}
    assert {text: (answer["corrected"], ids(answer)[0]) for text, answer in answers.items()} == CORRECTED


def test_a_short_word_is_not_corrected_nor_are_two_letters_where_something_is_found(search: Search) -> None:
    assert search("arx ") == NOTHING  # though a title holds "Art"
    assert search("keys reinfrocemnt ")["corrected"] is None


def test_at_last_every_word_may_be_a_beginning(search: Search) -> None:
    answer = search("marm xylophone ")
    assert ids(answer) == ["twin-late", "twin-early"]
    assert answer["corrected"] is None
    assert ids(search("marm reinfrocemnt ")) == ["undated"]  # two edits come before that


def titled(*titles: str) -> Files:
    """A site of papers, newest first, that are nothing but titles; the ids are p0, p1, ..."""
    rest = {"byline": "", "when": "", "date": "", "year": None, "venue": "", "tags": (), "authors": (), "has": ()}
    rows = [Row(id=f"p{n}", title=title, **rest) for n, title in enumerate(titles)]
    return site([Document(id=row.id, title=row.title) for row in rows], rows)


def test_of_several_near_words_the_commonest_is_named_and_all_are_found(page: Page) -> None:
    visit(page, titled("Planer Oak", "Planes Tea", "Planes Bread", "Planet Jam", "Pots"))
    answer = page.evaluate("engine.search('planex ')")
    assert (answer["corrected"], sorted(ids(answer))) == ("planes ", ["p0", "p1", "p2", "p3"])


WHOLE = {  # papers that have any word, and those that have every word
    "jam": (3, 3),
    "jam pots ": (4, 2),
    "the jams of pots ": (4, 2),
    "jam jam ": (3, 3),
    "jam pots tea ": (5, 1),
    "jam xylophone ": (3, 0),
    "jam pot": (4, 3),  # with the pottery: the last word is open
    "potte jam": (3, 0),
    "jam poots ": (4, 2),  # corrected
    "pre-serves tea ": (2, 1),
    "preserves tea ": (2, 1),
    "xylophone ": (0, 0),
    "xylop jams zi ": (3, 0),
}


def test_papers_that_have_every_word_are_counted(page: Page) -> None:
    visit(page, titled("Jam Pots", "Jam Pots Tea", "Pots", "Jam Pottery", "Pre-serves Tea"))
    answers = {text: page.evaluate("text => engine.search(text, { limit: 1 })", text) for text in WHOLE}
    assert {text: (answer["total"], answer["whole"]) for text, answer in answers.items()} == WHOLE


def test_papers_that_have_every_word_are_counted_among_those_that_pass(search: Search) -> None:
    def counts(text: str, **filters: Any) -> tuple[int, int]:
        answer = search(text, filters=filters)
        return answer["total"], answer["whole"]

    assert (counts("letters garden "), counts("letters garden ", tag="machines")) == ((2, 1), (1, 1))
    assert counts("letters garden ", tag="language") == (1, 0)
    assert (counts("/", tag="machines"), counts("", tag="no-such-tag")) == ((2, 2), (0, 0))


def test_an_exact_word_comes_before_any_number_of_completed_ones(page: Page) -> None:
    visit(page, titled("Artisans, Artifacts, Artichokes", "Art, Jam, Pots", "Bread"))
    assert ids(page.evaluate("engine.search('art')")) == ["p1", "p0"]


def test_a_paper_with_more_of_the_words_comes_before_one_with_a_rarer_word(page: Page) -> None:
    common = ("Jam Pots", "Jam Bread", "Jam Tea", "Pots Bread", "Pots Tea")
    visit(page, titled("Marmalade Quince Marmalade", *common, *("Bread Tea",) * 30))
    assert ids(page.evaluate("engine.search('jam pots marmalade ')"))[0] == "p1"


# What asks for nothing, and texts of all kinds


def test_a_text_that_asks_for_nothing_gives_all_papers_newest_first(search: Search) -> None:
    for text in ("", "   ", "/", "the", "+the", "a~", "of the", "🙂", "👩‍🔬 !!"):
        results = [{"id": id_, "score": 0} for id_ in EVERY]
        answer = {"total": len(EVERY), "whole": len(EVERY), "results": results, "corrected": None}
        assert search(text, limit=None) == answer, text


ODD = {
    "foo:bar": [],
    "title:x": [],
    "authors:": [],
    '"unclosed marmalade': ["twin-late", "twin-early"],
    "-marmalade": ["twin-late", "twin-early"],
    "🙂 marmalade 🙂": ["twin-late", "twin-early"],
    "^5 ~2 * ** ?": [],
    "__proto__ hasownproperty": [],
    "<xq>&quot;</xq>\u202e\u0000\ufeff": [],
    "marmalade " + "unheard " * 1_300: ["twin-late", "twin-early"],
    "marmalade " + " ".join(f"unheard{n}" for n in range(1_000)): ["twin-late", "twin-early"],
    " ".join(f"unheard{n}" for n in range(32)) + " marmalade": [],
    "x" * 10_000: [],
    "-".join(["marmalade"] * 1_000): ["twin-late", "twin-early"],
    "学習" * 5_000: ["knitting"],
}


def test_no_text_throws(search: Search) -> None:
    assert {text: ids(search(text)) for text in ODD} == ODD


def test_lone_surrogates_part_words(page: Page, small: Files) -> None:
    visit(page, small)
    assert ids(page.evaluate(r"engine.search('\ud835marmalade\udcaa ')")) == ["twin-late", "twin-early"]


# Limits and filters


def test_limit(search: Search) -> None:
    assert [len(search("the", limit=limit)["results"]) for limit in (0, 2, None)] == [0, 2, len(EVERY)]
    assert search("the", limit=2)["total"] == len(EVERY)


def test_limit_is_20_unless_given(page: Page) -> None:
    visit(page, titled(*["Jam"] * 25))
    answer = page.evaluate("engine.search('jam')")
    assert (answer["total"], ids(answer)) == (25, [f"p{n}" for n in range(20)])


FILTERED: list[tuple[dict[str, Any], list[str]]] = [
    ({"tag": "machines"}, ["gardens", "arrays"]),
    ({"tag": ["machines", "robotics"]}, ["gardens"]),
    ({"author": "ada-example"}, ["gardens", "joined"]),
    ({"author": ["ada-example", "bo-sample"]}, ["gardens"]),
    ({"venue": ["Made-up Letters"]}, ["gardens", "hyphen"]),
    ({"venue": ["Made-up Letters", "Invented Journal"], "year": [2024, 2025]}, ["gardens", "arrays", "hyphen"]),
    ({"year": [2024, 2024]}, ["hyphen", "joined"]),
    ({"year": [2025, None]}, ["gardens", "arrays"]),
    ({"year": [None, 2017]}, ["twin-late", "twin-early"]),
    ({"year": [None, None]}, EVERY),
    ({"has": ["code"]}, ["gardens", "hyphen"]),
    ({"has": ["code", "note"]}, ["gardens"]),
    ({"tag": [], "author": None, "venue": [], "year": None, "has": []}, EVERY),
    ({"tag": "no-such-tag"}, []),
]


def test_filters(search: Search) -> None:
    for filters, expected in FILTERED:
        answer = search("", filters=filters)
        assert (ids(answer), answer["total"]) == (expected, len(expected)), filters


def test_filters_and_words_together(search: Search) -> None:
    assert ids(search("letters ")) == ["hyphen", "gardens"]
    assert ids(search("letters ", filters={"tag": "language"})) == ["hyphen"]
    assert search("letters ", filters={"tag": "animals"}) == NOTHING


# What is fetched


def test_files_are_fetched_by_the_first_search_and_once(page: Page, small: Files) -> None:
    fetched = visit(page, small)
    assert not [path for path in fetched if path.startswith("search/")]
    page.evaluate("Promise.all([engine.search('keys'), engine.search('twin')])")
    page.evaluate("engine.search('letters')")
    assert sorted(path for path in fetched if path.startswith("search/")) == ["search/index.json", "search/papers.json"]


@pytest.mark.complains("404")
def test_a_failed_fetch_says_so_and_the_next_search_tries_again(page: Page, small: Files) -> None:
    files = {path: file for path, file in small.items() if path != "search/index.json"}
    visit(page, files)
    message = page.evaluate("engine.search('keys').catch(error => error.message)")
    assert re.match(r".*search/index\.json: 404", message)
    files["search/index.json"] = small["search/index.json"]
    assert page.evaluate("engine.search('keys')")["total"] > 0


def test_the_base_may_be_relative_and_lack_its_slash(page: Page, small: Files) -> None:
    visit(page, small)
    ask = "async base => (await import('./static/js/engine.js')).open(base).search('marmalade')"
    for base in (SITE, SITE.removesuffix("/"), "", "./", "."):
        assert ids(page.evaluate(ask, base)) == ["twin-late", "twin-early"], base


def test_the_engine_runs_in_a_worker(page: Page, small: Files) -> None:
    worker = b"import { open } from './static/js/engine.js'\npostMessage(await open('').search('marmalade'))\n"
    visit(page, small | {"worker.js": worker})
    answer = page.evaluate(
        "new Promise(done => { new Worker('worker.js', { type: 'module' }).onmessage = event => done(event.data) })"
    )
    assert ids(answer) == ["twin-late", "twin-early"]


def test_the_engine_knows_what_a_result_shows(page: Page, small: Files) -> None:
    visit(page, small)
    assert page.evaluate("engine.paper('gardens') === undefined")
    assert page.evaluate("engine.search('').then(() => engine.paper('gardens'))") == {
        "id": "gardens",
        "title": "Robot Gardens: A Survey",
        "byline": "Ada Example, Bo Sample",
        "when": "June 2025",
        "date": "2025-06-01",
        "year": 2025,
        "venue": "Made-up Letters",
        "tags": ["robotics", "machines"],
        "authors": ["ada-example", "bo-sample"],
        "has": ["note", "code"],
        "gist": "",
        "hand": [],
        "suggested": [],
        "text": None,
    }


def test_a_survey_without_papers_can_be_searched(page: Page) -> None:
    visit(page, site([], []))
    for text in ("", "keys", "xylophone "):
        assert page.evaluate("text => engine.search(text)", text) == NOTHING


# Both sides alike

IN_BROWSER = """async texts => {
    const { words, terms } = await import('./static/js/terms.js')
    return texts.map(text => [words(text), terms(text)])
}"""


def known_characters() -> list[str]:
    unknown = {"Cn", "Cs", "Co"}
    return [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in unknown]


def random_texts(count: int) -> list[str]:
    draw = random.Random(11)
    known = known_characters()
    tricky = [*"aeiouybclnst's-*#+._ \u2010\u00ad’ΣςσİıﬂÅé한学ー𝒪🙂", "C++", "C#", ".NET", "A*", "eed", "ing", " the "]
    pieces = [draw.choice(draw.choice([known, tricky, tricky])) for _ in range(8 * count)]
    return ["".join(pieces[8 * n : 8 * n + draw.randrange(1, 9)]) for n in range(count)]


def test_both_sides_give_the_same_words_and_terms(page: Page, small: Files) -> None:
    visit(page, small)
    stems = [line.split("\t")[0] for line in (FIXTURES / "stems.tsv").read_text(encoding="utf-8").split("\n")]
    fixed = list(json.loads((FIXTURES / "words.json").read_text(encoding="utf-8")))
    texts = [*fixed, *stems, *STOP_WORDS, *random_texts(10_000)]
    here = [[words(text), terms(text, STOP_WORDS)] for text in texts]
    there = page.evaluate(IN_BROWSER, texts)
    assert [(text, mine, theirs) for text, mine, theirs in zip(texts, here, there, strict=True) if mine != theirs] == []


LUNR_JS = """async pairs => {
    const lunr = (await import('./static/js/lunr.js')).default
    const index = lunr.Index.load((await (await fetch('search/index.json')).json()).lunr)
    const scores = results => Object.fromEntries(results.map(({ ref, score }) => [ref, score]))
    return pairs.map(([stem, text]) => [
        scores(index.query(query => query.term(stem, { usePipeline: false }))), scores(index.search(text)),
    ])
}"""
PAIRS = [("survey", "surveys"), ("key", "keys"), ("array", "arrays"), ("deploy", "deployed")]


def assert_both_lunrs_agree(page: Page, documents: list[Document], pairs: list[tuple[str, str]] = PAIRS) -> None:
    """lunr.js finds in the file what lunr.py finds in its own index: by stem, and through lunr's query language."""
    built = lunr_index([document.id for document in documents], [searched_words(document) for document in documents])
    there = page.evaluate(LUNR_JS, pairs)
    for (stem, text), (by_stem, by_text) in zip(pairs, there, strict=True):
        query = built.create_query()
        query.term(stem, use_pipeline=False)
        here = {match["ref"]: match["score"] for match in built.query(query)}
        assert here, stem
        assert here == {match["ref"]: match["score"] for match in built.search(text)}
        assert by_stem == by_text == pytest.approx(here)


def test_lunr_py_and_lunr_js_find_the_same(page: Page, small: Files) -> None:
    visit(page, small)
    assert_both_lunrs_agree(page, [document(paper) for paper in PAPERS])


def test_both_lunrs_agree_on_the_papers_of_this_survey(page: Page) -> None:
    survey, _ = load(ROOT)
    library = Library(survey, tag(survey))
    documents = [plain(index.document(library, paper)) for paper in library.papers]
    visit(page, site(documents, [index.row(library, paper, None) for paper in library.papers]))
    stems = ["survey", "learn", "reason", "model", "benchmark"]
    assert_both_lunrs_agree(page, documents, [(stem, stem) for stem in stems])
