"""E01–E09: pictures that claim what they do not hold, hold what they do not claim, or are something else as well."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image

from tests.evidence.tiffs import structure, tiff

Case = tuple[str, str, bytes]
GIBIBYTE = 1024**3
SCRIPT = "<script>alert(1)</script>"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><x>&i;</x>"
)


def cases() -> Iterator[Case]:
    """Yield every picture of the family: the battery's number, what it is called, and its bytes."""
    yield from _sizes()
    yield from _tiffs()
    yield from _jpegs()
    yield from _animations()
    yield from _bombs()
    yield from _strangers()
    yield from _polyglots()
    yield from _words()
    yield "e09", "turned and with another small picture.jpg", _with_small_picture(_small("#ffffff"), turn=6)


# --- Pieces -------------------------------------------------------------------------------------------------------


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int = 8, height: int = 8, *before: bytes, bits: int = 8) -> bytes:
    """Return a grey PNG of a claimed size, with chunks before its pixels, of which there are those of 8 by 8."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width & 0xFFFFFFFF, height & 0xFFFFFFFF, bits, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\x00" * 9 * 8))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(before) + pixels + chunk(b"IEND", b"")


def saved(form: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, size, 90 if mode == "L" else None).save(drawn, form, **options)
    return drawn.getvalue()


def zeros(size: int) -> bytes:
    """Return a zlib stream of so many zeros: a block of a mebibyte, again and again, without packing it each time."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    adler = (size % 65521) << 16 | 1
    return first + again * (size // (1024 * 1024) - 1) + b"\x03\x00" + struct.pack(">I", adler)


def _small(colour: str, size: tuple[int, int] = (160, 120)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, "JPEG")
    return drawn.getvalue()


def _with_small_picture(inside: bytes, *, turn: int = 1) -> bytes:
    first = [(0x0112, 3, [turn])]
    second = lambda place: [(0x0201, 4, [place]), (0x0202, 4, [len(inside)])]  # noqa: E731
    place = len(structure([first, second(0)]))
    return saved("JPEG", exif=b"Exif\x00\x00" + structure([first, second(place)], tail=inside))


def _claiming(jpeg: bytes, width: int, height: int) -> bytes:
    """Return a JPEG whose frame header claims another size."""
    place = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:place] + struct.pack(">HH", height, width) + jpeg[place + 4 :]


# --- Families -----------------------------------------------------------------------------------------------------


def _sizes() -> Iterator[Case]:
    yield "e01", "65535 squared, one bit.png", png(65_535, 65_535, bits=1)
    yield "e01", "2 to the 31st.png", png(2**31 - 1, 2**31 - 1)
    yield "e01", "no width.png", png(0, 8)
    yield "e01", "no height.png", png(8, 0)


def _tiffs() -> Iterator[Case]:
    strip = [(256, 4, [8]), (257, 4, [8]), (258, 3, [8]), (259, 3, [1]), (262, 3, [1]), (277, 3, [1]), (278, 4, [8])]
    place = len(structure([[*strip, (273, 4, [0]), (279, 4, [64])]]))
    whole = [*strip, (273, 4, [place]), (279, 4, [64])]
    yield "e02", "circle of directories.tif", structure([whole], tail=bytes(64), last=8)
    yield "e02", "ten thousand directories.tif", structure([whole] * 10_000, tail=bytes(64))
    yield "e02", "strip beyond the end.tif", structure([[*strip, (273, 4, [10**9]), (279, 4, [64])]])
    yield "e02", "a million million bytes.tif", structure([[
        (256, 4, [10**6]), (257, 4, [10**6]), (258, 3, [8]), (259, 3, [1]), (262, 3, [1]), (273, 4, [8]),
        (277, 3, [1]), (278, 4, [10**6]), (279, 4, [2**32 - 1]),
    ]])  # fmt: skip
    yield "e02", "mixed endian.tif", b"II*\x00\x08\x00\x00\x00" + tiff(8, 6, order=">")[8:]
    yield "e02", "four bands in a small deflated bomb.tif", _tiff_bomb()


def _tiff_bomb() -> bytes:
    """Return four bands of 16 bits that claim 10,000 by 10,000 pixels: 800 MB out of one."""
    packed = zeros(800 * 1024 * 1024)
    tags = [
        (256, 4, [10_000]), (257, 4, [10_000]), (258, 3, [16] * 4), (259, 3, [8]), (262, 3, [1]), (277, 3, [4]),
        (278, 4, [10_000]), (279, 4, [len(packed)]),
    ]  # fmt: skip
    place = len(structure([[*tags, (273, 4, [0])]]))
    return structure([[*tags, (273, 4, [place])]], tail=packed)


