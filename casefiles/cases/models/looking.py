"""How far somebody has looked through a case."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import OwnerWithin, Rule, VisibleQuerySet
from casefiles.cases.models.cases import Case


class LookedAt(models.Model):
    """Until when somebody has seen what happened in a case. Nobody else sees it, nor that there is one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    seen_at = models.DateTimeField(_("seen until"), editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnerWithin("user_id", path="case__compartment_id"),)
    objects: ClassVar = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("how far somebody has looked")
        verbose_name_plural = _("how far people have looked")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "user"], name="a_person_looks_through_a_case_once")
        ]

    def __str__(self) -> str:
        return str(self.case)
