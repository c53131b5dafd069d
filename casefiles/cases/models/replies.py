"""Who was asked for comment on which claims, how they were sought, and what came of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casefiles.cases.models.cases import CaseBound, CaseStatement, Claim, Numbered
from casefiles.cases.querysets import AttemptQuerySet, RequestQuerySet
from casefiles.core.addresses import record_address
from casefiles.core.zones import show_instant
from casefiles.registry.models import Organisation, Person


class Channel(models.TextChoices):
    EMAIL = "email", _("email")
    LETTER = "letter", _("letter")
    TELEPHONE = "telephone", _("telephone")
    WEB_FORM = "web form", _("web form")
    MESSAGE = "message", _("message on a platform")
    IN_PERSON = "in person", _("in person")
    REPRESENTATIVE = "representative", _("through a representative")


class AttemptOutcome(models.TextChoices):
    """Those of the second half reached nobody (`cases.replies.UNREACHED`)."""

    SENT = "sent", _("sent, not confirmed")
    DELIVERED = "delivered", _("delivered")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    REFUSED = "refused", _("refused to take it")
    NOT_DELIVERED = "not delivered", _("not delivered")
    NOBODY_REACHED = "nobody reached", _("nobody reached")
    NO_ADDRESS = "no address found", _("no address found")


class ReplyRequest(Numbered):
    """A request for comment on claims of the case. How it stands is computed (`cases.replies`), never typed.

    Voiding it withdraws it. From the sending on, `letter` holds what was put, word for word, and `put` which claim each
    of its assertions was.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    party_text = models.CharField(_("party as named"), max_length=300, blank=True)
    claims = models.ManyToManyField(Claim, blank=True, related_name="reply_requests", verbose_name=_("claims"))
    # As many as `claims` has, so that the database itself holds the rule below.
    claim_count = models.PositiveSmallIntegerField(default=0, editable=False)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices, default=Channel.EMAIL)
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    # The zone in which the party was told its deadline.
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    introduction = models.TextField(_("introduction"), blank=True)
    signature = models.CharField(_("signed by"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    letter = models.JSONField(_("letter as sent"), default=dict, blank=True, editable=False)
    put = models.JSONField(_("claims as put"), default=list, blank=True, editable=False)
    silent_at = models.DateTimeField(_("found silent"), null=True, blank=True, editable=False)
    response = models.ForeignKey(
        CaseStatement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_requests",
        verbose_name=_("response"),
        editable=False,
    )

    prefix: ClassVar[str] = "R"
    objects: ClassVar = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for comment")
        verbose_name_plural = _("requests for comment")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="a_request_number_is_given_once"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, person__isnull=True, party_text="")
                | Q(organisation__isnull=True, person__isnull=False, party_text="")
                | (Q(organisation__isnull=True, person__isnull=True) & ~Q(party_text="")),
                name="a_request_is_to_one_party",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(deadline_at__gt=F("sent_at"), claim_count__gte=1),
                name="what_was_sent_puts_a_claim_and_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False) | Q(response__isnull=True, silent_at__isnull=True),
                name="only_what_was_sent_is_answered_or_not",
            ),
            models.CheckConstraint(
                condition=Q(silent_at__isnull=True) | Q(silent_at__gt=F("deadline_at")),
                name="silence_begins_after_the_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.party_name}"

    def get_absolute_url(self) -> str:
        return record_address("cases:reply", self.case_id, self.pk)

    @property
    def party(self) -> Any:
        """The person or organisation of the registry; None where the party is only named."""
        return self.organisation or self.person

    @property
    def party_name(self) -> str:
        return str(self.party or self.party_text)

    @property
    def particulars_of_letter(self) -> dict[str, str]:
        """What its letter says beside the assertions (`reply_letters.write`)."""
        return {
            "reference": f"{self.case.reference} {self.label}",
            "addressee": self.party_name,
            "until": show_instant(self.deadline_at, self.zone) if self.deadline_at else "",
            "introduction": self.introduction,
            "signature": self.signature,
        }

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def is_answered(self) -> bool:
        """Whether a response is recorded that still counts; ask with the statement and its anchor loaded."""
        response = self.response
        return response is not None and not response.is_voided and not response.statement.is_voided


class ReplyAttempt(CaseBound):
    """One attempt to put a request to its party."""

    request = models.ForeignKey(ReplyRequest, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel.choices, default=Channel.EMAIL)
    made_at = models.DateTimeField(_("when"))
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    outcome = models.CharField(
        _("what came of it"), max_length=16, choices=AttemptOutcome.choices, default=AttemptOutcome.SENT
    )
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt to ask")
        verbose_name_plural = _("attempts to ask")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "number"], name="an_attempt_number_is_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.request.label} {self.number}: {self.get_outcome_display()}"

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:reply', self.case_id, self.request_id)}#attempt-{self.number}"
