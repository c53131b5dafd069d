"""What may be recorded about a statement, by whom, and what is refused."""

import pytest

from casefiles.access.actions import NotAllowed, void_record
from casefiles.access.circles import Circle
from casefiles.audit.models import Event
from casefiles.audit.selectors import history
from casefiles.core.moments import parse_moment
from casefiles.core.refusals import Refused
from casefiles.statements import actions
from casefiles.statements.models import Statement
from casefiles.statements.selectors import answered_by, answers_to, renderings_of, statements_by
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def team(lead, viewer):
    return make.circle(lead, viewer=viewer)


@pytest.fixture
def circle(team):
    return make.restricted_to(team)


def test_somebody_spoke_a_person_an_organisation_or_somebody_unnamed(lead, circle):
    person, ministry = make.person(lead, name="Office holder"), make.organisation(lead, name="Ministry")

    named = make.statement(lead, circle=circle, speaker=person, speaker_text="")
    body = make.statement(lead, circle=circle, organisation=ministry, speaker_text="")
    unnamed = make.statement(lead, circle=circle, speaker_text="a spokesperson", organisation=ministry)

    assert [one.speaker_name for one in (named, body, unnamed)] == ["Office holder", "Ministry", "a spokesperson"]
    with pytest.raises(Refused) as refusal:
        make.statement(lead, circle=circle, speaker_text=" ")
    assert refusal.value.field == "speaker"


def test_a_change_cannot_take_the_speaker_away(lead, circle):
    statement = make.statement(lead, circle=circle)

    with pytest.raises(Refused):
        actions.change_statement(statement, by=lead, version=1, speaker_text="")
    assert Statement.objects.get().speaker_text == "A spokesperson"


@pytest.mark.parametrize(("values", "field"), [({"text": " \n"}, "text"), ({"state": "QQ"}, "state")])
def test_words_are_needed_and_a_state_exists(lead, circle, values, field):
    with pytest.raises(Refused) as refusal:
        make.statement(lead, circle=circle, **values)

    assert refusal.value.field == field


def test_the_words_can_be_corrected_and_stay_in_the_history(lead, circle):
    statement = make.statement(lead, circle=circle, text="We do not now.")

    actions.change_statement(statement, by=lead, version=1, text="We do not know.\r\nAt all.", is_reported=True)

    changes = {change.field: (change.old, change.new) for change in history([statement.pk])[0].changes}
    assert changes == {
        "text": ("We do not now.", "We do not know.\nAt all."),
        "is_reported": (False, True),
    }
    assert Statement.objects.get().text_key == "we do not know. at all."


def test_a_statement_for_everyone_cannot_name_a_restricted_speaker(lead, circle):
    hidden = make.person(lead, circle=circle)
    statement = make.statement(lead)

    with pytest.raises(Refused):
        make.statement(lead, speaker=hidden, circle=Circle.everyone())
    with pytest.raises(Refused):
        actions.change_statement(statement, by=lead, version=1, speaker=hidden)


def test_a_translation_belongs_to_the_readers_of_its_statement(lead, circle, team):
    statement = make.statement(lead, circle=circle, text="Не знаем.", language="ru")

    rendering = actions.add_rendering(statement, by=lead, language="en", text="We do not know.", translator="Own")
    actions.change_rendering(rendering, by=lead, version=1, text="We do not know it.")

    events = Event.objects.filter(record_id=rendering.pk).order_by("seq")
    assert [event.compartment_ids for event in events] == [[str(team.pk)], [str(team.pk)]]
    assert [one.text for one in renderings_of(statement, user=lead)] == ["We do not know it."]
    assert renderings_of(statement, user=make.lead("stranger")) == []


def test_a_voided_statement_takes_no_translation(lead, circle):
    statement = make.statement(lead, circle=circle)
    void_record(statement, by=lead, reason="Somebody else's.")

    with pytest.raises(Refused):
        actions.add_rendering(statement, by=lead, language="fr", text="Non.")


