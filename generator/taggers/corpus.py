"""corpus: what taggers look at: papers, vocabulary, vectors, and what people have decided"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from generator.memo import Memo
from generator.model import Paper, Survey, Tag, Vocabulary, current_tag, parents, with_parents
from generator.space import space_of
from generator.vectors import Space

if TYPE_CHECKING:
    from numpy.typing import NDArray

YES, NO, UNKNOWN = 1, 0, -1


class Corpus:
    """Papers and tags are known by their ordinals: papers in the survey's order, tags in the vocabulary's (no retired ones)."""

    def __init__(self, survey: Survey, memo: Memo | None = None, space: Space | None = None) -> None:
        self.papers: tuple[Paper, ...] = survey.papers
        self.vocabulary: Vocabulary = survey.vocabulary
        self.memo = memo
        self.tags: tuple[Tag, ...] = tuple(tag for tag in survey.vocabulary.tags if not tag.replaced_by)
        self.number: Mapping[str, int] = {tag.id: at for at, tag in enumerate(self.tags)}
        self.parent_of = parents(survey.vocabulary)
        self.space = space or space_of(self.papers)

    @cached_property
    def decisions(self) -> "NDArray[Any]":
        """(papers, tags) of YES, NO and UNKNOWN. That a tag is absent says no only on a reviewed record."""
        import numpy as np

        current = current_tag(self.vocabulary)
        decided = np.full((len(self.papers), len(self.tags)), UNKNOWN, dtype=np.int8)
        for row, paper in zip(decided, self.papers, strict=True):
            if paper.reviewed:
                row[:] = NO
            by_hand = with_parents(map(current, paper.tags), self.parent_of)
            for tags, decision in ((map(current, paper.rejected), NO), (by_hand, YES)):
                row[[self.number[tag] for tag in tags if tag in self.number]] = decision
        return decided

    @cached_property
    def complete(self) -> "NDArray[Any]":
        """The ordinals of the papers on which every tag is decided."""
        import numpy as np

        return np.flatnonzero((self.decisions != UNKNOWN).all(1)) if self.tags else np.zeros(0, dtype=int)
