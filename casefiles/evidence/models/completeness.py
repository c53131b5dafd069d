"""What somebody said of a part that the Berkeley Protocol asks for and the files do not show."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.evidence.models.items import Item
from casefiles.evidence.vocabulary import PreservedPart, PreservedState


class PreservationMark(Record):
    """One part of one item, with the reason why it is not applicable, or where it is held instead."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="preservation_marks")
    part = models.CharField(_("part"), max_length=20, choices=PreservedPart.choices)
    state = models.CharField(_("state"), max_length=20, choices=PreservedState.choices)
    reason = models.TextField(_("why, or where"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)

    class Meta:
        verbose_name = _("mark of preservation")
        verbose_name_plural = _("marks of preservation")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "part"], condition=Q(voided_at__isnull=True), name="a_part_is_marked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.get_state_display()}"
