"""Protected identities of a source and who asked to read them, for those who have the right."""

from typing import Any

from casefiles.evidence.models import ProtectedIdentity, Source, Unmasking


def identities_of(source: Source, user: Any) -> list[ProtectedIdentity]:
    """Return a source's identities, the standing ones first; nothing for whoever has not the right."""
    rows = ProtectedIdentity.objects.visible_to(user).filter(source=source).select_related("created_by")
    return list(rows.order_by("voided_at", "-created_at", "pk"))


def unmaskings_of(identity: ProtectedIdentity, user: Any) -> list[Unmasking]:
    """Return who asked to read an identity, the newest first."""
    rows = Unmasking.objects.visible_to(user).filter(identity=identity).select_related("created_by", "granted_by")
    return list(rows.order_by("-created_at", "pk"))
