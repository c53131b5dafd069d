"""What is known about items, as a table: found by id. Files, lineage and marks have actions of their own."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from casefiles.access.circles import Circle
from casefiles.access.resources import ActionResource, WrongCell
from casefiles.evidence.actions.items import add_item, change_item
from casefiles.evidence.models import Item, Source
from casefiles.registry.models import Place

MOMENTS = ("occurred", "published", "collected")
TEXTS = (
    "title", "kind", "author", "language", "url", "archived_urls", "licence", "rights_holder", "credit_line",
    "handling", "summary", "collection_method",
)  # fmt: skip
LONG = frozenset({"archived_urls", "summary", "collection_method", "lineage_reason"})


class ItemResource(ActionResource):
    columns: ClassVar = (
        "id", "title", "kind", "source", "source_name", "author", "language", "published", "occurred", "collected",
        "url", "archived_urls", "place", "place_name", "summary", "handling", "licence", "rights_holder",
        "credit_line", "collection_method", "lineage", "status", "circle", "voided",
    )  # fmt: skip
    shown: ClassVar = frozenset({"id", "source_name", "place_name", "lineage", "status", "circle", "voided"})
    links: ClassVar = {"source": Source, "place": Place}
    moments: ClassVar = frozenset(MOMENTS)
    lines: ClassVar = frozenset(columns) - LONG

    class Meta:
        model = Item
        fields = ()

    def rows(self) -> Any:
        return super().rows().select_related("source", "place").prefetch_related("compartments")

    def texts_of(self, record: Any) -> dict[str, str]:
        moments = {name: getattr(record, name) for name in MOMENTS}
        return {
            **{name: getattr(record, name) for name in (*TEXTS, "lineage", "status")},
            **{name: (moment.wording or moment.edtf) if moment else "" for name, moment in moments.items()},
            "id": str(record.pk),
            "source": str(record.source_id or ""),
            "source_name": str(record.source or ""),
            "place": str(record.place_id or ""),
            "place_name": str(record.place or ""),
            "circle": self.circle_text(record),
            "voided": "yes" if record.is_voided else "",
        }

    def _refuse_shown(self, before: dict[str, str], differing: dict[str, str], *, is_new: bool) -> None:
        # The names of what is linked are for the reader, who may have written another link beside them.
        for link in self.links:
            if is_new or link in differing:
                differing.pop(f"{link}_name", None)
        super()._refuse_shown(before, differing, is_new=is_new)

    def add(self, values: dict[str, Any], *, circle: Circle | None) -> Item:
        for name in ("title", "kind"):
            if not values.get(name, "").strip():
                raise WrongCell(name, _("A new item needs this."))
        if circle is None:
            raise WrongCell("circle", _("Say who may see it: “everyone”, or the reference of a case."))
        return add_item(by=self.user, circle=circle, **values)

    def change(self, record: Any, values: dict[str, Any]) -> None:
        change_item(record, by=self.user, version=record.version, **values)
