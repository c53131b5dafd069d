"""Citing an exhibit on a claim, down to the passage."""

from typing import Any

from casefiles.access.actions import restore_record
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import require_in, writable
from casefiles.cases.actions.reopening import telling_reopened
from casefiles.cases.models import Case, Claim, Exhibit
from casefiles.evidence.actions import citations
from casefiles.evidence.models import Citation
from casefiles.evidence.vocabulary import CitationStance


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
        with telling_reopened([claim.pk], by=by):
            return citations.cite(
                claim,
                item=exhibit.item,
                by=by,
                stance=stance,
                locator=locator,
                quote=quote,
                quote_language=quote_language,
                translation=translation,
            )


def change_citation(citation: Citation, *, case: Case, by: Any, version: int, **changes: Any) -> Citation:
    """Change where a citation of this case's claim points, what it quotes, or its stance."""
    with audit.unit():
        writable(case, by=by)
        with telling_reopened([citation.assertion_id], by=by):
            return citations.change_citation(citation, by=by, version=version, **changes)


def void_citation(citation: Citation, *, case: Case, by: Any, reason: str) -> None:
    """Withdraw a citation with a reason; it stays, marked, and counts for nothing."""
    with audit.unit():
        writable(case, by=by)
        with telling_reopened([citation.assertion_id], by=by):
            citations.void_citation(citation, by=by, reason=reason)


def cite_again(citation: Citation, claim: Claim, *, by: Any) -> Citation:
    """Cite on another claim what is cited on one, word for word; call it where the case is locked already."""
    return citations.cite(
        claim,
        item=citation.item,
        by=by,
        stance=citation.stance,
        locator_kind=citation.locator_kind,
        locator=citation.locator,
        quote=citation.quote,
        quote_language=citation.quote_language,
        translation=citation.translation,
        about=citation.about,
    )


def restore_citation(citation: Citation, *, case: Case, by: Any) -> None:
    """Take back that a citation of this case's claim was withdrawn."""
    with audit.unit():
        writable(case, by=by)
        with telling_reopened([citation.assertion_id], by=by):
            restore_record(citation, by=by)
