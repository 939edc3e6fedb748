"""analyze: each paper's words as the search counts them; what did not change since the last time is remembered"""

from .library import Library
from .markdown import plain_text
from .memo import Memo, code, digest
from .model import Paper
from .postings import Analysis, Document, Postings, analysis_of, texts_of


def analyze(library: Library, memo: Memo) -> Postings:
    """The postings of the papers in the order in which the survey took them in. Only documents that changed are taken apart."""
    known = memo.get("analysis", code()) or {}
    kept, analyses, keys = {}, [], []
    for paper in library.taken_in:
        key = digest(*texts_of(document(library, paper, paper.note)))
        analysis = Analysis(*known[key]) if key in known else analysis_of(document(library, paper, plain_text(paper.note)))
        kept[key] = (analysis.counts, analysis.titled, analysis.words)
        analyses.append(analysis)
        keys.append(key)
    if kept.keys() != known.keys():
        memo.keep("analysis", code(), kept)
    return Postings(analyses, digest(code(), *keys))


def document(library: Library, paper: Paper, note: str) -> Document:
    tags = [library.tag[tag] for tag in library.tags_of(paper)]
    imprint = (paper.venue, paper.venue_year, paper.year, paper.arxiv, paper.doi)
    return Document(
        title="\n".join((paper.title, *paper.also)),
        note="\n".join((note, paper.abstract or "")),
        findings="\n".join(paper.findings),
        gist=paper.gist or "",
        authors="\n".join((*paper.authors, paper.organization or "")),
        tags="\n".join(name for tag in tags for name in (tag.label, *tag.synonyms)),
        venue="\n".join(str(part) for part in imprint if part),
    )
