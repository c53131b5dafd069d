"""What a form starts from when another page leads to it."""

import uuid
from typing import Any

from casefiles.registry.models import Vessel


def vessel_to_start_from(text: str, user: Any) -> Vessel | None:
    """Return the visible vessel that an address names by its id, or None."""
    try:
        identifier = uuid.UUID(text)
    except ValueError:
        return None
    found: Vessel | None = Vessel.objects.visible_to(user).current().filter(pk=identifier).first()
    return found
