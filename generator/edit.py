"""edit: the text of a record or of the vocabulary, changed only where it must be to hold other values"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from . import records, vocabulary
from .fields import Field, is_absent, mapping, scalar_text
from .files import unix_lines
from .frontmatter import Split, split
from .model import Paper, Tag, Vocabulary
from .report import Place, Problem, error

# Each function gives the new text, read again and found to hold exactly what was wanted, or why there is none. Comments,
# order, quotes, line ends and the style of what stays are left as they are. An offset counts characters of the text as it is
# read: without a byte order mark, one line feed at the end of a line.


def set_field(text: str, path: str, name: str, value: Any) -> str | Problem:
    """The record in `text` with another value of the field (of `note` too); an absent one takes the field's line away."""
    record, problems = records.read(text, path)
    return _first_error(problems) if record is None else paper(text, path, replace(record.paper, **{name: value}))


def paper(text: str, path: str, wanted: Paper) -> str | Problem:
    """The record in `text` so that it holds `wanted`."""
    as_written, problems = records.read(records.write(wanted), path)
    if as_written is None:
        return replace(_first_error(problems), place=Place(path))  # it counts the lines of another text
    record, problems = records.read(text, path)
    parts, _ = split(text, path, "record")
    if record is None or parts is None:
        return _first_error(problems)
    changes = [*_front_changes(text, parts, record.paper, as_written.paper), *_note_changes(text, parts, as_written.paper.note)]
    changed = with_changes(text, changes)
    found, _ = records.read(changed, path)
    return changed if found and found.paper == as_written.paper else cannot(path)


def tags(text: str, wanted: Vocabulary, renamed: Mapping[str, str] = {}) -> str | Problem:
    """content/tags.yml so that it holds the `wanted` tags; `renamed`: which id took the place of which."""
    as_read = unix_lines(text)
    before, _, problems = vocabulary.read(as_read, vocabulary.TAGS)
    if problems:
        return _first_error(problems)
    root = _spans(as_read)
    if "tags" not in root.keys:  # no mapping: a Span
        return text if wanted == before else cannot(vocabulary.TAGS)
    span = root.values[root.keys.index("tags")]
    changed = with_changes(text, _tags_changes(as_read, span, before.tags, wanted.tags, renamed))
    found, _, problems = vocabulary.read(unix_lines(changed), vocabulary.TAGS)
    if problems:
        return replace(_first_error(problems), place=Place(vocabulary.TAGS))
    return changed if found == wanted else cannot(vocabulary.TAGS)


def cannot(path: str) -> Problem:
    return error(Place(path), "cannot be changed by itself", hint="run papergrove fmt first, or make the change by hand")


def _first_error(problems: Iterable[Problem]) -> Problem:
    return next(problem for problem in problems if problem.level == "error")


# ------------------------------------------------------------------ changes


@dataclass(frozen=True, slots=True)
class Change:
    """Other text from `start` to `end`."""

    start: int
    end: int
    text: str


def with_changes(text: str, changes: Iterable[Change]) -> str:
    """The text with the changes, each line ended as its first one is, and without a last line feed if it had none."""
    found = re.search("\r\n|\r|\n", text)
    line_end = found[0] if found else "\n"
    ended = text if text.endswith(("\r", "\n")) else text + line_end
    mark = ended.startswith("\ufeff")
    pairs = [pair.start() - mark - before for before, pair in enumerate(re.finditer("\r\n", ended))]
    pieces, at = [], 0
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        start, end = (offset + mark + bisect_left(pairs, offset) for offset in (change.start, change.end))
        pieces += [ended[at:start], change.text.replace("\n", line_end)]
        at = max(at, end)  # one line may be taken away for two reasons
    whole = "".join([*pieces, ended[at:]])
    return whole if ended == text else whole.removesuffix(line_end)


def offset_of(text: str, line: int, column: int) -> int:
    """Of a place in a text as it is read."""
    return sum(len(row) + 1 for row in text.split("\n")[: line - 1]) + column - 1


# ------------------------------------------------------------------ YAML where it stands


@dataclass(frozen=True, slots=True)
class Span:
    """A YAML value from `start` to `end`."""

    start: int
    end: int
    kind: str = ""  # "block" or "flow" of a collection
    keys: tuple[str, ...] = ()  # of a mapping
    values: "tuple[Span, ...]" = ()
    entries: tuple[tuple[int, int], ...] = ()  # of each value: from its key or dash on


def _spans(text: str, offset: int = 0) -> Span:
    """The one value of a text that `read_yaml` has accepted, which stands at `offset` of the whole."""
    import yaml

    one_line = text.translate(_NO_LINE_END)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(one_line)
    return _Spans(one_line, offset, loader.get_event).root()


