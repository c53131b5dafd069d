"""From what is read, looked at or played to a record that it is cited for: any but a claim, which has its case."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from casefiles.access.rules import Act
from casefiles.core.pages import Page
from casefiles.evidence.forms import suggested_item
from casefiles.evidence.models import Item
from casefiles.sanctions.models import Designation
from casefiles.search.actions import catch_up, is_behind
from casefiles.search.selectors import Hit, find
from casefiles.statements.models import Statement
from casefiles.voyages.models import PortCall, Voyage

# Each with its page that cites an item for it.
CITABLE: dict[Any, str] = {
    Statement: "statements:statement_cite",
    Voyage: "voyages:voyage_cite",
    PortCall: "voyages:port_call_cite",
    Designation: "sanctions:designation_cite",
}
MOST = {"locator": 200, "quote": 2_000}


@dataclass(frozen=True)
class Choice:
    """A record that was found, and the form that cites the item for it."""

    hit: Hit
    url: str


class CiteElsewhere(Page):
    """Finds the record (`?q=`) for which a place in an item (`?item=`, `&locator=`, `&quote=`) is cited."""

    template_name = "workspace/cite_elsewhere.html"
    visibility = "member"
    section = "evidence"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = self._given("item", 40)
        item = suggested_item(given, self.user)
        if given and item is None:
            raise Http404
        words = self._given("q", 200)
        carried = {name: self._given(name, most) for name, most in MOST.items()}
        choices = self._choices(item, words, carried) if item and words else []
        return super().get_context_data(item=item, words=words, choices=choices, **carried, **kwargs)

    def _given(self, name: str, most: int) -> str:
        return self.request.GET.get(name, "").replace("\x00", "")[:most].strip()

    def _choices(self, item: Item, words: str, carried: dict[str, str]) -> list[Choice]:
        if is_behind():
            catch_up(batches=2)
        pages = {model._meta.label_lower: (model, page) for model, page in CITABLE.items()}
        hits = find(words, user=self.user, kinds=tuple(pages)).hits
        query = urlencode({"item": item.pk, **{name: text for name, text in carried.items() if text}})
        choices = []
        for kind, (model, page) in pages.items():
            ids = [hit.record_id for hit in hits if hit.kind == kind]
            editable = set(
                model.objects.visible_to(self.user, Act.EDIT).filter(pk__in=ids).values_list("pk", flat=True)
            )
            choices += [
                Choice(hit, f"{reverse(page, args=[hit.record_id])}?{query}")
                for hit in hits
                if hit.kind == kind and hit.record_id in editable
            ]
        return choices
