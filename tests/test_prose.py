"""Pages of text: what they may hold, how it is read, and what is said when it is wrong."""

import re

import pytest

from generator.model import Block, Cite, Count, Mention, Prose, Query
from generator.prose import read
from generator.report import Report, as_text

FRONT = "---\ntitle: On moss\n---\n"


def page(body: str, front: str = FRONT) -> Prose:
    found, problems = read(front + body, "content/pages/on-moss.md")
    assert not problems
    assert found
    return found


def said(body: str, front: str = FRONT) -> list[str]:
    """Each problem on one line, with its hint after a bar; the body begins on line 4."""
    _, problems = read(front + body, "x.md")
    return as_text(Report.of(problems)).replace("\n    hint: ", " | ").split("\n")


def html(body: str) -> str:
    """The text with a sign for each gap."""
    return "".join(piece if isinstance(piece, str) else f"<{type(piece).__name__}>" for piece in page(body).pieces)


# ------------------------------------------------------------------ the page


def test_a_page_has_fields_and_a_text() -> None:
    found = page("Moss.\n", '---\ntitle: On moss\nquestion: "What is moss?"\nchapter: 3\nmenu: Moss\n---\n')
    assert (found.name, found.title, found.question, found.chapter, found.menu) == (
        "on-moss",
        "On moss",
        "What is moss?",
        3,
        "Moss",
    )
    assert found.pieces == ("<p>Moss.</p>\n",)
    assert found.address == "pages/on-moss/"


def test_the_introduction_stands_on_the_home_page() -> None:
    found, _ = read(FRONT + "See [papers](papers/).", "content/pages/home.md")
    assert found
    assert found.address == ""
    assert found.pieces == ('<p>See <a href="papers/">papers</a>.</p>\n',)
    assert page("See [papers](papers/).").pieces == ('<p>See <a href="../../papers/">papers</a>.</p>\n',)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.md: error: no page in this file | start with '---', 'title: …', '---'"),
        ("Moss.", "x.md:1:1: error: no page in this file: it must begin with '---' | start with '---', 'title: …', '---'"),
        ("---\nquestion: Why?\n---\n", "x.md:2:1: error: 'title' is missing | add a line 'title: …'"),
        ("---\ntitle: A\nchapter: one\n---\n", "x.md:3:10: error: 'chapter' must be a whole number, not 'one'"),
        ("---\ntitle: A\nchaptr: 1\n---\n", "x.md:3:1: error: unknown field 'chaptr' | did you mean 'chapter'?"),
    ],
)
def test_what_is_wrong_with_a_page_is_said_with_its_place(text: str, message: str) -> None:
    assert said("", text) == [message]


def test_sections_have_addresses() -> None:
    found = page("## Wet moss\n\n### Drops\n\n## Wet moss\n\n## 苔\n")
    assert [text for text, _ in found.headings] == ["Wet moss", "Wet moss", "苔"]
    anchors = [anchor for _, anchor in found.headings]
    assert anchors[:2] == ["wet-moss", "wet-moss-2"]
    assert anchors[2].startswith("section-")
    assert '<h2 id="wet-moss">Wet moss</h2>' in str(found.pieces[0])


def test_the_title_is_not_written_twice() -> None:
    assert said("Moss.\n\n# Moss\n") == [
        "x.md:6:1: error: a heading '# …' stands in the text | the title is a field of the page; sections begin with '##'"
    ]


# ------------------------------------------------------------------ citations and tags


def test_a_citation_knows_its_section_and_paragraph() -> None:
    found = page("Before [@a].\n\n## Wet moss\n\nNone.\n\nMoss [@b; @c-d],\n*and [@a]*.\n")
    cites = [mark for mark in found.marks if isinstance(mark, Cite)]
    assert [(cite.ids, cite.spot.section, cite.spot.anchor) for cite in cites] == [
        (("a",), "", "opening.1"),
        (("b", "c-d"), "Wet moss", "wet-moss.1"),
        (("a",), "Wet moss", "wet-moss.1"),
    ]
    assert [(cite.spot.place.line, cite.spot.place.column) for cite in cites] == [(4, 8), (10, 6), (11, 6)]
    assert '<p id="wet-moss.1">' in html("## Wet moss\n\nNone.\n\nMoss [@b].")


def test_the_items_of_a_list_and_the_cells_of_a_table_have_addresses_too() -> None:
    assert html("- one [@a]\n- two [@b]\n") == (
        '<ul>\n<li id="opening.1">one <Cite></li>\n<li id="opening.2">two <Cite></li>\n</ul>\n'
    )
    assert '<td id="opening.1"><Cite></td>' in html("| a |\n|---|\n| [@a] |\n")


