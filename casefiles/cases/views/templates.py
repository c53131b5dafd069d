"""Beginning a case from a template, and the claims that are still to be written."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.case_templates import Fate, Plan
from casefiles.cases.forms.templates import PlannedClaimForm, UseTemplateForm
from casefiles.cases.models import PlannedClaim
from casefiles.cases.views.base import CaseForm, PartForm, RemovePart, undo
from casefiles.core.forms import ReasonForm

LEFT_OUT: dict[Fate, Any] = {
    Fate.THERE: ngettext_lazy("%(n)d was there already.", "%(n)d were there already.", "n"),
    Fate.TAKEN_OUT: ngettext_lazy(
        "%(n)d was taken out before, and stays out.", "%(n)d were taken out before, and stay out.", "n"
    ),
    Fate.NO_STATE: ngettext_lazy("%(n)d duty waits for its State.", "%(n)d duties wait for their States.", "n"),
    Fate.NOT_LOADED: ngettext_lazy(
        "%(n)d duty was left out: its instrument is not loaded here.",
        "%(n)d duties were left out: their instruments are not loaded here.",
        "n",
    ),
}


class OffersTemplates:
    """A page whose form offers the templates, says of each what it would add, and may be looked at again first."""

    def plans(self, form: Any) -> dict[str, Any]:
        """Return what every template would add for the States of the form; the chosen one stands open."""
        is_read = form.is_bound and form.is_valid()
        states = form.cleaned_data["states"] if is_read else {}
        case = getattr(self, "case", None)
        chosen = form.cleaned_data.get("template") if is_read else None
        plans = selectors.plans_for(case, self.user, states=states)  # type: ignore[attr-defined]
        return {"plans": plans, "chosen": chosen.key if chosen else ""}

    @property
    def only_looks(self) -> bool:
        return "look" in self.request.POST  # type: ignore[attr-defined]


class UseTemplate(OffersTemplates, CaseForm):
    template_name = "cases/use_template.html"
    form_class = UseTemplateForm
    title = gettext_lazy("Use a template")
    submit_label = gettext_lazy("Add what is missing")
    back = "tasks"
    crumb = gettext_lazy("Tasks")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self.plans(kwargs["form"]), **kwargs)

    def perform(self, form: Any, *, version: int) -> Any:
        if self.only_looks:
            return self._show(form, status=200)
        return actions.use_template(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Plan) -> str:
        return told(saved)


def told(plan: Plan) -> str:
    """Return in words what came of using a template."""
    counts = [(words, plan.count(fate)) for fate, words in LEFT_OUT.items()]
    left_out = [str(words % {"n": number}) for words, number in counts if number]
    return " ".join([_added(plan), *left_out] if plan.adds_something else left_out)


def _added(plan: Plan) -> str:
    tasks, duties, claims = (sum(line.is_added for line in lines) for lines in (plan.tasks, plan.duties, plan.claims))
    parts = [
        ngettext("%(n)d task", "%(n)d tasks", tasks) % {"n": tasks} if tasks else "",
        ngettext("%(n)d duty", "%(n)d duties", duties) % {"n": duties} if duties else "",
        ngettext("%(n)d claim to be written", "%(n)d claims to be written", claims) % {"n": claims} if claims else "",
    ]
    return _("“%(template)s” added: %(parts)s.") % {
        "template": plan.template.name,
        "parts": ", ".join(part for part in parts if part),
    }


class EditPlannedClaim(PartForm):
    record_model = PlannedClaim
    form_class = PlannedClaimForm
    is_edit = True
    title = gettext_lazy("Ask it in other words")
    back = "claims"
    crumb = gettext_lazy("Claims")

    def get_initial(self) -> dict[str, Any]:
        return {"asks": self.record.asks}

    def perform(self, form: Any, *, version: int) -> PlannedClaim:
        actions.change_planned_claim(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_url(self, saved: PlannedClaim) -> str:
        return saved.get_absolute_url()

    def success_message(self, saved: PlannedClaim) -> str:
        return _("The question was changed.")

    def undo_for(self, saved: PlannedClaim) -> dict[str, Any]:
        return undo(saved, "undo")


class VoidPlannedClaim(RemovePart):
    record_model = PlannedClaim
    form_class = ReasonForm
    title = gettext_lazy("No such claim is needed")
    submit_label = gettext_lazy("Take it out")
    back = "claims"
    crumb = gettext_lazy("Claims")

    def consequences(self) -> list[str]:
        return [_("The question leaves the list. A template does not bring it back.")]

    def perform(self, form: Any, *, version: int) -> PlannedClaim:
        actions.void_in_case(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]
