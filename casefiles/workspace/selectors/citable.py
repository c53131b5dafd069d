"""For what a place in an item may be cited: records found by their words, and the values recorded of a thing."""

from collections.abc import Callable
from typing import Any, NamedTuple

from casefiles.access.rules import Act
from casefiles.evidence.models import Assertion
from casefiles.particulars.models import IdentifierUse, NameUse
from casefiles.particulars.selectors import AnchorFile, Value, organisation_file, person_file, vessel_file
from casefiles.registry.models import Organisation, Person, Vessel
from casefiles.sanctions.models import Designation
from casefiles.search.actions import catch_up, is_behind
from casefiles.search.selectors import Hit, find
from casefiles.statements.models import Statement
from casefiles.voyages.models import PortCall, Voyage

# Each with its page that cites an item for it.
PAGES: dict[str, str] = {
    Statement._meta.label_lower: "statements:statement_cite",
    Voyage._meta.label_lower: "voyages:voyage_cite",
    PortCall._meta.label_lower: "voyages:port_call_cite",
    Designation._meta.label_lower: "sanctions:designation_cite",
    NameUse._meta.label_lower: "particulars:particular_cite",
    IdentifierUse._meta.label_lower: "particulars:particular_cite",
}
# A flag, role, measure, address or practice has no words of its own to be found by: it is chosen among the values of
# what it is said of.
FILES: dict[Any, Callable[[Any, Any], AnchorFile]] = {
    Vessel: vessel_file,
    Organisation: organisation_file,
    Person: person_file,
}


class Citable(NamedTuple):
    """What was found: records to cite for, and things with values to cite for."""

    records: list[Hit]
    anchors: list[Hit]


def citable(words: str, user: Any) -> Citable:
    """Return what holds every word: records that `user` may change, and anchors that `user` may see, best first."""
    if is_behind():
        catch_up(batches=2)
    anchors = {model._meta.label_lower for model in FILES}
    hits = find(words, user=user, kinds=(*PAGES, *anchors)).hits
    records = [hit for hit in hits if hit.kind not in anchors]
    editable = _editable([hit.record_id for hit in records], user)
    return Citable(
        records=[hit for hit in records if hit.record_id in editable],
        anchors=[hit for hit in hits if hit.kind in anchors],
    )


def values_to_cite_for(anchor: Any, user: Any) -> list[Value]:
    """Return the standing values of a vessel, organisation or person that `user` may change, in the order of a file."""
    standing = [value for value in FILES[type(anchor)](anchor, user).values if not value.is_voided]
    editable = _editable([value.pk for value in standing], user)
    return [value for value in standing if value.pk in editable]


def _editable(ids: list[Any], user: Any) -> set[Any]:
    """Ask about the assertions: every record here shares its key with the one that says who may change it."""
    return set(Assertion.objects.visible_to(user, Act.EDIT).filter(pk__in=ids).values_list("pk", flat=True))
