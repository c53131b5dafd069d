"""Files that the other side would send. One module a family; each yields (id of the battery, name, bytes)."""
