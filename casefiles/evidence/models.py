"""What was collected, byte for byte; where it came from; and the anchor by which everything asserted cites it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record, Restricted
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.fields import FoldedField, MomentField
from casefiles.evidence.querysets import AssertionQuerySet, CitationQuerySet, ItemQuerySet, SourceQuerySet
from casefiles.evidence.vocabulary import (
    Basis,
    CitationStance,
    Credibility,
    CustodyAct,
    DerivationKind,
    FileRole,
    ItemKind,
    ItemStatus,
    Lineage,
    LocatorKind,
    QuoteCheck,
    Reliability,
    SourceKind,
    Tlp,
)
from casefiles.registry.models import Organisation, Place


class Source(Restricted):
    """Who publishes: an agency, outlet, imagery provider, institute, ministry or witness."""

    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")
    kind = models.CharField(_("kind"), max_length=24, choices=SourceKind.choices, default=SourceKind.OUTLET)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="sources"
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        indexes: ClassVar = [models.Index(fields=["name_key", "id"], name="sources_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evidence:source", args=[self.pk])

    @property
    def detail_line(self) -> str:
        return str(self.get_kind_display())


class SourceReliability(Record):
    """One judgement of a source's reliability; the newest by date counts, the others are its history."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="judgements")
    reliability = models.CharField(_("reliability"), max_length=1, choices=Reliability.choices)
    rationale = models.TextField(_("why"))
    judged_on = models.DateField(_("judged on"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("source"),)

    class Meta:
        verbose_name = _("judgement of a source")
        verbose_name_plural = _("judgements of sources")

    def __str__(self) -> str:
        return f"{self.source}: {self.reliability}"


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
        return reverse("evidence:item", args=[self.pk])

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
    objects: ClassVar = ItemQuerySet.as_manager()

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
        return reverse("evidence:item", args=[self.item_id])


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

    class Meta:
        verbose_name = _("custody event")
        verbose_name_plural = _("custody events")
        indexes: ClassVar = [models.Index(fields=["item", "at"], name="custody_of_an_item")]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.at:%Y-%m-%d %H:%M}"


class Derivation(Record):
    """The child repeats the parent: a rewrite, a translation, the same image. Cycles are refused."""

    child = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="derivations_from")
    parent = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="derivations_to")
    kind = models.CharField(_("kind"), max_length=20, choices=DerivationKind.choices)
    passage = models.TextField(_("passage that shows it"), blank=True)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("child"), OwnCircle("parent"))

    class Meta:
        verbose_name = _("derivation")
        verbose_name_plural = _("derivations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "parent", "kind"],
                condition=Q(voided_at__isnull=True),
                name="a_derivation_is_said_once",
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="nothing_derives_from_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.child} {self.get_kind_display()} {self.parent}"


class Independence(Record):
    """Somebody signs, with a reason, that two origins are independent of each other."""

    first = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("why they are independent"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("first"), OwnCircle("second"))

    class Meta:
        verbose_name = _("independence of two origins")
        verbose_name_plural = _("independence of origins")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_pair_is_stored_in_one_order"),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(voided_at__isnull=True), name="a_pair_is_signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Grade(Record):
    """One grader's judgement of an item: reliability of the source and credibility of the information, apart."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="grades")
    reliability = models.CharField(_("reliability of the source"), max_length=1, choices=Reliability.choices)
    credibility = models.CharField(_("credibility of the information"), max_length=1, choices=Credibility.choices)
    rationale = models.TextField(_("why"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        indexes: ClassVar = [models.Index(fields=["item", "created_at"], name="grades_of_an_item")]

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"


class Assertion(Restricted):
    """The citable anchor of every record that says something about the world or argues in a case.

    Citations, visibility, version, author and voiding hang here, once. The record shares this row's key; `kind` is the
    record's model ("voyages.portcall").
    """

    kind = models.CharField(max_length=60, editable=False)

    objects: ClassVar = AssertionQuerySet.as_manager()

    class Meta:
        verbose_name = _("assertion")
        verbose_name_plural = _("assertions")
        indexes: ClassVar = [models.Index(fields=["kind", "created_at"], name="assertions_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Asserted(models.Model):
    """The base of a record anchored to an assertion, whose key it shares."""

    assertion = models.OneToOneField(
        Assertion, on_delete=models.PROTECT, primary_key=True, related_name="%(app_label)s_%(class)s", editable=False
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("assertion"),)
    objects: ClassVar = AssertionQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def version_holder(self) -> Assertion:
        return self.assertion

    @property
    def version(self) -> int:
        return self.assertion.version

    @property
    def is_voided(self) -> bool:
        return self.assertion.is_voided

    @property
    def created_by(self) -> Any:
        return self.assertion.created_by


class WorldAssertion(Asserted):
    """An assertion about the world has a basis; what a ship reports of itself is never shown as registry."""

    basis = models.CharField(_("basis"), max_length=16, choices=Basis.choices, default=Basis.DOCUMENT)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


class Citation(Record):
    """An item cited for an assertion, down to the page, passage or region."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="citations")
    assertion = models.ForeignKey(Assertion, on_delete=models.PROTECT, related_name="citations")
    about = models.CharField(
        _("which value it shows"), max_length=40, blank=True, help_text=_("Empty where it shows the record as a whole.")
    )
    locator_kind = models.CharField(
        _("where in it"), max_length=12, choices=LocatorKind.choices, default=LocatorKind.WHOLE
    )
    locator = models.CharField(_("locator"), max_length=200, blank=True)
    quote = models.TextField(_("quote, in the original language"), blank=True)
    quote_language = models.CharField(_("language of the quote"), max_length=12, blank=True)
    translation = models.TextField(_("translation"), blank=True)
    stance = models.CharField(
        _("stance"), max_length=12, choices=CitationStance.choices, default=CitationStance.SUPPORTS
    )
    quote_check = models.CharField(
        max_length=12, choices=QuoteCheck.choices, default=QuoteCheck.NO_QUOTE, editable=False
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("assertion"), OwnCircle("item"))
    objects: ClassVar = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        indexes: ClassVar = [models.Index(fields=["assertion", "created_at"], name="citations_of_an_assertion")]

    def __str__(self) -> str:
        return f"{self.get_stance_display()} {self.locator}".strip()

    @property
    def locator_text(self) -> str:
        """Return the locator as a reader writes it: "p. 4", "para 9", or nothing for the whole item."""
        if self.locator_kind == LocatorKind.WHOLE or not self.locator:
            return ""
        prefix = {LocatorKind.PAGE: "p. ", LocatorKind.PARAGRAPH: "para ", LocatorKind.ROWS: "rows "}
        return f"{prefix.get(LocatorKind(self.locator_kind), '')}{self.locator}"
