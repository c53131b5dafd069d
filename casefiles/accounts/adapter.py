"""What Casefiles asks of django-allauth: nobody signs up; nothing is announced; secrets are sealed at rest."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casefiles.core import sealing

# One sentence for a wrong name, a wrong password, a disabled account and too many tries (M01).
NOT_ACCEPTED = _("This user name and password were not accepted. After many tries, wait five minutes.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NOT_ACCEPTED,
        "too_many_login_attempts": NOT_ACCEPTED,
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing on signing in or out: the page shows who is signed in."""

    def get_login_stages(self) -> list[str]:
        # Not allauth's own stage: it names addresses that Casefiles does not have, and loads FIDO2 for passkeys.
        return ["casefiles.accounts.second_step.SecondStep"]

    def login(self, request: Any, user: Any) -> None:
        super().login(request, user)
        request.session["signed_in_at"] = timezone.now().timestamp()


class FactorAdapter(DefaultMFAAdapter):
    """Keys of second factors lie sealed in the database; an authenticator shows them under our name."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, keys=settings.SECOND_FACTOR_KEYS)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.opened(encrypted_text, keys=settings.SECOND_FACTOR_KEYS)

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_totp_issuer(self) -> str:
        return "Casefiles"
