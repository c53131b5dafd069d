"""Saying that a deceptive practice is seen in one movement: a port call, a voyage, a track event."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import circle_to_start_from
from casefiles.access.rules import Visibility
from casefiles.core.pages import ActionPage
from casefiles.particulars.actions import add_practice, add_with_source
from casefiles.particulars.models import DeceptivePractice
from casefiles.registry.models import Vessel
from casefiles.voyages.forms.practices import PracticeInForm
from casefiles.voyages.models import PortCall, TrackEvent, Voyage


class PracticeAdd(ActionPage):
    """Subclasses say which kind of movement, and which vessels it may be of."""

    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = PracticeInForm
    title = _("Add a deceptive practice")

    def vessels(self) -> list[Vessel]:
        raise NotImplementedError

    @property
    def holder(self) -> Any:
        """Return the record whose circle decides who sees the movement."""
        return self.record.assertion

    def form_kwargs(self) -> dict[str, Any]:
        return {"vessels": self.vessels()}

    def get_initial(self) -> dict[str, Any]:
        chosen = circle_to_start_from(self.request.GET.get("case", ""), self.user)
        if not chosen and self.holder.visibility != Visibility.OPEN:
            own = self.holder.compartments.visible_to(self.user, "edit").order_by("name", "pk").first()
            chosen = str(own.pk) if own else ""
        return {"circle": chosen} if chosen else {}

    def perform(self, form: Any, *, version: int) -> DeceptivePractice:
        values = {"about": self.record, "circle": form.cleaned_data["circle"], **form.fields_to_save()}
        return add_with_source(add_practice, by=self.user, source=form.source(), **values)  # type: ignore[return-value]

    def success_url(self, saved: Any) -> str:
        return f"{self.record.get_absolute_url()}#practices"

    def success_message(self, saved: Any) -> str:
        return gettext("Recorded: %(value)s.") % {"value": saved}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = self.record.get_absolute_url()
        return super().get_context_data(cancel_url=url, list_url=url, list_label=str(self.record), **kwargs)


class PortCallPracticeAdd(PracticeAdd):
    section = "port_calls"
    record_model: ClassVar[Any] = PortCall

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.with_places()  # type: ignore[attr-defined, no-any-return]

    def vessels(self) -> list[Vessel]:
        return [one.vessel for one in sorted(self.record.candidates.all(), key=lambda one: one.pk)]


class VoyagePracticeAdd(PracticeAdd):
    section = "voyages"
    record_model: ClassVar[Any] = Voyage

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.with_ends()  # type: ignore[attr-defined, no-any-return]

    def vessels(self) -> list[Vessel]:
        return [self.record.vessel]


class TrackEventPracticeAdd(PracticeAdd):
    section = "detections"
    record_model: ClassVar[Any] = TrackEvent

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("run__vessel")

    @property
    def holder(self) -> Any:
        return self.record.run

    def vessels(self) -> list[Vessel]:
        return [self.record.run.vessel] if self.record.run.vessel else []
