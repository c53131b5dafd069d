"""The pictures cited for a vessel: for its values, its movements, and claims of cases that it is a subject of."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from casefiles.cases.models import Claim, Subject
from casefiles.core.addresses import record_address
from casefiles.core.moments import Moment
from casefiles.evidence.models import Assertion, Citation, File, ImageObservation, Item
from casefiles.evidence.previews import PICTURES
from casefiles.evidence.vocabulary import ItemStatus
from casefiles.registry.models import Vessel
from casefiles.voyages.models import Candidate, Voyage

# A strip, and one more that says there are others.
SHOWN = 8


@dataclass(frozen=True)
class CitedPicture:
    """One picture: when it shows what it shows, whose it is, and what to say beside it.

    `is_cited` says whether it is cited for the vessel; else somebody only weighed whether it shows this one.
    """

    title: str
    url: str
    look_url: str
    preview_url: str
    occurred: Moment | None
    published: Moment | None
    source: str
    credit: str
    mark: str
    is_cited: bool


@dataclass(frozen=True)
class Strip:
    pictures: tuple[CitedPicture, ...]
    has_more: bool


def pictures_of(
    vessels: Collection[Vessel], user: Any, *, values: Iterable[uuid.UUID], as_at: Moment | None = None
) -> Strip:
    """Return the newest pictures cited for some vessels that were judged to be one; one query for any number.

    `values` are the keys of their dated values. With `as_at`, what was taken by then, without what has no date.
    """
    keys = [one.pk for one in vessels]
    cited = Citation.objects.visible_to(user).current().filter(assertion__voided_at__isnull=True)
    cited = cited.filter(assertion__in=_assertions(keys, values, user))
    # A union, and no "or": each part of it is found by an index.
    concerned = cited.values("item_id").union(_weighed(keys, user).values("sheet__item_id"), all=True)
    files = File.objects.visible_to(user).filter(item=OuterRef("pk"), media_type__in=sorted(PICTURES))
    items = Item.objects.visible_to(user).current().filter(pk__in=concerned).select_related("source")
    items = items.annotate(
        picture=Subquery(files.order_by("created_at", "pk").values("pk")[:1]),
        is_cited=Exists(cited.filter(item=OuterRef("pk"))),
    ).filter(picture__isnull=False)
    if last := as_at and (as_at.latest or as_at.earliest):
        items = items.filter(occurred_key__lte=last.isoformat()).exclude(occurred_key="")
    found = list(items.order_by("-occurred_key", "-published_key", "-created_at", "pk")[: SHOWN + 1])
    return Strip(tuple(_picture(item) for item in found[:SHOWN]), has_more=len(found) > SHOWN)


def _assertions(vessels: list[uuid.UUID], values: Iterable[uuid.UUID], user: Any) -> QuerySet[Any]:
    """Return the keys of what may cite a picture of the vessels; whether the reader may see it, its citations tell."""
    calls = Candidate._base_manager.filter(vessel__in=vessels).values("port_call_id")
    sailed = Voyage._base_manager.filter(vessel__in=vessels)
    voyages = [sailed.values(name) for name in ("pk", "departure_id", "arrival_id")]
    subjects = Subject.objects.visible_to(user).current().filter(vessel__in=vessels)
    claims = Claim.objects.visible_to(user).filter(case__in=subjects.values("case_id")).values("pk")
    own = Assertion._base_manager.filter(pk__among=values).values("pk")
    return own.union(calls, *voyages, claims, all=True)


def _weighed(vessels: list[uuid.UUID], user: Any) -> QuerySet[Any]:
    """Return what was seen in images of which somebody weighed whether it is one of the vessels."""
    seen: QuerySet[Any] = ImageObservation.objects.visible_to(user).current()
    return seen.filter(look_alike_vessels__in=vessels, sheet__voided_at__isnull=True)


def _picture(item: Any) -> CitedPicture:
    return CitedPicture(
        title=item.title,
        url=item.get_absolute_url(),
        look_url=f"{record_address('evidence:look', item.pk)}?file={item.picture}",
        preview_url=reverse("evidence:preview", args=[item.picture]),
        occurred=item.occurred,
        published=item.published,
        source=item.source.name if item.source else "",
        credit=item.credit_line or item.rights_holder,
        mark="" if item.status == ItemStatus.CURRENT else str(ItemStatus(item.status).label),
        is_cited=item.is_cited,
    )
