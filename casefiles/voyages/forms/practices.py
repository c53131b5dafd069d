"""Which of the seven practices is seen in a movement, of which of its ships."""

from collections.abc import Sequence
from typing import Any

from casefiles.particulars.forms import PracticeForm
from casefiles.registry.models import Vessel
from casefiles.voyages.forms.calls import vessel_field


class PracticeInForm(PracticeForm):
    """A practice in one movement. The ship is said where the movement does not tell it, or tells several."""

    value_fields = ("practice", "vessel")

    vessel = vessel_field()

    def __init__(self, *args: Any, vessels: Sequence[Vessel] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vessel"].label = Vessel._meta.verbose_name.capitalize()  # type: ignore[union-attr]
        if len(vessels) == 1 and not self.is_bound:
            self.initial["vessel"] = vessels[0]
