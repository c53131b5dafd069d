"""Where a form came from, told by browsers that are asked to name no referrer."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

OPAQUE = "null"


class CsrfMiddleware(CsrfViewMiddleware):
    """Django's check, for pages sent with `Referrer-Policy: no-referrer` (R33).

    Under that policy a browser sends `Origin: null` with every form, also to the site itself
    (https://fetch.spec.whatwg.org/#append-a-request-origin-header), which Django refuses. `Sec-Fetch-Site` then says
    whether the form stood on this site: no page can set it, and a form in a sandboxed frame is `cross-site`. The token
    in the form is checked as ever.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] == OPAQUE:
            return request.headers.get("Sec-Fetch-Site") == "same-origin"
        return bool(super()._origin_verified(request))  # type: ignore[misc]  # the stubs leave it out


def is_forged(request: HttpRequest) -> bool:
    """Say whether a form comes from elsewhere: for what is decided before the middleware looks at the form."""

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return CsrfMiddleware(view).process_view(request, view, (), {}) is not None
