"""Reads across apps, for pages that show many kinds."""
