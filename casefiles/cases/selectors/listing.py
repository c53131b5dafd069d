"""The list of cases."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from casefiles.access.models import Membership
from casefiles.access.rules import Role
from casefiles.cases.models import Case, Claim, Exhibit


@dataclass(frozen=True)
class CaseRow:
    """A case in the list, with the reader's role in it."""

    id: uuid.UUID
    reference: str
    title: str
    status: str
    status_label: str
    handling: str
    opened_on: datetime.date
    role_label: str
    claims_count: int
    exhibits_count: int


def case_rows(cases: Sequence[Case], user: Any) -> list[CaseRow]:
    """Return what the list shows of some cases, in three queries."""
    ids = [case.pk for case in cases]
    circles = [case.compartment_id for case in cases]
    mine = Membership.objects.visible_to(user).filter(user_id=user.pk, compartment__in=circles)
    roles = dict(mine.values_list("compartment_id", "role"))
    claims, exhibits = _numbers(Claim, ids, user), _numbers(Exhibit, ids, user)
    return [
        CaseRow(
            id=case.pk,
            reference=case.reference,
            title=case.title,
            status=case.status,
            status_label=str(case.get_status_display()),
            handling=case.handling,
            opened_on=case.opened_on,
            role_label=str(Role(roles[case.compartment_id]).label) if case.compartment_id in roles else "",
            claims_count=claims.get(case.pk, 0),
            exhibits_count=exhibits.get(case.pk, 0),
        )
        for case in cases
    ]


def _numbers(model: Any, ids: list[uuid.UUID], user: Any) -> dict[uuid.UUID, int]:
    rows = model.objects.visible_to(user).current().filter(case_id__in=ids).order_by().values("case_id")
    return dict(rows.annotate(number=Count("pk")).values_list("case_id", "number"))
