"""The admin: every model, through the chokepoint, saved by the actions."""

import re
import uuid

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.access.actions import NotAllowed, remove_member, void_record
from casefiles.access.admin import CasefilesAdmin
from casefiles.access.circles import Circle
from casefiles.accounts.models import User
from casefiles.audit.models import Event
from casefiles.audit.selectors import history
from casefiles.cases.actions import add_exhibit, change_case, remove_exhibit
from casefiles.registry.actions import change_vessel
from casefiles.registry.models import Person, PlaceName, Vessel
from casefiles.voyages.models import PortCall
from tests import make

MODELS = [model for app in apps.get_app_configs() if app.name.startswith("casefiles.") for model in app.get_models()]


def address(record_or_model, name, *args):
    meta = record_or_model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)


def fields_of(response):
    """Return what a browser would send of a form that was shown, untouched."""
    form = response.context_data["adminform"].form
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, list | tuple):
            data[bound.html_name] = [str(one) for one in value]
        elif value is True:
            data[bound.html_name] = "on"
        elif value not in (None, False):
            data[bound.html_name] = str(value)
    return data


def errors_of(response):
    return {name: list(errors) for name, errors in response.context_data["adminform"].form.errors.items()}


@pytest.fixture
def lead(db):
    return make.user("lead", may_open_cases=True, is_staff=True)


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def staff(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def stranger(db):
    return make.user("stranger", may_open_cases=True)


@pytest.fixture
def hidden(stranger):
    """A vessel of a case that the lead knows nothing of."""
    return make.vessel(stranger, circle=Circle.of_case(make.case(stranger)), display_name="Hidden canary")


# --- Which models, and how --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_q06_every_model_is_served_by_the_base_class(model):
    assert isinstance(admin.site._registry.get(model), CasefilesAdmin)


def test_q06_nothing_is_served_that_does_not_stand_on_the_base_class():
    """Breaks if a package's own admin is registered, which knows no chokepoint."""
    assert set(admin.site._registry) == set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nothing_is_deleted_in_the_admin(model, rf, lead):
    request = rf.get("/")
    request.user = lead

    registered = admin.site._registry[model]

    assert "delete_selected" not in registered.get_actions(request)
    with pytest.raises(NotAllowed):
        registered.delete_model(request, None)
    with pytest.raises(NotAllowed):
        registered.delete_queryset(request, None)


def test_the_admin_is_for_staff_and_does_not_exist_for_others(client, db):
    client.force_login(make.user("member"))

    assert client.get(reverse("admin:index")).status_code == 404


def test_signing_in_is_our_own_page(client, db):
    response = client.get(reverse("admin:index"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:sign_in"))


@pytest.mark.parametrize("path", ["login/", "logout/", "password_change/", "r/1/5f0c9b52-7d0e-4c0e-9a53-3f1f6b7a2d11/"])
def test_addresses_of_djangos_admin_that_go_past_our_pages_are_gone(staff, path):
    assert staff.get(f"/admin/{path}").status_code == 404


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_and_form_opens(staff, lead, case, model):
    # Accounts are for who manages them; every other list is for all who may open the admin.
    User.objects.filter(pk=lead.pk).update(may_manage_accounts=model is User)
    listed = staff.get(address(model, "changelist"), {"q": "a"})
    added = staff.get(address(model, "add"))

    assert listed.status_code == 200
    assert added.status_code in {200, 403}


# --- Saving -----------------------------------------------------------------------------------------------------


def test_adding_goes_through_the_action(staff, lead, case):
    sent = {"display_name": " New  ship ", "vessel_type": "ro-ro", "circle": str(case.compartment_id)}

    response = staff.post(address(Vessel, "add"), sent)

    assert response.status_code == 302
    added = Vessel.objects.visible_to(lead).get()
    assert (added.display_name, added.visibility, added.created_by) == ("New ship", "restricted", lead)
    assert [event.act for event in history([added.pk])] == ["added"]


def test_what_the_action_refuses_stands_at_its_field(staff, case):
    sent = {"display_name": "Ship", "imo_number": "9012346", "vessel_type": "ro-ro", "circle": "open"}

    response = staff.post(address(Vessel, "add"), sent)

    assert response.status_code == 200
    assert list(errors_of(response)) == ["imo_number"]
    assert not Vessel.objects.exists()


def test_changing_raises_the_version_and_leaves_an_event(staff, lead, case):
    vessel = make.vessel(lead, display_name="Before", circle=Circle.of_case(case))
    sent = fields_of(staff.get(address(vessel, "change", vessel.pk)))

    response = staff.post(address(vessel, "change", vessel.pk), {**sent, "display_name": "After"})

    vessel.refresh_from_db()
    assert response.status_code == 302
    assert (vessel.display_name, vessel.version) == ("After", 2)
    newest = history([vessel.pk])[0]
    assert [(change.field, change.old, change.new) for change in newest.changes] == [
        ("display_name", "Before", "After")
    ]


def test_saving_what_did_not_change_writes_nothing(staff, lead, case):
    item = make.item(lead, circle=Circle.of_case(case), author="Somebody")
    before = Event.objects.count()
    sent = fields_of(staff.get(address(item, "change", item.pk)))

    response = staff.post(address(item, "change", item.pk), sent)

    item.refresh_from_db()
    assert response.status_code == 302
    assert item.version == 1
    assert Event.objects.count() == before


def test_a_stale_save_says_what_changed_and_keeps_what_was_typed(staff, lead, case):
    vessel = make.vessel(lead, display_name="Before", circle=Circle.of_case(case))
    sent = fields_of(staff.get(address(vessel, "change", vessel.pk)))
    change_vessel(vessel, by=lead, version=1, display_name="Theirs")

    response = staff.post(address(vessel, "change", vessel.pk), {**sent, "note": "Mine"})

    said = " ".join(errors_of(response)["__all__"])
    assert "“Theirs”, and was “Before”" in said
    assert response.context_data["adminform"].form["note"].value() == "Mine"
    vessel.refresh_from_db()
    assert (vessel.note, vessel.version) == ("", 2)


def test_a_stale_form_can_be_saved_once_its_writer_has_seen_what_changed(staff, lead, case):
    vessel = make.vessel(lead, display_name="Before", circle=Circle.of_case(case))
    sent = fields_of(staff.get(address(vessel, "change", vessel.pk)))
    change_vessel(vessel, by=lead, version=1, vessel_type="tanker")
    shown = staff.post(address(vessel, "change", vessel.pk), {**sent, "note": "Mine"})

    staff.post(address(vessel, "change", vessel.pk), fields_of(shown))

    vessel.refresh_from_db()
    assert (vessel.note, vessel.version) == ("Mine", 3)


def test_what_one_may_read_but_not_change_is_told_on_the_form(staff, lead, case, stranger):
    place = make.place(stranger, circle=Circle.of_case(make.case(stranger, members={lead: "viewer"})))

    response = staff.post(address(PlaceName, "add"), {"place": str(place.pk), "name": "Najin"})

    assert errors_of(response) == {"__all__": ["You may read this, but not change it. Nothing was saved."]}
    assert not PlaceName.objects.exists()


def test_who_lost_a_record_while_its_form_was_open_is_given_no_new_version_of_it(rf, lead, case):
    editor = make.user("editor", is_staff=True)
    make.member(case, editor, "editor")
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    request = rf.post("/")
    request.user = editor
    form_class = admin.site._registry[Vessel].get_form(request, vessel, change=True)
    remove_member(compartment=case.compartment, user=editor, by=lead)

    form = form_class({"display_name": "Mine", "vessel_type": "ro-ro", "base": "made up"}, instance=vessel)

    assert form.errors["__all__"] == [
        "This form was opened too long ago, or for another record. Check it and save again."
    ]
    assert form.data["base"] == "made up"


def test_a_version_cannot_be_made_up(staff, lead, case):
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    sent = fields_of(staff.get(address(vessel, "change", vessel.pk)))

    response = staff.post(address(vessel, "change", vessel.pk), {**sent, "note": "Mine", "base": "[1, 1]"})

    assert "opened too long ago" in errors_of(response)["__all__"][0]


def test_a_field_that_the_form_does_not_have_is_ignored(staff, lead, case):
    """R12. Breaks if the form takes every column."""
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    sent = fields_of(staff.get(address(vessel, "change", vessel.pk)))

    staff.post(
        address(vessel, "change", vessel.pk),
        {**sent, "visibility": "open", "version": "9", "created_by": str(uuid.uuid4()), "note": "Mine"},
    )

    vessel.refresh_from_db()
    assert (vessel.visibility, vessel.version, vessel.created_by) == ("restricted", 2, lead)


def test_a_nul_is_explained_at_its_field(staff, case):
    sent = {"display_name": "Ship", "note": "a\x00b", "vessel_type": "ro-ro", "circle": "open"}

    response = staff.post(address(Vessel, "add"), sent)

    assert list(errors_of(response)) == ["note"]


def test_a_closed_case_refuses_changes_in_the_admin_too(staff, lead, case):
    claim = make.claim(case, lead)
    exhibit = make.report(case, lead)
    citation = make.cited(claim, lead, exhibit)
    case.refresh_from_db()
    forms = {one: fields_of(staff.get(address(one, "change", one.pk))) for one in (claim, citation)}
    change_case(case, by=lead, version=case.version, status="closed")

    said = [
        errors_of(staff.post(address(claim, "change", claim.pk), {**forms[claim], "text": "Other"})),
        errors_of(staff.post(address(citation, "change", citation.pk), {**forms[citation], "quote": "Other"})),
    ]

    assert ["closed" in str(errors) for errors in said] == [True, True]


def test_dates_and_candidates_of_a_port_call_come_and_go_whole(staff, lead, case):
    circle = Circle.of_case(case)
    first, second = make.vessel(lead, circle=circle), make.vessel(lead, circle=circle)
    sent = {
        "place": str(make.place(lead, circle=circle).pk),
        "vessels": [str(first.pk)],
        "seen": "early February 2024",
        "activity": "moored",
        "basis": "document",
        "circle": str(case.compartment_id),
    }
    staff.post(address(PortCall, "add"), sent)
    call = PortCall.objects.visible_to(lead).get()
    shown = fields_of(staff.get(address(call, "change", call.pk)))

    staff.post(address(call, "change", call.pk), {**shown, "vessels": [str(first.pk), str(second.pk)]})

    call.refresh_from_db()
    assert shown["seen"] == "early February 2024"
    assert {vessel.pk for vessel in call.vessels.all()} == {first.pk, second.pk}
    assert call.seen.wording == "early February 2024"


# --- Voiding ----------------------------------------------------------------------------------------------------


def test_voiding_needs_a_reason(staff, lead, case):
    item = make.item(lead, circle=Circle.of_case(case))

    response = staff.post(address(item, "delete", item.pk), {"reason": " "})

    item.refresh_from_db()
    assert response.status_code == 200
    assert not item.is_voided


def test_voiding_leaves_the_record_with_the_reason(staff, lead, case):
    item = make.item(lead, circle=Circle.of_case(case))

    staff.post(address(item, "delete", item.pk), {"reason": "Wrong ship"})

    item.refresh_from_db()
    assert (item.is_voided, item.void_reason, item.voided_by) == (True, "Wrong ship", lead)


def test_a_selection_is_voided_with_one_reason_and_restored(staff, lead, case):
    items = [make.item(lead, circle=Circle.of_case(case)) for _ in range(2)]
    chosen = {"action": "void_selected", "_selected_action": [str(item.pk) for item in items]}
    asked = staff.post(address(items[0], "changelist"), chosen)

    staff.post(address(items[0], "changelist"), {**chosen, "reason": "Wrong ship"})

    assert asked.status_code == 200
    for item in items:
        item.refresh_from_db()
    assert [item.is_voided for item in items] == [True, True]
    staff.post(address(items[0], "changelist"), {**chosen, "action": "restore_selected"})
    items[0].refresh_from_db()
    assert not items[0].is_voided


def test_a23_a_hidden_record_in_a_selection_is_neither_voided_nor_counted(staff, lead, case, hidden):
    own = make.vessel(lead, circle=Circle.of_case(case))
    chosen = {"action": "void_selected", "_selected_action": [str(own.pk), str(hidden.pk)], "reason": "Wrong"}

    response = staff.post(address(own, "changelist"), chosen, follow=True)

    hidden.refresh_from_db()
    assert not hidden.is_voided
    assert "1 record voided." in response.content.decode()


def test_one_that_cannot_be_voided_stops_the_whole_selection(staff, lead, case):
    exhibit, free = make.report(case, lead), make.report(case, lead)
    make.cited(make.claim(case, lead), lead, exhibit)
    chosen = {
        "action": "void_selected",
        "_selected_action": [str(free.pk), str(exhibit.pk)],
        "reason": "Not needed",
    }

    response = staff.post(address(exhibit, "changelist"), chosen)

    free.refresh_from_db()
    assert response.status_code == 200
    assert not free.is_voided


def test_a_selection_that_cannot_be_restored_says_why_and_stays_voided(staff, lead, case):
    item = make.item(lead, circle=Circle.of_case(case))
    first = add_exhibit(case, by=lead, item=item)
    remove_exhibit(first, by=lead, reason="By mistake")
    add_exhibit(case, by=lead, item=item)
    chosen = {"action": "restore_selected", "_selected_action": [str(first.pk)]}

    response = staff.post(address(first, "changelist"), chosen)

    first.refresh_from_db()
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == ["This was added again meanwhile, under a new number: it stays withdrawn."]
    assert first.is_voided


def test_who_may_only_read_withdraws_nothing(client, lead, case):
    viewer = make.user("viewer", is_staff=True)
    make.member(case, viewer, "viewer")
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    client.force_login(viewer)

    response = client.post(address(vessel, "delete", vessel.pk), {"reason": "Wrong ship"})

    vessel.refresh_from_db()
    assert (response.status_code, vessel.is_voided) == (403, False)


def test_a_list_is_narrowed_to_what_counts_or_to_what_was_voided(staff, lead, case):
    kept, voided = (make.vessel(lead, circle=Circle.of_case(case)) for _ in range(2))
    void_record(voided, by=lead, reason="Twice")

    def listed(**asked):
        return set(staff.get(address(Vessel, "changelist"), asked).context_data["cl"].result_list)

    assert listed(state="current") == {kept}
    assert listed(state="voided") == {voided}
    assert listed() == {kept, voided}


def test_a_voided_record_is_not_changed_before_it_is_restored(staff, lead, case):
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    sent = fields_of(staff.get(address(vessel, "change", vessel.pk)))
    void_record(vessel, by=lead, reason="Twice")
    sent = fields_of(staff.get(address(vessel, "change", vessel.pk)))

    response = staff.post(address(vessel, "change", vessel.pk), {**sent, "note": "Mine"})

    assert "voided" in errors_of(response)["__all__"][0]


# --- What is hidden ---------------------------------------------------------------------------------------------


def test_a09_a_hidden_key_answers_like_one_that_does_not_exist(staff, case, hidden, stranger):
    organisation = make.organisation(stranger, circle=Circle.of(hidden))

    def errors(key):
        sent = {"name": "Somebody", "organisation": str(key), "circle": "open"}
        return errors_of(staff.post(address(Person, "add"), sent))

    assert errors(organisation.pk) == errors(uuid.uuid4())
    assert list(errors(organisation.pk)) == ["organisation"]


@pytest.mark.parametrize("name", ["change", "delete", "history"])
def test_a02_a_hidden_record_answers_like_one_that_does_not_exist(staff, case, hidden, name):
    answers = [staff.get(address(Vessel, name, key)) for key in (hidden.pk, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    bodies = [re.sub(rb'(nonce=|value=|X-CSRFToken": )"[^"]*"', b"", answer.content) for answer in answers]
    assert bodies[0] == bodies[1]


def test_a09_suggestions_offer_only_what_is_visible(staff, case, lead, hidden):
    make.vessel(lead, display_name="Canary of ours")
    asked = {"term": "canary", "app_label": "cases", "model_name": "subject", "field_name": "vessel"}

    response = staff.get(reverse("admin:autocomplete"), asked)

    assert [one["text"] for one in response.json()["results"]] == ["Canary of ours"]


@pytest.mark.parametrize("term", ["a\x00b", "İ", "%", "_", "'", "x" * 5000])
def test_odd_search_terms_find_nothing_and_break_nothing(staff, case, term):
    asked = {"term": term, "app_label": "cases", "model_name": "subject", "field_name": "vessel"}

    assert staff.get(reverse("admin:autocomplete"), asked).status_code == 200
    assert staff.get(address(Vessel, "changelist"), {"q": term}).status_code == 200


@pytest.mark.parametrize("lookup", ["created_by__username", "compartments__name", "note__startswith", "people__name"])
def test_a10_a_filter_that_the_list_does_not_offer_is_refused(staff, case, lookup):
    assert staff.get(address(Vessel, "changelist"), {lookup: "a"}).status_code == 400


def test_a_reader_looks_at_a_record_and_cannot_change_it(client, lead, case):
    viewer = make.user("viewer", is_staff=True)
    make.member(case, viewer, "viewer")
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    client.force_login(viewer)

    shown = client.get(address(vessel, "change", vessel.pk))
    sent = client.post(address(vessel, "change", vessel.pk), {"display_name": "Mine"})

    assert (shown.status_code, sent.status_code) == (200, 403)
    assert "_save" not in shown.content.decode()


def test_search_in_another_script_and_case_finds(staff, lead, case):
    make.vessel(lead, display_name="Ангара")

    response = staff.get(address(Vessel, "changelist"), {"q": "АНГАРА"})

    assert [str(vessel) for vessel in response.context_data["cl"].result_list] == ["Ангара"]


@pytest.mark.untraced
def test_lists_ask_the_same_number_of_queries_for_two_rows_and_for_twelve(staff, lead, case):
    def queries():
        counts = {}
        for model in MODELS:
            staff.get(address(model, "changelist"))
            with CaptureQueriesContext(connection) as asked:
                staff.get(address(model, "changelist"))
            counts[model._meta.label] = len(asked)
        return counts

    def add(count):
        for _ in range(count):
            exhibit = make.original(case, lead, source=make.source(lead, circle=Circle.of_case(case)))
            claim = make.claim(case, lead)
            make.cited(claim, lead, exhibit)
            vessel = make.vessel(lead, circle=Circle.of_case(case))
            make.flag(lead, vessel, "RU", circle=Circle.of_case(case))
            make.name_use(lead, vessel, "Name", circle=Circle.of_case(case))
            person = make.person(lead, circle=Circle.of_case(case))
            make.said(case, lead, exhibit, speaker=person, stances={claim: "denies"})

    add(2)
    few = queries()
    add(10)

    assert queries() == few


# --- Accounts, and the chain ------------------------------------------------------------------------------------


@pytest.fixture
def manager(client, db):
    account = make.user("manager", is_staff=True, may_manage_accounts=True)
    client.force_login(account)
    return account


def change_account(client, account, **changes):
    sent = fields_of(client.get(address(account, "change", account.pk)))
    return client.post(address(account, "change", account.pk), {**sent, **changes})


@pytest.mark.parametrize("power", ["is_staff", "is_superuser", "may_manage_accounts"])
def test_b11_a_manager_gives_nobody_powers(client, manager, power):
    other = make.user("other")

    response = change_account(client, other, **{power: "on"})

    other.refresh_from_db()
    assert list(errors_of(response)) == [power]
    assert not getattr(other, power)


@pytest.mark.parametrize("flag", ["is_superuser", "may_open_cases", "may_verify"])
def test_b11_nobody_changes_their_own_flags(client, manager, flag):
    response = change_account(client, manager, **{flag: "on"})

    manager.refresh_from_db()
    assert list(errors_of(response)) == [flag]
    assert not getattr(manager, flag)


@pytest.mark.parametrize("powers", [{"is_superuser": True}, {"is_staff": True}])
def test_b11_a_manager_does_not_change_the_account_of_somebody_above(client, manager, powers):
    above = make.user("above", **powers)

    response = client.post(address(above, "change", above.pk), {"display_name": "Mine", "password": make.PASSWORD})

    above.refresh_from_db()
    assert response.status_code == 403
    assert above.display_name == "Above"


def test_a_manager_adds_disables_and_sets_a_new_password(client, manager):
    client.post(address(User, "add"), {"username": "newcomer", "password": make.PASSWORD, "may_open_cases": "on"})
    added = User.objects.get(username="newcomer")
    sent = fields_of(client.get(address(added, "change", added.pk)))
    sent.pop("is_active")
    client.post(address(added, "change", added.pk), {**sent, "password": "another long passphrase"})

    added.refresh_from_db()
    assert (added.may_open_cases, added.is_active) == (True, False)
    assert added.check_password("another long passphrase")
    assert [event.act for event in history([added.pk])] == ["password changed", "changed", "added"]


def test_r10_opening_the_admin_does_not_show_or_change_accounts(client, lead):
    """Whoever sets a colleague's password could sign in as them and read their cases."""
    client.force_login(lead)
    other = make.user("colleague")

    assert client.get(address(User, "changelist")).status_code in {403, 404}
    assert client.get(address(other, "change", other.pk)).status_code in {403, 404}
    assert client.post(address(other, "change", other.pk), {"password": make.PASSWORD}).status_code in {403, 404}


def test_a_weak_password_is_explained(client, manager):
    response = client.post(address(User, "add"), {"username": "newcomer", "password": "short"})

    assert errors_of(response)
    assert not User.objects.filter(username="newcomer").exists()


def test_only_who_may_verify_sees_the_chain_and_no_content(client, lead, case):
    auditor = make.user("auditor", is_staff=True, may_verify=True)
    superuser = make.user("root", is_staff=True, is_superuser=True)
    make.vessel(lead, circle=Circle.of_case(case), display_name="Canary ship")
    event = Event.objects.order_by("-seq").first()

    client.force_login(superuser)
    hidden = client.get(address(Event, "change", event.pk)).status_code
    client.force_login(auditor)
    shown = client.get(address(Event, "change", event.pk))

    assert (hidden, shown.status_code) == (404, 200)
    assert event.hash in shown.content.decode()
    assert "Canary" not in shown.content.decode()
    assert str(event.record_id) not in shown.content.decode()


def test_a_step_of_a_history_that_names_no_event_is_not_found(client, lead, case):
    vessel = make.vessel(lead)
    client.force_login(lead)

    for step in ("00000000-0000-4000-8000-000000000000", "x"):
        assert client.get(address(vessel, "history", vessel.pk), {"older": step}).status_code == 404


def test_an_event_of_the_chain_has_no_history_of_its_own(client, lead, case):
    client.force_login(make.user("auditor", is_staff=True, may_verify=True))
    event = Event.objects.order_by("-seq").first()

    assert client.get(address(Event, "history", event.pk)).status_code == 404


def test_a_lead_changes_a_role_and_removes_a_member(staff, lead, case):
    member = make.user("member")
    membership = make.member(case, member, "viewer")

    staff.post(address(membership, "change", membership.pk), {"role": "editor"})
    membership.refresh_from_db()
    changed = membership.role
    staff.post(address(membership, "delete", membership.pk), {"reason": "Left"})

    assert changed == "editor"
    assert not case.compartment.memberships.filter(user=member).exists()


def test_a_researcher_changes_no_role(client, lead, case):
    researcher = make.user("researcher", is_staff=True)
    membership = make.member(case, researcher, "researcher")
    client.force_login(researcher)

    response = client.post(address(membership, "change", membership.pk), {"role": "lead"})

    membership.refresh_from_db()
    assert (response.status_code, membership.role) == (403, "researcher")
