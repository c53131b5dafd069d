"""The words of a dossier as plain data: what is frozen, hashed, and rendered the same way ever after.

Pure: takes what `selectors.collect` read. Every sentence that a rendering shows is in here or in the template; no
rendering asks the database again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from casefiles.cases.models import Likelihood
from casefiles.cases.replies import ASKED, Reading
from casefiles.cases.selectors import (
    ClaimLine,
    ClaimReview,
    DutyLine,
    ElementLine,
    ExhibitLine,
    LookupLine,
    Matrix,
    PartyLine,
    RequestLine,
    StatementLine,
    finding_words,
)
from casefiles.core.moments import Period
from casefiles.core.templatetags.ui import STANDINGS
from casefiles.core.timeline import Entry
from casefiles.dossiers import in_force
from casefiles.dossiers.counts import CountedClaim, rival_counts
from casefiles.dossiers.notes import Notes
from casefiles.dossiers.selectors import Collected
from casefiles.particulars.selectors import Value

FORM = "casefiles-dossier-1"


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the bytes over which the digest of a content is taken: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def build(found: Collected, *, frozen_at: datetime) -> dict[str, Any]:
    """Return the content of a dossier as plain data that JSON holds without loss."""
    notes = Notes(found.exhibits)
    claims = [_claim(line, notes) for line in found.claims]
    statements = [_statement(line, notes) for line in found.statements]
    designations = in_force.table(found, notes, frozen_at=frozen_at)
    conflicts = list(_conflicts(found, claims, notes))
    return {
        "form": FORM,
        "cover": _cover(found, frozen_at),
        "chain": {"seq": found.chain_seq, "hash": found.chain_hash},
        "summary": found.case.summary,
        "subjects": [_subject(subject) for subject in found.around.subjects],
        "claims": claims,
        "statements": statements,
        "designations": designations,
        "lookups": [_lookup(line) for line in found.lookups],
        "duties": [_duty(line) for line in found.duties],
        "hypotheses": _hypotheses(found.matrix),
        "replies": _replies(found),
        "conflicts": conflicts,
        "timeline": _timeline(found),
        "map": _map(found),
        "exhibits": [_exhibit(line) for line in found.exhibits],
        "notes": notes.lines,
        "method": _method(found, notes),
    }


def _cover(found: Collected, frozen_at: datetime) -> dict[str, Any]:
    case = found.case
    return {
        "title": case.title,
        "reference": case.reference,
        "handling": case.handling,
        "question": case.question,
        "opened_on": case.opened_on.isoformat(),
        "frozen_at": frozen_at.isoformat(timespec="seconds"),
    }


def _subject(subject: Any) -> dict[str, Any]:
    return {
        "name": str(subject.target),
        "kind": subject.kind,
        "role": subject.role,
        "detail": str(subject.target.detail_line),
        "is_main": subject.is_main,
    }


def _claim(line: ClaimLine, notes: Notes) -> dict[str, Any]:
    return {
        "label": line.label,
        "text": line.text,
        "kind": line.kind_label,
        "is_key": line.is_key,
        "occurred": _when(line.occurred),
        "place": line.place,
        "standing": line.standing,
        "standing_label": str(STANDINGS[line.standing][0]),
        "sentence": line.sentence,
        "origins": line.origins_count,
        "items": line.items_count,
        "outcome": line.outcome,
        "outcome_reason": line.outcome_reason,
        "likelihood": str(dict(Likelihood.choices).get(line.likelihood, "")),
        "confidence": line.confidence,
        "rationale": line.rationale,
        "note_numbers": notes.numbers(line.citations),
        "review": _review(line.review),
        "stances": [
            {"statement": one.statement_label, "speaker": one.speaker, "stance": one.stance_label}
            for one in line.stances
        ],
        "subjects": list(line.subjects),
        "gaps": line.gaps,
        "rests_on": [one.label for one in line.rests.on if one.state != "voided"],
        "carries": [one.label for one in line.rests.carries],
        "gave_way": list(line.rests.warnings),
        "assumes": [{"label": one.label, "text": one.text} for one, _through in line.rests.assumed],
        "lookups": [one.label for one in line.lookups],
    }


def _lookup(line: LookupLine) -> dict[str, Any]:
    return {
        "label": line.label,
        "searched": line.searched,
        "period": _period_words(line.period),
        "result": line.result_label,
        "says": line.says,
        "is_failed": line.is_failed,
        "looked": _when(line.looked),
        "looked_by": line.looked_by,
        "note": line.note,
        "claims": [label for _key, label in line.claims],
    }


def _review(review: ClaimReview) -> dict[str, Any]:
    return {
        "state": str(review.state),
        "state_label": review.state_label,
        "reviewers": review.reviewers,
        "on": review.at.date().isoformat() if review.at else "",
        "version": review.claim_version,
        "why_open_again": review.why_open_again,
    }


def _statement(line: StatementLine, notes: Notes) -> dict[str, Any]:
    return {
        "label": line.label,
        "speaker": line.speaker,
        "office": line.office,
        "organisation": "" if line.organisation == line.speaker else line.organisation,
        "state": line.state_name,
        "forum": line.forum,
        "said": _when(line.said),
        "text": line.text,
        "language": line.language,
        "is_reported": line.is_reported,
        "renderings": [asdict(rendering) for rendering in line.renderings],
        "stances": [{"claim": one.claim_label, "stance": one.stance_label, "note": one.note} for one in line.stances],
        "note_numbers": notes.numbers(line.citations),
    }


def _duty(line: DutyLine) -> dict[str, Any]:
    return {
        "symbol": line.symbol,
        "title": line.provision.title,
        "bearer": line.bearer,
        "bearer_name": line.bearer_name,
        "verb": line.verb,
        "is_verified": line.is_verified,
        "is_withdrawn": line.is_withdrawn,
        "sentence": line.sentence,
        "elements": [_element(one) for one in line.elements],
    }


def _element(line: ElementLine) -> dict[str, Any]:
    """A claim that was taken out of the case has no place in the dossier: `why` names it where that matters."""
    return {
        "text": line.text,
        "former_text": line.former_text,
        "found": line.found_label,
        "note": line.note,
        "why": list(line.why),
        "claims": [
            {"label": one.label, "standing_label": str(STANDINGS[one.standing][0])}
            for one in line.claims
            if one.standing != "voided"
        ],
    }


def _hypotheses(matrix: Matrix) -> dict[str, Any]:
    """Return the matrix with everybody's marks beside each other, without names; nothing where nothing is weighed."""
    if not matrix.hypotheses:
        return {}
    return {
        "analysts": len(matrix.analysts),
        "lines": [
            {
                "label": line.label,
                "text": line.text,
                "note": line.note,
                "scores": [one.score.words for one in line.scores],
                "unrated": sum(one.score.unrated_count for one in line.scores),
            }
            for line in matrix.hypotheses
        ],
        "rows": [
            {
                "label": row.label,
                "text": row.text,
                "weight": row.weight.words,
                "fallen": row.fallen,
                "is_alike": row.discriminates is False,
                "cells": [{"codes": [one.code for one in cell.marks], "is_apart": cell.is_apart} for cell in row.cells],
            }
            for row in matrix.rows
        ],
    }


