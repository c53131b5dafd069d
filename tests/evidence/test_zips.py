"""R23: archives are listed by a strict reader, never extracted; what two readers would read in two ways is refused."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.readers.zips import StrictZip, ZipLimits
from tests.evidence.hostile import archives
from tests.evidence.hostile.zip_writer import Part, archive

SOUND = list(archives.sound())
REFUSED = list(archives.refused())
LISTED = list(archives.listed())


def opened(content: bytes, **limits: int) -> StrictZip:
    return StrictZip(io.BytesIO(content), ZipLimits(**limits))


def read_all(content: bytes, **limits: int) -> dict[str, bytes]:
    held = opened(content, **limits)
    return {entry.name: b"".join(held.chunks(entry)) for entry in held.entries}


@pytest.mark.parametrize(("content", "entries"), [case[1:] for case in SOUND], ids=[case[0] for case in SOUND])
def test_archives_of_real_programs_are_read(content: bytes, entries: dict[str, bytes]) -> None:
    assert read_all(content) == entries


@pytest.mark.parametrize("content", [case[2] for case in REFUSED], ids=[f"{case[0]}-{case[1]}" for case in REFUSED])
def test_e12_e13_e14_e15_e16_what_is_ambiguous_or_a_bomb_is_refused(content: bytes) -> None:
    """Fails where any of the comparisons between headers, list and file is left out."""
    with pytest.raises(NotParsed) as refused:
        read_all(content)

    assert len(refused.value.reason) < 120


@pytest.mark.parametrize("content", [case[2] for case in LISTED], ids=[f"{case[0]}-{case[1]}" for case in LISTED])
def test_e14_e16_e17_what_would_do_harm_elsewhere_is_listed_and_said(content: bytes) -> None:
    assert len(opened(content).oddities()) == 1


def test_an_ordinary_archive_has_nothing_odd() -> None:
    held = opened(archive(Part(b"folder/", mode=0o040755), Part(b"folder/a.txt", b"x", mode=0o100644)))

    assert held.oddities() == ()
    assert [entry.is_folder for entry in held.entries] == [True, False]


def test_e10_archives_in_archives_are_entries_and_nothing_more() -> None:
    held = opened(archives.nested())

    assert len(held.entries) == 16
    assert sum(entry.size_bytes for entry in held.entries) < 10_000_000


def test_e17_an_encrypted_entry_is_listed_and_not_read() -> None:
    held = opened(archive(replace(archives.ONE, flags=1), archives.TWO))

    assert held.read("two.txt", 100) == b"second"
    with pytest.raises(NotParsed, match="encrypted"):
        held.read("one.txt", 100)


def test_e19_entries_packed_in_a_rare_way_are_listed_and_not_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as made:
        made.writestr("a", b"x" * 100)
    held = opened(packed.getvalue())

    assert [entry.is_readable for entry in held.entries] == [False]
    with pytest.raises(NotParsed, match="packed in a way that is not read"):
        held.read("a", 1_000)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"entries": 1}, "2 entries"),
        ({"name_bytes": 3}, "a name"),
        ({"entry_bytes": 5}, "part of it claims more"),
        ({"total_bytes": 10}, "hold more bytes"),
    ],
)
def test_limits_are_held_by_what_is_claimed(limits: dict[str, int], words: str) -> None:
    with pytest.raises(NotParsed, match=words):
        opened(archive(archives.ONE, archives.TWO), **limits)


def test_reading_needs_a_part_that_is_there_and_small_enough() -> None:
    held = opened(archive(archives.ONE))

    assert "one.txt" in held
    assert held.entry("none") is None
    with pytest.raises(NotParsed, match="missing"):
        held.read("none", 100)
    with pytest.raises(NotParsed, match="larger than is read"):
        held.read("one.txt", 4)


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (archives.deflated(b"first")[:-1], "cut off"),
        (archives.deflated(b"first") + b"more", "behind its end"),
        (b"\xff\xff\xff", "damaged"),
        (archives.deflated(b"other"), "checksum"),
        (archives.deflated(b"first and more"), "larger than it claims"),
    ],
)
def test_damage_shows_when_an_entry_is_read(packed: bytes, words: str) -> None:
    held = opened(archive(Part(b"one.txt", b"first", method=8, packed=packed)))

    with pytest.raises(NotParsed, match=words):
        held.read("one.txt", 100)


def test_a_stored_entry_is_a_file_of_its_own() -> None:
    held = opened(archive(Part(b"a", b"0123456789"), archives.ONE, replace(archives.TWO, method=8)))
    part = held.stored(held.entries[0])

    part.seek(-4, io.SEEK_END)
    assert (part.tell(), part.read(), part.read()) == (6, b"6789", b"")
    part.seek(2)
    part.seek(1, io.SEEK_CUR)
    assert part.read(2) == b"34"
    with pytest.raises(NotParsed, match="packed where it should be stored"):
        held.stored(held.entries[2])


@pytest.mark.parametrize("name", ["valid_example_1.wacz", "replayweb_example.wacz"])
def test_real_web_archives_are_read_whole(shared_data: Path, name: str) -> None:
    with (shared_data / "web-archive" / name).open("rb") as file:
        held = StrictZip(file)
        for entry in held.entries:
            assert sum(map(len, held.chunks(entry))) == entry.size_bytes
        assert "datapackage.json" in held
