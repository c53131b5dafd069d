"""Requests for comment: the list with who was never asked, one request, and what changes it."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.forms.replies import (
    AttemptForm,
    AttemptOutcomeForm,
    RequestForm,
    ResponseForm,
    SendForm,
    SentRequestForm,
    clock,
)
from casefiles.cases.forms.statements import StatementForm
from casefiles.cases.models import Case, CaseStatement, Claim, Outcome, ReplyAttempt, ReplyRequest
from casefiles.cases.querysets import numbered
from casefiles.cases.replies import State
from casefiles.cases.reply_letters import as_markdown
from casefiles.cases.views.base import CaseForm, PartForm, PartMixin, RemovePart, undo
from casefiles.cases.views.claims import claims_to_choose
from casefiles.cases.views.comments import talk_about
from casefiles.cases.views.parts import PartsPage
from casefiles.core.forms import Form, ReasonForm
from casefiles.core.keyset import KeysetPage
from casefiles.registry.models import Organisation, Person

REPLIES = gettext_lazy("Replies")
DRAFT_FIELDS = (
    "organisation", "person", "party_text", "channel", "zone", "introduction", "signature", "note",
)  # fmt: skip


def to_put(case: Case, user: Any) -> dict[str, Claim]:
    """Return the claims that may be put to somebody, by key: those that were not withdrawn or refuted."""
    claims = selectors.numbered_claims(case, user).filter(outcome=Outcome.HELD).order_by("number", "pk")
    return {str(claim.pk): claim for claim in claims}


class Replies(PartsPage):
    """The requests, and every party that the case is about or its claims name, with how each reads."""

    template_name = "cases/replies.html"
    tab = "replies"

    def get_queryset(self) -> QuerySet[ReplyRequest]:
        return selectors.case_requests(self.case, self.user)

    @cached_property
    def lines(self) -> dict[uuid.UUID, selectors.RequestLine]:
        """Every request of the case: who was asked is not told by one page of them."""
        return {line.id: line for line in selectors.requests_of(self.case, self.user, now=timezone.now())}

    def rows(self, page: KeysetPage) -> list[selectors.RequestLine]:
        return [self.lines[row.pk] for row in page.rows]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(claim_prefix=self.address("claims"), **kwargs)
        context["lines"] = context["rows"]
        context["parties"] = selectors.parties(self.case, self.user, requests=self.lines.values())
        return context


class RequestForms(CaseForm):
    back = "replies"
    crumb = REPLIES

    def success_url(self, saved: Any) -> str:
        return str(saved.get_absolute_url())


class AddRequest(RequestForms):
    """`?organisation=`, `?person=` or `?party_text=` says whom to ask, `?claims=C-01,C-03` about what."""

    form_class = RequestForm
    title = gettext_lazy("Draft a request for comment")
    submit_label = gettext_lazy("Save the draft")

    @cached_property
    def claims(self) -> dict[str, Claim]:
        return to_put(self.case, self.user)

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case, "claims": self.claims}

    def get_initial(self) -> dict[str, Any]:
        given = self.request.GET
        asked = {numbered(label) for label in given.get("claims", "")[:2000].split(",")}
        return {
            "organisation": self._named(Organisation, "organisation"),
            "person": self._named(Person, "person"),
            "party_text": given.get("party_text", "").replace("\x00", "")[:300],
            "claims": [key for key, claim in self.claims.items() if claim.number in asked],
        }

    def _named(self, model: Any, name: str) -> Any:
        try:
            key = uuid.UUID(self.request.GET.get(name, ""))
        except ValueError:
            return None
        return model.objects.visible_to(self.user).current().filter(pk=key).first()

    def perform(self, form: Any, *, version: int) -> ReplyRequest:
        return actions.draft_request(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: ReplyRequest) -> str:
        return _("%(label)s is drafted. Nothing was sent: take the letter and send it by your own mail.") % {
            "label": saved.label
        }

    def undo_for(self, saved: ReplyRequest) -> dict[str, Any]:
        return undo(saved)


class RequestMixin(PartMixin):
    record_model = ReplyRequest

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related(
            "case__compartment",
            "organisation",
            "person",
            "response__statement__assertion",
            "response__statement__speaker",
            "response__statement__organisation",
        )

    @cached_property
    def line(self) -> selectors.RequestLine:
        (line,) = selectors.request_lines([self.record], self.user, now=timezone.now())
        return line


class RequestPage(RequestMixin):
    """One request: what is put, the letter, the attempts, and what came of it."""

    template_name = "cases/reply.html"
    visibility = "record:read"
    tab = "replies"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = self.line
        ids = [self.record.pk, *(attempt.id for attempt in line.attempts)]
        context = super().get_context_data(
            line=line,
            letter=as_markdown(selectors.letter_of(self.record, line)),
            history=selectors.history_of(self.case, ids, self.user),
            **talk_about(self, self.record),
            **kwargs,
        )
        is_open = context["may_edit"] and line.state != State.WITHDRAWN
        is_waiting = is_open and line.state in {State.SENT, State.OVERDUE, State.DID_NOT_RESPOND}
        context.update(
            may_edit=is_open,
            may_send=is_open and line.state == State.DRAFT,
            may_answer=is_waiting,
            may_find_silent=is_open and line.state == State.OVERDUE,
            attempt_prefix=self.address("case").rstrip("/") + "/attempts/",
        )
        return context


class RequestPart(RequestMixin, PartForm, RequestForms):
    def success_url(self, saved: Any) -> str:
        return str(self.record.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(cancel_url=self.record.get_absolute_url(), about=str(self.record))
        return context

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return undo(saved, "undo")


class EditRequest(RequestPart):
    """A draft whole; of what was sent its note, and a later deadline."""

    is_edit = True
    title = gettext_lazy("Edit the request")

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return SentRequestForm if self.record.is_sent else RequestForm

    @cached_property
    def claims(self) -> dict[str, Claim]:
        return to_put(self.case, self.user)

    def form_kwargs(self) -> dict[str, Any]:
        return {} if self.record.is_sent else {"case": self.case, "claims": self.claims}

    def get_initial(self) -> dict[str, Any]:
        asked = self.record
        put = [str(one.id) for one in self.line.put]
        return {
            **{name: getattr(asked, name) for name in DRAFT_FIELDS},
            "deadline_at": clock(asked.deadline_at, asked.zone),
            "claims": [key for key in put if key in self.claims],
        }

    def perform(self, form: Any, *, version: int) -> ReplyRequest:
        return actions.change_request(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_message(self, saved: ReplyRequest) -> str:
        return _("%(label)s was changed.") % {"label": saved.label}


class SendRequest(RequestPart):
    form_class = SendForm
    is_edit = True
    title = gettext_lazy("Record as sent")
    submit_label = gettext_lazy("It was sent")

    def get_initial(self) -> dict[str, Any]:
        asked = self.record
        return {
            "sent_at": clock(timezone.now(), asked.zone),
            "deadline_at": clock(asked.deadline_at, asked.zone),
            "zone": asked.zone,
            "channel": asked.channel,
        }

    def perform(self, form: Any, *, version: int) -> ReplyRequest:
        return actions.send_request(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_message(self, saved: ReplyRequest) -> str:
        return _("%(label)s is sent. Its words stay as they were put.") % {"label": saved.label}


class AddAttempt(RequestPart):
    form_class = AttemptForm
    title = gettext_lazy("Record an attempt")

    def form_kwargs(self) -> dict[str, Any]:
        return {"members": selectors.accounts_on(self.case, self.user)}

    def get_initial(self) -> dict[str, Any]:
        asked = self.record
        made_at = clock(timezone.now(), asked.zone)
        return {"made_at": made_at, "zone": asked.zone, "channel": asked.channel, "made_by": str(self.user.pk)}

    def perform(self, form: Any, *, version: int) -> ReplyAttempt:
        return actions.add_attempt(self.record, by=self.user, **form.cleaned_data)

    def success_message(self, saved: ReplyAttempt) -> str:
        return _("Attempt %(number)d was recorded.") % {"number": saved.number}

    def undo_for(self, saved: ReplyAttempt) -> dict[str, Any]:
        return undo(saved)


class ChooseResponse(RequestPart):
    """Says which statement in the case is the answer."""

    form_class = ResponseForm
    title = gettext_lazy("Record the response")
    submit_label = gettext_lazy("This is the response")

    def form_kwargs(self) -> dict[str, Any]:
        rows = selectors.numbered_statements(self.case, self.user).current()
        standing = rows.filter(statement__assertion__voided_at__isnull=True).order_by("-number")
        return {"statements": {str(row.pk): row for row in standing}}

    def perform(self, form: Any, *, version: int) -> ReplyRequest:
        response: CaseStatement = form.cleaned_data["response"]
        return actions.record_response(self.record, by=self.user, version=self.record.version, response=response)

    def success_message(self, saved: ReplyRequest) -> str:
        return _("%(label)s is answered. The words of the statement stay as they are from now on.") % {
            "label": saved.label
        }


class RecordReply(ChooseResponse):
    """Records a statement found in an exhibit, and that it is the answer, in one step."""

    template_name = "cases/record_statement.html"
    form_class = StatementForm
    title = gettext_lazy("Record the reply")
    submit_label = gettext_lazy("Save the reply")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case, "claims": claims_to_choose(self.case, self.user)}

    def get_initial(self) -> dict[str, Any]:
        asked = self.record
        return {"organisation": asked.organisation, "speaker": asked.person, "speaker_text": asked.party_text}

    def perform(self, form: Any, *, version: int) -> ReplyRequest:
        return actions.record_reply(self.record, by=self.user, version=self.record.version, **form.cleaned_data)


class RecordSilence(RequestPart):
    template_name = "cases/confirm.html"
    form_class = Form
    title = gettext_lazy("Did not respond")
    submit_label = gettext_lazy("They did not respond")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("%(name)s reads as “asked and silent” on claims, on the overview and in the dossier.")
        return super().get_context_data(consequences=[words % {"name": self.record.party_name}], **kwargs)

    def perform(self, form: Any, *, version: int) -> ReplyRequest:
        return actions.record_silence(self.record, by=self.user)

    def success_message(self, saved: ReplyRequest) -> str:
        return _("%(label)s: they did not respond.") % {"label": saved.label}


class WithdrawRequest(RequestPart, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Withdraw the request")
    submit_label = gettext_lazy("Withdraw it")

    def consequences(self) -> list[str]:
        return [
            _("%(label)s stays, with your reason; by it nobody was asked.") % {"label": self.record.label},
            _("Tell the party yourself, if it was sent."),
        ]

    def perform(self, form: Any, *, version: int) -> ReplyRequest:
        actions.withdraw_request(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]


class AttemptPart(PartForm, RequestForms):
    record_model = ReplyAttempt

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "request__organisation", "request__person", "made_by")

    def success_url(self, saved: Any) -> str:
        return reverse("cases:reply", args=[self.record.case_id, self.record.request_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(cancel_url=self.success_url(self.record), about=str(self.record.request))
        return context


class EditAttempt(AttemptPart):
    form_class = AttemptOutcomeForm
    is_edit = True
    title = gettext_lazy("Change what came of the attempt")

    def get_initial(self) -> dict[str, Any]:
        return {"outcome": self.record.outcome, "note": self.record.note}

    def perform(self, form: Any, *, version: int) -> ReplyAttempt:
        actions.change_attempt(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: ReplyAttempt) -> str:
        return _("Attempt %(number)d was changed.") % {"number": saved.number}

    def undo_for(self, saved: ReplyAttempt) -> dict[str, Any]:
        return undo(saved, "undo")


class VoidAttempt(AttemptPart, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Void the attempt")
    submit_label = gettext_lazy("Void it")

    def perform(self, form: Any, *, version: int) -> ReplyAttempt:
        actions.void_attempt(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]
