"""What the index holds of each kind of record."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from casefiles.access.models import Restricted
from casefiles.access.querysets import EveryMember
from casefiles.cases.models import (
    Case,
    Claim,
    Comment,
    ElementFinding,
    Hypothesis,
    Lookup,
    ReplyRequest,
    Review,
    Task,
    Verdict,
)
from casefiles.core.identifiers import show_unlocode
from casefiles.evidence.models import Item, Source
from casefiles.evidence.selectors.texts import texts_of
from casefiles.particulars.models import IdentifierUse, NameUse
from casefiles.registry.models import Organisation, Person, Place, PlaceName, Vessel
from casefiles.sanctions.models import Designation, Instrument, Provision
from casefiles.statements.models import Statement
from casefiles.voyages.models import PortCall, Voyage

TERMS_LENGTH = 200_000
# PostgreSQL keeps no more than a megabyte of words in one vector, with a little beside each for its place.
TERMS_BYTES, _BYTES_BESIDE = 1_000_000, 8


@dataclass(frozen=True)
class Document:
    label: str
    detail: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Indexed:
    """How one kind is read: what to load with it, and what is kept of it."""

    model: Any
    describe: Callable[[Any], Document]
    related: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def is_open(self) -> bool:
        """Say whether every member sees every record of this kind."""
        rules = self.model.visibility_rules
        return bool(rules) and all(isinstance(rule, EveryMember) for rule in rules)

    @property
    def circle_path(self) -> str:
        """Return the relation that leads from the record to the holder of its circle; empty for itself."""
        if self.is_open or self.model is Case or issubclass(self.model, Restricted):
            return ""
        if self.model is PlaceName:
            return "place"
        return "case" if hasattr(self.model, "case") else "assertion"


def _joined(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)


def _vessel(vessel: Vessel) -> Document:
    number = f"IMO {vessel.imo_number}" if vessel.imo_number else ""
    return Document(vessel.display_name, vessel.detail_line, (number, vessel.open_names_key, vessel.note))


def _organisation(organisation: Organisation) -> Document:
    number = f"IMO {organisation.imo_company_number}" if organisation.imo_company_number else ""
    return Document(organisation.name, organisation.detail_line, (number, organisation.note))


def _person(person: Person) -> Document:
    return Document(person.name, person.detail_line, (person.note,))


def _place(place: Place) -> Document:
    code = show_unlocode(place.unlocode) if place.unlocode else ""
    return Document(place.name, place.detail_line, (code, place.unlocode or "", place.note))


def _place_name(name: PlaceName) -> Document:
    return Document(name.name, _joined(name.place.name, name.place.detail_line), ())


def _source(source: Source) -> Document:
    return Document(source.name, source.detail_line, (source.url, source.note))


def _item(item: Item) -> Document:
    files = tuple(file.name for file in item.files.all())
    described = (item.summary, item.author, item.url, item.credit_line, item.collection_method, *files)
    return Document(item.title, item.detail_line, (*described, *_words_of(item)))


def _words_of(item: Item) -> Iterator[str]:
    """Yield the beginnings of what stands in an item's files, as far as they are all looked up."""
    room = TERMS_LENGTH
    for text in texts_of(item):
        yield text[:room]
        room -= len(text)
        if room <= 0:
            return


def _name_use(use: NameUse) -> Document:
    return Document(use.name, _joined(use.get_kind_display(), use.subject), (use.note,))


def _identifier_use(use: IdentifierUse) -> Document:
    return Document(use.value, _joined(use.get_scheme_display(), use.subject), (use.note,))


def _designation(designation: Designation) -> Document:
    detail = _joined(designation.programme, designation.list_name, designation.list_entry)
    texts = (designation.grounds, designation.measures_text, designation.note, designation.in_force_wording)
    return Document(str(designation), detail, texts)


def _instrument(instrument: Instrument) -> Document:
    detail = _joined(instrument.authority, instrument.adopted_wording)
    return Document(str(instrument), detail, (instrument.summary, instrument.read_in))


def _provision(provision: Provision) -> Document:
    elements = (element.text for element in provision.elements.all() if not element.is_voided)
    detail = _joined(provision.get_bearer_display(), provision.get_verb_display(), provision.instrument.name)
    return Document(str(provision), detail, (provision.trigger, provision.summary, *elements))


def _port_call(call: PortCall) -> Document:
    vessels = " / ".join(candidate.vessel.display_name for candidate in call.candidates.all())
    return Document(_joined(call, vessels), call.seen_wording or call.arrived_wording, (call.note,))


