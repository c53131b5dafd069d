"""What a dossier says, and what it leaves out: plain data made once, from what every reader of the case may see."""

import json

import pytest
from django.utils import timezone

from casefiles.access.actions import void_record
from casefiles.cases import actions as cases
from casefiles.cases.models import Exhibit
from casefiles.core.moments import parse_moment
from casefiles.dossiers.content import build, canonical, digest
from casefiles.dossiers.counts import CountedClaim, rival_counts
from casefiles.dossiers.rendering import Edition, standalone_html, with_runs
from casefiles.dossiers.selectors import collect
from tests import make


def content_of(case, person):
    return build(collect(case, person), frozen_at=timezone.now())


pytestmark = pytest.mark.django_db


def test_the_content_is_plain_data_that_json_holds_without_loss(full, viewer):
    content = content_of(full, viewer)

    assert json.loads(canonical(content)) == content
    assert digest(json.loads(canonical(content))) == digest(content)


def test_the_cover_names_the_case_and_how_it_may_be_handled(full, viewer):
    cover = content_of(full, viewer)["cover"]

    assert (cover["title"], cover["reference"], cover["handling"]) == (full.title, full.reference, "TLP:AMBER")
    assert cover["frozen_at"].endswith("+00:00")


def test_what_nobody_froze_is_never_called_frozen(full, viewer):
    live = standalone_html(content_of(full, viewer), Edition("draft", is_live=True))
    version = standalone_html(content_of(full, viewer), Edition("v1"))

    assert ("As the case stood" in live, "rozen" in live, "freezing" in live) == (True, False, False)
    assert "Content frozen" in version


def test_a_claim_carries_standing_likelihood_confidence_citations_and_stances(full, viewer):
    content = content_of(full, viewer)
    claim = content["claims"][0]

    assert (claim["label"], claim["is_key"], claim["standing"]) == ("C-01", True, "single_origin")
    assert (claim["likelihood"], claim["confidence"]) == ("very likely (80–95 %)", "moderate")
    assert claim["stances"] == [{"statement": "S-01", "speaker": "A spokesperson", "stance": "denies"}]
    (number,) = (one["number"] for one in claim["note_numbers"])
    note = content["notes"][number - 1]
    assert (note["exhibit"], note["locator"], note["quote"]) == ("E-01", "p. 4", "lay at the wharf")
    assert note["sha256"] == content["exhibits"][0]["files"][0]["sha256"]


def test_one_passage_has_one_number(full, lead, viewer):
    again = make.claim(full, lead, text="The ship lay there again.")
    make.cited(again, lead, Exhibit.objects.get(case=full, number=1), locator="p. 4", quote="lay at the wharf")

    claims = content_of(full, viewer)["claims"]

    assert claims[0]["note_numbers"] == claims[-1]["note_numbers"]


def test_reported_speech_is_told_from_a_quote(full, viewer):
    said = content_of(full, viewer)["statements"]
    html = standalone_html(content_of(full, viewer), Edition("draft"))

    assert [one["is_reported"] for one in said] == [False, True]
    assert "“We know nothing of it.”" in html
    assert "“It was there, somebody said.”" not in html


def test_designations_answer_for_the_dates_that_matter(full, viewer):
    table = content_of(full, viewer)["designations"]

    today = f"{timezone.now():%Y-%m-%d}"
    assert table["dates"] == ["2023-09-07 .. 10-01", "2023-10", "2023-10-14", today]
    (row,) = table["rows"]
    assert row["starts"] == ["2024-06-13", "2024-07-31"]
    assert [answer["words"] for answer in row["answers"]] == ["not yet", "not yet", "not yet", "in force"]


@pytest.mark.parametrize(
    ("seen", "values", "words"),
    [
        ("2024-07-01", {"in_force": "2024-06-13", "end_kind": "ongoing"}, "in force"),
        ("2024-07-01", {"in_force": "2024-06-13"}, "begun; no end recorded"),
        ("2024-07-01", {"in_force": "2024-08"}, "not yet"),
        ("2024-07", {"in_force": "2024-07-10", "end_kind": "ongoing"}, "for a part of it"),
        ("2024-07-01", {"in_force": "2023-01-01", "ended": "2023-02-01", "end_kind": "dated"}, "ended"),
        ("2024-07-01", {"in_force": "about 2024", "end_kind": "ongoing"}, "not known"),
        ("2024-07-01", {"announced": "2024-01-01"}, "not known"),
    ],
)
def test_an_uncertain_date_never_gives_a_certain_answer(case, ship, lead, viewer, seen, values, words):
    make.port_call(lead, ship, seen=seen)
    make.designation(lead, vessel=ship, **values)

    (row,) = content_of(case, viewer)["designations"]["rows"]

    assert row["answers"][0]["words"] == words


