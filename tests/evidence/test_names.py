"""Names of files as received: shown, and made safe for downloads."""

import pytest

from casefiles.evidence.names import MAX_LENGTH, download_name, kept_name

DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("received", "given"),
    [
        ("report.pdf", "report.pdf"),
        ("Отчёт 2024.pdf", "Отчёт 2024.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\photo.jpg", "photo.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("two\r\nlines.txt", "twolines.txt"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        (".htaccess", "htaccess"),
        ("-rf", "rf"),
        ("a.", "a"),
        ("a ", "a"),
    ],
)
def test_a_download_keeps_a_harmless_form_of_the_name(received: str, given: str) -> None:
    assert download_name(received, DIGEST) == given


@pytest.mark.parametrize("received", ["", "...", "CON", "aux.txt", "nul", "com1.log", "/", "\u202e"])
def test_d02_a_name_that_is_none_or_reserved_gives_way_to_the_digest(received: str) -> None:
    assert download_name(received, DIGEST) == "file-abababababab"


def test_a_long_name_keeps_its_ending() -> None:
    assert download_name("x" * 300 + ".jpeg", DIGEST) == "x" * 120 + ".jpeg"


def test_a_name_is_kept_as_received_but_for_what_no_database_keeps() -> None:
    assert kept_name("a\x00b\ud800c\u202ed") == "a\ufffdb\ufffdc\u202ed"


def test_a_name_too_long_to_keep_loses_its_middle() -> None:
    kept = kept_name("x" * 5_000 + ".tar.gz")

    assert len(kept) == MAX_LENGTH
    assert kept.endswith("xx.tar.gz")
    assert "…" in kept
