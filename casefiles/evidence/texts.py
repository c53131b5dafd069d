"""Reading text files, and whether a quote stands in one however its lines were broken.

Pure: knows no database and no Django.
"""

import re
import unicodedata
from collections.abc import Iterator

_BROKEN = re.compile(r"(?<=\w)-\n(?=\w)")
_SAME = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00ad": None})


def folded(text: str) -> str:
    """Return the text under NFKC with single spaces; typographic quotation marks become plain ones."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SAME).split())


def is_quoted(quote: str, text: str) -> bool:
    """Say whether the words of `quote` stand in `text` in their order; "…" or "[…]" stands for what was left out.

    A word that the text breaks at the end of a line is found with its hyphen and without.
    """
    parts = parts_of_quote(quote)
    return any(_holds(folded(form), parts) for form in _forms(text))


def _forms(text: str) -> Iterator[str]:
    yield text
    if _BROKEN.search(text):
        yield _BROKEN.sub("", text)
        yield _BROKEN.sub("-", text)


def _holds(text: str, parts: list[str]) -> bool:
    for part in parts:
        _before, found, text = text.partition(part)
        if not found:
            return False
    return True


def plain_mark(text: str) -> str:
    """Return the text with plain quotation marks and without soft hyphens."""
    return text.translate(_SAME)


def parts_of_quote(quote: str) -> list[str]:
    plain = folded(quote).replace("[...]", "\n").replace("...", "\n")
    return [part.strip() for part in plain.split("\n") if part.strip()]


def decoded(content: bytes) -> str:
    """Return a text file's content: UTF-16 where it is marked so, else UTF-8; what is neither becomes U+FFFD."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")
