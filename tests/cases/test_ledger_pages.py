"""The pages of the ledger: a claim written in its place, moved, split, merged, filtered, warned about while typed."""

import pytest
from django.urls import reverse

from casefiles.cases import actions
from casefiles.cases.models import Claim, Stance
from casefiles.evidence.models import Citation
from tests import make

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def signed_in(client, lead):
    client.force_login(lead)
    return client


def at(name, case, *args):
    return reverse(f"cases:{name}", args=[case.pk, *args])


def listed(client, case, **query):
    return [line.label for line in client.get(at("claims", case), query).context["lines"]]


def test_a_claim_is_written_below_the_list_and_the_next_one_after_it(signed_in, case):
    address = f"{at('claim_add', case)}?then=list"
    page = signed_in.get(at("claims", case)).content.decode()

    saved = signed_in.post(address, {"text": "This proves it.", "kind": "fact"}, headers=HTMX)
    after = signed_in.get(saved["Location"], headers=HTMX).content.decode()
    refused = signed_in.post(address, {"text": "", "kind": "fact"}, headers=HTMX)
    bare = signed_in.post(address, {"text": "", "kind": "fact"})

    assert address in page
    assert saved["Location"] == f"{at('claims', case)}?near=C-01#claim-C-01"
    assert "C-01 was added. Cite an exhibit for it. “proves” leaves no room for doubt." in after
    assert "autofocus" in after
    assert (refused.status_code, refused["HX-Retarget"], refused["HX-Reselect"]) == (422, "#add-claim", "#add-claim")
    assert "HX-Retarget" not in bare
    assert Claim.objects.get().text == "This proves it."


def test_a_viewer_reads_the_ledger_and_changes_nothing(client, case, lead):
    for _claim in range(2):
        claim = make.claim(case, lead)
    viewer = make.user("viewer")
    make.member(case, viewer, "viewer")
    client.force_login(viewer)

    page = client.get(at("claims", case), {"arrange": "1"}).content.decode()

    assert "add-claim" not in page
    assert 'name="move"' not in page
    for name, args in (("claims_order", ()), ("claim_split", (claim.pk,)), ("claim_merge", (claim.pk,))):
        assert client.get(at(name, case, *args)).status_code == 403
    assert client.post(at("claim_wording", case), {"text": "x"}).json() == {"warnings": []}


def test_a_claim_is_moved_a_step_or_before_another_one(signed_in, case, lead):
    claims = [make.claim(case, lead) for _claim in range(4)]
    actions.void_claim(claims[1], by=lead, reason="Twice.")
    address = at("claims_order", case)

    moved = signed_in.post(address, {"move": "C-03 up"})
    assert moved["Location"] == f"{at('claims', case)}?arrange=1&near=C-03#claim-C-03"
    assert listed(signed_in, case) == ["C-03", "C-01", "C-04"]
    signed_in.post(address, {"move": "C-03 down"})
    assert listed(signed_in, case) == ["C-01", "C-03", "C-04"]
    signed_in.post(address, {"claim": "C-04", "before": "C-01"})
    assert listed(signed_in, case) == ["C-04", "C-01", "C-03"]
    signed_in.post(address, {"claim": "C-04", "before": "C-03"})
    assert listed(signed_in, case) == ["C-01", "C-04", "C-03"]
    signed_in.post(address, {"claim": "C-01", "before": ""})
    assert listed(signed_in, case) == ["C-04", "C-03", "C-01"]
    assert [one.text for one in signed_in.get(at("claims", case)).context["lines"]]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"move": "C-01 up"}, "__all__"),
        ({"move": "C-02 down"}, "__all__"),
        ({"move": "C-99 up"}, "__all__"),
        ({"move": "C-01 sideways"}, "move"),
        ({}, "claim"),
        ({"claim": "nothing like it"}, "claim"),
    ],
)
def test_a_move_that_leads_nowhere_is_said_on_the_page(signed_in, case, lead, sent, field):
    for _claim in range(2):
        make.claim(case, lead)

    response = signed_in.post(at("claims_order", case), sent)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_the_order_is_changed_where_one_asked_to_and_all_of_it_is_shown(signed_in, case, lead):
    for _claim in range(2):
        make.claim(case, lead)

    asked = [{"arrange": "1"}, {}, {"arrange": "1", "kind": "fact"}]
    shown = ['name="move"' in signed_in.get(at("claims", case), one).content.decode() for one in asked]
    assert shown == [True, False, False]


