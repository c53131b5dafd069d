"""The history page of any record: who did what to it, field by field."""

import uuid
from collections.abc import Iterable
from typing import Any

from casefiles.access.selectors import shown_history
from casefiles.core.pages import DetailPage


class HistoryPage(DetailPage):
    """Subclasses say `record_model` and `section`, and add tabs and breadcrumbs as their record page does.

    `history_ids` names the records whose events belong here: the record, and what is part of it.
    """

    template_name = "access/history.html"
    visibility = "record:read"

    def history_ids(self) -> Iterable[uuid.UUID]:
        return [self.record.pk]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(events=shown_history(self.history_ids(), user=self.user), **kwargs)