_NO_LINE_END = str.maketrans("\x85\u2028\u2029", "\ufdd0" * 3)  # to a parser of YAML 1.1 they end a line; here they are text


class _Spans:
    """Builds spans from a loader's events."""

    def __init__(self, text: str, offset: int, next_event: Callable[[], Any]) -> None:
        self.text, self.offset, self.next_event = text, offset, next_event

    def root(self) -> Span:
        self.next_event()  # the stream begins
        self.next_event()  # the document
        return self.value(self.next_event())

    def value(self, event: Any) -> Span:
        from yaml import events

        start, kind = event.start_mark.index, type(event)
        if kind is events.MappingStartEvent:
            return self.mapping(event, start + self.offset)
        if kind is events.SequenceStartEvent:
            return self.items(event, start + self.offset)
        text = self.text[start : event.end_mark.index].rstrip()  # "|" takes the empty lines below it along
        return Span(start + self.offset, start + len(text) + self.offset)

    def mapping(self, event: Any, start: int) -> Span:
        keys, starts, values = list[str](), list[int](), list[Span]()
        while not self.ends(first := self.next_event()):
            keys.append(first.value)
            starts.append(first.start_mark.index + self.offset)
            values.append(self.value(self.next_event()))
        return self.collection(event, start, first, tuple(keys), starts, values)

    def items(self, event: Any, start: int) -> Span:
        values = list[Span]()
        while not self.ends(first := self.next_event()):
            values.append(self.value(first))
        starts = [value.start if event.flow_style else self.dash_before(value.start) for value in values]
        return self.collection(event, start, first, (), starts, values)

    def collection(self, event: Any, start: int, last: Any, keys: tuple[str, ...], starts: list[int], values: list[Span]) -> Span:
        ends = [value.end for value in values]
        end = last.end_mark.index + self.offset if event.flow_style else ends[-1]  # a block's end is told where the next begins
        kind = "flow" if event.flow_style else "block"
        return Span(start, end, kind, keys, tuple(values), tuple(zip(starts, ends, strict=True)))

    @staticmethod
    def ends(event: Any) -> bool:
        from yaml import events

        return isinstance(event, events.CollectionEndEvent)

    def dash_before(self, offset: int) -> int:
        return self.text.rindex("-", 0, offset - self.offset) + self.offset


# ------------------------------------------------------------------ from one value to another

Nested = Mapping[str, Sequence[Field]]
NESTED: Nested = {"not_for": vocabulary.BOUNDARY, "sources": records.LISTING}  # lists of mappings: the table of each


def _front_changes(text: str, parts: Split, old: Paper, new: Paper) -> Iterator[Change]:
    as_read = unix_lines(text)
    root = _spans(parts.front, as_read.index("\n") + 1)
    return _mapping_changes(as_read, root, records.PAPER, old, new)


def _note_changes(text: str, parts: Split, note: str) -> Iterator[Change]:
    as_read = unix_lines(text)
    if note == parts.body:
        return
    if not parts.body:
        end = len(as_read) + (not as_read.endswith("\n"))
        yield Change(end, end, note + "\n")
        return
    start = offset_of(as_read, parts.body_line, 1)
    yield Change(start, start + len(parts.body), note) if note else Change(start, len(as_read), "")


def _tags_changes(text: str, span: Span, old: Sequence[Tag], new: Sequence[Tag], renamed: Mapping[str, str]) -> Iterator[Change]:
    before, after = [renamed.get(tag.id, tag.id) for tag in old], [tag.id for tag in new]
    flow = span.kind == "flow" or bool(span.values and span.values[0].kind == "flow")

    def written(index: int, indent: str) -> str:
        if flow:
            return mapping(vocabulary.TAG, Tag).write(new[index], True)
        present = _present(vocabulary.TAG, new[index])
        return f"\n{indent}  ".join(_field_text(field, value, False, indent + "  ") for field, value in present.items())

    def conformed(index: int, other: int) -> Iterator[Change]:
        return _mapping_changes(text, span.values[index], vocabulary.TAG, old[index], new[other])

    return _entries_changes(text, span, before, after, written, conformed)


def _mapping_changes(text: str, span: Span, table: Sequence[Field], old: object, new: object) -> Iterator[Change]:
    """Fields that go, come and change their value. A new one is put where the table has it among those that are there."""
    before, after = _present(table, old), _present(table, new)
    field_of = {field.name: field for field in table}
    names = _placed(span.keys, [field.name for field in after], [field.name for field in table])
    wanted = {field.name: value for field, value in after.items()}
    had = {field.name: value for field, value in before.items()}

    def written(index: int, indent: str) -> str:
        return _field_text(field_of[names[index]], wanted[names[index]], span.kind == "flow", indent)

    def conformed(index: int, other: int) -> Iterator[Change]:
        name = names[other]
        if span.keys[index] != name:
            indent = " " * _column(text, span.entries[index][0])
            yield Change(*span.entries[index], written(other, indent))
        elif had.get(name) != wanted[name]:
            yield from _value_changes(text, span.values[index], field_of[name], had.get(name, ()), wanted[name], span.kind)

    return _entries_changes(text, span, span.keys, names, written, conformed)


