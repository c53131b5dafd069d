"""Vessels as a table: found by IMO number, else by id."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from casefiles.access.circles import Circle
from casefiles.access.resources import ActionResource, WrongCell
from casefiles.core.identifiers import InvalidIdentifier, parse_imo_ship
from casefiles.registry.actions import add_vessel, change_vessel
from casefiles.registry.models import Vessel


class VesselResource(ActionResource):
    columns: ClassVar = ("id", "imo_number", "display_name", "vessel_type", "note", "circle", "voided")
    shown: ClassVar = frozenset({"id", "circle", "voided"})
    lines: ClassVar = frozenset({"id", "imo_number", "display_name", "vessel_type", "circle", "voided"})

    class Meta:
        model = Vessel
        fields = ()

    def rows(self) -> Any:
        return super().rows().prefetch_related("compartments")

    def texts_of(self, record: Any) -> dict[str, str]:
        return {
            "id": str(record.pk),
            "imo_number": record.imo_number or "",
            "display_name": record.display_name,
            "vessel_type": record.vessel_type,
            "note": record.note,
            "circle": self.circle_text(record),
            "voided": "yes" if record.is_voided else "",
        }

    def find(self, row: dict[str, str]) -> Any:
        named, numbered = self.by_id(row), self._by_number(row.get("imo_number", ""))
        if named and numbered and named.pk != numbered.pk:
            raise WrongCell("imo_number", _("This is the number of another vessel: %(vessel)s.") % {"vessel": numbered})
        return numbered or named

    def _by_number(self, text: str) -> Any:
        if not text.strip():
            return None
        return self.rows().filter(imo_number=self.read("imo_number", text)).first()

    def read(self, column: str, text: str) -> Any:
        if column != "imo_number":
            return super().read(column, text)
        try:
            return parse_imo_ship(text) if text.strip() else None
        except InvalidIdentifier as error:
            raise WrongCell(column, str(error.reason)) from error

    def _same(self, name: str, text: str) -> str:
        # “IMO 9012345” and “9012345” are one number.
        return str(self.read(name, text) or "") if name == "imo_number" else super()._same(name, text)

    def add(self, values: dict[str, Any], *, circle: Circle | None) -> Vessel:
        if not values.get("display_name", "").strip():
            raise WrongCell("display_name", _("A new vessel needs a name."))
        if circle is None and not values.get("imo_number"):
            raise WrongCell("circle", _("Say who may see it: “everyone”, or the reference of a case."))
        return add_vessel(by=self.user, circle=circle or Circle.everyone(), **values)

    def change(self, record: Any, values: dict[str, Any]) -> None:
        change_vessel(record, by=self.user, version=record.version, **values)
