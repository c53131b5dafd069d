"""The chokepoint: one SQL condition says which rows a person may read or act on.

A model names its rules in `visibility_rules`; all of them must hold. The yes/no answer for one record is the same
condition on one row, so the list and the page can never disagree.
"""

from dataclasses import dataclass
from typing import Any, Protocol, Self

from django.db import models
from django.db.models import Q

from casefiles.access.conditions import Anywhere, Condition, HoldsRight, InCircle, InCompartment
from casefiles.access.rules import Act


class Rule(Protocol):
    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q | Condition: ...


def _links(holder: type[models.Model]) -> dict[str, str]:
    """Return the table that joins a kind of record to its compartments, and its column for the record."""
    through = holder._meta.get_field("compartments").remote_field.through  # type: ignore[union-attr]
    return {"links": through._meta.db_table, "column": f"{holder._meta.model_name}_id"}


@dataclass(frozen=True)
class OwnCircle:
    """The record (or the one at `path`) carries visibility, compartments and a creator of its own.

    Its creator alone sees one that is in no compartment; once it is in one, having made it gives nothing.
    """

    path: str = ""

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Condition:
        prefix = f"{self.path}__" if self.path else ""
        return InCircle(
            f"{self.path}_id" if self.path else "pk",
            f"{prefix}visibility",
            f"{prefix}created_by_id",
            user_id=user.pk,
            act=act,
            **_links(self._holder(model)),
        )

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

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Condition:
        holder = OwnCircle(self.path)._holder(model)
        return HoldsRight(f"{self.path}_id", user_id=user.pk, act=act, **_links(holder))


@dataclass(frozen=True)
class ByCompartment:
    """The record belongs to the one compartment at `path`: a case, and everything bound to it."""

    path: str = "compartment_id"

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Condition:
        return InCompartment(self.path, user_id=user.pk, act=act)


@dataclass(frozen=True)
class EveryMember:
    """Open to everyone signed in; acting needs the role in some compartment."""

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q | Condition:
        if act in (Act.READ, Act.COMMENT):
            return Q(pk__isnull=False)
        return Anywhere(user_id=user.pk, act=act)


@dataclass(frozen=True)
class OwnerAlone:
    """Nobody but the person at `owner`, whatever they may do elsewhere, while they may read the record at `of`."""

    owner: str
    of: str

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q | Condition:
        return Q(OwnCircle(self.of).condition(model, user, Act.READ), **{self.owner: user.pk})


@dataclass(frozen=True)
class OwnerWithin:
    """Nobody but the person at `owner`, while they may read what the compartment at `path` holds."""

    owner: str
    path: str

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q | Condition:
        return Q(InCompartment(self.path, user_id=user.pk, act=Act.READ), **{self.owner: user.pk})


@dataclass(frozen=True)
class Mine:
    """Nobody but the person at `owner`."""

    owner: str

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q | Condition:
        return Q(**{self.owner: user.pk})


@dataclass(frozen=True)
class UnlessSealed:
    """While the record is sealed, nobody but the person at `owner`; another rule says who sees it afterwards."""

    flag: str = "is_sealed"
    owner: str = "created_by"

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q | Condition:
        return Q(**{self.flag: False}) | Q(**{self.owner: user.pk})


class VisibleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, act: Act = Act.READ) -> Self:
        """Return the rows that `user` may read, or on which they may do `act`; nobody signed out sees any."""
        if not getattr(user, "is_active", False) or user.pk is None:
            return self.none()
        queryset = self
        for rule in self.model.visibility_rules:
            queryset = queryset.filter(rule.condition(self.model, user, act))
        return queryset

    def saying_whether_allowed(self, user: Any, act: Act) -> Self:
        """Say of each row, as `is_allowed`, whether `user` may do `act` on it: the condition of `visible_to`."""
        allowed = self.model.objects.visible_to(user, act).filter(pk=models.OuterRef("pk"))
        return self.annotate(is_allowed=models.Exists(allowed))

    def current(self) -> Self:
        """Leave out what was voided."""
        return self.filter(voided_at__isnull=True)

    def named(self) -> Self:
        """Load with each record what its name is made of; a queryset whose records are named by others overrides it."""
        return self

    def locked(self, pk: Any) -> Any:
        """Return one row locked until the transaction ends (a no-op on SQLite, whose writers already queue)."""
        return self.select_for_update().get(pk=pk)
