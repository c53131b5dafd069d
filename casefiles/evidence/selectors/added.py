"""What somebody brought in lately, to be described in one go."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from casefiles.access.rules import Act
from casefiles.evidence.models import File, Item
from casefiles.evidence.vocabulary import FileRole

LATELY = timedelta(hours=24)


def describable(user: Any) -> QuerySet[Any]:
    """Return the items that `user` may change, with their source."""
    rows: QuerySet[Any] = Item.objects.visible_to(user, Act.EDIT).current().select_related("source")
    return rows


def added_lately(user: Any) -> QuerySet[Any]:
    """Return the items with files that `user` added within the last day, and may change."""
    own = File.objects.filter(item=OuterRef("pk"), role=FileRole.ORIGINAL)
    return describable(user).filter(Exists(own), created_by=user, created_at__gte=timezone.now() - LATELY)


def first_files(items: list[Any], user: Any) -> dict[Any, File]:
    """Return the first file of each item, by the item's key, in one query."""
    rows = File.objects.visible_to(user).filter(item__in=items, role=FileRole.ORIGINAL)
    found: dict[Any, File] = {}
    for file in rows.order_by("created_at", "pk"):
        found.setdefault(file.item_id, file)
    return found
