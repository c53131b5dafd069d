"""The numbered citations of a dossier."""

from collections.abc import Iterable
from typing import Any

from casefiles.cases.selectors import ExhibitLine
from casefiles.cases.selectors.claims import CitationLine


class Notes:
    """Numbered citations: the same passage of the same exhibit has one number throughout."""

    def __init__(self, exhibits: Iterable[ExhibitLine]) -> None:
        self._exhibits = {line.label: line for line in exhibits}
        self._numbers: dict[tuple[str, str, str], int] = {}
        self.lines: list[dict[str, Any]] = []

    def number(self, citation: CitationLine) -> int:
        key = (citation.exhibit_label, citation.locator, citation.quote)
        if key not in self._numbers:
            self._numbers[key] = len(self.lines) + 1
            self.lines.append(self._line(citation, self._numbers[key]))
        return self._numbers[key]

    def numbers(self, citations: Iterable[CitationLine]) -> list[dict[str, Any]]:
        """Return the numbers for citations of exhibits, in their order, each once, with the stance of each."""
        found: dict[int, dict[str, Any]] = {}
        for citation in citations:
            if citation.exhibit_label in self._exhibits:
                number = self.number(citation)
                found.setdefault(number, {"number": number, "stance": citation.stance})
        return sorted(found.values(), key=lambda one: one["number"])

    def _line(self, citation: CitationLine, number: int) -> dict[str, Any]:
        exhibit = self._exhibits[citation.exhibit_label]
        dated = exhibit.published or exhibit.occurred
        return {
            "number": number,
            "exhibit": citation.exhibit_label,
            "title": exhibit.title,
            "source": exhibit.source or exhibit.author,
            "date": dated.describe() if dated else "",
            "locator": citation.locator,
            "reliability": exhibit.grade[:1],
            "credibility": exhibit.grade[1:],
            "sha256": exhibit.sha256,
            "quote": citation.quote,
            "quote_language": citation.quote_language,
            "translation": citation.translation,
            "quote_check": citation.quote_check,
            "mark": citation.item_mark,
        }
