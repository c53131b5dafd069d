"""What is found in web pages: in one HTML file, and saved with all their parts as MHTML."""

import pytest

from casefiles.evidence import cage
from casefiles.evidence.readers import encodings
from tests.evidence.hostile import letters
from tests.evidence.hostile.letters import saved
from tests.evidence.reading_aids import read, read_in_cage

PARAGRAPHS = (
    "The cargo ship Angara, under sanctions, lay at a yard in Zhejiang since February, according to satellite images "
    "that were seen by reporters and by a research institute.",
    "China said that it had no information on the matter, and referred all questions to the competent authorities of "
    "the province, which did not answer them.",
    "“북한 무기를 실어 나른 배”, a report in Seoul had called it before; «Ангара» was its name in the register.",
)
LD = """{"@context": "https://schema.org", "@graph": [{"@type": ["NewsArticle"], "headline": "Angara at a yard",
"author": [{"@type": "Person", "name": "A. Writer"}, {"name": "B. Writer"}], "publisher": {"name": "Example News"},
"datePublished": "2024-04-25T10:30:00+09:00", "dateModified": "2024-04-26", "inLanguage": "en",
"mainEntityOfPage": {"@id": "https://example.org/news/angara"}, "license": "https://example.org/terms"},
{"@type": "Organization", "name": "Not the page"}]}"""
PAGE = f"""<!DOCTYPE html>
<!-- saved from url=(0042)https://example.org/news/angara -->
<html lang="en-GB"><head><meta charset="utf-8"><title>Angara at a yard | Example News</title>
<meta property="og:title" content="Angara at a yard"><meta property="og:site_name" content="Example">
<meta property="article:published_time" content="2024-04-25T01:30:00Z"><meta name="Description" content="A ship.">
<meta name="author" content="A. Writer"><meta name="keywords" content="ship, yard">
<link rel="canonical" href="https://example.org/news/angara"><script type="application/ld+json">{LD}</script>
</head><body><nav><a href="/">Home</a> <a href="javascript:alert(1)">Acts</a></nav>
<article><h1>Angara at a yard</h1><time datetime="2024-04-25">25 April</time>
{"".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)}<img src="ship.jpg" alt="The ship"></article>
<aside>Related: another ship</aside><script>hidden()</script></body></html>"""


def test_every_claim_names_where_it_stands_and_none_hides_another() -> None:
    found = read("page", PAGE.encode())

    assert found.claims("title") == [
        ("Angara at a yard", "JSON-LD/NewsArticle/headline"),
        ("Angara at a yard", "meta/og:title"),
        ("Angara at a yard | Example News", "title"),
        ("Angara at a yard", "h1"),
    ]
    assert found.claims("author") == [
        ("A. Writer", "JSON-LD/NewsArticle/author"),
        ("B. Writer", "JSON-LD/NewsArticle/author"),
        ("A. Writer", "meta/author"),
    ]
    assert found.claims("publisher") == [
        ("Example News", "JSON-LD/NewsArticle/publisher"),
        ("Example", "meta/og:site_name"),
    ]
    assert found.claims("published") == [
        ("2024-04-25T10:30:00+09:00", "JSON-LD/NewsArticle/datePublished"),
        ("2024-04-25T01:30:00Z", "meta/article:published_time"),
        ("2024-04-25", "time/datetime"),
    ]
    assert found.claims("modified") == [("2024-04-26", "JSON-LD/NewsArticle/dateModified")]
    assert found.claims("canonical_url") == [
        ("https://example.org/news/angara", "JSON-LD/NewsArticle/mainEntityOfPage"),
        ("https://example.org/news/angara", "link/canonical"),
    ]
    assert found.claims("url") == [("https://example.org/news/angara", "comment/saved from url")]
    assert found.claims("language") == [("en", "JSON-LD/NewsArticle/inLanguage"), ("en-GB", "html/lang")]
    assert found.claims("summary") == [("A ship.", "meta/Description")]
    assert found.claims("licence") == [("https://example.org/terms", "JSON-LD/NewsArticle/license")]


def test_the_article_stands_first_and_the_rest_of_the_page_behind_it() -> None:
    found = read("page", PAGE.encode())

    article, rest = found.text.split("\f")
    assert article.split("\n\n")[-3:] == list(PARAGRAPHS)
    assert rest.split("\n\n") == ["Home Acts", "25 April", "Related: another ship"]
    assert found.measured["sections"] == ["article", "rest of the page"]
    assert "hidden" not in found.text


def test_links_and_pictures_are_listed_by_their_full_address_and_scripts_are_no_link() -> None:
    found = read("page", PAGE.encode())

    assert found.parts("link") == [{"kind": "link", "url": "https://example.org/", "text": "Home"}]
    assert found.parts("picture") == [
        {"kind": "picture", "url": "https://example.org/news/ship.jpg", "text": "The ship"}
    ]
    assert (found.measured["scripts"], found.measured["links"]) == (2, 2)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("euc-kr", "euc-kr"),
        ("gbk", "gbk"),
        ("shift_jis", "shift_jis"),
        ("utf-16", "utf-16"),
    ],
)
def test_a_page_is_read_in_the_encoding_it_declares(declared: str, encoding: str) -> None:
    words = {
        "windows-1251": "Ангара",
        "euc-kr": "앙가라",
        "gbk": "安加拉",
        "shift_jis": "アンガラ",
        "utf-16": "Ангара",
    }[declared]
    page = f'<html><meta charset="{declared}"><p>{words} ship</p></html>'

    assert words in read("page", page.encode(encoding)).text


