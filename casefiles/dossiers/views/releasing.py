"""The versions of a case's dossier: preparing, approving and withdrawing them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases.views.base import CaseForm, CasePage
from casefiles.core.forms import Form, ReasonForm
from casefiles.dossiers import actions
from casefiles.dossiers.forms import PrepareForm
from casefiles.dossiers.models import Release, ReleaseStatus
from casefiles.dossiers.selectors import releases_of
from casefiles.dossiers.views.reading import ReleasePart

TONES = {ReleaseStatus.DRAFT: "warn", ReleaseStatus.APPROVED: "ok", ReleaseStatus.WITHDRAWN: "bad"}


class Releases(CasePage):
    template_name = "dossiers/releases.html"
    tab = "dossier"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_release = self.may("release", self.case) and self.case.is_writable
        return super().get_context_data(
            releases=[self._line(release, may_release) for release in releases_of(self.case, self.user)],
            next_label=f"v{self.case.last_release + 1}",
            may_prepare=may_release,
            **kwargs,
        )

    def _line(self, release: Release, may_release: bool) -> dict[str, Any]:
        is_draft = release.status == ReleaseStatus.DRAFT
        return {
            "release": release,
            "tone": TONES.get(ReleaseStatus(release.status), ""),
            "may_approve": may_release and is_draft and release.created_by_id != self.user.pk,
            "is_own_draft": may_release and is_draft and release.created_by_id == self.user.pk,
            "may_withdraw": may_release and release.status != ReleaseStatus.WITHDRAWN,
        }


class ReleaseForm(CaseForm):
    crumb = gettext_lazy("Versions")

    @property
    def releases_url(self) -> str:
        return reverse("dossiers:releases", args=[self.case.pk])

    def success_url(self, saved: Any) -> str:
        return self.releases_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["cancel_url"] = context["crumb_url"] = self.releases_url
        return context


class PrepareRelease(ReleaseForm):
    template_name = "cases/confirm.html"
    visibility = "case:release"
    form_class = PrepareForm
    title = gettext_lazy("Prepare a version")
    submit_label = gettext_lazy("Freeze it")

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_first": self.case.last_release == 0}

    def perform(self, form: Any, *, version: int) -> Release:
        return actions.prepare_release(
            self.case, by=self.user, supersedes_reason=form.cleaned_data.get("supersedes_reason", "")
        )

    def success_message(self, saved: Release) -> str:
        return _("%(version)s is frozen. Another editor or lead can approve it now.") % {"version": saved.label}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        consequences = [
            _("What the draft says now is frozen: later changes to the case do not reach this version."),
            _("It stays marked “Draft, not approved” until another editor or lead approves it; you cannot."),
        ]
        return super().get_context_data(consequences=consequences, **kwargs)


class ApproveRelease(ReleasePart, ReleaseForm):
    template_name = "cases/confirm.html"
    visibility = "record:release"
    form_class = Form
    title = gettext_lazy("Approve this version")
    submit_label = gettext_lazy("Approve it")

    def perform(self, form: Any, *, version: int) -> Release:
        return actions.approve_release(self.record, by=self.user)

    def success_message(self, saved: Release) -> str:
        return _("%(version)s is approved.") % {"version": saved.label}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        consequences = [
            _("The mark “Draft, not approved” goes; your name stands on the cover as the approver."),
            _("A version approved before is marked as superseded."),
        ]
        return super().get_context_data(consequences=consequences, **kwargs)


class WithdrawRelease(ReleasePart, ReleaseForm):
    template_name = "cases/confirm.html"
    visibility = "record:release"
    form_class = ReasonForm
    title = gettext_lazy("Withdraw this version")
    submit_label = gettext_lazy("Withdraw it")

    def perform(self, form: Any, *, version: int) -> Release:
        return actions.withdraw_release(self.record, by=self.user, reason=form.cleaned_data["reason"])

    def success_message(self, saved: Release) -> str:
        return _("%(version)s is withdrawn. It stays readable, with your reason on every page.") % {
            "version": saved.label
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        consequences = [_("It stays readable, marked “Withdrawn” on every page, with your reason on the cover.")]
        return super().get_context_data(consequences=consequences, is_grave=True, **kwargs)
