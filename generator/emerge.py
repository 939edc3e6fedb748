"""emerge: phrases beyond the vocabulary that a few related papers share, as proposals for new tags"""

import dataclasses
import functools
import math
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .memo import Memo, code, digest
from .model import Paper, Proposal, Survey, Vocabulary
from .taggers.phrases import END, Rules, compiled, hits, key, words
from .vectors import Space, stop_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEWEST = 2_000  # papers that are looked at: those taken in last, where new topics are; it bounds the work
LONGEST = 3  # words of a phrase
SHORTEST = 5  # letters of one that is a single word
ALONE = 0.6  # what a single word counts, where several count 1
FEWEST = 3  # papers of a phrase
WIDEST = 0.12  # share of the papers
FOCUSED = 2  # papers that use it more than once
MOST_USES = 4  # of one paper, that count
PIECE = 0.75  # of a phrase's uses, that are within one longer phrase: then it is only a piece of that
SAME = 0.5  # of the papers of one of two nested phrases, from which they are one
LEAST = 0.15  # score
MOST = 200  # proposals: more than a curator reads

HEADLINES = ("title", "gist")  # where a topic is named

# What papers on anything are written in. No phrase begins or ends with such a word.
RHETORIC = """
    ability accurate achieve actual adapt add addition ahead allow alone answer approach ask asked author automatic
    available average avoid balance based become behind benchmark best better beyond bring build called case cause central
    challenge change choose claim classical clear come common compare compared complex compute consistent constant correct
    count cover critical crucial current daily dataset demand depend design despite different difficult difficulty direct
    directly distinct diverse downstream earlier early effect effective efficient enable end enough equal estimate evidence
    example existing expected experiment explain explicit explore exploring extensive factor fail fall far fast faster few
    fewer find finding first fit five fixed follow form found four framework full future gain gap general generalized
    generate generated generic give given global good grow guided hard help high higher hold hundred idea important improve
    improvement improving including influence input insight instead investigate itself joint keep key kind know known large
    larger last later lead learn learned level limit limited little local long longer look low lower main make making many
    match matter mean meaning measure method metric mostly multiple near need needed negative never new next novel number
    numerical often open optimal order ordinary outperform output paper part particular people person pick plain playing
    point poor possible practice predict present previous progress property propose proposed provide pure put raise range
    ratio reach real recent reference related rely repeated report request require research researcher response result right
    rise risky robust role rule run same scalable scale scenario score second see separate serve set setting several shape
    share shared short show similar simple simulate single size small solve something source specific speed spread stable
    stage standard start state step strong strongly study success suffice suggest switch take target technique tell test
    tested text third thousand three threshold time together total track train trained true turn two type unified uniform
    unlike usually valid various vary version way weak weighted well whether whole wide wider work worse wrong year yield
    zero
"""
# A phrase may begin or end with these, but none stands alone.
HEADS = """
    action agent algorithm analysis artificial behavior computation content context data deep distribution error evaluation
    feature function group hidden human implicit individual inference information intelligence language learning machine
    model natural network performance policy prediction problem process question random sample space strategy structure
    system task token training understanding value weight
"""
JOINING = "from of"  # may stand within a phrase


def emerge(survey: Survey, space: Space, memo: Memo | None = None) -> tuple[Proposal, ...]:
    """Phrases that may be worth a tag, the best first.

    `space`: the vectors of the papers' texts. A phrase's score is the root of how many papers use it more than once and how many
    name it in a headline, times how much nearer its papers are to each other than papers are on average, times its uses a paper.
    """
    papers = sorted(enumerate(survey.papers), key=lambda entry: (entry[1].added or "", entry[1].id))[-NEWEST:]
    given = digest(code(), repr(survey.vocabulary), *(repr((ordinal, paper.id, paper.texts)) for ordinal, paper in papers))
    if memo and (rows := memo.get("emergent", given)) is not None:
        return tuple(_from_row(row) for row in rows)
    found = _proposals(papers, survey.vocabulary, space)
    if memo:
        memo.keep("emergent", given, [dataclasses.astuple(proposal) for proposal in found])
    return found


def _from_row(row: Sequence[Any]) -> Proposal:
    phrase, papers, headlines, score = row
    return Proposal(phrase=phrase, papers=tuple(papers), headlines=headlines, score=score)


# ------------------------------------------------------------------ phrases in a text

HYPHENS = frozenset("-\u2010\u2011")


def phrases_in(text: str) -> Iterator[tuple[str, int, int]]:
    """What may name a topic: its words as they are compared, and where it stands. It cuts no hyphenated compound."""
    read = words(text)
    nowhere, at_no_end, alone = _common_words()
    gaps = ["", *(text[end:start] for (_, end), (start, _) in pairwise(read.spans)), ""]
    for first, word in enumerate(read.keys):
        if word in at_no_end or gaps[first] in HYPHENS:
            continue
        for last in range(first, min(first + LONGEST, len(read.keys))):
            word, gap = read.keys[last], gaps[last]
            if word in nowhere or len(word) < 2 or word.isdigit() or (last > first and gap not in HYPHENS and not gap.isspace()):
                break
            if word in at_no_end or gaps[last + 1] in HYPHENS or (last == first and (word in alone or len(word) < SHORTEST)):
                continue
            yield " ".join(read.keys[first : last + 1]), read.spans[first][0], read.spans[last][1]


