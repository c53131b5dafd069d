"""Films and sounds, played from our own server: parts of a file that were checked before they leave."""

from collections.abc import Iterator
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
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.filestore import NotServed, StoreError
from casefiles.core.filestore.parts import CheckedParts
from casefiles.core.outside_links import is_inside_path
from casefiles.core.pages import ActionPage
from casefiles.evidence import forms, posters, stills
from casefiles.evidence.actions.files import record_access, record_failed_check
from casefiles.evidence.actions.stills import keep_still
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.locators import NotALocator, parse_locator, seconds_of
from casefiles.evidence.models import File, Item
from casefiles.evidence.playing import PLAYED_AS
from casefiles.evidence.ranges import ByteRange, Unsatisfiable, asked_range
from casefiles.evidence.selectors.files import first_of_types
from casefiles.evidence.store import store
from casefiles.evidence.views.files import RAW_HEADERS, FilePage

SESSION_KEY = "played"
_MOST_REMEMBERED = 200


class _OutgoingPart:
    """A checked part on its way out; a wrong piece breaks the transfer off before it leaves, and is recorded."""

    def __init__(self, parts: CheckedParts, part: ByteRange, file: File, by: Any) -> None:
        """Check the first piece now, so that its damage is still an answer of its own.

        Raises:
            NotServed: it is not the one that was received.
        """
        self._parts, self._file, self._by = parts, file, by
        self._chunks = parts.chunks(part.start, part.stop)
        self._first = next(self._chunks, b"")

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield self._first
            yield from self._chunks
        except NotServed as refusal:
            record_failed_check(self._file, by=self._by, verdict=refusal.verdict)
            raise

    def close(self) -> None:
        self._parts.close()


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
        try:
            parts = self._parts(file)
            if is_given:
                return self._given(file, parts)
        except StoreError as error:
            return self.refused(error)
        parts.close()
        return _dressed(HttpResponse(), file, ByteRange(0, file.size_bytes))

    def _parts(self, file: File) -> CheckedParts:
        held = store().open_verified(file.sha256, size_bytes=file.size_bytes, eager_bytes=0)
        try:
            return CheckedParts(held)
        except BaseException:
            held.close()
            raise

    def _given(self, file: File, parts: CheckedParts) -> HttpResponseBase:
        try:
            asked = asked_range(self.request.headers.get("Range", ""), file.size_bytes)
        except Unsatisfiable:
            parts.close()
            response = HttpResponse(status=416)
            response.headers["Content-Range"] = f"bytes */{file.size_bytes}"
            return response
        part = asked or ByteRange(0, file.size_bytes)
        try:
            outgoing = _OutgoingPart(parts, part, file, self.user)
        except StoreError:
            parts.close()
            raise
        self._record_once(file)
        response = StreamingHttpResponse(outgoing, status=206 if asked else 200)
        if asked:
            response.headers["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{file.size_bytes}"
        return _dressed(response, file, part)

    def _record_once(self, file: File) -> None:
        played = self.request.session.get(SESSION_KEY, [])
        if str(file.pk) in played:
            return
        record_access(file, by=self.user, purpose=_("played"))
        self.request.session[SESSION_KEY] = [*played, str(file.pk)][-_MOST_REMEMBERED:]


def _dressed(response: HttpResponseBase, file: File, part: ByteRange) -> HttpResponseBase:
    for header, value in RAW_HEADERS.items():
        response.headers[header] = value
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Type"] = PLAYED_AS[file.media_type]
    response.headers["Content-Length"] = str(part.stop - part.start)
    return response


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
