"""What kind of item a file most likely is, by what its bytes are; whoever adds it corrects that afterwards.

Pure: knows no database.
"""

from casefiles.evidence.vocabulary import ItemKind

_FAMILIES = {"image": ItemKind.PHOTOGRAPH, "video": ItemKind.VIDEO}
_WEB = frozenset({"text/html", "multipart/related", "application/warc", "application/wacz"})
_DRAWINGS = frozenset({"image/svg+xml", "image/vnd.adobe.photoshop"})


def kind_of(media_type: str) -> str:
    """Return the likeliest kind; a document where nothing else is likelier."""
    if media_type in _WEB:
        return ItemKind.WEB_PAGE
    if media_type in _DRAWINGS:
        return ItemKind.DRAWING
    return _FAMILIES.get(media_type.partition("/")[0], ItemKind.DOCUMENT)
