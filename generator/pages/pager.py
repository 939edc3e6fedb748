"""pager: a long list over several pages, so that a new paper changes few of them"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from generator.model import Paper
from generator.views import Link, PapersView, Section

from .page import Page

LONGEST = 200  # papers of a tag, an author, a venue or a year on one page


@dataclass(frozen=True, slots=True)
class Pager:
    """Papers, newest first. The first page has the newest; full pages follow, numbered from the oldest, which say nothing of the
    whole: a new paper changes the first page alone, and once in a `size` of times the one after it."""

    base: str  # address of the first page
    papers: Sequence[Paper]
    size: int = LONGEST

    @property
    def full(self) -> int:
        return max(0, (len(self.papers) - 1) // self.size)

    @property
    def newest(self) -> Sequence[Paper]:
        """On the first page: between one and `size` of them."""
        return self.papers[: len(self.papers) - self.full * self.size]

    @property
    def older(self) -> Link | None:
        """The page after the first."""
        return self._older(self.full)

    def _older(self, number: int) -> Link | None:
        return Link("Older papers", self.address(number)) if number else None

    def address(self, number: int) -> str:
        return f"{self.base}page/{number}/" if number <= self.full else self.base

    def address_of(self, place: int) -> str:
        """Where the paper at this place in the list is; empty for the first page."""
        beyond = place - len(self.newest)
        return "" if beyond < 0 else self.address(self.full - beyond // self.size)

    def pages(self, title: str, current: str, sections: Callable[[Sequence[Paper]], tuple[Section, ...]]) -> Iterator[Page]:
        """All but the first."""
        for number in range(self.full, 0, -1):
            first = len(self.papers) - number * self.size
            position = f"Papers {(number - 1) * self.size + 1:,} to {number * self.size:,}, counted from the oldest"
            view = PapersView(
                heading=f"{title}, page {number}",
                first=Link(title, self.base),
                sections=sections(self.papers[first : first + self.size]),
                newer=Link("Newer papers", self.address(number + 1)),
                older=self._older(number - 1),
                position=position,
            )
            yield Page(f"{self.address(number)}index.html", "papers.html", view, view.heading, f"{position}.", current)