@functools.cache
def _common_words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Those that stand in no phrase, at neither end of one, and not alone."""
    joining = frozenset(map(key, JOINING.split()))
    nowhere = frozenset(map(key, stop_words())) - joining | {END}
    return nowhere, nowhere | joining | frozenset(map(key, RHETORIC.split())), frozenset(map(key, HEADS.split()))


def _known(vocabulary: Vocabulary) -> Rules:
    """All that the vocabulary has words for: labels too, and of retired tags."""
    tags = (replace(tag, synonyms=(*tag.synonyms, tag.label), replaced_by=None) for tag in vocabulary.tags)
    return compiled(replace(vocabulary, tags=tuple(tags)))


def _beyond(text: str, wanted: Container[str], known: Rules) -> Iterator[tuple[str, int, int]]:
    """The wanted phrases where they are not one with words of the vocabulary: neither within them, around them nor across."""
    found = [(phrase, start, end) for phrase, start, end in phrases_in(text) if phrase in wanted]
    met = [hit for hit in hits("", text, known) if hit.rule.kind != "not"] if found else []
    taken = {place for hit in met if hit.rule.kind == "strong" for place in range(hit.evidence.start, hit.evidence.end)}
    weak = {(hit.evidence.start, hit.evidence.end) for hit in met}
    yield from (
        (phrase, start, end) for phrase, start, end in found if (start, end) not in weak and taken.isdisjoint(range(start, end))
    )


# ------------------------------------------------------------------ phrases of a survey

Papers = Sequence[tuple[int, Paper]]  # with their ordinals in the survey


@dataclass(frozen=True, slots=True)
class Use:
    paper: int
    in_headline: bool
    written: str


def _uses(papers: Papers, vocabulary: Vocabulary) -> dict[str, list[Use]]:
    """By phrase, each of which stands in a headline somewhere."""
    texts = [(ordinal, field in HEADLINES, text) for ordinal, paper in papers for field, text in paper.texts]
    known = _known(vocabulary)
    named = {phrase for _, is_headline, text in texts if is_headline for phrase, _, _ in phrases_in(text)}
    wanted = {phrase for phrase in named if any(_beyond(phrase, {phrase}, known))}  # a negated one would pass
    uses: dict[str, list[Use]] = {}
    for ordinal, is_headline, text in texts:
        for phrase, start, end in _beyond(text, wanted, known):
            uses.setdefault(phrase, []).append(Use(ordinal, is_headline, " ".join(text[start:end].split())))
    return uses


def _whole(found: Mapping[str, Sequence[Use]]) -> dict[str, Sequence[Use]]:
    """Without pieces of longer phrases: "statistical machine" of "statistical machine translation"."""
    pieces = {
        piece
        for phrase, uses in found.items()
        for piece in _pieces(phrase.split())
        if len(uses) >= PIECE * len(found.get(piece, ()))
    }
    return {phrase: uses for phrase, uses in found.items() if phrase not in pieces}


def _pieces(words: Sequence[str]) -> Iterator[str]:
    for size in range(1, len(words)):
        yield from (" ".join(words[start : start + size]) for start in range(len(words) - size + 1))


def _proposals(papers: Papers, vocabulary: Vocabulary, space: Space) -> tuple[Proposal, ...]:
    most = WIDEST * len(papers)
    if most < FEWEST:
        return ()
    id_of = {ordinal: paper.id for ordinal, paper in papers}
    usual = nearness(space.places[list(id_of)])
    found: dict[str, Proposal] = {}
    for phrase, uses in _whole(_uses(papers, vocabulary)).items():
        times = Counter(use.paper for use in uses)
        headlines = len({use.paper for use in uses if use.in_headline})
        focused = sum(number > 1 for number in times.values())
        if FEWEST <= len(times) <= most and focused >= FOCUSED and headlines:
            nearer = nearness(space.places[sorted(times)]) - usual
            each = sum(min(number, MOST_USES) for number in times.values()) / len(times)
            score = math.sqrt(focused + headlines) * nearer * each * (1 if " " in phrase else ALONE)
            ids = tuple(id_of[ordinal] for ordinal, _ in times.most_common())
            found[phrase] = Proposal(phrase=_spelling(uses), papers=ids, headlines=headlines, score=round(score, 6))
    return _distinct(found)


def nearness(places: "NDArray[Any]") -> float:
    """The mean cosine of two of the places."""
    size, total = len(places), places.sum(0)
    return float((total * total).sum() - (places * places).sum()) / (size * (size - 1))


def _spelling(uses: Iterable[Use]) -> str:
    """The most used one; of equally used ones, that in lower case."""
    number = Counter(use.written for use in uses)
    return min(number, key=lambda written: (-number[written], written != written.lower(), written))


def _distinct(found: Mapping[str, Proposal]) -> tuple[Proposal, ...]:
    """The best; of nested phrases over the same papers one."""
    kept: dict[str, Proposal] = {}
    for phrase, proposal in sorted(found.items(), key=lambda entry: (-entry[1].score, entry[0])):
        if proposal.score < LEAST or len(kept) == MOST:
            break
        if not any(_is_nested(phrase, other) and _is_shared(proposal, kept[other]) for other in kept):
            kept[phrase] = proposal
    return tuple(kept.values())


def _is_nested(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


def _is_shared(one: Proposal, other: Proposal) -> bool:
    shared = set(one.papers).intersection(other.papers)
    return len(shared) >= SAME * min(len(one.papers), len(other.papers))
