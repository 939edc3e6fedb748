"""YAML as it stands, with places; what each kind of field takes; and text written so that every reader takes it for the same."""

from collections.abc import Callable

import pytest
import yaml

from generator.fields import (
    Entries,
    Field,
    Items,
    Kind,
    Node,
    Reading,
    Scalar,
    comments,
    date,
    date_problem,
    items,
    latest_year,
    mapping,
    one_of,
    pairs,
    position,
    read_fields,
    read_yaml,
    scalar_text,
    text,
    url,
    url_problem,
    whole,
)
from generator.report import Report, as_text


def node(source: str) -> Node:
    root, problems = read_yaml(source, "a.yml")
    assert root is not None
    assert not problems
    return root


def value(kind: Kind, source: str) -> object:
    """What the kind takes from the value of `a`, or what it says about it."""
    reading = Reading("a.yml", [])
    entries = node(f"a: {source}")
    assert isinstance(entries, Entries)
    found = kind.read(entries.nodes["a"], reading, "a")
    return as_text(Report.of(reading.problems)) if reading.problems else found


# ------------------------------------------------------------------ nodes


def test_every_value_has_its_place() -> None:
    root = node("title: Moss\ntags:\n  - gardens\n  - 'on'\nlinks: {code: x}\n")
    assert isinstance(root, Entries)
    assert root.keys == {"title": (1, 1), "tags": (2, 1), "links": (5, 1)}
    assert root.nodes["title"] == Scalar("Moss", 1, 8, plain=True)
    assert root.nodes["tags"] == Items([Scalar("gardens", 3, 5, plain=True), Scalar("on", 4, 5, plain=False)], 3, 3)
    assert root.nodes["links"] == Entries({"code": Scalar("x", 5, 15, plain=True)}, {"code": (5, 9)}, 5, 8)


def test_lines_are_counted_from_the_first_of_the_file() -> None:
    assert read_yaml("a: b", "a.md", first_line=2)[0] == Entries({"a": Scalar("b", 2, 4, plain=True)}, {"a": (2, 1)}, 2, 1)
    (problem,) = read_yaml("a: b\na: c", "a.md", first_line=2)[1]
    assert str(problem.place) == "a.md:3:1"
    assert problem.hint == "it stands on line 2 already"


def test_nothing_is_no_node_and_no_problem() -> None:
    assert read_yaml("", "a.yml") == (None, ())
    assert read_yaml("# only a comment\n", "a.yml") == (None, ())


@pytest.mark.parametrize(
    "written",
    ["NO", "1.10", "1:30", "1_000", "017", "0x1F", "2021-01-01", "null", "~", "", ".inf", "1e3", "yes", "=", "a\u2028b\u0085c"],
)
def test_a_value_is_the_text_that_stands_there(written: str) -> None:
    root = node(f"a: {written}")
    assert isinstance(root, Entries)
    assert root.nodes["a"] == Scalar(written, 1, 4 if written else 3, plain=True)


def test_a_position_is_counted_in_characters_from_one() -> None:
    assert position("añ\n王b", 0) == (1, 1)
    assert position("añ\n王b", 2) == (1, 3)
    assert position("añ\n王b", 4) == (2, 2)


def test_comments_are_what_stands_between_the_values() -> None:
    source = (
        "# first\n"
        "a: b#c  # beside\n"
        "'#': \"# no\"\n"
        "list: [x, # within\n  y]\n"
        "block: | # of the block\n  # not one\n  text\n"
        "    \t# indented\n"
        "# 王 last\n"
    )
    assert comments(source.replace("\t", ""), first_line=10) == [
        (10, "# first"),
        (11, "# beside"),
        (13, "# within"),
        (15, "# of the block"),
        (19, "# 王 last"),
    ]
    assert comments("a: b") == []


def test_a_comment_ends_where_another_reader_sees_the_end_of_a_line() -> None:
    assert comments("# one\u2028two\u0085\n") == [(1, "# one two")]


