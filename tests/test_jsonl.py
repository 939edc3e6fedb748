"""test_jsonl: lines of JSON go in, records and reports come out; an id is that record, whatever the title"""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import records
from generator.cli import commands
from generator.importers import importer_for, jsonl
from generator.merge import Imported, import_files, texts
from generator.model import CodedField, Listing, Paper, Record, Settings, Source, Survey, Tag, Vocabulary

TODAY = "2024-04-01"
MOSS = '{"id": "moss", "title": "Counting Moss", "abstract": "We count."}'


def read(text: str) -> tuple[tuple[Paper, ...], list[str]]:
    """The papers of a file, and its problems as a person reads them."""
    papers, problems = jsonl.read(text, "c.jsonl", Source(id="c", file="c.jsonl"))
    return papers, [f"{p.place}: {p.level}: {p.message}" for p in problems]


def record(text: str, name: str) -> Record:
    found, problems = records.read(text, f"content/papers/{name}.md")
    assert found is not None, problems
    return found


def survey(*rows: Record, abstracts: str = "keep", sources: tuple[Source, ...] = ()) -> Survey:
    settings = Settings(abstracts=abstracts, coded=(CodedField(id="pots", label="Pots"),))
    vocabulary = Vocabulary(tags=(Tag(id="moss", facet="topic", label="Moss"),))
    return Survey(settings=settings, vocabulary=vocabulary, sources=sources, records=rows)


def imported(before: Survey, *rows: dict[str, object], name: str = "c.jsonl") -> Imported:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    return import_files(before, [(name, text)], today=TODAY)


def after(before: Survey, done: Imported) -> Survey:
    """The survey that stands in its files once the import is written."""
    kept = {row.path: row for row in before.records}
    for path, text in texts(before, done).items():
        if path.startswith("content/papers/"):
            kept[path] = record(text, Path(path).stem)
    return replace(before, records=tuple(kept[path] for path in sorted(kept)), sources=done.sources)


def said(done: Imported) -> list[str]:
    return [f"{p.place}: {p.level}: {p.message}" for p in done.problems]


# ------------------------------------------------------------------ the format


@pytest.mark.parametrize("text", [MOSS, f"\ufeff\r\n{MOSS}\r\n", f'{{"title": "Cut o\n{MOSS}\n', f'{{"titel": "T"}}\n{MOSS}'])
def test_the_format_is_recognized(text: str) -> None:
    importer = importer_for(text, "notes")
    assert getattr(importer, "name", importer) == "jsonl"


@pytest.mark.parametrize("text", ["", "{", '{"name": "T"}\n', '[{"title": "T"}]', f"# papers\n{MOSS}", '{\n"title": "T"\n}'])
def test_other_files_are_not(text: str) -> None:
    assert not jsonl.recognizes(text)


def test_a_line_holds_the_fields_of_a_record() -> None:
    row = {
        "id": "moss",
        "title": "Counting Moss",
        "authors": ["Ada Plum", "Bo Reed"],
        "author_count": 4,
        "organization": "Plumbury",
        "date": "2024-02",
        "venue": "HarborConf",
        "venue_year": 2024,
        "arxiv": "2401.00001",
        "doi": "10.1234/moss",
        "openreview": "aB3",
        "url": "https://moss.example.org",
        "links": {"data": "https://moss.example.org/d", "code": "https://moss.example.org/c"},
        "sources": [{"page": "old", "position": 2, "comments": 0}],
        "added": "2023-01-01",
        "tags": ["moss"],
        "rejected": [],
        "reviewed": "2023-02-02",
        "also": ["Moss Counted"],
        "formerly": ["mos"],
        "coded": {"pots": 12},
        "gist": "Moss can be counted",
        "findings": ["12 pots", "More rain"],
        "abstract": "We count.",
        "note": "\r\nAsks *how much*.\r\n\r\nFinds it.\r\n",
    }
    (paper,), problems = read(json.dumps(row))
    assert problems == []
    assert {field.name for field in records.PAPER} | {"id", "note"} == row.keys()
    assert records.write(paper) == (
        "---\ntitle: Counting Moss\nauthors: [Ada Plum, Bo Reed]\nauthor_count: 4\norganization: Plumbury\ndate: 2024-02\n"
        'venue: HarborConf\nvenue_year: 2024\narxiv: "2401.00001"\ndoi: 10.1234/moss\nopenreview: aB3\n'
        "url: https://moss.example.org\nlinks: {code: https://moss.example.org/c, data: https://moss.example.org/d}\n"
        "sources: [{page: old, position: 2, comments: 0}, {page: c, position: 1}]\nadded: 2023-01-01\ntags: [moss]\n"
        "reviewed: 2023-02-02\nalso: [Moss Counted]\nformerly: [mos]\n"
        'coded: {pots: "12"}\ngist: Moss can be counted\nfindings:\n  - 12 pots\n  - More rain\nabstract: We count.\n---\n'
        "Asks *how much*.\n\nFinds it.\n"
    )


