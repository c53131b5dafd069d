"""Annotating a region of an image or a passage of a text."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, refuse_voided, require, void_record
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import required
from casefiles.evidence.models import Annotation, File
from casefiles.evidence.regions import NotARegion, Polygon, Rectangle, is_within
from casefiles.evidence.selectors.annotations import shown_size
from casefiles.evidence.vocabulary import AnnotationPurpose, SelectorKind


def annotate(
    file: File,
    *,
    by: Any,
    body: str,
    selector: str,
    selector_kind: str = SelectorKind.RECTANGLE,
    purpose: str = AnnotationPurpose.COMMENTING,
    prefix: str = "",
    suffix: str = "",
) -> Annotation:
    """Add a note on a region ("10,20,300,200"; corners of a polygon "10,20 30,20 30,40") or on the words of a passage.

    Raises:
        NotVisible, NotAllowed: the file's item must be writable.
        Refused: the item is voided, no text, or the selector means nothing or lies beside the image.
    """
    with audit.unit():
        require(by, Act.EDIT, file)
        refuse_voided(file.item)
        values = {
            "body": required(body, field="body", message=_("Write what is to be seen there.")),
            "purpose": purpose,
        }
        values |= _selected(file, selector_kind, selector) | {"prefix": prefix, "suffix": suffix}
        annotation = Annotation(item=file.item, file=file, **cleaned(Annotation, values))
        added: Annotation = add_record(annotation, by=by)
    return added


def change_annotation(annotation: Annotation, *, by: Any, version: int, body: str, **changes: Any) -> Annotation:
    """Change the text, the purpose, or what is selected (`selector` with `selector_kind`).

    Raises:
        StaleVersion: somebody else changed it first.
        Refused: as for adding one.
    """
    with audit.unit():
        require(by, Act.EDIT, annotation)
        values = {"body": required(body, field="body", message=_("Write what is to be seen there.")), **changes}
        if "selector" in changes:
            kind = changes.get("selector_kind", annotation.selector_kind)
            values |= _selected(annotation.file, kind, changes["selector"])
        change_record(annotation, by=by, version=version, changes=cleaned(Annotation, values))
    return annotation


def void_annotation(annotation: Annotation, *, by: Any, reason: str) -> None:
    """Withdraw an annotation with a reason; it stays in the history."""
    void_record(annotation, by=by, reason=reason)


def _selected(file: File, kind: str, selector: str) -> dict[str, str]:
    """Return kind and selector in its one form."""
    if kind == SelectorKind.PASSAGE:
        return {"selector_kind": kind, "selector": required(selector, field="selector")}
    try:
        region = Polygon.parse(selector) if kind == SelectorKind.POLYGON else Rectangle.parse(selector)
    except NotARegion as error:
        text = _("This is no region. Give x, y, width and height in pixels, or three corners of a polygon or more.")
        raise Refused(text, field="selector") from error
    size = shown_size(file)
    if size and not is_within(region, size):
        text = _("This region reaches beyond the image, which is %(width)d × %(height)d pixels.")
        raise Refused(text % {"width": size[0], "height": size[1]}, field="selector")
    return {"selector_kind": str(kind), "selector": str(region)}
