"""`add_evidence`: files of the machine become exhibits through the rights and rules of the page."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from casefiles.access import actions as access
from casefiles.access.circles import Circle
from casefiles.access.rules import Role
from casefiles.cases.management.commands.add_evidence import kind_of
from casefiles.cases.models import Case, CaseStatus, Exhibit
from casefiles.evidence.actions.files import store
from casefiles.evidence.models import CustodyEvent, File, Item
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Any:
    return make.lead("lead")


@pytest.fixture
def case(lead: Any) -> Case:
    return make.case(lead)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "collected"
    folder.mkdir()
    (folder / "report.txt").write_text("What the yard said.")
    (folder / "page.html").write_text("<!doctype html><html><body>The yard.</body></html>")
    return folder


def run(capsys: Any, case: Any, *arguments: Any, by: str = "lead") -> tuple[int, dict[str, Any]]:
    named = case.reference if isinstance(case, Case) else case
    code = 0
    try:
        call_command("add_evidence", named, *map(str, arguments), "--by", by, "--json")
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


def test_each_file_becomes_an_item_and_exhibit_with_its_custody(
    case: Case, lead: Any, folder: Path, capsys: Any
) -> None:
    code, report = run(
        capsys, case, folder / "report.txt", folder / "page.html", "--purpose", "Handed over at the yard."
    )

    counted = {word: report[word] for word in ("added", "held already", "refused")}
    assert (code, report["result"], report["case"]) == (0, "clean", case.reference)
    assert counted == {"added": 2, "held already": 0, "refused": 0}
    assert [(one["exhibit"], one["size_bytes"]) for one in report["files"]] == [("E-01", 19), ("E-02", 50)]
    items = [exhibit.item for exhibit in Exhibit.objects.order_by("number")]
    assert [(item.title, item.kind, item.created_by) for item in items] == [
        ("report.txt", "document", lead),
        ("page.html", "web page", lead),
    ]
    event = CustodyEvent.objects.get(item=items[0])
    assert (event.act, event.by, event.purpose) == ("received", lead, "Handed over at the yard.")
    assert event.sha256_after == report["files"][0]["sha256"]


def test_what_is_said_of_a_file_stands_with_its_item(case: Case, lead: Any, folder: Path, capsys: Any) -> None:
    source = make.source(lead, name="Harbour office")
    said = ("--title", "The yard's answer", "--kind", "official record", "--source", "harbour OFFICE")

    run(capsys, case, folder / "report.txt", *said, "--collected", "25 April 2024", "--method", "By hand.")

    item = Item.objects.get()
    assert (item.title, item.kind, item.source) == ("The yard's answer", "official record", source)
    assert (item.collected_edtf, item.collection_method) == ("2024-04-25", "By hand.")


def test_a_case_and_a_source_may_be_named_by_their_ids(case: Case, lead: Any, folder: Path, capsys: Any) -> None:
    source = make.source(lead)

    code, _report = run(capsys, str(case.pk), folder / "report.txt", "--source", source.pk)

    assert (code, Item.objects.get().source) == (0, source)


def test_a_command_that_was_broken_off_can_be_given_again(case: Case, folder: Path, capsys: Any) -> None:
    run(capsys, case, folder / "report.txt")

    code, report = run(capsys, case, folder / "report.txt", folder / "page.html")

    assert code == 0
    assert [(one["result"], one["exhibit"]) for one in report["files"]] == [("held already", "E-01"), ("added", "E-02")]


def test_d15_the_same_bytes_are_added_again_where_that_is_meant(case: Case, folder: Path, capsys: Any) -> None:
    run(capsys, case, folder / "report.txt")

    _code, report = run(capsys, case, folder / "report.txt", "--again")

    assert report["files"][0]["exhibit"] == "E-02"
    assert len(list(store().walk())) == 1


def test_r7_bytes_that_another_case_holds_are_a_new_item_without_a_word(folder: Path, case: Case, capsys: Any) -> None:
    other = make.lead("other")
    hidden = make.case(other)
    make.file(make.item(other, circle=Circle.of_case(hidden)), other, b"What the yard said.")

    _code, report = run(capsys, case, folder / "report.txt")

    assert report["files"][0]["result"] == "added"
    assert File.objects.count() == 2


def test_one_refused_file_keeps_no_other_from_being_added(case: Case, folder: Path, capsys: Any) -> None:
    (folder / "empty").touch()
    os.mkfifo(folder / "pipe")
    files = [folder / name for name in ("empty", "absent", "pipe", ".", "report.txt")]

    code, report = run(capsys, case, *files)

    assert (code, report["result"], report["refused"], report["added"]) == (1, "findings", 4, 1)
    assert [one.get("reason") for one in report["files"]] == [
        "This file is empty (0 bytes). Choose it again, or confirm that it is meant to be empty.",
        "No such file or directory",
        "This is not a regular file.",
        "Is a directory",
        None,
    ]


def test_d05_an_empty_file_is_added_where_that_is_meant(case: Case, folder: Path, capsys: Any) -> None:
    (folder / "empty").touch()

    code, report = run(capsys, case, folder / "empty", "--allow-empty")

    assert (code, report["files"][0]["size_bytes"]) == (0, 0)


def test_a_title_that_cannot_be_kept_refuses_its_file(case: Case, folder: Path, capsys: Any) -> None:
    code, report = run(capsys, case, folder / "report.txt", "--title", "x" * 501)

    assert (code, report["refused"]) == (1, 1)
    assert "500" in report["files"][0]["reason"]
    assert not Item.objects.exists()


def test_nothing_begins_where_somebody_may_not_or_something_is_not_there(
    case: Case, lead: Any, folder: Path, capsys: Any
) -> None:
    reader, outsider, disabled = make.user("reader"), make.user("outsider"), make.user("disabled", is_active=False)
    for person in (reader, disabled):
        access.set_role(compartment=case.compartment, user=person, role=Role.VIEWER, by=lead)
    file = folder / "report.txt"

    def reason(*arguments: Any, named: Any = case, by: str = "lead") -> str:
        code, report = run(capsys, named, *arguments, by=by)
        assert (code, report["result"]) == (2, "could not run")
        return str(report["reason"])

    assert (
        reason(file, by=outsider.username)
        == reason(file, named="CF-XXXXX")
        == "There is no such case for this account."
    )
    assert reason(file, by=disabled.username) == reason(file, by="nobody") == "There is no active account of that name."
    assert reason(file, by=reader.username) == "This account may read the case, but not add to it."
    assert reason(file, "--source", "Nobody").startswith("There is no such source")
    assert reason(file, "--collected", "04/05/2024").startswith("--collected: ")
    assert reason(file, file, "--title", "Two").startswith("--title is for one file")
    assert list(store().walk()) == []


def test_b16_a_closed_case_takes_nothing(case: Case, folder: Path, capsys: Any) -> None:
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.CLOSED)

    code, report = run(capsys, case, folder / "report.txt")

    assert (code, report["reason"]) == (2, "This case is closed: reopen it to change it.")


def test_it_says_the_same_in_words(case: Case, folder: Path, capsys: Any) -> None:
    (folder / "a\u202eb.txt").write_text("x")

    with pytest.raises(SystemExit):
        call_command(
            "add_evidence", case.reference, str(folder / "a\u202eb.txt"), str(folder / "absent"), "--by", "lead"
        )

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Result: findings"
    assert lines[1].startswith("added: E-01 ")
    assert (
        "a⟨U+202E⟩b.txt (1 bytes, SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881)" in lines[1]
    )
    assert lines[2].startswith("refused: ")


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("image/jpeg", "photograph"),
        ("video/mp4", "video"),
        ("text/html", "web page"),
        ("application/pdf", "document"),
        ("application/octet-stream", "document"),
    ],
)
def test_what_a_file_is_taken_for_where_nobody_says_it(media_type: str, kind: str) -> None:
    assert kind_of(media_type) == kind
