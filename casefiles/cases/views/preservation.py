"""How completely the exhibits of a case were preserved, one row each."""

from typing import Any, ClassVar

from casefiles.cases.models import Exhibit
from casefiles.cases.views.base import CasePage
from casefiles.core.keyset import Order
from casefiles.core.pages import ListPage
from casefiles.evidence import selectors
from casefiles.evidence.completeness import Completeness
from casefiles.evidence.vocabulary import PreservedPart


class Preservation(CasePage, ListPage):
    """The eight parts that the Berkeley Protocol asks for, of each exhibit."""

    template_name = "cases/preservation.html"
    tab = "exhibits"
    orders: ClassVar[dict[str, Order]] = {"number": Order("number")}

    def get_queryset(self) -> Any:
        rows = Exhibit.objects.visible_to(self.user).current().filter(case=self.case)
        return rows.select_related("item")

    def rows(self, page: Any) -> list[dict[str, Any]]:
        found = selectors.completeness_of([exhibit.item for exhibit in page.rows], self.user)
        return [_row(exhibit, found[exhibit.item_id]) for exhibit in page.rows]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(parts=PreservedPart.labels, **kwargs)


def _row(exhibit: Exhibit, found: Completeness) -> dict[str, Any]:
    return {"exhibit": exhibit, "settled": found.settled_count, "states": [one.state.value for one in found.parts]}
