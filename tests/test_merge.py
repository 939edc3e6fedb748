"""test_merge: what an import makes of a survey: new records, filled fields, and nothing the second time"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from generator import records
from generator.importers.facts import Fact
from generator.merge import (
    Imported,
    MergedPaper,
    arxiv_month,
    as_data,
    import_files,
    merge,
    sources_with,
    texts,
)
from generator.model import Listing, Paper, Record, Settings, Source, Survey, Vocabulary
from generator.report import Place

FIXTURES = Path(__file__).parent / "fixtures" / "import"
TODAY = "2024-04-01"


def files(*names: str) -> list[tuple[str, str]]:
    return [(f"saved/{name}", (FIXTURES / name).read_text(encoding="utf-8")) for name in names]


def record(text: str, name: str) -> Record:
    found, problems = records.read(text, f"content/papers/{name}.md")
    assert found is not None, problems
    return found


def survey(*rows: Record, abstracts: str = "never", sources: tuple[Source, ...] = ()) -> Survey:
    by_id = tuple(sorted(rows, key=lambda row: row.paper.id))
    return Survey(settings=Settings(abstracts=abstracts), vocabulary=Vocabulary(), sources=sources, records=by_id)


def after(before: Survey, imported: Imported) -> Survey:
    """The survey that stands in its files once the import is written."""
    written = {path: text for path, text in texts(before, imported).items() if path.startswith("content/papers/")}
    kept = {row.path: row for row in before.records}
    kept |= {path: record(text, path.split("/")[-1].removesuffix(".md")) for path, text in written.items()}
    return survey(*kept.values(), abstracts=before.settings.abstracts, sources=imported.sources)


def one(title: str, page: str = "p-1", position: int = 1, **fields: object) -> Paper:
    return Paper(title=title, sources=(Listing(page=page, position=position),), **fields)  # type: ignore[arg-type]


def merged(before: Survey, *listed: Paper, facts: tuple[Paper, ...] = ()) -> list[MergedPaper]:
    rows = [Fact(paper, Place("facts.jsonl", number, 1)) for number, paper in enumerate(facts, start=1)]
    return list(merge(before, listed, rows, TODAY).papers)


BOTH = ("blocks.txt", "plain.txt")

# ------------------------------------------------------------------ what comes out


def test_pages_and_facts_become_records() -> None:
    imported = import_files(survey(), files(*BOTH), facts=files("facts.jsonl"), captured="2024-03-09", today=TODAY)
    assert (imported.read, imported.new, imported.merged, imported.unchanged) == (8, 7, 0, 0)
    written = texts(survey(), imported)
    assert written["content/papers/moss-clocks.md"] == (
        "---\n"
        'title: "Moss Clocks: Telling Time With Slow Plants"\n'
        "authors: [Ada Plum, Bo Reed, Cy Stone, Di Tarn]\n"
        "date: 2024-02-03\n"
        "venue: HarborConf\n"
        "venue_year: 2024\n"
        'arxiv: "2401.00001"\n'
        "doi: 10.1234/moss.1\n"
        "links: {code: https://github.com/plumbury-lab/moss_clocks}\n"
        "sources: [{page: daily-papers-1, position: 1, comments: 2}, {page: daily-papers-2, position: 1}]\n"
        "added: 2024-04-01\n"
        "also: [Slow Plants Tell Time]\n"
        "---\n"
    )
    assert "author_count: 412\n" in written["content/papers/harbor-bench.md"]  # more than the two who are named
    assert "links: {code: https://github.com/plumbury-lab/harbor-bench}\n" in written["content/papers/harbor-bench.md"]
    assert "date: 2005-01\n" in written["content/papers/tides-twice.md"]  # only the arXiv id says when
    assert "date: 2023-11-30\n" in written["content/papers/do-teacups-dream-of-saucers.md"]  # only the facts do
    assert "organization: Plumbury Institute for Teacups\n" in written["content/papers/saucer-drift.md"]
    assert written["content/sources.yml"] == (
        "- {id: daily-papers-1, file: blocks.txt, printed: Mar 9, captured: 2024-03-09, listings: 5}\n"
        "- {id: daily-papers-2, file: plain.txt, printed: Mar 4, captured: 2024-03-09, listings: 3}\n"
    )
    assert not any("lighthouse" in text for text in written.values())  # no abstract, and no sentence of one


def test_a_fact_about_no_paper_is_a_warning_at_its_line() -> None:
    imported = import_files(survey(), files("plain.txt"), facts=files("facts.jsonl")[:1], today=TODAY)
    said = [f"{p.place}: {p.level}: {p.message}" for p in imported.problems]
    assert said[-1] == "saved/facts.jsonl:5:1: warning: no paper of the survey is called 'A Paper That Nobody Listed'"
    assert len(said) == 3  # two papers are only on the other page


def test_abstracts_are_kept_where_the_survey_keeps_them() -> None:
    before = survey(abstracts="keep")
    imported = import_files(before, files(*BOTH), captured="2024-03-09", today=TODAY)
    assert all(row.paper.abstract for row in imported.papers)
    again = import_files(after(before, imported), files(*BOTH), today=TODAY)
    assert again.unchanged == 7


def test_importing_again_changes_nothing() -> None:
    everything = {"facts": files("facts.jsonl"), "captured": "2024-03-09"}
    first = import_files(survey(), files(*BOTH), today=TODAY, **everything)  # type: ignore[arg-type]
    done = after(survey(), first)
    again = import_files(done, files(*BOTH), today="2030-01-01", **everything)  # type: ignore[arg-type]
    assert (again.read, again.new, again.merged, again.unchanged) == (8, 0, 0, 7)
    assert texts(done, again) == {}


def test_the_order_of_files_makes_no_difference() -> None:
    imported = [import_files(survey(), files(*names), captured="2024-03-09", today=TODAY) for names in (BOTH, BOTH[::-1])]
    assert imported[0] == imported[1]


def test_one_after_the_other_gives_the_same_as_all_at_once() -> None:
    at_once = survey()
    at_once = after(at_once, import_files(at_once, files(*BOTH), facts=files("facts.jsonl"), captured="2024-03-09", today=TODAY))
    step = survey()
    for names, facts in ((BOTH[:1], ()), (BOTH[1:], ()), ((), ("facts.jsonl",))):
        step = after(step, import_files(step, files(*names), facts=files(*facts), captured="2024-03-09", today=TODAY))
    assert step == at_once


# ------------------------------------------------------------------ what a person wrote


def test_fields_that_are_there_are_never_overwritten_and_comments_stay() -> None:
    text = (
        "---\ntitle: Moss Clocks, Telling Time with Slow Plants\nauthors: [A. Plum]\n# as the journal has it\ndate: 2025\n"
        'venue: Moss Letters\narxiv: "2402.12345"\nlinks: {code: https://example.org/mine, video: https://example.org/film}\n'
        "sources: [{page: daily-papers-1, position: 40}]\nadded: 2020-01-01\ntags: [moss]\nalso: [Mossy]\ngist: Moss is slow\n"
        "---\nOur note.\n"
    )
    before = survey(record(text, "moss"))
    imported = import_files(before, files("blocks.txt"), facts=files("facts.jsonl"), captured="2024-03-09", today=TODAY)
    (moss,) = [row for row in imported.papers if row.paper.id == "moss"]
    assert moss.action == "merged"
    filled = text.replace("[A. Plum]\n", "[A. Plum]\nauthor_count: 4\n").replace('2345"\n', '2345"\ndoi: 10.1234/moss.1\n')
    assert texts(before, imported)["content/papers/moss.md"] == filled


def test_a_number_of_authors_goes_when_the_list_comes_in_but_stays_where_a_person_left_both() -> None:
    counted = record("---\ntitle: Gulls\nauthor_count: 2\n---\n", "gulls")
    (row,) = merged(survey(counted), facts=(Paper(title="Gulls", authors=("Ada Plum", "Bo Reed")),))
    assert (row.paper.author_count, row.paper.authors) == (None, ("Ada Plum", "Bo Reed"))
    both = record("---\ntitle: A Lone Keeper Counts Gulls\nauthors: [Ada Plum]\nauthor_count: 1\n---\n", "gulls")
    (row,) = merged(survey(both), one("A Lone Keeper Counts Gulls", author_count=1, organization="Acme"))
    assert (row.paper.author_count, row.action) == (1, "merged")


def test_a_year_is_taken_only_with_its_venue() -> None:
    fact = Paper(title="Gulls", venue="HarborConf", venue_year=2024)
    same = record("---\ntitle: Gulls\nvenue: HarborConf\n---\n", "gulls")
    other = record("---\ntitle: Gulls\nvenue: TideConf\n---\n", "gulls")
    dated = record("---\ntitle: Gulls\nvenue: HarborConf\nvenue_year: 2023\n---\n", "gulls")
    assert [merged(survey(row), facts=(fact,))[0].paper.venue_year for row in (same, other, dated)] == [2024, None, 2023]


def test_a_record_that_nothing_came_in_for_is_not_touched() -> None:
    kelp = record("---\ntitle: Kelp\n---\n", "kelp")
    assert [row.paper.title for row in merged(survey(kelp), one("Gulls"))] == ["Gulls"]


# ------------------------------------------------------------------ which papers are one


def test_one_title_in_two_spellings_is_one_paper_and_the_other_titles_count() -> None:
    rows = merged(survey(), one("Gulls: A Life by the Sea"), one("GULLS — a life by the sea!", page="p-2"))
    assert [(row.paper.title, len(row.paper.sources)) for row in rows] == [("Gulls: A Life by the Sea", 2)]
    renamed = record("---\ntitle: Sea Birds\nalso: [Gulls and How They Live]\n---\n", "sea-birds")
    gulls = "Gülls and how they live"
    (row,) = merged(survey(renamed), one(gulls), facts=(Paper(title=gulls, doi="10.1234/g"),))
    assert (row.paper.id, row.paper.doi, row.action) == ("sea-birds", "10.1234/g", "merged")


def test_a_title_goes_before_an_other_title() -> None:
    title = "A Lone Keeper Counts Gulls"
    gulls = record(f"---\ntitle: {title}\n---\n", "z-gulls")
    birds = record(f"---\ntitle: Birds\nalso: [{title}]\n---\n", "birds")
    assert [row.paper.id for row in merged(survey(gulls, birds), one(title))] == ["z-gulls"]


def test_an_id_that_equals_the_key_of_another_title_is_another_paper() -> None:
    birds = record("---\ntitle: Birds of the Upper Harbor Wall\n---\n", "gulls")
    rows = merged(survey(birds), one("Gulls"), one("Birds of the Upper Harbor Wall", position=2))
    assert [(row.paper.id, row.paper.title, row.action) for row in rows] == [
        ("gulls-2", "Gulls", "new"),
        ("gulls", "Birds of the Upper Harbor Wall", "merged"),
    ]


@pytest.mark.parametrize(
    ("title", "is_same"),
    [("Gulls of the Upper Harbour: A Life", True), ("An Entirely Different Set of Birds", False)],
)
def test_a_title_corrected_by_hand_is_known_by_its_place(title: str, is_same: bool) -> None:
    place = "sources: [{page: p-1, position: 1}]\n"
    corrected = record(f"---\ntitle: '{title}'\n{place}---\n", "gulls")
    rows = merged(
        survey(corrected),
        one("Gulls of the Uper Harbor: A Life"),
        facts=(Paper(title="Gulls of the Uper Harbor: A Life", doi="10.1234/g"),),
    )
    assert [(row.paper.title, row.paper.doi) for row in rows] == [
        (title if is_same else "Gulls of the Uper Harbor: A Life", "10.1234/g")
    ]
    assert rows[0].action == ("merged" if is_same else "new")


def test_a_paper_twice_on_a_page_keeps_the_first_place() -> None:
    header = "Daily Papers\n\nbyAK and the research community\n\nMar 9\n\n"
    page = f"{header}A Lone Keeper Counts Gulls\n\nThey fly.\n\nKelp\n\nIt sways.\n\nA lone keeper counts GULLS\n\nThey do.\n"
    imported = import_files(survey(), [("page.txt", page)], today=TODAY)
    assert [row.paper.sources for row in imported.papers] == [
        (Listing(page="daily-papers-1", position=1),),
        (Listing(page="daily-papers-1", position=2),),
    ]
    assert [str(p.message) for p in imported.problems] == [
        "'A lone keeper counts GULLS' is listed twice, at positions 1 and 3: the first is kept",
    ]


# ------------------------------------------------------------------ what only a person can say


def test_a_doubtful_paper_is_a_new_record_and_a_question() -> None:
    before = survey(record("---\ntitle: Gulls\nauthors: [Ada Plum]\n---\n", "gulls"), sources=(Source(id="p", file="p.jsonl"),))
    page = [("p.jsonl", '{"title": "GULLS", "authors": ["A. Plum"], "date": "2020"}\n')]
    imported = import_files(before, page, today=TODAY)
    assert [(row.path, row.action) for row in imported.papers] == [("content/papers/gulls-2020.md", "new")]
    assert [(str(p.place), p.level, p.message, p.hint) for p in imported.problems] == [
        (
            "content/papers/gulls-2020.md",
            "warning",
            "'GULLS' came in as a new record, but may be content/papers/gulls.md: the same title and an author of one surname",
            "if they are one paper: papergrove merge gulls gulls-2020",
        )
    ]
    assert as_data(imported)["asked"] == [
        {
            "id": "gulls-2020",
            "title": "GULLS",
            "file": "content/papers/gulls-2020.md",
            "candidates": ["gulls"],
            "why": "the same title and an author of one surname",
        }
    ]
    done = after(before, imported)
    again = import_files(done, page, today="2030-01-01")
    assert (again.unchanged, again.asked, again.problems, texts(done, again)) == (1, (), (), {})


def test_what_contradicts_is_another_paper_without_a_question() -> None:
    gulls = record("---\ntitle: A Lone Keeper Counts Gulls\nauthors: [Ada Plum]\n---\n", "gulls")
    (row,) = merged(survey(gulls), one("A Lone Keeper Counts Gulls", authors=("Bo Reed",)))
    assert (row.paper.id, row.action) == ("a-lone-keeper-counts-gulls", "new")


def test_forty_prefaces_stay_forty_wherever_they_stand_next_time() -> None:
    lines = [json.dumps({"title": "Preface", "authors": [f"Ada Plum{n}"], "date": str(1980 + n)}) + "\n" for n in range(40)]
    imported = import_files(survey(), [("p.jsonl", "".join(lines))], today=TODAY)
    assert (imported.new, imported.asked, imported.problems) == (40, (), ())
    done = after(survey(), imported)
    moved = import_files(done, [("p.jsonl", "".join(reversed(lines)))], today=TODAY)
    assert (moved.unchanged, texts(done, moved)) == (40, {})
    nobody = import_files(survey(), [("p.jsonl", '{"title": "Preface"}\n' * 40)], today=TODAY)
    assert (nobody.new, len(nobody.asked)) == (40, 39)
    assert [p.message for p in nobody.problems][3:] == ["36 more papers may be in the survey already"]


@pytest.mark.parametrize("field", [{"arxiv": "2401.00001v2"}, {"doi": "10.1234/GULLS"}, {"openreview": "aB3"}])
def test_a_retitled_paper_is_found_by_its_identifier(field: dict[str, str]) -> None:
    identified = "arxiv: '2401.00001'\ndoi: 10.1234/gulls\nopenreview: aB3\nalso: [Birds]\n"
    before = survey(record(f"---\ntitle: Gulls\nauthors: [Ada Plum]\ndate: 2024\n{identified}---\n", "gulls"))
    listed = one("Sea Birds of the Upper Harbor", authors=("A. Plum", "Bo Reed"), **field)
    result = merge(before, [listed], [], TODAY)
    assert [(row.path, row.paper.title, row.paper.also) for row in result.papers] == [
        ("content/papers/gulls.md", "Gulls", ("Birds", "Sea Birds of the Upper Harbor"))
    ]
    ((kind, value),) = field.items()
    assert [(str(p.place), p.message) for p in result.problems] == [
        (
            "content/papers/gulls.md",
            f"'Sea Birds of the Upper Harbor' has the same {kind} {value}: taken for another title of 'Gulls'",
        )
    ]
    again = merge(survey(record(records.write(result.papers[0].paper), "gulls")), [listed], [], TODAY)
    assert (again.papers[0].action, again.problems) == ("unchanged", ())


def test_an_identifier_of_a_clearly_different_paper_is_an_error_and_nothing_is_taken() -> None:
    gulls = record("---\ntitle: Gulls\nauthors: [Ada Plum]\narxiv: '2401.00001'\n---\n", "gulls")
    result = merge(survey(gulls), [one("On Kelp", authors=("Bo Reed",), arxiv="2401.00001")], [], TODAY)
    assert result.papers == ()
    assert [f"{p.place}: {p.level}: {p.message}" for p in result.problems] == [
        "content/papers/gulls.md: error: 'On Kelp' is left out: it has the arxiv 2401.00001 of 'Gulls', and is another paper"
    ]


def test_two_identifiers_of_one_kind_are_never_joined_without_a_question() -> None:
    gulls = record("---\ntitle: A Lone Keeper Counts Gulls\nauthors: [Ada Plum]\narxiv: '2401.00001'\n---\n", "gulls")
    result = merge(survey(gulls), [one("A Lone Keeper Counts Gulls", authors=("Ada Plum",), arxiv="2402.00002")], [], TODAY)
    assert [(row.action, row.paper.arxiv) for row in result.papers] == [("new", "2402.00002")]
    assert [asked.why for asked in result.asked] == ["the same title and an author of one surname, but another identifier"]


def test_a_fact_is_about_the_paper_that_it_fits_and_never_about_one_of_several() -> None:
    plum = record("---\ntitle: Gulls\nauthors: [Ada Plum]\n---\n", "plum")
    reed = record("---\ntitle: Gulls\nauthors: [Bo Reed]\n---\n", "reed")
    fact = Paper(title="Gulls", authors=("B. Reed",), doi="10.1234/g")
    assert [row.path for row in merged(survey(plum, reed), facts=(fact,))] == ["content/papers/reed.md"]
    result = merge(survey(plum, reed), [], [Fact(Paper(title="Gulls", doi="10.1234/g"), Place("facts.jsonl", 1, 1))], TODAY)
    assert result.papers == ()
    assert [p.message for p in result.problems] == ["2 papers may be called 'Gulls': the fact is left out"]
    known = record("---\ntitle: Kelp\ndoi: 10.1234/g\n---\n", "kelp")
    fact = Paper(title="Weeds", doi="10.1234/G", date="2020")
    assert [row.path for row in merged(survey(known), facts=(fact,))] == [known.path]


# ------------------------------------------------------------------ ids and dates


def test_ids_that_are_taken_get_the_year_then_a_number() -> None:
    old = record("---\ntitle: Birds\nformerly: [kelp]\n---\n", "gulls")
    rows = merged(
        survey(old),
        one("Gulls: One", position=1, date="2024-02-03"),
        one("Gulls: Two", position=2, date="2024"),
        one("Gulls: Three", position=3),
        one("Kelp", position=4),
        one("Con", position=5),
    )
    assert [row.paper.id for row in rows] == ["gulls-2024", "gulls-2", "gulls-3", "kelp-2", "paper-con"]
    assert {row.path for row in rows} == {f"content/papers/{row.paper.id}.md" for row in rows}


@pytest.mark.parametrize("title", ["王小明", "???", "🦆🦆"])
def test_a_title_that_gives_no_id_gets_one_from_its_digest(title: str) -> None:
    header = "Daily Papers\n\nbyAK and the research community\n\nMar 9\n\n"
    (row,) = import_files(survey(), [("page.txt", f"{header}{title}\n\nQuack.\n")], today=TODAY).papers
    assert len(row.paper.id) == len("paper-") + 8
    assert row.paper.id.startswith("paper-")
    assert record(records.write(row.paper), row.paper.id).paper == row.paper


@pytest.mark.parametrize(
    ("identifier", "month"),
    [
        ("2205.05055", "2022-05"),
        ("0704.0001v2", "2007-04"),
        ("cs/0501007", "2005-01"),
        ("math.GT/9912001", "1999-12"),
        ("2213.1", None),
    ],
)
def test_an_arxiv_id_says_its_month(identifier: str, month: str | None) -> None:
    assert arxiv_month(identifier) == month


def test_the_listing_says_the_date_before_the_facts_and_these_before_the_arxiv_id() -> None:
    fact = Paper(title="Gulls", date="2022-05-10", arxiv="2205.00001")
    dates = [
        merged(survey(), one("Gulls", date="2022-05-09"), facts=(fact,))[0].paper.date,
        merged(survey(), one("Gulls"), facts=(fact,))[0].paper.date,
        merged(survey(), one("Gulls"), facts=(replace(fact, date=None),))[0].paper.date,
        merged(survey(), one("Gulls"))[0].paper.date,
    ]
    assert dates == ["2022-05-09", "2022-05-10", "2022-05", None]


# ------------------------------------------------------------------ sources


def test_a_listed_page_is_found_by_its_name_and_only_filled() -> None:
    listed = Source(id="first", file="page.txt", printed="Jan 1", captured="2024-01-02")
    source, sources = sources_with((listed,), "else/where/page.txt", printed="Jan 3", captured="2030-01-01", listings=7)
    assert source == replace(listed, listings=7)
    assert sources == (source,)
    assert sources_with(sources, "page.txt", listings=9)[1] == sources


def test_a_new_page_gets_the_number_after_the_last() -> None:
    sources = (Source(id="daily-papers-7", file="seven.txt"), Source(id="daily-papers-2", file="two.txt"))
    source, after = sources_with(sources, "eight.txt", series="daily-papers")
    assert (source.id, after) == ("daily-papers-8", (*sources, source))
    assert sources_with((), "one.txt", series="daily-papers")[0].id == "daily-papers-1"


def test_a_new_file_of_its_own_is_called_as_it_is() -> None:
    source, after = sources_with((), "My References.bib")
    assert source.id == "my-references"
    assert sources_with(after, "my references.ris")[0].id == "my-references-2"


def test_a_page_with_errors_gives_the_rest_and_no_number_of_listings() -> None:
    broken = ("broken.txt", files("plain.txt")[0][1] + "\n\nCut off")
    imported = import_files(survey(), [broken, ("notes.txt", "Nothing."), *files("blocks.txt")], today=TODAY)
    assert imported.read == 8
    assert [(source.id, source.listings) for source in imported.sources] == [("daily-papers-1", 5), ("daily-papers-2", None)]
    assert [f"{p.place}: {p.message}" for p in imported.problems if p.level == "error"] == [
        "broken.txt:26:1: 'Cut off' has no abstract",
        "notes.txt: this file is in none of the known formats",
    ]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("a/plain.txt", "b/plain.txt"), "'plain.txt' is imported twice: a/plain.txt has the same name"),
        (("pla\udcffin.txt",), "its name cannot be kept in content/sources.yml"),
    ],
)
def test_a_page_must_have_a_name_of_its_own_that_can_be_kept(names: tuple[str, ...], message: str) -> None:
    text = files("plain.txt")[0][1]
    imported = import_files(survey(), [(name, text) for name in names], today=TODAY)
    assert [p.message for p in imported.problems] == [message]
    assert imported.read == 3 * (len(names) - 1)


# ------------------------------------------------------------------ for programs


def test_an_import_as_data() -> None:
    data = as_data(import_files(survey(), [*files("plain.txt"), ("notes.txt", "Nothing.")], today=TODAY))
    assert json.loads(json.dumps(data)) == data
    assert {name: data[name] for name in ("read", "new", "merged", "unchanged", "asked")} == {
        "read": 3,
        "new": 3,
        "merged": 0,
        "unchanged": 0,
        "asked": [],
    }
    assert data["problems"] == [
        {
            "path": "notes.txt",
            "line": 0,
            "column": 0,
            "level": "error",
            "message": "this file is in none of the known formats",
            "hint": "known are: daily-papers, jsonl",
        }
    ]
    papers = data["papers"]
    assert isinstance(papers, list)
    assert papers[0] == {
        "id": "moss-clocks",
        "title": "Moss Clocks: Telling Time With Slow Plants",
        "file": "content/papers/moss-clocks.md",
        "action": "new",
    }


# ------------------------------------------------------------------ the saved pages


CAPTURED = (None, "2025-12-25", None, None, "2026-01-08")


def test_the_saved_pages_and_facts_make_263_records_and_again_nothing(shared: Path | None) -> None:
    if shared is None:
        paths, facts, expected = [FIXTURES / name for name in BOTH], FIXTURES / "facts.jsonl", (8, 7, 1)
    else:
        paths, facts, expected = sorted((shared / "seeds").glob("*.txt")), shared / "facts.jsonl", (334, 263, 46)
    pages = [(path.name, path.read_text(encoding="utf-8")) for path in paths]
    looked_up = [(facts.name, facts.read_text(encoding="utf-8"))]
    sources = tuple(
        Source(id=f"daily-papers-{number}", file=name, captured=captured)
        for number, ((name, _), captured) in enumerate(zip(pages, CAPTURED, strict=False), start=1)
    )
    before = survey(sources=sources)
    imported = import_files(before, pages, facts=looked_up, today=TODAY)
    papers = [row.paper for row in imported.papers]
    assert (imported.read, imported.new, sum(len(paper.sources) > 1 for paper in papers)) == expected
    assert not any(paper.abstract or paper.note for paper in papers)
    again = import_files(after(before, imported), pages[::-1], facts=looked_up, today="2030-01-01")
    assert (again.unchanged, texts(after(before, imported), again)) == (expected[1], {})
    if shared:
        assert imported.problems == ()
        assert [source.listings for source in imported.sources] == [90, 51, 82, 66, 45]
        known = [sum(bool(getattr(paper, name)) for paper in papers) for name in ("arxiv", "authors", "organization", "date")]
        assert known == [257, 254, 6, 260]
