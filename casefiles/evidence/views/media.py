"""Films and sounds, played from our own server: parts of a file that were checked before they leave."""

from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.filestore import StoreError
from casefiles.core.outside_links import is_inside_path
from casefiles.core.pages import ActionPage
from casefiles.evidence import forms, posters, stills
from casefiles.evidence.actions.files import record_access
from casefiles.evidence.actions.stills import keep_still
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.locators import NotALocator, parse_locator, seconds_of
from casefiles.evidence.models import File, Item
from casefiles.evidence.playing import PLAYED_AS
from casefiles.evidence.ranges import ByteRange
from casefiles.evidence.selectors.files import first_of_types
from casefiles.evidence.views.files import RAW_HEADERS, FilePage
from casefiles.evidence.views.parts import checked_parts, dressed, part_of

SESSION_KEY = "played"
_MOST_REMEMBERED = 200


class MediaDoor(FilePage):
    """Gives out a film or sound, or one range of it, for a player.

    A player asks for many parts: the first one that somebody gets in a session is the access in the chain of custody. A
    HEAD checks the bytes, gives none out and leaves no event. Several ranges at once are answered with the whole.
    """

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._opened(is_given=True)

    def head(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._opened(is_given=False)

    def _opened(self, *, is_given: bool) -> HttpResponseBase:
        file = self.record
        if file.media_type not in PLAYED_AS:
            raise Http404
        headers = {**RAW_HEADERS, "Content-Type": PLAYED_AS[file.media_type]}
        try:
            if not is_given:
                checked_parts(file).close()
                return dressed(HttpResponse(), ByteRange(0, file.size_bytes), headers)
            response = part_of(file, self.request.headers.get("Range", ""), by=self.user, headers=headers)
        except StoreError as error:
            return self.refused(error)
        if response.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            self._record_once(file)
        return response

    def _record_once(self, file: File) -> None:
        played = self.request.session.get(SESSION_KEY, [])
        if str(file.pk) in played:
            return
        record_access(file, by=self.user, purpose=_("played"))
        self.request.session[SESSION_KEY] = [*played, str(file.pk)][-_MOST_REMEMBERED:]


@method_decorator(csp_update(settings.CONTENT_SECURITY_POLICY_OF_PLAYERS), name="dispatch")
class Player(FilePage):
    """Plays a film or sound, from a moment on (`?locator=00:01:12`), and names the moment for a citation.

    `?cite=` is the address of a form of ours that takes the moment as `locator`.
    """

    template_name = "evidence/player.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.record.media_type not in PLAYED_AS:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = self.record
        moment = _moment(self.request.GET.get("locator", ""))
        cite = self.request.GET.get("cite", "")
        address = reverse("evidence:media", args=[file.pk])
        return super().get_context_data(
            file=file,
            item=file.item,
            list_url=reverse("evidence:items"),
            list_label=_("Evidence"),
            is_film=PLAYED_AS[file.media_type].startswith("video/"),
            media_url=f"{address}#t={seconds_of(moment):g}" if moment else address,
            moment=moment,
            still_url=reverse("evidence:still", args=[file.pk]) if self._may_keep_stills() else "",
            cite_url=cite if cite.startswith("/") and is_inside_path(cite) else "",
            **kwargs,
        )

    def _may_keep_stills(self) -> bool:
        is_possible = self.record.media_type in stills.DEMUXERS and bool(stills.program())
        return is_possible and not self.record.item.is_voided and self.may("edit")


class Poster(FilePage):
    """How a film begins, drawn anew. It leaves no event: what is given out is not the evidence."""

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not posters.has_poster(self.record):
            raise Http404
        try:
            picture = posters.poster_of(self.record)
        except NotParsed as error:
            raise Http404 from error
        except StoreError as error:
            return self.refused(error)
        response = HttpResponse(picture.content, content_type="image/webp")
        for header, value in RAW_HEADERS.items():
            response.headers[header] = value
        return response


class StillKeep(ActionPage):
    """Keeps what a film shows at a moment as a derivative of it."""

    template_name = "access/add.html"
    visibility = "record:edit"
    section = "evidence"
    record_model = File
    form_class = forms.StillForm
    title = gettext_lazy("Keep a still")
    submit_label = gettext_lazy("Keep it")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item")

    def get_initial(self) -> dict[str, Any]:
        return {"moment": _moment(self.request.GET.get("locator", ""))}

    def perform(self, form: Any, *, version: int) -> File:
        return keep_still(self.record, by=self.user, moment=form.cleaned_data["moment"])

    def success_url(self, saved: File) -> str:
        return f"{saved.get_absolute_url()}?show={saved.pk}"

    def success_message(self, saved: File) -> str:
        return _("Still kept. It is a file of the item, made from the film.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cancel_url=reverse("evidence:play", args=[self.record.pk]),
            list_url=reverse("evidence:items"),
            list_label=_("Evidence"),
            **kwargs,
        )


class ItemPlay(FilePage):
    """Leads to the player of an item's file: of the one asked for (`?file=`), else of the first that can be played.

    A citation knows its item and the moment, not the file.
    """

    record_model = Item
    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = first_of_types(self.record, self.user, PLAYED_AS, wanted=request.GET.get("file", ""))
        if file is None:
            raise Http404
        asked = {name: request.GET[name] for name in ("locator", "cite") if name in request.GET}
        address = reverse("evidence:play", args=[file.pk])
        return HttpResponseRedirect(f"{address}?{urlencode(asked)}" if asked else address)


def _moment(text: str) -> str:
    """Return a time as locators write it, or nothing; of a stretch, its start."""
    try:
        locator = parse_locator(text[:40], "timecode")
    except NotALocator:
        return ""
    return locator.text.partition("-")[0] if locator.kind == "timecode" else ""
