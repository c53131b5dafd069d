"""Annotations of files, for the page that shows them and as JSON-LD."""

from collections.abc import Callable
from typing import Any

from casefiles.evidence import tiles
from casefiles.evidence.models import Annotation, File, Item, Reading

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_TURNED = range(5, 9)  # EXIF orientations that swap the sides


def annotations_of(file: File, user: Any) -> list[Annotation]:
    """Return the standing annotations of a file, oldest first; one query."""
    rows = Annotation.objects.visible_to(user).current().filter(file=file).select_related("created_by")
    return list(rows.order_by("created_at", "pk"))


def shown_size(file: File) -> tuple[int, int] | None:
    """Return width and height in pixels of an image as it is shown, upright; None where nobody has measured it yet."""
    known = tiles.kept(file.sha256)
    if known and not known.reason:
        return known.pyramid.width, known.pyramid.height
    reading = reading_of(file)
    measured = reading.measured if reading else {}
    width, height = measured.get("width_px"), measured.get("height_px")
    if reading is None or not isinstance(width, int) or not isinstance(height, int):
        return None
    turned = any(claim.get("key") == "orientation" and claim.get("value") in _TURNED for claim in reading.claims)
    return (height, width) if turned else (width, height)


def reading_of(file: File) -> Reading | None:
    """Return what was found in a file that somebody may see."""
    found: Reading | None = Reading.objects.filter(file=file).first()
    return found


def as_collection(item: Item, user: Any, *, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Return the annotations of an item as one W3C annotation page; `absolute` makes addresses whole.

    The digest of each file stands beside its address, so that the target can be told from another file for ever.
    """
    rows = Annotation.objects.visible_to(user).current().filter(item=item).select_related("file", "created_by")
    return {
        "@context": CONTEXT,
        "type": "AnnotationPage",
        "partOf": {"type": "AnnotationCollection", "label": item.title},
        "items": [_as_json(row, absolute) for row in rows.order_by("created_at", "pk")],
    }


def _as_json(annotation: Annotation, absolute: Callable[[str], str]) -> dict[str, Any]:
    file = annotation.file
    creator = {"creator": {"type": "Person", "name": str(annotation.created_by)}} if annotation.created_by else {}
    return {
        "id": f"urn:uuid:{annotation.pk}",
        "type": "Annotation",
        "motivation": annotation.purpose,
        "created": annotation.created_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        **creator,
        "body": {"type": "TextualBody", "value": annotation.body, "format": "text/plain"},
        "target": {
            "source": {
                "id": absolute(f"/evidence/files/{file.pk}/"),
                "format": file.media_type,
                "digest": f"sha256:{file.sha256}",
            },
            "selector": annotation.target.selector(),
        },
    }
