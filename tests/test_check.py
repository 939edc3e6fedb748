"""What is wrong between the files of a survey: how a problem reads, and what is no problem."""

import re
from dataclasses import replace

import pytest

from generator import prose, records, settings, vocabulary
from generator.check import check
from generator.model import Record, Settings, Source, Survey, Vocabulary
from generator.report import Report, as_text

TAGS = """\
facets:
  - {id: topic, label: Topic}
tags:
  - {id: gardens, facet: topic, label: Gardens}
  - {id: moss-gardens, facet: topic, parent: gardens, label: Moss gardens}
  - {id: allotments, facet: topic, label: Allotments, replaced_by: gardens}
"""


def survey(*, tags: str = TAGS, site: str = "title: Gardens", without: str = "", **papers: str) -> Survey:
    """A survey whose papers have these front matters; the file `without` could not be read."""
    found = [
        records.read(f"---\ntitle: {name}\n{front}\n---\n", f"content/papers/{name}.md")[0] for name, front in papers.items()
    ]
    files = {
        "site.yml": settings.read(site, "site.yml")[1],
        "content/tags.yml": vocabulary.read(tags, "content/tags.yml")[1],
        "content/sources.yml": None,
    }
    files.pop(without, None)
    return Survey(
        settings=settings.read(site, "site.yml")[0] if "site.yml" in files else Settings(),
        vocabulary=vocabulary.read(tags, "content/tags.yml")[0] if "content/tags.yml" in files else Vocabulary(),
        sources=(Source(id="page-one", file="one.txt"),) if "content/sources.yml" in files else (),
        records=tuple(record for record in found if record),
        places=files,
    )


def said(survey: Survey) -> list[str]:
    """Each problem on one line, with its hint after a bar."""
    return re.sub("content/(papers|pages)/", "", as_text(Report.of(check(survey))).replace("\n    hint: ", " | ")).split("\n")


def with_pages(survey: Survey, **texts: str) -> Survey:
    """The survey with pages of these texts; each text begins on line 4."""
    pages = [prose.read(f"---\ntitle: {name}\n---\n{text}", f"content/pages/{name}.md") for name, text in texts.items()]
    assert not [problem for _, problems in pages for problem in problems]
    return replace(survey, prose=tuple(page for page, _ in pages if page))


def test_what_fits_together_is_no_problem() -> None:
    fits = survey(
        moss="tags: [moss-gardens]\nrejected: [gardens]\narxiv: '2403.00010'\nsources: [{page: page-one}]\nformerly: [mosses]\n"
        "coded: {plots: '12'}\nabstract: Moss.",
        fern="tags: []\narxiv: '2403.00011'\ndoi: 10.1234/fern",
        reed="url: https://example.org/moss",
        sedge="url: https://example.org/moss",
        site="title: Gardens\ncoded: [{id: plots, label: Plots}]",
    )
    assert len(fits.records) == 4
    assert said(fits) == [""]


def test_an_unknown_tag_suggests_the_nearest() -> None:
    assert said(survey(moss="tags: [gardens, moss-gardns, birds]")) == [
        "moss.md:3:17: error: unknown tag 'moss-gardns' | did you mean 'moss-gardens'? (new tags go to content/tags.yml)",
        "moss.md:3:30: error: unknown tag 'birds' | new tags go to content/tags.yml",
    ]


def test_a_retired_tag_names_its_successor() -> None:
    assert said(survey(moss="tags: [allotments]\nrejected: [bees]")) == [
        "moss.md:3:8: warning: tag 'allotments' is retired | write 'gardens' in its place "
        "(papergrove tags merge does so in every record)",
        "moss.md:4:12: warning: rejected tag 'bees' does not exist any more | remove it from 'rejected', or write its new name "
        "(papergrove tags rename does so in every record)",
    ]


def test_an_abstract_is_refused_where_none_is_kept() -> None:
    assert said(survey(moss="abstract: Moss.", site="title: Gardens\nabstracts: never")) == [
        "moss.md:3:11: error: this survey keeps no abstracts | remove the field, or set 'abstracts: keep' in site.yml"
    ]


