"""What changes a case: numbers, refusals, what is shared, and what is recorded."""

import itertools

import pytest
from django.core.exceptions import ValidationError

from casefiles.access import actions as access
from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.audit.models import Event
from casefiles.cases import actions
from casefiles.cases.actions.cases import REFERENCE_ALPHABET
from casefiles.cases.models import Case, CaseStatement, Claim, Exhibit, Stance
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.models import Citation, Derivation, Item
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def researcher(db):
    return make.user("researcher")


@pytest.fixture
def viewer(db):
    return make.user("viewer")


@pytest.fixture
def case(lead, researcher, viewer):
    return make.case(lead, members={researcher: "researcher", viewer: "viewer"})


def refusal(action, *args, **values) -> str:
    with pytest.raises(Refused) as caught:
        action(*args, **values)
    return str(caught.value.message)


def close(case, lead):
    case.refresh_from_db()
    actions.change_case(case, by=lead, version=case.version, status="closed")


# --- Opening and closing ----------------------------------------------------------------------------------------------


def test_a_reference_is_random_and_spells_no_word(lead) -> None:
    references = {make.case(lead).reference for _case in range(5)}

    assert len(references) == 5
    assert all(reference[:3] == "CF-" and len(reference) == 8 for reference in references)
    assert not set("AEIOUY01") & set(REFERENCE_ALPHABET)


def test_a_reference_that_a_case_has_is_drawn_again(lead, monkeypatch) -> None:
    drawn = itertools.chain("BBBBB", "BBBBB", itertools.repeat("C"))
    monkeypatch.setattr("secrets.choice", lambda alphabet: next(drawn))

    assert [make.case(lead).reference, make.case(lead).reference] == ["CF-BBBBB", "CF-CCCCC"]


def test_a_case_is_not_opened_without_a_free_reference(lead, monkeypatch) -> None:
    monkeypatch.setattr("secrets.choice", lambda alphabet: "B")
    make.case(lead)

    with pytest.raises(ValidationError) as caught:
        make.case(lead)

    assert caught.value.message_dict == {"reference": ["No free reference was found. Try again."]}
    assert Case.objects.count() == 1


def test_whoever_opens_a_case_leads_it(lead) -> None:
    case = make.case(lead)

    assert [(m.user, m.role) for m in case.compartment.memberships.all()] == [(lead, "lead")]


def test_an_account_without_the_right_opens_no_case(viewer) -> None:
    with pytest.raises(NotAllowed):
        actions.open_case(by=viewer, title="Mine")

    assert not Case.objects.exists()


def test_a_closed_case_refuses_every_write(case, lead, researcher) -> None:
    exhibit, claim = make.original(case, researcher), make.claim(case, researcher)
    citation = make.cited(claim, researcher, exhibit)
    said = make.said(case, researcher, exhibit)
    subject = actions.add_subject(case, by=lead, organisation=make.organisation(lead))
    task = actions.add_task(case, by=lead, title="Ask")
    close(case, lead)
    writes = [
        lambda: actions.add_exhibit(case, by=lead, item=make.item(lead)),
        lambda: make.report(case, lead),
        lambda: actions.change_exhibit(exhibit, by=lead, version=1, note="x"),
        lambda: actions.remove_exhibit(exhibit, by=lead, reason="x"),
        lambda: make.claim(case, lead),
        lambda: actions.change_claim(claim, by=lead, version=1, text="x"),
        lambda: actions.set_outcome(claim, by=lead, outcome="withdrawn", reason="x"),
        lambda: actions.void_claim(claim, by=lead, reason="x"),
        lambda: make.cited(claim, lead, exhibit),
        lambda: actions.change_citation(citation, case=case, by=lead, version=1, quote="x"),
        lambda: actions.void_citation(citation, case=case, by=lead, reason="x"),
        lambda: make.said(case, lead, exhibit),
        lambda: actions.add_case_statement(case, by=lead, statement=said.statement),
        lambda: actions.set_stance(claim, said, by=lead, stance="denies"),
        lambda: actions.remove_case_statement(said, by=lead, reason="x"),
        lambda: actions.add_subject(case, by=lead, organisation=make.organisation(lead)),
        lambda: actions.change_subject(subject, by=lead, version=1, role="x"),
        lambda: actions.remove_subject(subject, by=lead, reason="x"),
        lambda: actions.add_task(case, by=lead, title="x"),
        lambda: actions.change_task(task, by=lead, version=1, title="x"),
        lambda: actions.finish_task(task, by=lead),
        lambda: actions.reopen_task(task, by=lead),
    ]

    answers = [refusal(write) for write in writes]

    assert set(answers) == {"This case is closed: reopen it to change it."}


