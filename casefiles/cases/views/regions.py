"""From a picture into a case: citing a region of it, and choosing two exhibits to compare."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from casefiles.access.rules import Act
from casefiles.cases import selectors
from casefiles.cases.models import Case, Exhibit
from casefiles.cases.views.base import CasePage
from casefiles.core.pages import Page
from casefiles.evidence.models import Item
from casefiles.evidence.previews import PICTURES


class CiteItem(Page):
    """Leads from an item (`?item=`, `&locator=`) to the form that cites it; asks which exhibit where it is several."""

    template_name = "cases/cite_item.html"
    visibility = "member"
    section = "evidence"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.item = self._item()
        self.exhibits = self._exhibits() if self.item else []
        if len(self.exhibits) == 1:
            return HttpResponseRedirect(self.exhibits[0]["url"])
        return super().get(request, *args, **kwargs)

    def _item(self) -> Item | None:
        given = self.request.GET.get("item", "")
        if not given:
            return None
        try:
            found = Item.objects.visible_to(self.user).current().filter(pk=uuid.UUID(given)).first()
        except ValueError as error:
            raise Http404 from error
        if found is None:
            raise Http404
        return found  # type: ignore[no-any-return]

    def _exhibits(self) -> list[dict[str, Any]]:
        rows = Exhibit.objects.visible_to(self.user, Act.EDIT).current().filter(item=self.item).select_related("case")
        query = urlencode({"locator": self.request.GET.get("locator", "")[:200]})
        return [
            {
                "exhibit": one,
                "url": f"{reverse('cases:exhibit_cite', args=[one.case_id, one.pk])}?{query}",
            }
            for one in rows.order_by("case__title", "number")
            if one.case.is_writable
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        writable = [case for case in Case.objects.visible_to(self.user, Act.EDIT).order_by("title") if case.is_writable]
        return super().get_context_data(item=self.item, exhibits=self.exhibits, cases=writable, **kwargs)


class CompareExhibits(CasePage):
    """Chooses two of the case's exhibits that have a picture; the choice leads to the page that compares them."""

    template_name = "cases/compare.html"
    tab = "exhibits"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pictures = []
        for line in selectors.exhibits(self.case, self.user):
            file = next((file for file in line.files if file.media_type in PICTURES), None)
            if file is not None and not line.is_removed:
                pictures.append((line, file))
        return super().get_context_data(pictures=pictures, compare_url=reverse("evidence:compare"), **kwargs)