def _replies(found: Collected) -> dict[str, Any]:
    """Say who was asked what and what came of it, and who was not; a draft or a withdrawn request asked nobody."""
    return {
        "parties": [
            {
                "name": line.name,
                "reading": line.reading_label,
                # Who drafts what to whom is for the team.
                "sentence": line.reading_label if line.reading == Reading.NOT_ASKED else line.sentence,
                "named_in": list(line.named_in),
            }
            for line in found.parties
        ],
        "requests": [
            _request(line) for line in found.requests if line.reading in ASKED or line.reading == Reading.NOT_FOUND
        ],
    }


def _request(line: RequestLine) -> dict[str, Any]:
    return {
        "label": line.label,
        "party": line.party_name,
        "state": line.state_label,
        "reading": line.sentence,
        "channel": line.channel,
        "sent": line.sent,
        "deadline": line.deadline,
        "response": line.response,
        "put": [{"label": one.label, "text": one.text, "is_reworded": bool(one.now)} for one in line.put],
        "attempts": [
            {"number": one.number, "when": one.when, "channel": one.channel, "outcome": one.outcome_label}
            for one in line.attempts
            if not one.is_voided
        ],
    }


def _exhibit(line: ExhibitLine) -> dict[str, Any]:
    if line.is_removed:
        return {"label": line.label, "is_removed": True, "removed_reason": line.removed_reason}
    return {
        "label": line.label,
        "is_removed": False,
        "title": line.title,
        "kind": line.kind_label,
        "source": line.source,
        "author": line.author,
        "addresses": [address for address in (line.url, *line.archived_urls.split()) if address],
        "published": _when(line.published),
        "occurred": _when(line.occurred),
        "grade": line.grade,
        "lineage": line.lineage_label,
        "repeats": [
            {"kind": one.kind_label, "label": one.parent_label}
            for one in line.derivations
            if one.parent_label.startswith("E-")
        ],
        "files": [
            {"name": one.name, "role": one.role, "sha256": one.sha256, "size_bytes": one.size_bytes}
            for one in line.files
        ],
        "mark": line.mark,
    }


