"""Bytes in: durable before the row, one blob for the same bytes, and nothing kept of what is refused."""

import hashlib
import resource
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.audit.models import Event
from casefiles.core.refusals import Refused
from casefiles.evidence import selectors
from casefiles.evidence.actions import files, items
from casefiles.evidence.models import CustodyEvent, File
from tests import make
from tests.core.test_filestore import limit

pytestmark = pytest.mark.django_db

CONTENT = b"What the page said."
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    circle = make.restricted_to(make.circle(lead, viewer=viewer))
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, item=make.item(lead, circle=circle))


def blobs(settings: Any) -> list[Path]:
    return [path for path in Path(settings.EVIDENCE_ROOT).rglob("*") if path.is_file()]


def test_a_file_is_kept_under_its_digest_with_custody_and_audit_in_one_unit(world: Any) -> None:
    file = make.file(world.item, world.lead, CONTENT, "page.txt", purpose="saved by hand")

    assert (file.sha256, file.size_bytes, file.media_type) == (DIGEST, len(CONTENT), "text/plain")
    assert files.store().path_of(DIGEST).read_bytes() == CONTENT
    custody = CustodyEvent.objects.get(file=file)
    assert (custody.act, custody.by, custody.purpose) == ("received", world.lead, "saved by hand")
    assert (custody.sha256_before, custody.sha256_after) == ("", DIGEST)
    assert list(Event.objects.order_by("seq").values_list("record_kind", "act"))[-2:] == [
        ("evidence.file", "added"),
        ("evidence.custodyevent", "custody: received"),
    ]
    assert custody.event_id == Event.objects.order_by("seq").last().pk


def test_d12_what_is_claimed_is_kept_apart_from_what_is_found(world: Any) -> None:
    file = make.file(world.item, world.lead, b"<!doctype html><p>", "photo.png", claimed_media_type="image/png")

    assert (file.media_type, file.claimed_media_type) == ("text/html", "image/png")


def test_d15_the_same_bytes_twice_are_one_blob_and_two_files(world: Any, settings: Any) -> None:
    first = make.file(world.item, world.lead, CONTENT, "one.txt")
    second = make.file(make.item(world.lead), world.lead, CONTENT, "two.txt")

    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    assert len(blobs(settings)) == 1
    assert CustodyEvent.objects.filter(act="received").count() == 2


def test_a_twin_is_told_only_to_those_who_may_see_it(world: Any) -> None:
    file = make.file(world.item, world.lead, CONTENT)

    assert selectors.visible_twin(DIGEST, world.viewer) == file
    assert selectors.visible_twin(DIGEST, world.stranger) is None


def test_a_twin_on_a_voided_item_is_not_offered(world: Any) -> None:
    make.file(world.item, world.lead, CONTENT)
    items.void_item(world.item, by=world.lead, reason="Entered by mistake.")

    assert selectors.visible_twin(DIGEST, world.lead) is None


def test_d05_an_empty_file_is_refused_and_nothing_is_kept(world: Any, settings: Any) -> None:
    with pytest.raises(files.EmptyFile) as refused:
        files.attach_file(world.item, by=world.lead, chunks=[b"", b""], name="empty.txt")

    assert refused.value.field == "file"
    assert blobs(settings) == []
    assert not File.objects.exists()


def test_d05_an_empty_file_is_kept_where_that_is_confirmed(world: Any) -> None:
    file = files.attach_file(world.item, by=world.lead, chunks=[], name="empty.txt", is_empty_allowed=True)

    assert file.sha256.startswith("e3b0c442")
    assert (file.size_bytes, file.media_type) == (0, "application/x-empty")


@pytest.mark.parametrize(("extra", "is_kept"), [(-1, True), (0, True), (1, False)])
def test_d06_a_file_over_the_limit_is_refused_and_nothing_is_kept(
    world: Any, settings: Any, extra: int, is_kept: bool
) -> None:
    settings.EVIDENCE_MAX_BYTES = 1000
    chunks = [b"x" * 500, b"y" * (500 + extra)]

    if is_kept:
        files.attach_file(world.item, by=world.lead, chunks=chunks, name="a")
    else:
        with pytest.raises(files.TooManyBytes, match="1,000 bytes"):
            files.attach_file(world.item, by=world.lead, chunks=chunks, name="a")

    assert len(blobs(settings)) == int(is_kept)
    assert File.objects.count() == int(is_kept)


