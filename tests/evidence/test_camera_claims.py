"""What cameras, agencies and programs wrote into pictures: claims of the file, and what is odd about them."""

import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from casefiles.evidence.readers import captions, exif, images, small_pictures
from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.readers.tags import Structure
from tests.evidence.tiffs import structure

IFD = Image.Exif


def found_in(content: bytes) -> dict[str, Any]:
    frame = next(images.frames(io.BytesIO(content)))
    findings: dict[str, Any] = json.loads(frame.body)
    return findings


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, size, "#0b5268").save(drawn, form, **options)
    return drawn.getvalue()


def block(
    tags: dict[int, Any] | None = None, camera: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> bytes:
    made = Image.Exif()
    for tag, value in (tags or {}).items():
        made[tag] = value
    for place, values in ((0x8769, camera), (0x8825, gps)):
        if values:
            made.get_ifd(place).update(values)
            made[place] = made.get_ifd(place)
    return made.tobytes()


def claimed(*parts: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    directory = next(Structure.of(io.BytesIO(block(*parts).removeprefix(b"Exif\x00\x00"))).directories())
    claims, warnings = exif.claims(directory)
    return {claim.key: claim.value for claim in claims}, warnings


# --- EXIF ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS 40D", "Canon EOS 40D"),
        ("NIKON CORPORATION", "NIKON D800", "NIKON D800"),
        ("Apple", "iPhone 15", "Apple iPhone 15"),
        ("", "Model", "Model"),
    ],
)
def test_the_maker_is_named_once(make: str, model: str, camera: str) -> None:
    assert claimed({0x010F: make, 0x0110: model})[0]["camera"] == camera


@pytest.mark.parametrize(
    ("camera", "told"),
    [
        ({0x9003: "2008:10:22 16:28:39"}, "2008-10-22T16:28:39"),
        ({0x9003: "2008:10:22 16:28:39", 0x9011: "+02:00"}, "2008-10-22T16:28:39+02:00"),
        ({0x9003: "2008:10:22 16:28:39", 0x9011: "+00:00"}, "2008-10-22T16:28:39Z"),
        ({0x9003: "2008:10:22 16:28:39", 0x9011: "   :  "}, "2008-10-22T16:28:39"),
        ({0x9003: "2008:10:22 16:28:39", 0x9291: "25"}, "2008-10-22T16:28:39.25"),
        ({0x9003: "2008:10:22 16:28:39", 0x9291: "00"}, "2008-10-22T16:28:39"),
        ({0x9003: "    :  :     :  :  "}, None),
        ({0x9003: "0000:00:00 00:00:00"}, None),
        ({0x9003: "yesterday"}, None),
    ],
)
def test_a_time_has_a_zone_only_where_the_camera_wrote_one(camera: dict[int, str], told: str | None) -> None:
    assert claimed({}, camera)[0].get("captured") == told


@pytest.mark.parametrize("text", ["2023:02:30 10:00:00", "0000:01:01 10:00:00", "2023:01:01 25:00:00"])
def test_e08_a_time_that_is_none_is_left_out_and_said(text: str) -> None:
    claims, warnings = claimed({}, {0x9003: text})

    assert "captured" not in claims
    assert warnings == (exif.WRONG_TIME,)


def test_what_people_and_programs_wrote_is_claimed() -> None:
    claims, _warnings = claimed(
        {
            0x0131: "GIMP 2.10", 0x013B: "A. Person", 0x8298: "Agency", 0x010E: "A ship", 0x0112: 6,
            0x0132: "2024:02:11 10:00:00", 0x9C9B: "Title".encode("utf-16-le"), 0x9C9E: "a;b".encode("utf-16-le"),
        },
        {
            0x9010: "+08:00", 0xA431: "SN-12", 0xA434: "50 mm", 0xA430: "Owner", 0x920A: 50.0,
            0x9286: b"ASCII\x00\x00\x00At the pier",
        },
    )  # fmt: skip

    assert claims == {
        "software": "GIMP 2.10", "author": "A. Person", "rights_holder": "Agency", "summary": "A ship",
        "orientation": "6: to be turned by 90° clockwise", "modified": "2024-02-11T10:00:00+08:00", "title": "Title",
        "keywords": "a;b", "serial_number": "SN-12", "lens": "50 mm", "owner": "Owner", "focal_length_mm": 50.0,
        "comment": "At the pier",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"UNICODE\x00" + "пирс".encode("utf-16-le"), "пирс"),
        (b"UNICODE\x00" + "pier".encode("utf-16-be"), "pier"),
        (b"\x00" * 30, None),
        (b"JIS\x00\x00\x00\x00\x00abc", None),
    ],
)
def test_a_comment_says_in_which_characters_it_is(content: bytes, text: str | None) -> None:
    assert claimed({}, {0x9286: content})[0].get("comment") == text


