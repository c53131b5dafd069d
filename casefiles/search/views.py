"""One search box over every kind."""

from typing import Any

from casefiles.core.pages import Page
from casefiles.search.actions import catch_up, is_behind
from casefiles.search.documents import INDEXED
from casefiles.search.selectors import find


class SearchPage(Page):
    visibility = "member"
    template_name = "search/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        text = self.request.GET.get("q", "").replace("\x00", "")
        kind = self.request.GET.get("kind", "")
        if text.strip() and is_behind():
            catch_up(batches=2)
        context["found"] = find(text, user=self.user, kind=kind)
        context["search_text"] = text
        context["kind"] = kind if kind in INDEXED else ""
        context["kinds"] = [(entry.kind, entry.model._meta.verbose_name_plural) for entry in INDEXED.values()]
        return context
