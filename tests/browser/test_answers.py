"""What a page shows of a question, in Chromium: marks, excerpts, suggestions, and a worker that answers."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from surveys import many, tiny
from test_engine import FIXTURES, ROOT, SITE, Ask, Files, asking, in_search, one_page, open_site, searched, titled
from test_exact import random_texts

from generator.text import SPOKEN, words

pytestmark = pytest.mark.own_page  # each test answers the requests of its page by itself

Pieces = list[dict[str, Any]]

BASE = (ROOT / "templates/base.html").read_text(encoding="utf-8")
POLICY = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', BASE)[0]
OPEN = "window.answers = (await import('./static/js/answers.js')).open('')"
REMOTE = "window.answers = (await import('./static/js/asking.js')).remote('')"


def blank(policy: str) -> bytes:
    return f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{policy}"><title>Search</title>'.encode()


def visit(page: Page, files: Files, run: str, policy: str = POLICY) -> list[str]:
    """Opens a page of a site made of these files and runs a line there. Gives the list to which each fetched path is added."""
    files[""] = blank(policy)
    fetched = open_site(page, files)
    page.evaluate(f"async () => {{ {run} }}")
    return fetched


@pytest.fixture(scope="module")
def bench(browser: Browser) -> Iterator[Page]:
    """A page with the scripts of a site."""
    with one_page(browser) as page:
        open_site(page, {})
        yield page


@pytest.fixture(scope="module")
def answers_of(bench: Page) -> Callable[[Files], Ask]:
    return asking(bench, "answers", {"": blank(POLICY)})


def shown(pieces: Pieces | None) -> str | None:
    """With brackets around what is marked."""
    return None if pieces is None else "".join(f"[{text}]" if marked else text for text, marked in map(dict.values, pieces))


# ------------------------------------------------------------------ marks

MARKED = {
    ("Pretraining, then Words", "pre-training "): "[Pretraining], then Words",
    ("Pre-training on Letters", "pretraining "): "[Pre-training] on Letters",
    ("Pre\u2011Training in Print", "pre-training "): "[Pre\u2011Training] in Print",
    ("Post-processing Quinces", "post-proc"): "[Post-proc]essing Quinces",
    ("re\u00adwarded Bees", "rewarded "): "[re\u00adwarded] Bees",
    ("Café Chairs", "cafe "): "[Café] Chairs",
    ("Nai\u0308ve Chairs", "naïve "): "[Nai\u0308ve] Chairs",
    ("Re\u0301sume\u0301s of Chairs", "resu"): "[Re\u0301su]me\u0301s of Chairs",
    ("Touche\u0301 Twice", "touché "): "[Touche\u0301] Twice",
    ("A Sople\u0301nka", "sople"): "A [Sople\u0301]nka",
    ("İzmir by Bus", "izm"): "[İzm]ir by Bus",
    ("ΟΔΟΣ, Seen Twice", "οδός "): "[ΟΔΟΣ], Seen Twice",
    ("How a ﬂy Sleeps", "fly "): "How a [ﬂy] Sleeps",
    ("Whose ﬁeldbooks", "field"): "Whose [ﬁeld]books",
    ("An aﬃdavit", "affi"): "An [aﬃ]davit",
    ("An eﬀusive One", "eff"): "An [eﬀ]usive One",
    ("ﬄute", "ffl"): "[ﬄ]ute",
    ("Unaﬃxed", "unaf"): "[Unaﬃxed]",  # inside a letter: it cannot be told
    ("½ a Loaf", "2 "): "[½] a Loaf",
    ("深層学習による編み物", "学習"): "深層[学習]による編み物",
    ("編物編物 and 編物", "編物"): "[編物編物] and [編物]",
    ("𠀋 before 𝒪(g) Signs", "𠀋 "): "[𠀋] before 𝒪(g) Signs",
    ("𝒪rnate Frames", "orna"): "[𝒪rna]te Frames",
    ("Planners in C++ and F#", "c++"): "Planners in [C++] and F#",
    ("The Bribe of Bribes", "the bribes "): "The [Bribe] of [Bribes]",
    ("Other Otters, Others", "others "): "Other Otters, [Others]",  # the index leaves out "other"
    ("Reinforcement of Bridges", "reinfrocemnt "): "[Reinforcement] of Bridges",
    ("Marmalade on Toast", "marm"): "[Marm]alade on Toast",
    ("Marmalade and Tea", "marmalades"): "[Marmalade] and Tea",
    ("Marmalade by Night", "marm xylophone "): "[Marm]alade by Night",  # what is near to no word may be a beginning
    ("Zygotes, Zinc", "zyg"): "[Zyg]otes, Zinc",
    ("Zither", "zinc"): "Zither",
    ("<b>Zest</b> & Co", "zest"): "<b>[Zest]</b> & Co",
    ("👩‍🔬 quokka🙂quokkas", "quokka"): "👩‍🔬 [quokka]🙂[quokkas]",
}


def test_what_was_found_is_marked_as_it_is_written(answers_of: Callable[[Files], Ask]) -> None:
    ask = answers_of(titled(*(title for title, _ in MARKED)))
    found = {}
    for n, (title, question) in enumerate(MARKED):
        answer = ask(question, limit=None)
        pieces = {paper["id"]: paper["title"] for paper in answer["papers"]}
        found[title, question] = shown(pieces[f"p{n}"]) if f"p{n}" in pieces else title
    assert found == MARKED


def test_a_question_that_asks_for_nothing_marks_nothing(answers_of: Callable[[Files], Ask]) -> None:
    ask = answers_of(titled("Jam", "The Tea"))
    for text in ("", "the ", "🙂", "-pots", "has:"):
        papers = ask(text)["papers"]
        assert [paper["title"] for paper in papers] == [[{"text": title, "marked": False}] for title in ("Jam", "The Tea")]


def test_every_near_word_is_marked_for_a_misspelled_one(answers_of: Callable[[Files], Ask]) -> None:
    answer = answers_of(titled("Planes of Tea", "Planet Jam", "Planes"))("planex ")
    assert answer["corrected"] == "planes "
    assert {shown(paper["title"]) for paper in answer["papers"]} == {"[Planes] of Tea", "[Planet] Jam", "[Planes]"}


IN_BROWSER = """async texts => {
    const { excerpt, located, marked } = await import('./static/js/excerpt.js')
    const { stem, words } = await import('./static/js/terms.js')
    return JSON.stringify(texts.map((text, i) => {
        const told = [...words(text), 'ing'].filter((_, n) => n % 3 === i % 3).slice(0, 32)
        const wanted = told.map(word => ({ spellings: [word, word.slice(0, 1)], stems: new Set([stem(word)]) }))
        const long = `${text} `.repeat(i % 20)
        const places = located(text).flatMap(({ parts, joined }) => joined ? [...parts, joined] : parts)
        return { words: places.map(({ word }) => word), marked: marked(text, wanted), long, excerpt: excerpt([long], wanted, []) }
    }))
}"""


def test_any_text_is_the_sum_of_its_pieces_and_its_words_are_those_of_the_index(bench: Page) -> None:
    fixed = list(json.loads((FIXTURES / "words.json").read_text(encoding="utf-8")))
    texts = [*fixed, *random_texts(3_000), "e" + "\u0301" * 3_000, "-".join("abcdef" * 200), "学" * 2_000, "🙂" * 2_000]
    for text, found in zip(texts, json.loads(bench.evaluate(IN_BROWSER, texts)), strict=True):
        assert found["words"] == words(text)
        assert "".join(piece["text"] for piece in found["marked"]) == text
        assert all(a["marked"] != b["marked"] for a, b in zip(found["marked"], found["marked"][1:], strict=False))
        if quoted := found["excerpt"]:
            cut = [piece["text"] for piece in quoted]
            inner = "".join(cut[cut[0] == "…" : len(cut) - (cut[-1] == "…")])
            assert inner in found["long"]
            assert len(inner.encode("utf-16-le", "surrogatepass")) <= 320
            assert any(piece["marked"] for piece in quoted)


def test_every_spoken_name_is_found_where_its_signs_stand(bench: Page) -> None:
    locate = """async text => (await import('./static/js/excerpt.js')).located(text)
        .map(({ parts: [{ word, from, to }] }) => [word, from, to.at(-1)])"""
    for signs, name in SPOKEN.items():
        text = f"({signs}) or {name}"
        places = {(word, start, end) for word, start, end in bench.evaluate(locate, text)}
        assert {(name, 1, 1 + len(signs)), (name, len(text) - len(name), len(text))} <= places


# ------------------------------------------------------------------ excerpts

EXCERPT = """async ([texts, words, seen]) => {
    const { excerpt } = await import('./static/js/excerpt.js')
    const { stem } = await import('./static/js/terms.js')
    return excerpt(texts, words.map(word => ({ spellings: [word], stems: new Set([stem(word)]) })), seen)
}"""

NOTE = (
    "Moss grows where nothing else does, e.g. on walls. Moss on roofs keeps the rain, and the moss of a roof is often older than "
    "the house. Ferns, which like walls as well, come after the moss (and after some years, so the tables of this made-up study "
    "say, they take its place). In the end a willow breaks the wall."
)
PEOPLE = [f"Ada B. Writer{n}-Example" for n in range(20)]
AUTHORS = "With " + ", ".join(PEOPLE).replace("a B. W", "a\xa0B.\xa0W")
UNBROKEN = "No sentence ends " + "here, and words " * 15 + "go on to the gate, " + "and on and on " * 15 + "to the very end"
CHOSEN: list[tuple[list[str], list[str], list[str], str | None]] = [  # texts, words, what is seen, and the excerpt
    (["Moss grows.", "It is green."], ["green"], [], "It is [green]."),
    (["Moss grows.", "It is green."], ["green"], ["So green!"], None),
    (["Moss grows.", "It is green."], ["blue"], [], None),
    ([], ["green"], [], None),
    (["Moss grows."], [], [], None),
    (["Moss is old.", "Moss is green."], ["moss"], [], "[Moss] is old."),  # of equal ones the first
    (["Moss is old.", "Moss is green."], ["moss", "green"], [], "[Moss] is [green]."),
    (["Green it is.", "Moss is green."], ["moss", "green"], ["A green thing"], "[Moss] is [green]."),  # the seen one comes along
    ([NOTE], ["willow"], ["Moss"], "In the end a [willow] breaks the wall."),
    (
        [NOTE],
        ["moss"],
        [],
        "[Moss] grows where nothing else does, e.g. on walls. [Moss] on roofs keeps the rain, and the [moss] of a roof is often "
        "older than the house.",
    ),
    (
        [NOTE],
        ["moss", "fern"],
        ["Moss"],
        "[Ferns], which like walls as well, come after the [moss] (and after some years, so the tables of this made-up study "
        "say, they take its place).",
    ),
    (
        [NOTE],
        ["house", "fern"],
        [],
        "Moss on roofs keeps the rain, and the moss of a roof is often older than the [house]. [Ferns], which like walls as "
        "well, come after the moss (and after some years…",
    ),
    (
        [UNBROKEN],
        ["gate"],
        [],
        "…here, and words here, and words go on to the [gate], and on and on and on and on and on and on and on and on and on "
        "and on and on and on and on and on and on and…",
    ),
    (["編" * 300 + "物語" + "編" * 300], ["物語"], [], "…[物語]" + "編" * 158 + "…"),
    (["x" * 300 + " moss"], ["moss"], [], "…[moss]"),
    (["One.\nMoss is two."], ["moss"], [], "[Moss] is two."),
    ([AUTHORS], ["person2"], [], None),
    ([AUTHORS], ["writer2"], [], f"With {', '.join(PEOPLE[:2])}, Ada B. [Writer2]-Example, {', '.join(PEOPLE[3:6])}…"),
    ([AUTHORS], ["writer9"], [], f"…{PEOPLE[8]}, Ada B. [Writer9]-Example, {', '.join(PEOPLE[10:14])}…"),
    ([AUTHORS], ["writer14"], [], f"…Ada B. [Writer14]-Example, {', '.join(PEOPLE[15:])}"),  # a name is whole where it is cut
    ([AUTHORS], ["writer19"], [], f"…{PEOPLE[18]}, Ada B. [Writer19]-Example"),
]


def test_an_excerpt_is_the_passage_that_tells_most_of_what_is_not_seen(bench: Page) -> None:
    found = [shown(bench.evaluate(EXCERPT, [texts, asked, seen])) for texts, asked, seen, _ in CHOSEN]
    given = [passage and passage.replace("\xa0", " ") for passage in found]
    assert given == [passage for *_, passage in CHOSEN]


# ------------------------------------------------------------------ suggestions

NAMES: dict[str, Any] = {
    "tags": [
        ["gardens", "Gardens", "topic", "circle", 9, ["allotments", "kitchen plots"], None],
        ["wild-gardens", "Wild gardens & meadows", "topic", "circle", 8, ["plots left alone"], 0],
        ["pre-sorting", "Pre-sorting of seeds", "method", "square", 7, ["presorted seeds"], None],
        ["gardeners", "Gardeners", "topic", "circle", 6, [], None],
        ["garlic", "Garlic", "topic", "circle", 5, ["Äpfel im Garten"], 1],
        ["knitting", "編み物", "topic", "circle", 4, ["knitting"], None],
        ["tea-tea", "Tea, tea and teapots", "topic", "circle", 3, [], None],
        ["garden-gates", "Garden gates", "topic", "circle", 2, [], None],
    ],
    "authors": [
        ["ada-example", "Ada Example", 3, True],
        ["jose-angel-garcia-sample", "José Ángel García-Sample", 2, True],
        ["gar-instance", "Gar Instance", 1, False],
        ["wang", "王小明", 1, False],
        *([f"{name}-crowd", f"{name.title()} Crowd", 1, False] for name in ("ada", "ben", "cleo", "dan", "eve")),
        *([f"{name}-quorum", f"{name.title()} Quorum", 1, False] for name in ("ada", "ben", "cleo", "dan")),
        ["al-ode", "Al Ode", 1, False],
    ],
    "pages": [["pages/wild/", "1", "Left to themselves"], ["pages/soil/", "", "Soil and how to keep it"]],
}
SUGGESTED = {
    "": [],
    " & ": [],
    "g": ["[G]ardens", "[G]ardeners", "[G]arlic"],  # no author before the second letter
    "gar": ["[Gar]dens", "[Gar]deners", "[Gar]lic", "[Gar] Instance", "José Ángel [Gar]cía-Sample"],
    "GARDENS": ["[Gardens]", "Wild [gardens] & meadows"],
    "gardens ": ["[Gardens]", "Wild [gardens] & meadows"],
    "mead wild gar": ["[Wild] [gar]dens & [mead]ows", "page Left to themselves"],
    "ga garden": ["[Garden] [ga]tes"],
    "tea te": ["[Tea], [te]a and teapots"],
    "tea teap tea": ["[Tea], [tea] and [teap]ots"],
    "tea tea tea tea": [],
    "plots": ["Gardens (kitchen [plots])", "Wild gardens & meadows ([plots] left alone)"],
    "pre-sort": ["[Pre-sort]ing of seeds"],
    "presort": ["[Pre-sort]ing of seeds"],
    "pre sort": ["[Pre]-[sort]ing of seeds"],
    "pre-sorted": ["Pre-sorting of seeds ([presorted] seeds)"],
    "apfel": ["Garlic ([Äpfel] im Garten)", "page Soil and how to keep it"],
    "編み": ["[編み]物"],
    "garcia j": ["[J]osé Ángel [García]-Sample"],
    "garcia-sam": ["José Ángel [García-Sam]ple"],
    "garciasam": ["José Ángel [García-Sam]ple"],
    "wang": [],
    "王小": ["[王小]明"],
    "left them": ["page [Left] to [them]selves"],
    "and it keep so": ["page [So]il [and] how to [keep] [it]"],
}
SAID = {  # among other words
    "the gardens": ["[Gardens]", "[Gardeners]"],  # the same stem
    "old kitchen plot gardens": ["Gardens ([kitchen] [plots])", "[Gardeners]"],
    "presorted seeds in garlic": ["Pre-sorting of seeds ([presorted] [seeds])", "[Garlic]"],
    "pre-sorting the seed of it": ["[Pre-sorting] [of] [seeds]"],
    "wild old garden": ["[Wild] [gardens] & meadows", "[Gardens]", "[Gardeners]", "page Left to themselves"],
    "meadows for garlic": ["[Garlic]", "page Soil and how to keep it"],  # the second thing of a label alone is no name
    "for garlic gat": ["[Garlic]", "page Soil and how to keep it"],  # nor is the beginning of one
    "for garli": [],
    "example soil": ["Ada [Example]"],
    "examples soil": [],
    "soil by ada": [],
    "garcía-sample soil": ["José Ángel [García-Sample]"],
    "quorum on an ode": ["Ada [Quorum]", "Ben [Quorum]"],
    "crowd wisdom": [],  # too many
    "🙂 &": [],
}


def suggested(page: Page, text: str) -> list[str]:
    """Tags, authors and pages, as a reader sees them."""
    ask = "async ([names, text]) => (await import('./static/js/suggest.js')).named(names, text)"
    found = page.evaluate(ask, [NAMES, text])
    tags = [f"{shown(tag['label'])} ({shown(tag['by'])})" if tag["by"] else f"{shown(tag['label'])}" for tag in found["tags"]]
    authors = [f"{shown(author['name'])}" for author in found["authors"]]
    return [*tags, *authors, *(f"page {shown(page['title'])}" for page in found["pages"])]


def test_suggestions_are_names_in_which_every_word_begins_a_word(bench: Page) -> None:
    assert {text: suggested(bench, text) for text in SUGGESTED} == SUGGESTED


def test_a_question_that_says_more_than_a_name_has_its_suggestions(bench: Page) -> None:
    assert {text: suggested(bench, text) for text in SAID} == SAID


# ------------------------------------------------------------------ answers

GARDEN = {
    "walls": """\
