"""Pages about statements and their translations."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.pages import AddPage, RecordListPage, RestorePage, VoidPage
from casefiles.core.addresses import record_address
from casefiles.core.countries import country_name
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ActionPage, SuggestPage
from casefiles.evidence.pages import (
    AssertedEditPage,
    AssertedHistoryPage,
    AssertedMixin,
    AssertedPage,
    CitePage,
    undo_of,
)
from casefiles.evidence.selectors.counting import citation_counts
from casefiles.statements import actions
from casefiles.statements.filters import StatementFilter
from casefiles.statements.forms import RenderingForm, StatementForm
from casefiles.statements.models import Rendering, Statement
from casefiles.statements.selectors import answered_by, answers_to, renderings_of

FIELDS = (
    "text", "speaker", "speaker_text", "organisation", "office", "state", "forum", "said", "language", "in_answer_to",
)  # fmt: skip


class StatementsPage(RecordListPage):
    template_name = "statements/statements.html"
    section = "statements"
    model = Statement
    filterset_class = StatementFilter
    orders = {"-said": Order("said_key", is_descending=True), "said": Order("said_key")}
    add_url_name = "statements:statement_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().with_speakers()

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        counts = citation_counts([row.pk for row in page.rows], user=self.user)
        for row in page.rows:
            row.url = record_address("statements:statement", row.pk)
            row.state_name = country_name(row.state) if row.state else ""
            row.citation_count = counts.get(row.pk, 0)
        return page.rows


class StatementMixin(AssertedMixin):
    section = "statements"
    record_model = Statement
    url_name = "statements:statement"
    list_url_name = "statements:statements"
    list_label = _("Statements")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return super().gate_queryset(rows).select_related("speaker", "organisation")

    def heading(self) -> str:
        name, said = self.record.speaker_name, self.record.said
        return gettext("%(speaker)s, %(day)s") % {"speaker": name, "day": said.describe()} if said else name


class StatementPage(StatementMixin, AssertedPage):
    template_name = "statements/statement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["answered"] = answered_by(self.record, user=self.user)
        context["answers"] = answers_to(self.record, user=self.user)
        context["renderings"] = renderings_of(self.record, user=self.user)
        context["state_name"] = country_name(self.record.state) if self.record.state else ""
        is_open = context["may_edit"] and not context["voided"]
        context["rendering_add_url"] = self.address("_translate") if is_open else ""
        answer = f"{reverse('statements:statement_add')}?{urlencode({'answers': self.record.pk})}"
        context["answer_add_url"] = answer if is_open else ""
        return context


class StatementHistoryPage(StatementMixin, AssertedHistoryPage):
    def history_ids(self) -> list[Any]:
        return [*super().history_ids(), *(rendering.pk for rendering in renderings_of(self.record, user=self.user))]


class StatementCitePage(StatementMixin, CitePage):
    pass


class StatementVoidPage(StatementMixin, VoidPage):
    pass


class StatementRestorePage(StatementMixin, RestorePage):
    pass


class StatementAddPage(AddPage):
    """`?answers=` names the statement that the new one answers."""

    section = "statements"
    form_class = StatementForm
    title = _("Add a statement")
    creates_in_place = True
    list_url_name = "statements:statements"
    list_label = _("Statements")

    def get_initial(self) -> dict[str, Any]:
        try:
            key = uuid.UUID(self.request.GET.get("answers", ""))
        except ValueError:
            return super().get_initial()
        answered = Statement.objects.visible_to(self.user).current().with_speakers().filter(pk=key).first()
        return {**super().get_initial(), "in_answer_to": answered}

    def perform(self, form: Any, *, version: int) -> Statement:
        return actions.add_statement(by=self.user, **form.cleaned_data)


class StatementEditPage(StatementMixin, AssertedEditPage):
    form_class = StatementForm
    title = _("Edit this statement")
    fields = FIELDS

    def get_initial(self) -> dict[str, Any]:
        manner = StatementForm.REPORTED if self.record.is_reported else StatementForm.DIRECT
        return {**super().get_initial(), "is_reported": manner}

    def change(self, *, version: int, values: dict[str, Any]) -> Statement:
        return actions.change_statement(self.record, by=self.user, version=version, **values)


class StatementSuggestPage(SuggestPage):
    model = Statement


class RenderingAddPage(StatementMixin, ActionPage):
    """Adds a translation to the statement in the address."""

    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = RenderingForm
    title = _("Add a translation")

    def perform(self, form: Any, *, version: int) -> Rendering:
        return actions.add_rendering(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: Any) -> str:
        return self.address()

    def success_message(self, saved: Any) -> str:
        return gettext("Translation added.")

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": "statements.rendering", "id": str(saved.pk), "act": "void"}


class RenderingMixin:
    section = "statements"
    record_model = Rendering

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("statement__assertion", "statement__speaker", "statement__organisation")

    def success_url(self, saved: Any) -> str:
        return saved.statement.get_absolute_url()


class RenderingEditPage(RenderingMixin, ActionPage):
    visibility = "record:edit"
    is_edit = True
    form_class = RenderingForm
    title = _("Edit this translation")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in ("language", "translator", "text")}

    def perform(self, form: Any, *, version: int) -> Rendering:
        saved = actions.change_rendering(self.record, by=self.user, version=version, **form.cleaned_data)
        self.has_changed = saved.version != version
        return saved

    def success_message(self, saved: Any) -> str:
        return gettext("Saved.") if self.has_changed else gettext("Nothing was changed.")

    def undo_for(self, saved: Any) -> dict[str, Any] | None:
        return undo_of(saved) if self.has_changed else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.success_url(self.record), **kwargs)


class RenderingVoidPage(RenderingMixin, VoidPage):
    title = _("Void this translation")
