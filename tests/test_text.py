import json
from pathlib import Path

import pytest

from generator.text import did_you_mean, folded, paper_slug, slug, stem, terms, title_key, words

FIXTURES = Path(__file__).parent / "fixtures" / "search"
STEMS = Path(__file__).parents[2] / "shared" / "eval" / "stems.tsv"
WORDS: dict[str, list[str]] = json.loads((FIXTURES / "words.json").read_text(encoding="utf-8"))


def pairs(path: Path) -> list[tuple[str, ...]]:
    return [tuple(line.split("\t")) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("text", WORDS)
def test_words(text: str) -> None:
    assert words(text) == WORDS[text]


def test_a_lone_surrogate_parts_words() -> None:
    assert words("left\ud800right") == ["left", "right"]


def test_stems_are_those_of_lunr_js() -> None:
    fixture = pairs(FIXTURES / "stems.tsv")
    assert [(word, stem(word)) for word, _ in fixture] == fixture


@pytest.mark.skipif(not STEMS.exists(), reason="only where the shared material is")
def test_stems_are_those_of_lunr_js_for_30000_words() -> None:
    every = pairs(STEMS)
    assert len(every) == 30_000
    assert [(word, stem(word)) for word, _ in every] == every


def test_terms_are_stemmed_words_without_stop_words() -> None:
    assert terms("The Surveys of pre-training", {"the", "of"}) == ["survey", "pre", "train", "pretrain"]


def test_folded_resolves_forms_drops_marks_and_case() -> None:
    assert folded("ﬁnalé İ Ⅷ") == "finale i viii"


def test_two_spellings_of_a_title_share_their_key() -> None:
    assert title_key("Pre-Training: Why?") == title_key("pretraining why")
    assert title_key("!?") == "!?"


def test_slug_cuts_at_a_hyphen() -> None:
    assert slug("Über  die Bienen", kind="author") == "uber-die-bienen"
    assert slug("one two three", kind="tag", longest=8) == "one-two"
    assert slug("unbroken", kind="tag", longest=4) == "unbr"


def test_slug_of_a_name_without_latin_letters_says_its_kind() -> None:
    assert slug("編み物", kind="author").startswith("author-")
    assert slug("編み物", kind="author") != slug("編物", kind="author")
    assert slug("con", kind="venue") == "venue-con"


def test_paper_slug_is_what_stands_before_the_colon() -> None:
    assert paper_slug("Robot Gardens: A Survey") == "robot-gardens"
    assert paper_slug("編: One") != paper_slug("編: Two")


def test_did_you_mean_names_the_nearest() -> None:
    assert did_you_mean("optimisaton", ["optimisation", "robotics"]) == "did you mean 'optimisation'?"
    assert did_you_mean("xyz", ["optimisation"]) == ""
