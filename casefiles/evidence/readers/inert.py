"""A web page's markup without what acts, asks or leads away: what is left can be drawn."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import lxml.html

_SCRIPTS = {"script", "noscript", "template"}
_FRAMES = {"iframe", "frame", "frameset", "noframes", "object", "embed", "applet", "portal"}
_FIELDS = {"input", "select", "textarea", "datalist", "optgroup", "option"}
_OTHERS = {"audio", "video", "canvas", "base", "meta", "foreignobject"}
# The parser takes these, which are empty, for the parents of what stands behind them.
_EMPTY = {"source", "track", "param"}
_COUNTED = {
    **dict.fromkeys(_SCRIPTS, "scripts"),
    **dict.fromkeys(_FRAMES, "frames"),
    **dict.fromkeys(_FIELDS, "fields"),
}
_GONE = {*_COUNTED, *_OTHERS}
# Words inside of these stay, at their place.
_UNWRAPPED = {"form", "button", "fieldset", "label"}
_ATTRIBUTES = {"srcset", "sizes", "action", "formaction", "ping", "srcdoc", "data", "http-equiv", "autofocus"}
_STYLES = "stylesheet"


def inert(root: Any, *, address: str, is_held: Callable[[str], bool]) -> tuple[str, Counter[str]]:
    """Return a page's markup with nothing in it that acts, and how much of what kind was left out of it.

    `address` is where the page came from; `is_held` says of an absolute address whether the file holds what is there.
    A picture that is offered in several sizes becomes the one that is held.
    """
    left_out: Counter[str] = Counter()
    for element in list(_elements(root)):
        if element.tag == "img":
            _choose_picture(element, address, is_held)
    for element in list(_elements(root)):
        tag = element.tag.lower()
        if tag in _GONE or (tag == "link" and _STYLES not in (element.get("rel") or "").lower().split()):
            left_out.update([_COUNTED[tag]] if tag in _COUNTED else [])
            _drop(element)
            continue
        if tag in _EMPTY:
            element.drop_tag()
            continue
        if tag in _UNWRAPPED:
            element.tag = "div" if tag in {"form", "fieldset"} else "span"
        _strip(element, tag)
    return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>"), left_out


def _elements(root: Any) -> Iterator[Any]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _drop(element: Any) -> None:
    """Take an element out with all that is in it; words behind it stay."""
    if element.getparent() is not None:
        element.drop_tree()


def _strip(element: Any, tag: str) -> None:
    for name in list(element.attrib):
        is_acting = name.lower().startswith("on") or name.lower() in _ATTRIBUTES
        # A link would lead away from the picture of the page.
        if is_acting or (tag in {"a", "area"} and name.lower().endswith("href")):
            del element.attrib[name]


def _choose_picture(image: Any, address: str, is_held: Callable[[str], bool]) -> None:
    picture = next(image.iterancestors("picture"), None)
    sources = list(picture.iter("source")) if picture is not None else []
    offered = [image.get("src"), *(_first_words(one.get("srcset")) for one in (image, *sources))]
    addresses = [one for offer in offered for one in (offer if isinstance(offer, list) else [offer]) if one]
    for one in addresses[:40]:
        absolute = joined(address, one)
        if absolute and is_held(absolute):
            image.set("src", absolute)
            return


def _first_words(srcset: str | None) -> list[str]:
    """Return the addresses of a list of pictures ("a.png 1x, b.png 2x")."""
    return [offer.split()[0] for offer in (srcset or "")[:20_000].split(",") if offer.strip()]


def joined(base: str, address: str) -> str:
    """Return an address as seen from another; empty where it is none."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""
