"""Which module does which task in the cage. Pure; read by both sides, so nothing else can be asked for by name."""

TASKS = {
    "picture": "casefiles.evidence.readers.pictures",
    "image": "casefiles.evidence.readers.images",
    # The decoder of HEIC starts threads of its own; so these have tasks, and with them limits, of their own.
    "heif": "casefiles.evidence.readers.images",
    "heif picture": "casefiles.evidence.readers.pictures",
    "tiff": "casefiles.evidence.readers.geotiffs",
    "stac": "casefiles.evidence.readers.stac",
    "text": "casefiles.evidence.readers.texts",
    "archive": "casefiles.evidence.readers.web_archives",
    "captured": "casefiles.evidence.readers.captured",
    "pdf": "casefiles.evidence.readers.pdf",
    "pdf page": "casefiles.evidence.readers.pdf_pages",
    "page": "casefiles.evidence.readers.web_pages",
    "saved page": "casefiles.evidence.readers.saved_pages",
    "mail": "casefiles.evidence.readers.mail",
    "docx": "casefiles.evidence.readers.docx",
    "xlsx": "casefiles.evidence.readers.xlsx",
    "open document": "casefiles.evidence.readers.open_documents",
    "rtf": "casefiles.evidence.readers.rtf",
    "table": "casefiles.evidence.readers.tables",
    "data": "casefiles.evidence.readers.data_files",
    "zip": "casefiles.evidence.readers.packages",
    "video": "casefiles.evidence.readers.video",
    "tiles": "casefiles.evidence.readers.tiles",
}