AT_RAJIN = {0x01: "N", 0x02: (42.0, 14.0, 3.6), 0x03: "E", 0x04: (130.0, 17.0, 6.0)}


def test_the_position_is_longitude_then_latitude() -> None:
    claims, _warnings = claimed({}, {}, {**AT_RAJIN, 0x05: b"\x01", 0x06: 2.5, 0x10: "T", 0x11: 181.0})

    assert claims == {"position": [130.285, 42.2343333], "altitude_m": -2.5, "direction_deg": 181.0}


def test_south_and_west_are_below_zero() -> None:
    assert claimed({}, {}, {**AT_RAJIN, 0x01: "S", 0x03: "W"})[0]["position"] == [-130.285, -42.2343333]


@pytest.mark.parametrize(
    "gps",
    [
        {**AT_RAJIN, 0x01: "X"},
        {**AT_RAJIN, 0x02: (91.0, 0.0, 0.0)},
        {**AT_RAJIN, 0x04: (180.0, 0.0, 1.0)},
        {**AT_RAJIN, 0x02: (42.0, 14.0)},
    ],
)
def test_e08_a_position_that_is_no_place_is_left_out_and_said(gps: dict[int, Any]) -> None:
    claims, warnings = claimed({}, {}, gps)

    assert "position" not in claims
    assert warnings == (exif.WRONG_POSITION,)


def gps_block(latitude: list[tuple[int, int]], *, time: list[tuple[int, int]], day: bytes = b"2024:02:11\x00") -> bytes:
    """Return a block whose GPS directory holds fractions as they stand, also those without a denominator."""
    gps = [(1, 2, b"N\x00"), (2, 5, latitude), (3, 2, b"E\x00"), (4, 5, [(130, 1)] * 3), (7, 5, time), (29, 2, day)]
    return structure([[(0x8825, 4, [26])], gps])


def of_block(content: bytes) -> tuple[dict[str, Any], tuple[str, ...]]:
    claims, warnings = exif.claims(next(Structure.of(io.BytesIO(content)).directories()))
    return {claim.key: claim.value for claim in claims}, warnings


def test_e08_a_position_of_fractions_without_denominator_is_left_out() -> None:
    claims, warnings = of_block(gps_block([(1, 0)] * 3, time=[(0, 0)] * 3))

    assert claims == {}
    assert warnings == (exif.WRONG_POSITION,)


def test_e08_a_satellite_time_that_is_none_is_left_out() -> None:
    claims, warnings = of_block(gps_block([(42, 1)] * 3, time=[(99, 1)] * 3))

    assert "gps_time" not in claims
    assert exif.WRONG_TIME in warnings


@pytest.mark.parametrize(
    ("camera", "day", "is_odd"),
    [
        ({0x9003: "2024:02:11 22:00:00"}, "2024:02:11", False),
        ({0x9003: "2024:02:12 04:00:00"}, "2024:02:11", False),
        ({0x9003: "2024:02:10 16:00:00"}, "2024:02:11", True),
        ({0x9003: "2024:02:11 22:00:00", 0x9011: "+08:00"}, "2024:02:11", False),
        ({0x9003: "2024:02:11 22:00:00", 0x9011: "+00:00"}, "2024:02:11", True),
        ({}, "2024:02:11", False),
    ],
)
def test_clocks_that_no_zone_can_explain_are_said(camera: dict[int, Any], day: str, is_odd: bool) -> None:
    claims, warnings = claimed({}, camera, {0x07: (14.0, 0.0, 0.0), 0x1D: day})

    assert claims["gps_time"] == "2024-02-11T14:00:00Z"
    assert (exif.APART in warnings) == is_odd


