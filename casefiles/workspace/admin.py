"""What somebody watches, in the admin: their own, to read. It is begun and ended on the vessel's page."""

from django.contrib import admin

from casefiles.access.admin import ReadOnlyAdmin
from casefiles.workspace.models import Watch


@admin.register(Watch)
class WatchAdmin(ReadOnlyAdmin):
    has_version = False
    shown_fields = ("vessel", "started_at", "seen_at", "ended_at")
    list_display = shown_fields
    list_select_related = ("vessel",)
    ordering = ("-started_at", "pk")
