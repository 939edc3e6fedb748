"""The files that the search fetches: what each holds, and which of them a change touches."""

import gzip
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from surveys import PAGES, PAPERS, TAGS, many, tiny

from generator import index
from generator.analyze import analyze
from generator.index import Cut, cut_for, lunr_module
from generator.library import Library
from generator.load import load
from generator.memo import FOLDER, Memo
from generator.model import Output
from generator.postings import FIELDS, Postings
from generator.ranking import RANKING
from generator.relate import relate
from generator.report import Failure
from generator.shards import file_name
from generator.space import space_of
from generator.tag import tag
from generator.text import stem, words


def prepared(root: Path) -> tuple[Library, Postings]:
    survey, problems = load(root)
    assert not problems
    labels = tag(survey)
    library = Library(survey, labels, relate(survey, labels, space_of(survey.papers)))
    return library, analyze(library, Memo(root))


def outputs(root: Path) -> list[Output]:
    library, postings = prepared(root)
    return index.index(library, postings)


def files_of(root: Path) -> dict[str, bytes]:
    """The files of the search, uncompressed, by their names in its folder."""
    made = {output.path: output.make() for output in outputs(root) if output.path.startswith("search/")}
    return {path.removeprefix("search/"): data for path, data in made.items() if not path.endswith(".gz")}


def made(root: Path, papers: Mapping[str, str], tags: str = TAGS, pages: Mapping[str, str] = {}) -> dict[str, Any]:
    """The same for a survey of these papers, read: JSON as its value, a table as its lines."""
    return {name: read(name, data) for name, data in files_of(tiny(root, papers, tags=tags, pages=pages)).items()}


def read(name: str, data: bytes) -> Any:
    if name.endswith(".json"):
        return json.loads(data)
    return data.decode("utf-8").split("\n") if name.endswith(".txt") else data


def names_in(files: Mapping[str, object], folder: str) -> list[str]:
    return sorted(name.removeprefix(folder) for name in files if name.startswith(folder))


# ------------------------------------------------------------------ files


def test_the_files_of_a_small_survey(tmp_path: Path) -> None:
    assert sorted(files_of(tiny(tmp_path))) == [
        "authors/-.txt",
        "cards/0.json",
        "columns/has.json",
        "columns/newest.json",
        "columns/tags.json",
        "columns/title.json",
        "columns/venues.json",
        "columns/years.json",
        "ends/-.txt",
        "index.json",
        "names.json",
        "people/-.txt",
        "similar.bin",
        "terms/-.bin",
        "texts/0.json",
        "words/-.txt",
    ]


def test_each_file_is_there_plain_and_compressed(tmp_path: Path) -> None:
    made = {output.path: output.make() for output in outputs(tiny(tmp_path)) if output.path.startswith("search/")}
    plain = [path for path in made if not path.endswith(".gz")]
    assert sorted(made) == sorted([*plain, *(f"{path}.gz" for path in plain)])
    for path in plain:
        assert gzip.decompress(made[f"{path}.gz"]) == made[path], path


def test_an_empty_survey_has_empty_files(tmp_path: Path) -> None:
    files = made(tmp_path, {})
    assert not [name for name in files if name.startswith(("cards/", "texts/"))]
    assert files["similar.bin"] == files["terms/-.bin"] == b""
    assert files["words/-.txt"] == files["people/-.txt"] == [""]
    assert files["columns/newest.json"] == []
    assert files["columns/years.json"] == {}
    assert (files["index.json"]["size"], files["names.json"]["tags"]) == (0, [])


def test_a_small_survey_has_few_files_and_of_a_larger_one_little_is_fetched() -> None:
    assert cut_for(0) == cut_for(999)
    assert cut_for(999).papers > cut_for(1_000).papers == cut_for(1_000_000).papers
    assert cut_for(999).bytes > cut_for(1_000).bytes < cut_for(20_000).bytes


def test_a_larger_survey_has_smaller_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def chunks(files: Mapping[str, Any]) -> tuple[int, list[int], list[int]]:
        cards, texts = ([len(files[folder + name]) for name in names_in(files, folder)] for folder in ("cards/", "texts/"))
        return files["index.json"]["chunk"], cards, texts

    assert chunks(made(tmp_path, many(40))) == (32, [32, 8], [32, 8])
    monkeypatch.setattr(index, "cut_for", lambda papers: cut_for(papers * 100))
    assert chunks(made(tmp_path, many(40))) == (8, [8] * 5, [8] * 5)


