"""Finding: one query for the hits, one for each kind among them."""

import uuid
from dataclasses import dataclass
from typing import Any

from casefiles.core.folding import fold, search_tokens
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


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    total: int
    is_capped: bool
    tokens: list[str]


def find(text: str, *, user: Any, kind: str = "") -> Found:
    """Return what `user` may see and that holds every word, best first."""
    tokens = search_tokens(text[:LONGEST_QUERY])[:MOST_TOKENS]
    if not tokens:
        return Found([], 0, False, [])
    entries = SearchEntry.objects.visible_to(user).holding(tokens)
    if kind in INDEXED:
        entries = entries.filter(kind=kind)
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
    """Ask each kind's own chokepoint once more, and take the address from the record."""
    addresses: dict[uuid.UUID, str] = {}
    for kind in {row["kind"] for row in rows}:
        entry = INDEXED[kind]
        ids = [row["record_id"] for row in rows if row["kind"] == kind]
        for record in entry.model.objects.visible_to(user).filter(pk__in=ids).select_related(*entry.related):
            addresses[record.pk] = _address(record)
    return [_hit(row, addresses[row["record_id"]], tokens) for row in rows if row["record_id"] in addresses]


def _address(record: Any) -> str:
    subject = getattr(record, "subject", None) or getattr(record, "place", None)
    if (
        record._meta.label_lower in {"particulars.nameuse", "particulars.identifieruse", "registry.placename"}
        and subject
    ):
        return str(subject.get_absolute_url())
    return str(record.get_absolute_url())


def _hit(row: dict[str, Any], url: str, tokens: list[str]) -> Hit:
    return Hit(
        kind=row["kind"],
        kind_label=str(INDEXED[row["kind"]].model._meta.verbose_name),
        label=row["label"],
        detail=row["detail"],
        snippet=snippet(row["text"], tokens),
        url=url,
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
