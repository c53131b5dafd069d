"""The chokepoint: one SQL condition says which rows a person may read or act on.

A model names its rules in `visibility_rules`; all of them must hold. The yes/no answer for one record is the same
condition on one row, so the list and the page can never disagree.
"""

from dataclasses import dataclass
from typing import Any, Protocol, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from casefiles.access.rules import ROLES_FOR, Act, Visibility


class Rule(Protocol):
    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q: ...


def _memberships(user: Any, act: Act) -> models.QuerySet[Any]:
    from django.apps import apps  # Membership is defined above the abstract models that use this module.

    membership = apps.get_model("access", "Membership")
    return membership._base_manager.filter(user_id=user.pk, role__in=ROLES_FOR[act])


@dataclass(frozen=True)
class OwnCircle:
    """The record (or the one at `path`) carries visibility, compartments and a creator of its own."""

    path: str = ""

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q:
        prefix = f"{self.path}__" if self.path else ""
        holder = self._holder(model)
        through = holder._meta.get_field("compartments").remote_field.through  # type: ignore[union-attr]
        own = through._base_manager.filter(
            **{f"{holder._meta.model_name}_id": OuterRef(f"{prefix}pk" if not self.path else f"{self.path}_id")}
        )
        # One filter() on purpose: two would join memberships twice and match a colleague's role.
        member = Exists(own.filter(compartment_id__in=_memberships(user, act).values("compartment_id")))
        open_to_all = Q(**{f"{prefix}visibility": Visibility.OPEN})
        if act not in (Act.READ, Act.COMMENT):
            open_to_all &= Q(Exists(_memberships(user, act)))
        alone = Q(**{f"{prefix}created_by_id": user.pk}) & ~Q(Exists(own))
        return open_to_all | Q(member) | alone

    def _holder(self, model: type[models.Model]) -> type[models.Model]:
        holder = model
        for step in filter(None, self.path.split("__")):
            holder = holder._meta.get_field(step).related_model  # type: ignore[assignment]
        return holder


@dataclass(frozen=True)
class HoldersOfRight:
    """Only those to whom the right to see protected identities was given, in a circle that holds the record at `path`.

    No role brings this right, and neither does having made the record (R11).
    """

    path: str

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q:
        holder = OwnCircle(self.path)._holder(model)
        through = holder._meta.get_field("compartments").remote_field.through  # type: ignore[union-attr]
        own = through._base_manager.filter(**{f"{holder._meta.model_name}_id": OuterRef(f"{self.path}_id")})
        entitled = _memberships(user, act).filter(may_unmask=True)
        return Q(Exists(own.filter(compartment_id__in=entitled.values("compartment_id"))))


@dataclass(frozen=True)
class ByCompartment:
    """The record belongs to the one compartment at `path`: a case, and everything bound to it."""

    path: str = "compartment_id"

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q:
        return Q(Exists(_memberships(user, act).filter(compartment_id=OuterRef(self.path))))


@dataclass(frozen=True)
class EveryMember:
    """Open to everyone signed in; acting needs the role in some compartment."""

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q:
        if act in (Act.READ, Act.COMMENT):
            return Q(pk__isnull=False)
        return Q(Exists(_memberships(user, act)))


class VisibleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, act: Act = Act.READ) -> Self:
        """Return the rows that `user` may read, or on which they may do `act`; nobody signed out sees any."""
        if not getattr(user, "is_active", False) or user.pk is None:
            return self.none()
        queryset = self
        for rule in self.model.visibility_rules:
            queryset = queryset.filter(rule.condition(self.model, user, act))
        return queryset

    def current(self) -> Self:
        """Leave out what was voided."""
        return self.filter(voided_at__isnull=True)

    def named(self) -> Self:
        """Load with each record what its name is made of; a queryset whose records are named by others overrides it."""
        return self

    def locked(self, pk: Any) -> Any:
        """Return one row locked until the transaction ends (a no-op on SQLite, whose writers already queue)."""
        return self.select_for_update().get(pk=pk)
