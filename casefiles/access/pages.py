"""Pages that every kind of record has: its history, and withdrawing and restoring it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.actions import restore_record, void_record
from casefiles.access.selectors import shown_history
from casefiles.core.forms import Form, ReasonForm
from casefiles.core.pages import ActionPage, DetailPage


class HistoryPage(DetailPage):
    """Subclasses say `record_model` and `section`, and add tabs and breadcrumbs as their record page does.

    `history_ids` names the records whose events belong here: the record, and what is part of it.
    """

    template_name = "access/history.html"
    visibility = "record:read"

    def history_ids(self) -> Iterable[uuid.UUID]:
        return [self.record.pk]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(events=shown_history(self.history_ids(), user=self.user), **kwargs)


class VoidPage(ActionPage):
    """Withdraws a record with a reason. Subclasses say `record_model` and `section`, and what will happen."""

    template_name = "pages/confirm.html"
    form_class = ReasonForm
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