def test_a_damaged_part_leaves_the_others_to_be_read() -> None:
    content = structure([[(0x0131, 2, b"Tool of a kind\x00"), (0x8825, 4, [10**6]), (0x8769, 4, [10**6])]])

    claims, warnings = of_block(content)

    assert claims["software"] == "Tool of a kind"
    assert warnings == (exif.UNREAD,)


# --- Captions -----------------------------------------------------------------------------------------------------

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" photoshop:Credit="Agency" xmp:CreatorTool="Tool 1">
<dc:title><rdf:Alt><rdf:li xml:lang="de">Schiff</rdf:li><rdf:li xml:lang="x-default">Ship</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>First</rdf:li><rdf:li>Second</rdf:li></rdf:Seq></dc:creator>
<photoshop:DateCreated>2024-02-11T10:00:00+08:00</photoshop:DateCreated><dc:rights> </dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize("packet", [XMP.encode(), XMP.split("<x:xmpmeta", 1)[0].encode() + XMP.encode() + b"\x00\x00"])
def test_xmp_is_claimed_property_by_property(packet: bytes) -> None:
    claims, warnings = captions.xmp_claims(packet)

    assert warnings == ()
    assert {claim.key: claim.value for claim in claims} == {
        "title": "Ship", "author": "First; Second", "credit_line": "Agency", "software": "Tool 1",
        "captured": "2024-02-11T10:00:00+08:00",
    }  # fmt: skip
    assert {claim.where for claim in claims} >= {"XMP dc:title", "XMP photoshop:Credit"}


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    "<x>&c;</x>"
)


@pytest.mark.parametrize(
    "packet",
    [
        LAUGHS.encode(),
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1/">]><x>&e;</x>',
        b"<x", b"\xff\xfe\x00\x00<", b"<x>" * 10, b"<x/>" + b" " * captions.MOST_XMP_BYTES,
    ],
)  # fmt: skip
def test_e08_xmp_with_entities_or_too_long_is_not_read(packet: bytes) -> None:
    """Breaks where XMP goes to a parser that expands entities or opens what they name."""
    assert captions.xmp_claims(packet) == ((), (captions.UNREAD_XMP,))


@pytest.mark.parametrize("packet", [b"", b"\x00\x00", b"<x/>"])
def test_xmp_that_says_nothing_claims_nothing(packet: bytes) -> None:
    assert captions.xmp_claims(packet) == ((), ())


def row(number: int, content: bytes, record: int = 2) -> bytes:
    return b"\x1c" + struct.pack(">BBH", record, number, len(content)) + content


def test_iptc_is_claimed_record_by_record() -> None:
    content = (
        row(90, b"\x1b%G", 1) + row(5, "Порт".encode()) + row(80, b"First") + row(80, b"Second") + row(110, b"Agency")
        + row(120, b"A ship") + row(55, b"20240211") + row(60, b"101112+0800") + row(25, b"\x00") + b"\x00\x00"
    )  # fmt: skip

    claims, warnings = captions.iptc_claims(content)

    assert warnings == ()
    assert {claim.key: claim.value for claim in claims} == {
        "title": "Порт", "author": "First; Second", "credit_line": "Agency", "summary": "A ship",
        "captured": "2024-02-11T10:11:12+08:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "time", "told"),
    [
        (b"20240211", b"", "2024-02-11"),
        (b"20240211", b"101112", "2024-02-11T10:11:12"),
        (b"20240211", b"991112", "2024-02-11"),
        (b"20240230", b"101112", None),
        (b"00000000", b"", None),
        (b"2024", b"101112", None),
    ],
)
def test_a_date_of_iptc_has_what_was_written(day: bytes, time: bytes, told: str | None) -> None:
    claims, _warnings = captions.iptc_claims(row(55, day) + row(60, time))

    assert {claim.key: claim.value for claim in claims}.get("captured") == told