def _voyage(voyage: Voyage) -> Document:
    return Document(str(voyage), voyage.sailed_wording, (voyage.cargo, voyage.note))


def _statement(statement: Statement) -> Document:
    detail = _joined(statement.speaker_name, statement.office, statement.said_wording)
    return Document(statement.text[:200], detail, (statement.text, statement.forum))


def _case(case: Case) -> Document:
    return Document(case.title, case.reference, (case.question, case.summary))


def _claim(claim: Claim) -> Document:
    return Document(
        claim.text[:300], _joined(claim.label, claim.case.reference), (claim.text, claim.rationale, claim.gaps)
    )


def _lookup(lookup: Lookup) -> Document:
    detail = _joined(lookup.label, lookup.get_result_display(), lookup.case.reference)
    return Document(lookup.searched, detail, (lookup.note, lookup.looked_by))


def _finding(finding: ElementFinding) -> Document:
    detail = _joined(finding.get_finding_display(), finding.duty, finding.case.reference)
    return Document(finding.element_text, detail, (finding.note,))


def _hypothesis(hypothesis: Hypothesis) -> Document:
    detail = _joined(hypothesis.label, hypothesis.case.reference)
    return Document(hypothesis.text[:300], detail, (hypothesis.text, hypothesis.note))


def _request(request: ReplyRequest) -> Document:
    put = tuple(claim["text"] for claim in request.put)
    texts = (request.introduction, request.note, *put)
    return Document(request.party_name, _joined(request.label, request.case.reference), texts)


def _review(review: Review) -> Document:
    return Document(review.note[:300] or review.label, _joined(review.label, review.case.reference), (review.note,))


def _verdict(verdict: Verdict) -> Document:
    """The remark of a reviewer, and what was answered; a sealed one is not looked up (`search.actions`)."""
    detail = _joined(verdict.review.label, verdict.claim.label, verdict.get_verdict_display(), verdict.case.reference)
    return Document(verdict.remark[:300] or str(verdict), detail, (verdict.remark, verdict.answer))


def _task(task: Task) -> Document:
    return Document(task.title, _joined(task.label, task.case.reference), (task.body, task.checklist))


def _comment(comment: Comment) -> Document:
    return Document(str(comment), _joined(comment.created_by, comment.case.reference), (comment.body,))


INDEXED: dict[str, Indexed] = {
    entry.kind: entry
    for entry in (
        Indexed(Case, _case),
        Indexed(Vessel, _vessel),
        Indexed(Organisation, _organisation),
        Indexed(Person, _person),
        Indexed(Place, _place),
        Indexed(PlaceName, _place_name, ("place",)),
        Indexed(Source, _source),
        Indexed(Item, _item, ("source",), ("files",)),
        Indexed(NameUse, _name_use, ("assertion", "vessel", "organisation", "person")),
        Indexed(IdentifierUse, _identifier_use, ("assertion", "vessel", "organisation")),
        Indexed(Designation, _designation, ("assertion", "authority", "programme", "vessel", "organisation", "person")),
        Indexed(Instrument, _instrument, ("authority",)),
        Indexed(Provision, _provision, ("instrument",), ("elements",)),
        Indexed(PortCall, _port_call, ("assertion", "place"), ("candidates__vessel",)),
        Indexed(Voyage, _voyage, ("assertion", "vessel", "departure__place", "arrival__place")),
        Indexed(Statement, _statement, ("assertion", "speaker", "organisation")),
        Indexed(Claim, _claim, ("assertion", "case")),
        Indexed(ElementFinding, _finding, ("assertion", "case", "duty__provision__instrument", "duty__organisation")),
        Indexed(Hypothesis, _hypothesis, ("case",)),
        Indexed(Lookup, _lookup, ("case",)),
        Indexed(ReplyRequest, _request, ("case", "organisation", "person")),
        Indexed(Review, _review, ("case",)),
        Indexed(Verdict, _verdict, ("case", "review", "claim")),
        Indexed(Task, _task, ("case",)),
        Indexed(Comment, _comment, ("case", "created_by")),
    )
}


def terms_of(document: Document, tokens: Callable[[str], Iterable[str]], *, limit: int = TERMS_LENGTH) -> str:
    """Return the words that a document is found by: those of its first `limit` characters, each once."""
    text = "\n".join((document.label, document.detail, *document.texts))
    kept, room = [], TERMS_BYTES
    for token in dict.fromkeys(tokens(text[:limit])):
        room -= len(token.encode()) + _BYTES_BESIDE
        if room < 0:
            break
        kept.append(token)
    return " ".join(kept)
