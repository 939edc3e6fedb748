"""audit: what a curator should look at in the vocabulary"""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

from .library import Library
from .model import Evidence, Labels, Proposal, Survey, Tag
from .report import counted
from .taggers import phrases

TOGETHER = 0.7  # of the papers that have one of two tags: from here on they are nearly always together
FEWEST = 3  # papers of each, before that is said
ALIKE = 0.85  # of two labels: how much of them is the same from which they are near-duplicates
BROAD = 1 / 3  # of all papers: a tag of more of them tells little
REFUSALS = 2  # of a phrase, before it is named

Proposed = Mapping[str, Mapping[str, tuple[float, tuple[Evidence, ...]]]]  # by paper and tag: what the taggers say


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A tag in figures: its papers (with those of its children), and on how many the tag itself is in each state."""

    tag: str
    papers: int
    hand: int
    accepted: int
    suggested: int
    maybe: int
    disputed: int  # suggested on a reviewed record, which does not have it
    rejected: int

    @property
    def decided(self) -> int:
        """Proposals that a person has taken or not."""
        return self.accepted + self.disputed + self.rejected

    @property
    def share(self) -> float | None:
        """Of the decided proposals, those taken."""
        return self.accepted / self.decided if self.decided else None

    @property
    def precision(self) -> float:
        """The share that is to be expected of the next: begins at .6 and follows the decisions."""
        return (self.accepted + 1.2) / (self.decided + 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    tags: tuple[str, str]
    both: int  # papers
    either: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A phrase of a tag, and how often its proposals were taken or not."""

    tag: str
    phrase: str
    taken: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    papers: int
    reviewed: int
    facets: int
    rows: tuple[Row, ...]  # what was most often wrong first
    refused: tuple[Phrase, ...]  # phrases mostly refused
    shared: tuple[tuple[str, tuple[str, ...]], ...]  # a phrase, and the tags that have it
    together: tuple[Pair, ...]
    alike: tuple[tuple[Tag, Tag], ...]  # by label
    unused: tuple[str, ...]
    single: tuple[str, ...]  # tags of one paper
    broad: tuple[tuple[str, int], ...]  # tags of more than a third of the papers, and how many these are
    unmatched: tuple[tuple[str, tuple[str, ...]], ...]  # a tag's phrases that stand in no paper
    emergent: tuple[tuple[Proposal, tuple[str, int] | None], ...]  # with the nearest tag, and how many of its papers have that


def audit(survey: Survey, labels: Labels, proposed: Proposed, proposals: tuple[Proposal, ...] = ()) -> Audit:
    """`proposals`: phrases that may be worth a tag."""
    library = Library(survey, labels)
    number = {tag.id: len(library.papers_with(tag.id)) for tag in library.living_tags}
    return Audit(
        papers=len(library.papers),
        reviewed=sum(bool(paper.reviewed) for paper in library.papers),
        facets=len(library.facets),
        rows=_rows(library, number),
        refused=_refused(library, proposed),
        shared=_shared(survey),
        together=_together(library, number),
        alike=_alike(library.living_tags),
        unused=tuple(tag for tag, papers in number.items() if papers == 0),
        single=tuple(tag for tag, papers in number.items() if papers == 1),
        broad=tuple((tag, papers) for tag, papers in number.items() if papers > BROAD * len(library.papers)),
        unmatched=_unmatched(survey, library.living_tags),
        emergent=tuple((proposal, library.nearest_tag(proposal.papers)) for proposal in proposals),
    )


# ------------------------------------------------------------------ what is found


def _states(library: Library) -> Iterator[tuple[str, str, str]]:
    """Paper, tag and state of each label; what is suggested on a reviewed record is disputed."""
    for paper in library.papers:
        for label in library.labels.get(paper.id, ()):
            disputed = label.state == "suggested" and paper.reviewed
            yield paper.id, label.tag, "disputed" if disputed else label.state


def _rows(library: Library, number: Mapping[str, int]) -> tuple[Row, ...]:
    count = Counter((tag, state) for _, tag, state in _states(library))
    names = ("hand", "accepted", "suggested", "maybe", "disputed", "rejected")
    rows = [Row(tag=tag, papers=papers, **{name: count[tag, name] for name in names}) for tag, papers in number.items()]
    return tuple(sorted(rows, key=lambda row: (row.precision, -row.decided)))


