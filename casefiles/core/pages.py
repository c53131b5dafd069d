"""The three kinds of page. What a page needs is a class attribute, so that a test can read it off the URL map.

The gate (`access.gate`) has decided, and read the record, before any of these run.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from django.views.generic.base import TemplateResponseMixin, View

from casefiles.core.conflicts import Base, conflict_rows, merged_data
from casefiles.core.keyset import BadCursor, KeysetPage, Order, paginate
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion

UNDO_SALT = "casefiles.undo"
# How a form that comes back is answered where the fault is not in what was typed, by the code of its error.
STATUSES = {
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "no_room": HTTPStatus.INSUFFICIENT_STORAGE,
    "over_quota": HTTPStatus.INSUFFICIENT_STORAGE,
    "out_of_reach": HTTPStatus.SERVICE_UNAVAILABLE,
}


class Page(TemplateView):
    """A page about nothing in particular, or about the record that the gate read."""

    visibility: ClassVar[str] = ""
    section: ClassVar[str] = ""
    record_model: ClassVar[Any] = None
    record_kwarg: ClassVar[str] = "pk"
    # Where the files of its forms go while they arrive; a page that names nothing takes none (core.middleware).
    upload_handler: ClassVar[Any] = None
    # Whether it is answered only where the password was given within ten minutes (the gate, M18).
    asks_password: ClassVar[bool] = False

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add select_related and the like to the query with which the gate reads the record."""
        return rows

    @property
    def record(self) -> Any:
        return self.request.record  # type: ignore[attr-defined]

    @property
    def user(self) -> Any:
        return self.request.user

    def may(self, act: str, record: Model | None = None) -> bool:
        """Say whether the reader may do `act`, now, on the page's record or on another one, as the gate has it."""
        return bool(self.request.may(act, record or self.record))  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["section"] = self.section
        if self.record_model is not None:
            context["record"] = self.record
        return context


class DetailPage(Page):
    """One record. Subclasses add what the template shows in `get_context_data`."""


