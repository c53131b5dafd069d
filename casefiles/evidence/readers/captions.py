"""What agencies and programs write into pictures for people to read: XMP and IPTC as claims.

XMP is XML (ISO 16684-1): read without DTD, entities or anything outside, and only the properties named here. IPTC is
the older form of the same, a row of records (IPTC-IIM 4.2, https://iptc.org/std/IIM/4.2/specification/IIMV4.2.pdf).
"""

import re
import struct
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Xml

from casefiles.evidence.readers.findings import Claim

MOST_XMP_BYTES = 1024 * 1024
MOST_IPTC_BYTES = 1024 * 1024
MOST_OF_A_LIST = 50
UNREAD_XMP = "Its XMP block is damaged, larger than is read, or declares entities, and was not read."
UNREAD_IPTC = "Its IPTC block is damaged, and was not read to its end."

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
}
_PROPERTIES = (
    # property, key of the claim
    ("dc:title", "title"),
    ("photoshop:Headline", "title"),
    ("dc:creator", "author"),
    ("dc:description", "summary"),
    ("dc:rights", "rights_holder"),
    ("photoshop:Credit", "credit_line"),
    ("photoshop:Source", "attribution"),
    ("xmpRights:UsageTerms", "licence"),
    ("xmpRights:WebStatement", "licence"),
    ("dc:subject", "keywords"),
    ("exif:DateTimeOriginal", "captured"),
    ("photoshop:DateCreated", "captured"),
    ("xmp:CreateDate", "created"),
    ("xmp:ModifyDate", "modified"),
    ("xmp:CreatorTool", "software"),
    ("xmpMM:OriginalDocumentID", "identifier"),
)
_RECORDS = {
    # data set of the second record: key of the claim, name
    5: ("title", "Object Name"),
    25: ("keywords", "Keywords"),
    40: ("comment", "Special Instructions"),
    80: ("author", "By-line"),
    105: ("title", "Headline"),
    110: ("credit_line", "Credit"),
    115: ("attribution", "Source"),
    116: ("rights_holder", "Copyright Notice"),
    120: ("summary", "Caption/Abstract"),
}
_DAY, _TIME = 55, 60


# --- XMP ----------------------------------------------------------------------------------------------------------


def xmp_claims(packet: bytes) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Return what an XMP packet claims; and a warning where it is not read."""
    if not packet.strip(b"\x00 "):
        return (), ()
    if len(packet) > MOST_XMP_BYTES:
        return (), (UNREAD_XMP,)
    try:
        root = Xml.fromstring(packet.strip(b"\x00"), forbid_dtd=True)
    except (DefusedXmlException, Xml.ParseError, ValueError, LookupError):
        return (), (UNREAD_XMP,)
    descriptions = [part for rdf in _of_root(root) for part in rdf.findall(f"{_RDF}Description")]
    return tuple(_claims(descriptions)), ()


def _of_root(root: Any) -> list[Any]:
    return [root] if root.tag == f"{_RDF}RDF" else root.findall(f"{_RDF}RDF")


def _claims(descriptions: list[Any]) -> Iterator[Claim]:
    for name, key in _PROPERTIES:
        prefix, _colon, local = name.partition(":")
        tag = f"{{{_NAMESPACES[prefix]}}}{local}"
        for description in descriptions:
            # A simple property stands as an attribute or as an element.
            text = description.get(tag) or _text(description.find(tag))
            if text and text.strip():
                yield Claim(key, text.strip(), f"XMP {name}")


def _text(element: Any) -> str:
    """Return an element's text; of alternatives the default one, of a list all of it."""
    if element is None:
        return ""
    kind = next((one for one in element if one.tag in (f"{_RDF}Alt", f"{_RDF}Seq", f"{_RDF}Bag")), None)
    if kind is None:
        return element.text or ""
    entries = [entry for entry in kind.findall(f"{_RDF}li")[:MOST_OF_A_LIST] if entry.text]
    if kind.tag == f"{_RDF}Alt":
        language = "{http://www.w3.org/XML/1998/namespace}lang"
        entries = sorted(entries, key=lambda entry: entry.get(language) != "x-default")[:1]
    return "; ".join(entry.text.strip() for entry in entries)


# --- IPTC ---------------------------------------------------------------------------------------------------------


def iptc_claims(block: bytes) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Return what an IPTC block claims; and a warning where it breaks off."""
    rows, is_whole = _rows(block[:MOST_IPTC_BYTES])
    values: dict[int, list[bytes]] = {}
    for record, number, content in rows:
        if record == 2:
            values.setdefault(number, []).append(content)
    is_utf8 = any(record == 1 and number == 90 and content == b"\x1b%G" for record, number, content in rows)
    found = [
        Claim(key, "; ".join(_decoded(one, is_utf8) for one in values[number][:MOST_OF_A_LIST]), f"IPTC {name}")
        for number, (key, name) in _RECORDS.items()
        if any(one.strip(b"\x00 ") for one in values.get(number, ()))
    ]
    when = _moment(_first(values, _DAY), _first(values, _TIME))
    if when:
        found.append(Claim("captured", when, "IPTC Date Created"))
    return tuple(found), () if is_whole else (UNREAD_IPTC,)


def _rows(block: bytes) -> tuple[list[tuple[int, int, bytes]], bool]:
    """Return the rows of a block as (record, data set, content), and whether it could be read to its end."""
    rows: list[tuple[int, int, bytes]] = []
    place = 0
    while place + 5 <= len(block) and block[place] == 0x1C:
        record, number, size = struct.unpack_from(">BBH", block, place + 1)
        # A size of more than 15 bits is written at length; no caption needs that.
        if size > 0x7FFF or place + 5 + size > len(block):
            return rows, False
        rows.append((record, number, block[place + 5 : place + 5 + size]))
        place += 5 + size
    return rows, not block[place:].strip(b"\x00")


def _first(values: dict[int, list[bytes]], number: int) -> str:
    return values.get(number, [b""])[0].decode("latin-1").strip()


def _decoded(content: bytes, is_utf8: bool) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8" if is_utf8 else "cp1252", "replace")
    return text.strip("\x00 ")


def _moment(day: str, time: str) -> str:
    """Return a date, with its time where there is one, and its offset where that is given."""
    try:
        told = date.fromisoformat(day).isoformat() if re.fullmatch(r"\d{8}", day) else ""
    except ValueError:
        return ""
    clock = re.fullmatch(r"([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?:([+-])(\d\d)(\d\d))?", time)
    if clock is None or not told:
        return told
    told = f"{told}T{clock[1]}:{clock[2]}:{clock[3]}"
    return f"{told}{clock[4]}{clock[5]}:{clock[6]}" if clock[4] else told


def without_repeats(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return claims without those that only say again, elsewhere, what an earlier one said."""
    kept: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        kept.setdefault((claim.key, repr(claim.value)), claim)
    return tuple(kept.values())
