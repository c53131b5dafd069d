"""Questions about port calls, voyages and positions."""

from casefiles.voyages.querysets.calls import PortCallQuerySet, VoyageQuerySet, vessel_condition
from casefiles.voyages.querysets.positions import OfVisibleImports, PositionImportQuerySet, PositionQuerySet

__all__ = [
    "OfVisibleImports",
    "PortCallQuerySet",
    "PositionImportQuerySet",
    "PositionQuerySet",
    "VoyageQuerySet",
    "vessel_condition",
]
