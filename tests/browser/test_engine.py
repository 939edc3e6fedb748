"""The search engine in Chromium, on thirteen made-up papers and on others that are nothing but titles."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import chromium
import pytest
from playwright.sync_api import Browser, Page, Route
from surveys import tiny

from generator.analyze import analyze
from generator.index import index, lunr_module
from generator.library import Library
from generator.load import load
from generator.memo import Memo
from generator.relate import relate
from generator.search import Search
from generator.space import space_of
from generator.tag import tag

pytestmark = pytest.mark.own_page  # each test answers the requests of its page by itself

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "search"
SITE = "http://survey.test/deep/"

Files = dict[str, bytes]
Answer = dict[str, Any]
Ask = Callable[..., Answer]

PAPERS: list[dict[str, str]] = json.loads((FIXTURES / "papers.json").read_text(encoding="utf-8"))
EVERY = [paper["id"] for paper in PAPERS]  # newest first
TAGS = (FIXTURES / "tags.yml").read_text(encoding="utf-8")

# ------------------------------------------------------------------ sites


def searched(root: Path) -> tuple[Search, Files]:
    """The survey below `root` as Python searches it, and the files that a browser does it by."""
    survey, problems = load(root)
    assert not problems
    labels = tag(survey)
    library = Library(survey, labels, relate(survey, labels, space_of(survey.papers)))
    postings = analyze(library, Memo(root))
    files = {output.path: output.make() for output in index(library, postings) if output.path.startswith("search/")}
    return Search(library, postings), files


def record(paper: Mapping[str, str]) -> str:
    """A row of the fixture as a file of the survey. Where a field has several values, each is a line."""
    fields: dict[str, Any] = {name: text for name, text in paper.items() if name not in ("id", "note")}
    for name in fields.keys() & {"authors", "also", "findings", "tags"}:
        fields[name] = fields[name].split("\n")
    if "links" in fields:
        fields["links"] = dict.fromkeys(fields["links"].split("\n"), f"https://example.org/{paper['id']}")
    front = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())
    return f"---\n{front}---\n{paper.get('note', '')}\n"


def titled(*titles: str) -> Files:
    """A site of papers that are nothing but titles, taken in one after the other; the ids are p0, p1, ..."""
    days = [f"{date(2025, 1, 1) + timedelta(n)}" for n in range(len(titles))]
    papers = {f"p{n}": record({"title": title, "added": days[n]}) for n, title in enumerate(titles)}
    with TemporaryDirectory() as folder:
        return searched(tiny(Path(folder), papers, tags="facets: []\ntags: []\n"))[1]


def small_survey() -> tuple[Search, Files]:
    """That of the fixture."""
    with TemporaryDirectory() as folder:
        return searched(tiny(Path(folder), {paper["id"]: record(paper) for paper in PAPERS}, tags=TAGS))


# What a site has besides: a page, and the scripts.
GIVEN: Files = {
    "": b"<!doctype html><title>Search</title>",
    "static/js/lunr.js": lunr_module(),
    **{f"static/js/{file.name}": file.read_bytes() for file in (ROOT / "static/js").iterdir()},
}
TYPES = {"": "text/html", ".js": "text/javascript", ".json": "application/json", ".gz": "application/gzip"}


def open_site(page: Page, files: Files) -> list[str]:
    """Opens a page of a site made of these files, without a server. Gives the list to which each fetched path is added."""
    fetched: list[str] = []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url.removeprefix(SITE)).path  # without the edition
        fetched.append(path)
        body = files.get(path, GIVEN.get(path))
        if body is None:
            route.fulfill(status=404)
        else:
            kind = TYPES.get(Path(path).suffix, "application/octet-stream")
            route.fulfill(body=body, content_type=kind if kind.endswith("gzip") else f"{kind}; charset=utf-8")

    page.route("http://survey.test/**", answer)
    page.goto(SITE)
    return fetched


def visit(page: Page, files: Files, first: str = "") -> list[str]:
    """Opens such a page, runs a line there, and opens the engine."""
    fetched = open_site(page, files)
    page.evaluate(f"async base => {{ {first}; window.engine = (await import(`./static/js/engine.js`)).open(base) }}", SITE)
    return fetched


@contextmanager
def one_page(browser: Browser) -> Iterator[Page]:
    """A page for many tests; it is watched as each test's own is."""
    context, complaints = browser.new_context(), list[str]()
    chromium.watch(context, complaints)
    yield context.new_page()
    chromium.settle(context)
    context.close()
    assert chromium.surprises(complaints, []) == []


ASK = """async ([module, base, text, options]) => {
    const opened = (window.opened ??= {})
    const { search, answer } = (opened[base] ??= (await import(`./static/js/${module}.js`)).open(base))
    return (search ?? answer)(text, options)
}"""


