"""Web archives record by record: what they hold, and exactly where one breaks."""

import gzip
import io
from pathlib import Path
from typing import BinaryIO

import pytest
from warcio.archiveiterator import ArchiveIterator

from casefiles.evidence.readers import gzips, warcs
from casefiles.evidence.readers.gzips import Place
from tests.evidence.web_archive_files import HTML, information, packed, record, response

PAGE = response("https://example.org/", b"<p>One</p>")
OTHER = response("https://example.org/b", b"<p>Two</p>")


def opener(content: bytes) -> gzips.OpenAt:
    def open_at(offset: int) -> BinaryIO:
        return io.BytesIO(content[offset:])

    return open_at


def walked(content: bytes, **limits: int) -> tuple[list[str], list[str]]:
    """Return the addresses of the records of a file, or their types, and what is wrong with it."""
    walk = warcs.Walk(opener(content), **limits)
    return [one.url or one.type for one in walk], walk.problems


@pytest.mark.parametrize("content", [PAGE + OTHER, packed(PAGE, OTHER), gzip.compress(PAGE + OTHER, mtime=0)])
def test_records_are_read_plain_and_however_they_are_gzipped(content: bytes) -> None:
    assert walked(content) == (["https://example.org/", "https://example.org/b"], [])


@pytest.mark.parametrize("content", [PAGE + OTHER, packed(PAGE, OTHER), gzip.compress(PAGE + OTHER, mtime=0)])
def test_every_record_is_found_again_at_its_place(content: bytes) -> None:
    places = [(one.place, one.url) for one in warcs.Walk(opener(content))]

    for place, url in places:
        found = warcs.record_at(opener(content), place)
        assert found is not None
        assert (found.url, found.content(100)) == (url, b"<p>One</p>" if url.endswith("/") else b"<p>Two</p>")


def test_a_record_says_what_was_captured() -> None:
    [one] = warcs.Walk(opener(PAGE))

    assert (one.type, one.url, one.at, one.version) == (
        "response",
        "https://example.org/",
        "2024-10-25T08:00:00Z",
        "1.1",
    )
    assert (one.status, one.media_type, one.charset) == (200, "text/html", "utf-8")
    assert one.verdicts == ["valid", "valid"]


@pytest.mark.parametrize(
    ("sent", "http"),
    [
        (gzip.compress(b"<p>One</p>", mtime=0), {"Content-Encoding": "gzip"}),
        (b"5\r\n<p>On\r\n5\r\ne</p>\r\n0\r\n\r\n", {"Transfer-Encoding": "chunked"}),
        (b"<p>One</p>", {"Content-Encoding": "of a kind that nobody knows"}),
    ],
)
def test_what_was_sent_is_taken_out_of_its_encodings(sent: bytes, http: dict[str, str]) -> None:
    [one] = [found.content(100) for found in warcs.Walk(opener(response("https://e.org/", sent, http=http)))]

    assert one == b"<p>One</p>"


