"""space: the papers as vectors: of their texts, and of their tags"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .model import Labels, Paper, Survey, parents, with_parents
from .vectors import Space, idf, unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEEN = ("hand", "accepted", "suggested")  # the states of labels that papers can share


def space_of(papers: Iterable[Paper]) -> Space:
    """The vectors of the papers' texts; a title counts twice."""
    return Space({paper.id: "\n".join((paper.title, *(text for _, text in paper.texts))) for paper in papers})


def tags_of(survey: Survey, labels: Labels) -> list[dict[str, float]]:
    """Of each paper its tags and their parents, each as sure as it is."""
    parent_of = parents(survey.vocabulary)
    found = []
    for paper in survey.papers:
        sure: dict[str, float] = {}
        for label in labels[paper.id]:
            confidence = label.confidence if label.state == "suggested" and label.confidence else 1.0
            for tag in with_parents((label.tag,), parent_of) if label.state in SEEN and label.tag in parent_of else ():
                sure[tag] = max(confidence, sure.get(tag, 0.0))
        found.append(sure)
    return found


def tag_rows(tags: Sequence[Mapping[str, float]]) -> "NDArray[Any]":
    """(papers, tags): unit rows, each tag weighed by how rare (its idf) and how sure it is."""
    import numpy as np

    column = {tag: at for at, tag in enumerate(sorted({tag for sure in tags for tag in sure}))}
    weights = np.zeros((len(tags), len(column)))
    for row, sure in zip(weights, tags, strict=True):
        row[[column[tag] for tag in sure]] = list(sure.values())
    rarity = [idf(len(tags), found) for found in (weights > 0).sum(0).tolist()]
    return unit(weights * np.array(rarity))
