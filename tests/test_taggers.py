"""The taggers and the calibrator: a made-up survey of five topics, some of it tagged by hand, some of it not."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from generator import tag as tagging
from generator.model import Facet, Paper, Record, Settings, Survey, Tag, Vocabulary
from generator.taggers import TAGGERS
from generator.taggers.calibrator import Calibrator, ready_made
from generator.taggers.corpus import NO, UNKNOWN, YES, Corpus
from generator.taggers.judge import Judge
from generator.taggers.learned import Learned, _inverted
from generator.taggers.phrases import Phrases
from generator.taggers.similarity import Similarity

TOPICS = ("moss", "fern", "reed", "sedge", "clover")
TAGS = (
    *(
        Tag(id=topic, facet="topic", label=topic, definition=f"Where {topic}1 {topic}2 {topic}3 grow", phrases=(topic,))
        for topic in TOPICS
    ),
    Tag(id="wet", facet="topic", label="Wet", parent="damp", phrases=("puddle",)),
    Tag(id="damp", facet="topic", label="Damp"),
    Tag(id="bog", facet="topic", label="Bog", phrases=("bog",), replaced_by="wet"),
)


def survey(papers: Iterable[Paper], tags: tuple[Tag, ...] = TAGS) -> Survey:
    records = tuple(Record(paper=paper, path=f"content/papers/{paper.id}.md", front=None) for paper in papers)
    vocabulary = Vocabulary(facets=(Facet(id="topic", label="Topic"),), tags=tags)
    return Survey(settings=Settings(), vocabulary=vocabulary, sources=(), records=records)


def papers(number: int = 150, *, reviewed: bool = True, seed: int = 5) -> list[Paper]:
    """About a topic each. Every second one names it; the others only use its words."""
    rnd = random.Random(seed)
    found = []
    for n in range(number):
        topic = TOPICS[n % 5]
        words = " ".join(f"{topic}{rnd.randrange(30)}" for _ in range(20))
        name = topic if n // 5 % 2 else "plant"
        day = "2030-01-01" if reviewed else None
        found.append(Paper(id=f"p{n:03}", title=f"On a {name}", note=f"{words}.", tags=(topic,), reviewed=day))
    return found


def states(found: Survey, id_: str) -> dict[str, str]:
    return {label.tag: label.state for label in tagging.tag(found)[id_]}


# ------------------------------------------------------------------ what people have decided


def test_what_is_absent_says_no_only_on_a_reviewed_record() -> None:
    known = [
        Paper(id="a", title="A", tags=("wet",), rejected=("moss",)),
        Paper(id="b", title="B", tags=("bog",), reviewed="2030-01-01"),
        Paper(id="c", title="C", rejected=("damp",), tags=("wet",)),
    ]
    corpus = Corpus(survey(known))
    decisions = {tag.id: corpus.decisions[:, at].tolist() for at, tag in enumerate(corpus.tags)}
    assert "bog" not in decisions
    assert decisions["wet"] == [YES, YES, YES]
    assert decisions["damp"] == [YES, YES, YES]  # by its child
    assert decisions["moss"] == [NO, NO, UNKNOWN]
    assert decisions["fern"] == [UNKNOWN, NO, UNKNOWN]
    assert corpus.complete.tolist() == [1]


# ------------------------------------------------------------------ phrases


def signs(found: Survey, ready: type[Phrases | Similarity | Learned]) -> Mapping[tuple[str, str], dict[str, float]]:
    corpus = Corpus(found)
    tagger = ready(corpus)
    values = tagger.signs(range(len(corpus.papers)))
    return {
        (paper.id, tag.id): dict(zip(tagger.features, values[row, at].tolist(), strict=True))
        for row, paper in enumerate(corpus.papers)
        for at, tag in enumerate(corpus.tags)
    }


def test_a_parent_takes_over_nine_tenths_of_a_child() -> None:
    found = signs(survey([Paper(id="a", title="A puddle")]), Phrases)
    assert found["a", "wet"]["score"] == 2
    assert found["a", "damp"]["score"] == 1.8
    assert (found["a", "wet"]["score >= 2"], found["a", "damp"]["score >= 2"]) == (1, 0)
    assert Phrases(Corpus(survey([Paper(id="a", title="A puddle")]))).evidence(0, 6)[0].text == "puddle"


def test_a_tag_whose_phrases_were_wrong_is_doubted_and_a_paper_is_no_precedent_for_itself() -> None:
    bad = [Paper(id=f"b{n}", title="Moss", rejected=("moss",)) for n in range(6)]
    good = [Paper(id=f"g{n}", title="Fern", tags=("fern",)) for n in range(6)]
    found = signs(survey([*bad, *good, Paper(id="new", title="Moss and fern")]), Phrases)
    assert found["new", "moss"]["precision so far"] < -0.5 < 0.5 < found["new", "fern"]["precision so far"]
    alone = signs(
        survey([Paper(id="a", title="Moss", tags=("moss",)), Paper(id="b", title="A fern", rejected=("fern",))]), Phrases
    )
    assert alone["a", "moss"]["precision so far"] == alone["b", "fern"]["precision so far"] == 0


# ------------------------------------------------------------------ similarity


def test_papers_are_most_similar_to_the_tag_whose_words_they_use() -> None:
    found = signs(survey(papers(60)), Similarity)
    near = [max(TOPICS, key=lambda tag: found[paper.id, tag]["similarity"]) for paper in papers(60)]
    assert sum(tag == TOPICS[n % 5] for n, tag in enumerate(near)) > 50


def test_a_handful_of_papers_has_no_similarity() -> None:
    assert not any(found["similarity"] for found in signs(survey(papers(19)), Similarity).values())
    assert any(found["similarity"] for found in signs(survey(papers(20)), Similarity).values())


# ------------------------------------------------------------------ learned


def test_nothing_is_learned_from_few_papers() -> None:
    assert not any(found["regression"] or found["nearest papers"] for found in signs(survey(papers(99)), Learned).values())


def test_leaving_a_paper_out_is_what_the_closed_form_says() -> None:
    whole = papers(120)
    found = signs(survey(whole), Learned)
    trust = 24 / 29
    corpus = Corpus(survey(whole))
    points = np.concatenate([corpus.space.places, np.ones((120, 1))], 1)
    truths = (corpus.decisions == YES).astype(float)
    for left_out in (0, 7, 63):
        others = np.arange(120) != left_out
        normal = points[others].T @ points[others] + np.eye(points.shape[1])
        slope = np.linalg.solve(normal, points[others].T @ truths[others][:, :5])
        for at, topic in enumerate(TOPICS):
            assert found[f"p{left_out:03}", topic]["regression"] == pytest.approx(
                points[left_out] @ slope[:, at] * trust, abs=2e-4
            )


def test_matrices_are_inverted() -> None:
    points = np.random.default_rng(1).normal(size=(3, 9, 5))
    matrices = np.stack([part.T @ part + np.eye(5) for part in points])
    assert np.allclose(_inverted(matrices), np.linalg.inv(matrices))


def test_what_was_learned_speaks_through_the_paper_s_own_words() -> None:
    rnd = random.Random(9)
    new = Paper(id="new", title="On a plant", note=" ".join(f"Moss{rnd.randrange(30)}" for _ in range(20)))
    known = [replace(paper, title="On a plant") for paper in papers(150)]
    (label, *_) = sorted(tagging.tag(survey([*known, new]))["new"], key=lambda label: -(label.confidence or 0))
    assert (label.tag, label.state) == ("moss", "suggested")
    assert label.evidence
    assert all(span.phrase == "" and new.note[span.start : span.end] == span.text for span in label.evidence)
    assert all("moss" in span.text.lower() for span in label.evidence)


def test_what_only_resembles_a_tag_is_never_shown() -> None:
    rnd = random.Random(9)
    new = Paper(id="new", title="On a plant", note=" ".join(f"moss{rnd.randrange(30)}" for _ in range(20)))
    corpus = Corpus(survey([*papers(150), new]))
    proposals = dict(Judge(corpus, {"similarity": TAGGERS["similarity"]}).proposals())
    assert proposals["new"]["moss"][0] > tagging.SUGGESTED
    assert proposals["new"]["moss"][1] == ()
    known = tagging.Known.of(survey([new]))
    assert {label.tag: label.state for label in tagging.labels(new, proposals["new"], known)}["moss"] == "maybe"


# ------------------------------------------------------------------ the calibrator


def test_a_fitted_confidence_is_the_share_that_was_right() -> None:
    rnd = random.Random(2)
    score = np.array([[float(n % 4)] for n in range(4_000)])
    right = np.array([rnd.random() < (0.1, 0.3, 0.6, 0.9)[n % 4] for n in range(4_000)])
    sure = Calibrator.fitted(score, right).confidences(np.array([[0.0], [1], [2], [3]])).tolist()
    assert sure == pytest.approx([0.1, 0.3, 0.6, 0.9], abs=0.04)


def test_the_ready_made_one_knows_a_title_from_a_mention() -> None:
    def sure(**texts: str) -> float:
        corpus = Corpus(survey([Paper(**({"id": "a", "title": "Untitled"} | texts))]))
        judge = Judge(corpus)
        assert judge.calibrator == ready_made([feature for tagger in judge.taggers for feature in tagger.features])
        return float(dict(judge.confidences())[0][0])

    one, two, title, both = sure(note="Moss."), sure(note="Moss. Moss."), sure(title="Moss"), sure(title="Moss", note="Moss.")
    assert sure() < 0.02 < one < 0.3 < two < tagging.SUGGESTED < title < both


def test_ten_reviewed_papers_are_enough_for_a_calibrator_of_its_own() -> None:
    def fitted(number: int) -> bool:
        judge = Judge(Corpus(survey(papers(number))))
        return judge.calibrator != ready_made([feature for tagger in judge.taggers for feature in tagger.features])

    assert [fitted(9), fitted(10)] == [False, True]


# ------------------------------------------------------------------ stability


def test_a_tag_in_the_lock_stays_until_it_is_hardly_likely() -> None:
    def state(confidence: float, *, locked: bool) -> str:
        known = replace(tagging.Known.of(survey([])), shown=frozenset({("a", "moss")} if locked else ()))
        evidence = (tagging.evidence_of(["title", 0, 4, "Moss", "moss"]),)
        (label,) = tagging.labels(Paper(id="a", title="Moss"), {"moss": (confidence, evidence)}, known)
        return label.state

    assert [state(sure, locked=False) for sure in (0.56, 0.55, 0.54, 0.41)] == ["suggested", "suggested", "maybe", "maybe"]
    assert [state(sure, locked=True) for sure in (0.56, 0.54, 0.4, 0.39)] == ["suggested", "suggested", "suggested", "maybe"]


def test_a_new_paper_flips_no_tag_of_another() -> None:
    """Every paper in turn is the new one, on a survey of which two thirds are not reviewed."""
    whole = [paper if n % 3 == 0 else replace(paper, tags=(), reviewed=None) for n, paper in enumerate(papers(45))]
    for new in range(0, 45, 4):
        before = survey([paper for n, paper in enumerate(whole) if n != new])
        kept = tagging.shown(before, tagging.tag(before))
        after = replace(survey(whole), shown=kept)
        seen = tagging.shown(after, tagging.tag(after))
        assert {pair for pair in seen if pair[0] != whole[new].id} == kept
    assert len(kept) > 10


def test_the_lock_holds_what_readers_see() -> None:
    found = survey(
        [
            Paper(id="a", title="Moss"),
            Paper(id="b", title="Moss", reviewed="2030-01-01"),
            Paper(id="c", title="Moss", tags=("moss",)),
        ]
    )
    assert tagging.shown(found, tagging.tag(found)) == {("a", "moss")}
    assert states(found, "b") == {"moss": "suggested"}  # for a curator: nobody took it
