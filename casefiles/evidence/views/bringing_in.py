"""Bringing in many files: in one form, which needs no script, or, for large ones, in pieces that can be continued.

The pages of the evidence stand here; those of a case are built on the same (`cases.views.bringing_in`).
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.actions import NotVisible, require_role_anywhere
from casefiles.access.forms import CircleForm, circle_to_start_from
from casefiles.access.rules import Act
from casefiles.core.errors import refused
from casefiles.core.filestore import FileTooLarge, PartialBusy, StoreError, WrongOffset
from casefiles.core.middleware import let_go_of_database
from casefiles.core.pages import STATUSES, ActionPage, Page
from casefiles.core.refusals import Refused
from casefiles.evidence import selectors
from casefiles.evidence.actions.files import OutOfReach, Received, receive, received_of, refusal_of
from casefiles.evidence.actions.quota import refuse_over_quota
from casefiles.evidence.arrivals import StoreUpload, received_from
from casefiles.evidence.batches import MOST_ASKED_ABOUT, BatchForm, CircleBatchForm
from casefiles.evidence.intake import CircleIntake, Intake, Outcome, Sent, State
from casefiles.evidence.names import kept_name
from casefiles.evidence.store import store
from casefiles.evidence.uploads import EMPTY_SHA256

PIECE_BYTES = 1024 * 1024
# Stands in the address that the page gives to its script, which puts a name in its place.
ANY_PART = "-"


class IntakePage(Page):
    """A page that brings files in. Subclasses say where to, from what a request names, and refuse whom they must."""

    def intake(self, named: Any) -> Intake:
        """Return where the files go.

        Raises:
            NotVisible: what is named is not there for this person.
        """
        raise NotImplementedError

    def address_of(self, name: str, *args: str) -> str:
        """Return the address of a page of the same place: "bring_in", or that with "_known", "_part" or "_added"."""
        raise NotImplementedError

    def shown(self, outcomes: Sequence[Outcome], **context: Any) -> HttpResponse:
        """Answer with what became of each file: the list alone for a script, which has the page already."""
        context |= {"outcomes": outcomes, "add_url": self.address_of("bring_in"), "is_for_script": True}
        return render(self.request, "evidence/_outcomes.html", context, status=status_of(outcomes))


def status_of(outcomes: Sequence[Outcome]) -> int:
    """Return the gravest status where nothing at all was taken, and success otherwise: each file has its own words."""
    if any(outcome.state is not State.REFUSED for outcome in outcomes) or not outcomes:
        return 200
    return max(int(STATUSES.get(outcome.code, 422)) for outcome in outcomes)


class BringInPage(IntakePage, ActionPage):
    """Takes the files of a form, and the answers to what was asked about files before."""

    template_name = "evidence/bring_in.html"
    form_class = BatchForm
    upload_handler = StoreUpload
    title = gettext_lazy("Add files")
    submit_label = gettext_lazy("Add the files")

    def refused_before_reading(self) -> HttpResponse | None:
        """Refuse what needs no look at the files; whatever the form names is asked about once it is read."""
        return refused_for_room(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "file" in request.POST:
            raise BadRequest("Files came in a form within the form.")
        if "do" not in request.POST:
            return super().post(request, *args, **kwargs)
        return self._answer([decided(self.intake(request.POST), request.POST)])

    def perform(self, form: Any, *, version: int) -> HttpResponse:
        intake = self.intake(self.request.POST)
        # Said before anything was sent: the answer to what `KnownPage` asked.
        wanted = "is_twin_wanted" in self.request.POST
        files = [(sent, _keeping(upload, sent, intake.by)) for upload, sent in form.sent()]
        return self._answer(intake.take_all(files, is_twin_wanted=wanted))

    def _answer(self, outcomes: Sequence[Outcome]) -> HttpResponse:
        return self.shown(outcomes) if is_asked_by_script(self.request) else self._page(outcomes)

    def _page(self, outcomes: Sequence[Outcome]) -> HttpResponse:
        """Show the page with the results above a fresh form."""
        form = self.get_form(initial={"circle": self.request.POST.get("circle", "")})
        context = self.get_context_data(form=form, title=self.title, submit_label=self.submit_label, outcomes=outcomes)
        return self.response_class(  # type: ignore[no-any-return]
            request=self.request,
            template=self.get_template_names(),
            context=context,
            using=self.template_engine,
            status=status_of(outcomes),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(
            add_url=self.address_of("bring_in"),
            known_url=self.address_of("bring_in_known"),
            part_url=self.address_of("bring_in_part", ANY_PART),
            added_url=self.address_of("bring_in_added"),
            max_bytes=settings.EVIDENCE_MAX_BYTES,
            piece_bytes=settings.EVIDENCE_PIECE_BYTES,
        )
        return context


def is_asked_by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "upload" or request.headers.get("HX-Request") == "true"


def refused_for_room(request: HttpRequest) -> HttpResponse | None:
    """Answer at once where the disk has no room for what is announced."""
    try:
        store().refuse_under_floor(_declared_bytes(request))
    except StoreError as error:
        refusal = refusal_of(error)
        is_away = refusal.code == OutOfReach.code
        title = _("No files can be taken at the moment") if is_away else _("There is no room for files")
        return refused_at_once(request, refusal, status=503 if is_away else 507, title=title)
    return None


def refused_at_once(request: HttpRequest, refusal: Refused, *, status: int, title: str) -> HttpResponse:
    """Answer a request whose files were not read, as a page or to a script."""
    if is_asked_by_script(request):
        return _said(refusal.message, status=status)
    return refused(request, status=status, title=title, text=refusal.message)


def _declared_bytes(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if _is_number(length) else 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _keeping(upload: Any, sent: Sent, by: Any) -> Callable[[], Received]:
    def keep() -> Received:
        refuse_over_quota(by, upload.size)
        return received_from(upload, expected_sha256=sent.sha256)

    return keep


def decided(intake: Intake, data: Any) -> Outcome:
    """Do what somebody answered about one file: `do` is "add", "existing" or "empty"."""
    received = Received.from_token(data.get("received", ""), by=intake.by)
    sha256 = received.sha256 if received else data.get("sha256", "")
    sent = Sent(received.name if received else "", path=data.get("path", ""), sha256=sha256)
    if data["do"] == "existing":
        twin = selectors.visible_twin(sha256, intake.by)
        return intake.used(twin, sent) if twin else intake.refused(sent, Refused(_("There is no such item any more.")))
    if received is None:
        return intake.refused(sent, Refused(_("That was asked too long ago. Choose the file again.")))
    if received.sha256 == EMPTY_SHA256:
        received = receive(chunks=(), name=received.name, is_empty_allowed=True)
    # Of an empty file there is nothing to compare: another empty one says nothing of it.
    return intake.settle(received, sent, is_twin_wanted=data["do"] in {"add", "empty"})


# --- Files in pieces ------------------------------------------------------------------------------------------------


class PartPage(IntakePage):
    """A large file on its way, by the name that its sender gives it.

    GET says how much came, with its digest; PATCH adds a piece at `Upload-Offset`; POST ends the file and adds it;
    DELETE forgets it. Every request is asked for the right to add, before its body is read.
    """

    http_method_names = ("get", "patch", "post", "delete", "options")  # type: ignore[assignment]
    part_kwarg: ClassVar[str] = "part"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.to = self.intake(request.GET)
            self.to.refuse()
            return super().dispatch(request, *args, **kwargs)
        except WrongOffset as error:
            return JsonResponse({"size_bytes": error.size_bytes}, status=409)
        except PartialBusy:
            return _said(_("This file is being sent from another window."), status=409)
        except StoreError as error:
            refusal = refusal_of(error)
            return _said(refusal.message, status=STATUSES.get(refusal.code, 422))
        except Refused as refusal:
            return _said(refusal.message, status=STATUSES.get(refusal.code, 409))

    @property
    def key(self) -> str:
        return self.to.partial_key(self.kwargs[self.part_kwarg])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with store().partial(self.key) as held:
            return JsonResponse({"size_bytes": held.size_bytes, "sha256": held.sha256()})

    def patch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        offset, length = request.headers.get("Upload-Offset", ""), request.META.get("CONTENT_LENGTH") or ""
        if not _is_number(length):
            return _said(_("The length of a piece must be said."), status=411)
        if not _is_number(offset):
            return _said(_("Where a piece begins must be said."), status=400)
        if int(offset) + int(length) > settings.EVIDENCE_MAX_BYTES:
            raise FileTooLarge(settings.EVIDENCE_MAX_BYTES)
        refuse_over_quota(self.user, int(offset) + int(length))
        let_go_of_database()
        try:
            with store().partial(self.key) as held:
                size = held.append(_pieces(request), at=int(offset))
        except UnreadablePostError:
            return _said(_("The line broke."), status=400)
        return JsonResponse({"size_bytes": size}, status=200 if size == int(offset) + int(length) else 400)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        data = request.POST
        sent = Sent(
            data.get("name", ""), data.get("media_type", ""), data.get("path", ""), data.get("sha256", "").lower()
        )
        keep = partial(self._kept, sent, data.get("size_bytes", ""))
        return self.shown([self.to.take(sent, keep, is_twin_wanted="is_twin_wanted" in data)])

    def _kept(self, sent: Sent, size_bytes: str) -> Received:
        with store().partial(self.key) as held:
            if str(held.size_bytes) != size_bytes or not held.size_bytes:
                raise Refused(_("Not all of the file came. Send it again: it goes on where it stopped."))
            refuse_over_quota(self.user, held.size_bytes)
            return received_of(
                partial(held.keep, expected_sha256=sent.sha256),
                name=sent.name,
                claimed_media_type=sent.claimed_media_type,
            )

    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with store().partial(self.key) as held:
            held.discard()
        return HttpResponse(status=204)


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(PIECE_BYTES):
        yield piece


def _said(text: Any, *, status: int) -> JsonResponse:
    return JsonResponse({"error": str(text)}, status=status)


class KnownPage(IntakePage):
    """Answers a script that asks, before it sends anything, what the person may see already.

    By `name` and `size_bytes`: which are worth hashing, as {"maybe": [positions]}. By `sha256`: the ones held, as the
    list that a form would answer with.
    """

    http_method_names = ("post", "options")  # type: ignore[assignment]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        to = self.intake(request.POST)
        try:
            to.refuse()
        except Refused as refusal:
            return _said(refusal.message, status=409)
        digests = request.POST.getlist("sha256")[:MOST_ASKED_ABOUT]
        if not digests:
            return JsonResponse({"maybe": list(self._maybe())})
        twins = selectors.visible_twins(digests, self.user)
        return self.shown([to.held(twin, Sent(twin.name, sha256=digest)) for digest, twin in twins.items()])

    def _maybe(self) -> Iterator[int]:
        posted = self.request.POST
        sizes = [int(size) if _is_number(size) and len(size) < 16 else -1 for size in posted.getlist("size_bytes")]
        named = [(kept_name(name), size) for name, size in zip(posted.getlist("name"), sizes, strict=False)]
        named = named[:MOST_ASKED_ABOUT]
        held = selectors.names_that_are_held(named, self.user)
        return (position for position, one in enumerate(named) if one in held)


# --- The evidence ---------------------------------------------------------------------------------------------------


class ToCircle(IntakePage):
    """Into the evidence, for whoever the form's `circle` names."""

    visibility = "member"
    section = "evidence"

    def intake(self, named: Any) -> Intake:
        form = CircleForm({"circle": named.get("circle", "")}, user=self.user)
        if not form.is_valid():
            raise NotVisible
        return CircleIntake(self.user, form.cleaned_data["circle"])

    def address_of(self, name: str, *args: str) -> str:
        return reverse(f"evidence:{name}", args=args)


class BringIn(ToCircle, BringInPage):
    form_class = CircleBatchForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_role_anywhere(request.user, Act.EDIT)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"circle": circle_to_start_from(self.request.GET.get("case", ""), self.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("evidence:items")
        return super().get_context_data(cancel_url=url, list_url=url, list_label=_("Evidence"), **kwargs)


class Part(ToCircle, PartPage):
    pass


class Known(ToCircle, KnownPage):
    pass
