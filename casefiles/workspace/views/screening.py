"""The page from which a screening is made, of whatever the reader may see."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.pages import AddPage
from casefiles.registry.models import Vessel
from casefiles.sanctions.models import Screening
from casefiles.workspace.forms import ScreeningForm
from casefiles.workspace.screening import MOST_ON_A_PAGE, screen_case, screen_registry, screen_typed, screen_vessel


class ScreeningAdd(AddPage):
    section = "screenings"
    form_class = ScreeningForm
    title = _("Screen")
    submit_label = _("Look")
    list_url_name = "sanctions:screenings"
    list_label = _("Screenings")

    def get_initial(self) -> dict[str, Any]:
        number = self.request.GET.get("imo", "")[:7]
        found = Vessel.objects.visible_to(self.user).current().filter(imo_number=number).first() if number else None
        initial = {**super().get_initial(), "case": self.request.GET.get("case", "")}
        return {**initial, "vessel": found} if found else initial

    def perform(self, form: Any, *, version: int) -> Screening:
        values = form.cleaned_data
        where = {"by": self.user, "list_keys": values["list_keys"], "as_at": values["as_at"]}
        if values["case"]:
            return screen_case(values["case"], **where)
        if values["vessel"]:
            return screen_vessel(values["vessel"], circle=values["circle"], **where)
        if values["is_registry"]:
            return screen_registry(circle=values["circle"], most=MOST_ON_A_PAGE, **where)
        return screen_typed(
            circle=values["circle"], name=values["name"], imo_number=values["imo_number"] or "", **where
        )

    def success_message(self, saved: Any) -> str:
        return gettext("Looked: %(found)d matches.") % {"found": saved.found}

    def undo_for(self, saved: Any) -> None:  # type: ignore[override]
        return None
