"""Notes on a part of a file: drawn over it, never into it."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.evidence.models.items import File, Item
from casefiles.evidence.regions import Passage, Polygon, Rectangle
from casefiles.evidence.vocabulary import AnnotationPurpose, SelectorKind


class Annotation(Record):
    """A W3C Web Annotation: words about a region of an image, or about a passage of a text."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="annotations", editable=False)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="annotations", editable=False)
    selector_kind = models.CharField(_("how it selects"), max_length=20, choices=SelectorKind.choices)
    selector = models.TextField(_("what it selects"))
    prefix = models.TextField(_("words before"), blank=True)
    suffix = models.TextField(_("words after"), blank=True)
    body = models.TextField(_("text"))
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=AnnotationPurpose.choices, default=AnnotationPurpose.COMMENTING
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        indexes: ClassVar = [models.Index(fields=["file", "created_at"], name="annotations_of_a_file")]

    def __str__(self) -> str:
        return self.body if len(self.body) <= 80 else f"{self.body[:79]}…"

    def get_absolute_url(self) -> str:
        return f"{reverse('evidence:look', args=[self.item_id])}?file={self.file_id}#annotation-{self.pk}"

    @property
    def target(self) -> Rectangle | Polygon | Passage:
        if self.selector_kind == SelectorKind.RECTANGLE:
            return Rectangle.parse(self.selector)
        if self.selector_kind == SelectorKind.POLYGON:
            return Polygon.parse(self.selector)
        return Passage(self.selector, self.prefix, self.suffix)
