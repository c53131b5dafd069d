"""Protected identities: sealed by whoever may edit the source, read only with a right, a reason and a second person."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, refuse_voided, require, void_record
from casefiles.access.rules import Act, Visibility
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence import sealing
from casefiles.evidence.actions._input import required
from casefiles.evidence.models import ProtectedIdentity, Source, Unmasking


class NotUnmasked(Refused):
    """Nobody has allowed this person to read it, or the hour is over."""


def seal_identity(source: Source, *, by: Any, text: str) -> ProtectedIdentity:
    """Seal who a source is. The text itself goes nowhere else: not into the log, the history or the index.

    Raises:
        Refused: nothing was written, the source is open to every member, or this installation has no key.
    """
    with audit.unit():
        require(by, Act.EDIT, source)
        refuse_voided(source)
        said = required(text, field="text", message=_("Write who it is."))
        if source.visibility == Visibility.OPEN:
            raise Refused(_("This source is open to every member. Only a restricted source has a protected identity."))
        try:
            sealed = sealing.seal(said)
        except sealing.NoKey as error:
            text = _("This installation has no key for identities, so nothing was kept. Tell the administrator.")
            raise Refused(text, field="text") from error
        added: ProtectedIdentity = add_record(ProtectedIdentity(source=source, sealed=sealed), by=by)
    return added


def void_identity(identity: ProtectedIdentity, *, by: Any, reason: str) -> None:
    """Withdraw an identity that proved wrong; who may see identities may do so."""
    void_record(identity, by=by, reason=reason)


def ask_to_unmask(identity: ProtectedIdentity, *, by: Any, reason: str) -> Unmasking:
    """Ask to read an identity, with a reason; somebody else who has the right allows it.

    Raises:
        Refused: no reason, or an earlier request of this person still waits.
    """
    with audit.unit():
        require(by, Act.READ, identity)
        refuse_voided(identity)
        said = cleaned(Unmasking, {"reason": required(reason, field="reason")})
        if Unmasking.objects.current().filter(identity=identity, created_by=by, granted_at__isnull=True).exists():
            raise Refused(_("You have asked already. Somebody else who has the right must allow it."))
        asked: Unmasking = add_record(Unmasking(identity=identity, source=identity.source, **said), by=by, act="asked")
    return asked


def allow_unmasking(asked: Unmasking, *, by: Any) -> Unmasking:
    """Allow the person who asked to read the identity for an hour.

    Raises:
        Refused: it is the same person (B06), or it was allowed or withdrawn already.
    """
    with audit.unit():
        require(by, Act.READ, asked)
        current = Unmasking.objects.locked(asked.pk)
        if current.created_by_id == by.pk:
            raise Refused(_("A second person must allow this: whoever asked cannot."))
        if not current.is_waiting:
            raise Refused(_("This request no longer waits for an answer."))
        changes = {"granted_by": by, "granted_at": timezone.now()}
        Unmasking.objects.filter(pk=current.pk).update(**changes, version=current.version + 1)
        audit.record(
            by=by,
            act="unmasking allowed",
            kind=current._meta.label_lower,
            record_id=current.pk,
            changes={"granted_by": (None, str(by.pk))},
        )
    return Unmasking.objects.get(pk=current.pk)


def read_identity(identity: ProtectedIdentity, *, by: Any) -> str:
    """Return who the source is, to somebody whom a second person allowed it; every look is an event.

    Raises:
        NotUnmasked: nobody allowed it, or the hour is over.
        Refused: no key of this installation opens it.
    """
    with audit.unit():
        require(by, Act.READ, identity)
        allowed = Unmasking.objects.current().filter(identity=identity, created_by=by).select_related("source")
        if not any(one.is_granted for one in allowed):
            raise NotUnmasked(_("Ask first, and let a second person who has the right allow it."))
        text = _opened(identity)
        audit.record(
            by=by,
            act="identity read",
            kind=identity._meta.label_lower,
            record_id=identity.pk,
        )
    return text


def _opened(identity: ProtectedIdentity) -> str:
    try:
        return sealing.opened(identity.sealed)
    except (sealing.NoKey, sealing.NotOpened) as error:
        text = _("The key that sealed this identity is not here, so it cannot be read. All else is untouched.")
        raise Refused(text) from error
