"""map: the papers where they stand on the map, under the names of its areas, and an index to it"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from generator.library import Library
from generator.model import Paper
from generator.report import counted
from generator.text import sort_key
from generator.views import Area, Dot, IndexRow, MapName, MapView, Narrowing, Shapes, Years

from .areas import AREA_SCALES, LEADING, SCALES, Name, names
from .page import Page
from .parts import glyph
from .relief import Point, contours

MAP = "map/"  # its address
WIDTH = 1000  # units of the drawing
TALLEST, LOWEST = 875, 500
MARGIN = 45  # around the outermost papers
SQUARE = 125  # of the grid that the index refers to
CELL, REACH, HEIGHTS = 12.5, 3, (0.12, 0.3, 0.5, 0.7)  # of the relief: a cell, how far a paper is spread, shares of the summit
FLAT = 0.5  # what a map is taken to be wide or high at least, so that few papers do not fly apart
PLAIN = "circle"  # of a paper of no area
SIZES = ((400, 9), (1_500, 7), (4_000, 5), (float("inf"), 3))  # pixels of a paper's sign, by how many there are
OUTLINES = {"circle": "h0", "square": "h0", "triangle": "m0-4l4 7h-8z", "diamond": "m0-4l4 4-4 4-4-4z", "bar": "m-4-1h8v3h-8z"}
HILLY = 30  # papers that make a relief; of fewer, each would be a hill
BASELINE = 0.35  # from the middle of a line of text down, in sizes of the letters
MOST_LINKS = 1_500  # papers that are links in the drawing; of more, the shapes alone


def survey_map(library: Library, years: Years, narrowings: tuple[Narrowing, ...]) -> Iterator[Page]:
    """With what it can be narrowed by, as the search has it."""
    if has_map(library):
        title = f"Map of {library.settings.title}"
        description = f"The papers of {library.settings.title} on a map: near means similar."
        yield Page(f"{MAP}index.html", "map.html", map_view(library, years, narrowings), title, description, MAP)


def has_map(library: Library) -> bool:
    return any(paper.id in library.places for paper in library.papers)


def map_view(library: Library, years: Years, narrowings: tuple[Narrowing, ...]) -> MapView:
    ordinals = {paper.id: at for at, paper in enumerate(library.taken_in)}
    papers = {paper.id: paper for paper in library.taken_in if paper.id in library.places}
    points, height = drawn({id_: library.places[id_] for id_ in papers})
    shown = names(library, points, WIDTH, height)
    area_of = areas(library, points, [name for name in shown if name.scale < AREA_SCALES])
    is_large = len(papers) > MOST_LINKS
    dots = tuple(_dot(library, paper, ordinals[paper.id], points[paper.id], area_of.get(paper.id)) for paper in papers.values())
    columns, rows = int(WIDTH / CELL), int(height / CELL)
    return MapView(
        total=counted(len(papers), "paper"),
        width=WIDTH,
        height=height,
        columns=tuple((column * SQUARE, _letter(column)) for column in range(WIDTH // SQUARE)),
        rows=tuple((row * SQUARE, str(row + 1)) for row in range(height // SQUARE)),
        relief=tuple(contours(tuple(points.values()), columns, rows, CELL, REACH, HEIGHTS)) if len(papers) >= HILLY else (),
        dots=() if is_large else dots,
        shapes=tuple(_shapes(dots)) if is_large else (),
        size=next(size for most, size in SIZES if len(papers) <= most),
        names=tuple(_label(library, name) for name in shown),
        areas=tuple(_index(library, papers, points, area_of, [name for name in shown if name.scale < AREA_SCALES], is_large)),
        years=years,
        narrowings=narrowings,
    )


def drawn(places: Mapping[str, Point]) -> tuple[dict[str, Point], int]:
    """The places in units of the drawing, enlarged alike in both directions, and the height of the drawing: whole squares."""
    xs, ys = [x for x, _ in places.values()], [y for _, y in places.values()]
    (left, right), (top, bottom) = (min(xs), max(xs)), (min(ys), max(ys))
    room = WIDTH - 2 * MARGIN, TALLEST - 2 * MARGIN
    scale = min(room[0] / max(right - left, FLAT), room[1] / max(bottom - top, FLAT))
    height = max(LOWEST, min(TALLEST, -(-((bottom - top) * scale + 2 * MARGIN) // SQUARE * SQUARE)))
    from_left, from_top = (WIDTH - (left + right) * scale) / 2, (height - (top + bottom) * scale) / 2
    points = {id_: (round(from_left + x * scale, 1), round(from_top + y * scale, 1)) for id_, (x, y) in places.items()}
    return points, int(height)


def areas(library: Library, points: Mapping[str, Point], shown: Sequence[Name]) -> dict[str, Name]:
    """Of each paper that has a tag with a name on the map, the name whose densest point is nearest."""
    by_tag = {name.tag.id: name for name in shown}
    found: dict[str, Name] = {}
    for id_, (x, y) in points.items():
        own = [by_tag[tag] for tag in library.tags_of(library.paper[id_]) if tag in by_tag]
        if own:
            found[id_] = min(own, key=lambda name: (name.at[0] - x) ** 2 + (name.at[1] - y) ** 2)
    return found


def square(point: Point) -> str:
    """Of the grid: `C4`."""
    x, y = point
    return f"{_letter(int(x // SQUARE))}{int(y // SQUARE) + 1}"


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _dot(library: Library, paper: Paper, ordinal: int, point: Point, area: Name | None) -> Dot:
    facet = library.facet[area.tag.facet] if area else None
    return Dot(ordinal, *point, f"papers/{paper.id}/", paper.title, facet.id if facet else "", glyph(facet) if facet else PLAIN)


def _shapes(dots: Sequence[Dot]) -> Iterator[Shapes]:
    """A path for each sign; a circle is the round end of a line without length, the others are drawn."""
    for facet, shape in sorted({(dot.facet, dot.glyph) for dot in dots}):
        those = [dot for dot in dots if (dot.facet, dot.glyph) == (facet, shape)]
        path = "".join(f"M{dot.x:g} {dot.y:g}{OUTLINES[shape]}" for dot in those)
        yield Shapes(facet, shape, path, " ".join(str(b - a - 1) for a, b in pairwise((-1, *(dot.at for dot in those)))))


def _label(library: Library, name: Name) -> MapName:
    facet = library.facet[name.tag.facet]
    count = counted(len(library.papers_with(name.tag.id)), "paper")
    said = f"{name.tag.label}: {facet.label}, {count}"
    first = round(BASELINE - (len(name.lines) - 1) / 2 * LEADING, 2)  # so that the middle of all lines is where the name stands
    lines = tuple((LEADING if at else first, line) for at, line in enumerate(name.lines))
    return MapName(
        name.tag.id,
        lines,
        said,
        f"tags/{name.tag.id}/",
        facet.id,
        glyph(facet),
        name.size,
        name.x,
        name.y,
        name.scale,
        SCALES[name.scale],
    )


def _index(
    library: Library,
    papers: Mapping[str, Paper],
    points: Mapping[str, Point],
    area_of: Mapping[str, Name],
    shown: Sequence[Name],
    is_large: bool,
) -> Iterator[Area]:
    """The areas by name, each with its papers by title; last those of no area."""
    found: dict[str, list[Paper]] = {}
    for id_, paper in papers.items():
        found.setdefault(area_of[id_].tag.id if id_ in area_of else "", []).append(paper)

    def rows(those: Sequence[Paper]) -> tuple[IndexRow, ...]:
        some = [] if is_large else sorted(those, key=lambda paper: sort_key(paper.title))
        return tuple(IndexRow(paper.title, f"papers/{paper.id}/", square(points[paper.id])) for paper in some)

    for name in sorted(shown, key=lambda name: sort_key(name.tag.label)):
        tag, those = name.tag, found.get(name.tag.id, [])
        facet = library.facet[tag.facet]
        at = square(name.at)
        yield Area(tag.label, f"tags/{tag.id}/", facet.id, glyph(facet), at, counted(len(those), "paper"), rows(those))
    if "" in found:
        yield Area("Elsewhere", "", "", PLAIN, "", counted(len(found[""]), "paper"), rows(found[""]))
