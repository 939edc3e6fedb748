"""phrases: the tags whose phrases stand in a paper's text"""

import bisect
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.model import Evidence, Paper, Tag, Vocabulary
from generator.text import folded

# The language of phrases: words are compared as `key` gives them, and a hyphen is a space. "=GRPO" is exact, upper and lower case
# too, but for a plural s. `a _ b` lets up to three words stand between. No phrase runs across the end of a sentence.

GAP = "_"
WIDEST_GAP = 3  # words
END = ""  # of a sentence: stands among the words, and is equal to none
MOST_EVIDENCE = 3  # spans kept of each tag

# A hit after one of these does not count: "beyond imitation learning" ("not only" negates nothing).
NEGATIONS = frozenset({"unlike", "without", "instead", "rather", "not", "no", "beyond", "neither", "nor", "contrary"})
NEGATION_REACH = 3  # words

# Score -> share of such tags that were right: 80 papers tagged by hand, each value the middle of what was found there (for the
# highest a little less than that, 1). It is what a confidence is until a calibrator has learned from the survey's own decisions.
SHARE_RIGHT = ((0.0, 0.0), (0.5, 0.03), (1.0, 0.2), (1.5, 0.48), (2.0, 0.61), (2.5, 0.73), (3.5, 0.97), (5.0, 0.99))

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


def texts(paper: Paper) -> tuple[tuple[str, str], ...]:
    """What is read of a paper, as (field, text), the best field first. Each finding is a paragraph of its field."""
    fields = (
        ("title", paper.title),
        ("gist", paper.gist or ""),
        ("note", paper.note),
        ("findings", "\n\n".join(paper.findings)),
        ("abstract", paper.abstract or ""),
    )
    return tuple((field, text) for field, text in fields if text)


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

Judged = dict[str, tuple[float, tuple[Evidence, ...]]]  # by tag: confidence and evidence


def tagger(vocabulary: Vocabulary) -> Callable[[Paper], Judged]:
    """The row of the registry."""
    return functools.partial(propose, rules=compiled(vocabulary))


def propose(paper: Paper, rules: Rules) -> Judged:
    """The confidence and the evidence of every tag that has a mention in the paper, however faint."""
    found: dict[str, list[Hit]] = {}
    for field, text in texts(paper):
        in_field: dict[str, list[Hit]] = {}
        for hit in hits(field, text, rules):
            in_field.setdefault(hit.rule.tag, []).append(hit)
        for tag, of_tag in in_field.items():
            found.setdefault(tag, []).extend(mentions(of_tag))
    return {
        tag: (confidence(score(counted)), tuple(hit.evidence for hit in counted[:MOST_EVIDENCE]))
        for tag, counted in found.items()
        if counted
    }


def score(counted: Iterable[Hit]) -> float:
    """How much a tag's mentions weigh. One in the running text is hardly anything; the title, or a second one, decides."""
    places = [(hit.rule.kind, hit.evidence.field == "title") for hit in counted]
    title, text = places.count(("strong", True)), places.count(("strong", False))
    weak_title, weak_text = places.count(("weak", True)), places.count(("weak", False))
    return 2 * min(title, 2) + min(text, 1) + 0.5 * min(max(text - 1, 0), 4) + min(weak_title, 1) + 0.5 * min(weak_text, 3)


def confidence(score: float) -> float:
    """The share of tags with this score that were right."""
    return SHARE_RIGHT[bisect.bisect_right(SHARE_RIGHT, (score, 1.0)) - 1][1]
