"""Lists as their makers publish them: editions, what stands in them, and how one differs from the last.

A list is public, and so is everything here: open to every member, whoever brought the file in.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import EveryMember, Rule
from casefiles.core.addresses import record_address
from casefiles.core.fields import choice_label
from casefiles.evidence.models import File, Item
from casefiles.sanctions.querysets import EditionQuerySet, EntryQuerySet


class ListKey(models.TextChoices):
    OFAC_SDN = "ofac-sdn", _("OFAC SDN list")
    UK = "uk", _("UK Sanctions List")
    EU = "eu", _("EU consolidated list")
    UN = "un", _("UN consolidated list")
    OPEN_SANCTIONS = "opensanctions", _("OpenSanctions")


class EditionState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being read")
    COMPARED = "compared", _("to be decided")
    APPLIED = "applied", _("applied")
    SET_ASIDE = "set aside", _("set aside")
    FAILED = "failed", _("not read")


class ListEdition(Record):
    """One edition of one list: the file that became evidence, its day, and what was read from it.

    What it differs in is found once it is read; only then a person applies it. It is searched once it is applied.
    """

    list_key = models.CharField(_("list"), max_length=20, choices=ListKey.choices, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="list_editions", editable=False)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="list_editions", editable=False)
    published_on = models.DateField(_("published on"), editable=False)
    is_day_said = models.BooleanField(_("the day was said, the file does not name it"), default=False, editable=False)
    format = models.CharField(_("format"), max_length=40, blank=True, editable=False)
    encoding = models.CharField(_("encoding that was said"), max_length=40, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=EditionState.choices, default=EditionState.WAITING, editable=False
    )
    reason = models.CharField(_("why it was not read"), max_length=500, blank=True, editable=False)
    bytes_done = models.PositiveBigIntegerField(default=0, editable=False)
    rows = models.PositiveIntegerField(_("rows read"), default=0, editable=False)
    entries = models.PositiveIntegerField(_("entries"), default=0, editable=False)
    rejected = models.PositiveIntegerField(_("rows left out"), default=0, editable=False)
    values_left_out = models.PositiveIntegerField(_("values left out"), default=0, editable=False)
    compared_with = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    added = models.PositiveIntegerField(_("added"), default=0, editable=False)
    removed = models.PositiveIntegerField(_("no longer on it"), default=0, editable=False)
    changed = models.PositiveIntegerField(_("changed"), default=0, editable=False)
    is_older = models.BooleanField(_("accepted as older than another one"), default=False, editable=False)
    applied_at = models.DateTimeField(_("applied at"), null=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (EveryMember(),)
    objects: ClassVar = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of a list")
        verbose_name_plural = _("editions of lists")
        indexes: ClassVar = [
            models.Index(fields=["created_at", "id"], name="list_editions_by_arrival"),
            models.Index(fields=["list_key", "published_on"], name="list_editions_by_day"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(voided_at__isnull=True) & ~Q(state__in=["failed", "set aside"]),
                name="a_file_is_read_as_a_list_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_list_key_display()}, {self.published_on.isoformat()}"

    def get_absolute_url(self) -> str:
        return record_address("sanctions:edition", self.pk)

    @property
    def is_going_on(self) -> bool:
        return self.state in {EditionState.WAITING, EditionState.RUNNING}

    @property
    def is_to_be_decided(self) -> bool:
        return self.state == EditionState.COMPARED and not self.is_voided


class EntryKind(models.TextChoices):
    VESSEL = "vessel", _("vessel")
    ORGANISATION = "organisation", _("organisation")
    PERSON = "person", _("person")
    AIRCRAFT = "aircraft", _("aircraft")
    OTHER = "other", _("other")


class ListEntry(models.Model):
    """What stands in one edition under one number of the list, as the file has it; `row` is where.

    `names` are further names: `name`, `kind` (name, former name, alias), `is_weak`. Nobody changes an entry: what the
    next edition says is an entry of that edition.
    """

    edition = models.ForeignKey(ListEdition, on_delete=models.PROTECT, related_name="list_entries")
    row = models.PositiveIntegerField(_("row"))
    list_id = models.CharField(_("number on the list"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    name = models.CharField(_("name"), max_length=500)
    names = models.JSONField(_("further names"), default=list)
    # Of all names, one a line: folded, and in Latin letters. What a screening looks at.
    names_key = models.TextField(default="")
    imo_number = models.CharField(_("IMO number"), max_length=7, blank=True)
    company_number = models.CharField(_("IMO company number"), max_length=7, blank=True)
    mmsi = models.CharField("MMSI", max_length=9, blank=True)
    call_sign = models.CharField(_("call sign"), max_length=20, blank=True)
    flag = models.CharField(_("flag or country"), max_length=80, blank=True)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    listed_on = models.CharField(_("listed on"), max_length=10, blank=True)
    measures = models.TextField(_("measures"), blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    raw = models.TextField(_("row as it stands in the file"), blank=True)
    # Of everything but the row's number: whether anything changed since another edition.
    digest = models.CharField(max_length=64)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (EveryMember(),)
    objects: ClassVar = EntryQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        verbose_name = _("entry of a list")
        verbose_name_plural = _("entries of lists")
        indexes: ClassVar = [
            models.Index(fields=["imo_number"], condition=~Q(imo_number=""), name="list_entries_by_imo_number"),
            models.Index(fields=["edition", "row", "id"], name="list_entries_in_order"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "list_id"], name="a_number_stands_once_in_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.name}"


class ChangeKind(models.TextChoices):
    ADDED = "added", _("added")
    REMOVED = "removed", _("no longer on it")
    CHANGED = "changed", _("changed")


class ListChange(models.Model):
    """One difference between an edition and the one it was compared with; `fields` has each value before and after."""

    edition = models.ForeignKey(ListEdition, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("kind"), max_length=8, choices=ChangeKind.choices)
    list_id = models.CharField(_("number on the list"), max_length=80)
    name = models.CharField(_("name"), max_length=500)
    fields = models.JSONField(_("fields"), default=dict)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (EveryMember(),)
    objects: ClassVar = EntryQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        verbose_name = _("difference between editions")
        verbose_name_plural = _("differences between editions")
        indexes: ClassVar = [models.Index(fields=["edition", "kind", "id"], name="list_changes_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.list_id} {self.name}"


class ListProblem(models.Model):
    """A row of a list file that gave no entry, or (`is_kept`) one of whose values was left out."""

    edition = models.ForeignKey(ListEdition, on_delete=models.PROTECT, related_name="problems")
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=80, blank=True)
    value = models.CharField(_("value"), max_length=400, blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    is_kept = models.BooleanField(_("the rest of the row was kept"), default=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (EveryMember(),)
    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a list left out")
        verbose_name_plural = _("rows of lists left out")

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"
