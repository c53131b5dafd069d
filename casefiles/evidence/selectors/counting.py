"""How many items are cited, for lists."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from casefiles.evidence.models import Citation


def citation_counts(assertion_ids: Iterable[uuid.UUID], *, user: Any) -> dict[uuid.UUID, int]:
    """Return how many different items `user` sees cited for each assertion; those without any are left out. One query.

    Citations of voided items do not count.
    """
    rows = Citation.objects.visible_to(user).current().filter(assertion_id__in=list(assertion_ids))
    counted = rows.filter(item__voided_at__isnull=True).order_by().values("assertion_id")
    return dict(counted.annotate(items=Count("item_id", distinct=True)).values_list("assertion_id", "items"))
