"""Web archives as evidence: what they are, what they say of themselves, and what their own digests are worth."""

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from casefiles.evidence import cage
from casefiles.evidence.actions import reading
from casefiles.evidence.media_types import recognise
from casefiles.evidence.models import Reading
from casefiles.evidence.readers import captured, captures, web_archives
from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.reading import limits_for, reader_for
from casefiles.evidence.store import store
from tests import make
from tests.evidence.hostile import archives as zip_archives
from tests.evidence.hostile import web_archives as hostile
from tests.evidence.web_archive_files import (
    digest_of,
    information,
    manifest,
    packed,
    page_list,
    record,
    response,
    signed,
    wacz,
    zipped,
)

URL = "https://example.org/"
PAGE = response(URL, b"<title>Angara</title><p>At the pier.")


def read(content: bytes) -> dict[str, Any]:
    """Return findings, text and index of an archive, read outside the cage."""
    frames = list(web_archives.frames(io.BytesIO(content)))
    found = {frame.kind: frame for frame in frames}
    return {
        **json.loads(found["findings"].body),
        "text": found["text"].body.decode() if "text" in found else None,
        "index": json.loads(found["index"].body),
    }


def claims(found: dict[str, Any]) -> dict[str, str]:
    return {claim["key"]: claim["value"] for claim in found["claims"]}


def pages(found: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(part["url"], part["title"], part["is_held"]) for part in found["parts"] if part["kind"] == "page"]


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    return {part["path"]: part["verdict"] for part in found["parts"] if part["kind"] == "resource"}


# --- What an archive is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "media_type", "form"),
    [
        (PAGE, "application/warc", "WARC 1.1"),
        (packed(PAGE), "application/gzip", "WARC 1.1, gzipped"),
        (wacz(packed(PAGE)), "application/wacz", "WACZ 1.1.1"),
        (zipped({"archive/a.warc": PAGE, "pages/pages.jsonl": b""}), "application/wacz", "WACZ"),
    ],
)
def test_archives_are_recognised_by_what_they_hold(content: bytes, media_type: str, form: str) -> None:
    found = recognise(io.BytesIO(content), len(content))

    assert (found, reader_for(found)) == (media_type, "archive")
    assert read(content)["form"] == form


def test_a_data_package_without_captures_is_no_web_archive() -> None:
    content = zipped({"datapackage.json": b"{}", "table.csv": b"a"})

    assert recognise(io.BytesIO(content), len(content)) == "application/zip"


def test_a_warc_says_when_with_what_and_by_whom_it_was_captured() -> None:
    found = read(information(software="Heritrix 3.4", operator="An archive", publisher="A library") + PAGE)

    assert claims(found) == {
        "title": "Angara",
        "url": URL,
        "captured": "2024-10-25T08:00:00Z",
        "software": "Heritrix 3.4",
        "captured_by": "An archive",
        "rights_holder": "A library",
    }
    assert found["measured"] == {
        "pages": 1,
        "records": 2,
        "records_by_type": {"warcinfo": 1, "response": 1},
        "addresses": 1,
        "digests_of_records": {"valid": 2},
    }


def test_every_document_is_a_page_where_no_list_names_them() -> None:
    picture = response(f"{URL}a.png", b"x", content_type="image/png")
    gone = response(f"{URL}gone", b"<p>Gone", status="404 Not Found")
    found = read(PAGE + picture + gone + response(f"{URL}b", b"<title>B</title>b"))

    assert pages(found) == [(URL, "Angara", True), (f"{URL}b", "B", True)]
    assert found["text"] == "At the pier.\fb"


def test_the_text_has_one_page_a_page_in_the_order_of_the_list() -> None:
    """Fails where “p. 2” of the text is not the second page of the list."""
    listed = page_list(
        {"url": f"{URL}b", "ts": "2024-10-25T08:00:00Z", "title": "Second"},
        {"url": "https://gone.org/"},
        {"url": URL, "title": "First"},
    )
    found = read(wacz(packed(PAGE, response(f"{URL}b", b"words of b")), pages=listed))

    assert pages(found) == [(f"{URL}b", "Second", True), ("https://gone.org/", "", False), (URL, "First", True)]
    assert found["text"] == "words of b\f\fAt the pier."
    assert "Pages that it lists and does not hold: 1." in found["warnings"]


def test_the_capture_nearest_in_time_answers_for_a_page() -> None:
    old = response(URL, b"old", at="2020-01-01T00:00:00Z")
    new = response(URL, b"new", at="2024-01-01T00:00:00Z")
    listed = page_list({"url": f"{URL}#top", "ts": "2023-12-31T23:00:00.5Z"}, {"url": URL, "ts": "2019"})

    assert read(wacz(packed(old, new), pages=listed))["text"] == "new\fold"


