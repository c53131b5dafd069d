"""The tabs of a case that list what it holds: a page at a time, and addresses that lead to one row of it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from casefiles.cases import selectors
from casefiles.cases.querysets import numbered
from casefiles.cases.views.base import CasePage
from casefiles.core.keyset import Order, leading_to
from casefiles.core.pages import ListPage


class PartsPage(CasePage, ListPage):
    """A list of numbered parts; one that the address names (`?near=C-07`) stands on the page.

    `naming` are the parameters that name one, the first given counts; the links to other pages leave them out.
    """

    orders: ClassVar[dict[str, Order]] = {"number": Order("number")}
    naming: ClassVar[tuple[str, ...]] = ("at", "near")
    # The kind of its rows, where what was said of each stands beside it.
    talk_kind: ClassVar[str] = ""

    @property
    def unkept(self) -> frozenset[str]:
        return super().unkept | {*self.naming}

    def named(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the row that the address names, or none."""
        asked = next((self.request.GET[name] for name in self.naming if name in self.request.GET), "")
        number = numbered(asked)
        return rows.none() if number is None else rows.filter(number=number)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.talk_kind:
            keys = [row.id for row in context["rows"]]
            counts = selectors.comment_counts(self.case, self.user, self.talk_kind, keys)
            context["talk"] = selectors.Talk(f"{self.address('discussion')}?about={self.talk_kind}:", counts)
        return context

    def start(self, queryset: QuerySet[Any], order: Order) -> str | None:
        row = self.named(queryset).values(*(name for name, _is_descending in order.columns)).first()
        return leading_to(queryset, row, order=order, size=self.page_size) if row else None


class PartPlace(CasePage):
    """Leads to the row of a numbered part, on whichever page of its list it stands; a removed part has one, too."""

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]
    part_model: ClassVar[Any] = None
    list_name: ClassVar[str] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self.part_model.objects.visible_to(self.user).filter(case=self.case, number=kwargs["number"])
        part = rows.first()
        if part is None:
            raise Http404
        return HttpResponseRedirect(self.row_of(part))

    def row_of(self, part: Any) -> str:
        anchor = f"{self.part_model._meta.model_name.removeprefix('case')}-{part.label}"
        query = f"?{urlencode({'near': part.label})}" if part.number > PartsPage.page_size else ""
        return f"{self.address(self.list_name)}{query}#{anchor}"
