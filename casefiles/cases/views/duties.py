"""The duties of a case: which provisions it considers, and what its claims show of their elements."""

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.forms.duties import DutyForm, FindingForm, NewFindingForm
from casefiles.cases.models import Case, Claim, Duty, ElementFinding, Outcome
from casefiles.cases.selectors.duties import DutyLine
from casefiles.cases.views.base import CaseForm, PartForm, RemovePart, undo
from casefiles.cases.views.parts import PartsPage
from casefiles.core.conflicts import Base
from casefiles.core.forms import Form, ReasonForm
from casefiles.core.keyset import KeysetPage, Order
from casefiles.sanctions.models import Element
from casefiles.sanctions.selectors.instruments import elements_of

DUTIES = gettext_lazy("Duties")


def citable(case: Case, user: Any) -> dict[str, Claim]:
    """Return the claims that a finding may rest on, by key: those that were not withdrawn or refuted."""
    claims = selectors.numbered_claims(case, user).filter(outcome=Outcome.HELD).order_by("number", "pk")
    return {str(claim.pk): claim for claim in claims}


def values_of(finding: ElementFinding, claims: dict[str, Claim]) -> dict[str, Any]:
    """Return what the form of a finding shows at first: of its claims those that still stand."""
    cited = [str(key) for key in finding.claims.order_by("number").values_list("pk", flat=True)]
    return {"finding": finding.finding, "claims": [key for key in cited if key in claims], "note": finding.note}


class Duties(PartsPage):
    """The matrix and, below, each duty element by element; `?duty=…&element=…` opens the form of one in its place."""

    template_name = "cases/duties.html"
    tab = "duties"
    talk_kind = "cases.duty"
    page_size = 20
    orders: ClassVar[dict[str, Order]] = {"added": Order("created_at")}

    def get_queryset(self) -> QuerySet[Duty]:
        return selectors.case_duties(self.case, self.user)

    def named(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Duties have no numbers: the address has the key."""
        asked = self._key("near") or self._key("duty")
        return rows.filter(pk=asked) if asked else rows.none()

    def _key(self, name: str) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.request.GET.get(name, ""))
        except ValueError:
            return None

    @property
    def unkept(self) -> frozenset[str]:
        return super().unkept | {"duty", "element"}

    def rows(self, page: KeysetPage) -> list[DutyLine]:
        return selectors.duty_lines(list(page.rows), self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(duty_prefix=self.address("duties"), **kwargs)
        lines: list[DutyLine] = context["rows"]
        columns = max((len(line.elements) for line in lines), default=0)
        matrix = [(line, columns - len(line.elements)) for line in lines]
        context.update(lines=lines, matrix=matrix, columns=range(1, columns + 1))
        if context["may_edit"]:
            context.update(self._open_form(lines))
        return context

    def _open_form(self, lines: list[DutyLine]) -> dict[str, Any]:
        """Return the form of the element that the address names, and where it is sent; nothing where it names none."""
        wanted = self._key("duty"), self._key("element")
        found = [one for line in lines for one in line.elements if (one.duty_id, one.id) == wanted]
        if not found or (found[0].finding and found[0].finding.is_voided):
            return {}
        line = found[0]
        claims = citable(self.case, self.user)
        if line.finding is None:
            form: Any = FindingForm(user=self.user, claims=claims)
            return {"open_element": line.anchor, "form": form, "form_url": self.address("finding_add", line.duty_id)}
        form = FindingForm(user=self.user, claims=claims, initial=values_of(line.finding, claims))
        return {
            "open_element": line.anchor,
            "form": form,
            "form_url": self.address("finding_edit", line.finding.pk),
            "base_token": Base.of(form, record=line.finding).dumps(user=self.user),
        }


class DutyForms(CaseForm):
    back = "duties"
    crumb = DUTIES

    def success_url(self, saved: Any) -> str:
        return str(saved.get_absolute_url())


class AddDuty(DutyForms):
    form_class = DutyForm
    title = gettext_lazy("Consider a duty")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def perform(self, form: Any, *, version: int) -> Duty:
        return actions.add_duty(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Duty) -> str:
        return _("The case considers this duty now. Say of each element what the claims show.")

    def undo_for(self, saved: Duty) -> dict[str, Any]:
        return undo(saved)


class DutyPart(PartForm, DutyForms):
    record_model = Duty

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "provision__instrument", "organisation")


class RemoveDuty(DutyPart, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Take the duty out")
    submit_label = gettext_lazy("Take it out")

    def consequences(self) -> list[str]:
        return [_("“%(name)s” is no longer considered; its findings are not shown any more.") % {"name": self.record}]

    def perform(self, form: Any, *, version: int) -> Duty:
        actions.remove_duty(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def success_url(self, saved: Duty) -> str:
        return self.address("duties")


class AddFinding(DutyPart):
    form_class = NewFindingForm
    title = gettext_lazy("Add a finding")

    @cached_property
    def elements(self) -> dict[str, Element]:
        """Return the provision's elements on which nothing was found yet, by key."""
        key = self.record.provision_id
        found = ElementFinding.objects.visible_to(self.user).filter(duty=self.record)
        taken = set(found.values_list("element_id", flat=True))
        return {str(one.pk): one for one in elements_of([key], self.user).get(key, []) if one.pk not in taken}

    def get_initial(self) -> dict[str, Any]:
        return {"element": self.request.GET.get("element", "")}

    def form_kwargs(self) -> dict[str, Any]:
        return {"claims": citable(self.case, self.user), "elements": self.elements}

    def perform(self, form: Any, *, version: int) -> ElementFinding:
        return actions.add_finding(self.record, by=self.user, **form.cleaned_data)

    def success_message(self, saved: ElementFinding) -> str:
        return _("The finding was recorded.")

    def undo_for(self, saved: ElementFinding) -> dict[str, Any]:
        return undo(saved)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=str(self.record), **kwargs)