def test_a_page_that_moved_is_found_where_it_went() -> None:
    moved = response(URL, b"", status="301 Moved", http={"Location": "/new"})
    circle = response(f"{URL}round", b"", status="302 Found", http={"Location": "/round"})
    listed = page_list({"url": URL}, {"url": f"{URL}round"})

    found = read(wacz(packed(moved, circle, response(f"{URL}new", b"here it is")), pages=listed))

    assert found["text"] == "here it is"
    assert [page["capture"] for page in found["index"]["pages"]] == [3, 2]


def test_a_reference_to_an_earlier_capture_gives_way_to_it() -> None:
    again = response(URL, b"", at="2024-11-01T00:00:00Z", **{"WARC-Type": "revisit"})
    listed = page_list({"url": URL, "ts": "2024-11-01T00:00:00Z"})

    assert read(wacz(packed(PAGE, again), pages=listed))["text"] == "At the pier."


def test_screenshots_of_a_page_are_found_by_its_address() -> None:
    views = [record("resource", b"x", url=f"{kind}{URL}", content_type="image/png") for kind in captures.SCREENSHOTS]
    found = read(wacz(packed(*views, PAGE), pages=page_list({"url": URL})))

    assert found["index"]["pages"][0]["screenshots"] == [1, 2, 3]


def test_the_page_that_a_package_opens_with_speaks_for_it() -> None:
    listed = page_list({"url": URL, "title": "First"}, {"url": f"{URL}b", "ts": "2024", "title": "Second"})

    for home in ({"home": {"url": f"{URL}b", "ts": "2024"}}, {"mainPageUrl": f"{URL}b", "mainPageDate": "2024"}):
        found = read(wacz(packed(PAGE), pages=listed, **home))
        assert (claims(found)["url"], claims(found)["captured"]) == (f"{URL}b", "2024")


def test_lists_that_say_other_things_than_pages_are_passed_over() -> None:
    listed = page_list({"url": 7}, {"title": "no address"}) + b"\nnot json\n[1]\n" + b"[" * 100_000 + b"\n"

    assert pages(read(wacz(packed(PAGE), pages=listed))) == [(URL, "Angara", True)]


@pytest.mark.parametrize("metadata", ["{", "[]", '{"pages": 7}', '{"pages": [1, {"url": 2}]}', "[" * 50_000])
def test_metadata_that_lists_no_pages_is_passed_over(metadata: str) -> None:
    found = read(information(**{"json-metadata": metadata}) + PAGE)

    assert pages(found) == [(URL, "Angara", True)]


def test_captures_beyond_a_number_are_not_listed() -> None:
    survey = captures.Survey(most=2)

    survey.take("", lambda offset: io.BytesIO((PAGE * 4)[offset:]))

    assert (len(survey.captures), sum(survey.records.values())) == (2, 4)
    assert survey.problems == ["It holds more than 2 captures: the others are not listed."]


# --- What its own digests and signature are worth (L26) ---------------------------------------------------------------


def test_l26_a_package_that_agrees_with_itself_says_so_and_no_more() -> None:
    found = read(wacz(packed(PAGE)))

    assert set(verdicts(found).values()) == {"valid"}
    assert claims(found)["digest"] == "valid"
    assert claims(found)["signature"] == "valid; made with the key that it carries"
    assert found["warnings"] == []


def test_l26_a_package_without_digests_of_its_manifest_claims_none() -> None:
    parts = {"archive/a.warc": PAGE}

    found = read(zipped(parts | {"datapackage.json": manifest(parts)}))

    assert {"digest", "signature"}.isdisjoint(claims(found))
    assert found["warnings"] == []


def certificate(domain: str, key: ec.EllipticCurvePrivateKey) -> str:
    from datetime import UTC, datetime

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, domain)])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime(2024, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2034, 1, 1, tzinfo=UTC))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(("is_own", "words"), [(True, "not checkable offline"), (False, "wrong")])
def test_l26_a_signature_in_the_name_of_a_domain_is_never_called_valid(is_own: bool, words: str) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    parts = {"archive/a.warc": PAGE}
    content = manifest(parts)
    certified = key if is_own else ec.generate_private_key(ec.SECP384R1())
    signature = signed(content, key=key, domain="archive.example", domainCert=certificate("archive.example", certified))
    digest = digest_of(content, signedData=signature)

    found = read(zipped(parts | {"datapackage.json": content, "datapackage-digest.json": digest}))

    assert claims(found)["signature"] == f"{words}; made in the name of archive.example"


def test_manifests_of_the_first_packages_are_checked_as_well() -> None:
    listed = json.dumps(
        {
            "resources": [
                {"path": "archive/a.warc", "hashing": "sha256", "stats": {"hash": "0" * 64, "bytes": len(PAGE)}}
            ]
        }
    )

    assert verdicts(read(zipped({"archive/a.warc": PAGE, "datapackage.json": listed.encode()}))) == {
        "archive/a.warc": "wrong"
    }


# --- Real files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form", "measured", "warnings"),
    [
        (
            "warcio_example.warc.gz",
            "WARC 1.0, gzipped",
            {"pages": 2, "records": 6, "digests_of_records": {"valid": 7}},
            [],
        ),
        (
            "warcio_example-trunc.warc",
            "WARC 1.0",
            {"pages": 2, "records": 4, "digests_of_records": {"wrong": 2}},
            [
                "Record 3, at byte 1,197, does not end where its stated length of 973 bytes says.",
                "Digests of its own records that are wrong: 2.",
            ],
        ),
        (
            "valid_example_1.wacz",
            "WACZ 1.0.0",
            {"pages": 1, "records": 4, "digests_of_records": {"valid": 4}, "digests_of_parts": {"valid": 4}},
            [],
        ),
        (
            "invalid_example_1.wacz",
            "WACZ",
            {"pages": 0, "records": 0, "digests_of_parts": {"missing": 1, "not listed": 1}},
            [
                "It holds no WARC file, so there is nothing of it to look at.",
                "Parts that are listed in its manifest and missing: 1.",
                "Parts that are not listed in its manifest: 1.",
            ],
        ),
        (
            "replayweb_example.wacz",
            "WACZ 1.1.1",
            {"pages": 1, "records": 29, "digests_of_records": {"valid": 56}, "digests_of_parts": {"valid": 3}},
            [],
        ),
    ],
)
def test_e39_real_files_show_what_they_are(
    shared_data: Path, name: str, form: str, measured: dict[str, Any], warnings: list[str]
) -> None:
    path = shared_data / "web-archive" / name
    with path.open("rb") as file:
        media_type = recognise(file, path.stat().st_size)
        frames = cage.collected(reader_for(media_type), file.fileno(), limits_for("archive"))

    found = json.loads(frames[0].body)
    assert found["form"] == form
    assert {key: found["measured"].get(key) for key in measured} == measured
    assert found["warnings"] == warnings


def test_the_real_signed_package_is_checked(shared_data: Path) -> None:
    found = read((shared_data / "web-archive" / "replayweb_example.wacz").read_bytes())

    assert claims(found) == {
        "title": "Webrecorder",
        "url": "https://webrecorder.net/",
        "captured": "2022-09-16T19:15:07.215Z",
        "software": "Webrecorder ArchiveWeb.page 0.8.1, using warcio.js 1.5.1",
        "digest": "valid",
        "signature": "valid; made with the key that it carries",
    }
    assert found["text"].startswith("Webrecorder Web archiving for all!\nBlog\n")


# --- Hostile files ---------------------------------------------------------------------------------------------------

BROKEN = list(hostile.broken())
REFUSED = list(hostile.refused())


def caged(task: str, content: bytes, **asked: Any) -> list[cage.Frame]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return cage.collected(task, file.fileno(), limits_for(task), asked=asked)


@pytest.mark.parametrize("content", [one[2] for one in BROKEN], ids=[f"{one[0]}-{one[1]}" for one in BROKEN])
def test_e39_broken_archives_are_read_as_far_as_they_go(content: bytes) -> None:
    """Fails where one lie of an archive hides the rest of it, or goes through unsaid."""
    found = read(content)

    assert found["warnings"] or found["form"].startswith("WACZ 1")
    json.dumps(found["index"])


@pytest.mark.parametrize("content", [one[2] for one in REFUSED], ids=[f"{one[0]}-{one[1]}" for one in REFUSED])
def test_e19_what_is_no_archive_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(NotParsed, match="holds no"):
        read(content)


def test_e10_to_e17_an_ambiguous_zip_is_no_package_that_shows_anything() -> None:
    for _id, name, content in zip_archives.refused():
        try:
            found = read(content if content.startswith(b"PK") else b"PK" + content)
        except NotParsed:
            continue
        assert (found["measured"]["records"], name) == (0, name)


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("WACZ without a manifest", "datapackage.json, which says what belongs to it, is missing or cannot be read."),
        ("WACZ with wrong digests", "Parts that are not what its manifest says: 2."),
        ("WACZ with a wrong size", "Parts that are not what its manifest says: 1."),
        ("WACZ with a part too many", "Parts that are not listed in its manifest: 1."),
        ("WACZ with a part too few", "Parts that are listed in its manifest and missing: 1."),
        ("WACZ with a manifest of other types", "Parts that cannot be checked against its manifest: 1."),
        ("WACZ with pages that it does not hold", "Pages that it lists and does not hold: 1."),
        ("WACZ signed with an extra property", "Its signature holds more than the specification allows."),
        ("WACZ with a wrong digest of its manifest", "The digest of its manifest is wrong."),
        ("WACZ with an encrypted part", "Some of what it holds is encrypted."),
    ],
)
def test_e39_each_fault_has_its_sentence(name: str, warning: str) -> None:
    [content] = [one[2] for one in BROKEN if one[1] == name]

    assert warning in read(content)["warnings"]


@pytest.mark.parametrize("content", [one[2] for one in BROKEN if "signed with" in one[1] and "extra" not in one[1]])
def test_l26_a_signature_that_does_not_fit_is_called_wrong(content: bytes) -> None:
    found = read(content)

    assert claims(found)["signature"].startswith("wrong; ")
    assert any("Its signature is wrong" in warning for warning in found["warnings"])


def test_e19_a_bomb_ends_in_the_cage() -> None:
    [bomb] = [one[2] for one in BROKEN if one[1] == "gzipped WARC that is a bomb"]

    found = json.loads(caged("archive", bomb)[0].body)

    assert any("far more than it holds" in warning for warning in found["warnings"])


# --- One capture -----------------------------------------------------------------------------------------------------


def capture(content: bytes, number: int, wanted: str) -> cage.Frame:
    listed = read(content)["index"]["captures"][number - 1]
    [frame] = captured.frames(io.BytesIO(content), entry=listed[1], raw=listed[2], skip=listed[3], wanted=wanted)
    return frame


@pytest.mark.parametrize(
    "content",
    [PAGE, packed(PAGE), wacz(packed(PAGE)), wacz(PAGE), wacz(packed(PAGE), method=zipfile.ZIP_DEFLATED)],
)
def test_a_captured_page_is_given_as_blocks_of_words_with_what_the_server_sent(content: bytes) -> None:
    page = json.loads(capture(content, 1, "page").body)

    assert [(block["kind"], block["runs"]) for block in page["blocks"]] == [
        ("paragraph", [{"text": "At the pier.", "address": ""}])
    ]
    assert (page["title"], page["status"]) == ("Angara", "200 OK")
    assert page["headers"] == [["Content-Type", "text/html; charset=utf-8"]]
    assert ["WARC-Date", "2024-10-25T08:00:00Z"] in page["record"]
    assert page["verdicts"] == ["valid", "valid"]


def test_captured_text_is_given_as_it_is_and_other_things_without_words() -> None:
    text = response(f"{URL}a.txt", b"<b>as it is</b>", content_type="text/plain")
    other = response(f"{URL}a.pdf", b"%PDF", content_type="application/pdf")

    assert [block["runs"][0]["text"] for block in json.loads(capture(text, 1, "page").body)["blocks"]] == [
        "<b>as it is</b>"
    ]
    assert json.loads(capture(other, 1, "page").body)["blocks"] == []


def test_a_captured_picture_is_drawn_anew_in_the_cage(shared_data: Path) -> None:
    photo = (shared_data / "exif" / "DSCN0010.jpg").read_bytes()
    content = response(f"{URL}a.jpg", photo, content_type="image/jpeg")

    [frame] = caged("captured", content, entry="", raw=0, skip=0, wanted="picture")

    assert frame.meta == {"width": 640, "height": 480}
    assert frame.body.startswith(b"RIFF")
    assert b"Exif" not in frame.body


@pytest.mark.parametrize("place", [{"raw": 99_999}, {"skip": 99_999}, {"entry": "gone"}])
def test_a_place_where_nothing_begins_is_refused(place: dict[str, Any]) -> None:
    content = wacz(packed(PAGE))

    with pytest.raises(NotParsed):
        list(
            captured.frames(
                io.BytesIO(content), **{"entry": "archive/data.warc.gz", "raw": 0, "skip": 0, "wanted": "page", **place}
            )
        )


# --- Kept beside the file --------------------------------------------------------------------------------------------


def kept(content: bytes) -> Reading | None:
    lead = make.lead()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead)))
    return reading.read_file(make.file(item, lead, content, "pages.warc.gz"))


@pytest.mark.django_db
def test_the_words_of_an_archive_are_kept_for_quotes_page_by_page() -> None:
    found = kept(packed(PAGE, response(f"{URL}b", b"words of b")))

    assert (found.state, found.reader, found.form) == ("read", "archive", "WARC 1.1, gzipped")
    assert store().path_of(found.text.sha256).read_text() == "At the pier.\fwords of b"


@pytest.mark.django_db
def test_e19_what_is_gzipped_and_no_archive_is_kept_and_says_why() -> None:
    found = kept(hostile.gzip.compress(b"words", mtime=0))

    assert (found.state, found.reason) == ("not parsed", "it is compressed, and holds no web archive")
