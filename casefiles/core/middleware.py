"""What stands between every request and its view."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


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
