"""calibrator: one confidence from all signs, the same weights for all tags, so that 80% means four of five are right"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_PAPERS = 10  # with all their tags decided: from there a survey's own decisions say more than those of others
RIDGE = 1.0
ROUNDS = 30  # that Newton's method may take; it takes about eight


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Logistic regression: confidence = 1 / (1 + exp(-(signs * weights + intercept)))."""

    weights: Sequence[float]
    intercept: float

    @classmethod
    def fitted(cls, signs: "NDArray[Any]", truths: "NDArray[Any]") -> "Calibrator":
        """By Newton's method, on (pairs, features) and (pairs) of 0 and 1; rounded, so that the last digits of an exponential,
        which are not the same everywhere, show nowhere."""
        import numpy as np

        points = np.concatenate([signs, np.ones((len(signs), 1))], 1)
        width = points.shape[1]
        penalty = np.array([RIDGE] * (width - 1) + [1e-6])
        weights = np.zeros(width)
        for _ in range(ROUNDS):
            sure = _logistic((points * weights).sum(1))
            slope = (points * (sure - truths)[:, None]).sum(0) + penalty * weights
            curved = points * (sure * (1 - sure))[:, None]
            curve = np.stack([(curved * points[:, at, None]).sum(0) for at in range(width)]) + np.diag(penalty)
            step = _solved(curve, slope)
            weights = weights - step
            if np.abs(step).max() < 1e-7:
                break
        *found, intercept = np.round(weights, 4).tolist()
        return cls(found, intercept)

    def confidences(self, signs: "NDArray[Any]") -> "NDArray[Any]":
        """(...) of (..., features), rounded to 3 decimals."""
        import numpy as np

        total = np.full(signs.shape[:-1], self.intercept)
        for at, weight in enumerate(self.weights):
            total += signs[..., at] * weight
        return np.round(_logistic(total), 3)


# Fitted on 40 papers, title and abstract, that one person had tagged (on others: Brier score .12, calibration error .04), but for
# the precision, whose weight is what it gets where a survey's decisions are enough to fit it and nothing else was learned.
INTERCEPT = -5.5035
WEIGHTS = {
    "score": 1.3298, "score >= 1": 2.1734, "score >= 1.5": 0.3565, "score >= 2": -0.509, "in the title": 0.6602,
    "in the text": -0.7372, "log of those": 0.0878, "weak in the title": 0.2694, "log of weak in the text": -0.3918,
    "log of distinct phrases": 1.2164, "precision so far": 0.5, "similarity": 0.5415,
}  # fmt: skip


def ready_made(features: Sequence[str]) -> Calibrator:
    """For a survey that has decided too little to learn from. What these weights do not know says nothing."""
    return Calibrator([WEIGHTS.get(feature, 0.0) for feature in features], INTERCEPT)


def _logistic(values: "NDArray[Any]") -> "NDArray[Any]":
    import numpy as np

    sure: NDArray[Any] = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return sure


def _solved(matrix: "NDArray[Any]", right: "NDArray[Any]") -> "NDArray[Any]":
    """By Gauss's elimination; the matrix is positive definite."""
    matrix, right = matrix.copy(), right.copy()
    for at in range(len(right)):
        factors = matrix[:, at] / matrix[at, at]
        factors[at] = 0
        matrix -= factors[:, None] * matrix[at]
        right -= factors * right[at]
    solution: NDArray[Any] = right / matrix.diagonal()
    return solution