def test_a_row_of_our_own_data_is_a_line() -> None:
    paper = record("---\ntitle: Counting Moss\ndate: 2024\nlinks: {code: https://e.org/c}\n---\nA note.\n", "moss").paper
    row = records.as_data(paper) | {"labels": [{"tag": "moss", "state": "hand"}], "related": ["kelp"]}
    papers, problems = read(json.dumps(row))
    assert (papers, problems) == ((replace(paper, sources=(Listing(page="c", position=1),)),), [])


def test_null_and_empty_text_are_not_known_and_whole_numbers_are_text() -> None:
    row = {
        "id": 7,
        "title": "T",
        "abstract": "",
        "doi": None,
        "gist": " \n",
        "authors": [],
        "date": 2024,
        "links": {"code": None},
    }
    assert read(json.dumps(row)) == ((Paper(id="7", title="T", date="2024", sources=(Listing(page="c", position=1),)),), [])


def test_line_ends_byte_order_marks_and_separators_do_not_matter() -> None:
    text = '\ufeff{"title": "One\u2028two"}\r\n\r\n{"title": "Three\x85four"}\r\n'
    papers, problems = read(text)
    assert problems == []
    assert [(paper.title, paper.sources[0].position) for paper in papers] == [("One\u2028two", 1), ("Three\x85four", 3)]


# ------------------------------------------------------------------ what is wrong in a file


