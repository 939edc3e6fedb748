"""layout: where papers lie on the map: near means similar, and what has been placed stays"""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .model import Places, Survey
from .vectors import Space, unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAREST = 5  # papers that a new one is placed among
NUDGE = 0.012  # how far beside their middle, so that two do not lie on each other
TAGS = 0.8  # what tags count for, where words and concepts count 1
LANDMARKS = 600  # papers that are laid out by themselves in a large survey; the others are placed among them
LARGE = 800

# The layout is t-SNE (van der Maaten and Hinton 2008) with early exaggeration and gains as in their implementation.
PERPLEXITY = 25.0
ROUNDS = 350
EARLY = 100  # rounds in which affinities count more, so that groups find each other
EXAGGERATION = 8.0


def layout(survey: Survey, space: Space) -> Places:
    """The places of content/map.lock.json, and for each paper that it lacks one among its neighbors; none without that file."""
    ids = [paper.id for paper in survey.papers]
    kept = {id_: survey.laid[id_] for id_ in ids if id_ in survey.laid}
    new = [at for at, id_ in enumerate(ids) if id_ not in kept]
    if not kept or not new:
        return kept
    old = [at for at, id_ in enumerate(ids) if id_ in kept]
    found = _placed(space.places, old, [kept[ids[at]] for at in old], new, ids)
    return {id_: kept.get(id_) or found[id_] for id_ in ids}


def laid_out(survey: Survey, space: Space, tags: "NDArray[Any]") -> Places:
    """All papers anew; `tags`: (papers, tags) of unit rows."""
    import numpy as np

    ids = [paper.id for paper in survey.papers]
    if len(ids) < 3:
        return {id_: (float(at * 2 - len(ids) + 1), 0.0) for at, id_ in enumerate(ids)}
    points = unit(np.concatenate([space.places, TAGS * tags], 1))
    first = list(range(len(ids)))
    if len(ids) > LARGE:  # those that a hash of the id names: a sample of all
        first = sorted(sorted(first, key=lambda at: hashlib.sha256(ids[at].encode()).digest())[:LANDMARKS])
    beside = np.array([_beside(ids[at]) for at in first])
    spots = _scaled(_embedded(points[first], beside))
    found = {ids[at]: (x, y) for at, (x, y) in zip(first, spots.tolist(), strict=True)}
    others = sorted(set(range(len(ids))) - set(first))
    return found | _placed(points, first, spots.tolist(), others, ids)


