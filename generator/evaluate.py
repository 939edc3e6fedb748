"""evaluate: how well the taggers find the tags of papers that people have tagged"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from .files import unix_lines
from .memo import Memo
from .model import Paper, Survey, current_tag, parents, with_parents
from .report import Place, Problem, error, warning
from .space import space_of
from .taggers import TAGGERS
from .taggers.corpus import Corpus
from .taggers.judge import Judge
from .text import did_you_mean

TAKEN = 0.5  # confidence from which a tag counts as found
CANDIDATE = 0.05  # from which a pair of paper and tag counts for the calibration
BINS = 10

Gold = Mapping[str, frozenset[str]]  # tags by paper, with the parents that they imply
Found = Mapping[str, Mapping[str, float]]  # by paper, the confidence of each tag
STEPS = {  # what is measured, each with the taggers that take part
    "phrases": ("phrases",),
    "phrases, similarity": ("phrases", "similarity"),
    "all": tuple(TAGGERS),
}


def evaluate(survey: Survey, gold: Mapping[str, Iterable[str]], folds: int = 0, memo: Memo | None = None) -> dict[str, "Scores"]:
    """For each of `STEPS`, how well it finds the tags in `gold` while the papers' own tags are hidden.

    With `folds` the papers are divided in so many parts, and the tags of each are looked for while those of the others are known.
    A paper that is not in the survey is left out, as is a tag that is not in the vocabulary.
    """
    whole = with_parents_of(survey, gold)
    wanted = sorted(whole)
    space = space_of(survey.papers)
    found: dict[str, dict[str, Mapping[str, float]]] = {step: {} for step in STEPS}
    for fold in range(max(folds, 1)):
        hidden = set(wanted[fold::folds] if folds else wanted)
        corpus = Corpus(hiding(survey, hidden, whole), memo, space)
        for step, names in STEPS.items():
            found[step] |= _confidences(Judge(corpus, {name: TAGGERS[name] for name in names}), hidden)
    return {step: Scores(whole, found[step]) for step in STEPS}


def with_parents_of(survey: Survey, gold: Mapping[str, Iterable[str]]) -> Gold:
    """Only papers of the survey and current tags of its vocabulary, with the parents that they imply."""
    known = {tag.id for tag in survey.vocabulary.tags}
    current, parent_of = current_tag(survey.vocabulary), parents(survey.vocabulary)
    ids = {paper.id for paper in survey.papers}
    return {
        id_: frozenset(with_parents([current(tag) for tag in tags if tag in known], parent_of))
        for id_, tags in gold.items()
        if id_ in ids
    }


def hiding(survey: Survey, hidden: set[str], gold: Gold) -> Survey:
    """The survey with nothing decided on the hidden papers, and all on the others that `gold` knows."""

    def shown(paper: Paper) -> Paper:
        if paper.id in hidden:
            return replace(paper, tags=(), rejected=(), reviewed=None)
        return replace(paper, tags=tuple(sorted(gold[paper.id])), reviewed="known") if paper.id in gold else paper

    return replace(survey, records=tuple(replace(record, paper=shown(record.paper)) for record in survey.records))


def _confidences(judge: Judge, wanted: set[str]) -> dict[str, Mapping[str, float]]:
    corpus = judge.corpus
    return {
        corpus.papers[ordinal].id: {corpus.tags[tag].id: sure for tag, sure in enumerate(sures.tolist()) if sure >= CANDIDATE}
        for ordinal, sures in judge.confidences()
        if corpus.papers[ordinal].id in wanted
    }


def read(source: str, path: str, survey: Survey) -> tuple[dict[str, list[str]], tuple[Problem, ...]]:
    """The tags of each paper in JSON Lines of {"id", "tags"}, and what is wrong with them; other keys are passed over."""
    gold, problems = dict[str, list[str]](), list[Problem]()
    ids, known = {paper.id for paper in survey.papers}, {tag.id for tag in survey.vocabulary.tags}
    for number, line in enumerate(unix_lines(source).split("\n"), start=1):
        place = Place(path, number, 1)
        try:
            row = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            row = line
        if row is None:
            continue
        if not (isinstance(row, dict) and isinstance(row.get("id"), str) and _are_texts(row.get("tags"))):
            problems.append(error(place, "not an object with an id and a list of tags", hint='write {"id": "…", "tags": ["…"]}'))
        elif row["id"] not in ids:
            problems.append(warning(place, f"no paper of the survey has the id '{row['id']}'", hint=did_you_mean(row["id"], ids)))
        else:
            problems += [
                warning(place, f"unknown tag '{tag}' is left out", hint=did_you_mean(tag, known))
                for tag in row["tags"]
                if tag not in known
            ]
            gold[row["id"]] = row["tags"]
    return gold, tuple(problems)


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


# ------------------------------------------------------------------ scores


@dataclass(frozen=True)
class Count:
    """Right: found and given; wrong: found only; missed: given only."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


