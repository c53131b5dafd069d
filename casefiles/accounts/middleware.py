"""Keeps sessions, and ends those that were idle for too long or began too long ago (R31)."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from casefiles.accounts.sessions import is_over

# Writing the session on every request would double the queries of a page; a minute is near enough.
GRAIN_SECONDS = 60

log = logging.getLogger(__name__)


class ForbearingSessionMiddleware(SessionMiddleware):
    """Django's own, but for a database without room: who only reads goes on reading.

    What is not written then is when they were last seen, so that their session ends earlier, never later.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (OperationalError, SessionInterrupted) as error:
            # Django takes every fault of the database here for a session that somebody ended meanwhile.
            fault = _fault_of(error)
            if fault is None:
                raise
            if request.method not in {"GET", "HEAD"}:
                raise fault from error
            log.exception("A session could not be written.")
            return response


def _fault_of(error: BaseException | None) -> OperationalError | None:
    """Return what the database said, where that is behind an error."""
    while error is not None and not isinstance(error, OperationalError):
        error = error.__context__
    return error


class SessionLimitMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.expired_user_id = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            self._limit(request)
        elif request.method == "POST":
            request.expired_user_id = _owner_of_expired_session(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _limit(self, request: HttpRequest) -> None:
        now = timezone.now().timestamp()
        request.session.setdefault("signed_in_at", now)
        if is_over(request.session):
            request.expired_user_id = str(request.user.pk)  # type: ignore[attr-defined]
            request.session.flush()
            request.user = AnonymousUser()
        elif "seen_at" not in request.session or now - request.session["seen_at"] > GRAIN_SECONDS:
            request.session["seen_at"] = now


def _owner_of_expired_session(request: HttpRequest) -> str | None:
    """Return whose session the cookie named before it ran out; None where the row is gone."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    session = Session.objects.filter(session_key=key).first() if key else None
    return session.get_decoded().get("_auth_user_id") if session else None