def test_an_unknown_source_and_an_unknown_field_suggest_the_nearest() -> None:
    site = "title: Gardens\ncoded: [{id: plots, label: Plots}]"
    assert said(survey(moss="sources: [{page: page-on}, {page: elsewhere}]\ncoded: {plot: '1', birds: '2'}", site=site)) == [
        "moss.md:3:18: error: unknown source 'page-on' | did you mean 'page-one'?",
        "moss.md:3:35: error: unknown source 'elsewhere' | sources are listed in content/sources.yml",
        "moss.md:4:15: error: unknown comparison field 'plot' | did you mean 'plots'?",
        "moss.md:4:27: error: unknown comparison field 'birds' | comparison fields are declared under 'coded' in site.yml",
    ]


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("arxiv", "'2403.00010'", "2403.00010v3"),
        ("arxiv", "math/0301001", "math/0301001v2"),
        ("doi", "10.1234/Fern.5", "10.1234/fern.5"),
        ("openreview", "aB_1", "aB_1"),
    ],
)
def test_an_identifier_belongs_to_one_paper(name: str, one: str, other: str) -> None:
    assert said(survey(fern=f"{name}: {one}", moss=f"{name}: {other}")) == [
        f"moss.md:3:{len(name) + 3}: error: {name} {other} stands in two records of different titles | "
        f"fern.md:3:{len(name) + 3} has it too: if they are one paper, run papergrove merge fern moss; "
        "if not, correct the identifier"
    ]


def test_two_records_of_one_paper_with_one_identifier_are_one_error() -> None:
    both = twins("Counting Moss in Wet Gardens", fern="doi: 10.1234/m", moss="doi: 10.1234/M")
    assert said(both) == [
        "moss.md:3:6: error: doi 10.1234/M stands in two records | fern.md:3:6 has it too: if they are one paper, run papergrove "
        "merge fern moss; if not, correct the identifier"
    ]


HINT = "if they are two, name the authors of both, or retitle one"


def test_two_records_of_one_title_that_may_be_one_paper_are_a_warning() -> None:
    certain = twins("Counting Moss in Wet Gardens", fern="authors: [Ada Plum]", moss="authors: ['Plum, A.', Bo Reed]")
    assert said(certain) == [
        "moss.md:2:8: warning: likely the same paper as fern.md: the same title and an author of one surname | "
        f"join them with papergrove merge fern moss; {HINT}"
    ]
    asked = twins("Moss", fern="date: 2020", moss="date: 2021")
    assert said(asked) == [
        "moss.md:2:8: warning: perhaps the same paper as fern.md: the same title, and neither authors nor abstracts to compare | "
        f"join them with papergrove merge fern moss; {HINT}"
    ]


def test_an_earlier_title_that_another_record_has_is_a_warning() -> None:
    one = record_of("fern", "On Ferns", "also: [Counting Moss in Wet Gardens]")
    other = record_of("moss", "Counting moss in wet gardens", "")
    assert len(said(replace(survey(), records=(one, other)))) == 1
    assert said(replace(survey(), records=(one, record_of("moss", "Counting moss in dry gardens", "")))) == [""]


def test_forty_prefaces_are_no_problem_or_one() -> None:
    by_others = twins("Preface", **{f"p{n}": f"authors: [Ada Plum{n}]" for n in range(10, 50)})
    assert said(by_others) == [""]
    by_nobody = twins("Preface", **{f"p{n}": "" for n in range(10, 50)})
    assert said(by_nobody) == [
        "p11.md:2:8: warning: perhaps the same paper as p10.md: the same title, and neither authors nor abstracts to compare; "
        f"so are 38 records more | join them with papergrove merge p10 p11; {HINT}"
    ]


def twins(title: str, **papers: str) -> Survey:
    """The survey with papers of this title and these front matters."""
    return replace(survey(), records=tuple(record_of(name, title, front) for name, front in papers.items()))


def record_of(name: str, title: str, front: str) -> Record:
    record, problems = records.read(f"---\ntitle: {title}\n{front}\n---\n", f"content/papers/{name}.md")
    assert record, problems
    return record


def test_openreview_ids_differ_by_case() -> None:
    assert said(survey(fern="openreview: aB_1", moss="openreview: ab_1")) == [""]


def test_an_old_id_leads_to_one_paper() -> None:
    assert said(survey(fern="formerly: [moss, green]", moss="formerly: [green]")) == [
        "fern.md:3:12: error: 'moss' is the id of a paper and cannot be an old id too | remove it from 'formerly'",
        "moss.md:3:12: error: the old id 'green' also stands in fern.md | remove one of them",
    ]


