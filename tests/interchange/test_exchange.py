"""Importing and exporting: looked at first, carried out once, whole or not at all; only what one may see."""

import hashlib
import json

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.access.actions import restore_record, void_record
from casefiles.access.circles import Circle
from casefiles.audit.models import Event
from casefiles.audit.selectors import history
from casefiles.core.identifiers import company_check_digit
from casefiles.evidence.models import Item
from casefiles.registry.actions import change_vessel
from casefiles.registry.models import Vessel
from casefiles.workspace.actions.telling import take_in
from tests import make

FORMATS = {"csv": "0", "xlsx": "1", "json": "2"}


@pytest.fixture
def lead(db):
    return make.user("lead", may_open_cases=True, is_staff=True)


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def staff(client, lead, case):
    client.force_login(lead)
    return client


def address(model, name):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")


def look(client, model, content, format="csv"):
    """Upload a file and return the page of its dry run."""
    content = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(f"rows.{format}", content)
    return client.post(address(model, "import"), {"import_file": file, "format": FORMATS[format], "resource": "0"})


def carry_out(client, model, looked):
    plan = looked.context_data["confirm_form"].initial["plan"]
    return client.post(address(model, "process_import"), {"plan": plan})


def export(client, model, format, **query):
    return client.post(address(model, "export"), {"format": FORMATS[format], "resource": "0"}, query_params=query)


def problems(response):
    """Return (row, column, sentence) of everything that is wrong."""
    return [
        (row.number, column, " ".join(said))
        for row in response.context_data["result"].invalid_rows
        for column, said in row.error_dict.items()
    ]


def kinds(response):
    return [row.import_type for row in response.context_data["result"].rows]


def digest_of_all_tables():
    digest = hashlib.sha256()
    for model in apps.get_models():
        if model._meta.label == "sessions.Session":
            continue
        for row in model._base_manager.order_by("pk").values_list():
            digest.update(repr(row).encode())
    return digest.hexdigest()


# --- Looking first ----------------------------------------------------------------------------------------------


def test_g01_a_dry_run_leaves_every_table_as_it_was(staff, lead):
    vessel = make.vessel(lead, display_name="Before")
    # Whoever sends anything has people told of what was saved before.
    take_in()
    before = digest_of_all_tables()

    looked = look(staff, Vessel, f"id,imo_number,display_name,circle\n{vessel.pk},,After,\n,9179842,New,everyone\n")

    assert kinds(looked) == ["update", "new"]
    assert digest_of_all_tables() == before


def test_a_dry_run_shows_what_each_cell_held_and_will_hold(staff, lead):
    vessel = make.vessel(lead, display_name="Before <b>")

    page = look(staff, Vessel, f"id,display_name\n{vessel.pk},After\n").content.decode()

    assert "<del>Before &lt;b&gt;</del> <ins>After</ins>" in page


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (",9179843,Ship,,everyone", "imo_number", "check"),
        (",91798421,Ship,,everyone", "imo_number", ""),
        (",917984,Ship,,everyone", "imo_number", ""),
        (",,Ship,submarine,everyone", "vessel_type", "submarine"),
        (",,,ro-ro,everyone", "display_name", "name"),
        (",,Ship,ro-ro,", "circle", "who may see"),
        (",,Ship,ro-ro,CF-NONE", "circle", "reference"),
        ("11111111-1111-4111-8111-111111111111,,Ship,,", "id", "no such record"),
        ("not-an-id,,Ship,,", "id", "no such record"),
    ],
)
def test_g11_a_wrong_cell_is_named_with_its_row_and_column(staff, row, column, said):
    response = look(staff, Vessel, f"id,imo_number,display_name,vessel_type,circle\n,,Fine,ro-ro,everyone\n{row}\n")

    assert [(number, name) for number, name, _said in problems(response)] == [(3, column)]
    assert said in problems(response)[0][2]
    assert "confirm_form" not in response.context_data
    assert not Vessel.objects.exists()


