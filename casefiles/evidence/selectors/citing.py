"""What cites what."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet

from casefiles.evidence.models import Assertion, Citation, Item


def citations_by_assertion(assertion_ids: Iterable[uuid.UUID], user: Any) -> dict[uuid.UUID, list[Citation]]:
    """Return the standing citations of each assertion, oldest first, with item and source loaded; one query.

    Every id asked for has an entry. Citations of voided or retracted items are among them: the page shows them as such.
    """
    found: dict[uuid.UUID, list[Citation]] = {identifier: [] for identifier in assertion_ids}
    citations = Citation.objects.visible_to(user).current().filter(assertion_id__among=found).with_items()
    for citation in citations.order_by("created_at", "pk"):
        found[citation.assertion_id].append(citation)
    return found


class CitedAs(NamedTuple):
    """What standing needs of one citation."""

    item_id: uuid.UUID
    stance: str
    quote_check: str


def cited_as(assertions: QuerySet[Any], user: Any) -> dict[uuid.UUID, list[CitedAs]]:
    """Return what each of some assertions cites and how, without the citations' words; one query.

    `assertions` are records that share an assertion's key. Those that cite nothing have no entry.
    """
    found: dict[uuid.UUID, list[CitedAs]] = {}
    citations = Citation.objects.visible_to(user).current().filter(assertion_id__in=assertions.order_by().values("pk"))
    for key, *rest in citations.values_list("assertion_id", "item_id", "stance", "quote_check"):
        found.setdefault(key, []).append(CitedAs(*rest))
    return found


@dataclass(frozen=True)
class Reliance:
    """A record that cites an item, and how."""

    citation: Citation
    record: Any
    kind: str
    url: str


def relying_on(item: Item, user: Any) -> list[Reliance]:
    """Return everything `user` may see that cites an item and stands, newest first; two queries at most."""
    citations = Citation.objects.visible_to(user).current().filter(item=item, assertion__voided_at__isnull=True)
    # Most items are cited by one kind of record or two: joining every kind would be the dearest thing on their page.
    kinds = set(citations.order_by().values_list("assertion__kind", flat=True).distinct())
    if not kinds:
        return []
    rows = citations.select_related("created_by", *_paths_to_records(kinds)).order_by("-created_at", "pk")
    return [_reliance(citation) for citation in rows]


def _reliance(citation: Citation) -> Reliance:
    record = _record_of(citation.assertion)
    address = getattr(record, "get_absolute_url", None)
    return Reliance(
        citation=citation,
        record=record,
        kind=str(record._meta.verbose_name) if record is not citation.assertion else citation.assertion.kind,
        url=address() if address else "",
    )


def _record_of(assertion: Assertion) -> Any:
    """Return the record that shares the assertion's key; it lives in an app above, known here by its kind alone."""
    return getattr(assertion, assertion.kind.replace(".", "_", 1), assertion)


def _paths_to_records(kinds: Collection[str]) -> list[str]:
    """Return the paths from a citation to records of some kinds, and to what their names are made of."""
    accessors = {kind.replace(".", "_", 1) for kind in kinds}
    paths = ["assertion"]
    for relation in Assertion._meta.related_objects:
        if relation.one_to_one and relation.get_accessor_name() in accessors:
            record = f"assertion__{relation.get_accessor_name()}"
            paths += [record, *_names_of(relation.related_model, record)]
    return paths


def _names_of(model: Any, prefix: str) -> list[str]:
    keys = [field for field in model._meta.concrete_fields if field.many_to_one]
    paths = [f"{prefix}__{field.name}" for field in keys]
    for field in keys:
        target: type[Model] = field.related_model
        if any(key.one_to_one and key.related_model is Assertion for key in target._meta.concrete_fields):
            paths += [f"{prefix}__{field.name}__{key.name}" for key in target._meta.concrete_fields if key.many_to_one]
    return paths
