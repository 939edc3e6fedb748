"""tag: each paper's tags: by hand, accepted, and proposed by the taggers"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .memo import Memo, code, digest
from .model import Label, Labels, Paper, Survey, current_tag, evidence_of, parents, row_of
from .taggers.corpus import Corpus
from .taggers.judge import Judge, Proposals
from .vectors import Space

SUGGESTED = 0.55  # confidence from which readers see a proposed tag
DROPPED = 0.4  # below it they do not see one any more that content/tags.lock.json holds: a new paper makes no tag come and go

# How wide the circle is that sees a label, the widest first. A refused tag is in none: it implies no parent.
CIRCLES = {"hand": 0, "accepted": 0, "suggested": 1, "maybe": 2}


def tag(survey: Survey, memo: Memo | None = None, space: Space | None = None) -> Labels:
    """The labels of every paper. They do not hide what is proposed for a reviewed record: who shows them decides.

    `memo`: where proposals are kept while nothing changes; `space`: the vectors of the papers' texts, if there are any already.
    """
    known = Known.of(survey)
    proposals = proposed(survey, memo, space)
    return {paper.id: labels(paper, proposals[paper.id], known) for paper in survey.papers}


def proposed(survey: Survey, memo: Memo | None = None, space: Space | None = None) -> dict[str, Proposals]:
    """What is proposed for each paper at `MAYBE` or more."""
    decided = ((paper.id, paper.texts, paper.tags, paper.rejected, bool(paper.reviewed)) for paper in survey.papers)
    key = digest(code(), repr(survey.vocabulary), *map(repr, decided))
    if memo and (rows := memo.get("proposals", key)) is not None:
        return {id_: from_rows(of_paper) for id_, of_paper in rows.items()}
    found = dict(Judge(Corpus(survey, memo, space)).proposals())
    if memo:
        memo.keep("proposals", key, {id_: as_rows(proposals) for id_, proposals in found.items()})
    return found


# ------------------------------------------------------------------ whose word counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is asked of the survey for each paper."""

    rank: Mapping[str, int]  # of tags, by the order of the facets, then of the tags
    parent: Mapping[str, str | None]
    current: Callable[[str], str]
    shown: frozenset[tuple[str, str]]  # (paper, tag), as in `Survey.shown`

    @classmethod
    def of(cls, survey: Survey) -> "Known":
        vocabulary = survey.vocabulary
        facets = {facet.id: place for place, facet in enumerate(vocabulary.facets)}
        ordered = sorted(vocabulary.tags, key=lambda tag: facets.get(tag.facet, len(facets)))
        rank = {tag.id: place for place, tag in enumerate(ordered)}
        return cls(rank=rank, parent=parents(vocabulary), current=current_tag(vocabulary), shown=survey.shown)


def labels(paper: Paper, proposals: Proposals, known: Known) -> tuple[Label, ...]:
    """The paper's labels in the vocabulary's order: its own word goes before that of the taggers.

    A tag that is not in the vocabulary stays as it is, at the end: `check` reports it.
    """
    states = _states(paper, proposals, known)
    kept = [tag for tag in states if not _is_implied(tag, states, known)]
    kept.sort(key=lambda tag: known.rank.get(tag, len(known.rank)))
    return tuple(_label(tag, states[tag], proposals) for tag in kept)


def _states(paper: Paper, proposals: Proposals, known: Known) -> dict[str, str]:
    refused = {known.current(tag): "rejected" for tag in paper.rejected}
    by_hand = {tag: "accepted" if tag in proposals else "hand" for tag in map(known.current, paper.tags)}
    automatic = {
        tag: "suggested" if evidence and confidence >= _least(paper, tag, known) else "maybe"
        for tag, (confidence, evidence) in proposals.items()
        if known.parent.get(tag) not in refused  # it would bring the refused one back
    }
    return automatic | refused | by_hand


def _least(paper: Paper, tag: str, known: Known) -> float:
    """The confidence from which readers see the tag."""
    return DROPPED if (paper.id, tag) in known.shown else SUGGESTED


def _is_implied(tag: str, states: Mapping[str, str], known: Known) -> bool:
    """Whether all who would see a proposed tag see one of its children, which says it already."""
    if states[tag] not in ("suggested", "maybe"):
        return False
    children = (state for other, state in states.items() if known.parent.get(other) == tag and state in CIRCLES)
    return any(CIRCLES[state] <= CIRCLES[states[tag]] for state in children)


def _label(tag: str, state: str, proposals: Proposals) -> Label:
    confidence, evidence = proposals.get(tag, (None, ()))
    return Label(tag=tag, state=state, confidence=confidence, evidence=evidence)


def shown(survey: Survey, labels: Labels) -> frozenset[tuple[str, str]]:
    """(paper, tag): what content/tags.lock.json is to hold, the suggested tags that readers see."""
    unread = (paper for paper in survey.papers if not paper.reviewed)
    return frozenset((paper.id, label.tag) for paper in unread for label in labels[paper.id] if label.state == "suggested")


# ------------------------------------------------------------------ as plain data


def as_rows(proposals: Proposals) -> list[Any]:
    """A form of JSON's types, to be remembered."""
    return [[tag, confidence, [row_of(span) for span in evidence]] for tag, (confidence, evidence) in proposals.items()]


def from_rows(rows: list[Any]) -> Proposals:
    return {tag: (confidence, tuple(map(evidence_of, spans))) for tag, confidence, spans in rows}


def suggestions_as_data(labels: Labels) -> dict[str, Any]:
    """What `papergrove tags suggest --json` prints."""
    return {id_: [_label_data(label) for label in labels[id_]] for id_ in sorted(labels)}


def _label_data(label: Label) -> dict[str, Any]:
    spans = [{"field": span.field, "text": span.text, "phrase": span.phrase} for span in label.evidence]
    return {"tag": label.tag, "confidence": label.confidence, "state": label.state, "evidence": spans}