def test_a_citation_over_two_lines_is_one() -> None:
    assert [mark.ids for mark in page("> Moss [@a;\n> @b].").marks if isinstance(mark, Cite)] == [("a", "b")]


def test_a_tag_is_named() -> None:
    found = page("Of [#moss-gardens].").marks
    assert [mark.tag for mark in found if isinstance(mark, Mention)] == ["moss-gardens"]


@pytest.mark.parametrize("text", [r"\[@a]", "`[@a]`", "[@a](papers/)", r"\{{count}}", "`{{count}}`", "[1] and [^note]"])
def test_what_is_meant_as_text_stays_text(text: str) -> None:
    assert page(text).marks == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Moss [@a, p. 3].",
            "x.md:4:6: error: not a citation: [@a, p. 3] | write [@id] or [@id1; @id2]; a bracket that is meant as text is \\[",
        ),
        (
            "Moss [@a;].",
            "x.md:4:6: error: not a citation: [@a;] | write [@id] or [@id1; @id2]; a bracket that is meant as text is \\[",
        ),
        ("Of [#wet moss].", "x.md:4:4: error: not a tag: [#wet moss] | write [#id]; a bracket that is meant as text is \\["),
        ("## On [@a]", "x.md:4:7: error: [@a] stands in a heading | move it into the text"),
    ],
)
def test_a_slip_in_a_mark_is_said_with_its_place(text: str, message: str) -> None:
    assert said(text) == [message]


# ------------------------------------------------------------------ counts and blocks


def test_a_count_takes_conditions() -> None:
    text = '{{count}} {{ count tag=a,b year=2020-2023 }} {{count any=c venue="Journal of Moss" reviewed=yes}} {{count of=tags}}'
    counts = [mark for mark in page(text).marks if isinstance(mark, Count)]
    assert [(count.of, count.query) for count in counts] == [
        ("papers", Query()),
        ("papers", Query(tags=("a", "b"), years=(2020, 2023))),
        ("papers", Query(any=("c",), venue="Journal of Moss", reviewed="yes")),
        ("tags", Query()),
    ]


@pytest.mark.parametrize(
    ("year", "years"), [("2024", (2024, 2024)), ("2020-", (2020, None)), ("-2020", (None, 2020)), ("2020-2021", (2020, 2021))]
)
def test_years_are_a_year_or_a_span(year: str, years: tuple[int | None, int | None]) -> None:
    (count,) = page(f"{{{{count year={year}}}}}").marks
    assert isinstance(count, Count)
    assert count.query.years == years


def test_a_block_asks_for_papers() -> None:
    (block,) = page("```papers\nany: [a, b]\nsort: title\nlimit: 3\n```\n").marks
    assert isinstance(block, Block)
    assert (block.kind, block.query) == ("papers", Query(any=("a", "b"), sort="title", limit=3))
    (table,) = page("```table\nids: [a]\ncolumns: [year, topic]\ncaption: Two\n```\n").marks
    assert isinstance(table, Block)
    assert (table.query.ids, table.columns, table.caption) == (("a",), ("year", "topic"), "Two")
    (flow,) = page("```flow\n```\n").marks
    assert isinstance(flow, Block)
    assert flow.kind == "flow"


HOW_TO_COUNT = "write {{count}} or {{count tag=offline-rl year=2023-}}; braces that are meant as text are \\{"
NOT_CLOSED = "a bracket is not closed, or a comma is missing"


def test_other_fences_are_code() -> None:
    assert page("```python\npapers\n```\n").marks == ()


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("{{cuont}}", [f"x.md:4:1: error: not a count: {{{{cuont}}}} | {HOW_TO_COUNT}"]),
        ("In {{count tga=a}}.", ["x.md:4:12: error: unknown field 'tga' in 'count' | did you mean 'tag'?"]),
        ("In {{count year=2023-2020}}.", ["x.md:4:17: error: 'year' ends before it begins | write 2020-2023"]),
        ("In {{count year=recent}}.", ["x.md:4:17: error: 'year' must look like 2024, 2020-2024, 2020- or -2024, not 'recent'"]),
        ("{{count of=tags tag=a}}", ["x.md:4:1: error: 'of=tags' takes no conditions | they are for papers"]),
        ("```papers\ntag: a\nlimt: 3\n```", ["x.md:6:1: error: unknown field 'limt' in 'papers' | did you mean 'limit'?"]),
        ("```papers\ntag: [a\n```", [f"x.md:6:1: error: not YAML: did not find expected ',' or ']' | {NOT_CLOSED}; see line 5"]),
        ("```table\nids: [a]\n```", ["x.md:5:1: error: 'columns' is missing | add a line 'columns: …'"]),
        ("```paper\ntag: a\n```", ["x.md:4:1: warning: 'paper' is no kind of block | did you mean 'papers'?"]),
    ],
)  # fmt: skip
def test_a_slip_in_a_question_is_said_with_its_place(text: str, messages: list[str]) -> None:
    assert said(text) == messages


