"""Holding an item, and lifting a hold."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.pages import ActionPage
from casefiles.evidence import forms
from casefiles.evidence.actions import holds
from casefiles.evidence.models import Hold
from casefiles.evidence.views.items import ItemMixin
from casefiles.evidence.views.lineage import PartVoid


class HoldPlace(ItemMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = forms.HoldForm
    title = gettext_lazy("Hold this item")
    submit_label = gettext_lazy("Put on hold")

    def perform(self, form: Any, *, version: int) -> Hold:
        return holds.place_hold(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: Hold) -> str:
        return str(self.record.get_absolute_url())

    def success_message(self, saved: Hold) -> str:
        return _("On hold: nobody withdraws this item before the hold is lifted or over.")


class HoldLift(PartVoid):
    """Lifts a hold; it takes an editor."""

    record_model = Hold
    visibility = "record:review"
    title = gettext_lazy("Lift this hold")
    submit_label = gettext_lazy("Lift it")

    def perform(self, form: Any, *, version: int) -> Hold:
        holds.lift_hold(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record

    def success_message(self, saved: Hold) -> str:
        return _("Lifted. It stays in the history.")

    def undo_for(self, saved: Hold) -> None:
        """Nothing: whoever holds the item again says why."""
