"""What makes files findable by likeness: an index, made from readings and made anew with them."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import OwnCircle, Rule
from casefiles.evidence.models.items import File, Item
from casefiles.evidence.querysets import ItemQuerySet
from casefiles.evidence.vocabulary import Likeness


class Fingerprint(models.Model):
    """One band of one file's fingerprint. Files that share a band are compared by their `whole`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="fingerprints", editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="fingerprints", editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Likeness.choices, editable=False)
    band = models.PositiveSmallIntegerField(_("band"), editable=False)
    value = models.BigIntegerField(_("value"), editable=False)
    whole = models.TextField(_("whole"), editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)
    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        indexes: ClassVar = [models.Index(fields=["kind", "band", "value"], name="fingerprints_by_band")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.band}"
