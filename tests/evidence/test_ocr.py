"""Words in pictures: a derivative that says it may be wrong, made behind walls, where tesseract is installed."""

import io
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from casefiles.evidence import ocr
from casefiles.evidence.actions import reading, recognising
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.models import CustodyEvent, File, Recognition
from casefiles.evidence.store import store
from tests import make
from tests.conftest import IN_CI
from tests.elsewhere import leading_elsewhere
from tests.evidence.pdf_writer import pdf
from tests.evidence.test_letters import rows

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

TESSERACT = shutil.which("tesseract")
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
SAID = rows((1, 1, 93, "ANGARA"), (1, 1, 91, "9179842"), (2, 1, 30, "waves"))


def stand_in(folder: Path, answer: str, *, languages: str = "eng\nrus") -> str:
    """Write a program that answers as tesseract would be hoped to, or not."""
    program, said = folder / "tesseract", folder / "said"
    said.write_text(SAID)
    lines = [
        "#!/bin/sh",
        '[ "$1" = --version ] && echo "tesseract 0.0-stand-in" && exit',
        f'[ "$1" = --list-langs ] && printf \'Languages in "{folder}" (2):\\n{languages}\\n\' && exit',
        answer.format(said=said),
    ]
    program.write_text("\n".join(lines))
    program.chmod(0o755)
    return str(program)


def picture(mode: str = "RGB", form: str = "PNG") -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, (60, 40)).save(drawn, form)
    return drawn.getvalue()


@pytest.fixture
def program(settings: Any, tmp_path: Path) -> str:
    settings.TESSERACT = stand_in(tmp_path, "cat {said}")
    return str(settings.TESSERACT)


@pytest.fixture
def world() -> SimpleNamespace:
    lead, stranger = make.lead(), make.user()
    circle = make.restricted_to(make.circle(lead))
    return SimpleNamespace(lead=lead, stranger=stranger, circle=circle, item=make.item(lead, circle=circle))


def read(world: Any, content: bytes, name: str = "hull.png") -> File:
    file: File = make.file(world.item, world.lead, content, name)
    reading.read_file(file)
    return file


def recognised(file: File) -> Recognition:
    return Recognition.objects.select_related("text").get(file=file)


def page_of(world: Any, address: str, by: Any = None) -> str:
    client = Client()
    client.force_login(by or world.lead)
    return str(client.get(address).content.decode())


def test_words_of_a_picture_are_a_derivative_that_says_it_may_be_wrong(world: Any, program: str) -> None:
    file = read(world, picture())

    assert recognising.recognise_waiting() == 1

    found = recognised(file)
    text = found.text
    assert (text.role, text.parent, text.media_type, text.created_by) == ("derivative", file, "text/plain", None)
    assert text.transformation == "read by OCR, may be wrong: tesseract 0.0-stand-in, eng, sure to 92 % in the mean"
    assert store().path_of(text.sha256).read_text() == "ANGARA 9179842"
    assert text.is_read_by_ocr
    assert not file.is_read_by_ocr
    assert (found.findings["words"], found.findings["left_out"], found.findings["confidence"]) == (2, 1, 92.0)
    assert (CustodyEvent.objects.get(file=text).act, str(found)) == ("derived", "read tesseract 0.0-stand-in, eng")


def test_a_quote_that_stands_only_in_words_read_by_ocr_says_so(world: Any, program: str) -> None:
    name = make.name_use(world.lead, make.vessel(world.lead), "Angara", circle=world.circle)
    seen, missed = (make.citation(name, world.item, world.lead, quote=quote) for quote in ("ANGARA", "MARIA"))
    read(world, picture())

    recognising.recognise_waiting()

    verdicts = []
    for citation in (seen, missed):
        citation.refresh_from_db()
        verdicts.append((citation.quote_check, citation.version))
    assert verdicts == [("found in OCR", 1), ("not found", 1)]
    assert "found only in words read by OCR" in page_of(world, name.get_absolute_url())


def test_a_quote_that_a_text_holds_too_is_found_as_any_other(world: Any, program: str) -> None:
    name = make.name_use(world.lead, make.vessel(world.lead), "Angara", circle=world.circle)
    read(world, picture())
    recognising.recognise_waiting()
    citation = make.citation(name, world.item, world.lead, quote="ANGARA")
    assert citation.quote_check == "found in OCR"

    read(world, b"The ANGARA lay at the yard.", "note.txt")

    citation.refresh_from_db()
    assert citation.quote_check == "found"


