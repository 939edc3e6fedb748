"""The commands as they are typed: what they print, what they change, and their exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from surveys import PAPERS, many, tiny

from generator.cli import commands

LISTING = """\
new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Mar 4

Counting Ferns: A Second Study

We count ferns in a made-up garden and find that there are more of them after rain.

  • 3 authors
·
Feb 3, 2024 2
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


def test_a_new_survey_builds_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "my-survey"
    assert run("new", folder).exit_code == 0
    assert run("check", "--strict", "--root", folder).output == "1 record, nothing wrong.\n"
    assert run("fmt", "--check", "--root", folder).exit_code == 0
    built = run("build", "--root", folder)
    assert built.exit_code == 0
    assert built.output.startswith(f"1 paper in {folder / '_site'}: ")
    assert (folder / "_site/papers/an-example-paper/index.html").exists()


def test_a_new_survey_is_put_beside_other_files_but_over_none(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    assert run("new", tmp_path).exit_code == 0
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    again = run("new", tmp_path)
    assert again.exit_code == 2
    assert "site.yml is there already" in again.output
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


def test_check_shows_the_line_and_a_hint(tmp_path: Path) -> None:
    wrong = {"one": "---\ntitle: One\ntags: [gardans]\n---\n"}
    result = run("check", "--root", tiny(tmp_path, wrong))
    assert result.exit_code == 1
    assert result.stderr == (
        "content/papers/one.md:3:8: error: unknown tag 'gardans'\n"
        "    tags: [gardans]\n"
        "           ^\n"
        "    hint: did you mean 'gardens'? (new tags go to content/tags.yml)\n"
        "1 error, 0 warnings\n"
    )


def test_check_in_forms_for_programs(tmp_path: Path) -> None:
    tiny(tmp_path, {"one": "---\ntitle: One\ntags: [gardans]\n---\n"})
    rows = json.loads(run("check", "--format", "json", "--root", tmp_path).stdout)
    assert rows == [
        {
            "path": "content/papers/one.md",
            "line": 3,
            "column": 8,
            "level": "error",
            "message": "unknown tag 'gardans'",
            "hint": "did you mean 'gardens'? (new tags go to content/tags.yml)",
        }
    ]
    annotation = run("check", "--format", "github", "--root", tmp_path).stdout
    assert annotation.startswith("::error file=content/papers/one.md,line=3,col=8::unknown tag 'gardans'")


def test_a_folder_without_a_survey_says_so(tmp_path: Path) -> None:
    result = run("build", "--root", tmp_path)
    assert result.exit_code == 1
    assert "site.yml: error: there is no such file" in result.stderr
    assert "Nothing published" in result.stderr


def test_build_as_data(tmp_path: Path) -> None:
    result = run("build", "--json", "--root", tiny(tmp_path))
    data = json.loads(result.stdout)
    assert (data["papers"], data["problems"]) == (4, [])
    assert data["files"] == data["written"] > 20
    assert list(data["seconds"]) == ["load", "check", "tag", "relate", "emerge", "render", "index", "export", "write"]


@pytest.mark.parametrize("address", ["//evil.example", "javascript:x", "https://example.org/?a", "../x"])
def test_an_unfit_base_url_is_wrong_use(tmp_path: Path, address: str) -> None:
    assert run("build", "--root", tiny(tmp_path), "--base-url", address).exit_code == 2


def test_fmt_mends_and_check_only_tells(tmp_path: Path) -> None:
    untidy = "---\ntags: [gardens,  moss-gardens]\n# kept\ntitle: 'One'\n---\n\nNote.\n"
    tiny(tmp_path, {"one": untidy})
    told = run("fmt", "--check", "--root", tmp_path)
    assert told.exit_code == 1
    assert "content/papers/one.md: not in canonical form" in told.output
    assert (tmp_path / "content/papers/one.md").read_text(encoding="utf-8") == untidy
    assert run("fmt", "--root", tmp_path).exit_code == 0
    mended = (tmp_path / "content/papers/one.md").read_text(encoding="utf-8")
    assert mended == "---\n# kept\ntitle: One\ntags: [moss-gardens]\n---\nNote.\n"
    assert run("fmt", "--check", "--root", tmp_path).exit_code == 0


def test_fmt_leaves_a_file_with_errors_as_it_is(tmp_path: Path) -> None:
    broken = "---\ntitel: x\n---\n"
    tiny(tmp_path, {"broken": broken, "one": "---\ntitle: 'One'\n---\n"})
    assert run("fmt", "--root", tmp_path).exit_code == 1
    assert (tmp_path / "content/papers/broken.md").read_text(encoding="utf-8") == broken
    assert (tmp_path / "content/papers/one.md").read_text(encoding="utf-8") == "---\ntitle: One\n---\n"


# ------------------------------------------------------------------ import


@pytest.fixture
def page(tmp_path: Path) -> Path:
    place = tmp_path / "a page.txt"
    place.write_text(LISTING, encoding="utf-8")
    return place


def test_import_takes_a_page_in_once(tmp_path: Path, page: Path) -> None:
    root = tiny(tmp_path / "survey", site="abstracts: never\n")
    first = run("import", page, "--root", root)
    assert first.exit_code == 0
    assert first.output == "1 listing read: 1 paper new, 0 merged, 0 unchanged.\n"
    record = (root / "content/papers/counting-ferns.md").read_text(encoding="utf-8")
    assert record.startswith('---\ntitle: "Counting Ferns: A Second Study"\nauthor_count: 3\ndate: 2024-02-03\n')
    assert "abstract" not in record
    before = {path: path.read_bytes() for path in (root / "content").rglob("*.*")}
    assert run("import", page, "--root", root).output == "1 listing read: 0 papers new, 0 merged, 1 unchanged.\n"
    assert {path: path.read_bytes() for path in (root / "content").rglob("*.*")} == before
    assert run("check", "--strict", "--root", root).exit_code == 0


def test_a_dry_run_changes_nothing(tmp_path: Path, page: Path) -> None:
    root = tiny(tmp_path / "survey")
    before = {path: path.read_bytes() for path in root.rglob("*.*")}
    result = run("import", page, "--dry-run", "--root", root)
    assert result.output == (
        "new     content/papers/counting-ferns.md\n1 listing read: 1 paper would be new, 0 would be merged, 0 unchanged.\n"
    )
    assert {path: path.read_bytes() for path in root.rglob("*.*")} == before


def test_import_as_data(tmp_path: Path, page: Path) -> None:
    data = json.loads(run("import", page, "--json", "--root", tiny(tmp_path / "survey")).stdout)
    assert data == {
        "read": 1,
        "new": 1,
        "merged": 0,
        "unchanged": 0,
        "asked": [],
        "problems": [],
        "papers": [
            {
                "id": "counting-ferns",
                "title": "Counting Ferns: A Second Study",
                "file": "content/papers/counting-ferns.md",
                "action": "new",
            }
        ],
    }


def test_a_file_of_no_known_format_is_an_error(tmp_path: Path) -> None:
    place = tmp_path / "letter.txt"
    place.write_text("Dear Ada,\n\nit rained.\n", encoding="utf-8")
    result = run("import", place, "--root", tiny(tmp_path / "survey"))
    assert result.exit_code == 1
    assert "daily-papers" in result.stderr


def test_a_file_that_cannot_be_read_leaves_the_others(tmp_path: Path, page: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    os.mkfifo(tmp_path / "pipe.txt")
    root = tiny(tmp_path / "survey")
    result = run("import", tmp_path / "latin.txt", tmp_path / "pipe.txt", page, "--json", "--root", root)
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert data["new"] == 1
    assert [problem["message"] for problem in data["problems"]] == ["not UTF-8 at byte 3", "not a regular file"]


def test_an_import_into_a_survey_with_errors_is_data_too(tmp_path: Path, page: Path) -> None:
    root = tiny(tmp_path / "survey", {"broken": "---\ntitel: x\n---\n"})
    result = run("import", page, "--json", "--root", root)
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert (data["read"], len(data["problems"])) == (0, 2)


def test_an_unknown_format_is_wrong_use(tmp_path: Path, page: Path) -> None:
    result = run("import", page, "--format", "bibtxt", "--root", tiny(tmp_path / "survey"))
    assert result.exit_code == 2
    assert "daily-papers" in result.output


def test_import_without_a_file_is_wrong_use(tmp_path: Path) -> None:
    assert run("import", "--root", tiny(tmp_path)).exit_code == 2


# ------------------------------------------------------------------ merge


TWINS = {
    "moss": (
        "---\ntitle: Counting Moss\nauthors: [Ada Example]\narxiv: 2403.00001v2\nlinks: {code: https://example.org/mine}\n"
        "sources: [{page: page-one, position: 1}]\n# by hand\ntags: [counting]\nreviewed: 2024-01-01\n"
        "formerly: [mos]\n---\nOurs.\n"
    ),
    "fern": (
        "---\ntitle: Moss, Counted\nauthors: [Ada Example, Ben Sample]\ndate: 2024\narxiv: '2403.00001'\ndoi: 10.1234/moss\n"
        "links: {code: https://example.org/theirs, data: https://example.org/data}\n"
        "sources: [{page: page-one, position: 2}]\ntags: [moss-gardens, gardens]\nrejected: [counting]\n"
        "also: [Counting moss!]\nformerly: [ferns]\nfindings:\n  - 3 mosses\n---\nTheirs.\n"
    ),
}
CITING = "Of [@moss] and [@only-a-title;  @fern].\n\n```papers\nids: [only-a-title, 'fern']\n```\n\nNot @fern, nor `fern`.\n"


def test_merge_joins_two_records_and_the_second_leads_to_the_first(tmp_path: Path) -> None:
    papers = {**TWINS, "only-a-title": PAPERS["only-a-title"]}
    home = f"---\r\ntitle: Home\r\n---\r\n{CITING}"
    root = tiny(tmp_path, papers)
    (root / "content/pages").mkdir()
    (root / "content/pages/home.md").write_bytes(home.encode())
    result = run("merge", "moss", "fern", "--root", root)
    assert (result.exit_code, result.stdout) == (
        0,
        "wrote content/papers/moss.md\nwrote content/pages/home.md\n"
        "removed content/papers/fern.md; papers/fern/ leads to papers/moss/\n"
        "not kept: authors Ada Example, Ben Sample\nnot kept: links code: https://example.org/theirs\n"
        "not kept: rejected tag counting, which is given\nnot kept: reviewed 2024-01-01, as the tags are others now\n",
    )
    assert (root / "content/papers/moss.md").read_text(encoding="utf-8") == (
        "---\ntitle: Counting Moss\nauthors: [Ada Example]\ndate: 2024\narxiv: 2403.00001v2\ndoi: 10.1234/moss\n"
        "links: {code: https://example.org/mine, data: https://example.org/data}\n"
        "sources: [{page: page-one, position: 1}, {page: page-one, position: 2}]\n# by hand\ntags: [counting, moss-gardens]\n"
        'also: ["Moss, Counted"]\nformerly: [mos, fern, ferns]\nfindings:\n  - 3 mosses\n---\nOurs.\n\nTheirs.\n'
    )
    assert not (root / "content/papers/fern.md").exists()
    cited = home.replace("@fern]", "@moss]").replace("'fern'", "'moss'")
    assert (root / "content/pages/home.md").read_bytes() == cited.encode()
    assert run("check", "--strict", "--root", root).exit_code == 0
    assert run("build", "--root", root).exit_code == 0
    assert "papers/moss/" in (root / "_site/papers/fern/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (("moss", "moss"), "'moss' is named twice: name two records"),
        (("moss", "fren"), "no paper 'fren': did you mean 'fern'?"),
        (("nothing-like-it", "moss"), "no paper 'nothing-like-it': papers are content/papers/<id>.md"),
    ],
)
def test_merge_names_two_papers_that_are_there(tmp_path: Path, ids: tuple[str, str], message: str) -> None:
    result = run("merge", *ids, "--root", tiny(tmp_path, TWINS))
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("papers", "message"),
    [
        ({**TWINS, "fern": "---\ntitle: Fern\ndoi: soon\n---\n"}, "'doi' must look like"),
        ({name: f"---\ntitle: {name}\n---\n{'many words ' * 1_200}{name}\n" for name in TWINS}, "the note has 26,"),
    ],
)
def test_what_cannot_be_one_record_stays_two(tmp_path: Path, papers: dict[str, str], message: str) -> None:
    root = tiny(tmp_path, papers)
    before = {path: path.read_bytes() for path in root.rglob("*.*")}
    result = run("merge", "moss", "fern", "--root", root)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Nothing merged: " in result.stderr
    assert {path: path.read_bytes() for path in root.rglob("*.*")} == before


