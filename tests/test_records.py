"""A paper's file: what is read is what stands there, and what is written is read as the same."""

from dataclasses import fields, replace

import pytest

from generator import records
from generator.model import LINKS, Listing, Paper
from generator.records import PAPER, as_data, canonical, paper_id_problem, place_of, read, write
from generator.report import Problem

PATH = "content/papers/moss.md"
WHOLE = """\
---
title: "Counting Moss: A Slow Study"
authors: [Ada Example, Ben Sample]
author_count: 4
organization: Made-Up Lab
date: 2024-03-02
venue: Journal of Small Plants
venue_year: 2024
arxiv: "2403.00010"
doi: 10.1234/moss.5
openreview: mosS_1
url: https://example.org/moss
links: {code: https://example.org/code, video: https://example.org/video}
sources: [{page: page-one, position: 1, comments: 0}, {page: page-two}]
added: 2024-03-05
tags: [moss-gardens, counting]
rejected: [gardens]
reviewed: 2024-04-01
also: [Moss Counted]
formerly: [counting-mosses]
coded: {plots: "12", method: by hand}
gist: Moss can be counted, given time
findings:
  - 12% more moss after rain
  - "Slow: one square meter a day"
abstract: "Moss was counted.\\nIt took time."
---
Asks whether moss can be *counted*.

    in code
"""
MOSS = Paper(
    id="moss",
    title="Counting Moss: A Slow Study",
    authors=("Ada Example", "Ben Sample"),
    author_count=4,
    organization="Made-Up Lab",
    date="2024-03-02",
    venue="Journal of Small Plants",
    venue_year=2024,
    arxiv="2403.00010",
    doi="10.1234/moss.5",
    openreview="mosS_1",
    url="https://example.org/moss",
    links=(("code", "https://example.org/code"), ("video", "https://example.org/video")),
    sources=(Listing(page="page-one", position=1, comments=0), Listing(page="page-two")),
    added="2024-03-05",
    tags=("moss-gardens", "counting"),
    rejected=("gardens",),
    reviewed="2024-04-01",
    also=("Moss Counted",),
    formerly=("counting-mosses",),
    coded=(("plots", "12"), ("method", "by hand")),
    gist="Moss can be counted, given time",
    findings=("12% more moss after rain", "Slow: one square meter a day"),
    abstract="Moss was counted.\nIt took time.",
    note="Asks whether moss can be *counted*.\n\n    in code",
)


def record(text: str) -> records.Record:
    found, problems = read(text, PATH)
    assert found, problems
    return found


def paper(text: str) -> Paper:
    return record(text).paper


def problems(text: str) -> list[Problem]:
    return list(read(text, PATH)[1])


# ------------------------------------------------------------------ reading


def test_a_record_is_read_whole() -> None:
    assert paper(WHOLE) == MOSS
    assert not problems(WHOLE)


def test_only_the_title_is_required_and_nothing_is_guessed() -> None:
    assert paper("---\ntitle: Moss\n---\n") == Paper(id="moss", title="Moss")
    assert paper("--- \ntitle: Moss\n---  ") == Paper(id="moss", title="Moss")
    assert Paper(title="Moss").year is None


def test_every_field_of_a_paper_is_in_the_table_and_in_this_test() -> None:
    names = [field.name for field in fields(Paper) if field.name not in ("id", "note")]
    assert [field.name for field in PAPER] == names
    assert all(getattr(MOSS, name) for name in names)


def test_fields_are_read_in_any_order_and_form() -> None:
    text = """\
---
links: {video: https://example.org/video, code: https://example.org/code}
tags:
- on
- "off"
arxiv: 2403.00010
title: >
  Counting
  moss
---
"""
    found = paper(text)
    assert found.title == "Counting moss"
    assert found.tags == ("on", "off")
    assert found.arxiv == "2403.00010"
    assert [kind for kind, _ in found.links] == [kind for kind in LINKS if kind in ("code", "video")]


def test_the_note_is_all_that_follows_the_front_matter() -> None:
    assert paper("---\ntitle: Moss\n---\n\n  \n  - one\n  - two\n---\n\n").note == "  - one\n  - two\n---"
    assert paper("---\ntitle: Moss\n---\ntitle: not this one").note == "title: not this one"
    assert paper("---\ntitle: Moss\n---").note == ""


def test_the_year_is_that_of_the_date_else_of_the_venue() -> None:
    assert paper("---\ntitle: Moss\ndate: 2024-03\nvenue_year: 2025\n---\n").year == 2024
    assert paper("---\ntitle: Moss\nvenue_year: 2025\n---\n").year == 2025


def test_a_record_with_an_error_is_none_and_all_its_errors_are_told() -> None:
    found, wrong = read("---\ntitle: Moss\ndate: soon\ntags: [Moss]\ngist: " + "a" * 121 + "\n---\n", PATH)
    assert found is None
    assert [str(problem.place) for problem in wrong] == [f"{PATH}:3:7", f"{PATH}:4:8", f"{PATH}:5:7"]


def test_a_warning_does_not_keep_a_record_out() -> None:
    found, wrong = read("---\ntitle: Moss\nauthors: [Ada Example]\nauthor_count: 1\n---\n", PATH)
    assert found
    assert [(problem.level, problem.place.line) for problem in wrong] == [("warning", 4)]


def test_a_direction_of_text_that_turns_in_a_note_is_a_warning_at_its_place() -> None:
    (problem,) = problems("---\ntitle: Moss\n---\n\nA note\nthat \u202eturns\n")
    assert (problem.level, str(problem.place)) == ("warning", f"{PATH}:6:6")
    assert problem.message == "the note holds an invisible character that changes the direction of text"


