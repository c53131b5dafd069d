"""Where an item may come from: what looks like it, has its address, or is named in its text. Never a decision."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from casefiles.access.rules import Act
from casefiles.core.folding import fold
from casefiles.evidence.models import Derivation, Dismissal, Fingerprint, Item, Source
from casefiles.evidence.readers import likeness
from casefiles.evidence.selectors.texts import texts_of
from casefiles.evidence.vocabulary import DerivationKind, Likeness

LEAST_LIKENESS = 0.3
MOST_COMPARED = 400
MOST_SHOWN = 25
MOST_DISMISSED = 100
MOST_SOURCES = 2_000
# A shorter name stands in every other text by chance.
LEAST_NAME = 4
MOST_WORDS = 50_000
MARKS = ".,;:!?()[]\"'«»„“”‘’…"


@dataclass(frozen=True)
class Reason:
    """One way in which two items are alike: `score` from 0 to 1."""

    kind: str
    score: float

    @property
    def label(self) -> str:
        return str(Likeness(self.kind).label)

    @property
    def percent(self) -> int:
        return round(100 * self.score)


@dataclass(frozen=True)
class Suggestion:
    """Another item that looks related, once, with every reason, the strongest first, and the passage that both hold."""

    item: Item
    reasons: tuple[Reason, ...]
    passage: str = ""
    is_recorded: bool = False
    may_dismiss: bool = False

    @property
    def derivation_kind(self) -> str:
        """Return how one would most likely derive from the other, for the form to start from."""
        is_picture = self.reasons[0].kind == Likeness.PICTURE
        return str(DerivationKind.REPUBLISHES_IMAGE if is_picture else DerivationKind.REWRITES)


@dataclass(frozen=True)
class Dismissed:
    """Another item that somebody found to have nothing to do with this one, and what they said."""

    item: Item
    said: Dismissal
    may_take_back: bool


@dataclass(frozen=True)
class Attribution:
    """A source that the item's text names, and the words around it."""

    source: Source
    passage: str


def suggestions_for(item: Item, user: Any) -> tuple[Suggestion, ...]:
    """Return visible items that may be related to this one, the likest first; nothing tells of hidden ones.

    What somebody has dismissed, where `user` may see that, is left out. A constant number of queries; shared passages
    are looked for in the texts of those that are shown.
    """
    own = list(Fingerprint.objects.visible_to(user).filter(item=item))
    scores = _scored(own, _sharing(own, item, user))
    scores += _by_address(item, user)
    dismissed = _dismissed(item, user)
    best = _best(score for score in scores if score[0] not in dismissed)
    items = Item.objects.visible_to(user).current().select_related("source").in_bulk(best)
    recorded, editable = _recorded(item, user), _editable(best, user)
    words = _words(item)
    found = [
        Suggestion(items[pk], reasons, _passage(words, items[pk], reasons), pk in recorded, pk in editable)
        for pk, reasons in best.items()
        if pk in items
    ]
    return tuple(sorted(found, key=lambda one: (-one.reasons[0].score, one.item.title_key, str(one.item.pk))))


def _sharing(own: Iterable[Fingerprint], item: Item, user: Any) -> list[Fingerprint]:
    """Return fingerprints of other items that share a band with this one's."""
    shared = Q(pk__in=[])
    for one in own:
        shared |= Q(kind=one.kind, band=one.band, value=one.value)
    others = Fingerprint.objects.visible_to(user).filter(shared).exclude(item=item)
    return list(others.filter(item__voided_at__isnull=True).order_by("-pk")[:MOST_COMPARED])


Score = tuple[uuid.UUID, str, float]


def _scored(own: Iterable[Fingerprint], others: Iterable[Fingerprint]) -> list[Score]:
    mine: dict[str, set[str]] = {}
    for one in own:
        mine.setdefault(one.kind, set()).add(one.whole)
    theirs = {(one.item_id, one.kind, one.whole) for one in others}
    scored = [(pk, kind, max(_score(kind, whole, one) for one in mine[kind])) for pk, kind, whole in theirs]
    return [one for one in scored if one[2] >= LEAST_LIKENESS]


def _score(kind: str, one: str, other: str) -> float:
    if kind == Likeness.ADDRESS:
        return 1.0 if one == other else 0.0
    if kind == Likeness.TEXT:
        return likeness.likeness(likeness.parted(one), likeness.parted(other))
    apart = likeness.bits_apart(one, other)
    return 1 - apart / 64 if apart <= likeness.NEAR_BITS else 0.0


