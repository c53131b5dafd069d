"""The form with which a region of an image is annotated, by typing or by drawing; one form for both."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.forms import Form
from casefiles.evidence.models import Annotation
from casefiles.evidence.regions import MOST_PIXELS_OF_A_SIDE, NotARegion, Polygon, Rectangle
from casefiles.evidence.vocabulary import AnnotationPurpose, SelectorKind

SIDES = ("x", "y", "width", "height")


def _pixels(label: Any, least: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=MOST_PIXELS_OF_A_SIDE, required=False)


class AnnotationForm(Form):
    """Text, purpose and region: the four numbers of a rectangle, or the corners of a polygon."""

    body = forms.CharField(
        label=gettext_lazy("What is to be seen there"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"), choices=AnnotationPurpose.choices, initial=AnnotationPurpose.COMMENTING
    )
    x = _pixels(gettext_lazy("From the left, px"), 0)
    y = _pixels(gettext_lazy("From the top, px"), 0)
    width = _pixels(gettext_lazy("Width, px"), 1)
    height = _pixels(gettext_lazy("Height, px"), 1)
    points = forms.CharField(
        label=gettext_lazy("Or the corners of a polygon"),
        max_length=8_000,
        required=False,
        widget=forms.TextInput(attrs={"data-wide": True}),
        help_text=gettext_lazy("“x,y” of each corner in pixels, three or more: “10,20 30,20 30,40”."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            sides = [cleaned.pop(name) for name in SIDES]
            cleaned |= self._selected(cleaned.pop("points"), sides)
        return cleaned

    def _selected(self, points: str, sides: list[int | None]) -> dict[str, str]:
        try:
            if points:
                return {"selector_kind": SelectorKind.POLYGON, "selector": str(Polygon.parse(points))}
            if None not in sides:
                region = Rectangle.checked(*(side or 0 for side in sides))
                return {"selector_kind": SelectorKind.RECTANGLE, "selector": str(region)}
        except NotARegion:
            self.add_error("points" if points else "x", _("This is no region of an image."))
            return {}
        self.add_error("x", _("Say where: draw the region, or give all four numbers or the corners of a polygon."))
        return {}


class PassageForm(Form):
    """Changes a note on a passage of a text."""

    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=AnnotationPurpose.choices)


def initial_region(text: str) -> dict[str, int]:
    """Return the four numbers of the region that an address names ("xywh=10,20,300,200"), or nothing."""
    try:
        region = Rectangle.parse(text)
    except NotARegion:
        return {}
    return {name: getattr(region, name) for name in SIDES}


def initial_of(annotation: Annotation) -> dict[str, Any]:
    """Return what the form shows of an annotation at first."""
    shown: dict[str, Any] = {"body": annotation.body, "purpose": annotation.purpose}
    if annotation.selector_kind == SelectorKind.RECTANGLE:
        shown |= initial_region(annotation.selector)
    elif annotation.selector_kind == SelectorKind.POLYGON:
        shown["points"] = annotation.selector
    return shown
