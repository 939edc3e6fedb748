"""How problems are collected and shown: to a person, to a program, to GitHub Actions."""

import json

import pytest

from generator.report import Place, Report, as_github, as_json, as_text, counted, error, warning

MOSS = Place("content/papers/moss.md", 3, 8)


def shown(source: str, line: int, column: int) -> list[str]:
    """The two lines below a problem's message: what stands there, underlined."""
    text = as_text(Report.of([error(Place("a.md", line, column), "wrong")]), {"a.md": source})
    return text.split("\n")[1:]


# ------------------------------------------------------------------ collecting


def test_a_place_is_written_as_editors_understand_it() -> None:
    assert str(MOSS) == "content/papers/moss.md:3:8"
    assert str(Place("site.yml")) == "site.yml"


def test_problems_stand_in_the_order_of_their_places_each_once() -> None:
    places = [Place("b.md", 1, 1), Place("a.md", 10, 1), Place("a.md", 9, 12), Place("a.md", 9, 2), Place("a.md")]
    report = Report.of(error(place, "wrong") for place in [*places, places[0]])
    assert [str(problem.place) for problem in report.problems] == ["a.md", "a.md:9:2", "a.md:9:12", "a.md:10:1", "b.md:1:1"]


def test_a_report_is_counted_in_words() -> None:
    assert Report.of([error(MOSS, "wrong"), warning(MOSS, "odd"), warning(MOSS, "strange")]).summary() == "1 error, 2 warnings"
    assert Report().summary() == "0 errors, 0 warnings"
    assert counted(1234, "entry") == "1,234 entries"


def test_warnings_fail_only_when_strict() -> None:
    report = Report.of([warning(MOSS, "odd")])
    assert report
    assert not report.fails(strict=False)
    assert report.fails(strict=True)
    assert not Report().fails(strict=True)
    assert Report.of([error(MOSS, "wrong")]).fails(strict=False)


# ------------------------------------------------------------------ for a person


def test_a_problem_is_shown_with_its_line_and_what_to_do() -> None:
    report = Report.of([error(MOSS, "unknown tag 'gardns'", hint="did you mean 'gardens'?"), warning(Place("site.yml"), "odd")])
    assert as_text(report, {MOSS.path: "---\ntitle: Moss\ntags: [gardns]\n---\n"}) == (
        "content/papers/moss.md:3:8: error: unknown tag 'gardns'\n"
        "    tags: [gardns]\n"
        "           ^\n"
        "    hint: did you mean 'gardens'?\n"
        "site.yml: warning: odd"
    )
    assert as_text(Report()) == ""


@pytest.mark.parametrize(
    ("source", "column", "row", "caret"),
    [
        ("\ttitle: x", 2, " title: x", 1),  # a tab takes one cell
        ("王小明 x", 5, "王小明 x", 7),  # an ideograph takes two
        ("e\u0301e\u0301 x", 6, "e\u0301e\u0301 x", 3),  # a mark takes none
        ("\u202ea\0 x", 5, "\\u202ea\\u0000 x", 14),  # what steers a terminal is written out
        ("x", 2, "x", 1),  # just after the end
        ("a" * 100, 60, "a" * 100, 59),
        ("a" * 300 + "X" + "b" * 300, 301, "a" * 50 + "X" + "b" * 49, 50),  # a long line is cut around its column
        ("a" * 300 + "X", 301, "a" * 99 + "X", 99),
        ("a" * 20 + "X" + "b" * 300, 21, "a" * 20 + "X" + "b" * 79, 20),
    ],
)
def test_the_right_column_is_underlined(source: str, column: int, row: str, caret: int) -> None:
    assert shown(source, 1, column) == ["    " + row, "    " + " " * caret + "^"]


@pytest.mark.parametrize("source", ["one\ntwo\nthree", "one\r\ntwo\r\nthree", "one\rtwo\rthree", "\ufeffone\ntwo\n"])
def test_lines_are_those_that_were_counted_when_the_file_was_read(source: str) -> None:
    assert shown(source, 2, 1) == ["    two", "    ^"]
    assert shown(source, 1, 1) == ["    one", "    ^"]


def test_other_separators_do_not_end_a_line() -> None:
    assert shown("a\u2028b\u0085c\x0cd\ntwo", 2, 1) == ["    two", "    ^"]


def test_a_place_outside_the_source_is_not_underlined() -> None:
    assert shown("one", 7, 1) == []
    assert shown("one", 1, 0) == []


def test_content_cannot_steer_a_terminal_or_begin_a_line() -> None:
    report = Report.of([error(Place("a\n\x1b[2J.md"), "tag '\x1b]0;owned\x07\n::stop'", hint="\u202eevil\r")])
    text = as_text(report)
    assert text.split("\n") == [
        "a\\u000a\\u001b[2J.md: error: tag '\\u001b]0;owned\\u0007\\u000a::stop'",
        "    hint: \\u202eevil\\u000d",
    ]


# ------------------------------------------------------------------ for programs


def test_json_has_a_row_for_each_problem() -> None:
    report = Report.of([error(MOSS, 'a "quoted" é', hint="do\nthis"), warning(Place("site.yml"), "odd")])
    assert json.loads(as_json(report)) == [
        {
            "path": "content/papers/moss.md",
            "line": 3,
            "column": 8,
            "level": "error",
            "message": 'a "quoted" é',
            "hint": "do\nthis",
        },
        {"path": "site.yml", "line": 0, "column": 0, "level": "warning", "message": "odd", "hint": ""},
    ]
    assert json.loads(as_json(Report())) == []


def test_github_gets_a_command_for_each_problem() -> None:
    report = Report.of([error(MOSS, "unknown tag", hint="write another"), warning(Place("site.yml"), "odd")])
    assert as_github(report).split("\n") == [
        "::error file=content/papers/moss.md,line=3,col=8::unknown tag (write another)",
        "::warning file=site.yml::odd",
    ]


def test_no_content_ends_or_begins_a_command() -> None:
    report = Report.of([error(Place("a,b:c%\n::x.md", 1, 1), "100% wrong\r\n::stop-commands::x", hint="::debug::")])
    assert as_github(report) == (
        "::error file=a%2Cb%3Ac%25%0A%3A%3Ax.md,line=1,col=1::100%25 wrong%0D%0A::stop-commands::x (::debug::)"
    )


def test_a_name_that_is_not_utf_8_can_be_printed() -> None:
    report = Report.of([error(Place("m\udcffss.md"), "cannot be an id")])
    for form in (as_text, as_json, as_github):
        assert "m\\udcffss.md" in form(report).encode("utf-8").decode("utf-8")
    assert json.loads(as_json(report))[0]["path"] == "m\udcffss.md"
