"""Who was asked to review which claims, and what each reviewer answered."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import ByCompartment, Rule, UnlessSealed
from casefiles.cases.models.cases import CaseBound, Claim, Numbered
from casefiles.cases.querysets import ReviewQuerySet, VerdictQuerySet
from casefiles.core.addresses import record_address


class Review(Numbered):
    """A request, `V-01`: some claims of the case are to be reviewed by an editor, or by two who work blind."""

    claims = models.ManyToManyField(Claim, related_name="reviews", verbose_name=_("claims"))
    note = models.TextField(_("what to look at"), blank=True)
    is_blind = models.BooleanField(
        _("two editors, neither seeing the other's verdict"),
        default=False,
        help_text=_("Both verdicts are shown once both are given."),
    )

    prefix: ClassVar[str] = "V"
    objects: ClassVar = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="a_review_number_is_given_once")
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return record_address("cases:review", self.case_id, self.pk)

    @property
    def verdicts_wanted(self) -> int:
        """How many verdicts each of its claims needs."""
        return 2 if self.is_blind else 1


class VerdictKind(models.TextChoices):
    APPROVED = "approved", _("approved")
    CHANGES_REQUESTED = "changes requested", _("changes requested")


class Verdict(CaseBound):
    """What one reviewer said of one claim, as it stood then (`basis`). A sealed one is its reviewer's alone."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="verdicts")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField(_("verdict"), max_length=20, choices=VerdictKind.choices)
    remark = models.TextField(_("remark"), blank=True)
    claim_version = models.PositiveIntegerField(_("version reviewed"), editable=False)
    # What was looked at, as `reviewing.Basis.plain` gives it.
    basis: Any = models.JSONField(default=dict, editable=False)
    is_sealed = models.BooleanField(default=False, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (ByCompartment("case__compartment_id"), UnlessSealed())
    objects: ClassVar = VerdictQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "claim", "created_by"],
                condition=Q(voided_at__isnull=True),
                name="a_reviewer_has_one_verdict_on_a_claim",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=VerdictKind.CHANGES_REQUESTED) | ~Q(remark=""),
                name="a_request_for_changes_says_which",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("created_by")),
                name="nobody_answers_their_own_remark",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review.label} {self.claim.label}: {self.get_verdict_display()}"

    def get_absolute_url(self) -> str:
        return record_address("cases:claim", self.case_id, self.claim_id)

    @property
    def tells_nobody(self) -> bool:
        """Whether what is done to it stays out of everybody's history: while it is sealed."""
        return bool(self.is_sealed)
