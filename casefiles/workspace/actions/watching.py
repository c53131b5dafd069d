"""Keeping an eye on a vessel, saying what one has seen of it, and leaving it be. All of it is the watcher's own."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import require
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.refusals import Refused
from casefiles.registry.models import Vessel
from casefiles.workspace.models import Watch


class NotWatched(Refused):
    """The person does not watch this vessel, so there is nothing to mark or to end."""

    def __init__(self) -> None:
        super().__init__(_("You do not watch this vessel."))


def watch_vessel(vessel: Vessel, *, by: Any) -> Watch:
    """Begin to watch: what was there before is not news. Watching what one watches already changes nothing.

    Raises:
        NotVisible: there is no such vessel for this person.
    """
    with audit.unit():
        require(by, Act.READ, vessel)
        now = timezone.now()
        held, is_first = Watch.objects.get_or_create(
            user=by, vessel=vessel, defaults={"started_at": now, "seen_at": now}
        )
        if is_first:
            _record(held, by=by, act="watched", changes={"vessel": (None, str(vessel.pk))})
        if held.ended_at is not None:
            _set(held, by=by, act="watched", started_at=now, seen_at=now, ended_at=None)
        return held


def stop_watching(vessel: Vessel, *, by: Any) -> None:
    """End a watch; the row stays for the next time.

    Raises:
        NotWatched, NotVisible.
    """
    with audit.unit():
        _set(_current(vessel, by=by), by=by, act="no longer watched", ended_at=timezone.now())


def mark_seen(vessel: Vessel, *, by: Any, until: datetime | None = None) -> None:
    """Take what is known of a vessel as seen: up to the time at which the page was drawn, else up to now.

    Never later than now, and never back: a page that was left open does not bring old news again.

    Raises:
        NotWatched, NotVisible.
    """
    with audit.unit():
        watch, now = _current(vessel, by=by), timezone.now()
        _set(watch, by=by, act="seen", seen_at=max(watch.seen_at, min(until or now, now)))


def _current(vessel: Vessel, *, by: Any) -> Watch:
    require(by, Act.READ, vessel)
    rows = Watch.objects.visible_to(by).select_for_update(of=("self",))
    watch: Watch | None = rows.filter(vessel=vessel, ended_at=None).first()
    if watch is None:
        raise NotWatched
    return watch


def _set(watch: Watch, *, by: Any, act: str, **values: datetime | None) -> None:
    changes = {name: (getattr(watch, name), value) for name, value in values.items() if getattr(watch, name) != value}
    if not changes:
        return
    Watch.objects.filter(pk=watch.pk).update(**values)
    for name, value in values.items():
        setattr(watch, name, value)
    _record(watch, by=by, act=act, changes=changes)


def _record(watch: Watch, *, by: Any, act: str, changes: dict[str, tuple[Any, Any]]) -> None:
    """Record the event under the watch's own id and for no circle: no history but its own shows it."""
    audit.record(by=by, act=act, kind=watch._meta.label_lower, record_id=watch.pk, compartments=[], changes=changes)
