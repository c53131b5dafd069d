"""What a file carries with it that opens anywhere and asks no network: our own style sheets, and the fonts it needs."""

import base64
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

FONT_URL = re.compile(r'url\("\.\./vendor/fonts/([a-z0-9-]+\.woff2)"\)')
FONT_FACE = re.compile(r"@font-face \{[^}]*\}")
# Letters that only the further fonts have; they are carried along where the text needs them.
FURTHER_LETTERS = {"latin-ext": re.compile("[\u0100-\u02ba\u1e00-\u1eff]"), "cyrillic": re.compile("[\u0400-\u04ff]")}


@lru_cache(maxsize=8)
def style_sheet(name: str) -> SafeString:
    """Return one of our own style sheets."""
    text = (_static() / "css" / name).read_text(encoding="utf-8")
    return mark_safe(text)  # noqa: S308 (a file of ours)


def _static() -> Path:
    return Path(settings.STATICFILES_DIRS[0])


def fonts_for(text: str) -> str:
    """Return the font faces that a text needs, each with its font in it; a font that is not installed is left out."""
    faces = FONT_FACE.findall(style_sheet("dossier_fonts.css"))
    return "\n".join(carried for face in faces if (carried := _carried(face, text)))


def _carried(face: str, text: str) -> str:
    found = FONT_URL.search(face)
    if not found or not _is_needed(found[1], text):
        return ""
    data = _font(found[1])
    return FONT_URL.sub(f'url("data:font/woff2;base64,{data}")', face) if data else ""


def _is_needed(name: str, text: str) -> bool:
    return all(letters.search(text) for script, letters in FURTHER_LETTERS.items() if f"-{script}-" in name)


@lru_cache(maxsize=32)
def _font(name: str) -> str:
    path = _static() / "vendor" / "fonts" / name
    return base64.b64encode(path.read_bytes()).decode("ascii") if path.is_file() else ""
