"""Vectors: what a term is and weighs, that the concepts are those of an exact decomposition, and the same bytes everywhere."""

import hashlib
import math
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from generator.vectors import Concepts, Rows, Space, Weights, cosines, orthonormal, spans, terms, unit

WORDS = [f"{noun}{n}" for noun in ("moss", "fern", "reed", "sedge", "clover") for n in range(40)]


def texts(number: int = 60, seed: int = 3) -> dict[str, str]:
    """Texts about one of five things each, with some words of the others."""
    rnd = random.Random(seed)
    return {f"p{n}": " ".join(rnd.choices(WORDS[n % 5 * 40 :][:40], k=25) + rnd.choices(WORDS, k=5)) for n in range(number)}


def dense(rows: Rows) -> "np.ndarray":
    whole = np.zeros((len(rows), rows.width))
    whole[rows.rows, rows.columns] = rows.values
    return whole


# ------------------------------------------------------------------ terms


def test_terms_are_stems_and_pairs_of_neighbors_without_stop_words() -> None:
    assert terms("Learning of the mosses, via reeds") == ["learn", "moss", "reed", "learn moss", "moss reed"]


def test_a_term_is_found_where_it_first_stands() -> None:
    text = "On Mosses.\nLearning of the *mosses*; learned moss"
    places = {term: text[start:end] for term, (start, end) in spans(text).items()}
    assert places == {
        "moss": "Mosses",
        "learn": "Learning",
        "moss learn": "Mosses.\nLearning",
        "learn moss": "Learning of the *mosses",
    }
    assert places.keys() == set(terms(text))


# ------------------------------------------------------------------ tf-idf


def test_rows_are_unit_vectors_of_the_weights() -> None:
    counts = [Counter(a=1, b=2), Counter(a=3, c=1), Counter(b=1, c=1), Counter(d=1), Counter(d=1, a=1)]
    weights = Weights(counts)
    assert weights.names == ["b", "c", "d"]  # `a` is in more than half of the texts
    assert weights.idf == [round(math.log(6 / 3) + 1, 9)] * 3
    whole = dense(weights.rows(counts))
    assert whole[1].tolist() == [0, 1, 0]
    assert whole[0].tolist() == [1, 0, 0]
    both = [*weights.rows([Counter(b=4, c=1, unknown=9)]).values]
    assert both[0] / both[1] == pytest.approx(1 + math.log(4))
    assert sum(value * value for value in both) == pytest.approx(1)


def test_a_text_without_a_known_term_is_a_row_of_nothing() -> None:
    assert len(Weights([Counter(a=1), Counter(b=1)]).rows([Counter(a=1)]).values) == 0


# ------------------------------------------------------------------ sparse rows


def test_sparse_rows_calculate_like_whole_matrices() -> None:
    rows = Space(texts()).rows
    whole = dense(rows)
    block = np.linspace(-1, 1, rows.width * 3).reshape(rows.width, 3)
    assert np.allclose(rows.times(block), whole @ block)
    assert np.allclose(dense(rows.transposed()), whole.T)
    some = np.array([5, 2, 40])
    assert np.array_equal(dense(rows.chosen(some)), whole[some])
    assert np.array_equal(dense(rows.within(np.array([1, 4, 9]))), whole[:, [1, 4, 9]])
    assert np.allclose(rows.transposed().products(rows, 7), whole @ whole[7])
    assert np.allclose(cosines(unit(block.T), unit(block.T[:1])), unit(block.T) @ unit(block.T[:1]).T)


def test_columns_are_made_orthonormal() -> None:
    block = np.array([[1.0, 1, 2], [0, 1e-3, 1e-3], [0, 0, 1], [1, 1, 2]])
    done = orthonormal(block)
    assert np.allclose(done.T @ done, np.eye(3))
    spanned = orthonormal(np.array([[1.0, 2], [1, 2]]))
    assert np.allclose(spanned[:, 1], 0)


# ------------------------------------------------------------------ concepts


def test_concepts_are_the_largest_singular_vectors_of_the_rows() -> None:
    space = Space(texts(90))
    whole = dense(space.rows)
    found = Concepts.of(space.rows, space.weights.found, list(space.texts), dimensions=5)
    assert np.allclose(found.basis.T @ found.basis, np.eye(5), atol=1e-9)
    exact = np.linalg.svd(whole, full_matrices=False)[2][:5]
    cosine_of_the_spaces = np.linalg.svd(exact[:, found.columns] @ found.basis)[1]
    assert cosine_of_the_spaces.min() > 0.99


def test_texts_about_one_thing_lie_together() -> None:
    places = Space(texts(60)).places
    near = cosines(places, places)
    same = np.array([[one % 5 == other % 5 for other in range(60)] for one in range(60)])
    assert near[same].mean() > 2 * abs(near[~same].mean())


def test_another_text_is_placed_among_them() -> None:
    space = Space(texts(60))
    (place,) = space.places_of(["moss1 moss2 moss3 moss4 unheard"])
    near = cosines(space.places, place[None])[:, 0]
    assert near[::5].mean() > 0.3 > near[1::5].mean()
    assert not space.places_of(["nothing known"]).any()


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_very_few_texts_have_places_too(number: int) -> None:
    space = Space(dict(list(texts(3).items())[:number]))
    assert len(space.places) == number
    assert np.isfinite(space.places).all()


SAME = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
from test_vectors import texts
from generator.vectors import Space
print(hashlib.sha256(Space(texts(200)).places.tobytes()).hexdigest())
"""


@pytest.mark.parametrize(
    "machine",
    [
        {"PYTHONHASHSEED": "1", "OPENBLAS_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "2", "OPENBLAS_CORETYPE": "Prescott", "OMP_NUM_THREADS": "3"},
        {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
    ],
    ids=["one thread", "an old processor", "no wide registers"],
)
def test_the_same_bytes_on_every_machine(machine: dict[str, str]) -> None:
    here = Path(__file__).parent
    command = [sys.executable, "-W", "ignore", "-c", SAME, str(here.parent), str(here)]
    found = subprocess.run(command, env=os.environ | machine, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == hashlib.sha256(Space(texts(200)).places.tobytes()).hexdigest()
