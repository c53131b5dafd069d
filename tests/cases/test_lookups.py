"""Looked, found nothing: what each result says, and that a failed lookup never reads as a clean one."""

import pytest
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.cases import actions, selectors
from casefiles.cases.lookups import Meaning, meaning
from casefiles.cases.models import Lookup, LookupResult
from casefiles.core.moments import parse_moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.search.documents import INDEXED
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("not found", Meaning.ABSENT),
        ("no coverage", Meaning.BLIND),
        ("cloud", Meaning.BLIND),
        ("no pass", Meaning.BLIND),
        ("service unreachable", Meaning.FAILED),
        ("access refused", Meaning.FAILED),
    ],
)
def test_only_not_found_says_that_it_is_not_there(result, expected):
    assert meaning(result) == expected


def test_every_result_has_a_meaning_and_there_is_no_other():
    assert {meaning(result) for result in LookupResult.values} == set(Meaning)
    with pytest.raises(ValueError, match="clean"):
        meaning("clean")


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def claim(case, lead):
    return make.claim(case, lead, text="The ship lay at the yard.")


def look(case, lead, **values):
    values = {"searched": "Sentinel-2 over Zhoushan", "result": "cloud", **values}
    return actions.add_lookup(case, by=lead, **values)


def at(name, *args):
    return reverse(f"cases:{name}", args=args)


def test_lookups_are_numbered_and_say_who_looked(case, lead, claim):
    first = look(case, lead, looked=parse_moment("2024-03-01"), claims=[claim, claim])
    look(case, lead, result="not found", looked_by="A partner's desk")

    lines = selectors.lookups_of(case, lead)

    assert [(line.label, line.looked_by, line.says) for line in lines] == [
        ("L-01", "Lead", "could not have shown it: says nothing either way"),
        ("L-02", "A partner's desk", "searched, and not found"),
    ]
    assert lines[0].claims == ((claim.pk, "C-01"),)
    assert str(first) == "L-01 Sentinel-2 over Zhoushan"
    assert first.detail_line == "cloud"
    assert first.get_absolute_url() == at("lookup_place", case.pk, 1).replace("L-1", "L-01")


def test_a_lookup_bears_only_on_claims_of_its_own_case_that_stand_in_it(case, lead, claim):
    other, voided = make.claim(make.case(lead), lead), make.claim(case, lead)
    actions.void_claim(voided, by=lead, reason="Twice.")

    for wrong in (other, voided):
        with pytest.raises(Refused):
            look(case, lead, claims=[claim, wrong])
    with pytest.raises(NotVisible):
        look(case, make.lead())
    viewer = make.user("viewer")
    make.member(case, viewer, "viewer")
    with pytest.raises(NotAllowed):
        look(case, viewer)

    assert Lookup.objects.count() == 0


def test_a_change_keeps_a_claim_that_was_taken_out_since_and_is_taken_back_whole(case, lead, claim):
    second = make.claim(case, lead)
    lookup = look(case, lead, claims=[claim, second])
    actions.void_claim(second, by=lead, reason="Twice.")

    actions.change_lookup(lookup, by=lead, version=1, claims=[claim, second], note="Three tiles.")
    actions.change_lookup(lookup, by=lead, version=2, claims=[second], result="no pass")
    with pytest.raises(StaleVersion):
        actions.change_lookup(lookup, by=lead, version=2, note="Mine.")
    take_back_change(lookup, by=lead, version=3)

    again = Lookup.objects.get()
    assert (again.result, again.note, set(again.claims.all())) == ("cloud", "Three tiles.", {claim, second})
    actions.change_lookup(again, by=lead, version=again.version, note="")
    take_back_change(again, by=lead)
    assert Lookup.objects.get().note == "Three tiles."
    take_back_addition(again, by=lead)
    assert Lookup.objects.get().is_voided


def test_a_failed_lookup_stands_on_its_claim_as_missing_and_never_as_clean(client, case, lead, claim):
    look(case, lead, result="service unreachable", searched="The port's register", claims=[claim])
    look(case, lead, result="not found", searched="The flag's register", claims=[claim])
    client.force_login(lead)

    line = selectors.claim_with_standing(claim, lead)
    page = client.get(claim.get_absolute_url()).content.decode()
    listed = client.get(at("claims", case.pk)).content.decode()

    assert [one.label for one in line.failed_lookups] == ["L-01"]
    assert line.standing == "unsupported"
    assert "not searched: says nothing" in page
    assert "1 lookup failed: look again before anything is said of it." in page
    assert '<span class="pill bad">1 failed</span>' in listed


def test_a_lookup_is_recorded_changed_and_withdrawn_by_plain_forms(client, case, lead, claim):
    client.force_login(lead)
    form = client.get(at("lookup_add", case.pk), {"claim": str(claim.pk)}).context["form"]
    sent = {
        "searched": "Archive of port calls", "result": "not found", "start": "2024-02-01", "end": "2024-03-01",
        "looked": "2024-04", "claims": [str(claim.pk)],
    }  # fmt: skip

    wrong = client.post(at("lookup_add", case.pk), {**sent, "start": "2024-05-01", "result": ""})
    client.post(at("lookup_add", case.pk), sent)
    lookup = Lookup.objects.get()
    listed = client.get(at("lookups", case.pk)).content.decode()
    edit = client.get(at("lookup_edit", case.pk, lookup.pk))
    base = {"base": edit.context["base_token"]}
    changed = client.post(
        at("lookup_edit", case.pk, lookup.pk), {**sent, **base, "result": "no pass", "end": "ongoing"}
    )
    stale = client.post(at("lookup_edit", case.pk, lookup.pk), {**sent, **base, "result": "cloud"})

    assert form["claims"].value() == [str(claim.pk)]
    assert set(wrong.context["form"].errors) == {"result", "end"}
    assert "Searched, and not found" in listed
    assert claim.get_absolute_url() in listed
    assert edit.context["form"]["end"].value() == "2024-03-01"
    assert (changed.status_code, stale.status_code) == (302, 409)
    assert client.get(changed["Location"])["Location"] == f"{at('lookups', case.pk)}#lookup-L-01"
    assert Lookup.objects.get().period.end_kind == "ongoing"
    asked = client.get(at("lookup_void", case.pk, lookup.pk))
    assert asked.context["consequences"] == ["L-01 leaves the list and every dossier made from now on."]
    gone = client.post(at("lookup_void", case.pk, lookup.pk), {"reason": "Entered twice."})
    assert gone["Location"] == at("lookups", case.pk)
    assert client.get(at("lookups", case.pk)).context["lines"] == []
    history = client.get(at("history", case.pk)).content.decode()
    assert "named the claims on which L-01 bears" in history


def test_a_lookup_is_found_by_its_words(case, lead):
    lookup = look(case, lead, note="Band 8 only.")

    document = INDEXED["cases.lookup"].describe(lookup)

    assert (document.label, document.texts[0]) == ("Sentinel-2 over Zhoushan", "Band 8 only.")
    found = [list(Lookup.objects.visible_to(lead).matching(words)) for words in ("l-1", "ZHOUSHAN", "Rajin")]
    assert found == [[lookup], [lookup], []]


def test_the_list_asks_as_often_for_few_lookups_as_for_many(client, case, lead, assert_same_queries):
    client.force_login(lead)

    def add(count):
        for _turn in range(count):
            look(case, lead, claims=[make.claim(case, lead)])

    assert assert_same_queries(lambda: client.get(at("lookups", case.pk)), add) <= 10
