"""From what is read, looked at or played to a record that it is cited for: any but a claim, which has its case."""

import uuid
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from casefiles.core.pages import Page
from casefiles.evidence.forms import suggested_item
from casefiles.workspace.selectors.citable import FILES, PAGES, citable, values_to_cite_for

MOST = {"locator": 200, "quote": 2_000}
# The parameter that names a thing, by its kind.
PARAMETERS = {model._meta.label_lower: model._meta.model_name for model in FILES}


class CiteElsewhere(Page):
    """Finds the record (`?q=`) for which a place in an item (`?item=`, `&locator=`, `&quote=`) is cited.

    `&vessel=`, `&organisation=` or `&person=` name a thing, whose values are then offered.
    """

    template_name = "workspace/cite_elsewhere.html"
    visibility = "member"
    section = "evidence"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = self._given("item", 40)
        item = suggested_item(given, self.user)
        if given and item is None:
            raise Http404
        carried = {name: self._given(name, most) for name, most in MOST.items()}
        words = self._given("q", 200)
        place = {"item": item.pk, **{name: text for name, text in carried.items() if text}} if item else {}
        offered = self._offered(words, place) if place else {}
        return super().get_context_data(item=item, words=words, **carried, **offered, **kwargs)

    def _given(self, name: str, most: int) -> str:
        return self.request.GET.get(name, "").replace("\x00", "")[:most].strip()

    def _offered(self, words: str, place: dict[str, Any]) -> dict[str, Any]:
        anchor = self._anchor()
        if anchor is not None:
            values = values_to_cite_for(anchor, self.user)
            chosen = [(one, _address("particulars:particular_cite", place, one.pk)) for one in values]
            return {"anchor": anchor, "values": chosen, "other_url": f"?{urlencode(place)}"}
        if not words:
            return {}
        found = citable(words, self.user)
        return {
            "choices": [(hit, _address(PAGES[hit.kind], place, hit.record_id)) for hit in found.records],
            "anchors": [
                (hit, f"?{urlencode({**place, PARAMETERS[hit.kind]: hit.record_id})}") for hit in found.anchors
            ],
        }

    def _anchor(self) -> Any:
        """Return the thing that the address names; none where it names none."""
        for model in FILES:
            named = self._given(str(model._meta.model_name), 40)
            if named:
                return self._visible(model, named)
        return None

    def _visible(self, model: Any, named: str) -> Any:
        try:
            anchor = model.objects.visible_to(self.user).current().filter(pk=uuid.UUID(named)).first()
        except ValueError:
            anchor = None
        if anchor is None:
            raise Http404
        return anchor


def _address(page: str, place: dict[str, Any], key: uuid.UUID) -> str:
    return f"{reverse(page, args=[key])}?{urlencode(place)}"
