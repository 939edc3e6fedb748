"""tag: each paper's tags: by hand, accepted, and proposed by the taggers"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .memo import Memo, code, digest
from .model import Evidence, Label, Labels, Paper, Survey, Vocabulary, parents
from .taggers import TAGGERS, Proposals, Propose, phrases

SUGGESTED = 0.55  # confidence from which readers see a proposed tag
MAYBE = 0.3  # from which a curator sees it, and a tag by hand counts as accepted

# How wide the circle is that sees a label, the widest first. A refused tag is in none: it implies no parent.
CIRCLES = {"hand": 0, "accepted": 0, "suggested": 1, "maybe": 2}


def tag(survey: Survey, remembered: Memo | None = None) -> Labels:
    """The labels of every paper. They do not hide what is proposed for a reviewed record: who shows them decides.

    `remembered`: where the proposals of texts that were seen before are kept.
    """
    known = Known.of(survey.vocabulary)
    proposals = proposed(survey, remembered)
    return {paper.id: labels(paper, proposals[paper.id], known) for paper in survey.papers}


def proposed(survey: Survey, remembered: Memo | None = None) -> dict[str, Proposals]:
    """What the taggers propose for each paper."""
    key = digest(code(), repr(survey.vocabulary))
    before = (remembered and remembered.get("proposals", key)) or {}
    texts = {paper.id: digest(repr(phrases.texts(paper))) for paper in survey.papers}
    taggers = prepared(survey.vocabulary) if any(text not in before for text in texts.values()) else ()
    found = {
        paper.id: from_rows(before[texts[paper.id]]) if texts[paper.id] in before else propose(paper, taggers)
        for paper in survey.papers
    }
    if remembered and taggers:
        remembered.keep("proposals", key, {texts[id_]: as_rows(proposals) for id_, proposals in found.items()})
    return found


def prepared(vocabulary: Vocabulary) -> tuple[Propose, ...]:
    """All taggers, ready for this vocabulary."""
    return tuple(ready(vocabulary) for ready in TAGGERS.values())


def propose(paper: Paper, taggers: Iterable[Propose]) -> Proposals:
    """What is proposed at `MAYBE` or more; where two taggers propose one tag, the surer of them is heard."""
    best: dict[str, tuple[float, tuple[Evidence, ...]]] = {}
    for tagger in taggers:
        for tag, proposal in tagger(paper).items():
            if proposal[0] >= MAYBE and (tag not in best or proposal[0] > best[tag][0]):
                best[tag] = proposal
    return best


# ------------------------------------------------------------------ whose word counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is asked of the vocabulary for each paper."""

    rank: Mapping[str, int]  # by the order of the facets, then of the tags
    parent: Mapping[str, str | None]
    replaced_by: Mapping[str, str]  # of the retired tags

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Known":
        facets = {facet.id: place for place, facet in enumerate(vocabulary.facets)}
        ordered = sorted(vocabulary.tags, key=lambda tag: facets.get(tag.facet, len(facets)))
        return cls(
            rank={tag.id: place for place, tag in enumerate(ordered)},
            parent=parents(vocabulary),
            replaced_by={tag.id: tag.replaced_by for tag in vocabulary.tags if tag.replaced_by},
        )

    def current(self, tag: str) -> str:
        """The tag itself; of a retired one, what took its place."""
        for _ in self.replaced_by:  # as many steps as can lead anywhere, should they go in a circle
            tag = self.replaced_by.get(tag, tag)
        return tag


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
        tag: "suggested" if confidence >= SUGGESTED else "maybe"
        for tag, (confidence, _) in proposals.items()
        if known.parent.get(tag) not in refused  # it would bring the refused one back
    }
    return automatic | refused | by_hand


def _is_implied(tag: str, states: Mapping[str, str], known: Known) -> bool:
    """Whether all who would see a proposed tag see one of its children, which says it already."""
    if states[tag] not in ("suggested", "maybe"):
        return False
    children = (state for other, state in states.items() if known.parent.get(other) == tag and state in CIRCLES)
    return any(CIRCLES[state] <= CIRCLES[states[tag]] for state in children)


def _label(tag: str, state: str, proposals: Proposals) -> Label:
    confidence, evidence = proposals.get(tag, (None, ()))
    return Label(tag=tag, state=state, confidence=confidence, evidence=evidence)


# ------------------------------------------------------------------ as plain data


def as_rows(proposals: Proposals) -> list[Any]:
    """A form of JSON's types, to be remembered."""
    return [[tag, confidence, [asdict(span) for span in evidence]] for tag, (confidence, evidence) in proposals.items()]


def from_rows(rows: list[Any]) -> Proposals:
    return {tag: (confidence, tuple(Evidence(**span) for span in spans)) for tag, confidence, spans in rows}


def suggestions_as_data(labels: Labels) -> dict[str, Any]:
    """What `papergrove tags suggest --json` prints."""
    return {id_: [_label_data(label) for label in labels[id_]] for id_ in sorted(labels)}


def _label_data(label: Label) -> dict[str, Any]:
    spans = [{"field": span.field, "text": span.text, "phrase": span.phrase} for span in label.evidence]
    return {"tag": label.tag, "confidence": label.confidence, "state": label.state, "evidence": spans}
