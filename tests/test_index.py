import json
from pathlib import Path
from typing import Any

import pytest
from lunr.stop_word_filter import WORDS as STOP_WORDS

from generator import index
from generator.index import BOOSTS, Document, Row, lunr_module, search_index, search_rows
from generator.report import Failure

FIXTURES = Path(__file__).parent / "fixtures" / "search"


def documents() -> list[Document]:
    rows = json.loads((FIXTURES / "papers.json").read_text(encoding="utf-8"))
    return [Document(id=row["id"], **{name: row.get(name, "") for name in BOOSTS}) for row in rows]


def read(*given: Document) -> Any:
    return json.loads(search_index(given))


def terms_of(file: Any) -> list[str]:
    return [term for term, _ in file["lunr"]["invertedIndex"]]


def weight(file: Any, term: str, field: str, paper: str) -> float:
    number = dict(file["lunr"]["invertedIndex"])[term]["_index"]
    row = dict(file["lunr"]["fieldVectors"])[f"{field}/{paper}"]
    return dict(zip(row[::2], row[1::2], strict=True))[number]


def test_every_field_of_a_document_has_a_boost() -> None:
    assert [name for name in Document.__slots__ if name != "id"] == list(BOOSTS)


def test_terms_are_stems_in_the_order_of_javascript() -> None:
    file = read(Document(id="a", title="Surveys of keys 﨑 and 𠀋"))
    assert terms_of(file) == ["key", "survey", "𠀋", "﨑"]
    assert file["words"] == "keys surveys 𠀋 﨑"


def test_words_are_those_behind_the_stems_each_once() -> None:
    file = read(Document(id="a", title="The learned learning", note="learning pre-training"))
    assert file["words"] == "learned learning pre pretraining training"
    assert terms_of(file) == ["learn", "pre", "pretrain", "train"]


def test_stop_words_are_not_indexed() -> None:
    file = read(*documents())
    assert not STOP_WORDS & set(file["words"].split(" "))


def test_the_pipeline_is_one_that_lunr_js_knows() -> None:
    file = read(*documents())
    assert file["version"] == 1
    assert file["lunr"]["version"] == "2.3.9"
    assert file["lunr"]["pipeline"] == ["stemmer"]


def test_a_field_that_is_empty_everywhere_is_left_out() -> None:
    assert read(Document(id="a", title="One", note="Two"))["lunr"]["fields"] == ["title", "note"]


def test_boosts_weigh_the_fields() -> None:
    fields = dict.fromkeys(BOOSTS, "marmalade")
    file = read(Document(id="a", **fields), Document(id="b", **dict.fromkeys(BOOSTS, "quince")))
    base = weight(file, "marmalad", "note", "a")
    assert base > 0.4
    for name, boost in BOOSTS.items():
        assert weight(file, "marmalad", name, "a") == pytest.approx(base * boost, abs=0.001), name


def test_no_papers_make_an_empty_index() -> None:
    assert read() == {
        "version": 1,
        "lunr": {"version": "2.3.9", "fields": [], "fieldVectors": [], "invertedIndex": [], "pipeline": ["stemmer"]},
        "words": "",
    }


def test_same_papers_same_bytes() -> None:
    assert search_index(documents()) == search_index(documents())


def test_cards_are_rows_in_the_order_given() -> None:
    late = Row(
        id="late", title="Späte Äpfel", byline="Ada Example", when="June 2025", date="2025-06", year=2025, venue="Letters",
        tags=("fruit", "food"), authors=("ada-example",), has=("code",), gist="Late", hand=("fruit",), suggested=("food",),
    )  # fmt: skip
    undated = Row(id="undated", title="T", byline="", when="", date="", year=None, venue="", tags=(), authors=(), has=())
    assert search_rows([late, undated]).decode("utf-8") == (
        '{"version":1,"papers":['
        '["late","Späte Äpfel","Ada Example","June 2025","2025-06",2025,"Letters",["fruit","food"],["ada-example"],["code"],'
        '"Late",["fruit"],["food"]],'
        '["undated","T","","","",null,"",[],[],[],"",[],[]]]}'
    )


def test_lunr_becomes_a_module() -> None:
    lines = lunr_module().decode("utf-8").split("\n")
    assert lines[0] == "const module={exports:{}},exports=module.exports;"
    assert "2.3.9" in lines[2]
    assert lines[-2] == "export default module.exports;"


def test_a_missing_lunr_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(index.importlib.resources, "files", lambda _: tmp_path)
    with pytest.raises(Failure) as missing:
        lunr_module()
    assert missing.value.problem.hint == "install papergrove again: its wheel brings it"
