"""judge: one confidence of what all taggers say about a tag on a paper"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from generator.model import Evidence

from . import TAGGERS, Tagger
from .calibrator import FEWEST_PAPERS, Calibrator, ready_made
from .corpus import Corpus

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAYBE = 0.3  # confidence from which a curator sees a tag, and one by hand counts as accepted
BLOCK = 1_000  # papers that are judged at once: it bounds the memory
MOST_FITTED = 1_000  # papers that the calibrator is fitted on, the last of those that are decided

# By tag: how probable it is that a curator would give it (0 to 1), and the spans of the paper's text that speak for it.
Proposals = Mapping[str, tuple[float, tuple[Evidence, ...]]]


class Judge:
    """All taggers, ready for a corpus, and the calibrator that makes one confidence of what they say."""

    def __init__(self, corpus: Corpus, taggers: Mapping[str, Callable[[Corpus], Tagger]] = TAGGERS) -> None:
        self.corpus = corpus
        self.taggers = [ready(corpus) for ready in taggers.values()] if corpus.tags else []
        self.calibrator = self._calibrator()

    def _calibrator(self) -> Calibrator:
        """Fitted on the papers with all tags decided; with few of those, the one that comes with the program."""
        complete = self.corpus.complete[-MOST_FITTED:]
        if len(complete) < FEWEST_PAPERS or not self.taggers:
            return ready_made([feature for tagger in self.taggers for feature in tagger.features])
        import numpy as np

        signs = np.concatenate([self.signs(range(ordinal, ordinal + 1)) for ordinal in complete.tolist()])
        truths = self.corpus.decisions[complete]
        return Calibrator.fitted(signs.reshape(-1, signs.shape[2]), truths.reshape(-1))

    def signs(self, ordinals: range) -> "NDArray[Any]":
        """(papers, tags, features of all taggers)"""
        import numpy as np

        return np.concatenate([tagger.signs(ordinals) for tagger in self.taggers], 2)

    def confidences(self) -> Iterator[tuple[int, "NDArray[Any]"]]:
        """Of each paper, by its ordinal, those of all tags."""
        size = len(self.corpus.papers)
        for start in range(0, size if self.taggers else 0, BLOCK):
            block = range(start, min(start + BLOCK, size))
            yield from zip(block, self.calibrator.confidences(self.signs(block)), strict=True)

    def proposals(self) -> Iterator[tuple[str, Proposals]]:
        """Of each paper, by its id, what is proposed at `MAYBE` or more."""
        yield from ((paper.id, {}) for paper in self.corpus.papers if not self.taggers)
        for ordinal, confidences in self.confidences():
            found = [(tag, sure) for tag, sure in enumerate(confidences.tolist()) if sure >= MAYBE]
            yield (
                self.corpus.papers[ordinal].id,
                {self.corpus.tags[tag].id: (sure, self._evidence(ordinal, tag)) for tag, sure in found},
            )

    def _evidence(self, ordinal: int, tag: int) -> tuple[Evidence, ...]:
        """Of the first tagger that shows any."""
        return next((spans for tagger in self.taggers if (spans := tagger.evidence(ordinal, tag))), ())
