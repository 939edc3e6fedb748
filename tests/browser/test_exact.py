"""The browser finds what Python finds, and scores it as lunr.js does with an index of all papers."""

import functools
import itertools
import json
import random
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from lunr.builder import Builder
from lunr.stop_word_filter import WORDS as STOP_WORDS
from playwright.sync_api import Browser, Page
from surveys import tiny
from test_engine import (
    CORRECTED,
    FIRST,
    FIXTURES,
    NO_WORDS,
    ODD,
    PHRASES,
    ROOT,
    SITE,
    WITHIN,
    one_page,
    open_site,
    searched,
    small_survey,
)

from generator.analyze import document
from generator.build import searchable
from generator.index import columns
from generator.markdown import plain_text
from generator.postings import NAMES, TEXT, utf16
from generator.ranking import parts_of
from generator.search import Search
from generator.text import stem, terms, words

if TYPE_CHECKING:
    from lunr.token import Token

# ------------------------------------------------------------------ an index of all papers


class Stemmer:
    """Our stemmer in lunr.py's pipelines, under the name of lunr.js's own, which takes its place in the browser."""

    label = "stemmer"

    def __call__(self, token: "Token", _place: int, _tokens: Sequence["Token"]) -> "Token":
        return token.update(lambda word, _metadata: stem(word))


def whole_index(survey: Search, boosts: Mapping[str, float]) -> bytes:
    """Of these fields of all papers, as lunr.js loads it. The papers are known by their ordinals."""
    builder, stemmer = Builder(), Stemmer()
    builder.pipeline.add(stemmer)
    builder.search_pipeline.add(stemmer)
    for name, boost in boosts.items():
        builder.field(name, boost)
    for ordinal, paper in enumerate(survey.papers):
        text = document(survey.library, paper, plain_text(paper.note))
        fields = {name: [word for word in words(getattr(text, name)) if word not in STOP_WORDS] for name in boosts}
        builder.add({"id": str(ordinal), **fields})
    built = builder.build().serialize()
    built["invertedIndex"].sort(key=lambda row: utf16(row[0]))
    return json.dumps(built).encode()


# ------------------------------------------------------------------ surveys and questions

SYLLABLES = [consonant + vowel for vowel in "aeiouy" for consonant in ("b", "cr", "d", "fl", "g", "k", "l", "m", "st", "tr", "v")]
ENDINGS = ["", "", "", "s", "ing", "ed", "er", "ation", "ness", "ly"]
MADE_UP_TAGS = "facets: [{id: kind, label: Kind}]\ntags:\n" + "".join(
    f"  - {{id: tag-{n}, facet: kind, label: {label}, synonyms: [{label} {other}]}}\n"
    for n, (label, other) in enumerate(itertools.pairwise(SYLLABLES[:13]))
)


