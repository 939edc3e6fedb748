"""From a folder to a site: what is published, what is written again, and what keeps the old site in its place."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from surveys import PAGES, PAPERS, many, tiny

from generator.build import Built, build
from generator.library import Library
from generator.load import load
from generator.pages import pages


def built(root: Path, **options: bool | str | None) -> Built:
    return build(root, root / "_site", **options)  # type: ignore[arg-type]


def site(root: Path) -> dict[str, bytes]:
    out = root / "_site"
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def page(root: Path, path: str) -> str:
    return (root / "_site" / path / "index.html").read_text(encoding="utf-8")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_site_has_these_addresses(tmp_path: Path) -> None:
    assert built(tiny(tmp_path)).written
    expected = {
        "index.html",
        "404.html",
        "build.json",
        "api/papers.json",
        "api/tags.json",
        "papers/index.html",
        "papers/counting-moss/index.html",
        "papers/an-old-id/index.html",
        "tags/index.html",
        "tags/moss-gardens/index.html",
        "facets/topic/index.html",
        "years/2024/index.html",
        "years/undated/index.html",
        "authors/ada-example/index.html",
        "venues/journal-of-small-plants/index.html",
        "sources/index.html",
        "search/index.html",
        "static/js/lunr.js",
        "static/js/engine.js",
        "static/css/facets.css",
    }
    assert expected <= site(tmp_path).keys()


def test_an_author_of_one_paper_has_no_page_but_a_search(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    assert "authors/ben-sample/index.html" not in site(tmp_path)
    assert '<a href="../../search/?author=ben-sample" dir="auto">Ben Sample</a>' in page(tmp_path, "papers/counting-moss")
    assert '<a href="../../authors/ada-example/" dir="auto">Ada Example</a>' in page(tmp_path, "papers/counting-moss")


def test_a_paper_page_says_what_is_known(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    shown = words(page(tmp_path, "papers/counting-moss"))
    for text in (
        "Counting Moss: A Slow Study",
        "2 March 2024",
        "Journal of Small Plants 2024",
        "arXiv 2403.00001",
        "DOI 10.1234/moss.5",
        "Code example.org",
        "12% more moss after rain",
        "page-one listing 1, 3 comments",
        "Moss can be counted, given time",
    ):
        assert text in shown
    html = page(tmp_path, "papers/counting-moss")
    assert '<a href="https://arxiv.org/abs/2403.00001">arXiv</a>' in html
    assert '<a href="https://arxiv.org/pdf/2403.00001">PDF</a>' in html
    assert '<a href="../../tags/gardens/">the gardens</a>' in html
    assert '<time datetime="2024-03-02">' in html


def test_a_paper_page_says_what_is_unknown(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    shown = words(page(tmp_path, "papers/only-a-title"))
    assert "Authors not stated" in shown
    assert "First public not stated" in shown
    assert "Venue not stated" in shown
    assert "Identifiers not stated" in shown
    assert "No tags yet." in shown
    assert "Nobody has written a note on this paper yet." in shown


def test_dates_are_shown_as_precise_as_they_are_known(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    assert '<time datetime="2023-11">November\N{NO-BREAK SPACE}2023</time>' in page(tmp_path, "papers/a-quiet-garden")
    assert '<time datetime="2023">2023</time>' in page(tmp_path, "papers/from-a-lab")


def test_a_partial_list_of_authors_says_so(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    assert "9 authors in all" in page(tmp_path, "papers/a-quiet-garden")
    assert "Ada Example, Cleo Instance, Dan Placeholder et al." in page(tmp_path, "papers")


def test_a_tag_has_its_children_s_papers_and_marks_the_suggested(tmp_path: Path) -> None:
    lent = {**PAPERS, "lent": "---\ntitle: A borrowed garden\ndate: 2020\n---\n"}
    built(tiny(tmp_path, lent))
    shown = words(page(tmp_path, "tags/gardens"))
    assert "3 papers, 1 of them suggested" in shown
    assert "Counting Moss: A Slow Study" in shown
    assert "Also called allotments" in shown
    assert "Not for adding plants up: use Counting wild meadows" in shown
    assert "Not yet confirmed Gardens suggested, 70%: “garden” in the title" in words(page(tmp_path, "papers/lent"))
    assert "part of Gardens" in words(page(tmp_path, "tags/moss-gardens"))


def test_a_chapter_is_bound_to_the_records(tmp_path: Path) -> None:
    built(tiny(tmp_path, pages=PAGES))
    html = page(tmp_path, "pages/on-gardens")
    shown = words(html)
    assert "What grows where?" in shown
    assert '<p id="opening.1">Moss grows (<span class="cite"><a href="../../papers/counting-moss/"' in html
    cited = re.sub(r'<span class="peek".*?</span></span>|<span class="peek".*?</span>', "", html)
    assert "Moss grows ( Example & Sample 2024 ; Example et al. 2023 )." in words(cited).replace("&amp;", "&")
    assert "2 in all, 1 of them since 2024" in shown
    assert "Of &#8288;Gardens&nbsp; (2) , 2 in all" in shown
    cards = re.findall(r'<h3><a href="../../papers/([a-z-]+)/"', html)
    assert cards == ["a-quiet-garden", "counting-moss"]
    assert re.findall(r'<li id="ref.([a-z-]+)">', html) == ["counting-moss", "a-quiet-garden", "from-a-lab"]
    assert "Paper Year Topic Findings Links" in shown
    assert '<span dir="auto">Moss can be counted, given time</span>' in html
    assert 'rel="next" href="../../pages/on-counting/"' in html


def test_papers_tags_and_the_home_page_lead_to_the_text(tmp_path: Path) -> None:
    built(tiny(tmp_path, pages=PAGES))
    paper = page(tmp_path, "papers/counting-moss")
    said = words(paper[paper.index("Discussed in") :])
    assert said.startswith("Discussed in Introduction § Opening On gardens § Opening § Wet places Related papers A Quiet Garden")
    assert re.findall(r'<a href="../../(.*?)"><span aria-hidden="true">§', paper) == [
        "#opening.1",
        "pages/on-gardens/#opening.1",
        "pages/on-gardens/#wet-places.1",
    ]
    assert "Discussed in" not in page(tmp_path, "papers/only-a-title")
    assert '<a href="../../pages/on-gardens/#wet-places.1">' in page(tmp_path, "tags/gardens")
    home = (tmp_path / "_site/index.html").read_text(encoding="utf-8")
    assert "Of 4 papers, one counts moss" in words(home)
    assert "1 On gardens What grows where? 3 papers discussed" in words(home)
    assert '<a href="pages/method/">About</a>' in home
    overview = words(page(tmp_path, "pages"))
    assert "Chapters" in overview
    assert "Also Method" in overview


def test_papers_that_would_be_cited_alike_get_letters(tmp_path: Path) -> None:
    alike = {
        name: f"---\ntitle: {name}\nauthors: [Ada Example]\ndate: 2024-0{month}\n---\n"
        for name, month in (("late", 5), ("soon", 2))
    }
    built(tiny(tmp_path, alike, pages={"on": "---\ntitle: On\n---\n[@late; @soon]\n"}))
    assert "Example 2024b" in re.sub("<.*?>", "", re.findall(r'id="ref.late">.*', page(tmp_path, "pages/on"))[0])


def test_the_flow_diagram_counts_and_says_so_in_words(tmp_path: Path) -> None:
    built(
        tiny(
            tmp_path, {**PAPERS, "again": "---\ntitle: Again\nsources: [{page: page-one}, {page: page-one}]\n---\n"}, pages=PAGES
        )
    )
    html = page(tmp_path, "pages/method")
    drawn = re.findall(r"<text[^>]*>(.*?)</text>", html)
    assert drawn[:2] == ["1 source page", "page-one: 4 listings"]
    assert {"4 listings in all", "5 papers", "1 read"} <= set(drawn)
    assert "<li>4 listings in all. Set aside: 1 repeat of papers already met, joined with them.</li>" in html
    assert "<li>1 read (a note and tags by hand). Set aside: 4 not read yet.</li>" in html


def test_a_tag_shows_its_papers_by_year(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    assert re.findall(r'<a href="#(\d+)">\d+</a> <span class="count">.*?(\d+)</span>', page(tmp_path, "tags/gardens")) == [
        ("2024", "1"),
        ("2023", "1"),
    ]


def test_every_page_says_what_it_is(tmp_path: Path) -> None:
    built(tiny(tmp_path, pages=PAGES))
    moved = {"papers/an-old-id/index.html"}
    html = {path: text.decode() for path, text in site(tmp_path).items() if path.endswith(".html") and path not in moved}
    assert "pages/method/index.html" in html
    assert not [path for path, text in html.items() if not re.search(r'<meta name="description" content="[^"]+">', text)]


def test_a_survey_without_pages_speaks_of_none(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    assert not (tmp_path / "_site/pages").exists()
    assert "Chapters" not in (tmp_path / "_site/index.html").read_text(encoding="utf-8")


def test_a_tag_names_the_pages_that_cite_several_of_its_papers(tmp_path: Path) -> None:
    papers = {f"g{n}": f"---\ntitle: G{n}\ntags: [gardens]\n---\n" for n in range(3)}
    pages = {"all": "---\ntitle: All\n---\n[@g0; @g1; @g2]\n", "few": "---\ntitle: Few\n---\n[@g0; @g1]\n"}
    assert built(tiny(tmp_path, papers, pages=pages)).written
    shown = words(page(tmp_path, "tags/gardens"))
    assert "Discussed in All (3 of its papers)" in shown
    assert "Few" not in shown


def test_a_block_before_the_first_section_leads_somewhere(tmp_path: Path) -> None:
    pages = {"one": "---\ntitle: One\n---\n```papers\ntag: gardens\n```\n", "home": "---\ntitle: Home\n---\n[#gardens]\n"}
    assert built(tiny(tmp_path, pages=pages)).written
    assert re.findall(r'href="../../([^"]*#opening[^"]*)"', page(tmp_path, "tags/gardens")) == [
        "#opening.1",
        "pages/one/#opening",
    ]


def test_a_suggested_tag_is_called_so_in_a_table(tmp_path: Path) -> None:
    lent = {**PAPERS, "lent": "---\ntitle: A borrowed garden\n---\n"}
    table = "```table\nids: [lent, a-quiet-garden]\ncolumns: [topic]\n```\n```flow\n```\n```flow\n```\n"
    assert built(tiny(tmp_path, lent, pages={"one": f"---\ntitle: One\n---\n{table}"})).written
    html = page(tmp_path, "pages/one")
    assert "A borrowed garden Gardens suggested A Quiet Garden Gardens How the collection" in words(html)
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))


def test_a_new_citation_changes_the_pages_that_show_it(tmp_path: Path) -> None:
    built(tiny(tmp_path, pages=PAGES))
    before = site(tmp_path)
    built(tiny(tmp_path, pages={**PAGES, "on-counting": PAGES["on-counting"] + "And [@only-a-title].\n"}))
    after = site(tmp_path)
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {
        "index.html",
        "pages/index.html",
        "pages/on-counting/index.html",
        "papers/only-a-title/index.html",
    }


def test_a_paper_without_a_topic_shows_its_likeliest_as_one_that_may_be_wrong(tmp_path: Path) -> None:
    note = "---\n{}title: Untitled\n---\nA garden. Counting gardens. Counting.\n"
    built(
        tiny(
            tmp_path,
            {
                "one": note.format(""),
                "two": note.format("tags: [moss-gardens]\n"),
                "three": note.format("reviewed: 2024-01-01\n"),
            },
        )
    )
    assert "Gardens maybe, 32%: “garden”, “gardens” in the note" in words(page(tmp_path, "papers/one"))
    assert "Counting" not in words(page(tmp_path, "papers/one")).partition("Not yet confirmed")[2].partition("Newer")[0]
    assert "maybe" not in page(tmp_path, "papers/two") + page(tmp_path, "papers/three")
    assert "No papers" in words(page(tmp_path, "tags/counting")) or "0 papers" in words(page(tmp_path, "tags/counting"))


def test_a_paper_names_its_related_papers_and_why(tmp_path: Path) -> None:
    near = "---\ntitle: {} {}\ntags: [counting]\n---\n"
    papers = {
        f"p{n}": near.format(*pair)
        for n, pair in enumerate([("Slow", "mosses"), ("Fast", "mosses"), ("Red", "ink"), ("Blue", "ink")])
    }
    built(tiny(tmp_path, papers))
    shown = words(page(tmp_path, "papers/p0"))
    assert shown.partition("Related papers ")[2].startswith("Fast mosses ")
    assert "Both: Moss gardens , Counting , “ mosses ”" in shown
    related = json.loads((tmp_path / "_site/api/related.json").read_text(encoding="utf-8"))
    assert related == {"p0": ["p1"], "p1": ["p0"], "p2": ["p3"], "p3": ["p2"]}
    papers = json.loads((tmp_path / "_site/api/papers.json").read_text(encoding="utf-8"))["papers"]
    assert {paper["id"]: paper["related"] for paper in papers} == related


def test_a_reviewed_paper_shows_no_suggested_tags(tmp_path: Path) -> None:
    reviewed = {"one": "---\ntitle: Counting in a garden\nreviewed: 2024-01-01\ntags: [counting]\n---\n"}
    built(tiny(tmp_path, reviewed))
    assert "suggested" not in page(tmp_path, "papers/one")


def test_the_home_page_counts_from_the_data(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    assert "4 papers, 2023–2024, 3 tags, last revised 1 April 2024" in words(page(tmp_path, ""))


def test_old_addresses_lead_on(tmp_path: Path) -> None:
    retired = "  - {id: sums, facet: method, label: Sums, replaced_by: counting}\n"
    from surveys import TAGS

    built(tiny(tmp_path, tags=TAGS + retired))
    assert "url=../../papers/from-a-lab/" in page(tmp_path, "papers/an-old-id")
    assert "url=../../tags/counting/" in page(tmp_path, "tags/sums")


def test_list_pages_are_numbered_from_the_oldest(tmp_path: Path) -> None:
    built(tiny(tmp_path, many(230)))
    assert "1–30 of 230 papers, newest first by the date" in page(tmp_path, "papers")
    assert "Papers 101 to 200, counted from the oldest" in page(tmp_path, "papers/page/2")
    assert "Papers 1 to 100, counted from the oldest" in page(tmp_path, "papers/page/1")
    assert '<a rel="next" href="../papers/page/2/">' in page(tmp_path, "papers")
    assert '<a rel="prev" href="../../../papers/">' in page(tmp_path, "papers/page/2")


def test_a_new_paper_leaves_the_full_list_pages_as_they_are(tmp_path: Path) -> None:
    built(tiny(tmp_path, many(230)))
    before = site(tmp_path)
    built(tiny(tmp_path, {**many(230), "new": "---\ntitle: The newest\ndate: 2024-12-31\n---\n"}))
    after = site(tmp_path)
    full = [path for path in before if path.startswith("papers/page/")]
    assert len(full) == 2
    assert all(after[path] == before[path] for path in full)


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 200, 201])
def test_every_paper_is_on_one_list_page(tmp_path: Path, number: int) -> None:
    survey, problems = load(tiny(tmp_path, many(number)))
    assert not problems
    library = Library(survey, {})
    listed = [page.view for page in pages(library) if page.template == "papers.html"]
    cards = [[card.href for section in view.sections for card in section.cards] for view in listed]
    assert [href for found in cards for href in found] == [f"papers/{paper.id}/" for paper in library.papers]
    assert all(len(found) == 100 for found in cards[1:])
    assert len(cards[0]) <= 100


def test_an_empty_survey_builds(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text("title: Nothing yet\n", encoding="utf-8")
    assert built(tmp_path).written
    assert "No papers yet" in page(tmp_path, "")


# ------------------------------------------------------------------ again


def test_nothing_changed_nothing_written(tmp_path: Path) -> None:
    first = built(tiny(tmp_path)).written
    second = built(tmp_path).written
    assert first
    assert second
    assert (second.written, second.removed) == (0, 0)
    assert second.files == first.files


def test_a_changed_note_rewrites_its_page_and_data_only(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    before = site(tmp_path)
    changed = PAPERS["counting-moss"].replace("It can;", "It surely can;")
    built(tiny(tmp_path, {**PAPERS, "counting-moss": changed}))
    after = site(tmp_path)
    searched = ["index.json", "terms/-.bin", "words/-.txt", "ends/-.txt", "texts/0.json"]  # a word is new, and the note longer
    assert {path for path in after if after[path] != before[path]} == {
        "papers/counting-moss/index.html",
        "api/papers.json",
        *(f"search/{name}" for name in searched),
        *(f"search/{name}.gz" for name in searched),
    }


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_of_edits_ends_where_a_clean_build_does(tmp_path: Path, seed: int) -> None:
    """Records, vocabulary, settings, templates and static files are changed at random, with a build after each change."""
    rnd = random.Random(seed)
    edited, clean = tmp_path / "edited", tmp_path / "clean"
    built(tiny(edited))
    for step in range(8):
        rnd.choice(EDITS)(edited, rnd, step)
        assert built(edited).written
    for name in ("site.yml", "content", "templates", "static"):
        if (edited / name).is_dir():
            shutil.copytree(edited / name, clean / name)
        elif (edited / name).exists():
            clean.mkdir(exist_ok=True)
            shutil.copy(edited / name, clean / name)
    built(clean)
    assert site(edited) == site(clean)


def put(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def swap(place: Path, old: str, new: str) -> None:
    put(place, place.read_text(encoding="utf-8").replace(old, new))


def remove_a_paper(root: Path, rnd: random.Random, _: int) -> None:
    papers = sorted((root / "content/papers").iterdir())
    if len(papers) > 1:
        rnd.choice(papers).unlink()


def take_from_the_site(root: Path, rnd: random.Random, _: int) -> None:
    rnd.choice(sorted(path for path in (root / "_site").rglob("*") if path.is_file() and path.name != "build.json")).unlink()


EDITS: tuple[Callable[[Path, random.Random, int], None], ...] = (
    lambda root, rnd, step: put(
        root / f"content/papers/new-{rnd.randrange(3)}.md",
        f"---\ntitle: New garden {step}\nauthors: [Ada Example]\ndate: 20{10 + step}\ntags: [counting]\n---\nStep {step}.\n",
    ),
    remove_a_paper,
    take_from_the_site,
    lambda root, rnd, step: swap(root / "content/tags.yml", "label: Counting", f"label: Counting {step}"),
    lambda root, rnd, step: swap(root / "content/tags.yml", "hue: 150", f"hue: {step}"),
    lambda root, rnd, step: put(root / "site.yml", f"title: Tiny gardens {step}\n"),
    lambda root, rnd, step: put(root / "templates/404.html", f"<p>Lost {step}</p>"),
    lambda root, rnd, step: put(root / "templates/parts/card.html", f"<li>{{{{ value.title }}}} {step}</li>"),
    lambda root, rnd, step: put(root / "static/css/site.css", f"a {{ order: {step} }}"),
    lambda root, rnd, step: put(root / f"static/{rnd.choice('ab')}/{step}.txt", str(step)),
)


def test_a_deleted_memory_changes_nothing_but_time(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    before = site(tmp_path)
    for file in (tmp_path / ".papergrove").iterdir():
        file.unlink()
    built(tmp_path)
    assert site(tmp_path) == before


def test_a_damaged_memory_is_no_memory(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    before = site(tmp_path)
    for file in (tmp_path / ".papergrove").glob("*.json"):
        file.write_text(file.read_text(encoding="utf-8")[:-3] + "xyz", encoding="utf-8")
    assert built(tmp_path).written
    assert site(tmp_path) == before


@pytest.mark.parametrize("surroundings", [{"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}, {"PYTHONHASHSEED": "99"}])
def test_the_same_input_gives_the_same_bytes(tmp_path: Path, surroundings: dict[str, str]) -> None:
    built(tiny(tmp_path / "here"))
    other = tiny(tmp_path / "there")
    command = [sys.executable, "-m", "generator", "build", "--root", str(other)]
    environment = {**os.environ, "PAPERGROVE_NO_BOOTSTRAP": "1", **surroundings}
    subprocess.run(command, check=True, env=environment, capture_output=True, cwd=Path(__file__).parent.parent)
    assert site(other) == site(tmp_path / "here")


# ------------------------------------------------------------------ what keeps the old site


def test_an_error_publishes_nothing_and_leaves_the_old_site(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    before = site(tmp_path)
    broken = built(tiny(tmp_path, {**PAPERS, "broken": "---\ntitel: x\n---\n"}))
    assert broken.written is None
    assert broken.report.errors == 2
    assert site(tmp_path) == before


def test_a_broken_link_publishes_nothing(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    before = site(tmp_path)
    lost = PAPERS["counting-moss"].replace("tags/gardens/", "tags/gardeens/")
    result = built(tiny(tmp_path, {**PAPERS, "counting-moss": lost}))
    assert result.written is None
    (problem,) = result.report.problems
    assert str(problem.place) == "content/papers/counting-moss.md:17:63"
    assert problem.message == "the note links to 'tags/gardeens/', which is not in the site"
    assert problem.hint == "did you mean 'tags/gardens/'?"
    assert site(tmp_path) == before


def test_a_link_that_a_removed_page_leaves_dangling_is_found(tmp_path: Path) -> None:
    pointing = {**PAPERS, "pointing": "---\ntitle: Pointing\n---\nSee [that](papers/only-a-title/).\n"}
    built(tiny(tmp_path, pointing))
    (tmp_path / "content/papers/only-a-title.md").unlink()
    result = built(tmp_path)
    assert [str(problem.place) for problem in result.report.problems] == ["content/papers/pointing.md:4:12"]


def test_a_broken_link_of_a_template_publishes_nothing(tmp_path: Path) -> None:
    tiny(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/404.html").write_text('<a href="{{ root }}nowhere/">x</a>', encoding="utf-8")
    result = built(tmp_path)
    assert result.written is None
    assert [(str(problem.place), problem.message) for problem in result.report.problems] == [
        ("404.html", "a link leads to 'nowhere/index.html', which is not in the site")
    ]


def test_a_broken_link_of_every_page_is_one_problem(tmp_path: Path) -> None:
    tiny(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/paper.html").write_text('<a href="{{ root }}nowhere/">x</a>', encoding="utf-8")
    (problem,) = built(tmp_path).report.problems
    assert str(problem.place) == "papers/counting-moss/index.html"
    assert problem.hint == "so on 3 more pages: it may come from a template"


def test_a_link_may_hold_spaces_and_letters_of_any_kind(tmp_path: Path) -> None:
    linking = {"one": "---\ntitle: One\n---\n[a](<static/a b.txt>) and [é](static/é.txt) and [x](papers/one/#content)\n"}
    tiny(tmp_path, linking)
    (tmp_path / "static").mkdir()
    for name in ("a b.txt", "é.txt"):
        (tmp_path / "static" / name).write_text("x", encoding="utf-8")
    assert built(tmp_path).written


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("{% blok %}", "templates/404.html:1"),
        ("\n{{ site.titel }}", "templates/404.html:2"),
        ("{{ 1 + 'a' }}", "templates/404.html:1"),
        ("{% include 'none.html' %}", "templates/404.html:1"),
    ],
)
def test_a_mistake_in_a_template_is_reported_with_its_line(tmp_path: Path, source: str, place: str) -> None:
    built(tiny(tmp_path))
    before = site(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/404.html").write_text(source, encoding="utf-8")
    result = built(tmp_path)
    assert result.written is None
    assert [str(problem.place) for problem in result.report.problems] == [place]
    assert site(tmp_path) == before


def test_a_template_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    tiny(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/404.html").write_bytes(b"caf\xe9")
    assert [problem.message for problem in built(tmp_path).report.problems] == ["not UTF-8 at byte 3"]


@pytest.mark.parametrize("part", ["parts/logo.svg", "parts/two (1).html"])
def test_a_part_of_a_template_makes_its_pages_new(tmp_path: Path, part: str) -> None:
    tiny(tmp_path)
    (tmp_path / "templates/parts").mkdir(parents=True)
    (tmp_path / "templates/404.html").write_text(f"{{% include 'parts/' ~ '{part[6:]}' %}}", encoding="utf-8")
    for text in ("old", "new"):
        (tmp_path / "templates" / part).write_text(text, encoding="utf-8")
        built(tmp_path)
        assert site(tmp_path)["404.html"] == text.encode()


def test_strict_takes_warnings_for_errors(tmp_path: Path) -> None:
    twice = {"one": "---\ntitle: One\ntags: [gardens, gardens]\n---\n"}
    assert built(tiny(tmp_path, twice)).written
    assert built(tmp_path, strict=True).written is None


def test_a_foreign_folder_is_not_touched(tmp_path: Path) -> None:
    tiny(tmp_path)
    (tmp_path / "_site").mkdir()
    (tmp_path / "_site" / "thesis.tex").write_text("years of work", encoding="utf-8")
    result = built(tmp_path)
    assert result.written is None
    assert "this folder holds something else" in result.report.problems[0].message
    assert build(tmp_path, tmp_path).written is None
    assert build(tmp_path, tmp_path.parent).written is None


def test_a_static_file_may_not_stand_where_a_made_one_does(tmp_path: Path) -> None:
    tiny(tmp_path)
    (tmp_path / "static/css").mkdir(parents=True)
    (tmp_path / "static/css/facets.css").write_text("a {}", encoding="utf-8")
    result = built(tmp_path)
    assert result.written is None
    assert "two things want to be this file" in result.report.problems[0].message


def test_a_survey_s_own_template_and_style_come_first(tmp_path: Path) -> None:
    tiny(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/404.html").write_text("<p>Lost in {{ site.title }}</p>", encoding="utf-8")
    (tmp_path / "static/css").mkdir(parents=True)
    (tmp_path / "static/css/tokens.css").write_text(":root {}", encoding="utf-8")
    built(tmp_path)
    assert site(tmp_path)["404.html"] == b"<p>Lost in Tiny gardens</p>"
    assert site(tmp_path)["static/css/tokens.css"] == b":root {}"


# ------------------------------------------------------------------ addresses and data


@pytest.mark.parametrize(("base_url", "root"), [(None, "/"), ("https://example.org/repo/", "/repo/"), ("/repo/", "/repo/")])
def test_only_the_404_page_knows_where_the_site_stands(tmp_path: Path, base_url: str | None, root: str) -> None:
    built(tiny(tmp_path), base_url=base_url)
    assert f'href="{root}static/css/site.css"' in site(tmp_path)["404.html"].decode()
    assert 'href="../../static/css/site.css"' in page(tmp_path, "papers/counting-moss")
    canonical = 'rel="canonical" href="https://example.org/repo/papers/counting-moss/"' in page(tmp_path, "papers/counting-moss")
    assert canonical == (base_url is not None and "://" in base_url)


def test_the_data_says_what_the_records_say(tmp_path: Path) -> None:
    built(tiny(tmp_path))
    data = json.loads(site(tmp_path)["api/papers.json"])
    assert data["version"] == 1
    assert [paper["id"] for paper in data["papers"]] == ["counting-moss", "a-quiet-garden", "from-a-lab", "only-a-title"]
    moss = data["papers"][0]
    assert moss["links"] == {"code": "https://example.org/code", "data": "https://example.org/data"}
    assert moss["sources"] == [{"page": "page-one", "position": 1, "comments": 3}]
    assert moss["note"].startswith("Asks whether moss can be *counted*.")
    assert moss["gist"] == "Moss can be counted, given time"
    assert moss["findings"] == ["12% more moss after rain"]
    assert moss["tags"] == ["moss-gardens", "counting"]
    assert [label["tag"] for label in moss["labels"]] == ["moss-gardens", "counting"]
    assert moss["labels"][0]["state"] == "accepted"
    tags = {tag["id"]: tag for tag in json.loads(site(tmp_path)["api/tags.json"])["tags"]}
    assert tags["gardens"]["papers"] == 2
    assert tags["gardens"]["not_for"][0] == {"case": "adding plants up", "use": "counting"}


def test_a_long_list_of_a_tag_goes_on_over_further_pages(tmp_path: Path) -> None:
    """Full pages keep their papers and their address when one is added."""
    papers = many(620)
    built(tiny(tmp_path, papers))
    before = site(tmp_path)
    first, further = page(tmp_path, "tags/counting"), page(tmp_path, "tags/counting/page/2")
    assert "437 papers" in words(first)
    assert (first.count('class="card"'), further.count('class="card"')) == (37, 200)
    assert '<a rel="next" href="../../tags/counting/page/2/"><span dir="auto">Older papers</span></a>' in first
    assert '<a href="../../tags/counting/page/1/#2015">2015</a>' in first
    assert "Papers 201 to 400, counted from the oldest" in words(further)
    added = "---\ntitle: Late\ndate: 2024-12-31\nadded: 2025-01-01\ntags: [counting]\n---\nA note.\n"
    built(tiny(tmp_path, {**papers, "late": added}))
    after = site(tmp_path)
    changed = {path for path in after if after[path] != before.get(path) and "/page/" in path}
    assert changed == set()
    assert page(tmp_path, "tags/counting").count('class="card"') == 38
