"""curate: what a curator's command on tags changes: the vocabulary, the records and the pages in one go"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from typing import Any

from . import edit, locks, prose
from .fields import ID, Items, Scalar
from .files import unix_lines
from .model import Block, Count, Evidence, Mention, Paper, Prose, Record, Survey, Tag, Vocabulary, parents
from .records import PAPERS, locate
from .report import Place, Problem, counted, error
from .text import did_you_mean
from .vocabulary import TAGS

LIKELY = 0.5  # confidence from which a tag is more probably right than wrong

Texts = Mapping[str, str]  # of the survey's files, by path, as they are on the disk
Proposed = Mapping[str, Mapping[str, tuple[float, tuple[Evidence, ...]]]]  # by paper and tag: what the taggers say


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """What a command comes to: files that change, or why nothing does."""

    texts: Texts = field(default_factory=dict)
    said: tuple[str, ...] = ()  # what was done, for a person
    problems: tuple[Problem, ...] = ()  # with one of them no text is given


class Refused(Exception):
    """Ends a command that cannot be done; `_curated` turns it into a problem."""

    def __init__(self, message: str, hint: str = "", place: Place | None = None) -> None:
        super().__init__(message)
        self.problem = error(place or Place(TAGS), message, hint=hint)


# ------------------------------------------------------------------ the commands


def rename(survey: Survey, texts: Texts, old: str, new: str) -> Curated:
    """The tag `old` is called `new`; its old address leads to the new one."""
    return _curated(lambda: _rename(_Tags(survey), old, new), survey, texts)


def merge(survey: Survey, texts: Texts, one: str, other: str, into: str) -> Curated:
    """Two tags are one: one of the two, a third, or a new id that the first of them takes."""
    return _curated(lambda: _merge(_Tags(survey), one, other, into), survey, texts)


def split(survey: Survey, texts: Texts, old: str, into: Sequence[str], proposed: Proposed) -> Curated:
    """Each paper tagged `old` gets those of `into` that the taggers propose for it, else the first."""
    return _curated(lambda: _split(_Tags(survey), survey, old, into, proposed), survey, texts)


def retire(survey: Survey, texts: Texts, tag: str, into: str | None = None) -> Curated:
    """The tag is given up; its papers get `into`, which is its parent unless it is named."""
    return _curated(lambda: _retire(_Tags(survey), tag, into), survey, texts)


def accept(survey: Survey, texts: Texts, paper: str, tag: str, proposed: Proposed) -> Curated:
    """The paper has the tag by hand."""
    return _curated(lambda: _accept(_Tags(survey), _record(survey, paper), tag, proposed), survey, texts)


def reject(survey: Survey, texts: Texts, paper: str, tag: str) -> Curated:
    """The paper does not have the tag, and no tagger will propose it again."""
    return _curated(lambda: _reject(_Tags(survey), _record(survey, paper), tag), survey, texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A change of the vocabulary, and what becomes of the tags that go."""

    vocabulary: Vocabulary
    renamed: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)  # where whoever names a tag that goes is sent to
    hand: Callable[[Paper, str], Sequence[str]] | None = None  # what a paper gets for a tag that goes (default: where it leads)
    refused: Mapping[str, Sequence[str]] = field(default_factory=dict)  # what a paper that refused it refuses now
    locked: Mapping[str, str | None] = field(default_factory=dict)  # the tag that takes its rows in the lock
    papers: Mapping[str, Paper] = field(default_factory=dict)  # by path: papers that change otherwise
    said: tuple[str, ...] = ()


def _curated(plan: Callable[[], Plan], survey: Survey, texts: Texts) -> Curated:
    try:
        planned = plan()
        return _carried_out(planned, survey, texts)
    except Refused as refused:
        return Curated(problems=(refused.problem,))


