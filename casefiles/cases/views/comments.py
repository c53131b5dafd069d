"""What is said about the records of a case: all of it on one tab, each thread on a page of its own."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.actions import NotAllowed
from casefiles.cases import actions, selectors
from casefiles.cases.forms.comments import CommentForm, WordsForm
from casefiles.cases.models import Case, Comment
from casefiles.cases.views.base import CaseForm, CasePage, PartForm, PartMixin, RemovePart, citation_addresses, undo
from casefiles.cases.views.parts import PartsPage
from casefiles.core.forms import Form, ReasonForm
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import SuggestPage

DISCUSSION = gettext_lazy("Discussion")
STATES: tuple[tuple[str, Any], ...] = (
    ("open", gettext_lazy("Open")),
    ("resolved", gettext_lazy("Resolved")),
    ("all", gettext_lazy("All")),
)


def talk_about(page: CasePage, record: Any) -> dict[str, Any]:
    """Return what a record's own page shows of what was said about it: its newest threads, and the form."""
    name = (record._meta.label_lower, record.pk)
    rows = selectors.threads(page.case, page.user, about=name).current().order_by("-created_at", "pk")
    found = list(rows[: Discussion.shown_on_a_page + 1])
    named = selectors.described(record)
    threads = selectors.thread_lines(page.case, found[: Discussion.shown_on_a_page], page.user, about=named)
    may_comment = page.case.is_writable and page.may("comment", page.case)
    reference = named.reference
    return {
        "threads": threads,
        "has_more_threads": len(found) > Discussion.shown_on_a_page,
        "threads_url": f"{page.address('discussion')}?about={reference}",
        "comment_form": _form(page, reference) if may_comment else None,
        "may_comment": may_comment,
        **talk_addresses(page),
    }


def talk_addresses(page: CasePage) -> dict[str, Any]:
    return {
        "comment_prefix": page.address("discussion"),
        "comment_url": page.address("comment_add"),
        "people_url": page.address("member_suggest"),
        "citations": citation_addresses(page.case),
        "may_moderate": page.may("review", page.case),
    }


def _form(page: CasePage, reference: str) -> CommentForm:
    return CommentForm(user=page.user, case=page.case, initial={"about": reference})