# ------------------------------------------------------------------ what a writer may not expect

HOW_TO_CITE = "write [@id] or [@id1; @id2]; a bracket that is meant as text is \\["


def test_each_cited_id_and_each_value_has_its_own_place() -> None:
    (cite,) = page("Moss [@a;\n@bb; @c].").marks
    assert isinstance(cite, Cite)
    assert [(place.line, place.column) for place in cite.places] == [(4, 7), (5, 1), (5, 6)]
    assert said("`[@a;]` then [@a;].")[0].startswith("x.md:4:14: error: not a citation")
    assert said("> ```papers\n> limt: 3\n> ```\n") == [
        "x.md:5:3: error: unknown field 'limt' in 'papers' | did you mean 'limit'?"
    ]
    assert said("- x\n\n  ```papers\n  limt: 3\n  ```\n")[0].startswith("x.md:7:3: error")
    assert said("In {{count\n  tga=x}}.")[0].startswith("x.md:5:3: error: unknown field 'tga'")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{{count venue=""}}', "x.md:4:16: error: 'venue' is empty | give a value or remove the key"),
        ("{{count tag=a tag=b}}", "x.md:4:15: error: 'tag' appears twice | write the values with a comma between them: tag=a,b"),
        ("See [@a [x]].", f"x.md:4:5: error: not a citation: [@ | {HOW_TO_CITE}"),
        ("[see [@a] here](papers/)", "x.md:4:6: error: [@a] stands in the words of a link | move it into the text"),
        (
            "[@a]: yes",
            "x.md:4:1: error: [@a]: defines a link | a line that begins with a citation and a colon is lost: write it otherwise",
        ),
        ("Moss.\n\n[^1]: [@a]", "x.md:6:1: error: the footnote [^1] is called nowhere | call it, or remove it"),
        ("##\n\nMoss.", "x.md:4:1: error: a heading is empty | give it words, or remove it"),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_said(text: str, message: str) -> None:
    assert said(text) == [message]


def test_the_introduction_is_no_chapter() -> None:
    _, problems = read("---\ntitle: Home\nchapter: 1\n---\nText.", "content/pages/home.md")
    assert as_text(Report.of(problems)) == (
        "content/pages/home.md:3:10: error: 'chapter' has no meaning here\n"
        "    hint: home.md is the introduction of the home page: remove the line"
    )


def test_no_two_things_on_a_page_have_one_address() -> None:
    text = "[@a]\n\n## References\n\n### B\n\n### B\n\n## B\n\n## B 2\n\n## Opening\n\n[@a][^1]\n\n## fn1\n\n[^1]: Moss.\n"
    ids = re.findall(r' id="([^"]*)"', html(text))
    assert len(ids) == len(set(ids))
    assert not {"references", "opening", "content"} & set(ids)


def test_a_citation_after_a_heading_in_an_item_marks_the_item() -> None:
    assert '<li id="h.1">' in html("- one\n  ## H\n  more [@a]\n")
    assert '<p id="opening.2">y <Cite>' in html("- x [#a]\n\n  ```papers\n  tag: b\n  ```\n\n  y [@c]\n")


def test_a_footnote_belongs_to_the_section_that_calls_it() -> None:
    found = page("## One\n\nMoss[^1].\n\n## Two\n\nFern.\n\n[^1]: See [@a].\n")
    assert [mark.spot.section for mark in found.marks] == ["One"]


def test_a_heading_over_two_lines_keeps_its_space() -> None:
    assert page("Wet\nmoss\n---\n").headings == (("Wet moss", "wet-moss"),)


def test_no_address_can_feign_a_gap() -> None:
    assert page("Moss [@a], <https://example.org/%EF%B7%900%EF%B7%90>.").marks[1:] == ()


def test_thousands_of_equal_headings_and_citations_are_read_in_a_moment() -> None:
    found = page("## Moss\n" * 5000 + "[@a] " * 5000)
    assert found.headings[-1] == ("Moss", "moss-5000")
    assert len(found.marks) == 5000
