"""Files of data of no form that is known more closely: JSON, lines of JSON, and XML. What they are, and their words."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from casefiles.evidence.readers import xml_trees
from casefiles.evidence.readers.encodings import decoded
from casefiles.evidence.readers.findings import Findings, Frame, NotParsed, Plain, text_frame
from casefiles.evidence.readers.texts import READ_BYTES

_KINDS = {dict: "object", list: "list", str: "text", bool: "yes or no", type(None): "nothing"}
_MOST_KEYS = 60


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what kind of data it is, and its words.

    Raises:
        NotParsed: it is damaged, or larger or nested deeper than is read.
    """
    content = file.read(READ_BYTES + 1)
    if len(content) > READ_BYTES:
        raise NotParsed("it is larger than is read of a file of data")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _xml(content)
    else:
        yield from _json(content)


def _json(content: bytes) -> Iterator[Frame]:
    text = decoded(content)
    form, loaded = _loaded(text.text)
    measured: dict[str, Plain] = {"top": _KINDS.get(type(loaded), "number"), "encoding": text.encoding}
    if isinstance(loaded, dict | list):
        measured["members"] = len(loaded)
    if isinstance(loaded, dict):
        measured["keys"] = [str(key)[:80] for key in list(loaded)[:_MOST_KEYS]]
    yield Findings(form, measured, warnings=text.warnings).frame()
    yield text_frame(text.text, made_by="Casefiles data reader 1", is_the_file=text.encoding == "utf-8")


def _loaded(text: str) -> tuple[str, Any]:
    """Return the form and the data: one value, or a list of those on each line."""
    try:
        return "JSON", json.loads(text)
    except ValueError:
        pass
    try:
        return "lines of JSON", [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as error:
        raise NotParsed("it is damaged, or no JSON") from error


def _xml(content: bytes) -> Iterator[Frame]:
    root = xml_trees.root_of(content)
    elements = [one for one in root.iter() if xml_trees.local_name(one)]
    namespace = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    measured: dict[str, Plain] = {
        "root": xml_trees.local_name(root),
        "namespace": namespace,
        "elements": len(elements),
        "scripts": sum(xml_trees.local_name(one).lower() == "script" for one in elements),
    }
    yield Findings("SVG" if measured["root"] == "svg" else "XML", measured).frame()
    words = "\n".join(piece for piece in map(_line, _pieces(root)) if piece)
    if words:
        yield text_frame(words, made_by="Casefiles data reader 1")


def _pieces(root: Any) -> Iterator[str]:
    """Yield the text before and behind each element, but for what scripts and styles hold."""
    for one in root.iter():
        if xml_trees.local_name(one).lower() not in {"script", "style", ""}:
            yield one.text or ""
        yield one.tail or ""


def _line(text: str) -> str:
    return " ".join(text.split())