def made_up(number: int) -> dict[str, str]:
    """Records of made-up words as texts have them: a few stand in most papers, most in few."""
    draw = random.Random(5)
    stems = sorted({"".join(draw.choices(SYLLABLES, k=draw.randint(3, 5))) for _ in range(4_000)})
    draw.shuffle(stems)
    known = [root + draw.choice(ENDINGS) for root in stems] + [root + draw.choice(ENDINGS) for root in stems]
    known[3:3] = ["the", "of", "and", "art", "état"]
    heights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(known))))

    def text(most: int) -> str:
        chosen = draw.choices(known, cum_weights=heights, k=draw.randint(max(1, most // 2), most))
        return " ".join(f"{a}-{b}" if draw.random() < 0.02 else a for a, b in zip(chosen, [*chosen[1:], "end"], strict=True))

    def paper(n: int) -> str:
        date, added = str(draw.randint(2001, 2025)), f"20{n % 25:02d}-01-01"
        fields: dict[str, Any] = {"title": text(8).capitalize(), "date": date, "added": added}
        fields["authors"] = [f"{draw.choice(SYLLABLES)} {draw.choice(stems)}" for _ in range(draw.randint(0, 4))]
        fields["tags"] = [f"tag-{draw.randrange(12)}"]
        fields |= {"venue": f"Letters on {draw.choice(SYLLABLES)}"} if n % 3 else {}
        fields |= {"gist": text(8)[:120].strip()} if n % 2 else {}
        fields |= {"findings": [text(9) for _ in range(n % 3)]}
        front = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())
        return f"---\n{front}---\n{text(18)}.\n"

    return {f"paper-{n}": paper(n) for n in range(number)}


def edited(draw: random.Random, word: str) -> str:
    """With one letter dropped, added, changed or swapped with the next."""
    at, letter = draw.randrange(1, len(word) - 1), draw.choice("abcdefghijklmnopqrstuvwxyz")
    ways = word[at + 1 :], letter + word[at:], letter + word[at + 1 :], word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + draw.choice(ways)


def questions(survey: Search) -> list[str]:
    """120 each of one word, two, four, a beginning, and a word with an edit."""
    draw = random.Random(7)
    texts = [f"{paper.title} {paper.gist or ''} {paper.note}" for paper in survey.papers]
    said = [[word for word in words(text) if word not in STOP_WORDS] for text in texts]

    def some(count: int, shortest: int = 1) -> list[str]:
        while True:
            found = [word for word in draw.choice(said) if len(word) >= shortest]
            if len(found) >= count:
                return draw.sample(found, count)

    closed = [f"{' '.join(some(count))} " for count in (1, 2, 4) for _ in range(120)]
    begun = [word[: draw.randint(3, len(word))] for (word,) in (some(1, 4) for _ in range(120))]
    return [*closed, *begun, *(f"{edited(draw, word)} " for (word,) in (some(1, 5) for _ in range(120)))]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with one_page(browser) as page:
        yield page


# Of each term that a form of a question's words asks: whether the scores from its postings are those of the whole index, which
# are given. And what the engine answers.
BOTH = """async questions => {
    const [{ default: lunr }, { open }, { on }, { formsOf }, { groupsOf, partsOf }, { scores }] =
        await Promise.all(['lunr', 'store', 'engine', 'lexicon', 'query', 'scores'].map(name => import(`./static/js/${name}.js`)))
    const load = async name => lunr.Index.load(await (await fetch(`whole/${name}.json`)).json())
    const whole = [await load('text'), await load('names')]
    const store = { ...open(''), card: async ordinal => [ordinal] } // no cards are needed
    const [head, engine] = [await store.head(), on(store)]
    const asked = new Map()
    for (const question of questions) {
        const groups = groupsOf(partsOf(question), head.ranking.groups)
        for (let edits = 1, found = 0; edits <= 2 && found === 0; edits++) {
            const forms = await Promise.all(groups.map(group => formsOf(store, group, edits, new Map())))
            for (const [term, { entry }] of forms.flatMap(group => [...group])) asked.set(term, entry)
            found = forms.reduce((sum, group) => sum + group.size, 0)
        }
    }
    const given = {}, others = [], found = []
    for (const [term, entry] of asked) {
        const sums = new Map()
        for (const index of whole) {
            for (const { ref, score } of index.query(query => query.term(term, { usePipeline: false }))) {
                sums.set(ref, (sums.get(ref) ?? 0) + score)
            }
        }
        const { papers, values } = scores(head, term, entry)
        const isSame = papers.length === sums.size && papers.every((paper, i) => sums.get(String(paper)) === values[i])
        if (!isSame) others.push(term)
        given[term] = [...sums].map(([ref, score]) => [Number(ref), score])
        found.push(entry.fields.slice(0, head.text.length).reduce((sum, { papers }) => sum + papers.length, 0))
    }
    const answers = []
    for (const question of questions) {
        const { results, ...rest } = await engine.search(question, { limit: null })
        answers.push({ ...rest, scores: results.map(({ score }) => score) })
    }
    return JSON.stringify({ given, others, found, answers })
}"""
MOST = 300  # as scores.js has it


@pytest.mark.parametrize("papers", [263, 3_000])
def test_scores_and_results_are_those_of_an_index_of_all_papers(
    page: Page, tmp_path: Any, papers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey, files = searched(ROOT if papers == 263 else tiny(tmp_path, made_up(papers), tags=MADE_UP_TAGS))
    assert len(survey.papers) == papers
    whole = {f"whole/{name}.json": whole_index(survey, boosts) for name, boosts in (("text", TEXT), ("names", NAMES))}
    open_site(page, files | whole)
    asked = questions(survey)
    assert len(asked) == 600
    browser = json.loads(page.evaluate(BOTH, asked))
    assert browser["others"] == []
    assert min(browser["found"]) < MOST < max(browser["found"])  # both ways of scoring were taken
    of_term = {term: dict(map(tuple, rows)) for term, rows in browser["given"].items()}
    postings = survey.ranker.postings
    assert {term for term, scores in of_term.items() if scores != postings.scores(term)} == set()
    monkeypatch.setattr(postings, "scores", of_term.__getitem__)
    place = {paper.id: ordinal for ordinal, paper in enumerate(survey.papers)}
    for question, theirs in zip(asked, browser["answers"], strict=True):
        mine = survey.answer(question)
        assert theirs["ordinals"] == [place[result.paper.id] for result in mine.results], question
        assert theirs["scores"] == [result.score for result in mine.results], question
        assert (theirs["total"], theirs["whole"], theirs["corrected"]) == (len(mine.results), mine.whole, mine.corrected)
    assert sum(answer["total"] > 0 for answer in browser["answers"]) >= 599


# ------------------------------------------------------------------ both sides find the same

ANSWERS = """async ([base, questions]) => {
    const engine = (await import(`${base}static/js/engine.js`)).open(base)
    const answers = []
    for (const question of questions) answers.push(await engine.search(question, { limit: null }))
    return JSON.stringify(answers)
}"""


def assert_both_answer_alike(survey: Search, questions: Sequence[str], answers: Sequence[Any]) -> None:
    for question, theirs in zip(questions, answers, strict=True):
        mine = survey.answer(question)
        assert [result["id"] for result in theirs["results"]] == [result.paper.id for result in mine.results], question
        scores = [result["score"] for result in theirs["results"]]
        assert scores == pytest.approx([result.score for result in mine.results], rel=0, abs=1e-9), question
        rest = (theirs["whole"], theirs["corrected"], tuple(theirs["near"]))
        assert rest == (mine.whole, mine.corrected, mine.near), question


def all_kinds(survey: Search) -> list[str]:
    """300 questions: words, beginnings, slips, whole titles, phrases, what shall not be there, and `name:value`."""
    draw = random.Random(3)
    known = sorted(survey.ranker.postings.lexicon)
    values = {name: list(found) for name, found in columns(survey.library).items() if isinstance(found, dict)}
    people = [name for paper in survey.papers for name in paper.authors]

    def bound() -> str:
        name = draw.choice(["tag", "author", "year", "venue", "has"])
        if name == "year":
            first = int(draw.choice(values["years"]))
            return f"year:{draw.choice([f'{first}', f'{first}-', f'-{first}', f'{first}-{first + 2}', 'unknown'])}"
        if name == "author":
            person = draw.choice(people)
            return f"author:{draw.choice([person.split()[-1], f'“{person}”', person[:2], 'nobody'])}"
        value = draw.choice(values[{"tag": "tags", "venue": "venues", "has": "has"}[name]])
        return f"{name}:{draw.choice([value.split()[0], json.dumps(value, ensure_ascii=False), value[:3], 'nothing'])}"

    def question(kind: int) -> str:
        title = draw.choice(survey.papers).title
        start, word = title.split()[: draw.randint(2, 4)], draw.choice(known)
        long = draw.choice([word for word in known if len(word) > 4])
        said = " ".join(start)
        return [
            word, f"{word} {draw.choice(known)} ", " ".join(draw.sample(known, 4)), long[:4], said[:-2], title,
            edited(draw, long), f"{edited(draw, long)} {word} ",
            f'"{said}" {word}', f'"{word} {long}" ', f"{said} -{word}", f'{word} -"{" ".join(start[:2])}" ',
            bound(), f"{bound()} {word}", f"{word} {bound()} -{bound()} ",
        ][kind]  # fmt: skip

    return [question(n % 15) for n in range(300)]


def test_the_command_finds_what_the_site_finds(page: Page, survey_site: str) -> None:
    survey, _ = searchable(ROOT)
    asked = all_kinds(survey)
    page.goto(f"{survey_site}404.html")
    answers = json.loads(page.evaluate(ANSWERS, [survey_site, asked]))
    assert_both_answer_alike(survey, asked, answers)
    assert sum(answer["total"] > 0 for answer in answers) > 250
    assert sum(answer["corrected"] is not None for answer in answers) > 30


ASTRAL = ["𐐨𐐩", "𐐨𐐩𐐪", "𐐨𐐩𐐪𐐫x ", "𐐨𐐪𐐫𐐬 ", "x𐐩𐐪𐐫𐐬 ", "𐐩𐐨𐐪𐐫𐐬 ", "𐐨𐐩zzzzzz ", "𐐨 ", "𠀀𠀁𠀂", "𠀋 𠀋𠀋"]


def test_any_text_is_a_question_and_both_sides_answer_it_alike(page: Page) -> None:
    survey, files = small_survey()
    asked = [*FIRST, *CORRECTED, *PHRASES, *WITHIN, *NO_WORDS, *ODD, *ASTRAL, *random_texts(200), *random_questions(300)]
    open_site(page, files)
    assert_both_answer_alike(survey, asked, json.loads(page.evaluate(ANSWERS, [SITE, asked])))


# ------------------------------------------------------------------ both sides read the same


@functools.cache
def known_characters() -> list[str]:
    unknown = {"Cn", "Cs", "Co"}
    return [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in unknown]


def random_texts(count: int) -> list[str]:
    draw = random.Random(11)
    known = known_characters()
    tricky = [*"aeiouybclnst's-*#+._ \u2010\u00ad’ΣςσİıﬂÅé한学ー𝒪🙂", "C++", "C#", ".NET", "A*", "eed", "ing", " the "]
    pieces = [draw.choice(draw.choice([known, tricky, tricky])) for _ in range(8 * count)]
    return ["".join(pieces[8 * n : 8 * n + draw.randrange(1, 9)]) for n in range(count)]


def random_questions(count: int) -> list[str]:
    """Of what has a meaning in questions, in no order."""
    draw = random.Random(13)
    names = ["author:", "-tag:", "year:", "Venue:", "has:", "hAſ:", "foo:", "tag:robots", "year:2020-", "-has:code", "author:ada"]
    signs = ['"', "“", "”", "-", " -", " ", " ", "\u3000", "\ufeff", "\u0085", "\x1c", "\u200b", "–", ":", "2024", "1", "²", "🙂"]
    spoken = ["keys", "brass keys", "pigens", "ada", "the", "pre-training", "mármelade", "bridgges\ufe0f", "学習", "\u0915\u093f"]
    pieces = [draw.choice(draw.choice([names, signs, signs, spoken, spoken])) for _ in range(9 * count)]
    return ["".join(pieces[9 * n : 9 * n + draw.randrange(1, 10)]) for n in range(count)]


READ = """async texts => {
    const [{ words, terms }, { partsOf }] = await Promise.all([import('./static/js/terms.js'), import('./static/js/query.js')])
    const part = ({ source, text, name, isPhrase, without, open }) => [source, text, name, isPhrase, without, open]
    return JSON.stringify(texts.map(text => [words(text), terms(text), partsOf(text).map(part)]))
}"""


def test_both_sides_read_the_same_words_terms_and_parts(page: Page) -> None:
    stems = [line.split("\t")[0] for line in (FIXTURES / "stems.tsv").read_text(encoding="utf-8").split("\n")]
    fixed = list(json.loads((FIXTURES / "words.json").read_text(encoding="utf-8")))
    texts = [*fixed, *stems, *STOP_WORDS, *random_texts(10_000), *random_questions(2_000)]
    open_site(page, {})
    there = json.loads(page.evaluate(READ, texts))
    for text, theirs in zip(texts, there, strict=True):
        parts = [[part.source, part.text, part.name, part.is_phrase, part.without, part.open] for part in parts_of(text)]
        assert theirs == [words(text), terms(text, STOP_WORDS), parts], text
