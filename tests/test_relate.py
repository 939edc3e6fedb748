"""Which papers are related: by words, concepts and tags; why; and that readers can go both ways."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from generator import relate as relating
from generator.memo import Memo
from generator.model import Facet, Label, Labels, Paper, Record, Relations, Settings, Survey, Tag, Vocabulary
from generator.relate import nearest, relate
from generator.space import space_of
from generator.vectors import Space

TAGS = tuple(
    Tag(id=id_, facet="topic", parent=parent, label=id_) for id_, parent in (("plants", None), ("moss", "plants"), ("ink", None))
)


def survey(*papers: Paper) -> Survey:
    records = tuple(Record(paper=paper, path=f"content/papers/{paper.id}.md", front=None) for paper in papers)
    return Survey(
        settings=Settings(),
        vocabulary=Vocabulary(facets=(Facet(id="topic", label="Topic"),), tags=TAGS),
        sources=(),
        records=records,
    )


def near(*titles: str, others: int = 0) -> list[tuple[int, ...]]:
    """Of papers with these titles, among so many others that share no word."""
    titles = (*titles, *(f"other{n}" for n in range(others)))
    found = nearest(Space({f"p{n}": title for n, title in enumerate(titles)}))
    assert len(found) == len(titles)
    assert not any(found[len(titles) - others :])
    return found[: len(titles) - others]


def related(papers: Sequence[Paper], labels: Labels | None = None, memo: Memo | None = None) -> Relations:
    known = {paper.id: () for paper in papers} if labels is None else labels
    return relate(survey(*papers), known, space_of(tuple(papers)), memo)


# ------------------------------------------------------------------ how near


def test_the_paper_that_shares_more_is_nearer() -> None:
    assert near("moss fern reed", "moss fern lichen", "moss clover nettle", "thistle", others=12) == [(1, 2), (0, 2), (0, 1), ()]


def test_a_rare_word_says_more_than_a_frequent_one() -> None:
    titles = "moss fern", "moss reed", "fern reed", "moss sedge", "moss sedge"
    assert near(*titles, others=20)[0][:2] == (2, 1)


def test_of_equally_near_papers_the_first_are_taken() -> None:
    assert set(near(*["moss fern"] * 30, "moss", others=94)[5:30]) == {(0, 1, 2, 3, 4)}


def test_a_paper_alone_has_none() -> None:
    assert near() == []
    assert near("moss fern") == [()]
    assert near("moss", "fern", "the") == [(), (), ()]


def test_a_word_that_half_of_the_papers_have_says_nothing() -> None:
    assert near("moss", "moss", others=2) == [(1,), (0,)]
    assert near("moss", "moss", others=1) == [(), ()]


def test_no_word_brings_papers_together_that_very_many_have(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = ["moss fern", "moss", "moss fern"]
    assert near(*titles, others=12) == [(2, 1), (0, 2), (0, 1)]
    monkeypatch.setattr(relating, "FREQUENT", 2)
    assert near(*titles, others=12) == [(2,), (), (0,)]


def test_only_the_closest_by_words_are_compared_further(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = ["moss fern reed", "moss fern lichen", "moss clover nettle"]
    monkeypatch.setattr(relating, "CLOSEST", 1)
    assert near(*titles, others=12)[0] == (1,)


def paper(id_: str, title: str, **fields: Any) -> Paper:
    return Paper(id=id_, title=title, **fields)


WORDS = [
    paper("a", "moss fern"),
    paper("b", "moss reed"),
    paper("c", "moss sedge"),
    *(paper(f"o{n}", f"other{n}") for n in range(9)),
]


def tagged(**tags: Label) -> Labels:
    return {one.id: ((tags[one.id],) if one.id in tags else ()) for one in WORDS}


def by_hand(tag: str) -> Label:
    return Label(tag=tag, state="hand")


def guessed(tag: str, confidence: float) -> Label:
    return Label(tag=tag, state="suggested", confidence=confidence)


def test_papers_that_share_a_tag_are_nearer() -> None:
    assert [one.id for one in related(WORDS)["a"]] == ["b", "c"]
    found = related(WORDS, tagged(a=by_hand("ink"), c=by_hand("ink"), b=by_hand("moss")))
    assert [(one.id, one.tags) for one in found["a"]] == [("c", ("ink",)), ("b", ())]


def test_a_parent_is_shared_by_its_children() -> None:
    found = related(WORDS, tagged(a=by_hand("moss"), c=by_hand("plants")))
    assert [(one.id, one.tags) for one in found["a"]] == [("c", ("plants",)), ("b", ())]


def test_what_is_not_shown_brings_no_papers_together() -> None:
    for state in ("maybe", "rejected"):
        found = related(WORDS, tagged(a=Label(tag="ink", state=state, confidence=0.5), c=by_hand("ink")))
        assert [(one.id, one.tags) for one in found["a"]] == [("b", ()), ("c", ())]


def test_a_suggested_tag_counts_as_much_as_it_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relating, "TAGS", 9.0)
    papers = [*WORDS, paper("d", "moss clover")]
    two = {
        "a": (by_hand("ink"), by_hand("moss")),
        "b": (guessed("ink", 0.9), by_hand("moss")),
        "c": (guessed("ink", 0.6), by_hand("moss")),
    }
    labels = {one.id: two.get(one.id, ()) for one in papers}
    assert [one.id for one in related(papers, labels)["a"]] == ["b", "c", "d"]
    labels |= {"b": two["c"], "c": two["b"]}
    assert [one.id for one in related(papers, labels)["a"]] == ["c", "b", "d"]


# ------------------------------------------------------------------ why


def test_the_words_that_are_shared_stand_as_the_paper_writes_them() -> None:
    papers = [
        paper("a", "Imitation Learning of the Mosses", note="GRPO and reeds."),
        paper("b", "Imitation learning", note="A moss, with GRPO."),
        *(paper(f"o{n}", f"other{n}") for n in range(9)),
    ]
    (there,), (back,) = related(papers)["a"], related(papers)["b"]
    assert set(there.words) == {"Imitation Learning", "mosses", "GRPO"}
    assert set(back.words) == {"imitation learning", "moss", "GRPO"}


def test_no_reason_says_another_one_again() -> None:
    papers = [paper("a", "moss fern reed"), paper("b", "moss fern reed"), *(paper(f"o{n}", f"other{n}") for n in range(9))]
    words = [word for reason in related(papers)["a"][0].words for word in reason.split()]
    assert sorted(words) == sorted(set(words))


# ------------------------------------------------------------------ both ways


def test_a_paper_leads_back_to_those_that_have_it_on_their_list() -> None:
    hub = [paper("hub", " ".join(f"rare{n}" for n in range(9)))]
    spokes = [paper(f"s{n}", f"rare{n} word{n} thing{n}") for n in range(9)]
    found = related([*hub, *spokes])
    assert [one.id for one in found["s8"]] == ["hub"]
    first, back = found["hub"][:5], found["hub"][5:]
    assert len(back) == relating.BACK
    assert {one.id for one in (*first, *back)} <= {one.id for one in spokes}
    assert len({one.id for one in found["hub"]}) == len(found["hub"])


def test_the_ways_back_go_first_to_papers_that_no_other_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relating, "BACK", 1)
    assert relating._both_ways([(1,), (2,), (1,), (1,)]) == [(1,), (2, 0), (1,), (1,)]
    assert relating._both_ways([(1,), (2,), (1, 0), (1,)]) == [(1, 2), (2, 3), (1, 0), (1,)]


# ------------------------------------------------------------------ remembered


def test_what_did_not_change_is_not_looked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = related(WORDS, memo=Memo(tmp_path))
    labels = tagged(a=by_hand("ink"), c=by_hand("ink"))
    monkeypatch.setattr(relating, "nearest", lambda *_: pytest.fail("looked again"))
    assert related(WORDS, memo=Memo(tmp_path)) == first
    monkeypatch.undo()
    assert related(WORDS, labels, Memo(tmp_path)) == related(WORDS, labels) != first
    (tmp_path / ".papergrove/related.json").write_text("harmed", encoding="utf-8")
    assert related(WORDS, memo=Memo(tmp_path)) == first