class ListPage(Page):
    """A filtered, keyset-paged list of what the reader may see.

    `orders` maps the words allowed in `?sort=` to orders; the first is the default.
    """

    template_name = "pages/list.html"
    model: ClassVar[Any] = None
    filterset_class: ClassVar[Any] = None
    orders: ClassVar[dict[str, Order]] = {}
    page_size: ClassVar[int] = 50

    def get_queryset(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.user)

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        """Turn the records of one page into what the template shows; by default the records themselves."""
        return page.rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        queryset = self.get_queryset()
        if self.filterset_class is not None:
            context["filter"] = filterset = self.filterset_class(
                self.request.GET, queryset=queryset, request=self.request
            )
            queryset = filterset.qs if filterset.is_valid() else queryset.none()
            context["is_filtered"] = any(self.request.GET.get(name) for name in filterset.form.fields)
        sort = self.request.GET.get("sort", "")
        sort = sort if sort in self.orders else next(iter(self.orders))
        page = self._page(queryset, self.orders[sort])
        context.update(rows=self.rows(page), page=self._links(page), sort=sort, sorts=list(self.orders))
        return context

    @property
    def unkept(self) -> frozenset[str]:
        """Return the parameters of the address that links to other pages leave out."""
        return frozenset({"after", "before"})

    def start(self, queryset: QuerySet[Any], order: Order) -> str | None:
        """Return the cursor behind which the list begins where the address has none; None for its top."""
        return None

    def _page(self, queryset: QuerySet[Any], order: Order) -> KeysetPage:
        get = self.request.GET
        after = get.get("after") if {"after", "before"} & set(get) else self.start(queryset, order)
        try:
            return paginate(queryset, order=order, size=self.page_size, after=after, before=get.get("before"))
        except BadCursor as error:
            raise Http404 from error

    def _links(self, page: KeysetPage) -> dict[str, Any]:
        if page.is_capped:
            total_text = _("more than %(count)s") % {"count": f"{page.total:,}"}
        else:
            total_text = ngettext("%(count)d record", "%(count)d records", page.total) % {"count": page.total}
        return {
            "previous_url": self._link("before", page.previous_cursor),
            "next_url": self._link("after", page.next_cursor),
            "total_text": total_text,
            "total": page.total,
            "is_capped": page.is_capped,
        }

    def _link(self, name: str, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        kept = [(key, value) for key, value in self.request.GET.lists() if key not in self.unkept]
        pairs = [(key, value) for key, values in kept for value in values]
        return f"?{urlencode([*pairs, (name, cursor)])}"


class SuggestPage(View):
    """What a picker asks while somebody types: the first few visible records that match, as JSON."""

    visibility: ClassVar[str] = "member"
    model: ClassVar[Any] = None
    limit: ClassVar[int] = 10

    def get_queryset(self) -> Any:
        return self.model.objects.visible_to(self.request.user).current()

    def get(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        # PostgreSQL takes no NUL in a value, and no name holds one.
        text = request.GET.get("q", "").replace("\x00", "")[:200]
        found = self.get_queryset().matching(text)[: self.limit]
        return JsonResponse({"results": [suggestion(record) for record in found]})


def suggestion(record: Any) -> dict[str, str]:
    """Return how a picker shows a record: its name, and one line that tells it from its namesakes."""
    return {"id": str(record.pk), "text": str(record), "detail": str(getattr(record, "detail_line", ""))}


class ActionPage(Page, TemplateResponseMixin):
    """A form and the one action it calls. Errors appear on the form; nothing typed is lost.

    `is_edit` pages carry what the form showed at first, signed; a stale save answers 409 with base, theirs and yours.
    `creates_in_place` pages also serve the dialog of a picker (`?in_place=1`, or the header X-Requested-With with the
    value create-in-place, or a request for JSON): the bare form, and {"id", "text", "detail"} of what was saved.
    """

    template_name = "pages/form.html"
    fragment_template_name = "pages/_form_fragment.html"
    conflict_template_name = "pages/conflict.html"
    form_class: ClassVar[Any] = None
    is_edit: ClassVar[bool] = False
    creates_in_place: ClassVar[bool] = False
    title: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = ""

    # What subclasses say ------------------------------------------------------------------------------------------
    def get_initial(self) -> dict[str, Any]:
        return {}

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Form, *, version: int) -> Any:
        """Call the action with `form.cleaned_data`; return what was saved."""
        raise NotImplementedError

    def success_url(self, saved: Any) -> str:
        return str(saved.get_absolute_url())

    def success_message(self, saved: Any) -> str:
        return ""

    def undo_for(self, saved: Any) -> dict[str, Any] | None:
        """Return what takes this save back ({"kind", "id", "act"}), offered beside the message; None for nothing."""
        return None

    # How it works -------------------------------------------------------------------------------------------------
    def get_form(self, data: Any = None, files: Any = None, *, initial: dict[str, Any] | None = None) -> Any:
        given = self.get_initial() if initial is None else initial
        return self.form_class(data, files, initial=given, user=self.user, **self.form_kwargs())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        base = self._base()
        form = self.get_form(merged_data(request.POST, base), request.FILES)
        if self.is_edit and base is None:
            form.is_valid()
            form.add_error(
                None, _("This form was opened too long ago, or for another record. Check it and save again.")
            )
        if "resume" in request.POST:
            return self._resume(form)
        if not form.is_valid():
            return self._show(form)
        try:
            saved = self.perform(form, version=base.version if base else 0)
        except StaleVersion as stale:
            return self._conflict(form, base, stale)
        except (Refused, ValidationError) as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        return saved if isinstance(saved, HttpResponse) else self._saved(saved)

    def _resume(self, form: Any) -> HttpResponse:
        """Show a form that comes back after its writer had been signed out; saving it is still theirs to do."""
        form.is_valid()
        messages.info(self.request, _("This form was not saved yet: you had been signed out. Check it and save."))
        return self._show(form, status=200)

    @property
    def is_in_place(self) -> bool:
        """Whether a picker's dialog asks, which wants no page around the form."""
        headers = self.request.headers
        return self.creates_in_place and (
            self.request.GET.get("in_place") == "1"
            or headers.get("X-Requested-With") == "create-in-place"
            or headers.get("Accept") == "application/json"
        )

    def _saved(self, saved: Any) -> HttpResponse:
        if self.is_in_place:
            return JsonResponse(suggestion(saved))
        text = self.success_message(saved)
        if text:
            undo = self._undo_of(saved)
            tag = f"{undo['act']}:{signing.dumps(undo, salt=f'{UNDO_SALT}:{self.user.pk}')}" if undo else ""
            messages.success(self.request, text, extra_tags=tag)
        return HttpResponseRedirect(self.success_url(saved))

    def _undo_of(self, saved: Any) -> dict[str, Any] | None:
        """Return what `undo_for` says, for this very save: an old offer must not take back a newer change."""
        undo = self.undo_for(saved)
        if undo is None or undo["act"] != "undo":
            return undo
        return {"version": saved.version_holder.version, **undo}

    def _base(self) -> Base | None:
        if not self.is_edit:
            return None
        return Base.loads(self.request.POST.get("base", ""), record=self.record, user=self.user)

    def _show(self, form: Any, *, status: int | None = None) -> HttpResponse:
        context = self.get_context_data(form=form, title=self.title, submit_label=self.submit_label or _("Save"))
        if self.is_edit:
            context["base_token"] = self.request.POST.get("base") if self._base() else self._token(form)
        code = status or (status_of(form) if form.is_bound else 200)
        names = [self.fragment_template_name] if self.is_in_place else self.get_template_names()
        return self.response_class(
            request=self.request, template=names, context=context, using=self.template_engine, status=code
        )

    def _token(self, form: Any) -> str:
        pristine = self.get_form()
        return Base.of(pristine, record=self.record).dumps(user=self.user)

    def _conflict(self, form: Any, base: Base | None, stale: StaleVersion) -> HttpResponse:
        self.request.record = stale.record  # type: ignore[attr-defined]
        fresh = self.get_form()
        theirs = Base.of(fresh, record=stale.record)
        rows = conflict_rows(form, base=base, theirs=theirs)
        context = self.get_context_data(
            form=form, title=self.title, conflict={"rows": rows}, base_token=theirs.dumps(user=self.user)
        )
        context["submit_label"] = self.submit_label or _("Save")
        return self.response_class(
            request=self.request,
            template=[self.conflict_template_name],
            context=context,
            using=self.template_engine,
            status=409,
        )


def status_of(form: Form) -> int:
    """Return the status with which a form that was not saved is shown again."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return next((int(status) for code, status in STATUSES.items() if code in codes), 422)


def add_refusal(form: Form, refusal: Refused | ValidationError) -> None:
    """Put what an action refused onto the field at fault, or above the form."""
    if isinstance(refusal, Refused):
        error = ValidationError(str(refusal.message), code=refusal.code)
        form.add_error(refusal.field if refusal.field in form.fields else None, error)
        return
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, ValidationError(errors))
