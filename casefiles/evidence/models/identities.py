"""Who a protected source is: a record of its own, sealed at rest, with a right of its own (R11)."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import HoldersOfRight, Rule
from casefiles.evidence.models.sources import Source

SHOWN_FOR = timedelta(hours=1)


class ProtectedIdentity(Record):
    """The identity behind a source, sealed: in no search, title, log or export; only holders of the right see it."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="identities")
    sealed = models.TextField(_("sealed"), editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (HoldersOfRight("source"),)
    # Its events are in the chain, and in no circle's history: that there is an identity is part of the secret.
    tells_nobody: ClassVar[bool] = True

    class Meta:
        verbose_name = _("protected identity")
        verbose_name_plural = _("protected identities")

    def __str__(self) -> str:
        return str(_("Protected identity"))

    def get_absolute_url(self) -> str:
        return reverse("evidence:identity", args=[self.pk])


class Unmasking(Record):
    """Somebody asks to read an identity, and a second person allows it for an hour. `created_by` is who asks."""

    identity = models.ForeignKey(ProtectedIdentity, on_delete=models.PROTECT, related_name="unmaskings")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", editable=False)
    reason = models.TextField(_("why it must be read"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    granted_at = models.DateTimeField(_("allowed at"), null=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (HoldersOfRight("source"),)
    # Its events are in the chain, and in no circle's history: that there is an identity is part of the secret.
    tells_nobody: ClassVar[bool] = True

    class Meta:
        verbose_name = _("unmasking")
        verbose_name_plural = _("unmaskings")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(granted_by__isnull=True) | ~models.Q(granted_by=models.F("created_by")),
                name="nobody_allows_their_own_unmasking",
            )
        ]

    def __str__(self) -> str:
        return str(_("Asked to read a protected identity"))

    @property
    def is_granted(self) -> bool:
        """Whether whoever asked may read now."""
        return bool(self.granted_at) and not self.is_voided and timezone.now() - self.granted_at < SHOWN_FOR

    @property
    def is_waiting(self) -> bool:
        return self.granted_at is None and not self.is_voided