class Discussion(PartsPage):
    """The threads of the case, the newest first; `?about=` narrows to one record, `?state=` to what is settled."""

    template_name = "cases/discussion.html"
    tab = "discussion"
    page_size = 20
    shown_on_a_page: ClassVar[int] = 5
    orders: ClassVar[dict[str, Order]] = {"newest": Order("created_at", is_descending=True)}

    @cached_property
    def about(self) -> selectors.Named | None:
        """Return the record that the address narrows to.

        Raises:
            Http404: it names one that this case does not hold.
        """
        typed = self.request.GET.get("about", "")
        if not typed:
            return None
        name = selectors.name_of(typed)
        record = selectors.record_named(self.case, name, self.user) if name else None
        if record is None:
            raise Http404
        return selectors.described(record)

    @property
    def state(self) -> str:
        asked = self.request.GET.get("state", "")
        usual = "all" if self.about else "open"
        return asked if asked in dict(STATES) else usual

    def get_queryset(self) -> QuerySet[Comment]:
        about = (self.about.kind, self.about.key) if self.about else None
        rows = selectors.threads(self.case, self.user, about=about)
        if self.state == "open":
            return rows.filter(resolved_at=None, voided_at=None)
        return rows.filter(resolved_at__isnull=False) if self.state == "resolved" else rows

    def rows(self, page: KeysetPage) -> list[selectors.ThreadLine]:
        return selectors.thread_lines(self.case, page.rows, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_comment = self.case.is_writable and self.may("comment", self.case)
        about = self.about
        kept = f"about={about.reference}&" if about else ""
        context = super().get_context_data(
            about=about,
            states=[
                {"label": label, "url": f"?{kept}state={word}", "is_current": word == self.state}
                for word, label in STATES
            ],
            may_comment=may_comment,
            comment_form=_form(self, about.reference if about else "") if may_comment else None,
            **talk_addresses(self),
            **kwargs,
        )
        context["threads"] = context["rows"]
        return context


class ThreadPage(PartMixin, PartsPage):
    """One thread: how it began, and its answers from the first on; `?near=` leads to one of them."""

    template_name = "cases/thread.html"
    visibility = "record:read"
    record_model = Comment
    tab = "discussion"
    orders: ClassVar[dict[str, Order]] = {"first": Order("created_at")}

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "created_by", "voided_by", "resolved_by")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.record.parent_id:
            return HttpResponseRedirect(self.record.get_absolute_url())
        return super().get(request, *args, **kwargs)  # type: ignore[return-value]

    def get_queryset(self) -> QuerySet[Comment]:
        rows = Comment.objects.visible_to(self.user).filter(parent=self.record)
        return rows.select_related("case", "created_by", "voided_by")

    def named(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        name = selectors.name_of(f"{Case._meta.label_lower}:{self.request.GET.get('near', '')}")
        return rows.filter(pk=name[1]) if name else rows.none()

    def rows(self, page: KeysetPage) -> list[selectors.CommentLine]:
        return selectors.comment_lines([self.record, *page.rows], self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        thread, case = self.record, self.case
        name = (thread.about_kind, thread.about_id)
        may_comment = case.is_writable and self.may("comment", case)
        is_mine = thread.created_by_id == self.user.pk
        context = super().get_context_data(
            about=selectors.named_records(case, [name], self.user).get(name),
            may_comment=may_comment,
            may_answer=may_comment and not thread.is_voided,
            may_settle=may_comment and not thread.is_voided and (is_mine or self.may("edit", case)),
            **talk_addresses(self),
            **kwargs,
        )
        context["first"], *context["answers"] = context["rows"]
        context["answer_form"] = WordsForm(user=self.user) if context["may_answer"] else None
        return context


class CommentForms(CaseForm):
    template_name = "cases/comment_form.html"
    visibility = "case:comment"
    back = "discussion"
    crumb = DISCUSSION

    def success_url(self, saved: Any) -> str:
        return str(saved.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(people_url=self.address("member_suggest"), **kwargs)


class AddComment(CommentForms):
    form_class = CommentForm
    title = gettext_lazy("Comment")
    submit_label = gettext_lazy("Comment")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def get_initial(self) -> dict[str, Any]:
        return {"about": self.request.GET.get("about", "")}

    def perform(self, form: Any, *, version: int) -> Comment:
        return actions.add_comment(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Comment) -> str:
        return _("The comment was added.")

    def undo_for(self, saved: Comment) -> dict[str, Any]:
        return undo(saved)


class CommentPart(PartForm, CommentForms):
    visibility = "record:comment"
    record_model = Comment

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "created_by")


class AnswerComment(CommentPart):
    form_class = WordsForm
    title = gettext_lazy("Answer")
    submit_label = gettext_lazy("Answer")

    def perform(self, form: Any, *, version: int) -> Comment:
        return actions.answer_comment(self.record, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Comment) -> str:
        return _("The answer was added.")

    def undo_for(self, saved: Comment) -> dict[str, Any]:
        return undo(saved)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=str(self.record), **kwargs)


class EditComment(CommentPart):
    form_class = WordsForm
    is_edit = True
    title = gettext_lazy("Edit your comment")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.record.created_by_id != self.user.pk:
            raise NotAllowed
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"body": self.record.body}

    def perform(self, form: Any, *, version: int) -> Comment:
        actions.change_comment(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Comment) -> str:
        return _("The comment was changed.")

    def undo_for(self, saved: Comment) -> dict[str, Any]:
        return undo(saved, "undo")


class VoidComment(CommentPart, RemovePart):
    template_name = "cases/confirm.html"
    visibility = "record:comment"
    form_class = ReasonForm
    title = gettext_lazy("Withdraw the comment")
    submit_label = gettext_lazy("Withdraw it")

    def consequences(self) -> list[str]:
        return [_("Its words are no longer shown; who withdrew it, and your reason, are.")]

    def perform(self, form: Any, *, version: int) -> Comment:
        actions.void_comment(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Comment) -> str:
        return _("The comment was withdrawn.")


class SettleThread(CommentPart):
    """Settles a thread, or opens it again: a button beside it, or a page of its own."""

    template_name = "cases/confirm.html"
    form_class = Form
    title = gettext_lazy("Resolve the thread")
    submit_label = gettext_lazy("Resolve")

    def perform(self, form: Any, *, version: int) -> Comment:
        actions.resolve_thread(self.record, by=self.user)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Comment) -> str:
        return _("The thread is resolved.")

    def undo_for(self, saved: Comment) -> dict[str, Any]:
        return undo(saved, "undo")


class ReopenThread(SettleThread):
    title = gettext_lazy("Open the thread again")
    submit_label = gettext_lazy("Open again")

    def perform(self, form: Any, *, version: int) -> Comment:
        actions.reopen_thread(self.record, by=self.user)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Comment) -> str:
        return _("The thread is open again.")


class MemberSuggest(SuggestPage):
    """Who of the team may be meant while a name is typed after `@`; nobody else is ever suggested."""

    visibility = "case:comment"
    record_model = Case
    record_kwarg = "case_id"

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("compartment")

    def get(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        typed = request.GET.get("q", "")[:200]
        found = selectors.people_named(request.record, request.user, typed)[: self.limit]  # type: ignore[attr-defined]
        results = [{"id": line.username, "text": f"@{line.username}", "detail": line.name} for line in found]
        return JsonResponse({"results": results})
