"""export: the survey as data: api/papers.json and api/tags.json"""

import json

from . import memo
from .library import Library
from .model import Label, Output
from .records import as_data

VERSION = 1


def export(library: Library) -> list[Output]:
    return [_json("api/papers.json", papers(library)), _json("api/tags.json", tags(library))]


def papers(library: Library) -> dict[str, object]:
    """All records, newest first, each with the tags that readers see and the reasons for the suggested ones."""
    rows = [as_data(paper) | {"labels": [_label(label) for label in library.labels_of[paper.id]]} for paper in library.papers]
    return {"version": VERSION, "papers": rows}


def _label(label: Label) -> dict[str, object]:
    data: dict[str, object] = {"tag": label.tag, "state": label.state}
    if label.confidence is not None:
        data["confidence"] = label.confidence
        data["evidence"] = [{"field": span.field, "text": span.text, "phrase": span.phrase} for span in label.evidence]
    return data


def tags(library: Library) -> dict[str, object]:
    """The vocabulary, each tag with the number of its papers (its children's among them)."""
    facets = [{"id": facet.id, "label": facet.label, "question": facet.question} for facet in library.facets]
    rows = [
        {
            "id": tag.id,
            "facet": tag.facet,
            "parent": tag.parent,
            "label": tag.label,
            "definition": tag.definition,
            "synonyms": list(tag.synonyms),
            "papers": len(library.papers_with(tag.id)),
        }
        for tag in library.living_tags
    ]
    return {"version": VERSION, "facets": facets, "tags": rows}


def _json(path: str, value: object) -> Output:
    body = json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    return Output(path, memo.digest(body), lambda: body)
