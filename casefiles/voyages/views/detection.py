"""Pages about detection runs and what they found."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.pages import AddPage, HistoryPage, RecordListPage
from casefiles.core.addresses import record_address
from casefiles.core.forms import ReasonForm
from casefiles.core.keyset import BadCursor, KeysetPage, Order, paginate
from casefiles.core.pages import ActionPage, DetailPage
from casefiles.particulars.selectors import practices_in
from casefiles.voyages.actions.detection import accept_event, reject_event, run_detection
from casefiles.voyages.forms.detection import AcceptEventForm, AcceptVisitForm, DetectionForm
from casefiles.voyages.models import Decision, DetectionRun, TrackEvent, TrackEventKind
from casefiles.voyages.selectors.coverage import coverage_of
from casefiles.voyages.selectors.detection import (
    cited_positions,
    computed,
    events_of,
    port_calls_about,
    thresholds_of,
)
from casefiles.voyages.selectors.suggesting import vessel_to_start_from

TONES = {Decision.ACCEPTED: "good", Decision.REJECTED: "muted"}
EVENTS_SHOWN = 50


class DetectionRunsPage(RecordListPage):
    template_name = "voyages/detection_runs.html"
    section = "detections"
    model = DetectionRun
    orders = {"-added": Order("created_at", is_descending=True), "added": Order("created_at")}
    add_url_name = "voyages:detection_run_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().select_related("vessel", "created_by")

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        for row in page.rows:
            row.url = record_address("voyages:detection_run", row.pk)
            row.found = sum(row.counts.values())
        return page.rows


class DetectionRunMixin:
    section = "detections"
    record_model = DetectionRun

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("vessel", "created_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {
            "list_url": reverse("voyages:detection_runs"),
            "list_label": _("Detection"),
            "heading": gettext("Looked at the track of %(whose)s") % {"whose": self.record},
            "cancel_url": self.record.get_absolute_url(),
        }
        return shared | super().get_context_data(**kwargs)


class DetectionRunPage(DetectionRunMixin, DetailPage):
    template_name = "voyages/detection_run.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self._events()
        coverage = coverage_of([event for event in page.rows if event.kind == TrackEventKind.GAP], self.user)
        for event in page.rows:
            event.known_coverage = coverage.get(event.pk)
            event.url = record_address("voyages:track_event", event.pk)
            event.tone = TONES.get(event.decision, "")
            event.computed = computed(event)
        counts = self.record.counts
        return super().get_context_data(
            events=page,
            next_url=f"?after={page.next_cursor}" if page.next_cursor else "",
            counts=[(label, counts[kind]) for kind, label in TrackEventKind.choices if kind in counts],
            thresholds=thresholds_of(self.record),
            **kwargs,
        )

    def _events(self) -> KeysetPage:
        rows = events_of(self.record, self.user)
        try:
            return paginate(rows, order=Order("start_at"), size=EVENTS_SHOWN, after=self.request.GET.get("after"))
        except BadCursor as error:
            raise Http404 from error


class DetectionRunHistory(DetectionRunMixin, HistoryPage):
    pass


class DetectionRunAdd(AddPage):
    section = "detections"
    form_class = DetectionForm
    title = _("Look at a track")
    submit_label = _("Look")
    list_url_name = "voyages:detection_runs"
    list_label = _("Detection")

    def get_initial(self) -> dict[str, Any]:
        vessel = vessel_to_start_from(self.request.GET.get("vessel", ""), self.user)
        return {**super().get_initial(), **({"vessel": vessel} if vessel else {})}

    def perform(self, form: Any, *, version: int) -> DetectionRun:
        return run_detection(by=self.user, **form.for_action())

    def success_message(self, saved: Any) -> str:
        return gettext("Looked through %(count)s positions.") % {"count": f"{saved.positions:,}"}

    def undo_for(self, saved: Any) -> None:  # type: ignore[override]
        return None


class TrackEventMixin:
    section = "detections"
    record_model = TrackEvent

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("run__vessel", "place", "port_call__assertion", "port_call__place", "decided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.record.run
        shared = {
            "list_url": run.get_absolute_url(),
            "list_label": str(run),
            "heading": f"{self.record}",
            "cancel_url": self.record.get_absolute_url(),
        }
        return shared | super().get_context_data(**kwargs)


class TrackEventPage(TrackEventMixin, DetailPage):
    """What was found, by which computed values, and what somebody decided about it."""

    template_name = "voyages/track_event.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.record
        return super().get_context_data(
            computed=computed(event),
            cited=cited_positions(event, self.user),
            port_calls=port_calls_about(event, self.user),
            tone=TONES.get(event.decision, ""),
            practices=practices_in(event, self.user),
            is_gap=event.kind == TrackEventKind.GAP,
            coverage=coverage_of([event], self.user)[event.pk],
            may_edit=self.may("edit"),
            **kwargs,
        )


class TrackEventHistory(TrackEventMixin, HistoryPage):
    pass


class DecidePage(TrackEventMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    is_edit = True


class TrackEventAccept(DecidePage):
    form_class = AcceptEventForm
    title = _("Accept this suggestion")
    submit_label = _("Accept")

    def get_form(self, data: Any = None, files: Any = None, *, initial: dict[str, Any] | None = None) -> Any:
        self.is_visit = self.record.kind == TrackEventKind.PORT_VISIT
        given = self.get_initial() if initial is None else initial
        form_class = AcceptVisitForm if self.is_visit else AcceptEventForm
        return form_class(data, files, initial=given, user=self.user)

    def get_initial(self) -> dict[str, Any]:
        event = self.record
        if event.kind == TrackEventKind.PORT_VISIT:
            return {"place": event.place, "vessels": event.run.vessel, "reason": event.reason}
        return {"reason": event.reason}

    def perform(self, form: Any, *, version: int) -> TrackEvent:
        return accept_event(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_url(self, saved: TrackEvent) -> str:
        return saved.port_call.get_absolute_url() if saved.port_call else saved.get_absolute_url()

    def success_message(self, saved: TrackEvent) -> str:
        return gettext("Accepted as a port call.") if saved.port_call else gettext("Accepted.")


class TrackEventReject(DecidePage):
    form_class = ReasonForm
    title = _("Reject this suggestion")
    submit_label = _("Reject")

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.record.reason}

    def perform(self, form: Any, *, version: int) -> TrackEvent:
        return reject_event(self.record, by=self.user, version=version, reason=form.cleaned_data["reason"])

    def success_message(self, saved: TrackEvent) -> str:
        return gettext("Rejected. It stays, with your reason, and later runs know it.")
