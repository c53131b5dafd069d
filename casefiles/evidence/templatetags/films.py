"""Whether a film has a picture to begin with."""

from django import template
from django.urls import reverse

from casefiles.evidence.models import File
from casefiles.evidence.posters import has_poster

register = template.Library()


@register.simple_tag
def poster_address(file: File) -> str:
    """Return the address of how a film begins, or nothing where none could be drawn."""
    return reverse("evidence:poster", args=[file.pk]) if has_poster(file) else ""
