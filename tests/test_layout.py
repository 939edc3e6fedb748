"""Places on the map: near means similar, what has a place keeps it, and the same bytes on every machine."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_taggers import papers, survey

from generator import layout as laying
from generator import locks
from generator.layout import laid_out, layout
from generator.model import Paper, Places, Survey
from generator.space import space_of, tag_rows, tags_of
from generator.tag import tag


def laid(found: Survey) -> Places:
    return laid_out(found, space_of(found.papers), tag_rows(tags_of(found, tag(found))))


def apart(places: Places, one: str, other: str) -> float:
    return float(np.hypot(*(np.array(places[one]) - places[other])))


WHOLE = survey(papers(60))


def test_papers_about_one_thing_stand_together() -> None:
    places = laid(WHOLE)
    assert set(places) == {paper.id for paper in WHOLE.papers}
    assert max(abs(value) for place in places.values() for value in place) == 1
    ids = list(places)
    near = [apart(places, one, other) for a, one in enumerate(ids) for b, other in enumerate(ids) if a < b and (b - a) % 5 == 0]
    far = [apart(places, one, other) for a, one in enumerate(ids) for b, other in enumerate(ids) if a < b and (b - a) % 5]
    assert 3 * sum(near) / len(near) < sum(far) / len(far)


def test_a_new_paper_is_placed_among_its_own_and_moves_no_other() -> None:
    before = laid(survey(papers(60)[:-1]))
    (new,) = papers(60)[-1:]
    after = layout(replace(WHOLE, laid=before), space_of(WHOLE.papers))
    assert {id_: place for id_, place in after.items() if id_ != new.id} == before
    own = [id_ for n, id_ in enumerate(before) if n % 5 == 59 % 5]
    assert sorted(before, key=lambda id_: apart(after, id_, new.id))[0] in own
    assert layout(replace(WHOLE, laid=before), space_of(WHOLE.papers)) == after


def test_two_new_papers_with_one_text_do_not_lie_on_each_other() -> None:
    before = laid(WHOLE)
    twins = [replace(papers(60)[0], id=id_) for id_ in ("twin-a", "twin-b")]
    both = survey([*papers(60), *twins])
    after = layout(replace(both, laid=before), space_of(both.papers))
    assert 0 < apart(after, "twin-a", "twin-b") < 0.1


def test_a_paper_that_is_gone_has_no_place_and_without_a_file_none_has() -> None:
    assert layout(replace(WHOLE, laid={"gone": (0.0, 0.0), "p000": (0.1, 0.2)}), space_of(WHOLE.papers)).keys() >= {"p000"}
    assert "gone" not in layout(replace(WHOLE, laid={"gone": (0.0, 0.0), "p000": (0.1, 0.2)}), space_of(WHOLE.papers))
    assert layout(WHOLE, space_of(WHOLE.papers)) == {}


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 7])
def test_a_few_papers_have_places_too(number: int) -> None:
    places = laid(survey(papers(number)))
    assert len(places) == number
    assert locks.read_places(locks.write_places(places), locks.PLACES) == (places, ())


def test_papers_that_share_nothing_have_places_of_their_own() -> None:
    rnd = random.Random(1)
    strangers = survey([Paper(id=f"s{n}", title=" ".join(f"word{rnd.random()}" for _ in range(4))) for n in range(12)])
    places = laid(strangers)
    assert len(set(places.values())) > 6
    assert np.isfinite(list(places.values())).all()


def test_in_a_large_survey_some_are_laid_out_and_the_others_placed_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "LARGE", 50)
    monkeypatch.setattr(laying, "LANDMARKS", 40)
    places = laid(WHOLE)
    assert set(places) == {paper.id for paper in WHOLE.papers}
    ids = sorted(places)
    nearest = [min((other for other in ids if other != one), key=lambda other: apart(places, one, other)) for one in ids]
    assert sum((ids.index(one) - ids.index(other)) % 5 == 0 for one, other in zip(ids, nearest, strict=True)) > 50


SAME = """
import json, sys
sys.path[:0] = sys.argv[1:]
from test_layout import WHOLE, laid
from generator.tag import proposed
from generator.relate import relate
from generator.space import space_of
from generator.tag import tag
related = relate(WHOLE, tag(WHOLE), space_of(WHOLE.papers))
print(json.dumps([proposed(WHOLE), related, laid(WHOLE)], default=repr))
"""


def test_tags_related_papers_and_places_are_the_same_on_every_machine() -> None:
    here = Path(__file__).parent
    command = [sys.executable, "-W", "ignore", "-c", SAME, str(here.parent), str(here)]
    machines = (
        {"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Prescott"},
        {
            "PYTHONHASHSEED": "2",
            "OPENBLAS_NUM_THREADS": "4",
            "OPENBLAS_CORETYPE": "Haswell",
            "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3",
        },
    )
    one, other = (
        subprocess.run(command, env=os.environ | machine, capture_output=True, text=True, check=True).stdout
        for machine in machines
    )
    assert one == other
    assert len(json.loads(one)) == 3
