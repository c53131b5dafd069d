"""A first look at a film: a still from its beginning, drawn anew in the cage. Without ffmpeg there is none."""

import json
import os
from collections.abc import Callable

from casefiles.evidence import cage, stills
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.drawn import DrawnShelf
from casefiles.evidence.models import File
from casefiles.evidence.previews import Picture, read_answer
from casefiles.evidence.store import store

# Films often begin in black.
_SECONDS = (1.0, 0.0)

_shelf = DrawnShelf("posters")


def has_poster(file: File) -> bool:
    """Say whether a still of this film would be tried."""
    return file.media_type in stills.DEMUXERS and bool(stills.program())


def poster_of(file: File) -> Picture:
    """Return a harmless picture of how a film begins. The film is hashed before every showing.

    Raises:
        NotParsed: there is none, with the reason.
        StoreError: the bytes held are not the ones received.
    """
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        answer = _shelf.get(file.sha256)
        if answer is None:
            answer = _drawn(lambda seconds: stills.still_of(held, file.media_type, seconds))
            _shelf.put(file.sha256, answer)
    return read_answer(answer)


def _drawn(still_at: Callable[[float], bytes]) -> bytes:
    try:
        still = _first(still_at)
        descriptor = os.memfd_create("still")
        try:
            os.write(descriptor, still)
            [frame] = cage.collected("picture", descriptor)
        finally:
            os.close(descriptor)
    except NotParsed as refusal:
        return json.dumps({"reason": refusal.reason}).encode()
    return json.dumps(dict(frame.meta)).encode() + b"\n" + frame.body


def _first(still_at: Callable[[float], bytes]) -> bytes:
    *earlier, last = _SECONDS
    for seconds in earlier:
        try:
            return still_at(seconds)
        except NotParsed:
            continue
    return still_at(last)
