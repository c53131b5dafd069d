"""Forms for port calls, voyages, position files and detection."""
