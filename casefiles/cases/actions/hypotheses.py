"""Which hypotheses a case weighs against each other, by which of its claims, and how each analyst rates them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, void_record
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import next_number, require_in, void_in_case, writable
from casefiles.cases.competing import MARKS
from casefiles.cases.models import Case, Claim, Hypothesis, Rating, RatingSheet, WeighedClaim
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused

# As many as one form may send: a browser's form holds two inputs for each cell.
HYPOTHESES_AT_MOST = 10
CLAIMS_AT_MOST = 40

Cell = tuple[Hypothesis, Claim]


@dataclass(frozen=True)
class Rated:
    """What an analyst says of one cell: a code of `competing.MARKS`, or "" to clear it, and why."""

    code: str
    rationale: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """Raises KeyError where there is no such code."""
        mark = MARKS[self.code] if self.code else None
        fit, strength = (mark.fit, mark.strength or "") if mark else ("", "")
        return {"fit": str(fit), "strength": str(strength), "rationale": self.rationale}


def add_hypothesis(case: Case, *, by: Any, text: str, note: str = "") -> Hypothesis:
    """Add a hypothesis under the case's next number.

    Raises:
        Refused: the case is closed, or weighs as many as it may.
        ValidationError: a field does not hold.
    """
    with audit.unit():
        case = writable(case, by=by)
        if Hypothesis.objects.current().filter(case=case).count() >= HYPOTHESES_AT_MOST:
            raise Refused(_("A case weighs at most %(count)d hypotheses.") % {"count": HYPOTHESES_AT_MOST})
        words = cleaned(Hypothesis, {"text": text, "note": note})
        return add_record(Hypothesis(case=case, number=next_number(case, "last_hypothesis"), **words), by=by)


def change_hypothesis(hypothesis: Hypothesis, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change a hypothesis's words; ratings stay, so a new question deserves a new hypothesis."""
    with audit.unit():
        writable(hypothesis.case, by=by)
        return change_record(hypothesis, by=by, version=version, changes=cleaned(Hypothesis, changes))


def void_hypothesis(hypothesis: Hypothesis, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take a hypothesis out with a reason; its number stays, and its ratings with it, unread."""
    void_in_case(hypothesis, by=by, reason=reason, version=version)


def weigh_claim(case: Case, *, by: Any, claim: Claim) -> WeighedClaim:
    """Choose one claim as a row of the matrix."""
    chosen, _taken_out = weigh_claims(case, by=by, chosen=[claim])
    if not chosen:
        raise Refused(_("%(label)s is a row of the matrix already.") % {"label": claim.label}, field="claim")
    return chosen[0]


def weigh_claims(
    case: Case, *, by: Any, chosen: Iterable[Claim] = (), taken_out: Collection[Claim] = ()
) -> tuple[list[WeighedClaim], list[WeighedClaim]]:
    """Choose claims as rows of the matrix, and take others out; return what became a row, and what no longer is one.

    What is as it should be already is left alone, so that two people who choose at once undo nothing of each other.

    Raises:
        Refused: the case is closed, a claim is of another case or was voided, or there would be too many rows.
    """
    with audit.unit():
        case = writable(case, by=by)
        wanted = {claim.pk: claim for claim in chosen}
        require_in(case, *wanted.values())
        rows = {row.claim_id: row for row in WeighedClaim.objects.current().filter(case=case)}
        leaving = [rows[claim.pk] for claim in taken_out if claim.pk in rows]
        new = [claim for key, claim in wanted.items() if key not in rows]
        if len(rows) - len(leaving) + len(new) > CLAIMS_AT_MOST:
            raise Refused(_("A matrix holds at most %(count)d claims.") % {"count": CLAIMS_AT_MOST}, field="claims")
        for row in leaving:
            void_record(row, by=by, reason=_("Taken out of the matrix"))
        return [add_record(WeighedClaim(case=case, claim=claim), by=by) for claim in new], leaving


def rate(case: Case, *, by: Any, cells: Mapping[Cell, Rated], version: int = 0) -> RatingSheet:
    """Rate some cells of the matrix as `by` sees them; nobody rates for anybody else. Other cells stay.

    `version` is that of the analyst's own sheet; 0 where they have rated nothing in this case yet.

    Raises:
        Refused: the case is closed, or a hypothesis or claim is of another case or was voided.
        StaleVersion: the analyst saved other ratings meanwhile, from another page.
        ValidationError: a rationale does not hold.
    """
    with audit.unit():
        case = writable(case, by=by)
        require_in(case, *{one.pk: one for cell in cells for one in cell}.values())
        sheet = RatingSheet.objects.filter(case=case, analyst=by).first()
        if sheet is None:
            sheet = add_record(RatingSheet(case=case, analyst=by), by=by)
            version = sheet.version
        before, rows = _set(sheet, cells)
        beside = {"cells": (before, _told(rows))} if rows else {}
        change_record(sheet, by=by, version=version, changes={}, beside=beside, act="rated")
        Rating.objects.bulk_create([row for row in rows if row._state.adding])
        Rating.objects.bulk_update([row for row in rows if not row._state.adding], ["fit", "strength", "rationale"])
        return sheet


def rate_again(sheet: RatingSheet, *, by: Any, version: int, told: Iterable[str], instead_of: Iterable[str]) -> None:
    """Take back a change of a sheet: what its event tells was there before, `instead_of` what it tells came after.

    Raises:
        Refused: the ratings are somebody else's, or a hypothesis or claim no longer stands.
    """
    if sheet.analyst_id != by.pk:
        raise Refused(_("These are the ratings of somebody else."))
    case = sheet.case
    hypotheses = {one.label: one for one in Hypothesis.objects.filter(case=case)}
    claims = {one.label: one for one in Claim.objects.filter(case=case)}
    cells: dict[Cell, Rated] = {}
    for line in instead_of:
        claim, hypothesis, *_rest = line.split(" ")
        cells[hypotheses[hypothesis], claims[claim]] = Rated("")
    for line in told:
        claim, hypothesis, code, rationale = line.split(" ", 3)
        cells[hypotheses[hypothesis], claims[claim]] = Rated("" if code == "–" else code, rationale)
    rate(case, by=by, cells=cells, version=version)


def _set(sheet: RatingSheet, cells: Mapping[Cell, Rated]) -> tuple[list[str], list[Rating]]:
    """Set cells, unsaved; return what an event tells of those that differ as they were, and those."""
    held = {(row.hypothesis_id, row.claim_id): row for row in sheet.ratings.select_related("hypothesis", "claim")}
    before, differing = [], []
    for (hypothesis, claim), rated in cells.items():
        row = held.get((hypothesis.pk, claim.pk)) or Rating(sheet=sheet, hypothesis=hypothesis, claim=claim)
        columns = cleaned(Rating, rated.columns)
        if any(getattr(row, name) != value for name, value in columns.items()):
            before.extend(_told([] if row._state.adding else [row]))
            for name, value in columns.items():
                setattr(row, name, value)
            row.clean_fields(exclude=["sheet", "hypothesis", "claim"])
            differing.append(row)
    return sorted(before), differing


def _told(rows: Iterable[Rating]) -> list[str]:
    """Return cells as an event keeps them: "C-03 H-01 II The yard had no such crane."; "–" for one that is empty."""
    codes = ((row, row.mark.code if row.mark else "–") for row in rows)
    return sorted(f"{row.claim.label} {row.hypothesis.label} {code} {row.rationale}" for row, code in codes)
