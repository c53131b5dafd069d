"""Having a third party sign that it has seen a checkpoint, where an administrator names one."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from casefiles.audit import actions as audit
from casefiles.core.checkpoints import REQUEST_SUFFIX, STAMP_SUFFIX
from casefiles.core.stamping import ask, make_request
from casefiles.evidence.selectors.checkpoints import StampStanding, checkpoint_folder, stamp_standing

KIND = "audit.chainhead"


def stamp_newest() -> StampStanding | None:
    """Have the newest checkpoint stamped, unless there is no authority or the last stamp is recent; None for that.

    The raw request and answer are kept beside the checkpoint, also where the answer does not hold: what is thrown away
    cannot be looked at again. Only one process may do this at a time (`core.leadership`).

    Raises:
        NotStamped: the authority was not reached, or did not answer as one.
        OSError: the folder cannot be read or written.
    """
    folder = checkpoint_folder()
    newest, _damaged = folder.newest()
    if not settings.TSA_URL or newest is None or _is_recent(timezone.now()):
        return None
    request = make_request(newest.content)
    response = ask(settings.TSA_URL, request, is_local=settings.TSA_IS_LOCAL)
    folder.put(f"{newest.name}{REQUEST_SUFFIX}", request)
    folder.put(f"{newest.name}{STAMP_SUFFIX}", response)
    standing = stamp_standing()
    with audit.unit():
        changes = {"checkpoint": (None, newest.name), "seq": (None, newest.seq), "holds": (None, _holds(standing))}
        audit.record(by=None, act="checkpoint stamped", kind=KIND, record_id=uuid.uuid4(), changes=changes)
    return standing


def _is_recent(now: datetime) -> bool:
    """Say whether the newest checkpoint has its stamp, or one before it got one lately."""
    folder = checkpoint_folder()
    stamped = folder.stamped()
    if not stamped:
        return False
    last = datetime.fromisoformat(folder.read(stamped[-1]).at)
    return stamped[-1] == folder.names()[-1] or now - last < timedelta(hours=settings.TSA_EVERY_HOURS)


def _holds(standing: StampStanding | None) -> bool:
    return standing is not None and standing.at is not None
