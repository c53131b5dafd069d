"""Which module does which task in the cage. Pure; read by both sides, so nothing else can be asked for by name."""

TASKS = {
    "picture": "casefiles.evidence.readers.pictures",
    "image": "casefiles.evidence.readers.images",
    "text": "casefiles.evidence.readers.texts",
    "archive": "casefiles.evidence.readers.web_archives",
    "captured": "casefiles.evidence.readers.captured",
}
