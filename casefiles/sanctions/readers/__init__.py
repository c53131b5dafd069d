"""Readers of sanctions lists as authorities publish them. Pure, streaming; they run in the cage."""
