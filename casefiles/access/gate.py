"""The gate: every address declares who may come in, and the record it is about is read through the chokepoint.

A view declares `visibility`:
    public              anyone
    member              everyone signed in
    case:<act>          whoever may do <act> on the case in the address
    record:<act>        whoever may do <act> on the record in the address
    system:<act>        whoever administers accounts, or verifies chains
For `case:` and `record:` it also names `record_model` and `record_kwarg`. An address that declares nothing answers 404.

A view with `asks_password` is answered only where the password was given within ten minutes; one with
`is_for_enrolling` also to somebody who must add a second factor first.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse

from casefiles.access.actions import NotAllowed, NotVisible, is_closed_to, may_now
from casefiles.access.rules import Act
from casefiles.accounts.proof import is_fresh, lacks_second_factor
from casefiles.accounts.views.signing_in import ask_for_password, ask_to_sign_in, lead_to_second_factor
from casefiles.core.errors import closed, not_allowed, not_found

logger = logging.getLogger(__name__)

PUBLIC, MEMBER = "public", "member"


def visibility_of(callback: Any) -> str | None:
    """Return what a resolved view declares, or None where it declares nothing."""
    view_class = getattr(callback, "view_class", None)
    owner = view_class or callback
    declared_here = getattr(owner, "visibility", None)
    if declared_here:
        return str(declared_here)
    site = getattr(callback, "admin_site", None) or getattr(getattr(callback, "model_admin", None), "admin_site", None)
    return getattr(site, "visibility", None)


def _declares(callback: Any, name: str) -> bool:
    return bool(getattr(getattr(callback, "view_class", None), name, False))


class GateMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, callback: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Decide before the method is looked at, so that no verb tells more than another."""
        visibility = visibility_of(callback)
        if visibility is None:
            raise Http404
        if visibility == PUBLIC:
            return None
        user = request.user
        if not user.is_authenticated or not user.is_active:
            return ask_to_sign_in(request)
        if lacks_second_factor(user, request.session) and not _declares(callback, "is_for_enrolling"):
            return lead_to_second_factor(request)
        request.may = Asking(request)  # type: ignore[attr-defined]
        refusal = self._admit(request, visibility, callback, kwargs)
        if refusal is None and _declares(callback, "asks_password") and not is_fresh(request.session):
            return ask_for_password(request)
        return refusal

    def _admit(self, request: HttpRequest, visibility: str, callback: Any, kwargs: Any) -> HttpResponse | None:
        if visibility == MEMBER:
            return None
        kind, _colon, act = visibility.partition(":")
        if kind == "system":
            self._system(request, act)
            return None
        return self._record(request, callback.view_class, Act(act), kwargs)

    def _system(self, request: HttpRequest, act: str) -> None:
        user = request.user
        allowed = user.is_staff if act == "administer" else getattr(user, "may_verify", False) or user.is_superuser
        if not allowed:
            self._log_denial(request, None, act)
            raise Http404

    def _record(self, request: HttpRequest, view_class: Any, act: Act, kwargs: dict[str, Any]) -> HttpResponse | None:
        identifier = kwargs[view_class.record_kwarg]
        rows = view_class.record_model.objects.visible_to(request.user)
        # Nearly every page of a record asks whether it may be edited: that is answered with the record.
        asked = Act.EDIT if act is Act.READ else act
        rows = view_class.gate_queryset(rows).saying_whether_allowed(request.user, asked)
        record = rows.filter(pk=identifier).first()
        if record is None:
            self._log_denial(request, identifier, act)
            raise Http404
        request.may.learn(asked, record, is_allowed=record.is_allowed)  # type: ignore[attr-defined]
        if act is not Act.READ:
            if not record.is_allowed:
                self._log_denial(request, identifier, act)
                return not_allowed(request)
            # What was typed before the case was closed goes on to its form, which says the same.
            if request.method in {"GET", "HEAD"} and is_closed_to(request.user, act, record):
                return closed(request)
        request.record = record  # type: ignore[attr-defined]
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotVisible):
            return not_found(request)
        if isinstance(exception, NotAllowed):
            return not_allowed(request)
        return None

    def _log_denial(self, request: HttpRequest, identifier: Any, act: str) -> None:
        # warning, with ids only: what was asked for is content.
        logger.warning("denied", extra={"user_id": request.user.pk, "record_id": identifier, "act": str(act)})


class Asking:
    """What a page asks whether its reader may do something; what only reads asks each thing once."""

    def __init__(self, request: HttpRequest) -> None:
        self._user = request.user
        self._only_reads = request.method in {"GET", "HEAD"}
        self._known: dict[tuple[str, str, Any], bool] = {}
        self._learnt: dict[tuple[str, str, Any], bool] = {}

    def __call__(self, act: str, record: Model) -> bool:
        if not self._only_reads:
            return may_now(self._user, act, record)
        key = _key(act, record)
        if key not in self._known:
            self._known[key] = self._answer(act, record)
        return self._known[key]

    def _answer(self, act: str, record: Model) -> bool:
        learnt = self._learnt.get(_key(act, record))
        if learnt is None:
            return may_now(self._user, act, record)
        return learnt and not is_closed_to(self._user, Act(act), record)

    def learn(self, act: str, record: Model, *, is_allowed: bool) -> None:
        """Take in what was found out with the record; whether a closed case stands in the way is asked where needed."""
        self._learnt[_key(act, record)] = is_allowed


def _key(act: str, record: Model) -> tuple[str, str, Any]:
    return str(act), record._meta.label_lower, record.pk
