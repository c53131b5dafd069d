"""What is somebody's own, in the admin: to read. It is begun and ended on the pages that it belongs to."""

from django.contrib import admin

from casefiles.access.admin import ReadOnlyAdmin, VerifierAdmin
from casefiles.workspace.models import NetworkLayout, Notification, NotificationChoices, TellingState, Watch


@admin.register(Watch)
class WatchAdmin(ReadOnlyAdmin):
    has_version = False
    shown_fields = ("vessel", "started_at", "seen_at", "ended_at")
    list_display = shown_fields
    list_select_related = ("vessel",)
    ordering = ("-started_at", "pk")


@admin.register(NetworkLayout)
class NetworkLayoutAdmin(ReadOnlyAdmin):
    has_version = False
    shown_fields = ("case", "places", "saved_at")
    list_display = ("case", "saved_at")
    list_select_related = ("case",)
    ordering = ("-saved_at", "pk")


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    has_version = False
    shown_fields = ("kind", "case", "at", "is_read", "mailed_at")
    list_display = shown_fields
    list_select_related = ("case",)
    ordering = ("-at", "pk")


@admin.register(NotificationChoices)
class NotificationChoicesAdmin(ReadOnlyAdmin):
    shown_fields = ("mention", "answer", "task", "due", "claim", "team", "review", "reply", "matrix")
    list_display = ("__str__", *shown_fields)
    list_select_related = ("user",)
    ordering = ("pk",)


@admin.register(TellingState)
class TellingStateAdmin(VerifierAdmin):
    has_version = False
    shown_fields = ("seq",)
    list_display = ("seq",)
    ordering = ("pk",)
