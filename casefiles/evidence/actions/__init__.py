"""Every change to evidence and to what cites it."""
