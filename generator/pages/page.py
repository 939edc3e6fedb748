"""page: one page of the site, and what all kinds of pages are made from"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.views import Card

Cards = Mapping[str, Card]  # by paper id


@dataclass(frozen=True, slots=True)
class Page:
    path: str  # of the file, from the site's root
    template: str
    view: Any  # one of `views`
    title: str
    description: str = ""
    current: str = ""  # the entry of the navigation that it belongs to

    @property
    def address(self) -> str:
        """Of the page, from the site's root: `papers/x/`."""
        return self.path.removesuffix("index.html")

    @property
    def root(self) -> str:
        """The way from the page to the site's root."""
        return "../" * self.path.count("/")
