"""Bytes that are held already, as far as the person asking may know."""

from collections.abc import Collection
from typing import Any

from casefiles.core.filestore import is_digest
from casefiles.evidence.models import File


def visible_twin(sha256: str, user: Any) -> File | None:
    """Return the earliest file with these bytes on an item that `user` may read, or None: hidden twins are silent."""
    return visible_twins([sha256], user).get(sha256)


def visible_twins(digests: Collection[str], user: Any) -> dict[str, File]:
    """Return the twin of each digest that has one which `user` may read, in one query."""
    known = [digest for digest in digests if is_digest(digest)]
    rows = File.objects.visible_to(user).filter(sha256__in=known, item__voided_at__isnull=True)
    found: dict[str, File] = {}
    for file in rows.select_related("item").order_by("created_at", "pk"):
        found.setdefault(file.sha256, file)
    return found


def names_that_are_held(named: Collection[tuple[str, int]], user: Any) -> set[tuple[str, int]]:
    """Return which names and sizes are those of a file that `user` may read: worth the hashing, no more than that."""
    rows = File.objects.visible_to(user).filter(
        name__in={name for name, _size in named}, size_bytes__in={size for _name, size in named}
    )
    return set(rows.values_list("name", "size_bytes")) & set(named)