def test_sources_that_disagree_on_a_date_conflict_between_them(case, ship, lead, viewer):
    make.port_call(lead, ship, seen="2024-07-01")
    authority = make.authority(lead)
    for day in ("2024-06-13", "2024-07-31"):
        make.designation(lead, vessel=ship, authority=authority, in_force=day, end_kind="ongoing")

    content = content_of(case, viewer)

    assert content["designations"]["rows"][0]["answers"][0]["words"] == "sources conflict"
    assert [side["text"] for side in content["conflicts"][0]["sides"]] == ["2024-06-13", "2024-07-31"]


def test_values_that_disagree_stand_side_by_side(case, ship, lead, viewer):
    make.flag(lead, ship, "RU", period=make.period("2022", "ongoing"))
    make.flag(lead, ship, "KP", period=make.period("2024-02-11", "ongoing"))

    (conflict,) = content_of(case, viewer)["conflicts"]

    assert conflict["title"] == "ANGARA: flag"
    assert [side["text"].split(",")[0] for side in conflict["sides"]] == ["Russia", "North Korea"]


def test_a_disputed_claim_names_both_sides(full, viewer):
    (conflict,) = (one for one in content_of(full, viewer)["conflicts"] if one["title"].startswith("C-02"))

    assert [side["text"].split(":")[0] for side in conflict["sides"]] == ["Supported by", "Contradicted by"]
    assert "E-02" in conflict["sides"][1]["text"]


def test_what_some_readers_may_not_see_is_in_nobody_s_dossier(full, ship, lead):
    hidden = make.restricted_to(make.circle(lead))
    make.designation(
        lead, vessel=ship, circle=hidden, in_force="2024-01-01", authority=make.authority(lead, name="HIDDEN")
    )
    make.port_call(lead, ship, circle=hidden, place=make.place(lead, circle=hidden, name="HIDDEN berth"), seen="2024")
    make.flag(lead, ship, "RU", circle=hidden, period=make.period("2024", "ongoing"))
    make.flag(lead, ship, "KP", circle=hidden, period=make.period("2024", "ongoing"))
    other = make.case(lead, title="HIDDEN case")
    make.original(other, lead, title="HIDDEN report")

    text = canonical(content_of(full, lead)).decode()

    assert "HIDDEN" not in text
    assert "North Korea" not in text


def test_a_removed_exhibit_leaves_its_number_and_the_reason_alone(full, lead, viewer):
    cases.remove_exhibit(make.report(full, lead), by=lead, reason="Added twice.")

    exhibit = content_of(full, viewer)["exhibits"][2]

    assert exhibit == {"label": "E-03", "is_removed": True, "removed_reason": "Added twice."}


def test_withdrawn_evidence_is_marked_in_its_note(full, lead, viewer):
    void_record(Exhibit.objects.get(case=full, number=1).item, by=lead, reason="Forged.")

    assert content_of(full, viewer)["notes"][0]["mark"] == "voided"


def test_nothing_checked_never_reads_as_passed(full, viewer):
    said = " ".join(content_of(full, viewer)["method"]["not_checked"])

    assert "1 of 1 files were hashed when they came in and have not been checked since." in said
    assert "No edition of a sanctions list was searched" in said


def test_no_page_says_that_a_rule_was_broken(full, viewer):
    assert "violat" not in standalone_html(content_of(full, viewer), Edition("draft")).lower()


def test_one_origin_is_counted_in_the_singular(full, viewer):
    html = standalone_html(content_of(full, viewer), Edition("draft"))

    assert "1 independent origin behind 1 supporting item." in html
    assert "1 independent origins" not in html