@pytest.mark.parametrize("tail", [b"\x1c\x02\x50\xff\xff", b"\x1c\x02\x50\x00\x09short", b"garbage"])
def test_iptc_that_breaks_off_is_read_as_far_as_it_goes(tail: bytes) -> None:
    claims, warnings = captions.iptc_claims(row(80, b"First") + tail)

    assert [claim.value for claim in claims] == ["First"]
    assert warnings == (captions.UNREAD_IPTC,)


def test_old_captions_are_read_as_western_text() -> None:
    [claim] = captions.iptc_claims(row(120, b"caf\xe9"))[0]

    assert claim.value == "café"


# --- Whole pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_exif_and_xmp_are_found_in_every_form(form: str) -> None:
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", XMP)
    xmp = {"pnginfo": texts} if form == "PNG" else {"xmp": XMP.encode()}

    found = found_in(picture(form, exif=block({0x0131: "Tool of a kind"}), **xmp))

    claims = {(claim["key"], claim["value"]) for claim in found["claims"]}
    assert found["form"] == form
    assert ("software", "Tool of a kind") in claims
    assert ("title", "Ship") in claims


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_texts_of_a_png_are_claimed_also_behind_its_pixels() -> None:
    texts = PngInfo()
    texts.add_text("Title", "Harbour")
    texts.add_itxt("parameters", "a ship at a pier, photorealistic", zip=True)
    content = picture("PNG", pnginfo=texts)

    found = found_in(content[:-12] + chunk(b"tEXt", b"Comment\x00late") + content[-12:])

    assert [(claim["key"], claim["value"], claim["where"]) for claim in found["claims"]] == [
        ("title", "Harbour", "PNG text “Title”"),
        ("comment", "a ship at a pier, photorealistic", "PNG text “parameters”"),
        ("comment", "late", "PNG text “Comment”"),
    ]


def test_a_profile_is_named() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert found_in(picture("PNG", icc_profile=profile))["measured"]["colour_profile"] == "sRGB built-in"


@pytest.mark.parametrize("profile", [b"short", bytes(400), b"\x00" * 128 + b"\x00\x00\x00\x05desc\xff\xff\xff\xff"])
def test_a_broken_profile_has_no_name(profile: bytes) -> None:
    assert "colour_profile" not in found_in(picture("PNG", icc_profile=profile))["measured"]


def test_comments_and_animations_are_said() -> None:
    drawn = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(drawn, "GIF", save_all=True, append_images=frames[1:], comment=b"made with a tool")

    found = found_in(drawn.getvalue())

    assert found["measured"]["is_animated"] is True
    assert found["claims"] == [{"key": "comment", "value": "made with a tool", "where": "GIF comment"}]


def test_l26_content_credentials_are_said_and_not_believed() -> None:
    """A signature that nobody checked must never read as a good one."""
    plain = picture("JPEG")
    segment = b"JP\x00\x01\x00\x00\x00\x01" + struct.pack(">I", 40) + b"jumb" + bytes(30)
    signed = plain[:2] + b"\xff\xeb" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]

    assert found_in(plain)["claims"] == []
    [claim] = found_in(signed)["claims"]
    assert claim["key"] == "signature"
    assert "not checked" in claim["value"]


def test_one_thing_said_twice_is_claimed_once() -> None:
    content = picture("JPEG", exif=block({0x013B: "First; Second"}), xmp=XMP.encode())

    authors = [claim for claim in found_in(content)["claims"] if claim["key"] == "author"]

    assert [(claim["value"], claim["where"]) for claim in authors] == [("First; Second", "EXIF Artist")]


def test_an_exif_block_that_is_none_is_said() -> None:
    assert found_in(picture("JPEG", exif=b"Exif\x00\x00nothing of the kind"))["warnings"] == [exif.UNREAD]


def test_a_picture_larger_than_is_drawn_is_still_read() -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0))
    content = b"\x89PNG\r\n\x1a\n" + head + picture("PNG")[33:]

    assert found_in(content)["measured"]["width_px"] == 20_000


@pytest.mark.parametrize("content", [b"", b"words", picture("BMP"), picture("PNG")[:20]])
def test_what_is_no_picture_is_not_parsed(content: bytes) -> None:
    with pytest.raises(NotParsed):
        found_in(content)


# --- The small picture inside -------------------------------------------------------------------------------------