# ------------------------------------------------------------------ kinds


def test_text_stands_on_one_line() -> None:
    assert value(text(10), "'  a\n\n  b\t c '") == "a b c"
    assert value(text(10), "|\n  a\n  b\n") == "a b"
    assert value(text(10, lines=True), "|\n  a\n  b\n") == "a\nb"
    assert value(text(3), "abcd") == "a.yml:1:4: error: 'a' has 4 characters; at most 3 are allowed"
    assert value(text(3), "'\u200b'").startswith("a.yml:1:4: error: 'a' is empty")  # type: ignore[attr-defined]
    assert value(text(3), "'null'").startswith("a.yml:1:4: error: 'a' has 4")  # type: ignore[attr-defined]


def test_numbers_are_whole_and_in_range() -> None:
    assert value(whole(1, 100), "'017'") == 17
    assert value(whole(-5, 100), "-5") == -5
    assert value(whole(1, lambda: 5), "6") == "a.yml:1:4: error: 'a' must be from 1 to 5, not 6"
    assert value(whole(1, 5), "1.0") == "a.yml:1:4: error: 'a' must be a whole number, not '1.0'"
    assert value(whole(1, 5), "٣") == "a.yml:1:4: error: 'a': write it with the digits 0-9"
    assert value(whole(1, 5), "9" * 5000).startswith("a.yml:1:4: error: 'a' must be a whole number, not '9999")  # type: ignore[attr-defined]


@pytest.mark.parametrize("day", ["1600", "2020", "2020-12", "2020-02-29", "2000-02-29", "2028-12-31"])
def test_a_date_is_a_year_a_month_or_a_day(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert date_problem(day) is None
    assert value(date(), day) == value(date(), f"'{day}'") == day


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("1599", "must lie from 1600 to 2028, not in 1599"),
        ("2029-01", "must lie from 1600 to 2028, not in 2029"),
        ("2021-00", "'2021-00' is not a day of the calendar"),
        ("2021-04-31", "'2021-04-31' is not a day of the calendar"),
        ("1900-02-29", "'1900-02-29' is not a day of the calendar"),
        ("2020-1-1", "must be a date, YYYY, YYYY-MM or YYYY-MM-DD, not '2020-1-1'"),
        ("2020-01-01T00:00", "must be a date, YYYY, YYYY-MM or YYYY-MM-DD, not '2020-01-01T00:00'"),
        ("2020\n", "must be a date, YYYY, YYYY-MM or YYYY-MM-DD, not '2020\n'"),
        ("٢٠٢٠", "must be a date: write it with the digits 0-9"),
        ("été", "must be a date, YYYY, YYYY-MM or YYYY-MM-DD, not 'été'"),
    ],
)
def test_what_is_no_date_is_told_why(monkeypatch: pytest.MonkeyPatch, day: str, problem: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert date_problem(day) == problem


def test_the_latest_year_is_counted_from_the_day_it_is_or_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert latest_year() == 1972
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert 2027 < latest_year() < 2200


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=f#g",
        "https://bücher.example/ü",
        "https://example.org/a%20b/(c)",
    ],
)
def test_a_web_address_is_taken(address: str) -> None:
    assert url_problem(address) is None
    assert value(url(), f'"{address}"') == address


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("javascript:alert(1)", "must start with https:// or http://"),
        ("JavaScript:alert(1)", "must start with https:// or http://"),
        ("//evil.example", "must start with https:// or http://"),
        ("/relative", "must start with https:// or http://"),
        ("ftp://example.org", "must start with https:// or http://"),
        ("data:text/html,x", "must start with https:// or http://"),
        ("https:evil.example", "is not an address"),
        ("https://", "is not an address"),
        ("https://[::1", "is not an address"),
        ("https://[::1]/", "is not an address"),
        ("https://example.org:port/", "is not an address"),
        ("https://a\u2100b.example", "is not an address"),  # a sign that turns into a/c
        ("https://user:secret@example.org", "must not name a user"),
        (" https://example.org", "holds a character that an address cannot hold"),
        ("https://a b", "holds a character that an address cannot hold"),
        ("https://example.org/\x01", "holds a character that an address cannot hold"),
        ("https://example.org/<script>", "holds a character that an address cannot hold"),
        ('https://example.org/"onclick=', "holds a character that an address cannot hold"),
        ("https://example.org\\@evil.example", "holds a character that an address cannot hold"),
        ("https://example.org/\u202e", "holds a character that an address cannot hold"),
        ("https://example.org/" + "a" * 5000, "is longer than 2,000 characters"),
    ],
)
def test_what_may_not_be_linked_is_told_why(address: str, problem: str) -> None:
    assert url_problem(address) == problem


