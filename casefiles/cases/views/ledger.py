"""The claims as a ledger: their order, one split in two, two merged into one."""

from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.forms.ledger import MergeForm, OrderForm, SplitForm
from casefiles.cases.models import Claim, Stance
from casefiles.cases.querysets import numbered
from casefiles.cases.views.base import CaseForm, undo
from casefiles.cases.views.claims import ClaimForms
from casefiles.cases.wording import halves
from casefiles.core.refusals import Refused
from casefiles.evidence.models import Citation


class OrderClaims(CaseForm):
    """Gives a claim another place: one step, by the buttons of the list, or before another claim."""

    form_class = OrderForm
    title = gettext_lazy("Give a claim another place")
    submit_label = gettext_lazy("Move it")
    back = "claims"
    crumb = gettext_lazy("Claims")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def perform(self, form: Any, *, version: int) -> Claim:
        wanted = form.cleaned_data
        order = list(selectors.numbered_claims(self.case, self.user))
        claim, position = _step(order, wanted["move"]) if wanted["move"] else _before(order, **_named(wanted))
        actions.place_claim(claim, by=self.user, position=position)
        return claim

    def success_message(self, saved: Claim) -> str:
        return _("%(label)s was moved.") % {"label": saved.label}

    def undo_for(self, saved: Claim) -> dict[str, Any]:
        return undo(saved, "undo")

    def success_url(self, saved: Claim) -> str:
        stay = {"arrange": 1} if self.request.POST.get("move") else {}
        return f"{self.address('claims')}?{urlencode({**stay, 'near': saved.label})}#claim-{saved.label}"


def _named(wanted: dict[str, Any]) -> dict[str, Any]:
    return {"claim": wanted["claim"], "other": wanted["before"]}


def _step(order: list[Claim], move: str) -> tuple[Claim, int]:
    """Return the claim that "C-03 up" names, and the place of its neighbour.

    Raises:
        Refused: there is no such claim, or it stands at that end already.
    """
    label, direction = move.split()
    at = next((place for place, claim in enumerate(order) if claim.number == numbered(label)), None)
    beside = None if at is None else at + (-1 if direction == "up" else 1)
    if at is None or beside is None or not 0 <= beside < len(order):
        raise Refused(_("%(label)s stands at that end already.") % {"label": label})
    return order[at], order[beside].position


def _before(order: list[Claim], *, claim: Claim, other: Claim | None) -> tuple[Claim, int]:
    if other is None:
        return claim, order[-1].position
    # What stands further down leaves a gap above which the other one moves up.
    return claim, other.position - (claim.position < other.position)


class SplitClaim(ClaimForms):
    """Makes two claims of a compound one; each citation and stance goes to one half or to both."""

    form_class = SplitForm
    is_edit = True
    title = gettext_lazy("Split the claim in two")
    submit_label = gettext_lazy("Split it")

    def get_initial(self) -> dict[str, Any]:
        first, second = halves(self.record.text)
        return {"first": first, "second": second}

    def form_kwargs(self) -> dict[str, Any]:
        line = selectors.claim_with_standing(self.record, self.user)
        cited = [(str(one.id), f"{one.reference} {one.item_title}") for one in line.citations]
        said = [(str(one.id), f"{one.statement_label} {one.speaker}: {one.stance_label}") for one in line.stances]
        return {"citations": cited, "stances": said}

    def perform(self, form: Any, *, version: int) -> Claim:
        goes = {
            what: {row: wanted[str(row.pk)] for row in model.objects.visible_to(self.user).filter(pk__in=wanted)}
            for what, model in (("citations", Citation), ("stances", Stance))
            for wanted in [form.goes(what)]
        }
        words = {name: form.cleaned_data[name] for name in ("first", "second")}
        return actions.split_claim(self.record, by=self.user, version=version, **words, **goes)

    def success_message(self, saved: Claim) -> str:
        return _("%(label)s was split: the second half is %(part)s.") % {
            "label": self.record.label,
            "part": saved.label,
        }

    def undo_for(self, saved: Claim) -> dict[str, Any]:
        return undo(saved)


class MergeClaim(ClaimForms):
    """Merges a claim into another one that says the same."""

    template_name = "cases/confirm.html"
    form_class = MergeForm
    title = gettext_lazy("Merge the claim into another")
    submit_label = gettext_lazy("Merge")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = {"label": self.record.label}
        consequences = [
            _("The other claim takes over its citations, stances, findings, dependences, lookups and subjects.")
            % label,
            _("%(label)s leaves the list; its page stays, with your reason, and points to the other.") % label,
            _("How analysts rated %(label)s against hypotheses, and what was commented on it, stays with it.") % label,
            _("Restoring %(label)s gives back what was taken over.") % label,
        ]
        return super().get_context_data(consequences=consequences, **kwargs)

    def perform(self, form: Any, *, version: int) -> Claim:
        actions.merge_claims(self.record, by=self.user, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_url(self, saved: Claim) -> str:
        return str(saved.merged_into.get_absolute_url())

    def success_message(self, saved: Claim) -> str:
        return _("%(label)s was merged into %(into)s.") % {"label": saved.label, "into": saved.merged_into.label}

    def undo_for(self, saved: Claim) -> dict[str, Any]:
        return undo(saved, "undo")
