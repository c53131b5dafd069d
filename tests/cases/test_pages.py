"""The pages of a case: who gets what, what a mistake is told, and that nothing typed is lost."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.cases import actions
from casefiles.cases.models import CaseStatement, Claim, Exhibit, Stance, Subject, Task
from casefiles.evidence.actions.items import change_item
from casefiles.evidence.models import Citation, Item
from tests import make

pytestmark = pytest.mark.django_db

PEOPLE = ("lead", "editor", "researcher", "viewer", "stranger")
READERS = ("case", "claims", "exhibits", "statements", "subjects", "tasks", "team", "history")
WRITERS = (
    "case_edit",
    "claim_add",
    "news_report_add",
    "exhibit_add",
    "statement_record",
    "statement_add",
    "subject_add",
    "task_add",
)


@pytest.fixture
def people(db):
    named = {name: make.user(name) for name in PEOPLE if name not in {"lead", "stranger"}}
    stranger = make.lead("stranger")
    make.case(stranger)
    return {**named, "lead": make.lead("lead"), "stranger": stranger}


@pytest.fixture
def lead(people):
    return people["lead"]


@pytest.fixture
def case(people, lead):
    roles = {people[name]: name for name in ("editor", "researcher", "viewer")}
    return make.case(lead, members=roles, title="Angara", question="Where was it?")


@pytest.fixture
def signed_in(client, people):
    client.force_login(people["researcher"])
    return client


def at(name, case, *args):
    return reverse(f"cases:{name}", args=[case.pk, *args])


def status_for(client, person, url):
    client.force_login(person)
    return client.get(url).status_code


def text_of(response):
    return response.content.decode()


def errors(response):
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


def messages(response):
    return [str(message) for message in response.context["messages"]]


# --- Who gets what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_the_team_reads_and_for_a_stranger_there_is_no_case(client, people, case, name) -> None:
    answers = {person: status_for(client, people[person], at(name, case)) for person in PEOPLE}

    assert answers == {"lead": 200, "editor": 200, "researcher": 200, "viewer": 200, "stranger": 404}


@pytest.mark.parametrize("name", WRITERS)
def test_a_viewer_gets_no_form(client, people, case, name) -> None:
    answers = {person: status_for(client, people[person], at(name, case)) for person in PEOPLE}

    assert answers == {"lead": 200, "editor": 200, "researcher": 200, "viewer": 403, "stranger": 404}


def test_only_the_lead_manages_the_team(client, people, case) -> None:
    answers = {}
    for person in PEOPLE:
        client.force_login(people[person])
        data = {"username": "nobody-of-that-name", "role": "viewer"}
        answers[person] = client.post(at("member_add", case), data).status_code

    assert answers == {"lead": 422, "editor": 403, "researcher": 403, "viewer": 403, "stranger": 404}


PARTS = {
    "claim": "claim",
    "claim_edit": "claim",
    "claim_outcome": "claim",
    "claim_void": "claim",
    "claim_cite": "claim",
    "citation_edit": "citation",
    "citation_void": "citation",
    "exhibit_cite": "exhibit",
    "exhibit_edit": "exhibit",
    "exhibit_remove": "exhibit",
    "stances": "said",
    "statement_remove": "said",
    "subject_edit": "subject",
    "subject_remove": "subject",
    "task_edit": "task",
    "task_finish": "task",
    "task_reopen": "task",
}


@pytest.fixture
def parts(case, lead):
    exhibit, claim = make.original(case, lead), make.claim(case, lead)
    return {
        "exhibit": exhibit,
        "claim": claim,
        "citation": make.cited(claim, lead, exhibit),
        "said": make.said(case, lead, exhibit, stances={claim: "denies"}),
        "subject": actions.add_subject(case, by=lead, organisation=make.organisation(lead)),
        "task": actions.add_task(case, by=lead, title="Ask"),
    }


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_found_in_its_own_case_only(client, people, lead, case, parts, name) -> None:
    other, part = make.case(lead), parts[PARTS[name]]
    wanted = {
        "its case": (lead, at(name, case, part.pk)),
        "another case": (lead, at(name, other, part.pk)),
        "nothing": (lead, at(name, case, uuid.uuid4())),
        "viewer": (people["viewer"], at(name, case, part.pk)),
        "stranger": (people["stranger"], at(name, case, part.pk)),
    }

    answers = {who: status_for(client, person, url) for who, (person, url) in wanted.items()}

    viewer = 200 if name == "claim" else 403
    assert answers == {"its case": 200, "another case": 404, "nothing": 404, "viewer": viewer, "stranger": 404}


def test_a_citation_of_something_else_than_a_claim_is_not_found_here(client, case, lead, parts) -> None:
    on_statement = Citation.objects.get(assertion=parts["said"].statement_id)

    assert status_for(client, lead, at("citation_edit", case, on_statement.pk)) == 404


def test_pickers_suggest_what_the_case_holds_and_nothing_to_strangers(client, people, case, parts, lead) -> None:
    make.report(make.case(lead), lead, title="Elsewhere")
    client.force_login(people["viewer"])

    found = client.get(at("exhibit_suggest", case), {"q": "E-01"}).json()["results"]
    client.force_login(people["stranger"])

    assert [row["id"] for row in found] == [str(parts["exhibit"].pk)]
    assert client.get(at("claim_suggest", case)).status_code == 404


def test_the_list_shows_the_cases_of_the_reader(client, people, case, lead) -> None:
    make.case(lead, title="Another of the lead")
    client.force_login(people["viewer"])

    response = client.get(reverse("cases:list"))

    assert [row["case"].title for row in response.context["rows"]] == ["Angara"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [({"q": "ANGÁRA"}, ["Angara"]), ({"status": "closed"}, []), ({"q": "zzz"}, []), ({"sort": "title"}, ["Angara"])],
)
def test_the_list_is_filtered_by_what_stands_in_the_address(signed_in, case, query, titles) -> None:
    response = signed_in.get(reverse("cases:list"), query)

    assert [row["case"].title for row in response.context["rows"]] == titles


def test_whoever_may_not_open_cases_is_refused(client, people) -> None:
    client.force_login(people["viewer"])

    response = client.post(reverse("cases:case_add"), {"title": "Mine", "handling": "TLP:RED"})

    assert response.status_code == 403


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_the_page_of_a_claim_says_why_nine_rewrites_are_one_origin(signed_in, case, lead) -> None:
    claim, report = make.claim(case, lead), make.original(case, lead)
    make.cited(claim, lead, report, *(make.rewrite(case, lead, report) for _copy in range(9)))

    shown = text_of(signed_in.get(claim.get_absolute_url()))

    assert "All 10 items lead back to the same origin." in shown
    assert ">Single origin</span>" in shown


def test_the_summary_links_what_it_cites_and_marks_what_it_does_not_find(signed_in, case, lead) -> None:
    make.report(case, lead)
    case.refresh_from_db()
    actions.change_case(
        case, by=lead, version=case.version, summary="So [[E-01 p.4]], but [[E-77]]. <script>x</script>"
    )

    shown = text_of(signed_in.get(at("case", case)))

    assert f'href="{at("exhibits", case)}E-01" class="citation-chip"' in shown
    assert '<span class="citation-chip unknown">E-77?</span>' in shown
    assert "<script>x" not in shown


def test_titles_in_any_script_are_shown_and_what_steers_them_is_visible(signed_in, case, lead) -> None:
    make.report(case, lead, title="앙가라호 سفينة 安加拉 \u202etxt.exe <b>")

    shown = text_of(signed_in.get(at("exhibits", case)))

    assert "앙가라호 سفينة 安加拉 ⟨U+202E⟩txt.exe &lt;b&gt;" in shown


@pytest.fixture
def many(case, lead):
    """Sixty exhibits; E-07 was removed."""
    exhibits = [make.report(case, lead, title=f"Report {number}") for number in range(1, 61)]
    actions.remove_exhibit(exhibits[6], by=lead, reason="Not about this ship.")
    return exhibits


def labels(response):
    return [line.label for line in response.context["lines"]]


def test_exhibits_are_paged_by_their_numbers_removed_ones_among_them(signed_in, case, many) -> None:
    first = signed_in.get(at("exhibits", case))
    second = signed_in.get(at("exhibits", case) + first.context["page"]["next_url"])

    assert labels(first) == [f"E-{number:02d}" for number in range(1, 51)]
    assert labels(second) == [f"E-{number:02d}" for number in range(51, 61)]
    assert first.context["page"]["total"] == 60
    assert len(first.content) < 160_000
    assert labels(signed_in.get(at("exhibits", case) + second.context["page"]["previous_url"])) == labels(first)


@pytest.mark.parametrize("name", ["at", "cite", "near"])
def test_an_exhibit_that_the_address_names_stands_on_the_page(signed_in, case, many, name) -> None:
    response = signed_in.get(at("exhibits", case), {name: "E-58"})

    assert "E-58" in labels(response)
    assert "E-32" not in labels(response)
    assert response.context["page"]["previous_url"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("E-58", ["E-58"]), ("58", ["E-58"]), ("report 58", ["E-58"]), ("agency 9", ["E-60"]), ("nothing\x00such", [])],
)
def test_exhibits_are_found_by_number_title_or_source(signed_in, case, many, lead, words, expected) -> None:
    source = make.source(lead, circle=make.restricted_to(case.compartment), name="Agency 9")
    item = many[59].item
    change_item(item, by=lead, version=item.version, source=source)

    assert labels(signed_in.get(at("exhibits", case), {"q": words})) == expected


def test_the_place_of_an_exhibit_leads_to_its_row(signed_in, case, many) -> None:
    assert signed_in.get(f"{at('exhibits', case)}E-05")["Location"] == f"{at('exhibits', case)}#exhibit-E-05"
    assert signed_in.get(f"{at('exhibits', case)}E-58")["Location"] == f"{at('exhibits', case)}?near=E-58#exhibit-E-58"
    assert many[57].get_absolute_url() == f"{at('exhibits', case)}E-58"
    for absent in ("E-61", "E-999999999999999999999999"):
        assert signed_in.get(f"{at('exhibits', case)}{absent}").status_code == 404


def test_a_number_that_no_exhibit_has_leaves_the_list_at_its_top(signed_in, case, many) -> None:
    assert labels(signed_in.get(at("exhibits", case), {"near": "E-9000"}))[0] == "E-01"


def test_a_page_of_exhibits_asks_as_often_for_2_as_for_12(signed_in, case, lead, assert_same_queries) -> None:
    def add(count):
        for _ in range(count):
            make.report(case, lead)

    assert_same_queries(lambda: signed_in.get(at("exhibits", case)), add)


def test_a_window_title_says_which_part_and_never_names_the_case(signed_in, case) -> None:
    assert "<title>Cases · Casefiles</title>" in text_of(signed_in.get(at("case", case)))
    assert "<title>Claims · Cases · Casefiles</title>" in text_of(signed_in.get(at("claims", case)))


def test_a_closed_case_offers_nothing_to_add_but_its_reopening(signed_in, case, lead) -> None:
    make.claim(case, lead)
    case.refresh_from_db()
    actions.change_case(case, by=lead, version=case.version, status="closed")

    response = signed_in.get(at("claims", case))

    assert (response.context["add_entries"], response.context["may_edit"]) == ([], False)
    assert response.context["edit_url"] == at("case_edit", case)


def test_claims_are_filtered_by_standing_kind_and_words(signed_in, case, lead) -> None:
    held = make.claim(case, lead, text="The ship called at Rajin.")
    make.claim(case, lead, text="The ship was repaired.", kind="inference")
    make.cited(held, lead, make.original(case, lead))

    found = {
        key: [line.label for line in signed_in.get(at("claims", case), query).context["lines"]]
        for key, query in {
            "standing": {"standing": "single_origin"},
            "kind": {"kind": "inference"},
            "words": {"q": "RAJIN"},
            "number": {"q": "c-2"},
            "none": {"q": "zzz"},
            "nonsense": {"standing": "nonsense"},
        }.items()
    }

    assert found == {
        "standing": ["C-01"],
        "kind": ["C-02"],
        "words": ["C-01"],
        "number": ["C-02"],
        "none": [],
        "nonsense": [],
    }


@pytest.mark.parametrize("name", READERS)
def test_a_page_asks_as_often_for_few_rows_as_for_many(signed_in, case, lead, assert_same_queries, name) -> None:
    def add_rows(count: int) -> None:
        for _row in range(count):
            claim, exhibit = make.claim(case, lead), make.rewrite(case, lead, make.original(case, lead))
            make.cited(claim, lead, exhibit)
            make.said(case, lead, exhibit, stances={claim: "denies"})
            actions.add_task(case, by=lead, title="Ask", assignee=lead, checklist="Ask", about=claim)
            actions.add_subject(case, by=lead, organisation=make.organisation(lead))
            make.member(case, make.user(), "viewer")

    # So many that the first page of a history still tells how the case was opened, which names a circle.
    many = 8 if name == "history" else 12
    # 30 is the budget of the overview in the design.
    assert assert_same_queries(lambda: signed_in.get(at(name, case)), add_rows, many=many) <= 30


def test_the_list_asks_as_often_for_few_cases_as_for_many(client, lead, assert_same_queries) -> None:
    client.force_login(lead)

    asked = assert_same_queries(
        lambda: client.get(reverse("cases:list")), lambda count: [make.case(lead) for _case in range(count)]
    )

    assert asked <= 8


def test_a_claim_asks_as_often_for_few_citations_as_for_many(signed_in, case, lead, assert_same_queries) -> None:
    claim, report = make.claim(case, lead), make.original(case, lead)

    def add_rows(count: int) -> None:
        for _row in range(count):
            make.cited(claim, lead, make.rewrite(case, lead, report))

    assert assert_same_queries(lambda: signed_in.get(claim.get_absolute_url()), add_rows) <= 34
    told = f"{claim.get_absolute_url()}?history=1"
    assert assert_same_queries(lambda: signed_in.get(told), add_rows) <= 48
    assert "made claim C-01" in signed_in.get(told).content.decode()


# --- Adding a news report ---------------------------------------------------------------------------------------------


def send_report(client, case, **data):
    return client.post(at("news_report_add", case), {"title": "A report", "lineage": "not known", **data})


def page(content=b"The page.", name="page.txt"):
    return SimpleUploadedFile(name, content, content_type="text/plain")


def test_only_the_title_of_a_report_is_required(signed_in, case) -> None:
    response = send_report(signed_in, case)

    exhibit = Exhibit.objects.get()
    assert response["Location"] == f"{at('exhibits', case)}?at=E-01"
    assert (exhibit.label, exhibit.item.title) == ("E-01", "A report")


def test_a_saved_report_is_marked_and_citing_it_has_the_focus(signed_in, case) -> None:
    send_report(signed_in, case)

    response = signed_in.get(at("exhibits", case), {"at": "E-01"})

    shown = text_of(response)
    assert '<tr id="exhibit-E-01" class="is-hot">' in shown
    assert shown.count("autofocus") == 1
    assert messages(response) == ["Saved as E-01."]


def test_save_and_cite_opens_the_form_that_cites(signed_in, case) -> None:
    response = signed_in.post(
        at("news_report_add", case), {"title": "A", "lineage": "not known", "cite": "on"}, follow=True
    )

    assert response.request["QUERY_STRING"] == "cite=E-01"
    assert 'id="cite-form"' in text_of(response)


def test_a_report_without_a_title_keeps_everything_else_and_its_file(signed_in, case) -> None:
    response = send_report(signed_in, case, title="", author="Desk", file=page())
    (token,) = response.context["form"].data.getlist("received")

    again = send_report(signed_in, case, title="Now with one", author="Desk", received=token)

    (file,) = Item.objects.get().files.all()
    assert (response.status_code, errors(response)) == (422, {"title": ["This field is required."]})
    assert 'value="Desk"' in text_of(response)
    assert again.status_code == 302
    assert (file.name, file.size_bytes) == ("page.txt", 9)


def test_bytes_already_held_are_offered_before_they_are_added_again(signed_in, case) -> None:
    send_report(signed_in, case, file=page())

    response = send_report(signed_in, case, title="The same page", file=page(name="other.txt"))

    shown = text_of(response)
    assert response.status_code == 422
    assert 'You already hold this as <a href="' in shown and ">E-01</a>" in shown
    assert Exhibit.objects.count() == 1


def test_an_exhibit_with_the_same_bytes_is_cited_instead(signed_in, case) -> None:
    send_report(signed_in, case, file=page())

    response = send_report(signed_in, case, cite_existing=str(Item.objects.get().pk))

    assert response["Location"] == f"{at('exhibits', case)}?cite=E-01"
    assert Exhibit.objects.count() == 1


def test_the_same_bytes_are_added_anyway_without_choosing_them_again(signed_in, case) -> None:
    send_report(signed_in, case, file=page())
    asked = send_report(signed_in, case, title="The same page", file=page())
    (token,) = asked.context["form"].data.getlist("received")

    send_report(signed_in, case, title="The same page", received=token, is_twin_wanted="on")

    second = Exhibit.objects.get(number=2)
    assert (second.item.title, second.item.files.count()) == ("The same page", 1)


def test_bytes_held_in_a_case_one_may_not_see_are_not_told_of(signed_in, case, people) -> None:
    stranger = people["stranger"]
    make.report(make.case(stranger), stranger, upload=actions.Upload([b"The page."], "hidden.txt"))

    response = send_report(signed_in, case, file=page())

    assert response.status_code == 302


def test_an_existing_item_that_one_may_not_see_is_not_used(signed_in, case, people) -> None:
    stranger = people["stranger"]
    hidden = make.report(make.case(stranger), stranger)

    response = send_report(signed_in, case, cite_existing=str(hidden.item_id))

    assert (response.status_code, errors(response)) == (422, {"__all__": ["There is no such item any more."]})


def test_a_repeating_report_names_what_it_repeats(signed_in, case, lead) -> None:
    make.original(case, lead, title="First")

    unnamed = send_report(signed_in, case, lineage="repeats", derivation_kind="rewrites")
    named = send_report(signed_in, case, lineage="repeats", derivation_kind="quotes", repeats="E-01")

    assert "Choose the exhibit that this report repeats" in errors(unnamed)["repeats"][0]
    assert named.status_code == 302
    assert Exhibit.objects.get(number=2).item.derivations_from.get().kind == "quotes"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"lineage": "repeats", "repeats": "E-01"}, "C-01 stays at 1 origin: this report repeats E-01."),
        ({"lineage": "repeats"}, "A report that repeats another one never adds an origin."),
        ({"lineage": "original"}, "may gain an origin"),
        ({}, "A report of unknown lineage counts for nothing"),
    ],
)
def test_the_form_says_what_the_report_will_change(signed_in, case, lead, query, words) -> None:
    make.cited(make.claim(case, lead), lead, make.original(case, lead))

    assert words in text_of(signed_in.get(at("news_report_add", case), query))


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"title": "x" * 501}, "title", "at most 500 characters"),
        ({"title": "a\x00b"}, "title", "is a NUL (U+0000)"),
        ({"published": "sometime"}, "published", ""),
        ({"url": "javascript:alert(1)"}, "url", "Enter a valid URL"),
        ({"source": "No such outlet"}, "source", "Nothing is called “No such outlet”"),
        ({"lineage": "guessed"}, "lineage", "Select a valid choice"),
        ({"repeats": "E-99", "lineage": "repeats"}, "repeats", "Nothing is called “E-99”"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_saved(signed_in, case, data, field, words) -> None:
    response = send_report(signed_in, case, **data)

    assert response.status_code == 422
    assert words in errors(response)[field][0]
    assert not Exhibit.objects.exists()


def test_an_empty_file_is_kept_only_when_it_is_meant(signed_in, case) -> None:
    asked = send_report(signed_in, case, file=page(b""))
    (token,) = asked.context["form"].data.getlist("received")

    send_report(signed_in, case, received=token, is_empty_meant="on")

    assert asked.status_code == 422
    assert "It is meant to be empty" in text_of(asked)
    assert Item.objects.get().files.get().size_bytes == 0


# --- Citing -----------------------------------------------------------------------------------------------------------


def test_an_exhibit_is_cited_by_claim_number_without_a_script(signed_in, case, parts) -> None:
    data = {"claim": "C-01", "locator": "p. 4", "quote": "So it was.", "stance": "contradicts"}

    response = signed_in.post(at("exhibit_cite", case, parts["exhibit"].pk), data, follow=True)

    citation = Citation.objects.get(stance="contradicts")
    assert (citation.locator_text, citation.quote) == ("p. 4", "So it was.")
    assert messages(response) == ["E-01 was cited on C-01."]


def test_a_claim_is_cited_by_exhibit_number(signed_in, case, parts) -> None:
    data = {"exhibit": "1", "stance": "context"}

    response = signed_in.post(at("claim_cite", case, parts["claim"].pk), data)

    assert response["Location"] == parts["claim"].get_absolute_url()
    assert Citation.objects.filter(stance="context").count() == 1


def test_a_quote_that_is_not_in_the_stored_copy_is_warned_about(signed_in, case, lead) -> None:
    make.claim(case, lead)
    exhibit = make.report(case, lead, upload=actions.Upload([b"Other words."], "page.txt"))

    data = {"claim": "1", "quote": "These words", "stance": "supports"}
    response = signed_in.post(at("exhibit_cite", case, exhibit.pk), data, follow=True)

    assert messages(response) == ["E-01 was cited on C-01. The quote was not found in the stored copy."]


def test_what_is_wrong_with_a_citation_goes_back_into_the_form_alone(signed_in, case, parts) -> None:
    data = {"claim": "C-01", "locator": "somewhere!!", "quote": "Kept.", "stance": "supports"}

    response = signed_in.post(at("exhibit_cite", case, parts["exhibit"].pk), data, headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Retarget"]) == (422, "#cite-form")
    assert "names no place in an item" in errors(response)["locator"][0]
    assert 'value="Kept."' in text_of(response)


def test_a_claim_of_another_case_is_no_choice(signed_in, case, parts, lead) -> None:
    elsewhere = make.claim(make.case(lead), lead)

    data = {"claim_id": str(elsewhere.pk), "stance": "supports"}
    response = signed_in.post(at("exhibit_cite", case, parts["exhibit"].pk), data)

    assert errors(response) == {"claim": ["Choose one from the list: there is no such record."]}


def test_a_citation_is_changed_and_withdrawn(signed_in, case, parts) -> None:
    citation = parts["citation"]
    opened = signed_in.get(at("citation_edit", case, citation.pk))
    data = {"base": opened.context["base_token"], "locator": "para 2", "stance": "context", "quote": ""}

    signed_in.post(at("citation_edit", case, citation.pk), data)
    signed_in.post(at("citation_void", case, citation.pk), {"reason": "Wrong page."})

    citation.refresh_from_db()
    assert (citation.locator_text, citation.stance, citation.void_reason) == ("para 2", "context", "Wrong page.")


# --- Statements, subjects, tasks, team --------------------------------------------------------------------------------


def test_a_statement_is_recorded_with_its_stances_in_one_form(signed_in, case, parts) -> None:
    data = {
        "exhibit": "E-01",
        "speaker_text": "A spokesperson",
        "office": "Embassy",
        "state": "CN",
        "said": "25 April 2024",
        "text": "We know nothing.",
        "language": "en",
        f"stance_{parts['claim'].pk}": "says has no information",
    }

    response = signed_in.post(at("statement_record", case), data)

    recorded = CaseStatement.objects.get(number=2)
    assert response["Location"] == f"{at('statements', case)}S-02"
    assert (recorded.statement.office, recorded.statement.said.edtf) == ("Embassy", "2024-04-25")
    assert Stance.objects.get(case_statement=recorded).stance == "says has no information"


def test_a_statement_needs_words_an_exhibit_and_a_speaker(signed_in, case) -> None:
    found = errors(signed_in.post(at("statement_record", case), {"office": "Embassy"}))

    assert set(found) == {"exhibit", "text", "speaker"}


def test_stances_are_changed_in_one_form(signed_in, case, parts) -> None:
    url, name = at("stances", case, parts["said"].pk), f"stance_{parts['claim'].pk}"

    def send(stance: str) -> None:
        signed_in.post(url, {"base": signed_in.get(url).context["base_token"], name: stance})

    send("confirms")
    changed = Stance.objects.current().get().stance
    send("")

    assert changed == "confirms"
    assert not Stance.objects.current().exists()


def test_a_subject_is_one_of_four(signed_in, case, lead) -> None:
    make.organisation(lead, name="M Leasing")

    neither = signed_in.post(at("subject_add", case), {"role": "owner"})
    one = signed_in.post(at("subject_add", case), {"organisation": "M Leasing", "role": "owner"})

    assert errors(neither) == {"__all__": ["Choose one vessel, organisation, person or place."]}
    key = Subject.objects.get().pk
    assert one["Location"] == f"{at('subjects', case)}?near={key}#subject-{key}"


def test_a_task_is_finished_and_opened_again_by_a_button(signed_in, case, parts) -> None:
    task = parts["task"]

    signed_in.post(at("task_finish", case, task.pk))
    done = Task.objects.get().status
    signed_in.post(at("task_reopen", case, task.pk))

    assert (done, Task.objects.get().status) == ("done", "open")


def test_the_lead_adds_somebody_by_user_name_and_nobody_is_suggested(client, case, lead) -> None:
    make.user("newcomer")
    client.force_login(lead)

    shown = text_of(client.get(at("team", case)))
    client.post(at("member_add", case), {"username": "newcomer", "role": "viewer"})

    assert "newcomer" not in shown
    assert case.compartment.memberships.get(user__username="newcomer").role == "viewer"


def test_the_last_lead_stays(client, case, lead) -> None:
    client.force_login(lead)
    member = case.compartment.memberships.get(user=lead)

    response = client.post(at("member_remove", case, member.pk))

    assert response.status_code == 422
    assert case.compartment.memberships.filter(user=lead).exists()


def test_a_removed_exhibit_is_struck_with_its_reason(signed_in, case, lead) -> None:
    exhibit = make.report(case, lead)

    signed_in.post(at("exhibit_remove", case, exhibit.pk), {"reason": "Not about this ship."})
    shown = text_of(signed_in.get(at("exhibits", case)))

    assert "<s>E-01</s>" in shown
    assert "Not about this ship." in shown


def test_every_save_offers_to_take_it_back(signed_in, case, parts) -> None:
    response = signed_in.post(
        at("exhibit_cite", case, parts["exhibit"].pk), {"claim": "1", "stance": "context"}, follow=True
    )

    assert 'name="token"' in text_of(response)
    assert "Void it" in text_of(response)


# --- Stale forms ------------------------------------------------------------------------------------------------------


def test_a_stale_case_shows_base_theirs_and_yours(signed_in, case, lead) -> None:
    opened = signed_in.get(at("case_edit", case))
    case.refresh_from_db()
    actions.change_case(case, by=lead, version=case.version, title="Theirs")
    data = {
        "base": opened.context["base_token"],
        "title": "Yours",
        "question": "Where was it?",
        "summary": "",
        "status": "open",
        "handling": "TLP:AMBER",
        "opened_on": case.opened_on.isoformat(),
    }

    response = signed_in.post(at("case_edit", case), data)

    (row,) = [row for row in response.context["conflict"]["rows"] if row.theirs != row.yours]
    case.refresh_from_db()
    assert response.status_code == 409
    assert (row.base, row.theirs, row.yours) == ("Angara", "Theirs", "Yours")
    assert case.title == "Theirs"


def test_a_stale_claim_shows_base_theirs_and_yours_and_is_then_saved(signed_in, case, lead) -> None:
    claim = make.claim(case, lead, text="As it was.")
    url = at("claim_edit", case, claim.pk)
    opened = signed_in.get(url)
    actions.change_claim(claim, by=lead, version=1, text="Theirs.")
    data = {"base": opened.context["base_token"], "text": "Yours.", "kind": "fact"}

    stale = signed_in.post(url, data)
    (row,) = [row for row in stale.context["conflict"]["rows"] if row.theirs != row.yours]
    signed_in.post(url, {**data, "base": stale.context["base_token"], "keep-text": "yours"})

    assert stale.status_code == 409
    assert (row.base, row.theirs, row.yours) == ("As it was.", "Theirs.", "Yours.")
    assert Claim.objects.get().text == "Yours."


def test_a_form_of_a_closed_case_says_so_and_keeps_what_was_typed(signed_in, case, lead) -> None:
    case.refresh_from_db()
    actions.change_case(case, by=lead, version=case.version, status="closed")

    response = signed_in.post(at("claim_add", case), {"text": "Typed for long.", "kind": "fact"})

    assert errors(response) == {"__all__": ["This case is closed: reopen it to change it."]}
    assert "Typed for long." in text_of(response)


def test_a_claim_is_warned_about_and_saved_all_the_same(signed_in, case) -> None:
    response = signed_in.post(at("claim_add", case), {"text": "This proves it went dark.", "kind": "fact"}, follow=True)

    assert "“proves” leaves no room for doubt." in text_of(response)
    assert Claim.objects.get().label == "C-01"


def test_the_overview_of_a_large_case_stays_within_its_queries(signed_in, case, lead) -> None:
    report = make.original(case, lead)
    for _claim in range(15):
        make.cited(make.claim(case, lead), lead, report)
    signed_in.get(at("case", case))

    with CaptureQueriesContext(connection) as asked:
        response = signed_in.get(at("case", case))

    assert len(asked) <= 30
    assert "All 15 claims" in text_of(response)
