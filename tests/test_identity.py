"""When two papers are one: by identifier, or by title together with authors or text; never because titles are alike."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import identity
from generator.identity import APART, ASK, MERGE, doubles, is_corrected, surnames, verdict
from generator.load import load
from generator.model import Paper
from generator.text import paper_slug, title_key

TITLES = Path(__file__).parent / "fixtures" / "titles.jsonl"
TEXT = "We count the gulls of the upper harbor from one window for a year and find that there are fewer of them in the rain"
OTHER = "Kelp sways in the bay whether or not anybody looks at it and this we show with nine cameras and a small boat"
LONG = "A Lone Keeper Counts Gulls"  # five words
FOUR = "Lone Keeper Counts Gulls"


def judged(mine: dict[str, object], theirs: dict[str, object], title: str = LONG) -> str:
    one, other = (Paper(**{"title": title, **fields}) for fields in (mine, theirs))  # type: ignore[arg-type]
    assert verdict(one, other) == verdict(other, one)
    return verdict(one, other).word


# ------------------------------------------------------------------ the verdict


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"arxiv": "2401.00001"}, {"arxiv": "2401.00001v3"}),
        ({"doi": "10.1234/Gulls"}, {"doi": "10.1234/gulls"}),
        ({"openreview": "aB3"}, {"openreview": "aB3"}),
    ],
)
def test_one_identifier_is_one_paper_whatever_the_title(mine: dict[str, object], theirs: dict[str, object]) -> None:
    assert judged({**mine, "title": "Gulls"}, {**theirs, "title": "Birds", "authors": ("Bo Reed",)}) == MERGE
    assert judged({**mine, "title": "Gulls"}, {"title": "Birds"}) == APART


PLUM, REED = ("Ada Plum", "Cy Stone"), ("Bo Reed",)


@pytest.mark.parametrize(
    ("title", "mine", "theirs", "word"),
    [
        (LONG, {}, {}, MERGE),  # nothing to compare, and a title of five words
        (FOUR, {}, {}, ASK),
        (FOUR, {"authors": PLUM}, {"authors": ("Stone, C.",)}, MERGE),
        ("Gulls", {"authors": PLUM}, {"authors": PLUM}, ASK),
        (LONG, {"authors": PLUM}, {"authors": REED}, APART),
        (LONG, {"authors": PLUM}, {}, MERGE),
        (LONG, {"authors": PLUM, "author_count": 40}, {"authors": REED}, MERGE),  # the list is partial
        (FOUR, {"abstract": TEXT}, {"abstract": f"{TEXT}. And more."}, MERGE),
        ("Gulls", {"abstract": TEXT}, {"abstract": TEXT}, ASK),
        ("Gulls", {"abstract": TEXT, "authors": PLUM}, {"abstract": TEXT, "authors": PLUM}, MERGE),
        (LONG, {"abstract": TEXT}, {"abstract": OTHER}, APART),
        (LONG, {"abstract": TEXT, "authors": PLUM}, {"abstract": OTHER, "authors": PLUM}, MERGE),  # rewritten for the journal
        (FOUR, {"abstract": TEXT, "authors": PLUM}, {"abstract": OTHER, "authors": PLUM}, ASK),
        (LONG, {"abstract": TEXT[:54] + OTHER}, {"abstract": TEXT}, ASK),  # a part of it
        (LONG, {"abstract": "They fly."}, {"abstract": "They do fly."}, MERGE),  # too short to say anything
        (FOUR, {"note": TEXT}, {"note": TEXT}, MERGE),
        (LONG, {"note": TEXT}, {"note": OTHER}, MERGE),  # two people wrote two notes
        (LONG, {"abstract": TEXT}, {"note": OTHER}, MERGE),
        (LONG, {"authors": PLUM, "arxiv": "2401.00001"}, {"authors": PLUM, "arxiv": "2402.00002"}, ASK),
        (FOUR, {"arxiv": "2401.00001"}, {"arxiv": "2402.00002"}, APART),
        (LONG, {"authors": PLUM, "arxiv": "2401.00001"}, {"authors": PLUM, "doi": "10.1234/g"}, MERGE),
        ("王小明数海鸥", {}, {}, MERGE),  # pairs of characters count as words
        ("海鸥", {}, {}, ASK),
    ],
)
def test_an_equal_title_needs_something_that_agrees(
    title: str, mine: dict[str, object], theirs: dict[str, object], word: str
) -> None:
    assert judged(mine, theirs, title) == word


def test_an_earlier_title_counts_as_the_title() -> None:
    assert judged({"title": "Birds", "also": (LONG,)}, {"title": LONG.upper()}) == MERGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Gulls of the Harbor, Part I", "The Gulls of the Harbor, Part II"),
        ("Counting Gulls in 2D from One Window", "Counting Gulls in 3D from One Window"),
        ("Counting Gulls in 2-D from One Window", "Counting Gulls in 3-D from One Window"),
        ("NSGA-II for the Counting of Gulls", "NSGA-III for the Counting of Gulls"),
        ("The Gulls That C Counts", "The Gulls That C++ Counts"),
        ("The Gulls That C++ Counts", "The Gulls That C# Counts"),
        ("A Search for Gulls with A*", "A Search for Gulls with A"),
        ("A Lone Keeper Counts Gulls", "A Lone Keeper Counts Gull"),
    ],
)
def test_titles_that_are_only_alike_are_two_papers(one: str, other: str) -> None:
    fields: dict[str, object] = {"authors": PLUM, "abstract": TEXT}
    assert judged({**fields, "title": one}, {**fields, "title": other}) == APART
    assert title_key(one) != title_key(other)


def test_a_surname_is_the_last_name_or_what_stands_before_a_comma() -> None:
    names = ("Ada Plum", "Reed, Bo", "Cy van der Stone Jr.", "Łukasz O’Tarn", "王小明", "Anonymous")
    assert surnames(names) == {"plum", "reed", "stone", "otarn", "王小明"}


def test_a_corrected_title_keeps_its_numbers() -> None:
    assert is_corrected("Gulls of the Uper Harbor", "Gulls of the Upper Harbour")
    assert not is_corrected("Gulls of the Harbor II", "Gulls of the Harbor III")


# ------------------------------------------------------------------ the key of a title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"{C}ounting {\em Gulls} with {\L}ukasz in M{\"u}nchen", "Counting Gulls with Łukasz in München"),
        (r"\emph{Gulls} \& $\alpha$-Kelp", "Gulls & alpha-Kelp"),
        (r"Gulls in C{\#} and {C++}", "gulls in c# and C++"),
        ("Gulls &amp; Kelp &#8211; a Stra&szlig;e", "GULLS & KELP: A STRASSE"),
        ("Œuvres d’Ærøskøbing", "oeuvres d'aeroskobing"),
        ("Of ﬁve Gulls²", "Of\nfive gulls 2"),
        ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"),
    ],
)
def test_writings_of_one_title_share_their_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_a_title_without_letters_is_its_own_key_and_ids_know_no_tex() -> None:
    assert [title_key("!?"), title_key("{}")] == ["!?", "{}"]
    assert paper_slug(r"\emph{Gulls}") == "emph-gulls"  # as ids have always been


MANGLINGS: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.lower,
    str.title,
    lambda title: title.replace("-", "\u2013"),
    lambda title: title.replace("-", " "),
    lambda title: title.replace(" ", "\n  "),
    lambda title: f"{title}.",
    lambda title: unicodedata.normalize("NFD", title),
    lambda title: title.replace("'", "\u2019").replace('"', "\u201c"),
    lambda title: title.replace(": ", " - "),
    lambda title: title.replace("fi", "\ufb01"),
    lambda title: title.replace("&", "&amp;"),
    lambda title: f"{{{title[:5]}}}{title[5:]}",
)


def test_mangled_titles_of_the_survey_are_found_again() -> None:
    survey, _ = load(Path(__file__).parent.parent)
    titles = [paper.title for paper in survey.papers]
    assert len(titles) == len(set(map(title_key, titles))) == 263
    lost = [mangle(title) for title in titles for mangle in MANGLINGS if title_key(mangle(title)) != title_key(title)]
    assert lost == []


# ------------------------------------------------------------------ among many


def read(path: Path) -> list[Paper]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [Paper(id=str(number), title=row["title"], authors=tuple(row.get("authors") or ())) for number, row in enumerate(rows)]


def verdicts(papers: list[Paper]) -> Counter[str]:
    """Of all pairs that share a title."""
    groups: dict[str, list[Paper]] = {}
    for paper in papers:
        groups.setdefault(title_key(paper.title), []).append(paper)
    return Counter(
        verdict(one, other).word for same in groups.values() for number, one in enumerate(same) for other in same[:number]
    )


def test_repeated_titles_are_told_apart() -> None:
    assert verdicts(read(TITLES)) == {MERGE: 3, ASK: 4, APART: 12}


def test_no_repeated_title_among_20000_real_ones_is_merged_falsely(shared: Path | None) -> None:
    """Each of the 90 pairs was looked at: two listings of one paper."""
    if shared is None:
        assert verdicts(read(TITLES))[MERGE] == 3
    else:
        assert verdicts(read(shared / "eval" / "titles.jsonl")) == {MERGE: 90, ASK: 751, APART: 179}


def test_doubles_are_found_once_and_told_together() -> None:
    found = [(sorted(paper.id for paper in papers), judged.word) for papers, judged in doubles(read(TITLES))]
    assert found == [
        (["0", "1"], MERGE),
        (["2", "3"], MERGE),
        (["4", "5"], MERGE),
        (["11", "12"], ASK),
        (["13", "14", "15"], ASK),
    ]


def test_papers_with_one_identifier_are_no_doubles_of_another_kind() -> None:
    both = [Paper(id=id_, title=LONG, doi="10.1234/g") for id_ in ("a", "b")]
    assert list(doubles(both)) == []


def test_the_work_grows_with_the_papers_however_many_share_a_title(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = Counter[str]()

    def counted(one: Paper, other: Paper) -> identity.Verdict:
        judged[one.title] += 1
        return verdict(one, other)

    monkeypatch.setattr(identity, "verdict", counted)
    papers = [Paper(id=str(n), title="Preface", authors=(f"Ada Plum{n}",)) for n in range(200)]
    assert list(doubles(papers)) == []
    assert judged["Preface"] <= 200 * identity.MOST_COMPARED
