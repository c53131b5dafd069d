"""Words of this app's forms that no column stores."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportLineage(models.TextChoices):
    """Where a report comes from, as its form asks."""

    ORIGINAL = "original", _("Original reporting")
    REPEATS = "repeats", _("Repeats another item")
    NOT_KNOWN = "not known", _("Not known yet")
