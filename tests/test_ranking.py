"""What a question asks, and how well papers answer it: each rule by hand."""

import itertools
from collections.abc import Mapping, Sequence

import pytest

from generator.postings import Document, Postings, analysis_of
from generator.ranking import Group, Part, Ranker, Reading, groups_of, is_within_edits, parts_of, put_right

# ------------------------------------------------------------------ the question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("", []),
        (" \t\u3000", []),
        ("moss", [Part("moss", "moss", open=True)]),
        ("moss ", [Part("moss", "moss")]),
        ("moss\u3000fern", [Part("moss", "moss"), Part("fern", "fern", open=True)]),
        ("moss.", [Part("moss.", "moss.")]),
        ('"slow moss"', [Part('"slow moss"', "slow moss", is_phrase=True)]),
        ("“slow moss” fern", [Part("“slow moss”", "slow moss", is_phrase=True), Part("fern", "fern", open=True)]),
        ('"slow moss"fern ', [Part('"slow moss"', "slow moss", is_phrase=True), Part("fern", "fern")]),
        ('"moss', [Part('"moss', '"moss', open=True)]),
        ('""', [Part('""', '""')]),
        ('moss "', [Part("moss", "moss"), Part('"', '"')]),
        ("-moss", [Part("-moss", "moss", without=True, open=True)]),
        ('-"slow moss"', [Part('-"slow moss"', "slow moss", is_phrase=True, without=True)]),
        ("moss-fern", [Part("moss-fern", "moss-fern", open=True)]),
        ("-", [Part("-", "-")]),
        ("- moss", [Part("-", "-"), Part("moss", "moss", open=True)]),
        ("tag:moss", [Part("tag:moss", "moss", "tag", open=True)]),
        ("-TAG:Moss ", [Part("-TAG:Moss", "Moss", "tag", without=True)]),
        ('author:"Ada Example"', [Part('author:"Ada Example"', "Ada Example", "author", is_phrase=True)]),
        ("venue:A year:2021-2023 has:code", [
            Part("venue:A", "A", "venue"), Part("year:2021-2023", "2021-2023", "year"), Part("has:code", "code", "has", open=True)
        ]),
        ("moss author:", [Part("moss", "moss")]),  # its value is still to be typed
        ("-year: moss", [Part("moss", "moss", open=True)]),
        ("foo:bar", [Part("foo:bar", "foo:bar", open=True)]),
        ("mytag:moss", [Part("mytag:moss", "mytag:moss", open=True)]),
        ("a~ learning* (x", [Part("a~", "a~"), Part("learning*", "learning*"), Part("(x", "(x", open=True)]),
    ],
)  # fmt: skip
def test_parts_of_a_question(question: str, parts: list[Part]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("question", "groups"),
    [
        ("Slow MOSS ", [Group(("slow",)), Group(("moss",))]),
        ("slow mos", [Group(("slow",)), Group(("mos",), open=True)]),
        ("moss fern moss", [Group(("moss",), open=True), Group(("fern",))]),  # each once
        ("the", []),
        ("of the moss ", [Group(("moss",))]),
        ("pre-train", [Group(("pre", "pretrain")), Group(("train", "pretrain"), open=True)]),
        ("and-moss ", [Group(("moss", "andmoss"))]),
        ("to-do ", [Group(("todo",))]),  # its parts are stop words
        ("i-n ", [Group(("n",))]),  # joined it is one
        ("a-b-c-d-e ", [Group((letter,)) for letter in "bcde"]),  # a chain too long to be one word
        ("C++ ", [Group(("cplusplus",))]),
        ("编织物 ", [Group(("编织",)), Group(("织物",))]),
        ("foo:bar/baz!", [Group(("foo",)), Group(("bar",)), Group(("baz",))]),
        ('"slow moss"', [Group(("slow",)), Group(("moss",))]),
        ("🙂", []),
    ],
)
def test_groups_of_a_question(question: str, groups: list[Group]) -> None:
    assert groups_of(parts_of(question)) == groups


