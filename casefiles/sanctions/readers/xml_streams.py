"""Elements of a large XML file, one by one: without document type, entities or anything from outside (R24).

Whole trees are read up to 10 MB; lists are larger, so each element is forgotten once it was used.
"""

from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

import defusedxml.ElementTree as safe
from defusedxml.common import DefusedXmlException

from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.readers.xml_trees import local_name

_DEEPEST = 60
CUT = "it ends before its XML does, or is damaged: the file may have been cut. Fetch it again"


def elements(file: BinaryIO, wanted: Collection[str]) -> Iterator[tuple[str, Any]]:
    """Yield each wanted element, by its name without namespace, once it is whole; the root comes first, still empty.

    Raises:
        NotParsed: it ends too early, is damaged, nested too deep, or declares a document type or entities.
    """
    file.seek(0)
    events = safe.iterparse(file, events=("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        yield from _wanted(events, wanted)
    except DefusedXmlException as error:
        raise NotParsed("its XML declares a document type or entities, which are not read") from error
    except (safe.ParseError, ValueError, LookupError) as error:
        raise NotParsed(CUT) from error


def _wanted(events: Any, wanted: Collection[str]) -> Iterator[tuple[str, Any]]:
    path: list[Any] = []
    for event, element in events:
        if event == "start":
            if not path:
                yield local_name(element), element
            path.append(element)
            if len(path) > _DEEPEST:
                raise NotParsed("its XML is nested deeper than is read")
            continue
        path.pop()
        name = local_name(element)
        if name in wanted:
            yield name, element
            element.clear()
            if path:
                path[-1].remove(element)


def child_text(element: Any, *names: str) -> str:
    """Return the text of the first direct child of one of these names, on one line."""
    for child in element:
        if local_name(child) in names:
            return " ".join("".join(child.itertext()).split())
    return ""


def descend(element: Any, *names: str) -> list[Any]:
    """Return the elements at a path of names below an element."""
    found = [element]
    for name in names:
        found = [child for parent in found for child in parent if local_name(child) == name]
    return found
