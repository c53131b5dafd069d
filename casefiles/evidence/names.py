"""Names of files as received: kept for display, made safe for downloads. They never become a path in the store.

Pure: knows no database and no Django.
"""

import re
import unicodedata

MAX_LENGTH = 400
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def kept_name(name: str) -> str:
    """Return a received name as it can be stored: what no database keeps is U+FFFD, a long one loses its middle."""
    text = "".join("\ufffd" if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in name)
    if len(text) <= MAX_LENGTH:
        return text
    return f"{text[: MAX_LENGTH - 41]}…{text[-40:]}"


def title_of(name: str) -> str:
    """Return a received name as a first title: without folders and ending; nothing where no letter or digit is left."""
    last = re.split(r"[\\/]", kept_name(name))[-1].strip()
    stem, _dot, ending = last.rpartition(".")
    if stem.strip(". ") and re.fullmatch(r"\w{1,8}", ending):
        last = stem
    return " ".join(last.split()) if any(character.isalnum() for character in last) else ""


def download_name(name: str, sha256: str) -> str:
    """Return a name that is harmless on every desktop: no folders, controls, direction marks or reserved words."""
    last = re.split(r"[\\/]", name)[-1]
    composed = unicodedata.normalize("NFC", last)
    bare = "".join(c for c in composed if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    safe = _UNSAFE.sub("_", bare).strip(" .~-")
    if not safe or _RESERVED.fullmatch(safe):
        return f"file-{sha256[:12]}"
    stem, dot, ending = safe.rpartition(".")
    if not dot:
        return safe[:120]
    return f"{stem[:120]}.{ending[:20]}"
