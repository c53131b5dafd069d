"""Pages about port calls, voyages and positions."""
