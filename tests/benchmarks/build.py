"""Prints how long a build takes: of everything, of nothing changed, of one record changed.

    .venv/bin/python tests/benchmarks/build.py [--rounds 5]

Each figure is the median of whole commands (`python -m generator build`): seconds on the clock, and of processor time.
The site is renamed away before a cold build, never deleted: on some file systems creating files just after deleting as many
is many times slower. The 3,000 records are made up, with notes of about 90 words and 4 tags each.
"""

import argparse
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from surveys import tiny

ROOT = Path(__file__).parents[2]
SIZE = 3_000


def seconds(root: Path) -> tuple[float, float]:
    """Wall and processor seconds of one build."""
    environment = {**os.environ, "PAPERGROVE_NO_BOOTSTRAP": "1"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "generator", "build", "--root", root], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def median(root: Path, rounds: int, before: Callable[[Path], None]) -> str:
    measured = []
    for _ in range(rounds):
        before(root)
        os.sync()
        measured.append(seconds(root))
    wall, processor = (statistics.median(values) for values in zip(*measured, strict=True))
    return f"{wall:7.3f} s   {processor:7.3f} s"


def forget(root: Path) -> None:
    for name in ("_site", ".papergrove"):
        if (root / name).exists():
            (root / name).rename(root.parent / f"{name}-{time.time_ns()}")


def edit(root: Path) -> None:
    """Gives the first record another note."""
    record = sorted((root / "content/papers").iterdir())[0]
    record.write_text(record.read_text(encoding="utf-8") + f"\nA word more: {time.time_ns()}.\n", encoding="utf-8")


def nothing(root: Path) -> None: ...


def made_up(number: int) -> dict[str, str]:
    rnd = random.Random(7)
    syllables = re.findall("..", "karemotilusenovoxiprademoquefelonobrizatormishagelut")
    lexicon = ["".join(rnd.choices(syllables, k=rnd.randint(1, 4))) for _ in range(8_000)]
    tags = [f"tag-{n}" for n in range(60)]
    papers = {}
    for n in range(number):
        title = " ".join(rnd.choices(lexicon, k=8)).capitalize()
        note = " ".join(rnd.choices(lexicon, k=90)).capitalize()
        authors = ", ".join(f"Author {rnd.randrange(number)}" for _ in range(4))
        chosen = ", ".join(dict.fromkeys(rnd.choices(tags, [1 / (k + 3) for k in range(60)], k=4)))
        papers[f"paper-{n}"] = (
            f"---\ntitle: {title}\nauthors: [{authors}]\ndate: {2010 + n % 16}-{1 + n % 12:02d}-{1 + n % 28:02d}\n"
            f"venue: Venue {n % 12}\nadded: 2025-01-01\ntags: [{chosen}]\ngist: {title[:60]}\n---\n{note}.\n"
        )
    return papers


def vocabulary() -> str:
    rows = "".join(f"  - {{id: tag-{n}, facet: topic, label: Tag {n}, phrases: [tag number {n}]}}\n" for n in range(60))
    return f"facets:\n  - {{id: topic, label: Topic}}\ntags:\n{rows}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        ours, large = Path(folder) / "ours" / "survey", Path(folder) / "large" / "survey"
        for name in ("site.yml", "content"):
            place = ours / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, place)
        tiny(large, made_up(SIZE), tags=vocabulary())
        print(f"{'':44}    wall      processor")
        for title, root in (
            (f"this survey, {len(list((ours / 'content/papers').iterdir()))} records", ours),
            (f"{SIZE:,} made-up records", large),
        ):
            print(f"{title + ': cold':44}{median(root, rounds, forget)}")
            print(f"{title + ': nothing changed':44}{median(root, rounds, nothing)}")
            print(f"{title + ': one record changed':44}{median(root, rounds, edit)}")


if __name__ == "__main__":
    main()