def test_one_of_some_words() -> None:
    assert value(one_of("keep", "never"), "never") == "never"
    assert value(one_of("keep", "never"), "nevr") == (
        "a.yml:1:4: error: 'a' must be keep or never, not 'nevr'\n    hint: did you mean 'never'?"
    )


def test_a_list_keeps_what_is_right_and_reports_the_rest() -> None:
    numbers = items(whole(1, 9), 3)
    assert value(numbers, "[1, '2']") == (1, 2)
    assert value(numbers, "[]") == ()
    assert value(numbers, "7") == "a.yml:1:4: error: 'a' must be a list\n    hint: write a: [first, second]"
    assert value(numbers, "[1, 2, 3, 4]") == "a.yml:1:4: error: 'a' has 4 entries; at most 3 are allowed"
    assert value(numbers, "[0, 1, x]") == (
        "a.yml:1:5: error: 'a' must be from 1 to 9, not 0\na.yml:1:11: error: 'a' must be a whole number, not 'x'"
    )
    assert numbers.write((1, 2), False) == "[1, 2]"


def test_pairs_have_the_known_names_in_their_order_or_ids_of_their_own() -> None:
    known, free = pairs(text(10), ("code", "data")), pairs(text(10))
    assert value(known, "{data: x, code: y}") == (("code", "y"), ("data", "x"))
    assert value(known, "{dta: x}") == "a.yml:1:5: error: unknown field 'dta' in 'a'\n    hint: did you mean 'data'?"
    assert value(free, "{size: '4 m', age: NO}") == (("size", "4 m"), ("age", "NO"))
    assert value(free, "{Big Size: x}") == "a.yml:1:5: error: 'Big Size' in 'a' must look like an id: sample-size"
    assert free.write((("size", "4, m"), ("no", "x")), False) == '{size: "4, m", "no": x}'


def test_a_mapping_is_made_of_its_fields() -> None:
    kind = mapping((Field("id", text(9), required=True), Field("not", text(9), attribute="excluded")), dict)
    assert value(kind, "{not: x, id: y}") == {"id": "y", "excluded": "x"}
    assert value(kind, "{not: x}") == "a.yml:1:4: error: 'id' is missing\n    hint: add a line 'id: …'"
    assert value(kind, "[x]") == "a.yml:1:4: error: 'a' must be a mapping\n    hint: write {id: …}"


def test_all_that_is_wrong_is_reported_and_the_rest_is_read() -> None:
    reading = Reading("a.yml", [])
    table = (Field("title", text(9)), Field("year", whole(1, 9)), Field("tags", items(text(3), 9)))
    values = read_fields(node("yaer: 1\nyear: x\ntitle: Moss\ntags: [a, toolong]\n"), table, reading)
    assert values == {"title": "Moss"}
    assert as_text(Report.of(reading.problems)) == (
        "a.yml:1:1: error: unknown field 'yaer'\n    hint: did you mean 'year'?\n"
        "a.yml:2:7: error: 'year' must be a whole number, not 'x'\n"
        "a.yml:4:11: error: 'tags' has 7 characters; at most 3 are allowed"
    )


