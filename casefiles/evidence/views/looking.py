"""Looking at an image closely: its tiles, and the page with the viewer and what is noted on its regions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from casefiles.core.pages import DetailPage
from casefiles.evidence import previews, selectors, tiles, tiling
from casefiles.evidence.annotating import AnnotationForm, initial_region
from casefiles.evidence.models import File
from casefiles.evidence.readers.pyramids import TILE
from casefiles.evidence.regions import NotARegion, Rectangle
from casefiles.evidence.scales import Corners, Scale, corners_of, scale_of
from casefiles.evidence.selectors.annotations import annotations_of, as_collection, reading_of
from casefiles.evidence.selectors.sheets import sheet_of
from casefiles.evidence.views.files import RAW_HEADERS, FilePage
from casefiles.evidence.views.items import ItemMixin


class TileState(FilePage):
    """Says how far the tiles of an image are, and has them made where they are not; the viewer asks until they are."""

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(state_of(self.record))


def state_of(file: File) -> dict[str, Any]:
    """Return the state of a file's tiles, as the viewer reads it."""
    if not previews.is_picture(file):
        return {"state": "refused", "reason": _("it is no picture of a known form")}
    verdict, known = tiles.was_checked(file), tiles.kept(file.sha256)
    if verdict:
        return {"state": "damaged"}
    if verdict is None or known is None or not known.is_done:
        tiling.want(file)
    if verdict is None or known is None or not (known.shown or known.reason):
        return {"state": "preparing"}
    if known.reason:
        return {"state": "refused", "reason": known.reason}
    return {
        "state": "ready",
        "width": known.pyramid.width,
        "height": known.pyramid.height,
        "tile": TILE,
        "levels": known.pyramid.levels,
        "shown": known.shown,
        "notes": _notes(known),
    }


def _notes(known: tiles.Kept) -> list[str]:
    notes = [_("Tiles are drawn anew and slightly compressed, without metadata. The file itself is untouched.")]
    if known.is_stretched:
        notes.append(_("Its values were stretched between the lowest and the highest half per cent to be seen."))
    if known.bands > 4 or (known.is_stretched and known.bands > 3):
        notes.append(
            _("It has %(count)d bands; the first three are shown as red, green and blue.") % {"count": known.bands}
        )
    if known.is_as_stored:
        notes.append(_("It asks to be turned, but is too large for that: it is shown as it is stored."))
    return notes


class TileDoor(FilePage):
    """Gives out one tile (`?z=level&x=column&y=row`) of an image whose original was hashed for this sitting."""

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if tiles.was_checked(self.record) != "":
            raise Http404
        content = tiles.tile(self.record.sha256, *(_whole(request.GET.get(name, "0")) for name in ("z", "x", "y")))
        if content is None:
            raise Http404
        response = HttpResponse(content, content_type="image/webp")
        for header, value in RAW_HEADERS.items():
            response.headers[header] = value
        return response


def _whole(text: str) -> int:
    # Longer ones are places of no image, and int() takes its time with them.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@dataclass(frozen=True)
class Looked:
    """An image as the viewer takes it: addresses, what a pixel is on the ground, and where its corners are."""

    file: File
    scale: Scale | None
    corners: Corners | None

    @property
    def state_url(self) -> str:
        return reverse("evidence:tile_state", args=[self.file.pk])

    @property
    def tile_url(self) -> str:
        return reverse("evidence:tile", args=[self.file.pk])

    @property
    def preview_url(self) -> str:
        return reverse("evidence:preview", args=[self.file.pk])

    @property
    def scale_text(self) -> str:
        """Return the scale as the viewer reads it: metres across, metres along, who says so."""
        return f"{self.scale.across_m} {self.scale.along_m} {self.scale.basis}" if self.scale else ""

    @property
    def corners_text(self) -> str:
        """Return the corners as the viewer reads them: "lon,lat lon,lat …"."""
        return " ".join(f"{x},{y}" for x, y in self.corners.points) if self.corners else ""


def looked(file: File, user: Any) -> Looked:
    """Return what the viewer needs of a file; two queries. The sheet of an item is about its image as a whole."""
    reading = reading_of(file)
    measured, claims = (reading.measured, reading.claims) if reading else ({}, [])
    sheet = sheet_of(file.item, user)
    gsd_m = float(sheet.gsd_m) if sheet and sheet.gsd_m else None
    return Looked(file, scale_of(measured, claims, recorded_gsd_m=gsd_m), corners_of(measured))


class LookPage(ItemMixin, DetailPage):
    """An image of an item in the viewer. `?file=` chooses it; `?xywh=` shows and marks a region of it."""

    template_name = "evidence/look.html"
    visibility = "record:read"
    tab = "look"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = [one.file for one in selectors.held_files(self.record, self.user) if previews.is_picture(one.file)]
        file = self._wanted(files)
        region = region_asked_for(self.request.GET.get("xywh", ""))
        may_edit = self.may("edit") and not self.record.is_voided
        initial = initial_region(str(region)) if region else {}
        return super().get_context_data(
            files=files,
            looked=looked(file, self.user) if file else None,
            region=region,
            annotations=annotations_of(file, self.user) if file else [],
            form=AnnotationForm(initial=initial, user=self.user) if file and may_edit else None,
            cite_query=urlencode({"item": self.record.pk}),
            # Only where it could be another one: the beginning of the digest says which picture a region is of.
            cited_of=f" of {file.sha256[:12]}" if file and len(files) > 1 else "",
            may_edit=may_edit,
            **kwargs,
        )

    def _wanted(self, files: list[File]) -> File | None:
        """Return the picture that the address names by id or digest, else the first; none that is not there."""
        key, digest = self.request.GET.get("file", ""), self.request.GET.get("sha256", "")
        if key or digest:
            found = (one for one in files if str(one.pk) == key or (digest and one.sha256.startswith(digest)))
            wanted = next(found, None)
            if wanted is None:
                raise Http404
            return wanted
        return files[0] if files else None


def region_asked_for(text: str) -> Rectangle | None:
    """Return the region that an address names, or None where it names none."""
    try:
        return Rectangle.parse(text[:200])
    except NotARegion:
        return None


class AnnotationsDownload(FilePage):
    """All annotations of an item as W3C Web Annotations in JSON-LD."""

    http_method_names = ("get", "head", "options")  # type: ignore[assignment]
    record_model = ItemMixin.record_model

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        content = as_collection(self.record, self.user, absolute=request.build_absolute_uri)
        response = JsonResponse(content, json_dumps_params={"indent": 1}, content_type="application/ld+json")
        response.headers["Content-Disposition"] = 'attachment; filename="annotations.jsonld"'
        return response
