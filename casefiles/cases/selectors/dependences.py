"""Which claim rests on which, and what of it has given way."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casefiles.cases.dependence import Beneath, footing
from casefiles.cases.models import Case, Claim, ClaimKind, Dependence
from casefiles.core.addresses import record_address

FELL: dict[str, Any] = {
    "withdrawn": lambda: _("%(claim)s was withdrawn"),
    "refuted": lambda: _("%(claim)s was refuted"),
    "voided": lambda: _("%(claim)s was taken out of the case"),
    "unsupported": lambda: _("%(claim)s is unsupported"),
}


@dataclass(frozen=True)
class RestLine:
    """One end of a dependence, as its other end shows it. `state` is the claim's standing, or "voided"."""

    id: uuid.UUID
    claim_id: uuid.UUID
    label: str
    text: str
    is_assumption: bool
    state: str
    note: str
    url: str


@dataclass(frozen=True)
class RestsOf:
    """What one claim rests on and what rests on it; `warnings` say what gave way, `assumed` what is only assumed.

    An assumption that lies deeper is named with the claim that leads to it: ("C-05 …", "C-02").
    """

    on: tuple[RestLine, ...] = ()
    carries: tuple[RestLine, ...] = ()
    warnings: tuple[str, ...] = ()
    assumed: tuple[tuple[RestLine, str], ...] = ()


NOTHING = RestsOf()


@dataclass(frozen=True)
class _End:
    """One claim of a dependence, as little of it as a line shows."""

    id: uuid.UUID
    number: int
    text: str
    kind: str
    outcome: str
    is_voided: bool


ENDS = ("claim", "rests_on")
COLUMNS = ("pk", "number", "text", "kind", "outcome", "assertion__voided_at")


class Dependences:
    """The dependences of one case, read in one query; `rests_of` answers once the standings are known."""

    def __init__(self, case: Case, user: Any) -> None:
        names = [f"{end}__{column}" for end in ENDS for column in COLUMNS]
        rows = Dependence.objects.visible_to(user).current().filter(case=case)
        ordered = rows.order_by("rests_on__number", "claim__number", "pk").values_list("pk", "note", *names)
        self._case_id = case.pk
        self._ends: dict[uuid.UUID, _End] = {}
        self._rows: list[tuple[uuid.UUID, str, uuid.UUID, uuid.UUID]] = []
        for pk, note, *columns in ordered:
            claim, other = self._end(columns[: len(COLUMNS)]), self._end(columns[len(COLUMNS) :])
            self._rows.append((pk, note, claim.id, other.id))
        self.rests_on: dict[uuid.UUID, list[uuid.UUID]] = {}
        for _pk, _note, claim_id, other_id in self._rows:
            self.rests_on.setdefault(claim_id, []).append(other_id)

    def _end(self, columns: Sequence[Any]) -> _End:
        key, number, text, kind, outcome, voided_at = columns
        return self._ends.setdefault(key, _End(key, number, text, kind, outcome, voided_at is not None))

    def unjudged(self, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Return the outcome of every current claim whose standing the lines of some claims need beside their own."""
        asked = set(keys)
        near = {end for pair in self._pairs() if asked & set(pair) for end in pair}
        unread = list(near | asked)
        while unread:
            above = [one for one in self.rests_on.get(unread.pop(), ()) if one not in near]
            near.update(above)
            unread.extend(above)
        ends = (self._ends[key] for key in near - asked if key in self._ends)
        return {end.id: end.outcome for end in ends if not end.is_voided}

    def _pairs(self) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
        return ((claim_id, other_id) for _pk, _note, claim_id, other_id in self._rows)

    def rests_of(self, key: uuid.UUID, states: Mapping[uuid.UUID, str]) -> RestsOf:
        """Return what a claim rests on and carries. `states` has the standing of every current claim concerned."""
        if key not in self._ends:
            return NOTHING
        assumptions = frozenset(end.id for end in self._ends.values() if end.kind == ClaimKind.ASSUMPTION)
        found = footing(key, rests_on=self.rests_on, states=states, assumptions=assumptions)
        return RestsOf(
            on=tuple(self._line(pk, note, other, states) for pk, note, one, other in self._rows if one == key),
            # One that was taken out argues nothing any more, and needs nothing to carry it.
            carries=tuple(
                self._line(pk, note, one, states)
                for pk, note, one, other in self._rows
                if other == key and not self._ends[one].is_voided
            ),
            warnings=tuple(self._warning(one) for one in found.gave_way),
            assumed=tuple(
                (self._line(one.claim, "", one.claim, states), self._label(one.through) if one.through else "")
                for one in found.assumed
            ),
        )

    def _line(self, pk: uuid.UUID, note: str, key: uuid.UUID, states: Mapping[uuid.UUID, str]) -> RestLine:
        end = self._ends[key]
        return RestLine(
            id=pk,
            claim_id=key,
            label=self._label(key),
            text=end.text,
            is_assumption=end.kind == ClaimKind.ASSUMPTION,
            state="voided" if end.is_voided else states.get(key, "voided"),
            note=note,
            url=record_address("cases:claim", self._case_id, key),
        )

    def _label(self, key: uuid.UUID) -> str:
        return f"C-{self._ends[key].number:02d}"

    def _warning(self, beneath: Beneath[uuid.UUID]) -> str:
        words = str(FELL[beneath.state]()) % {"claim": self._label(beneath.claim)}
        if beneath.through is None:
            return _("It rests on a claim that gave way: %(what)s.") % {"what": words}
        return _("Through %(claim)s it rests on a claim that gave way: %(what)s.") % {
            "claim": self._label(beneath.through),
            "what": words,
        }


def may_rest_on(claim: Claim, user: Any) -> list[Claim]:
    """Return the other current claims of the case, in their order: those that the claim may be said to rest on."""
    rows = Claim.objects.visible_to(user).filter(case=claim.case_id).current().in_order()
    return list(rows.exclude(pk=claim.pk))
