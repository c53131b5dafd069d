"""The append-only record of what was done.

Event holds ids and digests only; the values themselves lie in EventValue, so that an ordered erasure can remove them
and leave a chain that still verifies (R17). Neither has foreign keys: nothing that happens to a user or record reaches
here.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.audit.querysets import EventQuerySet


class Event(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seq = models.BigIntegerField(unique=True, editable=False)
    at = models.DateTimeField(editable=False)
    actor_id = models.UUIDField(null=True, editable=False)
    act = models.CharField(max_length=60, editable=False)
    record_kind = models.CharField(max_length=60, editable=False)
    record_id = models.UUIDField(editable=False)
    compartment_ids = models.JSONField(default=list, editable=False)
    changes = models.JSONField(default=list, editable=False)
    note = models.TextField(blank=True, editable=False)
    previous_hash = models.CharField(max_length=64, unique=True, editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(fields=["record_id", "seq"], name="events_of_a_record"),
            models.Index(fields=["actor_id", "seq"], name="events_of_an_actor"),
            # What is left of those who are gone: their rows are not there any more.
            models.Index(fields=["record_kind"], condition=models.Q(act="left"), name="events_of_leaving"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.record_kind}"


class EventValue(models.Model):
    """What one field held before and after one event; the event keeps the salted digests of both."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(db_index=True, editable=False)
    field = models.CharField(max_length=60, editable=False)
    old = models.TextField(null=True, editable=False)
    new = models.TextField(null=True, editable=False)
    salt = models.BinaryField(max_length=16, editable=False)

    class Meta:
        verbose_name = _("event value")
        verbose_name_plural = _("event values")

    def __str__(self) -> str:
        return f"{self.field} of {self.event_id}"


class ChainHead(models.Model):
    """One row: the last sequence number and hash. Locked last in every transaction that records something."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    seq = models.BigIntegerField(editable=False)
    hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("chain head")
        verbose_name_plural = _("chain heads")
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_chain")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"
