"""Finding: one query for the hits, one for each kind among them."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casefiles.core.folding import fold, search_tokens
from casefiles.registry.models import JUDGEMENTS
from casefiles.registry.selectors import groups_of
from casefiles.search.documents import INDEXED
from casefiles.search.models import SearchEntry

SHOWN = 50
# Ranking looks at the newest few hundred hits: ordering all hits of a common word costs half a second at a million.
RANKED = 300
COUNT_CAP = 1_000
LONGEST_QUERY = 200
MOST_TOKENS = 12


@dataclass(frozen=True)
class Part:
    """A piece of a line, and whether it is what was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True)
class Hit:
    kind: str
    kind_label: str
    label: str
    detail: str
    snippet: tuple[Part, ...]
    url: str
    record_id: uuid.UUID


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    total: int
    is_capped: bool
    tokens: list[str]


def find(text: str, *, user: Any, kind: str = "", kinds: Collection[str] = ()) -> Found:
    """Return what `user` may see and that holds every word, best first; of one kind, or of some, where named."""
    tokens = search_tokens(text[:LONGEST_QUERY])[:MOST_TOKENS]
    if not tokens:
        return Found([], 0, False, [])
    entries = SearchEntry.objects.visible_to(user).holding(tokens)
    if kind in INDEXED:
        entries = entries.filter(kind=kind)
    if kinds:
        entries = entries.filter(kind__in=kinds)
    newest = list(
        entries.order_by("-pk").values("pk", "kind", "record_id", "label", "label_key", "detail", "text")[:RANKED]
    )
    total = len(newest) if len(newest) < RANKED else entries.order_by()[: COUNT_CAP + 1].count()
    key = fold(text)
    ranked = sorted(newest, key=lambda row: (_rank(row, key, tokens), row["label_key"]))[:SHOWN]
    return Found(_resolved(ranked, tokens, user), min(total, COUNT_CAP), total > COUNT_CAP, tokens)


def _rank(row: dict[str, Any], key: str, tokens: list[str]) -> int:
    label = row["label_key"]
    if label == key:
        return 0
    if label.startswith(key):
        return 1
    if all(token in label for token in tokens):
        return 2
    return 3 if all(token in fold(row["detail"]) for token in tokens) else 4


def _resolved(rows: list[dict[str, Any]], tokens: list[str], user: Any) -> list[Hit]:
    """Ask each kind's own chokepoint once more, and take the address from the record.

    What is found of an anchor for which another one stands leads to that one's page, and says so.
    """
    records: list[Any] = []
    for kind in {row["kind"] for row in rows}:
        entry = INDEXED[kind]
        ids = [row["record_id"] for row in rows if row["kind"] == kind]
        records += entry.model.objects.visible_to(user).filter(pk__in=ids).select_related(*entry.related)
    shown = {record.pk: _shown(record) for record in records}
    standing = _standing(shown.values(), user)
    return [
        _hit(row, one, standing.get(one.pk), tokens) for row in rows if (one := shown.get(row["record_id"])) is not None
    ]


def _standing(records: Iterable[Any], user: Any) -> dict[uuid.UUID, Any]:
    """Return by key which other anchor stands for each; one query for each kind among them, more where some are one."""
    found: dict[uuid.UUID, Any] = {}
    by_kind: dict[Any, list[Any]] = {}
    for record in records:
        if type(record) in JUDGEMENTS:
            by_kind.setdefault(type(record), []).append(record)
    for anchors in by_kind.values():
        groups = groups_of(anchors, user)
        found.update({key: group.standing for key, group in groups.items() if not group.is_standing})
    return found


def _shown(record: Any) -> Any:
    """Return the record whose page a hit leads to: of a name or number, what it belongs to."""
    subject = getattr(record, "subject", None) or getattr(record, "place", None)
    is_of_another = record._meta.label_lower in {
        "particulars.nameuse", "particulars.identifieruse", "registry.placename",
    }  # fmt: skip
    return subject if is_of_another and subject else record


def _hit(row: dict[str, Any], record: Any, standing: Any, tokens: list[str]) -> Hit:
    same = _("judged to be the same as %(standing)s") % {"standing": standing} if standing else ""
    return Hit(
        kind=row["kind"],
        kind_label=str(INDEXED[row["kind"]].model._meta.verbose_name),
        label=row["label"],
        detail="; ".join(filter(None, (row["detail"], same))),
        snippet=snippet(row["text"], tokens),
        url=str((standing or record).get_absolute_url()),
        record_id=row["record_id"],
    )


def snippet(text: str, tokens: list[str], *, width: int = 180) -> tuple[Part, ...]:
    """Return the words around the first match, with every match marked; nothing where the text holds none."""
    words = text.split()
    matches = [index for index, word in enumerate(words) if _begins(word, tokens)]
    if not matches:
        return ()
    first = max(matches[0] - 6, 0)
    parts: list[Part] = []
    length = 0
    for index in range(first, len(words)):
        length += len(words[index]) + 1
        if length > width:
            break
        parts.append(Part(words[index], _begins(words[index], tokens)))
    return tuple(parts)


def _begins(word: str, tokens: list[str]) -> bool:
    pieces = search_tokens(word[:80])
    return any(piece.startswith(token) for piece in pieces for token in tokens)
