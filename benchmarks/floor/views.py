"""The same visible work as the pages of Casefiles, as plainly as Django does it."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from benchmarks.floor.models import Entry, Item, PortCall, Vessel

PAGE, RELATED, COUNT_CAP = 50, 20, 1_000
FULL_TEXT = {
    "sqlite": "id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)",
    "postgresql": "to_tsvector('simple', terms) @@ to_tsquery('simple', %s)",
}


@login_required
def vessels(request: HttpRequest) -> HttpResponse:
    return _keyset_page(request, Vessel.objects.all(), "display_name_key", "floor/vessels.html")


@login_required
def items(request: HttpRequest) -> HttpResponse:
    rows = Item.objects.select_related("source")
    if text := request.GET.get("q"):
        rows = rows.filter(title_key__contains=text)
    return _keyset_page(request, rows, "title_key", "floor/items.html")


def _keyset_page(request: HttpRequest, rows: QuerySet, column: str, template: str) -> HttpResponse:
    total = rows[: COUNT_CAP + 1].count()
    if "after" in request.GET:
        value, identifier = request.GET["after"].rsplit("~", 1)
        rows = rows.filter(Q(**{f"{column}__gte": value}) & ~Q(**{column: value, "pk__lte": identifier}))
    shown = list(rows.order_by(column, "pk")[: PAGE + 1])
    last = shown[PAGE - 1] if len(shown) > PAGE else None
    after = f"{getattr(last, column)}~{last.pk}" if last else ""
    return render(request, template, {"rows": shown[:PAGE], "total": total, "after": after})


@login_required
def vessel(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(Vessel, pk=pk)
    calls = PortCall.objects.filter(candidate__vessel=found).select_related("place").order_by("-when_key")
    return render(request, "floor/vessel.html", {"vessel": found, "calls": calls[:RELATED]})


@login_required
def search(request: HttpRequest) -> HttpResponse:
    word = request.GET["q"]
    term = f'"{word}"*' if connection.vendor == "sqlite" else f"'{word}':*"
    found = Entry.objects.extra(where=[FULL_TEXT[connection.vendor]], params=[term])
    total = found[: COUNT_CAP + 1].count()
    rows = found.order_by("-pk").values("label", "detail")[:PAGE]
    return render(request, "floor/search.html", {"rows": rows, "total": total})
