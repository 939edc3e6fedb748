"""review: what is left for curators to do"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote

from generator.library import HAND, Library
from generator.model import Label, Paper, Proposal
from generator.report import counted
from generator.views import Link, OpenPaper, OpenPhrase, OpenTag, ReviewView, Work

from .page import Cards, Page
from .parts import chip, plain_chip, why

MOST = 100  # rows of one kind: the commands show all
MOST_PAPERS = 5  # of a phrase, that are named
USUAL = 0.75  # of a tag's papers by hand, for which it must be proposed to be missed on others

Row = tuple[Paper, tuple[Label, ...]]  # labels of a paper that are to be decided on


def review(library: Library, _: Cards) -> Iterator[Page]:
    view = ReviewView(tuple(work for work in works(library) if work.total))
    description = f"Tags of {library.settings.title} that wait for a decision."
    yield Page("review/index.html", "review.html", view, "What is left to do", description, "tags")


def works(library: Library) -> Iterator[Work]:
    """All kinds, those too of which nothing is left."""
    yield _labels(
        library,
        "suggested",
        "Suggested tags",
        "Readers see them on papers and in lists, dashed. Nobody has confirmed them yet.",
        lambda label, paper: label.state == "suggested" and not paper.reviewed,
    )
    yield _labels(
        library,
        "maybe",
        "Tags that may be right",
        "Not sure enough, or not by words that can be shown: readers do not see them in lists.",
        lambda label, paper: label.state == "maybe" and not paper.reviewed,
    )
    yield _labels(
        library,
        "disputed",
        "Disputed tags",
        "The words of these papers speak for them, but whoever reviewed the papers did not give them.",
        lambda label, paper: label.state == "suggested" and bool(paper.reviewed),
    )
    found = _usually_found(library)
    yield _labels(
        library,
        "unlikely",
        "Tags by hand that no words speak for",
        "What finds these tags on most of their papers finds nothing here, and nobody has reviewed these papers yet.",
        lambda label, paper: label.state == "hand" and not paper.reviewed and label.tag in found,
    )
    if library.facets:
        topic = library.facets[0]
        yield _papers(
            library,
            "no-topic",
            f"Papers without a tag of “{topic.label}”",
            "Neither by hand nor suggested.",
            lambda paper: all(library.tag[tag].facet != topic.id for tag in library.tags_of(paper)),
        )
    yield _papers(
        library,
        "no-hand",
        "Papers without a tag by hand",
        "All that they have is suggested, if anything.",
        lambda paper: not any(label.state in HAND for label in library.labels_of[paper.id]),
    )
    yield _unused(library)
    yield _phrases(library)


# ------------------------------------------------------------------ labels


def _labels(library: Library, anchor: str, heading: str, meaning: str, is_open: Callable[[Label, Paper], bool]) -> Work:
    """By paper, the one with the surest label first."""
    rows: list[Row] = []
    for paper in library.papers:
        known = (label for label in library.labels.get(paper.id, ()) if label.tag in library.tag)
        if found := tuple(sorted((label for label in known if is_open(label, paper)), key=_doubt)):
            rows.append((paper, found))
    rows.sort(key=lambda row: _doubt(row[1][0]))
    total = sum(len(labels) for _, labels in rows)
    shown = tuple(_first(rows))
    more = total - sum(len(labels) for _, labels in shown)
    papers = tuple(_open(paper, (_open_tag(library, label) for label in labels)) for paper, labels in shown)
    return Work(anchor, heading, total, meaning, papers, more=more, command="papergrove tags suggest")


def _usually_found(library: Library) -> frozenset[str]:
    """Tags that are proposed for most of the papers that have them by hand."""
    states = Counter((label.tag, label.state) for labels in library.labels.values() for label in labels if label.state in HAND)
    return frozenset(tag for tag, state in states if states[tag, "accepted"] >= USUAL * sum(states[tag, of] for of in HAND))


def _doubt(label: Label) -> float:
    return -(label.confidence or 0)


def _first(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with the first `MOST` labels."""
    left = MOST
    for paper, labels in rows:
        if left <= 0:
            return
        yield paper, labels[:left]
        left -= len(labels)


def _open(paper: Paper, tags: Iterable[OpenTag] = ()) -> OpenPaper:
    return OpenPaper(paper.id, Link(paper.title, f"papers/{paper.id}/"), tuple(tags))


def _open_tag(library: Library, label: Label) -> OpenTag:
    proposed = label.state in ("suggested", "maybe")
    sure = f"{label.confidence:.0%}" if label.confidence is not None else ""
    return OpenTag(
        label.tag,
        chip(library, replace(label, state="suggested")) if proposed else plain_chip(library, library.tag[label.tag]),
        ": ".join(filter(None, (sure, why(label)))),
    )


# ------------------------------------------------------------------ papers, tags, phrases


def _papers(library: Library, anchor: str, heading: str, meaning: str, is_open: Callable[[Paper], bool]) -> Work:
    found = [paper for paper in library.papers if is_open(paper)]
    shown = tuple(map(_open, found[:MOST]))
    return Work(anchor, heading, len(found), meaning, shown, more=len(found) - len(shown), command="papergrove tags suggest")


def _unused(library: Library) -> Work:
    found = [Link(tag.label, f"tags/{tag.id}/") for tag in library.living_tags if not library.papers_with(tag.id)]
    meaning = "No paper has them, neither by hand nor suggested."
    shown = tuple(found[:MOST])
    return Work(
        "unused", "Tags never used", len(found), meaning, tags=shown, more=len(found) - MOST, command="papergrove tags report"
    )


def _phrases(library: Library) -> Work:
    found = library.proposals
    shown = tuple(_phrase(library, proposal) for proposal in found[:MOST])
    return Work(
        "phrases",
        "Phrases that may be worth a tag",
        len(found),
        "A few papers share them, and the vocabulary has no word for them. Most are of no use as a tag; some are.",
        phrases=shown,
        more=len(found) - len(shown),
        command="papergrove tags report --json",
    )


def _phrase(library: Library, proposal: Proposal) -> OpenPhrase:
    named = [library.paper[id_] for id_ in proposal.papers[:MOST_PAPERS]]
    nearest = library.nearest_tag(proposal.papers)
    quoted = f'"{proposal.phrase}"'
    return OpenPhrase(
        Link(proposal.phrase, f"search/?q={quote(quoted)}", counted(len(proposal.papers), "paper")),
        tuple(Link(paper.title, f"papers/{paper.id}/") for paper in named),
        len(proposal.papers) - len(named),
        plain_chip(library, library.tag[nearest[0]]) if nearest else None,
        f"{nearest[1]} of {len(proposal.papers)}" if nearest else "",
    )
