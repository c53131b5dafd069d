"""The case and what is bound to it by number: exhibits, claims, statements, tasks."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Compartment, Record
from casefiles.access.querysets import ByCompartment, Rule
from casefiles.cases.checklists import Step
from casefiles.cases.checklists import read as read_checklist
from casefiles.cases.querysets import (
    CaseQuerySet,
    CaseStatementQuerySet,
    ClaimQuerySet,
    ExhibitQuerySet,
    StanceQuerySet,
    SubjectQuerySet,
)
from casefiles.core.addresses import record_address
from casefiles.core.fields import FoldedField, MomentField
from casefiles.evidence.models import Asserted, Item
from casefiles.evidence.vocabulary import Tlp
from casefiles.registry.models import Organisation, Person, Place, Vessel
from casefiles.statements.models import Statement


class CaseStatus(models.TextChoices):
    OPEN = "open", _("open")
    IN_REVIEW = "in review", _("in review")
    CLOSED = "closed", _("closed")
    ARCHIVED = "archived", _("archived")


class Case(Record):
    reference = models.CharField(_("reference"), max_length=8, unique=True, editable=False)
    compartment = models.OneToOneField(Compartment, on_delete=models.PROTECT, related_name="case", editable=False)
    title = models.CharField(_("title"), max_length=300)
    title_key = FoldedField(source="title")
    question = models.TextField(_("question"), blank=True, help_text=_("What this case sets out to answer."))
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("Markdown. Cite with [[E-03]], [[E-03 p.4]], [[C-01]] or [[S-02]].")
    )
    status = models.CharField(_("status"), max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    handling = models.CharField(_("handling"), max_length=16, choices=Tlp.choices, default=Tlp.AMBER)
    opened_on = models.DateField(_("opened on"))
    # The highest numbers given so far; a number once given is never reused.
    last_exhibit = models.PositiveIntegerField(default=0, editable=False)
    last_statement = models.PositiveIntegerField(default=0, editable=False)
    last_claim = models.PositiveIntegerField(default=0, editable=False)
    last_task = models.PositiveIntegerField(default=0, editable=False)
    last_hypothesis = models.PositiveIntegerField(default=0, editable=False)
    last_lookup = models.PositiveIntegerField(default=0, editable=False)
    last_request = models.PositiveIntegerField(default=0, editable=False)
    last_review = models.PositiveIntegerField(default=0, editable=False)
    last_release = models.PositiveIntegerField(default=0, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (ByCompartment(),)
    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes: ClassVar = [models.Index(fields=["title_key", "id"], name="cases_by_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return record_address("cases:case", self.pk)

    @property
    def is_writable(self) -> bool:
        return self.status in {CaseStatus.OPEN, CaseStatus.IN_REVIEW}

    @property
    def detail_line(self) -> str:
        return self.reference


class CaseBound(Record):
    """The base of what a case holds: the case's circle decides who sees it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="%(class)ss")

    visibility_rules: ClassVar[tuple[Rule, ...]] = (ByCompartment("case__compartment_id"),)

    class Meta:
        abstract = True


class Subject(CaseBound):
    """What a case is about, and in which role."""

    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(_("role in the case"), max_length=100, blank=True)
    is_main = models.BooleanField(_("main subject"), default=False)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(vessel__isnull=False, organisation__isnull=True, person__isnull=True, place__isnull=True)
                | Q(vessel__isnull=True, organisation__isnull=False, person__isnull=True, place__isnull=True)
                | Q(vessel__isnull=True, organisation__isnull=True, person__isnull=False, place__isnull=True)
                | Q(vessel__isnull=True, organisation__isnull=True, person__isnull=True, place__isnull=False),
                name="a_subject_is_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["case", kind],
                    condition=Q(voided_at__isnull=True),
                    name=f"a_{kind}_is_a_subject_once",
                )
                for kind in ("vessel", "organisation", "person", "place")
            ),
        ]

    def __str__(self) -> str:
        return str(self.target)

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:subjects', self.case_id)}?near={self.pk}#subject-{self.pk}"

    @property
    def target(self) -> Any:
        return self.vessel or self.organisation or self.person or self.place

    @property
    def kind(self) -> str:
        return str(self.target._meta.verbose_name)


class Numbered(CaseBound):
    """A record with a number of its own in its case; the number is never reused."""

    number = models.PositiveIntegerField(_("number"), editable=False)
    prefix: ClassVar[str] = ""

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        return f"{self.prefix}-{self.number:02d}"


