"""Writes PDFs object by object: sound ones for tests, and ones that lie for the battery."""

from collections.abc import Mapping, Sequence

Objects = dict[int, bytes]

CATALOG, PAGES, FONT, FIRST_PAGE = 1, 2, 3, 10
# A font without glyphs whose codes are Unicode: any script can be read from it, none is drawn.
_ANY_SCRIPT = 4
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Plain def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def text(value: str) -> bytes:
    """Return a text string (ISO 32000-1, 7.9.2.2) in hexadecimal."""
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">"


def page_content(lines: Sequence[str]) -> bytes:
    """Return the operators that write lines of text below each other."""
    shown = b" T* ".join(_shown(line) for line in lines)
    return b"BT /A 12 Tf 14 TL 40 740 Td " + shown + b" ET"


def _shown(line: str) -> bytes:
    if line.isascii():
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return b"/A 12 Tf (" + escaped.encode() + b") Tj"
    return b"/U 12 Tf <" + line.encode("utf-16-be").hex().encode() + b"> Tj"


def objects(pages: Sequence[Sequence[str]], *, catalog: bytes = b"", page: bytes = b"") -> Objects:
    """Return the objects of a document of pages of lines: page n is object 10 + 2n, its content the one behind it."""
    places = [FIRST_PAGE + 2 * index for index in range(len(pages))]
    kids = b" ".join(b"%d 0 R" % place for place in places)
    made: Objects = {
        CATALOG: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        PAGES: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        _ANY_SCRIPT: b"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H /DescendantFonts [5 0 R]"
        b" /ToUnicode 7 0 R >>",
        5: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Any /FontDescriptor 6 0 R /DW 600"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        6: b"<< /Type /FontDescriptor /FontName /Any /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800"
        b" /Descent -200 /CapHeight 700 /StemV 80 >>",
        7: stream(_TO_UNICODE),
    }
    for place, lines in zip(places, pages, strict=True):
        made[place] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /A 3 0 R /U 4 0 R >> >>"
            b" /Contents %d 0 R %s >>" % (place + 1, page)
        )
        made[place + 1] = stream(page_content(lines))
    return made


def written(made: Mapping[int, bytes], *, trailer: bytes = b"", version: str = "1.7") -> bytes:
    """Return a document of these objects."""
    return _section(b"%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n" % version.encode(), made, trailer=trailer)


def updated(before: bytes, made: Mapping[int, bytes], *, trailer: bytes = b"") -> bytes:
    """Return a document with objects changed by adding to its end."""
    previous = int(before.rsplit(b"startxref", 1)[1].split()[0])
    return _section(before, made, trailer=b"/Prev %d %s" % (previous, trailer))


def _section(before: bytes, made: Mapping[int, bytes], *, trailer: bytes) -> bytes:
    body, places = before, {}
    for number, content in sorted(made.items()):
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
    size = max(*made, 99) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(body))
    return body + b"xref\n0 1\n0000000000 65535 f \n" + table + end


def pdf(*pages: Sequence[str] | str, information: Mapping[str, str] | None = None, **changes: bytes) -> bytes:
    """Return a document with a page for each list of lines (or one line), and what it says of itself."""
    made = objects([[page] if isinstance(page, str) else page for page in pages], **changes)
    if not information:
        return written(made)
    entries = b" ".join(b"/%s %s" % (name.encode(), text(value)) for name, value in information.items())
    return written({**made, 8: b"<< %s >>" % entries}, trailer=b"/Info 8 0 R")