def _when(moment: Any) -> str:
    return moment.describe() if moment else ""


# --- Conflicts --------------------------------------------------------------------------------------------------


def _conflicts(found: Collected, claims: Sequence[dict[str, Any]], notes: Notes) -> Iterable[dict[str, Any]]:
    yield from _conflicting_particulars(found, notes)
    yield from in_force.conflicting_dates(found, notes)
    yield from _rival_counts(found, claims)
    yield from _disputed_claims(claims, notes)


def _conflicting_particulars(found: Collected, notes: Notes) -> Iterable[dict[str, Any]]:
    for one in found.disagreements:
        yield {
            "title": f"{one.name}: {one.label}",
            "note": "" if one.is_certain else _("Their dates leave open whether both were so at the same time."),
            "sides": [_side_of_particular(side, found, notes) for side in one.sides],
        }


def _side_of_particular(values: Sequence[Value], found: Collected, notes: Notes) -> dict[str, Any]:
    said = "; ".join(f"{_period_words(value.period)} ({value.basis_label})" for value in values)
    cited = [line for value in values for line in found.conflict_citations.get(value.pk, ())]
    return {"text": f"{values[0].text}, {said}", "label": "", "note_numbers": notes.numbers(cited)}


def _period_words(period: Period) -> str:
    if period.start is None and period.end is None:
        return _("not dated")
    if period.start and period.end and period.start.edtf == period.end.edtf:
        return period.start.describe()
    return period.describe()


