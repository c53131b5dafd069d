"""Releases in the admin: frozen, and so to look at."""

from django.contrib import admin

from casefiles.access.admin import ReadOnlyAdmin
from casefiles.dossiers.models import Release


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    shown_fields = (
        "case", "number", "status", "supersedes_reason", "frozen_at", "content_sha256", "chain_seq", "chain_hash",
        "approved_at",
    )  # fmt: skip
    list_display = ("case", "number", "status", "frozen_at")
    list_select_related = ("case",)
    list_filter = ("status",)
    search_fields = ("case__title_key",)
    ordering = ("-frozen_at", "pk")
