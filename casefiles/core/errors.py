"""The pages shown when something cannot be answered. They name no record, path or cause that the reader may not see."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

# So long a database that restarts is away, in seconds, as a rule.
BACK_AFTER_S = 10


def _page(request: HttpRequest, status: int, title: object, text: object) -> HttpResponse:
    context = {"error_title": title, "error_text": text, "section": ""}
    response = render(request, "pages/error.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def refused(request: HttpRequest, *, status: int, title: object, text: object) -> HttpResponse:
    """Answer a request that is refused as a whole, with what to do instead."""
    return _page(request, status, title, text)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("This request could not be read"), _("Go back and try again."))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("Your role does not allow this"),
        _("You may read this record but not do this with it. Ask the case's lead if you should."),
    )


def closed(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        403,
        _("This belongs to a closed case"),
        _("It can be read as before. Reopen the case to change it."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request, 404, _("Nothing here"), _("There is no such page, or you are not among those who may read it.")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("This form was opened in another session"),
        _("Nothing was saved. Go back, copy what you typed, reload the form and send it again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return database_away(request)
    return _page(request, 500, _("Something went wrong here"), _("Nothing was saved by this request. Try again."))


def database_away(request: HttpRequest) -> HttpResponse:
    """Answer while the database restarts, is locked for long or has no room; its last word may have been kept."""
    response = _page(
        request,
        503,
        _("The database cannot do this at the moment"),
        _(
            "What was saved before is safe, and nothing is ever half saved. Wait a minute, go back, look whether what "
            "you sent is there, and send it again if not."
        ),
    )
    response["Retry-After"] = str(BACK_AFTER_S)
    return response
