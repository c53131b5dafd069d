"""Pages about designations, lists and screenings."""