def asking(page: Page, module: str, given: Mapping[str, bytes] = {}) -> Callable[[Files], Ask]:
    """Gives, for each site, what asks it. All sites are folders of one, where one page asks them by this module."""
    files = dict(given)
    sites: list[Files] = []
    open_site(page, files)

    def of(site: Files) -> Ask:
        sites.append(site)
        folder = f"site-{len(sites)}/"
        files.update({folder + path: file for path, file in site.items()})
        return lambda text, **options: page.evaluate(ASK, [module, SITE + folder, text, options])

    return of


@pytest.fixture(scope="module")
def engine_of(browser: Browser) -> Iterator[Callable[[Files], Ask]]:
    with one_page(browser) as page:
        yield asking(page, "engine")


@pytest.fixture(scope="module")
def small() -> Files:
    return small_survey()[1]


@pytest.fixture(scope="module")
def search(engine_of: Callable[[Files], Ask], small: Files) -> Ask:
    return engine_of(small)


def ids(answer: Answer) -> list[str]:
    return [result["id"] for result in answer["results"]]


def nothing(**others: Any) -> Answer:
    answer = {"total": 0, "whole": 0, "results": [], "corrected": None, "ordinals": [], "all": None, "facets": None}
    return {**answer, "instead": [], "near": [], "draft": False, **others}


# ------------------------------------------------------------------ words

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
    "made-up invented": "gardens",
    "2403.00001 2019 ": "knitting",
}


def test_finds(search: Ask) -> None:
    answers = {text: search(text) for text in FIRST}
    assert {text: answer["results"][0]["id"] for text, answer in answers.items()} == FIRST
    assert {answer["corrected"] for answer in answers.values()} == {None}


def test_a_hyphenated_word_and_its_joined_form_find_each_other(search: Ask) -> None:
    hyphenated, joined = search("pre-training "), search("pretraining ")
    assert set(ids(hyphenated)[:2]) == set(ids(joined)) == {"hyphen", "joined"}
    assert ids(hyphenated)[2:] == ["training"]


def test_a_paper_with_the_joined_form_has_all_parts_of_the_hyphenated_word(search: Ask) -> None:
    assert ids(search("pre-training words "))[0] == "joined"
    assert ids(search("pre-training letters "))[0] == "hyphen"


def test_a_star_at_the_end_is_no_hindrance(search: Ask) -> None:
    assert ids(search("learning*")) == ids(search("learning")) == ["training"]


def test_a_word_is_completed_only_while_it_is_typed_and_from_three_letters_on(search: Ask) -> None:
    assert set(ids(search("bridges gar"))) == {"undated", "gardens", "signs"}
    assert ids(search("bridges ga")) == ["undated"]
    assert ids(search("bridges tow")) == ["undated", "arrays"]
    assert ids(search("bridges tow.")) == ["undated", "arrays"]  # no word, and none is near: a beginning
    assert ids(search("bridges key.")) == ["undated", "arrays", "gardens"]
    assert ids(search("art bridges")) == ["undated", "todo"]  # not "array"


def test_equal_scores_show_first_what_came_last_into_the_survey(search: Ask) -> None:
    answer = search("twin reports ")
    assert ids(answer) == ["twin-early", "twin-late"]
    assert answer["results"][0]["score"] == answer["results"][1]["score"] > 0


CORRECTED = {
    "Marmelade reports ": ("marmalade reports ", "twin-early"),  # a letter changed
    "the pigens, please ": ("the pigeons, please ", "training"),  # dropped
    "bridgges ": ("bridges ", "undated"),  # added
    "pigoens ": ("pigeons ", "training"),  # swapped
    "reinfrocemnt ": ("reinforcement ", "undated"),  # two, since nothing else is found
    "pre-trainng ": ("pre-training ", "hyphen"),
    "keys robts ": ("keys robots ", "gardens"),
    "Bridǵges": ("bridges", "undated"),
    "Bridg\u0301ges": ("bridges", "undated"),
    "keys year:2025 robts": ("keys year:2025 robots", "gardens"),
}


def test_an_unknown_word_is_corrected(search: Ask) -> None:
    answers = {text: search(text) for text in CORRECTED}
    assert {text: (answer["corrected"], ids(answer)[0]) for text, answer in answers.items()} == CORRECTED


def test_a_short_word_is_not_corrected_nor_are_two_letters_where_something_is_found(search: Ask) -> None:
    assert search("arx ") == nothing(near=["array", "arrays", "art"])  # though a title holds "Art"
    assert search("keys reinfrocemnt ")["corrected"] is None


def test_a_word_that_is_near_to_none_may_be_a_beginning(search: Ask) -> None:
    for text in ("marm xylophone ", "marm, reinfrocemnt "):
        answer = search(text)
        assert ids(answer) == ["twin-early", "twin-late"]
        assert (answer["corrected"], answer["whole"]) == (None, 0)


def test_no_paper_is_answered_with_the_words_that_begin_most_alike(search: Ask) -> None:
    assert search("keyhole ") == nothing(near=["keys"])
    assert search("brxxxxxx knxxxxx ")["near"] == ["brass", "bridges", "knitting"]
    assert search("xylophone ") == search("ж ") == nothing()


