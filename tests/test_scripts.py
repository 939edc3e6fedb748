"""What becomes of the theme's scripts: they are served short and with what they import, and mean the same."""

import re
from pathlib import Path

import pytest
from surveys import tiny

from generator.build import build
from generator.scripts import served, shorter

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))


@pytest.mark.parametrize(
    ("source", "served"),
    [
        ("// why\nlet a = 1 // so\n\n  let b = 2\n", "let a=1\nlet b=2"),
        ("/** @param {string} a */\nexport const f = a => a + 1\nf('x')\n", "export const f=a=>a + 1\nf('x')"),
        ("/*! Plum 1.0, MIT */\n/* more */\nlet a = 1\n", "/*! Plum 1.0, MIT */\nlet a=1"),
        ("/** Plum\n * @license MIT\n */\n/** a */ let a = 1", "/** Plum\n * @license MIT\n */\nlet a=1"),
        ("import { a } from './x.js'\nimport './y.js'\n", "import{a}from './x.js'\nimport './y.js'"),
        ("a = b\n'one  two'.length\n", "a=b\n'one  two'.length"),  # no line may join the one before a quote
        ("class A {\n  a = 1\n  #b = 2 // private\n}\n", "class A{\na=1\n#b=2\n}"),
        ("f(`a  ${b ? ` // ${c}  d` : ''}  e`)  // g\nh(`  `)\n", "f(`a  ${b ? ` // ${c}  d` : ''}  e`)\nh(`  `)"),
        ("f(x => /a\\/\\/  ['\"`]/g.test(x)) // b\n", "f(x=> /a\\/\\/  ['\"`]/g.test(x))"),
        ("a = b / c / d // it's\n", "a=b / c / d"),
        ("a = 'don\\'t // stop'\nb = \"/* no */\"\n", "a='don\\'t // stop'\nb=\"/* no */\""),
        ("a = '…'  + 'é'\n", "a='…' + 'é'"),
    ],
)
def test_a_script_loses_its_comments_and_needless_spaces(source: str, served: str) -> None:
    assert shorter(source.encode()).decode() == served


@pytest.mark.parametrize(
    "source", [b"a = `${b({ c: { d: { e: 1 } } })}`  // one", b"if (a) /['`]/.test(b)  // two", b"a = '\xe9'  // three"]
)
def test_a_script_that_is_not_understood_is_served_as_it_is(source: bytes) -> None:
    assert shorter(source) == source


def bare(script: str) -> str:
    """A script of the theme without its comments and spaces, those in its texts too."""
    return re.sub(r"/\*.*?\*/|(^|(?<=\s))//[^\n]*|\s", "", script, flags=re.DOTALL)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_of_the_theme_lose_only_what_no_reader_sees(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    served = shorter(source.encode()).decode()
    assert len(served) < 0.8 * len(source)
    assert not re.search(r"/\*|^\s*//", re.sub(r"`[^`]*`", "", served), re.MULTILINE)  # one within a template may stay
    assert bare(served) == bare(source)


def test_scripts_are_served_short_wherever_they_come_from(tmp_path: Path) -> None:
    root = tiny(tmp_path)
    (root / "static/js").mkdir(parents=True)
    for name in ("mine.js", "list.js", "theirs.min.js"):
        (root / "static/js" / name).write_text("let a = 1 // one\n", encoding="utf-8")
    (root / "static/note.js").write_text("let a = 1 // one\n", encoding="utf-8")
    assert build(root, root / "_site").written
    served = {name: (root / "_site/static" / name).read_text(encoding="utf-8") for name in ("js/mine.js", "js/list.js")}
    assert served == {"js/mine.js": "let a=1", "js/list.js": "let a=1"}
    for name in ("js/theirs.min.js", "note.js"):
        assert (root / "_site/static" / name).read_text(encoding="utf-8") == "let a = 1 // one\n"
    engine = (root / "_site/static/js/engine.js").read_bytes()
    assert engine == shorter((ROOT / "static/js/engine.js").read_bytes())
    assert b"/**" in (root / "_site/static/js/lunr.js").read_bytes()
    (root / "static/js/mine.js").write_text("let a = 2 // one\n", encoding="utf-8")
    assert build(root, root / "_site").written
    assert (root / "_site/static/js/mine.js").read_text(encoding="utf-8") == "let a=2"


# ------------------------------------------------------------------ with what they import


def outputs(**scripts: str) -> dict[str, str]:
    made = served({f"static/js/{name}.js": text.encode() for name, text in scripts.items()})
    return {output.path.removeprefix("static/js/").removesuffix(".js"): output.make().decode() for output in made}


ONE = "export const one = 1\n"
SUM = "import { one } from './one.js'\n// why\nexport function add(a) { return a + one }\n"


def test_a_script_that_a_page_loads_brings_what_it_imports() -> None:
    page = (
        "import lunr from './lunr.js'\nimport { add as sum } from './sum.js'\nimport { one } from './one.js'\nf(sum(one), lunr)\n"
    )
    made = outputs(page=page, sum=SUM, one=ONE)
    assert made["page"] == (
        "import lunr from './lunr.js'\n"
        "const module0=(()=>{\nconst one=1\nreturn{one}\n})()\n"
        "const module1=(()=>{\nconst{one}=module0\nfunction add(a){return a + one}\nreturn{add}\n})()\n"
        "const{add:sum}=module1\nconst{one}=module0\nf(sum(one),lunr)"
    )
    assert made["sum"] == "import{one}from './one.js'\nexport function add(a){return a + one}"  # a program may want it alone


@pytest.mark.parametrize(
    ("page", "other"),
    [
        ("import './other.js'\n", "f()\n"),
        ("import { a } from './other.js'\nf(a)\n", "const a = 1\nexport { a }\n"),
        ("import { a } from './other.js'\nf(a)\n", "export const a = await f()\n"),
        ("import { a } from './other.js'\nexport const b = a\n", "import { b } from './page.js'\nexport const a = () => b\n"),
        ("import x from './far.js'\nimport { a } from './other.js'\nf(a, x)\n", "import y from './far.js'\nexport const a = y\n"),
    ],
    ids=["no names", "names apart", "waits", "in a ring", "two names for one"],
)
def test_scripts_that_are_written_otherwise_are_served_apart(page: str, other: str) -> None:
    made = outputs(page=page, other=other)
    assert "./other.js" in made["page"]
    assert "module0" not in made["page"]


def test_a_change_of_what_is_imported_changes_the_key() -> None:
    def key(one: str) -> str:
        made = served({"static/js/page.js": b"import { one } from './one.js'\nf(one)\n", "static/js/one.js": one.encode()})
        return next(output.key for output in made if output.path == "static/js/page.js")

    assert key(ONE) == key(ONE)
    assert key(ONE) != key(ONE.replace("1", "2"))
