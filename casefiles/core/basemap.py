"""Where set-up puts the coastline that small maps are drawn over."""

from pathlib import Path

from django.conf import settings

COASTLINE = "vendor/world/land-50m.json"


def coastline_file() -> Path:
    """Return the file of the coastline; it may be missing."""
    return Path(settings.STATICFILES_DIRS[0]) / COASTLINE