@pytest.mark.parametrize("taken_bytes", [0, 1, 65_536, 65_537, 5 * 65_536 - 1])
def test_j12_a_disk_that_fills_at_any_write_keeps_nothing_and_is_said_to_be_full(taken_bytes: int) -> None:
    """The limit on the size of files stands for the end of the disk: the system takes so much, and then no more."""
    chunks = [bytes([number]) * 65_536 for number in range(5)]

    with limit(resource.RLIMIT_FSIZE, taken_bytes), pytest.raises(files.NoRoom, match="disk is nearly full") as refusal:
        files.receive(chunks=chunks, name="large.bin")

    assert refusal.value.code == "no_room"
    assert (list(files.store().walk()), list((files.store().root / "tmp").iterdir())) == ([], [])
    assert files.receive(chunks=chunks, name="large.bin").size_bytes == 5 * 65_536


def test_d21_at_the_disk_floor_nothing_is_taken_and_reading_goes_on(world: Any, settings: Any) -> None:
    held = make.file(world.item, world.lead, CONTENT)
    settings.EVIDENCE_DISK_FLOOR_BYTES = 2**62

    with pytest.raises(files.NoRoom, match="nearly full"):
        make.file(world.item, world.lead, b"more")

    with files.store().open_verified(held.sha256) as opened:
        assert b"".join(opened) == CONTENT


def test_r7_a_damaged_twin_is_refused_without_telling_that_it_is_held(world: Any) -> None:
    """Fails where the refusal repeats what the store says of the held copy."""
    held = make.file(world.item, world.lead, CONTENT)
    path = files.store().path_of(held.sha256)
    path.chmod(0o600)
    path.write_bytes(b"Something else here")

    with pytest.raises(files.NoRoom) as refused:
        make.file(make.item(world.lead), world.lead, CONTENT)

    assert "held" not in str(refused.value.message)
    assert DIGEST not in str(refused.value.message)


def test_d08_an_upload_that_breaks_off_leaves_nothing(world: Any, settings: Any) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half of it"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.attach_file(world.item, by=world.lead, chunks=chunks(), name="a")

    assert blobs(settings) == []
    assert not File.objects.exists()


@pytest.mark.parametrize("name", ["a\x00b.txt", "photo\u202egpj.exe", "../../etc/passwd", "x" * 5000, ""])
def test_d01_a_hostile_name_is_kept_for_display_and_never_becomes_a_path(world: Any, settings: Any, name: str) -> None:
    file = make.file(world.item, world.lead, CONTENT, name)

    file.refresh_from_db()
    assert "\x00" not in file.name
    assert len(file.name) <= 400
    assert [path.name for path in blobs(settings)] == [DIGEST]


def test_b03_a_file_goes_only_onto_an_item_that_one_may_edit(world: Any, settings: Any) -> None:
    with pytest.raises(NotAllowed):
        make.file(world.item, world.viewer)
    with pytest.raises(NotVisible):
        make.file(world.item, world.stranger)

    assert blobs(settings) == []


def test_a_voided_item_takes_no_files(world: Any) -> None:
    items.void_item(world.item, by=world.lead, reason="Entered by mistake.")

    with pytest.raises(Refused, match="voided"):
        make.file(world.item, world.lead)


def test_a_derivative_names_its_parent_and_how_it_was_made(world: Any) -> None:
    parent = make.file(world.item, world.lead, b"original")
    child = make.file(
        world.item, world.lead, b"cropped", role="derivative", parent=parent, transformation="Cropped to the hull."
    )

    assert child.parent == parent
    custody = CustodyEvent.objects.get(file=child)
    assert (custody.act, custody.sha256_before, custody.sha256_after) == ("derived", parent.sha256, child.sha256)


def test_a_derivative_without_parent_or_way_of_making_or_of_another_item_is_refused(world: Any) -> None:
    parent = make.file(world.item, world.lead, b"original")
    foreign = make.file(make.item(world.lead), world.lead, b"of another item")

    for values, field in (
        ({"parent": None, "transformation": "Cropped."}, "parent"),
        ({"parent": parent, "transformation": " "}, "transformation"),
        ({"parent": foreign, "transformation": "Cropped."}, "parent"),
    ):
        with pytest.raises(Refused) as refused:
            make.file(world.item, world.lead, b"cropped", role="derivative", **values)
        assert refused.value.field == field


def test_l23_bytes_without_a_row_are_all_that_a_failure_can_leave(world: Any, settings: Any) -> None:
    """The row fails after the bytes are durable: no row, no event, one orphan for `sweep`."""
    with pytest.raises(Exception, match="role"):
        make.file(world.item, world.lead, CONTENT, role="nonsense")

    assert not File.objects.exists()
    assert not CustodyEvent.objects.exists()
    assert len(blobs(settings)) == 1


def test_what_was_received_can_be_named_again_only_by_the_same_person(world: Any) -> None:
    received = files.receive(chunks=[CONTENT], name="page.txt")
    token = received.token(by=world.lead)

    assert files.Received.from_token(token, by=world.lead) == received
    assert files.Received.from_token(token, by=world.viewer) is None
    assert files.Received.from_token(token[:-2], by=world.lead) is None