def test_a_closed_case_changes_only_by_being_reopened(case, lead) -> None:
    close(case, lead)

    message = refusal(actions.change_case, case, by=lead, version=2, title="Another")
    actions.change_case(case, by=lead, version=2, status="open", title="Another")

    case.refresh_from_db()
    assert message == "This case is closed: reopen it to change it."
    assert (case.status, case.title) == ("open", "Another")


def test_a_closed_case_is_archived_without_being_reopened(case, lead) -> None:
    close(case, lead)

    changed = actions.change_case(case, by=lead, version=2, status="archived", title=case.title)

    assert changed == {"status": ("closed", "archived")}


def test_a_viewer_reads_and_writes_nothing(case, viewer) -> None:
    with pytest.raises(NotAllowed):
        make.claim(case, viewer)


def test_a_stranger_is_told_nothing(case) -> None:
    with pytest.raises(NotVisible):
        make.claim(case, make.lead())


# --- Numbers ----------------------------------------------------------------------------------------------------------


def test_a_number_once_given_is_never_reused(case, lead) -> None:
    first, second = make.report(case, lead), make.report(case, lead)
    actions.remove_exhibit(second, by=lead, reason="Not ours.")

    third = make.report(case, lead)

    assert [exhibit.label for exhibit in (first, second, third)] == ["E-01", "E-02", "E-03"]


def test_each_kind_counts_for_itself(case, lead) -> None:
    exhibit = make.report(case, lead)

    labels = [exhibit.label, make.claim(case, lead).label, make.said(case, lead, exhibit).label]

    assert [*labels, actions.add_task(case, by=lead, title="Ask").label] == ["E-01", "C-01", "S-01", "T-01"]


def test_a_refused_report_uses_up_no_number(case, lead) -> None:
    refusal(make.report, case, lead, lineage="repeats")

    assert make.report(case, lead).label == "E-01"
    assert Item.objects.count() == 1


# --- Exhibits ---------------------------------------------------------------------------------------------------------


def test_an_item_is_an_exhibit_once(case, lead) -> None:
    item = make.item(lead)
    actions.add_exhibit(case, by=lead, item=item)

    assert refusal(actions.add_exhibit, case, by=lead, item=item) == "This case already holds this item as E-01."


def test_an_editor_of_the_case_that_holds_an_item_shares_it_with_its_source(case, lead) -> None:
    other = make.case(lead)
    circle = make.restricted_to(other.compartment)
    item = make.item(lead, circle=circle, source=make.source(lead, circle=circle))

    actions.add_exhibit(case, by=lead, item=item)

    both = {case.compartment_id, other.compartment_id}
    assert set(item.compartments.values_list("pk", flat=True)) == both
    assert set(item.source.compartments.values_list("pk", flat=True)) == both


def test_a_researcher_there_may_not_share_an_item(case, lead, researcher) -> None:
    other = make.case(lead, members={researcher: "researcher"})
    item = make.item(lead, circle=make.restricted_to(other.compartment), title="Held elsewhere")

    message = refusal(actions.add_exhibit, case, by=researcher, item=item)

    assert message.startswith("“Held elsewhere” is restricted to people outside this case.")
    assert not Exhibit.objects.exists()


def test_an_item_one_may_not_see_does_not_exist(case, researcher) -> None:
    stranger = make.lead()
    item = make.item(stranger, circle=make.restricted_to(make.case(stranger).compartment))

    with pytest.raises(NotVisible):
        actions.add_exhibit(case, by=researcher, item=item)


def test_why_an_exhibit_is_here_is_changed(case, lead) -> None:
    exhibit = make.report(case, lead)

    changed = actions.change_exhibit(exhibit, by=lead, version=1, note="Names the berth.")

    assert changed == {"note": ("", "Names the berth.")}


