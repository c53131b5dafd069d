"""Keeping a still of a film: a derivative, with the moment and the program that made it."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import refuse_voided, require
from casefiles.access.rules import Act
from casefiles.core.filestore import NotServed, StoreError
from casefiles.core.refusals import Refused
from casefiles.evidence import stills
from casefiles.evidence.actions.files import attach_file
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.locators import NotALocator, parse_locator, seconds_of
from casefiles.evidence.models import File
from casefiles.evidence.store import store
from casefiles.evidence.vocabulary import FileRole


class NoStill(Refused):
    """No picture could be taken out of the film at this moment."""


def keep_still(film: File, *, by: Any, moment: str) -> File:
    """Keep what a film shows at a moment ("00:01:12.5") as a derivative of it.

    Raises:
        NoStill: there is no ffmpeg here, or nothing to see at that moment.
        Refused: the moment is none, the item is voided, or the film's bytes are wrong.
    """
    require(by, Act.EDIT, film.item)
    refuse_voided(film.item)
    try:
        at = parse_locator(moment, "timecode").text.partition("-")[0]
        seconds = seconds_of(at)
    except NotALocator as error:
        raise Refused(_("Write the moment as hours, minutes and seconds, like 00:01:12."), field="moment") from error
    try:
        with store().open_verified(film.sha256, size_bytes=film.size_bytes) as held:
            picture = stills.still_of(held, film.media_type, seconds)
    except NotParsed as refusal:
        text = _("No still was taken: %(reason)s.") % {"reason": refusal.reason}
        raise NoStill(text, field="moment") from refusal
    except NotServed as error:
        raise Refused(_("The film failed its check, so nothing was taken from it. Tell the administrator.")) from error
    except StoreError as error:
        raise Refused(
            _("The evidence store cannot be read just now, so nothing was taken. Try again later.")
        ) from error
    return attach_file(
        film.item,
        by=by,
        chunks=[picture],
        name=f"{(film.name or film.sha256[:12])[:360]} {at.replace(':', '.')}.png",
        role=FileRole.DERIVATIVE,
        parent=film,
        transformation=f"still at {at}, {stills.version(stills.program())}",
    )