def test_a_question_of_an_import_is_answered_by_merge_for_good(tmp_path: Path) -> None:
    root = tiny(tmp_path / "survey", {"gulls": "---\ntitle: Gulls\nauthors: [Ada Plum]\n---\n"})
    file = tmp_path / "more.jsonl"
    file.write_text('{"title": "GULLS", "authors": ["A. Plum"], "doi": "10.1234/g"}\n', encoding="utf-8")
    asked = json.loads(run("import", file, "--json", "--root", root).stdout)["asked"]
    assert [(row["file"], row["candidates"]) for row in asked] == [("content/papers/gulls-2.md", ["gulls"])]
    assert "perhaps the same paper as content/papers/gulls.md" in run("check", "--root", root).stderr
    assert run("merge", asked[0]["candidates"][0], asked[0]["id"], "--root", root).exit_code == 0
    assert run("check", "--strict", "--root", root).exit_code == 0
    again = json.loads(run("import", file, "--json", "--root", root).stdout)
    assert (again["unchanged"], again["new"], again["asked"], again["problems"]) == (1, 0, [], [])


# ------------------------------------------------------------------ search

FERNS = {
    "slow-ferns": "---\ntitle: Slow ferns\nauthors: [Ada Example]\ndate: 2024\nadded: 2024-03-06\n---\nMoss on a wet wall.\n",
    "wet-moss": "---\ntitle: Wet moss\nauthors: [Ada Token, Cy Example]\nadded: 2024-03-07\n---\nA wall is wet.\n",
    "dry-reeds": "---\ntitle: Dry reeds\nadded: 2024-03-08\n---\nNo wall.\n",
}