def test_of_several_near_words_the_commonest_is_named_and_all_are_found(engine_of: Callable[[Files], Ask]) -> None:
    answer = engine_of(titled("Planer Oak", "Planes Tea", "Planes Bread", "Planet Jam", "Pots"))("planex ")
    assert (answer["corrected"], sorted(ids(answer))) == ("planes ", ["p0", "p1", "p2", "p3"])


WHOLE = {  # papers that have any word, and those that have every word
    "jam": (3, 3),
    "jam pots ": (4, 2),
    "the jams of pots ": (4, 2),
    "jam jam ": (3, 3),
    "jam pots tea ": (5, 1),
    "jam xylophone ": (3, 0),
    "jam pot": (4, 3),  # with the pottery: the last word is open
    "potte jam": (3, 1),  # ... and so is one that is no word
    "jam poots ": (4, 2),  # corrected
    "pre-serves tea ": (2, 1),
    "preserves tea ": (2, 1),
    "xylophone ": (0, 0),
    "xylop jams zi ": (3, 0),
}


def test_papers_that_have_every_word_are_counted(engine_of: Callable[[Files], Ask]) -> None:
    search = engine_of(titled("Jam Pots", "Jam Pots Tea", "Pots", "Jam Pottery", "Pre-serves Tea"))
    answers = {text: search(text, limit=1) for text in WHOLE}
    assert {text: (answer["total"], answer["whole"]) for text, answer in answers.items()} == WHOLE


def test_papers_that_have_every_word_are_counted_among_those_that_pass(search: Ask) -> None:
    def counts(text: str, **filters: Any) -> tuple[int, int]:
        answer = search(text, filters=filters)
        return answer["total"], answer["whole"]

    assert (counts("letters garden "), counts("letters garden ", tag="machines")) == ((2, 1), (1, 1))
    assert counts("letters garden ", tag="language") == (1, 0)
    assert (counts("/", tag="machines"), counts("", tag="no-such-tag")) == ((2, 2), (0, 0))


# ------------------------------------------------------------------ the order


def test_an_exact_word_comes_before_any_number_of_completed_ones(engine_of: Callable[[Files], Ask]) -> None:
    search = engine_of(titled("Bread", "Art, Jam, Pots", "Artisans, Artifacts, Artichokes"))
    assert ids(search("art")) == ["p1", "p2"]


def test_a_paper_with_more_of_the_words_comes_before_one_with_a_rarer_word(engine_of: Callable[[Files], Ask]) -> None:
    common = ("Jam Pots", "Jam Bread", "Jam Tea", "Pots Bread", "Pots Tea")
    search = engine_of(titled(*common, *("Bread Tea",) * 30, "Marmalade Quince Marmalade"))
    assert ids(search("jam pots marmalade "))[0] == "p0"


def test_a_title_with_the_words_as_they_were_typed_comes_first(engine_of: Callable[[Files], Ask]) -> None:
    search = engine_of(titled("Learned Jam", "Learning Jam", "Learnings Jam", "Bread"))

    def scores(text: str) -> dict[str, float]:
        return {result["id"]: result["score"] for result in search(text)["results"]}

    assert ids(search("learned "))[0] == ids(search("learnd "))[0] == "p0"  # ... or were meant
    assert ids(search("learning "))[0] == "p1"
    found = scores("learned ")
    assert found["p0"] == pytest.approx(2 * found["p1"])
    assert found["p1"] == found["p2"]
    found = scores("learned xylophone ")
    assert found["p0"] == pytest.approx(1.25 * found["p1"])  # half of the words


def test_of_equal_papers_that_is_better_whose_neighbors_match(engine_of: Callable[[Files], Ask]) -> None:
    others = [f"Stone {n} Pebble{n}" for n in range(15)]
    search = engine_of(titled(*["Jam Quince Plums"] * 5, *["Tea Bread Butter"] * 5, "Jam Bread Butter", *others))
    scores = {result["id"]: result["score"] for result in search("jam ")["results"]}
    assert scores.keys() == {"p0", "p1", "p2", "p3", "p4", "p10"}
    assert scores["p0"] == pytest.approx(1.5 * scores["p10"])  # five of five neighbors have the same, of the other none has any


SORTED = {  # those with letters or keys: gardens has both
    "relevance": ["arrays", "hyphen", "gardens"],
    "newest": ["gardens", "arrays", "hyphen"],
    "added": ["arrays", "gardens", "hyphen"],
    "title": ["arrays", "hyphen", "gardens"],
}


def test_papers_come_in_the_order_that_is_asked_for(search: Ask) -> None:
    found = {sort: search("letters keys ", sort=sort) for sort in SORTED}
    assert {sort: ids(answer) for sort, answer in found.items()} == SORTED
    scores = [{result["id"]: result["score"] for result in answer["results"]} for answer in found.values()]
    assert scores == scores[:1] * 4
    assert ids(search("letters keys ", sort="title", limit=2)) == ["arrays", "hyphen"]
    by_added = sorted(EVERY, key=lambda id_: next(paper["added"] for paper in PAPERS if paper["id"] == id_), reverse=True)
    assert ids(search("", sort="added")) == by_added
    assert ids(search("", sort="relevance")) == ids(search("", sort="newest")) == EVERY