class FindingPart(PartForm, DutyForms):
    record_model = ElementFinding

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related(
            "assertion__voided_by", "case__compartment", "duty__provision__instrument", "duty__organisation", "element"
        )


class EditFinding(FindingPart):
    form_class = FindingForm
    is_edit = True
    title = gettext_lazy("Change the finding")

    @cached_property
    def claims(self) -> dict[str, Claim]:
        return citable(self.case, self.user)

    def form_kwargs(self) -> dict[str, Any]:
        return {"claims": self.claims}

    def get_initial(self) -> dict[str, Any]:
        return values_of(self.record, self.claims)

    def perform(self, form: Any, *, version: int) -> ElementFinding:
        actions.change_finding(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: ElementFinding) -> str:
        return _("The finding was changed.")

    def undo_for(self, saved: ElementFinding) -> dict[str, Any]:
        return undo(saved, "undo")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        finding = self.record
        return super().get_context_data(
            about=f"{finding.duty}: {finding.element.text}",
            void_url=reverse("cases:finding_void", args=[finding.case_id, finding.pk]),
            **kwargs,
        )


class VoidFinding(FindingPart, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Withdraw the finding")
    submit_label = gettext_lazy("Withdraw it")

    def consequences(self) -> list[str]:
        return [_("The element is read as unknown until the finding is restored; your reason stands beside it.")]

    def perform(self, form: Any, *, version: int) -> ElementFinding:
        actions.void_in_case(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]


class RestoreFinding(FindingPart):
    template_name = "cases/confirm.html"
    form_class = Form
    title = gettext_lazy("Restore the finding")
    submit_label = gettext_lazy("Restore it")

    def perform(self, form: Any, *, version: int) -> ElementFinding:
        actions.restore_in_case(self.record, by=self.user)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: ElementFinding) -> str:
        return _("The finding was restored.")

    def undo_for(self, saved: ElementFinding) -> dict[str, Any]:
        return undo(saved)