def _carried_out(plan: Plan, survey: Survey, texts: Texts) -> Curated:
    changed: dict[str, str | Problem] = {}
    said = list(plan.said)
    if plan.vocabulary != survey.vocabulary:
        changed[TAGS] = edit.tags(texts[TAGS], plan.vocabulary, plan.renamed)
    for record in survey.records:
        paper, notes = _retagged(record.paper, plan, survey.vocabulary)
        paper = plan.papers.get(record.path, paper)
        if paper != record.paper:
            changed[record.path] = edit.paper(texts[record.path], record.path, paper)
            said += notes
    for page in survey.prose if plan.leads else ():
        changed[page.path] = _page_text(texts[page.path], page, plan.leads)
    if any(tag in plan.locked for _, tag in survey.shown):
        changed[locks.SHOWN] = _lock_text(survey, plan.locked)
    problems = tuple(text for text in changed.values() if isinstance(text, Problem))
    new = {path: text for path, text in changed.items() if isinstance(text, str) and text != texts[path]}
    return Curated(problems=problems) if problems else Curated(texts=new, said=tuple(said))


# ------------------------------------------------------------------ the vocabulary


class _Tags:
    """The vocabulary before a command, and what it asks of it; each answer is given or the command ends."""

    def __init__(self, survey: Survey) -> None:
        self.vocabulary = survey.vocabulary
        self.known = {tag.id: tag for tag in self.vocabulary.tags}
        entries = getattr(survey.places.get(TAGS), "nodes", {}).get("tags")
        nodes = entries.nodes if isinstance(entries, Items) else ()
        self.places = {tag.id: Place(TAGS, *locate(node, "id")) for tag, node in zip(self.known.values(), nodes, strict=False)}

    def current(self, tag: str) -> str:
        while (found := self.known.get(tag)) and found.replaced_by:
            tag = found.replaced_by
        return tag

    def leads(self, tag: str, to: str) -> bool:
        """Whether `tag` is retired in favor of `to`."""
        return tag != to and tag in self.known and self.current(tag) == to

    def living(self, tag: str) -> Tag:
        if tag not in self.known:
            living = [other.id for other in self.known.values() if not other.replaced_by]
            raise Refused(f"unknown tag '{tag}'", did_you_mean(tag, living))
        if self.known[tag].replaced_by:
            raise Refused(f"tag '{tag}' is retired", f"it is '{self.current(tag)}' now", self.places[tag])
        return self.known[tag]

    def free(self, new: str) -> str:
        if not ID.fullmatch(new):
            raise Refused(f"'{new}' cannot be a tag's id", "an id is made of a-z, 0-9 and hyphens, and has at most 80 characters")
        if new in self.known:
            hint = "papergrove tags merge joins two tags"
            if self.known[new].replaced_by:
                hint = f"its address leads to '{self.current(new)}': choose another id"
            raise Refused(f"'{new}' is the id of a tag already", hint, self.places[new])
        return new

    def children(self, *of: str) -> list[Tag]:
        return [tag for tag in self.known.values() if tag.parent in of]

    def with_children(self, parent: Tag, children: Sequence[Tag]) -> None:
        """Makes sure that the tag, as it will be, may be the parent of these."""
        names = ", ".join(f"'{child.id}'" for child in children)
        if children and parent.parent:
            hint = f"only one level is allowed: remove the parent '{parent.parent}' of '{parent.id}' first, or change theirs"
            raise Refused(f"'{parent.id}' has a parent itself, and cannot be that of {names}", hint)
        if wrong := next((child for child in children if child.facet != parent.facet), None):
            hint = f"give '{wrong.id}' another parent first"
            raise Refused(f"'{parent.id}' is of another facet than '{wrong.id}', and cannot be its parent", hint)


def _pointing(tag: Tag, leads: Mapping[str, str]) -> Tag:
    """The tag with what it names where that leads; it cannot be its own parent, nor send to itself."""
    parent = leads.get(tag.parent, tag.parent) if tag.parent else None
    boundaries = (replace(one, use=leads[one.use]) if one.use and one.use in leads else one for one in tag.not_for)
    return replace(
        tag,
        parent=None if parent == tag.id else parent,
        not_for=tuple(boundary for boundary in boundaries if boundary.use != tag.id),
        replaced_by=leads.get(tag.replaced_by, tag.replaced_by) if tag.replaced_by else None,
    )


def _stub(tag: Tag, successor: str) -> Tag:
    """What stays of a tag so that its address leads on."""
    return Tag(id=tag.id, facet=tag.facet, label=tag.label, replaced_by=successor)


