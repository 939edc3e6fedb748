"""Prints what automatic tags, related papers and the map are worth, on this repository's survey and on a judged collection.

    .venv/bin/python tests/benchmarks/tags.py [--stability] [--scale N]

The papers' own tags are hidden where tags are looked for or papers compared. "folds" are the figures while the tags of four
fifths are known; "held out" those of the phrases of the first vocabulary, written before any note was, on the tags that it has.
agreement.py prints how far two readers agree. `--stability` leaves out each paper in turn, and counts the tags of others that
come or go when it is there; `--scale` measures N made-up papers.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT))

from generator import vocabulary  # noqa: E402
from generator.evaluate import Gold, Scores, evaluate, hiding, in_words, with_parents_of  # noqa: E402
from generator.layout import laid_out, layout  # noqa: E402
from generator.load import load  # noqa: E402
from generator.memo import Memo  # noqa: E402
from generator.model import Paper, Places, Record, Relations, Settings, Survey  # noqa: E402
from generator.pages.parts import why  # noqa: E402
from generator.relate import nearest, relate  # noqa: E402
from generator.space import space_of, tag_rows, tags_of  # noqa: E402
from generator.tag import shown, tag  # noqa: E402

HOPS = 5
WORST = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stability", action="store_true")
    parser.add_argument("--scale", type=int)
    options = parser.parse_args()
    survey, problems = load(ROOT)
    assert not problems
    if options.scale:
        scale(options.scale)
    elif options.stability:
        stability(survey)
    else:
        everything(survey)


def everything(survey: Survey) -> None:
    tags(survey)
    neighbors("this survey", survey, {paper.id: paper.tags for paper in survey.papers})
    if (SHARED / "eval/ml4code").exists():
        code, gold = ml4code()
        print("\n# tags of ml4code, whose papers are tagged incompletely\n")
        steps("phrases", evaluate(code, gold))
        steps("folds", evaluate(code, gold, 5))
        neighbors("ml4code", code, gold)
    cost(survey)


# ------------------------------------------------------------------ tags


def tags(survey: Survey) -> None:
    reviewed = {paper.id: paper.tags for paper in survey.papers if paper.reviewed}
    plain = with_papers(survey, lambda paper: replace(paper, gist=None))
    print(f"# tags of the {len(reviewed)} reviewed papers of this survey, from title, note and findings\n")
    steps("", evaluate(plain, reviewed))
    steps("folds", evaluate(plain, reviewed, 5))
    if (SHARED / "taxonomy.yml").exists():
        steps("held out", evaluate(*with_first_phrases(plain, reviewed), 5))
    print("\n# with the gists, as the taggers read them\n")
    scores = evaluate(survey, reviewed, 5)
    print(in_words(scores))
    print(f"\n# the {WORST} surest automatic tags that two readers did not give\n")
    worst(survey)


def steps(kind: str, scores: Mapping[str, Scores]) -> None:
    for step, of_step in scores.items():
        count, tuned = of_step.count(), of_step.tuned
        print(
            f"{kind:9} {step:20} micro {count.f1:.3f} macro {of_step.macro_f1():.3f} P {count.precision:.3f} "
            f"R {count.recall:.3f} p@1 {of_step.precision_at(1):.3f} p@3 {of_step.precision_at(3):.3f} "
            f"ECE {of_step.calibration_error:.3f} Brier {of_step.brier:.3f}; tuned micro {tuned[0]:.3f} macro {tuned[1]:.3f}"
        )


def with_papers(survey: Survey, change: Callable[[Paper], Paper]) -> Survey:
    return replace(survey, records=tuple(replace(record, paper=change(record.paper)) for record in survey.records))


def with_first_phrases(survey: Survey, gold: Mapping[str, Sequence[str]]) -> tuple[Survey, dict[str, list[str]]]:
    first, _, _ = vocabulary.read((SHARED / "taxonomy.yml").read_text(encoding="utf-8"), "taxonomy.yml")
    before = {tag.id: tag for tag in first.tags}
    kept = tuple(
        replace(tag, phrases=old.phrases, weak=old.weak, excluded=old.excluded, synonyms=old.synonyms)
        for tag in survey.vocabulary.tags
        if (old := before.get(tag.id))
    )
    known = {tag.id for tag in kept}
    kept = tuple(replace(tag, parent=tag.parent if tag.parent in known else None) for tag in kept)
    given = {id_: [tag for tag in tags if tag in known] for id_, tags in gold.items()}
    return replace(survey, vocabulary=replace(survey.vocabulary, tags=kept)), given


def worst(survey: Survey) -> None:
    """What is suggested for reviewed papers, and was not taken."""
    labels = tag(survey)
    wrong = [
        (label, paper) for paper in survey.papers if paper.reviewed for label in labels[paper.id] if label.state == "suggested"
    ]
    wrong.sort(key=lambda row: -(row[0].confidence or 0))
    for label, paper in wrong[:WORST]:
        print(f"{label.confidence:.0%}  {label.tag}  {paper.id}: {why(label)}")


def stability(survey: Survey) -> None:
    """Each paper in turn is new: the lock is written without it, then it comes with all that was decided on it."""
    gone, come, rows = Counter[str](), Counter[str](), 0
    for at, new in enumerate(survey.papers):
        before = replace(survey, records=survey.records[:at] + survey.records[at + 1 :], shown=frozenset())
        kept = shown(before, tag(before))
        after = replace(survey, shown=kept)
        seen = {pair for pair in shown(after, tag(after)) if pair[0] != new.id}
        rows += len(kept)
        gone.update(map(" ".join, kept - seen))
        come.update(map(" ".join, seen - kept))
    print(f"{len(survey.papers)} new papers, {rows:,} shown tags of others: {sum(gone.values())} went {dict(gone)}")
    print(f"{sum(come.values())} came that had nearly been shown {dict(come)}")


# ------------------------------------------------------------------ related papers and the map


def neighbors(name: str, survey: Survey, gold: Mapping[str, Sequence[str]]) -> None:
    """With all hand tags hidden: only automatic ones may bring papers together."""
    whole = with_parents_of(survey, gold)
    hidden = hiding(survey, set(whole), whole)
    space = space_of(survey.papers)
    labels = tag(hidden, None, space)
    related = relate(hidden, labels, space)
    near = {
        paper.id: [survey.papers[other].id for other in found]
        for paper, found in zip(survey.papers, nearest(space, tag_rows(tags_of(hidden, labels))), strict=True)
    }
    print(f"\n# related papers and the map of {name}, from automatic tags only\n")
    print(f"related papers: tag-Jaccard of the nearest 5 {jaccard(near, whole):.3f}")
    print(f"                {reach(related)}")
    places = laid_out(hidden, space, tag_rows(tags_of(hidden, labels)))
    print(f"map:            tag-Jaccard of the nearest 5 on it {jaccard(nearest_on_map(places, whole), whole):.3f}")


def jaccard(near: Mapping[str, Sequence[str]], gold: Gold) -> float:
    shares = []
    for id_, own in gold.items():
        others = [gold[other] for other in near[id_] if gold.get(other)] if own else []
        shares += [sum(len(own & other) / len(own | other) for other in others) / 5] if own else []
    return sum(shares) / len(shares)


def nearest_on_map(places: Places, gold: Gold) -> dict[str, list[str]]:
    tagged = [id_ for id_ in places if gold.get(id_)]
    return {
        id_: sorted((other for other in tagged if other != id_), key=lambda other: math.dist(places[id_], places[other]))[:5]
        for id_ in gold
    }


def reach(related: Relations) -> str:
    """How far readers get by following related papers."""
    unreached = Counter[str]()
    far = 0
    for start in related:
        seen, edge = {start}, [start]
        for _ in range(HOPS):
            edge = list(dict.fromkeys(one.id for id_ in edge for one in related[id_] if one.id not in seen))
            seen.update(edge)
        missed = related.keys() - seen
        far += len(missed)
        unreached.update(missed)
    pairs = len(related) * (len(related) - 1)
    lost = sum(count == len(related) - 1 for count in unreached.values())
    listed = Counter(one.id for found in related.values() for one in found)
    most = max(listed.values())
    return f"{lost} papers reached from no other in {HOPS} hops; {far:,} of {pairs:,} ways are longer; one is on {most} lists"


# ------------------------------------------------------------------ what it costs


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.process_time()
    yield
    print(f"{time.process_time() - start:7.2f} CPU s  {what}")


COLD = """
import sys, time
start = time.process_time()
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from generator.load import load
from generator.memo import Memo
survey, _ = load(Path(sys.argv[1]))
from generator.build import _library, Clock
from generator.memo import code
code()  # what a build needs anyway
loaded = time.process_time()
_library(survey, Path(sys.argv[2]), Clock())
heavy = {name.partition(".")[0] for name in sys.modules} & {"numpy", "scipy", "sklearn"}
print(round(time.process_time() - loaded, 3), *sorted(heavy))
"""


def cost(survey: Survey) -> None:
    print(f"\n# cost for {len(survey.papers)} papers: tags, related papers and places, CPU seconds and what was imported\n")
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("nothing remembered", "nothing changed"):
            done = subprocess.run([sys.executable, "-c", COLD, str(ROOT), folder], capture_output=True, text=True, check=True)
            print(f"{kind}: {done.stdout.strip()}")


def scale(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "corpus.jsonl"
        subprocess.run(
            [sys.executable, SHARED / "tools/make_corpus.py", str(number), "--jsonl", made], check=True, capture_output=True
        )
        rows = [json.loads(line) for line in made.read_text(encoding="utf-8").split("\n") if line]
        own, _ = load(ROOT)
        papers = (Paper(id=str(row["id"]), title=row["title"], abstract=row.get("abstract") or row.get("note")) for row in rows)
        survey = Survey(settings=Settings(), vocabulary=own.vocabulary, sources=(), records=tuple(map(record, papers)))
        space, memo = space_of(survey.papers), Memo(Path(folder))
        print(f"{len(survey.papers):,} papers")
        with timed("counting terms, tf-idf"):
            print(f"{space.rows.width:,} terms, {len(space.rows.values):,} weights")
        with timed("latent semantic analysis"):
            space.places  # noqa: B018
        with timed("tags"):
            labels = tag(survey, memo, space)
        with timed("tags, nothing changed"):
            tag(survey, memo, space)
        with timed("related papers"):
            relate(survey, labels, space, memo)
        with timed("map, laid out"):
            places = laid_out(survey, space, tag_rows(tags_of(survey, labels)))
        some = dict(list(places.items())[: number - 10])
        with timed("map, ten new papers placed"):
            layout(replace(survey, laid=some), space)


def record(paper: Paper) -> Record:
    return Record(paper=paper, path=f"content/papers/{paper.id}.md", front=None)


def ml4code() -> tuple[Survey, dict[str, list[str]]]:
    folder = SHARED / "eval/ml4code"
    known, _, _ = vocabulary.read((folder / "tags.yml").read_text(encoding="utf-8"), "tags.yml")
    rows = [json.loads(line) for line in (folder / "records.jsonl").read_text(encoding="utf-8").split("\n") if line.strip()]
    papers = (Paper(id=row["id"], title=row["title"], abstract=row["abstract"]) for row in rows)
    survey = Survey(settings=Settings(), vocabulary=known, sources=(), records=tuple(map(record, papers)))
    return survey, {row["id"]: row["tags"] for row in rows}


if __name__ == "__main__":
    main()
