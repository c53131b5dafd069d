"""Which designations were in force on the dates that matter to a case: the table, and where sources disagree."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from casefiles.core.moments import Moment
from casefiles.dossiers.notes import Notes
from casefiles.dossiers.selectors import Collected
from casefiles.sanctions.in_force import Answer, combined, in_force_during
from casefiles.sanctions.models import Designation

# So many dates fit on a page beside the day of the content; longer stretches say too little.
DATES_AT_MOST = 5
LONGEST_STRETCH_DAYS = 92


@dataclass(frozen=True)
class Stretch:
    """A date that matters, as exactly as it is known."""

    label: str
    earliest: date
    latest: date


def table(found: Collected, notes: Notes, *, frozen_at: datetime) -> dict[str, Any]:
    """Return the table: dates across, one row for each authority, programme and target."""
    stretches, left_out = key_dates(found)
    today = frozen_at.date()
    stretches = [*stretches, Stretch(today.isoformat(), today, today)]
    return {
        "dates": [stretch.label for stretch in stretches],
        "dates_left_out": left_out,
        "rows": [_row(group, stretches, found, notes) for group in grouped(found)],
    }


def key_dates(found: Collected) -> tuple[list[Stretch], int]:
    """Return when the voyages and port calls were, in order, and how many more there are; voyages go first."""
    moments = [
        *(voyage.sailed for voyage in found.around.voyages),
        *(call.arrived or call.seen for call in found.around.port_calls),
        *(call.departed for call in found.around.port_calls),
    ]
    stretches = {stretch: None for moment in moments if (stretch := _stretch(moment))}
    chosen = list(stretches)[:DATES_AT_MOST]
    return sorted(chosen, key=lambda one: (one.earliest, one.latest)), len(stretches) - len(chosen)


def _stretch(moment: Moment | None) -> Stretch | None:
    if moment is None or moment.earliest is None or moment.latest is None:
        return None
    if (moment.latest - moment.earliest).days > LONGEST_STRETCH_DAYS:
        return None
    return Stretch(moment.short(), moment.earliest, moment.latest)


def grouped(found: Collected) -> list[list[Designation]]:
    """Return records of one authority, programme and target together: sources that may disagree.

    They are in the order of the subjects, and for each by date, as they were read.
    """
    order = {subject.target.pk: position for position, subject in enumerate(found.around.subjects)}
    groups: dict[tuple[uuid.UUID | None, ...], list[Designation]] = {}
    for one in found.around.designations:
        groups.setdefault((one.target.pk, one.authority_id, one.programme_id), []).append(one)
    return sorted(groups.values(), key=lambda group: order[group[0].target.pk])


def _row(group: Sequence[Designation], stretches: Sequence[Stretch], found: Collected, notes: Notes) -> dict[str, Any]:
    first = group[0]
    cited = [line for one in group for line in found.designation_citations.get(one.pk, ())]
    return {
        "authority": first.authority.short_name or first.authority.name,
        "programme": first.programme.key if first.programme else "",
        "target": str(first.target),
        "target_kind": str(first.target._meta.verbose_name),
        "starts": list(dict.fromkeys(_start(one) for one in group)),
        "answers": [_answer(group, stretch) for stretch in stretches],
        "measures": ", ".join(dict.fromkeys(one.measures_text for one in group if one.measures)),
        "note_numbers": notes.numbers(cited),
    }


def _start(designation: Designation) -> str:
    if designation.in_force:
        return designation.in_force.short()
    if designation.announced:
        return _("announced %(day)s") % {"day": designation.announced.short()}
    return _("not recorded")


def _answer(group: Sequence[Designation], stretch: Stretch) -> dict[str, str]:
    together = combined(_answers(group, stretch))
    if together.sources_conflict:
        return {"key": "conflict", "words": _("sources conflict")}
    if together.answer is Answer.YES:
        return {"key": "yes", "words": _("in force")}
    if together.answer is Answer.PART:
        return {"key": "part", "words": _("for a part of it")}
    if together.answer is Answer.NO:
        begun = any(_has_begun(one, stretch) for one in group)
        return {"key": "no", "words": _("ended") if begun else _("not yet")}
    if all(_has_begun_before(one, stretch) and one.ended is None for one in group):
        return {"key": "begun", "words": _("begun; no end recorded")}
    return {"key": "unknown", "words": _("not known")}


def _answers(group: Sequence[Designation], stretch: Stretch) -> Iterator[Answer]:
    for one in group:
        yield in_force_during(
            stretch.earliest,
            stretch.latest,
            in_force_from=one.in_force,
            ended=one.ended,
            end_kind=one.end_kind,
            announced=one.announced,
        )


def _has_begun(designation: Designation, stretch: Stretch) -> bool:
    start = designation.in_force or designation.announced
    return bool(start and start.earliest and start.earliest <= stretch.latest)


def _has_begun_before(designation: Designation, stretch: Stretch) -> bool:
    start = designation.in_force
    return bool(start and start.latest and start.latest <= stretch.earliest)


def conflicting_dates(found: Collected, notes: Notes) -> Iterable[dict[str, Any]]:
    """Yield where records of one authority and target disagree about the day from which it was in force."""
    for group in grouped(found):
        if len({_start(one) for one in group}) < 2:
            continue
        first = group[0]
        yield {
            "title": _("%(authority)s on %(target)s: in force from")
            % {"authority": first.authority.short_name or first.authority, "target": first.target},
            "note": "",
            "sides": [
                {
                    "text": ", ".join(part for part in (_start(one), one.list_name, one.list_entry) if part),
                    "label": "",
                    "note_numbers": notes.numbers(found.designation_citations.get(one.pk, ())),
                }
                for one in group
            ],
        }