def test_ordinals_are_the_places_of_the_results_in_the_order_of_their_coming(search: Ask) -> None:
    answer = search("the", limit=None)
    places = dict(zip(ids(answer), answer["ordinals"], strict=True))
    assert places == {id_: place for place, id_ in enumerate(reversed(ids(search("", sort="added"))))}


# ------------------------------------------------------------------ phrases, and what shall not be there

PHRASES: dict[str, tuple[list[str], str | None]] = {  # the papers, and what was put right
    '"brass keys"': (["arrays"], None),
    '"Brass Keys" ': (["arrays"], None),
    "“brass keys”": (["arrays"], None),
    '"keys brass"': (["arrays", "gardens"], "keys brass"),  # none has it: the words alone
    "“keys” “brass robot”": (["arrays", "gardens"], "keys brass robot"),
    '"brass keys': (["arrays", "gardens"], None),  # not closed: words
    'brass keys"': (["arrays", "gardens"], None),
    '"pre-training on imagined"': (["hyphen"], None),
    '"planners without garbage"': (["signs"], "planners without garbage"),  # its other titles are not looked at
    '"ada example"': (["joined", "gardens"], None),  # who wrote it
    '"signs survive"': (["signs"], None),  # the gist
    '"twelve imaginary towers"': (["arrays"], None),  # the note
    '"letters suffice"': (["hyphen"], None),  # a finding
    '"cafe dance"': (["bees"], None),  # the abstract
    '"of the art"': (["todo"], None),  # stop words count within a phrase
    '"of your art"': (["todo"], "of your art"),
    '"深層学習に"': (["knitting"], None),
    '"brass keys" "imaginary towers"': (["arrays"], None),
    'robot "brass keys" ': (["arrays"], None),
    'robot "tidy gardens" ': (["gardens"], None),
    'tower"brass keys"': (["arrays", "gardens"], None),  # a quote within a word is no quote
    '"the"': (EVERY, None),
    '""': (EVERY, None),
    '"🙂 !"': (EVERY, None),
    '-"brass keys" keys ': (["gardens"], None),
    '-"keys brass" keys ': (["gardens"], None),  # what has all of its words
    'keys -"brass xylophone" ': (["arrays", "gardens"], None),
    "keys -brass ": (["gardens"], None),
    "keys -gardening ": (["arrays"], None),  # by the same stem
    "keys -gard ": (["arrays", "gardens"], None),  # as it is spelled: no beginnings
    "keys -robts ": (["arrays", "gardens"], None),  # ... no corrections
    "keys - brass ": (["arrays", "gardens"], None),
    "keys -the ": (["arrays", "gardens"], None),
    "letters -pre-training ": (["gardens"], None),
    "-marmalade": ([id_ for id_ in EVERY if not id_.startswith("twin")], None),
    "-marmalade -letters -keys": (["joined", "training", "signs", "bees", "astral", "knitting", "todo", "undated"], None),
}


def test_phrases_and_words_that_shall_not_be_there(search: Ask) -> None:
    answers = {text: search(text) for text in PHRASES}
    assert {text: (ids(answer), answer["corrected"]) for text, answer in answers.items()} == PHRASES


def test_a_paper_without_the_phrase_is_not_counted(search: Ask) -> None:
    assert [search('"tidy gardens" keys ')[count] for count in ("total", "whole")] == [1, 1]
    assert [search('"tidy gardens" bridges ')[count] for count in ("total", "whole")] == [1, 0]


# ------------------------------------------------------------------ `name:value`

