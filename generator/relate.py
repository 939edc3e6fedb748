"""relate: the papers that are nearest to each, and why"""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from .memo import Memo, code, digest
from .model import Labels, Paper, Relation, Relations, Survey
from .space import tag_rows, tags_of
from .vectors import Space, spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAREST = 5
BACK = 3  # more, that have the paper among their own nearest: so readers can go both ways
FREQUENT = 500  # papers that have a term, beyond which it brings no two of them together: it bounds the work
CLOSEST = 300  # papers by shared terms, that are compared by concepts and tags too
TAGS = 0.6  # what the same tags count for, where the same words and the same concepts count 1 each
REASONS = 3  # shared terms that are named
TELLING = 0.1  # share of the papers beyond which a term, though it brings papers together, tells nobody why


def relate(survey: Survey, labels: Labels, space: Space, memo: Memo | None = None) -> Relations:
    """Of each paper the `NEAREST` others, the nearest first, and up to `BACK` that are near to it only from their side.

    How near two papers are is the sum of the cosines of their terms (tf-idf), of their places among the concepts (latent semantic
    analysis), and of their tags, each weighed by how rare and how sure it is. Of equally near papers the first is taken.
    """
    texts = (digest(repr(space.texts)), digest(repr(survey.vocabulary)))
    key = digest(
        code(), *texts, repr([(id_, label.tag, label.state, label.confidence) for id_ in labels for label in labels[id_]])
    )
    if memo and (rows := memo.get("related", key)) is not None:
        return {
            id_: tuple(Relation(other, tuple(tags), tuple(words)) for other, tags, words in found) for id_, found in rows.items()
        }
    tags = tags_of(survey, labels)
    found = nearest(space, tag_rows(tags))
    related = _with_reasons(survey.papers, _both_ways(found), tags, space)
    if memo:
        rows = {id_: [(one.id, one.tags, one.words) for one in of_paper] for id_, of_paper in related.items()}
        memo.keep("related", key, rows)
    return related


# ------------------------------------------------------------------ how near


def nearest(space: Space, tags: "NDArray[Any] | None" = None, most: int = NEAREST) -> list[tuple[int, ...]]:
    """Of each text of the space the ordinals of the nearest others, nearest first; only texts that share a term with it.

    `tags`: (texts, tags) of unit rows.
    """
    import numpy as np

    size = len(space.texts)
    if not len(space.rows.values):
        return [()] * size
    telling = np.flatnonzero(np.array(space.weights.found) <= FREQUENT)
    rows = space.rows.within(telling)
    by_term = rows.transposed()
    found = []
    for ordinal in range(size):
        shared = by_term.products(rows, ordinal)
        shared[ordinal] = 0
        near = np.flatnonzero(shared)
        if len(near) > CLOSEST:
            least = np.partition(shared[near], len(near) - CLOSEST)[len(near) - CLOSEST]
            near = near[shared[near] >= least]
        score = shared[near] + (space.places[near] * space.places[ordinal]).sum(1)
        if tags is not None:
            score += TAGS * (tags[near] * tags[ordinal]).sum(1)
        order = np.argsort(-np.round(score, 9), kind="stable")[:most]
        found.append(tuple(near[order].tolist()))
    return found


def _both_ways(found: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """With ways back: each list goes on with some of the papers that have it on theirs, those that are on no other list first."""
    listed = {other for near in found for other in near}
    back: list[list[tuple[bool, int, int]]] = [[] for _ in found]
    for ordinal, near in enumerate(found):
        for place, other in enumerate(near):
            if ordinal not in found[other]:
                back[other].append((ordinal in listed, place, ordinal))
    return [(*near, *(ordinal for _, _, ordinal in sorted(ways)[:BACK])) for near, ways in zip(found, back, strict=True)]


# ------------------------------------------------------------------ why


def _with_reasons(
    papers: Sequence[Paper], found: Sequence[Sequence[int]], tags: Sequence[Mapping[str, float]], space: Space
) -> dict[str, tuple[Relation, ...]]:
    related = {}
    uses = Counter(tag for sure in tags for tag in sure)
    for ordinal, near in enumerate(found):
        terms = {other: _shared_terms(space, ordinal, other) for other in near}
        spelled = _spelled(papers[ordinal], {term for shared in terms.values() for term in shared})
        relations = []
        for other in near:
            shared = tuple(sorted(tags[ordinal].keys() & tags[other].keys(), key=lambda tag: (uses[tag], tag)))
            words = tuple(spelled.get(term, term) for term in terms[other])
            relations.append(Relation(papers[other].id, shared, words))
        related[papers[ordinal].id] = tuple(relations)
    return related


def _shared_terms(space: Space, one: int, other: int) -> list[str]:
    """The telling terms whose weights make most of the cosine, none of them part of another."""
    import numpy as np

    weights, names, most = space.weights, space.weights.names, max(2, TELLING * len(space.texts))
    (columns, values), (others, weighed) = space.rows.row(one), space.rows.row(other)
    _, here, there = np.intersect1d(columns, others, assume_unique=True, return_indices=True)
    products = np.round(values[here] * weighed[there], 9).tolist()
    shared = [
        (-product, " " not in names[column], column) for product, column in zip(products, columns[here].tolist(), strict=True)
    ]
    kept: list[str] = []
    for _, _, column in sorted(shared):
        term = names[column]
        if weights.found[column] <= most and not any(set(term.split()) & set(before.split()) for before in kept):
            kept.append(term)
            if len(kept) == REASONS:
                break
    return kept


def _spelled(paper: Paper, terms: AbstractSet[str]) -> dict[str, str]:
    """Each of the terms as the paper first writes it; in lower case but for names."""
    spelled: dict[str, str] = {}
    for _, text in paper.texts:
        missing = terms - spelled.keys()
        places = spans(text) if missing else {}
        for term in missing & places.keys():
            start, end = places[term]
            spelled[term] = _plain(" ".join(text[start:end].split()))
    return spelled


def _plain(words: str) -> str:
    return words[0].lower() + words[1:] if words[1:] == words[1:].lower() else words
