"""`fixity`: what it finds, what it says, how it ends, and that a run that was broken off goes on where it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casefiles.audit.selectors import history
from casefiles.core.pace import Pace
from casefiles.evidence.actions import files
from casefiles.evidence.actions.fixity import check_files
from casefiles.evidence.models import CustodyEvent, File, FixityRun
from casefiles.evidence.selectors import damages
from tests import make
from tests.elsewhere import leading_elsewhere

pytestmark = pytest.mark.django_db


def run(capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    code = 0
    try:
        call_command("fixity", "--json", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def lead() -> Any:
    lead = make.lead()
    make.circle(lead)
    return lead


@pytest.fixture
def held(lead: Any) -> File:
    return make.file(make.item(lead), lead, b"Some evidence." * 10)


def path_of(file: File) -> Path:
    return files.store().path_of(file.sha256)


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def acts(file: File) -> list[str]:
    return list(CustodyEvent.objects.filter(file=file).order_by("at").values_list("act", flat=True))


# --- What it finds -------------------------------------------------------------------------------------------------


def test_it_is_clean_where_every_byte_is_right(held: File, capsys: Any) -> None:
    code, report = run(capsys)

    counted = {name: report[name] for name in ("digests_checked", "bytes_checked", "bytes_total", "is_finished")}
    assert (code, report["result"], report["findings"]) == (0, "clean", [])
    assert counted == {"digests_checked": 1, "bytes_checked": 140, "bytes_total": 140, "is_finished": True}


def test_an_empty_store_is_not_said_to_be_clean(capsys: Any) -> None:
    code, report = run(capsys)

    assert (code, report["result"], report["digests_checked"]) == (0, "nothing to check", 0)


DAMAGES = [
    (lambda path: overwrite(path, b"some evidence." * 10), "wrong_bytes"),
    (lambda path: overwrite(path, b""), "wrong_size"),
    (lambda path: overwrite(path, b"Some evidence." * 10 + b"x"), "wrong_size"),
    (lambda path: path.unlink(), "missing"),
    (lambda path: (path.unlink(), path.symlink_to("/etc/hostname")), "not_a_regular_file"),
]


@pytest.mark.parametrize(("damage", "verdict"), DAMAGES)
def test_l02_each_damage_is_named(held: File, capsys: Any, damage: Any, verdict: str) -> None:
    damage(path_of(held))

    code, report = run(capsys)

    assert code == 1
    assert [(one["file_id"], one["verdict"]) for one in report["findings"]] == [(str(held.pk), verdict)]
    assert CustodyEvent.objects.filter(file=held, act="failed check", by=None).count() == 1


def test_l06_a_row_changed_to_match_a_forged_file_is_found(held: File, capsys: Any) -> None:
    forged = files.receive(chunks=[b"Forged."], name="x")
    File.objects.filter(pk=held.pk).update(sha256=forged.sha256, size_bytes=forged.size_bytes)

    code, report = run(capsys)

    assert (code, [one["verdict"] for one in report["findings"]]) == (1, ["row_changed"])


def test_l06_a_size_changed_in_the_row_is_found(held: File, capsys: Any) -> None:
    File.objects.filter(pk=held.pk).update(size_bytes=139)

    code, report = run(capsys)

    assert (code, [one["verdict"] for one in report["findings"]]) == (1, ["wrong_size"])


def test_l06_two_rows_of_one_digest_and_two_sizes_are_both_looked_at(held: File, lead: Any, capsys: Any) -> None:
    other = make.file(make.item(lead), lead, b"Some evidence." * 10)
    File.objects.filter(pk=other.pk).update(size_bytes=1)

    code, report = run(capsys)

    assert (code, [one["file_id"] for one in report["findings"]]) == (1, [str(other.pk)])


def test_l06_a_row_that_names_no_digest_at_all_is_found_and_stops_nothing(held: File, lead: Any, capsys: Any) -> None:
    other = make.file(make.item(lead), lead, b"Other evidence.")
    File.objects.filter(pk=held.pk).update(sha256="../../etc/passwd")

    code, report = run(capsys)

    found = sorted((one["file_id"], one["verdict"]) for one in report["findings"])
    assert (code, found) == (1, [(str(held.pk), "missing"), (str(held.pk), "row_changed")])
    assert str(other.pk) not in str(report["findings"])


def test_every_file_with_damaged_bytes_is_named_also_in_another_case(held: File, capsys: Any) -> None:
    stranger = make.lead()
    make.circle(stranger)
    twin = make.file(make.item(stranger), stranger, b"Some evidence." * 10)
    path_of(held).unlink()

    _code, report = run(capsys)

    assert {one["file_id"] for one in report["findings"]} == {str(held.pk), str(twin.pk)}
    assert report["digests_checked"] == 1


def test_a_damage_is_recorded_once_and_so_is_its_repair(held: File, capsys: Any) -> None:
    right = path_of(held).read_bytes()
    overwrite(path_of(held), b"wrong")
    assert [run(capsys)[0] for _run in range(2)] == [1, 1]
    overwrite(path_of(held), right)
    assert [run(capsys)[0] for _run in range(2)] == [0, 0]

    assert acts(held) == ["received", "failed check", "verified"]


def test_another_damage_of_the_same_file_is_recorded_too(held: File, capsys: Any) -> None:
    overwrite(path_of(held), b"wrong")
    run(capsys)
    path_of(held).unlink()

    _code, report = run(capsys)

    assert [one["verdict"] for one in report["findings"]] == ["missing"]
    assert acts(held) == ["received", "failed check", "failed check"]


def test_after_a_repair_only_what_failed_is_read_again(held: File, lead: Any, capsys: Any) -> None:
    other = make.file(make.item(lead), lead, b"Other evidence.")
    right = path_of(held).read_bytes()
    for file in (held, other):
        overwrite(path_of(file), b"wrong")
    run(capsys)
    overwrite(path_of(held), right)

    code, report = run(capsys, "--damaged")

    assert (code, [one["file_id"] for one in report["findings"]]) == (1, [str(other.pk)])
    assert (acts(held)[-1], acts(other)[-1]) == ("verified", "failed check")
    assert FixityRun.objects.count() == 1


def test_j22_what_came_last_is_told_by_the_chain_and_not_by_the_clock(held: File, capsys: Any) -> None:
    """Breaks if a clock that was set back hides a failed check behind an older success."""
    files.record_verified(held, by=None)
    CustodyEvent.objects.filter(file=held, act="verified").update(at="2030-01-01T00:00:00Z")
    overwrite(path_of(held), b"wrong")

    run(capsys)

    assert [damage.file for damage in damages(File.objects.all())] == [held]


# --- Where it cannot run -------------------------------------------------------------------------------------------


def test_a_store_that_cannot_be_opened_was_not_checked(settings: Any, capsys: Any) -> None:
    settings.EVIDENCE_ROOT = Path("/proc/nowhere")

    code, report = run(capsys)

    assert (code, report["result"]) == (2, "could not run")
    assert "nowhere" not in report["reason"]


def test_a_disk_that_is_not_mounted_is_no_damage_of_a_thousand_files(
    held: File, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "empty mount point"

    code, report = run(capsys)

    assert (code, report["result"]) == (2, "could not run")
    assert "is its disk mounted?" in report["reason"]
    assert acts(held) == ["received"]


def test_j21_two_at_once_do_not_do_the_same_work(held: File, capsys: Any) -> None:
    with leading_elsewhere("fixity"):
        code, report = run(capsys)

    assert (code, report["result"]) == (2, "could not run")
    assert not FixityRun.objects.exists()


def test_a_pace_of_nothing_is_a_mistake() -> None:
    with pytest.raises(CommandError, match="more than 0"):
        call_command("fixity", "--mb-per-second", "0")


# --- Going on, and how fast ----------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


@pytest.fixture
def five(lead: Any) -> list[File]:
    """Five files in the order of their digests."""
    item = make.item(lead)
    made = [make.file(item, lead, b"Evidence %d." % number) for number in range(5)]
    return sorted(made, key=lambda file: file.sha256)


def checked_digests(**options: Any) -> list[str]:
    """Return the digests that a run, or a part of one, reads."""
    seen: list[str] = []

    def note(run: FixityRun) -> None:
        if run.position and run.position not in seen:
            seen.append(run.position)

    check_files(progress=note, **options)
    return seen


def test_a_part_of_a_run_is_followed_by_the_rest_of_it(five: list[File]) -> None:
    first = check_files(is_enough=lambda run: run.digests_checked == 2)
    rest = check_files()

    assert (first.run.is_finished, first.run.position) == (False, five[1].sha256)
    assert (rest.run.pk, rest.was_resumed, rest.run.is_finished) == (first.run.pk, True, True)
    assert (rest.run.digests_checked, rest.run.bytes_checked) == (5, sum(file.size_bytes for file in five))


def test_a_killed_run_goes_on_from_what_it_saved_last(five: list[File]) -> None:
    def die(run: FixityRun) -> None:
        if run.digests_checked == 3:
            raise Killed

    with pytest.raises(Killed):
        check_files(progress=die, saved_every_seconds=0)

    assert checked_digests()[-2:] == [file.sha256 for file in five[3:]]
    assert FixityRun.objects.get().digests_checked == 5


def test_a_run_that_goes_on_still_names_what_was_found_before_it_was_broken_off(five: list[File], capsys: Any) -> None:
    path_of(five[0]).unlink()
    check_files(is_enough=lambda run: run.digests_checked == 2)

    code, report = run(capsys)

    assert (code, report["was_resumed"]) == (1, True)
    assert [one["file_id"] for one in report["findings"]] == [str(five[0].pk)]


def test_a_run_may_begin_again(five: list[File], capsys: Any) -> None:
    check_files(is_enough=lambda run: run.digests_checked == 2)

    _code, report = run(capsys, "--restart")

    assert (report["was_resumed"], report["digests_checked"]) == (False, 5)
    assert FixityRun.objects.count() == 1


def test_a_finished_run_is_followed_by_a_new_one(five: list[File]) -> None:
    first, second = check_files(), check_files()

    assert (second.was_resumed, second.run.digests_checked) == (False, 5)
    assert first.run.pk != second.run.pk


def test_a_part_that_found_nothing_is_not_called_clean(five: list[File], capsys: Any) -> None:
    code, report = run(capsys, "--seconds", "0")

    assert (code, report["result"], report["digests_checked"]) == (0, "clean so far", 1)


def test_the_end_of_a_run_is_an_event_with_its_counts(five: list[File]) -> None:
    path_of(five[0]).unlink()

    checked = check_files()

    (entry,) = history([checked.run.pk])
    assert entry.act == "every file checked"
    assert {change.field: change.new for change in entry.changes} == {
        "digests_checked": 5,
        "bytes_checked": sum(file.size_bytes for file in five),
        "damaged": 1,
    }


def test_reading_keeps_to_a_pace(held: File) -> None:
    waited: list[float] = []

    check_files(pace=Pace(14, clock=lambda: 0.0, sleep=waited.append))

    assert waited == [10.0]


def test_l05_a_file_that_changes_while_it_is_read_is_reported_and_stops_nothing(five: list[File]) -> None:
    """The file is cut short after its size was looked at and before its bytes are read."""
    victim = path_of(five[1])

    checked = check_files(pace=Pace(1e9, sleep=lambda _seconds: overwrite(victim, b"cut")))

    assert [bad.file_id for bad in checked.findings] == [str(five[1].pk)]
    assert checked.run.digests_checked == 5


def test_the_number_of_queries_does_not_grow_with_sound_files(lead: Any, assert_same_queries: Any) -> None:
    item = make.item(lead)

    def add(count: int) -> None:
        for number in range(count):
            make.file(item, lead, b"%d %d" % (make.number(), number))

    assert_same_queries(check_files, add)


def test_it_says_the_same_in_words(held: File, capsys: Any) -> None:
    overwrite(path_of(held), b"wrong")

    with pytest.raises(SystemExit):
        call_command("fixity")

    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Result: findings",
        "Digests checked: 1 (140 bytes of 140 bytes)",
        f"wrong_size: {held.sha256} (file {held.pk})",
    ]
