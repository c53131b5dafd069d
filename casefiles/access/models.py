"""Circles of readers, and the abstract bases of every record that others build on."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import ByCompartment, OwnCircle, Rule, VisibleQuerySet
from casefiles.access.rules import Role, Visibility
from casefiles.core.fields import choice_label


class Record(models.Model):
    """What every editable record carries: a random id, a version, who made it, and whether it was voided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    void_reason = models.CharField(_("why it was voided"), max_length=500, blank=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = ()
    objects: ClassVar[Any] = VisibleQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        abstract = True

    @property
    def is_voided(self) -> bool:
        return self.voided_at is not None

    @property
    def version_holder(self) -> "Record":
        """The record that carries this one's version, author and voiding."""
        return self


class Compartment(Record):
    """The readers' circle of a case."""

    name = models.CharField(_("name"), max_length=200)
    # Set while its case is closed: what only closed circles hold is read, and changed by nobody.
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (ByCompartment("pk"),)

    class Meta:
        verbose_name = _("compartment")
        verbose_name_plural = _("compartments")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compartment = models.ForeignKey(Compartment, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    may_unmask = models.BooleanField(_("may see protected identities"), default=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (ByCompartment(),)
    objects: ClassVar[Any] = VisibleQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compartment", "user"], name="one_role_for_a_person_in_a_compartment")
        ]
        indexes: ClassVar = [models.Index(fields=["user", "role", "compartment"], name="memberships_of_a_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Restricted(Record):
    """A record with a circle of its own: restricted to its compartments, or open to every member."""

    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=Visibility.choices, default=Visibility.RESTRICTED
    )
    compartments = models.ManyToManyField(Compartment, blank=True, related_name="+", verbose_name=_("compartments"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle(),)

    class Meta:
        abstract = True
