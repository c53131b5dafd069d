"""E19, E20, E38–E41, E44: packings, tracks, boxes of letters, logs, and what scanners of viruses are tried with."""

import bz2
import gzip
import io
import json
import lzma
import struct
import zlib
from collections.abc import Iterator

from tests.evidence import pdf_writer
from tests.evidence.hostile.images import zeros
from tests.evidence.hostile.zip_writer import Part, archive

Case = tuple[str, str, bytes]

MEGABYTE = 1_000_000
# In two halves: whole, this file would be taken for what it is about.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def cases() -> Iterator[Case]:
    """Yield all but the largest; no reader takes any of them for more than it is."""
    yield from _packings()
    yield from _containers()
    yield from _tracks()
    yield from _boxes_of_letters()
    yield from _logs()
    yield "e36", "encrypted.pdf", _encrypted()
    yield "e44", "plain.com", EICAR
    yield "e44", "zipped.zip", archive(Part(b"eicar.com", EICAR))
    yield "e44", "embedded.pdf", pdf_writer.pdf("in").replace(b"%%EOF", b"%" + EICAR + b"\n%%EOF")


def huge() -> Iterator[Case]:
    """Yield what takes its size to be hostile: hundreds of megabytes each."""
    yield "e19", "ten gigabytes in a thousand members.gz", gzip.compress(bytes(10 * MEGABYTE), mtime=0) * 1_000
    yield "e38", "ten million points.gpx", _gpx(b'<trkpt lat="42.8" lon="132.8"/>' * 10**7)
    yield "e40", "a line of 500 MB.csv", b"a,b\n1,2\n1,2\n" + bytes(500 * MEGABYTE).replace(b"\0", b"x")
    yield (
        "e41",
        "a million parts never closed.nmea",
        b"".join(b"!AIVDM,9,1,%d,A,8888,0*00\r\n" % (number % 10) for number in range(10**6)),
    )


def _packings() -> Iterator[Case]:
    named = io.BytesIO()
    with gzip.GzipFile("../../../etc/cron.d/x", "wb", fileobj=named, mtime=0) as file:
        file.write(b"words")
    yield "e19", "a name that climbs.gz", named.getvalue()
    packed = zeros(1024**3)
    checks = struct.pack("<II", 0, 1024**3 & 0xFFFFFFFF)
    yield "e19", "a gibibyte.gz", b"\x1f\x8b\x08" + bytes(6) + b"\xff" + packed[2:-4] + checks
    yield "e19", "zeros.bz2", bz2.compress(bytes(10 * MEGABYTE))
    yield "e19", "zeros.xz", lzma.compress(bytes(10 * MEGABYTE))
    # One block of one byte, repeated 128 kB: the shortest form there is.
    yield "e19", "zeros.zst", b"\x28\xb5\x2f\xfd\x00\x58" + (b"\x02\x00\x10\x00") * 1_000 + b"\x03\x00\x10\x00"


def _containers() -> Iterator[Case]:
    heads = {
        "7z": b"7z\xbc\xaf\x27\x1c\x00\x04", "rar": b"Rar!\x1a\x07\x01\x00", "cab": b"MSCF" + bytes(4),
        "iso": bytes(32_769) + b"CD001\x01\x00",
    }  # fmt: skip
    for kind, head in heads.items():
        content = head + zlib.compress(kind.encode() * 100)
        yield "e20", f"right.{kind}", content
        yield "e20", f"{kind} that says picture.jpg", content


def _tracks() -> Iterator[Case]:
    point = {"type": "Point", "coordinates": [132.8, 42.8]}
    elsewhere = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}}
    yield "e38", "system from elsewhere.geojson", json.dumps({**point, "crs": elsewhere}).encode()
    depth = 100_000
    nested = b'{"type":"GeometryCollection","geometries":[' * depth + b"]}" * depth
    yield "e38", "a hundred thousand collections.geojson", nested
    for number in ("NaN", "1e308", "1e999", "-91"):
        made = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[132.8,' + number + "]}}"
        yield "e38", f"latitude {number}.geojson", made.encode()
    yield "e38", "swapped.geojson", json.dumps({**point, "coordinates": [42.8, 132.8]}).encode()
    link = (
        b'<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link>'
        b"</NetworkLink><Placemark><description><![CDATA[<script>alert(1)</script>]]></description></Placemark></kml>"
    )
    yield "e38", "link to a network.kml", link
    yield "e38", "link to a network.kmz", archive(Part(b"doc.kml", link))
    entity = b'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield "e38", "entity.gpx", entity + _gpx(b"<name>&x;</name>")
    yield "e38", "nowhere.gpx", _gpx(b'<wpt lat="NaN" lon="1e999"/>')


def _gpx(inside: bytes) -> bytes:
    return b'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">' + inside + b"</gpx>"


def _boxes_of_letters() -> Iterator[Case]:
    letter = b"From a@example.org Thu Apr 25 01:30:00 2024\nFrom: a@example.org\nSubject: in\n\nin\n\n"
    yield "e39", "ten thousand letters.mbox", letter * 10_000
    yield "e39", "compound file.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000)


def _logs() -> Iterator[Case]:
    yield "e41", "wrong checksum.nmea", b"!AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0*00\r\n" * 20
    yield (
        "e41",
        "out of this world.csv",
        (
            b"MMSI,BaseDateTime,LAT,LON\r\n0,2024-01-01T00:00:00,91,181\r\n0,2038-01-19T03:14:08,42,132\r\n"
            b"0,9999-12-31T23:59:59,42,132\r\n0,2023-01-01T00:00:00,42,132\r\n"
        ),
    )


def _encrypted() -> bytes:
    locked = b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (b"41" * 32, b"42" * 32)
    return pdf_writer.pdf("in").replace(b"/Root 1 0 R", locked)