def test_an_exhibit_names_the_address_it_was_found_at_as_text(full, lead, viewer):
    item = make.item(lead, url="https://example.org/yard?id=1&x=2", archived_urls="https://a.example/1")
    cases.add_exhibit(full, by=lead, item=item)

    html = standalone_html(content_of(full, viewer), Edition("draft"))

    assert "https://example.org/yard?id=1&amp;x=2" in html
    assert "https://a.example/1" in html
    assert 'href="https' not in html


def test_entries_far_from_the_others_are_said_to_be_left_out_of_the_drawing(full, lead, viewer):
    make.original(full, lead, title="Resolution", occurred=parse_moment("1990-01-01"))
    for day in range(1, 25):
        make.original(full, lead, occurred=parse_moment(f"2024-01-{day:02}"))

    html = standalone_html(content_of(full, viewer), Edition("draft"))

    assert "1 entry long before the others is not drawn: its date stands in the table or with the exhibit." in html


def test_likelihood_and_confidence_never_share_a_sentence(full, viewer):
    html = standalone_html(content_of(full, viewer), Edition("draft"))

    assert "Likelihood: very likely (80–95 %)." in html
    assert "Confidence: moderate. One report stands behind it." in html


def test_an_empty_case_has_a_dossier_that_says_what_is_missing(case, viewer):
    html = standalone_html(content_of(case, viewer), Edition("draft"))

    assert "No claim has been made." in html
    assert "this does not say that none exists" in html


def test_more_claims_and_exhibits_take_no_more_queries(full, lead, viewer, assert_same_queries):
    def add(count):
        for _number in range(count):
            exhibit = make.report(full, lead)
            make.cited(make.claim(full, lead), lead, exhibit)
            make.said(full, lead, exhibit)

    assert_same_queries(lambda: content_of(full, viewer), add, many=4)


def test_numbers_that_follow_each_other_become_a_run():
    numbers = [{"number": number, "stance": "supports"} for number in (1, 2, 3, 7)]
    numbers.append({"number": 8, "stance": "contradicts"})

    (shown,) = with_runs([{"note_numbers": numbers}])

    assert [(run["first"], run["last"]) for run in shown["notes"]] == [(1, 3), (7, 7), (8, 8)]


def counted(label, text, occurred=""):
    return CountedClaim(label, text, parse_moment(occurred) if occurred else None)


@pytest.mark.parametrize(
    ("claims", "labels"),
    [
        ([("At least four trips.", ""), ("At least six trips were made.", "")], [("C-1", "C-2")]),
        ([("Four trips.", ""), ("4 trips.", "")], []),
        ([("Four trips.", ""), ("Six containers.", "")], []),
        ([("Four trips.", "2023"), ("Six trips.", "2024")], []),
        ([("Four trips.", "2023"), ("Six trips.", "2023-08/2024-02")], [("C-1", "C-2")]),
        ([("It lay there for 12 days.", ""), ("It lay there for 30 days.", "")], []),
        ([("On 9 February 2024 it lay there.", "")], []),
        ([("4 trips", ""), ("6 trips", ""), ("11 trips", "")], [("C-1", "C-2", "C-3")]),
    ],
)
def test_claims_that_count_the_same_things_differently_are_found(claims, labels):
    given = [counted(f"C-{number}", text, occurred) for number, (text, occurred) in enumerate(claims, start=1)]

    assert [group.labels for group in rival_counts(given)] == labels


def test_duties_stand_with_their_findings_and_what_they_rest_on(full, lead, viewer):
    claims = list(full.claims.order_by("number"))
    provision = make.provision(lead, "It lay in a port.", "It was not inspected.", "It sailed.", bearer="port State")
    duty = cases.add_duty(full, by=lead, provision=provision, country="CN")
    assert 'href="#duties"' in standalone_html(content_of(full, viewer), Edition("draft"))
    first, second, _third = provision.elements.order_by("position")
    cases.add_finding(duty, by=lead, element=first, finding="met", claims=claims[:1], note="By one report.")
    cases.add_finding(duty, by=lead, element=second, finding="not met", claims=claims[1:2])
    cases.void_claim(claims[1], by=lead, reason="Entered twice.")

    content = content_of(full, viewer)
    html = standalone_html(content, Edition("draft"))

    (said,) = content["duties"]
    assert [one["found"] for one in said["elements"]] == ["met", "unknown", "unknown"]
    assert said["elements"][0]["claims"] == [{"label": "C-01", "standing_label": "Single origin"}]
    assert said["elements"][1]["claims"] == []
    for words in ("Elements met on the cited facts: 1 of 3; 2 unknown.", "C-02 was taken out of the case", "China",
                  "By one report.", "were not read in their primary text"):  # fmt: skip
        assert words in html
    assert "violat" not in html.lower()


