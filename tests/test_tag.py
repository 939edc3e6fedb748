"""test_tag: whose word counts: a curator's goes before the taggers', a refusal is kept, a parent follows from its child"""

import json
from dataclasses import replace
from typing import Any

import pytest

from generator import tag, vocabulary
from generator.model import Evidence, Label, Paper, Record, Settings, Survey, Tag, Vocabulary, current_tag

TAGS = """
facets:
  - {id: topic, label: Topic}
  - {id: place, label: Place}
tags:
  - {id: city, facet: place, label: City, phrases: [city]}
  - {id: insects, facet: topic, label: Insects, phrases: [insect, bee]}
  - {id: bees, facet: topic, parent: insects, label: Bees, phrases: [bee, hive]}
  - {id: wasps, facet: topic, parent: insects, label: Wasps, phrases: [wasp]}
  - {id: birds, facet: topic, label: Birds, phrases: [bird]}
  - {id: fowl, facet: topic, label: Fowl, phrases: [fowl], replaced_by: poultry}
  - {id: poultry, facet: topic, label: Poultry, phrases: [hen], replaced_by: birds}
"""


def read(source: str = TAGS) -> Vocabulary:
    read, _, problems = vocabulary.read(source, "content/tags.yml")
    assert not problems
    return read


def survey(*papers: Paper) -> Survey:
    records = tuple(Record(paper=paper, path=f"content/papers/{paper.id}.md", front=None) for paper in papers)
    return Survey(settings=Settings(), vocabulary=read(), sources=(), records=records)


def labels(**fields: Any) -> tuple[Label, ...]:
    return tag.tag(survey(Paper(**({"id": "p", "title": "Untitled"} | fields))))["p"]


def states(**fields: Any) -> dict[str, str]:
    return {label.tag: label.state for label in labels(**fields)}


# ------------------------------------------------------------------ the states


def test_a_phrase_in_the_title_is_suggested_with_its_evidence() -> None:
    span = Evidence(field="title", start=8, end=13, text="birds", phrase="bird")
    assert labels(title="Migrant birds") == (Label(tag="birds", state="suggested", confidence=0.664, evidence=(span,)),)


def test_two_mentions_in_the_text_are_maybe_a_tag_and_one_is_none() -> None:
    assert states(note="Birds and birds.") == {"birds": "maybe"}
    assert states(note="Birds.") == {}


def test_a_tag_by_hand_stays_whatever_the_text_says() -> None:
    assert labels(tags=("birds",)) == (Label(tag="birds", state="hand"),)


@pytest.mark.parametrize("text", [{"title": "Birds"}, {"note": "Birds and birds."}])
def test_a_tag_by_hand_that_is_proposed_too_is_accepted(text: dict[str, str]) -> None:
    (accepted,) = labels(tags=("birds",), **text)
    assert accepted.state == "accepted"
    assert accepted.confidence
    assert accepted.evidence


def test_a_refused_tag_is_not_proposed_but_says_what_would_be() -> None:
    (refused,) = labels(title="Birds", rejected=("birds",))
    assert (refused.state, refused.confidence, refused.evidence[0].text) == ("rejected", 0.664, "Birds")
    assert labels(rejected=("birds",)) == (Label(tag="birds", state="rejected"),)


def test_a_tag_by_hand_goes_before_its_refusal() -> None:
    assert states(tags=("birds",), rejected=("birds",)) == {"birds": "hand"}


def test_a_reviewed_record_is_tagged_like_any_other() -> None:
    assert states(title="Birds in the city", tags=("birds",), reviewed="2030-01-02") == {"birds": "accepted", "city": "suggested"}


def test_a_tag_that_is_not_in_the_vocabulary_is_kept_at_the_end() -> None:
    assert list(states(title="City", tags=("zebras", "ants"))) == ["city", "zebras", "ants"]


def test_a_retired_tag_stands_for_what_took_its_place() -> None:
    assert states(tags=("fowl", "poultry")) == {"birds": "hand"}
    assert states(title="Fowl and hens and birds", rejected=("fowl",)) == {"birds": "rejected"}


def test_a_circle_of_replacements_ends() -> None:
    tags = (Tag(id=one, facet="topic", label=one, replaced_by=other) for one, other in ("ab", "ba"))
    assert current_tag(Vocabulary(tags=tuple(tags)))("a") in ("a", "b")


# ------------------------------------------------------------------ parents


def test_a_parent_is_proposed_only_where_no_child_says_it() -> None:
    assert states(title="Insects") == {"insects": "suggested"}
    assert states(title="Insects such as bees") == {"bees": "suggested"}
    assert states(tags=("bees",), title="Insects") == {"bees": "hand"}


def test_a_child_that_only_curators_see_leaves_the_parent_to_readers() -> None:
    assert states(title="Insects", note="A hive, a hive.") == {"insects": "suggested", "bees": "maybe"}


def test_a_refused_child_implies_no_parent() -> None:
    assert states(title="Bees", rejected=("bees",)) == {"insects": "suggested", "bees": "rejected"}


def test_a_child_of_a_refused_parent_is_not_proposed() -> None:
    assert states(title="Bees", rejected=("insects",)) == {"insects": "rejected"}
    assert states(title="Bees", rejected=("insects",), tags=("bees",)) == {"insects": "rejected", "bees": "accepted"}


def test_a_parent_by_hand_may_get_a_child() -> None:
    assert states(title="Hives", tags=("insects",)) == {"insects": "accepted", "bees": "suggested"}


# ------------------------------------------------------------------ the whole survey

PAPERS = (
    Paper(id="a", title="Birds, wasps and insects of the city"),
    Paper(id="b", title="Hives", note="The city. The city.", rejected=("birds",)),
    Paper(id="c", title="Untitled"),
)


def test_labels_stand_in_the_order_of_facets_then_of_the_vocabulary() -> None:
    assert [label.tag for label in tag.tag(survey(*PAPERS))["a"]] == ["wasps", "birds", "city"]


def test_other_papers_and_their_order_change_nothing() -> None:
    every = tag.tag(survey(*PAPERS))
    assert every == tag.tag(survey(*reversed(PAPERS)))
    assert all(tag.tag(survey(paper)) == {paper.id: every[paper.id]} for paper in PAPERS)


def test_the_order_of_the_vocabulary_changes_only_the_order_of_labels() -> None:
    there = survey(*PAPERS)
    back = replace(there, vocabulary=replace(there.vocabulary, tags=there.vocabulary.tags[::-1]))
    for paper, found in tag.tag(back).items():
        assert set(found) == set(tag.tag(there)[paper])


def test_proposals_can_be_remembered_as_json() -> None:
    proposals = tag.proposed(survey(PAPERS[0]))["a"]
    assert proposals
    assert tag.from_rows(json.loads(json.dumps(tag.as_rows(proposals)))) == proposals


def test_suggestions_as_data_are_what_the_command_prints() -> None:
    data = tag.suggestions_as_data(tag.tag(survey(*reversed(PAPERS))))
    assert list(data) == ["a", "b", "c"]
    assert data["b"] == [
        {
            "tag": "bees",
            "confidence": 0.664,
            "state": "suggested",
            "evidence": [{"field": "title", "text": "Hives", "phrase": "hive"}],
        },
        {"tag": "birds", "confidence": None, "state": "rejected", "evidence": []},
        {
            "tag": "city",
            "confidence": 0.315,
            "state": "maybe",
            "evidence": [{"field": "note", "text": "city", "phrase": "city"}] * 2,
        },
    ]
    assert data["c"] == []