# ------------------------------------------------------------------ the head


def test_the_head_says_what_a_question_needs_first(tmp_path: Path) -> None:
    papers = {"one": "---\ntitle: Slow moss\nauthors: [Ada B]\n---\nMoss.\n", "two": "---\ntitle: Fern\n---\n"}
    head = made(tmp_path, papers)["index.json"]
    assert {name: value for name, value in head.items() if name not in ("edition", "shards")} == {
        "version": 2,
        "size": 2,
        "chunk": 32,
        "k1": 1.2,
        "b": 0.75,
        "text": [["title", 1.5, 1.5], ["note", 1, 0.5], ["findings", 1, 0], ["gist", 1, 0]],
        "names": [["authors", 0.5, 1], ["tags", 0.5, 2], ["venue", 0.5, 0]],
        "ranking": RANKING,
    }
    assert head["shards"] == {name: [""] for name in ("terms", "words", "ends", "people", "authors")}
    assert [name for name, *_ in (*head["text"], *head["names"])] == list(FIELDS)


def test_the_head_names_all_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "cut_for", lambda _: Cut(papers=8, bytes=200))
    files = files_of(tiny(tmp_path, varied(30)))
    for folder, firsts in json.loads(files["index.json"])["shards"].items():
        assert len(firsts) > 3, folder
        end = "bin" if folder == "terms" else "txt"
        assert names_in(files, f"{folder}/") == sorted(f"{file_name(first)}.{end}" for first in firsts)
        for first in firsts[1:]:  # a term begins with what it shares, nothing, and its length
            begins = bytes([0, len(first)]) if folder == "terms" else b""
            assert files[f"{folder}/{file_name(first)}.{end}"].startswith(begins + first.encode("utf-8")), first


def test_an_edition_is_one_of_ordinals(tmp_path: Path) -> None:
    def edition(papers: Mapping[str, str]) -> str:
        for record in (tmp_path / "content/papers").glob("*.md"):
            record.unlink()
        return str(made(tmp_path, papers)["index.json"]["edition"])

    first = edition(PAPERS)
    assert len(first) == 8
    assert edition({**PAPERS, "only-a-title": "---\ntitle: Another title\n---\n"}) == first
    others = [
        edition({**PAPERS, "a-new": "---\ntitle: New\n---\n"}),
        edition({name: PAPERS[name] for name in list(PAPERS)[1:]}),
        edition({**PAPERS, "only-a-title": "---\ntitle: Only a title\nadded: 2024-06-01\n---\n"}),  # in another place
    ]
    assert len({first, *others}) == 4
    assert edition(PAPERS) == first


# ------------------------------------------------------------------ tables


def test_words_have_the_number_of_their_papers_and_ends_are_backwards(tmp_path: Path) -> None:
    files = made(tmp_path, {"one": "---\ntitle: The reed, mown\n---\nReeds, 𠀋𠀌.\n", "two": "---\ntitle: Reed\n---\n"})
    assert files["words/-.txt"] == ["mown", "reed\t2", "reeds", "𠀋𠀌"]
    assert files["ends/-.txt"] == ["deer", "nwom", "sdeer", "𠀌𠀋"]


def test_people_are_listed_by_each_word_of_their_names(tmp_path: Path) -> None:
    assert made(tmp_path, PAPERS)["people/-.txt"] == [
        "ada\tada-example\tAda Example\t2\t1",  # who has a page
        "ben\tben-sample\tBen Sample\t1\t0",
        "cleo\tcleo-instance\tCleo Instance\t1\t0",
        "dan\tdan-placeholder\tDan Placeholder\t1\t0",
        "eve\teve-token\tEve Token\t1\t0",
        "example\tada-example\tAda Example\t2\t1",
        "instance\tcleo-instance\tCleo Instance\t1\t0",
        "placeholder\tdan-placeholder\tDan Placeholder\t1\t0",
        "sample\tben-sample\tBen Sample\t1\t0",
        "token\teve-token\tEve Token\t1\t0",
    ]


