"""The network of a case: its subjects, and what was opened from them, step by step."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.cases.models import Case, Claim
from casefiles.cases.selectors import subjects
from casefiles.cases.selectors.claims import exhibit_labels
from casefiles.core.addresses import record_address
from casefiles.core.moments import Certainty
from casefiles.core.network import Edge, Link, Node, held, joined
from casefiles.core.timeline import extent_of, shortened
from casefiles.evidence.models import Citation, Item
from casefiles.registry.models import Organisation, Person, Place, Vessel
from casefiles.sanctions.models import Authority
from casefiles.workspace.selectors import joins as found_joins
from casefiles.workspace.selectors.joins import CLAIM, EVIDENCE, KINDS, Join, grouped, joins_of, key_of, split_key

# How many neighbours of a kind one opening shows, and how many times more can be asked for.
NEIGHBOURS, MOST_TIMES = 12, 40
RECORDS_AT_MOST = 480
OPENED_AT_MOST, NODES_AT_MOST, CITED_AT_MOST = 24, 400, 6
MODELS: dict[str, Any] = {
    found_joins.VESSEL: Vessel,
    found_joins.ORGANISATION: Organisation,
    found_joins.PERSON: Person,
    found_joins.PLACE: Place,
    found_joins.AUTHORITY: Authority,
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `opened` maps keys to how many times as many neighbours; None opens the main subjects.

    `kinds` leaves out all others; `since` and `until` leave out what certainly did not hold then.
    """

    opened: Mapping[str, int] | None = None
    kinds: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Network:
    """What is shown. `opened` is what was opened in fact, in order; `is_cut` where more things would not be drawn.

    `first` and `last` are the days between which anything is dated that was found, whatever days were asked for.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    opened: dict[str, int]
    is_cut: bool = False
    first: date | None = None
    last: date | None = None

    @property
    def links(self) -> list[tuple[Edge, Link]]:
        return [(edge, link) for edge in self.edges for link in edge.links]

    def node(self, key: str) -> Node | None:
        return next((node for node in self.nodes if node.key == key), None)


def kind_labels() -> dict[str, str]:
    return {
        found_joins.VESSEL: _("vessel"),
        found_joins.ORGANISATION: _("organisation"),
        found_joins.PERSON: _("person"),
        found_joins.PLACE: _("place"),
        found_joins.AUTHORITY: _("authority"),
        CLAIM: _("claim"),
        EVIDENCE: _("evidence"),
    }


def read_key(text: str) -> str | None:
    """Return a key as the address has it, or None where it is none."""
    kind, identifier = split_key(text)
    try:
        return key_of(kind, uuid.UUID(identifier)) if kind in KINDS else None
    except ValueError:
        return None


def network_of(case: Case, user: Any, asked: Asked) -> Network:
    """Return the network as far as `user` may see it, in a number of queries that does not depend on its size."""
    lines = subjects(case, user)
    starts = {key_of(line.kind, line.target_id): line.is_main for line in lines}
    opened = _opened(starts, asked)
    known = joins_of([*opened, *asked.path], case=case, user=user, most=_records(opened))
    kept, more = _neighbours(known.found, opened, asked, frozenset(starts))
    keys = dict.fromkeys([*starts, *opened, *asked.path, *kept])
    labels = exhibit_labels(case, user)
    named = named_nodes(list(keys)[:NODES_AT_MOST], case=case, user=user, labels=labels)
    within = [join for join in known.found if join.source in named and join.target in named]
    links = _links([join for join in within if _is_wanted(join, opened, asked)], asked)
    cited = _cited({link.record for link in links if link.record}, user, labels)
    edges = _edges([replace(link, cited=cited.get(link.record, ())) for link in links], asked)
    touched = {key for edge in edges for key in (edge.source, edge.target)} | set(starts) | set(opened) | {*asked.path}
    nodes = [
        replace(
            node,
            is_start=key in starts,
            is_open=key in opened,
            has_more=key in opened and (key in more or key in known.cut),
            is_on_path=key in asked.path,
        )
        for key, node in named.items()
        if key in touched and (not asked.kinds or node.kind in asked.kinds or key in starts or key in asked.path)
    ]
    shown = {node.key for node in nodes}
    days = sorted(day for join in known.found if (extent := extent_of(join.time)) for day in extent.known_days)
    return Network(
        nodes=tuple(nodes),
        edges=tuple(edge for edge in edges if edge.source in shown and edge.target in shown),
        opened={key: times for key, times in opened.items() if key in named},
        is_cut=len(keys) > NODES_AT_MOST,
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


def _opened(starts: Mapping[str, bool], asked: Asked) -> dict[str, int]:
    if asked.opened is None:
        main = [key for key, is_main in starts.items() if is_main] or list(starts)[:1]
        return dict.fromkeys(main[:OPENED_AT_MOST], 1)
    return dict(list(asked.opened.items())[:OPENED_AT_MOST])


def _records(opened: Mapping[str, int]) -> int:
    """Return how many records of a kind are read of each thing: several may lead to one neighbour."""
    return min(4 * NEIGHBOURS * max(opened.values(), default=1), RECORDS_AT_MOST)


def _neighbours(
    joins: Iterable[Join], opened: Mapping[str, int], asked: Asked, starts: frozenset[str]
) -> tuple[list[str], set[str]]:
    """Return which neighbours are shown, by kind, so many of each; and the opened things that have more."""
    beside: dict[tuple[str, str], dict[str, None]] = {}
    for join in joins:
        if _certainty(join, asked) is Certainty.IMPOSSIBLE:
            continue
        for one, other in ((join.source, join.target), (join.target, join.source)):
            kind = split_key(other)[0]
            if one in opened and (not asked.kinds or kind in asked.kinds or other in starts):
                beside.setdefault((one, kind), {})[other] = None
    shown: dict[str, None] = {}
    more = set()
    for kind in KINDS:
        for one, times in opened.items():
            others = list(beside.get((one, kind), ()))
            shown |= dict.fromkeys(others[: NEIGHBOURS * times])
            if len(others) > NEIGHBOURS * times:
                more.add(one)
    return list(shown), more


def _is_wanted(join: Join, opened: Mapping[str, int], asked: Asked) -> bool:
    if join.source in opened or join.target in opened:
        return True
    return any({join.source, join.target} == set(pair) for pair in zip(asked.path, asked.path[1:], strict=False))


def _certainty(join: Join, asked: Asked) -> Certainty:
    return held(extent_of(join.time), asked.since, asked.until, today=timezone.now().date())


def _links(joins: Iterable[Join], asked: Asked) -> list[Link]:
    links = []
    for join in joins:
        certainty = _certainty(join, asked)
        if certainty is not Certainty.IMPOSSIBLE:
            links.append(
                Link(
                    source=join.source,
                    target=join.target,
                    relation=join.relation,
                    when=join.time.short() if join.time else "",
                    extent=extent_of(join.time),
                    url=join.url,
                    record=str(join.record or ""),
                    certainty=certainty,
                )
            )
    return links


def _edges(links: Iterable[Link], asked: Asked) -> list[Edge]:
    steps = {frozenset(pair) for pair in zip(asked.path, asked.path[1:], strict=False)}
    return [replace(edge, is_on_path=frozenset((edge.source, edge.target)) in steps) for edge in joined(links)]


def _cited(
    records: Iterable[str], user: Any, labels: Mapping[uuid.UUID, str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what is cited for records: the exhibit, or the title of what is none, with its address; one query."""
    ids = [uuid.UUID(record) for record in records]
    rows = Citation.objects.visible_to(user).current().filter(assertion_id__among=ids).order_by("created_at", "pk")
    found: dict[str, dict[str, str]] = {}
    for record, item, title in rows.values_list("assertion_id", "item_id", "item__title"):
        label = labels.get(item) or shortened(title, 24)
        found.setdefault(str(record), {})[label] = record_address("evidence:item", item)
    return {record: tuple(some.items())[:CITED_AT_MOST] for record, some in found.items()}


