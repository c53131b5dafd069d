"""What is found in a file is kept beside it, may be made anew, and is never evidence itself."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from casefiles.audit.models import Event
from casefiles.evidence import cage
from casefiles.evidence.actions import files, items, reading
from casefiles.evidence.actions.citations import check_again
from casefiles.evidence.models import CustodyEvent, File, Reading
from casefiles.evidence.reading import READERS_VERSION
from tests import make

pytestmark = pytest.mark.django_db

TEXT = "Стоял у причала.".encode("utf-16")


@pytest.fixture
def world() -> SimpleNamespace:
    lead, stranger = make.lead(), make.user()
    circle = make.restricted_to(make.circle(lead))
    return SimpleNamespace(lead=lead, stranger=stranger, item=make.item(lead, circle=circle), circle=circle)


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40)).save(drawn, "PNG")
    return drawn.getvalue()


def test_a_picture_is_measured(world: Any) -> None:
    file = make.file(world.item, world.lead, picture(), "photo.txt")

    found = reading.read_file(file)

    assert (found.state, found.reader, found.form) == ("read", "image", "PNG")
    assert found.measured == {"width_px": 60, "height_px": 40, "mode": "RGB"}
    assert found.text is None


def test_text_is_kept_as_a_derivative_of_the_file_with_its_custody(world: Any) -> None:
    file = make.file(world.item, world.lead, TEXT, "note.txt")

    text = reading.read_file(file).text

    assert (text.role, text.parent, text.created_by) == ("derivative", file, None)
    assert text.transformation == "text extracted: Casefiles text reader 2"
    assert files.store().path_of(text.sha256).read_text() == "Стоял у причала."
    custody = CustodyEvent.objects.get(file=text)
    assert (custody.act, custody.by) == ("derived", None)
    assert (custody.sha256_before, custody.sha256_after) == (file.sha256, text.sha256)


def test_a_quote_that_had_no_text_is_looked_for_once_there_is_one(world: Any) -> None:
    name = make.name_use(world.lead, make.vessel(world.lead), "Angara", circle=world.circle)
    cited = [make.citation(name, world.item, world.lead, quote=quote) for quote in ("у причала", "в море", "")]

    reading.read_file(make.file(world.item, world.lead, TEXT, "note.txt"))

    for citation in cited:
        citation.refresh_from_db()
    assert [(one.quote_check, one.version) for one in cited] == [("found", 1), ("not found", 1), ("no quote", 1)]
    assert Event.objects.filter(act="quote checked").count() == 2


def test_reading_again_makes_no_second_text(world: Any) -> None:
    file = make.file(world.item, world.lead, TEXT, "note.txt")
    first = reading.read_file(file)

    second = reading.read_file(file)

    assert (second.pk, second.text) == (first.pk, first.text)
    assert File.objects.filter(parent=file).count() == 1


def test_e00_what_cannot_be_parsed_is_kept_and_says_why(world: Any) -> None:
    file = make.file(world.item, world.lead, picture()[:40], "cut.png")

    found = reading.read_file(file)

    assert (found.state, found.reason) == ("not parsed", "it is damaged, or no picture of a known form")
    assert files.store().path_of(file.sha256).exists()


def test_what_has_no_reader_is_kept_as_it_is(world: Any) -> None:
    file = make.file(world.item, world.lead, b"\x7fELF\x00\x01", "program")

    assert (reading.read_file(file).state, reading.read_file(file).reason) == ("opaque", "")


def test_l03_damaged_bytes_are_not_read_and_stay_waiting(world: Any) -> None:
    file = make.file(world.item, world.lead, picture())
    path = files.store().path_of(file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"x" * file.size_bytes)

    assert reading.read_waiting() == 0
    assert list(File.objects.waiting_to_be_read(READERS_VERSION)) == [file]


def test_what_waits_is_read_oldest_first_and_once(world: Any) -> None:
    made = [make.file(world.item, world.lead, b"%d words" % number) for number in range(3)]
    seen: list[File] = []

    first = reading.read_waiting(most=2, progress=seen.append)
    rest = reading.read_waiting(progress=seen.append)

    assert (first, rest, reading.read_waiting()) == (2, 1, 0)
    assert seen == made


def test_files_are_read_again_by_newer_readers(world: Any) -> None:
    file = make.file(world.item, world.lead, picture())
    reading.read_file(file)
    Reading.objects.update(version=READERS_VERSION - 1)

    assert reading.read_waiting() == 1
    assert Reading.objects.get().version == READERS_VERSION


def test_a_reading_is_seen_by_those_who_see_the_item(world: Any) -> None:
    found = reading.read_file(make.file(world.item, world.lead, picture()))

    assert list(Reading.objects.visible_to(world.lead)) == [found]
    assert not Reading.objects.visible_to(world.stranger).exists()


@pytest.mark.parametrize("body", [b"nonsense", b"[]", b"[" * 100_000, b"\xff"])
def test_findings_that_are_no_mapping_are_not_believed(body: bytes) -> None:
    with pytest.raises(cage.NotParsed, match="no answer that can be used"):
        reading.findings_in([cage.Frame("findings", body)])


def test_a_reader_that_found_nothing_found_an_empty_mapping() -> None:
    assert reading.findings_in([]) == {}


def test_a_quote_waits_on_while_there_is_no_text(world: Any) -> None:
    name = make.name_use(world.lead, make.vessel(world.lead), "Angara", circle=world.circle)
    make.citation(name, world.item, world.lead, quote="у причала")

    assert check_again(world.item) == 0


def test_files_of_a_voided_item_are_read_all_the_same(world: Any) -> None:
    file = make.file(world.item, world.lead, TEXT)
    items.void_item(world.item, by=world.lead, reason="Wrong ship.")

    assert reading.read_file(file).text is not None
