"""A list file becomes evidence first; then it is read in the cage, compared with the last edition, and decided on.

Nothing of an edition counts before a person has applied it. A file that cannot be read to its end leaves nothing.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, compartments_of, require, require_role_anywhere
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.filestore import NotServed
from casefiles.core.leadership import LedElsewhere, leading
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.collecting import collect_item
from casefiles.evidence.actions.files import Received
from casefiles.evidence.models import Item
from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.vocabulary import ItemKind
from casefiles.sanctions.actions.comparing import compare, previous_of
from casefiles.sanctions.actions.recognising import Found, recognised_file
from casefiles.sanctions.models import EditionState, ListChange, ListEdition, ListEntry, ListKey, ListProblem
from casefiles.sanctions.reading import FileParts, entry_rows

TASK = "list-editions"
BATCH = 2_000
Progress = Callable[[ListEdition], None]


def quiet(edition: ListEdition) -> None:
    """Show no progress."""


def import_list_files(
    received: Sequence[Received],
    *,
    by: Any,
    list_key: str,
    published_on: datetime.date | None = None,
    title: str = "",
    source: Any = None,
    encoding: str = "",
) -> ListEdition:
    """Add the files of one edition as an item, open to every member, and ask for it to be read.

    OFAC's names and addresses come in files of their own beside the list; every other list is one file.

    Raises:
        NotAllowed: the person may edit nowhere.
        Refused: no file, or more than one, holds entries; it is another list; its day is not known; nothing was added.
    """
    require_role_anywhere(by, Act.EDIT)
    found = [(one, recognised_file(one.sha256, encoding)) for one in received]
    main, kind = _main_of(found, list_key)
    day, is_said = _day_of(kind, published_on)
    name = ListKey(list_key).label
    with audit.unit():
        item = collect_item(
            by=by,
            circle=Circle.everyone(),
            received=received,
            kind=ItemKind.OFFICIAL_RECORD,
            title=title or f"{name}, {day.isoformat()}",
            source=source,
        )
        return _add_edition(
            item, main.sha256, by=by, list_key=list_key, day=day, is_day_said=is_said, encoding=encoding
        )


def _add_edition(
    item: Item, sha256: str, *, by: Any, list_key: str, day: datetime.date, is_day_said: bool, encoding: str
) -> ListEdition:
    file = item.files.get(sha256=sha256)
    held = ListEdition.objects.current().filter(file__sha256=sha256, published_on=day, list_key=list_key)
    if held.exclude(state__in=[EditionState.FAILED, EditionState.SET_ASIDE]).exists():
        raise Refused(_("This edition is here already: the same file, of the same day."), field="file")
    record = ListEdition(
        item=item, file=file, list_key=list_key, published_on=day, is_day_said=is_day_said, encoding=encoding
    )
    added: ListEdition = add_record(record, by=by)
    return added


def _main_of(found: list[tuple[Received, Found]], list_key: str) -> tuple[Received, Found]:
    main = [(one, kind) for one, kind in found if kind.part == "entries"]
    if len(main) != 1:
        raise Refused(
            _("One of the files holds the entries, and only one: names and addresses come beside it."), field="file"
        )
    other = next((kind for _one, kind in found if kind.list_key != list_key), None)
    if other:
        given, said = ListKey(other.list_key).label, ListKey(list_key).label
        raise Refused(_("This is “%(found)s”, not “%(said)s”.") % {"found": given, "said": said}, field="list_key")
    return main[0]


def _day_of(kind: Found, said: datetime.date | None) -> tuple[datetime.date, bool]:
    """Return the day of an edition, and whether only a person says it."""
    named = datetime.date.fromisoformat(kind.published) if len(kind.published) == 10 else None
    if named and said and named != said:
        text = _("The file itself says that it was published on %(day)s.") % {"day": named.isoformat()}
        raise Refused(text, field="published_on")
    day = named or said
    if day is None:
        raise Refused(_("This file does not say when it was published: give the day."), field="published_on")
    if day > timezone.now().date() + datetime.timedelta(days=1):
        raise Refused(_("This day is in the future."), field="published_on")
    return day, named is None


# --- Reading -------------------------------------------------------------------------------------------------------


def read_waiting_editions(*, progress: Progress = quiet) -> int:
    """Read what waits, and anew what a killed process left; return how many editions were read.

    Only one process does so at a time; where another one is at it, nothing is done here.
    """
    done = 0
    try:
        with leading(TASK):
            rows = ListEdition.objects.unfinished().select_related("item", "file", "created_by", "compared_with")
            while edition := rows.first():
                read_edition(edition, progress=progress)
                done += 1
    except LedElsewhere:
        return done
    return done


def read_edition(edition: ListEdition, *, progress: Progress = quiet) -> ListEdition:
    """Read one edition from its start and compare it with the one before; call it `leading(TASK)`.

    A file that cannot be read to its end gives no entries at all, and says why.

    Raises:
        StoreUnavailable: the store does not answer; the edition goes on waiting.
    """
    _forget(edition)
    try:
        _read(edition, progress)
    except (NotParsed, NotServed) as error:
        _forget(edition)
        _end(edition, state=EditionState.FAILED, act="failed", reason=str(error)[:500])
    else:
        compare(edition)
        _end(edition, state=EditionState.COMPARED, act="finished")
    progress(edition)
    return edition


def _read(edition: ListEdition, progress: Progress) -> None:
    edition.state, edition.entries = EditionState.RUNNING, 0
    edition.save(update_fields=["state"])
    parts = FileParts(edition)
    for batch in entry_rows(parts, size=BATCH):
        with audit.unit():
            ListEntry.objects.bulk_create(batch, batch_size=500)
            edition.entries += len(batch)
            edition.bytes_done = parts.position
            edition.save(update_fields=["entries", "bytes_done"])
        progress(edition)
    edition.format, edition.bytes_done = parts.format, edition.file.size_bytes
    edition.rows, edition.rejected, edition.values_left_out = parts.rows, parts.rejected, parts.values_left_out
    with audit.unit():
        ListProblem.objects.bulk_create(
            (ListProblem(edition=edition, **asdict(problem)) for problem in parts.problems), batch_size=500
        )


def _forget(edition: ListEdition) -> None:
    """Take back what a reading that did not reach its end left: nobody has decided on any of it."""
    with audit.unit():
        for model in (ListChange, ListProblem, ListEntry):
            model._base_manager.filter(edition=edition).delete()
    edition.entries = edition.rows = edition.rejected = edition.values_left_out = edition.bytes_done = 0


def _end(edition: ListEdition, *, state: str, act: str, reason: str = "") -> None:
    edition.state, edition.reason = state, reason
    with audit.unit():
        edition.save()
        _record(edition, by=edition.created_by, act=act, note=reason)


def _record(edition: ListEdition, *, by: Any, act: str, note: str = "") -> None:
    names = ("entries", "rejected", "values_left_out", "added", "removed", "changed")
    audit.record(
        by=by,
        act=act,
        kind=edition._meta.label_lower,
        record_id=edition.pk,
        compartments=compartments_of(edition),
        changes={name: (None, getattr(edition, name)) for name in names},
        note=note,
    )


# --- Deciding ------------------------------------------------------------------------------------------------------


def newer_than(edition: ListEdition) -> ListEdition | None:
    """Return the applied edition of the same list with the latest day, where that is after this one's."""
    newest: ListEdition | None = ListEdition.objects.applied().filter(list_key=edition.list_key).first()
    return newest if newest and newest.published_on > edition.published_on else None