def test_a_company_number_in_the_ship_field_is_told_as_such(staff, lead):
    stem = "523456"
    number = f"{stem}{company_check_digit(stem)}"

    response = look(staff, Vessel, f"imo_number,display_name\n{number},Ship\n")

    assert problems(response)[0][:2] == (2, "imo_number")


def test_g10_an_unknown_column_is_never_dropped_silently(staff):
    response = look(staff, Vessel, "display_name,colour\nShip,red\n")

    assert "There is no column “colour”" in response.content.decode()


def test_g16_two_rows_about_one_record_are_refused(staff, lead):
    vessel = make.vessel(lead)

    response = look(staff, Vessel, f"id,note\n{vessel.pk},a\n{vessel.pk},b\n")

    assert [(row, said) for row, _column, said in problems(response)] == [(3, "Row 2 is about the same record.")]


@pytest.mark.parametrize(("format", "content"), [("csv", b"a\x00"), ("xlsx", b"no workbook"), ("json", b"{")])
def test_a_file_that_cannot_be_read_is_explained_at_the_file(staff, format, content):
    response = look(staff, Vessel, content, format)

    assert list(response.context_data["form"].errors) == ["import_file"]


def test_columns_that_are_not_imported_cannot_be_changed(staff, lead):
    vessel = make.vessel(lead)

    response = look(staff, Vessel, f"id,circle\n{vessel.pk},{make.case(lead).reference}\n")

    assert problems(response)[0][1] == "circle"


def test_marks_that_another_system_gave_are_refused_on_a_new_row(staff):
    response = look(staff, Vessel, "display_name,circle,voided\nShip,everyone,yes\n")

    assert problems(response) == [(2, "voided", "This is not imported. Leave it empty for a new record.")]


def test_a_text_that_cannot_be_stored_is_told_in_its_row(staff):
    response = look(staff, Vessel, '[{"display_name": "a\\u0000b", "circle": "everyone"}]', "json")

    said = "Character 2 is a NUL (U+0000), which cannot be stored: remove it."
    assert problems(response) == [(2, "display_name", said)]


# --- Carrying it out --------------------------------------------------------------------------------------------


def test_an_import_goes_through_the_actions(staff, lead, case):
    vessel = make.vessel(lead, display_name="Before", circle=Circle.of_case(case))
    rows = f"id,display_name,vessel_type,circle\n{vessel.pk},After,,{case.reference}\n,New,ro-ro,{case.reference}\n"
    looked = look(staff, Vessel, rows.replace(",,", ",unknown,"))

    response = carry_out(staff, Vessel, looked)

    vessel.refresh_from_db()
    added = Vessel.objects.get(display_name="New")
    assert response.status_code == 302
    assert (vessel.display_name, vessel.version) == ("After", 2)
    assert (added.visibility, list(added.compartments.all())) == ("restricted", [case.compartment])
    assert [history([one.pk])[0].act for one in (vessel, added)] == ["changed", "added"]
    assert history([added.pk])[0].actor_id == lead.pk


def test_a_vessel_is_found_by_its_number(staff, lead):
    vessel = make.vessel(lead, imo_number="9179842", display_name="Angara")

    carry_out(staff, Vessel, look(staff, Vessel, "imo_number,note\nIMO 9179842,Seen again\n"))

    vessel.refresh_from_db()
    assert vessel.note == "Seen again"
    assert Vessel.objects.count() == 1


def test_g03_a_plan_is_carried_out_once(staff, lead):
    looked = look(staff, Vessel, "display_name,circle\nNew,everyone\n")
    first = carry_out(staff, Vessel, looked)

    second = carry_out(staff, Vessel, looked)

    assert (first.status_code, second.status_code) == (302, 409)
    assert Vessel.objects.filter(display_name="New").count() == 1


def test_g04_a_plan_belongs_to_who_looked_at_it(staff, client, lead, case):
    looked = look(staff, Vessel, "display_name,circle\nNew,everyone\n")
    other = make.user("other", is_staff=True)
    make.member(case, other, "editor")
    client.force_login(other)

    response = carry_out(client, Vessel, looked)

    assert response.status_code == 409
    assert not Vessel.objects.exists()


