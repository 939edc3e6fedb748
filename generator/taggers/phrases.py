"""phrases: the tags whose phrases stand in a paper's text"""

import functools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.memo import code, digest
from generator.model import Evidence, Paper, Tag, Vocabulary, evidence_of, row_of
from generator.text import folded

from .corpus import UNKNOWN, YES, Corpus

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The language of phrases: words are compared as `key` gives them, and a hyphen is a space. "=GRPO" is exact, upper and lower case
# too, but for a plural s. `a _ b` lets up to three words stand between. No phrase runs across the end of a sentence.

GAP = "_"
WIDEST_GAP = 3  # words
END = ""  # of a sentence: stands among the words, and is equal to none
MOST_EVIDENCE = 3  # spans kept of each tag

# A hit after one of these does not count: "beyond imitation learning" ("not only" negates nothing).
NEGATIONS = frozenset({"unlike", "without", "instead", "rather", "not", "no", "beyond", "neither", "nor", "contrary"})
NEGATION_REACH = 3  # words

# ------------------------------------------------------------------ words

WORD = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*(?:['’][^\W_]+)*(?:\+\+|#(?!\w))?"  # "naïve" also in two-part letters; "C++", "C#"
TOKEN = re.compile(
    r"https?://[^\s<>()\[\]]+"  # an address is no prose: no hit in it
    rf"|({WORD})"
    r"|[.;:!?](?=[\"'’”)\]*_]*(?:\s|$))"
    r"|\n\s*(?:\n|[-*+]\s)"  # a paragraph or an item of a list begins
)
PHRASE_WORD = re.compile(rf"(?<!\S)_(?!\S)|{WORD}")

IRREGULAR = {
    "analyses": "analysis", "hypotheses": "hypothesis", "syntheses": "synthesis", "criteria": "criterion", "corpora": "corpus",
    "phenomena": "phenomenon", "matrices": "matrix", "indices": "index", "vertices": "vertex", "bias": "bias", "biases": "bias",
    "lens": "lens", "lenses": "lens", "gas": "gas", "gases": "gas", "viruses": "virus", "mice": "mouse", "children": "child",
    "men": "man", "women": "woman", "cpus": "cpu", "gpus": "gpu", "tpus": "tpu",
}  # fmt: skip

AMERICAN = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"isation", "ization"),
        (r"(.{4})is(e|ed|ing|er|able)$", r"\1iz\2"),  # "otherwise" becomes no word, but the same on both sides
        (r"(anal|catal|paral)ys(e|ed|ing|er)$", r"\1yz\2"),
        (r"(behavi|col|fav|flav|harb|hon|hum|lab|neighb|rig|tum)our", r"\1or"),
        (r"(canc|chann|lab|lev|mod|sign|trav|tunn)ell(ed|er|ing)", r"\1el\2"),
        (r"(cent|fib|theat)re$", r"\1er"),
        (r"(def|lic|off)ence$", r"\1ense"),
        (r"^artefact", "artifact"),
        (r"^(cata|dia|ana)logue$", r"\1log"),
        (r"^programme$", "program"),
        (r"^judgement$", "judgment"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text's words in their order, twice, and where they stand; a sentence's end is an `END` among them."""

    keys: tuple[str, ...]
    written: tuple[str, ...]  # without a possessive 's
    spans: tuple[tuple[int, int], ...]  # in characters


@functools.lru_cache(maxsize=1 << 12)  # what a preview reads again and again
def words(text: str) -> Words:
    found = list(TOKEN.finditer(text))
    written = tuple(_without_possessive(token[1] or END) for token in found)
    return Words(keys=tuple(map(key, written)), written=written, spans=tuple(token.span() for token in found))


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word


@functools.cache
def key(word: str) -> str:
    """What words are compared by: lower case, no marks, singular, American. Nothing more is cut: "agentic" is not "agent"."""
    plain = _singular(folded(word))
    for pattern, spelling in AMERICAN:
        plain = pattern.sub(spelling, plain)
    return plain


def _singular(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4:
        return word
    if word.endswith(("ies", "ie")) and len(word) > 4:
        return word.removesuffix("s")[:-2] + "y"  # "movie" too, since "movies" cannot be told from "studies"
    if word.endswith(("che", "ches", "shes", "sses", "xe", "xes")):
        return word.removesuffix("s")[:-1]  # "cache" too, since "caches" cannot be told from "searches"
    return word[:-1] if word.endswith("s") and not word.endswith(("is", "ss", "us")) else word


# ------------------------------------------------------------------ the vocabulary, made ready


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One spelling of a tag's phrase, as it is compared."""

    tag: str
    kind: str  # "strong", "weak" or "not": that one hides what it overlaps
    phrase: str  # as the vocabulary has it
    words: tuple[str, ...]  # GAP among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of a vocabulary by their first word."""

    by_key: Mapping[str, Sequence[Rule]]
    by_written: Mapping[str, Sequence[Rule]]  # the exact ones


def compiled(vocabulary: Vocabulary) -> Rules:
    """The rules of all tags but the retired ones."""
    by_key: dict[str, list[Rule]] = {}
    by_written: dict[str, list[Rule]] = {}
    for tag in vocabulary.tags:
        for kind, phrase in _phrases(tag) if tag.replaced_by is None else ():
            index = by_written if phrase.startswith("=") else by_key
            for spelling in _spellings(phrase):
                rule = Rule(tag=tag.id, kind=kind, phrase=phrase, words=spelling)
                index.setdefault(spelling[0], []).append(rule)
    return Rules(by_key=by_key, by_written=by_written)


def _phrases(tag: Tag) -> Iterator[tuple[str, str]]:
    for kind, phrases in (("strong", (*tag.phrases, *tag.synonyms)), ("weak", tag.weak), ("not", tag.excluded)):
        yield from ((kind, phrase) for phrase in dict.fromkeys(phrases))


def _spellings(phrase: str) -> tuple[tuple[str, ...], ...]:
    """The sequences of words that a phrase stands for; none when it has no word."""
    parts = PHRASE_WORD.findall(phrase)
    at = [place for place, part in enumerate(parts) if part != GAP]
    parts = parts[at[0] : at[-1] + 1] if at else []
    if not parts:
        return ()
    if phrase.startswith("="):
        return tuple(parts), (*parts[:-1], parts[-1] + "s")
    return (tuple(part if part == GAP else key(_without_possessive(part)) for part in parts),)


# ------------------------------------------------------------------ finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    rule: Rule
    evidence: Evidence


def hits(field: str, text: str, rules: Rules) -> Iterator[Hit]:
    """All occurrences of all phrases in the text, but for negated ones."""
    read = words(text)
    for index, spellings in ((rules.by_key, read.keys), (rules.by_written, read.written)):
        for start, word in enumerate(spellings):
            for rule in index.get(word, ()):
                end = _end(spellings, start, rule.words)
                if end and (rule.kind == "not" or not _negated(read.keys, start)):
                    first, last = read.spans[start][0], read.spans[end - 1][1]
                    span = Evidence(field=field, start=first, end=last, text=text[first:last], phrase=rule.phrase)
                    yield Hit(rule=rule, evidence=span)


def _end(read: tuple[str, ...], start: int, phrase: tuple[str, ...]) -> int | None:
    """Where the phrase that begins at `start` is over, if it stands there; the nearest such place."""
    if GAP not in phrase:
        end = start + len(phrase)
        return end if read[start:end] == phrase else None
    places = {start}  # where the next word of the phrase may stand
    for word in phrase:
        if word == GAP:
            places = {place + skipped for place in places for skipped in range(_room(read, place) + 1)}
        else:
            places = {place + 1 for place in places if read[place : place + 1] == (word,)}
    return min(places, default=None)


def _room(read: tuple[str, ...], place: int) -> int:
    """How many words a gap at `place` can take in."""
    ahead = read[place : place + WIDEST_GAP]
    return ahead.index(END) if END in ahead else len(ahead)


def _negated(keys: tuple[str, ...], start: int) -> bool:
    for place in range(start - 1, max(start - NEGATION_REACH, 0) - 1, -1):
        if keys[place] == END:
            return False
        if keys[place] in NEGATIONS and keys[place : place + 2] != ("not", "only"):
            return True
    return False


def mentions(found: Iterable[Hit]) -> list[Hit]:
    """The hits of one tag in one text that count: none that a `not:` overlaps; of others that overlap, the strong or long one."""
    counted: list[Hit] = []
    taken: set[int] = set()  # characters
    for hit in sorted(found, key=_precedence):
        place = range(hit.evidence.start, hit.evidence.end)
        if hit.rule.kind == "not":
            taken.update(place)
        elif taken.isdisjoint(place):
            taken.update(place)
            counted.append(hit)
    return sorted(counted, key=lambda hit: (hit.rule.kind, hit.evidence.start))


def _precedence(hit: Hit) -> tuple[int, int, int]:
    span = hit.evidence
    return ("not", "strong", "weak").index(hit.rule.kind), span.start - span.end, span.start


# ------------------------------------------------------------------ judging


@dataclass(frozen=True, slots=True)
class Found:
    """A tag's mentions in one paper: how often there are which, and the first of them."""

    titled: int  # in the title
    told: int  # in the other texts
    weakly_titled: int
    weakly_told: int
    distinct: int  # phrases, without the weak ones
    evidence: tuple[Evidence, ...]

    @property
    def score(self) -> float:
        """How much they weigh. One in the running text is hardly anything; the title, or a second one, decides."""
        strong = 2 * min(self.titled, 2) + min(self.told, 1) + 0.5 * min(max(self.told - 1, 0), 4)
        return strong + min(self.weakly_titled, 1) + 0.5 * min(self.weakly_told, 3)

    def signs(self, inherited: float = 1.0) -> tuple[float, ...]:
        """The values of `FEATURES` but the last."""
        score = self.score * inherited
        steps = (float(score >= 1), float(score >= STRONG), float(score >= 2))
        counts = (float(min(self.titled, 2)), float(self.told > 0), log1p(self.told), float(min(self.weakly_titled, 2)))
        return (min(score, 6.0), *steps, *counts, log1p(self.weakly_told), log1p(self.distinct))


def log1p(count: int) -> float:
    return round(math.log1p(count), 6)  # the last digits of a logarithm are not the same everywhere


def found_in(paper: Paper, rules: Rules) -> dict[str, Found]:
    """Every tag that has a mention in the paper, however faint."""
    found: dict[str, list[Hit]] = {}
    for field, text in paper.texts:
        in_field: dict[str, list[Hit]] = {}
        for hit in hits(field, text, rules):
            in_field.setdefault(hit.rule.tag, []).append(hit)
        for tag, of_tag in in_field.items():
            found.setdefault(tag, []).extend(mentions(of_tag))
    return {tag: _counted(of_tag) for tag, of_tag in found.items() if of_tag}


def _counted(of_tag: Sequence[Hit]) -> Found:
    places = [(hit.rule.kind, hit.evidence.field == "title") for hit in of_tag]
    return Found(
        titled=places.count(("strong", True)),
        told=places.count(("strong", False)),
        weakly_titled=places.count(("weak", True)),
        weakly_told=places.count(("weak", False)),
        distinct=len({hit.rule.phrase for hit in of_tag if hit.rule.kind == "strong"}),
        evidence=tuple(hit.evidence for hit in of_tag[:MOST_EVIDENCE]),
    )


# ------------------------------------------------------------------ the tagger

STRONG = 1.5  # a score from which a tag is more often right than wrong
INHERITED = 0.9  # of a child's score, for its parent
FEATURES = (
    "score", "score >= 1", "score >= 1.5", "score >= 2", "in the title", "in the text", "log of those", "weak in the title",
    "log of weak in the text", "log of distinct phrases", "precision so far",
)  # fmt: skip


class Phrases:
    """What the vocabulary's phrases say. But for the last feature it depends on nothing but the paper's own text."""

    features = FEATURES

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.found = [self._with_parents(found) for found in _remembered(corpus)]

    def _with_parents(self, found: Mapping[str, Found]) -> dict[int, tuple[tuple[float, ...], tuple[Evidence, ...]]]:
        """By the tag's number, its signs and evidence; a parent takes over those of the child that says more than itself."""
        number = self.corpus.number
        judged = {number[tag]: (of_tag.signs(), of_tag.evidence) for tag, of_tag in found.items() if tag in number}
        for tag, of_tag in found.items():
            parent = self.corpus.parent_of.get(tag)
            if parent and parent in number:
                signs = of_tag.signs(INHERITED)
                if number[parent] not in judged or signs[0] > judged[number[parent]][0][0]:
                    judged[number[parent]] = (signs, of_tag.evidence)
        return judged

    def signs(self, ordinals: range) -> "NDArray[Any]":
        """(papers, tags, features)"""
        import numpy as np

        signs = np.zeros((len(ordinals), len(self.corpus.tags), len(FEATURES)))
        for row, ordinal in enumerate(ordinals):
            for tag, (values, _) in self.found[ordinal].items():
                signs[row, tag] = *values, self._precision(ordinal, tag) if values[0] >= STRONG else 0
        return signs

    def _precision(self, ordinal: int, tag: int) -> float:
        """How much oftener than all phrases those of this tag were right so far, as a difference of log odds. The paper's own
        decision is no precedent for itself; a tag that nobody has decided on is like all."""
        right, decided = self._decided
        own = int(self.corpus.decisions[ordinal, tag])
        usual = (sum(right) + 1.2) / (sum(decided) + 2)
        share = (right[tag] - (own == YES) + 5 * usual) / (decided[tag] - (own != UNKNOWN) + 5)
        return round(math.log(share / (1 - share)) - math.log(usual / (1 - usual)), 6)

    @functools.cached_property
    def _decided(self) -> tuple[list[int], list[int]]:
        """(right, decided) of each tag: how many of the papers that its phrases speak for have it, and how many do or do not."""
        right, decided = [0] * len(self.corpus.tags), [0] * len(self.corpus.tags)
        for ordinal, judged in enumerate(self.found):
            for tag, (signs, _) in judged.items():
                if signs[0] >= STRONG:
                    right[tag] += int(self.corpus.decisions[ordinal, tag] == YES)
                    decided[tag] += int(self.corpus.decisions[ordinal, tag] != UNKNOWN)
        return right, decided

    def evidence(self, ordinal: int, tag: int) -> tuple[Evidence, ...]:
        return self.found[ordinal][tag][1] if tag in self.found[ordinal] else ()


def _remembered(corpus: Corpus) -> list[dict[str, Found]]:
    """Of each paper what its texts hold; texts that were seen before are not read again."""
    key = digest(code(), repr(corpus.vocabulary))
    before = (corpus.memo and corpus.memo.get("phrases", key)) or {}
    texts = [digest(repr(paper.texts)) for paper in corpus.papers]
    rules = compiled(corpus.vocabulary) if any(text not in before for text in texts) else Rules(by_key={}, by_written={})
    found = [
        {tag: from_row(row) for tag, row in before[text].items()} if text in before else found_in(paper, rules)
        for text, paper in zip(texts, corpus.papers, strict=True)
    ]
    if corpus.memo and set(texts) != before.keys():
        rows = ({tag: as_row(of_tag) for tag, of_tag in of_paper.items()} for of_paper in found)
        corpus.memo.keep("phrases", key, dict(zip(texts, rows, strict=True)))
    return found


def as_row(found: Found) -> list[Any]:
    """A form of JSON's types, to be remembered."""
    counts = (found.titled, found.told, found.weakly_titled, found.weakly_told, found.distinct)
    return [*counts, [row_of(span) for span in found.evidence]]


def from_row(row: list[Any]) -> Found:
    titled, told, weakly_titled, weakly_told, distinct, evidence = row
    return Found(titled, told, weakly_titled, weakly_told, distinct, tuple(map(evidence_of, evidence)))
