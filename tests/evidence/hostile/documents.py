"""E21–E36: documents that load, run, hide, swell or lie. Each case names the task that would read it."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping

from tests.evidence import office_writer, pdf_writer
from tests.evidence.pdf_writer import FIRST_PAGE, stream

Case = tuple[str, str, str, bytes]
"""Id of the battery, name, task of the cage, bytes."""

_OUTSIDE = (
    "file:///etc/passwd", "file:///proc/self/environ", "http://127.0.0.1:9/x", "ftp://127.0.0.1:9/x",
    "jar:http://127.0.0.1:9/x!/y", "gopher://127.0.0.1:9/x", "netdoc:///etc/passwd", "expect://id",
)  # fmt: skip


def xml() -> Iterator[Case]:
    """Yield XML that reaches outside or swells, alone and as parts of Office documents: none may be read."""
    for identifier, name, content in _xml():
        yield identifier, name, "data", content
        yield identifier, f"{name} in DOCX", "docx", office_writer.docx(document=content)
        yield identifier, f"{name} in XLSX", "xlsx", office_writer.xlsx(workbook=content)
        yield identifier, f"{name} in ODT", "open document", office_writer.odt(content=content)


def _xml() -> Iterator[tuple[str, str, bytes]]:
    for url in _OUTSIDE:
        entity = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]><r>&x;</r>'
        yield "e21" if url.startswith("file") else "e22", f"entity {url}", entity.encode()
    yield "e22", "external DTD", b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r/>'
    parameter = b'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><r/>'
    yield "e22", "parameter entity", parameter
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    yield "e23", "billion laughs", f'<!DOCTYPE r [<!ENTITY a0 "lol">{laughs}]><r>&a9;</r>'.encode()
    yield "e24", "quadratic", b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 50_000 + b'">]><r>' + b"&a;" * 50_000 + b"</r>"
    yield "e24", "nested", b"<r>" * 100_000 + b"</r>" * 100_000
    yield "e24", "over 10 MB", b"<r>" + b"<a/>" * 2_700_000 + b"</r>"
    yield "e26", "UTF-7", b'<?xml version="1.0" encoding="UTF-7"?>+ADw-r+AD4-'
    yield "e26", "UTF-16 without mark", '<?xml version="1.0" encoding="UTF-16"?><r/>'.encode("utf-16-be")
    yield "e26", "an encoding that lies", '<?xml version="1.0" encoding="UTF-16"?><r>ä</r>'.encode("latin-1")
    yield "e26", "an encoding nobody knows", b'<?xml version="1.0" encoding="x-none"?><r/>'


def inert_xml() -> Iterator[Case]:
    """Yield XML whose instructions are words and nothing more."""
    include = (
        b'<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/>in</r>'
    )
    yield "e26", "XInclude", "data", include
    sheet = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">'
    sheet += b"<xsl:value-of select=\"document('file:///etc/passwd')\"/>in</xsl:stylesheet>"
    yield "e26", "XSLT document()", "data", sheet
    yield "e26", "a style sheet named", "data", b'<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?><r>in</r>'
    yield "e40", "SVG with script", "data", _svg()


def _svg() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script>'
        b'<image href="http://127.0.0.1:9/x.png"/><foreignObject><iframe src="http://127.0.0.1:9/"/></foreignObject>'
        b"<text>in</text></svg>"
    )


# --- Office ---------------------------------------------------------------------------------------------------------


def office() -> Iterator[tuple[str, str, str, bytes, str]]:
    """Yield documents that are read, each with a piece of the warning that must come."""
    for word, url in (("attachedTemplate", "http://127.0.0.1:9/x.dotm"), ("oleObject", "file://server/x"),
                      ("image", "http://127.0.0.1:9/beacon.png"), ("frame", "http://127.0.0.1:9/"),
                      ("subDocument", "http://127.0.0.1:9/x"), ("aFChunk", "http://127.0.0.1:9/x")):  # fmt: skip
        yield "e28", f"DOCX {word}", "docx", office_writer.docx(outside={word: url}), "from elsewhere"
    yield "e28", "DOCX macros", "docx", office_writer.docx(others={"word/vbaProject.bin": b"x"}), "macros"
    yield "e28", "DOCX OLE", "docx", office_writer.docx(others={"word/embeddings/oleObject1.bin": b"x"}), "embedded"
    yield "e28", "DOCX ActiveX", "docx", office_writer.docx(others={"word/activeX/activeX1.bin": b"x"}), "ActiveX"
    chunk = {"word/afchunk.htm": b"<script>alert(1)</script>"}
    body = '<w:altChunk r:id="r9" xmlns:r="x"/><w:p><w:r><w:t>in</w:t></w:r></w:p>'
    yield "e28", "DOCX altChunk", "docx", office_writer.docx(body=body, others=chunk), "another form"
    field = '<w:p><w:r><w:instrText> DDEAUTO c:\\windows\\cmd "/k calc" </w:instrText></w:r></w:p>'
    yield "e28", "DOCX DDE", "docx", office_writer.docx(body=field), "start another program"
    yield "e28", "RTF objdata", "rtf", rb"{\rtf1 in{\object\objemb{\*\objdata 0105000002000000}}}", "embedded"
    yield "e28", "RTF template", "rtf", rb"{\rtf1 in{\*\template http://127.0.0.1:9/x.dotm}}", "template"
    link = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    yield "e27", "XLSX external link", "xlsx", office_writer.xlsx(others=link), "another workbook"
    dde = {"xl/externalLinks/externalLink1.xml": b'<externalLink><ddeLink ddeService="cmd"/></externalLink>'}
    yield "e27", "XLSX DDE", "xlsx", office_writer.xlsx(others=dde), "DDE"
    yield "e27", "XLSX macros", "xlsx", office_writer.xlsx(others={"xl/vbaProject.bin": b"x"}), "macros"
    yield "e27", "XLSX 4.0 macros", "xlsx", office_writer.xlsx(others={"xl/macrosheets/sheet1.xml": b"<x/>"}), "Excel 4"
    yield "e27", "XLSX connection", "xlsx", office_writer.xlsx(others={"xl/connections.xml": b"<x/>"}), "fetch data"
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    yield "e27", "XLSX one cell far away", "xlsx", office_writer.xlsx(rows=far), "or claims more"
    other = '<row r="1"><c r="A1"><f>1+1</f><v>99</v></c></row>'
    yield (
        "e27",
        "XLSX a value that is not its formula's",
        "xlsx",
        office_writer.xlsx(rows=other),
        "nothing was computed",
    )


def bombs() -> Iterator[Case]:
    """Yield what swells when it is read: only ever through the cage."""
    styles = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="1000000">'
    styles += b"".join(b'<xf numFmtId="%d"/>' % (number % 9973) for number in range(1_000_000))
    styles += b"</cellXfs></styleSheet>"
    yield "e27", "XLSX a million styles", "xlsx", office_writer.xlsx(others={"xl/styles.xml": styles})
    # Under the ratio that is refused unseen: a block of noise, again and again.
    noise = hashlib.shake_128(b"noise").hexdigest(4_000).encode()
    strings = b"<sst><si><t>" + noise * 25_000 + b"</t></si></sst>"
    yield "e27", "XLSX strings bomb", "xlsx", office_writer.xlsx(others={"xl/sharedStrings.xml": strings})
    zeros = b"<sst><si><t>" + b"A" * 100_000_000 + b"</t></si></sst>"
    yield "e27", "XLSX strings of one letter", "xlsx", office_writer.xlsx(others={"xl/sharedStrings.xml": zeros})
    repeat = office_writer.ods('<table:table-row table:number-rows-repeated="1000000000"><table:table-cell '
                               'table:number-columns-repeated="16384"><text:p>in</text:p></table:table-cell>'
                               "</table:table-row>")  # fmt: skip
    yield "e29", "ODS repeats", "open document", repeat
    for identifier, name, content in _pdf_bombs():
        yield identifier, name, "pdf", content


# --- PDF ------------------------------------------------------------------------------------------------------------


def pdfs() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield PDFs that are read, each with a piece of the warning that must come, or nothing where none need."""
    for identifier, name, catalog, page, words in _acting():
        yield identifier, name, pdf_writer.pdf("in", catalog=catalog, page=page), words
    yield (
        "e30",
        "a name that hides its letters",
        pdf_writer.pdf("in", page=_action(b"/S /J#61vaScript /JS (a)")),
        "scripts",
    )
    yield (
        "e30",
        "scripts in packed objects",
        pdf_writer.written({**pdf_writer.objects([["in"]]), 50: _packed()}),
        "scripts",
    )
    yield "e31", "an embedded program", _embedding(b"MZ\x90\x00program"), "other files"
    yield from _loops()
    yield from _counts()
    xfa = b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><xdp>&x;</xdp>'
    form = {**pdf_writer.objects([["in"]], catalog=b"/AcroForm << /XFA 50 0 R /Fields [] >>"), 50: stream(xfa)}
    yield "e35", "XFA with XXE", pdf_writer.written(form), "XFA"
    yield "e36", "PDF 2.0", pdf_writer.written(pdf_writer.objects([["in"]]), version="2.0"), ""
    once = pdf_writer.pdf("It lay at the yard.")
    changed = {FIRST_PAGE + 1: stream(pdf_writer.page_content(["in port"]))}
    yield "e36", "a text that was changed", pdf_writer.updated(once, changed), "was changed since: 1"