def test_what_was_frozen_before_there_were_duties_is_shown_as_it_was(full, viewer):
    content = content_of(full, viewer)
    del content["duties"]

    html = standalone_html(content, Edition("v1"))

    assert "duties" not in html.lower()


def test_hypotheses_stand_with_everybodys_marks_and_without_names(full, lead, viewer):
    editor = make.user("zenobia")
    make.member(full, editor, "editor")
    claims = list(full.claims.order_by("number"))[:2]
    pair = [cases.add_hypothesis(full, by=lead, text=text) for text in ("It was repaired.", "It waited.")]
    assert 'href="#hypotheses"' in standalone_html(content_of(full, viewer), Edition("draft"))
    cases.weigh_claims(full, by=lead, chosen=claims)
    for person, codes in ((lead, "II C"), (editor, "C C")):
        rated = {(one, claims[0]): cases.Rated(code) for one, code in zip(pair, codes.split(), strict=True)}
        cases.rate(full, by=person, cells=rated)

    content = content_of(full, viewer)
    html = standalone_html(content, Edition("draft"))

    found = content["hypotheses"]
    assert (found["analysts"], [row["label"] for row in found["rows"]]) == (2, ["C-01", "C-02"])
    assert found["rows"][0]["cells"] == [
        {"codes": ["II", "C"], "is_apart": True},
        {"codes": ["C", "C"], "is_apart": False},
    ]
    assert [line["unrated"] for line in found["lines"]] == [2, 2]
    for words in ("they disagree", "A lower score is no verdict", "2 cells not rated", "as 2 analysts rated it"):
        assert words in html
    assert "Zenobia" not in html


def test_a_dossier_without_hypotheses_says_nothing_of_any(full, viewer):
    content = content_of(full, viewer)
    assert content.pop("hypotheses") == {}

    assert 'id="hypotheses"' not in standalone_html(content, Edition("v1"))


def test_lookups_and_what_claims_rest_on_are_printed_and_a_failed_one_is_no_clean_result(full, lead, viewer):
    lay, carried = full.claims.order_by("number")
    assumed = make.claim(full, lead, text="The wharf was not moved.", kind="assumption")
    cases.add_dependence(lay, by=lead, rests_on=carried)
    cases.add_dependence(lay, by=lead, rests_on=assumed)
    cases.change_claim(lay, by=lead, version=lay.version, gaps="Nobody saw it leave.")
    for searched, result in (("The port's register", "service unreachable"), ("The archive", "not found")):
        cases.add_lookup(full, by=lead, searched=searched, result=result, claims=[lay])
    cases.place_claim(carried, by=lead, position=1)

    content = content_of(full, viewer)
    html = standalone_html(content, Edition("draft"))

    assert [claim["label"] for claim in content["claims"]] == ["C-02", "C-01", "C-03"]
    first = content["claims"][1]
    assert (first["rests_on"], first["lookups"], first["gaps"]) == (
        ["C-02", "C-03"],
        ["L-01", "L-02"],
        "Nobody saw it leave.",
    )
    assert [one["label"] for one in first["assumes"]] == ["C-03"]
    assert content["claims"][0]["carries"] == ["C-01"]
    assert [one["says"] for one in content["lookups"]] == ["not searched: says nothing", "searched, and not found"]
    for words in ("The wharf was not moved.", "Nobody saw it leave.", "Looked, found nothing",
                  "Not searched: says nothing.", "Nothing was searched where a lookup failed (L-01)"):  # fmt: skip
        assert words in html


def test_what_was_frozen_before_there_were_lookups_is_shown_as_it_was(full, viewer):
    content = content_of(full, viewer)
    del content["lookups"]
    for claim in content["claims"]:
        for name in ("subjects", "gaps", "rests_on", "carries", "gave_way", "assumes", "lookups"):
            del claim[name]

    html = standalone_html(content, Edition("v1"))

    assert "looked" not in html.lower()
    assert "Rests on" not in html
