"""Every change to port calls and voyages, and what becomes of position files."""

from casefiles.voyages.actions.calls import add_port_call, add_voyage, change_port_call, change_voyage

__all__ = ["add_port_call", "add_voyage", "change_port_call", "change_voyage"]
