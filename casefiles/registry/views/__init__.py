"""Lists of anchors, and the forms that add, change and void them. Their own pages are in `workspace`."""
