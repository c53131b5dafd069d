"""Between the password and the session: whoever has a second factor is asked for it (R31)."""

from typing import Any

from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response

from casefiles.accounts.factors import has_second_factor


class SecondStep(LoginStage):
    """A stage of allauth's sign-in, named as its own, with our address."""

    key = "mfa_authenticate"
    urlname = "accounts:second_step"

    def handle(self) -> tuple[Any, bool]:
        if self.login.user is None or not has_second_factor(self.login.user):
            return None, True
        self.state["password"] = self.login.user.get_session_auth_hash()
        return headed_redirect_response(self.urlname), True

    @property
    def is_current(self) -> bool:
        """Whether the account may still come in, by the password that was typed a moment ago."""
        user = self.login.user
        return bool(user and user.is_active and user.get_session_auth_hash() == self.state.get("password"))
