"""People who sign in. Their circles (compartments) and roles live in `access`."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.accounts.querysets import UserManager


class User(AbstractUser):
    """An account. Nobody is deleted: an account is disabled, and old events still name its id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("name"), max_length=120, blank=True)
    may_open_cases = models.BooleanField(
        _("may open cases"), default=False, help_text=_("Whoever opens a case leads it.")
    )
    may_manage_accounts = models.BooleanField(
        _("may manage accounts"), default=False, help_text=_("Adds and disables accounts; reads no case by it.")
    )
    may_verify = models.BooleanField(
        _("may verify chains"), default=False, help_text=_("Reads the state of the audit chain, and no content.")
    )

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