def _without(tags: _Tags, leads: Mapping[str, str], successor: Tag) -> Vocabulary:
    """The vocabulary in which the tags that lead elsewhere are retired; the `successor` stands as it will be."""
    found = []
    for tag in tags.known.values():
        if tag.id in leads:
            found.append(_stub(tag, leads[tag.id]))
        else:
            found.append(_pointing(successor if tag.id == successor.id else tag, leads))
    return replace(tags.vocabulary, tags=tuple(found))


def _rename(tags: _Tags, old: str, new: str) -> Plan:
    if tags.leads(old, new):
        return _unchanged(tags, f"'{old}' is '{new}' already.")
    tag = tags.living(old)
    if not tags.leads(new, old):  # else it takes back an id that it had
        tags.free(new)
    found = list[Tag]()
    for other in tags.known.values():
        if other.id == old:
            found += [_pointing(replace(tag, id=new), {old: new}), _stub(tag, new)]
        elif other.id != new:
            found.append(_pointing(other, {old: new}))
    return Plan(
        vocabulary=replace(tags.vocabulary, tags=tuple(found)),
        renamed={old: new},
        leads={old: new},
        refused={old: (new,)},
        locked={old: new},
        said=(f"'{old}' is '{new}' now; tags/{old}/ leads to tags/{new}/.",),
    )


def _unchanged(tags: _Tags, said: str) -> Plan:
    return Plan(vocabulary=tags.vocabulary, said=(said,))


def _merge(tags: _Tags, one: str, other: str, into: str) -> Plan:
    for named in (one, other):
        if named not in tags.known:
            tags.living(named)
    gone = [tag for tag in dict.fromkeys((one, other)) if tag != into and not tags.leads(tag, into)]
    if not gone and one != other and into in tags.known:
        return _unchanged(tags, f"'{one}' and '{other}' are '{into}' already.")
    if one == other:
        raise Refused(f"'{one}' is named twice", "papergrove tags rename gives a tag another id")
    merged = [tags.living(tag) for tag in gone]
    is_new = into not in tags.known
    target = replace(merged[0], id=tags.free(into)) if is_new else tags.living(into)
    for tag in merged:
        if tag.facet != target.facet:
            hint = "move one of them to the other's facet first"
            raise Refused(f"'{tag.id}' is of facet '{tag.facet}', '{target.id}' of '{target.facet}'", hint, tags.places[tag.id])
    leads = dict.fromkeys(gone, into)
    joined = _joined(_pointing(target, leads), merged)
    tags.with_children(joined, [tag for tag in tags.children(*gone) if tag.id not in leads and tag.id != into])
    return Plan(
        vocabulary=_merged(tags, leads, joined, merged[0].id if is_new else None),
        renamed={merged[0].id: into} if is_new else {},
        leads=leads,
        refused=dict.fromkeys(gone, (into,)),
        locked=leads,
        said=(
            *(f"'{tag}' is '{into}' now; tags/{tag}/ leads to tags/{into}/." for tag in gone),
            *_parents_lost(merged, joined),
        ),
    )


def _merged(tags: _Tags, leads: Mapping[str, str], joined: Tag, first: str | None) -> Vocabulary:
    """`first`: the tag whose place the joined one takes, when it is new."""
    vocabulary = _without(tags, leads, joined)
    if first is None:
        return vocabulary
    at = next(index for index, tag in enumerate(vocabulary.tags) if tag.id == first)
    return replace(vocabulary, tags=(*vocabulary.tags[:at], joined, *vocabulary.tags[at:]))


def _joined(target: Tag, merged: Sequence[Tag]) -> Tag:
    """The target with the words of all."""
    others = [tag for tag in merged if tag.label != target.label]
    synonyms = [*target.synonyms, *(word for tag in others for word in (tag.label, *tag.synonyms))]
    phrases = _each_once(target.phrases, *(tag.phrases for tag in merged))
    weak = _each_once(target.weak, *(tag.weak for tag in merged))
    excluded = _each_once(target.excluded, *(tag.excluded for tag in merged))
    return replace(
        target,
        definition=target.definition or next((tag.definition for tag in merged if tag.definition), ""),
        synonyms=tuple(word for word in _each_once(synonyms) if word.casefold() != target.label.casefold()),
        phrases=phrases,
        weak=_but(weak, phrases),  # counts whole already
        excluded=_but(excluded, (*phrases, *weak)),  # drew the line between the tags that are one now
    )