def test_nobody_means_more_words_than_32() -> None:
    groups = groups_of(parts_of(" ".join(f"moss{n}" for n in range(40))))
    assert [group.spellings for group in groups] == [(f"moss{n}",) for n in range(32)]


@pytest.mark.parametrize(
    ("question", "corrections", "expected"),
    [
        ("slow mosss", {"mosss": "moss"}, "slow moss"),
        ("Mosss, MOSSS!", {"mosss": "moss"}, "moss, moss!"),
        ("Mo\u0308sss möṡss", {"mosss": "moss"}, "moss moss"),
        ("pre-trainnig", {"trainnig": "training"}, "pre-training"),
        ('"slow mosss" tag:x', {"mosss": "moss"}, '"slow moss" tag:x'),
        ("ΛΌΓΟΣ λόγος", {"λογοσ": "moss"}, "moss moss"),
        ("हिन्दी", {"हनद": "moss"}, "moss"),
        ("mosssy", {"mosss": "moss"}, None),
        ("moss", {}, None),
    ],
)
def test_a_question_is_put_right(question: str, corrections: Mapping[str, str], expected: str | None) -> None:
    assert put_right(question, corrections) == expected


# ------------------------------------------------------------------ edits


@pytest.mark.parametrize(
    ("a", "b", "edits", "expected"),
    [
        ("moss", "moss", 0, True),
        ("moss", "mass", 0, False),
        ("moss", "mosss", 1, True),  # added
        ("moss", "mss", 1, True),  # dropped
        ("moss", "mass", 1, True),  # changed
        ("moss", "omss", 1, True),  # swapped
        ("moss", "ossm", 1, False),
        ("moss", "ossm", 2, True),
        ("thistle", "thristel", 1, False),
        ("thistle", "thristel", 2, True),
        ("", "a", 1, True),
        ("", "ab", 1, False),
        ("fern", "moss", 2, False),
    ],
)
def test_words_within_edits(a: str, b: str, edits: int, expected: bool) -> None:
    assert is_within_edits(a, b, edits) is expected
    assert is_within_edits(b, a, edits) is expected


def edits_between(a: str, b: str) -> int:
    """The distance by the table that is filled row by row, with swaps of neighbors."""
    table = [[max(i, j) if not i or not j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i, j in itertools.product(range(1, len(a) + 1), range(1, len(b) + 1)):
        steps = [table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1])]
        if a[i - 2 : i] == b[j - 2 : j][::-1] and min(i, j) > 1:
            steps.append(table[i - 2][j - 2] + 1)
        table[i][j] = min(steps)
    return table[-1][-1]


def test_edits_are_counted_as_the_textbook_does() -> None:
    words = ["abc", "bca", "acbb", "cab", *("".join(two) for size in range(5) for two in itertools.product("ab", repeat=size))]
    for a, b in itertools.product(words, words):
        distance = edits_between(a, b)
        assert [is_within_edits(a, b, edits) for edits in (0, 1, 2)] == [distance <= edits for edits in (0, 1, 2)], (a, b)


# ------------------------------------------------------------------ the answer


def ranker(*notes: str, titles: Sequence[str] = (), similar: Mapping[int, Sequence[int]] = {}) -> Ranker:
    """Of papers with these notes; without `titles` none has a word in its title."""
    given = itertools.zip_longest(titles, notes, fillvalue="")
    postings = Postings([analysis_of(Document(title=title, note=note)) for title, note in given])
    return Ranker(postings, [similar.get(ordinal, ()) for ordinal in range(postings.size)])


def read(ranker: Ranker, question: str) -> Reading:
    return ranker.read(groups_of(parts_of(question)))


def test_a_word_counts_fully_where_it_is_spelled_so() -> None:
    found = ranker("moss grows", "mosses", "fern")
    assert read(found, "Moss ").scores == found.postings.scores("moss") != {}
    assert read(found, "Moss ").corrections == {}


