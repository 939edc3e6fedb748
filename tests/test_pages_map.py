"""The map as it is built: a dot a paper, names that cover no other, an index with squares; the same bytes each time."""

import re
from collections.abc import Mapping
from pathlib import Path

from surveys import PAPERS, many, tiny
from test_build import built, page, site, words

from generator import locks
from generator.library import Library
from generator.load import load
from generator.pages.areas import names as names_of
from generator.pages.map import drawn, map_view, square
from generator.pages.relief import contours
from generator.tag import tag
from generator.views import MapView, Years

Places = Mapping[str, tuple[float, float]]


def library(root: Path, papers: Mapping[str, str], places: Places) -> Library:
    survey, _ = load(tiny(root, papers))
    return Library(survey, tag(survey), places=places)


def view(root: Path, papers: Mapping[str, str], places: Places) -> MapView:
    return map_view(library(root, papers, places), Years(()), ())


def two_fields(number: int) -> Places:
    """Of `many`'s papers: gardens (each third) to the left, the others to the right."""
    return {
        f"paper-{n}": (round((-0.8 if n % 3 == 0 else 0.4) + 0.04 * (n % 7), 4), round(-0.3 + 0.005 * (n * 37 % 120), 4))
        for n in range(number)
    }


def test_without_places_there_is_no_map_and_nothing_speaks_of_one(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    assert "map/index.html" not in site(tmp_path)
    assert 'map/"' not in page(tmp_path, "") + page(tmp_path, "search")


def test_each_paper_with_a_place_is_a_link_on_the_map_and_in_its_index(tmp_path: Path) -> None:
    root = tiny(tmp_path)
    places = {"counting-moss": (-0.5, 0.5), "a-quiet-garden": (-0.4, 0.4), "from-a-lab": (1.0, -1.0), "gone": (0.0, 0.0)}
    (root / locks.PLACES).write_text(locks.write_places(places), encoding="utf-8")
    assert built(root).written  # so each link leads to a page that exists
    html = page(tmp_path, "map")
    for id_ in ("counting-moss", "a-quiet-garden", "from-a-lab"):
        assert html.count(f'href="../papers/{id_}/"') == 2
    assert html.count('href="../papers/only-a-title/"') == 2  # placed among its neighbors
    assert "papers/gone/" not in html
    assert "<title>Counting Moss: A Slow Study</title>" in html
    assert "Counting Moss: A Slow Study A7" in words(html)
    assert 'href="map/"' in page(tmp_path, "")
    assert "See on the map" in page(tmp_path, "search")


def test_a_single_paper_has_a_map(tmp_path: Path) -> None:
    found = view(tmp_path, {"only-a-title": PAPERS["only-a-title"]}, {"only-a-title": (0.3, -0.2)})
    assert [(dot.x, dot.y) for dot in found.dots] == [(500, found.height / 2)]
    assert found.names == ()
    assert [area.text for area in found.areas] == ["Elsewhere"]


def test_a_tag_whose_papers_stand_together_names_its_area_and_gives_its_papers_their_sign(tmp_path: Path) -> None:
    found = view(tmp_path, many(60), two_fields(60))
    assert {name.tag for name in found.names} == {"gardens", "counting"}
    left = next(name for name in found.names if name.tag == "gardens")
    right = next(name for name in found.names if name.tag == "counting")
    assert left.x < 350 < 600 < right.x
    assert left.said == "Gardens: Topic, 24 papers"
    signs = {dot.href: (dot.facet, dot.glyph) for dot in found.dots}
    assert signs["papers/paper-3/"] == ("topic", "circle")
    assert signs["papers/paper-1/"] == ("method", "square")
    assert {area.text: len(area.rows) for area in found.areas} == {"Counting": 40, "Gardens": 20}


def test_a_tag_that_is_everywhere_names_no_place(tmp_path: Path) -> None:
    places = {f"paper-{n}": (n % 8 / 4 - 1, n // 8 / 4 - 1) for n in range(60)}
    assert view(tmp_path, many(60), places).names == ()


def test_names_cover_no_other_at_any_scale_and_stay_on_the_map(tmp_path: Path) -> None:
    facets = "facets:\n  - {id: topic, label: Topic}\ntags:\n"
    tags = facets + "".join(f"  - {{id: bed-{n}, facet: topic, label: The long flower bed number {n}}}\n" for n in range(12))
    papers = {f"p-{n}": f"---\ntitle: Paper {n}\ntags: [bed-{n // 6}]\n---\n" for n in range(72)}
    places = {f"p-{n}": (0.5 * (n // 6 % 4) + 0.02 * (n % 3), 0.4 * (n // 24) + 0.02 * (n % 2)) for n in range(72)}
    survey, _ = load(tiny(tmp_path, papers, tags=tags))
    points, height = drawn(places)
    found = names_of(Library(survey, tag(survey)), points, 1000, height)
    assert len({name.tag.id for name in found}) == len(found) == 12
    assert {name.scale for name in found} == {0, 1, 2}  # the more the map is enlarged, the more have room
    for scale in range(4):
        boxes = [name.box(scale) for name in found if name.scale <= scale]
        assert not any(one.meets(other) for one in boxes for other in boxes if one is not other)
        assert all(box.left >= -1 and box.top >= -1 and box.right <= 1001 and box.bottom <= height + 1 for box in boxes)


def test_of_many_papers_the_signs_are_paths_and_the_index_leads_to_the_tags(tmp_path: Path) -> None:
    found = view(tmp_path, many(1_501), two_fields(1_501))
    assert found.dots == ()
    assert {(shape.facet, shape.glyph) for shape in found.shapes} == {("topic", "circle"), ("method", "square")}
    assert sum(shape.path.count("M") for shape in found.shapes) == 1_501
    assert sum(len(shape.gaps.split()) for shape in found.shapes) == 1_501
    assert not any(area.rows for area in found.areas)
    assert [area.href for area in found.areas] == ["tags/counting/", "tags/gardens/"]


def test_the_same_places_give_the_same_drawing(tmp_path: Path) -> None:
    places = two_fields(60)
    backwards = dict(reversed(places.items()))
    assert view(tmp_path, many(60), places) == view(tmp_path, many(60), backwards)


def test_a_map_is_enlarged_alike_in_both_directions_and_whole_squares_high() -> None:
    points, height = drawn({"a": (-1, -0.5), "b": (1, 0.5), "c": (0, 0)})
    assert points["c"] == (500, height / 2)
    (ax, ay), (bx, by) = points["a"], points["b"]
    assert bx - ax == 2 * (by - ay)
    assert height % 125 == 0
    assert square((0, 0)) == "A1"
    assert square((999, 130)) == "H2"


def test_lines_of_equal_density_close_around_what_is_dense() -> None:
    (line,) = contours([(500, 400)] * 9, 80, 70, 12.5, 3, [0.5])
    assert line.count("M") == line.count("z") == 1
    x, y = map(int, re.findall(r"M(\d+) (\d+)", line)[0])
    assert abs(x - 500) < 60
    assert abs(y - 400) < 60
    assert line.startswith("M")
    across = [int(step) for step in re.findall(r"l(-?\d+) ", line)]
    assert abs(sum(across)) <= 12  # back where it began
