"""Pages that every kind of record has: its history, and withdrawing and restoring it."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.actions import NotVisible, holds_role_anywhere, require_role_anywhere, restore_record, void_record
from casefiles.access.forms import circle_to_start_from
from casefiles.access.rules import Act
from casefiles.access.selectors import shown_history
from casefiles.audit.selectors import Step, UnknownEvent
from casefiles.core.forms import Form, ReasonForm
from casefiles.core.pages import ActionPage, DetailPage, ListPage


class HistoryPage(DetailPage):
    """Subclasses say `record_model` and `section`, and add tabs and breadcrumbs as their record page does.

    `history_ids` names the records whose events belong here: the record, and what is part of it.
    """

    template_name = "access/history.html"
    visibility = "record:read"

    # Whether the record is an anchor with an official number, which never shows who added it.
    is_numbered = False

    def history_ids(self) -> Iterable[uuid.UUID]:
        return [self.record.pk]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        step = step_of(self.request.GET)
        try:
            page = shown_history(self.history_ids(), step, user=self.user, is_open_anchor=self.is_numbered)
        except UnknownEvent as error:
            raise NotVisible from error
        return super().get_context_data(events=page.events, history=page, **kwargs)


def step_of(query: Mapping[str, Any]) -> Step:
    """Return which page of a history `?older=` or `?newer=` asks for.

    Raises:
        NotVisible: it names nothing that an event could be.
    """
    try:
        older, newer = (uuid.UUID(query[name]) if query.get(name) else None for name in ("older", "newer"))
    except ValueError as error:
        raise NotVisible from error
    return Step(older_than=None if newer else older, newer_than=newer)


class RecordListPage(ListPage):
    """A list of records that members add: `add_url_name` names the page for it, shown to whoever may."""

    visibility = "member"
    add_url_name: ClassVar[str] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["add_url"] = reverse(self.add_url_name) if holds_role_anywhere(self.user, Act.EDIT) else ""
        return context


class AddPage(ActionPage):
    """Adds a record; whoever may edit nowhere is told so before they fill anything in.

    `?case=` chooses the circle of that case. `list_url_name` and `list_label` lead back.
    """

    template_name = "access/add.html"
    visibility = "member"
    list_url_name: ClassVar[str]
    list_label: ClassVar[Any]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        require_role_anywhere(request.user, Act.EDIT)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        circle = circle_to_start_from(self.request.GET.get("case", ""), self.user)
        return {"circle": circle} if circle else {}

    def success_message(self, saved: Any) -> str:
        return gettext("Added: %(record)s.") % {"record": saved}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["cancel_url"] = context["list_url"] = reverse(self.list_url_name)
        context["list_label"] = self.list_label
        return context


class VoidPage(ActionPage):
    """Withdraws a record with a reason. Subclasses say `record_model` and `section`, and what will happen."""

    template_name = "access/confirm.html"
    form_class: ClassVar[Any] = ReasonForm
    visibility = "record:edit"
    title = _("Void this record")
    submit_label = _("Void it")

    def consequences(self) -> list[str]:
        return []

    def perform(self, form: Any, *, version: int) -> Any:
        void_record(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record

    def success_message(self, saved: Any) -> str:
        return gettext("Voided. It stays, marked as such.")

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stays = gettext("“%(record)s” stays visible, marked as voided, with your reason.") % {"record": self.record}
        return super().get_context_data(
            consequences=[stays, *self.consequences()],
            is_grave=True,
            cancel_url=self.success_url(self.record),
            **kwargs,
        )


class RestorePage(VoidPage):
    """Takes back a voiding."""

    form_class = Form
    title = _("Restore this record")
    submit_label = _("Restore it")

    def perform(self, form: Any, *, version: int) -> Any:
        restore_record(self.record, by=self.user)
        return self.record

    def success_message(self, saved: Any) -> str:
        return gettext("Restored.")

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        restored = gettext("“%(record)s” counts again.") % {"record": self.record}
        return {**super().get_context_data(**kwargs), "consequences": [restored], "is_grave": False}
