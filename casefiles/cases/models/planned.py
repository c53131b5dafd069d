"""What a case will have to claim, before anybody has written it. Nothing counts, cites or reviews it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.cases.models.cases import CaseBound, Claim
from casefiles.cases.querysets import PlannedClaimQuerySet
from casefiles.core.addresses import record_address


class PlannedClaim(CaseBound):
    """A question that a claim is to answer; open until one is written, and again where that one is taken out."""

    asks = models.CharField(_("what the claim is to say"), max_length=300)
    # The entry of the template that it came from: `sanctioned-vessel/identity`; empty where somebody wrote it.
    origin = models.CharField(max_length=100, blank=True, editable=False)
    written_as = models.ForeignKey(
        Claim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("claim"),
    )

    objects: ClassVar = PlannedClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim to be written")
        verbose_name_plural = _("claims to be written")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "origin"], condition=~Q(origin=""), name="a_template_plans_a_claim_once"
            )
        ]

    def __str__(self) -> str:
        return self.asks

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:claims', self.case_id)}#planned-{self.pk}"
