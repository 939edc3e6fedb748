"""test_importers: pages and facts go in, papers and reports come out"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator import records
from generator.importers import IMPORTERS, daily_papers, facts, importer_for
from generator.importers.addresses import links_in
from generator.model import Listing, Paper, Source
from generator.report import Problem

FIXTURES = Path(__file__).parent / "fixtures" / "import"

HEADER = "Daily Papers\n\nbyAK and the research community\n\nMar 9\n\n"
PROSE = "Plumbury counts its teacups. " * 12


def fixture(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def read(text: str, captured: str | None = "2024-03-09") -> tuple[tuple[Paper, ...], list[str]]:
    """The papers of a page, and its problems as a person reads them."""
    papers, problems = daily_papers.read(text, "page.txt", Source(id="plum-1", file="page.txt", captured=captured))
    return papers, [f"{p.place}: {p.level}: {p.message}" for p in problems]


def read_facts(text: str) -> tuple[list[Paper], list[str]]:
    found, problems = facts.read(text, "facts.jsonl")
    return [fact.paper for fact in found], [f"{p.place}: {p.level}: {p.message}" for p in problems]


# ------------------------------------------------------------------ formats


def test_the_format_is_recognized() -> None:
    importer = importer_for(fixture("plain.txt"), "plain.txt")
    assert importer is IMPORTERS[0]
    assert importer is importer_for("anything", "page.txt", "daily-papers")


@pytest.mark.parametrize("text", ["", "\n", "Daily Papers", "# Notes\n\nNothing of the kind.\n", "{}", "\x00"])
def test_a_file_of_no_known_format_is_an_error_that_names_the_known_ones(text: str) -> None:
    problem = importer_for(text, "notes.txt")
    assert isinstance(problem, Problem)
    assert (problem.level, str(problem.place)) == ("error", "notes.txt")
    assert problem.message == "this file is in none of the known formats"
    assert problem.hint == "known are: daily-papers, jsonl"


def test_an_unknown_format_suggests_the_nearest() -> None:
    problem = importer_for(fixture("plain.txt"), "plain.txt", "daily-paper")
    assert isinstance(problem, Problem)
    assert (problem.message, problem.hint) == ("unknown format 'daily-paper'", "did you mean 'daily-papers'?")


def test_a_format_that_is_named_but_not_the_files_is_an_error() -> None:
    assert read("Dear diary,\n\nnothing today.\n") == ((), ["page.txt:1:1: error: this is no page of Daily Papers"])


# ------------------------------------------------------------------ pages as they are


def test_a_page_without_blocks() -> None:
    papers, problems = read(fixture("plain.txt"))
    assert problems == []
    assert [paper.title for paper in papers] == [
        "Moss Clocks: Telling Time With Slow Plants",
        'Do "Teacups" Dream... of Saucers?',
        "It's All Soup: A Keeper's Tale",
    ]
    assert [paper.sources for paper in papers] == [(Listing(page="plum-1", position=n),) for n in (1, 2, 3)]
    assert papers[0].abstract is not None
    assert r"We set {\tau} to one soup spoon and lose less than 50\% of 10^{139} ticks." in papers[0].abstract
    assert {(paper.date, paper.author_count, paper.organization) for paper in papers} == {(None, None, None)}
    assert daily_papers.printed(fixture("plain.txt")) == "Mar 4"


def test_a_page_with_blocks() -> None:
    papers, problems = read(fixture("blocks.txt"))
    assert problems == []
    said = [(paper.author_count, paper.organization, paper.date, paper.sources[0].comments) for paper in papers]
    assert said == [
        (4, None, "2024-02-03", 2),
        (1, None, "2024-01-09", None),
        (None, "Plumbury Institute for Teacups", "2024-02-29", 11),
        (None, None, None, None),
        (412, None, "2019-12-31", None),
    ]
    assert [paper.sources[0].position for paper in papers] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t + "\n\n\n"])
def test_line_ends_and_byte_order_marks_do_not_matter(change: Callable[[str], str]) -> None:
    assert read(change(fixture("blocks.txt"))) == read(fixture("blocks.txt"))


def test_dates_without_a_year_are_left_out_of_a_page_of_unknown_day_with_one_warning() -> None:
    papers, problems = read(fixture("blocks.txt"), captured=None)
    assert [paper.date for paper in papers] == ["2024-02-03", None, None, None, "2019-12-31"]
    assert problems == ["page.txt:27:1: warning: 2 dates left out: without a year, and it is not known when 'plum-1' was saved"]


def test_a_date_without_a_year_is_of_the_year_of_capture_even_later_in_it() -> None:
    (paper,), problems = read(f"{HEADER}Tea\n\n{PROSE}\n\n  • 2 authors\n·\nDec 31\n")
    assert (paper.date, problems) == ("2024-12-31", [])


def test_an_abstract_may_be_wrapped_or_short() -> None:
    papers, problems = read(f"{HEADER}Tea\n\nTea is hot.\nIt cools.\n\nMilk\n\nMilk is cold.\n")
    assert ([paper.abstract for paper in papers], problems) == (["Tea is hot. It cools.", "Milk is cold."], [])


def test_separators_of_other_kinds_do_not_end_a_line() -> None:
    (paper,), problems = read(f"{HEADER}Tea\u2028and\x85milk\n\n{PROSE}\n")
    assert (paper.title, problems) == ("Tea\u2028and\x85milk", [])


# ------------------------------------------------------------------ pages that are not whole


def test_what_is_wrong_on_a_page_is_reported_and_the_rest_is_read() -> None:
    text = (
        f"{HEADER}  • 2 authors\n·\nMay 1, 2023\n\n"  # line 7
        f"No Abstract\n\nGulls\n\n{PROSE}\n\n"
        f"{PROSE}{PROSE}\n\n  • 3 authors\n·\nMay 1, 2023\n\n"
        f"Two\nlines\n\n{PROSE}\n\n"
        f"Some Hands\n\n{PROSE}\n\n  • several authors\n·\nMay 1, 2023\n\n"
        f"A Day\n\n{PROSE}\n\n  • 3 authors\n·\nyesterday\n\n"
        f"No Such Day\n\n{PROSE}\n\n  • 0 authors\n·\nFeb 30, 2023\n\n"
        f"Kelp\n\n{PROSE}\n\nacme Acme Research\n·\nMay 1, 2023\n\n"
        f"Glued\n\n{PROSE}\n  • 3 authors\n·\nMay 1, 2023\n\n"
        f"Cut\n\n{PROSE}\n\n  • 3 authors\n·"
    )
    papers, problems = read(text)
    assert [(paper.title, paper.sources[0].position) for paper in papers] == [("Gulls", 3), ("Kelp", 9)]
    assert problems == [
        "page.txt:7:1: error: this says who and when, but no paper stands before it",
        "page.txt:11:1: error: 'No Abstract' has no abstract",
        "page.txt:17:1: error: a title is expected here, not 695 characters",
        "page.txt:23:1: error: a title must stand on one line",
        "page.txt:32:1: error: '• several authors' is neither a number of authors nor an organization",
        "page.txt:42:1: error: 'yesterday' is not a date",
        "page.txt:48:1: error: 'author_count' must be from 1 to 100000, not 0",
        "page.txt:50:1: error: 'date' '2023-02-30' is not a day of the calendar",
        "page.txt:62:1: error: this does not say who and when as it should",
        "page.txt:71:1: error: this does not say who and when as it should",
    ]


def test_a_page_that_breaks_off_after_a_title_is_an_error() -> None:
    papers, problems = read(f"{HEADER}Gulls\n\n{PROSE}\n\nKel")
    assert ([paper.title for paper in papers], problems) == (["Gulls"], ["page.txt:11:1: error: 'Kel' has no abstract"])


def test_a_page_without_papers_or_without_its_date_is_an_error() -> None:
    assert read(HEADER)[1] == ["page.txt:5:1: error: no paper is listed after the header"]
    papers, problems = read(f"{HEADER.removesuffix('Mar 9' + chr(10) * 2)}Gulls\n\n{PROSE}\n")
    assert len(papers) == 1
    assert problems == ["page.txt:3:1: error: the page's own date is missing after this line"]


def test_a_control_character_in_a_title_is_an_error() -> None:
    assert read(f"{HEADER}Gu\x07lls\n\n{PROSE}\n") == ((), ["page.txt:7:1: error: 'title' holds a control character, U+0007"])


# ------------------------------------------------------------------ addresses in abstracts


@pytest.mark.parametrize(
    ("abstract", "links"),
    [
        (r"Our code is at \url{https://github.com/plum/moss}.", {"code": "https://github.com/plum/moss"}),
        ("A repository is at {https://github.com/plum/moss}.", {"code": "https://github.com/plum/moss"}),
        ("Our suite (https://github.com/plum/moss{The Moss}) grows.", {"code": "https://github.com/plum/moss"}),
        ("We help future researchhttps://github.com/plum/moss.", {"code": "https://github.com/plum/moss"}),
        ("Code: https://github.com/plum/moss , and more.", {"code": "https://github.com/plum/moss"}),
        (r"Code: https://github.com/plum/moss\_clock", {"code": "https://github.com/plum/moss_clock"}),
        ("“Code at https://gitlab.com/plum/moss”。", {"code": "https://gitlab.com/plum/moss"}),
        ("Code at https://github.com/plum/moss''.", {"code": "https://github.com/plum/moss"}),
        ("See https://plum.example.org/a_(b)).", {"project": "https://plum.example.org/a_(b)"}),
        ("Code and videos are at https://plum.github.io/moss/.", {"project": "https://plum.github.io/moss/"}),
        ("We release all data and codes at https://plum.github.io", {"project": "https://plum.github.io"}),
        ("We release the datasets at https://plum.example.org/d.", {"data": "https://plum.example.org/d"}),
        ("Get it: https://huggingface.co/datasets/plum/moss", {"data": "https://huggingface.co/datasets/plum/moss"}),
        ("We release weights: https://huggingface.co/plum/m1", {"project": "https://huggingface.co/plum/m1"}),
        ("Two videos: https://youtu.be/a1 (part 1), https://youtu.be/b2 (part 2).", {"video": "https://youtu.be/a1"}),
        (
            "We release code for training (https://github.com/p/a) and testing (https://github.com/p/b), and the corpus"
            " (https://plum.example.org/c). It is large.",
            {"code": "https://github.com/p/a", "data": "https://plum.example.org/c"},
        ),
        ("We compare with https://older.example.com/gym. It is slow.", {}),  # what others made
        ("Code is at https://github.com/.", {}),
        ("Extends our https://arxiv.org/abs/2401.00001 and https://doi.org/10.1234/x.", {}),
        ("Our code is at https:// or https://[::1/x or https://u:p@github.com/p/a.", {}),
        ("No address here.", {}),
    ],
)
def test_addresses_of_an_abstract(abstract: str, links: dict[str, str]) -> None:
    assert dict(links_in(abstract)) == links


# ------------------------------------------------------------------ facts


def test_facts_hold_what_is_kept_and_null_is_not_known() -> None:
    papers, problems = read_facts(fixture("facts.jsonl"))
    assert problems == []
    assert papers[0] == Paper(
        title="Moss clocks -- telling time with slow plants",
        arxiv="2401.00001",
        doi="10.1234/moss.1",
        authors=("Ada Plum", "Bo Reed", "Cy Stone", "Di Tarn"),
        venue="HarborConf",
        venue_year=2024,
        date="2024-02-02",
        links=(("code", "https://github.com/someone-else/moss"),),
        also=("Slow Plants Tell Time",),
    )
    assert papers[3] == Paper(title='Do "Teacups" Dream... of Saucers?', date="2023-11-30")


def test_a_separator_inside_a_value_does_not_end_the_row() -> None:
    papers, _ = read_facts(fixture("facts.jsonl"))
    assert len(papers) == 5
    assert (papers[2].authors, papers[2].venue) == (("Flo\u2028Vane",), "Tide\x85Letters")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ('{"title": "T"', "2:14: error: not JSON: Expecting ',' delimiter"),
        ("[" * 100_000, "2:1: error: not JSON that can be read here: nested too deep, or a number too long"),
        (
            '{"title": "T", "venue_year": ' + "9" * 5000 + "}",
            "2:1: error: not JSON that can be read here: nested too deep, or a number too long",
        ),
        ('["T"]', "2:1: error: a line must hold one JSON object"),
        ('{"arxiv": "2401.00001"}', "2:1: error: 'title' is missing"),
        ('{"title": "T", "title": "U"}', "2:1: error: key 'title' appears twice"),
        ('{"title": "T", "arxiv": 2401.1}', "2:16: error: 'arxiv' must be text in quotes"),
        ('{"title": "T", "arxiv": "soon"}', "2:16: error: 'arxiv' must look like 2509.00000, not 'soon'"),
        ('{"title": "T", "doi": "x/1"}', "2:16: error: 'doi' must look like 10.1234/…, not 'x/1'"),
        (r'{"title": "T \"doi\": x", "doi": "y"}', "2:27: error: 'doi' must look like 10.1234/…, not 'y'"),
        ('{"title": "T", "authors": "A, B"}', "2:16: error: 'authors' must be a list"),
        ('{"title": "T", "authors": ["A", null]}', "2:16: error: 'authors' must be text in quotes"),
        ('{"title": "T", "venue_year": true}', "2:16: error: 'venue_year' must be a whole number"),
        ('{"title": "T", "submitted": "2023-02-30"}', "2:16: error: 'submitted' '2023-02-30' is not a day of the calendar"),
        ('{"title": "T", "code": "javascript:alert(1)"}', "2:16: error: 'code' must start with https:// or http://"),
        (r'{"title": "T\ud800"}', "2:2: error: 'title' holds a control character, U+D800"),
    ],
)
def test_a_wrong_row_is_reported_and_the_others_are_read(row: str, problem: str) -> None:
    papers, problems = read_facts(f'{{"title": "Before"}}\n{row}\n\n{{"title": "After"}}\n')
    assert [paper.title for paper in papers] == ["Before", "After"]
    assert problems == [f"facts.jsonl:{problem}"]


def test_an_unknown_key_is_a_warning() -> None:
    papers, problems = read_facts('\ufeff{"title": "T", "evidence": [1], "note": "n", "Arxiv": "2401.00001"}\r\n')
    assert papers == [Paper(title="T")]
    assert problems == ["facts.jsonl:1:46: warning: unknown key 'Arxiv' is not kept"]


# ------------------------------------------------------------------ real pages, counted another way


def pages(shared: Path | None) -> Iterator[tuple[str, str]]:
    """Name and text of the fixtures, and of the saved pages where they are there."""
    seeds = sorted((shared / "seeds").glob("*.txt")) if shared else []
    for path in (FIXTURES / "plain.txt", FIXTURES / "blocks.txt", *seeds):
        yield path.name, path.read_text(encoding="utf-8")


def test_each_page_reads_as_a_plain_pattern_counts_it(shared: Path | None) -> None:
    block = re.compile(r"\n\n(?:  • (\d+) authors|[\w-]+ (\S.*))\n·\n(\w{3} \d+)(?:, (\d{4}))?(?: (\d+))?(?=\n|\Z)")
    for name, text in pages(shared):
        papers, problems = read(text)
        blocks = block.findall(text)
        assert problems == []
        assert [paper.title for paper in papers] == re.findall(r"(?<=\n\n).+(?=\n\n.{300,})", text), name
        assert [paper.abstract for paper in papers] == re.findall(r".{300,}", text), name
        listed = [paper for paper in papers if paper.author_count or paper.organization]
        assert [str(paper.author_count or "") for paper in listed] == [found[0] for found in blocks], name
        assert [paper.organization or "" for paper in listed] == [found[1] for found in blocks], name
        assert [paper.date[:4] for paper in listed if paper.date] == [found[3] or "2024" for found in blocks], name
        assert [str(paper.sources[0].comments or "") for paper in listed] == [found[4] for found in blocks], name


def test_the_saved_pages_hold_what_their_blocks_say(shared: Path | None) -> None:
    names = ("blocks.txt",) if shared is None else tuple(path.name for path in sorted((shared / "seeds").glob("*.txt")))
    texts = dict(pages(shared))
    found = [read(texts[name], captured=None)[0] for name in names]
    count = Counter[str]()
    for paper in (paper for papers in found for paper in papers):
        count["authors"] += paper.author_count is not None
        count["organizations"] += paper.organization is not None
        count["dates with a year"] += paper.date is not None
        count["comments"] += paper.sources[0].comments is not None
    if shared is None:
        assert ([len(papers) for papers in found], count["authors"], count["organizations"]) == ([5], 3, 1)
        return
    assert [len(papers) for papers in found] == [90, 51, 82, 66, 45]
    assert count == {"authors": 85, "organizations": 6, "dates with a year": 73, "comments": 25}


def test_every_paper_that_is_read_can_be_written_and_read_again(shared: Path | None) -> None:
    for _, text in pages(shared):
        for paper in read(text)[0]:
            record, problems = records.read(records.write(paper), "content/papers/x.md")
            assert record is not None
            assert (record.paper, problems) == (replace(paper, id="x"), ())


def test_the_looked_up_facts_are_read_whole(shared: Path | None) -> None:
    text = (shared / "facts.jsonl" if shared else FIXTURES / "facts.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.split("\n") if line]
    papers, problems = read_facts(text)
    assert problems == []
    assert [paper.title for paper in papers] == [row["title"] for row in rows]
    assert [paper.arxiv for paper in papers] == [row.get("arxiv") for row in rows]
    assert [list(paper.authors) for paper in papers] == [row["authors"] for row in rows]
    assert [(paper.date, paper.doi) for paper in papers] == [(row.get("submitted"), row.get("doi")) for row in rows]
    assert [dict(paper.links).get("code") for paper in papers] == [row.get("code") for row in rows]
