"""The words of archived pages. Thousands stand on a page: an include for each would cost more than drawing them."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from casefiles.core.folding import visible_controls
from casefiles.core.templatetags.ui import external_link

register = template.Library()


@register.simple_tag
def archived_words(runs: Iterable[Mapping[str, str]]) -> SafeString:
    """Write words as words; a link goes through the page that names its host (R26)."""
    return format_html_join("", "{}", ((_run(run),) for run in runs))


def _run(run: Mapping[str, str]) -> SafeString | str:
    text = run["text"]
    return external_link(run["address"], text) if run["address"] else visible_controls(text)
