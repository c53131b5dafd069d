"""The picture of one page of a document, drawn in the cage."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from casefiles.core.filestore import StoreError
from casefiles.evidence.page_pictures import WIDTHS, NotParsed, drawn_page
from casefiles.evidence.views.files import RAW_HEADERS, FilePage


class PagePicture(FilePage):
    """`?page=4&width=1800`. It leaves no event: what is given out is not the evidence."""

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = whole_number(request.GET.get("page", ""))
        width = whole_number(request.GET.get("width", str(WIDTHS[0])))
        try:
            drawn = drawn_page(self.record, page=page, width=width)
        except NotParsed as error:
            raise Http404 from error
        except StoreError as error:
            return self.refused(error)
        response = HttpResponse(drawn.picture, content_type="image/webp")
        for header, value in RAW_HEADERS.items():
            response.headers[header] = value
        return response


def whole_number(text: str) -> int:
    """Return a number of at most six plain digits, or zero."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
