"""A web page as text and as a tree. Nothing is loaded and no script runs: it is words and attributes."""

import re
from typing import Any

import lxml.html

from casefiles.evidence.readers import markup
from casefiles.evidence.readers.encodings import Decoded, decoded
from casefiles.evidence.readers.findings import NotParsed, plain_text

_DECLARATION = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*(?P<meta>[\w.:-]{1,40})|\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*["'](?P<xml>[\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4_096


def decoded_page(content: bytes, declared: str = "") -> Decoded:
    """Read a page's bytes as text: by its mark, what came with it, or what it declares of itself."""
    match = _DECLARATION.search(content[:_DECLARED_WITHIN])
    own = (match["meta"] or match["xml"]).decode("ascii", "replace") if match else ""
    return decoded(content, declared or own)


def tree_of(text: str) -> Any:
    """Return the tree of a page.

    Raises:
        NotParsed: there is nothing in it.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, huge_tree=False)
    try:
        return lxml.html.document_fromstring(plain_text(text).encode() or b" ", parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError) as error:
        raise NotParsed("there is nothing in it that can be read") from error


def blocks(text: str) -> list[str]:
    """Return the words that a page shows, a block (paragraph, heading, row) each, in the order of the page."""
    page = markup.read_page(text.encode("utf-8", "replace"), charset="utf-8", address="")
    words = (" ".join(block.text.split()) for block in page.blocks if block.kind != "picture")
    return [line for line in words if line]
