"""Prints what the first view of each kind of page weighs, and the scripts that the search takes besides: bytes, compressed.

.venv/bin/python tests/benchmarks/weights.py
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from weights import KINDS, size, weight, with_imports

from generator.build import build

ROOT = Path(__file__).parents[2]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder).resolve() / "site"
        build(ROOT, site)
        print(f"{'kind':24}{'HTML':>8}{'CSS':>8}{'scripts':>9}{'whole':>8}")
        for kind, address in KINDS.items():
            page = weight(site, address)
            print(f"{kind:24}{page.html:8,}{page.styles:8,}{page.scripts:9,}{page.whole:8,}")
        print("\nbesides, when something is asked")
        for script in sorted(with_imports({site / "static/js/worker.js"})):
            print(f"  {script.relative_to(site).as_posix():24}{size(script):8,}")


if __name__ == "__main__":
    main()