def test_a_cited_exhibit_is_not_removed(case, lead) -> None:
    exhibit, claim = make.report(case, lead), make.claim(case, lead)
    citation = make.cited(claim, lead, exhibit)

    message = refusal(actions.remove_exhibit, exhibit, by=lead, reason="Not ours.")
    actions.void_citation(citation, case=case, by=lead, reason="Wrong report.")
    actions.remove_exhibit(exhibit, by=lead, reason="Not ours.")

    exhibit.refresh_from_db()
    assert message == "E-01 is cited on C-01: withdraw those citations first."
    assert exhibit.void_reason == "Not ours."


def test_an_exhibit_is_not_restored_beside_its_successor(case, lead) -> None:
    exhibit = make.report(case, lead)
    actions.remove_exhibit(exhibit, by=lead, reason="Not ours.")
    actions.add_exhibit(case, by=lead, item=exhibit.item)

    message = refusal(actions.restore_in_case, exhibit, by=lead)

    assert message == "This was added again meanwhile, under a new number: it stays withdrawn."


def test_the_events_of_an_exhibit_name_its_own_case_only(case, lead) -> None:
    other = make.case(lead)
    item = make.item(lead, circle=make.restricted_to(other.compartment))

    exhibit = actions.add_exhibit(case, by=lead, item=item)

    assert Event.objects.get(record_id=exhibit.pk).compartment_ids == [str(case.compartment_id)]


# --- News reports -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lineage", "stored"), [("original", "origin"), ("not known", "not recorded")])
def test_a_report_is_added_with_its_lineage(case, lead, lineage: str, stored: str) -> None:
    exhibit = make.report(case, lead, lineage=lineage)

    assert (exhibit.item.kind, exhibit.item.lineage) == ("news report", stored)


def test_a_report_that_repeats_another_derives_from_it(case, lead) -> None:
    first = make.original(case, lead)

    second = make.rewrite(case, lead, first, derivation_kind="translates", passage="according to Reuters")

    derivation = Derivation.objects.get()
    assert (derivation.child, derivation.parent) == (second.item, first.item)
    assert (derivation.kind, derivation.passage) == ("translates", "according to Reuters")
    assert Item.objects.get(pk=second.item_id).lineage == "derived"


def test_a_report_keeps_its_bytes(case, lead) -> None:
    exhibit = make.report(case, lead, upload=actions.Upload([b"The ", b"page."], "page.txt", "text/html"))

    (file,) = exhibit.item.files.all()
    assert (file.name, file.size_bytes, file.claimed_media_type) == ("page.txt", 9, "text/html")


def test_a_report_is_seen_by_its_case_alone(case, lead, viewer) -> None:
    exhibit = make.report(case, lead)

    assert Item.objects.visible_to(viewer).get() == exhibit.item
    assert not Item.objects.visible_to(make.lead()).exists()


# --- Claims and citations ---------------------------------------------------------------------------------------------


def test_an_exhibit_is_cited_down_to_the_page(case, lead) -> None:
    claim, exhibit = make.claim(case, lead), make.report(case, lead)

    citation = actions.cite_exhibit(claim, by=lead, exhibit=exhibit, locator="p. 4", stance="contradicts", quote="No.")

    assert (citation.locator_text, citation.stance, citation.quote_check) == ("p. 4", "contradicts", "no text")


def test_an_exhibit_of_another_case_is_not_cited(case, lead) -> None:
    exhibit = make.report(make.case(lead), lead, title="Elsewhere")

    message = refusal(make.cited, make.claim(case, lead), lead, exhibit)

    assert message == "E-01 Elsewhere belongs to another case."
    assert not Citation.objects.exists()


def test_a_removed_exhibit_is_not_cited(case, lead) -> None:
    exhibit = make.report(case, lead)
    actions.remove_exhibit(exhibit, by=lead, reason="Not ours.")

    assert "voided" in refusal(make.cited, make.claim(case, lead), lead, exhibit)