def _jpegs() -> Iterator[Case]:
    circle = structure([[(0x8769, 4, [8]), (0x8825, 4, [8])]], last=8)
    whole = saved("JPEG", (400, 300))
    yield "e03", "exif in a circle.jpg", saved("JPEG", exif=b"Exif\x00\x00" + circle)
    yield "e03", "small picture is a bomb.jpg", _with_small_picture(_claiming(_small("#000000"), 65_500, 65_500))
    yield "e03", "truncated.jpg", whole[: len(whole) // 2]
    yield "e03", "four inks.jpg", saved("JPEG", mode="CMYK")
    yield "e03", "65500 squared.jpg", _claiming(whole, 65_500, 65_500)


def _animations() -> Iterator[Case]:
    gif = saved("GIF", (4, 4), mode="L")
    frame = gif[gif.index(b"\x2c") : -1]
    yield "e04", "a hundred thousand frames.gif", gif[:-1] + frame * 100_000 + b"\x3b"
    control = struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 1, 0, 0)
    yield (
        "e04",
        "animation without end.png",
        png(8, 8, chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)), chunk(b"fcTL", control)),
    )
    for form in ("WEBP", "AVIF", "HEIF"):
        content = heif() if form == "HEIF" else saved(form, (320, 240))
        yield "e04", f"truncated.{form.lower()}", content[: len(content) * 2 // 3]


def heif(size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a HEIC picture."""
    import pillow_heif

    drawn = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", size, "#0b5268")).save(drawn, quality=50)
    return drawn.getvalue()


def _bombs() -> Iterator[Case]:
    bomb = zeros(GIBIBYTE)
    yield "e05", "zTXt of a gibibyte.png", png(8, 8, chunk(b"zTXt", b"Comment\x00\x00" + bomb))
    yield "e05", "iTXt of a gibibyte.png", png(8, 8, chunk(b"iTXt", b"Comment\x00\x01\x00\x00\x00" + bomb))
    yield "e05", "profile of a gibibyte.png", png(8, 8, chunk(b"iCCP", b"profile\x00\x00" + bomb))


def _strangers() -> Iterator[Case]:
    """Yield forms that Pillow would open where it is not told which ones to take."""
    header = "".join(
        f"{card:<80}" for card in ("SIMPLE  =                    T", "BITPIX  =  8", "NAXIS   =  0", "END")
    )
    yield "e06", "fits.jpg", header.encode().ljust(2880)
    yield "e06", "psd.jpg", b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 8, 8, 8, 3) + bytes(40)
    yield "e06", "eps.jpg", saved("EPS")
    yield "e06", "pcx.jpg", saved("PCX")
    yield "e06", "icns.jpg", saved("ICNS", (128, 128), mode="RGBA")
    yield "e06", "jpeg2000.jpg", saved("JPEG2000")
    yield "e06", "mcidas.jpg", b"\x00\x00\x00\x00\x00\x00\x00\x04" + bytes(248)


def _polyglots() -> Iterator[Case]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Main-Class: Evil")
    html = f"<html><body>{SCRIPT}</body></html>".encode()
    yield "e07", "png header and html.png", b"\x89PNG\r\n\x1a\n" + html
    yield "e07", "whole png and html.png", png() + html
    yield "e07", "gifar.gif", saved("GIF", mode="L") + packed.getvalue()
    yield "e07", "jpeg and zip.jpg", saved("JPEG") + packed.getvalue()
    yield "e07", "pdf, html and zip.pdf", b"%PDF-1.4\n" + html + b"\n%%EOF\n" + packed.getvalue()


def _words() -> Iterator[Case]:
    long = b"A" * 60_000
    yield "e08", "exif with a script.jpg", _exif([(0x010E, 2, SCRIPT.encode()), (0x013B, 2, b"a\x00b\x00c")])
    yield "e08", "exif with long strings.jpg", _exif([(0x010E, 2, long)])
    yield "e08", "xmp with a script.jpg", saved("JPEG", xmp=_xmp(SCRIPT.replace("<", "&lt;")))
    yield "e08", "xmp of a megabyte.png", png(8, 8, chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + _xmp("x" * 10**6)))
    yield "e08", "xmp that laughs.jpg", saved("JPEG", xmp=LAUGHS.encode())
    yield "e08", "iptc with a script.jpg", _iptc(b"\x1c\x02\x78" + struct.pack(">H", len(SCRIPT)) + SCRIPT.encode())
    gps = [(1, 2, b"N\x00"), (2, 5, [(0, 0)] * 3), (3, 2, b"E\x00"), (4, 5, [(2**32 - 1, 1)] * 3)]
    yield "e08", "nowhere.jpg", saved("JPEG", exif=b"Exif\x00\x00" + structure([[(0x8825, 4, [26])], gps]))
    camera = [(0x9003, 2, b"0000:13:45 99:99:99\x00")]
    yield "e08", "year nought.jpg", saved("JPEG", exif=b"Exif\x00\x00" + structure([[(0x8769, 4, [26])], camera]))


def _exif(tags: list[Any]) -> bytes:
    return saved("JPEG", exif=b"Exif\x00\x00" + structure([tags]))


def _xmp(words: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"><photoshop:Headline>'
        f"{words}</photoshop:Headline></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def _iptc(block: bytes) -> bytes:
    """Return a JPEG with an IPTC block, as Photoshop puts one into APP13."""
    padded = block + b"\x00" * (len(block) % 2)
    resource = b"8BIM" + struct.pack(">HxxI", 0x0404, len(block)) + padded
    content = b"Photoshop 3.0\x00" + resource
    plain = saved("JPEG")
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(content) + 2) + content + plain[2:]