WITHIN: dict[str, list[str]] = {
    "author:ada ": ["gardens", "joined", "training"],
    "AUTHOR:Ada": ["gardens", "joined", "training"],
    'author:"ada example"': ["gardens", "joined"],
    'author:"example, ada"': ["gardens", "joined"],
    "author:inst": ["training"],  # a beginning, where no name has the word
    "author:ada author:bo ": ["gardens"],
    "-author:ada author:bo ": ["arrays"],
    "tag:robotics": ["gardens"],
    "tag:robots": ["gardens"],  # a synonym
    "tag:machines": ["gardens", "arrays"],  # its children
    'tag:"Animals & Plants"': ["training", "bees"],
    "tag:animals": ["training", "bees"],
    'tag:"living things"': ["training", "bees"],
    "tag:living": ["training", "bees"],
    "tag:lang": ["hyphen", "joined"],
    "tag:machines tag:overviews": ["gardens"],
    "-tag:machines tag:overviews": ["todo"],
    'venue:"Made-up Letters"': ["gardens", "hyphen"],
    "venue:inv": ["arrays", "training", "bees"],
    "year:2021-2023": ["training", "signs", "bees"],
    "year:2021–2023": ["training", "signs", "bees"],
    "year:2024": ["hyphen", "joined"],
    "year:2025-": ["gardens", "arrays"],
    "year:-2018": ["todo", "twin-late", "twin-early"],
    "year:1066": [],
    "-year:2000- ": ["undated"],
    "has:code": ["gardens", "hyphen"],
    "has:da": ["training"],
    "has:code -has:note": ["hyphen"],
    "letters author:cy ": ["hyphen"],
    "author:cy lett": ["hyphen", "gardens"][:1],
    "author:": EVERY,  # its value is still to be typed
    "letters tag:": ["hyphen", "gardens"],
    "-year: has:": EVERY,
    # what names nothing is text
    "author:nobody ": [],
    "keys author:nobody ": ["arrays", "gardens"],
    "tag:keys ": ["arrays", "gardens"],
    "venue:letters ": ["hyphen", "gardens"],
    "year:keys ": ["arrays", "gardens"],
    "year:18 keys": ["arrays", "gardens"],
    "year:2018-17": ["todo"],
    "has:keys ": ["arrays", "gardens"],
    "foo:keys ": ["arrays", "gardens"],
    "keys -author:nobody ": ["arrays", "gardens"],
    "keys -tag:brass ": ["arrays", "gardens"],  # nothing has "tag" and "brass"
    "author:🙂": [],
    "author:__proto__": [],
    "tag:constructor ": ["todo"],
    "venue:__proto__ has:toString year:constructor ": ["todo"],
}


def test_a_question_may_bound_what_is_found(search: Ask) -> None:
    assert {text: ids(search(text)) for text in WITHIN} == WITHIN


def test_bounds_change_no_score(search: Ask) -> None:
    free, bound = search("letters "), search("letters author:cy ")
    assert bound["results"] == [result for result in free["results"] if result["id"] == "hyphen"]
    assert bound["whole"] == bound["total"] == 1


# ------------------------------------------------------------------ what asks for nothing, and texts of all kinds

NO_WORDS = ("", "   ", "/", "the", "+the", "a~", "of the", "🙂", "👩‍🔬 !!")


def test_a_text_that_asks_for_nothing_gives_all_papers_newest_first(search: Ask) -> None:
    for text in NO_WORDS:
        answer = search(text, limit=None)
        every = {"total": len(EVERY), "whole": len(EVERY), "results": [{"id": id_, "score": 0} for id_ in EVERY]}
        assert answer == nothing(**every, ordinals=answer["ordinals"]), text


TWINS = ["twin-early", "twin-late"]
ODD = {
    "foo:bar": [],
    "title:x": [],
    '"unclosed marmalade': TWINS,
    "🙂 marmalade 🙂": TWINS,
    "^5 ~2 * ** ?": [],
    "__proto__ hasownproperty": [],
    "__proto__": [],
    "<xq>&quot;</xq>\u202e\u0000\ufeff": [],
    "marmalade " + "unheard " * 1_300: TWINS,
    "marmalade " + " ".join(f"unheard{n}" for n in range(1_000)): TWINS,
    " ".join(f"unheard{n}" for n in range(32)) + " marmalade": [],
    "x" * 10_000: [],
    "-".join(["marmalade"] * 1_000): TWINS,
    '"' * 10_000: EVERY,
    '"marmalade"' * 900: TWINS,
    "-" * 10_000 + "marmalade": [id_ for id_ in EVERY if id_ not in TWINS],
    "author:" * 1_500: [],
    "学習" * 5_000: ["knitting"],
    "haſ:code letters ": ["hyphen", "gardens"],  # an "s" to whoever looks at no case
}


def test_no_text_throws(search: Ask) -> None:
    assert {text: ids(search(text)) for text in ODD} == ODD


def test_lone_surrogates_part_words(page: Page, small: Files) -> None:
    visit(page, small)
    assert ids(page.evaluate(r"engine.search('\ud835marmalade\udcaa ')")) == TWINS
    assert page.evaluate(r"engine.search('\ud840 -\udc0b \"\ud840\"', { limit: 0 })")["total"] == len(EVERY)
    assert page.evaluate(r"engine.search('author:\ud840 tag:\udc0b')")["total"] == 0


def test_a_survey_without_papers_can_be_searched(engine_of: Callable[[Files], Ask]) -> None:
    search = engine_of(titled())
    for text in ("", "keys", "xylophone ", '"a key"', "author:ada tag:x year:2024 has:code venue:y -z"):
        assert search(text) == nothing(), text
    empty = {"tag": {}, "venue": {}, "has": {}, "year": {}, "author": []}
    assert search("", facets=True, people=True)["facets"] == empty


# ------------------------------------------------------------------ limits and filters


def test_limit(search: Ask) -> None:
    assert [len(search("the", limit=limit)["results"]) for limit in (0, 2, None)] == [0, 2, len(EVERY)]
    assert search("the", limit=2)["total"] == len(EVERY)