class Exhibit(Numbered):
    """An item in a case. A removed exhibit leaves its number with the reason (voiding it is removing it)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="exhibits")
    note = models.TextField(_("why it is here"), blank=True)

    prefix: ClassVar[str] = "E"
    objects: ClassVar = ExhibitQuerySet.as_manager()

    class Meta:
        verbose_name = _("exhibit")
        verbose_name_plural = _("exhibits")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="an_exhibit_number_is_given_once"),
            models.UniqueConstraint(
                fields=["case", "item"], condition=Q(voided_at__isnull=True), name="an_item_is_an_exhibit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.item}"

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:exhibits', self.case_id)}{self.label}"

    @property
    def detail_line(self) -> str:
        return self.item.detail_line


class CaseStatement(Numbered):
    """A statement in a case."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="case_statements")

    prefix: ClassVar[str] = "S"
    objects: ClassVar = CaseStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement in a case")
        verbose_name_plural = _("statements in cases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="a_statement_number_is_given_once"),
            models.UniqueConstraint(
                fields=["case", "statement"], condition=Q(voided_at__isnull=True), name="a_statement_is_in_a_case_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.statement}"

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:statements', self.case_id)}{self.label}"


class ClaimKind(models.TextChoices):
    FACT = "fact", _("fact")
    INFERENCE = "inference", _("inference")
    ASSUMPTION = "assumption", _("assumption")


class Likelihood(models.TextChoices):
    ALMOST_NO_CHANCE = "almost no chance", _("almost no chance (1–5 %)")
    VERY_UNLIKELY = "very unlikely", _("very unlikely (5–20 %)")
    UNLIKELY = "unlikely", _("unlikely (20–45 %)")
    ROUGHLY_EVEN = "roughly even chance", _("roughly even chance (45–55 %)")
    LIKELY = "likely", _("likely (55–80 %)")
    VERY_LIKELY = "very likely", _("very likely (80–95 %)")
    ALMOST_CERTAIN = "almost certain", _("almost certain (95–99 %)")


class Confidence(models.TextChoices):
    LOW = "low", _("low")
    MODERATE = "moderate", _("moderate")
    HIGH = "high", _("high")


class Outcome(models.TextChoices):
    HELD = "held", _("held")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REFUTED = "refuted", _("refuted")


class Claim(Asserted):
    """One assertion that the case argues. Its standing is computed from what is cited for it, never stored."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField(_("number"), editable=False)
    # Its place in the list and in the dossier, from 1 without gaps in each case; voided claims keep theirs.
    position = models.PositiveIntegerField(_("place in the order"), default=0, editable=False)
    text = models.TextField(_("claim"), max_length=2000)
    text_key = FoldedField(source="text")
    kind = models.CharField(_("kind"), max_length=10, choices=ClaimKind.choices, default=ClaimKind.FACT)
    occurred = MomentField(_("when"))
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    likelihood = models.CharField(_("likelihood"), max_length=20, choices=Likelihood.choices, blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices, blank=True)
    rationale = models.TextField(_("why this confidence"), blank=True)
    gaps = models.TextField(_("what is missing, or would change the conclusion"), blank=True)
    subjects = models.ManyToManyField(Subject, blank=True, related_name="claims", verbose_name=_("subjects"))
    is_key = models.BooleanField(_("key judgement"), default=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.HELD)
    outcome_reason = models.TextField(_("why"), blank=True)
    # Of a duplicate that was voided: the claim that stays. What was taken over is kept so that it can be given back.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="duplicates"
    )
    taken_over = models.JSONField(default=dict, blank=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (ByCompartment("case__compartment_id"),)
    objects: ClassVar = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="a_claim_number_is_given_once"),
            models.CheckConstraint(condition=Q(outcome="held") | ~Q(outcome_reason=""), name="an_outcome_has_a_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "position"], name="claims_in_their_order")]

    def __str__(self) -> str:
        return f"{self.label} {self.text[:100]}"

    def get_absolute_url(self) -> str:
        return record_address("cases:claim", self.case_id, self.pk)

    @property
    def label(self) -> str:
        return f"C-{self.number:02d}"


class StanceKind(models.TextChoices):
    CONFIRMS = "confirms", _("confirms")
    DENIES = "denies", _("denies")
    DISPUTES = "disputes", _("disputes")
    DECLINES = "declines to comment", _("declines to comment")
    NO_INFORMATION = "says has no information", _("says has no information")
    CONDITIONAL = "conditional", _("conditional")
    NOT_ADDRESSED = "not addressed", _("not addressed")


class Stance(CaseBound):
    """What a statement in the case says of one of its claims; shown beside it, never moving its standing."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="stances")
    case_statement = models.ForeignKey(CaseStatement, on_delete=models.PROTECT, related_name="stances")
    stance = models.CharField(_("stance"), max_length=24, choices=StanceKind.choices)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = StanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "case_statement"],
                condition=Q(voided_at__isnull=True),
                name="a_statement_has_one_stance_on_a_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_statement.label} {self.get_stance_display()} {self.claim.label}"


class TaskStatus(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class Task(Numbered):
    title = models.CharField(_("title"), max_length=300)
    title_key = FoldedField(source="title")
    body = models.TextField(_("details"), blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    # One step a line, as `cases.checklists` writes them.
    checklist = models.TextField(_("checklist"), blank=True)
    # The record of the case that it is about (`cases.claim` and its key); none is the case as a whole.
    about_kind = models.CharField(_("about"), max_length=60, blank=True, editable=False)
    about_id = models.UUIDField(null=True, blank=True, editable=False)
    # The entry of the template that it was made from (`sanctioned-vessel/identity`), or empty.
    origin = models.CharField(max_length=100, blank=True, editable=False)

    prefix: ClassVar[str] = "T"

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="a_task_number_is_given_once"),
            models.CheckConstraint(
                condition=Q(about_kind="", about_id__isnull=True) | (~Q(about_kind="") & Q(about_id__isnull=False)),
                name="a_task_is_about_one_record_or_none",
            ),
            models.UniqueConstraint(
                fields=["case", "origin"], condition=~Q(origin=""), name="a_template_makes_a_task_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def get_absolute_url(self) -> str:
        return f"{record_address('cases:tasks', self.case_id)}{self.label}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return read_checklist(self.checklist)

    @property
    def open_steps_count(self) -> int:
        return sum(not step.is_done for step in self.steps)

    @property
    def about(self) -> tuple[str, uuid.UUID] | None:
        return (self.about_kind, self.about_id) if self.about_id else None
