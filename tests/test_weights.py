"""What pages weigh stays within the budget (tests/benchmarks/weights.py prints the figures)."""

import shutil
from pathlib import Path

import pytest
from weights import FIRST_VIEW, HEAD_SCRIPT, KINDS, MAP_VIEW, SCRIPTS, STYLES, Weight, linked, size, weight, with_imports

from generator.build import build

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's survey."""
    root = tmp_path_factory.mktemp("weights").resolve()
    out = root / "site"
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copy(ROOT / "site.yml", root)
    built = build(root, out)
    assert built.written, built.report
    return out


@pytest.fixture(scope="module")
def weights(site: Path) -> dict[str, Weight]:
    return {kind: weight(site, address) for kind, address in KINDS.items()}


def test_the_first_view_of_every_kind_of_page_is_light(weights: dict[str, Weight]) -> None:
    bounds = {kind: MAP_VIEW if kind == "map" else FIRST_VIEW for kind in weights}
    assert {kind: page.whole for kind, page in weights.items() if page.whole > bounds[kind]} == {}
    assert {kind: page.scripts for kind, page in weights.items() if page.scripts > SCRIPTS} == {}
    assert {kind: page.styles for kind, page in weights.items() if page.styles > STYLES} == {}


def test_all_scripts_of_the_search_are_light_but_for_lunr(site: Path) -> None:
    page = site / "search/index.html"
    scripts = with_imports({*linked(site, page, ".js"), site / "static/js/worker.js"}) - {site / "static/js/lunr.js"}
    assert {"search.js", "worker.js"} <= {script.name for script in scripts}
    assert sum(map(size, scripts)) <= SCRIPTS


def test_all_parts_are_weighed(weights: dict[str, Weight]) -> None:
    for page in weights.values():
        assert page.html > 1_000
        assert page.styles > 1_000
        assert page.scripts > 1_000


def test_the_script_before_the_first_paint_is_tiny() -> None:
    assert len((ROOT / "static/js/theme.js").read_bytes()) <= HEAD_SCRIPT
