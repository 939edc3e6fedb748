"""What every template is held to: nothing goes into a page unescaped, and no page needs a style or script of its own."""

import re
from pathlib import Path

import pytest

from generator.render import unbroken

FOLDER = Path(__file__).parent.parent / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def source(request: pytest.FixtureRequest) -> str:
    return str(request.param.read_text(encoding="utf-8"))


def test_nothing_is_declared_safe(source: str) -> None:
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", source)


def test_every_attribute_is_quoted(source: str) -> None:
    plain = re.sub(r"{%.*?%}|{#.*?#}", "", source, flags=re.DOTALL)
    emptied = re.sub(r'"[^"]*"', '""', plain)
    assert not re.search(r"\s[a-zA-Z-]+=(?!\"\")", emptied)  # in double quotes: `links` reads no others


def test_no_script_style_or_handler_stands_in_a_page(source: str) -> None:
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))


def test_no_request_goes_to_another_host(source: str) -> None:
    assert not re.search(r"""(src|href)=["'](https?:)?//""", source)


def test_each_page_forbids_what_it_does_not_need() -> None:
    base = (FOLDER / "base.html").read_text(encoding="utf-8")
    assert base.index("<meta charset") < base.index("Content-Security-Policy") < base.index("<link")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', base)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy[1]


def test_short_hyphenated_words_stay_on_one_line_and_all_else_is_text() -> None:
    assert unbroken("Transformers Meet ACT-R: state-of-the-art") == (
        'Transformers Meet <span class="unbroken">ACT-R:</span> state-of-the-art'
    )
    assert unbroken('a-b<i> & "c-d"; e-f') == (
        '<span class="unbroken">a-b</span>&lt;i&gt; &amp; &quot;<span class="unbroken">c-d</span>&quot;; '
        '<span class="unbroken">e-f</span>'
    )
