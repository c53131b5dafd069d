"""What was found inside a file. Derived from its bytes, so it may be made anew at any time; never evidence itself."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import OwnCircle, Rule
from casefiles.evidence.models.items import File, Item
from casefiles.evidence.querysets import ItemQuerySet
from casefiles.evidence.vocabulary import ReadingState


class Reading(models.Model):
    """What one reader, of one version, found in one file: see `readers.findings` for the shape of `findings`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="reading", editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="readings", editable=False)
    reader = models.CharField(_("reader"), max_length=24, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version of the readers"), editable=False)
    state = models.CharField(_("state"), max_length=12, choices=ReadingState.choices, editable=False)
    reason = models.CharField(_("why it was not parsed"), max_length=200, blank=True, editable=False)
    findings = models.JSONField(_("findings"), default=dict, editable=False)
    text = models.ForeignKey(
        File, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("extracted text")
    )
    at = models.DateTimeField(_("read at"), auto_now=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)
    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes: ClassVar = [models.Index(fields=["item", "version"], name="readings_of_an_item")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.form}".strip()

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()

    @property
    def form(self) -> str:
        return str(self.findings.get("form", ""))

    @property
    def measured(self) -> Mapping[str, Any]:
        return self.findings.get("measured", {})

    @property
    def claims(self) -> list[Mapping[str, Any]]:
        return list(self.findings.get("claims", []))

    @property
    def parts(self) -> list[Mapping[str, Any]]:
        return list(self.findings.get("parts", []))

    @property
    def warnings(self) -> list[str]:
        return list(self.findings.get("warnings", []))


class Made(models.Model):
    """What this installation made of a file at most once, in the background, and may make anew; or why it could not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="%(class)s", editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="%(class)ss", editable=False)
    version = models.PositiveIntegerField(_("version of how it is made"), editable=False)
    made_by = models.CharField(_("made by"), max_length=400, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=ReadingState.choices, editable=False)
    reason = models.CharField(_("why it was not made"), max_length=200, blank=True, editable=False)
    findings = models.JSONField(_("findings"), default=dict, editable=False)
    at = models.DateTimeField(_("made at"), auto_now=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.made_by}".strip()

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()


class Recognition(Made):
    """The words that a program recognised in a picture, or on pages of a PDF that hold none: they may be wrong.

    `findings` has pages (those looked at), pages_with_words, words, left_out (words it was not sure of),
    confidence (its own, 0 to 100) and is_cut (more pages than were looked at).
    """

    languages = models.CharField(_("languages asked for"), max_length=320, editable=False)
    text = models.ForeignKey(
        File, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recognised text")
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)
    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("recognition of words")
        verbose_name_plural = _("recognitions of words")


class Rendering(Made):
    """A web page set anew as a PDF from the saved file alone; not the page as it was seen.

    `findings` has pages (all there would be), sizes (of the sheets drawn, in CSS pixels) and left_out, by kind.
    """

    document = models.ForeignKey(
        File, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("document")
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)
    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("re-rendered page")
        verbose_name_plural = _("re-rendered pages")
