"""Statements in the admin."""

from django.contrib import admin

from casefiles.access.admin import AssertedAdmin, RecordAdmin
from casefiles.statements import actions
from casefiles.statements.models import Rendering, Statement


@admin.register(Statement)
class StatementAdmin(AssertedAdmin):
    add_action = staticmethod(actions.add_statement)
    change_action = staticmethod(actions.change_statement)
    add_fields = change_fields = (
        "speaker", "organisation", "speaker_text", "office", "state", "forum", "said", "text", "language",
        "is_reported", "in_answer_to",
    )  # fmt: skip
    list_display = ("__str__", "said_wording", "language")
    list_select_related = ("assertion", "speaker", "organisation")
    list_filter = ("is_reported", *AssertedAdmin.list_filter)
    search_fields = ("text_key", "speaker__name_key")
    ordering = ("-said_key", "pk")


@admin.register(Rendering)
class RenderingAdmin(RecordAdmin):
    add_action = staticmethod(actions.add_rendering)
    change_action = staticmethod(actions.change_rendering)
    add_fields = ("statement", "language", "text", "translator")
    change_fields = ("language", "text", "translator")
    shown_fields = ("statement",)
    list_display = ("__str__", "statement", "translator")
    list_select_related = ("statement__assertion", "statement__speaker", "statement__organisation")
    search_fields = ("statement__text_key",)
    ordering = ("-created_at", "pk")
