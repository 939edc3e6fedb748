"""areas: which tags name a part of the map, and where their names stand so that none covers another"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from generator.library import Library
from generator.model import Tag
from generator.text import sort_key

from .relief import Point, counts, spread

CELL = 25  # units of the drawing; the density of a tag is counted in such cells
REACH = 4  # ... and summed over this many to each side: about a fifth of the map's width
CROWD, CLOSER = 1_000, 2  # ... where there are more papers, over this many
FINE = 5  # units of a cell for telling how many papers a name would hide
LEAST = 5  # papers of a tag that names an area; in a small survey fewer
SHARE = 1 / 3  # of the papers around its densest point that have the tag
TWICE = 2  # ... and so many times its share of all papers, or nearly all: a tag that is everywhere names no place

SCALES = (2.9, 1.36, 0.68, 0.34)  # units in a pixel: on a phone, on a desk, there twice and four times as large
AREA_SCALES = 2  # at which a name that stands makes an area; the others are only names
SIZES = (13, 15, 18)  # pixels
LARGE = (0, 0.04, 0.08)  # shares of all papers from which a name has these sizes
WIDTH = 0.53  # of a letter, on average, and LEADING the height of a line, both in sizes
LEADING = 1.12
LINE = 17  # letters before a name is broken
GAP = 5  # pixels between names
STEPS = tuple((across / 4, down / 2) for across in range(-2, 3) for down in range(-4, 5))  # from its middle, in sizes of the name
NEAR = 30  # units that a name may be away from the densest point of its tag
FAR = 1 / 12  # papers that it may hide rather than be moved by a unit
HIDES, FEW = 0.18, 2.2  # times the units in a pixel: the share of its papers, or how many, a name may hide


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def is_near(self, point: Point) -> bool:
        x, y = point
        return self.left - NEAR < x < self.right + NEAR and self.top - NEAR < y < self.bottom + NEAR


class Crowd:
    """How many papers stand in a box: of each corner of the cells, how many stand above and to the left of it."""

    def __init__(self, points: Sequence[Point], width: int, height: int) -> None:
        grid = counts(points, width // FINE, height // FINE, FINE)
        self.sums = [[0] * (width // FINE + 1)]
        for cells in grid:
            self.sums.append([above + here for above, here in zip(self.sums[-1], accumulate(cells, initial=0), strict=True)])

    def within(self, box: Box) -> int:
        left, right = (max(0, min(round(x / FINE), len(self.sums[0]) - 1)) for x in (box.left, box.right))
        top, bottom = (max(0, min(round(y / FINE), len(self.sums) - 1)) for y in (box.top, box.bottom))
        return self.sums[bottom][right] - self.sums[bottom][left] - self.sums[top][right] + self.sums[top][left]


@dataclass(frozen=True, slots=True)
class Name:
    """A tag's name on the map."""

    tag: Tag
    at: Point  # the densest point of its papers
    lines: tuple[str, ...]
    size: int  # pixels
    x: int  # of its middle
    y: int
    scale: int  # the place in SCALES of the first at which there is room for it

    def box(self, scale: int) -> Box:
        return _box(self.lines, self.size, self.x, self.y, SCALES[scale])


@dataclass(frozen=True, slots=True)
class Candidate:
    tag: Tag
    papers: int  # of the tag, around its densest point
    size: int  # of its name, in pixels
    at: Point


def names(library: Library, points: Mapping[str, Point], width: int, height: int) -> tuple[Name, ...]:
    """Those that stand on the map at its first size, then those for which there is room when it is enlarged; each time the tag
    of most papers around its densest point first."""
    placed: list[Name] = []
    crowd = Crowd(tuple(points.values()), width, height)
    found = sorted(_candidates(library, points, width, height), key=lambda one: (-one.papers, sort_key(one.tag.label)))
    for scale in range(len(SCALES)):
        known = {name.tag.id for name in placed}
        for candidate in found:
            if candidate.tag.id not in known:
                placed += _placed(candidate, scale, placed, crowd, Box(0, 0, width, height))
    return tuple(placed)


def _candidates(library: Library, points: Mapping[str, Point], width: int, height: int) -> Iterator[Candidate]:
    columns, rows = -(-width // CELL), -(-height // CELL)
    reach = REACH if len(points) <= CROWD else CLOSER
    everything = spread(counts(tuple(points.values()), columns, rows, CELL), reach)
    least = max(2, min(LEAST, len(points) // 4))
    for tag in library.living_tags:
        own = [points[paper.id] for paper in library.papers_with(tag.id) if paper.id in points]
        if len(own) < least:
            continue
        near = spread(counts(own, columns, rows, CELL), reach)
        papers = max(map(max, near))
        row = next(at for at, cells in enumerate(near) if papers in cells)
        column = near[row].index(papers)
        share = len(own) / len(points)
        if papers >= least and papers >= everything[row][column] * max(SHARE, min(TWICE * share, (3 + share) / 4)):
            size = max(size for size, share in zip(SIZES, LARGE, strict=True) if papers >= share * len(points))
            yield Candidate(tag, papers, size, _middle(own, row, column, reach))


def _middle(own: Sequence[Point], row: int, column: int, reach: int) -> Point:
    """Of the points within reach of a cell."""
    near = [(x, y) for x, y in own if abs(int(x / CELL) - column) <= reach and abs(int(y / CELL) - row) <= reach]
    return round(sum(x for x, _ in near) / len(near), 1), round(sum(y for _, y in near) / len(near), 1)


def _placed(one: Candidate, scale: int, placed: Sequence[Name], crowd: Crowd, frame: Box) -> list[Name]:
    """The name where it covers no other and hides fewest papers; none where there is no such place."""
    lines = tuple(textwrap.wrap(one.tag.label, LINE, break_long_words=False, break_on_hyphens=False))
    others = [name.box(scale) for name in placed]
    left, top, right, bottom = _box(lines, one.size, 0, 0, SCALES[scale])
    wide, high = right - left, bottom - top
    if wide > frame.right:
        return []
    hidden = max(FEW, one.papers * HIDES) * SCALES[scale]
    found: list[tuple[float, Name]] = []
    for across, down in STEPS:
        x = round(min(max(one.at[0] + across * wide, wide / 2), frame.right - wide / 2))
        y = round(min(max(one.at[1] + down * high, high / 2), frame.bottom - high / 2))
        name = Name(one.tag, one.at, lines, one.size, x, y, scale)
        box = name.box(scale)
        covered = crowd.within(box)
        if covered <= hidden and box.is_near(one.at) and not any(box.meets(other) for other in others):
            found.append((covered + FAR * (abs(across * wide) + abs(down * high)), name))
    return [min(found, key=lambda one: one[0])[1]] if found else []


def _box(lines: Iterable[str], size: int, x: float, y: float, unit: float) -> Box:
    """Around a name in the middle of which is (x, y), with half of the gap to others."""
    rows = tuple(lines)
    half_wide = (max(map(len, rows)) * size * WIDTH + GAP) / 2 * unit
    half_high = (len(rows) * size * LEADING + GAP) / 2 * unit
    return Box(x - half_wide, y - half_high, x + half_wide, y + half_high)
