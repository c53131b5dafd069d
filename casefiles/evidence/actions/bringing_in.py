"""A file that was brought in becomes an item: titled after it, of the kind that its bytes suggest."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.evidence.actions.collecting import collect_item
from casefiles.evidence.actions.files import Received
from casefiles.evidence.kinds import kind_of
from casefiles.evidence.models import Item
from casefiles.evidence.names import kept_name, title_of


def bring_in(received: Received, *, by: Any, circle: Circle, path: str = "", **item: Any) -> Item:
    """Add an item for kept bytes; `item` goes to `add_item` as it is.

    `path` is where the file lay with whoever brought it, for the chain of custody; nothing is done with it.

    Raises:
        Refused, ValidationError, NotAllowed: as `collect_item`; then nothing was added.
    """
    item.setdefault("title", title_of(received.name) or _("File %(digest)s") % {"digest": received.sha256[:12]})
    item.setdefault("kind", kind_of(received.media_type))
    with audit.whole_unit():
        return collect_item(by=by, circle=circle, received=[received], purpose=_purpose(path), **item)


def _purpose(path: str) -> str:
    # Written into the chain of custody as it stands here, in one language for ever.
    return f"chosen as {kept_name(path)}" if path else ""