@pytest.mark.parametrize(
    ("named", "verdicts"),
    [
        ({"WARC-Block-Digest": "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, ["wrong", "valid"]),
        ({"WARC-Payload-Digest": "sha256:" + "0" * 64}, ["valid", "wrong"]),
        ({"WARC-Block-Digest": "blake9:abc"}, ["not checkable", "valid"]),
        ({"WARC-Block-Digest": "", "WARC-Payload-Digest": ""}, []),
    ],
)
def test_l26_digests_of_a_record_are_checked_and_told_in_words(named: dict[str, str], verdicts: list[str]) -> None:
    walk = warcs.Walk(opener(response("https://example.org/", b"<p>One</p>", **named)))

    records = list(walk)

    assert records[0].verdicts == verdicts


def test_a_digest_taken_before_or_after_chunking_is_not_called_wrong() -> None:
    chunked = b"5\r\n<p>On\r\n5\r\ne</p>\r\n0\r\n\r\n"
    named = {"WARC-Payload-Digest": "sha256:" + "0" * 64}
    made = response("https://e.org/", chunked, http={"Transfer-Encoding": "chunked"}, **named)

    records = list(warcs.Walk(opener(made)))

    assert records[0].verdicts == ["valid", "not checkable"]


def test_a_reference_to_an_earlier_capture_has_no_payload_to_check() -> None:
    made = response("https://e.org/", b"", **{"WARC-Type": "revisit", "WARC-Payload-Digest": "sha256:" + "0" * 64})

    assert list(warcs.Walk(opener(made)))[0].verdicts == ["valid"]


# --- Where a file breaks ---------------------------------------------------------------------------------------------


def test_e39_a_file_cut_in_a_body_says_how_much_of_which_record_is_held() -> None:
    content = information(software="a test") + PAGE

    addresses, problems = walked(content[:-10])

    assert addresses == ["warcinfo", "https://example.org/"]
    start = len(information(software="a test"))
    assert problems == [f"Record 2, at byte {start:,}, is cut off: 63 of 69 bytes are held."]


def test_e39_a_file_cut_in_a_head_says_so() -> None:
    addresses, problems = walked(PAGE + OTHER[:40])

    assert addresses == ["https://example.org/"]
    assert problems == [
        f"The record that begins at byte {len(PAGE):,} is cut off in its head, or its head is too long."
    ]


def test_e39_a_file_cut_in_the_mark_of_its_end_says_so() -> None:
    assert walked(PAGE[:-2])[1] == ["Record 1, at byte 0, is the last one, and the mark of its end is cut off."]


def test_e39_a_cut_gzip_says_where() -> None:
    content = packed(information(software="a test"), PAGE)
    start = len(packed(information(software="a test")))

    addresses, problems = walked(content[:-20])

    assert addresses == ["warcinfo", "https://example.org/"]
    assert problems[-1] == (
        f"It cannot be unpacked to its end: the compressed data that begins at byte {start} is cut off."
    )


def test_e39_damage_inside_a_gzip_says_where() -> None:
    content = bytearray(packed(PAGE, OTHER))
    start = len(packed(PAGE))
    content[start + 30] ^= 0xFF

    addresses, problems = walked(bytes(content))

    assert addresses[0] == "https://example.org/"
    assert problems[-1].endswith(f"the compressed data that begins at byte {start} is damaged.")


@pytest.mark.parametrize("stated", ["0", "12", "68", "70", "999999999999", "-5", "x", "1e3"])
@pytest.mark.parametrize("is_gzipped", [False, True])
def test_e39_a_wrong_length_is_told_and_the_records_behind_it_are_read_all_the_same(
    stated: str, is_gzipped: bool
) -> None:
    """Fails where one wrong Content-Length hides every record that follows it."""
    wrong = PAGE.replace(b"Content-Length: 69", f"Content-Length: {stated}".encode())
    content = packed(wrong, OTHER) if is_gzipped else wrong + OTHER

    addresses, problems = walked(content)

    assert addresses == ["https://example.org/", "https://example.org/b"]
    assert problems
    assert all(problem.startswith("Record 1, at byte 0,") for problem in problems)


def test_what_stands_between_records_is_told() -> None:
    addresses, problems = walked(PAGE + b"words of nobody\r\n" + OTHER)

    assert addresses == ["https://example.org/", "https://example.org/b"]
    assert problems == [f"What stands at byte {len(PAGE):,} is no record."]


def test_a_captured_web_archive_is_one_record() -> None:
    inner = record("resource", b"\r\n\r\n" + PAGE, url="https://example.org/x.warc", content_type="application/warc")

    assert walked(inner + OTHER) == (["https://example.org/x.warc", "https://example.org/b"], [])


def test_a_file_broken_at_many_places_is_not_followed_for_ever() -> None:
    addresses, problems = walked((PAGE + b"junk\r\n") * 50)

    assert len(addresses) == 21
    assert problems[-1] == "It breaks at many places, and was read no further."


def test_records_beyond_a_number_are_not_read() -> None:
    addresses, problems = walked(PAGE * 5, most=3)

    assert (len(addresses), problems) == (3, ["It holds more than 3 records: the others were not read."])


def test_headers_go_on_in_a_further_line_and_need_not_be_utf_8() -> None:
    made = record("resource", b"x", url="https://e.org/", content_type=HTML, X_Note="one\r\n  two")
    made = made.replace(b"X-Note", b"X-N\xf6te")

    [one] = warcs.Walk(opener(made))

    assert one.header("x-nöte") == "one two"


def test_addresses_in_angle_brackets_are_read_as_wget_meant_them() -> None:
    assert walked(record("resource", b"x", url="<https://e.org/>"))[0] == ["https://e.org/"]


@pytest.mark.parametrize("name", ["warcio_example.warc.gz", "warcio_example-trunc.warc"])
def test_real_files_give_the_records_that_warcio_finds(shared_data: Path, name: str) -> None:
    content = (shared_data / "web-archive" / name).read_bytes()
    theirs = [
        (one.rec_type, one.rec_headers.get_header("WARC-Target-URI") or "", one.content_stream().read())
        for one in ArchiveIterator(io.BytesIO(content))
    ]

    ours = [
        (one.type, one.url, b"" if one.type == "request" else one.content(10_000))
        for one in warcs.Walk(opener(content))
    ]

    assert ours == theirs


def test_the_real_file_with_a_wrong_length_says_where_it_breaks(shared_data: Path) -> None:
    content = (shared_data / "web-archive" / "warcio_example-trunc.warc").read_bytes()
    walk = warcs.Walk(opener(content))

    verdicts = [one.verdicts for one in list(walk)]

    assert verdicts == [[], [], ["wrong", "wrong"], []]
    assert walk.problems == ["Record 3, at byte 1,197, does not end where its stated length of 973 bytes says."]


# --- Unpacking -------------------------------------------------------------------------------------------------------


def test_e19_a_name_in_a_gzip_header_is_never_read() -> None:
    content = io.BytesIO()
    with gzip.GzipFile(filename="../../x", mode="wb", fileobj=content) as file:
        file.write(PAGE)

    assert walked(content.getvalue()) == (["https://example.org/"], [])


def test_e19_what_unpacks_to_far_more_than_it_holds_is_read_no_further() -> None:
    bomb = gzips.Unpacked(io.BytesIO(packed(bytes(5_000_000))), b"", Place(0), always_bytes=1_000_000)

    came = sum(len(some) for some in iter(lambda: bomb.read(65_536), b""))

    assert came < 1_100_000
    assert "far more than it holds" in bomb.trouble


def test_members_without_content_and_zeros_at_the_end_do_no_harm() -> None:
    content = packed(b"", PAGE, b"", b"", OTHER) + bytes(1000)

    walk = warcs.Walk(opener(content))
    places = [one.place for one in walk]

    assert walk.problems == []
    assert [warcs.record_at(opener(content), place).url for place in places] == [  # type: ignore[union-attr]
        "https://example.org/",
        "https://example.org/b",
    ]


def test_what_follows_the_last_member_is_told() -> None:
    problems = walked(packed(PAGE) + b"words of nobody")[1]

    assert problems == [
        f"It cannot be unpacked to its end: what follows at byte {len(packed(PAGE))} is not compressed with gzip."
    ]


def test_nothing_begins_at_a_place_beyond_the_end() -> None:
    assert warcs.record_at(opener(packed(PAGE)), Place(10_000)) is None
    assert warcs.record_at(opener(packed(PAGE)), Place(0, 10_000)) is None
