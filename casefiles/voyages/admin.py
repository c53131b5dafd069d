"""Port calls and voyages in the admin. The candidates of a port call are changed on the port call."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext as _

from casefiles.access.admin import AssertedAdmin, ReadOnlyAdmin
from casefiles.registry.models import Vessel
from casefiles.voyages import actions
from casefiles.voyages.actions.coverage import change_coverage
from casefiles.voyages.models import (
    BroadcastIdentity,
    Candidate,
    CoverageStatement,
    DetectionRun,
    PortCall,
    Position,
    PositionImport,
    RejectedRow,
    TrackEvent,
    Voyage,
)


@admin.register(PortCall)
class PortCallAdmin(AssertedAdmin):
    add_action = staticmethod(actions.add_port_call)
    change_action = staticmethod(actions.change_port_call)
    add_fields = change_fields = ("place", "vessels", "arrived", "departed", "seen", "activity", "basis", "note")
    list_display = ("place", "activity", "when")
    list_select_related = ("assertion", "place")
    list_filter = ("activity", "basis", *AssertedAdmin.list_filter)
    search_fields = ("place__name_key", "vessels__display_name_key")
    ordering = ("-when_key", "pk")

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name != "vessels":
            return super().declared_field(name, request, obj)
        return forms.ModelMultipleChoiceField(
            label=_("Vessels that it may have been"),
            queryset=Vessel.objects.visible_to(request.user),
            widget=AutocompleteSelectMultiple(PortCall._meta.get_field("vessels"), self.admin_site),
            initial=[vessel.pk for vessel in obj.vessels.visible_to(request.user)] if obj else None,
        )


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    shown_fields = ("port_call", "vessel", "note")
    list_display = ("vessel", "port_call")
    list_select_related = ("vessel", "port_call__place")
    search_fields = ("vessel__display_name_key",)
    ordering = ("pk",)


@admin.register(Voyage)
class VoyageAdmin(AssertedAdmin):
    add_action = staticmethod(actions.add_voyage)
    change_action = staticmethod(actions.change_voyage)
    add_fields = change_fields = ("vessel", "departure", "arrival", "sailed", "cargo", "basis", "note")
    list_display = ("__str__", "sailed_wording")
    list_select_related = ("assertion", "vessel", "departure__place", "arrival__place")
    list_filter = ("basis", *AssertedAdmin.list_filter)
    search_fields = ("vessel__display_name_key",)


@admin.register(PositionImport)
class PositionImportAdmin(ReadOnlyAdmin):
    shown_fields = ("item", "file", "format", "state", "reason", "rows", "positions", "duplicates", "rejected")
    list_display = ("item", "format", "state", "positions")
    list_select_related = ("item",)
    search_fields = ("item__title_key",)
    ordering = ("-created_at", "pk")


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnlyAdmin):
    shown_fields = ("position_import", "row", "column", "value", "reason", "is_kept")
    list_display = ("row", "column", "value", "reason")
    list_select_related = ("position_import__item",)
    search_fields = ("column",)
    ordering = ("pk",)


@admin.register(BroadcastIdentity)
class BroadcastIdentityAdmin(ReadOnlyAdmin):
    shown_fields = ("position_import", "mmsi", "imo_number", "name", "call_sign", "ship_type", "rows")
    list_display = ("mmsi", "name", "imo_number", "call_sign")
    list_select_related = ("position_import__item",)
    search_fields = ("mmsi", "imo_number")
    ordering = ("pk",)


@admin.register(Position)
class PositionAdmin(ReadOnlyAdmin):
    shown_fields = ("position_import", "row", "mmsi", "at", "latitude", "longitude", "speed_kn", "course_deg")
    list_display = ("mmsi", "at", "latitude", "longitude")
    list_select_related = ("position_import__item",)
    search_fields = ("=mmsi",)
    ordering = ("pk",)


@admin.register(DetectionRun)
class DetectionRunAdmin(ReadOnlyAdmin):
    shown_fields = ("vessel", "radios", "others", "since_at", "until_at", "thresholds", "positions", "counts")
    list_display = ("__str__", "positions", "created_at")
    list_select_related = ("vessel",)
    search_fields = ("vessel__display_name_key",)
    ordering = ("-created_at", "pk")


@admin.register(TrackEvent)
class TrackEventAdmin(ReadOnlyAdmin):
    shown_fields = (
        "run",
        "kind",
        "mmsi",
        "other_mmsi",
        "start_at",
        "end_at",
        "values",
        "decision",
        "reason",
        "coverage",
    )
    list_display = ("kind", "mmsi", "start_at", "decision")
    list_select_related = ("run__vessel",)
    search_fields = ("=mmsi",)
    ordering = ("start_at", "pk")


@admin.register(CoverageStatement)
class CoverageStatementAdmin(AssertedAdmin):
    """Added on the page of its event, which gives it its readers and its first source."""

    has_circle = False
    change_action = staticmethod(change_coverage)
    change_fields = ("answer", "basis", "note")
    shown_fields = ("event",)
    list_display = ("__str__", "event")
    list_select_related = ("assertion", "event")
    list_filter = ("answer", *AssertedAdmin.list_filter)
    search_fields = ("note",)
