"""What people choose where a case begins from a template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.cases.case_templates import BoundState, CaseTemplate, templates
from casefiles.cases.forms.cases import OpenCaseForm
from casefiles.cases.forms.fields import line
from casefiles.core.countries import country_choices
from casefiles.core.forms import Form


class StatesForm(Form):
    """The States that a template's duties would bind; a duty without its State is left out."""

    flag_state = forms.ChoiceField(label=_("Flag State"), required=False, help_text=_("Without one, its duties wait."))
    port_state = forms.ChoiceField(label=_("Port State"), required=False, help_text=_("Without one, its duties wait."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("flag_state", "port_state"):
            self.fields[name].choices = [("", "—"), *country_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put the States together, by what they are bound as."""
        cleaned = super().clean() or self.cleaned_data
        states = {BoundState.FLAG: cleaned.pop("flag_state", ""), BoundState.PORT: cleaned.pop("port_state", "")}
        return {**cleaned, "states": states}

    def clean_template(self) -> CaseTemplate | None:
        return templates().get(self.cleaned_data["template"])


class UseTemplateForm(StatesForm):
    template = forms.ChoiceField(label=_("Template"), widget=forms.RadioSelect)

    field_order = ("template", "flag_state", "port_state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = _names()  # type: ignore[attr-defined]


class OpenCaseFromForm(StatesForm, OpenCaseForm):
    template = forms.ChoiceField(label=_("Begin with"), required=False, widget=forms.RadioSelect, initial="")

    field_order = ("title", "question", "handling", "opened_on", "template", "flag_state", "port_state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [("", _("an empty case")), *_names()]  # type: ignore[attr-defined]


class PlannedClaimForm(Form):
    asks = forms.CharField(
        label=_("What the claim is to say"),
        max_length=300,
        widget=line(autofocus=True),
        help_text=_("A question. It is no claim, and counts as none."),
    )


def _names() -> list[tuple[str, str]]:
    return [(template.key, template.name) for template in templates().values()]