@pytest.mark.parametrize(
    ("row", "problem", "hint"),
    [
        ('{"title": "T"', "2:14: error: not JSON: Expecting ',' delimiter", "each line holds one JSON object"),
        ("[1]", "2:1: error: a line must hold one JSON object", 'write {"title": "…", "arxiv": "…"}'),
        ('{"id": "x"}', "2:1: error: 'title' is missing", "it says which paper the line is about"),
        ('{"title": " "}', "2:1: error: 'title' is missing", "it says which paper the line is about"),
        ('{"title": "T", "title": "U"}', "2:1: error: key 'title' appears twice", "keep one"),
        ('{"title": "T", "links": {"code": "x", "code": "y"}}', "2:1: error: key 'code' appears twice", "keep one"),
        (
            '{"title": "T", "id": "Mosé 1"}',
            "2:16: error: 'Mosé 1' cannot be an id: an id is made of a-z, 0-9 and hyphens, starts with a letter or digit "
            "and has at most 80 characters",
            "write 'mose-1', or leave the id out: the title gives one",
        ),
        (
            '{"title": "T", "id": "con"}',
            "2:16: error: 'con' cannot be an id: Windows keeps this name for a device",
            "write 'paper-con', or leave the id out: the title gives one",
        ),
        ('{"title": "T", "id": ["x"]}', "2:16: error: 'id' must be one value, not a list", ""),
        (
            '{"title": "T", "id": "before"}',
            "2:1: error: id 'before' appears twice",
            "line 1 has it already: give each paper an id of its own",
        ),
        ('{"title": "T", "arxiv": 2401.1}', "2:16: error: 'arxiv' must be text in quotes", ""),
        ('{"title": "T", "venue_year": true}', "2:16: error: 'venue_year' must be a whole number", ""),
        ('{"title": "T", "authors": "A, B"}', "2:16: error: 'authors' must be a list", "write authors: [first, second]"),
        ('{"title": "T", "authors": ["A", null]}', "2:16: error: 'authors' must be text in quotes", ""),
        (
            '{"title": "T", "links": {"cod": "https://e.org"}}',
            "2:16: error: unknown field 'cod' in 'links'",
            "did you mean 'code'?",
        ),
        (
            '{"title": "T", "links": {"code": "e.org"}}',
            "2:16: error: 'code' must start with https:// or http://",
            "write the whole address: https://…",
        ),
        ('{"title": "T", "sources": [{"position": 1}]}', "2:16: error: 'page' is missing", "add a line 'page: …'"),
        ('{"title": "T", "date": "soon"}', "2:16: error: 'date' must be a date, YYYY, YYYY-MM or YYYY-MM-DD, not 'soon'", ""),
        (f'{{"title": "T", "gist": "{"g" * 121}"}}', "2:16: error: 'gist' has 121 characters; at most 120 are allowed", ""),
        (
            '{"title": "T", "tags": ["a"], "rejected": ["a"]}',
            "2:1: error: tag 'a' is both in 'tags' and in 'rejected'",
            "remove one of them",
        ),
        (f'{{"title": "T", "authors": {"[" * 50}{"]" * 50}}}', "2:16: error: 'authors' is nested deeper than 16", ""),
        ("[" * 100_000, "2:1: error: not JSON that can be read here: nested too deep, or a number too long", ""),
    ],
)
def test_a_wrong_line_is_reported_and_the_others_are_read(row: str, problem: str, hint: str) -> None:
    text = f'{{"title": "Before", "id": "before"}}\n{row}\n\n{{"title": "After", "id": "after"}}\n'
    papers, problems = jsonl.read(text, "c.jsonl", Source(id="c", file="c.jsonl"))
    assert [(paper.title, paper.sources[0].position) for paper in papers] == [("Before", 1), ("After", 4)]
    assert [(f"{p.place}: {p.level}: {p.message}", p.hint) for p in problems] == [(f"c.jsonl:{problem}", hint)]


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    papers, problems = jsonl.read(f'{MOSS}\n{{"id": "kelp", "title": "Ke', "c.jsonl", Source(id="c", file="c.jsonl"))
    assert [paper.id for paper in papers] == ["moss"]
    (problem,) = problems
    assert str(problem.place) == "c.jsonl:2:25"
    assert (problem.message, problem.hint) == (
        "not JSON: Unterminated string starting at",
        "the file may break off here: save it again",
    )


def test_an_unknown_key_is_one_warning_a_file() -> None:
    papers, problems = jsonl.read(
        '{"title": "T", "abstrct": "x"}\n{"title": "U", "abstrct": "y", "zzz": 1}\n', "c.jsonl", Source(id="c", file="c.jsonl")
    )
    assert [paper.title for paper in papers] == ["T", "U"]
    assert [f"{p.place}: {p.level}: {p.message}" for p in problems] == [
        "c.jsonl:1:16: warning: unknown key 'abstrct' is not kept, here and on 1 more line",
        "c.jsonl:2:32: warning: unknown key 'zzz' is not kept",
    ]
    assert problems[0].hint == "did you mean 'abstract'?"
    assert problems[1].hint.startswith("known are: id, title, authors, ")