def test_g04_a_plan_is_for_one_kind_of_record(staff):
    looked = look(staff, Vessel, "display_name,circle\nNew,everyone\n")

    response = carry_out(staff, Item, looked)

    assert response.status_code == 409


@pytest.mark.parametrize("plan", ["", "made-up", "x" * 200])
def test_b17_nothing_is_imported_without_a_plan(staff, plan):
    assert staff.post(address(Vessel, "process_import"), {"plan": plan}).status_code == 409


def test_g05_nothing_is_imported_where_one_row_no_longer_holds_and_the_plan_is_there_again(staff, lead):
    looked = look(staff, Vessel, "imo_number,display_name,circle\n,New,everyone\n9179842,Angara,everyone\n")
    kept = make.vessel(lead, imo_number="9179842", display_name="Other")
    void_record(kept, by=lead, reason="Twice")
    response = carry_out(staff, Vessel, looked)
    names = set(Vessel.objects.values_list("display_name", flat=True))
    restore_record(kept, by=lead)
    again = carry_out(staff, Vessel, looked)

    assert (response.status_code, names) == (409, {"Other"})
    assert again.status_code == 302


def test_g28_an_unchanged_row_is_no_update_and_leaves_no_event(staff, lead):
    make.item(lead, published=None, author="Somebody")
    before = Event.objects.count()
    looked = look(staff, Item, export(staff, Item, "json").content, "json")

    carry_out(staff, Item, looked)

    assert kinds(looked) == ["skip"]
    assert Event.objects.count() == before


# --- What is hidden, and what is linked -------------------------------------------------------------------------


@pytest.fixture
def stranger(db):
    return make.user("stranger", may_open_cases=True)


@pytest.fixture
def hidden(stranger):
    return Circle.of_case(make.case(stranger))


def test_b04_a_row_that_names_a_hidden_record_is_unknown(staff, stranger, hidden):
    vessel = make.vessel(stranger, circle=hidden)

    def answer(key):
        return problems(look(staff, Vessel, f"id,note\n{key},x\n"))

    assert answer(vessel.pk) == answer("11111111-1111-4111-8111-111111111111")


@pytest.mark.parametrize("column", ["source", "place"])
def test_g15_a_hidden_link_is_refused_like_one_that_does_not_exist(staff, lead, stranger, hidden, column):
    item = make.item(lead)
    linked = make.source(stranger, circle=hidden) if column == "source" else make.place(stranger, circle=hidden)

    def answer(text):
        return [
            (row, name, said.replace(text, "…"))
            for row, name, said in problems(look(staff, Item, f"id,{column}\n{item.pk},{text}\n"))
        ]

    absent = "11111111-1111-4111-8111-111111111111"
    assert answer(str(linked.pk)) == answer(absent) == [(2, column, "There is no “…”. Add it first.")]
    assert answer(linked.name) == answer("Nobody")


def test_what_is_linked_is_found_by_id_or_exact_name_and_never_made(staff, lead):
    source = make.source(lead, name="Reuters")
    item = make.item(lead)
    count = type(source).objects.count()

    carry_out(staff, Item, look(staff, Item, f"id,source\n{item.pk},Reuters\n"))
    item.refresh_from_db()
    wrong = look(staff, Item, f"id,source\n{item.pk},Reuter\n")

    assert item.source == source
    assert problems(wrong)[0][1] == "source"
    assert type(source).objects.count() == count


def test_an_empty_cell_takes_a_link_away(staff, lead):
    item = make.item(lead, source=make.source(lead, name="Reuters"))

    carry_out(staff, Item, look(staff, Item, f"id,source\n{item.pk},\n"))

    item.refresh_from_db()
    assert item.source is None


