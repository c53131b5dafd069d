"""What Office documents have in common: a strict ZIP of XML parts, properties, and ties to the outside."""

import posixpath
from collections.abc import Iterator
from typing import Any, BinaryIO

from casefiles.evidence.readers import xml_trees
from casefiles.evidence.readers.findings import Claim, NotParsed, Plain
from casefiles.evidence.readers.zips import MEBIBYTE, StrictZip, ZipLimits

LIMITS = ZipLimits(entries=5_000, entry_bytes=256 * MEBIBYTE, total_bytes=512 * MEBIBYTE, ratio=250)
_RELATIONS_BYTES = MEBIBYTE
_MOST_TIES = 150

# Dublin Core and the like in docProps/core.xml (ECMA-376, part 2, 11).
_PROPERTIES = {
    "title": "title",
    "creator": "author",
    "lastModifiedBy": "author",
    "created": "created",
    "modified": "modified",
    "language": "language",
    "subject": "summary",
    "description": "summary",
    "keywords": "keywords",
    "category": "keywords",
    "identifier": "identifier",
    "version": "version",
    "revision": "version",
}
_APPLICATION = {"Application": "software", "Company": "publisher", "Manager": "attribution", "Template": "attribution"}

# What a tie to the outside means, by the last word of its type; hyperlinks wait for a click and are only listed.
_OUTWARD = {
    "attachedTemplate": "It would load its template from elsewhere when it is opened.",
    "oleObject": "It would load an object from elsewhere when it is opened.",
    "frame": "It would load a page from elsewhere when it is opened.",
    "subDocument": "It would load a part of its text from elsewhere when it is opened.",
    "image": "It would load a picture from elsewhere when it is opened, which tells that it was.",
    "externalLinkPath": "It takes values from another workbook.",
    "externalLink": "It takes values from another workbook.",
    "xlPathMissing": "It takes values from another workbook.",
    "aFChunk": "It would load a part of its text from elsewhere when it is opened.",
}
# What an inner part means, by a piece of its name.
_INNER = (
    ("vbaproject.bin", "It holds macros. They never run here."),
    ("macrosheets/", "It holds macros of an old kind (Excel 4). They never run here."),
    ("activex/", "It holds controls that may run programs (ActiveX)."),
    ("embeddings/", "It holds other documents or programs (embedded objects). They are listed, not read."),
    ("oleobject", "It holds other documents or programs (embedded objects). They are listed, not read."),
    ("connections.xml", "It would fetch data from elsewhere when it is opened."),
    ("customui/", "It changes the commands of the program that opens it."),
)


def opened(file: BinaryIO) -> StrictZip:
    """Open a package.

    Raises:
        NotParsed: its ZIP is torn, ambiguous or a bomb.
    """
    return StrictZip(file, LIMITS)


def part_root(package: StrictZip, name: str) -> Any:
    """Return the root of an XML part, or None where the package has none of this name.

    Raises:
        NotParsed: it is damaged or larger than is read.
    """
    if name not in package:
        return None
    return xml_trees.root_of(package.read(name, xml_trees.MOST_BYTES))


def main_part(package: StrictZip) -> str:
    """Return the name of the part that programs open first: the package says which, and a decoy may bear its name.

    Raises:
        NotParsed: it says none.
    """
    name = next(iter(related(package, "", "officeDocument").values()), "")
    if name not in package:
        raise NotParsed("its main part is missing")
    return name


def related(package: StrictZip, part: str, word: str) -> dict[str, str]:
    """Return the parts tied to a part ("" for the package itself) by ties of a kind, by the id of the tie."""
    folder, _slash, name = part.rpartition("/")
    found = {}
    for relation in _children_of(package, posixpath.join(folder, "_rels", f"{name}.rels")):
        is_inside = xml_trees.attribute(relation, "TargetMode").lower() != "external"
        if is_inside and xml_trees.attribute(relation, "Type").rpartition("/")[2] == word:
            target = posixpath.join("/", folder, xml_trees.attribute(relation, "Target"))
            found[xml_trees.attribute(relation, "Id")] = posixpath.normpath(target).lstrip("/")
    return found


def property_claims(package: StrictZip) -> Iterator[Claim]:
    """Yield what the package says of itself; parts that are damaged say nothing."""
    for name, keys in (("docProps/core.xml", _PROPERTIES), ("docProps/app.xml", _APPLICATION)):
        for element in _children_of(package, name):
            key = keys.get(xml_trees.local_name(element))
            value = xml_trees.words(element)
            if key and value:
                yield Claim(key, value, where=f"{name}/{xml_trees.local_name(element)}")


def _children_of(package: StrictZip, name: str) -> Iterator[Any]:
    try:
        root = part_root(package, name)
    except NotParsed:
        return
    yield from root if root is not None else ()


def ties(package: StrictZip) -> list[dict[str, Plain]]:
    """Return where the package points outside: the kind in a word ("hyperlink", "attachedTemplate") and the address."""
    found: dict[tuple[str, str], dict[str, Plain]] = {}
    for entry in package.entries:
        if not entry.name.lower().endswith(".rels") or entry.size_bytes > _RELATIONS_BYTES:
            continue
        for relation in _children_of(package, entry.name):
            if xml_trees.attribute(relation, "TargetMode").lower() == "external":
                word = xml_trees.attribute(relation, "Type").rpartition("/")[2]
                url = xml_trees.attribute(relation, "Target")
                found.setdefault((word, url), {"kind": "link", "type": word, "url": url})
    return list(found.values())[:_MOST_TIES]


def warnings_of(package: StrictZip, outward: list[dict[str, Plain]]) -> Iterator[str]:
    """Yield what would act, load or hide; each sentence may come more than once."""
    yield from package.oddities()
    for tie in outward:
        word = str(tie["type"])
        if word in _OUTWARD:
            yield _OUTWARD[word]
        elif word.lower() != "hyperlink":
            yield "It would load something from elsewhere when it is opened."
    names = [entry.name.lower() for entry in package.entries]
    for piece, sentence in _INNER:
        if any(piece in name for name in names):
            yield sentence


def listed(package: StrictZip) -> Iterator[dict[str, Plain]]:
    """Yield the inner files that are no XML of the format itself: pictures, embedded documents, macros."""
    for entry in package.entries:
        if not entry.is_folder and not entry.name.lower().endswith((".xml", ".rels")):
            yield {"kind": "part", "name": entry.name, "size_bytes": entry.size_bytes}
