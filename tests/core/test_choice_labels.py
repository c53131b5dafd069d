"""The words for a choice, which Django would look for by translating all the others."""

import pytest

from casefiles.access.models import Membership
from casefiles.evidence.models import CustodyEvent, File, Item
from casefiles.registry.models import Vessel
from casefiles.voyages.models import PortCall


@pytest.mark.parametrize(
    ("record", "name", "words"),
    [
        (Vessel(vessel_type="bulk"), "vessel_type", "bulk carrier"),
        (Item(kind="news report"), "kind", "news report"),
        (PortCall(activity="unknown"), "activity", "activity not known"),
        (Membership(role="lead"), "role", "lead"),
        (File(role="original"), "role", "original"),
        (CustodyEvent(act="received"), "act", "received"),
        (Vessel(vessel_type="not a type"), "vessel_type", "not a type"),
        (Vessel(vessel_type=None), "vessel_type", None),
    ],
)
def test_a_choice_has_its_words_and_what_is_no_choice_is_itself(record, name, words) -> None:
    assert getattr(record, f"get_{name}_display")() == words
