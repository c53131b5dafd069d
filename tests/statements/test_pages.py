"""The list, page and forms of statements and their translations."""

import pytest
from django.urls import reverse

from casefiles.core.conflicts import raw_values
from casefiles.statements.actions import add_rendering
from casefiles.statements.models import Rendering, Statement
from tests import make

pytestmark = pytest.mark.django_db

FORMS = ["statement_edit", "statement_cite", "statement_void", "statement_restore", "statement_translate"]


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def circle(lead, viewer):
    return make.restricted_to(make.circle(lead, viewer=viewer))


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


@pytest.fixture
def hidden(lead, circle):
    return make.statement(lead, circle=circle, text="We have no information.", said="2024-04-25", state="CN")


def answers_of(client, people, address, *, method="get"):
    answers = []
    for person in people:
        client.force_login(person)
        answers.append(getattr(client, method)(address).status_code)
    return answers


def test_the_list_shows_what_its_reader_may_see(client, lead, viewer, stranger, hidden):
    totals = []
    for person in (lead, viewer, stranger):
        client.force_login(person)
        response = client.get(reverse("statements:statements"))
        totals.append((response.context["page"]["total"], "We have no information." in response.text))

    assert totals == [(1, True), (1, True), (0, False)]


@pytest.mark.parametrize("page", ["statement", "statement_history"])
def test_pages_answer_by_role(client, lead, viewer, stranger, hidden, page):
    address = reverse(f"statements:{page}", args=[hidden.pk])

    assert answers_of(client, (lead, viewer, stranger), address) == [200, 200, 404]


@pytest.mark.parametrize("page", FORMS)
def test_forms_answer_by_role(client, lead, viewer, stranger, hidden, page):
    address = reverse(f"statements:{page}", args=[hidden.pk])

    assert answers_of(client, (lead, viewer, stranger), address) == [200, 403, 404]
    assert answers_of(client, (viewer, stranger), address, method="post") == [403, 404]


@pytest.mark.parametrize("page", ["rendering_edit", "rendering_void"])
def test_forms_of_translations_answer_by_role(client, lead, viewer, stranger, hidden, page):
    rendering = add_rendering(hidden, by=lead, language="fr", text="Aucune information.")
    address = reverse(f"statements:{page}", args=[rendering.pk])

    assert answers_of(client, (lead, viewer, stranger), address) == [200, 403, 404]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=information", 1),
        ("text=INFORMATION", 1),
        ("text=denied", 0),
        ("speaker=spokes", 1),
        ("speaker=ministry", 1),
        ("speaker=deputy", 1),
        ("speaker=nobody", 0),
        ("organisation=ministry", 1),
        ("organisation=embassy", 0),
        ("state=CN", 1),
        ("state=US", 0),
        ("manner=direct", 0),
        ("manner=reported", 1),
    ],
)
def test_the_list_is_narrowed_by_its_filters(client, lead, circle, query, found):
    ministry = make.organisation(lead, name="Ministry")
    make.statement(lead, text="No information.", organisation=ministry, office="Deputy", state="CN", is_reported=True)
    client.force_login(lead)

    response = client.get(f"{reverse('statements:statements')}?{query}")

    assert response.context["page"]["total"] == found


def test_the_list_takes_as_many_queries_for_two_rows_as_for_twelve(client, lead, circle, django_assert_max_num_queries):
    client.force_login(lead)
    address = reverse("statements:statements")
    counts = []
    for rows in (2, 12):
        while Statement.objects.count() < rows:
            make.statement(lead, speaker=make.person(lead), organisation=make.organisation(lead))
        client.get(address)
        with django_assert_max_num_queries(8) as queries:
            assert client.get(address).context["page"]["total"] == rows
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_reported_speech_never_stands_in_quotation_marks(client, lead, circle):
    direct = make.statement(lead, circle=circle, text="Direct words")
    reported = make.statement(lead, circle=circle, text="Reported words", is_reported=True)
    for statement in (direct, reported):
        add_rendering(statement, by=lead, language="fr", text="En français")
    client.force_login(lead)

    listed = client.get(reverse("statements:statements")).text
    pages = [client.get(statement.get_absolute_url()).text for statement in (direct, reported)]

    assert "“Direct words”" in listed and "“Direct words”" in pages[0] and "“En français”" in pages[0]
    assert "“Reported words" not in listed and "“Reported words" not in pages[1] and "“En français" not in pages[1]
    assert "it is not a direct quote" in pages[1]
    assert "<blockquote" not in pages[1]


