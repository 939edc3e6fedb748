"""Measuring the taggers: by hand on a few papers, and that what is measured was hidden."""

import json

import pytest
from test_taggers import TOPICS, papers, survey

from generator.evaluate import Scores, as_data, evaluate, in_words, read
from generator.model import Paper

GOLD = {"a": frozenset({"x", "y"}), "b": frozenset({"x"}), "c": frozenset({"z"}), "d": frozenset[str]()}
FOUND = {"a": {"x": 0.9, "y": 0.4}, "b": {"x": 0.6, "z": 0.7}, "c": {"y": 0.2}, "d": {}}
SCORES = Scores(GOLD, FOUND)


def test_f1_counts_what_was_found_at_a_half() -> None:
    whole = SCORES.count()
    assert (whole.right, whole.wrong, whole.missed) == (2, 1, 2)
    assert (whole.precision, whole.recall, whole.f1) == (2 / 3, 2 / 4, 4 / 7)
    assert {tag: count.f1 for tag, count in SCORES.by_tag().items()} == {"x": 1, "y": 0, "z": 0}
    assert SCORES.macro_f1() == 1 / 3
    assert SCORES.count(0.4).right == 3


def test_precision_at_counts_the_surest_first_over_papers_with_tags() -> None:
    assert SCORES.precision_at(1) == (1 + 0 + 0) / 3
    assert SCORES.precision_at(3) == (2 / 3 + 1 / 3 + 0) / 3


def test_calibration_is_measured_over_the_candidates() -> None:
    assert SCORES.brier == pytest.approx(((0.9 - 1) ** 2 + (0.4 - 1) ** 2 + (0.6 - 1) ** 2 + 0.7**2 + 0.2**2) / 5)
    sure = Scores({str(n): frozenset("x" if n % 4 else "") for n in range(400)}, {str(n): {"x": 0.75} for n in range(400)})
    assert sure.calibration_error < 0.02
    assert sure.reliability[0][0] == 0.75
    assert sum(size for _, _, size in sure.reliability) == 400


def test_the_threshold_of_one_half_is_chosen_on_the_other() -> None:
    gold = {str(n): frozenset({"x"}) for n in range(8)}
    assert Scores(gold, {id_: {"x": 0.3} for id_ in gold}).tuned == (1, 1)
    assert Scores(gold, {id_: {"x": 0.3} for id_ in gold}).count().f1 == 0


def test_the_tags_that_are_looked_for_are_hidden() -> None:
    """No text says the tags: only leaking them would find them."""
    silent = survey([Paper(id=paper.id, title=f"Nothing {n}", tags=paper.tags) for n, paper in enumerate(papers(150))])
    gold = {paper.id: paper.tags for paper in silent.papers}
    for folds in (0, 5):
        assert all(scores.count().right == 0 for scores in evaluate(silent, gold, folds).values())


def test_what_was_learned_from_the_other_folds_finds_more_than_phrases() -> None:
    found = survey(papers(200))
    scores = evaluate(found, {paper.id: paper.tags for paper in found.papers}, 4)
    assert list(scores) == ["phrases", "phrases, similarity", "all"]
    assert scores["all"].count().recall > scores["phrases"].count().recall + 0.2
    assert set(scores["all"].by_tag()) >= set(TOPICS)


def test_gold_is_read_line_by_line() -> None:
    found = survey(papers(2))
    rows = [{"id": "p000", "tags": ["moss", "nettle"], "more": 1}, {"id": "p00", "tags": []}, {"id": "p001", "tags": "moss"}]
    gold, problems = read("\n\n".join([*map(json.dumps, rows), "[" * 100_000, "{"]), "gold.jsonl", found)
    assert gold == {"p000": ["moss", "nettle"]}
    assert [(str(problem.place), problem.level, problem.message) for problem in problems] == [
        ("gold.jsonl:1:1", "warning", "unknown tag 'nettle' is left out"),
        ("gold.jsonl:3:1", "warning", "no paper of the survey has the id 'p00'"),
        ("gold.jsonl:5:1", "error", "not an object with an id and a list of tags"),
        ("gold.jsonl:7:1", "error", "not an object with an id and a list of tags"),
        ("gold.jsonl:9:1", "error", "not an object with an id and a list of tags"),
    ]


def test_the_figures_are_told_in_words_and_as_data() -> None:
    lines = in_words({"phrases": SCORES, "all": SCORES}).split("\n")
    assert lines[1].split() == ["phrases", "0.667", "0.500", "0.571", "0.333", "0.333", "0.333", *lines[1].split()[7:]]
    assert lines[-3:] == ["0.000      0      0       1  y", "0.000      0      1       1  z", "1.000      2      0       0  x"]
    data = json.loads(json.dumps(as_data(SCORES)))
    assert (data["micro_f1"], data["tags"]["y"]["missed"]) == (4 / 7, 1)
