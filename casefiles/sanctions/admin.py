"""Designations, instruments and lists in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from casefiles.access.admin import AssertedAdmin, ReadOnlyAdmin, RecordAdmin
from casefiles.sanctions import actions
from casefiles.sanctions.models import (
    Authority,
    Designation,
    Element,
    Instrument,
    ListChange,
    ListEdition,
    ListEntry,
    ListProblem,
    MatchDecision,
    Measure,
    Programme,
    Provision,
    Screening,
    ScreeningMatch,
)


@admin.register(Authority)
class AuthorityAdmin(RecordAdmin):
    add_action = staticmethod(actions.add_authority)
    change_action = staticmethod(actions.change_authority)
    add_fields = change_fields = ("name", "short_name", "country", "organisation")
    list_display = ("name", "short_name", "country")
    search_fields = ("name_key", "short_name")
    ordering = ("name_key", "pk")


@admin.register(Programme)
class ProgrammeAdmin(RecordAdmin):
    add_action = staticmethod(actions.add_programme)
    change_action = staticmethod(actions.change_programme)
    add_fields = ("authority", "key", "name")
    change_fields = ("key", "name")
    shown_fields = ("authority",)
    list_display = ("key", "name", "authority")
    list_select_related = ("authority",)
    search_fields = ("name_key", "key")
    ordering = ("name_key", "pk")


@admin.register(Designation)
class DesignationAdmin(AssertedAdmin):
    add_action = staticmethod(actions.add_designation)
    change_action = staticmethod(actions.change_designation)
    add_fields = change_fields = (
        "authority", "programme", "vessel", "organisation", "person", "list_name", "list_entry", "measures", "grounds",
        "announced", "in_force", "ended", "end_kind", "basis", "note",
    )  # fmt: skip
    list_display = ("__str__", "list_name", "list_entry", "in_force_wording", "end_kind")
    list_select_related = ("assertion", "authority", "programme", "vessel", "organisation", "person")
    list_filter = ("end_kind", "basis", *AssertedAdmin.list_filter)
    search_fields = ("list_entry_key", "authority__name_key", "vessel__display_name_key", "organisation__name_key")

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name == "measures":
            return forms.MultipleChoiceField(
                label=_("Measures"), choices=Measure.choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        return super().declared_field(name, request, obj)


@admin.register(Instrument)
class InstrumentAdmin(RecordAdmin):
    add_action = staticmethod(actions.add_instrument)
    change_action = staticmethod(actions.change_instrument)
    add_fields = ("authority", "key", "name", "adopted", "url", "summary", "is_verified", "read_in")
    change_fields = ("key", "name", "adopted", "url", "summary", "is_verified", "read_in")
    shown_fields = ("authority",)
    list_display = ("key", "name", "is_verified")
    search_fields = ("name_key", "key")
    ordering = ("key", "pk")


@admin.register(Provision)
class ProvisionAdmin(RecordAdmin):
    add_action = staticmethod(actions.add_provision)
    change_action = staticmethod(actions.change_provision)
    change_fields = ("paragraph", "title", "bearer", "verb", "trigger", "summary", "is_verified", "read_in")
    add_fields = ("instrument", *change_fields)
    shown_fields = ("instrument",)
    list_display = ("__str__", "bearer", "verb", "is_verified")
    list_select_related = ("instrument",)
    list_filter = ("bearer", "verb", *RecordAdmin.list_filter)
    search_fields = ("title_key", "instrument__key")
    ordering = ("title_key", "pk")


@admin.register(Element)
class ElementAdmin(RecordAdmin):
    add_action = staticmethod(actions.add_element)
    change_action = staticmethod(actions.change_element)
    add_fields = ("provision", "text")
    change_fields = ("text", "position")
    shown_fields = ("provision",)
    list_display = ("text", "provision", "position")
    list_select_related = ("provision__instrument",)
    search_fields = ("text",)
    ordering = ("created_at", "pk")


@admin.register(ListEdition)
class ListEditionAdmin(ReadOnlyAdmin):
    shown_fields = (
        "list_key", "published_on", "item", "file", "format", "state", "reason", "entries", "rejected", "added",
        "removed", "changed",
    )  # fmt: skip
    list_display = ("__str__", "state", "entries", "added", "removed", "changed")
    list_select_related = ("item",)
    list_filter = ("list_key", "state")
    search_fields = ("item__title_key",)
    ordering = ("-created_at", "pk")


@admin.register(ListEntry)
class ListEntryAdmin(ReadOnlyAdmin):
    shown_fields = (
        "edition", "row", "list_id", "kind", "name", "imo_number", "company_number", "mmsi", "call_sign", "flag",
        "programme", "listed_on", "measures", "remarks", "raw",
    )  # fmt: skip
    list_display = ("list_id", "name", "kind", "imo_number")
    list_select_related = ("edition",)
    search_fields = ("=imo_number", "=list_id")
    ordering = ("pk",)


@admin.register(ListChange)
class ListChangeAdmin(ReadOnlyAdmin):
    shown_fields = ("edition", "kind", "list_id", "name", "fields")
    list_display = ("kind", "list_id", "name")
    list_select_related = ("edition",)
    search_fields = ("=list_id",)
    ordering = ("pk",)


@admin.register(ListProblem)
class ListProblemAdmin(ReadOnlyAdmin):
    shown_fields = ("edition", "row", "column", "value", "reason", "is_kept")
    list_display = ("row", "column", "value", "reason")
    list_select_related = ("edition",)
    search_fields = ("column",)
    ordering = ("pk",)


@admin.register(Screening)
class ScreeningAdmin(ReadOnlyAdmin):
    shown_fields = ("subject", "asked", "as_at", "not_searched", "found")
    list_display = ("subject", "as_at", "found")
    search_fields = ("subject",)
    ordering = ("-created_at", "pk")


@admin.register(ScreeningMatch)
class ScreeningMatchAdmin(ReadOnlyAdmin):
    shown_fields = ("screening", "entry", "basis", "score", "reason")
    list_display = ("entry", "basis", "score", "reason")
    list_select_related = ("screening", "entry")
    search_fields = ("reason",)
    ordering = ("pk",)


@admin.register(MatchDecision)
class MatchDecisionAdmin(ReadOnlyAdmin):
    shown_fields = ("list_key", "list_id", "verdict", "reason")
    list_display = ("list_key", "list_id", "verdict")
    search_fields = ("=list_id",)
    ordering = ("-created_at", "pk")
