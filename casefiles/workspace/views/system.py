"""Addresses that belong to no record: reading a date, leaving the site, taking back, health, and the components."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.base import View

from casefiles.core.folding import UnsafeText, refuse_unsafe
from casefiles.core.moments import Moment, NotUnderstood, parse_moment
from casefiles.core.outside_links import outside_host
from casefiles.core.pages import UNDO_SALT, Page
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.workspace.actions import case_of, take_back_addition, take_back_change
from casefiles.workspace.forms import GalleryForm
from casefiles.workspace.selectors.health import health

# An offer to undo stands beside one message; after a day it is an accident.
UNDO_SECONDS = 86_400
LONGEST_ADDRESS = 2_000


class ReadMomentPage(View):
    """How a date is read, while somebody types it."""

    visibility = "member"

    def get(self, request: HttpRequest) -> JsonResponse:
        text = request.GET.get("text", "")[:200]
        try:
            refuse_unsafe(text)
            return JsonResponse(_understood(parse_moment(text)))
        except NotUnderstood as error:
            return JsonResponse(_not_understood(str(error.reason), error.readings))
        except UnsafeText as error:
            return JsonResponse(_not_understood(str(error.reason), []))


def _understood(moment: Moment) -> dict[str, Any]:
    meaning = moment.describe()
    read_as = _("Read as %(meaning)s (%(edtf)s)") % {"meaning": meaning, "edtf": moment.edtf}
    return {"ok": True, "meaning": meaning, "edtf": moment.edtf, "read_as": read_as, "readings": []}


def _not_understood(reason: str, readings: list[Moment]) -> dict[str, Any]:
    choices = [{"text": reading.describe(), "edtf": reading.edtf} for reading in readings]
    return {"ok": False, "reason": reason, "question": reason, "read_as": "", "readings": choices}


class LeavePage(Page):
    """Names the host that a link outside leads to; nobody is sent there without pressing it."""

    template_name = "workspace/leave.html"
    visibility = "member"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = self.request.GET.get("to", "")
        host = outside_host(target) if len(target) <= LONGEST_ADDRESS else None
        if host is None:
            raise Http404
        return super().get_context_data(target=target, host=host, host_as_read=_as_read(host), **kwargs)


def _as_read(host: str) -> str:
    """Return the host in the letters that a browser may show, where these differ from what is asked for on the net."""
    try:
        shown = host.encode("ascii").decode("idna")
    except UnicodeError:
        return ""
    return shown if shown != host else ""


class UndoPage(View):
    """Takes back what the token names, for the person it was signed for and with the rights they have now."""

    visibility = "member"

    def post(self, request: HttpRequest) -> HttpResponse:
        payload = self._payload(request)
        record = self._record(request, payload)
        try:
            self._take_back(record, payload, by=request.user)
        except (Refused, ValidationError, StaleVersion) as refusal:
            messages.error(request, _sentence(refusal))
        else:
            text = _("Voided. It stays, marked as such.") if payload["act"] == "void" else _("Taken back.")
            messages.success(request, text)
        return HttpResponseRedirect(_page_of(record))

    def _payload(self, request: HttpRequest) -> dict[str, Any]:
        salt = f"{UNDO_SALT}:{request.user.pk}"
        try:
            payload = signing.loads(request.POST.get("token", ""), salt=salt, max_age=UNDO_SECONDS)
        except signing.BadSignature as error:
            raise Http404 from error
        return payload  # type: ignore[no-any-return]

    def _record(self, request: HttpRequest, payload: dict[str, Any]) -> Any:
        try:
            model = apps.get_model(payload["kind"])
        except LookupError as error:
            raise Http404 from error
        if not getattr(model, "visibility_rules", ()):
            raise Http404
        record = model.objects.visible_to(request.user).filter(pk=payload["id"]).first()
        if record is None:
            raise Http404
        return record

    def _take_back(self, record: Any, payload: dict[str, Any], *, by: Any) -> None:
        if payload["act"] == "void":
            take_back_addition(record, by=by)
        else:
            take_back_change(record, by=by, version=payload.get("version"))


def _sentence(refusal: Exception) -> str:
    if isinstance(refusal, Refused):
        return str(refusal.message)
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return _("Somebody changed it meanwhile, so nothing was taken back.")


def _page_of(record: Any) -> str:
    """Return the page of the record, or of what it is part of; home where it has none."""
    anchor = getattr(record, "assertion", None)
    holder = getattr(anchor, anchor.kind.replace(".", "_", 1), None) if anchor else None
    parts = (getattr(record, name, None) for name in ("item", "child", "first", "source", "statement", "place"))
    for candidate in (record, holder, case_of(record), *parts):
        address = getattr(candidate, "get_absolute_url", None)
        if address:
            return str(address())
    return reverse("workspace:home")


@method_decorator(never_cache, name="dispatch")
class HealthPage(View):
    """For whoever watches the server."""

    visibility = "public"

    def get(self, request: HttpRequest) -> JsonResponse:
        found = health()
        return JsonResponse(found.as_dict(), status=200 if found.is_ok else 503)


class RobotsPage(View):
    visibility = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


class GalleryPage(Page):
    """Every component on one page, for whoever works on Casefiles; the installation of others has none."""

    template_name = "ui/gallery.html"
    visibility = "public"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not settings.IS_LOCAL:
            raise Http404
        page = {
            "previous_url": "#main",
            "next_url": "#main",
            "total_text": _("more than %(count)s") % {"count": "1,000"},
        }
        data = {"number": "9179843", "seen": "04/05/2024", "start": "February 2024", "end": "2023", "lineage": "b"}
        return super().get_context_data(form=GalleryForm(data, user=self.user), gallery_page=page, **kwargs)