def found(result: Result) -> list[str]:
    """The ids of the papers that were found."""
    assert result.exit_code == 0, result.output
    return [row["id"] for row in json.loads(result.stdout)["results"]]


def test_search_lists_the_papers_the_best_first(tmp_path: Path) -> None:
    result = run("search", "wet", "moss", "--root", tiny(tmp_path, FERNS))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "2 of 3 papers, 2 with every word.\n  1. Wet moss\n     wet-moss\n  2. Slow ferns\n     slow-ferns · 2024\n"
    )


def test_search_says_what_it_put_right(tmp_path: Path) -> None:
    result = run("search", "Ferms", "--root", tiny(tmp_path, FERNS))
    assert result.stdout == "1 of 3 papers, 1 with every word. Results for: ferns\n  1. Slow ferns\n     slow-ferns · 2024\n"


def test_search_that_finds_nothing_names_the_nearest_words(tmp_path: Path) -> None:
    root = tiny(tmp_path, FERNS)
    nothing = run("search", "fernxxxxx", "--root", root)
    assert (nothing.exit_code, nothing.stdout) == (0, "No paper matches. Nearest words: ferns.\n")
    assert run("search", "xyzzyx", "--root", root).stdout == "No paper matches.\n"
    data = json.loads(run("search", "xyzzyx", "--json", "--root", root).stdout)
    assert data == {"total": 0, "whole": 0, "corrected": None, "results": []}


