"""The statements of a case: the list, recording one, its stances, and removing it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.forms.statements import ExistingStatementForm, StancesForm, StatementForm
from casefiles.cases.models import CaseStatement, Exhibit, Stance
from casefiles.cases.views.base import CaseForm, PartForm, RemovePart, undo
from casefiles.cases.views.claims import claims_to_choose
from casefiles.cases.views.parts import PartPlace, PartsPage
from casefiles.core.forms import ReasonForm
from casefiles.core.keyset import KeysetPage
from casefiles.core.refusals import Refused


class Statements(PartsPage):
    template_name = "cases/statements.html"
    tab = "statements"
    talk_kind = "cases.casestatement"

    def get_queryset(self) -> QuerySet[CaseStatement]:
        return selectors.numbered_statements(self.case, self.user)

    def rows(self, page: KeysetPage) -> list[selectors.StatementLine]:
        return selectors.statement_lines(self.case, page.rows, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            claim_prefix=self.address("claims"),
            exhibit_prefix=self.address("exhibits"),
            statement_prefix=self.address("statements"),
            **kwargs,
        )
        context["lines"] = context["rows"]
        return context


class StatementPlace(PartPlace):
    part_model = CaseStatement
    list_name = "statements"


class StatementForms(CaseForm):
    back = "statements"
    crumb = gettext_lazy("Statements")

    def success_url(self, saved: CaseStatement) -> str:
        return saved.get_absolute_url()

    def undo_for(self, saved: CaseStatement) -> dict[str, Any]:
        return undo(saved)


class RecordStatement(StatementForms):
    """`?exhibit=E-03` chooses the exhibit; `?locator=` and `?quote=` bring the passage that somebody selected in it."""

    template_name = "cases/record_statement.html"
    form_class = StatementForm
    title = gettext_lazy("Record a statement")
    submit_label = gettext_lazy("Save the statement")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case, "claims": claims_to_choose(self.case, self.user)}

    def get_initial(self) -> dict[str, Any]:
        given = self.request.GET.get("exhibit", "")[:20]
        if not given:
            return {}
        rows = Exhibit.objects.visible_to(self.user).current().filter(case=self.case)
        exhibit = rows.matching(given.replace("\x00", "")).first()
        spoken = {"language": exhibit.item.language} if exhibit and exhibit.item.language else {}
        return {
            "exhibit": exhibit,
            "locator": self._given("locator", 200),
            "text": self._given("quote", 2_000),
            **spoken,
        }

    def _given(self, name: str, most: int) -> str:
        return self.request.GET.get(name, "").replace("\x00", "")[:most].strip()

    def perform(self, form: Any, *, version: int) -> CaseStatement:
        return actions.record_statement(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: CaseStatement) -> str:
        return _("Recorded as %(label)s.") % {"label": saved.label}


class AddStatement(StatementForms):
    """Brings a statement that is on record already into the case.

    Items cited for it that the case's readers may not see stay behind: that is said first, and sharing them is offered.
    """

    template_name = "cases/add_statement.html"
    form_class = ExistingStatementForm
    title = gettext_lazy("Bring a statement into the case")
    left_behind: selectors.LeftBehind | None = None

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(left_behind=self.left_behind, **kwargs)

    def perform(self, form: Any, *, version: int) -> CaseStatement:
        statement = form.cleaned_data["statement"]
        left = selectors.left_behind(self.case, statement, self.user)
        choice = self.request.POST.get("cited", "")
        if left and choice not in {"share", "leave"}:
            self.left_behind = left
            raise Refused(_("Not everything cited for it is seen in this case: choose below. Nothing was added yet."))
        shared_too = left.items if left and choice == "share" else ()
        return actions.add_case_statement(self.case, by=self.user, statement=statement, shared_too=shared_too)

    def success_message(self, saved: CaseStatement) -> str:
        return _("Added as %(label)s.") % {"label": saved.label}


class StatementPart(PartForm):
    record_model = CaseStatement
    back = "statements"
    crumb = gettext_lazy("Statements")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related(
            "case__compartment", "statement__assertion", "statement__speaker", "statement__organisation"
        )

    def success_url(self, saved: CaseStatement) -> str:
        return str(self.record.get_absolute_url())


class SetStances(StatementPart):
    """What one statement says of each claim."""

    template_name = "cases/stances.html"
    form_class = StancesForm
    is_edit = True
    title = gettext_lazy("What it says of the claims")

    def form_kwargs(self) -> dict[str, Any]:
        return {"claims": claims_to_choose(self.case, self.user)}

    def get_initial(self) -> dict[str, Any]:
        rows = Stance.objects.visible_to(self.user).current().filter(case_statement=self.record)
        return {f"stance_{claim_id}": stance for claim_id, stance in rows.values_list("claim_id", "stance")}

    def perform(self, form: Any, *, version: int) -> CaseStatement:
        chosen = {claim: form.cleaned_data[key] for key, claim in form.claims.items() if key in form.changed_data}
        actions.set_stances(self.record, by=self.user, stances=chosen, version=version)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: CaseStatement) -> str:
        return _("The stances of %(label)s were changed.") % {"label": saved.label}


class RemoveStatement(StatementPart, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Remove the statement")
    submit_label = gettext_lazy("Remove it")

    def consequences(self) -> list[str]:
        return [
            _("%(label)s leaves the case with its stances. Its number stays, with your reason.")
            % {"label": self.record.label},
            _("The statement itself stays on record."),
        ]

    def perform(self, form: Any, *, version: int) -> CaseStatement:
        actions.remove_case_statement(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]
