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
            )
        ]

    def __str__(self) -> str:
        return f"{self.speaker_name}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        return record_address("statements:statement", self.pk)

    @property
    def speaker_name(self) -> str:
        return str(self.speaker or self.speaker_text or self.organisation or "")

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
