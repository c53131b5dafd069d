"""Dated values in the admin. What they are about is said once, when they are added."""

from django.contrib import admin

from casefiles.access.admin import AssertedAdmin
from casefiles.particulars import actions
from casefiles.particulars.models import (
    AddressUse,
    DeceptivePractice,
    Dimension,
    FlagPeriod,
    IdentifierUse,
    NameUse,
    VesselRole,
)

PERIOD = ("period_start", "period_end", "basis", "note")


class ParticularAdmin(AssertedAdmin):
    change_action = staticmethod(actions.change_particular)
    void_action = staticmethod(actions.void_particular)
    restore_action = staticmethod(actions.restore_particular)
    list_filter = ("basis", *AssertedAdmin.list_filter)


@admin.register(NameUse)
class NameUseAdmin(ParticularAdmin):
    add_action = staticmethod(actions.add_name_use)
    add_fields = ("vessel", "organisation", "person", "name", "kind", "language", *PERIOD)
    change_fields = ("name", "kind", "language", *PERIOD)
    shown_fields = ("vessel", "organisation", "person")
    list_display = ("name", "kind", "vessel", "organisation", "person")
    list_select_related = ("assertion", "vessel", "organisation", "person")
    search_fields = ("name_key",)


@admin.register(FlagPeriod)
class FlagPeriodAdmin(ParticularAdmin):
    add_action = staticmethod(actions.add_flag_period)
    add_fields = ("vessel", "country", *PERIOD)
    change_fields = ("country", *PERIOD)
    shown_fields = ("vessel",)
    list_display = ("vessel", "country", "period_start_wording", "period_end_wording")
    list_select_related = ("assertion", "vessel")
    search_fields = ("vessel__display_name_key", "country")


@admin.register(IdentifierUse)
class IdentifierUseAdmin(ParticularAdmin):
    add_action = staticmethod(actions.add_identifier_use)
    add_fields = ("vessel", "organisation", "scheme", "value", *PERIOD)
    change_fields = ("scheme", "value", *PERIOD)
    shown_fields = ("vessel", "organisation")
    list_display = ("value", "scheme", "vessel", "organisation")
    list_select_related = ("assertion", "vessel", "organisation")
    list_filter = ("scheme", *ParticularAdmin.list_filter)
    search_fields = ("value_key",)


@admin.register(VesselRole)
class VesselRoleAdmin(ParticularAdmin):
    add_action = staticmethod(actions.add_vessel_role)
    add_fields = ("vessel", "organisation", "role", *PERIOD)
    change_fields = ("organisation", "role", *PERIOD)
    shown_fields = ("vessel",)
    list_display = ("vessel", "role", "organisation")
    list_select_related = ("assertion", "vessel", "organisation")
    list_filter = ("role", *ParticularAdmin.list_filter)
    search_fields = ("vessel__display_name_key", "organisation__name_key")


@admin.register(AddressUse)
class AddressUseAdmin(ParticularAdmin):
    add_action = staticmethod(actions.add_address_use)
    add_fields = ("organisation", "address", *PERIOD)
    change_fields = ("address", *PERIOD)
    shown_fields = ("organisation",)
    list_display = ("organisation", "address", "period_start_wording", "period_end_wording")
    list_select_related = ("assertion", "organisation")
    search_fields = ("organisation__name_key", "address_key")


@admin.register(DeceptivePractice)
class DeceptivePracticeAdmin(ParticularAdmin):
    add_action = staticmethod(actions.add_practice)
    add_fields = ("vessel", "practice", *PERIOD)
    change_fields = ("practice", *PERIOD)
    shown_fields = ("vessel", "about_kind")
    list_display = ("vessel", "practice", "about_kind")
    list_select_related = ("assertion", "vessel")
    list_filter = ("practice", *ParticularAdmin.list_filter)
    search_fields = ("vessel__display_name_key",)


@admin.register(Dimension)
class DimensionAdmin(ParticularAdmin):
    add_action = staticmethod(actions.add_dimension)
    add_fields = ("vessel", "quantity", "value", "error", *PERIOD)
    change_fields = ("quantity", "value", "error", *PERIOD)
    shown_fields = ("vessel",)
    list_display = ("vessel", "quantity", "value_text")
    list_select_related = ("assertion", "vessel")
    list_filter = ("quantity", *ParticularAdmin.list_filter)
    search_fields = ("vessel__display_name_key",)
