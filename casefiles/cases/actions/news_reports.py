"""Adding a news report: item, bytes, where it comes from, and exhibit, in one step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import require
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.cases.actions.exhibits import add_exhibit
from casefiles.cases.actions.guards import bring_into, writable
from casefiles.cases.models import Case, Exhibit
from casefiles.cases.vocabulary import ReportLineage
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.evidence.actions import derivations, files, items
from casefiles.evidence.actions.files import Received
from casefiles.evidence.models import Item, Source
from casefiles.evidence.vocabulary import DerivationKind, ItemKind, Lineage


@dataclass(frozen=True)
class Upload:
    """Bytes on their way into the store, with the name and type that the browser gave them."""

    chunks: Iterable[bytes]
    name: str
    claimed_media_type: str = ""


def add_news_report(
    case: Case,
    *,
    by: Any,
    title: str,
    source: Source | None = None,
    author: str = "",
    published: Moment | None = None,
    occurred: Moment | None = None,
    url: str = "",
    language: str = "",
    summary: str = "",
    lineage: str = ReportLineage.NOT_KNOWN,
    lineage_reason: str = "",
    repeats: Item | None = None,
    derivation_kind: str = DerivationKind.REWRITES,
    passage: str = "",
    upload: Upload | None = None,
    received: Sequence[Received] = (),
    **details: Any,
) -> Exhibit:
    """Add a report as the case's next exhibit, in one transaction; `details` go to the item as they are.

    `upload` holds bytes that still come, `received` what was kept of others already.

    `lineage` is what the form asks: "original", "repeats" (another item, by `derivation_kind` and `passage`) or
    "not known".

    Raises:
        Refused: the case is closed, the repeated item is not named, or the source is not the case's to name.
        ValidationError: a field does not hold.
    """
    require(by, Act.EDIT, case)
    # Before the transaction: on SQLite a slow upload would make every other writer wait.
    kept = [*received, receive_upload(upload)] if upload else [*received]
    with audit.unit():
        case = writable(case, by=by)
        bring_into(case, [source], by=by)
        item = items.add_item(
            by=by,
            circle=Circle.of_case(case),
            kind=ItemKind.NEWS_REPORT,
            title=title,
            source=source,
            author=author,
            published=published,
            occurred=occurred,
            url=url,
            language=language,
            summary=summary,
            **_origin(lineage, lineage_reason),
            **details,
        )
        for one in kept:
            files.attach_received(item, by=by, received=one)
        if lineage == ReportLineage.REPEATS:
            _derive(item, repeats, by=by, kind=derivation_kind, passage=passage)
        return add_exhibit(case=case, by=by, item=item)


def _origin(lineage: str, reason: str) -> dict[str, Any]:
    if lineage != ReportLineage.ORIGINAL:
        return {}
    return {"lineage": Lineage.ORIGIN, "lineage_reason": reason.strip() or _("Entered as original reporting.")}


def receive_upload(upload: Upload) -> Received:
    """Keep the bytes; no item has them yet, so that the form can still ask something about them.

    Raises:
        Refused: nothing came, it is over the limit, or the disk did not keep it.
    """
    return files.receive(chunks=upload.chunks, name=upload.name, claimed_media_type=upload.claimed_media_type)


def _derive(item: Item, parent: Item | None, *, by: Any, kind: str, passage: str) -> None:
    if parent is None:
        raise Refused(_("Choose the item that this report repeats, or say “not known yet”."), field="repeats")
    derivations.add_derivation(item, parent=parent, by=by, kind=kind, passage=passage)