@pytest.mark.parametrize("outcome", ["withdrawn", "refuted"])
def test_an_outcome_needs_a_reason_and_is_taken_back_without_one(case, lead, outcome: str) -> None:
    claim = make.claim(case, lead)

    message = refusal(actions.set_outcome, claim, by=lead, outcome=outcome, reason="  ")
    actions.set_outcome(claim, by=lead, outcome=outcome, reason="New imagery.")
    decided = Claim.objects.get()
    kept = (decided.outcome, decided.outcome_reason)
    actions.set_outcome(decided, by=lead, outcome="held")

    upheld = Claim.objects.get()
    assert message == "Say why: the reason stays with the claim."
    assert kept == (outcome, "New imagery.")
    assert (upheld.outcome, upheld.outcome_reason) == ("held", "")


def test_a_stale_change_of_a_claim_is_not_saved(case, lead) -> None:
    claim = make.claim(case, lead, text="As it was.")
    actions.change_claim(Claim.objects.get(), by=lead, version=1, text="As it is.")

    with pytest.raises(StaleVersion):
        actions.change_claim(claim, by=lead, version=1, text="As I had it.")

    assert Claim.objects.get().text == "As it is."


# --- Statements -------------------------------------------------------------------------------------------------------


def test_a_statement_is_recorded_cited_and_set_against_claims_in_one_step(case, lead) -> None:
    exhibit, first, second = make.report(case, lead), make.claim(case, lead), make.claim(case, lead)

    said = make.said(
        case, lead, exhibit, text="We know nothing.", locator="para 3", stances={first: "denies", second: ""}
    )

    citation = Citation.objects.get(assertion=said.statement_id)
    assert (citation.item, citation.locator_text, citation.quote) == (exhibit.item, "para 3", "We know nothing.")
    assert [(s.claim, s.stance) for s in Stance.objects.all()] == [(first, "denies")]


def test_reported_speech_is_no_quote(case, lead) -> None:
    said = make.said(case, lead, make.report(case, lead), text="He denied it.", is_reported=True)

    assert Citation.objects.get(assertion=said.statement_id).quote == ""


def test_a_statement_that_fails_at_its_locator_leaves_nothing(case, lead) -> None:
    exhibit = make.report(case, lead)

    message = refusal(make.said, case, lead, exhibit, locator="somewhere!!")

    assert message.startswith("“somewhere!!” names no place in an item.")
    assert not case.casestatements.exists()


def test_a_stance_is_changed_and_taken_back(case, lead) -> None:
    claim = make.claim(case, lead)
    said = make.said(case, lead, make.report(case, lead), stances={claim: "denies"})

    actions.set_stance(claim, said, by=lead, stance="confirms")
    changed = Stance.objects.current().get().stance
    actions.set_stance(claim, said, by=lead, stance="")

    assert changed == "confirms"
    assert not Stance.objects.current().exists()


def test_a_stance_keeps_its_note_where_none_is_given(case, lead) -> None:
    claim = make.claim(case, lead)
    said = make.said(case, lead, make.report(case, lead))
    actions.set_stance(claim, said, by=lead, stance="denies", note="In the second answer.")

    actions.set_stance(claim, said, by=lead, stance="confirms")
    kept = Stance.objects.get()
    actions.set_stance(claim, said, by=lead, stance="confirms", note="")
    emptied = Stance.objects.get()

    assert [(kept.stance, kept.note), (emptied.stance, emptied.note)] == [
        ("confirms", "In the second answer."),
        ("confirms", ""),
    ]


def test_a_note_alone_makes_no_form_of_stances_stale(case, lead) -> None:
    claim = make.claim(case, lead)
    said = make.said(case, lead, make.report(case, lead), stances={claim: "denies"})
    before = CaseStatement.objects.get(pk=said.pk).version

    actions.set_stance(claim, said, by=lead, stance="denies", note="In the second answer.")

    assert Stance.objects.get().note == "In the second answer."
    assert CaseStatement.objects.get(pk=said.pk).version == before


def test_an_empty_stance_on_a_claim_without_one_records_nothing(case, lead) -> None:
    first, second = make.claim(case, lead), make.claim(case, lead)
    said = make.said(case, lead, make.report(case, lead))

    actions.set_stances(said, by=lead, stances={first: "denies", second: ""})

    assert [(stance.claim, stance.stance) for stance in Stance.objects.all()] == [(first, "denies")]


