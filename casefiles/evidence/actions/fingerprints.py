"""Keeping what makes files findable by likeness. An index: made anew with each reading, and no evidence itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from casefiles.core.folding import each_token
from casefiles.evidence.models import File, Fingerprint
from casefiles.evidence.readers import likeness
from casefiles.evidence.vocabulary import Likeness

ADDRESSES = frozenset({"url", "canonical_url"})


def keep_fingerprints(file: File, *, text: bytes, picture_hash: str, claims: Iterable[Mapping[str, Any]]) -> None:
    """Replace a file's fingerprints: of its picture, of its text, and of the addresses that it names as its own."""
    Fingerprint.objects.filter(file=file).delete()
    rows = [*_of_picture(picture_hash), *_of_text(text), *_of_addresses(claims)]
    Fingerprint.objects.bulk_create(
        Fingerprint(file=file, item_id=file.item_id, kind=kind, band=band, value=value, whole=whole)
        for kind, band, value, whole in rows
    )


Row = tuple[str, int, int, str]


def _of_picture(hashed: str) -> Iterator[Row]:
    bands = likeness.picture_bands(hashed) if hashed else []
    return _rows(Likeness.PICTURE, bands, hashed)


def _of_text(text: bytes) -> Iterator[Row]:
    # No more words than are compared: those of a long text would fill the memory of the server.
    words = list(islice(each_token(text.decode("utf-8", "replace")), likeness.MOST_WORDS))
    sketch = likeness.text_sketch(words)
    return _rows(Likeness.TEXT, likeness.text_bands(sketch), likeness.joined(sketch))


def _of_addresses(claims: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    named = {likeness.address_key(str(claim.get("value"))) for claim in claims if claim.get("key") in ADDRESSES}
    for key in sorted(named - {""}):
        yield str(Likeness.ADDRESS), 0, likeness.address_band(key), key


def _rows(kind: str, bands: Sequence[int], whole: str) -> Iterator[Row]:
    for band, value in enumerate(bands):
        yield str(kind), band, value, whole
