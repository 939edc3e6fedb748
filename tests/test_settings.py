"""What site.yml and content/sources.yml say."""

import pytest

from generator.model import CodedField, Lookup, Settings, Source
from generator.report import Report, as_text
from generator.settings import base_path, normal_base_url, read, read_sources, write_sources

SITE = """\
title: Gardens
tagline: "A survey: small gardens"
base_url: https://example.org/gardens
repository: https://example.org/group/gardens
branch: feature/moss_2.0
abstracts: never
lookups:
  - {label: Example Search, url: "https://example.org/?q={title}"}
coded:
  - {id: plots, label: Number of plots}
"""


def said(source: str) -> str:
    return as_text(Report.of(read(source, "site.yml")[2]))


# ------------------------------------------------------------------ site.yml


def test_settings_are_read_whole() -> None:
    settings, _, problems = read(SITE, "site.yml")
    assert not problems
    assert settings == Settings(
        title="Gardens",
        tagline="A survey: small gardens",
        base_url="https://example.org/gardens/",
        repository="https://example.org/group/gardens",
        branch="feature/moss_2.0",
        abstracts="never",
        lookups=(Lookup(label="Example Search", url="https://example.org/?q={title}"),),
        coded=(CodedField(id="plots", label="Number of plots"),),
    )


def test_only_the_title_is_required() -> None:
    assert read("title: Gardens", "site.yml")[0] == Settings(title="Gardens")
    assert said("tagline: Small gardens") == "site.yml:1:1: error: 'title' is missing\n    hint: add a line 'title: …'"
    assert said("") == "site.yml: error: this file says nothing\n    hint: write at least 'title: …'"


def test_a_wrong_setting_is_told_at_its_place() -> None:
    assert said("title: Gardens\nbase_url: ftp://example.org\n") == (
        "site.yml:2:11: error: 'base_url' must start with https:// or http://\n    hint: write https://host/path/"
    )


@pytest.mark.parametrize(
    ("written", "normal", "path"),
    [
        ("https://example.org/repo/", "https://example.org/repo/", "/repo/"),
        ("https://example.org/repo", "https://example.org/repo/", "/repo/"),
        ("https://example.org", "https://example.org/", "/"),
        ("https://example.org///", "https://example.org/", "/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/", "/"),
        ("/repo", "/repo/", "/repo/"),
        ("repo/", "/repo/", "/repo/"),
        (" /a//b///c ", "/a/b/c/", "/a/b/c/"),
        ("/", "/", "/"),
        ("", None, "/"),
        ("  ", None, "/"),
    ],
)
def test_a_base_url_has_one_form(written: str, normal: str | None, path: str) -> None:
    assert normal_base_url(written) == (normal, None)
    assert base_path(normal) == path
    assert normal_base_url(normal or "") == (normal, None)


@pytest.mark.parametrize(
    "written",
    [
        "//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:secret@example.org/",
        "https://example.org/?a=b",
        "https://example.org/#a",
        "https://",
        "https://a b/",
        "/../a",
        "a/..",
        "/a?b",
        '/"onclick=',
        "/<script>",
        "/ä",
        "/a b",
        "\\\\host\\share",
    ],
)
def test_a_base_url_that_leads_elsewhere_is_refused(written: str) -> None:
    address, wrong = normal_base_url(written)
    assert address is None
    assert wrong


# ------------------------------------------------------------------ content/sources.yml

SOURCES = """\
# pages that were saved
- {id: page-one, file: one.txt, printed: Mar 4, captured: 2024-03-04, listings: 2}
# without a date
- {id: page-two, file: "two: new.txt"}
"""
TWO = (
    Source(id="page-one", file="one.txt", printed="Mar 4", captured="2024-03-04", listings=2),
    Source(id="page-two", file="two: new.txt"),
)


def rewritten(source: str) -> str:
    sources, node, problems = read_sources(source, "sources.yml")
    assert not problems
    return write_sources(sources, node, source)


def test_sources_are_read_in_their_order() -> None:
    assert read_sources(SOURCES, "sources.yml")[0] == TWO
    assert read_sources("", "sources.yml") == ((), None, ())


def test_canonical_sources_stay_as_they_are() -> None:
    assert rewritten(SOURCES) == SOURCES
    assert write_sources(TWO) == "".join(line + "\n" for line in SOURCES.split("\n") if line.startswith("-"))
    assert rewritten("- id: one # first\n  file: 'a'\n# last") == "# first\n- {id: one, file: a}\n# last\n"


def test_a_new_source_is_added_behind_the_comments_of_the_old_ones() -> None:
    sources, node, _ = read_sources(SOURCES, "sources.yml")
    assert write_sources((*sources, Source(id="new", file="new.txt")), node, SOURCES) == SOURCES + "- {id: new, file: new.txt}\n"


def test_an_id_or_a_file_stands_for_one_source() -> None:
    wrong = read_sources("- {id: a, file: x}\n- {id: b, file: x}\n- {id: a, file: y}\n", "sources.yml")[2]
    assert as_text(Report.of(wrong)) == (
        "sources.yml:2:3: error: file 'x' appears twice among the sources\n    hint: it stands on line 1 already\n"
        "sources.yml:3:3: error: id 'a' appears twice among the sources\n    hint: it stands on line 1 already"
    )
