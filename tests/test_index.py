import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lunr.stop_word_filter import WORDS as STOP_WORDS
from surveys import PAGES, PAPERS, TAGS, many, tiny

from generator import index
from generator.index import BOOSTS, Document, Row, lunr_module, search_index, search_rows
from generator.library import Library
from generator.load import load
from generator.report import Failure
from generator.tag import tag

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
        text=3,
    )  # fmt: skip
    undated = Row(id="undated", title="T", byline="", when="", date="", year=None, venue="", tags=(), authors=(), has=())
    assert search_rows([late, undated]).decode("utf-8") == (
        '{"version":1,"papers":['
        '["late","Späte Äpfel","Ada Example","June 2025","2025-06",2025,"Letters",["fruit","food"],["ada-example"],["code"],'
        '"Late",["fruit"],["food"],3],'
        '["undated","T","","","",null,"",[],[],[],"",[],[],null]]}'
    )


# Names and texts


def made(root: Path, papers: Mapping[str, str], tags: str = TAGS, pages: Mapping[str, str] = {}) -> dict[str, Any]:
    """The files of the search for a survey of these papers, read."""
    survey, problems = load(tiny(root, papers, tags=tags, pages=pages))
    assert not problems
    outputs = index.index(Library(survey, tag(survey)))
    return {output.path: json.loads(output.make()) for output in outputs if output.path.endswith(".json")}


def test_names_are_those_of_tags_that_have_papers(tmp_path: Path) -> None:
    tags = TAGS + "  - {id: empty, facet: topic, label: Empty}\n  - {id: old, facet: topic, label: Old, replaced_by: gardens}\n"
    assert made(tmp_path, PAPERS, tags)["search/names.json"]["tags"] == [
        ["gardens", "Gardens", "topic", "circle", 2, ["allotments"], None],  # one of them its child's
        ["counting", "Counting", "method", "square", 1, [], None],
        ["moss-gardens", "Moss gardens", "topic", "circle", 1, [], None],
    ]


def test_names_are_those_of_all_authors_and_who_has_a_page(tmp_path: Path) -> None:
    names = made(tmp_path, PAPERS)["search/names.json"]
    assert names["version"] == 1
    assert names["authors"] == [
        ["ada-example", "Ada Example", 2, True],
        ["ben-sample", "Ben Sample", 1, False],
        ["cleo-instance", "Cleo Instance", 1, False],
        ["dan-placeholder", "Dan Placeholder", 1, False],
        ["eve-token", "Eve Token", 1, False],
    ]


def test_names_are_those_of_chapters_and_other_pages_but_not_of_the_introduction(tmp_path: Path) -> None:
    names = made(tmp_path, PAPERS, pages=PAGES)["search/names.json"]
    assert names["pages"] == [
        ["pages/on-gardens/", "1", "On gardens"],
        ["pages/on-counting/", "2", "On counting"],
        ["pages/method/", "", "Method"],
    ]
    assert {row[0]: row[-1] for row in names["tags"]} == {"gardens": 0, "counting": 2, "moss-gardens": None}


@pytest.mark.parametrize(
    ("pages", "best"),
    [
        ({"few": "[@g0; @g1]"}, None),
        ({"few": "[@g0; @g1]", "three": "[@g0; @g1; @g2]"}, "three"),
        ({"all": "[@g0; @g1; @g2; @g3]", "names": "[#gardens]", "three": "[@g0; @g1; @g2]"}, "all"),
        ({"names": "[#gardens]"}, "names"),
        ({"a-few": "[#gardens] [@g0; @g1]", "others": "[#gardens] [@c0; @c1; @c2; @g0]"}, "a-few"),
        ({"same": "[@g0; @g1; @g2]", "same-again": "[@g0; @g1; @g2]"}, "same"),
        ({"home": "[#gardens] [@g0; @g1; @g2]"}, None),
    ],
)
def test_the_page_of_a_tag_treats_it_and_cites_most_of_its_papers(
    tmp_path: Path, pages: dict[str, str], best: str | None
) -> None:
    papers = {f"{tag[0]}{n}": f"---\ntitle: T\ntags: [{tag}]\n---\n" for tag in ("gardens", "counting") for n in range(4)}
    texts = {name: f"---\ntitle: {name}\n---\n{text}\n" for name, text in pages.items()}
    names = made(tmp_path, papers, pages=texts)["search/names.json"]
    at = next(row[-1] for row in names["tags"] if row[0] == "gardens")
    assert (None if at is None else names["pages"][at][2]) == best


