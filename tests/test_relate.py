"""Which papers are nearest to each: by the words they share, weighed by how rare they are."""

import math
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from generator import relate as relating
from generator.memo import Memo
from generator.postings import TEXT, Document, Postings, analysis_of, idf
from generator.relate import relate, similar


def of(documents: Sequence[Document]) -> Postings:
    return Postings([analysis_of(document) for document in documents])


def near(*titles: str, others: int = 0) -> tuple[tuple[int, ...], ...]:
    """Of papers with these titles, among so many others that share no word."""
    titles = (*titles, *(f"other{n}" for n in range(others)))
    found = similar(of([Document(title=title) for title in titles]))
    assert len(found) == len(titles)
    assert not any(found[len(titles) - others :])
    return found[: len(titles) - others]


def test_the_paper_that_shares_more_is_nearer() -> None:
    assert near("moss fern reed", "moss fern lichen", "moss clover nettle", "thistle", others=12) == ((1, 2), (0, 2), (0, 1), ())


def test_a_rare_word_says_more_than_a_frequent_one() -> None:
    titles = "moss fern", "moss reed", "fern reed", "moss sedge", "moss clover"
    assert near(*titles, others=20)[0][:2] == (2, 1)


def test_of_equally_near_papers_the_smaller_ordinals_are_taken() -> None:
    seven = near("thistle", *["moss fern"] * 7, others=24)
    assert seven[1:] == (
        (2, 3, 4, 5, 6), (1, 3, 4, 5, 6), (1, 2, 4, 5, 6), (1, 2, 3, 5, 6), (1, 2, 3, 4, 6), (1, 2, 3, 4, 5), (1, 2, 3, 4, 5)
    )  # fmt: skip
    thirty = near(*["moss fern"] * 30, "moss", others=94)
    assert set(thirty[5:]) == {(0, 1, 2, 3, 4)}


def test_in_a_large_survey_no_paper_has_any(monkeypatch: pytest.MonkeyPatch) -> None:
    assert near("moss", "moss", others=6) == ((1,), (0,))
    monkeypatch.setattr(relating, "LARGE", 8)
    assert near("moss", "moss", others=6) == ((), ())


def test_a_paper_alone_has_none() -> None:
    assert near() == ()
    assert near("moss fern") == ((),)
    assert near("moss", "fern", "the") == ((), (), ())


def test_a_word_that_many_papers_have_says_nothing() -> None:
    assert near("moss", "moss", others=6) == ((1,), (0,))  # a quarter of them
    assert near("moss", "moss", others=5) == ((), ())


def test_no_word_is_looked_at_that_very_many_papers_have(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = ["moss fern", "moss", "moss fern"]
    assert near(*titles, others=12) == ((2, 1), (0, 2), (0, 1))
    monkeypatch.setattr(relating, "MOST", 2)
    assert near(*titles, others=12) == ((2,), (), (0,))


def test_only_the_text_tells_what_papers_share() -> None:
    fillers = [Document(title=f"other{n}") for n in range(8)]
    named = [Document(title=word, authors="Ada Example", tags="Gardens", venue="Letters") for word in ("moss", "fern")]
    assert similar(of([*named, *fillers])) == ((),) * 10
    written = [Document(title="one", note="moss"), Document(title="two", gist="moss"), Document(title="three", findings="moss")]
    assert [set(found) for found in similar(of([*written, *fillers, *fillers]))[:3]] == [{1, 2}, {0, 2}, {0, 1}]


def rows_of(postings: Postings) -> list[dict[str, float]]:
    """Of each paper the sums of its terms' weights in the text: BM25, no field boosted and nothing rounded."""
    rows: list[dict[str, float]] = [{} for _ in range(postings.size)]
    for term in postings.terms:
        found = [postings.of_field[field].get(term, ()) for field in range(len(TEXT))]
        rarity = idf(postings.size, sum(map(len, found)))
        for field, papers in enumerate(found):
            for paper, times in papers:
                length = postings.lengths[field][paper] / postings.averages[field]
                weight = rarity * 2.2 * times / (1.2 * (0.25 + 0.75 * length) + times)
                rows[paper][term] = rows[paper].get(term, 0.0) + weight
    return rows


def cosine(a: dict[str, float], b: dict[str, float], shared: set[str]) -> float:
    dot = sum(value * b[term] for term, value in a.items() if term in b and term in shared)
    return dot / math.hypot(*a.values()) / math.hypot(*b.values())


def test_nearness_is_the_cosine_of_the_weights() -> None:
    rnd = random.Random(1)
    nouns = [f"{noun}{n}" for noun in ("moss", "fern", "reed") for n in range(12)]

    def some(number: int) -> str:
        return " ".join(rnd.choices(nouns, k=number))

    postings = of([Document(title=some(n % 4), note=f"garden {some(n % 9)}", gist=some(1)) for n in range(24)])
    rows = rows_of(postings)
    shared = {term for term in postings.terms if sum(term in row for row in rows) <= 24 / 4}
    assert "garden" not in shared
    found = similar(postings)
    assert sum(map(len, found)) > 100
    for paper, row in enumerate(rows):
        cosines = {other: cosine(row, rows[other], shared) for other in range(24) if other != paper}
        nearest = sorted((other for other in cosines if cosines[other] > 0), key=lambda other: -round(cosines[other], 9))
        assert found[paper] == tuple(nearest[:5]), paper


# ------------------------------------------------------------------ remembered


def test_what_did_not_change_is_not_looked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def watched(postings: Postings) -> tuple[tuple[int, ...], ...]:
        asked.append(postings.key)
        return similar(postings)

    monkeypatch.setattr(relating, "similar", watched)
    analyses = [analysis_of(Document(title=title)) for title in ("moss", "moss", *"abcdefgh")]
    first = relate(Postings(analyses, "one"), Memo(tmp_path))
    assert first[:3] == ((1,), (0,), ())
    assert relate(Postings(analyses, "one"), Memo(tmp_path)) == first
    assert asked == ["one"]
    assert relate(Postings([*analyses[1:], analyses[0]], "two"), Memo(tmp_path))[0] == (9,)
    assert asked == ["one", "two"]
    (tmp_path / ".papergrove/similar.json").write_text("harmed", encoding="utf-8")
    assert relate(Postings(analyses, "one"), Memo(tmp_path)) == first
    assert asked == ["one", "two", "one"]