def test_a_statement_held_by_another_case_is_shared_by_its_editor(case, lead) -> None:
    other = make.case(lead)
    said = make.said(other, lead, make.report(other, lead))

    added = actions.add_case_statement(case, by=lead, statement=said.statement)

    assert added.label == "S-01"
    assert refusal(actions.add_case_statement, case, by=lead, statement=said.statement).endswith("as S-01.")


# --- Subjects, tasks, team --------------------------------------------------------------------------------------------


def test_a_subject_is_one_thing_once(case, lead) -> None:
    company = make.organisation(lead, name="M Leasing")
    actions.add_subject(case, by=lead, organisation=company)

    twice = refusal(actions.add_subject, case, by=lead, organisation=company)
    both = refusal(actions.add_subject, case, by=lead, organisation=company, vessel=make.vessel(lead))

    assert twice == "M Leasing is a subject of this case already."
    assert both == "Choose one vessel, organisation, person or place."


def test_a_subject_is_described_anew(case, lead) -> None:
    subject = actions.add_subject(case, by=lead, vessel=make.vessel(lead), role="carrier")

    changed = actions.change_subject(subject, by=lead, version=1, role="feeder", is_main=True)

    assert changed == {"role": ("carrier", "feeder"), "is_main": (False, True)}


def test_a_task_goes_only_to_the_team(case, lead, researcher) -> None:
    message = refusal(actions.add_task, case, by=lead, title="Ask", assignee=make.user("outsider"))

    task = actions.add_task(case, by=lead, title="Ask", assignee=researcher)

    assert message == "Only somebody in the case's team can be given a task."
    assert task.assignee == researcher


def test_a_task_changes_hands_within_the_team_only(case, lead, researcher) -> None:
    task = actions.add_task(case, by=lead, title="Ask")

    message = refusal(actions.change_task, task, by=lead, version=1, assignee=make.user("outsider"))
    changed = actions.change_task(task, by=lead, version=1, assignee=researcher)

    assert message == "Only somebody in the case's team can be given a task."
    assert changed == {"assignee": (None, str(researcher.pk))}


def test_a_task_is_finished_and_reopened(case, lead) -> None:
    task = actions.add_task(case, by=lead, title="Ask")

    actions.finish_task(task, by=lead)
    finished = task.status
    actions.reopen_task(task, by=lead)

    assert (finished, task.status) == ("done", "open")


def test_only_the_lead_manages_the_team(case, lead, researcher) -> None:
    make.user("newcomer")

    with pytest.raises(NotAllowed):
        actions.add_member(case, by=researcher, username="newcomer", role="viewer")
    member = actions.add_member(case, by=lead, username=" newcomer ", role="viewer")

    assert (member.user.username, member.role) == ("newcomer", "viewer")


@pytest.mark.parametrize("username", ["new", "nobody", "NEWCOMER"])
def test_a_member_is_added_by_the_exact_user_name_only(case, lead, username: str) -> None:
    make.user("newcomer")

    message = refusal(actions.add_member, case, by=lead, username=username, role="viewer")

    assert message == "No account has exactly this user name. Ask the person for it."


def test_a_member_is_not_added_twice(case, lead, viewer) -> None:
    message = refusal(actions.add_member, case, by=lead, username="viewer", role="editor")

    assert message == "Viewer is in the team already."
    assert case.compartment.memberships.get(user=viewer).role == "viewer"


def test_a_case_keeps_a_lead(case, lead) -> None:
    member = case.compartment.memberships.get(user=lead)

    assert refusal(actions.remove_member, case, by=lead, member=member).startswith("A case needs a lead")
    assert refusal(actions.change_role, case, by=lead, member=member, role="viewer").startswith("A case needs a lead")


def test_a_member_of_another_case_is_not_managed_here(case, lead) -> None:
    other = make.case(lead).compartment.memberships.get()

    assert refusal(actions.remove_member, case, by=lead, member=other) == "This person is not in the case's team."


def test_a_removed_member_no_longer_sees_the_case(case, lead, viewer) -> None:
    actions.remove_member(case, by=lead, member=case.compartment.memberships.get(user=viewer))

    assert not access.may(viewer, access.Act.READ, case)
