"""What a case publishes: a frozen version, approved by somebody who did not write it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.cases.models import CaseBound
from casefiles.core.addresses import record_address


class ReleaseStatus(models.TextChoices):
    DRAFT = "draft", _("draft, not approved")
    APPROVED = "approved", _("approved")
    SUPERSEDED = "superseded", _("superseded")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Release(CaseBound):
    """`v1`, `v2`: the content as it was frozen, so that every later rendering says the same."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=ReleaseStatus.choices, default=ReleaseStatus.DRAFT, editable=False
    )
    supersedes_reason = models.TextField(_("why a new version"), blank=True)
    content: Any = models.JSONField(default=dict, editable=False)
    content_sha256 = models.CharField(max_length=64, editable=False)
    chain_seq = models.BigIntegerField(editable=False)
    chain_hash = models.CharField(max_length=64, editable=False)
    frozen_at = models.DateTimeField(_("content frozen"), editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="a_release_number_is_given_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("created_by")),
                name="nobody_approves_their_own_release",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_by__isnull=False), name="an_approval_has_an_approver"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return record_address("dossiers:release", self.case_id, self.pk)

    @property
    def label(self) -> str:
        return f"v{self.number}"
