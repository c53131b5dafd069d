"""One piece of evidence, its bytes, and who had them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Restricted
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.addresses import record_address
from casefiles.core.fields import FoldedField, MomentField, choice_label
from casefiles.evidence.models.sources import Source
from casefiles.evidence.querysets import FileQuerySet, ItemQuerySet
from casefiles.evidence.vocabulary import READ_BY_OCR, CustodyAct, FileRole, ItemKind, ItemStatus, Lineage, Tlp
from casefiles.registry.models import Place


class Item(Restricted):
    """One piece of evidence and what is known about it. Its bytes are its files."""

    kind = models.CharField(_("kind"), max_length=24, choices=ItemKind.choices)
    title = models.CharField(_("title"), max_length=500)
    title_key = FoldedField(source="title")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    author = models.CharField(_("author"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    occurred = MomentField(_("what it shows"))
    published = MomentField(_("published"))
    collected = MomentField(_("collected"))
    url = models.URLField(_("address"), max_length=2000, blank=True)
    archived_urls = models.TextField(_("archived addresses"), blank=True, help_text=_("One a line."))
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    rights_holder = models.CharField(_("rights holder"), max_length=200, blank=True)
    credit_line = models.CharField(_("credit line"), max_length=300, blank=True)
    handling = models.CharField(_("handling"), max_length=16, choices=Tlp.choices, default=Tlp.AMBER)
    summary = models.TextField(_("summary"), blank=True)
    collector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    collection_method = models.TextField(_("how it was collected"), blank=True)
    lineage = models.CharField(_("lineage"), max_length=12, choices=Lineage.choices, default=Lineage.NOT_RECORDED)
    lineage_reason = models.TextField(_("why it is the origin"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=ItemStatus.choices, default=ItemStatus.CURRENT)
    status_reason = models.TextField(_("why"), blank=True)
    # When the publisher, or whoever else found it out, said so, and where that stands.
    status_said = MomentField(_("said when"))
    status_source = models.CharField(_("said where"), max_length=2000, blank=True)

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        indexes: ClassVar = [
            models.Index(fields=["title_key", "id"], name="items_by_title"),
            models.Index(fields=["created_at", "id"], name="items_by_arrival"),
            models.Index(fields=["published_key", "id"], name="items_by_publication"),
            models.Index(fields=["source", "published_key"], name="items_of_a_source"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return record_address("evidence:item", self.pk)

    @property
    def detail_line(self) -> str:
        source = self.source.name if self.source_id and self.source else ""
        return ", ".join(part for part in (str(self.get_kind_display()), source, self.published_wording) if part)


class File(models.Model):
    """Bytes held once under their SHA-256; this row is one item's use of them. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="files")
    role = models.CharField(_("role"), max_length=12, choices=FileRole.choices, default=FileRole.ORIGINAL)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True, editable=False)
    size_bytes = models.BigIntegerField(_("size, bytes"), editable=False)
    media_type = models.CharField(_("media type, found"), max_length=120, editable=False)
    claimed_media_type = models.CharField(_("media type, claimed"), max_length=120, blank=True, editable=False)
    name = models.CharField(_("name as received"), max_length=400, blank=True, editable=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="derivatives")
    transformation = models.TextField(_("transformation"), blank=True, editable=False)
    created_at = models.DateTimeField(_("received at"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)
    objects: ClassVar = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(role=FileRole.DERIVATIVE) | Q(parent__isnull=False), name="a_derivative_names_its_parent"
            ),
            models.CheckConstraint(condition=Q(size_bytes__gte=0), name="a_size_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name or self.sha256[:12]

    def get_absolute_url(self) -> str:
        return record_address("evidence:item", self.item_id)

    @property
    def is_read_by_ocr(self) -> bool:
        """Say whether these are words that a program recognised in a picture, as its making says."""
        return self.role == FileRole.DERIVATIVE and self.transformation.startswith(READ_BY_OCR)


class CustodyEvent(models.Model):
    """Who did what with an item or file, when and why. The audit chain holds the digest of every row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="custody_events")
    file = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="custody_events")
    act = models.CharField(_("act"), max_length=14, choices=CustodyAct.choices, editable=False)
    at = models.DateTimeField(_("at (UTC)"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    purpose = models.CharField(_("purpose"), max_length=500, blank=True, editable=False)
    sha256_before = models.CharField(max_length=64, blank=True, editable=False)
    sha256_after = models.CharField(max_length=64, blank=True, editable=False)
    event_id = models.UUIDField(editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)
    objects: ClassVar = ItemQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        verbose_name = _("custody event")
        verbose_name_plural = _("custody events")
        indexes: ClassVar = [
            models.Index(fields=["item", "at"], name="custody_of_an_item"),
            # A handful of rows among millions: every first page asks for them.
            models.Index(fields=["file"], condition=Q(act=CustodyAct.FAILED), name="custody_failed_checks"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.at:%Y-%m-%d %H:%M}"
