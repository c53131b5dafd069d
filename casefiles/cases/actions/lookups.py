"""Looked, found nothing: what was searched, and what came of it."""

from collections.abc import Iterable
from typing import Any

from casefiles.access.actions import add_record, change_record
from casefiles.audit import actions as audit
from casefiles.cases.actions.claims import keys_of, record_beside
from casefiles.cases.actions.guards import next_number, require_in, writable
from casefiles.cases.models import Case, Claim, Lookup
from casefiles.core.cleaning import cleaned
from casefiles.core.moments import Moment, Period


def add_lookup(
    case: Case,
    *,
    by: Any,
    searched: str,
    result: str,
    period: Period | None = None,
    looked: Moment | None = None,
    looked_by: str = "",
    note: str = "",
    claims: Iterable[Claim] = (),
) -> Lookup:
    """Record that somebody looked and found nothing, and on which claims that bears; without `looked_by` it is `by`.

    Raises:
        Refused: the case is closed, or a claim is another case's or was voided.
        ValidationError: there is no such result, or a text does not hold.
    """
    with audit.unit():
        case = writable(case, by=by)
        bears_on = _claims_in(case, claims)
        texts = cleaned(Lookup, {"searched": searched, "looked_by": looked_by, "note": note})
        lookup = Lookup(case=case, number=next_number(case, "last_lookup"), result=result, **texts)
        lookup.period, lookup.looked = period, looked
        saved: Lookup = add_record(lookup, by=by)
        if bears_on:
            saved.claims.set(bears_on)
            record_beside(saved, by=by, act="claims named", changes={"claims": (None, keys_of(bears_on))})
        return saved


def change_lookup(
    lookup: Lookup, *, by: Any, version: int, claims: Iterable[Claim] | None = None, **changes: Any
) -> dict[str, tuple[Any, Any]]:
    """Change what was written of a lookup, or on which claims it bears.

    Raises:
        Refused: the case is closed, the lookup was voided, or a claim is another case's or was voided.
        StaleVersion: somebody else changed it first.
    """
    with audit.unit():
        case = writable(lookup.case, by=by)
        held = list(lookup.claims.all())
        bears_on = held if claims is None else _claims_in(case, claims, held=held)
        before, after = keys_of(held), keys_of(bears_on)
        changed = change_record(
            lookup,
            by=by,
            version=version,
            changes=cleaned(Lookup, changes),
            beside={"claims": (before, after)} if before != after else {},
        )
        lookup.claims.set(bears_on)
        return changed


def _claims_in(case: Case, claims: Iterable[Claim], *, held: Iterable[Claim] = ()) -> list[Claim]:
    """Return the claims once each; one that was voided since stays named, but cannot be named anew."""
    named = list({claim.pk: claim for claim in claims}.values())
    known = {claim.pk for claim in held}
    require_in(case, *(claim for claim in named if claim.pk not in known))
    return named
