"""Where a vessel was: the tracks of its radios, its port calls, and what was found in them."""

from typing import Any

from casefiles.core.pages import DetailPage
from casefiles.registry.models import Vessel
from casefiles.registry.selectors import group_of
from casefiles.registry.views.judgements import judged_url
from casefiles.voyages.forms.tracks import WindowForm
from casefiles.voyages.selectors import port_calls_of
from casefiles.voyages.selectors.movements import places_of_calls
from casefiles.voyages.selectors.tracks import radios_of
from casefiles.voyages.views.tracks import MOST_RADIOS, track_context
from casefiles.workspace.views.anchors import OfOneAnchor

CALLS = 200


class VesselMovements(OfOneAnchor, DetailPage):
    template_name = "workspace/movements.html"
    visibility = "record:read"
    section = "vessels"
    record_model = Vessel

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = WindowForm(self.request.GET if {"since", "until"} & set(self.request.GET) else None, user=self.user)
        group = group_of(self.record, self.user)
        known = radios_of(*group.answered, user=self.user)
        radios = [radio.within(*form.bounds()) for radio in known[:MOST_RADIOS]]
        calls = list(port_calls_of(user=self.user, vessels=group.answered)[:CALLS])
        return {
            **super().get_context_data(**kwargs),
            **self.anchor_context(current="vessel_movements"),
            **track_context(self, radios, places_of_calls(calls)),
            "group": group,
            "judged_url": judged_url(self.record),
            "form": form,
            "radios": radios,
            "has_more_radios": len(known) > len(radios),
            "calls": calls,
        }