def test_search_as_data(tmp_path: Path) -> None:
    data = json.loads(run("search", "wet mosss", "--limit", "1", "--json", "--root", tiny(tmp_path, FERNS)).stdout)
    score = data["results"][0].pop("score")
    assert score > 0
    assert data == {"total": 2, "whole": 2, "corrected": "wet moss", "results": [{"id": "wet-moss", "title": "Wet moss"}]}


def test_search_gives_20_papers_unless_told_otherwise(tmp_path: Path) -> None:
    root = tiny(tmp_path, many(23))
    assert len(found(run("search", "plot", "--json", "--root", root))) == 20
    assert len(found(run("search", "plot", "--json", "--limit", "0", "--root", root))) == 23
    assert len(found(run("search", "plot", "--json", "--limit", "3", "--root", root))) == 3
    assert run("search", "plot", "--limit", "-1", "--root", root).exit_code == 2
    listed = run("search", "plot", "--root", root).stdout.split("\n")
    assert listed[0] == "23 of 23 papers, 23 with every word."
    assert len(listed) == 2 * 20 + 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["moss", "wall"], ["wet-moss", "slow-ferns", "dry-reeds"]),
        (["moss wall"], ["wet-moss", "slow-ferns", "dry-reeds"]),  # alone it is the whole question
        (["wet wall", "moss"], ["slow-ferns"]),  # beside others it was quoted, and is a phrase
        (['"wet wall"', "moss"], ["slow-ferns"]),
        (['"wet wall" moss'], ["slow-ferns"]),
        (["author:Ada Example", "moss"], ["slow-ferns"]),
        (['author:"Ada Example" moss'], ["slow-ferns"]),
        (["--", "wall", "-moss"], ["dry-reeds"]),
        (["wall", "-moss"], ["dry-reeds"]),
        (["wall", "-h"], ["dry-reeds", "wet-moss", "slow-ferns"]),  # a letter that no paper has, not a cry for help
        (["--", "wall", "-wet wall"], ["dry-reeds"]),
        (["wall -moss"], ["dry-reeds"]),
        (["wall", "year:2024"], ["slow-ferns"]),
        (["the"], ["slow-ferns", "dry-reeds", "wet-moss"]),  # all, newest first, then by id
    ],
)
def test_search_reads_its_arguments_as_they_were_typed(tmp_path: Path, words: list[str], expected: list[str]) -> None:
    assert found(run("search", "--json", "--root", tiny(tmp_path, FERNS), *words)) == expected


