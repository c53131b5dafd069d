"""What stands beside the claims of a case: where nothing was found, and which claim rests on which."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casefiles.cases.lookups import Meaning, meaning
from casefiles.cases.models.cases import CaseBound, Claim, Numbered
from casefiles.cases.querysets import DependenceQuerySet, LookupQuerySet
from casefiles.core.addresses import record_address
from casefiles.core.fields import FoldedField, MomentField, PeriodField


class LookupResult(models.TextChoices):
    NO_COVERAGE = "no coverage", _("no coverage")
    CLOUD = "cloud", _("cloud")
    NO_PASS = "no pass", _("no pass")
    NOT_FOUND = "not found", _("not found")
    UNREACHABLE = "service unreachable", _("service unreachable")
    REFUSED = "access refused", _("access refused")


class Lookup(Numbered):
    """Somebody looked and found nothing. What that says is computed (`cases.lookups`): often it says nothing at all."""

    searched = models.CharField(_("what was searched"), max_length=300)
    searched_key = FoldedField(source="searched")
    period = PeriodField(_("window"))
    result = models.CharField(_("result"), max_length=20, choices=LookupResult.choices)
    looked = MomentField(_("looked on"))
    looked_by = models.CharField(_("who looked"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    claims = models.ManyToManyField(Claim, blank=True, related_name="lookups", verbose_name=_("claims"))

    prefix: ClassVar[str] = "L"
    objects: ClassVar = LookupQuerySet.as_manager()

    class Meta:
        verbose_name = _("lookup")
        verbose_name_plural = _("lookups")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="a_lookup_number_is_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.searched}"

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:lookups', self.case_id)}{self.label}"

    @property
    def meaning(self) -> Meaning:
        return meaning(self.result)

    @property
    def detail_line(self) -> str:
        return str(self.get_result_display())


class Dependence(CaseBound):
    """A claim rests on another claim of the case. It never moves a standing; it warns where the other fell."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="dependences")
    rests_on = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="dependents")
    note = models.CharField(_("why it rests on it"), max_length=500, blank=True)

    objects: ClassVar = DependenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("dependence")
        verbose_name_plural = _("dependences")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "rests_on"],
                condition=Q(voided_at__isnull=True),
                name="a_claim_rests_on_another_once",
            ),
            models.CheckConstraint(condition=~Q(claim=F("rests_on")), name="no_claim_rests_on_itself"),
        ]

    def __str__(self) -> str:
        return str(_("%(claim)s rests on %(other)s")) % {"claim": self.claim.label, "other": self.rests_on.label}

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:claim', self.case_id, self.claim_id)}#rests"

    @property
    def label(self) -> Any:
        return str(self)
