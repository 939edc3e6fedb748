"""facets: what a list of papers can be narrowed by: the tags of each facet, venues, authors and links, counted"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import chain
from urllib.parse import urlencode

from generator.library import Library
from generator.model import Paper
from generator.views import Narrowing, Value

from .parts import glyph, has_page

Trait = tuple[str, str]  # as the search's address has it: ("tag", "offline-rl"), ("venue", "ICLR")
Traits = Mapping[str, tuple[Trait, ...]]  # by paper id
Key = tuple[str, str]  # of a facet: ("tag", its id), ("venue", "")

SEVERAL = 2  # papers of a value that is worth a link; one alone stands in the list
FIRST = 5  # values of a facet beside a list
MOST_VENUES = 200  # on the search page; the words of a question reach the others
KINDS = {"code": "Code", "project": "Project page", "data": "Data", "video": "Video"}


def traits(library: Library) -> Traits:
    """What the search knows each paper by."""
    return {paper.id: tuple(dict.fromkeys(_traits(library, paper))) for paper in library.papers}


def _traits(library: Library, paper: Paper) -> Iterator[Trait]:
    yield from (("tag", tag) for tag in library.tags_of(paper))
    if paper.venue:
        yield "venue", paper.venue
    slugs = (library.author_slug[name] for name in paper.authors)
    yield from (("author", slug) for slug in slugs if has_page(library.authors[slug]))  # others have this paper alone
    yield from (("has", kind) for kind, _ in paper.links)


def narrowings(library: Library, known: Traits, found: Sequence[Paper], chosen: Trait) -> tuple[Narrowing, ...]:
    """By what the papers that have the chosen trait can be narrowed further. A facet that does not divide them is left out, and
    so is the one that the trait is of: two values of a facet find what has either."""
    counts = Counter(chain.from_iterable(known[paper.id] for paper in found))
    values: dict[Key, list[tuple[int, str]]] = {}
    for trait, count in counts.items():
        if count >= SEVERAL:
            values.setdefault(_key(library, trait), []).append((-count, trait[1]))
    values.pop(_key(library, chosen), None)
    dividing = [key for key in _keys(library) if any(-count < len(found) for count, _ in values.get(key, ()))]
    return tuple(
        _narrowing(
            library, key, [_value(library, key, id_, -count, len(found), chosen) for count, id_ in nsmallest(FIRST, values[key])]
        )
        for key in dividing
    )


def all_facets(library: Library) -> tuple[Narrowing, ...]:
    """With all values that have papers, the largest first; authors are too many, the page asks for them."""
    counts = Counter(chain.from_iterable(traits(library).values()))
    values: dict[Key, list[tuple[int, str]]] = {key: [] for key in _keys(library)}
    for trait, count in counts.items():
        values[_key(library, trait)].append((-count, trait[1]))
    values["author", ""].clear()
    shown = {key: nsmallest(MOST_VENUES if key[0] == "venue" else len(those), those) for key, those in values.items()}
    return tuple(
        _narrowing(library, key, [_value(library, key, id_, -count, -those[0][0]) for count, id_ in those])
        for key, those in shown.items()
        if those or (key[0] == "author" and library.authors)
    )


def _keys(library: Library) -> tuple[Key, ...]:
    """All facets, in the order in which they are shown."""
    return (*(("tag", facet.id) for facet in library.facets), ("venue", ""), ("author", ""), ("has", ""))


def _key(library: Library, trait: Trait) -> Key:
    name, value = trait
    return name, library.tag[value].facet if name == "tag" else ""


def _narrowing(library: Library, key: Key, values: Sequence[Value]) -> Narrowing:
    name, facet_id = key
    if name != "tag":
        return Narrowing(name, "", {"venue": "Venue", "author": "Author", "has": "With"}[name], "", tuple(values))
    facet = library.facet[facet_id]
    return Narrowing(name, facet.id, facet.label, glyph(facet), tuple(values))


def _value(library: Library, key: Key, id_: str, count: int, whole: int, chosen: Trait | None = None) -> Value:
    name = key[0]
    href = "search/?" + urlencode((chosen, (name, id_))) if chosen else ""
    return Value(id_, _text(library, name, id_), count, round(100 * count / whole), href)


def _text(library: Library, name: str, id_: str) -> str:
    match name:
        case "tag":
            return library.tag[id_].label
        case "author":
            return library.authors[id_].name
        case "has":
            return KINDS[id_]
        case _:
            return id_
