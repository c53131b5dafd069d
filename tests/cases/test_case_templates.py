"""What a case begins with: the project's templates, what they add once, and claims that nobody has written yet."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.audit.models import Event
from casefiles.audit.selectors import history
from casefiles.cases import actions as cases
from casefiles.cases import selectors
from casefiles.cases.case_templates import NOTHING, BoundState, Fate, Held, plan, read, templates
from casefiles.cases.checklists import read as read_steps
from casefiles.cases.models import Case, Claim, Duty, PlannedClaim, Task
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.dossiers.selectors import collect
from casefiles.sanctions.actions import load_instruments
from casefiles.sanctions.models import Provision
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make

SANCTIONED = "sanctioned-vessel"
BOTH = {BoundState.FLAG: "RU", BoundState.PORT: "CN"}
NOWHERE: dict[BoundState, str] = {}


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def viewer(db):
    return make.user("viewer")


@pytest.fixture
def case(lead, viewer):
    return make.case(lead, members={viewer: "viewer"})


@pytest.fixture
def instruments(lead):
    return load_instruments(by=lead)


@pytest.fixture
def planned(case, lead):
    return cases.plan_claim(case, by=lead, asks="Which hull is it?")


def use(case, by, key=SANCTIONED, states=BOTH):
    return cases.use_template(case, templates()[key], by=by, states=states)


def counted(case):
    return [model.objects.filter(case=case).count() for model in (Task, Duty, PlannedClaim)]


def at(name, case, *args):
    return reverse(f"cases:{name}", args=[case.pk, *args])


def told(response):
    return [str(message) for message in response.context["messages"]][-1]


# --- The file -----------------------------------------------------------------------------------------------------


def test_every_template_asks_for_tasks_with_steps_and_for_claims() -> None:
    for template in templates().values():
        assert template.tasks and template.claims and template.duties
        assert all(read_steps(task.checklist) and task.due_days > 0 for task in template.tasks)
        assert all(claim.asks.endswith("?") for claim in template.claims)
    assert list(templates()) == [SANCTIONED, "ship-to-ship", "port-state-duty"]


def test_every_duty_is_one_of_the_projects_own_instruments(instruments) -> None:
    loaded = set(Provision.objects.values_list("instrument__key", "title", "bearer"))
    fits = {BoundState.FLAG: {"flag State", "all States"}, BoundState.PORT: {"port State", "all States"}}

    for entry in (duty for template in templates().values() for duty in template.duties):
        assert {bearer for key, title, bearer in loaded if (key, title) == (entry.instrument, entry.title)} & fits[
            entry.state
        ]


ROW = '[[templates]]\nkey = "a"\nname = "A"\nabout = ""\nduties = []\n'


@pytest.mark.parametrize(
    "text",
    [
        (ROW + "tasks = []\nclaims = []\n") * 2,
        ROW + 'tasks = []\nclaims = [{ key = "x", asks = "1?" }, { key = "x", asks = "2?" }]',
        ROW.replace("[]", '[{ instrument = "X", title = "y", state = "any" }]') + "tasks = []\nclaims = []",
    ],
    ids=["template", "claim", "state"],
)
def test_a_key_that_stands_twice_and_an_unknown_state_are_refused(text) -> None:
    with pytest.raises(ValueError, match="twice|BoundState"):
        read(text)


@pytest.mark.parametrize(
    ("held", "provisions", "states", "fate"),
    [
        (NOTHING, {}, BOTH, Fate.NOT_LOADED),
        (NOTHING, {"": 1}, NOWHERE, Fate.NO_STATE),
        (NOTHING, {"": 1}, BOTH, Fate.ADDED),
        (Held({}, {}, {(1, "CN"): True}), {"": 1}, BOTH, Fate.THERE),
        (Held({}, {}, {(1, "CN"): False}), {"": 1}, BOTH, Fate.TAKEN_OUT),
        (Held({}, {}, {(1, "KP"): True}), {"": 1}, BOTH, Fate.ADDED),
    ],
)
def test_a_duty_is_added_where_its_text_is_loaded_and_its_state_is_named(held, provisions, states, fate) -> None:
    template = templates()[SANCTIONED]
    entry = template.duties[0]
    known = dict.fromkeys([(entry.instrument, entry.title)], 1) if provisions else {}

    assert plan(template, held, provisions=known, states=states).duties[0].fate is fate


# --- Using one ----------------------------------------------------------------------------------------------------


def test_a_template_adds_tasks_duties_and_questions_in_one_step(case, lead, instruments) -> None:
    found = use(case, lead)

    assert counted(case) == [6, 3, 6]
    assert found.count(Fate.ADDED) == 15
    task = Task.objects.get(origin="sanctioned-vessel/identity")
    assert task.due_on == datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=7)
    assert len(task.steps) == 4
    assert history([case.pk])[0].act == "template used"


def test_used_again_it_adds_what_is_missing_and_nothing_twice(case, lead, instruments) -> None:
    use(case, lead, states=NOWHERE)
    task = Task.objects.get(origin="sanctioned-vessel/identity")
    cases.change_task(task, by=lead, version=task.version, title="Which hull?")
    cases.void_in_case(PlannedClaim.objects.get(origin="sanctioned-vessel/flag"), by=lead, reason="Known")

    again = use(case, lead)
    seen = Event.objects.count()
    last = use(case, lead)

    assert (again.count(Fate.ADDED), again.count(Fate.THERE), again.count(Fate.TAKEN_OUT)) == (3, 11, 1)
    assert (last.count(Fate.THERE), last.adds_something) == (14, False)
    assert counted(case) == [6, 3, 6]
    assert Event.objects.count() == seen


def test_a_duty_that_was_taken_out_stays_out_until_somebody_adds_it(case, lead, instruments) -> None:
    use(case, lead)
    duty = Duty.objects.get(country="CN")
    cases.remove_duty(duty, by=lead, reason="Another State")
    without = use(case, lead).duties[0].fate
    cases.add_duty(case, by=lead, provision=duty.provision, country="CN")

    assert (without, use(case, lead).duties[0].fate) == (Fate.TAKEN_OUT, Fate.THERE)


def test_where_no_instrument_is_loaded_the_rest_is_added(case, lead) -> None:
    assert use(case, lead).count(Fate.NOT_LOADED) == 3
    assert counted(case) == [6, 0, 6]


def test_what_fails_in_the_middle_leaves_nothing(case, lead, instruments) -> None:
    template = templates()[SANCTIONED]
    too_long = read(ROW + 'tasks = []\nclaims = [{ key = "x", asks = "' + "x" * 301 + '" }]')[0]
    broken = type(template)("a", "A", "", template.tasks, (), too_long.claims)

    with pytest.raises(ValidationError):
        cases.use_template(case, broken, by=lead, states=NOWHERE)
    with pytest.raises(ValidationError):
        cases.open_case_from(broken, by=lead, states=NOWHERE, title="New")

    assert counted(case) == [0, 0, 0]
    assert Case.objects.count() == 1


def test_a_case_is_opened_with_a_template_or_without(lead, instruments) -> None:
    begun = cases.open_case_from(templates()["ship-to-ship"], by=lead, states=BOTH, title="Two ships")
    empty = cases.open_case_from(None, by=lead, states=NOWHERE, title="Nothing yet")

    assert (counted(begun), counted(empty)) == ([6, 2, 6], [0, 0, 0])


def test_who_only_reads_a_stranger_and_a_closed_case_are_refused(case, lead, viewer) -> None:
    with pytest.raises(NotAllowed):
        use(case, viewer)
    with pytest.raises(NotVisible):
        use(case, make.lead())
    cases.change_case(case, by=lead, version=case.version, status="closed")
    with pytest.raises(Refused, match="closed"):
        use(case, lead)


# --- Claims to be written -----------------------------------------------------------------------------------------


def test_a_question_is_no_claim_anywhere(client, case, lead, planned) -> None:
    use(case, lead, states=NOWHERE)
    client.force_login(lead)

    assert not Claim.objects.exists()
    assert collect(case, lead).claims == ()
    assert selectors.counts(case, lead).claims == 0
    assert client.get(at("claim_suggest", case), {"q": "hull"}).json()["results"] == []
    with pytest.raises(Refused, match="Only a record of the case"):
        cases.add_comment(case, by=lead, about=planned, body="[[C-01]]")


def test_writing_one_makes_a_claim_and_taking_that_back_opens_the_question_again(case, lead, planned) -> None:
    claim = cases.write_planned_claim(planned, by=lead, text="The hull is IMO 9179842.")
    open_then = list(selectors.planned_claims(case, lead))
    with pytest.raises(Refused, match="C-01 was written"):
        cases.write_planned_claim(planned, by=lead, text="Another")
    take_back_addition(claim, by=lead)

    assert open_then == []
    assert list(selectors.planned_claims(case, lead)) == [planned]
    assert cases.write_planned_claim(planned, by=lead, text="It is another.").label == "C-02"
    assert [entry.act for entry in history([planned.pk])] == ["written", "written", "added"]


ACTS = {
    "plan": lambda planned, by: cases.plan_claim(planned.case, by=by, asks="When?"),
    "reword": lambda planned, by: cases.change_planned_claim(planned, by=by, version=1, asks="When?"),
    "write": lambda planned, by: cases.write_planned_claim(planned, by=by, text="It was."),
    "take out": lambda planned, by: cases.void_in_case(planned, by=by, reason="No"),
}


@pytest.mark.parametrize("act", ACTS)
def test_questions_are_for_those_who_edit_in_an_open_case(case, lead, viewer, planned, act) -> None:
    with pytest.raises(NotAllowed):
        ACTS[act](planned, viewer)
    with pytest.raises(NotVisible):
        ACTS[act](planned, make.lead())
    cases.change_case(case, by=lead, version=case.version, status="closed")
    with pytest.raises(Refused, match="closed"):
        ACTS[act](planned, lead)


def test_a_question_is_reworded_taken_out_and_brought_back(lead, case, planned) -> None:
    cases.change_planned_claim(planned, by=lead, version=1, asks="Which ship?")
    with pytest.raises(StaleVersion):
        cases.change_planned_claim(planned, by=lead, version=1, asks="Late?")
    take_back_change(planned, by=lead)
    cases.void_in_case(planned, by=lead, reason="No")
    with pytest.raises(Refused, match="voided"):
        cases.write_planned_claim(planned, by=lead, text="It was.")
    take_back_change(planned, by=lead)

    assert [one.asks for one in selectors.planned_claims(case, lead)] == ["Which hull is it?"]


# --- Pages --------------------------------------------------------------------------------------------------------


def test_a_case_is_opened_from_a_template_after_a_look(client, lead, instruments) -> None:
    client.force_login(lead)
    sent = {"title": "A ship", "handling": "TLP:AMBER", "template": SANCTIONED, "port_state": "CN"}

    looked = client.post(reverse("cases:case_add"), {**sent, "look": "1"})
    none_yet = Case.objects.count()
    client.post(reverse("cases:case_add"), sent)

    assert (looked.status_code, none_yet) == (200, 0)
    assert [line.fate for line in looked.context["plans"][0].duties] == [Fate.ADDED, Fate.NO_STATE, Fate.NO_STATE]
    assert looked.context["chosen"] == SANCTIONED
    assert counted(Case.objects.get()) == [6, 1, 6]


def test_the_page_says_what_was_added_and_what_was_not(client, case, lead) -> None:
    client.force_login(lead)
    use(case, lead, key="ship-to-ship", states=NOWHERE)
    sent = {"template": SANCTIONED, "flag_state": "RU"}

    first = client.post(at("template_use", case), sent, follow=True)
    second = client.post(at("template_use", case), sent, follow=True)
    looked = client.post(at("template_use", case), {**sent, "look": "1"})

    duties = "3 duties were left out: their instruments are not loaded here."
    assert told(first) == f"“Sanctioned vessel” added: 6 tasks, 6 claims to be written. {duties}"
    assert told(second) == f"12 were there already. {duties}"
    assert looked.content.decode().count("there already") >= 12
    assert client.post(at("template_use", case), {"template": "another"}).status_code == 422


def test_a_claim_is_written_from_its_question_in_the_ledger(client, case, lead, viewer, planned) -> None:
    client.force_login(viewer)
    read_only = client.get(at("claims", case)).content.decode()
    client.force_login(lead)
    listed = client.get(at("claims", case)).content.decode()
    writing = f"{at('claim_add', case)}?planned={planned.pk}"

    form = client.get(writing).content.decode()
    client.post(writing, {"text": "The hull is IMO 9179842.", "kind": "fact"})

    assert ("to be written" in read_only, "Write it" in read_only, "Write it" in listed) == (True, False, True)
    assert "Which hull is it?" in form
    assert client.get(writing).status_code == 404
    assert "to be written" not in client.get(at("claims", case)).content.decode()
    assert PlannedClaim.objects.get().written_as.text == "The hull is IMO 9179842."


@pytest.mark.parametrize("asked", ["", "x", "6f0fd6b8-9a9a-4a3c-8a52-1f3b4f3f1d2e"])
def test_a_question_that_is_none_is_not_found(client, case, lead, asked) -> None:
    other = cases.plan_claim(make.case(lead), by=lead, asks="Elsewhere?")
    client.force_login(lead)

    for key in (asked, other.pk):
        assert client.get(at("claim_add", case), {"planned": key}).status_code == 404


def test_a_question_is_edited_and_taken_out_by_pages(client, case, lead, planned) -> None:
    client.force_login(lead)
    base = client.get(at("planned_edit", case, planned.pk)).context["base_token"]

    client.post(at("planned_edit", case, planned.pk), {"base": base, "asks": "Which ship?"})
    reworded = PlannedClaim.objects.get().asks
    client.post(at("planned_void", case, planned.pk), {"reason": "Known"})

    assert reworded == "Which ship?"
    assert not selectors.planned_claims(case, lead).exists()


def test_looking_costs_as_many_queries_with_much_in_the_case(client, case, lead, instruments, assert_same_queries):
    client.force_login(lead)

    def grow(count: int) -> None:
        for number in range(count):
            cases.plan_claim(case, by=lead, asks="Why?", origin=f"x/{uuid.uuid4()}")
            cases.add_task(case, by=lead, title=f"Look {number}", origin=f"x/{uuid.uuid4()}")

    assert_same_queries(lambda: client.get(at("template_use", case)), grow)
    assert_same_queries(lambda: client.get(at("claims", case)), grow)
