"""What an item's page shows of its files: one picture or text, read from bytes that were checked for this showing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from casefiles.core.filestore import NotServed, StoreError
from casefiles.evidence import previews
from casefiles.evidence.actions.files import record_failed_check
from casefiles.evidence.models import File
from casefiles.evidence.selectors import HeldFile
from casefiles.evidence.selectors.reading import is_readable

LONGEST_SIDE = 1600


@dataclass(frozen=True)
class Shown:
    """A file as the page shows it: a picture of the given size, a text, or neither and why."""

    file: File
    picture: previews.Picture | None = None
    text: str = ""
    reason: str = ""

    @property
    def download_url(self) -> str:
        return reverse("evidence:file", args=[self.file.pk])

    @property
    def may_be_looked_at(self) -> bool:
        """Say whether the viewer may show it, also where it is too large for a picture here."""
        return previews.is_picture(self.file)

    @property
    def readable(self) -> File | None:
        """The file whose words can be read page by page: this one, or the one whose text this is."""
        file = self.file.parent or self.file
        return file if is_readable(file) else None

    @property
    def shown_width(self) -> int:
        return self._scaled(self.picture.width) if self.picture else 0

    @property
    def shown_height(self) -> int:
        return self._scaled(self.picture.height) if self.picture else 0

    def _scaled(self, pixels: int) -> int:
        """Return a side as the page shows it: the layout is known before the picture comes."""
        longest = max(self.picture.width, self.picture.height) if self.picture else 0
        return pixels if longest <= LONGEST_SIDE else round(pixels * LONGEST_SIDE / longest)

    @property
    def note(self) -> str:
        """Say what is shown, where it is not the file as it came."""
        if self.file.is_read_by_ocr:
            return _("Read by OCR from a picture; it may be wrong. Compare it with the picture.")
        if self.picture is None:
            return ""
        text = _("Drawn anew without metadata from %(width)d × %(height)d pixels. The file itself is untouched.")
        return text % {"width": self.picture.width, "height": self.picture.height}


def shown_files(held: Sequence[HeldFile], wanted: str, *, by: Any) -> tuple[Shown | None, bool]:
    """Return what to show of the file asked for, or of the first that can be, and whether its bytes were wrong."""
    chosen = _chosen(held, wanted)
    if chosen is None:
        return None, False
    try:
        return _shown(chosen.file), False
    except NotServed as refusal:
        # Once for each damage: a page that is looked at often must not fill the chain of custody.
        if not chosen.is_damaged:
            record_failed_check(chosen.file, by=by, verdict=refusal.verdict)
        return None, True
    except StoreError:
        return None, True


def _chosen(held: Sequence[HeldFile], wanted: str) -> HeldFile | None:
    for one in held:
        if str(one.file.pk) == wanted:
            return one
    sound = [one for one in held if not one.is_damaged]
    pictures = [one for one in sound if previews.is_picture(one.file)]
    texts = [one for one in sound if previews.is_text(one.file)]
    return next(iter([*pictures, *texts, *sound]), None)


def _shown(file: File) -> Shown:
    if previews.is_text(file):
        return Shown(file, text=previews.text_of(file))
    try:
        return Shown(file, picture=previews.picture_of(file))
    except previews.NotParsed as error:
        return Shown(file, reason=error.reason)