def test_a_mistyped_option_of_search_is_no_word(tmp_path: Path) -> None:
    result = run("search", "moss", "--limt", "3", "--root", tiny(tmp_path, FERNS))
    assert (result.exit_code, "No such option '--limt'" in result.stderr) == (2, True)


def test_search_without_words_is_wrong_use(tmp_path: Path) -> None:
    assert run("search", "--root", tiny(tmp_path, FERNS)).exit_code == 2


def test_search_in_a_survey_with_errors_finds_what_is_right_and_says_what_is_wrong(tmp_path: Path) -> None:
    root = tiny(tmp_path, {**FERNS, "broken": "---\ntitel: Moss\n---\n"})
    result = run("search", "ferns", "--json", "--root", root)
    assert result.exit_code == 1
    assert [row["id"] for row in json.loads(result.stdout)["results"]] == ["slow-ferns"]
    assert "unknown field 'titel'" in result.stderr


def test_search_writes_nothing_but_its_memory(tmp_path: Path) -> None:
    root = tiny(tmp_path, FERNS)
    before = {path for path in root.rglob("*.*") if path.is_file()}
    first = run("search", "moss", "--root", root)
    after = {path for path in root.rglob("*.*") if path.is_file()}
    assert {path.relative_to(root).parts[0] for path in after - before} == {".papergrove"}
    assert run("search", "moss", "--root", root).stdout == first.stdout


# ------------------------------------------------------------------ the rest


def test_suggestions_with_their_evidence(tmp_path: Path) -> None:
    root = tiny(tmp_path, {"one": "---\ntitle: A garden of moss\n---\n", "two": PAPERS["only-a-title"]})
    data = json.loads(run("tags", "suggest", "--json", "--root", root).stdout)
    assert data["two"] == []
    (label,) = data["one"]
    assert (label["tag"], label["state"]) == ("moss-gardens", "suggested")
    assert label["evidence"] == [{"field": "title", "text": "moss", "phrase": "moss"}]
    assert "moss-gardens (“moss” in title)" in run("tags", "suggest", "--root", root).output