def test_recognised_words_are_found_by_search_by_those_who_may_see_the_item(world: Any, program: str) -> None:
    read(world, picture())
    recognising.recognise_waiting()

    assert "9179842" in page_of(world, "/search/?q=9179842").replace("<mark>", "").replace("</mark>", "")
    assert world.item.title in page_of(world, "/search/?q=9179842")
    assert world.item.title not in page_of(world, "/search/?q=9179842", by=world.stranger)


def test_the_pages_say_that_a_program_read_the_words(world: Any, program: str) -> None:
    file = read(world, picture())
    recognising.recognise_waiting()

    item = page_of(world, world.item.get_absolute_url())
    words = page_of(world, reverse("workspace:read", args=[file.pk]))
    text = page_of(world, f"{world.item.get_absolute_url()}?show={recognised(file).text_id}")

    assert "Words read by OCR, which may be wrong" in item
    assert "2 words, by tesseract 0.0-stand-in, eng" in item
    assert "Read by OCR from the picture, so it may be wrong" in words
    assert "ANGARA 9179842" in words
    assert reverse("evidence:preview", args=[file.pk]) in words
    assert "Read by OCR from a picture; it may be wrong." in text


def test_of_a_pdf_only_pages_without_words_are_read_and_stand_at_their_place(world: Any, program: str) -> None:
    file = read(world, pdf("Words of its own.", "", ""), "scan.pdf")

    recognising.recognise_waiting()

    found = recognised(file)
    assert found.findings["pages_with_words"] == [2, 3]
    assert store().path_of(found.text.sha256).read_text() == "\fANGARA 9179842\fANGARA 9179842"
    first, second = (page_of(world, f"/evidence/files/{file.pk}/read/?page={number}") for number in (1, 2))
    assert "Words of its own." in first
    assert "Read by OCR" not in first
    assert "ANGARA 9179842" in second
    assert "Read by OCR" in second


def test_a_pdf_without_any_words_is_read_whole_and_one_with_words_on_each_page_not_at_all(
    world: Any, program: str
) -> None:
    scanned, written = read(world, pdf("", ""), "scan.pdf"), read(world, pdf("One.", "Two."), "report.pdf")

    recognising.recognise_waiting()

    assert recognised(scanned).findings["pages"] == 2
    assert (recognised(written).findings["pages"], recognised(written).text) == (0, None)


def test_what_was_looked_at_waits_no_more_until_other_languages_are_asked_for(
    world: Any, program: str, settings: Any
) -> None:
    file = read(world, picture())
    recognising.recognise_waiting()
    assert recognising.recognise_waiting() == 0

    settings.OCR_LANGUAGES = "eng+rus+kor"

    assert recognising.recognise_waiting() == 1
    assert recognised(file).languages == "eng+rus"
    assert File.objects.filter(parent=file).count() == 1


@pytest.mark.parametrize("path", ["/nowhere/tesseract", None])
def test_without_the_program_or_its_languages_nothing_is_read_and_nothing_said(
    world: Any, settings: Any, tmp_path: Path, path: str | None
) -> None:
    settings.TESSERACT = path or stand_in(tmp_path, "cat {said}", languages="fra")
    read(world, picture())

    assert (ocr.program(), recognising.recognise_waiting()) == (None, 0)
    assert "OCR" not in page_of(world, world.item.get_absolute_url())


def test_a_program_that_cannot_be_asked_is_none(settings: Any, tmp_path: Path) -> None:
    broken = tmp_path / "tesseract"
    broken.write_bytes(b"\x7fELF no program")
    broken.chmod(0o755)
    settings.TESSERACT = str(broken)

    assert ocr.program() is None


@pytest.mark.parametrize("answer", ["exit 1", "echo words", "kill -9 $$", "head -c 100000 /dev/zero"])
def test_a_program_that_answers_nothing_of_use_is_not_believed(
    world: Any, settings: Any, tmp_path: Path, answer: str
) -> None:
    settings.TESSERACT = stand_in(tmp_path, answer)
    file = read(world, picture())

    recognising.recognise_waiting()

    assert (recognised(file).state, recognised(file).text) == ("read", None)