def test_of_one_word_the_people_of_most_papers_are_first(tmp_path: Path) -> None:
    authors = ["Ada Fern", "Zoe Fern", "Ben Fern", "Zoe Fern"]
    papers = {f"p{n}": f"---\ntitle: T\nauthors: [{author}]\n---\n" for n, author in enumerate(authors)}
    lines = made(tmp_path, papers)["people/-.txt"]
    assert [line.split("\t")[1] for line in lines if line.startswith("fern\t")] == ["zoe-fern", "ada-fern", "ben-fern"]


def test_a_hyphenated_name_is_found_by_its_parts_and_joined(tmp_path: Path) -> None:
    lines = made(tmp_path, {"one": "---\ntitle: T\nauthors: [Anna-Lena Ek]\n---\n"})["people/-.txt"]
    assert [line.split("\t")[0] for line in lines] == ["anna", "annalena", "ek", "lena"]


def test_authors_have_the_gaps_between_their_papers(tmp_path: Path) -> None:
    authors = {"a": "Ada B, Cy D", "b": "Cy D", "c": "Ada B", "d": "Cy D", "e": "Cy  D"}  # one of them spelled otherwise
    papers = {name: f"---\ntitle: T\nauthors: [{given}]\n---\n" for name, given in authors.items()}
    assert made(tmp_path, papers)["authors/-.txt"] == ["ada-b\tAda B\t0 1", "cy-d\tCy D\t0 0 1 0"]


# ------------------------------------------------------------------ columns


def test_columns_tell_which_papers_have_a_value(tmp_path: Path) -> None:
    """The order of the papers is only-a-title and from-a-lab, which were never added, then the others by day and id."""
    files = made(tmp_path, PAPERS)
    columns = {name.removesuffix(".json"): files[f"columns/{name}"] for name in names_in(files, "columns/")}
    assert [card[0] for card in files["cards/0.json"]] == ["from-a-lab", "only-a-title", "a-quiet-garden", "counting-moss"]
    assert columns == {
        "tags": {"counting": [3], "gardens": [2, 0], "moss-gardens": [3]},
        "venues": {"Journal of Small Plants": [3]},
        "years": {"2023": [0, 1], "2024": [3]},
        "has": {"code": [3], "data": [3], "note": [3]},
        "newest": [3, 2, 0, 1],
        "title": [2, 3, 0, 1],
    }


# ------------------------------------------------------------------ cards and texts


def test_cards_are_rows_by_ordinal(tmp_path: Path) -> None:
    assert made(tmp_path, PAPERS)["cards/0.json"] == [
        ["from-a-lab", "From a lab", "Made-Up Lab", "2023", "", [], [], []],
        ["only-a-title", "Only a title", "Authors not stated", "Date not stated", "", [], [], []],
        ["a-quiet-garden", "A Quiet Garden", "Ada Example, Cleo Instance, Dan Placeholder et al.", "November\xa02023", "",
         ["gardens"], [], []],
        ["counting-moss", "Counting Moss: A Slow Study", "Ada Example, Ben Sample", "Journal of Small Plants\xa02024",
         "Moss can be counted, given time", ["moss-gardens", "counting"], [], ["code", "data", "note"]],
    ]  # fmt: skip


def test_a_card_keeps_suggested_tags_apart(tmp_path: Path) -> None:
    (card,) = made(tmp_path, {"one": "---\ntitle: Counting späte Äpfel in a garden\ntags: [gardens]\n---\n"})["cards/0.json"]
    assert card[1:2] + card[5:7] == ["Counting späte Äpfel in a garden", ["gardens"], ["counting"]]


def test_texts_are_plain_and_those_that_a_paper_has(tmp_path: Path) -> None:
    papers = {**PAPERS, "abstract": "---\ntitle: T\nfindings: [One, Two]\nabstract: Some *stars* stay.\nadded: 2024-03-06\n---\n"}
    assert made(tmp_path, papers)["texts/0.json"] == [
        [],
        [],
        ["With Eve\N{NO-BREAK SPACE}Token"],  # the byline shows three
        ["Asks whether moss can be counted. It can; see the gardens.", "12% more moss after rain"],
        ["One", "Two", "Some *stars* stay."],
    ]


