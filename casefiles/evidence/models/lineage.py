"""Where items come from, and how they are graded."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.evidence.models.items import Item
from casefiles.evidence.vocabulary import Credibility, DerivationKind, Reliability


class Derivation(Record):
    """The child repeats the parent: a rewrite, a translation, the same image. Cycles are refused."""

    child = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="derivations_from")
    parent = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="derivations_to")
    kind = models.CharField(_("kind"), max_length=20, choices=DerivationKind.choices)
    passage = models.TextField(_("passage that shows it"), blank=True)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("child"), OwnCircle("parent"))

    class Meta:
        verbose_name = _("derivation")
        verbose_name_plural = _("derivations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "parent", "kind"],
                condition=Q(voided_at__isnull=True),
                name="a_derivation_is_said_once",
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="nothing_derives_from_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.child} {self.get_kind_display()} {self.parent}"


class Independence(Record):
    """Somebody signs, with a reason, that two origins are independent of each other."""

    first = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("why they are independent"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("first"), OwnCircle("second"))

    class Meta:
        verbose_name = _("independence of two origins")
        verbose_name_plural = _("independence of origins")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_pair_is_stored_in_one_order"),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(voided_at__isnull=True), name="a_pair_is_signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Dismissal(Record):
    """Somebody says, with a reason, that two items which look alike have nothing to do with each other.

    It is seen by whoever may see both, and to them the one is not suggested for the other again.
    """

    first = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("why they have nothing to do with each other"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("first"), OwnCircle("second"))

    class Meta:
        verbose_name = _("dismissed suggestion")
        verbose_name_plural = _("dismissed suggestions")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_dismissed_pair_is_in_one_order"),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(voided_at__isnull=True), name="a_pair_is_dismissed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Grade(Record):
    """One grader's judgement of an item: reliability of the source and credibility of the information, apart."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="grades")
    reliability = models.CharField(_("reliability of the source"), max_length=1, choices=Reliability.choices)
    credibility = models.CharField(_("credibility of the information"), max_length=1, choices=Credibility.choices)
    rationale = models.TextField(_("why"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        indexes: ClassVar = [models.Index(fields=["item", "created_at"], name="grades_of_an_item")]

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"
