"""Citing an exhibit on a claim, down to the passage."""

from typing import Any

from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import require_in, writable
from casefiles.cases.models import Case, Claim, Exhibit
from casefiles.core.refusals import Refused
from casefiles.evidence.actions import citations
from casefiles.evidence.locators import NotALocator, parse_locator
from casefiles.evidence.models import Citation
from casefiles.evidence.vocabulary import CitationStance


def read_locator(text: str) -> tuple[str, str]:
    """Return the kind and value of a locator as typed: "p. 4", "para 9", "00:12:30"; nothing means the whole item.

    Raises:
        Refused: it is not understood.
    """
    try:
        locator = parse_locator(text)
    except NotALocator as error:
        raise Refused(error.reason, field="locator") from error
    return locator.kind, locator.text


def cite_exhibit(
    claim: Claim,
    *,
    by: Any,
    exhibit: Exhibit,
    stance: str = CitationStance.SUPPORTS,
    locator: str = "",
    quote: str = "",
    quote_language: str = "",
    translation: str = "",
) -> Citation:
    """Cite an exhibit on a claim of the same case; `locator` is text such as "p. 4".

    Raises:
        Refused: the case is closed, exhibit and claim are of two cases, one was voided, or the locator is not
            understood or lies beyond the document's end.
    """
    with audit.unit():
        case = writable(claim.case, by=by)
        require_in(case, claim, exhibit)
        kind, value = read_locator(locator)
        return citations.cite(
            assertion=claim.assertion,
            item=exhibit.item,
            by=by,
            stance=stance,
            locator_kind=kind,
            locator=value,
            quote=quote,
            quote_language=quote_language,
            translation=translation,
        )


def change_citation(
    citation: Citation, *, case: Case, by: Any, version: int, locator: str, **changes: Any
) -> dict[str, tuple[Any, Any]]:
    """Change where a citation of this case's claim points, what it quotes, or its stance."""
    with audit.unit():
        writable(case, by=by)
        kind, value = read_locator(locator)
        changes.update(locator_kind=kind, locator=value)
        return citations.change_citation(citation=citation, by=by, version=version, **changes)


def void_citation(citation: Citation, *, case: Case, by: Any, reason: str, version: int | None = None) -> None:
    """Withdraw a citation with a reason; it stays, marked, and counts for nothing."""
    with audit.unit():
        writable(case, by=by)
        citations.void_citation(citation=citation, by=by, reason=reason, version=version)
