"""Screenings: what was looked for, in which editions, what was found, and what people decided about it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Restricted
from casefiles.access.querysets import OwnCircle, Rule, VisibleQuerySet
from casefiles.core.addresses import record_address
from casefiles.core.fields import choice_label
from casefiles.registry.models import Organisation, Person, Vessel
from casefiles.sanctions.models.lists import ListEdition, ListEntry, ListKey


class Screening(Restricted):
    """One look at some editions for some names and numbers. `not_searched` are lists that were asked for and not here.

    It belongs to its circle: what a team looks for is not for others.
    """

    subject = models.CharField(_("what was looked for"), max_length=300, editable=False)
    asked = models.PositiveIntegerField(_("how many were looked for"), editable=False)
    as_at = models.DateField(_("as at"), editable=False)
    editions = models.ManyToManyField(ListEdition, related_name="screenings", editable=False)
    not_searched = models.JSONField(_("not searched"), default=list, editable=False)
    found = models.PositiveIntegerField(_("matches"), default=0, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle(),)
    objects: ClassVar = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        indexes: ClassVar = [models.Index(fields=["created_at", "id"], name="screenings_by_time")]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return record_address("sanctions:screening", self.pk)

    @property
    def not_searched_names(self) -> list[str]:
        labels = dict(ListKey.choices)
        return [str(labels.get(key, key)) for key in self.not_searched]


class MatchBasis(models.TextChoices):
    IMO = "imo", _("IMO number")
    COMPANY = "company", _("IMO company number")
    MMSI = "mmsi", _("MMSI")
    CALL_SIGN = "call sign", _("call sign")
    NAME = "name", _("name")


class ScreeningMatch(models.Model):
    """One entry that may be one of those looked for, with a score (0 to 100) and the reason for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="matches")
    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="+")
    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    # What was typed, where it was none of the registry: the decision is remembered for that.
    typed = models.CharField(_("what was typed"), max_length=300, blank=True)
    basis = models.CharField(_("basis"), max_length=10, choices=MatchBasis.choices)
    score = models.PositiveSmallIntegerField(_("score"))
    reason = models.CharField(_("why"), max_length=1_000)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("screening"),)
    objects: ClassVar = VisibleQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        verbose_name = _("match of a screening")
        verbose_name_plural = _("matches of screenings")
        indexes: ClassVar = [models.Index(fields=["screening", "-score", "id"], name="matches_by_score")]

    def __str__(self) -> str:
        return f"{self.looked_for}: {self.entry}"

    @property
    def looked_for(self) -> str:
        return str(self.vessel or self.organisation or self.person or self.typed)

    @property
    def pair(self) -> tuple[str, str, str]:
        """What a decision is remembered for: what was looked for, the list, and the number on it."""
        key = self.vessel_id or self.organisation_id or self.person_id or self.typed.casefold()
        return str(key), self.entry.edition.list_key, self.entry.list_id


class Verdict(models.TextChoices):
    SAME = "same", _("the same")
    DIFFERENT = "different", _("different")
    UNSURE = "unsure", _("unsure")


class MatchDecision(Restricted):
    """What a person decided about one pair, with the reason; shown at every later screening to those who may see it.

    A later decision stands beside an earlier one: the newest counts, and none is overwritten.
    """

    looked_for = models.CharField(max_length=300, editable=False)
    list_key = models.CharField(_("list"), max_length=20, choices=ListKey.choices, editable=False)
    list_id = models.CharField(_("number on the list"), max_length=80, editable=False)
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict.choices)
    reason = models.CharField(_("why"), max_length=1_000)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle(),)
    objects: ClassVar = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision about a match")
        verbose_name_plural = _("decisions about matches")
        indexes: ClassVar = [models.Index(fields=["looked_for", "list_key", "list_id"], name="decisions_by_pair")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_decision_about_a_match_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.list_id}"

    def get_absolute_url(self) -> str:
        return record_address("sanctions:screenings")