def _action(entries: bytes) -> bytes:
    return b"/AA << /O << %s >> >>" % entries


def _acting() -> Iterator[tuple[str, str, bytes, bytes, str]]:
    yield "e30", "OpenAction script", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", b"", "scripts"
    yield "e30", "Launch", b"/OpenAction << /S /Launch /F (cmd.exe) >>", b"", "start another program"
    yield "e30", "URI", b"/OpenAction << /S /URI /URI (http://127.0.0.1:9/) >>", b"", "when it is opened"
    yield "e30", "GoToR", b"/OpenAction << /S /GoToR /F (\\\\\\\\server\\\\x) >>", b"", "other files"
    yield "e30", "SubmitForm", b"", _action(b"/S /SubmitForm /F (http://127.0.0.1:9/)"), "sends what is typed"
    yield "e30", "ImportData", b"", _action(b"/S /ImportData /F (x)"), "reads from another file"


def _packed() -> bytes:
    packed = zlib.compress(b"60 0 << /S /JavaScript /JS (app.alert(1)) >>")
    return stream(packed, b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode")


def _embedding(content: bytes) -> bytes:
    catalog = b"/Names << /EmbeddedFiles << /Names [(a) 50 0 R] >> >>"
    made = pdf_writer.objects([["in"]], catalog=catalog)
    made[50] = b"<< /Type /Filespec /F (report.pdf) /UF (report.pdf) /EF << /F 51 0 R >> >>"
    made[51] = stream(content, b"/Type /EmbeddedFile")
    return pdf_writer.written(made)


def _loops() -> Iterator[tuple[str, str, bytes, str]]:
    plain = pdf_writer.pdf("in")
    place = plain.rsplit(b"startxref", 1)[1].split()[0]
    yield "e32", "Prev to itself", plain.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev " + place), ""
    outline = {
        **pdf_writer.objects([["in"]], catalog=b"/Outlines 50 0 R"),
        50: b"<< /Type /Outlines /First 51 0 R /Last 51 0 R >>",
        51: b"<< /Title (x) /Parent 50 0 R /Next 51 0 R /First 51 0 R >>",
    }
    yield "e32", "outline cycle", pdf_writer.written(outline), ""
    kids = {**pdf_writer.objects([["in"]]), 2: b"<< /Type /Pages /Kids [10 0 R 2 0 R] /Count 2 >>"}
    yield "e32", "Kids cycle", pdf_writer.written(kids), "claims 2 pages"


def _counts() -> Iterator[tuple[str, str, bytes, str]]:
    for count, words in ((b"1000000", "claims 100000"), (b"-5", "")):
        made = pdf_writer.objects([["in"]])
        made[2] = b"<< /Type /Pages /Kids [10 0 R] /Count %s >>" % count
        yield "e34", f"claims {count.decode()} pages", pdf_writer.written(made), words
    boxed = pdf_writer.pdf("in").replace(b"[0 0 595 842]", b"[595 842 0 -0]")
    yield "e34", "MediaBox the other way round", boxed, ""


def refused_pdfs() -> Iterator[tuple[str, str, bytes]]:
    yield "e32", "only its own child", _changed({2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"})
    yield "e32", "no end", pdf_writer.pdf("in")[:200]
    yield "e32", "a head and nothing more", b"%PDF-1.7\n"


def _changed(objects: Mapping[int, bytes]) -> bytes:
    return pdf_writer.written({**pdf_writer.objects([["in"]]), **objects})


def far_boxes() -> Iterator[tuple[str, str, bytes]]:
    """Yield pages of sizes that cannot be drawn as they are claimed."""
    for box in (b"[0 0 1e9 1e9]", b"[0 0 0 0]", b"[-9e9 -9e9 9e9 9e9]", b"[0 0 14400 14400]", b"[0 0 1 200000]"):
        yield "e34", f"MediaBox {box.decode()}", pdf_writer.pdf("in").replace(b"[0 0 595 842]", box)


def many_pages(count: int) -> bytes:
    """Return a document whose many pages are one."""
    made = pdf_writer.objects([["in"]])
    made[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"10 0 R " * count, count)
    return pdf_writer.written(made)


def _pdf_bombs() -> Iterator[tuple[str, str, bytes]]:
    zeros = zlib.compress(b" " * 300_000_000, 9)
    yield "e33", "Flate", _filtered(zeros, b"/FlateDecode")
    yield "e33", "Flate twice", _filtered(zlib.compress(zeros, 9), b"[/FlateDecode /FlateDecode]")
    yield "e33", "RunLength", _filtered(b"\x81 " * 2_000_000 + b"\x80", b"/RunLengthDecode")
    yield "e33", "LZW", _filtered(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01" * 200_000, b"/LZWDecode")
    letters = b" ".join(b"<%04X> <%s>" % (code, b"0041" * 200) for code in range(0, 0x10000, 4))
    codes = b"1 begincodespacerange <0000> <FFFF> endcodespacerange 16384 beginbfchar " + letters + b" endbfchar"
    made = pdf_writer.objects([["Ангара" * 20] * 40])
    yield "e33", "ToUnicode", pdf_writer.written({**made, 7: stream(b"begincmap " + codes + b" endcmap")})


def _filtered(content: bytes, filters: bytes) -> bytes:
    return _changed({FIRST_PAGE + 1: stream(content, b"/Filter " + filters)})
