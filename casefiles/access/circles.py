"""Who may see a new record, as one value that actions take and pass on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casefiles.access.models import Compartment, Restricted
from casefiles.access.rules import Visibility


@dataclass(frozen=True)
class Circle:
    """Everyone, or the members of some compartments (none: only its creator)."""

    visibility: str = Visibility.RESTRICTED
    compartments: Sequence[Compartment] = ()

    @classmethod
    def of_case(cls, case: Any) -> "Circle":
        return cls(Visibility.RESTRICTED, (case.compartment,))

    @classmethod
    def of(cls, holder: Restricted) -> "Circle":
        """Return the circle of an existing record, to make another one for the same readers."""
        return cls(holder.visibility, tuple(holder.compartments.all()))

    @classmethod
    def everyone(cls) -> "Circle":
        return cls(Visibility.OPEN)

    @property
    def compartment_ids(self) -> list[Any]:
        return [compartment.pk for compartment in self.compartments]