def test_limit_is_20_unless_given(engine_of: Callable[[Files], Ask]) -> None:
    answer = engine_of(titled(*["Jam"] * 25))("jam")
    assert (answer["total"], ids(answer)) == (25, [f"p{n}" for n in reversed(range(5, 25))])


def without(*out: str) -> list[str]:
    return [id_ for id_ in EVERY if id_ not in out]


FILTERED: list[tuple[dict[str, Any], list[str]]] = [
    ({"tag": "machines"}, ["gardens", "arrays"]),
    ({"tag": ["hardware", "animals"]}, ["arrays", "training", "bees"]),  # one of a facet is enough
    ({"tag": ["machines", "robotics"]}, ["gardens", "arrays"]),
    ({"tag": ["machines", "overview"]}, ["gardens"]),  # each facet counts
    ({"tag": ["machines", "animals", "trial"]}, ["training"]),
    ({"tag": "-machines"}, without("gardens", "arrays")),
    ({"tag": ["machines", "-robotics"]}, ["arrays"]),
    ({"tag": ["-machines", "-animals", "trial"]}, ["hyphen"]),
    ({"author": "ada-example"}, ["gardens", "joined"]),
    ({"author": ["ada-example", "bo-sample"]}, ["gardens", "arrays", "joined"]),
    ({"author": ["ada-example", "-bo-sample"]}, ["joined"]),
    ({"venue": ["Made-up Letters"]}, ["gardens", "hyphen"]),
    ({"venue": ["Made-up Letters", "Invented Journal"], "year": [2024, 2025]}, ["gardens", "arrays", "hyphen"]),
    ({"venue": ["-Invented Journal"], "year": [2021, None]}, ["gardens", "hyphen", "joined", "signs"]),
    ({"year": [2024, 2024]}, ["hyphen", "joined"]),
    ({"year": [2025, None]}, ["gardens", "arrays"]),
    ({"year": [None, 2017]}, ["twin-late", "twin-early"]),
    ({"year": [None, None]}, EVERY),
    ({"has": ["code"]}, ["gardens", "hyphen"]),
    ({"has": ["code", "data"]}, ["gardens", "hyphen", "training"]),
    ({"has": ["code", "-note"]}, ["hyphen"]),
    ({"tag": [], "author": None, "venue": [], "year": None, "has": []}, EVERY),
    ({"tag": "no-such-tag"}, []),
    ({"tag": ["no-such-tag", "machines"]}, []),  # nobody knows its facet
    ({"tag": "-no-such-tag"}, EVERY),
    ({"author": "nobody", "venue": "constructor", "has": ["toString"]}, []),
    ({"tag": "constructor"}, []),
    ({"has": "__proto__"}, []),
]


def test_filters(search: Ask) -> None:
    for filters, expected in FILTERED:
        answer = search("", filters=filters)
        assert (ids(answer), answer["total"]) == (expected, len(expected)), filters


def test_filters_and_words_together(search: Ask) -> None:
    assert ids(search("letters ")) == ["hyphen", "gardens"]
    assert ids(search("letters ", filters={"tag": "language"})) == ["hyphen"]
    assert ids(search("letters has:code ", filters={"tag": "-language"})) == ["gardens"]
    assert search("xylophone ") == nothing()


def test_where_filters_leave_no_paper_it_says_what_would_be_found_without_each(search: Ask) -> None:
    def instead(text: str, **filters: Any) -> list[tuple[str, str, int]]:
        answer = search(text, filters=filters)
        assert answer["total"] == 0
        return [tuple(found.values()) for found in answer["instead"]]

    assert instead("letters ", tag="animals") == [("tag", "animals", 2), ("q", "", 2)]
    assert instead("letters ", tag=["animals", "overview"], author="cy-fictive") == []  # one less is not enough
    assert instead("letters ", tag=["animals"], year=[2025, 2025]) == [("tag", "animals", 1)]
    assert instead("letters ", tag=["language", "-trial"], has=["code"], year=[None, 2024]) == [("tag", "-trial", 1)]
    assert instead("xylophone ", tag="animals") == [("q", "", 2)]
    assert instead("", venue=["Made-up Letters"], year=[2020, 2023]) == [
        ("venue", "Made-up Letters", 4),
        ("year", "2020-2023", 2),
    ]
    assert instead("", has=["data"], year=[2024, 2024])[1:] == [("year", "2024", 1)]
    assert instead("", author=["ada-example"], year=[None, 2020]) == [("author", "ada-example", 5), ("year", "-2020", 2)]
    assert search("letters ", filters={"tag": "language"})["instead"] == []


# ------------------------------------------------------------------ counts of facets


def facets(answer: Answer) -> dict[str, Any]:
    found = answer["facets"]
    people = found["author"] and [(person["slug"], person["name"], person["count"]) for person in found["author"]]
    return {**found, "author": people}


