"""Where files go that are brought into a case: each becomes an exhibit."""

from collections.abc import Callable
from typing import Any

from casefiles.access.actions import require
from casefiles.access.rules import Act
from casefiles.cases import actions
from casefiles.cases.models import Case, Exhibit
from casefiles.evidence.actions.files import Received
from casefiles.evidence.intake import Intake, Place
from casefiles.evidence.models import Item


class CaseIntake(Intake):
    def __init__(self, by: Any, case: Case) -> None:
        super().__init__(by)
        self.case = case

    @property
    def key(self) -> str:
        return f"case:{self.case.pk}"

    def refuse(self) -> None:
        require(self.by, Act.EDIT, self.case)
        actions.refuse_closed(self.case)

    def adding(self) -> Callable[[Received, str], Place]:
        adder = actions.CaseAdder(self.case, by=self.by)
        return lambda received, path: _place(adder.add(received, path=path))

    def place_of(self, item: Item) -> Place:
        held = self._exhibit_of(item)
        return _place(held) if held else Place(item.title, item.get_absolute_url(), is_here=False)

    def use(self, item: Item) -> Place:
        return _place(self._exhibit_of(item) or actions.add_exhibit(self.case, by=self.by, item=item))

    def _exhibit_of(self, item: Item) -> Exhibit | None:
        rows = Exhibit.objects.visible_to(self.by).current().filter(case=self.case, item=item)
        found: Exhibit | None = rows.first()
        return found


def _place(exhibit: Exhibit) -> Place:
    return Place(exhibit.label, exhibit.get_absolute_url())
