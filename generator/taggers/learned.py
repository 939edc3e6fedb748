"""learned: what tags by hand, accepted and refused ones teach about a paper's words"""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from generator.model import Evidence
from generator.vectors import Rows, spans

from .corpus import UNKNOWN, YES, Corpus

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_PAPERS = 100  # with tags by hand; fewer teach less than the phrases know
MOST_PAPERS = 2_000  # that are learned from, the last of them: more cost time and add little
RIDGE = 1.0
NEAREST = 8
SUPPORT = 5  # papers of a tag at which what was learned of it counts half
MOST_EVIDENCE = 3


class Learned:
    """Two features: regularized least squares on the paper's place among the concepts, and the share of the most similar papers
    that have the tag. Both are weighted by n / (n + 5) for a tag on n papers, and a paper's own decisions are never among those
    that it is judged by: for the first, leaving it out has a closed form, truth - (truth - found) / (1 - leverage)."""

    features = ("regression", "nearest papers")

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        tagged = [ordinal for ordinal, paper in enumerate(corpus.papers) if paper.tags]
        self.lessons = tagged[-MOST_PAPERS:] if len(tagged) >= FEWEST_PAPERS else []

    @cached_property
    def truths(self) -> "NDArray[Any]":
        """(lessons, tags)"""
        truths: NDArray[Any] = self.corpus.decisions[self.lessons]
        return truths

    @cached_property
    def trust(self) -> "NDArray[Any]":
        """Of what was learned of each tag."""
        positive = (self.truths == YES).sum(0)
        trust: NDArray[Any] = positive / (positive + SUPPORT)
        return trust

    @cached_property
    def points(self) -> "NDArray[Any]":
        """(papers, dimensions + 1): places, and a one for what does not depend on them."""
        import numpy as np

        places = self.corpus.space.places
        return np.concatenate([places, np.ones((len(places), 1))], 1)

    @cached_property
    def _inverse(self) -> "NDArray[Any]":
        """(tags, dimensions + 1, dimensions + 1): of each tag's normal matrix, over the papers on which it is decided."""
        import numpy as np

        points = self.points[self.lessons]
        width = points.shape[1]
        matrices = np.empty((len(self.corpus.tags), width, width))
        complete = (self.truths != UNKNOWN).all(1)
        common = _squares(points[complete])
        for tag, matrix in enumerate(matrices):
            known = points[~complete & (self.truths[:, tag] != UNKNOWN)]
            matrix[:] = common + _squares(known) + np.diag(np.full(width, RIDGE))
        return _inverted(matrices)

    @cached_property
    def slopes(self) -> "NDArray[Any]":
        """(tags, dimensions + 1)"""
        import numpy as np

        points = self.points[self.lessons]
        sums = np.stack([points[of_tag].sum(0) for of_tag in (self.truths == YES).T])
        slopes: NDArray[Any] = (self._inverse * sums[:, None, :]).sum(2)
        return slopes

    @cached_property
    def _regression(self) -> "NDArray[Any]":
        """(papers, tags)"""
        import numpy as np

        found = np.stack([(self.points * slope).sum(1) for slope in self.slopes], 1)
        points = self.points[self.lessons]
        for tag, inverse in enumerate(self._inverse):
            known = np.flatnonzero(self.truths[:, tag] != UNKNOWN)
            here = points[known]
            leverage = sum((here * row).sum(1) * here[:, at] for at, row in enumerate(inverse))
            at = np.array(self.lessons)[known]
            truth = self.truths[known, tag] == YES
            found[at, tag] = truth - (truth - found[at, tag]) / (1 - leverage)
        return found

    @cached_property
    def _lessons_by_term(self) -> Rows:
        import numpy as np

        return self.corpus.space.rows.chosen(np.array(self.lessons)).transposed()

    def _neighbors(self, ordinal: int) -> "NDArray[Any]":
        """(tags): the share of the nearest papers that have it, each counted by the square of its cosine."""
        import numpy as np

        near = self._lessons_by_term.products(self.corpus.space.rows, ordinal)
        near[np.array(self.lessons) == ordinal] = 0
        best = np.argsort(-np.round(near, 9), kind="stable")[:NEAREST]
        weights = near[best] ** 2
        shares: NDArray[Any] = ((self.truths[best] == YES) * weights[:, None]).sum(0) / max(weights.sum(), 1e-12)
        return shares

    def signs(self, ordinals: range) -> "NDArray[Any]":
        """(papers, tags, 2)"""
        import numpy as np

        if not self.lessons:
            return np.zeros((len(ordinals), len(self.corpus.tags), 2))
        regression = self._regression[ordinals.start : ordinals.stop]
        neighbors = np.stack([self._neighbors(ordinal) for ordinal in ordinals])
        signs: NDArray[Any] = np.stack([regression, neighbors], 2) * self.trust[:, None]
        return np.round(signs, 4)

    def evidence(self, ordinal: int, tag: int) -> tuple[Evidence, ...]:
        """The terms of the paper that spoke most for the tag, where they stand first."""
        if not self.lessons:
            return ()
        space = self.corpus.space
        columns, values = space.rows.row(ordinal)
        spoke = values * space.concepts.slopes(columns, self.slopes[tag, :-1])
        names = space.weights.names
        best = sorted(zip((-spoke).tolist(), (names[column] for column in columns.tolist()), strict=True))
        spans = (self._span(ordinal, term) for against, term in best if against < 0)
        kept: list[Evidence] = []
        for span in spans:
            if span and not any(_overlap(span, other) for other in kept):
                kept.append(span)
                if len(kept) == MOST_EVIDENCE:
                    break
        return tuple(kept)

    def _span(self, ordinal: int, term: str) -> Evidence | None:
        for field, text in self.corpus.papers[ordinal].texts:
            if found := spans(text).get(term):
                start, end = found
                return Evidence(field=field, start=start, end=end, text=text[start:end], phrase="")
        return None


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _squares(points: "NDArray[Any]") -> "NDArray[Any]":
    """The sum of each row's outer product with itself."""
    import numpy as np

    return np.stack([(points * points[:, at, None]).sum(0) for at in range(points.shape[1])])


def _inverted(matrices: "NDArray[Any]") -> "NDArray[Any]":
    """Of symmetric matrices that are positive definite: no pivot need be looked for."""
    import numpy as np

    left, right = matrices.copy(), np.zeros_like(matrices)
    width = matrices.shape[1]
    right[:, range(width), range(width)] = 1
    for at in range(width):
        pivot = left[:, at, at, None].copy()
        left[:, at] /= pivot
        right[:, at] /= pivot
        factors = left[:, :, at, None].copy()
        factors[:, at] = 0
        left -= factors * left[:, at, None, :]
        right -= factors * right[:, at, None, :]
    return right
