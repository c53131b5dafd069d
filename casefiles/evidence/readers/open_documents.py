"""An OpenDocument file (ODT, ODS, ODP): its words, what it says of itself, and what in it would act."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from casefiles.evidence.readers import office, xml_trees
from casefiles.evidence.readers.findings import Claim, Findings, Frame, NotParsed, Plain, text_frame
from casefiles.evidence.readers.zips import StrictZip

MADE_BY = "Casefiles OpenDocument reader 1"
_FORMS = {"text": "ODT", "spreadsheet": "ODS", "presentation": "ODP", "graphics": "ODG"}
_PROPERTIES = {
    "title": "title", "initial-creator": "author", "creator": "author", "creation-date": "created", "date": "modified",
    "language": "language", "subject": "summary", "description": "summary", "keyword": "keywords",
    "generator": "software", "editing-cycles": "version",
}  # fmt: skip
_BLOCKS = frozenset({"p", "h"})
_BREAKS = {"tab": "\t", "line-break": "\n", "s": " "}
_LINKS = 150


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what is found and the text; rows and cells that are said to repeat are taken once.

    Raises:
        NotParsed: its ZIP is torn, ambiguous or a bomb, or its content is missing, damaged, encrypted or too large.
    """
    package = office.opened(file)
    content = office.part_root(package, "content.xml")
    if content is None:
        raise NotParsed("its main part is missing")
    links = _links(content)
    measured: dict[str, Plain] = {
        "paragraphs": sum(1 for one in content.iter() if xml_trees.local_name(one) in _BLOCKS),
        "tables": sum(1 for _one in xml_trees.children(content, "table")),
        "comments": sum(1 for _one in xml_trees.children(content, "annotation")),
        "entries": len(package.entries),
    }
    yield Findings(
        _form(package),
        measured,
        tuple(_claims(package)),
        (*links, *office.listed(package)),
        tuple(dict.fromkeys([*package.oddities(), *_warnings(package, content)])),
    ).frame()
    text = "\n\n".join(block for block in map(_words, _blocks(content)) if block)
    if text:
        yield text_frame(text, made_by=MADE_BY)


def _form(package: StrictZip) -> str:
    declared = package.read("mimetype", 200).decode("ascii", "replace") if "mimetype" in package else ""
    return _FORMS.get(declared.rpartition(".")[2].removesuffix("-template"), "OpenDocument")


def _blocks(content: Any) -> Iterator[Any]:
    """Yield the paragraphs and headings, but for what was struck out while changes were tracked."""
    waiting = [content]
    while waiting:
        element = waiting.pop()
        name = xml_trees.local_name(element)
        if name in _BLOCKS:
            yield element
        elif name != "tracked-changes":
            waiting += list(element)[::-1]


def _words(block: Any) -> str:
    return "".join(_pieces(block)).strip()


def _pieces(element: Any) -> Iterator[str]:
    yield _BREAKS.get(xml_trees.local_name(element), "")
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""


def _claims(package: StrictZip) -> Iterator[Claim]:
    try:
        root = office.part_root(package, "meta.xml")
    except NotParsed:
        return
    for element in root.iter() if root is not None else ():
        name = xml_trees.local_name(element)
        value = xml_trees.words(element)
        if name in _PROPERTIES and value:
            yield Claim(_PROPERTIES[name], value, where=f"meta.xml/{name}")


def _links(content: Any) -> list[dict[str, Plain]]:
    found: dict[str, dict[str, Plain]] = {}
    for element in content.iter():
        url = xml_trees.attribute(element, "href")
        if "://" in url and len(found) < _LINKS:
            found.setdefault(url, {"kind": "link", "type": xml_trees.local_name(element), "url": url})
    return list(found.values())


def _warnings(package: StrictZip, content: Any) -> Iterator[str]:
    names = [entry.name for entry in package.entries]
    elements = {xml_trees.local_name(element) for element in content.iter()}
    if any(name.startswith(("Basic/", "Scripts/")) for name in names) or "event-listener" in elements:
        yield "It holds macros. They never run here."
    if any(xml_trees.local_name(one) != "a" and "://" in xml_trees.attribute(one, "href") for one in content.iter()):
        yield "It would load something from elsewhere when it is opened."
    if {"object-ole", "plugin", "applet"} & elements:
        yield "It holds other documents or programs (embedded objects). They are listed, not read."
    if "tracked-changes" in elements:
        yield "It still holds text that was struck out, which is no part of the extracted text."
    if {"dde-source", "dde-connection"} & elements:
        yield "It would start another program to fetch a value (DDE)."
