"""What is wrong with how evidence and record are kept, for those who look after the installation.

They may read no case by that right: an alarm says what to run, and neither counts nor names anything.
"""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.evidence.models import File
from casefiles.evidence.selectors import damages
from casefiles.evidence.selectors.checkpoints import checkpoint_standing


def alarms(user: Any) -> tuple[str, ...]:
    """Return sentences that say what is wrong and what to do; nothing for those who could do nothing about it."""
    if not (user.is_staff or user.may_verify):
        return ()
    return tuple(text for text in (_of_record(user), _of_files()) if text)


def _of_record(user: Any) -> str:
    try:
        standing = checkpoint_standing()
    except OSError:
        return _("The folder of checkpoints cannot be read, so the record was not compared with them.")
    if not standing.is_alarm:
        return ""
    # How much was done tells of cases.
    said = standing.explained if user.may_verify else _("The record is not the one that the newest checkpoint noted.")
    return _("%(said)s Run “manage.py verify_chain” before anything else.") % {"said": said}


def _of_files() -> str:
    if not damages(File.objects.all()):
        return ""
    return _("Held files failed their check: “manage.py fixity --damaged” reads them again and names them.")