def test_facets_are_counted_on_demand(search: Ask) -> None:
    assert search("letters ")["facets"] is None
    assert facets(search("letters ", facets=True, limit=0)) == {
        "tag": {"language": 1, "machines": 1, "overview": 1, "robotics": 1, "trial": 1},
        "venue": {"Made-up Letters": 2},
        "has": {"code": 2, "note": 1},
        "year": {"2024": 1, "2025": 1},
        "author": None,
    }
    assert facets(search("letters ", facets=True, people=True))["author"] == [
        ("ada-example", "Ada Example", 1),
        ("bo-sample", "Bo Sample", 1),
        ("cy-fictive", "Cy Fictive", 1),
    ]
    assert facets(search("author:ada ", facets=True, people=True))["author"] == [
        ("ada-example", "Ada Example", 2),
        ("ada-instance", "Ada Instance", 1),
        ("bo-sample", "Bo Sample", 1),
    ]


def test_a_facet_is_not_counted_against_itself(search: Ask) -> None:
    def counted(facet: str, **filters: Any) -> Any:
        return facets(search("", filters=filters, facets=True, people=True))[facet]

    every = counted("tag")
    assert every == {"machines": 2, "robotics": 1, "hardware": 1, "language": 2, "animals": 2, "overview": 2, "trial": 2}
    subject = {tag: every[tag] for tag in every if tag not in ("overview", "trial")}
    assert counted("tag", tag="machines") == {**subject, "overview": 1}  # of its facet what each would add; else what is left
    assert counted("tag", tag=["machines", "overview"]) == {"machines": 1, "robotics": 1, "overview": 1}
    assert counted("tag", tag="-machines") == {"language": 2, "animals": 2, "overview": 1, "trial": 2}  # what is out is out
    assert counted("tag", tag=["animals", "-trial"]) == {"machines": 2, "robotics": 1, "hardware": 1, "language": 1, "animals": 1}
    assert counted("year", year=[2024, 2025]) == counted("year")
    assert counted("year", year=[2024, 2025], tag="machines") == {"2025": 2}
    assert counted("tag", year=[2024, 2025], tag="machines") == {
        "machines": 2, "robotics": 1, "hardware": 1, "language": 2, "overview": 1
    }  # fmt: skip
    assert counted("venue", venue="Made-up Letters") == {"Made-up Letters": 2, "Invented Journal": 3}
    assert counted("has", has=["code"]) == counted("has") == {"code": 2, "data": 1, "note": 6}
    assert counted("has", has=["-code"]) == {"data": 1, "note": 5}
    assert counted("author", author="cy-fictive") == counted("author")
    assert counted("author", author="cy-fictive", venue="Invented Journal") == [
        ("ada-instance", "Ada Instance", 1), ("bo-sample", "Bo Sample", 1)
    ]  # fmt: skip


# ------------------------------------------------------------------ what is fetched

BASE = ["search/index.json.gz", "search/similar.bin.gz"]
NEEDED = {  # after those before it
    "": ["search/cards/0.json.gz", "search/columns/newest.json.gz", "search/index.json.gz"],
    "twin ": ["search/similar.bin.gz", "search/terms/-.bin.gz"],
    "the": [],
    "twin": ["search/words/-.txt.gz"],
    "twyn ": ["search/ends/-.txt.gz"],
    '"twin reports"': ["search/texts/0.json.gz"],
    "keys -twin": [],
    "author:ada ": ["search/authors/-.txt.gz", "search/people/-.txt.gz"],
    "tag:robotics": ["search/columns/tags.json.gz", "search/names.json.gz"],
    "year:2020": ["search/columns/years.json.gz"],
    "venue:inv has:code": ["search/columns/has.json.gz", "search/columns/venues.json.gz"],
}


def in_search(fetched: list[str]) -> list[str]:
    return sorted(path for path in fetched if path.startswith("search/"))


def test_files_are_fetched_when_a_search_needs_them_and_once(page: Page, small: Files) -> None:
    fetched = visit(page, small)
    assert in_search(fetched) == []
    needed = {}
    for text in NEEDED:
        before = in_search(fetched)
        page.evaluate("text => engine.search(text)", text)
        needed[text] = [path for path in in_search(fetched) if path not in before]
    assert needed == NEEDED
    assert len(fetched) == len(set(fetched))
    before = in_search(fetched)
    for options in ({"facets": True, "people": True}, {"sort": "title"}, {"filters": {"author": "ada-example"}, "facets": True}):
        page.evaluate("options => engine.search('letters', options)", options)
    assert [path for path in in_search(fetched) if path not in before] == ["search/columns/title.json.gz"]


def test_of_a_first_question_of_one_word_few_files_are_fetched_at_once_too(page: Page, small: Files) -> None:
    fetched = visit(page, small)
    page.evaluate("Promise.all([engine.search('twin '), engine.search('reports '), engine.search('twin ')])")
    assert in_search(fetched) == sorted([*BASE, "search/cards/0.json.gz", "search/terms/-.bin.gz"])


