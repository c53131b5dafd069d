"""How many bytes one person may bring in, where an administrator set a limit."""

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from casefiles.accounts.models import User
from casefiles.core.refusals import Refused
from casefiles.evidence.models import File


class OverQuota(Refused):
    """The person would have brought in more than one may. Nothing was added."""

    code = "over_quota"


def refuse_over_quota(by: Any, coming_bytes: int) -> None:
    """Return only where so many bytes more are within the limit as things stand: asked before they are kept.

    Raises:
        OverQuota: they are not.
    """
    most = settings.EVIDENCE_QUOTA_BYTES
    if not most:
        return
    # Every file counts in full, also where somebody else holds the same bytes: anything else would tell (R7).
    used = File.objects.filter(created_by=by).aggregate(used=Sum("size_bytes"))["used"] or 0
    if used + coming_bytes > most:
        text = _(
            "One person may bring in %(most)s here. You have brought in %(used)s and this file has %(size)s, so it was "
            "not added. Ask the administrator for more."
        )
        sizes = {"most": filesizeformat(most), "used": filesizeformat(used), "size": filesizeformat(coming_bytes)}
        raise OverQuota(text % sizes, field="file")


def hold_to_quota(by: Any, coming_bytes: int) -> None:
    """Return only where so many bytes more are within the limit, and stay so until the transaction ends.

    Raises:
        OverQuota: they are not.
    """
    if settings.EVIDENCE_QUOTA_BYTES:
        # One file of a person at a time: of two together, neither would see the other's. SQLite does it anyway.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
    refuse_over_quota(by, coming_bytes)
