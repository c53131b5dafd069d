"""What a request brings about beyond its own page: people are told of what was saved, and the bell has its count."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from casefiles.workspace.actions.telling import take_in
from casefiles.workspace.selectors.telling import account_with_bell, is_behind

logger = logging.getLogger(__name__)
BATCHES_AT_ONCE = 2


class TellingMiddleware:
    """Takes in what a request recorded, after it was committed (R18); what goes wrong here is told the next time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        who = getattr(request, "user", None)
        # What nobody signed in sends, a wrong password, concerns no colleague; it is taken in with what is done next.
        if request.method == "POST" and response.status_code < 400 and who is not None and who.is_authenticated:
            try:
                if is_behind():
                    take_in(batches=BATCHES_AT_ONCE)
            except DatabaseError as error:
                logger.warning("not told", extra={"error": type(error).__name__})
        return response


class BellBackend(AuthenticationBackend):
    """Reads the account of a request, and in the same query how much it was told and has not read.

    The bell stands on every page, and a list may ask no more than eight times.
    """

    def get_user(self, user_id: Any) -> Any:
        user = account_with_bell(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
