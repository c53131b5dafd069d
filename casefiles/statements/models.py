"""What officials and parties said, word for word, or as somebody reported it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.addresses import record_address
from casefiles.core.fields import FoldedField, MomentField
from casefiles.evidence.models import Asserted, Assertion
from casefiles.registry.models import Organisation, Person
from casefiles.statements.querysets import StatementQuerySet

HELD = _("These words were recorded as a reply and stay as they are. Record a correction as a statement of its own.")


class Statement(Asserted):
    """One utterance. A second-hand report never shows as a direct quote."""

    speaker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    speaker_text = models.CharField(
        _("speaker as named"), max_length=300, blank=True, help_text=_("Where nobody is named: “a spokesperson”.")
    )
    office = models.CharField(_("office"), max_length=300, blank=True)
    state = models.CharField(_("State"), max_length=2, blank=True)
    forum = models.CharField(_("forum"), max_length=300, blank=True)
    said = MomentField(_("said"))
    text = models.TextField(_("words"))
    text_key = FoldedField(source="text")
    language = models.CharField(_("language"), max_length=12, blank=True, default="en")
    is_reported = models.BooleanField(_("reported speech, not a direct quote"), default=False)
    in_answer_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("in answer to")
    )
    # Once it was recorded as somebody's reply, the words as they stood then: the database holds `text` to them.
    words_held = models.TextField(_("words held since they were recorded as a reply"), blank=True, editable=False)

    objects: ClassVar = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        indexes: ClassVar = [models.Index(fields=["said_key", "assertion"], name="statements_by_date")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(speaker__isnull=False)
                | models.Q(organisation__isnull=False)
                | ~models.Q(speaker_text=""),
                name="a_statement_has_a_speaker",
            ),
            models.CheckConstraint(
                condition=models.Q(words_held="") | models.Q(text=models.F("words_held")),
                name="the_words_of_a_reply_are_held",
                violation_error_message=HELD,
            ),
            models.CheckConstraint(
                condition=models.Q(in_answer_to__isnull=True) | ~models.Q(in_answer_to=models.F("assertion")),
                name="a_statement_does_not_answer_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_name}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        return record_address("statements:statement", self.pk)

    @property
    def speaker_name(self) -> str:
        return str(self.speaker or self.speaker_text or self.organisation or "")

    @property
    def is_held(self) -> bool:
        """Whether it was recorded as a reply: nobody alters who said what any more."""
        return bool(self.words_held)

    @property
    def detail_line(self) -> str:
        return ", ".join(part for part in (self.office, self.said_wording) if part)


class Rendering(Record):
    """A translation of a statement, and who made it."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="renderings")
    language = models.CharField(_("language"), max_length=12)
    text = models.TextField(_("translation"))
    translator = models.CharField(_("translated by"), max_length=200, blank=True)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("statement__assertion"),)

    class Meta:
        verbose_name = _("translation of a statement")
        verbose_name_plural = _("translations of statements")

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:80]}"

    @property
    def assertion(self) -> Assertion:
        """The anchor whose readers may see what was done to this translation."""
        return self.statement.assertion
