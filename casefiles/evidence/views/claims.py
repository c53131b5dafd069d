"""Confirming what a file says of itself into the item's record, one value at a time."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.pages import ActionPage
from casefiles.core.refusals import Refused
from casefiles.evidence import forms, selectors
from casefiles.evidence.actions.claims import confirm_claim
from casefiles.evidence.models import Item, Reading
from casefiles.evidence.views.items import ItemMixin


class ClaimConfirm(ItemMixin, ActionPage):
    """A button of the item's page leads here at once; where the record says something else, this page asks first."""

    template_name = "access/confirm.html"
    visibility = "record:edit"
    form_class = forms.ClaimForm
    title = gettext_lazy("Confirm what the file says")
    submit_label = gettext_lazy("Enter it into the record")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        given = request.POST if request.method == "POST" else request.GET
        self.asked = forms.ClaimForm({**given.dict(), "version": given.get("version") or "0"}, user=self.user)
        if not self.asked.is_valid() or self.claim is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def reading(self) -> Reading | None:
        rows = Reading.objects.visible_to(self.user).filter(item=self.record, pk=self.asked.cleaned_data["reading"])
        return rows.select_related("file", "item").first()

    @cached_property
    def claim(self) -> selectors.Claimed | None:
        index = self.asked.cleaned_data["claim"]
        if self.reading is None or index >= len(self.reading.claims):
            return None
        return selectors.claimed(self.record, index, self.reading.claims[index])

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        if not form.is_bound or form.data.get("version") != str(self.record.version):
            form.initial = {**self.asked.cleaned_data, "version": self.record.version}
        return form

    def perform(self, form: Any, *, version: int) -> Item:
        if form.cleaned_data["version"] != self.record.version:
            form.data = form.data.copy()
            form.data["version"] = str(self.record.version)
            raise Refused(_("Somebody changed this item meanwhile. Look at what it says now, and confirm again."))
        return confirm_claim(
            self.reading, by=self.user, index=form.cleaned_data["claim"], version=form.cleaned_data["version"]
        )

    def success_url(self, saved: Item) -> str:
        return f"{saved.get_absolute_url()}#readings"

    def success_message(self, saved: Item) -> str:
        return _("Entered into the record as “%(field)s”.") % {"field": self.claim.field}

    def undo_for(self, saved: Item) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim = self.claim
        lines = [_("“%(field)s” becomes: %(text)s") % {"field": claim.field, "text": claim.text}]
        if claim.recorded:
            lines.append(_("The record says now: %(text)s") % {"text": claim.recorded})
        return super().get_context_data(consequences=lines, **kwargs)
