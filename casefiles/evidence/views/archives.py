"""Web archives in our own reader: a list of pages, and each page's words and pictures. Nothing of an archive runs."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from casefiles.core.filestore import StoreError
from casefiles.evidence import replaying, web_archives
from casefiles.evidence.previews import Picture
from casefiles.evidence.selectors.readings import left_out_in_words
from casefiles.evidence.views.files import RAW_HEADERS, FilePage
from casefiles.evidence.views.pages import whole_number

CAPTURES_SHOWN = 200
LINKS_SHOWN = 200


class ArchiveMixin(FilePage):
    """What the pages of one archive share; its bytes are checked before each of them."""

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self.shown(**kwargs)
        except web_archives.NotParsed as error:
            raise Http404 from error
        except StoreError as error:
            return self.refused(error)

    def shown(self, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError

    def _may_be_replayed(self) -> bool:
        return replaying.is_on() and self.record.media_type == replaying.REPLAYED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.record.item
        shared = {
            "list_url": reverse("evidence:items"),
            "list_label": _("Evidence"),
            "item": item,
            "file": self.record,
            "archive_url": reverse("evidence:archive", args=[self.record.pk]),
            "replay_url": reverse("evidence:replay", args=[self.record.pk]) if self._may_be_replayed() else "",
        }
        return shared | super().get_context_data(**kwargs)


class ArchivePages(ArchiveMixin):
    """What an archive holds: its pages, what its own digests and signature are worth, what was captured."""

    template_name = "evidence/archive.html"

    def shown(self, **kwargs: Any) -> HttpResponse:
        archive = web_archives.archive_of(self.record)
        return self.render_to_response(
            self.get_context_data(
                archive=archive,
                captures=archive.captures[:CAPTURES_SHOWN],
                captures_count=len(archive.captures),
            )
        )


class ArchivedPage(ArchiveMixin):
    """One page of an archive: its words as words, its pictures drawn anew, and what the server had sent with it."""

    template_name = "evidence/archived_page.html"

    def shown(self, **kwargs: Any) -> HttpResponse:
        archive, page, captured = web_archives.page_of(self.record, kwargs["number"])
        numbers = [other.number for other in archive.pages]
        return self.render_to_response(
            self.get_context_data(
                archive=archive,
                page=page,
                captured=captured,
                capture=archive.capture(page.capture),
                links=captured.links[:LINKS_SHOWN] if captured else (),
                previous=page.number - 1 if page.number > 1 else 0,
                next=page.number + 1 if page.number < len(numbers) else 0,
            )
        )


class ArchivedPicture(ArchiveMixin):
    """A captured picture, drawn anew without metadata. It leaves no event: what is given out is not the evidence."""

    def shown(self, **kwargs: Any) -> HttpResponse:
        return _as_response(web_archives.picture_of(self.record, kwargs["number"]))


class ArchivedSheets(ArchiveMixin):
    """One page of an archive set anew by us, sheet by sheet, with what was left out: not the page as it was seen."""

    template_name = "evidence/archived_sheets.html"

    def shown(self, **kwargs: Any) -> HttpResponse:
        archive, page, sheets = web_archives.sheets_of(self.record, kwargs["number"])
        return self.render_to_response(
            self.get_context_data(
                archive=archive,
                page=page,
                sheets=sheets,
                left_out=left_out_in_words(sheets.left_out),
                page_url=reverse("evidence:archived_page", args=[self.record.pk, page.number]),
                picture_url=reverse("evidence:archived_sheet", args=[self.record.pk, page.number]),
            )
        )


class ArchivedSheet(ArchiveMixin):
    """The picture of one sheet (`?sheet=2`; the first where none is named)."""

    def shown(self, **kwargs: Any) -> HttpResponse:
        _archive, _page, sheets = web_archives.sheets_of(self.record, kwargs["number"])
        number = whole_number(self.request.GET.get("sheet", "1"))
        if not 1 <= number <= len(sheets.pictures):
            raise Http404
        return _as_response(sheets.pictures[number - 1])


def _as_response(picture: Picture) -> HttpResponse:
    response = HttpResponse(picture.content, content_type="image/webp")
    for header, value in RAW_HEADERS.items():
        response.headers[header] = value
    return response
