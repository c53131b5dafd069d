"""The chain in the admin, for those who may verify it. Values, notes and ids of records are left out."""

from django.contrib import admin

from casefiles.access.admin import VerifierAdmin
from casefiles.audit.models import ChainHead, Event, EventValue


@admin.register(Event)
class EventAdmin(VerifierAdmin):
    shown_fields = ("seq", "at", "act", "record_kind", "previous_hash", "hash")
    list_display = ("seq", "at", "act", "record_kind", "hash")
    search_fields = ("act", "record_kind", "hash")
    ordering = ("-seq",)


@admin.register(EventValue)
class EventValueAdmin(VerifierAdmin):
    shown_fields = ("event_id", "field")
    list_display = ("event_id", "field")
    search_fields = ("field",)
    ordering = ("-pk",)


@admin.register(ChainHead)
class ChainHeadAdmin(VerifierAdmin):
    shown_fields = ("seq", "hash")
    list_display = ("seq", "hash")