def _by_address(item: Item, user: Any) -> list[Score]:
    """Return items whose record has the same address, or whose file names this one's as its own."""
    key = likeness.address_key(item.url)
    if not key:
        return []
    path = item.url.split("://", 1)[-1].split("#")[0].split("?")[0].rstrip("/").removeprefix("www.")
    alike = Item.objects.visible_to(user).current().filter(url__icontains=path).exclude(pk=item.pk)
    found: list[Score] = [
        (pk, str(Likeness.ADDRESS), 1.0)
        for pk, url in alike.order_by("pk").values_list("pk", "url")[:MOST_COMPARED]
        if likeness.address_key(url) == key
    ]
    named = Fingerprint.objects.visible_to(user).filter(
        kind=Likeness.ADDRESS, band=0, value=likeness.address_band(key), whole=key, item__voided_at__isnull=True
    )
    others = named.exclude(item=item).values_list("item_id", flat=True)
    return found + [(pk, str(Likeness.ADDRESS), 1.0) for pk in others[:MOST_COMPARED]]


def _best(scores: Iterable[Score]) -> dict[uuid.UUID, tuple[Reason, ...]]:
    """Return the likest items, each with its reasons, of every kind the best."""
    best: dict[uuid.UUID, dict[str, float]] = {}
    for pk, kind, score in scores:
        of_item = best.setdefault(pk, {})
        of_item[kind] = max(score, of_item.get(kind, 0.0))
    reasons = {
        pk: tuple(sorted((Reason(*one) for one in of_item.items()), key=lambda one: (-one.score, one.kind)))
        for pk, of_item in best.items()
    }
    return dict(sorted(reasons.items(), key=lambda one: (-one[1][0].score, str(one[0])))[:MOST_SHOWN])


def _recorded(item: Item, user: Any) -> set[uuid.UUID]:
    edges = Derivation.objects.visible_to(user).current().filter(Q(child=item) | Q(parent=item))
    return {one for pair in edges.values_list("child_id", "parent_id") for one in pair}


def _editable(ids: Iterable[uuid.UUID], user: Any) -> set[uuid.UUID]:
    return set(Item.objects.visible_to(user, Act.EDIT).filter(pk__in=list(ids)).values_list("pk", flat=True))


def dismissals_of(item: Item, user: Any) -> tuple[Dismissed, ...]:
    """Return what was dismissed for an item and not taken back, the newest first, as far as `user` may see it."""
    rows = _dismissals(item, user).select_related("first", "second", "created_by").order_by("-created_at", "pk")
    found = [(one.second if one.first_id == item.pk else one.first, one) for one in rows[:MOST_DISMISSED]]
    editable = _editable([other.pk for other, _said in found], user)
    return tuple(Dismissed(other, said, other.pk in editable) for other, said in found)


def _dismissals(item: Item, user: Any) -> Any:
    return Dismissal.objects.visible_to(user).current().filter(Q(first=item) | Q(second=item))


def _dismissed(item: Item, user: Any) -> set[uuid.UUID]:
    return {one for pair in _dismissals(item, user).values_list("first_id", "second_id") for one in pair}


def _passage(words: list[str], other: Item, reasons: Iterable[Reason]) -> str:
    if all(one.kind != Likeness.TEXT for one in reasons):
        return ""
    start, end = likeness.longest_shared(_compared(words), _compared(_words(other)))
    return " ".join(words[start:end])[:600]


def _words(item: Item) -> list[str]:
    return [word for text in texts_of(item) for word in text.split()][:MOST_WORDS]


def _compared(words: list[str]) -> list[str]:
    return [fold(word).strip(MARKS) for word in words]


def attributions_in(item: Item, user: Any) -> tuple[Attribution, ...]:
    """Return visible sources whose name stands in the item's text, with the words around it; not its own source."""
    texts = [(text, fold(text)) for text in texts_of(item)]
    if not texts:
        return ()
    sources = Source.objects.visible_to(user).current().exclude(pk=item.source_id).order_by("name_key", "pk")
    found = (_attribution(source, texts) for source in sources[:MOST_SOURCES])
    return tuple(one for one in found if one is not None)


def _attribution(source: Source, texts: Iterable[tuple[str, str]]) -> Attribution | None:
    name = source.name_key
    if len(name) < LEAST_NAME:
        return None
    for _text, folded in texts:
        place = f" {folded} ".find(f" {name}")
        if place >= 0:
            start = max(0, place - 80)
            return Attribution(source, folded[start : place + len(name) + 80].strip())
    return None