# --- Names ------------------------------------------------------------------------------------------------------


@dataclass
class _Names:
    case: Case
    user: Any
    labels: Mapping[uuid.UUID, str]
    words: dict[str, str] = field(default_factory=kind_labels)

    def of(self, kind: str, ids: frozenset[uuid.UUID]) -> Iterable[Node]:
        if kind == CLAIM:
            return self.claims(ids)
        return self.items(ids) if kind == EVIDENCE else self.records(kind, ids)

    def records(self, kind: str, ids: frozenset[uuid.UUID]) -> Iterable[Node]:
        rows = MODELS[kind].objects.visible_to(self.user).filter(pk__in=ids, voided_at=None)
        for record in rows:
            detail = str(getattr(record, "detail_line", ""))
            yield self.node(kind, record.pk, str(record), record.get_absolute_url(), detail)

    def claims(self, ids: frozenset[uuid.UUID]) -> Iterable[Node]:
        rows = Claim.objects.visible_to(self.user).current().filter(case=self.case, pk__in=ids)
        for key, number, text in rows.values_list("pk", "number", "text"):
            url = record_address("cases:claim", self.case.pk, key)
            yield self.node(CLAIM, key, f"C-{number:02d} {shortened(text, 160)}", url)

    def items(self, ids: frozenset[uuid.UUID]) -> Iterable[Node]:
        rows = Item.objects.visible_to(self.user).filter(pk__in=[key for key in ids if key in self.labels])
        for key, title, voided_at in rows.values_list("pk", "title", "voided_at"):
            detail = _("withdrawn") if voided_at else ""
            yield self.node(EVIDENCE, key, f"{self.labels[key]} {title}", record_address("evidence:item", key), detail)

    def node(self, kind: str, key: uuid.UUID, label: str, url: str, detail: str = "") -> Node:
        return Node(key_of(kind, key), kind, self.words[kind], label, url, detail)


def named_nodes(
    keys: Sequence[str], *, case: Case, user: Any, labels: Mapping[uuid.UUID, str] | None = None
) -> dict[str, Node]:
    """Return the things that `user` may see of some, by key and in their order; one query for each kind of thing."""
    names = _Names(case, user, exhibit_labels(case, user) if labels is None else labels)
    found = {node.key: node for kind, ids in grouped(keys).items() for node in names.of(kind, ids)}
    return {key: found[key] for key in keys if key in found}
