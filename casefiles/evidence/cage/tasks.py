"""Which module does which task in the cage. Pure; read by both sides, so nothing else can be asked for by name."""

import re

# An app that stands higher hands its own reader down by the name of its module; nothing but readers has such a name.
_READER = re.compile(r"casefiles\.[a-z_]+\.readers\.[a-z_]+")

TASKS = {
    "picture": "casefiles.evidence.readers.pictures",
    "image": "casefiles.evidence.readers.images",
    # The decoder of HEIC starts threads of its own; so these have tasks, and with them limits, of their own.
    "heif": "casefiles.evidence.readers.images",
    "heif picture": "casefiles.evidence.readers.pictures",
    "scan": "casefiles.evidence.readers.scans",
    "heif scan": "casefiles.evidence.readers.scans",
    "tiff": "casefiles.evidence.readers.geotiffs",
    "stac": "casefiles.evidence.readers.stac",
    "text": "casefiles.evidence.readers.texts",
    "archive": "casefiles.evidence.readers.web_archives",
    "captured": "casefiles.evidence.readers.captured",
    "archived sheets": "casefiles.evidence.readers.archived_sheets",
    "pdf": "casefiles.evidence.readers.pdf",
    "pdf page": "casefiles.evidence.readers.pdf_pages",
    "page": "casefiles.evidence.readers.web_pages",
    "saved page": "casefiles.evidence.readers.saved_pages",
    "rendering": "casefiles.evidence.readers.renderings",
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


def module_of(task: str) -> str:
    """Return the module that does a task; nothing where there is none."""
    return TASKS.get(task) or (task if _READER.fullmatch(task) else "")
