"""What stands between every request and its view."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import ImmutableList, MultiValueDict

MULTIPART = "multipart/form-data"
# Browsers end a form right after its last boundary; a few line breaks more do no harm.
TAIL_BYTES = 1024


class StreamingMiddleware:
    """Gives the connection of the database back before an answer streams: its reader may take an hour over it.

    Stands outside the session, which is saved on the way out. A stream that does ask the database takes one anew.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.streaming:
            let_go_of_database()
        return response


class UploadRedirectMiddleware:
    """Tell a script that uploads where to go next.

    A browser follows a redirect before its script sees it, and hides the fragment (`#exhibit-E-13`) that names the row
    just saved; the page it fetched would also have used up the message. So the script is told, and goes there itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("X-Requested-With") != "upload" or response.status_code not in {301, 302, 303}:
            return response
        response.status_code = 204
        response["X-Location"] = response["Location"]
        del response["Location"]
        return response


class UploadMiddleware:
    """Decides what becomes of a form's files before its body is read, and takes no form that was cut off.

    Stands between the gate, which answers those who may not come in without reading what they send, and the check of
    the token, which reads it. A view that takes files names its `upload_handler`; what others are sent is dropped as
    it comes. A view may also refuse before anything is read: `refused_before_reading`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_multipart(request):
            request.parse_file_upload = partial(_parsed, request)  # type: ignore[method-assign]
            request.upload_handlers = [DropFiles(request)]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, callback: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        handler = upload_handler_of(callback)
        if handler is None or not _is_multipart(request):
            return None
        request.upload_handlers = [handler(request)]
        view_class: Any = getattr(callback, "view_class", None)
        if not hasattr(view_class, "refused_before_reading"):
            return None
        view = view_class(**callback.view_initkwargs)
        view.setup(request, *args, **kwargs)
        refusal: HttpResponse | None = view.refused_before_reading()
        if refusal is None:
            let_go_of_database()
        return refusal


def let_go_of_database() -> None:
    """Give the connection back while a body comes or goes: the other end may be slow, and others wait for one."""
    if not connection.in_atomic_block:
        connection.close()


def _is_multipart(request: HttpRequest) -> bool:
    return request.method == "POST" and request.content_type == MULTIPART


def upload_handler_of(callback: Any) -> Any:
    """Return what a resolved view, or the admin's site that it belongs to, names as `upload_handler`, or None."""
    model_admin = getattr(callback, "model_admin", None)
    owners = (
        getattr(callback, "view_class", None),
        callback,
        getattr(callback, "admin_site", None),
        getattr(model_admin, "admin_site", None),
    )
    named = (getattr(owner, "upload_handler", None) for owner in owners)
    return next((handler for handler in named if handler is not None), None)


class DropFiles(FileUploadHandler):
    """Lets files go as they come. Each leaves an empty one, so that it can be said that there was one."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> UploadedFile:
        return UploadedFile(name="file", content_type=self.content_type, size=0)


def _parsed(request: HttpRequest, META: Any, post_data: Any) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
    request.upload_handlers = ImmutableList(request.upload_handlers, warning="The form was read already.")
    return WholeForm(META, post_data, request.upload_handlers, request.encoding).parse()


class WholeForm(MultiPartParser):
    """Django's parser, for forms that came whole: it would take the first half of one that broke off for all of it.

    Files keep the names that they came with, as far as they name no folder; `names.download_name` makes them harmless.
    """

    def __init__(self, META: Any, input_data: Any, upload_handlers: Any, encoding: str | None = None) -> None:
        self._body = _Body(input_data)
        body: Any = self._body
        super().__init__(META, body, upload_handlers, encoding)

    def parse(self) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
        """Return fields and files.

        Raises:
            MultiPartParserError: the form is none, or did not come whole.
        """
        # Both are the parser's own, which its types leave out.
        declared: int = self._content_length  # type: ignore[attr-defined]
        boundary: bytes = self._boundary  # type: ignore[attr-defined]
        try:
            post, files = super().parse()
            if self._body.size_bytes != declared or not self._body.holds_at_its_end(b"--" + boundary + b"--"):
                raise MultiPartParserError("The form was cut off.")
        except Exception:
            # Django closes the files that came whole and leaves the one on its way to chance.
            self._close_files()  # type: ignore[attr-defined]
            raise
        return post, files

    def sanitize_file_name(self, file_name: str) -> str:
        # A file without a usable name is a file all the same, which Django would leave out without a word.
        return file_name.rsplit("/")[-1].rsplit("\\")[-1] or "unnamed"

    IE_sanitize = sanitize_file_name


class _Body:
    """The body of a request: how much of it came, and how it ended."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._tail, self.size_bytes = stream, b"", 0

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read(size)
        self.size_bytes += len(data)
        self._tail = (self._tail + data[-TAIL_BYTES:])[-TAIL_BYTES:]
        return data

    def holds_at_its_end(self, mark: bytes) -> bool:
        return mark in self._tail
