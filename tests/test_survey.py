"""This repository's own survey: what its five pages and the looked-up facts say, in canonical form."""

import re
from pathlib import Path

import pytest

from generator.check import check
from generator.library import Library
from generator.load import canonical_texts, load
from generator.model import Survey
from generator.report import Report
from generator.tag import tag

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def survey() -> Survey:
    survey, problems = load(ROOT)
    assert not problems
    return survey


def test_nothing_is_wrong_with_it(survey: Survey) -> None:
    assert not Report.of(check(survey))


def test_it_is_in_canonical_form(survey: Survey) -> None:
    assert canonical_texts(ROOT, survey) == {}


def test_it_holds_the_papers_of_its_five_pages(survey: Survey) -> None:
    library = Library(survey, {})
    assert len(survey.papers) == 263
    assert [count.listings for count in library.source_counts] == [90, 51, 82, 66, 45]
    assert [count.source.listings for count in library.source_counts] == [90, 51, 82, 66, 45]
    assert sum(len(paper.sources) > 1 for paper in survey.papers) == 46
    assert sum(bool(paper.arxiv) for paper in survey.papers) == 257
    assert sum(bool(paper.authors) for paper in survey.papers) == 254


def test_it_keeps_no_abstracts(survey: Survey) -> None:
    assert survey.settings.abstracts == "never"
    assert not [paper.id for paper in survey.papers if paper.abstract]


def test_no_record_holds_a_sentence_of_an_abstract(survey: Survey, shared: Path | None) -> None:
    """Runs of ten words that a record and a listing page share: only titles may."""
    texts = [" ".join([*paper.findings, paper.gist or "", paper.note]) for paper in survey.papers]
    assert len(texts) == 263
    if shared is None:
        return
    pages = " ".join(path.read_text(encoding="utf-8") for path in sorted((shared / "seeds").glob("*.txt")))
    theirs = runs(pages)
    assert not [text for text in texts if runs(text) & theirs]


def runs(text: str, length: int = 10) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[n : n + length]) for n in range(len(words) - length + 1)}


def test_suggested_tags_fill_every_facet(survey: Survey) -> None:
    labels = tag(survey)
    facet_of = {tag.id: tag.facet for tag in survey.vocabulary.tags}
    suggested = [label for found in labels.values() for label in found if label.state == "suggested"]
    assert {facet_of[label.tag] for label in suggested} == {facet.id for facet in survey.vocabulary.facets}
    assert all(label.evidence for label in suggested)
