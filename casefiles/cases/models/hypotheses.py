"""The answers that a case weighs against each other, and how each analyst rates its claims against them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import ByCompartment, Rule, VisibleQuerySet
from casefiles.cases.competing import Fit, Mark, Strength
from casefiles.cases.models.cases import CaseBound, Claim, Numbered
from casefiles.cases.querysets import HypothesisQuerySet, SheetQuerySet, WeighedClaimQuerySet
from casefiles.core.addresses import record_address
from casefiles.core.fields import FoldedField, choice_label


class Hypothesis(Numbered):
    """One answer to the question of a case, to be tested by what speaks against it."""

    text = models.TextField(_("hypothesis"), max_length=1000)
    text_key = FoldedField(source="text")
    note = models.TextField(_("note"), blank=True, max_length=5000)

    prefix: ClassVar[str] = "H"
    objects: ClassVar = HypothesisQuerySet.as_manager()

    class Meta:
        verbose_name = _("hypothesis")
        verbose_name_plural = _("hypotheses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="a_hypothesis_number_is_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.text[:100]}"

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:hypotheses', self.case_id)}#hypothesis-{self.label}"


class WeighedClaim(CaseBound):
    """A claim that was chosen as a row of the matrix; taking it out voids this, and nothing else."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="weighed")

    objects: ClassVar = WeighedClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("weighed claim")
        verbose_name_plural = _("weighed claims")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "claim"], condition=Q(voided_at__isnull=True), name="a_claim_is_weighed_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.claim)

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:hypotheses', self.case_id)}#row-{self.claim.label}"


class RatingSheet(CaseBound):
    """The ratings of one analyst in a case: they share a version, for they stand on one form."""

    analyst = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rating_sheets")

    objects: ClassVar = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("ratings of an analyst")
        verbose_name_plural = _("ratings of analysts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "analyst"], name="an_analyst_has_one_sheet_in_a_case")
        ]

    def __str__(self) -> str:
        return str(self.analyst)

    def get_absolute_url(self) -> str:
        return record_address("cases:hypotheses", self.case_id)


class FitChoice(models.TextChoices):
    CONSISTENT = "consistent", _("consistent")
    INCONSISTENT = "inconsistent", _("inconsistent")
    NOT_APPLICABLE = "not applicable", _("not applicable")


class StrengthChoice(models.TextChoices):
    STRONG = "strong", _("strong")
    WEAK = "weak", _("weak")


class Rating(models.Model):
    """One cell of a sheet; an empty fit is a cell that was cleared. Its history is the sheet's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(RatingSheet, on_delete=models.PROTECT, related_name="ratings")
    hypothesis = models.ForeignKey(Hypothesis, on_delete=models.PROTECT, related_name="ratings")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="ratings")
    fit = models.CharField(_("how it fits"), max_length=14, choices=FitChoice.choices, blank=True)
    strength = models.CharField(_("strength"), max_length=6, choices=StrengthChoice.choices, blank=True)
    rationale = models.TextField(_("why"), blank=True, max_length=2000)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (ByCompartment("sheet__case__compartment_id"),)
    objects: ClassVar = VisibleQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "hypothesis", "claim"], name="a_cell_is_rated_once"),
            models.CheckConstraint(
                condition=Q(fit__in=["consistent", "inconsistent"], strength__in=["strong", "weak"])
                | Q(fit__in=["", "not applicable"], strength=""),
                name="what_fits_or_does_not_has_a_strength",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim.label} {self.hypothesis.label}"

    @property
    def mark(self) -> Mark | None:
        return Mark(Fit(self.fit), Strength(self.strength) if self.strength else None) if self.fit else None