def test_claims_are_found_by_what_they_are_about(signed_in, case, lead):
    ship = actions.add_subject(case, by=lead, vessel=make.vessel(lead, display_name="Angara"))
    make.claim(case, lead)
    make.claim(case, lead, subjects=[ship])

    assert listed(signed_in, case, subject=str(ship.pk)) == ["C-02"]
    assert listed(signed_in, case, subject="nonsense") == []
    edited = signed_in.get(at("claim_edit", case, Claim.objects.get(number=2).pk))
    assert edited.context["form"]["subjects"].value() == [str(ship.pk)]
    added = signed_in.post(at("claim_add", case), {"text": "It sailed.", "kind": "fact", "subjects": [str(ship.pk)]})
    assert added.status_code == 302
    assert listed(signed_in, case, subject=str(ship.pk)) == ["C-02", "C-03"]


def test_a_compound_claim_is_split_by_a_plain_form_that_proposes_both_halves(signed_in, case, lead):
    claim = make.claim(case, lead, text="The ship called at Rajin and was loaded.")
    report = make.original(case, lead)
    citation = make.cited(claim, lead, report, locator="p. 4")
    make.said(case, lead, report, stances={claim: "denies"})
    stance = Stance.objects.get()
    address = at("claim_split", case, claim.pk)

    page = signed_in.get(address)
    form = page.context["form"]
    base = {"base": page.context["base_token"]}
    words = {"first": form["first"].value(), "second": "It was loaded there."}
    refused = signed_in.post(address, {**base, **words, str(citation.pk): "nowhere", str(stance.pk): "first"})
    saved = signed_in.post(address, {**base, **words, str(citation.pk): "second", str(stance.pk): "both"})
    stale = signed_in.post(address, {**base, **words, str(stance.pk): "both"})

    assert (form["first"].value(), form["second"].value()) == ("The ship called at Rajin.", "Was loaded.")
    assert [row.label for row in form if row.name == str(citation.pk)] == [f"E-01 p. 4 {report.item.title}"]
    assert refused.status_code == 422
    assert saved.status_code == 302
    assert stale.status_code == 409
    part = Claim.objects.get(number=2)
    assert (claim.pk != part.pk, part.text) == (True, "It was loaded there.")
    assert Citation.objects.current().get(locator="4").assertion_id == part.pk
    assert Stance.objects.current().count() == 2


def test_a_duplicate_is_merged_after_what_will_happen_was_said(signed_in, case, lead):
    stays, duplicate = make.claim(case, lead), make.claim(case, lead)
    address = at("claim_merge", case, duplicate.pk)

    asked = signed_in.get(address)
    refused = signed_in.post(address, {"into": "C-02", "reason": "The same."})
    saved = signed_in.post(address, {"into": "C-01", "reason": "The same."})

    assert len(asked.context["consequences"]) == 4
    assert list(refused.context["form"].errors) == ["into"]
    assert saved["Location"] == stays.get_absolute_url()
    page = signed_in.get(duplicate.get_absolute_url()).content.decode()
    assert "Merged into C-01: The same." in page
    assert at("claim_restore", case, duplicate.pk) in page
    restore = signed_in.get(at("claim_restore", case, duplicate.pk))
    assert len(restore.context["consequences"]) == 2
    assert listed(signed_in, case) == ["C-01"]
    history = signed_in.get(at("history", case)).content.decode()
    assert "merged C-02 into another claim" in history


def test_words_are_looked_at_while_they_are_typed_and_without_a_script_when_the_form_comes_back(signed_in, case, lead):
    sent = {
        "text": "The ship went dark.",
        "rationale": "It is very likely, with high confidence.",
        "first": "",
        "second": "It called at Rajin and was loaded.",
    }

    answer = signed_in.post(at("claim_wording", case), sent).json()
    back = signed_in.post(at("claim_add", case), {"text": "This proves it.", "kind": "none"})
    clean = signed_in.get(at("claim_add", case)).content.decode()

    assert [words.split("”")[0].strip("“") for words in answer["warnings"]] == [
        "went dark", "and was", "very likely … high confidence",
    ]  # fmt: skip
    assert "“proves” leaves no room for doubt." in back.content.decode()
    assert 'role="status" hidden' in clean
    assert Claim.objects.count() == 0
