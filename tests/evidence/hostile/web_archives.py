"""E12, E17, E19, E39: web archives that lie about their parts, break in the middle, or unpack to far too much."""

import bz2
import gzip
import json
import lzma
import zipfile
from collections.abc import Iterator

from tests.evidence.hostile.zip_writer import Part, archive
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

Case = tuple[str, str, bytes]

URL = "https://example.org/"
PAGE = response(URL, b"<title>Angara</title><p>At the pier.")
WARC = information(software="a test") + PAGE
LIST = page_list({"url": URL, "ts": "2024-10-25T08:00:00Z"})

DIGEST = "datapackage-digest.json"
MEGABYTE_OF_ZEROS = gzip.compress(bytes(1_000_000), mtime=0)


def broken() -> Iterator[Case]:
    """Yield archives that are read as far as they go, with what is wrong said."""
    yield from _broken_warcs()
    yield from _broken_packages()
    yield from _wrong_signatures()


def refused() -> Iterator[Case]:
    """Yield what is taken for an archive and is none."""
    yield "e19", "gzip of words", gzip.compress(b"words", mtime=0)
    yield "e19", "gzip of nothing", gzip.compress(b"", mtime=0)
    yield "e19", "gzip that ends in its head", gzip.compress(WARC, mtime=0)[:8]
    yield "e19", "gzip of bzip2 of xz of zeros", gzip.compress(bz2.compress(lzma.compress(bytes(1_000_000))), mtime=0)
    yield "e19", "gzip of zeros", MEGABYTE_OF_ZEROS * 300
    yield "e39", "WARC without a record", b"WARC/1.0"
    yield "e39", "WARC with an endless head", b"WARC/1.1\r\n" + b"X: y\r\n" * 100_000
    yield "e39", "WARC with an endless line", b"WARC/1.1\r\nX: " + b"y" * 1_000_000


def _broken_warcs() -> Iterator[Case]:
    for stated in ("-1", "0", "99999999999999999", "1e9", "٣", ""):
        lying = PAGE.replace(b"Content-Length: " + _stated(PAGE), f"Content-Length: {stated}".encode())
        yield "e39", f"WARC with Content-Length {stated!r}", WARC + lying + PAGE
    yield "e39", "WARC cut in a body", WARC[:-9]
    yield "e39", "WARC cut in a head", WARC + PAGE[:30]
    yield "e39", "gzipped WARC cut", packed(WARC, PAGE)[:-9]
    yield "e39", "gzipped WARC with a damaged member", _flipped(packed(information(), PAGE))
    yield "e39", "WARC with a wrong digest", response(URL, b"x", **{"WARC-Block-Digest": "sha1:" + "A" * 32})
    yield "e39", "WARC of junk and records", (PAGE + b"junk\r\n") * 40
    head = record("resource", b"", url=URL).replace(b"Content-Length: 0", b"Content-Length: 400000000")[:-4]
    yield "e19", "gzipped WARC that is a bomb", packed(PAGE, head) + MEGABYTE_OF_ZEROS * 400


def _broken_packages() -> Iterator[Case]:
    whole = {"archive/data.warc.gz": packed(WARC), "pages/pages.jsonl": LIST}
    true = manifest(whole)
    yield "e39", "WACZ without a manifest", zipped(whole | {"indexes/index.cdx": b""})
    yield "e39", "WACZ with a manifest that is no JSON", zipped(whole | {"datapackage.json": b"{" * 100_000})
    yield "e39", "WACZ with a manifest that is a list", zipped(whole | {"datapackage.json": b"[1]"})
    other = manifest({name: bytes(len(part)) for name, part in whole.items()})
    yield "e39", "WACZ with wrong digests", zipped(whole | {"datapackage.json": other})
    swapped = true.replace(b'"bytes": ', b'"bytes": 1', 1)
    yield "e39", "WACZ with a wrong size", zipped(whole | {"datapackage.json": swapped})
    yield "e39", "WACZ with a part too many", zipped(whole | {"datapackage.json": true, "archive/other.warc.gz": b"x"})
    listed = manifest(whole | {"archive/gone.warc.gz": b"x"})
    yield "e39", "WACZ with a part too few", zipped(whole | {"datapackage.json": listed})
    odd = json.dumps({"resources": [{"path": "archive/data.warc.gz", "hash": ["x"], "bytes": "y"}, 7]}).encode()
    yield "e39", "WACZ with a manifest of other types", zipped(whole | {"datapackage.json": odd})
    gone = page_list({"url": "https://gone.org/"})
    yield "e39", "WACZ with pages that it does not hold", wacz(packed(WARC), pages=gone)
    locked = archive(Part(b"archive/a.warc.gz", b"x", flags=1), Part(b"datapackage.json", b"{}"))
    yield "e17", "WACZ with an encrypted part", locked
    yield "e39", "WACZ without a WARC", zipped({"datapackage.json": b"{}", "archive/words.txt": b"x"})
    yield "e39", "WACZ with a WARC that is none", wacz(b"words of nobody", pages=LIST)


def _wrong_signatures() -> Iterator[Case]:
    parts = {"archive/data.warc.gz": packed(WARC), "pages/pages.jsonl": LIST}
    true = manifest(parts)
    whole = parts | {"datapackage.json": true}
    right = signed(true)
    for name, signature in (
        ("an extra property", {**right, "trust": "me"}),
        ("a signature of something else", {**right, "signature": signed(b"other")["signature"]}),
        ("the hash of something else", signed(b"other")),
        ("no key", {**right, "publicKey": ""}),
        ("a key that is none", {**right, "publicKey": "AAAA", "signature": "????"}),
        ("a certificate that is none", {**right, "domainCert": "-----BEGIN CERTIFICATE-----\nAAAA\n"}),
    ):
        yield "e39", f"WACZ signed with {name}", zipped(whole | {DIGEST: digest_of(true, signedData=signature)})
    yield "e39", "WACZ with a wrong digest of its manifest", zipped(whole | {DIGEST: digest_of(b"other")})
    yield "e39", "WACZ with a digest file of other types", zipped(whole | {DIGEST: b'{"hash": 1, "signedData": [2]}'})
    yield "e39", "deflated WACZ", wacz(packed(WARC), pages=LIST, method=zipfile.ZIP_DEFLATED)


def _stated(content: bytes) -> bytes:
    return content.split(b"Content-Length: ")[1].split(b"\r\n")[0]


def _flipped(content: bytes) -> bytes:
    place = len(content) - 40
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