def test_hints_end_where_they_would_take_minutes() -> None:
    reading = Reading("a.yml", [], comparisons=7)
    known = ["gardens", "counting", "moss"]
    assert [reading.nearest("gardns", known) for _ in range(3)] == ["did you mean 'gardens'?", "did you mean 'gardens'?", ""]


# ------------------------------------------------------------------ writing

PLAIN = [
    *("Moss", "a-b", "a:b", "C++", "it's", "50% more", "a#b", "1.10.2", "10.1234/moss", "x = y", "~tilde", "Nobody", "yesterday"),
    *("https://example.org/a#b", "王小明", "👩‍🌾", "a\u00a0b", "(a) b", "$x$", "\\tau", "/", "+", "a - b", "2403.1 mosses"),
]
QUOTED = [
    *("", " a", "a ", "NO", "no", "Off", "y", "N", "true", "Null", "null", "~", "=", "<<", "= x"),
    *("1", "-1", "+1", "1.10", ".5", "5.", "1_000", "1,000", "017", "0o17", "0x1F", "0b1", "1e3", "1.5E+3"),
    *(".inf", "-.INF", ".NaN", "1:30", "190:20:30.5", "2021-01-01", "2021-1-1", "2021-01-01T10:00:00Z", "2021-01-01 10:00"),
    *("a: b", "a:", "a #b", "#a", "- a", "-a", "-", "---", "? a", ": a", "[a]", "{a}", "]", "}", ",", "&a", "*a", "!a"),
    *("|", ">", "%a", "@a", "`a`", '"a"', "'a'", '"', "'", "''", "\"a': b", "\\: a", "a\\b: c"),
    *("a\u2028b", "a\u2029b", "a\u0085b", "\ufeffa", "a\u202eb", "a\u2066b\u2069", "a\nb", "a\tb", '"\u2028\\'),
]
IN_FLOW_QUOTED = ["a, b", "a]b", "[a", "a{b", "a}", "who?", "a? b", "https://example.org/?q=1"]


@pytest.mark.parametrize("written", PLAIN)
def test_text_stands_without_quotes_where_every_reader_takes_it_for_the_same(written: str) -> None:
    assert scalar_text(written, False) == scalar_text(written, True) == written


@pytest.mark.parametrize("written", QUOTED)
def test_text_is_quoted_where_a_reader_could_take_it_for_something_else(written: str) -> None:
    for quoted in (scalar_text(written, False), scalar_text(written, True)):
        assert quoted[0] == quoted[-1]
        assert quoted[0] in "'\""


@pytest.mark.parametrize("written", IN_FLOW_QUOTED)
def test_some_text_is_quoted_inside_brackets_only(written: str) -> None:
    assert scalar_text(written, True) == f'"{written}"'
    assert scalar_text(written, False) == (f'"{written}"' if written[0] == "[" else written)


READERS: dict[str, Callable[[str], object]] = {
    "ours": lambda source: as_values(node(source)),
    "PyYAML with libyaml": lambda source: yaml.load(source, getattr(yaml, "CSafeLoader", yaml.SafeLoader)),
    "PyYAML in Python": yaml.safe_load,
}


def as_values(at: Node) -> object:
    if isinstance(at, Scalar):
        return at.text
    return [as_values(below) for below in at.nodes] if isinstance(at, Items) else {k: as_values(v) for k, v in at.nodes.items()}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("written", PLAIN + QUOTED + IN_FLOW_QUOTED)
def test_every_reader_reads_the_text_that_was_written(read: Callable[[str], object], written: str) -> None:
    block, flow = scalar_text(written, False), scalar_text(written, True)
    source = f"a: {block}\nb:\n  - {block}\nc: [{flow}, {flow}]\nd: {{{flow}: {flow}, e: {flow}}}\n"
    assert "\n" not in block + flow
    assert read(source) == {"a": written, "b": [written], "c": [written, written], "d": {written: written, "e": written}}