@dataclass(frozen=True)
class Scores:
    gold: Gold
    found: Found

    def count(self, at: float = TAKEN) -> Count:
        """Over all tags."""
        counts = self.by_tag(at).values()
        return Count(*(sum(getattr(count, name) for count in counts) for name in ("right", "wrong", "missed")))

    def by_tag(self, at: float = TAKEN) -> dict[str, Count]:
        tags = {tag for given in self.gold.values() for tag in given} | {tag for sures in self.found.values() for tag in sures}
        rows: dict[str, list[int]] = {tag: [0, 0, 0] for tag in sorted(tags)}
        for id_, given in self.gold.items():
            taken = {tag for tag, sure in self.found[id_].items() if sure >= at}
            for tag in given | taken:
                rows[tag][0 if tag in given and tag in taken else 1 if tag in taken else 2] += 1
        return {tag: Count(*row) for tag, row in rows.items()}

    def macro_f1(self, at: float = TAKEN) -> float:
        """The mean over the tags that `gold` has."""
        counts = [count for count in self.by_tag(at).values() if count.right + count.missed]
        return sum(count.f1 for count in counts) / max(1, len(counts))

    def precision_at(self, first: int) -> float:
        """The share of the `first` surest tags of a paper that are right, over the papers that have tags."""
        shares = []
        for id_, given in self.gold.items():
            best = sorted(self.found[id_], key=lambda tag: (-self.found[id_][tag], tag))[:first]
            shares += [sum(tag in given for tag in best) / first] if given else []
        return sum(shares) / max(1, len(shares))

    @cached_property
    def pairs(self) -> Sequence[tuple[float, bool]]:
        """Confidence of each candidate, and whether it is right; the least sure first."""
        found = ((sure, tag in self.gold[id_]) for id_, sures in self.found.items() for tag, sure in sures.items())
        return sorted(found, key=lambda pair: pair[0])

    @property
    def brier(self) -> float:
        """The mean squared distance of confidence and truth."""
        return sum((sure - right) ** 2 for sure, right in self.pairs) / max(1, len(self.pairs))

    @property
    def reliability(self) -> list[tuple[float, float, int]]:
        """(mean confidence, share right, pairs) of ten parts of equal size."""
        size = len(self.pairs)
        parts = [self.pairs[part * size // BINS : (part + 1) * size // BINS] for part in range(BINS)]
        return [
            (sum(sure for sure, _ in part) / len(part), sum(right for _, right in part) / len(part), len(part))
            for part in parts
            if part
        ]

    @property
    def calibration_error(self) -> float:
        """ECE: how far confidence and share right are apart, over the parts of `reliability`."""
        return sum(size * abs(sure - right) for sure, right, size in self.reliability) / max(1, len(self.pairs))

    @property
    def best(self) -> float:
        """The hundredth from which taking tags gives the highest F1."""
        return max((at / 100 for at in range(5, 96)), key=lambda at: (self.count(at).f1, at))

    @cached_property
    def tuned(self) -> tuple[float, float]:
        """Micro and macro F1 when a tag is taken from where it was best on the other half of the papers (every second one)."""
        ids = sorted(self.gold)
        halves = [Scores({id_: self.gold[id_] for id_ in half}, self.found) for half in (ids[::2], ids[1::2])]
        least = [half.best for half in reversed(halves)]
        taken = {
            id_: {tag: 1.0 for tag, sure in self.found[id_].items() if sure >= at}
            for half, at in zip(halves, least, strict=True)
            for id_ in half.gold
        }
        scores = Scores(self.gold, taken)
        return scores.count().f1, scores.macro_f1()


# ------------------------------------------------------------------ how they are shown


def as_data(scores: Scores) -> dict[str, object]:
    """Of one step, for JSON."""
    count = scores.count()
    return {
        "papers": len(scores.gold),
        "precision": count.precision,
        "recall": count.recall,
        "micro_f1": count.f1,
        "macro_f1": scores.macro_f1(),
        "precision_at_1": scores.precision_at(1),
        "precision_at_3": scores.precision_at(3),
        "calibration_error": scores.calibration_error,
        "brier": scores.brier,
        "tuned_micro_f1": scores.tuned[0],
        "tuned_macro_f1": scores.tuned[1],
        "reliability": [{"confidence": sure, "right": right, "pairs": size} for sure, right, size in scores.reliability],
        "tags": {
            tag: {"right": count.right, "wrong": count.wrong, "missed": count.missed, "f1": count.f1}
            for tag, count in scores.by_tag().items()
        },
    }


def in_words(scores: Mapping[str, Scores]) -> str:
    """Tables: a line a step; of the last step, the reliability and a line a tag, the worst first."""
    *_, last = scores.values()
    width = max(map(len, scores))
    lines = [f"{'':{width}}      P      R  micro  macro    p@1    p@3    ECE  Brier  tuned micro, macro"]
    for step, of_step in scores.items():
        count = of_step.count()
        quality = (count.precision, count.recall, count.f1, of_step.macro_f1(), of_step.precision_at(1), of_step.precision_at(3))
        values = (*quality, of_step.calibration_error, of_step.brier, *of_step.tuned)
        lines.append(f"{step:{width}}  {'  '.join(f'{value:5.3f}' for value in values)}")
    lines += ["", "confidence  right  pairs"]
    lines += [f"{sure:10.3f}  {right:5.3f}  {size:5}" for sure, right, size in last.reliability]
    rows = sorted(last.by_tag().items(), key=lambda row: (row[1].f1, row[0]))
    lines += ["", "   F1  right  wrong  missed  tag"]
    lines += [f"{count.f1:5.3f}  {count.right:5}  {count.wrong:5}  {count.missed:6}  {tag}" for tag, count in rows]
    return "\n".join(lines)
