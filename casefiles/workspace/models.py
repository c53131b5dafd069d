"""What belongs to one person's own pages."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import Mine, OwnerAlone, OwnerWithin, Rule, VisibleQuerySet
from casefiles.cases.models import Case
from casefiles.core.fields import choice_label
from casefiles.registry.models import Vessel


class Watch(models.Model):
    """Somebody keeps an eye on a vessel. Nobody else sees it, and nothing counts it: what one looks at tells of a case.

    One row for a person and a vessel, whether it is watched now or was once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, related_name="watches", editable=False)
    started_at = models.DateTimeField(_("watched since"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(_("seen until"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("no longer since"), null=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnerAlone("user_id", of="vessel"),)
    objects: ClassVar = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched vessel")
        verbose_name_plural = _("watched vessels")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "vessel"], name="a_person_watches_a_vessel_once")
        ]

    def __str__(self) -> str:
        return str(self.vessel)


class NetworkLayout(models.Model):
    """Where somebody put the things of a case's network, by key (`vessel:…`). Nobody else sees it or is moved by it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", editable=False)
    places = models.JSONField(_("places"), default=dict, editable=False)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnerWithin("user_id", path="case__compartment_id"),)
    objects: ClassVar = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("layout of a network")
        verbose_name_plural = _("layouts of networks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "case"], name="a_person_lays_a_network_out_once")
        ]

    def __str__(self) -> str:
        return str(self.case)


class Told(models.TextChoices):
    """What somebody is told of: the words stand where each is chosen."""

    MENTION = "mention", _("Somebody names me in a comment")
    ANSWER = "answer", _("Somebody answers in a thread of mine")
    TASK = "task", _("A task is given to me")
    DUE = "due", _("A task of mine is due or overdue")
    CLAIM = "claim", _("Somebody changes a claim of mine, or what is cited for it")
    TEAM = "team", _("My place in a team changes")
    REVIEW = "review", _("I am asked for a review, or a claim of mine was reviewed")
    REPLY = "reply", _("A deadline for comment comes near, or a request of mine was answered")
    MATRIX = "matrix", _("There is something new to rate against hypotheses that I rated")


class How(models.TextChoices):
    OFF = "off", _("not at all")
    HERE = "here", _("here")
    MAIL = "mail", _("here and by mail, once a day")


class Notification(models.Model):
    """Something that somebody is told. It names its record by kind and key, and goes from sight with its case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(_("what"), max_length=10, choices=Told.choices, editable=False)
    act = models.CharField(max_length=60, editable=False)
    record_kind = models.CharField(max_length=60, editable=False)
    record_id = models.UUIDField(editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    # What makes it one: the same thing is told to somebody once, however often the record is read.
    key = models.CharField(max_length=120, editable=False)
    at = models.DateTimeField(_("when"), editable=False)
    # When somebody could be shown it first: what happened may have been read of much later.
    told_at = models.DateTimeField(_("told at"), default=timezone.now, editable=False)
    is_read = models.BooleanField(_("read"), default=False, editable=False)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnerWithin("user_id", path="case__compartment_id"),)
    objects: ClassVar = VisibleQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="a_person_is_told_a_thing_once")]
        indexes: ClassVar = [models.Index(fields=["user", "is_read", "-at", "-id"], name="what_somebody_was_told")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


def _how(label: Any) -> Any:
    return models.CharField(label, max_length=4, choices=How.choices, default=How.HERE)


class NotificationChoices(Record):
    """What somebody wants to be told of, and how; who chose nothing is told everything here and nothing by mail."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    mention = _how(Told.MENTION.label)
    answer = _how(Told.ANSWER.label)
    task = _how(Told.TASK.label)
    due = _how(Told.DUE.label)
    claim = _how(Told.CLAIM.label)
    team = _how(Told.TEAM.label)
    review = _how(Told.REVIEW.label)
    reply = _how(Told.REPLY.label)
    matrix = _how(Told.MATRIX.label)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (Mine("user_id"),)
    objects: ClassVar = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")

    def __str__(self) -> str:
        return str(self.user)


class TellingState(models.Model):
    """One row: up to which event the record of what was done was read for notifications."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    seq = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("state of notifications")
        verbose_name_plural = _("states of notifications")

    def __str__(self) -> str:
        return str(self.seq)
