"""What a speaker, or somebody for an organisation, said over time."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet

from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ListPage
from casefiles.registry.models import Organisation, Person
from casefiles.workspace.selectors.said import position_changes, said_by, said_lines
from casefiles.workspace.views.anchors import OfOneAnchor


class SaidPage(OfOneAnchor, ListPage):
    """The statements by date with their stances, and above them where a position changed."""

    template_name = "workspace/said.html"
    visibility = "record:read"
    page_size = 20
    orders: ClassVar[dict[str, Order]] = {
        "said": Order("said_key"),
        "-said": Order("said_key", is_descending=True),
    }

    def get_queryset(self) -> QuerySet[Any]:
        return said_by(self.record, self.user)

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return said_lines(list(page.rows), self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            **context,
            **self.anchor_context(current=f"{self.word}_said"),
            "sort_url": f"?sort={'-said' if context['sort'] == 'said' else 'said'}",
            "changes": position_changes(self.record, self.user),
        }


class PersonSaid(SaidPage):
    section = "people"
    record_model = Person


class OrganisationSaid(SaidPage):
    section = "organisations"
    record_model = Organisation
