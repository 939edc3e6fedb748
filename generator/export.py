"""export: the survey as data: api/papers.json, api/tags.json and api/related.json"""

import functools
import json

from . import memo
from .library import Library
from .model import Label, Output, Paper
from .records import as_data

VERSION = 1


def export(library: Library) -> list[Output]:
    return [
        _json("api/papers.json", {"version": VERSION}, papers=papers(library)),
        _json("api/tags.json", {"version": VERSION, "facets": facets(library)}, tags=tags(library)),
        _related(library),
    ]


def papers(library: Library) -> list[dict[str, object]]:
    """All records, newest first, each with the tags that readers see, the reasons for the suggested ones, and related papers."""
    return [
        as_data(paper)
        | {"labels": [_label(label) for label in library.labels_of[paper.id]], "related": related_ids(library, paper)}
        for paper in library.papers
    ]


def related_ids(library: Library, paper: Paper) -> list[str]:
    return [one.id for one in library.related.get(paper.id, ())]


def _label(label: Label) -> dict[str, object]:
    data: dict[str, object] = {"tag": label.tag, "state": label.state}
    if label.confidence is not None:
        data["confidence"] = label.confidence
        data["evidence"] = [{"field": span.field, "text": span.text, "phrase": span.phrase} for span in label.evidence]
    return data


def facets(library: Library) -> list[dict[str, object]]:
    return [{"id": facet.id, "label": facet.label, "question": facet.question} for facet in library.facets]


def tags(library: Library) -> list[dict[str, object]]:
    """The vocabulary, each tag with the number of its papers (its children's among them)."""
    return [
        {
            "id": tag.id,
            "facet": tag.facet,
            "parent": tag.parent,
            "label": tag.label,
            "definition": tag.definition,
            "not_for": [{"case": boundary.case, "use": boundary.use} for boundary in tag.not_for],
            "synonyms": list(tag.synonyms),
            "papers": len(library.papers_with(tag.id)),
        }
        for tag in library.living_tags
    ]


def _related(library: Library) -> Output:
    """{paper: [related papers, the nearest first]}, a row a line."""
    rows = (f"{json.dumps(paper.id)}: {json.dumps(related_ids(library, paper))}" for paper in library.papers)
    body = ("{\n" + ",\n".join(rows) + "\n}\n").encode()
    return Output("api/related.json", memo.digest(body), lambda: body)


def _json(path: str, head: dict[str, object], **lists: list[dict[str, object]]) -> Output:
    """One JSON document with a row a line, so that a change of one record is a change of one line."""
    dumps = functools.partial(json.dumps, ensure_ascii=False)
    text = dumps(head)[:-1]
    for name, rows in lists.items():
        text += f", {dumps(name)}: [\n" + ",\n".join(map(dumps, rows)) + "\n]"
    body = f"{text}}}\n".encode("utf-8", "replace")
    return Output(path, memo.digest(body), lambda: body)
