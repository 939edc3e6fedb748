"""What of a paper is searched, and that only what changed is taken apart again."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from surveys import PAPERS, TAGS, tiny

from generator import analyze as analyzing
from generator.analyze import analyze, document
from generator.library import Library
from generator.load import load
from generator.memo import Memo
from generator.postings import Document, Postings, analysis_of
from generator.tag import tag


def library_of(root: Path) -> Library:
    survey, problems = load(root)
    assert not problems
    return Library(survey, tag(survey))


@pytest.fixture
def analyzed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Postings, list[str]]]:
    """Gives the postings of a survey of these papers, and the titles of the documents that were taken apart for them."""
    taken_apart: list[str] = []

    def watched(document: Document) -> object:
        taken_apart.append(document.title.split("\n")[0])
        return analysis_of(document)

    monkeypatch.setattr(analyzing, "analysis_of", watched)

    def run(papers: Mapping[str, str], tags: str = TAGS) -> tuple[Postings, list[str]]:
        for record in (tmp_path / "content/papers").glob("*.md"):
            record.unlink()
        taken_apart.clear()
        return analyze(library_of(tiny(tmp_path, papers, tags=tags)), Memo(tmp_path)), [*taken_apart]

    return run


def state(postings: Postings) -> object:
    return postings.of_field, postings.lengths, postings.lexicon, [dict(analysis.titled) for analysis in postings.analyses]


# ------------------------------------------------------------------ documents


def test_a_document_holds_all_by_which_a_paper_is_found(tmp_path: Path) -> None:
    full = PAPERS["counting-moss"].replace("---\nAsks", "also: [How Mosses Are Counted]\nabstract: In plots.\n---\nAsks")
    library = library_of(tiny(tmp_path, {"counting-moss": full, "from-a-lab": PAPERS["from-a-lab"]}))
    assert document(library, library.paper["counting-moss"], "The note.") == Document(
        title="Counting Moss: A Slow Study\nHow Mosses Are Counted",
        note="The note.\nIn plots.",
        findings="12% more moss after rain",
        gist="Moss can be counted, given time",
        authors="Ada Example\nBen Sample\n",
        tags="Moss gardens\nGardens\nallotments\nCounting",
        venue="Journal of Small Plants\n2024\n2024\n2403.00001\n10.1234/moss.5",
    )
    assert document(library, library.paper["from-a-lab"], "").authors == "Made-Up Lab"


def test_of_a_note_the_words_that_readers_see_are_counted(tmp_path: Path) -> None:
    note = "Asks *why*; see [the hedges](https://example.org/nettles) and `x_reed`.\n"
    postings = analyze(library_of(tiny(tmp_path, {"one": f"---\ntitle: One\n---\n{note}"})), Memo(tmp_path))
    assert set(postings.lexicon) == {"one", "asks", "hedges", "see", "x", "reed"}


def test_papers_are_in_the_order_in_which_they_were_taken_in(tmp_path: Path) -> None:
    days = {"c-lichen": "2024-01-01", "a-reed": "2024-02-01", "b-fern": "2024-01-01"}
    papers = {name: f"---\ntitle: {name[2:].capitalize()}\nadded: {day}\n---\n" for name, day in days.items()}
    papers["d-sedge"] = "---\ntitle: Sedge\ndate: 2025\n---\n"
    postings = analyze(library_of(tiny(tmp_path, papers)), Memo(tmp_path))
    assert [analysis.words for analysis in postings.analyses] == [("2025", "sedge"), ("fern",), ("lichen",), ("reed",)]


# ------------------------------------------------------------------ remembered

Analyzed = Callable[..., tuple[Postings, list[str]]]


def test_a_changed_record_is_the_only_one_taken_apart_again(analyzed: Analyzed) -> None:
    first, taken_apart = analyzed(PAPERS)
    assert sorted(taken_apart) == ["A Quiet Garden", "Counting Moss: A Slow Study", "From a lab", "Only a title"]
    again, taken_apart = analyzed(PAPERS)
    assert taken_apart == []
    assert state(again) == state(first)
    changed = {**PAPERS, "counting-moss": PAPERS["counting-moss"].replace("It can", "It cannot")}
    third, taken_apart = analyzed(changed)
    assert taken_apart == ["Counting Moss: A Slow Study"]
    assert "cannot" not in third.lexicon  # a stop word
    assert third.lengths == first.lengths
    new = {**changed, "a-new": "---\ntitle: New reeds\n---\n"}
    fourth, taken_apart = analyzed(new)
    assert taken_apart == ["New reeds"]
    assert fourth.lexicon["reeds"] == 1
    fifth, taken_apart = analyzed(changed)
    assert taken_apart == []
    assert state(fifth) == state(third)


def test_what_readers_are_not_found_by_takes_nothing_apart(analyzed: Analyzed) -> None:
    analyzed(PAPERS)
    _, taken_apart = analyzed({**PAPERS, "a-quiet-garden": PAPERS["a-quiet-garden"].replace("2024-04-01", "2024-04-02")})
    assert taken_apart == []


def test_a_new_name_of_a_tag_takes_its_papers_apart(analyzed: Analyzed) -> None:
    analyzed(PAPERS)
    postings, taken_apart = analyzed(PAPERS, TAGS.replace("[allotments]", "[allotments, parcels]"))
    assert sorted(taken_apart) == ["A Quiet Garden", "Counting Moss: A Slow Study"]
    assert postings.lexicon["parcels"] == 2


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[:-20],
    "changed within": lambda data: data.replace(b"moss", b"mass"),
    "empty": lambda _: b"",
    "no text": lambda data: b"\xff\xfe" + data,
}


@pytest.mark.parametrize("harm", [*HARMS, "gone"])
def test_a_damaged_memory_costs_only_time(analyzed: Analyzed, tmp_path: Path, harm: str) -> None:
    first, _ = analyzed(PAPERS)
    memory = tmp_path / ".papergrove/analysis.json"
    data = memory.read_bytes()
    if harm in HARMS:
        memory.write_bytes(HARMS[harm](data))
    else:
        memory.unlink()
    again, taken_apart = analyzed(PAPERS)
    assert len(taken_apart) == len(PAPERS)
    assert state(again) == state(first)
    assert memory.read_bytes() == data


def test_what_other_code_remembered_is_not_used(analyzed: Analyzed, monkeypatch: pytest.MonkeyPatch) -> None:
    analyzed(PAPERS)
    monkeypatch.setattr(analyzing, "code", lambda: "another version")
    assert len(analyzed(PAPERS)[1]) == len(PAPERS)
    assert len(analyzed(PAPERS)[1]) == 0


def test_the_key_of_the_postings_is_that_of_all_that_they_were_made_of(
    analyzed: Analyzed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def key(papers: Mapping[str, str]) -> str:
        return analyzed(papers)[0].key

    first = key(PAPERS)
    assert key({**PAPERS, "a-quiet-garden": PAPERS["a-quiet-garden"].replace("2024-04-01", "2024-04-02")}) == first
    others = [
        key({**PAPERS, "a-quiet-garden": PAPERS["a-quiet-garden"].replace("Quiet", "Silent")}),
        key({**PAPERS, "a-quiet-garden": PAPERS["a-quiet-garden"].replace("added: 2024-03-05", "added: 2024-03-06")}),  # the last
        key({**PAPERS, "a-new": "---\ntitle: New reeds\n---\n"}),
    ]
    monkeypatch.setattr(analyzing, "code", lambda: "another version")
    assert len({first, *others, key(PAPERS)}) == 5
