"""What keeps an item from being withdrawn."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.evidence.models.items import Item
from casefiles.evidence.querysets import HoldQuerySet
from casefiles.evidence.vocabulary import HoldKind


class Hold(Record):
    """Somebody ordered that an item stays as it is: for good (legal hold), or until a day (retention).

    Lifting it is voiding it. An item may be held by several at once.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(_("kind"), max_length=10, choices=HoldKind.choices)
    reason = models.TextField(_("why"))
    ordered_by = models.CharField(_("ordered by"), max_length=300, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)
    objects: ClassVar = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=HoldKind.RETENTION, until__isnull=False)
                | Q(kind=HoldKind.LEGAL_HOLD, until__isnull=True),
                name="a_retention_and_nothing_else_has_an_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.until:%Y-%m-%d}" if self.until else str(self.get_kind_display())
