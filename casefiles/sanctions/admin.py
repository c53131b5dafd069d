"""Designations in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from casefiles.access.admin import AssertedAdmin, RecordAdmin
from casefiles.sanctions import actions
from casefiles.sanctions.models import Authority, Designation, Measure, Programme


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
