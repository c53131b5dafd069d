"""A web page in one HTML file: what it says of itself, its article, and the rest of its words."""

from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import trafilatura

from casefiles.evidence.readers import html_metadata, html_tree
from casefiles.evidence.readers.findings import PAGE_BREAK, Findings, Frame, NotParsed, Plain, text_frame
from casefiles.evidence.texts import folded

MEBIBYTE = 1024 * 1024
READ_BYTES = 24 * MEBIBYTE
MADE_BY = f"trafilatura {trafilatura.__version__}, Casefiles page reader 1"
_MOST_LINKS = 150
_MOST_PICTURES = 60


def prepare() -> None:
    """Load what the first extraction loads."""
    trafilatura.extract(f"<html><body><article>{'<p>A paragraph of some words.</p>' * 5}</article></body></html>")


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what is found and the text.

    Raises:
        NotParsed: there is nothing in it, or it is larger than is read.
    """
    content = file.read(READ_BYTES + 1)
    if len(content) > READ_BYTES:
        raise NotParsed("it is larger than 24 MB, more than is read of a page")
    page = html_tree.decoded_page(content)
    root = html_tree.tree_of(page.text)
    measured, text = measured_and_text(root, page.text)
    yield Findings(
        "HTML",
        {"encoding": page.encoding, **measured},
        html_metadata.claims_of(root),
        tuple(parts_of(root)),
        (*page.warnings, *warnings_of(root)),
    ).frame()
    if text:
        yield text_frame(text, made_by=MADE_BY)


def measured_and_text(root: Any, source: str) -> tuple[dict[str, Plain], str]:
    """Return what is counted in a page, and its text: the article, and behind a page break the rest of its words."""
    article, rest = article_and_rest(source)
    sections: list[Plain] = [name for name, text in (("article", article), ("rest of the page", rest)) if text]
    measured: dict[str, Plain] = {
        "words": sum(len(text.split()) for text in (article, rest)),
        "sections": sections,
        "scripts": _count(root, "script"),
        "frames": _count(root, "iframe") + _count(root, "frame"),
        "forms": _count(root, "form"),
        "links": _count(root, "a"),
        "pictures": _count(root, "img"),
    }
    return measured, PAGE_BREAK.join(text for text in (article, rest) if text)


def article_and_rest(source: str) -> tuple[str, str]:
    """Return the article, and all other words that the page shows; paragraphs are parted by an empty line."""
    extracted = trafilatura.extract(source, include_comments=False, include_tables=True, favor_recall=True) or ""
    paragraphs = [line.strip() for line in extracted.splitlines() if line.strip()]
    known = folded(" ".join(paragraphs))
    rest = [block for block in html_tree.blocks(source) if folded(block) not in known]
    return "\n\n".join(paragraphs).replace(PAGE_BREAK, " "), "\n\n".join(rest).replace(PAGE_BREAK, " ")


def _count(root: Any, tag: str) -> int:
    return sum(1 for _element in root.iter(tag))


def parts_of(root: Any, base: str = "") -> Iterator[dict[str, Plain]]:
    """Yield the addresses that a page links to and the pictures it shows, each once; nothing of it is loaded."""
    start = urljoin(base, next((element.get("href") or "" for element in root.iter("base")), "")) or _own_address(root)
    for kind, tag, attribute, words, most in (
        ("link", "a", "href", "", _MOST_LINKS),
        ("picture", "img", "src", "alt", _MOST_PICTURES),
    ):
        seen: dict[str, dict[str, Plain]] = {}
        for element in root.iter(tag):
            url = _address(start, element.get(attribute) or "")
            text = element.get(words) if words else element.text_content()
            if url and url not in seen and len(seen) < most:
                seen[url] = {"kind": kind, "url": url, "text": " ".join((text or "").split())[:200]}
        yield from seen.values()


def _own_address(root: Any) -> str:
    canonical = (link.get("href") for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower())
    return next((address for address in canonical if address), "")


def _address(base: str, href: str) -> str:
    try:
        url = urljoin(base, href.strip())
        return url[:2_000] if urlsplit(url).scheme in {"http", "https", "mailto"} else ""
    except ValueError:
        return ""


def warnings_of(root: Any) -> Iterator[str]:
    """Yield what is unusual about a page."""
    refreshing = (meta for meta in root.iter("meta") if (meta.get("http-equiv") or "").strip().lower() == "refresh")
    if any("url" in (meta.get("content") or "").lower() for meta in refreshing):
        yield "It would lead to another address by itself."
    if any(True for _element in root.iter("base")):
        yield "It says from which address its links start; they are listed so."
    if any((element.get("type") or "").lower() == "password" for element in root.iter("input")):
        yield "It asks for a password. Nothing is sent from here."
