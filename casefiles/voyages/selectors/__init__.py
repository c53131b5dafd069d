"""Reads of port calls, voyages and positions for pages."""

from casefiles.voyages.selectors.calls import port_calls_of, voyages_of, voyages_through

__all__ = ["port_calls_of", "voyages_of", "voyages_through"]
