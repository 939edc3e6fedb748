"""What a question finds in a survey: words, phrases, bounds, and the order of the results."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from surveys import TAGS, tiny

from generator.build import searchable
from generator.search import Search, years_of

PAPERS = {
    "old-moss": """\
---
title: Old moss
authors: [Ada Example, Ben Sample]
date: 2021-05-01
venue: Journal of Small Plants
venue_year: 2021
links: {code: https://example.org/code}
added: 2024-01-01
tags: [moss-gardens]
---
Slow moss grows on a wet wall.
""",
    "wet-fern": """\
---
title: Wet fern
authors: [Ada Token, Cleo Example]
date: 2022
venue: Journal of Ferns
added: 2024-01-02
tags: [gardens]
---
The moss is slow, and the fern is not.
""",
    "reeds": """\
---
title: Reeds
authors: [Anna-Lena Instance, A, B, Zoe Beyond]
date: 2023-01-01
venue: Letters on Reeds
links: {data: https://example.org/data}
added: 2024-01-03
tags: [counting]
findings: [Twelve slow reeds]
---
""",
    "undated": "---\ntitle: Undated thistles\nvenue: Letters\nadded: 2024-01-04\ngist: Pricks at once\n---\n",
}


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Search:
    return engine(tmp_path_factory.mktemp("garden"), PAPERS)


def engine(root: Path, papers: Mapping[str, str], tags: str = TAGS) -> Search:
    search, report = searchable(tiny(root, papers, tags=tags))
    assert not report.errors
    return search


def ids(search: Search, question: str) -> list[str]:
    return [result.paper.id for result in search.answer(question).results]


# ------------------------------------------------------------------ words


def test_papers_with_any_word_are_found_the_best_first(garden: Search) -> None:
    answer = garden.answer("slow moss ")
    assert [result.paper.id for result in answer.results] == ["old-moss", "wet-fern", "reeds"]
    scores = [result.score for result in answer.results]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    assert (answer.whole, answer.corrected, answer.near) == (2, None, ())


@pytest.mark.parametrize("question", ["", "  ", "the", "of the", "🙂 ?!", '""', "author:"])
def test_without_words_all_papers_are_newest_first(garden: Search, question: str) -> None:
    answer = garden.answer(question)
    assert [result.paper.id for result in answer.results] == ["reeds", "wet-fern", "old-moss", "undated"]
    assert {result.score for result in answer.results} == {0}
    assert (answer.whole, answer.corrected) == (4, None)


def test_of_equals_the_paper_that_came_last_into_the_survey_is_first(tmp_path: Path) -> None:
    days = {"a": "2024-01-02", "b": "2024-01-03", "c": "2024-01-01", "d": "2024-01-01"}
    papers = {name: f"---\ntitle: Fern\nadded: {day}\n---\nMoss.\n" for name, day in days.items()}
    papers |= {f"other-{n}": "---\ntitle: Reed\nadded: 2024-01-01\n---\n" for n in range(20)}  # among these they are near
    search = engine(tmp_path, papers)
    assert len({result.score for result in search.answer("moss").results}) == 1
    assert ids(search, "moss") == ["b", "a", "d", "c"]


def test_names_are_found_by_plain_words(garden: Search) -> None:
    assert ids(garden, "cleo") == ["wet-fern"]
    assert sorted(ids(garden, "allotments ")) == ["old-moss", "wet-fern"]  # a synonym of their tag
    assert ids(garden, "letters ") == ["undated", "reeds"]  # the shorter field first


def test_a_paper_near_to_others_that_match_comes_before_one_that_is_not(tmp_path: Path) -> None:
    kin = {f"kin-{n}": "---\ntitle: Wet walls\nadded: 2024-01-01\n---\nMoss grows lichen.\n" for n in range(2)}
    alone = {f"alone-{n}": f"---\ntitle: Dry floor{n}\nadded: 2024-01-02\n---\nMoss eats thistles{n}.\n" for n in range(7)}
    assert ids(engine(tmp_path, {**kin, **alone}), "moss ")[:3] == ["kin-1", "kin-0", "alone-6"]


def test_a_misspelled_question_is_answered_and_put_right(garden: Search) -> None:
    answer = garden.answer("Slow, mosss!")
    assert [result.paper.id for result in answer.results] == ["old-moss", "wet-fern", "reeds"]
    assert (answer.whole, answer.corrected) == (2, "Slow, moss!")


def test_where_nothing_is_found_the_nearest_words_are_told(garden: Search) -> None:
    answer = garden.answer("thixxxxx wexxxxx")
    assert (answer.whole, answer.corrected, answer.results) == (0, None, ())
    assert answer.near == ("thistles", "wet")
    assert garden.answer("xyzzyx").near == ()


def test_at_most_five_nearest_words_are_told(tmp_path: Path) -> None:
    nouns = [f"{noun}{n}" for noun in ("fern", "moss") for n in range(4)]
    search = engine(tmp_path, {"one": f"---\ntitle: {' '.join(nouns)}\n---\n"})
    assert search.answer("fernxxxx mossxxxx").near == ("fern0", "fern1", "fern2", "fern3", "moss0")


# ------------------------------------------------------------------ phrases


def test_the_words_of_a_phrase_stand_beside_each_other(garden: Search) -> None:
    assert ids(garden, '"slow moss"') == ["old-moss"]
    assert ids(garden, "“moss is slow”") == ["wet-fern"]
    assert ids(garden, '"slow moss" "wet wall"') == ["old-moss"]
    assert garden.answer('"slow moss"').whole == 1
    assert garden.answer('"slow moss"').corrected is None


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ('"old moss"', ["old-moss"]),  # in a title
        ('"TWELVE slow, reeds"', ["reeds"]),  # a finding
        ('"pricks at once"', ["undated"]),  # the gist
        ('"ada token"', ["wet-fern"]),  # the byline
        ('"zoe beyond"', ["reeds"]),  # an author whom the byline leaves out
    ],
)
def test_phrases_are_looked_for_in_all_that_a_result_shows(garden: Search, phrase: str, found: list[str]) -> None:
    assert ids(garden, phrase) == found
    assert garden.answer(phrase).corrected is None  # not asked as words


PARTS_OF_WORDS = {
    "one": "---\ntitle: Slow moss\nfindings: [Low mosses]\n---\n",
    "two": "---\ntitle: Low moss\n---\n",
}


def test_a_phrase_is_of_whole_words(tmp_path: Path) -> None:
    search = engine(tmp_path, PARTS_OF_WORDS)
    assert ids(search, '"low moss"') == ["two"]


def test_a_phrase_does_not_go_across_two_texts(garden: Search) -> None:
    assert garden.answer('"moss ada"').corrected == "moss ada"


def test_a_phrase_that_no_paper_has_is_asked_as_words(garden: Search) -> None:
    answer = garden.answer('"moss slow" “wall of”')
    assert answer.corrected == "moss slow wall of"
    assert [result.paper.id for result in answer.results] == ids(garden, "moss slow wall of ")


def test_a_misspelled_phrase_is_asked_as_the_words_that_were_meant(garden: Search) -> None:
    answer = garden.answer('"slow mosss"')
    assert answer.corrected == "slow moss"
    assert [result.paper.id for result in answer.results] == ["old-moss", "wet-fern", "reeds"]


def test_a_phrase_of_stop_words_bounds_nothing(garden: Search) -> None:
    assert len(ids(garden, '"of the"')) == 4
    assert ids(garden, 'moss "of the"') == ids(garden, "moss ")


def test_a_phrase_and_words(garden: Search) -> None:
    assert ids(garden, 'fern "moss is"') == ["wet-fern"]


# ------------------------------------------------------------------ without


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("slow -fern", ["old-moss", "reeds"]),
        ("slow -ferns", ["old-moss", "reeds"]),  # by its stem
        ("slow -fer", ["old-moss", "wet-fern", "reeds"]),  # but no beginning
        ("slow -fenr", ["old-moss", "wet-fern", "reeds"]),  # and no other spelling
        ("slow -the", ["old-moss", "wet-fern", "reeds"]),
        ('slow -"slow moss"', ["reeds"]),  # who has both words is out
        ("-moss", ["reeds", "undated"]),
        ("-moss -thistles", ["reeds"]),
        ("slow - fern", ["wet-fern", "old-moss", "reeds"]),  # a minus alone is nothing
    ],
)
def test_papers_with_a_word_after_a_minus_are_left_out(garden: Search, question: str, found: list[str]) -> None:
    assert sorted(ids(garden, question)) == sorted(found)


# ------------------------------------------------------------------ bounds


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("tag:moss-gardens", ["old-moss"]),
        ("TAG:Counting", ["reeds"]),
        ("tag:gardens", ["wet-fern", "old-moss"]),  # its children's papers too
        ('tag:"moss gardens"', ["old-moss"]),  # by its label
        ("tag:allotments", ["wet-fern", "old-moss"]),  # by a synonym
        ("tag:mos", ["old-moss"]),  # as it is typed
        ("-tag:gardens", ["reeds", "undated"]),
        ("tag:gardens -tag:moss-gardens", ["wet-fern"]),
        ("tag:gardens tag:counting", []),
        ("author:ada-example", ["old-moss"]),
        ('author:"Ada Example"', ["old-moss"]),
        ("author:example", ["wet-fern", "old-moss"]),
        ("author:exam", ["wet-fern", "old-moss"]),
        ('author:"example, cleo"', ["wet-fern"]),
        ('author:"ada ex"', ["old-moss"]),  # words that begin so, where none has them whole
        ("author:a", ["reeds"]),  # a whole word comes before beginnings
        ("author:annalena", ["reeds"]),
        ("-author:example", ["reeds", "undated"]),
        ('venue:"Journal of Ferns"', ["wet-fern"]),
        ("venue:journal", ["wet-fern", "old-moss"]),
        ("venue:LETTERS", ["undated"]),  # a whole name comes before what goes on from it
        ("venue:lett", ["reeds", "undated"]),
        ("-venue:journal", ["reeds", "undated"]),
        ("year:2022", ["wet-fern"]),
        ("year:2021-2022", ["wet-fern", "old-moss"]),
        ("year:2021–2022", ["wet-fern", "old-moss"]),
        ("year:2022-", ["reeds", "wet-fern"]),
        ("year:-2022", ["wet-fern", "old-moss"]),
        ("year:1999", []),
        ("-year:2022", ["reeds", "old-moss", "undated"]),
        ("has:code", ["old-moss"]),
        ("has:note", ["wet-fern", "old-moss"]),
        ("-has:note", ["reeds", "undated"]),
        ("has:code has:data", []),
        ("year:2021- -has:code tag:gardens", ["wet-fern"]),
    ],
)
def test_bounds(garden: Search, question: str, found: list[str]) -> None:
    answer = garden.answer(question)
    assert [result.paper.id for result in answer.results] == found
    assert answer.whole == len(found)


def test_words_are_looked_for_within_the_bounds(garden: Search) -> None:
    assert ids(garden, "slow tag:counting") == ["reeds"]
    assert ids(garden, "tag:gardens moss ") == ["old-moss", "wet-fern"]
    bounded, free = garden.answer("slow year:2022-"), garden.answer("slow ")
    assert {result.paper.id: result.score for result in bounded.results}.items() < {
        result.paper.id: result.score for result in free.results
    }.items()
    assert bounded.whole == 2
    assert garden.answer("thistles has:code").results == ()


def test_a_bound_that_names_nothing_is_words(garden: Search) -> None:
    assert ids(garden, "tag:thistles ") == ["undated"]
    assert ids(garden, "year:moss ") == ids(garden, "moss ")
    assert ids(garden, 'author:"wet moss"')[0] in {"wet-fern", "old-moss"}
    assert garden.answer('venue:"wet moss"').corrected is None  # no phrase either
    assert len(ids(garden, "-tag:fern")) == 4  # nobody has both words
    assert ids(garden, "foo:moss ") == ids(garden, "moss ")


def test_an_author_s_spellings_are_one(tmp_path: Path) -> None:
    papers = {name: f"---\ntitle: {name}\nauthors: [{author}]\n---\n" for name, author in {"a": "Åsa Ek", "b": "Asa Ek"}.items()}
    assert ids(engine(tmp_path, papers), 'author:"åsa ek"') == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023", (2023, 2023)),
        ("2021-2023", (2021, 2023)),
        ("2021-", (2021, None)),
        ("–2023", (None, 2023)),
        ("2023-2021", (2023, 2021)),  # of no year
        ("-", None),
        ("20", None),
        ("202x", None),
        ("2021-2022-2023", None),
        ("٢٠٢٣", None),
        ("", None),
    ],
)
def test_years(text: str, expected: tuple[int | None, int | None] | None) -> None:
    assert years_of(text) == expected


# ------------------------------------------------------------------ anything is a question

TRAPS = ["survey", "key", "array", "C++", "pre-training", "learning*", "foo:bar", "a~", "the", "🙂", '"', "-", ":", "year:"]
TRAPS += ["tag:-", "author:-", 'venue:"', "has:constructor", "tag:__proto__", "^2 +x ~1", "\ud800 \udc00moss", "haſ:code", "\0"]
TRAPS += [
    "Ⅷ\u0301" * 40,
    "moss " * 2_000,
    "m" * 4_000,
    "".join(f"word{n} " for n in range(300)),
    '"moss ' * 300,
    "-" * 1_000,
    "moss-" * 1_000,
]


@pytest.mark.parametrize("question", TRAPS, ids=lambda question: ascii(question[:12]))
def test_no_text_is_an_error(garden: Search, question: str) -> None:
    for text in (question, f"{question} moss", f"tag:{question}", f'author:"{question}"', f"-{question}"):
        answer = garden.answer(text)
        assert answer.whole <= len(answer.results) <= 4
        found = [result.paper.id for result in answer.results]
        assert len(set(found)) == len(found)


def test_random_text_is_no_error(garden: Search) -> None:
    rnd = random.Random(5)
    pieces = [
        "moss",
        "fern",
        "slow",
        '"',
        "“",
        "-",
        ":",
        " ",
        "tag:",
        "year:",
        "2021",
        "author:",
        "ex",
        "\u0301",
        "编织",
        "\ud83d",
    ]
    for _ in range(300):
        text = "".join(rnd.choice([*pieces, chr(rnd.randrange(0x20, 0x3000))]) for _ in range(rnd.randrange(12)))
        answer = garden.answer(text)
        assert answer.whole <= len(answer.results) <= 4, text


def test_an_empty_survey_answers(tmp_path: Path) -> None:
    search = engine(tmp_path, {})
    for question in ("", "moss", '"slow moss"', "tag:gardens", "-moss"):
        assert search.answer(question).results == ()