def scene(size: tuple[int, int] = (640, 480)) -> Image.Image:
    drawn = Image.new("RGB", size, "#335577")
    pencil = ImageDraw.Draw(drawn)
    pencil.rectangle((size[0] * 0.1, size[1] * 0.5, size[0] * 0.9, size[1] * 0.7), fill="#eeddaa")
    pencil.rectangle((size[0] * 0.6, size[1] * 0.2, size[0] * 0.75, size[1] * 0.5), fill="#aa2211")
    return drawn


def as_jpeg(drawn: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    drawn.save(out, "JPEG", **options)
    return out.getvalue()


def small(drawn: Image.Image, size: tuple[int, int] = (160, 120)) -> bytes:
    return as_jpeg(drawn.resize(size), quality=60)


def letterboxed(drawn: Image.Image) -> bytes:
    around = Image.new("RGB", (160, 120))
    around.paste(drawn.resize((160, 107)), (0, 6))
    return as_jpeg(around)


@pytest.mark.parametrize(
    ("picture", "inside", "is_odd"),
    [
        (scene(), small(scene()), False),
        (scene((600, 400)), letterboxed(scene((600, 400))), False),
        (scene().rotate(90, expand=True), small(scene()), False),
        (scene().rotate(180), small(scene()), False),
        (scene().crop((320, 0, 640, 480)), small(scene()), True),
        (scene(), small(Image.new("RGB", (10, 10), "white")), True),
        (scene(), b"no picture", True),
        (scene(), as_jpeg(Image.new("L", (1200, 10))), True),
    ],
)
def test_e09_a_small_picture_that_shows_something_else_is_said(
    picture: Image.Image, inside: bytes, is_odd: bool
) -> None:
    assert bool(small_pictures.differences(picture, inside)) == is_odd


def with_small_picture(drawn: Image.Image, inside: bytes, turn: int = 1) -> bytes:
    second = [(0x0201, 4, [0]), (0x0202, 4, [len(inside)])]
    first = [(0x0112, 3, [turn])]
    place = len(structure([first, second]))
    content = structure([first, [(0x0201, 4, [place]), second[1]]], tail=inside)
    return as_jpeg(drawn, exif=b"Exif\x00\x00" + content)


def test_e09_the_small_picture_of_a_cropped_photograph_gives_it_away() -> None:
    honest = found_in(with_small_picture(scene(), small(scene()), turn=6))
    cropped = found_in(with_small_picture(scene().crop((320, 0, 640, 480)), small(scene())))

    assert honest["warnings"] == []
    assert cropped["warnings"] == [small_pictures.DIFFERENT]


def test_a_small_picture_outside_the_block_is_said() -> None:
    content = structure([[(0x0112, 3, [1])], [(0x0201, 4, [10**6]), (0x0202, 4, [100])]])

    assert found_in(as_jpeg(scene(), exif=b"Exif\x00\x00" + content))["warnings"] == [exif.UNREAD]


# --- Real files ---------------------------------------------------------------------------------------------------


def test_the_real_photograph_says_its_times_apart(shared_data: Path) -> None:
    found = found_in((shared_data / "exif" / "DSCN0010.jpg").read_bytes())

    claims = {claim["key"]: claim["value"] for claim in found["claims"]}
    assert claims["captured"] == "2008-10-22T16:28:39"
    assert claims["gps_time"] == "2008-10-23T14:27:07Z"
    assert claims["position"] == [11.8851267, 43.4674483]
    assert claims["camera"] == "NIKON COOLPIX P6000"
    # The camera's clock was a day behind that of the satellites: no zone explains it.
    assert found["warnings"] == [exif.APART]


def test_the_other_real_photograph_went_through_a_program(shared_data: Path) -> None:
    found = found_in((shared_data / "exif" / "Canon_40D.jpg").read_bytes())

    claims = {claim["key"]: claim["value"] for claim in found["claims"]}
    assert (claims["software"], claims["captured"], claims["modified"]) == (
        "GIMP 2.4.5", "2008-05-30T15:56:01", "2008-07-31T10:38:11",
    )  # fmt: skip
    assert "gps_time" not in claims
    assert found["warnings"] == []
