"""Pages of items and sources, the one door through which raw bytes leave, and the pictures shown of them."""
