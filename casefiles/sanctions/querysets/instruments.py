"""Questions about instruments, their provisions and elements."""

import re
from typing import Self

from django.db.models import Q

from casefiles.access.querysets import VisibleQuerySet
from casefiles.core.folding import fold

# What stands around a number when a provision is named in full, and in none of its columns.
BESIDE_THE_NUMBER = frozenset({"para", "paragraph", "to", "verify"})


class InstrumentQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        return self.filter(Q(name_key__contains=fold(text)) | Q(key__icontains=text)).order_by("key", "pk")


class ProvisionQuerySet(VisibleQuerySet):
    def standing(self) -> Self:
        """Return what counts: neither it nor its instrument was voided."""
        return self.current().filter(instrument__voided_at__isnull=True)

    def named(self) -> Self:
        return self.select_related("instrument")

    def matching(self, text: str) -> Self:
        """Return provisions whose instrument, paragraph, bearer or words contain every word that was typed."""
        rows = self.select_related("instrument")
        words = [word for word in re.findall(r"[^\s:,]+", text) if word.lower() not in BESIDE_THE_NUMBER]
        for word in words[:12]:
            key = fold(word)
            rows = rows.filter(
                Q(title_key__contains=key)
                | Q(instrument__key__icontains=word)
                | Q(instrument__name_key__contains=key)
                | Q(bearer__icontains=word)
                | Q(paragraph=word)
            )
        return rows.order_by("instrument__key", "paragraph", "pk")


class ElementQuerySet(VisibleQuerySet):
    def in_order(self) -> Self:
        return self.order_by("provision_id", "position", "created_at", "pk")