def test_a_page_saved_by_singlefile_says_so() -> None:
    comment = "<!--\n Page saved with SingleFile \n url: https://example.org/a \n saved date: Thu Apr 25 2024\n-->"

    found = read("page", f"<html>{comment}<p>words</p></html>".encode())

    assert found.claims("url") == [("https://example.org/a", "comment/SingleFile")]
    assert found.claims("acquired") == [("Thu Apr 25 2024", "comment/SingleFile")]


def test_a_page_of_one_line_is_read() -> None:
    assert read("page", b"<html>only words</html>").text == "only words"


@pytest.mark.parametrize("content", [b"", b"<!-- -->"])
def test_a_page_with_nothing_in_it_is_not_parsed(content: bytes) -> None:
    with pytest.raises(cage.NotParsed, match="nothing in it"):
        read("page", content)


def test_a_page_larger_than_is_read_is_not_parsed() -> None:
    with pytest.raises(cage.NotParsed, match="larger than 24 MB"):
        read("page", b"<p>" * 9_000_000)


# --- MHTML -----------------------------------------------------------------------------------------------------------


def test_a_saved_page_tells_its_address_and_when_it_was_saved() -> None:
    found = read("saved page", saved(PAGE.encode(), others=[(b"image/png", b"\x89PNG\r\n\x1a\nx")]))

    assert found.findings["form"] == "MHTML"
    assert found.claims("url")[0] == ("https://example.org/news/angara", "Snapshot-Content-Location")
    assert found.claims("acquired") == [("2024-04-25T01:30:00", "Date")]
    assert found.claims("captured_by") == [("<Saved by Blink>", "From")]
    assert found.claims("title")[0] == ("Ship", "Subject")
    assert found.claims("title")[1] == ("Angara at a yard", "JSON-LD/NewsArticle/headline")
    assert [part["media_type"] for part in found.parts("part")] == ["text/html", "image/png"]
    assert PARAGRAPHS[0] in found.text


def test_a_saved_page_without_a_page_is_not_parsed() -> None:
    with pytest.raises(cage.NotParsed, match="no page in it"):
        read("saved page", saved(b"x").replace(b"text/html", b"text/css"))


def test_the_part_that_a_saved_page_names_is_its_page() -> None:
    content = saved(b"<p>frame</p>", others=[(b"text/html\r\nContent-ID: <second>", b"<p>the page itself</p>")])
    content = content.replace(b'type="text/html";', b'type="text/html"; start="<second>";')

    assert read("saved page", content).text == "the page itself"


PAGES = list(letters.pages())


@pytest.mark.parametrize(("task", "content"), [case[2:] for case in PAGES], ids=[case[1] for case in PAGES])
def test_e40_a_page_that_acts_is_words(task: str, content: bytes) -> None:
    found = read(task, content)

    assert "in words" in found.text
    assert "alert" not in found.text
    assert "root:" not in found.text


def test_e40_a_page_is_read_in_the_cage_and_asks_for_nothing() -> None:
    """Fails where a library loads what a page names: the cage would end it."""
    found = read_in_cage("page", letters.ACTING)

    assert found.warnings == [
        "It would lead to another address by itself.",
        "It says from which address its links start; they are listed so.",
        "It asks for a password. Nothing is sent from here.",
    ]


# --- Encodings -------------------------------------------------------------------------------------------------------

RUSSIAN = "Российское судно «Ангара» вошло в порт Находка и стояло у причала."


@pytest.mark.parametrize(
    ("text", "encoding", "read_as"),
    [
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-8-sig", "utf-8-sig"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN.replace("«", "").replace("»", ""), "koi8-r", "koi8_r"),
        ("앙가라호가 나진항에서 출항했다고 미국 국무부가 밝혔다.", "euc-kr", "cp949"),
        ("安加拉号货船停靠在浙江舟山的一家造船厂", "gb18030", "gb18030"),
        ("Le navire était à quai, café, l’été, où ça déjà", "cp1252", "cp1252"),
    ],
)
def test_an_encoding_is_marked_shown_by_the_bytes_or_guessed(text: str, encoding: str, read_as: str) -> None:
    found = encodings.decoded(text.encode(encoding))

    assert (found.encoding, found.text.lstrip("\ufeff")) == (read_as, text)
    assert found.is_certain == encoding.startswith("utf")
    assert bool(found.warnings) != found.is_certain


@pytest.mark.parametrize("declared", ["utf-7", "base64", "rot13", "x-none", "\x00", "utf-16", "idna", "unicode_escape"])
def test_e26_a_declared_encoding_that_is_none_or_does_not_fit_is_not_believed(declared: str) -> None:
    assert encodings.encoding_of("words ä".encode(), declared) == ("utf-8", True)


def test_a_text_cut_within_its_last_character_is_what_it_is() -> None:
    assert encodings.encoding_of("слова".encode()[:-1]) == ("utf-8", True)
