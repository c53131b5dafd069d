"""The index: one entry a record, carrying the record's own circle, so that a hit never tells more than the record."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Compartment
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.access.rules import Visibility
from casefiles.search.querysets import SearchQuerySet


class SearchEntry(models.Model):
    kind = models.CharField(max_length=60, editable=False)
    record_id = models.UUIDField(unique=True, editable=False)
    label = models.CharField(max_length=600, editable=False)
    label_key = models.CharField(max_length=600, editable=False)
    detail = models.CharField(max_length=600, blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    # Folded words, and pairs of neighbours for scripts without spaces; what full text looks at on both databases.
    terms = models.TextField(editable=False)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, editable=False)
    compartments = models.ManyToManyField(Compartment, related_name="+", editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle(),)
    objects: ClassVar[Any] = SearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return self.label


class IndexState(models.Model):
    """One row: the last event that the index has taken in."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    seq = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("state of the index")
        verbose_name_plural = _("state of the index")

    def __str__(self) -> str:
        return str(self.seq)
