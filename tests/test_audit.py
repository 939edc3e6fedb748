"""What `papergrove tags report` tells a curator about the vocabulary."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from surveys import tiny

from generator import audit
from generator.cli import commands
from generator.load import load
from generator.model import Evidence, Label, Proposal

TAGS = """\
facets:
  - {id: topic, label: Topic}
tags:
  - {id: gardens, facet: topic, label: Gardens, phrases: [garden, green place]}
  - {id: moss-gardens, facet: topic, parent: gardens, label: Moss gardens, phrases: [moss]}
  - {id: gardens-of-moss, facet: topic, label: The gardens of moss, phrases: [Mosses, lichen]}
  - {id: counting, facet: topic, label: Counting, phrases: [counting, "=COUNT"], weak: [number]}
  - {id: tallies, facet: topic, label: Counting, replaced_by: counting, phrases: [counting]}
  - {id: drawing, facet: topic, label: Drawing}
  - {id: dawn, facet: topic, label: Dawn, phrases: [dawn]}
"""
PAPERS = {
    "one": "---\ntitle: Counting in a garden\n---\n",
    "two": "---\ntitle: Counting at dawn\n---\n",
    "three": "---\ntitle: Counting moss\nreviewed: 2024-05-01\n---\n",
    "four": "---\ntitle: Counting again\n---\n",
    "five": "---\ntitle: Of lichens\n---\n",
    "six": "---\ntitle: Counting at last\n---\n",
    "seven": "---\ntitle: Seven\n---\n",
    "eight": "---\ntitle: Eight\n---\n",
    "nine": "---\ntitle: Nine\n---\n",
}
STATES = {  # by paper
    "one": {"counting": "accepted", "gardens": "accepted"},
    "two": {"gardens": "hand", "dawn": "hand", "counting": "rejected"},
    "three": {"moss-gardens": "hand", "counting": "suggested"},
    "four": {"counting": "rejected"},
    "five": {"gardens-of-moss": "suggested"},
    "six": {"counting": "suggested", "gardens": "maybe"},
    "seven": {"drawing": "hand", "gardens-of-moss": "hand"},
    "eight": {"drawing": "hand", "gardens-of-moss": "hand"},
    "nine": {"drawing": "hand", "gardens-of-moss": "hand"},
}


@pytest.fixture
def found(tmp_path: Path) -> audit.Audit:
    survey, _ = load(tiny(tmp_path, PAPERS, tags=TAGS))
    labels = {id_: tuple(Label(tag=tag, state=state) for tag, state in states.items()) for id_, states in STATES.items()}
    span = (Evidence(field="title", start=0, end=8, text="Counting", phrase="counting"),)
    proposed = {id_: {"counting": (0.7, span)} if "counting" in states else {} for id_, states in STATES.items()}
    proposals = (
        Proposal(phrase="at dawn", papers=("one", "two"), headlines=2, score=1.5),
        Proposal(phrase="at last", papers=("six",), headlines=1, score=0.5),
    )
    return audit.audit(survey, labels, proposed, proposals)


def test_each_tag_in_figures(found: audit.Audit) -> None:
    rows = {row.tag: row for row in found.rows}
    assert rows["counting"] == audit.Row(
        tag="counting",
        papers=2,  # by hand, and suggested on a record that is not reviewed
        hand=0,
        accepted=1,
        suggested=1,
        maybe=0,
        disputed=1,
        rejected=2,
    )
    assert (rows["counting"].decided, rows["counting"].share, rows["counting"].precision) == (4, 0.25, 2.2 / 6)
    assert (rows["gardens"].papers, rows["gardens"].hand, rows["gardens"].maybe) == (3, 1, 1)
    assert (rows["drawing"].share, rows["drawing"].precision) == (None, 0.6)
    assert "tallies" not in rows  # it is retired
    assert found.rows[0].tag == "counting"


def test_what_a_curator_should_look_at(found: audit.Audit) -> None:
    assert found.refused == (audit.Phrase(tag="counting", phrase="counting", taken=1, refused=3),)
    assert found.together == (audit.Pair(tags=("drawing", "gardens-of-moss"), both=3, either=4),)
    assert [(one.id, other.id) for one, other in found.alike] == [("moss-gardens", "gardens-of-moss")]
    assert found.single == ("moss-gardens", "dawn")
    assert found.broad == (("gardens-of-moss", 4),)
    assert found.shared == (("moss", ("moss-gardens", "gardens-of-moss")),)
    assert found.unmatched == (("gardens", ("green place",)), ("counting", ("=COUNT", "number")))
    assert found.unused == ()


def test_the_report_in_words(found: audit.Audit) -> None:
    words = audit.as_text(found)
    assert words.startswith(
        "6 tags in 1 facet; 9 papers, 1 reviewed. Labels: 9 hand, 2 accepted, 2 suggested, 1 disputed, 2 rejected.\n"
        "\n"
        "Phrases mostly refused (1)\n"
        "  counting  “counting”: taken 1, refused 3\n"
        "\n"
        "Nearly always together (1)\n"
        "  drawing + gardens-of-moss  3 of 4 papers\n"
        "\n"
        "Labels nearly the same (1)\n"
        "  moss-gardens + gardens-of-moss  “Moss gardens”, “The gardens of moss”\n"
        "\n"
        "One paper only (2)\n"
        "  moss-gardens, dawn\n"
    )
    assert "\nPhrases that never match (3)\n  counting  =COUNT, number\n  gardens   green place\n" in words
    assert (
        "\nPhrases that may be worth a tag (2)\n"
        "  at dawn  2 papers; nearest tag: gardens, on 2 of them\n"
        "  at last  1 paper; no tag is near\n"
    ) in words
    table = words[words.index("All tags (6)") :].split("\n")
    assert table[2] == "  counting              2     ·         1          1      ·         1         2    25%       0.37"
    assert {len(row) for row in table[1:]} == {len(table[2])}
    assert max(map(len, words.split("\n"))) <= 120


def test_the_report_as_data(found: audit.Audit) -> None:
    data = audit.as_data(found)
    assert data["mostly_refused"] == [{"tag": "counting", "phrase": "counting", "taken": 1, "refused": 3}]
    assert data["never_matching"][0] == {"tag": "gardens", "phrases": ["green place"]}
    assert data["tags"][0]["precision"] == 0.3667
    assert data["may_be_worth_a_tag"] == [
        {"phrase": "at dawn", "score": 1.5, "papers": ["one", "two"], "nearest": "gardens"},
        {"phrase": "at last", "score": 0.5, "papers": ["six"], "nearest": None},
    ]
    assert list(data) == [
        "papers",
        "reviewed",
        "tags",
        "mostly_refused",
        "shared_phrases",
        "together",
        "similar_labels",
        "broad",
        "never_used",
        "one_paper",
        "never_matching",
        "may_be_worth_a_tag",
    ]


def report(root: Path, *options: str) -> str:
    result = CliRunner().invoke(commands, ["tags", "report", *options, "--root", str(root)])
    assert result.exit_code == 0
    return result.output


def test_long_sections_are_cut_in_words_only(tmp_path: Path) -> None:
    rows = (f"  - {{id: tag-{n}, facet: topic, label: {chr(97 + n) * 5}, phrases: [p{n}]}}\n" for n in range(20))
    tiny(tmp_path, {}, tags="facets:\n  - {id: topic, label: Topic}\ntags:\n" + "".join(rows))
    assert "  … and 8 more rows: --json has all\n" in report(tmp_path)
    found = json.loads(report(tmp_path, "--json"))
    assert len(found["never_matching"]) == len(found["never_used"]) == 20


def test_a_survey_without_papers_or_tags_has_a_report(tmp_path: Path) -> None:
    words = report(tiny(tmp_path, {}, tags="facets:\n  - {id: topic, label: Topic}\n"))
    assert words.startswith("0 tags in 1 facet; 0 papers, 0 reviewed.")
