"""Splitting a compound claim in two, and taking that back."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from casefiles.audit import actions as audit
from casefiles.cases.actions.citing import cite_again, restore_citation, void_citation
from casefiles.cases.actions.claims import add_claim, change_claim, place_claim, void_claim
from casefiles.cases.actions.dependences import add_dependence
from casefiles.cases.actions.guards import require_in, restore_in_case, void_in_case, writable
from casefiles.cases.actions.lookups import change_lookup
from casefiles.cases.actions.statements import set_stance
from casefiles.cases.models import Claim, Lookup, Stance
from casefiles.core.refusals import Refused
from casefiles.evidence.models import Citation

# What both halves share at first.
SHARED = ("kind", "occurred", "place", "likelihood", "confidence", "rationale", "gaps", "is_key")


class Goes(StrEnum):
    """Which half a citation or a stance goes to."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


def split_claim(
    claim: Claim,
    *,
    by: Any,
    version: int,
    first: str,
    second: str,
    citations: Mapping[Citation, str],
    stances: Mapping[Stance, str] | None = None,
) -> Claim:
    """Leave `first` to the claim, and give `second` a number of its own right behind it; return the new claim.

    Citations and stances go to one half or to both; those not named stay. Both halves keep the judgement, the subjects,
    the claims they rest on and the lookups; findings stay with the first.

    Raises:
        Refused: the case is closed, a half is empty, or a citation or stance is another claim's.
        StaleVersion: somebody else changed the claim first.
    """
    for name, text in (("first", first), ("second", second)):
        if not text.strip():
            raise Refused(_("Each half needs words of its own."), field=name)
    with audit.unit():
        case = writable(claim.case, by=by)
        require_in(case, claim)
        _refuse_others(claim, citations, stances or {})
        was = claim.text
        change_claim(claim, by=by, version=version, text=first)
        shared = {name: getattr(claim, name) for name in SHARED}
        part = add_claim(case, by=by, text=second, subjects=claim.subjects.current(), **shared)
        place_claim(part, by=by, position=claim.position + 1)
        gone = {
            "citations": _share_citations(claim, part, citations, by=by),
            "stances": _share_stances(claim, part, stances or {}, by=by),
        }
        _share_rest(claim, part, by=by)
        part.taken_over = {"split_from": str(claim.pk), "was": was, "left": claim.text, **gone}
        Claim.objects.filter(pk=part.pk).update(taken_over=part.taken_over)
    return part


def _refuse_others(claim: Claim, citations: Mapping[Citation, str], stances: Mapping[Stance, str]) -> None:
    for goes in (*citations.values(), *stances.values()):
        Goes(goes)
    if any(one.assertion_id != claim.pk for one in citations) or any(one.claim_id != claim.pk for one in stances):
        raise Refused(_("Only what belongs to this claim can be shared out."))


def _share_citations(claim: Claim, part: Claim, citations: Mapping[Citation, str], *, by: Any) -> list[str]:
    """Return the keys of the citations that the first half lost."""
    gone = []
    for citation, goes in citations.items():
        if goes != Goes.FIRST:
            cite_again(citation, part, by=by)
        if goes == Goes.SECOND:
            void_citation(citation, case=claim.case, by=by, reason=_went_to(part, claim))
            gone.append(str(citation.pk))
    return gone


def _share_stances(claim: Claim, part: Claim, stances: Mapping[Stance, str], *, by: Any) -> list[str]:
    gone = []
    for stance, goes in stances.items():
        if goes != Goes.FIRST:
            set_stance(part, stance.case_statement, by=by, stance=stance.stance, note=stance.note)
        if goes == Goes.SECOND:
            void_in_case(stance, by=by, reason=_went_to(part, claim))
            gone.append(str(stance.pk))
    return gone


def _went_to(part: Claim, claim: Claim) -> str:
    return _("Went to %(part)s when %(claim)s was split.") % {"part": part.label, "claim": claim.label}


def _share_rest(claim: Claim, part: Claim, *, by: Any) -> None:
    for dependence in claim.dependences.current().filter(rests_on__assertion__voided_at=None).named():
        add_dependence(part, by=by, rests_on=dependence.rests_on, note=dependence.note)
    for lookup in Lookup.objects.current().filter(claims=claim).order_by("number"):
        change_lookup(lookup, by=by, version=lookup.version, claims=[*lookup.claims.all(), part])


def take_back_claim(claim: Claim, *, by: Any, reason: str) -> None:
    """Void a claim that was made by mistake; of one that came of a split, give the first half back what it lost.

    Raises:
        Refused: the case is closed, or no reason was given.
    """
    with audit.unit():
        void_claim(claim, by=by, reason=reason)
        kept = claim.taken_over
        if "split_from" not in kept:
            return
        first = Claim.objects.visible_to(by).get(pk=kept["split_from"])
        if not first.is_voided and first.text == kept["left"]:
            change_claim(first, by=by, version=first.version, text=kept["was"])
        for citation in Citation.objects.visible_to(by).filter(pk__in=kept["citations"], voided_at__isnull=False):
            restore_citation(citation, case=first.case, by=by)
        for stance in Stance.objects.visible_to(by).filter(pk__in=kept["stances"], voided_at__isnull=False):
            restore_in_case(stance, by=by)
