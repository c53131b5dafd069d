"""Who publishes, and how far they are to be trusted."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record, Restricted
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.addresses import record_address
from casefiles.core.fields import FoldedField
from casefiles.evidence.querysets import SourceQuerySet
from casefiles.evidence.vocabulary import Reliability, SourceKind
from casefiles.registry.models import Organisation


class Source(Restricted):
    """Who publishes: an agency, outlet, imagery provider, institute, ministry or witness."""

    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")
    kind = models.CharField(_("kind"), max_length=24, choices=SourceKind.choices, default=SourceKind.OUTLET)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="sources"
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        indexes: ClassVar = [models.Index(fields=["name_key", "id"], name="sources_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return record_address("workspace:source", self.pk)

    @property
    def detail_line(self) -> str:
        return str(self.get_kind_display())


class SourceReliability(Record):
    """One judgement of a source's reliability; the newest by date counts, the others are its history."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="judgements")
    reliability = models.CharField(_("reliability"), max_length=1, choices=Reliability.choices)
    rationale = models.TextField(_("why"))
    judged_on = models.DateField(_("judged on"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("source"),)

    class Meta:
        verbose_name = _("judgement of a source")
        verbose_name_plural = _("judgements of sources")

    def __str__(self) -> str:
        return f"{self.source}: {self.reliability}"
