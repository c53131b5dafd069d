"""The sheet of an image and what is seen in it: added, changed, withdrawn, and filled from the image's files."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.pages import VoidPage
from casefiles.core.pages import ActionPage, Page
from casefiles.core.refusals import Refused
from casefiles.evidence import selectors
from casefiles.evidence.actions import sheets
from casefiles.evidence.models import File, ImageObservation, ImageSheet, Item, Reading
from casefiles.evidence.sheet_forms import ObservationForm, OfferForm, SheetForm
from casefiles.evidence.views.items import ItemMixin

GEOJSON = "application/geo+json"


def stac_files(item: Item, user: Any) -> Iterable[File]:
    """Return the files of an item that may hold a STAC item, oldest first."""
    return File.objects.visible_to(user).filter(item=item, media_type=GEOJSON).order_by("created_at", "pk")


def plain_initial(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return values as a form shows them: numbers without the zeros that a column adds."""
    values = {name: getattr(record, name) for name in names}
    return {name: f"{value.normalize():f}" if isinstance(value, Decimal) else value for name, value in values.items()}


class SheetPart(Page):
    """What the pages below a sheet share; they lead back to the item."""

    section = "evidence"
    record_model = ImageSheet

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item", "stac_item")

    @property
    def item(self) -> Item:
        found: Item = self.record.item
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {
            "list_url": reverse("evidence:items"),
            "list_label": _("Evidence"),
            "heading": self.item.title,
            "cancel_url": f"{self.item.get_absolute_url()}#sheet",
        }
        return shared | super().get_context_data(**kwargs)


class SheetAdd(ItemMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = SheetForm
    title = gettext_lazy("Describe the image")

    def form_kwargs(self) -> dict[str, Any]:
        return {"stac_files": stac_files(self.record, self.user)}

    def perform(self, form: Any, *, version: int) -> ImageSheet:
        if selectors.sheet_of(self.record, self.user):
            raise Refused(_("This image has a sheet already. Edit that one."))
        return sheets.add_sheet(self.record, by=self.user, **form.cleaned_data)

    def success_message(self, saved: ImageSheet) -> str:
        return _("Image sheet added.")

    def undo_for(self, saved: ImageSheet) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}


class SheetEdit(SheetPart, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = SheetForm
    is_edit = True
    title = gettext_lazy("Edit the image sheet")

    def form_kwargs(self) -> dict[str, Any]:
        return {"stac_files": stac_files(self.item, self.user)}

    def get_initial(self) -> dict[str, Any]:
        initial = plain_initial(self.record, SheetForm.base_fields)
        return {**initial, "stac_item": str(self.record.stac_item_id or "")}

    def perform(self, form: Any, *, version: int) -> ImageSheet:
        return sheets.change_sheet(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_message(self, saved: ImageSheet) -> str:
        return _("Saved.")

    def undo_for(self, saved: ImageSheet) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo"}


class SheetVoid(SheetPart, VoidPage):
    title = gettext_lazy("Void this image sheet")

    def consequences(self) -> list[str]:
        return [_("What was seen in the image goes with it; another sheet can be begun.")]


class OfferConfirm(ItemMixin, ActionPage):
    """A button of the item's page leads here at once; where the sheet says something else, this page asks first."""

    template_name = "access/confirm.html"
    visibility = "record:edit"
    form_class = OfferForm
    title = gettext_lazy("Confirm what the file says of the image")
    submit_label = gettext_lazy("Enter it into the sheet")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        given = request.POST if request.method == "POST" else request.GET
        self.asked = OfferForm({**given.dict(), "version": given.get("version") or "0"}, user=self.user)
        if not self.asked.is_valid() or self.offer is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def sheet(self) -> ImageSheet | None:
        return selectors.sheet_of(self.record, self.user)

    @cached_property
    def reading(self) -> Reading | None:
        rows = Reading.objects.visible_to(self.user).filter(item=self.record, pk=self.asked.cleaned_data["reading"])
        return rows.select_related("file", "item").first()

    @cached_property
    def offer(self) -> selectors.Offered | None:
        if self.reading is None:
            return None
        try:
            proposal = sheets.proposal_of(self.reading, self.asked.cleaned_data["key"])
        except Refused:
            return None
        return selectors.offer(self.sheet, self.reading, proposal)

    @property
    def version(self) -> int:
        return self.sheet.version if self.sheet else 0

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.initial = {**self.asked.cleaned_data, "version": self.version}
        return form

    def perform(self, form: Any, *, version: int) -> ImageSheet:
        seen = form.cleaned_data["version"]
        if seen != self.version:
            form.data = form.data.copy()
            form.data["version"] = str(self.version)
            raise Refused(_("Somebody changed the sheet meanwhile. Look at what it says now, and confirm again."))
        return sheets.confirm_for_sheet(self.reading, by=self.user, key=form.cleaned_data["key"], version=seen)

    def success_message(self, saved: ImageSheet) -> str:
        return _("Entered into the image sheet as “%(field)s”.") % {"field": self.offer.label}

    def undo_for(self, saved: ImageSheet) -> dict[str, Any]:
        act = "undo" if self.sheet else "void"
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": act}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offer = self.offer
        lines = [_("“%(field)s” becomes: %(text)s") % {"field": offer.label, "text": offer.text}]
        if offer.recorded:
            lines.append(_("The sheet says now: %(text)s") % {"text": offer.recorded})
        return super().get_context_data(consequences=lines, **kwargs)


# --- Observations -------------------------------------------------------------------------------------------------


class ObservationAdd(SheetPart, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = ObservationForm
    title = gettext_lazy("What is seen in the image?")
    submit_label = gettext_lazy("Record it")

    def perform(self, form: Any, *, version: int) -> ImageObservation:
        return sheets.add_observation(self.record, by=self.user, **form.cleaned_data)

    def success_message(self, saved: ImageObservation) -> str:
        return _("Recorded what is seen.")

    def undo_for(self, saved: ImageObservation) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}


class ObservationPart(SheetPart):
    record_model = ImageObservation

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("sheet__item")


class ObservationEdit(ObservationPart, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = ObservationForm
    is_edit = True
    title = gettext_lazy("Edit what is seen")

    def form_kwargs(self) -> dict[str, Any]:
        return {"look_alikes_count": len(self._vessels())}

    def _vessels(self) -> list[Any]:
        rows = self.record.look_alike_vessels.visible_to(self.user)
        return list(rows.order_by("display_name_key", "pk"))

    def get_initial(self) -> dict[str, Any]:
        named = {f"look_alike_{number}": vessel for number, vessel in enumerate(self._vessels(), start=1)}
        return {**plain_initial(self.record, ObservationForm.base_fields), **named}

    def perform(self, form: Any, *, version: int) -> ImageObservation:
        return sheets.change_observation(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_message(self, saved: ImageObservation) -> str:
        return _("Saved.")


class ObservationVoid(ObservationPart, VoidPage):
    title = gettext_lazy("Void this observation")
