"""Protected identities: sealing one, asking to read it, allowing that, and the one page that shows it for a moment."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.pages import VoidPage
from casefiles.core.forms import Form, ReasonForm
from casefiles.core.pages import ActionPage, DetailPage, Page
from casefiles.evidence import forms, selectors
from casefiles.evidence.actions import identities
from casefiles.evidence.models import ProtectedIdentity, Unmasking
from casefiles.evidence.views.sources import SourceMixin


class IdentitySeal(SourceMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = forms.IdentityForm
    title = gettext_lazy("Seal who this source is")
    submit_label = gettext_lazy("Seal it")

    def perform(self, form: Any, *, version: int) -> ProtectedIdentity:
        return identities.seal_identity(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: ProtectedIdentity) -> str:
        return self.record.get_absolute_url()

    def success_message(self, saved: ProtectedIdentity) -> str:
        return _("Sealed. Only those with the right to protected identities know that it exists.")


class IdentityMixin(Page):
    """A page about an identity that the reader has the right to know of."""

    section = "sources"
    visibility = "record:read"
    record_model = ProtectedIdentity

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("source", "created_by", "voided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {
            "list_url": self.record.source.get_absolute_url(),
            "list_label": self.record.source.name,
            "heading": _("Protected identity"),
            "cancel_url": self.record.get_absolute_url(),
        }
        return shared | super().get_context_data(**kwargs)


class Identity(IdentityMixin, DetailPage):
    template_name = "evidence/identity.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = selectors.unmaskings_of(self.record, self.user)
        own = [one for one in asked if one.created_by_id == self.user.pk]
        return super().get_context_data(
            asked=asked,
            may_read=any(one.is_granted for one in own),
            is_waiting=any(one.is_waiting for one in own),
            is_current=not self.record.is_voided,
            **kwargs,
        )


class IdentityAsk(IdentityMixin, ActionPage):
    template_name = "access/add.html"
    form_class = ReasonForm
    title = gettext_lazy("Ask to read a protected identity")
    submit_label = gettext_lazy("Ask")

    def perform(self, form: Any, *, version: int) -> Unmasking:
        return identities.ask_to_unmask(self.record, by=self.user, reason=form.cleaned_data["reason"])

    def success_url(self, saved: Unmasking) -> str:
        return self.record.get_absolute_url()

    def success_message(self, saved: Unmasking) -> str:
        return _("Asked. A second person who has the right must allow it.")


class IdentityRead(IdentityMixin, ActionPage):
    """Shows the identity in the answer to a POST, once: there is no address that shows it again."""

    asks_password = True
    template_name = "access/confirm.html"
    form_class = Form
    title = gettext_lazy("Read a protected identity")
    submit_label = gettext_lazy("Show it now")

    def perform(self, form: Any, *, version: int) -> HttpResponse:
        text = identities.read_identity(self.record, by=self.user)
        context = self.get_context_data(identity_text=text)
        return self.response_class(
            request=self.request, template=["evidence/identity_read.html"], context=context, using=self.template_engine
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [_("That you read it now, and when, stays in the record for ever.")]
        return super().get_context_data(consequences=lines, **kwargs)


class IdentityVoid(IdentityMixin, VoidPage):
    visibility = "record:edit"
    title = gettext_lazy("Void this identity")

    def perform(self, form: Any, *, version: int) -> ProtectedIdentity:
        identities.void_identity(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record


class UnmaskingAllow(ActionPage):
    """The second person says yes."""

    asks_password = True
    template_name = "access/confirm.html"
    visibility = "record:read"
    section = "sources"
    record_model: ClassVar[Any] = Unmasking
    form_class = Form
    title = gettext_lazy("Allow somebody to read a protected identity")
    submit_label = gettext_lazy("Allow it for an hour")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("identity", "source", "created_by")

    def perform(self, form: Any, *, version: int) -> Unmasking:
        return identities.allow_unmasking(self.record, by=self.user)

    def success_url(self, saved: Unmasking) -> str:
        return reverse("evidence:identity", args=[saved.identity_id])

    def success_message(self, saved: Unmasking) -> str:
        return _("Allowed for an hour.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.record
        lines = [
            _("%(name)s may read for an hour who “%(source)s” is.")
            % {"name": asked.created_by, "source": asked.source},
            _("Their reason: %(reason)s") % {"reason": asked.reason},
        ]
        back = reverse("evidence:identity", args=[asked.identity_id])
        return super().get_context_data(
            consequences=lines,
            cancel_url=back,
            list_url=back,
            list_label=_("Protected identity"),
            heading="",
            is_grave=True,
            **kwargs,
        )