def test_the_last_text_names_all_authors_that_the_byline_leaves_out(tmp_path: Path) -> None:
    papers = {
        "six": "---\ntitle: T\nauthors: [Ada A, Bo B, Cy C, Di van D, E. F. E, Fay F]\nabstract: Said.\n---\n",
        "three": "---\ntitle: T\nauthors: [Ada A, Bo B, Cy C]\nauthor_count: 9\n---\n",
    }
    files = made(tmp_path, papers)
    assert files["cards/0.json"][0][2] == "Ada A, Bo B, Cy C et al."
    assert files["texts/0.json"] == [["Said.", "With Di~van~D, E.~F.~E, Fay~F".replace("~", "\xa0")], []]


# ------------------------------------------------------------------ names


def test_names_are_those_of_tags_that_have_papers(tmp_path: Path) -> None:
    tags = TAGS + "  - {id: empty, facet: topic, label: Empty}\n  - {id: old, facet: topic, label: Old, replaced_by: gardens}\n"
    assert made(tmp_path, PAPERS, tags)["names.json"]["tags"] == [
        ["gardens", "Gardens", "topic", "circle", 2, ["allotments"], None],  # one of them its child's
        ["counting", "Counting", "method", "square", 1, [], None],
        ["moss-gardens", "Moss gardens", "topic", "circle", 1, [], None],
    ]


def test_names_are_those_of_chapters_and_other_pages_but_not_of_the_introduction(tmp_path: Path) -> None:
    names = made(tmp_path, PAPERS, pages=PAGES)["names.json"]
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
    names = made(tmp_path, papers, pages=texts)["names.json"]
    at = next(row[-1] for row in names["tags"] if row[0] == "gardens")
    assert (None if at is None else names["pages"][at][2]) == best


# ------------------------------------------------------------------ again


@pytest.mark.parametrize(("number", "changed"), [(69, "2"), (64, "2"), (0, "0")])
def test_a_new_paper_changes_the_last_chunk_only(tmp_path: Path, number: int, changed: str) -> None:
    before = made(tmp_path, many(number))
    after = made(tmp_path, {"a-new": "---\ntitle: New\ndate: 2010\nadded: 2025-01-02\n---\nOf old.\n"})
    for folder in ("cards/", "texts/"):
        chunks = names_in(after, folder)
        assert len(chunks) == number // 32 + 1
        assert [name for name in chunks if after[folder + name] != before.get(folder + name)] == [f"{changed}.json"]
    assert after[f"cards/{changed}.json"][-1][0] == "a-new"


def test_only_files_that_change_have_a_new_key(tmp_path: Path) -> None:
    def keys() -> dict[str, str]:
        return {output.path: output.key for output in outputs(tmp_path)}

    def changed(path: str, old: str, new: str) -> set[str]:
        before, place = keys(), tmp_path / path
        text = place.read_text(encoding="utf-8")
        assert old in text
        place.write_text(text.replace(old, new), encoding="utf-8")
        after = keys()
        assert after.keys() == before.keys()
        found = {path.removeprefix("search/") for path, key in after.items() if key != before[path]}
        plain = {path for path in found if not path.endswith(".gz")}
        assert found == plain | {f"{path}.gz" for path in plain}
        return plain

    cited = "[@paper-0; @paper-3; @paper-6]"
    tiny(tmp_path, many(12), pages={"chapter": f"---\ntitle: Old\nchapter: 1\n---\nMoss.\n\n{cited}\n"})
    note, chapter = "content/papers/paper-0.md", "content/pages/chapter.md"
    assert changed(note, "Asks how", "Asks how") == set()
    assert changed(note, "Asks how", "Asks why") == {"texts/0.json"}  # two stop words
    of_words = {"terms/-.bin", "words/-.txt", "ends/-.txt"}
    assert changed(note, "Asks why", "Tells why") == {*of_words, "texts/0.json"}
    people = {"people/-.txt", "authors/-.txt"}
    assert changed(note, "[Author 0", "[Ad, Bo, Cy, Di, Author 0") == {
        "index.json", *of_words, *people, "cards/0.json", "texts/0.json"
    }  # fmt: skip
    assert changed(note, "date: 2015-01-01", "date: 2015-12-01") == {"cards/0.json", "columns/newest.json"}
    assert changed(note, "---\nTells", "links: {code: https://example.org/a}\n---\nTells") == {"cards/0.json", "columns/has.json"}
    assert changed(chapter, "Moss.", "Ferns.") == set()
    for old, new in (("title: Old", "title: New"), ("chapter: 1", "chapter: 2"), (cited, "[@paper-0]")):
        assert changed(chapter, old, new) == {"names.json"}