@pytest.mark.parametrize(
    ("file", "front"),
    [
        ("content/tags.yml", "tags: [gardens]\nrejected: [birds]"),
        ("content/sources.yml", "sources: [{page: page-one}]"),
        ("site.yml", "coded: {plots: '12'}"),
    ],
)
def test_what_a_broken_file_would_say_is_not_held_against_the_records(file: str, front: str) -> None:
    assert said(survey(moss=front, without=file)) == [""]
    empty = survey(moss=front, without=file)
    assert check(
        Survey(
            settings=empty.settings,
            vocabulary=empty.vocabulary,
            sources=empty.sources,
            records=empty.records,
            places={**empty.places, file: None},  # there, and nothing in it
        )
    )


def test_a_page_cites_papers_that_exist() -> None:
    moss = survey(moss="formerly: [mosses]", fern="date: 2020")
    assert said(with_pages(moss, on="Of [@moss; @mos] and [@mosses].\n\n```papers\nids: [moss, bird]\n```\n")) == [
        "on.md:4:12: error: unknown paper 'mos' | did you mean 'moss'?",
        "on.md:4:23: warning: 'mosses' is an old id | write 'moss' in its place",
        "on.md:7:13: error: unknown paper 'bird' | papers are <id>.md",
    ]


def test_a_page_names_tags_that_exist() -> None:
    text = "Of [#gardns], [#allotments] and {{count any=gardens,birds}}.\n\n```papers\ntag: moss\n```\n"
    assert said(with_pages(survey(moss=""), on=text)) == [
        "on.md:4:4: error: unknown tag 'gardns' | did you mean 'gardens'? (new tags go to content/tags.yml)",
        "on.md:4:15: warning: tag 'allotments' is retired | write 'gardens' in its place",
        "on.md:4:53: error: unknown tag 'birds' | new tags go to content/tags.yml",
        "on.md:7:6: error: unknown tag 'moss' | new tags go to content/tags.yml",
    ]
    assert said(with_pages(survey(moss="", without="content/tags.yml"), on=text)) == [""]


def test_a_table_shows_columns_that_exist() -> None:
    site = "title: Gardens\ncoded: [{id: plots, label: Plots}]"
    text = "```table\nids: [moss]\ncolumns: [year, topic, plots, topc]\n```\n```table\nids: [moss]\ncolumns: [x]\n```\n"
    assert said(with_pages(survey(moss="", site=site), on=text)) == [
        "on.md:6:31: error: unknown column 'topc' | did you mean 'topic'?",
        "on.md:10:11: error: unknown column 'x' | known are: authors, year, date, venue, gist, findings, links, topic, plots",
    ]


def test_a_venue_that_is_asked_for_has_papers() -> None:
    text = 'In {{count venue="Journal of moss"}}, not {{count venue=Moss}}.'
    assert said(with_pages(survey(moss="venue: Journal of Moss"), on=text)) == [
        "on.md:4:57: error: no paper has the venue 'Moss'"
    ]


def test_a_page_links_to_pages_that_exist() -> None:
    text = "See [a](pages/other/), [b](papers/moss/)\nand [c](pages/othr/#x)."
    assert said(with_pages(survey(moss=""), on=text, other="Text.")) == [
        "on.md:5:9: error: the text links to 'pages/othr/#x', which is not in the site | did you mean 'pages/other/'?"
    ]


def test_two_chapters_have_two_numbers() -> None:
    pages = [prose.read(f"---\ntitle: {name}\nchapter: 2\n---\n", f"content/pages/{name}.md")[0] for name in ("fern", "moss")]
    twice = replace(survey(), prose=tuple(page for page in pages if page))
    assert said(twice) == ["moss.md:3:10: error: chapter 2 stands on two pages | fern.md has this number too"]


def test_a_link_leads_to_a_section_that_is_there() -> None:
    text = "See [a](pages/two/#wet-moss), [b](pages/two/#dry-moss), [c](pages/two/#opening)."
    found = with_pages(survey(), on=text, two="## Wet moss\n\nText.")
    assert said(found) == [
        "on.md:4:35: error: the text links to 'pages/two/#dry-moss', but that page has no such section | did you mean 'wet-moss'?"
    ]


def test_what_is_broken_itself_is_not_missed() -> None:
    found = survey(moss="venue: Letters\nformerly: [mosses]")
    broken = replace(found, records=(), broken=found.records, broken_pages=("other",))
    text = "Of [@moss], [@mosses], {{count venue=Letters}}; see [a](papers/moss/), [b](pages/other/)."
    assert said(with_pages(broken, on=text)) == ["on.md:4:14: warning: 'mosses' is an old id | write 'moss' in its place"]