def _rival_counts(found: Collected, claims: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    by_label = {claim["label"]: claim for claim in claims}
    standing = [line for line in found.claims if line.outcome == "held"]
    for group in rival_counts(CountedClaim(line.label, line.text, line.occurred) for line in standing):
        yield {
            "title": _("Numbers differ: %(things)s") % {"things": group.thing},
            "note": _("They may count different ships or times; nothing is decided here."),
            "sides": [
                {"text": by_label[label]["text"], "label": label, "note_numbers": by_label[label]["note_numbers"]}
                for label in group.labels
            ],
        }


def _disputed_claims(claims: Sequence[dict[str, Any]], notes: Notes) -> Iterable[dict[str, Any]]:
    for claim in claims:
        if claim["standing"] != "disputed":
            continue
        yield {
            "title": f"{claim['label']}: {claim['text']}",
            "note": claim["sentence"],
            "sides": [
                _side_of_claim(claim, stance, words, notes)
                for stance, words in (("supports", _("Supported by")), ("contradicts", _("Contradicted by")))
            ],
        }


def _side_of_claim(claim: dict[str, Any], stance: str, words: str, notes: Notes) -> dict[str, Any]:
    numbers = [one for one in claim["note_numbers"] if one["stance"] == stance]
    cited = [notes.lines[one["number"] - 1] for one in numbers]
    sources = "; ".join(f"{line['exhibit']} {line['source'] or line['title']}" for line in cited)
    return {"text": f"{words}: {sources}", "label": "", "note_numbers": numbers}


# --- Timeline and map -------------------------------------------------------------------------------------------


def _timeline(found: Collected) -> dict[str, Any]:
    entries = [entry for entry in found.entries if entry.extent]
    return {
        "lanes": [list(lane) for lane in found.lanes],
        "entries": [_entry(entry) for entry in sorted(entries, key=lambda entry: entry.sort_key)],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    extent = entry.extent
    assert extent is not None  # noqa: S101 (for the type checker: the caller left out those without)
    days = {
        name: day.isoformat() if day else None
        for name, day in (
            ("earliest", extent.earliest),
            ("latest", extent.latest),
            ("certain_from", extent.certain_from),
            ("certain_to", extent.certain_to),
        )
    }
    return {
        "lane": entry.lane,
        "label": entry.label,
        "title": entry.title,
        "when": entry.when,
        "tone": entry.tone,
        "extent": {**days, "is_ongoing": extent.is_ongoing},
    }


def _map(found: Collected) -> dict[str, Any]:
    chart = found.port_chart.chart
    return {
        "ports": [_without_address(asdict(drawn.port)) for drawn in chart.ports] if chart else [],
        "legs": [_without_address(asdict(drawn.leg)) for drawn in chart.legs] if chart else [],
        "places": [
            {
                "name": line.name,
                "detail": line.detail,
                "point": line.point,
                "precision": line.precision,
                "happened": list(line.happened),
            }
            for line in found.port_chart.places
        ],
        "voyages": list(found.port_chart.voyages),
    }


def _without_address(drawn: dict[str, Any]) -> dict[str, Any]:
    """Leave out addresses inside the application: a dossier is read elsewhere."""
    return {name: value for name, value in drawn.items() if name != "url"}


# --- How it was made --------------------------------------------------------------------------------------------


def _method(found: Collected, notes: Notes) -> dict[str, Any]:
    return {
        "open_points": [line.text for line in found.open_points],
        "not_checked": list(_not_checked(found, notes)),
        "summary": [finding_words(one) for one in found.summary_findings],
    }


def _not_checked(found: Collected, notes: Notes) -> Iterable[str]:
    """Say what nobody looked at. That nothing was checked never reads as passed."""
    yield from _about_review(found.claims)
    yield from _about_files(found)
    yield from _about_quotes(notes)
    failed = [line.label for line in found.lookups if line.is_failed]
    if failed:
        yield _("Nothing was searched where a lookup failed (%(labels)s): that is no sign that nothing is there.") % {
            "labels": ", ".join(failed)
        }
    if any(not line.is_verified for line in found.duties):
        yield _("Provisions marked “to verify” were not read in their primary text.")
    yield _("No edition of a sanctions list was searched: a party without a row above may still be designated.")
    yield from _about_replies(found.parties)
    yield _("No positions were examined: nothing here says where a ship was between two ports.")
    yield _("No signature and no time stamp by a third party was made over this text.")


def _about_replies(parties: Iterable[PartyLine]) -> Iterable[str]:
    """Name whom nobody asked, and who may still answer."""
    unasked = [line.name for line in parties if line.reading == Reading.NOT_ASKED]
    if unasked:
        yield _("Never asked for comment: %(names)s.") % {"names": "; ".join(unasked)}
    waiting = [line for line in parties if line.reading in {Reading.WAITING, Reading.OVERDUE}]
    if waiting:
        said = "; ".join(f"{line.name}, {line.sentence}" for line in waiting)
        yield _("Asked, and not answered yet: %(said)s.") % {"said": said}


def _about_review(claims: Iterable[ClaimLine]) -> Iterable[str]:
    lacking = [line.label for line in claims if line.outcome == "held" and not line.review.is_approved]
    if lacking:
        yield _("Not approved by a reviewer as they stand: %(labels)s.") % {"labels": ", ".join(lacking)}


def _about_files(found: Collected) -> Iterable[str]:
    checks = found.checks
    if not checks.files_count:
        yield _("The exhibits hold no files: there are no hashes to check.")
        return
    unchecked = checks.files_count - checks.checked_count
    if unchecked:
        yield _("%(count)d of %(all)d files were hashed when they came in and have not been checked since.") % {
            "count": unchecked,
            "all": checks.files_count,
        }
    if checks.failed_count:
        yield _("%(count)d files no longer match the hash taken when they came in.") % {"count": checks.failed_count}


def _about_quotes(notes: Notes) -> Iterable[str]:
    missing = sum(line["quote_check"] == "not found" for line in notes.lines)
    unread = sum(line["quote_check"] == "no text" for line in notes.lines)
    if missing:
        yield _("%(count)d quotes were not found in the stored copy; the notes say which.") % {"count": missing}
    recognised = sum(line["quote_check"] == "found in OCR" for line in notes.lines)
    if recognised:
        yield _("%(count)d quotes were found only in words read by OCR, which may be wrong.") % {"count": recognised}
    if unread:
        yield _("%(count)d quotes could not be compared: the exhibit holds no text.") % {"count": unread}