def test_moments_are_read_as_on_the_forms(staff, lead):
    item = make.item(lead)

    carry_out(staff, Item, look(staff, Item, f"id,published\n{item.pk},early February 2024\n"))
    wrong = look(staff, Item, f"id,published\n{item.pk},31 February 2024\n")

    item.refresh_from_db()
    assert item.published.wording == "early February 2024"
    assert problems(wrong)[0][:2] == (2, "published")


def test_who_may_only_read_imports_nothing(client, case):
    viewer = make.user("viewer", is_staff=True)
    make.member(case, viewer, "viewer")
    client.force_login(viewer)

    assert client.get(address(Vessel, "import")).status_code == 403
    assert client.post(address(Vessel, "process_import"), {"plan": "x"}).status_code == 403


# --- Exporting --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["csv", "json"])
def test_a22_an_export_holds_only_what_is_visible(staff, lead, stranger, hidden, format):
    make.vessel(lead, display_name="Ours")
    make.vessel(stranger, display_name="Canary", circle=hidden)

    content = export(staff, Vessel, format).content.decode("utf-8-sig")

    assert "Ours" in content
    assert "Canary" not in content


def test_a22_a_selection_with_a_hidden_id_answers_as_if_it_did_not_exist(staff, lead, stranger, hidden):
    make.vessel(lead)
    secret = make.vessel(stranger, circle=hidden)

    def answer(key):
        sent = {"format": FORMATS["json"], "resource": "0", "export_items": [str(key)]}
        response = staff.post(address(Vessel, "export"), sent)
        return response.status_code, response.context_data["form"].errors.as_text().replace(str(key), "…")

    assert answer(secret.pk) == answer("11111111-1111-4111-8111-111111111111")


def test_a_restricted_record_does_not_tell_of_circles_that_one_is_not_in(staff, lead, case, stranger):
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    vessel.compartments.add(make.case(stranger).compartment)

    (row,) = json.loads(export(staff, Vessel, "json").content)

    assert row["circle"] == case.reference


def test_h01_formulas_are_neutralised_in_what_people_open(staff, lead):
    make.vessel(lead, display_name="=1+1")

    content = export(staff, Vessel, "csv").content.decode("utf-8-sig")

    assert '"\'=1+1"' in content


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_g17_an_export_is_read_back_without_a_change(staff, lead, case, format):
    circle = Circle.of_case(case)
    source = make.source(lead, circle=circle, name="A, “B”; C")
    for title in ("=1+1", "'=x", "two “quotes”", "Ангара ‮x"):
        make.item(
            lead, circle=circle, title=title, source=source, summary='a\nb\t"c"', place=make.place(lead, circle=circle)
        )
    take_in()
    before = digest_of_all_tables()

    looked = look(staff, Item, export(staff, Item, format).content, format)

    assert problems(looked) == []
    assert kinds(looked) == ["skip"] * 4
    assert digest_of_all_tables() == before


def test_g17_a_json_export_brings_changed_values_back(staff, lead):
    vessel = make.vessel(lead, display_name="=Before", note="a\nb")
    kept = export(staff, Vessel, "json").content
    change_vessel(vessel, by=lead, version=1, display_name="After", note="")

    carry_out(staff, Vessel, look(staff, Vessel, kept, "json"))

    vessel.refresh_from_db()
    assert (vessel.display_name, vessel.note) == ("=Before", "a\nb")


def test_an_export_asks_the_same_number_of_queries_for_two_rows_and_for_twelve(staff, lead, case):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            export(staff, Item, "json")
        return len(asked)

    for _ in range(2):
        make.item(lead, circle=Circle.of_case(case), source=make.source(lead, circle=Circle.of_case(case)))
    queries()
    few = queries()
    for _ in range(10):
        make.item(lead, circle=Circle.of_case(case), source=make.source(lead, circle=Circle.of_case(case)))
    take_in()

    assert queries() == few


def test_what_was_imported_is_said_in_numbers(staff, lead):
    looked = look(staff, Vessel, "display_name,circle\nNew,everyone\n")

    response = carry_out(staff, Vessel, looked)

    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == ["Imported: 1 added, 0 changed, 0 were the same already."]
