"""Choosing who may see a new record."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.access.circles import Circle
from casefiles.access.models import Compartment
from casefiles.access.rules import Act, Visibility
from casefiles.core.forms import Form


class CircleField(forms.ChoiceField):
    """The members of one case, or every member; `cleaned_data` holds a Circle.

    Offers only compartments in which the user may edit.
    """

    default_error_messages: ClassVar = {"required": _("Say who may see it.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Who may see it"))
        super().__init__(**kwargs)
        self.compartments: dict[str, Compartment] = {}

    def offer(self, compartments: list[Compartment]) -> None:
        self.compartments = {str(compartment.pk): compartment for compartment in compartments}
        # A form copies its fields: the copy must look among its own compartments.
        self.coerce = self._circle
        offered = [
            (key, _("Members of %(circle)s") % {"circle": compartment.name})
            for key, compartment in self.compartments.items()
        ]
        first = [("", _("Choose …"))] if len(offered) > 1 else []
        self.choices = [*first, *offered, (Visibility.OPEN.value, _("Every member"))]

    def clean(self, value: Any) -> Circle | None:
        chosen = super().clean(value)
        return self._circle(chosen) if chosen else None

    def _circle(self, value: str) -> Circle:
        if value == Visibility.OPEN:
            return Circle.everyone()
        return Circle(compartments=(self.compartments[value],))


class CircleForm(Form):
    """A form for a record with a circle of its own: asked when it is added, left out when it is edited.

    `initial={"circle": <compartment id>}` chooses one; where the user edits in one circle only, it is that one.
    """

    circle = CircleField()

    def __init__(self, *args: Any, is_edit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_edit:
            del self.fields["circle"]
            return
        rows = Compartment.objects.visible_to(self.user, Act.EDIT).current().filter(closed_at=None)
        self.fields["circle"].offer(list(rows.order_by("name", "pk")))  # type: ignore[attr-defined]

    def fields_to_save(self) -> dict[str, Any]:
        """Return `cleaned_data` without the circle: what an edit may change."""
        return {name: value for name, value in self.cleaned_data.items() if name != "circle"}


def circle_to_start_from(case_id: str, user: Any) -> str:
    """Return the id of the circle of the case in `?case=`, for `initial`; nothing where the user may not edit there."""
    try:
        identifier = uuid.UUID(case_id)
    except ValueError:
        return ""
    # A case shares nothing else with this layer: only which circle is its own.
    found = Compartment.objects.visible_to(user, Act.EDIT).current().filter(case__pk=identifier).first()
    return str(found.pk) if found else ""