SYLLABLES = ["mos", "fer", "lich", "ree", "sed", "clo", "net", "this", "bram", "wil", "ald", "haz"]


def varied(number: int) -> dict[str, str]:
    """So many made-up papers that share few words."""
    rnd = random.Random(number)
    nouns = [a + b + c for a in SYLLABLES for b in SYLLABLES for c in ("el", "on", "ar")]
    return {
        f"paper-{n}": (
            f"---\ntitle: {' '.join(rnd.sample(nouns, 3)).capitalize()}\nauthors: [{rnd.choice(nouns).capitalize()} Example]\n"
            f"date: {2015 + n % 10}\nadded: 2025-01-01\n---\n{' '.join(rnd.sample(nouns, 8)).capitalize()}.\n"
        )
        for n in range(number)
    }


TABLES = ("terms/", "words/", "ends/", "people/", "authors/")
NEW = "---\ntitle: Mosmosel in rain\nauthors: [Zoe Newcomer]\ndate: 2024\nadded: 2025-02-01\n---\nOf fersedon, and mosmosels.\n"


def keys_in(name: str, data: bytes) -> set[str]:
    """The keys of a table of text."""
    keys = {line.split("\t")[0] for line in data.decode("utf-8").split("\n")}
    return {key[::-1] for key in keys} if name.startswith("ends/") else keys


def shard_of(key: str, firsts: Sequence[str]) -> str:
    return max(first for first in firsts if first <= key)


def test_one_paper_changes_only_the_files_that_hold_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "cut_for", lambda _: Cut(papers=8, bytes=256))
    before = files_of(tiny(tmp_path, varied(60)))
    after = files_of(tiny(tmp_path, {"zz-new": NEW}))
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    own = {*words(NEW), "zoe-newcomer"}

    def holds_own(name: str) -> bool:
        if name.startswith("terms/"):
            firsts = [json.loads(files["index.json"])["shards"]["terms"] for files in (before, after)]
            return name in {f"terms/{file_name(shard_of(stem(word), found))}.bin" for word in own for found in firsts}
        return any(keys_in(name, files.get(name, b"")) & own for files in (before, after))

    for folder in TABLES:
        found = {name for name in changed if name.startswith(folder)}
        assert all(map(holds_own, found)), found
        assert len(names_in(after, folder)) > 8
        assert 0 < len(found) < len(names_in(after, folder)) / 2, folder
    assert {name for name in changed if not name.startswith(TABLES)} == {
        "index.json", "similar.bin", "cards/7.json", "texts/7.json",
        "columns/newest.json", "columns/title.json", "columns/years.json", "columns/has.json",
    }  # fmt: skip


def test_a_cold_build_gives_what_changes_step_by_step_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "cut_for", lambda _: Cut(papers=8, bytes=256))
    used, cold = tmp_path / "used", tmp_path / "cold"
    before = files_of(tiny(used, varied(40)))
    assert (used / FOLDER / "analysis.json").exists()
    after = files_of(tiny(used, {"zz-new": NEW}))
    assert after == files_of(tiny(cold, {**varied(40), "zz-new": NEW}))
    (used / "content/papers/zz-new.md").unlink()
    assert files_of(used) == before
    assert after != before


def test_same_papers_same_bytes(tmp_path: Path) -> None:
    first, second = ({output.path: output.make() for output in outputs(tiny(tmp_path / name))} for name in ("one", "two"))
    assert first == second


# ------------------------------------------------------------------ lunr.js


def test_lunr_becomes_a_module(tmp_path: Path) -> None:
    lines = lunr_module().decode("utf-8").split("\n")
    assert lines[0] == "const module={exports:{}},exports=module.exports;"
    assert "2.3.9" in lines[2]
    assert lines[-2] == "export default module.exports;"
    assert [output.make() for output in outputs(tiny(tmp_path)) if output.path == "static/js/lunr.js"] == [lunr_module()]


def test_a_missing_lunr_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    with pytest.raises(Failure) as missing:
        lunr_module()
    assert missing.value.problem.hint == "install papergrove again: its wheel brings it"
