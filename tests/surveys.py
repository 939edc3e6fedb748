"""Small surveys of made-up papers for the tests."""

from collections.abc import Mapping
from pathlib import Path

TAGS = """\
facets:
  - {id: topic, label: Topic, question: What is it about?, hue: 255, glyph: circle}
  - {id: method, label: Method, question: How is it done?, hue: 150, glyph: square}
tags:
  - id: gardens
    facet: topic
    label: Gardens
    definition: Where things are grown.
    not_for: [{case: adding plants up, use: counting}, {case: wild meadows}]
    synonyms: [allotments]
    phrases: [garden]
  - id: moss-gardens
    facet: topic
    parent: gardens
    label: Moss gardens
    phrases: [moss]
  - id: counting
    facet: method
    label: Counting
    phrases: [counting]
"""

SOURCES = "- {id: page-one, file: one.txt, printed: Mar 4, captured: 2024-03-04, listings: 2}\n"

PAPERS = {
    "counting-moss": """\
---
title: "Counting Moss: A Slow Study"
authors: [Ada Example, Ben Sample]
date: 2024-03-02
venue: Journal of Small Plants
venue_year: 2024
arxiv: "2403.00001"
doi: 10.1234/moss.5
links: {code: https://example.org/code, data: https://example.org/data}
sources: [{page: page-one, position: 1, comments: 3}]
added: 2024-03-05
tags: [moss-gardens, counting]
gist: Moss can be counted, given time
findings:
  - 12% more moss after rain
---
Asks whether moss can be *counted*. It can; see [the gardens](tags/gardens/).
""",
    "a-quiet-garden": """\
---
title: A Quiet Garden
authors: [Ada Example, Cleo Instance, Dan Placeholder, Eve Token]
author_count: 9
date: 2023-11
sources: [{page: page-one, position: 2}]
added: 2024-03-05
reviewed: 2024-04-01
tags: [gardens]
---
""",
    "only-a-title": "---\ntitle: Only a title\n---\n",
    "from-a-lab": "---\ntitle: From a lab\norganization: Made-Up Lab\ndate: 2023\nformerly: [an-old-id]\n---\n",
}


PAGES = {
    "home": "---\ntitle: Introduction\n---\nOf {{count}} papers, one counts moss [@counting-moss].\n",
    "on-gardens": """\
---
title: On gardens
question: What grows where?
chapter: 1
---
Moss grows [@counting-moss; @a-quiet-garden].

## Wet places

Of [#gardens], {{count tag=gardens}} in all, {{count tag=gardens year=2024-}} of them since 2024; nobody names two
labs [@from-a-lab]. Moss again [@counting-moss].

```papers
tag: gardens
sort: oldest
```

```table
ids: [counting-moss, only-a-title]
columns: [year, topic, findings, links]
caption: Two papers
```
""",
    "on-counting": "---\ntitle: On counting\nchapter: 2\n---\nCounting.\n",
    "method": "---\ntitle: Method\nmenu: About\n---\n```flow\n```\nOf [#counting].\n",
}


def tiny(
    root: Path,
    papers: Mapping[str, str] = PAPERS,
    *,
    tags: str = TAGS,
    sources: str = SOURCES,
    site: str = "",
    pages: Mapping[str, str] = {},
) -> Path:
    """Writes a survey below `root`."""
    files = {"site.yml": "title: Tiny gardens\ntagline: A survey of small gardens\n" + site}
    files |= {"content/tags.yml": tags, "content/sources.yml": sources}
    (root / "content/papers").mkdir(parents=True, exist_ok=True)
    files |= {f"content/papers/{name}.md": text for name, text in papers.items()}
    files |= {f"content/pages/{name}.md": text for name, text in pages.items()}
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root


def many(number: int) -> dict[str, str]:
    """So many made-up papers, with titles of their own, over ten years."""
    nouns = ["moss", "fern", "lichen", "reed", "sedge", "clover", "nettle", "thistle", "bramble", "willow"]
    verbs = ["counting", "drying", "sorting", "pressing", "watching", "naming", "drawing", "moving", "feeding", "shading"]
    papers = {}
    for n in range(number):
        noun, verb, place = nouns[n % 10], verbs[n // 10 % 10], f"plot {n}"
        date = f"{2015 + n % 10}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        papers[f"paper-{n}"] = (
            f"---\ntitle: {verb.capitalize()} {noun} on {place}\nauthors: [Author {n % 97}, Writer {n}]\n"
            f"date: {date}\nadded: 2025-01-01\ntags: [{'counting' if n % 3 else 'gardens'}]\n---\n"
            f"Asks how {noun} fares when {verb} it on {place} for {n + 2} weeks. It fares well in {n % 7} of 7 cases.\n"
        )
    return papers


def names(number: int) -> str:
    """So many made-up people, as a list in YAML."""
    return "[" + ", ".join(f"Person {n} Example" for n in range(number)) + "]"


LONG_TITLE = " ".join(["On the very slow growth of mosses in gardens that nobody has visited for years"] * 4)[:300]

STATES = {  # what a page must be able to show
    "crowd": f"""\
---
title: By a crowd
authors: {names(445)}
date: 2024-05-01
tags: [gardens]
---
Many people, one garden.
""",
    "long": f"""\
---
title: {LONG_TITLE}
authors: [Ada Example]
date: 2024-04-01
venue: Proceedings of the Society for Titles That Do Not End
venue_year: 2024
tags: [moss-gardens, counting]
gist: A gist of one line
---
A note.
""",
    "unbroken": f"""\
---
title: {"Moss" * 75}
authors: [{"Ab" * 60}]
date: 2024-03
tags: [gardens]
---
{"moss" * 60}
""",
    "only-a-title": PAPERS["only-a-title"],
    "rtl": """\
---
title: "كيف تنمو الحدائق: دراسة صغيرة"
authors: [مثال أول, Ada Example]
date: 2023-02
tags: [gardens]
gist: تنمو الحدائق ببطء
findings: ["نمو أكثر بنسبة 12%"]
---
سؤال صغير عن الحدائق، وجواب أصغر.
""",
    "figures": """\
---
title: Figures
date: 2022
tags: [counting]
findings:
  - 46% fewer steps, from 12.5% to 3.2× as many
  - Top-5 in CIFAR-10 is no figure, 10 times is
---
A note.
""",
}
