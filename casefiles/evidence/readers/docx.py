"""A Word document (DOCX): text and notes, what it says of itself, comments, tracked changes, and what would act."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from casefiles.evidence.readers import office, xml_trees
from casefiles.evidence.readers.findings import Findings, Frame, NotParsed, Plain, text_frame
from casefiles.evidence.readers.zips import StrictZip

MADE_BY = "Casefiles DOCX reader 1"
_NOTES = ("footnotes", "endnotes")
_MOST_COMMENTS = 100
_MOST_CHANGES = 100
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ACTING_FIELDS = ("DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE")


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what is found and the text; tracked deletions are listed and no part of it.

    Raises:
        NotParsed: its ZIP is torn, ambiguous or a bomb, or its main part is missing, damaged or too large.
    """
    package = office.opened(file)
    name = office.main_part(package)
    main = office.part_root(package, name)
    outward = office.ties(package)
    comments, changes = list(_comments(package, name)), list(_changes(main))
    warnings = [*office.warnings_of(package, outward), *_warnings(package, main, changes)]
    measured: dict[str, Plain] = {
        "paragraphs": sum(1 for _one in xml_trees.children(main, "p")),
        "tables": sum(1 for _one in xml_trees.children(main, "tbl")),
        "comments": len(comments),
        "tracked_changes": len(changes),
        "entries": len(package.entries),
    }
    yield Findings(
        "DOCX",
        measured,
        tuple(office.property_claims(package)),
        (*comments[:_MOST_COMMENTS], *changes[:_MOST_CHANGES], *outward, *office.listed(package)),
        tuple(dict.fromkeys(warnings)),
    ).frame()
    text = "\n\n".join(filter(None, [_text(main), *_notes(package, name)]))
    if text:
        yield text_frame(text, made_by=MADE_BY)


def _text(root: Any) -> str:
    paragraphs = (_paragraph(one).strip() for one in xml_trees.children(root, "p"))
    return "\n\n".join(text for text in paragraphs if text)


def _paragraph(paragraph: Any) -> str:
    """Return the words of a paragraph; those of a text box in it are paragraphs of their own."""
    pieces: list[str] = []
    waiting = list(paragraph)[::-1]
    while waiting:
        element = waiting.pop()
        name = xml_trees.local_name(element)
        if name == "t":
            pieces.append(element.text or "")
        pieces.append(_BREAKS.get(name, ""))
        # A box is given twice, for old programs too; struck out text is no text of the document any more.
        if name not in {"p", "Fallback", "del", "moveFrom", "txbxContent"}:
            waiting += list(element)[::-1]
    return "".join(pieces)


def _notes(package: StrictZip, main: str) -> Iterator[str]:
    for word in _NOTES:
        for root in _roots(package, main, word):
            yield _text(root)


def _roots(package: StrictZip, main: str, word: str) -> Iterator[Any]:
    """Yield the parts of a kind that the main part names, as far as they can be read."""
    for name in office.related(package, main, word).values():
        try:
            root = office.part_root(package, name)
        except NotParsed:
            continue
        if root is not None:
            yield root


def _comments(package: StrictZip, main: str) -> Iterator[dict[str, Plain]]:
    for root in _roots(package, main, "comments"):
        for comment in xml_trees.children(root, "comment"):
            yield {"kind": "comment", **_who_and_when(comment), "text": _text(comment)}


def _changes(main: Any) -> Iterator[dict[str, Plain]]:
    """Yield what was struck out or put in while changes were tracked, with who is said to have done it."""
    for name, kind in (("del", "deleted text"), ("ins", "inserted text")):
        for change in xml_trees.children(main, name):
            pieces = (one.text or "" for one in change.iter() if xml_trees.local_name(one) in {"t", "delText"})
            text = "".join(pieces)
            if text:
                yield {"kind": kind, **_who_and_when(change), "text": text}


def _who_and_when(element: Any) -> dict[str, Plain]:
    return {"author": xml_trees.attribute(element, "author"), "at": xml_trees.attribute(element, "date")}


def _warnings(package: StrictZip, main: Any, changes: list[dict[str, Plain]]) -> Iterator[str]:
    if any(change["kind"] == "deleted text" for change in changes):
        yield "It still holds text that was struck out; it is listed with who is said to have done it."
    names = {xml_trees.local_name(element) for element in main.iter()}
    if "altChunk" in names or any("afchunk" in entry.name.lower() for entry in package.entries):
        yield "A part of its text is a page of another form inside it, which is not read."
    if "vanish" in names:
        yield "Some of its text is marked as hidden; it is in the extracted text all the same."
    fields = " ".join((one.text or "") for one in xml_trees.children(main, "instrText")).upper().split()
    if any(word in fields for word in _ACTING_FIELDS):
        yield "It has fields that would load something, or start another program, when it is opened."