def _each_once(*several: Sequence[str]) -> tuple[str, ...]:
    """In their order; what differs in upper and lower case only is one, unless it is an exact phrase."""
    found: dict[str, str] = {}
    for values in several:
        for value in values:
            found.setdefault(_folded(value), value)
    return tuple(found.values())


def _but(values: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    taken = set(map(_folded, others))
    return tuple(value for value in values if _folded(value) not in taken)


def _folded(phrase: str) -> str:
    return phrase if phrase.startswith("=") else phrase.casefold()


def _parents_lost(gone: Sequence[Tag], target: Tag) -> Iterator[str]:
    """A paper of a child is one of the parent too; not any more when what takes the child's place has another."""
    known = {target.id, target.parent, *(tag.id for tag in gone)}
    for tag in gone:
        if tag.parent and tag.parent not in known:
            yield f"'{tag.id}' implied '{tag.parent}', which '{target.id}' does not: look through its papers."


def _split(tags: _Tags, survey: Survey, old: str, into: Sequence[str], proposed: Proposed) -> Plan:
    first = into[0]
    if tags.leads(old, first):
        return _unchanged(tags, f"'{old}' is split already; its address leads to '{first}'.")
    tag = tags.living(old)
    if old in into:
        raise Refused(f"'{old}' cannot be a part of itself", "give the part that stays a new id")
    parts = {id_: tags.living(id_) for id_ in into}
    if len(parts) < 2:
        raise Refused("a tag is split into two or more", f"papergrove tags retire {old} --into {first} gives it up for one")
    leads = {old: first}
    children = [child for child in tags.children(old) if child.id not in parts]
    tags.with_children(_pointing(parts[first], leads), children)
    given = {paper.id: _parts_for(paper, list(parts), proposed[paper.id]) for paper in survey.papers if old in paper.tags}
    boundaries = (replace(one, use=None) if one.use == old else one for one in parts[first].not_for)
    vocabulary = _without(tags, leads, replace(parts[first], not_for=tuple(boundaries)))
    freed = [part for part, tag in parts.items() if tag.parent == old]
    without_parent = (replace(one, parent=None) if one.id in freed else one for one in vocabulary.tags)
    return Plan(
        vocabulary=replace(vocabulary, tags=tuple(without_parent)),
        leads=leads,
        hand=lambda paper, _: given[paper.id],
        refused={old: tuple(parts)},
        locked={old: None},
        said=(
            f"'{tag.id}' is split; tags/{old}/ leads to tags/{first}/.",
            *(f"{id_}: {_told(got, proposed[id_])}" for id_, got in sorted(given.items())),
        ),
    )


def _parts_for(paper: Paper, parts: Sequence[str], proposed: Mapping[str, tuple[float, Any]]) -> list[str]:
    """The likely ones; if there is none, and it has none by hand, the first that it does not refuse."""
    possible = [part for part in parts if part not in paper.rejected]
    likely = [part for part in possible if proposed.get(part, (0.0, ()))[0] >= LIKELY]
    return likely if likely or any(part in paper.tags for part in parts) else possible[:1]


def _told(given: Sequence[str], proposed: Mapping[str, tuple[float, Any]]) -> str:
    sure = [f"{tag} {proposed[tag][0]:.0%}" for tag in given if tag in proposed and proposed[tag][0] >= LIKELY]
    return ", ".join(sure) or f"{given[0] if given else 'nothing more'} (none is proposed: please look)"


def _retire(tags: _Tags, old: str, into: str | None) -> Plan:
    if tags.leads(old, into or tags.current(old)):
        return _unchanged(tags, f"'{old}' is retired already; its address leads to '{tags.current(old)}'.")
    tag = tags.living(old)
    into = into or tag.parent
    if into is None:
        hint = f"say which tag takes its place: papergrove tags retire {old} --into OTHER"
        raise Refused(f"'{old}' has no parent that could take its place", hint, tags.places[old])
    if into == old:
        raise Refused(f"'{old}' cannot take its own place", "name another tag after --into")
    leads = {old: into}
    successor = _pointing(tags.living(into), leads)
    tags.with_children(successor, [child for child in tags.children(old) if child.id != into])
    return Plan(
        vocabulary=_without(tags, leads, successor),
        leads=leads,
        refused={old: ()},  # who refused the narrow tag did not refuse the wide one
        locked={old: None},
        said=(f"'{old}' is retired; tags/{old}/ leads to tags/{into}/.", *_parents_lost([tag], successor)),
    )


# ------------------------------------------------------------------ the records


def _retagged(paper: Paper, plan: Plan, before: Vocabulary) -> tuple[Paper, list[str]]:
    """The paper with its tags after the plan, and what a person should know about it."""
    hand = plan.hand or (lambda _, tag: (plan.leads[tag],))
    tags = dict.fromkeys(new for tag in paper.tags for new in (hand(paper, tag) if tag in plan.leads else (tag,)))
    refused = dict.fromkeys(new for tag in paper.rejected for new in plan.refused.get(tag, (tag,)))
    kept = _without_implied(tuple(tags), paper.tags, parents(before), parents(plan.vocabulary))
    notes = [f"{paper.id} has '{tag}' by hand, and does not refuse it any more." for tag in refused if tag in tags]
    rejected = tuple(tag for tag in refused if tag not in tags)
    concerned = any(tag in plan.leads for tag in (*paper.tags, *paper.rejected)) or kept != tuple(tags)
    return (replace(paper, tags=kept, rejected=rejected), notes) if concerned else (paper, [])


def _without_implied(
    tags: Sequence[str], old: Sequence[str], before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> tuple[str, ...]:
    """The tags but those that one of them has come to imply: they are not stored."""
    implied, was_implied = {after.get(tag) for tag in tags}, {before.get(tag) for tag in old}
    return tuple(tag for tag in tags if tag not in implied or (tag in old and tag in was_implied))


def _record(survey: Survey, id_: str) -> Record:
    for record in survey.records:
        if id_ == record.paper.id or id_ in record.paper.formerly:
            return record
    raise Refused(f"unknown paper '{id_}'", did_you_mean(id_, [record.paper.id for record in survey.records]), Place(PAPERS))


def _accept(tags: _Tags, record: Record, tag: str, proposed: Proposed) -> Plan:
    paper = record.paper
    parent, child = tags.living(tag).parent, _child_among(paper.tags, tag, tags)
    refused_no_more = [other for other in paper.rejected if other in (tag, parent)]
    rejected = tuple(other for other in paper.rejected if other not in refused_no_more)
    if tag in paper.tags or (child and not refused_no_more):
        return _unchanged(tags, f"{paper.id} has '{tag}' already" + (f": '{child}' implies it." if child else "."))
    said = [f"{paper.id} does not refuse '{other}' any more." for other in refused_no_more]
    if child:
        return _changed(tags, record, replace(paper, rejected=rejected), [*said, f"'{child}' implies '{tag}'."])
    confidence = proposed.get(paper.id, {}).get(tag, (0.0, ()))[0]
    how = f"proposed at {confidence:.0%}" if confidence else "which nothing proposed"
    said.append(f"{paper.id} has '{tag}' by hand now, {how}.")
    if parent in paper.tags:
        said.append(f"'{tag}' implies '{parent}', which is not stored any more.")
    kept = tuple(other for other in paper.tags if other != parent)
    return _changed(tags, record, replace(paper, tags=(*kept, tag), rejected=rejected), said)


def _reject(tags: _Tags, record: Record, tag: str) -> Plan:
    paper = record.paper
    tags.living(tag)
    if child := _child_among(paper.tags, tag, tags):
        hint = f"papergrove tags reject {paper.id} {child}"
        place = Place(record.path, *locate(record.front, "tags", paper.tags.index(child)))
        raise Refused(f"'{child}' implies '{tag}'", f"refuse that one first: {hint}", place)
    if tag in paper.rejected:
        return _unchanged(tags, f"{paper.id} refuses '{tag}' already.")
    kept = tuple(other for other in paper.tags if other != tag)
    said = [f"{paper.id} refuses '{tag}' now" + (", which it had by hand." if kept != paper.tags else ".")]
    return _changed(tags, record, replace(paper, tags=kept, rejected=(*paper.rejected, tag)), said)


def _child_among(names: Iterable[str], tag: str, tags: _Tags) -> str | None:
    return next((name for name in names if name in tags.known and tags.known[name].parent == tag), None)


def _changed(tags: _Tags, record: Record, paper: Paper, said: Sequence[str]) -> Plan:
    return Plan(vocabulary=tags.vocabulary, papers={record.path: paper}, said=tuple(said))


# ------------------------------------------------------------------ pages and lock


def _page_text(text: str, page: Prose, leads: Mapping[str, str]) -> str | Problem:
    """The page with the tags that its marks name where they lead, each once in a list."""
    changes = list[edit.Change]()
    as_read = unix_lines(text)
    for named in _lists_of_tags(page):
        if any(tag in leads for _, tag in named):
            found = _list_changes(as_read, named, leads)
            if found is None:
                return edit.cannot(page.path)
            changes += found
    changed = edit.with_changes(text, changes)
    read, _ = prose.read(changed, page.path)
    wanted = [dict.fromkeys(leads.get(tag, tag) for _, tag in named) for named in _lists_of_tags(page)]
    if changes and (read is None or [dict.fromkeys(tag for _, tag in named) for named in _lists_of_tags(read)] != wanted):
        return edit.cannot(page.path)
    return changed


Named = list[tuple[tuple[int, int], str]]  # line and column of each tag, and its id


def _lists_of_tags(page: Prose) -> Iterator[Named]:
    """The tags that stand together in a mark."""
    for mark in page.marks:
        if isinstance(mark, Mention):
            yield [((mark.spot.place.line, mark.spot.place.column + len("[#")), mark.tag)]
        elif isinstance(mark, Count | Block):
            for name in ("tag", "any"):
                node = mark.node.nodes.get(name)
                nodes = node.nodes if isinstance(node, Items) else [node]
                yield [((one.line, one.column), one.text) for one in nodes if isinstance(one, Scalar)]


def _list_changes(text: str, named: Named, leads: Mapping[str, str]) -> list[edit.Change] | None:
    changes, seen, before = list[edit.Change](), set[str](), 0
    for (line, column), tag in named:
        start = edit.offset_of(text, line, column)
        quote = text[start] if text[start : start + 1] in ("'", '"') else ""
        end = start + len(quote + tag + quote)
        if text[start:end] != quote + tag + quote:  # spelled with escapes
            return None
        new = leads.get(tag, tag)
        if new in seen:
            changes.append(edit.Change(before, end, ""))
        elif new != tag:
            changes.append(edit.Change(start, end, quote + new + quote))
        seen.add(new)
        before = end
    return changes


def _lock_text(survey: Survey, locked: Mapping[str, str | None]) -> str:
    """The lock with its rows under the tags that take them (None: nobody does)."""
    moved = ((paper, locked.get(tag, tag)) for paper, tag in survey.shown)
    return locks.write_shown({(paper, tag) for paper, tag in moved if tag is not None})


# ------------------------------------------------------------------ for who reads and writes the files


def paths(survey: Survey) -> list[str]:
    """The files that a command may change. The lock may not be there."""
    return [TAGS, locks.SHOWN, *(record.path for record in survey.records), *(page.path for page in survey.prose)]


def summary(curated: Curated) -> str:
    """How much changes."""
    records = sum(path.startswith(f"{PAPERS}/") for path in curated.texts)
    pages = sum(path.startswith(f"{prose.PAGES}/") for path in curated.texts)
    parts = [counted(number, noun) for number, noun in ((records, "record"), (pages, "page")) if number]
    return ", ".join([*parts, *(path for path in (TAGS, locks.SHOWN) if path in curated.texts)])


def differences(curated: Curated, texts: Texts) -> Iterator[str]:
    """The lines that change, as `diff` writes them."""
    for path, text in curated.texts.items():
        before, after = (unix_lines(whole).split("\n") for whole in (texts[path], text))
        yield from unified_diff(before, after, path, path, n=0, lineterm="")
