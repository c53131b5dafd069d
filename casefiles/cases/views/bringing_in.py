"""Bringing many files into a case: each becomes an exhibit."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.intake import CaseIntake
from casefiles.cases.views.base import CaseForm, CasePage
from casefiles.core.refusals import Refused
from casefiles.evidence.intake import Intake
from casefiles.evidence.models import Item
from casefiles.evidence.views.added import AddedPage
from casefiles.evidence.views.bringing_in import BringInPage, IntakePage, KnownPage, PartPage, refused_at_once


class ToCase(IntakePage, CasePage):
    """Into the case of the address."""

    visibility = "case:edit"

    def intake(self, named: Any) -> Intake:
        return CaseIntake(self.user, self.case)

    def address_of(self, name: str, *args: str) -> str:
        return self.address(name, *args)

    def refused_before_reading(self) -> HttpResponse | None:
        """Refuse for a closed case without reading what was sent."""
        try:
            actions.refuse_closed(self.case)
        except Refused as refusal:
            return refused_at_once(self.request, refusal, status=409, title=_("This case is closed"))
        return None


class BringIn(ToCase, BringInPage, CaseForm):
    template_name = "cases/bring_in.html"
    back = "exhibits"
    crumb = gettext_lazy("Exhibits")

    def refused_before_reading(self) -> HttpResponse | None:
        return ToCase.refused_before_reading(self) or BringInPage.refused_before_reading(self)


class Part(ToCase, PartPage):
    pass


class Known(ToCase, KnownPage):
    pass


class Added(AddedPage, CasePage):
    """What the reader added to the case within the last day."""

    template_name = "cases/added.html"
    visibility = "case:edit"

    def rows(self) -> QuerySet[Any]:
        return selectors.exhibited(super().rows(), self.case)

    def rows_to_save(self) -> QuerySet[Any]:
        return selectors.exhibited(super().rows_to_save(), self.case)

    def labels(self, items: list[Item]) -> dict[Any, str]:
        return selectors.exhibit_labels(self.case, self.user)

    def own_address(self) -> str:
        return self.address("bring_in_added")

    def refuse(self) -> None:
        actions.refuse_closed(self.case)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumb=_("Exhibits"), crumb_url=self.address("exhibits"), **kwargs)
