"""What a summary may refer to by number: which numbers stand, which match what is typed, and what stands behind one."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, F, QuerySet, UUIDField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casefiles.cases.cited_sentences import Fault, Finding, check_references
from casefiles.cases.models import Case, CaseStatement, Claim, Exhibit
from casefiles.cases.querysets import numbered
from casefiles.cases.selectors.claims import claim_with_standing, item_mark
from casefiles.cases.selectors.statements import statement_lines
from casefiles.core.folding import fold
from casefiles.core.templatetags.ui import STANDINGS
from casefiles.evidence.models import Citation
from casefiles.evidence.selectors import newest_grades

OFFERED_AT_MOST = 10
FINDINGS_AT_MOST = QUOTES_AT_MOST = 20
SHOWN_LENGTH = 160
NO_ITEM = Value(None, UUIDField())
TYPED = re.compile(r"\s*([CES])-?0*(\d{0,6})", re.IGNORECASE)

WORDS: dict[Fault, Any] = {
    Fault.UNCITED: lambda: _("Cites nothing: “%(sentence)s”"),
    Fault.UNKNOWN: lambda: _("%(label)s is no number of this case: “%(sentence)s”"),
    Fault.VOIDED: lambda: _("%(label)s was taken out of the case: “%(sentence)s”"),
}


@dataclass(frozen=True)
class Offered:
    """A number that completion offers, with the words that tell it from others."""

    label: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Preview:
    """What stands behind a reference, in few words: `standing` says how far it carries, `quote` what is cited."""

    label: str
    text: str
    standing: str
    quote: str
    detail: str
    url: str


class GivenLabel(NamedTuple):
    """A label that a case has given, whether what has it still stands, and of an exhibit the item that it is."""

    label: str
    stands: bool
    item_id: uuid.UUID | None


def given_labels(case: Case, user: Any) -> list[GivenLabel]:
    """Return the labels of the case's exhibits, statements and claims, each kind by number; one query."""
    exhibits = _labels(Exhibit.objects.visible_to(user).filter(case=case), Exhibit.prefix, "voided_at", F("item_id"))
    statements = _labels(CaseStatement.objects.visible_to(user).filter(case=case), "S", "voided_at", NO_ITEM)
    claims = _labels(Claim.objects.visible_to(user).filter(case=case), "C", "assertion__voided_at", NO_ITEM)
    rows = sorted(exhibits.union(statements, claims, all=True), key=lambda row: row[:2])
    return [GivenLabel(f"{prefix}-{number:02d}", voided is None, item_id) for prefix, number, voided, item_id in rows]


def _labels(rows: QuerySet[Any], prefix: str, voided: str, item: F | Value) -> QuerySet[Any]:
    named = rows.order_by().annotate(prefix_=Value(prefix, CharField()), voided_=F(voided), item_=item)
    return named.values_list("prefix_", "number", "voided_", "item_")


def labels_of_items(given: Iterable[GivenLabel]) -> dict[uuid.UUID, str]:
    """Return the label of each item in the case, as `exhibit_labels` would."""
    return {one.item_id: one.label for one in given if one.item_id}


def summary_findings(
    case: Case, user: Any, text: str | None = None, *, given: Iterable[GivenLabel] | None = None
) -> list[Finding]:
    """Return what to look at in the case's summary, or in another text for it.

    `given` are those of `given_labels`, where the caller has them; no query is made where the text is empty.
    """
    words = case.summary if text is None else text
    if not words.strip():
        return []
    held = given_labels(case, user) if given is None else given
    return check_references(words, {one.label: one.stands for one in held})


def finding_words(finding: Finding) -> str:
    """Say what to look at, with the beginning of the sentence."""
    sentence = finding.sentence
    shown = f"{sentence[:SHOWN_LENGTH]}…" if len(sentence) > SHOWN_LENGTH else sentence
    return str(WORDS[finding.fault]()) % {"label": finding.label, "sentence": shown}


def findings_sentence(findings: list[Finding]) -> str:
    """Say how much there is to look at: "2 sentences cite nothing; 1 reference leads nowhere"."""
    uncited = sum(one.fault == Fault.UNCITED for one in findings)
    astray = len(findings) - uncited
    parts = [
        words % {"count": count}
        for count, words in (
            (uncited, ngettext("%(count)d sentence cites nothing", "%(count)d sentences cite nothing", uncited)),
            (
                astray,
                ngettext("%(count)d reference leads nowhere", "%(count)d references lead nowhere", astray),
            ),
        )
        if count
    ]
    return "; ".join(parts)


def offered_references(case: Case, user: Any, text: str) -> list[Offered]:
    """Return the numbers of a case that match what was typed behind `[[`: a letter, a number, or words.

    Three queries at most, one for each kind; nothing that was taken out is offered.
    """
    typed = TYPED.fullmatch(text)
    kinds = {"C": _claims, "E": _exhibits, "S": _statements}
    if typed:
        letter, digits = typed[1].upper(), typed[2]
        return kinds[letter](case, user, "", digits)[:OFFERED_AT_MOST]
    digits = text.strip() if numbered(text) is not None else ""
    found = [one for kind in kinds.values() for one in kind(case, user, "" if digits else text, digits)]
    return found[:OFFERED_AT_MOST]