def _value_changes(text: str, span: Span, field: Field, old: Any, new: Any, around: str) -> Iterator[Change]:
    if not isinstance(new, tuple) or span.keys or not span.kind:
        yield Change(span.start, span.end, field.kind.write(new, around == "flow"))
        return

    def written(index: int, _: str) -> str:
        if isinstance(new[index], str):
            return scalar_text(new[index], span.kind == "flow")
        return field.kind.write((new[index],), True)[1:-1]

    def conformed(index: int, other: int) -> Iterator[Change]:
        item = span.values[index]
        if field.name in NESTED and item.keys:
            yield from _mapping_changes(text, item, NESTED[field.name], old[index], new[other])
        elif old[index] != new[other]:
            yield Change(item.start, item.end, written(other, ""))

    yield from _entries_changes(text, span, old, new, written, conformed)


def _present(table: Sequence[Field], thing: object) -> dict[Field, Any]:
    values = ((field, getattr(thing, field.attribute or field.name)) for field in table)
    return {field: value for field, value in values if not is_absent(value)}


def _placed(there: Sequence[str], wanted: Sequence[str], order: Sequence[str]) -> list[str]:
    """The wanted names: those that are there in their order, each other one after the last that goes before it."""
    names = [name for name in there if name in wanted]
    for name in wanted:
        if name not in names:
            before = [other for other in order[: order.index(name)] if other in names]
            names.insert(names.index(before[-1]) + 1 if before else 0, name)
    return names


def _field_text(field: Field, value: object, in_flow: bool, indent: str) -> str:
    if in_flow:
        return f"{field.name}: {field.kind.write(value, True)}"
    return f"\n{indent}".join(records.field_lines(field, value))


# ------------------------------------------------------------------ entries that come and go

Written = Callable[[int, str], str]  # a new entry's index and the columns it stands at, as spaces
Conformed = Callable[[int, int], Iterable[Change]]  # of an old entry to a new one, by their indices


def _entries_changes(
    text: str, span: Span, old: Sequence[Any], new: Sequence[Any], written: Written, conformed: Conformed
) -> Iterator[Change]:
    """What makes the entries of a collection, which stand for `old`, stand for `new`."""
    for _, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        stay = min(end - start, last - first)  # the last of them: a comment before one that goes stays before one that stays
        for back in range(stay, 0, -1):
            yield from conformed(end - back, last - back)
        for index in range(start, end - stay):
            yield _taken(text, span, index, start)
        if last - first > stay:
            yield _put(text, span, start, [*range(first, last - stay)], written)


def _taken(text: str, span: Span, index: int, first: int) -> Change:
    """One entry less; `first` of those that go together."""
    start, end = span.entries[index]
    line, after = _line_start(text, start), _line_end(text, end)
    alone = not text[line:start].strip(" ") and re.fullmatch(r",?\s*(#.*)?\n?", text[end:after])
    if span.kind == "block" or alone:
        if text[line:start].strip(" "):  # the first key stands beside the dash of a list
            following = span.entries[index + 1][0]
            return Change(start, after - 1 if "#" in text[after:following] else following, "")
        return Change(line, after, "")
    if first == 0 and index + 1 < len(span.entries):
        return Change(start, span.entries[index + 1][0], "")
    return Change(span.entries[index - 1][1] if index else start, end, "")


def _put(text: str, span: Span, index: int, added: Sequence[int], written: Written) -> Change:
    """More entries before the one at `index`."""
    if span.kind == "block":
        indent = " " * _column(text, span.entries[0][0])
        dash = "" if span.keys else "- "
        at = _line_end(text, span.entries[index - 1][1]) if index else _line_start(text, span.entries[0][0])
        return Change(at, at, "".join(f"{indent}{dash}{written(one, indent)}\n" for one in added))
    entries = ", ".join(written(one, "") for one in added)
    if not span.entries:
        return Change(span.start, span.end, f"[{entries}]")
    at = span.entries[index - 1][1] if index else span.entries[0][0]
    return Change(at, at, f", {entries}" if index else f"{entries}, ")


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _line_end(text: str, offset: int) -> int:
    """After the line feed."""
    found = text.find("\n", offset)
    return (len(text) if found < 0 else found) + 1


def _column(text: str, offset: int) -> int:
    return offset - _line_start(text, offset)