def test_a_control_character_in_what_was_copied_becomes_a_space() -> None:
    (paper,), problems = read(r'{"title": "A\u0080B", "abstract": "cut \ud83d", "gist": "g"}')
    assert (paper.title, paper.abstract, paper.gist) == ("A B", "cut", "g")
    assert problems == [
        "c.jsonl:1:2: warning: 'title' holds a control character U+0080: a space takes its place",
        "c.jsonl:1:23: warning: 'abstract' holds a control character U+D83D: a space takes its place",
    ]


def test_a_file_without_papers_says_so() -> None:
    assert read("\n\n") == ((), ["c.jsonl: error: no paper in this file"])


def test_lines_beyond_what_positions_count_are_left_out() -> None:
    papers, problems = read("\n" * 99_999 + '{"title": "Last"}\n{"title": "Beyond"}\n{"title": "More"}\n')
    assert [paper.title for paper in papers] == ["Last"]
    assert problems == ["c.jsonl:100001:1: error: only 100,000 lines are taken of one file"]


# ------------------------------------------------------------------ which record a line is


def test_lines_with_one_title_and_two_ids_are_two_records() -> None:
    done = imported(survey(), {"id": "a", "title": "Gulls"}, {"id": "b", "title": "Gulls"})
    assert [(row.path, row.action) for row in done.papers] == [("content/papers/a.md", "new"), ("content/papers/b.md", "new")]
    assert done.problems == ()


def test_a_new_id_is_a_new_record_whatever_its_title_and_place() -> None:
    gulls = record("---\ntitle: Gulls\nsources: [{page: c, position: 1}]\n---\n", "gulls")
    done = imported(survey(gulls, sources=(Source(id="c", file="c.jsonl"),)), {"id": "other", "title": "Gulls"})
    assert [(row.path, row.action) for row in done.papers] == [("content/papers/other.md", "new")]


def test_a_known_id_fills_only_empty_fields() -> None:
    text = (
        "---\ntitle: Gulls\nauthors: [Ada Plum]\nlinks: {code: https://e.org/mine}\ntags: [moss]\n"
        "coded: {pots: one}\ngist: Mine\n---\n"
    )
    row: dict[str, object] = {
        "id": "gulls",
        "title": "GULLS",
        "authors": ["Someone Else"],
        "date": "2024",
        "links": {"code": "https://e.org/theirs", "video": "https://e.org/film"},
        "tags": [],
        "rejected": ["moss"],
        "coded": {"pots": "two"},
        "gist": "Theirs",
        "findings": ["They fly"],
        "abstract": "They fly.",
        "note": "A note.",
    }
    before = survey(record(text, "gulls"))
    done = imported(before, row)
    assert done.problems == ()
    assert texts(before, done)["content/papers/gulls.md"] == (
        "---\ntitle: Gulls\nauthors: [Ada Plum]\ndate: 2024\nlinks: {code: https://e.org/mine, video: https://e.org/film}\n"
        "sources: [{page: c, position: 1}]\ntags: [moss]\ncoded: {pots: one}\ngist: Mine\nfindings:\n  - They fly\n"
        "abstract: They fly.\n---\nA note.\n"
    )
    assert imported(after(before, done), row).unchanged == 1


def test_an_old_id_leads_to_its_record() -> None:
    renamed = record("---\ntitle: Gulls\nformerly: [g1]\n---\n", "gulls")
    done = imported(survey(renamed), {"id": "g1", "title": "Gulls", "doi": "10.1234/g"})
    assert [(row.paper.id, row.paper.doi, row.action) for row in done.papers] == [("gulls", "10.1234/g", "merged")]