def test_files_of_another_edition_are_others(page: Page, small: Files) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, small)
    page.evaluate("engine.search('twin')")
    edition = json.loads(small["search/index.json"])["edition"]
    files = [url for url in asked if "/search/" in url]
    assert [urlsplit(url).query for url in files] == ["", *[edition] * (len(files) - 1)]
    assert len(files) == 5


SAME = ("", "twin", "pigens ", '"brass keys"', "letters author:ada tag:lang -year:2018 ", "深層学習")


def test_a_browser_that_cannot_decompress_gets_the_same_from_plain_files(page: Page, small: Files, search: Ask) -> None:
    fetched = visit(page, small, "delete window.DecompressionStream")
    options = {"facets": True, "people": True, "limit": None}
    assert [page.evaluate("([text, options]) => engine.search(text, options)", [text, options]) for text in SAME] == [
        search(text, **options) for text in SAME
    ]
    assert not [path for path in in_search(fetched) if path.endswith(".gz")]


def test_a_host_may_unpack_files_on_the_way(page: Page, small: Files, search: Ask) -> None:
    unpacked = {path: small[path.removesuffix(".gz")] for path in small}
    fetched = visit(page, unpacked)
    assert [page.evaluate("text => engine.search(text)", text) for text in SAME] == [search(text) for text in SAME]
    assert {Path(path).suffix for path in in_search(fetched)} == {".gz"}


def test_files_of_another_version_are_not_read(page: Page, small: Files) -> None:
    head = json.loads(small["search/index.json"])
    files = small | {"search/index.json.gz": json.dumps({**head, "version": head["version"] + 1}).encode()}
    visit(page, files)
    message = "engine.search('keys').catch(error => error.message)"
    assert page.evaluate(message) == "The site has changed: load the page again."
    files["search/index.json.gz"] = small["search/index.json.gz"]
    assert page.evaluate("engine.search('keys')")["total"] > 0


@pytest.mark.complains("404")
@pytest.mark.parametrize("lost", ["index.json.gz", "terms/-.bin.gz", "similar.bin.gz", "cards/0.json.gz"])
def test_a_failed_fetch_says_so_and_the_next_search_tries_again(page: Page, small: Files, lost: str) -> None:
    files = {path: file for path, file in small.items() if path != f"search/{lost}"}
    visit(page, files)
    message = page.evaluate("engine.search('keys').catch(error => error.message)")
    assert re.match(rf".*search/{re.escape(lost)}.*: 404", message)
    files[f"search/{lost}"] = small[f"search/{lost}"]
    assert page.evaluate("engine.search('keys')")["total"] > 0


def test_an_answer_in_haste_does_not_wait_for_the_papers_that_are_near(page: Page, small: Files) -> None:
    visit(page, small)
    held: list[Route] = []
    is_held = True
    page.route("**/similar.bin.gz?*", lambda route: held.append(route) if is_held else route.fallback())
    page.evaluate("() => { window.full = engine.search('twin '); window.isThere = false; full.then(() => isThere = true) }")
    draft = page.evaluate("engine.search('twin ', { hasty: true })")
    assert (draft["draft"], page.evaluate("isThere")) == (True, False)
    is_held = False
    for route in held:
        route.fallback()
    full = page.evaluate("full")
    assert (full["draft"], ids(full)) == (False, ids(draft))
    assert full["results"] != draft["results"]  # they are near to each other
    assert page.evaluate("engine.search('twin ', { hasty: true })") == full


def test_the_base_may_be_relative_and_lack_its_slash(page: Page, small: Files) -> None:
    visit(page, small)
    ask = "async base => (await import('./static/js/engine.js')).open(base).search('marmalade')"
    for base in (SITE, SITE.removesuffix("/"), "", "./", "."):
        assert ids(page.evaluate(ask, base)) == TWINS, base
    assert ids(page.evaluate(ask.replace("open(base)", "open(new URL(base))"), SITE)) == TWINS


def test_the_engine_runs_in_a_worker(page: Page, small: Files) -> None:
    worker = b"import { open } from './static/js/engine.js'\npostMessage(await open('').search('marmalade'))\n"
    visit(page, small | {"worker.js": worker})
    answer = page.evaluate(
        "new Promise(done => { new Worker('worker.js', { type: 'module' }).onmessage = event => done(event.data) })"
    )
    assert ids(answer) == TWINS


def test_the_engine_tells_by_what_it_found_papers(page: Page, small: Files) -> None:
    visit(page, small)
    told = "text => engine.matches(text).then(all => all.map(({ spellings, stems }) => [spellings, [...stems].sort()]))"
    matches = page.evaluate(told, "pre-training xylophone pigens lett")
    assert matches == [
        [["pre", "pretraining"], ["pre", "pretrain"]],
        [["training", "pretraining"], ["pretrain", "train"]],
        [["pigens"], ["pigeon"]],
        [["lett"], ["letter"]],
    ]
