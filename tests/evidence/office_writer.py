"""Writes Office documents part by part: sound ones for tests, and ones that lie for the battery."""

import io
import zipfile
from collections.abc import Mapping

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def _first(part: str) -> dict[str, str | bytes]:
    """Return the tie of the package to the part that is opened first, and the list of types."""
    tie = f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="{part}"/>'
    return {"[Content_Types].xml": _TYPES, "_rels/.rels": _ties(tie)}


def _ties(ties: str) -> str:
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{ties}</Relationships>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def paragraphs(*texts: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)


def docx(
    *texts: str,
    body: str = "",
    document: bytes = b"",
    name: str = "word/document.xml",
    core: str = "",
    outside: Mapping[str, str] | None = None,
    inside: Mapping[str, str] | None = None,
    others: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a Word document of paragraphs, or of a body or main part as given.

    `outside` names ties by their word."""
    main = document or f"<w:document {_WORD}><w:body>{body or paragraphs(*(texts or ('in',)))}</w:body></w:document>"
    parts: dict[str, str | bytes] = {**_first(name), name: main}
    if core:
        parts["docProps/core.xml"] = properties(core)
    if outside or inside:
        parts["word/_rels/document.xml.rels"] = relations(outside or {}, inside or {})
    return packed(parts | dict(others or {}))


def properties(core: str) -> str:
    spaces = 'xmlns:cp="cp" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    return f"<cp:coreProperties {spaces}>{core}</cp:coreProperties>"


def relations(outside: Mapping[str, str], inside: Mapping[str, str]) -> str:
    ends = [(word, url, ' TargetMode="External"') for word, url in outside.items()]
    ends += [(word, name, "") for word, name in inside.items()]
    return _ties(
        "".join(
            f'<Relationship Id="r{number}" Type="{_RELATIONS}/{word}" Target="{target}"{mode}/>'
            for number, (word, target, mode) in enumerate(ends)
        )
    )


def xlsx(
    *,
    rows: str = '<row r="1"><c r="A1" t="inlineStr"><is><t>in</t></is></c></row>',
    workbook: bytes = b"",
    state: str = "visible",
    others: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a workbook of one sheet "Ships" with these rows."""
    book = (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name="Ships" sheetId="1" state="{state}" r:id="rId1"/></sheets></workbook>'
    )
    tie = f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts: dict[str, str | bytes] = {
        **_first("xl/workbook.xml"),
        "xl/workbook.xml": workbook or book,
        "xl/_rels/workbook.xml.rels": _ties(tie),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return packed(parts | dict(others or {}))


_OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
)


def odt(*texts: str, body: str = "", content: bytes = b"", others: Mapping[str, str | bytes] | None = None) -> bytes:
    paragraphs = "".join(f"<text:p>{text}</text:p>" for text in texts or ("in",))
    return _open("text", body or paragraphs, content, others)


def ods(rows: str) -> bytes:
    return _open("spreadsheet", f"<table:table>{rows}</table:table>", b"", None)


def open_meta(elements: str) -> str:
    return f"<office:document-meta {_OPEN}><office:meta>{elements}</office:meta></office:document-meta>"


def _open(kind: str, body: str, content: bytes, others: Mapping[str, str | bytes] | None) -> bytes:
    main = f"<office:document-content {_OPEN}><office:body>{body}</office:body></office:document-content>"
    parts: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content or main,
    }
    return packed(parts | dict(others or {}))