def apply_edition(edition: ListEdition, *, by: Any, version: int, as_older: bool = False) -> ListEdition:
    """Let an edition count, after its difference to the last one was looked at.

    Raises:
        NotAllowed: the person may edit nowhere.
        Refused: there is nothing to decide; a newer edition is here and nobody said that this one is meant as an older
            one; another one was applied since it was compared, so that its difference has to be looked at anew.
        StaleVersion: somebody else changed it first.
    """
    require(by, Act.EDIT, edition)
    _refuse_decided(edition)
    newer = newer_than(edition)
    if newer and not as_older:
        text = _("A newer edition is applied already, of %(day)s. Say that this one is kept as an older one.")
        raise Refused(text % {"day": newer.published_on.isoformat()}, field="as_older")
    if previous_of(edition) != edition.compared_with:
        _compare_again(edition)
        raise Refused(_("Another edition was applied meanwhile: look at the difference once more."))
    changes = {"state": EditionState.APPLIED, "is_older": newer is not None, "applied_at": timezone.now()}
    change_record(edition, by=by, version=version, changes=changes, act="applied")
    return edition


def _compare_again(edition: ListEdition) -> None:
    with audit.unit():
        ListChange._base_manager.filter(edition=edition).delete()
        compare(edition)
        edition.save()


def set_edition_aside(edition: ListEdition, *, by: Any, version: int, reason: str) -> ListEdition:
    """Decide not to apply an edition, with a reason; it stays, and is never searched.

    Raises:
        Refused: there is nothing to decide, or no reason.
        StaleVersion: somebody else changed it first.
    """
    _refuse_decided(edition)
    if not reason.strip():
        raise Refused(_("Say why: the reason stays with the record."), field="reason")
    changes = {"state": EditionState.SET_ASIDE, "reason": reason.strip()[:500]}
    change_record(edition, by=by, version=version, changes=changes, act="set aside", note=reason.strip())
    return edition


def _refuse_decided(edition: ListEdition) -> None:
    if not edition.is_to_be_decided:
        raise Refused(_("There is nothing to decide about this edition."))