def test_a_viewer_changes_nothing(lead, viewer, circle):
    statement = make.statement(lead, circle=circle)
    rendering = actions.add_rendering(statement, by=lead, language="fr", text="Non.")

    for call in (
        lambda: make.statement(viewer, circle=circle),
        lambda: actions.change_statement(statement, by=viewer, version=1, text="x"),
        lambda: actions.add_rendering(statement, by=viewer, language="fr", text="Non."),
        lambda: actions.change_rendering(rendering, by=viewer, version=1, text="x"),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_statements_are_found_by_person_and_by_organisation(lead, circle, django_assert_num_queries):
    person, ministry = make.person(lead), make.organisation(lead)
    early = make.statement(lead, circle=circle, speaker=person, said="2023-10-13")
    late = make.statement(lead, circle=circle, speaker=person, organisation=ministry, said="2024-04")
    make.statement(lead, circle=circle, organisation=ministry)

    with django_assert_num_queries(1):
        assert [one.speaker_name for one in statements_by(user=lead, person=person)] == [str(person)] * 2
    assert list(statements_by(user=lead, person=person)) == [late, early]
    assert list(statements_by(user=lead, person=person, organisation=ministry)) == [late]
    assert statements_by(user=lead, organisation=ministry).count() == 2
    assert list(statements_by(user=make.lead("stranger"), person=person)) == []


def test_a_statement_is_found_by_its_words_and_its_speaker(lead, circle):
    person = make.person(lead, name="Ким")
    statement = make.statement(lead, circle=circle, speaker=person, text="Судно «Ангара» у причала.")

    for text in ("ангара", "ким"):
        assert list(Statement.objects.visible_to(lead).matching(text)) == [statement]
    assert list(Statement.objects.visible_to(lead).matching("nothing")) == []


# --- Answers ------------------------------------------------------------------------------------------------------


def test_answers_go_one_way_and_both_ends_show_them(client, lead, circle):
    first = make.statement(lead, circle=circle, text="We are asked.")
    second = make.statement(lead, circle=circle, text="We answer.", in_answer_to=first)
    third = make.statement(lead, circle=circle, text="We answer that.", in_answer_to=second)

    for answered in (first, second, third):
        with pytest.raises(Refused) as refused:
            actions.change_statement(first, by=lead, version=1, in_answer_to=answered)
        assert refused.value.field == "in_answer_to"

    assert answered_by(second, user=lead) == first
    assert answers_to(second, user=lead) == [third]
    assert [one.pk for one in actions.chain_of(third)] == [third.pk, second.pk, first.pk]
    assert answered_by(first, user=lead) is None
    client.force_login(lead)
    page = client.get(second.get_absolute_url()).content.decode()
    assert first.get_absolute_url() in page
    assert third.get_absolute_url() in page
    form = client.get("/statements/add/", {"answers": str(first.pk)}).context["form"]
    assert form.initial["in_answer_to"] == first


def test_an_answer_is_read_by_nobody_who_may_not_read_what_it_answers(lead, circle):
    secret = make.statement(lead, circle=circle)
    voided = make.statement(lead, circle=circle)
    void_record(voided, by=lead, reason="Twice.")

    with pytest.raises(Refused):
        make.statement(lead, in_answer_to=secret)
    with pytest.raises(Refused):
        make.statement(lead, circle=circle, in_answer_to=voided)
    assert answers_to(secret, user=make.user()) == []


def test_the_words_of_a_reply_are_held_once_and_for_all(lead, viewer, circle):
    said = make.statement(lead, circle=circle, text="We sold it.", said="2024-02")

    with pytest.raises(NotAllowed):
        actions.hold_words(said, by=viewer)
    actions.hold_words(said, by=lead)
    actions.hold_words(said, by=lead)
    held = Statement.objects.get()
    with pytest.raises(Refused) as refused:
        actions.change_statement(held, by=lead, version=2, said=parse_moment("2024-03"))
    actions.change_statement(held, by=lead, version=2, office="Desk", text="We sold it.")

    assert (refused.value.field, held.version, held.words_held) == ("said", 3, "We sold it.")
