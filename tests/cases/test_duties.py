"""The duties of a case: what its claims show of the elements of a provision, and nothing beyond that."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible, void_record
from casefiles.cases import actions as cases
from casefiles.cases import selectors
from casefiles.cases.duties import Found, Tally, may_be_found, reading, tally
from casefiles.cases.models import Duty, ElementFinding, Finding
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.sanctions.actions import change_element
from casefiles.search.documents import INDEXED
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make

pytestmark = pytest.mark.django_db
TEXTS = ("The vessel lay in a port of the State.", "It took part in a banned activity.", "It was not inspected.")


# --- Pure rules ---------------------------------------------------------------------------------------------------


def test_the_words_of_the_rule_are_those_that_are_stored():
    assert {str(one) for one in Found} == set(Finding.values)


@pytest.mark.parametrize(
    ("recorded", "cited", "read", "fallen"),
    [
        ("met", {"C-01": "corroborated"}, "met", 0),
        ("met", {"C-01": "unsupported"}, "met", 0),
        ("met", {"C-01": "disputed"}, "met", 0),
        ("not met", {"C-01": "single_origin"}, "not met", 0),
        ("disputed", {"C-01": "corroborated"}, "disputed", 0),
        ("unknown", {}, "unknown", 0),
        ("unknown", {"C-01": "corroborated"}, "unknown", 0),
        ("met", {}, "unknown", 0),
        ("met", {"C-01": "withdrawn"}, "unknown", 1),
        ("not met", {"C-01": "refuted"}, "unknown", 1),
        ("disputed", {"C-01": "voided"}, "unknown", 1),
        ("met", {"C-01": "corroborated", "C-02": "withdrawn"}, "unknown", 1),
        ("met", {"C-01": "voided", "C-02": "withdrawn"}, "unknown", 2),
    ],
)
def test_a_finding_rests_on_its_claims_and_on_nothing_else(recorded, cited, read, fallen):
    result = reading(recorded, cited)

    assert (result.found, len(result.fallen), result.fell_back) == (read, fallen, recorded != read)
    assert reading(recorded, cited, is_voided=True).found == "unknown"


def test_there_is_no_other_finding():
    with pytest.raises(ValueError, match="violated"):
        reading("violated", {"C-01": "corroborated"})


@pytest.mark.parametrize(
    ("found", "claim_count", "may"),
    [("unknown", 0, True), ("unknown", 1, True), *((word, 0, False) for word in ("met", "not met", "disputed")),
     *((word, 1, True) for word in ("met", "not met", "disputed"))],
)  # fmt: skip
def test_without_a_claim_a_finding_can_only_be_unknown(found, claim_count, may):
    assert may_be_found(found, claim_count=claim_count) is may


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "no elements are recorded"),
        (["met", "met", "met", "unknown"], "elements met on the cited facts: 3 of 4; 1 unknown"),
        (["not met", "disputed", "unknown", "unknown"],
         "elements met on the cited facts: 0 of 4; 1 not met; 1 disputed; 2 unknown"),
        (["met"], "elements met on the cited facts: 1 of 1"),
    ],
)  # fmt: skip
def test_a_summary_says_how_many_elements_are_met_and_never_more(words, sentence):
    counted = tally(reading(word, {"C-01": "corroborated"}) for word in words)

    assert selectors.tally_sentence(counted) == sentence
    assert counted.total == len(words)
    assert counted == Tally(*(words.count(word) for word in ("met", "not met", "disputed", "unknown")))


# --- Actions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def provision(lead):
    return make.provision(lead, *TEXTS)


@pytest.fixture
def duty(case, lead, provision):
    return cases.add_duty(case, by=lead, provision=provision, country="CN")


@pytest.fixture
def elements(provision):
    return list(provision.elements.order_by("position"))


@pytest.fixture
def claim(case, lead):
    return make.claim(case, lead, text="The ship lay at the yard from 9 February 2024.")


def find(duty, lead, element, finding="met", claims=(), **values):
    return cases.add_finding(duty, by=lead, element=element, finding=finding, claims=claims, **values)


def test_a_duty_names_a_state_where_states_are_bound_and_an_operator_where_operators_are(case, lead, provision):
    company = make.organisation(lead)
    operators = make.provision(lead, bearer="operators")
    wrong = [
        {"provision": provision},
        {"provision": provision, "country": "XX"},
        {"provision": provision, "organisation": company},
        {"provision": provision, "country": "CN", "organisation": company},
        {"provision": operators, "country": "CN"},
        {"provision": operators},
    ]

    for values in wrong:
        with pytest.raises(Refused):
            cases.add_duty(case, by=lead, **values)
    cases.add_duty(case, by=lead, provision=provision, country="CN")
    cases.add_duty(case, by=lead, provision=provision, country="RU")
    cases.add_duty(case, by=lead, provision=operators, organisation=company)
    with pytest.raises(Refused) as again:
        cases.add_duty(case, by=lead, provision=provision, country="CN")

    assert again.value.field == "provision"
    assert Duty.objects.count() == 3


def test_what_was_voided_is_not_taken_up_and_a_duty_taken_out_may_come_again(case, lead, provision, duty):
    cases.remove_duty(duty, by=lead, reason="Not this port.")
    again = cases.add_duty(case, by=lead, provision=provision, country="CN")
    void_record(provision, by=lead, reason="Misread.")

    with pytest.raises(Refused):
        cases.restore_in_case(duty, by=lead)
    with pytest.raises(Refused):
        cases.add_duty(case, by=lead, provision=provision, country="RU")
    (line,) = selectors.duties_of(case, lead)
    assert (line.id, line.is_withdrawn) == (again.pk, True)


def test_a_finding_without_a_claim_is_refused_by_the_action_and_by_the_database(duty, lead, elements, claim):
    with pytest.raises(Refused) as refused:
        find(duty, lead, elements[0], "met")
    unknown = find(duty, lead, elements[0], "unknown")
    with pytest.raises(Refused):
        cases.change_finding(unknown, by=lead, version=1, finding="not met")
    with pytest.raises(IntegrityError), transaction.atomic():
        ElementFinding._base_manager.filter(pk=unknown.pk).update(finding="met")

    assert refused.value.field == "claims"
    assert cases.change_finding(unknown, by=lead, version=1, finding="met", claims=[claim])
    with pytest.raises(Refused):
        cases.change_finding(unknown, by=lead, version=2, claims=[])


def test_a_finding_takes_only_the_cases_standing_claims_and_the_duties_own_elements(case, duty, lead, elements, claim):
    other = make.claim(make.case(lead), lead)
    withdrawn, voided = make.claim(case, lead), make.claim(case, lead)
    cases.set_outcome(withdrawn, by=lead, outcome="withdrawn", reason="Misread.")
    cases.void_claim(voided, by=lead, reason="Twice.")
    (foreign,) = make.provision(lead, "Another.").elements.all()

    for cited in (other, withdrawn, voided):
        with pytest.raises(Refused):
            find(duty, lead, elements[0], claims=[claim, cited])
    with pytest.raises(Refused):
        find(duty, lead, foreign, claims=[claim])
    find(duty, lead, elements[0], claims=[claim, claim])
    with pytest.raises(Refused) as twice:
        find(duty, lead, elements[0], claims=[claim])

    assert twice.value.field == "element"
    assert ElementFinding.objects.get().claim_count == 1


def test_a_stale_change_is_a_conflict_and_nobody_outside_changes_anything(duty, lead, elements, claim):
    finding = find(duty, lead, elements[0], claims=[claim])
    cases.change_finding(finding, by=lead, version=1, note="Since February.")

    with pytest.raises(StaleVersion):
        cases.change_finding(finding, by=lead, version=1, note="Since March.")
    with pytest.raises(NotVisible):
        cases.change_finding(finding, by=make.lead("other"), version=2, note="Mine.")
    reader = make.user("reader")
    cases.add_member(duty.case, by=lead, username="reader", role="viewer")
    with pytest.raises(NotAllowed):
        find(duty, reader, elements[1], "unknown")


def test_what_was_saved_is_taken_back_with_the_claims_it_rested_on(case, duty, lead, elements, claim):
    second = make.claim(case, lead)
    finding = find(duty, lead, elements[0], claims=[claim])
    cases.change_finding(finding, by=lead, version=1, finding="disputed", claims=[claim, second])

    take_back_change(ElementFinding.objects.get(), by=lead, version=2)

    again = ElementFinding.objects.get()
    assert (again.finding, again.claim_count, list(again.claims.all())) == ("met", 1, [claim])
    cases.change_finding(again, by=lead, version=again.version, note="Seen twice.")
    take_back_change(ElementFinding.objects.get(), by=lead, version=ElementFinding.objects.get().version)
    again = ElementFinding.objects.get()
    assert (again.note, list(again.claims.all())) == ("", [claim])
    take_back_addition(again, by=lead)
    assert ElementFinding.objects.get().is_voided


# --- Reading ------------------------------------------------------------------------------------------------------


def lines(case, user):
    (line,) = selectors.duties_of(case, user)
    return line


def test_a_fallen_claim_makes_a_finding_read_as_unknown_and_says_so(case, duty, lead, elements, claim):
    second = make.claim(case, lead)
    find(duty, lead, elements[0], claims=[claim])
    find(duty, lead, elements[1], "disputed", claims=[claim, second])
    assert lines(case, lead).sentence == "elements met on the cited facts: 1 of 3; 1 disputed; 1 unknown"

    cases.set_outcome(second, by=lead, outcome="refuted", reason="Another ship.")
    cases.void_claim(claim, by=lead, reason="Entered twice.")

    line = lines(case, lead)
    assert line.sentence == "elements met on the cited facts: 0 of 3; 3 unknown"
    assert line.elements[0].why == ("Recorded as met, read as unknown: C-01 was taken out of the case.",)
    assert line.elements[1].why == (
        "Recorded as disputed, read as unknown: C-01 was taken out of the case; C-02 was refuted.",
    )
    assert [one.label for one in line.elements[1].claims] == ["C-01", "C-02"]


def test_a_withdrawn_finding_is_unknown_until_it_is_restored(case, duty, lead, elements, claim):
    finding = find(duty, lead, elements[0], claims=[claim])
    cases.void_in_case(finding, by=lead, reason="Too early.")

    line = lines(case, lead)
    assert (line.tally.unknown, line.elements[0].why) == (3, ("The finding was withdrawn: Too early.",))
    with pytest.raises(Refused):
        find(duty, lead, elements[0], claims=[claim])
    cases.restore_in_case(finding, by=lead)
    assert lines(case, lead).tally.met == 1


def test_an_element_that_was_reworded_after_its_finding_says_so(case, duty, lead, elements, claim):
    finding = find(duty, lead, elements[0], claims=[claim])
    change_element(elements[0], by=lead, version=1, text="The vessel lay at a berth of the State.")

    assert lines(case, lead).elements[0].former_text == TEXTS[0]
    cases.change_finding(ElementFinding.objects.get(), by=lead, version=1, note="Looked at again.")
    assert lines(case, lead).elements[0].former_text == ""
    assert finding.element_text == TEXTS[0]


def test_a_claim_knows_the_findings_that_rest_on_it(client, duty, lead, elements, claim):
    finding = find(duty, lead, elements[0], claims=[claim])

    assert selectors.findings_resting_on(claim, lead) == [finding]
    assert selectors.findings_resting_on(claim, make.user()) == []
    assert finding.get_absolute_url() in shown(client, lead, "claim", duty.case_id, claim.pk).content.decode()
    asked = shown(client, lead, "claim_void", duty.case_id, claim.pk).context["consequences"]
    assert "1 finding on a duty rests on it, and is read as unknown then." in asked


def test_a_finding_is_found_by_its_words(duty, lead, elements, claim):
    finding = find(duty, lead, elements[0], claims=[claim], note="By two images.")

    document = INDEXED["cases.elementfinding"].describe(finding)
    assert (document.label, document.texts) == (TEXTS[0], ("By two images.",))


# --- Pages --------------------------------------------------------------------------------------------------------


def shown(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"cases:{name}", args=args), query)


def test_the_matrix_links_each_finding_to_its_claims_and_never_says_violated(client, case, duty, lead, elements, claim):
    find(duty, lead, elements[0], claims=[claim], note="By two images.")

    text = shown(client, lead, "duties", case.pk).content.decode()

    for words in ("elements met on the cited facts: 1 of 3; 2 unknown", "China", "port State", "By two images.",
                  "verb to verify", "to verify", claim.get_absolute_url(), *TEXTS):  # fmt: skip
        assert words in text
    assert "violat" not in text.lower()


def test_a_finding_is_edited_in_its_place_by_a_plain_form(client, case, duty, lead, elements, claim):
    page = shown(client, lead, "duties", case.pk, duty=str(duty.pk), element=str(elements[0].pk))
    assert page.context["form_url"] == reverse("cases:finding_add", args=[case.pk, duty.pk])
    sent = {"element": str(elements[0].pk), "finding": "met", "note": "Typed"}

    refused = client.post(page.context["form_url"], sent)
    saved = client.post(page.context["form_url"], {**sent, "claims": [str(claim.pk)]})
    again = shown(client, lead, "duties", case.pk, duty=str(duty.pk), element=str(elements[0].pk))
    base = again.context["base_token"]
    edit = {"finding": "disputed", "claims": [str(claim.pk)], "note": "Changed", "base": base}
    changed = client.post(again.context["form_url"], edit)
    stale = client.post(again.context["form_url"], {**edit, "note": "Mine"})

    assert (refused.status_code, "claims" in refused.context["form"].errors) == (422, True)
    assert "Typed" in refused.content.decode()
    assert saved["Location"].endswith(f"#element-{duty.pk}-{elements[0].pk}")
    assert (changed.status_code, stale.status_code) == (302, 409)
    finding = ElementFinding.objects.get()
    assert (finding.finding, finding.note) == ("disputed", "Changed")
    history = shown(client, lead, "history", case.pk).content.decode()
    assert "changed the finding on" in history
    assert "took up the duty" in history


def test_a_duty_is_taken_up_by_its_words_taken_out_and_its_finding_withdrawn_and_restored(
    client, case, lead, provision, claim
):
    client.force_login(lead)
    bad = client.post(reverse("cases:duty_add", args=[case.pk]), {"provision": str(provision), "country": ""})
    client.post(reverse("cases:duty_add", args=[case.pk]), {"provision": str(provision), "country": "CN"})
    duty = Duty.objects.get()
    finding = find(duty, lead, provision.elements.first(), claims=[claim])
    for name, data in (("finding_void", {"reason": "Too early."}), ("finding_restore", {})):
        assert client.post(reverse(f"cases:{name}", args=[case.pk, finding.pk]), data).status_code == 302
    assert not ElementFinding.objects.get().is_voided
    out = client.post(reverse("cases:duty_remove", args=[case.pk, duty.pk]), {"reason": "Not this port."})

    assert (bad.status_code, "country" in bad.context["form"].errors) == (422, True)
    assert out["Location"] == reverse("cases:duties", args=[case.pk])
    assert shown(client, lead, "duties", case.pk).context["lines"] == []


def test_a_viewer_reads_the_matrix_and_is_offered_no_form(client, case, duty, lead, elements):
    reader = make.user("reader")
    cases.add_member(case, by=lead, username="reader", role="viewer")

    page = shown(client, reader, "duties", case.pk, duty=str(duty.pk), element=str(elements[0].pk))

    assert page.status_code == 200
    assert "form_url" not in page.context
    assert shown(client, reader, "duty_add", case.pk).status_code == 403
    assert shown(client, make.user(), "duties", case.pk).status_code == 404


def test_the_matrix_asks_as_often_for_few_duties_as_for_many(client, case, lead, assert_same_queries):
    def add(count):
        for _turn in range(count):
            provision = make.provision(lead, *TEXTS)
            duty = cases.add_duty(case, by=lead, provision=provision, country="CN")
            for element in provision.elements.all():
                find(duty, lead, element, claims=[make.claim(case, lead)])

    assert_same_queries(lambda: shown(client, lead, "duties", case.pk), add)