def test_a_known_id_with_another_title_is_a_warning() -> None:
    gulls = record("---\ntitle: Gulls of the Harbor\nalso: [Birds]\n---\n", "gulls")
    for title in ("Gulls of the harbour", "BIRDS"):
        assert imported(survey(gulls), {"id": "gulls", "title": title}).problems == ()
    done = imported(survey(gulls), {"id": "gulls", "title": "Kelp"})
    assert [row.paper.title for row in done.papers] == ["Gulls of the Harbor"]
    assert said(done) == [
        "content/papers/gulls.md: warning: id 'gulls' came in as 'Kelp', and stays 'Gulls of the Harbor': "
        "only empty fields are filled"
    ]
    many = survey(*(record(f"---\ntitle: Gulls {n}\n---\n", str(n)) for n in range(1, 7)))
    problems = said(imported(many, *({"id": str(n), "title": "Kelp"} for n in range(1, 7))))
    assert problems[3:] == ["content/papers/4.md: warning: 3 more titles like this"]


def test_a_line_without_an_id_is_known_by_its_title() -> None:
    gulls = record("---\ntitle: A Lone Keeper Counts Gulls\n---\n", "gulls")
    rows: list[dict[str, object]] = [
        {"title": "A lone keeper counts GULLS!", "date": "2024"},
        {"title": "Kelp Sways in the Bay"},
        {"title": "kelp sways in the bay", "gist": "It sways"},
    ]
    done = imported(survey(gulls), *rows)
    assert [(row.path, row.action, row.paper.gist) for row in done.papers] == [
        ("content/papers/gulls.md", "merged", None),
        ("content/papers/kelp-sways-in-the-bay.md", "new", "It sways"),
    ]
    assert said(done) == ["c.jsonl: warning: 'kelp sways in the bay' is listed twice, at positions 2 and 3: the first is kept"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_line_without_an_id_joins_one_that_has_it_in_any_order(order: int) -> None:
    title = "A Lone Keeper Counts Gulls"
    rows: list[dict[str, object]] = [{"title": title, "date": "2024"}, {"id": "g1", "title": title.lower()}]
    (row,) = imported(survey(), *rows[::order]).papers
    assert (row.paper.id, row.paper.title, row.paper.date) == ("g1", title.lower(), "2024")


def test_a_given_id_is_never_taken_by_a_title() -> None:
    done = imported(survey(), {"title": "Gulls: One"}, {"id": "gulls", "title": "Kelp"})
    assert {row.paper.id: row.paper.title for row in done.papers} == {"gulls": "Kelp", "gulls-2": "Gulls: One"}


def test_facts_find_a_paper_that_came_with_an_id() -> None:
    facts = [("facts.jsonl", '{"title": "Counting moss", "doi": "10.1234/m"}\n')]
    done = import_files(survey(), [("c.jsonl", MOSS)], facts=facts, today=TODAY)
    assert [(row.paper.id, row.paper.doi) for row in done.papers] == [("moss", "10.1234/m")]


# ------------------------------------------------------------------ what a survey does not have


def test_abstracts_are_kept_only_where_the_survey_keeps_them() -> None:
    for abstracts, kept in (("keep", "We count."), ("never", None)):
        (row,) = import_files(survey(abstracts=abstracts), [("c.jsonl", MOSS)], today=TODAY).papers
        assert row.paper.abstract == kept


def test_what_the_survey_has_no_place_for_waits_until_it_has() -> None:
    row: dict[str, object] = {
        "id": "a",
        "title": "Gulls",
        "tags": ["moss", "mos"],
        "reviewed": "2024-01-01",
        "coded": {"pans": 1},
        "sources": [{"page": "elsewhere", "position": 3}],
    }
    done = imported(survey(), row, {"id": "b", "title": "Kelp", "rejected": ["kelp"]})
    assert [(row.paper.tags, row.paper.reviewed, row.paper.coded) for row in done.papers] == [((), None, ())] * 2
    assert [row.paper.sources for row in done.papers] == [(Listing(page="c", position=n),) for n in (1, 2)]
    assert [(f"{p.place}: {p.level}: {p.message}", p.hint) for p in done.problems] == [
        (
            "c.jsonl: warning: the tags of 2 papers are left out: the survey does not have 'mos', 'kelp'",
            "did you mean 'moss'? Else add what is missing to content/tags.yml, and import again",
        ),
        (
            "c.jsonl: warning: the comparison fields of 1 paper are left out: the survey does not have 'pans'",
            "declare what is missing under 'coded' in site.yml, and import again",
        ),
        (
            "c.jsonl: warning: the other sources of 1 paper are left out: the survey does not have 'elsewhere'",
            "add what is missing to content/sources.yml, and import again",
        ),
    ]
    known = after(survey(), done)
    tags = (*known.vocabulary.tags, Tag(id="mos", facet="topic", label="Mos"))
    known = replace(known, vocabulary=Vocabulary(tags=tags), sources=(*known.sources, Source(id="elsewhere", file="e.txt")))
    again = imported(known, row)
    (merged,) = again.papers
    assert (merged.paper.tags, merged.paper.reviewed, len(merged.paper.sources)) == (("moss", "mos"), "2024-01-01", 2)


# ------------------------------------------------------------------ the command


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], catch_exceptions=False)


