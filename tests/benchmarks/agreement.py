"""Prints how far two readings of the survey's papers agree on their tags: the figures of content/pages/method.md.

    .venv/bin/python tests/benchmarks/agreement.py

agreement.tsv holds the tags as they were when the readings were compared, a paper a line: `before`, of the first reading
before the vocabulary was revised; `first`, brought into line with the revised one; `second`, of a reader who saw neither.
F1 is counted over all tags of a sample together (micro-averaged): 2 * shared / (tags of one reading + tags of the other).
"""

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from generator import vocabulary  # noqa: E402

Row = Mapping[str, str]


def f1(rows: Iterable[Row], reading: str, facet_of: Mapping[str, str], facet: str | None = None) -> float:
    """Of the second reading against `reading`, on one facet or on all."""
    shared = total = 0
    for row in rows:
        one, other = (
            {tag for tag in row[name].split() if facet is None or facet_of[tag] == facet} for name in (reading, "second")
        )
        shared += len(one & other)
        total += len(one) + len(other)
    return 2 * shared / total


def main() -> None:
    source = (HERE.parents[1] / vocabulary.TAGS).read_text(encoding="utf-8")
    known, _, problems = vocabulary.read(source, vocabulary.TAGS)
    assert not problems
    facet_of = {tag.id: tag.facet for tag in known.tags}
    with (HERE / "agreement.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    names = [facet.id for facet in known.facets]
    print("sample  against  papers    all  " + "  ".join(names))
    for sample in ("1", "2"):
        mine = [row for row in rows if row["sample"] == sample]
        for reading in ("first", "before"):
            figures = "  ".join(f"{f1(mine, reading, facet_of, name):>{len(name)}.3f}" for name in names)
            print(f"{sample:6}  {reading:7}  {len(mine):6}  {f1(mine, reading, facet_of):.3f}  {figures}")


if __name__ == "__main__":
    main()
