"""What a page may ask of a survey: order, groups, counts."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from surveys import PAGES, PAPERS, tiny

from generator.library import Library
from generator.links import broken, links
from generator.load import load
from generator.model import Paper, Query, Settings, Survey, Vocabulary
from generator.pages.words import NBSP, byline, citation, extent, figures, surname, when
from generator.tag import tag
from generator.text import name_slug


def library(root: Path, papers: dict[str, str] | None = None) -> Library:
    survey, problems = load(tiny(root, PAPERS if papers is None else papers))
    assert not problems
    return Library(survey, tag(survey))


def of(papers: Sequence[Paper]) -> list[str]:
    return [paper.id for paper in papers]


def test_papers_are_newest_first_and_the_undated_last(tmp_path: Path) -> None:
    dates = {"day": "2023-05-06", "month": "2023-05", "year": "2023", "older": "2022-12-31"}
    papers = {name: f"---\ntitle: {name}\ndate: {date}\n---\n" for name, date in dates.items()}
    papers["venue"] = "---\ntitle: venue\nvenue: Somewhere\nvenue_year: 2024\n---\n"
    papers["none"] = "---\ntitle: none\n---\n"
    assert of(library(tmp_path, papers).papers) == ["venue", "day", "month", "year", "older", "none"]


def test_the_nearest_tag_of_some_papers_is_that_which_they_have_most_above_chance(tmp_path: Path) -> None:
    tags = {"one": "counting, moss-gardens", "two": "counting, moss-gardens", "three": "counting", "four": "counting", "five": ""}
    found = library(tmp_path, {name: f"---\ntitle: {name}\ntags: [{of}]\n---\n" for name, of in tags.items()})
    assert found.nearest_tag(["one", "two"]) == ("moss-gardens", 2)  # most papers are of counting
    assert found.nearest_tag(["three", "four"]) == ("counting", 2)
    assert found.nearest_tag(["one", "five"]) is None  # no two share one
    assert found.nearest_tag(list(tags)) is None  # all papers are as near as chance


def test_the_papers_of_a_tag_are_its_children_s_too(tmp_path: Path) -> None:
    found = library(tmp_path)
    assert of(found.papers_with("gardens")) == ["counting-moss", "a-quiet-garden"]
    assert of(found.papers_with("moss-gardens")) == ["counting-moss"]
    assert found.papers_with("nothing") == ()


def test_sources_are_counted_from_the_records(tmp_path: Path) -> None:
    (count,) = library(tmp_path).source_counts
    assert (count.source.id, count.listings, count.papers, count.only_here) == ("page-one", 2, 2, 2)


@pytest.mark.parametrize(
    ("query", "papers"),
    [
        (Query(), ["counting-moss", "a-quiet-garden", "from-a-lab", "only-a-title"]),
        (Query(tags=("gardens",)), ["counting-moss", "a-quiet-garden"]),
        (Query(tags=("gardens", "counting")), ["counting-moss"]),
        (Query(any=("moss-gardens", "counting")), ["counting-moss"]),
        (Query(years=(2023, 2023)), ["a-quiet-garden", "from-a-lab"]),
        (Query(years=(2024, None)), ["counting-moss"]),
        (Query(years=(None, 2023)), ["a-quiet-garden", "from-a-lab"]),
        (Query(venue="journal of small plants"), ["counting-moss"]),
        (Query(reviewed="yes"), ["a-quiet-garden"]),
        (Query(ids=("only-a-title", "an-old-id", "only-a-title")), ["only-a-title", "from-a-lab"]),
        (Query(ids=("only-a-title", "counting-moss"), sort="newest"), ["counting-moss", "only-a-title"]),
        (Query(sort="oldest", limit=3), ["only-a-title", "from-a-lab", "a-quiet-garden"]),
        (Query(sort="title"), ["a-quiet-garden", "counting-moss", "from-a-lab", "only-a-title"]),
    ],
)
def test_papers_are_selected_by_all_conditions(tmp_path: Path, query: Query, papers: list[str]) -> None:
    assert of(library(tmp_path).select(query)) == papers


def test_what_is_counted_is_in_the_data(tmp_path: Path) -> None:
    found = library(tmp_path, {**PAPERS, "again": "---\ntitle: Again\nsources: [{page: page-one}, {page: page-one}]\n---\n"})
    counts = {of: found.count(of, Query()) for of in ("papers", "tags", "facets", "sources", "listings", "repeats")}
    assert counts == {"papers": 5, "tags": 3, "facets": 2, "sources": 1, "listings": 4, "repeats": 1}


def test_a_paper_and_a_tag_know_where_they_are_discussed(tmp_path: Path) -> None:
    survey, problems = load(tiny(tmp_path, pages=PAGES))
    assert not problems
    found = Library(survey, tag(survey))
    assert [page.name for page in found.reading_order] == ["home", "on-gardens", "on-counting", "method"]
    places = [(place.page.name, place.spot.section, place.spot.anchor) for place in found.discussed_in["counting-moss"]]
    assert places == [("home", "", "opening.1"), ("on-gardens", "", "opening.1"), ("on-gardens", "Wet places", "wet-places.1")]
    assert [place.spot.anchor for place in found.treated_in["gardens"]] == ["wet-places.1"]
    assert [place.page.name for place in found.treated_in["counting"]] == ["method"]


def test_two_sections_of_one_name_are_two(tmp_path: Path) -> None:
    text = "---\ntitle: Twice\n---\n## Results\n\n[@only-a-title]\n\n## Results\n\n[@only-a-title] [@only-a-title]\n"
    survey, _ = load(tiny(tmp_path, pages={"twice": text}))
    found = Library(survey, {}).discussed_in["only-a-title"]
    assert [place.spot.anchor for place in found] == ["results.1", "results-2.1"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("authors: [Ada Example]\ndate: 2024-03", "Example 2024"),
        ("authors: [Ada Example, Ben Sample]\ndate: 2024", "Example & Sample 2024"),
        ("authors: [Ada Example, Ben Sample, Cleo Instance]", "Example et al. undated"),
        ("authors: [Ada Example]\nauthor_count: 5\ndate: 2024", "Example et al. 2024"),
        ("organization: Made-Up Lab\ndate: 2024", "Made-Up Lab 2024"),
        ("date: 2024", "“Moss” 2024"),
        ("also: [x]", "“Moss” undated"),
    ],
)
def test_a_citation_names_whom_it_can(tmp_path: Path, fields: str, words: str) -> None:
    papers = {"moss": f"---\ntitle: 'Moss: a slow study'\n{fields}\n---\n"}
    assert citation(library(tmp_path, papers).papers[0]) == words


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("Ada Example", "Example"),
        ("Cleo van der Instance", "van der Instance"),
        ("Dan Placeholder Jr.", "Placeholder"),
        ("Eve", "Eve"),
    ],
)
def test_a_surname_is_the_last_word_with_its_particles(name: str, last: str) -> None:
    assert surname(name) == last


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Ada Example", "ada-example"),
        ("José Ñandú", "jose-nandu"),
        ("Søren Łodz-Æbler", "soren-lodz-aebler"),
        ("A. B. O'Sample", "a-b-o-sample"),
        ("Con", "author-con"),
    ],
)
def test_a_name_s_address_reads_like_the_name(name: str, address: str) -> None:
    assert name_slug(name, kind="author") == address


def test_names_that_lose_letters_keep_apart() -> None:
    names = ["李 A", "王 A", "王小明", "李小明", "C++", "C#", "C"]
    assert len({name_slug(name, kind="author") for name in names}) == len(names)


def test_spellings_of_a_name_are_one_author_under_the_most_used(tmp_path: Path) -> None:
    names = ["Jose Sample", "José Sample", "José Sample"]
    papers = {f"p{n}": f"---\ntitle: P{n}\nauthors: [{name}]\n---\n" for n, name in enumerate(names)}
    (group,) = library(tmp_path, papers).authors.values()
    assert (group.slug, group.name, len(group.papers)) == ("jose-sample", "José Sample", 3)


def test_two_authors_of_one_name_are_counted_once_a_paper(tmp_path: Path) -> None:
    (group,) = library(tmp_path, {"p": "---\ntitle: P\nauthors: [Ada Example, Ada Example]\n---\n"}).authors.values()
    assert len(group.papers) == 1


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("paper", "line"),
    [
        (Paper(title="T"), "Authors not stated"),
        (Paper(title="T", author_count=1), "1 author"),
        (Paper(title="T", author_count=4), "4 authors"),
        (Paper(title="T", organization="Made-Up Lab", author_count=4), "Made-Up Lab"),
        (Paper(title="T", authors=("A", "B", "C")), "A, B, C"),
        (Paper(title="T", authors=("A", "B", "C", "D")), "A, B, C et al."),
        (Paper(title="T", authors=("A", "B"), author_count=2), "A, B"),
        (Paper(title="T", authors=("A", "B"), author_count=9), "A, B et al."),
    ],
)
def test_a_byline_says_what_is_known(paper: Paper, line: str) -> None:
    assert byline(paper) == line


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (Paper(title="T"), "Date not stated"),
        (Paper(title="T", date="2024-03-02"), "March 2024"),
        (Paper(title="T", venue="Letters", venue_year=2024, date="2024-03-02"), "Letters 2024"),
        (Paper(title="T", venue="Letters", venue_year=2024), "Letters 2024"),
        (Paper(title="T", venue="Letters", venue_year=2024, date="2023-11-30"), "Letters 2024 · November 2023"),
        (Paper(title="T", venue="Letters", date="2023-05"), "Letters · May 2023"),
        (Paper(title="T", venue="Letters"), "Letters"),
    ],
)
def test_when_is_the_venue_or_the_date(paper: Paper, words: str) -> None:
    assert when(paper).replace(NBSP, " ") == words


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "no papers yet"),
        (9, "fewer than 10 papers, 2023–2024"),
        (10, "10+ papers, 2023–2024"),
        (45, "40+ papers, 2023–2024"),
        (263, "260+ papers, 2023–2024"),
        (1_263, "1,200+ papers, 2023–2024"),
    ],
)
def test_the_extent_is_rough_so_that_a_new_paper_seldom_changes_it(number: int, said: str) -> None:
    papers = tuple(Paper(id=f"p{n}", title="T", date=str(2023 + n % 2)) for n in range(number))
    survey = SimpleNamespace(papers=papers, settings=Settings(), vocabulary=Vocabulary())
    assert extent(Library(survey, {})) == said  # type: ignore[arg-type]


def test_figures_are_numbers_with_their_units() -> None:
    pieces = figures("46% fewer, from 12.5% to 3.2× in CIFAR-10; GPT-4 and top-5 are none")
    assert [text for text, is_figure in pieces if is_figure] == ["46%", "12.5%", "3.2×"]
    assert "".join(text for text, _ in pieces) == "46% fewer, from 12.5% to 3.2× in CIFAR-10; GPT-4 and top-5 are none"


def test_a_survey_of_nothing_answers_too() -> None:
    nothing = Library(Survey(settings=Settings(), vocabulary=Vocabulary(), sources=(), records=()), {})
    assert (nothing.papers, nothing.years, nothing.revised, nothing.source_counts) == ((), (), None, ())


# ------------------------------------------------------------------ links


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("../../", "index.html"),
        ("./", "papers/x/index.html"),
        ("../y/", "papers/y/index.html"),
        ("../../search/?q=a", "search/index.html"),
        ("#here", "papers/x/index.html#here"),
        ("../../static/a%20b.txt", "static/a b.txt"),
        ("/repo/papers/", "papers/index.html"),
        ("../../tags/a&amp;b/", "tags/a&b/index.html"),
    ],
)
def test_where_a_link_leads(target: str, file: str) -> None:
    assert links("papers/x/index.html", f'<a href="{target}">', "/repo/").targets == (file,)


@pytest.mark.parametrize("target", ["https://example.org/", "mailto:a@example.org", "//example.org/", "data:image/svg+xml,x"])
def test_links_that_leave_the_site_are_nobody_s_care(target: str) -> None:
    assert links("index.html", f'<a href="{target}"><img src="{target}">', "/").targets == ()


def test_a_missing_file_and_a_missing_anchor_are_broken_links() -> None:
    pages = {
        "index.html": links("index.html", '<a href="a/"></a><a href="a/#x"></a><a href="a/#y"></a><a href="b/"></a>', "/"),
        "a/index.html": links("a/index.html", '<p id="x"></p>', "/"),
    }
    assert [problem.message for problem in broken(pages, {"index.html", "a/index.html"})] == [
        "a link leads to 'a/index.html#y', but that page has no such anchor",
        "a link leads to 'b/index.html', which is not in the site",
    ]
