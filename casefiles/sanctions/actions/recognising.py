"""What a held file is, asked of the cage before anything is added."""

from contextlib import closing
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casefiles.core.filestore import StoreError
from casefiles.core.refusals import Refused
from casefiles.evidence.readers.findings import NotParsed
from casefiles.sanctions.reading import frames_of


@dataclass(frozen=True)
class Found:
    """Of which list a file is, what part of it, and the day that it names, ISO, if it does."""

    list_key: str
    part: str
    published: str


def recognised_file(sha256: str, encoding: str = "") -> Found:
    """Look at the beginning of a held file; the whole of it is checked when it is read.

    Raises:
        Refused: it is no list that is known, and why.
    """
    try:
        with closing(frames_of(sha256, encoding)) as frames:
            first = next(frames)
    except NotParsed as refusal:
        text = _("This file is not read as a list: %(reason)s.") % {"reason": refusal.reason}
        raise Refused(text, field="file") from refusal
    except StoreError as error:
        raise Refused(_("The held file cannot be opened. Tell the administrator, who can run “fixity”.")) from error
    return Found(*(str(first.meta.get(name, "")) for name in ("list_key", "part", "published")))
