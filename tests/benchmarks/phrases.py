"""Prints how well the vocabulary's phrases find the tags that people gave, tag by tag, on this repository's survey.

    .venv/bin/python tests/benchmarks/phrases.py

A tag is found where the taggers propose it at the confidence from which readers see it, from title, gist, note and findings;
a parent is found with its children. The phrases were written with these very papers in view: for new ones expect less.
"""

import sys
from collections.abc import Set
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from generator.load import load  # noqa: E402
from generator.model import Survey, parents, with_parents  # noqa: E402
from generator.tag import SUGGESTED, proposed  # noqa: E402

Pairs = Set[tuple[str, str]]  # (tag, paper)


def by_hand(survey: Survey) -> Pairs:
    parent_of = parents(survey.vocabulary)
    return {(tag, paper.id) for paper in survey.papers for tag in with_parents(paper.tags, parent_of)}


def by_phrases(survey: Survey) -> Pairs:
    parent_of = parents(survey.vocabulary)
    found: set[tuple[str, str]] = set()
    for paper, proposals in proposed(survey).items():
        tags = [tag for tag, (confidence, _) in proposals.items() if confidence >= SUGGESTED]
        found |= {(tag, paper) for tag in with_parents(tags, parent_of)}
    return found


def f1(one: Pairs, other: Pairs) -> float:
    return 2 * len(one & other) / max(1, len(one) + len(other))


def main() -> None:
    survey, problems = load(ROOT)
    assert not problems
    hand, found = by_hand(survey), by_phrases(survey)
    tags = [tag.id for tag in survey.vocabulary.tags if not tag.replaced_by]
    rows = []
    for tag in tags:
        mine, theirs = ({pair for pair in pairs if pair[0] == tag} for pairs in (hand, found))
        rows.append((f1(mine, theirs), tag, len(mine), len(theirs), len(mine & theirs)))
    print("   F1  tag                                   by hand  found  both")
    for figure, tag, mine_, theirs_, both in sorted(rows):
        print(f"{figure:5.3f}  {tag:36}  {mine_:7}  {theirs_:5}  {both:4}")
    macro = sum(row[0] for row in rows) / len(rows)
    precision, recall = (len(hand & found) / len(pairs) for pairs in (found, hand))
    print(f"micro F1 {f1(hand, found):.3f}, macro F1 {macro:.3f}, precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    main()