def test_the_page_of_a_record_takes_at_most_twelve_queries(client, lead, hidden, django_assert_max_num_queries):
    make.citation(hidden, make.item(lead), lead)
    add_rendering(hidden, by=lead, language="fr", text="Aucune information.")
    client.force_login(lead)
    client.get(hidden.get_absolute_url())

    with django_assert_max_num_queries(12):
        client.get(hidden.get_absolute_url())


def test_a_statement_is_added_as_reported_speech(client, lead, circle):
    client.force_login(lead)

    response = client.post(
        reverse("statements:statement_add"),
        {
            "text": "The ministry had no information.",
            "is_reported": "reported",
            "speaker_text": "A spokesperson",
            "state": "CN",
            "said": "about 25 April 2024",
            "language": "en",
            "circle": "open",
        },
    )

    saved = Statement.objects.get()
    assert response["Location"] == saved.get_absolute_url()
    assert (saved.is_reported, saved.state, saved.said.edtf) == (True, "CN", "2024-04-25~")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"speaker_text": ""}, "speaker"),
        ({"text": ""}, "text"),
        ({"text": "x" * 50_001}, "text"),
        ({"state": "QQ"}, "state"),
        ({"said": "04/05/2024"}, "said"),
        ({"is_reported": "perhaps"}, "is_reported"),
        ({"speaker": "Nobody known"}, "speaker"),
        ({"office": "a\x00b"}, "office"),
        ({"circle": ""}, "circle"),
    ],
)
def test_a_mistake_is_told_where_it_happened_and_nothing_typed_is_lost(client, lead, circle, data, field):
    client.force_login(lead)
    valid = {"text": "Words.", "is_reported": "direct", "speaker_text": "Somebody", "language": "en", "circle": "open"}

    response = client.post(reverse("statements:statement_add"), {**valid, "forum": "Briefing", **data})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Briefing" in response.text
    assert not Statement.objects.exists()


def test_an_edit_corrects_the_words_and_a_stale_one_conflicts(client, lead, hidden):
    client.force_login(lead)
    address = reverse("statements:statement_edit", args=[hidden.pk])
    page = client.get(address)
    data = {**raw_values(page.context["form"]), "base": page.context["base_token"]}

    assert client.post(address, {**data, "text": "We know nothing."}).status_code == 302
    stale = client.post(address, {**data, "text": "We know."})

    assert stale.status_code == 409
    assert Statement.objects.get().text == "We know nothing."
    assert Statement.objects.get().state == "CN"


def test_saving_an_unchanged_form_says_so_and_offers_nothing_to_undo(client, lead, hidden):
    client.force_login(lead)
    address = reverse("statements:statement_edit", args=[hidden.pk])
    page = client.get(address)

    text = client.post(
        address, {**raw_values(page.context["form"]), "base": page.context["base_token"]}, follow=True
    ).text

    assert "Nothing was changed." in text
    assert 'name="token"' not in text


def test_translations_are_added_changed_and_voided(client, lead, hidden):
    client.force_login(lead)
    added = client.post(
        reverse("statements:statement_translate", args=[hidden.pk]), {"language": "fr", "text": "Aucune information."}
    )
    rendering = Rendering.objects.get()
    edit = reverse("statements:rendering_edit", args=[rendering.pk])
    page = client.get(edit)
    data = {**raw_values(page.context["form"]), "base": page.context["base_token"], "translator": "Own work"}

    changed = client.post(edit, data)
    shown = client.get(hidden.get_absolute_url()).text
    client.post(reverse("statements:rendering_void", args=[rendering.pk]), {"reason": "Badly done."})

    assert added["Location"] == changed["Location"] == hidden.get_absolute_url()
    assert "Aucune information." in shown and "Own work" in shown
    assert "Aucune information." not in client.get(hidden.get_absolute_url()).text
    history = client.get(reverse("statements:statement_history", args=[hidden.pk]))
    assert "statement" in {event.record_kind for event in history.context["events"]}


def test_a_picker_suggests_only_what_its_user_may_see(client, lead, stranger, hidden):
    address = reverse("statements:statement_suggest")

    client.force_login(lead)
    assert [found["id"] for found in client.get(address, {"q": "information"}).json()["results"]] == [str(hidden.pk)]
    client.force_login(stranger)
    assert client.get(address, {"q": "information"}).json() == {"results": []}
