"""An exhibit and a place in it, as people write them in one go: "E-03 p. 4", "e3, para 9", "E-03 00:01:12".

Pure: text in, number and locator out.
"""

import re
from dataclasses import dataclass

from casefiles.evidence.locators import NotALocator, parse_locator

# What joins the two may be a comma or a colon; without anything between, "E-03p4" is one word and no reference.
_REFERENCE = re.compile(r"E\s?[-–]?\s?0*(?P<number>[1-9]\d{0,5})\s*(?:[,;:]\s*|\s)(?P<place>\S.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """The number of an exhibit, and a place in it as it was written."""

    number: int
    place: str


def read_reference(text: str) -> Reference | None:
    """Return what "E-03 p. 4" names; None where it is no exhibit with a place that locators understand."""
    match = _REFERENCE.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    try:
        parse_locator(match["place"])
    except NotALocator:
        return None
    return Reference(int(match["number"]), match["place"])
