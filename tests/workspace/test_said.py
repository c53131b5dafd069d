"""What somebody said over time, and where a position changed."""

import pytest
from django.urls import reverse

from casefiles.access.actions import void_record
from casefiles.core.moments import parse_moment
from casefiles.evidence.actions.reading import read_file
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def ministry(lead, case):
    return make.organisation(lead, name="Ministry")


def shown(client, person, party, **query):
    client.force_login(person)
    kind = party._meta.model_name
    return client.get(reverse(f"workspace:{kind}_said", args=[party.pk]), query)


def say(case, lead, claim, stance, day, **values):
    report = make.report(case, lead)
    return make.said(
        case,
        lead,
        report,
        text=f"On {day}.",
        said=parse_moment(day),
        stances={claim: stance},
        locator="para 1",
        **values,
    )


def test_a_changed_position_is_shown_with_both_statements_and_what_is_cited_for_them(client, case, lead, ministry):
    claim = make.claim(case, lead)
    speaker = make.person(lead, name="Office holder")
    first = say(case, lead, claim, "denies", "2024-02-01", organisation=ministry, speaker=speaker)
    second = say(case, lead, claim, "confirms", "2024-03-01", organisation=ministry, speaker=speaker)

    for party in (ministry, speaker):
        page = shown(client, lead, party)
        (change,) = page.context["changes"]
        assert (change.claim_label, change.earlier.stance, change.later.stance) == ("C-01", "denies", "confirms")
        assert (change.earlier.statement, change.later.statement) == (first.statement, second.statement)
        for side in (change.earlier, change.later):
            (cited,) = side.citations
            assert cited.item.title in page.content.decode()
            assert cited.locator_text == "para 1"
    assert [line.statement for line in page.context["rows"]] == [first.statement, second.statement]
    latest = shown(client, lead, ministry, sort="-said").context["rows"]
    assert [line.stances[0].label for line in latest] == ["confirms", "denies"]
    void_record(second.statement, by=lead, reason="Another ministry.")
    assert shown(client, lead, ministry).context["changes"] == []


def test_nobody_learns_a_stance_of_a_case_that_is_not_theirs(client, case, lead, ministry):
    claim = make.claim(case, lead)
    for stance, day in (("denies", "2024-02-01"), ("confirms", "2024-03-01")):
        say(case, lead, claim, stance, day, organisation=ministry)

    page = shown(client, make.lead("other"), ministry)

    assert (page.context["changes"], page.context["rows"]) == ([], [])
    assert "Nothing said is on record" in page.content.decode()


def test_it_asks_as_often_for_few_statements_as_for_many(client, case, lead, ministry, assert_same_queries):
    def add(count):
        for turn in range(count):
            claim = make.claim(case, lead)
            for stance, day in (("denies", "2024-02-01"), ("confirms", f"2024-03-{turn + 1:02d}")):
                say(case, lead, claim, stance, day, organisation=ministry)

    client.force_login(lead)
    address = reverse("workspace:organisation_said", args=[ministry.pk])
    assert assert_same_queries(lambda: client.get(address), add, many=5) <= 12


def test_a_passage_is_recorded_as_a_statement_with_its_place_and_words(client, case, lead):
    report = make.report(case, lead)
    file = make.file(report.item, lead, b"We have no information.\n\nWe said so before.", "words.txt")
    read_file(file)
    client.force_login(lead)

    page = client.get(reverse("workspace:read", args=[file.pk]))
    link = page.context["statement_url"]
    form = client.get(link + "&locator=para+2&quote=We+said+so+before.").context["form"]

    assert link.startswith(reverse("cases:statement_record", args=[case.pk]))
    assert "data-carries-passage" in page.content.decode()
    assert (form.initial["exhibit"], form.initial["locator"]) == (report, "para 2")
    assert form.initial["text"] == "We said so before."