def test_what_cannot_be_drawn_says_why(world: Any, program: str) -> None:
    file = read(world, picture(form="JPEG")[:-20], "cut.jpg")

    recognising.recognise_waiting()

    assert (recognised(file).state, recognised(file).reason) == (
        "not parsed",
        "it is damaged, or no picture of a known form",
    )


def test_a_file_that_takes_too_long_is_read_as_far_as_its_time_goes(world: Any, program: str) -> None:
    file = read(world, pdf("", ""), "scan.pdf")

    outcome = recognising.look_at(file, ocr.program(), seconds=0)

    assert (outcome.is_cut, outcome.text, outcome.confidence) == (True, "", 0.0)


def test_l03_damaged_bytes_are_not_read_stay_waiting_and_hold_up_nobody(world: Any, program: str) -> None:
    damaged, sound = read(world, picture()), read(world, picture(mode="L"), "other.png")
    path = store().path_of(damaged.sha256)
    path.chmod(0o600)
    path.write_bytes(b"x" * damaged.size_bytes)
    seen: list[File] = []

    assert recognising.recognise_waiting(most=1, progress=seen.append) == 1
    assert seen == [damaged, sound]
    assert not Recognition.objects.filter(file=damaged).exists()


def test_of_several_processes_one_recognises(world: Any, program: str) -> None:
    read(world, picture())

    with leading_elsewhere(recognising.TASK):
        assert recognising.recognise_waiting() == 0


def test_what_was_recognised_is_seen_by_those_who_see_the_item(world: Any, program: str) -> None:
    found = recognised(read_and_recognise(world))

    assert list(Recognition.objects.visible_to(world.lead)) == [found]
    assert not Recognition.objects.visible_to(world.stranger).exists()
    assert found.get_absolute_url() == world.item.get_absolute_url()


def read_and_recognise(world: Any) -> File:
    file = read(world, picture())
    recognising.recognise_waiting()
    return file


def test_e00_the_program_reaches_no_other_file(world: Any, settings: Any, tmp_path: Path) -> None:
    """Fails where a hole in the program could read what else lies on this machine, where the kernel can forbid it."""
    from tests.evidence.test_cage import has_landlock

    away = tmp_path / "away"
    away.mkdir()
    (tmp_path / "own").mkdir()
    (away / "secret").write_text(SAID)
    settings.TESSERACT = stand_in(tmp_path / "own", f"cat {away}/secret")
    file = read(world, picture())

    recognising.recognise_waiting()

    assert (recognised(file).text is None) == has_landlock()


# --- With tesseract itself: always in CI, elsewhere where it is installed --------------------------------------------


def drawn(words: str) -> bytes:
    shown = Image.new("RGB", (900, 260), "white")
    font = ImageFont.truetype(str(FONT), 44)
    ImageDraw.Draw(shown).multiline_text((40, 60), words, fill="black", font=font, spacing=20)
    output = io.BytesIO()
    shown.save(output, "PNG")
    return output.getvalue()


def test_tesseract_reads_a_picture_and_a_scanned_page_within_its_walls(world: Any) -> None:
    if not TESSERACT and not IN_CI:
        return
    words = "ANGARA was moored\nat the yard in Zhoushan"
    image = read(world, drawn(words))
    scan = io.BytesIO()
    Image.open(io.BytesIO(drawn(words))).save(scan, "PDF", resolution=150)
    document = read(world, scan.getvalue(), "scan.pdf")

    assert recognising.recognise_waiting() == 2

    for file in (image, document):
        found = recognised(file)
        assert store().path_of(found.text.sha256).read_text().strip().splitlines() == words.splitlines()
        assert found.findings["confidence"] > 80
        assert found.made_by.startswith("tesseract ")


def test_a_picture_without_words_has_none(world: Any) -> None:
    if not TESSERACT and not IN_CI:
        return
    known = ocr.program()
    with store().open_verified(read(world, picture()).sha256) as held:
        assert ocr.words_of_scan(known, held.fileno(), task="scan", page=0).text == ""
        with pytest.raises(NotParsed):
            ocr.words_of_scan(known, held.fileno(), task="scan", page=1)