def _narrowed(rows: QuerySet[Any], digits: str) -> list[Any]:
    """Return the first rows whose number begins with the digits; all where there are none."""
    if digits:
        rows = rows.filter(number__regex=rf"^{digits.lstrip('0')}") if digits.strip("0") else rows
    return list(rows.order_by("number", "pk")[:OFFERED_AT_MOST])


def _claims(case: Case, user: Any, words: str, digits: str) -> list[Offered]:
    rows = Claim.objects.visible_to(user).current().filter(case=case, text_key__contains=fold(words))
    return [Offered(row.label, row.text[:SHOWN_LENGTH]) for row in _narrowed(rows, digits)]


def _exhibits(case: Case, user: Any, words: str, digits: str) -> list[Offered]:
    rows = Exhibit.objects.visible_to(user).current().filter(case=case, item__title_key__contains=fold(words))
    found = _narrowed(rows.select_related("item__source"), digits)
    return [Offered(row.label, row.item.title[:SHOWN_LENGTH], str(row.item.source or "")) for row in found]


def _statements(case: Case, user: Any, words: str, digits: str) -> list[Offered]:
    rows = CaseStatement.objects.visible_to(user).current().named()
    found = _narrowed(rows.filter(case=case, statement__text_key__contains=fold(words)), digits)
    return [Offered(row.label, row.statement.text[:SHOWN_LENGTH], row.statement.speaker_name) for row in found]


def preview_of(case: Case, user: Any, label: str, locator: str = "") -> Preview | None:
    """Return what stands behind a label, or None where the case has no such number."""
    letter, number = label[:1], numbered(label)
    if number is None:
        return None
    reader = {"C": _claim_preview, "E": _exhibit_preview, "S": _statement_preview}.get(letter)
    return reader(case, user, number, locator) if reader else None


def _taken_out(is_voided: bool, otherwise: str) -> str:
    return _("Taken out of the case") if is_voided else otherwise


def _claim_preview(case: Case, user: Any, number: int, locator: str) -> Preview | None:
    claim = Claim.objects.visible_to(user).filter(case=case, number=number).select_related("case").in_order().first()
    if claim is None:
        return None
    line = claim_with_standing(claim, user)
    quote = next((one.quote for one in line.citations if one.quote and one.stance == "supports"), "")
    return Preview(
        label=line.label,
        text=line.text,
        standing=_taken_out(claim.is_voided, str(STANDINGS[line.standing][0])),
        quote=quote,
        detail=line.sentence,
        url=claim.get_absolute_url(),
    )


def _exhibit_preview(case: Case, user: Any, number: int, locator: str) -> Preview | None:
    rows = Exhibit.objects.visible_to(user).filter(case=case, number=number)
    exhibit = rows.select_related("item__source").first()
    if exhibit is None:
        return None
    item = exhibit.item
    grade = newest_grades([item.pk], user).get(item.pk)
    graded = _("graded %(grade)s") % {"grade": grade} if grade else _("not graded")
    mark = item_mark(item)
    return Preview(
        label=exhibit.label,
        text=item.title,
        standing=_taken_out(exhibit.is_voided, ", ".join(filter(None, [mark, graded]))),
        quote=_quoted(case, user, item.pk, locator),
        detail=str(item.detail_line),
        url=exhibit.get_absolute_url(),
    )


def _quoted(case: Case, user: Any, item_id: Any, locator: str) -> str:
    """Return the first passage that a claim of the case cites of an item: of the place asked for, where one is."""
    rows = Citation.objects.visible_to(user).current().filter(item_id=item_id, assertion__cases_claim__case=case)
    cited = rows.exclude(quote="").order_by("created_at", "pk")
    wanted = "".join(locator.split()).lower()
    quotes = [(one.locator_text, one.quote) for one in cited[:QUOTES_AT_MOST]]
    at_place = [quote for place, quote in quotes if wanted and "".join(place.split()).lower() == wanted]
    return (at_place or [quote for _place, quote in quotes] or [""])[0]


def _statement_preview(case: Case, user: Any, number: int, locator: str) -> Preview | None:
    rows = CaseStatement.objects.visible_to(user).filter(case=case, number=number)
    found = list(rows.named().select_related("statement__assertion", "case"))
    if not found:
        return None
    (line,) = statement_lines(case, found, user)
    stances = "; ".join(f"{one.stance_label}: {one.claim_label}" for one in line.stances)
    said = line.said.describe() if line.said else ""
    return Preview(
        label=line.label,
        text=line.speaker,
        standing=_taken_out(line.is_removed, stances),
        quote=line.text,
        detail=", ".join(part for part in (line.office, said) if part),
        url=found[0].get_absolute_url(),
    )
