"""How the held bytes are watched over."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class FixityRun(models.Model):
    """One check of every held file, in the order of their digests; one that was broken off goes on from `position`.

    It names no file and belongs to nobody: what was found stands in the custody of the files.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_at = models.DateTimeField(_("started at"), editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    position = models.CharField(_("last digest checked"), max_length=64, blank=True, editable=False)
    digests_checked = models.PositiveBigIntegerField(_("digests checked"), default=0, editable=False)
    bytes_checked = models.PositiveBigIntegerField(_("bytes checked"), default=0, editable=False)
    bytes_total = models.PositiveBigIntegerField(_("bytes to check"), default=0, editable=False)

    class Meta:
        verbose_name = _("check of every file")
        verbose_name_plural = _("checks of every file")
        indexes: ClassVar = [models.Index(fields=["started_at"], name="fixity_runs_by_start")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None
