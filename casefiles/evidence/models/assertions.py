"""The anchor by which everything asserted cites evidence."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record, Restricted
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.fields import choice_label
from casefiles.evidence.models.items import Item
from casefiles.evidence.querysets import AssertionQuerySet, CitationQuerySet
from casefiles.evidence.vocabulary import Basis, CitationStance, LocatorKind, QuoteCheck


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
    _get_FIELD_display = choice_label

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
    def look_url(self) -> str:
        """Return where the image region that is cited is shown, or nothing where no region is cited."""
        if self.locator_kind != LocatorKind.REGION:
            return ""
        region, _of, digest = self.locator.partition(" of ")
        # In its one form a locator holds nothing that an address would have to escape.
        of = f"&sha256={digest}" if digest else ""
        return f"{reverse('evidence:look', args=[self.item_id])}?{region}{of}"

    @property
    def locator_text(self) -> str:
        """Return the locator as a reader writes it: "p. 4", "para 9", or nothing for the whole item."""
        if self.locator_kind == LocatorKind.WHOLE or not self.locator:
            return ""
        prefix = {LocatorKind.PAGE: "p. ", LocatorKind.PARAGRAPH: "para ", LocatorKind.ROWS: "rows "}
        return f"{prefix.get(LocatorKind(self.locator_kind), '')}{self.locator}"
