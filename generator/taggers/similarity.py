"""similarity: how near a paper's text is to a tag's own words"""

from typing import TYPE_CHECKING, Any

from generator.model import Evidence, Tag
from generator.vectors import cosines

from .corpus import Corpus

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_PAPERS = 20  # with fewer there is nothing to compare a paper with


class Similarity:
    """The cosine of a paper and the tag's label, definition and phrases by latent semantic analysis, in standard deviations from
    the mean of all papers: tags differ in how general their words are. It is a sign, and no evidence."""

    features = ("similarity",)

    def __init__(self, corpus: Corpus) -> None:
        import numpy as np

        self.near = np.zeros((len(corpus.papers), len(corpus.tags)))
        if len(corpus.papers) >= FEWEST_PAPERS and corpus.tags:
            near = cosines(corpus.space.places, corpus.space.places_of(map(described, corpus.tags)))
            spread = np.sqrt(((near - near.mean(0)) ** 2).mean(0))
            self.near = np.round((near - near.mean(0)) / np.where(spread > 1e-9, spread, np.inf), 4)

    def signs(self, ordinals: range) -> "NDArray[Any]":
        """(papers, tags, 1)"""
        return self.near[ordinals.start : ordinals.stop, :, None]

    def evidence(self, _ordinal: int, _tag: int) -> tuple[Evidence, ...]:
        return ()


def described(tag: Tag) -> str:
    phrases = (phrase for phrase in tag.phrases if not phrase.startswith("="))
    return "\n".join((tag.label, tag.definition, *phrases))
