"""What does not come along when a record is shared into a case."""

from dataclasses import dataclass
from typing import Any

from casefiles.access.rules import Act, Visibility
from casefiles.cases.models import Case
from casefiles.evidence.models import Citation, Item
from casefiles.statements.models import Statement


@dataclass(frozen=True)
class LeftBehind:
    """Items cited for a record that the readers of a case may not see, and whether this person may share them all."""

    items: tuple[Item, ...]
    citations_count: int
    may_share: bool


def left_behind(case: Case, statement: Statement, user: Any) -> LeftBehind | None:
    """Return what the case's readers would miss of a statement's citations; None where they miss nothing."""
    cited = Citation.objects.visible_to(user).current().filter(assertion=statement.pk)
    beyond = cited.exclude(item__visibility=Visibility.OPEN).exclude(item__compartments=case.compartment_id)
    held = list(beyond.values_list("item_id", flat=True))
    if not held:
        return None
    rows = Item.objects.visible_to(user).filter(pk__in=held)
    theirs = Item.objects.visible_to(user, Act.REVIEW).filter(pk__in=held).count()
    items = tuple(rows.select_related("source").order_by("title_key", "pk"))
    return LeftBehind(items=items, citations_count=len(held), may_share=theirs == len(items))
