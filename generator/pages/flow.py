"""flow: how the collection came to be, drawn from the data in the manner of a PRISMA 2020 flow diagram"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from generator.library import Library
from generator.report import counted
from generator.views import Box, Flow

# In units of the drawing, which is shown at about its own size on a phone.
MAIN, ASIDE, GAP = 234, 152, 24  # width of the steps, of what leaves beside them, and the space between
LINE, PAD, DROP = 18, 9, 22  # height of a line, space within a box, space between steps
LETTERS = {MAIN: 30, ASIDE: 18}  # that fit on a line
MOST_SOURCES = 12  # that are named


@dataclass(frozen=True, slots=True)
class Step:
    head: str
    details: tuple[str, ...] = ()
    aside: str = ""  # what leaves the way here


def flow(library: Library, caption: str) -> Flow:
    """The steps from the source pages to papers that were read twice; those that do not apply are left out."""
    found = steps(library)
    boxes: list[Box] = []
    arrows: list[tuple[int, int, int, int]] = []
    y = 0
    for number, step in enumerate(found):
        box = _box(0, y, MAIN, (step.head,), step.details)
        boxes.append(box)
        bottom = y + box.height
        if step.aside:
            aside = _box(MAIN + GAP, y, ASIDE, (), (step.aside,))
            boxes.append(aside)
            middle = y + min(box.height, aside.height) // 2
            arrows.append((MAIN, middle, MAIN + GAP, middle))
            bottom = max(bottom, y + aside.height)
        if number + 1 < len(found):
            arrows.append((MAIN // 2, y + box.height, MAIN // 2, bottom + DROP))
        y = bottom + DROP
    return Flow(
        caption=caption or "How the collection came to be",
        view_box=f"-1 -1 {MAIN + GAP + ASIDE + 2} {max(0, y - DROP) + 2}",  # room for half a line around
        boxes=tuple(boxes),
        arrows=tuple(arrows),
        words=tuple(_sentence(step) for step in found),
    )


def steps(library: Library) -> list[Step]:
    papers = library.papers
    counts = [count for count in library.source_counts if count.listings]
    met = sum(bool(paper.sources) for paper in papers)
    listings = sum(count.listings for count in counts)
    found: list[Step] = []
    if counts:
        named = [f"{count.source.id}: {counted(count.listings, 'listing')}" for count in counts]
        found.append(Step(counted(len(counts), "source page"), tuple(named) if len(named) <= MOST_SOURCES else ()))
        repeats = f"{counted(listings - met, 'repeat')} of papers already met, joined with them" if listings > met else ""
        found.append(Step(f"{counted(listings, 'listing')} in all", aside=repeats))
    alone = f"{len(papers) - met:,} of them added one by one" if counts and met < len(papers) else ""
    found.append(Step(counted(len(papers), "paper"), tuple([alone] if alone else ["a record each"])))
    read = sum(bool(paper.note) for paper in papers)
    if read:
        unread = f"{len(papers) - read:,} not read yet" if read < len(papers) else ""
        found.append(Step(f"{read:,} read", ("a note and tags by hand",), unread))
    twice = sum(bool(paper.note and paper.reviewed) for paper in papers)
    if twice:
        once = f"{read - twice:,} read once so far; suggested tags are shown beside theirs" if twice < read else ""
        found.append(Step(f"{twice:,} read a second time", ("independently, then settled",), once))
    return found


def _box(x: int, y: int, width: int, head: Sequence[str], details: Sequence[str]) -> Box:
    rows = [*head, *(row for text in details for row in textwrap.wrap(text, LETTERS[width]))]
    lines = tuple((x + PAD, y + PAD + LINE * number + LINE - 4, row) for number, row in enumerate(rows))
    return Box(x, y, width, 2 * PAD + LINE * len(rows), lines, bool(head))


def _sentence(step: Step) -> str:
    words = step.head + (f" ({'; '.join(step.details)})" if step.details else "")
    return f"{words}. Set aside: {step.aside}." if step.aside else f"{words}."