---
title: Walls of Moss
authors: [Ada Example, Ben Sample, Cleo Instance, Dan Placeholder]
date: 2024-03
venue: Journal of Small Plants
links: {code: https://example.org/code}
added: 2024-03-05
tags: [gardens]
gist: Old walls carry more moss
findings: [Twelve walls in a hundred carry ferns]
---
Looks at *walls* in the rain. See [the gardens](tags/gardens/) for more of them.
""",
    "roofs": "---\ntitle: Roofs\nadded: 2024-03-05\nabstract: A roof keeps off the rain.\n---\n",
    "bare": "---\ntitle: Rain\n---\n",
    **many(40),
}
CHAPTERS = {"walls": "---\ntitle: On old walls\nchapter: 4\n---\nOf [#gardens].\n", "method": "---\ntitle: Method\n---\nSlow.\n"}


@pytest.fixture(scope="session")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return searched(tiny(tmp_path_factory.mktemp("garden"), GARDEN, pages=CHAPTERS))[1]


def texts_in(fetched: list[str]) -> list[str]:
    return [path for path in fetched if path.startswith("search/texts/")]


def chunk_of(files: Files, paper: str) -> int:
    chunks = [json.loads(files[f"search/cards/{number}.json"]) for number in (0, 1)]
    return next(number for number, cards in enumerate(chunks) for card in cards if card[0] == paper)


@pytest.fixture(scope="module")
def ask(answers_of: Callable[[Files], Ask], garden: Files) -> Ask:
    return answers_of(garden)


def plain(text: str) -> Pieces:
    return [{"text": text, "marked": False}]


def test_an_answer_is_all_that_a_page_shows(ask: Ask) -> None:
    answer = ask("moss fern ada", limit=1, filters={"tag": ["gardens"], "year": [2015, 2024]})
    assert answer == {
        "total": 6,  # five of the many are in gardens, and have moss or ferns
        "whole": 1,
        "size": 43,
        "corrected": None,
        "papers": [
            {
                "id": "walls",
                "title": [{"text": "Walls of ", "marked": False}, {"text": "Moss", "marked": True}],
                "byline": [
                    {"text": "Ada", "marked": True},
                    {"text": " Example, Ben Sample, Cleo Instance et al.", "marked": False},
                ],
                "when": "Journal of Small Plants\N{NO-BREAK SPACE}· March\N{NO-BREAK SPACE}2024",
                "gist": [{"text": "Old walls carry more ", "marked": False}, {"text": "moss", "marked": True}],
                "excerpt": [{"text": "Twelve walls in a hundred carry ", "marked": False}, {"text": "ferns", "marked": True}],
                "hand": ["gardens"],
                "suggested": ["moss-gardens"],
                "has": ["code", "note"],
            }
        ],
        "tags": [],
        "authors": [],
        "pages": [],
        "names": {"tag": {"gardens": "Gardens"}, "author": {}},
        "all": None,
        "facets": None,
        "instead": [],
        "near": [],
        "draft": False,
    }


def test_an_answer_has_what_the_engine_counts_and_offers(ask: Ask) -> None:
    facets = ask("walls", facets=True, people=True, limit=0)["facets"]
    assert (facets["tag"], facets["has"]) == ({"gardens": 1, "moss-gardens": 1}, {"code": 1, "note": 1})
    assert [person["name"] for person in facets["author"]] == [
        "Ada Example", "Ben Sample", "Cleo Instance", "Dan Placeholder"
    ]  # fmt: skip
    assert ask("roof", filters={"tag": "gardens"})["instead"] == [
        {"name": "tag", "value": "gardens", "total": 1},
        {"name": "q", "value": "", "total": 17},
    ]
    assert ask("rooftop ")["near"] == ["roof", "roofs"]
    assert [shown(paper["title"]) for paper in ask("plot", sort="title", limit=2)["papers"]] == [
        "Counting bramble on [plot] 8", "Counting clover on [plot] 5"
    ]  # fmt: skip


def test_a_phrase_is_marked_wherever_its_words_are(ask: Ask) -> None:
    (paper,) = ask('"walls of moss" walls')["papers"]
    assert shown(paper["title"]) == "[Walls] of [Moss]"
    assert shown(paper["gist"]) == "Old [walls] carry more [moss]"
    assert ask('"moss of walls"', limit=0)["corrected"] == "moss of walls"


def test_what_bounds_a_question_is_not_marked(ask: Ask) -> None:
    answer = ask('moss author:ada tag:gardens -"roof keeps"')
    assert shown(answer["papers"][0]["byline"]) == "Ada Example, Ben Sample, Cleo Instance et al."
    assert shown(answer["papers"][0]["title"]) == "Walls of [Moss]"


def test_a_question_without_words_is_answered_with_the_newest(ask: Ask) -> None:
    for text in ("", "/", "the "):
        answer = ask(text, limit=2)
        assert (answer["total"], answer["whole"], answer["size"], answer["corrected"]) == (43, 43, 43, None)
        assert [(paper["gist"], paper["excerpt"]) for paper in answer["papers"]] == [(None, None)] * 2
    assert [ask("")[named] for named in ("tags", "authors", "pages")] == [[], [], []]
    assert [len(ask("", limit=limit)["papers"]) for limit in (0, None)] == [0, 43]
    assert len(ask("")["papers"]) == 20


def test_tags_and_authors_that_the_question_may_mean_come_along(ask: Ask) -> None:
    found = ask("allot")["tags"]
    assert found == [
        {
            "id": "gardens",
            "label": plain("Gardens"),
            "facet": "topic",
            "glyph": "circle",
            "count": found[0]["count"],
            "by": [{"text": "allot", "marked": True}, {"text": "ments", "marked": False}],
        }
    ]
    assert ask("example")["authors"] == [
        {"slug": "ada-example", "name": [*plain("Ada "), {"text": "Example", "marked": True}], "count": 1, "hasPage": False}
    ]
    assert [shown(tag["label"]) for tag in ask("cuonting ")["tags"]] == ["[Counting]"]  # what was meant


def test_a_page_that_the_question_may_mean_comes_along(ask: Ask) -> None:
    walls = {"address": "pages/walls/", "number": "4", "title": plain("On old walls")}
    assert ask("gardens")["pages"] == [walls]
    assert ask("what grows in gardens")["pages"] == [walls]
    method = {"address": "pages/method/", "number": "", "title": [{"text": "Meth", "marked": True}, *plain("od")]}
    assert ask("meth")["pages"] == [method]
    assert ask("moss")["pages"] == ask("")["pages"] == []


def test_an_author_behind_et_al_is_shown(ask: Ask) -> None:
    paper = ask("placeholder walls", limit=1)["papers"][0]
    assert shown(paper["byline"]) == "Ada Example, Ben Sample, Cleo Instance et al."
    assert shown(paper["excerpt"]) == "With Dan\N{NO-BREAK SPACE}[Placeholder]"


def test_filters_have_their_names_and_what_is_unknown_its_own(ask: Ask) -> None:
    names = ask("", filters={"tag": ["gardens", "constructor"], "author": "ada-example", "year": None})["names"]
    assert names == {"tag": {"gardens": "Gardens", "constructor": "constructor"}, "author": {"ada-example": "Ada Example"}}
    assert ask("", filters={"author": "nobody"})["names"] == {"tag": {}, "author": {"nobody": "nobody"}}


def test_texts_are_fetched_only_for_what_the_shown_papers_do_not_show(page: Page, garden: Files) -> None:
    fetched = visit(page, dict(garden), OPEN)
    for text in ("", "the ", "walls", "walls ada", "rain xylophone ", "nothing-of-the-kind "):
        answer = page.evaluate("text => answers.answer(text, { limit: 1 })", text)
        assert [paper["excerpt"] for paper in answer["papers"]] == [None] * len(answer["papers"])
    assert texts_in(fetched) == []
    answer = page.evaluate("answers.answer('roof keeps', { limit: 1 })")
    assert shown(answer["papers"][0]["excerpt"]) == "A [roof] [keeps] off the rain."
    assert texts_in(fetched) == [f"search/texts/{chunk_of(garden, 'roofs')}.json.gz"]
    for text in ("fares weeks", "cases fares"):
        page.evaluate("text => answers.answer(text, { limit: null })", text)
    assert sorted(texts_in(fetched)) == ["search/texts/0.json.gz", "search/texts/1.json.gz"]
    assert len(fetched) == len(set(fetched))


COLD = ["index.json", "cards/0.json", "names.json", "people/-.txt", "similar.bin", "terms/-.bin", "words/-.txt"]


def test_few_files_are_fetched_for_a_first_word(page: Page, garden: Files) -> None:
    fetched = visit(page, dict(garden), OPEN)
    page.evaluate("answers.answer('walls', { limit: 1 })")
    assert in_search(fetched) == sorted(f"search/{name}.gz" for name in COLD)


@pytest.mark.complains("404")
def test_an_answer_survives_the_loss_of_names_and_texts_and_the_next_one_tries_again(page: Page, garden: Files) -> None:
    lost = {"search/names.json.gz", "search/texts/0.json.gz", "search/people/-.txt.gz"}
    files = {path: file for path, file in garden.items() if path not in lost} | {"search/names.json.gz": b"{"}
    visit(page, files, OPEN)
    twelve, named = "answers.answer('twelve', { limit: 1 })", "answers.answer('gardens by placeholder')"
    answer = page.evaluate(twelve)
    assert [(paper["id"], paper["excerpt"]) for paper in answer["papers"]] == [("walls", None)]
    answer = page.evaluate(named)
    assert [answer[kind] for kind in ("tags", "authors", "pages")] == [[], [], []]
    files |= garden
    assert shown(page.evaluate(twelve)["papers"][0]["excerpt"]) == "[Twelve] walls in a hundred carry ferns"
    answer = page.evaluate(named)
    assert [shown(tag["label"]) for tag in answer["tags"]] == ["[Gardens]"]
    assert [shown(author["name"]) for author in answer["authors"]] == ["Dan [Placeholder]"]


def test_without_its_texts_a_paper_has_no_excerpt(page: Page, garden: Files) -> None:
    visit(page, garden | {"search/texts/0.json.gz": b"[]"}, OPEN)  # of another edition
    assert page.evaluate("answers.answer('twelve', { limit: 1 })")["papers"][0]["excerpt"] is None


def test_no_answer_waits_for_an_excerpt_that_is_late(page: Page, garden: Files) -> None:
    page.clock.install()
    visit(page, dict(garden), OPEN)
    held: list[Route] = []
    page.route("**/texts/*", lambda route: held.append(route))
    with page.expect_request("**/texts/*"):
        page.evaluate("() => { window.answer = answers.answer('twelve', { limit: 1 }) }")
    page.clock.run_for(1_000)
    assert [(paper["id"], paper["excerpt"]) for paper in page.evaluate("answer")["papers"]] == [("walls", None)]
    page.clock.resume()
    for route in held:
        route.fallback()
    assert shown(page.evaluate("answers.answer('twelve', { limit: 1 })")["papers"][0]["excerpt"])


@pytest.mark.parametrize("run", [pytest.param(OPEN, marks=pytest.mark.complains("404")), REMOTE], ids=["page", "worker"])
def test_without_the_index_there_is_no_answer_until_it_is_there(page: Page, garden: Files, run: str) -> None:
    files = {path: file for path, file in garden.items() if path != "search/index.json.gz"}
    visit(page, files, run)
    assert re.match(r".*search/index\.json\.gz: 404", page.evaluate("answers.answer('moss').catch(error => error.message)"))
    files |= garden
    assert page.evaluate("answers.answer('moss')")["total"] > 0


# ------------------------------------------------------------------ drafts


@pytest.mark.parametrize("run", [OPEN, REMOTE], ids=["page", "worker"])
def test_in_haste_a_draft_comes_before_what_is_slow(page: Page, garden: Files, run: str) -> None:
    visit(page, dict(garden), run)
    held: list[Route] = []
    is_held = True
    for slow in ("similar.bin", "names.json", "people/", "texts/"):
        page.context.route(f"**/{slow}*", lambda route: held.append(route) if is_held else route.fallback())
    options = {"hasty": True, "limit": 20, "facets": True, "filters": {"year": [2015, 2024]}}
    draft = page.evaluate("options => answers.answer('walls fares', options)", options)
    assert draft["draft"]
    assert (draft["total"], draft["whole"], draft["size"], len(draft["papers"])) == (41, 0, 43, 6)
    assert (draft["facets"], draft["tags"], draft["authors"], draft["pages"]) == (None, [], [], [])
    assert {paper["excerpt"] for paper in draft["papers"]} == {None}
    assert shown(draft["papers"][0]["title"]) == "[Walls] of Moss"
    is_held = False
    for route in held:
        route.fallback()
    full = page.evaluate("options => answers.answer('walls fares', options)", {**options, "hasty": False})
    assert not full["draft"]
    assert (full["total"], full["whole"], len(full["papers"])) == (41, 0, 20)
    assert full["facets"]["tag"]
    assert shown(full["papers"][1]["excerpt"])


def test_what_is_known_needs_no_draft(ask: Ask) -> None:
    ask("walls")
    answer = ask("walls", hasty=True)
    assert not answer["draft"]
    assert answer == ask("walls")


# ------------------------------------------------------------------ the worker

ALL = "texts => Promise.all(texts.map(text => answers.answer(text, { limit: 1 })))"


def test_nothing_is_fetched_before_the_first_question_and_a_worker_answers_it(page: Page, garden: Files) -> None:
    fetched = visit(page, dict(garden), REMOTE)
    assert fetched == ["", "static/js/asking.js"]
    answer = page.evaluate("answers.answer('twelve', { limit: 1 })")
    assert shown(answer["papers"][0]["excerpt"]) == "[Twelve] walls in a hundred carry ferns"
    assert [worker.url for worker in page.workers] == [f"{SITE}static/js/worker.js"]
    page.evaluate(ALL, ["moss"])
    assert len(page.workers) == 1
    assert len(fetched) == len(set(fetched))


def test_of_questions_that_wait_only_the_newest_is_answered(page: Page, garden: Files) -> None:
    visit(page, dict(garden), REMOTE)
    answers = page.evaluate(ALL, ["twelve", "roof", "keeps", "moss wall", "rain"])
    assert [answer and answer["papers"][0]["id"] for answer in answers] == ["walls", None, None, None, "bare"]
    assert [answer["total"] for answer in page.evaluate(ALL, ["twelve", "roof"])] == [1, 1]


def test_answers_come_in_the_order_of_their_questions(page: Page, garden: Files) -> None:
    visit(page, dict(garden), REMOTE)
    order = """async texts => {
        const order = []
        const asked = texts.map(text => answers.answer(text).then(answer => order.push(answer ? text : `no ${text}`)))
        await asked[0]
        asked.push(answers.answer('late').then(() => order.push('late')))
        await Promise.all(asked)
        return order
    }"""
    assert page.evaluate(order, ["first", "second", "third"]) == ["no second", "first", "third", "late"]


def test_a_question_that_fails_stands_in_nobody_s_way(page: Page, garden: Files) -> None:
    files = {path: file for path, file in garden.items() if path != "search/terms/-.bin.gz"}
    visit(page, files, REMOTE)
    settled = page.evaluate(ALL.replace("Promise.all(", "Promise.allSettled("), ["one", "two", "three"])
    assert [result["status"] for result in settled] == ["rejected", "fulfilled", "rejected"]
    assert settled[1]["value"] is None
    files |= garden
    assert page.evaluate(ALL, ["twelve"])[0]["total"] == 1


WITHOUT_WORKERS = {
    "an old browser": "delete window.Worker",
    "one that refuses": "window.Worker = class { constructor() { throw new DOMException('no', 'SecurityError') } }",
    "one whose workers know no modules": "window.Worker = class extends Worker { constructor(url) { super(url) } }",
}


@pytest.mark.parametrize("change", WITHOUT_WORKERS.values(), ids=WITHOUT_WORKERS.keys())
def test_without_a_worker_the_page_answers_itself(page: Page, garden: Files, change: str) -> None:
    fetched = visit(page, dict(garden), f"{change}; {REMOTE}")
    answers = page.evaluate(ALL, ["twelve", "roof", "rain"])
    assert [answer and answer["papers"][0]["id"] for answer in answers] == ["walls", None, "bare"]
    assert page.workers == []
    assert fetched.count("static/js/answers.js") == 1


def test_a_worker_that_dies_at_loading_is_replaced_by_the_page(page: Page, garden: Files) -> None:
    files = garden | {"static/js/worker.js": b"import './no-such-file.js'"}
    visit(page, files, REMOTE)
    answers = page.evaluate(ALL, ["twelve", "roof", "rain"])
    assert [answer and answer["papers"][0]["id"] for answer in answers] == ["walls", None, "bare"]


@pytest.mark.complains("violates the following Content Security Policy")
def test_a_worker_that_is_forbidden_is_replaced_by_the_page(page: Page, garden: Files) -> None:
    visit(page, dict(garden), REMOTE, policy=f"{POLICY}; worker-src 'none'")
    assert page.evaluate(ALL, ["twelve"])[0]["total"] == 1
    assert page.workers == []


def test_the_base_may_be_relative_and_lack_its_slash(page: Page, garden: Files) -> None:
    visit(page, dict(garden), "")
    ask = "async base => (await (await import('./static/js/asking.js')).remote(base).answer('twelve')).total"
    for base in (SITE, SITE.removesuffix("/"), "", "./", "."):
        assert page.evaluate(ask, base) == 1, base


def test_the_built_survey_answers_under_its_own_policy(page: Page, survey_site: str) -> None:
    page.goto(f"{survey_site}sources/")
    page.evaluate("async () => { window.answers = (await import('../static/js/asking.js')).remote('../') }")
    answer = page.evaluate("answers.answer('reward shaping')")
    assert answer["size"] >= answer["total"] > 1
    texts = [shown(paper[part]) or "" for paper in answer["papers"] for part in ("title", "gist", "excerpt")]
    assert any("[reward]" in text.lower() for text in texts)
    assert any(paper["excerpt"] for paper in answer["papers"])
    assert len(page.workers) == 1