def test_a_longer_word_counts_half_while_it_is_typed() -> None:
    found = ranker("moss", "mosquito", "fern")
    moss, mosquito = (found.postings.scores(term) for term in ("moss", "mosquito"))
    assert read(found, "mosq").scores == {1: mosquito[1] / 2}
    assert read(found, "mos").scores == {0: moss[0] / 2, 1: mosquito[1] / 2}
    assert read(found, "fern mos").scores.keys() == {0, 1, 2}


def test_a_word_that_is_typed_counts_fully_where_it_is_whole() -> None:
    found = ranker("fern", "fernery", "fern fernery", "reed")
    fern, fernery = (found.postings.scores(term) for term in ("fern", "ferneri"))
    assert read(found, "fern").scores == {0: fern[0], 1: fernery[1] / 2, 2: max(fern[2], fernery[2] / 2)}
    assert read(found, "fern ").scores == fern  # typed to its end, it is no beginning


@pytest.mark.parametrize("question", ["mo", "mo ", "m"])
def test_two_letters_are_no_beginning(question: str) -> None:
    assert read(ranker("moss", "mosquito"), question).scores == {}


def test_of_a_beginning_the_64_words_of_most_papers_are_taken() -> None:
    words = [f"moss{n:02}" for n in range(70)]
    found = read(ranker(*words, "moss69", "fern"), "moss")
    assert found.scores.keys() == {*range(63), 69, 70}


def test_a_misspelled_word_counts_seven_tenths() -> None:
    found = ranker("moss", "fern", "moss fern")
    reading = read(found, "mozs ")
    assert reading.scores == {ordinal: 0.7 * score for ordinal, score in found.postings.scores("moss").items()}
    assert reading.corrections == {"mozs": "moss"}
    assert reading.whole == {0, 2}


@pytest.mark.parametrize(
    ("question", "corrections"),
    [
        ("ossm ", {}),  # two edits, and no two letters at either end
        ("xoss ", {"xoss": "moss"}),  # the same last two letters
        ("moxx ", {}),
        ("mos ", {}),  # short: a beginning of moss, not a slip
        ("lichne ", {"lichne": "lichen"}),
        ("lichnex ", {"lichnex": "lichen"}),  # two edits
        ("linhex ", {"linhex": "lichen"}),
        ("linh ", {}),
    ],
)
def test_what_counts_as_misspelled(question: str, corrections: Mapping[str, str]) -> None:
    assert read(ranker("moss", "lichen", "fern"), question).corrections == corrections


def test_a_known_word_is_never_corrected() -> None:
    reading = read(ranker("moss", "mosss"), "mosss ")
    assert (set(reading.scores), reading.corrections) == ({1}, {})


def test_the_correction_that_is_shown_is_the_word_of_most_papers() -> None:
    reading = read(ranker("mist", "fern", "mast"), "mxst ")
    assert reading.scores.keys() == {0, 2}
    assert reading.corrections == {"mxst": "mast"}  # the first of equals
    assert read(ranker("fern", "form", "farm", "form"), "ferm ").corrections == {"ferm": "form"}


def test_two_edits_are_tried_only_when_no_word_finds_anything() -> None:
    found = ranker("thistle", "fern", "reed")
    assert read(found, "thristel ").corrections == {"thristel": "thistle"}
    assert read(found, "thristel ").scores == {0: 0.7 * found.postings.scores("thistl")[0]}
    with_fern = read(found, "thristel fern ")
    assert (set(with_fern.scores), with_fern.corrections) == ({1}, {})


def test_a_beginning_is_better_than_two_edits() -> None:
    reading = read(ranker("thistlewort", "thorstel"), "thistle ")
    assert (set(reading.scores), reading.corrections) == ({0}, {})


def test_an_unknown_word_to_which_nothing_is_near_stands_for_longer_ones() -> None:
    found = ranker("mosquito", "fern")
    reading = read(found, "mosq ")
    assert reading.scores == {0: found.postings.scores("mosquito")[0] / 2}
    assert reading.corrections == {}
    assert read(ranker("mosquito", "moss", "fern"), "mosq ").scores.keys() == {1}  # something is near


