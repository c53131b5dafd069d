"""XML without DTD, entities or XInclude, 10 MB at most (R24)."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import defusedxml.ElementTree as safe
from defusedxml.common import DefusedXmlException

from casefiles.evidence.readers.findings import NotParsed

MOST_BYTES = 10 * 1024 * 1024
_DEEPEST = 200


def root_of(content: bytes) -> Any:
    """Return the root element of a document.

    Raises:
        NotParsed: it is no XML, declares entities or a document type, or is larger or nested deeper than is read.
    """
    if len(content) > MOST_BYTES:
        raise NotParsed("its XML is larger than 10 MB, more than is read")
    events = safe.iterparse(
        io.BytesIO(content), events=("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    depth = 0
    try:
        for event, _element in events:
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise NotParsed("its XML is nested deeper than is read")
    except DefusedXmlException as error:
        raise NotParsed("its XML declares a document type or entities, which are not read") from error
    except (safe.ParseError, ValueError, LookupError) as error:
        raise NotParsed("its XML is damaged") from error
    return events.root


def read(file: BinaryIO) -> Any:
    """Return the root element of an XML file; see `root_of`."""
    return root_of(file.read(MOST_BYTES + 1))


def local_name(element: Any) -> str:
    """Return an element's name without its namespace; nothing for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its name without namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def children(element: Any, name: str) -> Iterator[Any]:
    """Yield all elements of a name below an element, at any depth, in the order of the document."""
    return (one for one in element.iter() if local_name(one) == name)


def words(element: Any) -> str:
    """Return the text of an element and of all below it, on one line."""
    return " ".join("".join(element.itertext()).split())
