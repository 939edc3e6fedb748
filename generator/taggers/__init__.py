"""taggers: what proposes tags, a row each"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from generator.model import Evidence

from .corpus import Corpus
from .learned import Learned
from .phrases import Phrases
from .similarity import Similarity

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Tagger(Protocol):
    """Made ready for a corpus once, then asked for signs: numbers that say how much speaks for a tag on a paper. What they are
    worth together, the calibrator says."""

    @property
    def features(self) -> tuple[str, ...]:
        """What the signs are."""

    def signs(self, ordinals: range) -> "NDArray[Any]":
        """(papers, tags, features)"""

    def evidence(self, ordinal: int, tag: int, /) -> tuple[Evidence, ...]:
        """The words of the paper that speak for the tag; none when there are only signs."""


TAGGERS: dict[str, Callable[[Corpus], Tagger]] = {  # those that show evidence first go first
    "phrases": Phrases,
    "similarity": Similarity,
    "learned": Learned,
}
