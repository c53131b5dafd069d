"""Mail that says how much waits for somebody: how many of what, no word of a case, and no link to follow."""

import datetime
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casefiles.accounts.models import User
from casefiles.workspace.models import How, Notification, NotificationChoices, Told

# A little less than a day, so that a timer that runs daily never waits for the next day.
ONCE_IN = datetime.timedelta(hours=20)


def send_digests(now: datetime.datetime) -> tuple[int, int]:
    """Mail each person who wants it what they have not read yet; return how many mails went, and how many did not.

    What is marked as mailed was handed over to the server before: a mail that fails is tried again by the next pass,
    and one that went is at worst sent twice.
    """
    sent = failed = 0
    for choices in NotificationChoices.objects.filter(user__is_active=True).exclude(user__email="").order_by("pk"):
        rows = _waiting(choices, now)
        counts = Counter(rows.values_list("kind", flat=True))
        if not counts:
            continue
        try:
            _mail(choices.user, counts).send()
        except OSError:
            failed += 1
            continue
        rows.update(mailed_at=now)
        sent += 1
    return sent, failed


def is_set_up() -> bool:
    """Say whether mail leaves this installation at all."""
    return settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend"


def _waiting(choices: NotificationChoices, now: datetime.datetime) -> Any:
    """Return what somebody may still see, has not read, wants by mail and was not mailed; nothing within a day."""
    user = choices.user
    own = Notification.objects.visible_to(user)
    if own.filter(mailed_at__gt=now - ONCE_IN).exists():
        return own.none()
    kinds = [kind for kind in Told.values if getattr(choices, kind) == How.MAIL]
    keys = own.filter(is_read=False, mailed_at=None, kind__in=kinds).values_list("pk", flat=True)
    return Notification.objects.filter(pk__in=list(keys))


def _mail(user: User, counts: Counter[str]) -> EmailMessage:
    lines = [f"{count} × {Told(kind).label}" for kind, count in sorted(counts.items())]
    number = sum(counts.values())
    subject = ngettext("Casefiles: %(count)d thing waits for you", "Casefiles: %(count)d things wait for you", number)
    text = [
        *lines,
        "",
        _("Sign in as you always do to read it. This mail has no link and names no case on purpose:"),
        _("a mail that has either is not from Casefiles. Under Notifications you choose what is mailed."),
    ]
    return EmailMessage(subject=subject % {"count": number}, body="\n".join(text), to=[user.email])
