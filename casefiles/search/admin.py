"""The index in the admin: to look at, for those who may see what it indexes."""

from django.contrib import admin

from casefiles.access.admin import ReadOnlyAdmin, VerifierAdmin
from casefiles.search.models import IndexState, SearchEntry


@admin.register(SearchEntry)
class SearchEntryAdmin(ReadOnlyAdmin):
    shown_fields = ("kind", "label", "detail")
    list_display = ("label", "kind", "detail")
    search_fields = ("label_key",)
    ordering = ("label_key", "pk")


@admin.register(IndexState)
class IndexStateAdmin(VerifierAdmin):
    shown_fields = ("seq",)
    list_display = ("seq",)
