"""Anchors in the admin. Vessels are registered in `interchange`, with import and export."""

from django.contrib import admin

from casefiles.access.admin import AnchorAdmin, RecordAdmin
from casefiles.registry import actions
from casefiles.registry.models import (
    Organisation,
    OrganisationJudgement,
    Person,
    PersonJudgement,
    Place,
    PlaceJudgement,
    PlaceName,
    VesselJudgement,
)


class VesselAdmin(AnchorAdmin):
    add_action = staticmethod(actions.add_vessel)
    change_action = staticmethod(actions.change_vessel)
    add_fields = change_fields = ("display_name", "imo_number", "vessel_type", "note")
    shown_fields = ("visibility",)
    number_field = "imo_number"
    list_display = ("display_name", "imo_number", "vessel_type", "visibility")
    list_filter = ("vessel_type", "visibility", *AnchorAdmin.list_filter)
    search_fields = ("display_name_key", "open_names_key", "imo_number")
    ordering = ("display_name_key", "pk")


@admin.register(Organisation)
class OrganisationAdmin(AnchorAdmin):
    add_action = staticmethod(actions.add_organisation)
    change_action = staticmethod(actions.change_organisation)
    add_fields = change_fields = ("name", "kind", "country", "imo_company_number", "note")
    shown_fields = ("visibility",)
    number_field = "imo_company_number"
    list_display = ("name", "kind", "country", "imo_company_number", "visibility")
    list_filter = ("kind", "visibility", *AnchorAdmin.list_filter)
    search_fields = ("name_key", "imo_company_number")
    ordering = ("name_key", "pk")


@admin.register(Person)
class PersonAdmin(AnchorAdmin):
    add_action = staticmethod(actions.add_person)
    change_action = staticmethod(actions.change_person)
    add_fields = change_fields = ("name", "public_role", "organisation", "country", "note")
    shown_fields = ("visibility",)
    list_display = ("name", "public_role", "country", "visibility")
    list_filter = ("visibility", *AnchorAdmin.list_filter)
    search_fields = ("name_key",)
    ordering = ("name_key", "pk")


@admin.register(Place)
class PlaceAdmin(AnchorAdmin):
    add_action = staticmethod(actions.add_place)
    change_action = staticmethod(actions.change_place)
    add_fields = change_fields = (
        "name", "kind", "country", "unlocode", "parent", "latitude", "longitude", "precision_m", "note",
    )  # fmt: skip
    shown_fields = ("visibility",)
    number_field = "unlocode"
    list_display = ("name", "kind", "country", "unlocode", "visibility")
    list_filter = ("kind", "visibility", *AnchorAdmin.list_filter)
    search_fields = ("name_key", "unlocode")
    ordering = ("name_key", "pk")


@admin.register(PlaceName)
class PlaceNameAdmin(RecordAdmin):
    add_action = staticmethod(actions.add_place_name)
    change_action = staticmethod(actions.change_place_name)
    add_fields = ("place", "name", "language")
    change_fields = ("name", "language")
    shown_fields = ("place",)
    list_display = ("name", "place", "language")
    list_select_related = ("place",)
    search_fields = ("name_key", "place__name_key")
    ordering = ("name_key", "pk")


class JudgementAdmin(RecordAdmin):
    add_action = staticmethod(actions.judge)
    change_action = staticmethod(actions.change_judgement)
    restore_action = staticmethod(actions.restore_judgement)
    has_circle = True
    add_fields = ("first", "second", "verdict", "standing", "reason")
    change_fields = ("verdict", "standing", "reason")
    shown_fields = ("first", "second", "visibility")
    list_display = ("first", "second", "verdict", "visibility")
    list_select_related = ("first", "second")
    list_filter = ("verdict", "visibility", *RecordAdmin.list_filter)
    ordering = ("-created_at", "pk")


@admin.register(VesselJudgement)
class VesselJudgementAdmin(JudgementAdmin):
    search_fields = ("first__display_name_key", "second__display_name_key")


class NamedJudgementAdmin(JudgementAdmin):
    search_fields = ("first__name_key", "second__name_key")


for judgement in (OrganisationJudgement, PersonJudgement, PlaceJudgement):
    admin.site.register(judgement, NamedJudgementAdmin)