def _placed(
    points: "NDArray[Any]", old: Sequence[int], spots: Sequence[Sequence[float]], new: Sequence[int], ids: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Each new paper at the mean of its nearest among the old ones, each counted by the square of its cosine."""
    import numpy as np

    around, there = points[list(old)], np.array(spots)
    found = {}
    for at in new:
        near = np.round((around * points[at]).sum(1), 9)
        best = np.argsort(-near, kind="stable")[:NEAREST]
        weights = np.maximum(near[best], 1e-6) ** 2
        x, y = ((there[best] * weights[:, None]).sum(0) / weights.sum()).tolist()
        right, down = _beside(ids[at])
        found[ids[at]] = (round(_within(x + NUDGE * right), 4), round(_within(y + NUDGE * down), 4))
    return found


def _beside(id_: str) -> tuple[float, float]:
    """A way to go from -1 to 1 in each direction that only the id says."""
    right, down = hashlib.sha256(id_.encode()).digest()[:2]
    return right / 127.5 - 1, down / 127.5 - 1


def _within(value: float) -> float:
    return max(-1.0, min(1.0, value))


def _scaled(spots: "NDArray[Any]") -> "NDArray[Any]":
    """So that the longer side reaches from -1 to 1."""
    import numpy as np

    low, high = spots.min(0), spots.max(0)
    scaled: NDArray[Any] = (spots - (low + high) / 2) / max((high - low).max() / 2, 1e-9)
    return np.round(scaled, 4)


# ------------------------------------------------------------------ t-SNE
# Sums of integers, no matrix products, and rounding before anything is compared: the same bytes on every machine.


def _embedded(points: "NDArray[Any]", beside: "NDArray[Any]") -> "NDArray[Any]":
    """(papers, 2) of unit vectors. `beside`: (papers, 2), what keeps papers apart that have nothing or everything in common."""
    import numpy as np

    cosines = _cosines(points)
    affinities = _affinities(cosines)
    spots, speed = _start(cosines) + 1e-4 * beside, np.zeros((len(points), 2))
    gains = np.ones_like(speed)
    step = max(len(points) / EXAGGERATION / 4, 50.0)
    for turn in range(ROUNDS):
        is_early = turn < EARLY
        across, up = (axis[:, None] - axis for axis in spots.T)
        closeness = 1 / (1 + across * across + up * up)
        np.fill_diagonal(closeness, 0)
        shares = np.maximum(closeness / closeness.sum(1).sum(), 1e-12)
        pull = (affinities * (EXAGGERATION if is_early else 1) - shares) * closeness
        slope = 4 * np.stack([(pull * across).sum(1), (pull * up).sum(1)], 1)
        gains = np.maximum(np.where((slope > 0) == (speed > 0), gains * 0.8, gains + 0.2), 0.01)
        speed = (0.5 if is_early else 0.8) * speed - step * gains * slope
        spots = spots + speed
        spots = spots - spots.mean(0)
        if turn % 10 == 9:
            spots = np.round(spots, 9)
    return spots


def _cosines(points: "NDArray[Any]") -> "NDArray[Any]":
    """(papers, papers), exact to 12 digits."""
    import numpy as np

    whole = np.rint(points * 1e6).astype(np.int64)
    exact: NDArray[Any] = np.stack([(whole * row).sum(1) for row in whole]) / 1e12
    return exact


def _affinities(cosines: "NDArray[Any]") -> "NDArray[Any]":
    """How much each pair belongs together; every paper has about `PERPLEXITY` neighbors."""
    import numpy as np

    size = len(cosines)
    wanted = np.log(min(PERPLEXITY, (size - 1) / 3))
    others = ~np.eye(size, dtype=bool)
    away = np.round(np.maximum(2 - 2 * cosines, 0), 9)
    away = np.where(others, away - np.where(others, away, 9).min(1, keepdims=True), 0)
    low, high, sharpness = np.zeros(size), np.full(size, np.inf), np.ones(size)
    for _ in range(50):
        weights = np.where(others, np.exp(-away * sharpness[:, None]), 0)
        total = weights.sum(1)
        spread = np.log(total) + sharpness * (away * weights).sum(1) / total
        is_wide = np.round(spread - wanted, 10) > 0
        low, high = np.where(is_wide, sharpness, low), np.where(is_wide, high, sharpness)
        narrower = np.where(np.isinf(high), sharpness * 2, (sharpness + high) / 2)
        sharpness = np.where(is_wide, narrower, (sharpness + low) / 2)
    shares = weights / weights.sum(1, keepdims=True)
    affinities: NDArray[Any] = np.maximum(np.round((shares + shares.T) / (2 * size), 12), 1e-12)
    return affinities


def _start(cosines: "NDArray[Any]") -> "NDArray[Any]":
    """Two axes between papers that have little to do with each other: nothing is drawn by lot, and no sign is to choose."""
    import numpy as np

    one = int(np.argmin(cosines.sum(1)))
    other = int(np.argmin(cosines[one]))
    third = int(np.argmin(np.maximum(cosines[one], cosines[other])))
    axes = np.stack([cosines[one] - cosines[other], cosines[third] * 2 - cosines[one] - cosines[other]], 1)
    axes = axes - axes.mean(0)
    start: NDArray[Any] = axes / np.maximum(np.sqrt((axes * axes).mean(0)), 1e-9) * 1e-2
    return start
