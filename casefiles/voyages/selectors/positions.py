"""What became of position files."""

from typing import Any

from django.db.models import QuerySet

from casefiles.evidence.models import File, Item
from casefiles.evidence.vocabulary import FileRole
from casefiles.voyages.models import BroadcastIdentity, PositionImport, RejectedRow


def rejected_rows_of(record: PositionImport, user: Any) -> QuerySet[RejectedRow]:
    """Return the rows and values of a file that were left out, as far as they are listed."""
    rows: QuerySet[RejectedRow] = RejectedRow.objects.visible_to(user).filter(position_import=record)
    return rows


def identities_in(record: PositionImport, user: Any) -> QuerySet[BroadcastIdentity]:
    """Return what radios said in one file, those with most rows first."""
    rows: QuerySet[BroadcastIdentity] = BroadcastIdentity.objects.visible_to(user).filter(position_import=record)
    return rows.order_by("-rows", "pk")


def said_of_itself(mmsi: str, user: Any, *, at_most: int) -> list[BroadcastIdentity]:
    """Return what one radio said of its ship in the files that `user` sees, that with most rows first; one query."""
    rows = BroadcastIdentity.objects.visible_to(user).filter(mmsi=mmsi).select_related("position_import__item")
    return list(rows.order_by("-rows", "pk")[:at_most])


def original_files(item: Item, user: Any) -> list[File]:
    """Return the files of an item as they came, oldest first."""
    rows = File.objects.visible_to(user).filter(item=item, role=FileRole.ORIGINAL)
    return list(rows.order_by("created_at", "pk")[:2])
