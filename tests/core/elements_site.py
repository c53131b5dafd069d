"""A site with no more than the custom elements need, so that their tests need neither a database nor an app."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from casefiles.core.forms import Form, MomentField, RecordField

SHIPS = ("ANGARA", "ADLER", "LADY R", "LADY MARIIA")


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare that anybody may open the page: the gate of the project stands before these pages, too."""
    view.visibility = "public"  # type: ignore[attr-defined]
    return view


class Ship:
    """A record that exists for these pages only."""

    def __init__(self, name: str) -> None:
        self.pk, self.detail_line = f"00000000-0000-4000-8000-{sum(name.encode()):012}", "a ship"
        self.name = name

    def __str__(self) -> str:
        return self.name


class Ships:
    """Stands for the queryset that a picker asks."""

    def visible_to(self, user: Any) -> "Ships":
        return self

    def current(self) -> "Ships":
        return self

    def matching(self, text: str) -> list[Ship]:
        return [Ship(name) for name in SHIPS if text.casefold() in name.casefold()]


class SheetForm(Form):
    name = forms.CharField(label="Name")
    ship = RecordField(
        label="Ship", model=SimpleNamespace(objects=Ships()), suggest_url="suggest", create_url="create", required=False
    )
    seen = MomentField(label="Seen", required=False)
    file = forms.FileField(label="File", required=False)


class ShipForm(Form):
    name = forms.CharField(label="Name")


class Filters(forms.Form):
    q = forms.CharField(label="Name", required=False)


@public
def gallery(request: HttpRequest) -> HttpResponse:
    form = SheetForm({}, user=None) if "errors" in request.GET else SheetForm(user=None)
    return render(request, "ui/gallery.html", {"form": form, "section": "vessels"})


@public
def sheet(request: HttpRequest) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None, user=None)
    if form.is_bound and form.is_valid():
        return HttpResponseRedirect(f"/gallery/?size={form.cleaned_data['file'].size}#claims")
    context = {"form": form, "title": "Add a sheet", "section": "evidence", "cancel_url": "/gallery/"}
    return render(request, "pages/form.html", context, status=422 if form.is_bound else 200)


sheet.upload_handler = MemoryFileUploadHandler  # type: ignore[attr-defined]


@public
def suggest(request: HttpRequest) -> HttpResponse:
    found = Ships().matching(request.GET["q"])
    results = [{"id": ship.pk, "text": str(ship), "detail": ship.detail_line} for ship in found]
    return JsonResponse({"results": results})


@public
def create(request: HttpRequest) -> HttpResponse:
    form = ShipForm(request.POST or None, user=None)
    if form.is_bound and form.is_valid():
        ship = Ship(form.cleaned_data["name"])
        return JsonResponse({"id": ship.pk, "text": str(ship)})
    return render(request, "pages/_form_fragment.html", {"form": form, "title": "Add a ship"})


@public
def read_moment(request: HttpRequest) -> HttpResponse:
    field = MomentField()
    form = type("MomentForm", (Form,), {"seen": field})({"seen": request.GET["text"]}, user=None)
    readings = [{"edtf": one.edtf, "text": one.describe()} for one in form["seen"].readings]
    question = "" if form.is_valid() else str(form.errors["seen"][0])
    return JsonResponse({"read_as": form["seen"].read_as, "question": question, "readings": readings})


@public
def ships(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    found = Ships().matching(text)
    context = {
        "section": "vessels",
        "rows": found,
        "filter": SimpleNamespace(form=Filters(request.GET)),
        "is_filtered": bool(text),
        "page": {"total_text": f"{len(found)} records"},
        "sort": "name",
        "sorts": ["name"],
    }
    return render(request, "pages/list.html", context)


urlpatterns = [
    path("gallery/", gallery),
    path("sheet/", sheet),
    path("suggest/", suggest, name="suggest"),
    path("create/", create, name="create"),
    path("moment/", read_moment, name="read_moment"),
    path("ships/", ships),
    path("search/", include(([path("", ships, name="search")], "search"))),
]
