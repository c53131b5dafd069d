"""Which record of a case a comment or task is about: it is named by kind and key, and read through `visible_to`."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casefiles.cases.models import (
    Case,
    CaseStatement,
    Claim,
    Duty,
    Exhibit,
    Hypothesis,
    Lookup,
    ReplyRequest,
    Review,
    Subject,
    Task,
)

NAMEABLE: dict[str, Any] = {
    model._meta.label_lower: model
    for model in (
        Case,
        Claim,
        Exhibit,
        CaseStatement,
        Subject,
        Duty,
        Task,
        Hypothesis,
        Lookup,
        ReplyRequest,
        Review,
    )
}
Name = tuple[str, uuid.UUID]


@dataclass(frozen=True)
class Named:
    """A record as it is called where something is about it: a number, where it has one, and words."""

    kind: str
    key: uuid.UUID
    kind_label: str
    label: str
    text: str
    url: str

    @property
    def short(self) -> str:
        """Return how a sentence calls it: by its number where it has one."""
        return self.label or self.text

    @property
    def reference(self) -> str:
        """Return how an address names it: `cases.claim:…`."""
        return f"{self.kind}:{self.key}"


def name_of(reference: str) -> Name | None:
    """Return the kind and key that an address gives ("cases.claim:…"); None where it names nothing of a case."""
    kind, _colon, key = reference.partition(":")
    try:
        return (kind, uuid.UUID(key)) if kind in NAMEABLE else None
    except ValueError:
        return None


def record_named(case: Case, name: Name, user: Any) -> Any:
    """Return the record of this very case that is so named; None where there is none for this person."""
    kind, key = name
    return _rows(case, kind, user).filter(pk=key).first() if kind in NAMEABLE else None


def named_records(case: Case, names: Iterable[Name], user: Any) -> dict[Name, Named]:
    """Return what some records are called, by their names; one query for each kind among them."""
    return _described_all(names, lambda kind: _rows(case, kind, user))


def named_anywhere(names: Iterable[Name], user: Any) -> dict[Name, Named]:
    """Return what some records of any cases are called that this person reads; one query for each kind among them."""
    return _described_all(names, lambda kind: NAMEABLE[kind].objects.visible_to(user).named())


def _described_all(names: Iterable[Name], rows_of: Callable[[str], Any]) -> dict[Name, Named]:
    by_kind: dict[str, set[uuid.UUID]] = {}
    for kind, key in names:
        by_kind.setdefault(kind, set()).add(key)
    return {
        (kind, record.pk): described(record)
        for kind, keys in by_kind.items()
        if kind in NAMEABLE
        for record in rows_of(kind).filter(pk__in=keys)
    }


def described(record: Any) -> Named:
    """Return what a record of a case is called; what its name is made of was read with it."""
    label = "" if isinstance(record, Case | Subject | Duty) else record.label
    text = _("the case as a whole") if isinstance(record, Case) else _words_of(record)
    return Named(
        kind=record._meta.label_lower,
        key=record.pk,
        kind_label=str(record._meta.verbose_name),
        label=label,
        text=text,
        url=str(record.get_absolute_url()),
    )


def _words_of(record: Any) -> str:
    if isinstance(record, Review):
        return record.note or str(Review._meta.verbose_name)
    words = record.text if isinstance(record, Claim) else str(record).removeprefix(f"{getattr(record, 'label', '')} ")
    return str(words)


def _rows(case: Case, kind: str, user: Any) -> Any:
    model = NAMEABLE[kind]
    rows = model.objects.visible_to(user).named()
    return rows.filter(pk=case.pk) if model is Case else rows.filter(case=case)
