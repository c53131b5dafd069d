"""Lists of items and sources, and what pickers suggest."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet

from casefiles.access.actions import holds_role_anywhere
from casefiles.access.rules import Act
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ListPage, SuggestPage
from casefiles.evidence import filters, selectors
from casefiles.evidence.models import Item, Source


class EvidenceList(ListPage):
    visibility = "member"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_add=holds_role_anywhere(self.user, Act.EDIT), **kwargs)


class ItemList(EvidenceList):
    """Items that were not voided; `?status=voided` shows the others."""

    template_name = "evidence/items.html"
    section = "evidence"
    model = Item
    filterset_class = filters.ItemFilter
    orders: ClassVar = {
        "-added": Order("created_at", is_descending=True),
        "added": Order("created_at"),
        "title": Order("title_key"),
        "-title": Order("title_key", is_descending=True),
        "-published": Order("published_key", is_descending=True),
        "published": Order("published_key"),
    }

    def get_queryset(self) -> QuerySet[Any]:
        rows = selectors.listed(super().get_queryset())
        return rows if self.request.GET.get("status") == filters.VOIDED else rows.current()  # type: ignore[attr-defined]

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.item_rows(page.rows, self.user)


class SourceList(EvidenceList):
    template_name = "evidence/sources.html"
    section = "sources"
    model = Source
    filterset_class = filters.SourceFilter
    orders: ClassVar = {"name": Order("name_key"), "-name": Order("name_key", is_descending=True)}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().select_related("organisation")  # type: ignore[attr-defined]

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.source_rows(page.rows, self.user)


class ItemSuggest(SuggestPage):
    model = Item

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("source")


class SourceSuggest(SuggestPage):
    model = Source
