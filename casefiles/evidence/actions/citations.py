"""Citing an item for anything that is asserted, down to the page, passage or region."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casefiles.access.actions import (
    add_record,
    change_record,
    compartments_of,
    refuse_voided,
    require,
    require_covered,
    void_record,
)
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import only
from casefiles.evidence.locators import Locator, NotALocator, parse_locator
from casefiles.evidence.models import Assertion, Citation, Item
from casefiles.evidence.selectors.texts import pages_of, stored_texts_of
from casefiles.evidence.texts import is_quoted
from casefiles.evidence.vocabulary import CitationStance, LocatorKind, QuoteCheck

CHANGEABLE = frozenset({"stance", "locator_kind", "locator", "quote", "quote_language", "translation", "about"})


def cite(
    assertion: Any,
    *,
    by: Any,
    item: Item,
    stance: str = CitationStance.SUPPORTS,
    locator_kind: str = LocatorKind.WHOLE,
    locator: str = "",
    quote: str = "",
    quote_language: str = "",
    translation: str = "",
    about: str = "",
) -> Citation:
    """Cite an item for an assertion, or for a record anchored to one.

    A locator given as typed ("p. 4") with the kind "whole" finds its own kind. A quote is looked for in the stored
    text; not finding it is a mark that stays with the citation and never stops it.

    Raises:
        NotVisible, NotAllowed: the assertion must be writable and the item readable.
        Refused: either is voided, the item is restricted to fewer people, or the locator names no place or a page
            beyond the document's end.
    """
    anchor: Assertion = getattr(assertion, "assertion", assertion)
    with audit.unit():
        require(by, Act.EDIT, assertion)
        require(by, Act.READ, item)
        refuse_voided(anchor)
        _refuse_withdrawn(item)
        require_covered(Circle.of(anchor), [item])
        place = _located(locator, locator_kind)
        _refuse_beyond_end(item, place)
        values = {
            "stance": stance, "locator_kind": place.kind, "locator": place.text, "quote": quote,
            "quote_language": quote_language, "translation": translation, "about": about,
        }  # fmt: skip
        values = cleaned(Citation, values)
        citation = Citation(assertion=anchor, item=item, quote_check=check_quote(item, values["quote"]), **values)
        added: Citation = add_record(citation, by=by)
    return added


def _refuse_withdrawn(item: Item) -> None:
    if Item.objects.filter(pk=item.pk, voided_at__isnull=False).exists():
        raise Refused(_("This item was voided, so it cannot be cited."), field="item")


def _located(text: str, kind: str) -> Locator:
    try:
        return parse_locator(str(cleaned(Citation, {"locator": text})["locator"]), kind)
    except NotALocator as error:
        raise Refused(
            _(
                "“%(text)s” names no place in an item. Write a page (p. 4), a paragraph (para 9), a time (00:01:12), "
                "an image region (xywh=10,20,300,200), a table cell (B4 or A1:B4), rows (rows 3-9) or part of a page "
                "(#heading); leave it empty for the whole item."
            )
            % {"text": text[:60]},
            field="locator",
        ) from error


def _refuse_beyond_end(item: Item, place: Locator) -> None:
    """Refuse a page that none of the item's documents has, as far as all of them were read."""
    pages = pages_of(item) if place.kind == LocatorKind.PAGE else None
    if pages is not None and int(place.text.rpartition("-")[2]) > pages:
        words = ngettext("This document has %(count)d page.", "This document has %(count)d pages.", pages)
        raise Refused(words % {"count": pages}, field="locator")


def change_citation(citation: Citation, *, by: Any, version: int, **changes: Any) -> Citation:
    """Change where or how an item is cited; the quote is checked again.

    Raises:
        StaleVersion: somebody else changed it first.
        Refused: the locator names no place, or a page beyond the document's end.
    """
    only(changes, CHANGEABLE)
    with audit.unit():
        require(by, Act.EDIT, citation)
        values = cleaned(Citation, changes)
        if {"locator", "locator_kind"} & set(changes):
            place = _located(changes.get("locator", citation.locator), changes.get("locator_kind", LocatorKind.WHOLE))
            _refuse_beyond_end(citation.item, place)
            values |= {"locator_kind": place.kind, "locator": place.text}
        if "quote" in values:
            values["quote_check"] = check_quote(citation.item, values["quote"])
        change_record(citation, by=by, version=version, changes=values)
    return citation


def void_citation(citation: Citation, *, by: Any, reason: str) -> None:
    """Withdraw a citation with a reason."""
    void_record(citation, by=by, reason=reason)


def check_quote(item: Item, quote: str) -> str:
    """Say whether a quote stands in one of the item's stored texts: a value of `QuoteCheck`.

    A damaged copy is no text. Words read by OCR count, and it is said where they alone hold the quote.
    """
    if not quote.strip():
        return str(QuoteCheck.NO_QUOTE)
    texts = stored_texts_of(item)
    if not texts:
        return str(QuoteCheck.NO_TEXT)
    holding = [stored for stored in texts if is_quoted(quote, stored.text)]
    if not holding:
        return str(QuoteCheck.NOT_FOUND)
    is_by_ocr_only = all(stored.is_read_by_ocr for stored in holding)
    return str(QuoteCheck.FOUND_IN_OCR if is_by_ocr_only else QuoteCheck.FOUND)


def check_again(item: Item) -> int:
    """Look once more for quotes of an item that had no text to look in, or stood in none that can be relied on.

    Returns how many have another answer now.
    """
    answered = 0
    with audit.unit():
        for citation in _unanswered(item):
            verdict = check_quote(item, citation.quote)
            if verdict != citation.quote_check:
                _mark_quote(citation, verdict)
                answered += 1
    return answered


def _unanswered(item: Item) -> Any:
    open_ones = (QuoteCheck.NO_TEXT, QuoteCheck.NOT_FOUND, QuoteCheck.FOUND_IN_OCR)
    citations = Citation.objects.current().filter(item=item, quote_check__in=open_ones)
    return citations.select_related("assertion").order_by("pk")


def _mark_quote(citation: Citation, verdict: str) -> None:
    changes = {"quote_check": (citation.quote_check, verdict)}
    # Its version stays: nobody edited it, and nobody's open form is stale for it.
    Citation.objects.filter(pk=citation.pk).update(quote_check=verdict)
    audit.record(
        by=None,
        act="quote checked",
        kind=citation._meta.label_lower,
        record_id=citation.pk,
        compartments=compartments_of(citation.assertion),
        changes=changes,
    )
