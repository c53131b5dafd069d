"""Files of an item, chosen by what they are."""

from collections.abc import Container
from typing import Any

from casefiles.evidence.models import File, Item


def first_of_types(item: Item, user: Any, media_types: Container[str], *, wanted: str = "") -> File | None:
    """Return the file asked for by id, else the first that was received, if it is of one of these types; one query."""
    files = File.objects.visible_to(user).filter(item=item).order_by("created_at", "pk")
    fitting = [file for file in files if file.media_type in media_types]
    return next((file for file in fitting if str(file.pk) == wanted), next(iter(fitting), None))
