"""What the page for curators lists as left to do."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from surveys import TAGS, tiny

from generator.build import build
from generator.library import Library
from generator.load import load
from generator.model import Evidence, Label, Labels, Proposal
from generator.render import Templates, render

PAPERS = {
    "new": "---\ntitle: Moss & more\ndate: 2024-02\n---\n",
    "sure": "---\ntitle: Counting moss\ndate: 2024-01\n---\n",
    "read": "---\ntitle: A garden\nreviewed: 2024-04-01\n---\n",
    "bare": "---\ntitle: Bare\n---\n",
}
UNUSED = "  - {id: drawing, facet: method, label: Drawing, phrases: [drawing]}\n"


def guess(tag: str, state: str, confidence: float, text: str = "moss") -> Label:
    span = Evidence(field="title", start=0, end=len(text), text=text, phrase=text)
    return Label(tag=tag, state=state, confidence=confidence, evidence=(span,))


def by_hand(tag: str, state: str = "hand") -> Label:
    return Label(tag=tag, state=state)


LABELS = {
    "new": (guess("moss-gardens", "suggested", 0.6), guess("counting", "maybe", 0.4)),
    "sure": (guess("moss-gardens", "suggested", 0.9), guess("counting", "suggested", 0.7, "Counting")),
    "read": (by_hand("gardens"), guess("counting", "suggested", 0.8), guess("moss-gardens", "maybe", 0.5)),
    "bare": (),
}


def html(
    root: Path,
    labels: Labels,
    papers: Mapping[str, str] = PAPERS,
    proposals: tuple[Proposal, ...] = (),
    tags: str = TAGS + UNUSED,
) -> str:
    """The page of a survey whose papers have these labels."""
    survey, problems = load(tiny(root, papers, tags=tags))
    assert not problems
    outputs = render(Library(survey, labels, proposals=proposals), Templates(root))
    return next(output for output in outputs if output.path == "review/index.html").make().decode("utf-8")


def sections(page: str) -> dict[str, str]:
    """What the page shows of each kind of work, by its anchor."""
    return dict(re.findall(r'<section class="work" id="([^"]+)">(.*?)</section>', page, re.DOTALL))


def rows(section: str) -> list[tuple[str, str]]:
    return re.findall(r'<li data-paper="([^"]+)" data-tag="([^"]+)">', section)


def papers_in(section: str) -> list[str]:
    return re.findall(r'<li data-paper="([^"]+)"><p', section)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_suggested_tags_stand_by_paper_the_surest_first(tmp_path: Path) -> None:
    found = sections(html(tmp_path, LABELS))["suggested"]
    assert papers_in(found) == ["sure", "new"]
    assert rows(found) == [("sure", "moss-gardens"), ("sure", "counting"), ("new", "moss-gardens")]
    assert "Suggested tags 3 " in words(found)
    assert "Moss &amp; more Moss gardens 60%: “moss” in the title" in words(found)


def test_what_may_be_right_is_listed_where_nobody_has_reviewed_it(tmp_path: Path) -> None:
    assert rows(sections(html(tmp_path, LABELS))["maybe"]) == [("new", "counting")]


def test_what_is_suggested_on_a_reviewed_paper_is_disputed(tmp_path: Path) -> None:
    found = sections(html(tmp_path, LABELS))["disputed"]
    assert rows(found) == [("read", "counting")]
    assert "A garden Counting 80%: “moss” in the title" in words(found)


def test_a_tag_by_hand_that_is_found_on_its_other_papers_may_be_wrong(tmp_path: Path) -> None:
    usual = {"sure": (by_hand("counting", "accepted"),), "bare": (by_hand("counting", "accepted"),)}
    labels = {
        **usual,
        "read": (by_hand("counting", "accepted"), by_hand("gardens")),
        "new": (by_hand("counting"), by_hand("gardens")),
    }
    found = sections(html(tmp_path, labels))["unlikely"]
    assert rows(found) == [("new", "counting")]
    assert "suggested" not in found
    assert "unlikely" not in sections(html(tmp_path, {**labels, "bare": ()}))


def test_papers_without_tags_and_tags_without_papers(tmp_path: Path) -> None:
    found = sections(html(tmp_path, {**LABELS, "sure": (by_hand("counting"),)}))
    assert papers_in(found["no-topic"]) == ["sure", "bare"]
    assert "Papers without a tag of “Topic” 2 " in words(found["no-topic"])
    assert papers_in(found["no-hand"]) == ["new", "bare"]
    assert words(found["unused"]).endswith("Drawing")


def test_phrases_lead_to_the_search_for_them_and_name_papers_and_the_nearest_tag(tmp_path: Path) -> None:
    proposals = (
        Proposal(phrase="moss & more", papers=("new", "sure", "bare"), headlines=1, score=1.0),
        Proposal(phrase="bare", papers=("bare", "read"), headlines=1, score=0.5),
    )
    found = sections(html(tmp_path, LABELS, proposals=proposals))["phrases"]
    assert '<a href="../search/?q=%22moss%20%26%20more%22">moss &amp; more</a>' in found
    assert "3 papers nearest: Moss gardens (2 of 3) Moss &amp; more Counting moss Bare" in words(found)
    assert words(found).endswith("bare 2 papers Bare A garden")  # they share no tag


def test_a_kind_of_which_nothing_is_left_is_not_there(tmp_path: Path) -> None:
    assert "disputed" not in sections(html(tmp_path, {**LABELS, "read": (by_hand("gardens"),)}))
    done = {"one": "---\ntitle: One\nreviewed: 2024-04-01\n---\n"}
    tags = "facets:\n  - {id: topic, label: Topic}\ntags:\n  - {id: gardens, facet: topic, label: Gardens}\n"
    whole = html(tmp_path / "done", {"one": (by_hand("gardens"),)}, done, tags=tags)
    assert not sections(whole)
    assert "Nothing: every tag is decided on." in whole


def test_only_so_many_rows_are_shown_and_the_others_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["generator.pages.review"], "MOST", 2)
    papers = {f"p{n}": f"---\ntitle: Paper {n}\n---\n" for n in range(4)}
    labels = {id_: (guess("moss-gardens", "suggested", 0.6), guess("gardens", "maybe", 0.5)) for id_ in papers}
    proposals = tuple(Proposal(phrase=f"phrase {n}", papers=tuple(papers), headlines=1, score=1.0) for n in range(5))
    found = sections(html(tmp_path, labels, papers, proposals))
    assert rows(found["suggested"]) == [("p0", "moss-gardens"), ("p1", "moss-gardens")]
    assert words(found["suggested"]).endswith("And 2 more: papergrove tags suggest shows all.")
    assert papers_in(found["no-hand"]) == ["p0", "p1"]
    assert words(found["no-hand"]).endswith("And 2 more: papergrove tags suggest shows all.")
    assert words(found["phrases"]).endswith("And 3 more: papergrove tags report --json shows all.")


def test_a_built_site_has_it_away_from_search_engines_and_a_link_from_the_tags(tmp_path: Path) -> None:
    built = build(tiny(tmp_path, {"moss": "---\ntitle: Moss, moss gardens\n---\nOf moss.\n"}), tmp_path / "_site")
    assert built.written, built.report
    made = (tmp_path / "_site/review/index.html").read_text(encoding="utf-8")
    assert '<meta name="robots" content="noindex">' in made
    assert ("moss", "moss-gardens") in rows(sections(made)["suggested"])
    assert '<a href="../review/">What is left to do</a>' in (tmp_path / "_site/tags/index.html").read_text(encoding="utf-8")
    for other in ("index.html", "facets/topic/index.html"):
        assert "review/" not in (tmp_path / "_site" / other).read_text(encoding="utf-8")