def _refused(library: Library, proposed: Proposed) -> tuple[Phrase, ...]:
    taken, refused = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    own = {tag.id: {*tag.phrases, *tag.synonyms, *tag.weak} for tag in library.living_tags}
    tally = {"accepted": taken, "disputed": refused, "rejected": refused}
    for paper, tag, state in _states(library):
        _, evidence = proposed.get(paper, {}).get(tag, (0.0, ()))
        if state in tally:
            tally[state].update({(tag, span.phrase) for span in evidence if span.phrase in own.get(tag, ())})
    found = (Phrase(tag=tag, phrase=phrase, taken=taken[tag, phrase], refused=times) for (tag, phrase), times in refused.items())
    mostly = [phrase for phrase in found if phrase.refused >= REFUSALS and phrase.refused > phrase.taken]
    return tuple(sorted(mostly, key=lambda one: (one.taken - one.refused, one.tag, one.phrase)))


def _shared(survey: Survey) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Phrases that the tagger takes for the same, whatever their spelling."""
    rules = phrases.compiled(survey.vocabulary)
    found: dict[tuple[str, ...], dict[str, str]] = {}  # by words: the phrase by tag
    for index in (rules.by_key, rules.by_written):
        for rule in (rule for same in index.values() for rule in same if rule.kind != "not"):
            found.setdefault(rule.words, {}).setdefault(rule.tag, rule.phrase)
    several = ((next(iter(by_tag.values())), tuple(by_tag)) for by_tag in found.values() if len(by_tag) > 1)
    return tuple(sorted(dict.fromkeys(several)))


def _together(library: Library, number: Mapping[str, int]) -> tuple[Pair, ...]:
    both = Counter[tuple[str, str]]()
    for paper in library.papers:
        both.update(combinations(sorted(library.tags_of(paper)), 2))
    parent = library.parent_of
    pairs = (
        Pair(tags=(one, other), both=papers, either=number[one] + number[other] - papers)
        for (one, other), papers in both.items()
        if one in number and other in number and parent[one] != other and parent[other] != one
    )
    near = [pair for pair in pairs if pair.both >= FEWEST and pair.both >= TOGETHER * pair.either]
    return tuple(sorted(near, key=lambda pair: (-pair.both / pair.either, pair.tags)))


def _alike(tags: Sequence[Tag]) -> tuple[tuple[Tag, Tag], ...]:
    """Labels of the same words, or nearly the same letters. Only those that share a word, or begin alike, are compared."""
    words = {tag.id: tuple(word for word in phrases.words(tag.label).keys if word not in JOINING) for tag in tags}
    order = {tag.id: place for place, tag in enumerate(tags)}
    beside: dict[str, list[Tag]] = {}
    for tag in tags:
        for key in {*words[tag.id], "".join(words[tag.id])[:3]}:
            beside.setdefault(key, []).append(tag)
    pairs = {
        tuple(sorted((one.id, other.id), key=order.__getitem__))
        for near in beside.values()
        for one, other in combinations(near, 2)
    }
    found = [(order[one], order[other]) for one, other in pairs if _is_alike(words[one], words[other])]
    return tuple((tags[one], tags[other]) for one, other in sorted(found))


JOINING = frozenset({"", "and", "of", "the", "for", "in", "or"})


def _is_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    return set(one) == set(other) or SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False).ratio() >= ALIKE


def _unmatched(survey: Survey, tags: Iterable[Tag]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    rules = phrases.compiled(survey.vocabulary)
    texts = (text for paper in survey.papers for text in paper.texts)
    met = {(hit.rule.tag, hit.rule.phrase) for field, text in texts for hit in phrases.hits(field, text, rules)}
    never = ((tag.id, tuple(phrase for phrase in (*tag.phrases, *tag.weak) if (tag.id, phrase) not in met)) for tag in tags)
    return tuple((tag, missing) for tag, missing in never if missing)


# ------------------------------------------------------------------ how it is shown

WIDTH = 110  # columns
MOST_ROWS = 12  # of a section


def as_text(found: Audit) -> str:
    """For a person: first what may be wrong, a section each, then all tags in figures."""
    return "\n".join([_heading(found), *_sections(found), "", *_table(found.rows)])


def _heading(found: Audit) -> str:
    total = Counter[str]()
    for row in found.rows:
        total.update(hand=row.hand, accepted=row.accepted, disputed=row.disputed, rejected=row.rejected)
        total.update(suggested=row.suggested)
    tags = f"{counted(len(found.rows), 'tag')} in {counted(found.facets, 'facet')}"
    states = ", ".join(f"{total[state]:,} {state}" for state in ("hand", "accepted", "suggested", "disputed", "rejected"))
    return f"{tags}; {counted(found.papers, 'paper')}, {found.reviewed:,} reviewed. Labels: {states}."


def _sections(found: Audit) -> Iterator[str]:
    refused = [(one.tag, f"“{one.phrase}”: taken {one.taken}, refused {one.refused}") for one in found.refused]
    together = [(" + ".join(pair.tags), f"{pair.both} of {counted(pair.either, 'paper')}") for pair in found.together]
    alike = [(f"{one.id} + {other.id}", f"“{one.label}”, “{other.label}”") for one, other in found.alike]
    broad = [(tag, f"{counted(papers, 'paper')}, {papers / found.papers:.0%}") for tag, papers in found.broad]
    shared: dict[str, list[str]] = {}
    for phrase, tags in found.shared:
        shared.setdefault(" + ".join(tags), []).append(phrase)
    yield from _section("Phrases mostly refused", refused, len(refused))
    yield from _section("Nearly always together", together, len(together))
    yield from _section("Labels nearly the same", alike, len(alike))
    yield from _section("Never used", [("", ", ".join(found.unused))], len(found.unused))
    yield from _section("One paper only", [("", ", ".join(found.single))], len(found.single))
    yield from _section("More than a third of the papers", broad, len(broad))
    yield from _section("One phrase in several tags", _listed(shared.items()), len(found.shared))
    unmatched = _listed(found.unmatched)
    yield from _section("Phrases that never match", unmatched, sum(len(missing) for _, missing in found.unmatched))
    emergent = [(one.phrase, _nearest_in_words(one, nearest)) for one, nearest in found.emergent]
    yield from _section("Phrases that may be worth a tag", emergent, len(emergent))


def _nearest_in_words(proposal: Proposal, nearest: tuple[str, int] | None) -> str:
    near = f"nearest tag: {nearest[0]}, on {nearest[1]} of them" if nearest else "no tag is near"
    return f"{counted(len(proposal.papers), 'paper')}; {near}"


def _listed(phrases_of: Iterable[tuple[str, Sequence[str]]]) -> list[tuple[str, str]]:
    """The longest lists first."""
    return [(name, ", ".join(listed)) for name, listed in sorted(phrases_of, key=lambda one: -len(one[1]))]


def _section(title: str, rows: Sequence[tuple[str, str]], number: int) -> Iterator[str]:
    """Nothing when there is nothing to look at."""
    if not number:
        return
    yield from ("", f"{title} ({number:,})")
    width = max(len(name) for name, _ in rows[:MOST_ROWS])
    for name, said in rows[:MOST_ROWS]:
        start = f"  {name:{width}}  " if width else "  "
        yield from textwrap.wrap(said, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False)
    if len(rows) > MOST_ROWS:
        yield f"  … and {len(rows) - MOST_ROWS:,} more rows: --json has all"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    """The tags whose proposals were most often wrong first."""
    yield f"All tags ({len(rows):,}), the least precise first; precision = (accepted + 1.2) / (decided + 2)"
    names = ("papers", "hand", "accepted", "suggested", "maybe", "disputed", "rejected")
    width = max((len(row.tag) for row in rows), default=0)
    yield "  ".join([f"  {'':{width}}", *names, "taken", "precision"])
    for row in rows:
        numbers = [f"{getattr(row, name) or '·':>{len(name)}}" for name in names]
        share = "    ·" if row.share is None else f"{row.share:5.0%}"
        yield "  ".join([f"  {row.tag:{width}}", *numbers, share, f"{row.precision:9.2f}"])


def as_data(found: Audit) -> dict[str, Any]:
    """For JSON."""
    return {
        "papers": found.papers,
        "reviewed": found.reviewed,
        "tags": [_row_data(row) for row in found.rows],
        "mostly_refused": [
            {"tag": one.tag, "phrase": one.phrase, "taken": one.taken, "refused": one.refused} for one in found.refused
        ],
        "shared_phrases": [{"phrase": phrase, "tags": list(tags)} for phrase, tags in found.shared],
        "together": [{"tags": list(pair.tags), "both": pair.both, "either": pair.either} for pair in found.together],
        "similar_labels": [{"tags": [one.id, other.id], "labels": [one.label, other.label]} for one, other in found.alike],
        "broad": [{"tag": tag, "papers": papers} for tag, papers in found.broad],
        "never_used": list(found.unused),
        "one_paper": list(found.single),
        "never_matching": [{"tag": tag, "phrases": list(missing)} for tag, missing in found.unmatched],
        "may_be_worth_a_tag": [
            {"phrase": one.phrase, "score": one.score, "papers": list(one.papers), "nearest": nearest and nearest[0]}
            for one, nearest in found.emergent
        ],
    }


def _row_data(row: Row) -> dict[str, Any]:
    names = ("tag", "papers", "hand", "accepted", "suggested", "maybe", "disputed", "rejected", "decided")
    share = None if row.share is None else round(row.share, 4)
    return {**{name: getattr(row, name) for name in names}, "share": share, "precision": round(row.precision, 4)}
