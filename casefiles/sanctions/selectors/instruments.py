"""What stands in instruments, for their pages and for the duties of a case."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from casefiles.sanctions.models import Element, Instrument, Provision


@dataclass(frozen=True)
class ProvisionCount:
    provisions: int = 0
    to_verify: int = 0


@dataclass(frozen=True)
class ProvisionLine:
    """One provision with what must hold for it to apply, in order."""

    provision: Provision
    elements: tuple[Element, ...]


def provision_counts(instruments: Sequence[Any], user: Any) -> dict[Any, ProvisionCount]:
    """Return how many provisions each instrument has, and how many nobody read in the original, in one query."""
    rows = Provision.objects.visible_to(user).current().filter(instrument__in=instruments).order_by()
    counted = rows.values("instrument").annotate(all=Count("pk"), unread=Count("pk", filter=Q(is_verified=False)))
    return {row["instrument"]: ProvisionCount(row["all"], row["unread"]) for row in counted}


def provisions_of(instrument: Instrument, user: Any) -> list[ProvisionLine]:
    """Return an instrument's provisions by paragraph, with their elements; two queries."""
    rows = Provision.objects.visible_to(user).current().filter(instrument=instrument)
    provisions = sorted(rows, key=lambda one: (paragraph_key(one.paragraph), one.title_key, str(one.pk)))
    return [ProvisionLine(one, elements) for one, elements in _with_elements(provisions, user)]


def elements_of(provisions: Iterable[Any], user: Any) -> dict[Any, list[Element]]:
    """Return the elements of provisions, by their keys, in order; one query."""
    found: dict[Any, list[Element]] = {}
    rows = Element.objects.visible_to(user).current().filter(provision__in=list(provisions)).in_order()
    for element in rows:
        found.setdefault(element.provision_id, []).append(element)
    return found


def voided_parts(instrument: Instrument, user: Any) -> list[Provision | Element]:
    """Return the provisions and elements of an instrument that were voided, the last first; two queries."""
    provisions = Provision.objects.visible_to(user).filter(instrument=instrument, voided_at__isnull=False)
    elements = Element.objects.visible_to(user).filter(provision__instrument=instrument, voided_at__isnull=False)
    found = [*provisions.select_related("instrument"), *elements.select_related("provision")]
    return sorted(found, key=lambda part: part.voided_at, reverse=True)


def parts_of(instrument: Instrument, user: Any) -> list[Any]:
    """Return the keys of an instrument and of all that ever stood in it: what its history is about."""
    provisions = Provision.objects.visible_to(user).filter(instrument=instrument).values_list("pk", flat=True)
    elements = Element.objects.visible_to(user).filter(provision__instrument=instrument).values_list("pk", flat=True)
    return [instrument.pk, *provisions, *elements]


def paragraph_key(paragraph: str) -> tuple[Any, ...]:
    """Return what sorts "9" before "12" and "12 (a)", and what has no number yet behind all."""
    if not paragraph:
        return ((2, 0, ""),)
    pieces = re.findall(r"[0-9]+|[^0-9]+", paragraph)
    return tuple((0, int(piece), "") if piece[0] in "0123456789" else (1, 0, piece.strip()) for piece in pieces)


def _with_elements(provisions: Sequence[Provision], user: Any) -> list[tuple[Provision, tuple[Element, ...]]]:
    elements = elements_of([one.pk for one in provisions], user)
    return [(one, tuple(elements.get(one.pk, ()))) for one in provisions]
