"""Which duties a case considers, and what its claims show of their elements."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import ByCompartment, Rule
from casefiles.cases.models.cases import Case, CaseBound, Claim
from casefiles.cases.querysets import DutyQuerySet, FindingQuerySet
from casefiles.core.addresses import record_address
from casefiles.core.countries import country_name
from casefiles.evidence.models import Asserted
from casefiles.registry.models import Organisation
from casefiles.sanctions.models import Element, Provision


class Duty(CaseBound):
    """A provision that the case considers, and whom it would bind: a State, or an operator."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="duties")
    country = models.CharField(_("State"), max_length=2, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(~Q(country="") & Q(organisation__isnull=True))
                | (Q(country="") & Q(organisation__isnull=False)),
                name="a_duty_binds_one_state_or_one_operator",
            ),
            models.UniqueConstraint(
                fields=["case", "provision", "country"],
                condition=Q(voided_at__isnull=True) & ~Q(country=""),
                name="a_state_is_considered_under_a_provision_once",
            ),
            models.UniqueConstraint(
                fields=["case", "provision", "organisation"],
                condition=Q(voided_at__isnull=True, organisation__isnull=False),
                name="an_operator_is_considered_under_a_provision_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision} ({self.bearer_name})"

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:duties', self.case_id)}?near={self.pk}#duty-{self.pk}"

    @property
    def bearer_name(self) -> str:
        return country_name(self.country) if self.country else str(self.organisation)


class Finding(models.TextChoices):
    MET = "met", _("met")
    NOT_MET = "not met", _("not met")
    UNKNOWN = "unknown", _("unknown")
    DISPUTED = "disputed", _("disputed")


class ElementFinding(Asserted):
    """What the case's claims show of one element of one duty. How it is read is computed (`cases.duties`)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="findings")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="findings")
    # The words that were found on: an element may be reworded afterwards.
    element_text = models.CharField(_("element, as it read then"), max_length=500, editable=False)
    finding = models.CharField(_("finding"), max_length=10, choices=Finding.choices, default=Finding.UNKNOWN)
    claims = models.ManyToManyField(Claim, blank=True, related_name="findings", verbose_name=_("claims"))
    # As many as `claims` has, so that the database itself holds the rule below.
    claim_count = models.PositiveSmallIntegerField(default=0, editable=False)
    note = models.TextField(_("note"), blank=True)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (ByCompartment("case__compartment_id"),)
    objects: ClassVar = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding on an element")
        verbose_name_plural = _("findings on elements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "element"], name="an_element_is_found_on_once"),
            models.CheckConstraint(
                condition=Q(finding=Finding.UNKNOWN) | Q(claim_count__gte=1),
                name="a_finding_without_a_claim_is_unknown",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_text}: {self.get_finding_display()}"

    def get_absolute_url(self) -> str:
        anchor = f"element-{self.duty_id}-{self.element_id}"
        return f"{record_address('cases:duties', self.case_id)}?near={self.duty_id}#{anchor}"

    @property
    def label(self) -> Any:
        return self.element_text
