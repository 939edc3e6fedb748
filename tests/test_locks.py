"""What readers saw last: rows that git can merge, and a file that is harmed is told, not guessed."""

import pytest

from generator import locks

SHOWN = frozenset({("one", "moss"), ("one", "ferns"), ("a-two", "moss")})
PLACES = {"one": (0.5, -1.0), "a-two": (-0.00001, 0.1234)}


def test_shown_tags_are_a_row_a_line_in_order() -> None:
    assert locks.write_shown(SHOWN) == (
        "[\n"
        '{"id": "a-two", "tag": "moss", "state": "shown"},\n'
        '{"id": "one", "tag": "ferns", "state": "shown"},\n'
        '{"id": "one", "tag": "moss", "state": "shown"}\n'
        "]\n"
    )
    assert locks.read_shown(locks.write_shown(SHOWN), locks.SHOWN) == (SHOWN, ())


def test_places_are_a_row_a_line_in_order() -> None:
    assert locks.write_places(PLACES) == '{\n"a-two": [0.0000, 0.1234],\n"one": [0.5000, -1.0000]\n}\n'
    assert locks.read_places(locks.write_places(PLACES), locks.PLACES) == ({"a-two": (0.0, 0.1234), "one": (0.5, -1.0)}, ())


@pytest.mark.parametrize("nothing", ["", "[]", "[\n]\n", "\ufeff[\r\n\r\n]\r\n"])
def test_nothing_is_nothing(nothing: str) -> None:
    assert locks.read_shown(nothing, locks.SHOWN) == (frozenset(), ())
    assert locks.read_shown(locks.write_shown([]), locks.SHOWN) == (frozenset(), ())


def test_a_comma_that_a_merge_left_out_does_no_harm() -> None:
    assert locks.read_shown(locks.write_shown(SHOWN).replace("},", "}"), locks.SHOWN) == (SHOWN, ())


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("<<<<<<< ours", 3),
        ('{"id": "one", "tag": "moss", "state": "hidden"}', 3),
        ('{"id": "../one", "tag": "moss", "state": "shown"}', 3),
        ("[" * 100_000, 3),
    ],
)
def test_a_row_that_is_none_is_told_with_its_line(row: str, line: int) -> None:
    source = locks.write_shown([("a", "b")]).replace("\n]", f"\n{row}\n]")
    shown, (problem,) = locks.read_shown(source, locks.SHOWN)
    assert shown == frozenset()
    assert (str(problem.place), problem.level) == (f"content/tags.lock.json:{line}:1", "error")
    assert "papergrove tags suggest --write" in problem.hint


@pytest.mark.parametrize("place", ["[NaN, 0]", "[2.5, 0.0]", "[1e9, 0]", "[0.1]", '["0", "0"]'])
def test_a_place_beside_the_map_is_none(place: str) -> None:
    _, (problem,) = locks.read_places('{\n"one": ' + place + "\n}\n", locks.PLACES)
    assert "papergrove map" in problem.hint
