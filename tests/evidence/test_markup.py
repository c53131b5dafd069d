"""Web pages taken apart into words: nothing of their markup survives, and no word that was to be seen is lost."""

import pytest

from casefiles.evidence.readers.markup import MOST_PICTURES, Block, Run, decoded, read_page


def blocks(markup: str, address: str = "https://example.org/news/1") -> list[Block]:
    return list(read_page(markup.encode(), charset="utf-8", address=address).blocks)


def words(markup: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(markup)]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2>Angara</h2><p>At   the\n pier.", [("heading", "Angara"), ("paragraph", "At the pier.")]),
        ("<ul><li>One<ul><li>Two</ul>Three</ul>", [("item", "One"), ("item", "Two"), ("item", "Three")]),
        ("<blockquote><p>He said.</blockquote>", [("quote", "He said.")]),
        ("<pre> a\n   b</pre>", [("preformatted", " a\n   b")]),
        ("<p>One<br>two <br> three", [("paragraph", "One\ntwo\nthree")]),
        ("<p>a<b>b</b> <i>c</i>d", [("paragraph", "ab cd")]),
        ("<div>a<div>b</div>c</div>", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("<p>a<!-- b -->c", [("paragraph", "ac")]),
        ("<p>a\x00b&#0;c", [("paragraph", "ab\ufffdc")]),
        ("", []),
        ("   ", []),
    ],
)
def test_words_are_read_as_a_reader_would(markup: str, expected: list[tuple[str, str]]) -> None:
    assert words(markup) == expected


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>", "<style>p{}</style>", "<noscript>x</noscript>", "<template>x</template>",
        "<svg><text>x</text></svg>", "<iframe srcdoc='<p>x'></iframe>", "<object>x</object>", "<head><title>x</title>",
        "<video>x</video>", "<?php echo 1 ?>", "<p onclick='x'></p>", "<meta http-equiv=refresh content='0;url=http://x'>",
    ],
)  # fmt: skip
def test_e40_what_would_run_or_load_is_left_out(markup: str) -> None:
    assert words(f"{markup}<p>after") == [("paragraph", "after")]


def test_words_behind_what_is_left_out_are_kept() -> None:
    assert words("<p>a<script>b</script>c<style>d</style>e") == [("paragraph", "ace")]


def test_a_table_of_data_is_read_row_by_row_and_one_of_layout_is_not() -> None:
    data = "<table><tr><th>Day<th>Port<tr><td><p>1</p><td>Rajin <a href=/r>map</a></table>"
    layout = "<table><tr><td><h2>Head</h2><p>Words</table>"

    assert words(data) == [("row", "Day\tPort"), ("row", "1\tRajin map")]
    assert words(layout) == [("heading", "Head"), ("paragraph", "Words")]


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("/a?b=1&amp;c", "https://example.org/a?b=1&c"), ("../x", "https://example.org/x"), ("//cdn.org/i", "https://cdn.org/i"),
        ("javascript:alert(1)", ""), ("data:text/html,x", ""), ("mailto:a@b.org", ""), ("http://[", ""), ("", "https://example.org/news/1"),
        (" https://e.org/a b ", "https://e.org/a b"), ("https://e.org/" + "x" * 3000, ""),
    ],
)  # fmt: skip
def test_r26_links_lead_to_addresses_of_the_web_only(target: str, address: str) -> None:
    [block] = blocks(f'<p><a href="{target}">words</a>')

    assert block.runs == (Run("words", address),)


def test_the_base_of_a_page_counts() -> None:
    [block] = blocks('<base href="https://other.org/d/"><p><a href="x">words</a>')

    assert block.runs == (Run("words", "https://other.org/d/x"),)


def test_pictures_stand_where_they_stood_with_their_description() -> None:
    found = blocks('<p>Before <img src="/a.jpg" alt="The  ship"> after<img src="data:image/png;base64,AA">')

    assert [(one.kind, one.text, one.address) for one in found] == [
        ("paragraph", "Before", ""),
        ("picture", "The ship", "https://example.org/a.jpg"),
        ("paragraph", "after", ""),
    ]


def test_title_language_and_plain_text() -> None:
    page = read_page(
        b"<html lang=ru><title>A\n b</title><h1>C</h1><img src=/x><p>d", charset="", address="https://e.org/"
    )

    assert (page.title, page.language, page.text) == ("A b", "ru", "C\nd")


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Ангара".encode("cp1251"), "windows-1251", "Ангара"),
        (b'<meta charset="koi8-r">' + "Ангара".encode("koi8-r"), "", '<meta charset="koi8-r">Ангара'),
        ("Ангара".encode("utf-16"), "utf-8", "Ангара"),
        ("\ufeffАнгара".encode(), "latin-1", "Ангара"),
        ("“Angara”".encode("cp1252"), "iso-8859-1", "“Angara”"),
        ("“Angara”".encode("cp1252"), "", "“Angara”"),
        ("Ангара".encode(), "unicode_escape", "Ангара"),
        ("Ангара".encode(), "nobody knows this", "Ангара"),
        ("安加拉".encode("gbk"), "gb2312", "安加拉"),
    ],
)
def test_the_encoding_is_found_as_browsers_find_it(content: bytes, charset: str, text: str) -> None:
    assert decoded(content, charset) == text


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "x", "<table><tr><td>" * 50_000 + "x", "<a href=x>" * 50_000 + "x", "<b>a</b>" * 60_000,
        "<p>a" * 60_000, "<img src=a>" * 60_000, "&lt;" * 200_000, "<" * 200_000, "<!--" * 100_000,
        "<x" + " a=b" * 100_000,
    ],
)  # fmt: skip
def test_e40_pages_made_to_exhaust_a_reader_end(markup: str) -> None:
    page = read_page(markup.encode(), charset="", address="https://e.org/")

    assert len(page.blocks) <= 20_000
    assert sum(block.kind == "picture" for block in page.blocks) <= MOST_PICTURES


def test_a_page_that_was_not_read_to_its_end_says_so() -> None:
    assert read_page(b"<p>" + b"word " * 500_000, charset="", address="").is_cut
    assert read_page(b"<p>a" * 20_001, charset="", address="").is_cut
    assert read_page(b"<div>" * 1_000 + b"x", charset="", address="").is_cut
    assert not read_page(b"<p>a", charset="", address="").is_cut
