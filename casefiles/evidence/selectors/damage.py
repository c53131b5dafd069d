"""Which held files are not what was received, as far as the last look at each of them told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery

from casefiles.audit.models import Event
from casefiles.core.filestore import Verdict
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.vocabulary import CustodyAct

# After one of these the bytes were the right ones: they are hashed before they are given out.
SOUND = (CustodyAct.VERIFIED, CustodyAct.ACCESSED)
# Written into the chain of custody as it stands here, in one language for ever.
DAMAGES = {
    Verdict.MISSING: "the file is missing",
    Verdict.UNREADABLE: "the file cannot be read",
    Verdict.WRONG_SIZE: "the file has another size",
    Verdict.WRONG_BYTES: "the file holds other bytes",
    Verdict.NOT_A_REGULAR_FILE: "something else lies in its place",
}
_VERDICTS = {said: verdict for verdict, said in DAMAGES.items()}
# The place in the chain tells what came last; the clock of the server may have been set back.
PLACE_IN_CHAIN = Subquery(Event.objects.filter(pk=OuterRef("event_id")).values("seq")[:1])


@dataclass(frozen=True)
class Damage:
    """A file that failed its last check; `verdict` names the damage."""

    file: File
    verdict: str
    failed_at: datetime


def damages(files: QuerySet[Any]) -> list[Damage]:
    """Return which of `files` failed their last check, the longest known first; one query where none ever did.

    Give `File.objects.visible_to(user)` for what somebody may be told.
    """
    failed = _last_failures(files)
    if not failed:
        return []
    sound = _last_sound_places()
    standing = {key: event for key, event in failed.items() if event.place > sound.get(key, 0)}
    rows = files.filter(pk__in=_ever_failed()).select_related("item")
    found = [
        Damage(file, verdict_of(standing[file.pk].purpose), standing[file.pk].at)
        for file in rows
        if file.pk in standing
    ]
    return sorted(found, key=lambda one: (one.failed_at, one.file.pk))


def _damage(file: File, event: CustodyEvent) -> Damage:
    return Damage(file, verdict_of(event.purpose), event.at)


def _ever_failed() -> Any:
    return CustodyEvent.objects.filter(act=CustodyAct.FAILED).values("file_id")


def _last_failures(files: QuerySet[Any]) -> dict[Any, Any]:
    """Return the last failed check of each file that has one."""
    events = CustodyEvent.objects.filter(act=CustodyAct.FAILED, file__in=files).annotate(place=PLACE_IN_CHAIN)
    return {event.file_id: event for event in events.order_by("place")}


def _last_sound_places() -> dict[Any, int]:
    """Return where in the chain each file that ever failed was last found sound."""
    checks = CustodyEvent.objects.filter(file__in=_ever_failed(), act__in=SOUND).annotate(place=PLACE_IN_CHAIN)
    return {row["file_id"]: row["last"] for row in checks.order_by().values("file_id").annotate(last=Max("place"))}


def verdict_of(purpose: str) -> str:
    """Return the verdict that the purpose of a failed check says in words."""
    return str(_VERDICTS.get(purpose, Verdict.WRONG_BYTES))