def corpus(shared: Path | None) -> list[dict[str, str]]:
    """1,400 papers, some without a title or an abstract."""
    if shared is None:
        return [
            {"id": str(n), "title": f"moss {n // 2}" if n % 100 else "", "text": "we count ." * (n % 7)} for n in range(1, 1401)
        ]
    lines = (shared / "eval/cranfield/corpus.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def test_a_new_survey_takes_a_corpus_in_and_builds(tmp_path: Path, shared: Path | None) -> None:
    root, file = tmp_path / "survey", tmp_path / "corpus.jsonl"
    rows = [
        {"id": row["id"], "title": row["title"].strip() or f"untitled {row['id']}", "abstract": row["text"]}
        for row in corpus(shared)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run("new", root).exit_code == 0
    first = run("import", file, "--root", root)
    assert (first.exit_code, first.output) == (0, "1,400 listings read: 1,400 papers new, 0 merged, 0 unchanged.\n")
    assert {f"{row['id']}.md" for row in rows} < {path.name for path in (root / "content/papers").iterdir()}
    again = run("import", file, "--root", root)
    assert (again.exit_code, again.output) == (0, "1,400 listings read: 0 papers new, 0 merged, 1400 unchanged.\n")
    built = run("build", "--json", "--root", root)
    assert built.exit_code == 0
    data = json.loads(built.stdout)
    assert data["papers"] == 1401  # and the example
    assert [problem for problem in data["problems"] if problem["level"] == "error"] == []
    assert (root / "_site/papers/1/index.html").is_file()


def test_problems_are_shown_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(f'{MOSS}\n{{"title": "T", "arxiv": "soon"}}\n', encoding="utf-8")
    run("new", tmp_path / "survey")
    result = run("import", file, "--root", tmp_path / "survey")
    assert result.exit_code == 1
    assert f"{file}:2:16: error: 'arxiv' must look like 2509.00000, not 'soon'\n" in result.stderr
    assert '    {"title": "T", "arxiv": "soon"}\n                   ^\n' in result.stderr
    assert (tmp_path / "survey/content/papers/moss.md").is_file()


def test_ten_thousand_lines_take_a_few_seconds() -> None:
    words = ("moss", "kelp", "gulls", "tides", "clocks", "teacups", "saucers", "harbors")
    rows: list[dict[str, object]] = [
        {
            "id": f"p{n}",
            "title": f"{words[n % 8]} and {words[n // 8 % 8]} {n}",
            "authors": ["Ada Plum", "Bo Reed"],
            "venue": "HarborConf",
            "venue_year": 2024,
            "doi": f"10.1234/{n}",
            "links": {"code": f"https://moss.example.org/{n}"},
            "abstract": " ".join(words * 25),
        }
        for n in range(10_000)
    ]
    start = time.process_time()
    done = imported(survey(), *rows)
    assert (done.new, done.problems) == (10_000, ())
    assert time.process_time() - start < 5
