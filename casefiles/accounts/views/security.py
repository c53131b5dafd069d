"""One's own account: the password, the second factor, and where else one is signed in."""

from typing import Any, ClassVar
from urllib.parse import quote

from allauth.mfa.totp.internal.auth import generate_totp_secret
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.accounts import actions, factors, proof
from casefiles.accounts.forms import PasswordForm, SetUpForm
from casefiles.core.forms import Form
from casefiles.core.pages import ActionPage, Page


class ProfilePage(ActionPage):
    """Change the password."""

    visibility = "member"
    section = "profile"
    template_name = "accounts/profile.html"
    form_class = PasswordForm
    title = gettext_lazy("Your account")
    submit_label = gettext_lazy("Change password")

    def perform(self, form: Any, *, version: int) -> Any:
        actions.change_password(self.user, password=form.cleaned_data["new"], by=self.user)
        update_session_auth_hash(self.request, self.user)
        proof.note_password(self.request.session)
        return self.user

    def success_url(self, saved: Any) -> str:
        return reverse("accounts:profile")

    def success_message(self, saved: Any) -> str:
        return _("Password changed. Your other sessions have ended.")


class SecurityPage(Page):
    """What stands between this account and somebody who has its password."""

    visibility = "member"
    section = "profile"
    is_for_enrolling: ClassVar[bool] = True
    template_name = "accounts/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            factors=factors.factors_of(self.user),
            has_key=bool(settings.SECOND_FACTOR_KEYS),
            is_required=proof.needs_second_factor(self.user),
            is_lacking=proof.lacks_second_factor(self.user, self.request.session),
            **kwargs,
        )


class SecurityStep(ActionPage):
    """A change of one's second factor: asks for a fresh password, and ends the other sessions."""

    visibility = "member"
    section = "profile"
    asks_password: ClassVar[bool] = True
    is_for_enrolling: ClassVar[bool] = True
    template_name = "accounts/security_step.html"
    form_class: ClassVar[Any] = Form

    @property
    def key(self) -> str:
        return self.request.session.session_key or ""

    def success_url(self, saved: Any) -> str:
        return reverse("accounts:security")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=reverse("accounts:security"), **kwargs)

    def show_codes(self, codes: list[str]) -> HttpResponse:
        """Show recovery codes in this answer, and never again."""
        # Whoever knew the key of this session before knows it no longer (R31).
        self.request.session.cycle_key()
        grouped = [factors.in_groups(code) for code in codes]
        address = "data:text/plain;charset=utf-8," + quote("\r\n".join(grouped) + "\r\n")
        context = Page.get_context_data(self, codes=grouped, file_address=address, title=self.title)
        return self.response_class(
            request=self.request, template=["accounts/codes.html"], context=context, using=self.template_engine
        )


@method_decorator(csp_update(settings.CONTENT_SECURITY_POLICY_OF_CODES), name="dispatch")
class AddSecondFactor(SecurityStep):
    """The secret goes into an authenticator as a picture or as text; a code of it proves that it arrived."""

    template_name = "accounts/add_second_factor.html"
    form_class = SetUpForm
    title = gettext_lazy("Add a second factor")
    submit_label = gettext_lazy("Turn it on")

    def get_initial(self) -> dict[str, Any]:
        return {"setup": factors.seal_setup(self.user, generate_totp_secret())} if settings.SECOND_FACTOR_KEYS else {}

    def perform(self, form: SetUpForm, *, version: int) -> HttpResponse:
        if not factors.is_allowed_to_try(self.request, self.user, "second_factor"):
            form.add_error("code", _("Too many tries. Wait five minutes."))
            return self._show(form)
        codes = actions.add_second_factor(
            self.user, secret=form.cleaned_data["secret"], code=form.cleaned_data["code"], keep=self.key
        )
        proof.note_second_factor(self.request.session)
        return self.show_codes(codes)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        secret = kwargs["form"].secret
        return super().get_context_data(
            secret=factors.in_groups(secret or ""),
            picture=factors.qr_address(self.user, secret) if secret else "",
            is_on=factors.has_second_factor(self.user),
            **kwargs,
        )


class RenewCodes(SecurityStep):
    title = gettext_lazy("New recovery codes")
    submit_label = gettext_lazy("Make new codes")

    def perform(self, form: Any, *, version: int) -> HttpResponse:
        return self.show_codes(actions.renew_recovery_codes(self.user, keep=self.key))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [_("The codes you have now stop working."), _("The new ones are shown once."), _others_end()]
        return super().get_context_data(consequences=lines, **kwargs)


class RemoveSecondFactor(SecurityStep):
    title = gettext_lazy("Remove the second factor")
    submit_label = gettext_lazy("Remove it")

    def perform(self, form: Any, *, version: int) -> Any:
        actions.remove_second_factor(self.user, keep=self.key)
        proof.forget_second_factor(self.request.session)
        self.request.session.cycle_key()
        return self.user

    def success_message(self, saved: Any) -> str:
        return _("Second factor removed. Your other sessions have ended.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [_("The password alone is enough to sign in, and the recovery codes are gone."), _others_end()]
        return super().get_context_data(consequences=lines, is_grave=True, **kwargs)


class EndSessions(SecurityStep):
    title = gettext_lazy("Sign out everywhere else")
    submit_label = gettext_lazy("End the other sessions")

    def perform(self, form: Any, *, version: int) -> Any:
        return actions.end_other_sessions(self.user, keep=self.key)

    def success_message(self, saved: Any) -> str:
        return _("Your other sessions have ended.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consequences=[_others_end()], **kwargs)


def _others_end() -> str:
    return _("You are signed out wherever else you are signed in.")