def test_a_value_has_its_place() -> None:
    found = record(WHOLE)
    assert str(place_of(found, "tags", 1)) == f"{PATH}:16:22"
    assert str(place_of(found, "sources", 0, "comments")) == f"{PATH}:14:51"
    assert str(place_of(found, "links", "code")) == f"{PATH}:13:15"


def test_the_place_of_what_is_not_there_is_that_of_what_is_around_it() -> None:
    found = record(WHOLE)
    assert place_of(found, "tags", 9) == place_of(found, "tags")
    assert str(place_of(found, "nothing")) == f"{PATH}:2:1"


@pytest.mark.parametrize("name", ["moss", "0", "a-b--c-", "a" * 80, "con-", "com10"])
def test_an_id_is_a_name_that_can_be_an_address_and_a_file(name: str) -> None:
    assert paper_id_problem(name) is None


# ------------------------------------------------------------------ writing


def test_a_canonical_record_stays_as_it_is() -> None:
    assert canonical(record(WHOLE), {}) == WHOLE
    assert write(MOSS) == WHOLE
    assert write(Paper(title="Moss")) == "---\ntitle: Moss\n---\n"


def test_fields_are_written_in_the_order_of_the_table_each_on_one_line() -> None:
    text = """\
---
findings: [one, 'two: three']
tags:
  - counting
  - moss
title: 'Moss'
authors:
  - Example, Ada
  - Ben Sample
gist: >-
  Long
  and folded
---
A note.
"""
    assert canonical(record(text), {}) == (
        '---\ntitle: Moss\nauthors: ["Example, Ada", Ben Sample]\ntags: [counting, moss]\ngist: Long and folded\n'
        'findings:\n  - one\n  - "two: three"\n---\nA note.\n'
    )


def test_long_values_are_never_folded() -> None:
    written = write(Paper(title="word " * 199 + "word", authors=("Ada Example",) * 300))
    assert len(written.split("\n")) == 5


def test_comments_stay_with_what_they_are_about() -> None:
    text = """\
---
# of the record
# and more
tags: [moss] # of the tags
title: Moss # of the title
findings:
  # of the findings
  - one # of one
  - two
  # after two
# of the gist
gist: | # beside the gist
  One line
also: [] # of nothing
# at the end
---
# a heading of the note
"""
    written = """\
---
# of the title
title: Moss
# of the record
# and more
# of the tags
tags: [moss]
# of nothing
# of the gist
# beside the gist
gist: One line
# of the findings
# of one
# after two
findings:
  - one
  - two
# at the end
---
# a heading of the note
"""
    assert canonical(record(text), {}) == written
    assert canonical(record(written), {}) == written


def test_a_tag_that_another_one_implies_is_dropped_and_so_is_a_second_one() -> None:
    text = "---\ntitle: Moss\ntags: [plants, moss, counting, moss]\n---\n"
    assert "\ntags: [moss, counting]\n" in canonical(record(text), {"moss": "plants", "counting": None})
    assert "\ntags: [plants, moss, counting]\n" in canonical(record(text), {})


def test_data_for_programs_leaves_out_what_is_absent() -> None:
    assert as_data(Paper(id="moss", title="Moss")) == {"id": "moss", "title": "Moss"}
    data = as_data(MOSS)
    assert list(data) == ["id", *(field.name for field in PAPER), "note"]
    assert data["sources"] == [{"page": "page-one", "position": 1, "comments": 0}, {"page": "page-two"}]
    assert data["links"] == {"code": "https://example.org/code", "video": "https://example.org/video"}
    assert data["tags"] == ["moss-gardens", "counting"]


NASTY = (
    *("NO", "yes", "~", "null", "=", "1.10", "017", "1_000", "1:30", "2021-01-01", ".5", "1e3", "0x1F", "<<", "..."),
    *(
        "- a",
        "-a",
        "---",
        "? a",
        ": a",
        "a: b",
        "a:",
        "a #b",
        "#a",
        "a, b",
        "[a]",
        "{a: b}",
        "a]",
        "}",
        "&a",
        "*a",
        "!a",
        "!!str a",
    ),
    *(
        "|",
        ">-",
        "%TAG ! x",
        "@a",
        "`a`",
        '"a"',
        "'a'",
        "it's",
        '"',
        "'",
        "\\",
        "a\\",
        '\\"',
        "a\\nb",
        "C:\\dir",
        "{\\tau}",
        "$x$",
    ),
    *(
        "a\u2028b",
        "a\u0085b",
        "a\u2029b",
        "\ufeffa",
        "a\u00a0b",
        "\u00a0a\u00a0",
        "\u202ea",
        "e\u0301",
        "🤖",
        "👩‍🌾",
        "王小明",
        "عد",
    ),
    *("</script>", "<!--", "{{ a }}", "${{ a }}", "$(a)", "%0A::debug::", "a" * 119, "a?", "https://example.org/?a=b#c"),
)


@pytest.mark.parametrize("value", NASTY)
def test_what_is_written_is_read_as_the_same(value: str) -> None:
    nasty = Paper(
        id="moss",
        title=value,
        authors=(value, "Ada Example", value),
        organization=value,
        venue=value,
        also=(value,),
        coded=(("plots", value), ("no", value)),
        gist=value,
        findings=(value, value),
        abstract=f"{value}\n\n {value}.",
        note=f"{value}\n---\n{value}.",
    )
    written = write(nasty)
    found = record(written)
    assert found.paper == replace(nasty, abstract=nasty.abstract.strip() if nasty.abstract else None)
    assert canonical(found, {}) == write(found.paper)
    assert len(written.split("\n")) == 14 + len(nasty.note.split("\n"))
