"""relief: how densely the papers stand on the map, and the lines of equal density"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from operator import sub

# All sums are of integers, so that the same places give the same lines on every machine.

Point = tuple[float, float]
Grid = list[list[int]]  # rows from the top, of cells from the left
Edge = tuple[int, int, int, int]  # between two neighboring cells: column, row, column, row

PASSES = 3  # of smoothing: as many make a bell of a box


def counts(points: Sequence[Point], columns: int, rows: int, cell: float) -> Grid:
    """How many points each cell has."""
    grid = [[0] * columns for _ in range(rows)]
    for x, y in points:
        grid[min(int(y / cell), rows - 1)][min(int(x / cell), columns - 1)] += 1
    return grid


def spread(grid: Grid, reach: int) -> Grid:
    """Of each cell, the sum over the square of cells that are at most `reach` away."""
    return _turned([_sums(column, reach) for column in _turned([_sums(row, reach) for row in grid])])


def _sums(values: Sequence[int], reach: int) -> list[int]:
    beyond = [0] * reach
    until = list(accumulate((*beyond, *values, *beyond), initial=0))
    return list(map(sub, until[2 * reach + 1 :], until))


def _turned(grid: Sequence[Sequence[int]]) -> Grid:
    return [list(column) for column in zip(*grid, strict=True)]


def contours(points: Sequence[Point], columns: int, rows: int, cell: float, reach: int, heights: Sequence[float]) -> list[str]:
    """Path data of the line around all that is at least so high, for each of the `heights` (shares of the summit). There is so
    much room around the drawing that each line comes back to its beginning."""
    room = PASSES * reach + 1
    moved = [(x + room * cell, y + room * cell) for x, y in points]
    grid = counts(moved, columns + 2 * room, rows + 2 * room, cell)
    for _ in range(PASSES):
        grid = spread(grid, reach)
    summit = max(map(max, grid))
    return ["".join(_path(line, cell, room) for line in _lines(grid, summit * height)) for height in heights]


def _path(line: Sequence[Point], cell: float, room: int) -> str:
    (x, y), *others = ((round((column - room + 0.5) * cell), round((row - room + 0.5) * cell)) for column, row in line)
    path = f"M{x} {y}"
    for to_x, to_y in others:
        if (to_x, to_y) != (x, y):
            path += f"l{to_x - x} {to_y - y}"
            x, y = to_x, to_y
    return path + "z"


def _lines(grid: Grid, height: float) -> Iterator[list[Point]]:
    """Marching squares: pieces of line from edge to edge of each square of four cells, joined end to end until they close."""
    ends: dict[Edge, list[Edge]] = {}
    for a, b in _pieces(grid, height):
        ends.setdefault(a, []).append(b)
        ends.setdefault(b, []).append(a)
    for start in ends:
        line = [start]
        while ends[line[-1]]:
            following = ends[line[-1]].pop()
            ends[following].remove(line[-1])
            line.append(following)
        if len(line) > 1:
            yield [_crossing(grid, edge, height) for edge in line]


def _pieces(grid: Grid, height: float) -> Iterator[tuple[Edge, Edge]]:
    inside = [[value >= height for value in cells] for cells in grid]
    for row, (upper, lower) in enumerate(pairwise(inside)):
        for column, (above, below) in enumerate(zip(pairwise(upper), pairwise(lower), strict=True)):
            around = (*above, *reversed(below))
            if any(around) and not all(around):
                yield from _crossed(column, row, around)


def _crossed(column: int, row: int, inside: Sequence[bool]) -> Iterator[tuple[Edge, Edge]]:
    """The edges that the line crosses in the square of these four cells, two by two."""
    corners = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
    crossed = [
        (*min(corners[at - 1], corners[at]), *max(corners[at - 1], corners[at]))
        for at in range(4)
        if inside[at - 1] != inside[at]
    ]
    yield from zip(crossed[::2], crossed[1::2], strict=True)


def _crossing(grid: Grid, edge: Edge, height: float) -> Point:
    """Where between two cells the height is reached."""
    x, y, to_x, to_y = edge
    low, high = grid[y][x], grid[to_y][to_x]
    share = (height - low) / (high - low)
    return x + share * (to_x - x), y + share * (to_y - y)
