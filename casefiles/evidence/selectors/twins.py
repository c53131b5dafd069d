"""Bytes that are held already, as far as the person asking may know."""

from typing import Any

from casefiles.evidence.models import File


def visible_twin(sha256: str, user: Any) -> File | None:
    """Return the earliest file with these bytes on an item that `user` may read, or None: hidden twins are silent."""
    twins = File.objects.visible_to(user).filter(sha256=sha256, item__voided_at__isnull=True)
    found: File | None = twins.select_related("item").order_by("created_at", "pk").first()
    return found