def test_texts_are_plain_and_those_that_a_paper_has(tmp_path: Path) -> None:
    papers = {**PAPERS, "abstract": "---\ntitle: T\nfindings: [One, Two]\nabstract: Some *stars* stay.\nadded: 2024-03-06\n---\n"}
    files = made(tmp_path, papers)
    assert files["search/texts/0.json"] == {
        "version": 1,
        "texts": [
            ["a-quiet-garden", ["With Eve\N{NO-BREAK SPACE}Token"]],  # the byline shows three
            ["counting-moss", ["Asks whether moss can be counted. It can; see the gardens.", "12% more moss after rain"]],
            ["abstract", ["One", "Two", "Some *stars* stay."]],
        ],
    }
    chunks = {row[0]: row[-1] for row in files["search/papers.json"]["papers"]}
    assert chunks == {"counting-moss": 0, "abstract": 0, "a-quiet-garden": 0, "only-a-title": None, "from-a-lab": None}


def test_the_last_text_names_all_authors_that_the_byline_leaves_out(tmp_path: Path) -> None:
    papers = {
        "six": "---\ntitle: T\nauthors: [Ada A, Bo B, Cy C, Di van D, E. F. E, Fay F]\nabstract: Said.\n---\n",
        "three": "---\ntitle: T\nauthors: [Ada A, Bo B, Cy C]\nauthor_count: 9\n---\n",
    }
    files = made(tmp_path, papers)
    assert {row[0]: row[2] for row in files["search/papers.json"]["papers"]}["six"] == "Ada A, Bo B, Cy C et al."
    assert files["search/texts/0.json"]["texts"] == [["six", ["Said.", "With Di~van~D, E.~F.~E, Fay~F".replace("~", "\xa0")]]]


def test_a_chunk_without_texts_is_not_made(tmp_path: Path) -> None:
    silent = {f"silent-{n}": f"---\ntitle: Silent {n}\n---\n" for n in range(40)}
    files = made(tmp_path, {**silent, "said": "---\ntitle: Said\nadded: 2025-01-01\n---\nSaid.\n"})
    assert [path for path in files if path.startswith("search/texts/")] == ["search/texts/1.json"]
    assert files["search/texts/1.json"]["texts"] == [["said", ["Said."]]]


@pytest.mark.parametrize(("number", "changed"), [(69, "2"), (64, "2"), (0, "0")])
def test_a_new_paper_changes_the_last_chunk_only(tmp_path: Path, number: int, changed: str) -> None:
    before = made(tmp_path, many(number))
    after = made(tmp_path, {"a-new": "---\ntitle: New\ndate: 2010\nadded: 2025-01-02\n---\nOf old.\n"})
    chunks = [path for path in after if path.startswith("search/texts/")]
    assert len(chunks) == number // 32 + 1
    assert [path for path in chunks if after[path] != before.get(path)] == [f"search/texts/{changed}.json"]
    of_papers = [{row[0]: row[-1] for row in files["search/papers.json"]["papers"]} for files in (before, after)]
    assert of_papers[1] == {**of_papers[0], "a-new": number // 32}


def test_only_files_that_change_have_a_new_key(tmp_path: Path) -> None:
    def keys() -> dict[str, str]:
        survey, _ = load(tmp_path)
        return {output.path: output.key for output in index.index(Library(survey, tag(survey)))}

    def changed(path: str, old: str, new: str) -> list[str]:
        before, place = keys(), tmp_path / path
        place.write_text(place.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return [path for path, key in keys().items() if key != before[path]]

    cited = "[@paper-0; @paper-3; @paper-6]"
    tiny(tmp_path, many(40), pages={"chapter": f"---\ntitle: Old\nchapter: 1\n---\nMoss.\n\n{cited}\n"})
    note, chapter = "content/papers/paper-0.md", "content/pages/chapter.md"
    assert changed(note, "Asks how", "Asks how") == []
    assert changed(note, "Asks how", "Asks why") == ["search/index.json", "search/texts/0.json"]
    assert changed(note, "[Author 0", "[Ad, Bo, Cy, Di, Author 0") == [
        "search/index.json", "search/papers.json", "search/names.json", "search/texts/0.json"
    ]  # fmt: skip
    assert changed(chapter, "Moss.", "Ferns.") == []
    for old, new in (("title: Old", "title: New"), ("chapter: 1", "chapter: 2"), (cited, "[@paper-0]")):
        assert changed(chapter, old, new) == ["search/names.json"]


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
