"""Prose becomes HTML by our own rules."""

import time

import pytest

from generator.markdown import first_sentence, to_html, to_text


def html(text: str) -> str:
    return to_html(text, root="../../").strip()


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "/javascript:alert(1)",
        "/data:text/html,x",
        "/https:evil.example",
        "JaVaScRiPt:alert(1)",
        "javascript&#58;alert(1)",
        "&#x6A;avascript:alert(1)",
        "vbscript:x",
        "file:///etc/hosts",
        "data:text/html,x",
        "data:image/png;base64,xx",
        "//evil.example",
        "https:evil.example",
        "blob:x",
        "intent:x",
        "ftp://example.org/x",
        "tel:1",
        "https://user:word@example.org/",
        "http://[::1",
        "mailto:nobody",
    ],
)
def test_an_address_outside_the_list_is_no_link(address: str) -> None:
    assert "<a" not in html(f"[x]({address})")
    assert "<a" not in html(f"<{address}>")
    assert "<img" not in html(f"![x]({address})")


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://example.org/a?b=c&d", "https://example.org/a?b=c&amp;d"),
        ("http://example.org", "http://example.org"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("papers/other/", "../../papers/other/"),
        ("/papers/other/", "../../papers/other/"),
        ("#here", "#here"),
    ],
)
def test_a_link_counts_from_the_root_of_the_site(address: str, href: str) -> None:
    assert html(f"[x]({address})") == f'<p><a href="{href}">x</a></p>'


def test_an_image_leaves_its_words() -> None:
    assert html("![a plot](https://example.org/a.png) follows") == "<p>a plot follows</p>"


@pytest.mark.parametrize("text", ["<script>x</script>", "<!-- x -->", "<svg onload=x>", "<math><mi>x</mi></math>"])
def test_raw_html_is_shown_as_text(text: str) -> None:
    shown = html(f"a {text} b")
    assert "&lt;" in shown
    assert "<p>" in shown
    assert shown.count("<") == 2


def test_headings_stand_below_the_page_s_own() -> None:
    assert html("# One\n\n## Two\n\n###### Six") == "<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>"


def test_a_table_brings_no_style() -> None:
    shown = html("| a |\n|:-:|\n| b |")
    assert "<td>b</td>" in shown
    assert "style" not in shown


def test_a_footnote_stays_on_its_page() -> None:
    assert 'href="#fn1"' in html("x[^1]\n\n[^1]: y")


@pytest.mark.parametrize("text", ["[" * 20_000, "*a " * 6_600, "![[" * 6_600, "> " * 10_000, "`" * 20_000])
def test_the_longest_note_takes_no_time_to_speak_of(text: str) -> None:
    start = time.process_time()
    to_html(text)
    assert time.process_time() - start < 2


def test_the_words_of_a_text() -> None:
    text = "Asks *whether* `moss` can [be](https://example.org) **counted**.\nIt can. <b>\n\n- one\n- two\n"
    assert to_text(text) == "Asks whether moss can be counted. It can. <b>\none\ntwo"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ""),
        ("No full stop", "No full stop"),
        (
            "Asks *whether* moss can be counted by a machine. It can.",
            "Asks whether moss can be counted by a machine.",
        ),
        (
            "Can it be counted? Sample et al. 2020 in Sec. 3 say that it can. Others do not.",
            "Can it be counted? Sample et al. 2020 in Sec. 3 say that it can.",
        ),
    ],
)
def test_the_first_sentence_says_enough(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence
