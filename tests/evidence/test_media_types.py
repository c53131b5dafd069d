"""What a file is, by its bytes."""

import io
import zipfile
from pathlib import Path

import pytest

from casefiles.evidence import media_types


def recognised(content: bytes) -> str:
    return media_types.recognise(io.BytesIO(content), len(content))


def zipped(**entries: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "application/x-empty"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"RIFF....AVI ", "video/x-msvideo"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"\x00\x00\x00\x18ftypavif", "image/avif"),
        (b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif", "image/avif"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1....heic", "image/heif"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x00" * 257 + b"ustar", "application/x-tar"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"plain words", "text/plain"),
        ("слова".encode(), "text/plain"),
        ("слова".encode("utf-16"), "text/plain"),
        (b"caf\xe9 au lait, and much more text around it " * 3, "text/plain"),
        (b"\n <!DOCTYPE html><p>", "text/html"),
        (b"<?xml version='1.0'?><svg xmlns='x'>", "image/svg+xml"),
        (b"<?xml version='1.0'?><kml>", "application/vnd.google-earth.kml+xml"),
        (b"<?xml version='1.0'?><list>", "application/xml"),
        (b"just < text", "text/plain"),
        (b'{"a": 1}', "application/json"),
        (b"[1, 2]", "application/json"),
        (b'{"type": "Feature", "geometry": null}', "application/geo+json"),
        (b'{"bbox": [1, {"a": 2}], "type":"FeatureCollection"}', "application/geo+json"),
        (b'{"id": "a \\" b", "stac_version": "1.1.0", "type": "Catalog"}', "application/geo+json"),
        (b'{"below": {"type": "Feature"}}', "application/json"),
        (b'{"kind": "Feature", "a": "type", "b": ["type", "Feature"]}', "application/json"),
        (b'{"type": "Feature of a list"}', "application/json"),
        (b'[{"type": "Feature"}]', "application/json"),
        (b"[draft] notes", "text/plain"),
        (b"From: a\nDate: b\nSubject: c\n\nwords", "message/rfc822"),
        (b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/related\n\n", "multipart/related"),
        (b"From: a\nTo: b\nDate: c\nContent-Type: multipart/related\n\n", "message/rfc822"),
        (b"From: a\nDate: c\nContent-Type: multipart/mixed\n\nContent-Type: multipart/related", "message/rfc822"),
        (b"ship,port\nAngara,Rajin\nMaria,Dunai", "text/csv"),
        (b"a ship, and a port\nof call, and more", "text/plain"),
        (b"<head><title>x</title></head>", "text/html"),
        ("<html><p>アンガラ号は羅津港を出港した".encode("shift_jis"), "text/html"),
        (b"<p>\x81\x82\x83\x84\x85\x86\x87", "application/octet-stream"),
        (b"\x00\x01\x02\x03binary", "application/octet-stream"),
        ("è".encode() * 4095 + b"\xc3", "text/plain"),
    ],
)
def test_the_bytes_say_what_a_file_is(content: bytes, media_type: str) -> None:
    assert recognised(content) == media_type


@pytest.mark.parametrize(
    ("names", "media_type"),
    [
        (["[Content_Types].xml", "word/document.xml"], "officedocument.wordprocessingml.document"),
        (["[Content_Types].xml", "xl/workbook.xml"], "officedocument.spreadsheetml.sheet"),
        (["[Content_Types].xml", "other.xml"], "application/zip"),
        (["datapackage.json", "archive/data.warc.gz"], "application/wacz"),
        (["META-INF/MANIFEST.MF"], "application/java-archive"),
        (["doc.kml"], "application/vnd.google-earth.kmz"),
        (["readme.txt"], "application/zip"),
    ],
)
def test_a_zip_is_told_by_the_names_in_it(names: list[str], media_type: str) -> None:
    assert recognised(zipped(**dict.fromkeys(names, "x"))).endswith(media_type)


def test_an_open_document_is_told_by_what_it_declares_first() -> None:
    declared = "application/vnd.oasis.opendocument.text"

    assert recognised(zipped(mimetype=declared, content="x")) == declared


def test_a_zip_that_declares_something_else_is_a_zip() -> None:
    assert recognised(zipped(mimetype="text/html")) == "application/zip"


@pytest.mark.parametrize("cut", [4, 20, 29, 60])
def test_a_torn_zip_is_still_a_zip(cut: int) -> None:
    assert recognised(zipped(readme="x" * 100)[:cut]) == "application/zip"


def test_a_zip_behind_other_bytes_is_what_comes_first() -> None:
    assert recognised(b"\xff\xd8\xff\xe0" + zipped(readme="x")) == "image/jpeg"


def test_a_zip_with_more_names_than_are_read_is_a_zip() -> None:
    assert recognised(zipped(**{f"{number:05d}": "" for number in range(5000)})) == "application/zip"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("exif/DSCN0010.jpg", "image/jpeg"),
        ("exif/Canon_40D.jpg", "image/jpeg"),
        ("imagery/planet_20170831_172754_101c_3b_Visual.tif", "image/tiff"),
        ("imagery/rasterio_corrupt.tif", "image/tiff"),
        ("web-archive/valid_example_1.wacz", "application/wacz"),
        ("web-archive/replayweb_example.wacz", "application/wacz"),
        ("web-archive/invalid_example_1.wacz", "application/wacz"),
        ("web-archive/warcio_example.warc.gz", "application/gzip"),
        ("web-archive/warcio_example-trunc.warc", "application/warc"),
        ("sanctions/un_consolidated_2026-02-27.xml", "application/xml"),
        ("sanctions/uk_fcdo_list_2025-08-11_ships.csv", "text/csv"),
        ("stac/simple-item.json", "application/geo+json"),
        ("stac/planet_order_20180119_metadata.json", "application/geo+json"),
        ("vessel-identity/gfw_vessel_item_frio_forwin.json", "application/json"),
    ],
)
def test_real_files_are_recognised(shared_data: Path, path: str, media_type: str) -> None:
    file = shared_data / path

    with file.open("rb") as opened:
        assert media_types.recognise(opened, file.stat().st_size) == media_type