def test_another_build_is_waited_for_by_nobody(tmp_path: Path) -> None:
    """The second of two builds says who holds the survey, and exits 75."""
    root = tiny(tmp_path)
    hold = (
        "import sys; from pathlib import Path; from generator.write import _alone\n"
        "with _alone(Path(sys.argv[1]) / '.papergrove'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        second = subprocess.run(
            [sys.executable, "-c", "from generator.cli import main; main()", "build", "--json", "--root", str(root)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 75
        assert json.loads(second.stdout)["problems"][0]["message"].startswith("another build runs")
        assert f"another build runs (process {holder.pid})" in second.stderr
        holder.communicate("")
    assert run("build", "--root", root).exit_code == 0


@pytest.mark.parametrize("epoch", ["garbage", "-5", "1.5", "9" * 30])
def test_an_unfit_epoch_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert run("build", "--root", tiny(tmp_path)).exit_code == 2


def test_no_command_s_name_or_help_is_missing_from_the_map_of_commands() -> None:
    assert set(commands.commands) == {"build", "check", "fmt", "import", "map", "merge", "new", "search", "serve", "tags", "test"}
    assert all(command.help for command in commands.commands.values() if isinstance(command, click.Command))


def imported(*arguments: object) -> set[str]:
    """The large libraries that a command has loaded when it is done."""
    heavy = ("jinja2", "lunr", "numpy", "rich", "scipy", "sklearn", "watchfiles")
    program = (
        "import sys; from click.testing import CliRunner; from generator.cli import commands\n"
        "result = CliRunner().invoke(commands, sys.argv[1:]); assert result.exit_code == 0, result.output\n"
        f"print(*(name for name in {heavy!r} if name in sys.modules))\n"
    )
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout.split())


def test_a_command_imports_only_what_it_uses() -> None:
    assert imported("check", "--root", Path(__file__).parent.parent) == set()


def test_nothing_is_calculated_where_nothing_has_changed(tmp_path: Path) -> None:
    root = tiny(tmp_path, many(30))
    assert imported("tags", "suggest", "--root", root) == {"lunr", "numpy"}
    assert imported("tags", "suggest", "--root", root) == set()
    assert imported("build", "--root", root) == {"jinja2", "lunr", "numpy"}
    assert imported("build", "--root", root) == set()


# ------------------------------------------------------------------ automatic tags and the map


def lent(tmp_path: Path) -> Path:
    return tiny(tmp_path, {**PAPERS, "lent": "---\ntitle: A borrowed garden\n---\nMoss.\n"})


def test_suggested_tags_are_kept_only_when_asked(tmp_path: Path) -> None:
    lock = lent(tmp_path) / "content/tags.lock.json"
    assert run("tags", "suggest", "--root", tmp_path).exit_code == run("build", "--root", tmp_path).exit_code == 0
    assert not lock.exists()
    done = run("tags", "suggest", "--write", "--root", tmp_path)
    assert "1 suggested tag kept: 1 new, 0 gone." in done.output
    assert lock.read_text(encoding="utf-8") == '[\n{"id": "lent", "tag": "gardens", "state": "shown"}\n]\n'
    assert "1 suggested tag kept: 0 new, 0 gone." in run("tags", "suggest", "--write", "--root", tmp_path).output


def test_a_harmed_lock_is_an_error_of_the_build_and_written_anew(tmp_path: Path) -> None:
    lock = lent(tmp_path) / "content/tags.lock.json"
    lock.write_text("[\n<<<<<<< ours\n]\n", encoding="utf-8")
    failed = run("build", "--root", tmp_path)
    assert failed.exit_code == 1
    assert "content/tags.lock.json:2:1" in failed.output
    assert run("tags", "suggest", "--write", "--root", tmp_path).exit_code == 0
    assert run("build", "--root", tmp_path).exit_code == 0


def test_the_taggers_are_measured_on_a_file_of_tags(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "lent", "tags": ["gardens"]}\n{"id": "counting-moss", "tags": ["counting"]}\n', encoding="utf-8")
    done = run("tags", "evaluate", gold, "--root", lent(tmp_path))
    assert done.exit_code == 0
    assert "1.000      1      0       0  counting" in done.output
    assert json.loads(run("tags", "evaluate", gold, "--json", "--root", tmp_path).stdout)["all"]["papers"] == 2
    gold.write_text("{", encoding="utf-8")
    assert run("tags", "evaluate", gold, "--root", tmp_path).exit_code == 1


def test_papers_keep_their_places_on_the_map(tmp_path: Path) -> None:
    root = tiny(tmp_path, many(12))
    lock = root / "content/map.lock.json"
    assert "12 papers laid out." in run("map", "--root", root).output
    first = lock.read_text(encoding="utf-8")
    (root / "content/papers/new.md").write_text("---\ntitle: A new garden of moss\n---\n", encoding="utf-8")
    assert "13 papers on the map: 1 new, 0 gone." in run("map", "--root", root).output
    rows = lock.read_text(encoding="utf-8").split("\n")
    assert set(first.replace(",\n", "\n").split("\n")) == {row.rstrip(",") for row in rows if '"new"' not in row}
    assert "13 papers laid out." in run("map", "--relayout", "--root", root).output
    assert lock.read_text(encoding="utf-8") != "\n".join(rows)
    for n in range(9):
        (root / f"content/papers/more-{n}.md").write_text(f"---\ntitle: Moss number {n}\n---\n", encoding="utf-8")
    assert "papergrove map --relayout" in run("map", "--root", root).output
