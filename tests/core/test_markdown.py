"""Markdown that somebody wrote, among them the other side."""

import re

import pytest

from casefiles.core.markdown import LONGEST_PARSED, render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("# Title", "<h3>Title</h3>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("~~gone~~", "<p><s>gone</s></p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("[in](/cases/)", '<p><a href="/cases/" rel="noopener noreferrer">in</a></p>'),
        (
            "[out](https://example.org/)",
            '<p><a href="/leave/?to=https%3A%2F%2Fexample.org%2F" rel="noopener noreferrer">out</a></p>',
        ),
        ("![a picture](http://example.org/x.png)", "<p>a picture</p>"),
    ],
)
def test_what_is_written_becomes_plain_html(text: str, html: str) -> None:
    assert render_markdown(text).strip() == html


def test_a_table_is_shown_as_one() -> None:
    html = render_markdown("|a|b|\n|-|-|\n|1|2|")

    assert "<th>a</th>" in html
    assert "<td>2</td>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x]: javascript:alert(1)\n[x]",
        "<javascript:alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "[x](/a \"' onmouseover=alert(1) x='\")",
    ],
)
def test_nothing_that_is_written_can_act(text: str) -> None:
    html = render_markdown(text)

    assert not re.search(r"<(?!/?(?:a|p|h[3-6]|em|strong|code|pre|ul|ol|li)\b)", html)
    assert not re.search(r"<[^>]*(?:\son\w+|javascript:|data:|vbscript:|\sstyle|\ssrc)", html)
    assert not re.search(r'href="(?!/|#)', html)


def test_a_citation_becomes_a_chip_where_its_address_is_known() -> None:
    html = render_markdown("Seen [E-02], not [E-03], `[E-02]`.", {"E-02": "/evidence/2/"})

    assert '<a href="/evidence/2/" class="citation-chip" rel="noopener noreferrer">E-02</a>' in html
    assert "not [E-03]" in html
    assert "<code>[E-02]</code>" in html


def test_direction_characters_come_out_visible() -> None:
    assert "⟨U+202E⟩" in render_markdown("a\u202eb")


def test_text_too_long_to_parse_is_shown_as_typed() -> None:
    html = render_markdown("*" * (LONGEST_PARSED + 1) + "<b>")

    assert "<b>" not in html
    assert html.count("*") == LONGEST_PARSED + 1


@pytest.mark.parametrize("piece", [">", "[", "[a](", "![", "- ", "*a ", "`", "<a ", "|a", "\\"])
def test_ten_thousand_nested_marks_come_to_an_end(piece: str) -> None:
    html = render_markdown(piece * 10_000)

    assert "<script" not in html
    assert len(html) < 200_000


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[[E-03]]", '<a href="/e" class="citation-chip" rel="noopener noreferrer">E-03</a>'),
        ("[[E-03 p.4]]", '<a href="/e" class="citation-chip" rel="noopener noreferrer">E-03 p.4</a>'),
        ("[[E-99]]", '<span class="citation-chip unknown">E-99?</span>'),
        ("[E-99]", "[E-99]"),
        ("[[E-03 <b>]]", "&lt;b&gt;"),
    ],
)
def test_a_citation_in_double_brackets_may_have_a_locator_and_an_unknown_one_is_marked(text: str, html: str) -> None:
    assert html in render_markdown(text, {"E-03": "/e"})
