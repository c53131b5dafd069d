"""The one door through which raw bytes leave (R25), pictures drawn anew, and adding files to an item."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.core.filestore import NotServed, StoreError, VerifiedFile
from casefiles.core.pages import ActionPage, Page
from casefiles.evidence import forms, previews, selectors
from casefiles.evidence.actions import collecting
from casefiles.evidence.actions.files import record_access, record_failed_check
from casefiles.evidence.arrivals import StoreUpload
from casefiles.evidence.models import File, Item
from casefiles.evidence.names import download_name
from casefiles.evidence.store import store
from casefiles.evidence.uploads import received_by
from casefiles.evidence.views.items import ItemMixin

RAW_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Accept-Ranges": "none",
}


class _Outgoing:
    """The checked bytes of a file on their way out; wrong ones break the transfer off and are recorded."""

    def __init__(self, held: VerifiedFile, file: File, by: Any) -> None:
        self._held, self._file, self._by = held, file, by

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._held
        except NotServed as refusal:
            record_failed_check(self._file, by=self._by, verdict=refusal.verdict)
            raise

    def close(self) -> None:
        self._held.close()


class FilePage(Page):
    """A file of an item that the reader may see, opened only where its bytes are still the ones received."""

    visibility = "record:read"
    section = "evidence"
    record_model = File

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item")

    def refused(self, error: StoreError) -> HttpResponse:
        """Say that the file is not given out; where its bytes are at fault, record it."""
        is_damage = isinstance(error, NotServed)
        if isinstance(error, NotServed):
            record_failed_check(self.record, by=self.user, verdict=error.verdict)
        status = 409 if is_damage else 503
        context = {"file": self.record, "item": self.record.item, "section": self.section, "is_damage": is_damage}
        return render(self.request, "evidence/not_served.html", context, status=status)


class FileDoor(FilePage):
    """Gives out a file as it came. Ranges are not served: a part cannot be checked before it leaves.

    A GET is an access in the chain of custody; a HEAD checks the bytes, gives none out and leaves no event.
    """

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._opened(is_given=True)

    def head(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._opened(is_given=False)

    def _opened(self, *, is_given: bool) -> HttpResponseBase:
        file = self.record
        try:
            held = store().open_verified(
                file.sha256, size_bytes=file.size_bytes, eager_bytes=settings.EVIDENCE_EAGER_BYTES
            )
        except StoreError as error:
            return self.refused(error)
        response: HttpResponseBase
        if is_given:
            record_access(file, by=self.user, purpose=_("downloaded"))
            response = StreamingHttpResponse(_Outgoing(held, file, self.user))
        else:
            held.close()
            response = HttpResponse()
        return _dressed(response, file)


def _dressed(response: HttpResponseBase, file: File) -> HttpResponseBase:
    name = download_name(file.name, file.sha256)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Length"] = str(file.size_bytes)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    for header, value in RAW_HEADERS.items():
        response.headers[header] = value
    return response


class Preview(FilePage):
    """A picture drawn anew, without metadata. It leaves no event: what is given out is not the evidence."""

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            picture = previews.picture_of(self.record)
        except previews.NotParsed as error:
            raise Http404 from error
        except StoreError as error:
            return self.refused(error)
        response = HttpResponse(picture.content, content_type="image/webp")
        for header, value in RAW_HEADERS.items():
            response.headers[header] = value
        return response


class FilesAdd(ItemMixin, ActionPage):
    """Adds files to an item."""

    template_name = "evidence/files_form.html"
    visibility = "record:edit"
    form_class = forms.AddFilesForm
    title = gettext_lazy("Add files")
    submit_label = gettext_lazy("Add to the item")
    upload_handler = StoreUpload

    def form_kwargs(self) -> dict[str, Any]:
        return {"held": selectors.held_files(self.record, self.user)}

    def perform(self, form: Any, *, version: int) -> Item:
        received = received_by(form, by=self.user)
        self.count = len(received)
        return collecting.attach_all(self.record, by=self.user, received=received, **form.without_files())

    def success_url(self, saved: Item) -> str:
        return f"{saved.get_absolute_url()}#files"

    def success_message(self, saved: Item) -> str:
        return ngettext("%(count)d file added.", "%(count)d files added.", self.count) % {"count": self.count}