def test_a_joined_spelling_is_another_form_of_each_part() -> None:
    found = ranker("pretraining", "training", "pre", "fern", "pre-training")
    reading = read(found, "pre-training ")
    assert reading.whole == {0, 4}
    assert reading.scores.keys() == {0, 1, 2, 4}


def test_a_paper_scores_the_sum_over_words_times_the_share_of_them() -> None:
    found = ranker("moss fern", "moss", "fern", "reed")
    moss, fern = (found.postings.scores(term) for term in ("moss", "fern"))
    reading = read(found, "moss fern ")
    assert reading.scores == {0: moss[0] + fern[0], 1: moss[1] / 2, 2: fern[2] / 2}
    assert reading.whole == {0}


def test_in_a_long_question_the_share_counts_less() -> None:
    words = ["moss", "fern", "reed", "sedge", "clover"]
    found = ranker(" ".join(words), *words)
    reading = read(found, " ".join(words) + " ")
    assert reading.scores[1] == pytest.approx(found.postings.scores("moss")[1] * (1 / 5) ** (2 / 5))
    four = read(found, "moss fern reed sedge ")
    assert four.scores[1] == pytest.approx(found.postings.scores("moss")[1] / 4)


def test_a_word_that_nobody_has_takes_nothing_from_the_others_but_their_wholeness() -> None:
    found = ranker("moss", "fern")
    assert read(found, "moss xyzzyx ").scores == found.postings.scores("moss")
    assert read(found, "moss xyzzyx ").whole == frozenset()


def test_a_paper_gets_some_of_what_the_nearest_score() -> None:
    """Half the mean of five, though it has fewer."""
    found = ranker("moss", "moss reed", "fern", similar={0: [1, 2], 2: [0, 1]})
    moss = found.postings.scores("moss")
    reading = read(found, "moss ")
    assert reading.scores[0] == pytest.approx(moss[0] + 0.5 * moss[1] / 5)
    assert reading.scores[1] == moss[1]
    assert reading.scores.keys() == {0, 1}  # it alone is no match


def test_a_title_with_all_that_was_asked_doubles_the_score() -> None:
    found = ranker(titles=["slow moss", "moss", "mosses", "reed"])
    slow, moss = (found.postings.scores(term) for term in ("slow", "moss"))
    assert read(found, "moss ").scores == {0: 2 * moss[0], 1: 2 * moss[1], 2: moss[2]}  # as it was typed
    assert read(found, "slow moss ").scores == {0: 2 * (slow[0] + moss[0]), 1: moss[1] / 2 * 1.25, 2: moss[2] / 2}
    assert read(found, "mozs ").scores[1] == pytest.approx(0.7 * moss[1] * 2)  # as it was meant
    assert read(found, "moss").scores[2] == 2 * moss[2]  # what may still be typed is meant
    assert read(found, "moss xyzzyx ").scores[1] == pytest.approx(moss[1] * 1.25)


def test_papers_with_a_word_have_it_anywhere_as_it_is_spelled() -> None:
    found = ranker("mosses", "fern", "mosquito", "pretraining", titles=["", "moss"])
    assert found.papers_with(Group(("moss",), open=True)) == {0, 1}
    assert found.papers_with(Group(("mozs",))) == frozenset()
    assert found.papers_with(Group(("pre", "pretraining"))) == {3}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("mosquitoes", ["mosquito"]),
        ("mosh", ["moss", "mosquito"]),
        ("fernxyz", ["fern5", "fern0", "fern1", "fern2", "fern3"]),  # at most five, those of most papers first
        ("mxx", []),
        ("m", []),
    ],
)
def test_the_closest_words_share_the_most_first_letters(word: str, expected: list[str]) -> None:
    found = ranker("moss", "mosquito", "moss", *(f"fern{n}" for n in range(9)), "fern5")
    assert found.closest(word) == expected


@pytest.mark.parametrize("question", ["xyzzyx", "the", "", "🙂", "mo"])
def test_where_nothing_is_found_the_reading_is_empty(question: str) -> None:
    assert read(ranker("moss", "fern"), question) == Reading({}, frozenset(), {})
    assert read(ranker(), "moss") == Reading({}, frozenset(), {})
