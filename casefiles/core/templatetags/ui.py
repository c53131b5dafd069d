"""The pieces of the pages, as tags and filters. `templates/ui/` has a template for each of more than one element.

What appears in every row (pill, chip, moment) is built here: an include per cell would cost more than the query.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casefiles.core import drafts, folding
from casefiles.core.markdown import render_markdown
from casefiles.core.outside_links import leave_address, outside_host
from casefiles.core.timeline import shortened as shortened_text

register = template.Library()


# --- The frame of the page --------------------------------------------------------------------------------------


class Section(NamedTuple):
    """An entry of the navigation: its label, and the names of its address, of which the first known one counts."""

    label: Any
    url_names: tuple[str, ...]


SECTIONS = {
    "home": Section(_("Home"), ("workspace:home", "home")),
    "cases": Section(_("Cases"), ("cases:list", "cases:cases")),
    "tasks": Section(_("Tasks"), ("workspace:tasks", "cases:tasks")),
    "notifications": Section(_("Notifications"), ("workspace:notifications",)),
    "watched": Section(_("Watched vessels"), ("workspace:watched",)),
    "vessels": Section(_("Vessels"), ("registry:vessels",)),
    "voyages": Section(_("Voyages"), ("voyages:voyages",)),
    "port_calls": Section(_("Port calls"), ("voyages:port_calls",)),
    "positions": Section(_("Positions"), ("voyages:position_imports",)),
    "detections": Section(_("Detection"), ("voyages:detection_runs",)),
    "lists": Section(_("Lists"), ("sanctions:editions",)),
    "screenings": Section(_("Screenings"), ("sanctions:screenings",)),
    "organisations": Section(_("Organisations"), ("registry:organisations",)),
    "people": Section(_("People"), ("registry:people",)),
    "places": Section(_("Places"), ("registry:places",)),
    "designations": Section(_("Designations"), ("sanctions:designations",)),
    "instruments": Section(_("Instruments"), ("sanctions:instruments",)),
    "evidence": Section(_("Evidence"), ("evidence:items",)),
    "statements": Section(_("Statements"), ("statements:statements",)),
    "sources": Section(_("Sources"), ("evidence:sources",)),
    "imports": Section(_("Imports"), ("interchange:imports",)),
    "exports": Section(_("Exports"), ("interchange:exports",)),
}


@lru_cache(maxsize=256)
def _known_address(url_names: tuple[str, ...], urlconf: str | None) -> str:
    for name in url_names:
        try:
            return reverse(name, urlconf=urlconf)
        except NoReverseMatch:
            continue
    return ""


@register.simple_tag
def address_of(*url_names: str) -> str:
    """Return the address of the first of these names that exists, or nothing."""
    return _known_address(url_names, get_urlconf())


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, section: str) -> SafeString | str:
    """Show one entry of the navigation, or nothing where it has no page."""
    entry = SECTIONS[section]
    address = _known_address(entry.url_names, get_urlconf())
    if not address:
        return ""
    current = mark_safe(' aria-current="page"') if context.get("section") == section else ""  # noqa: S308 (constant)
    return format_html('<li><a href="{}"{}>{}</a></li>', address, current, entry.label)


@register.simple_tag(takes_context=True)
def section_title(context: template.Context) -> str:
    """Return the section's name: all that a page title may say (no case, no source: titles leak)."""
    entry = SECTIONS.get(context.get("section", ""))
    return str(entry.label) if entry else ""


@lru_cache(maxsize=1)
def _module_names() -> tuple[str, ...]:
    folder = Path(settings.STATICFILES_DIRS[0])
    return tuple(sorted(path.relative_to(folder).as_posix() for path in (folder / "js").rglob("*.js")))


@register.simple_tag
def import_map() -> dict[str, dict[str, str]]:
    """Return the import map: `casefiles/…` for every module of ours, so that hashed file names need no rewriting."""
    return {"imports": {name.replace("js/", "casefiles/", 1): static(name) for name in _module_names()}}


@register.filter
def as_json(value: Any) -> SafeString:
    """Return JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308 (what could end the element is escaped)


register.simple_tag(drafts.draft_key)


# --- Small pieces -----------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Show an icon of the sprite; without a label it is decoration."""
    described = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    sprite = static("vendor/icons.svg")
    return format_html('<svg class="icon" {}><use href="{}#{}"></use></svg>', described, sprite, name)


@register.simple_tag
def pill(text: Any, tone: str = "") -> SafeString | str:
    return format_html('<span class="{}">{}</span>', f"pill {tone}".strip(), text) if text else ""


NEWS_PILLS = {"new": _("new"), "changed": _("changed")}


@register.simple_tag
def newness(states: Any, key: Any) -> SafeString | str:
    """Mark the record of this key as new or changed, where `states` (records by key, or nothing) says so."""
    state = states.get(key) if states else None
    return format_html(' <span class="pill sea">{}</span>', NEWS_PILLS[state]) if state in NEWS_PILLS else ""


@register.simple_tag
def dot(tone: str = "", label: str = "") -> SafeString:
    """Show a coloured dot; the label says the same in words."""
    words = format_html('<span class="visually-hidden">{}</span>', label) if label else ""
    return format_html('<span class="{}"></span>{}', f"dot {tone}".strip(), words)


@register.simple_tag
def citation_chip(label: str, url: str = "", title: str = "", tone: str = "") -> SafeString:
    """Show a numbered reference (E-02, S-05); `tone` may be contradicts or voided."""
    described = format_html(' title="{}"', title) if title else ""
    classes = f"citation-chip {tone}".strip()
    if not url:
        return format_html('<span class="{}"{}>{}</span>', classes, described, label)
    return format_html('<a class="{}" href="{}"{}>{}</a>', classes, url, described, label)


@register.simple_tag
def record_link(url: str, name: Any, *, is_restricted: bool = False, is_voided: bool = False) -> SafeString:
    """Show the name that a row is about as the link to its page, with what a reader must know of it."""
    return format_html(
        '<a class="strong row-link{}" href="{}" dir="auto">{}</a>{}{}',
        " struck" if is_voided else "",
        url,
        visible_controls(name),
        format_html(" {}", icon("lock", gettext("Restricted"))) if is_restricted else "",
        format_html(" {}", pill(gettext("voided"), "bad")) if is_voided else "",
    )


STANDINGS = {
    "corroborated": (_("Corroborated"), "ok"),
    "single_origin": (_("Single origin"), ""),
    "disputed": (_("Disputed"), "warn"),
    "lineage_not_recorded": (_("Lineage not recorded"), ""),
    "unsupported": (_("Unsupported"), ""),
    "refuted": (_("Refuted"), "bad"),
    "withdrawn": (_("Withdrawn"), "bad"),
}


@register.simple_tag
def standing(value: Any) -> SafeString | str:
    """Show a claim's standing; the tone never says more than the word."""
    label, tone = STANDINGS.get(_key(value), (value, ""))
    return pill(label, tone)


LIKELIHOODS = {
    "almost_no_chance": (_("almost no chance"), 1, 5),
    "very_unlikely": (_("very unlikely"), 5, 20),
    "unlikely": (_("unlikely"), 20, 45),
    "roughly_even_chance": (_("roughly even chance"), 45, 55),
    "likely": (_("likely"), 55, 80),
    "very_likely": (_("very likely"), 80, 95),
    "almost_certain": (_("almost certain"), 95, 99),
}


@register.inclusion_tag("ui/likelihood.html")
def likelihood(value: Any) -> dict[str, Any]:
    """Show an ICD 203 likelihood as its word and its band of per cent; never beside a confidence."""
    label, low, high = LIKELIHOODS.get(_key(value), (value or _("not assessed"), 0, 0))
    return {"label": label, "low": low, "high": high, "width": high - low}


def _key(value: Any) -> str:
    return str(getattr(value, "value", value) or "").strip().lower().replace(" ", "_").replace("-", "_")


@register.simple_tag
def person(name: Any, show_name: bool = False) -> SafeString:
    """Show somebody as their initials, with the name for those who ask; `show_name` writes it beside."""
    avatar = format_html('<span class="avatar" title="{}" aria-hidden="true">{}</span>', name, initials(name))
    name_class = "" if show_name else "visually-hidden"
    return format_html('<span class="person">{}<span class="{}" dir="auto">{}</span></span>', avatar, name_class, name)


@register.simple_tag
def external_link(url: str, text: Any = "") -> SafeString | str:
    """Link to a page outside by way of the page that names its host; show as text what may not be a link."""
    target = leave_address(url or "")
    if target is None:
        return format_html('<span dir="auto">{}</span>', visible_controls(text or url))
    return format_html(
        '<a class="external" href="{}" rel="noopener noreferrer" title="{}">{}</a>',
        target,
        outside_host(url),
        visible_controls(text or url),
    )


@register.simple_tag(name="hash")
def hash_digest(digest: str) -> SafeString | str:
    """Show the ends of a SHA-256; the whole of it opens below."""
    if not digest:
        return ""
    short = f"{digest[:4]}…{digest[-4:]}" if len(digest) > 12 else digest
    return format_html(
        '<details class="hash"><summary title="{}">{}</summary><code>{}</code></details>', digest, short, digest
    )


@register.simple_tag
def moment(value: Any) -> SafeString | str:
    """Show an uncertain moment or period in short, with the wording it was given in."""
    text = show_moment(value)
    if not text:
        return ""
    wording = getattr(value, "wording", "") or (value.describe() if hasattr(value, "describe") else "")
    title = format_html(' title="{}"', wording) if wording and wording != text else ""
    if isinstance(value, date):
        return format_html('<time class="moment" datetime="{}">{}</time>', value.isoformat(), text)
    return format_html('<span class="moment"{}>{}</span>', title, text)


# --- Blocks -----------------------------------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: SafeString,
    title: Any = "",
    *,
    aside: Any = "",
    link_url: str = "",
    link_text: Any = "",
    flush: bool = False,
    note: Any = "",
    id: str = "",
    css_class: str = "",
) -> SafeString:
    """Put the block into a card. `flush` leaves out the inner margin, for tables; `note` is a line below."""
    context = {
        "content": content,
        "title": title,
        "aside": aside,
        "link_url": link_url,
        "link_text": link_text,
        "flush": flush,
        "note": note,
        "id": id,
        "css_class": css_class,
    }
    return render_to_string("ui/card.html", context)


@register.simple_block_tag
def table_region(content: SafeString, label: Any, *, stacks: bool = False) -> SafeString:
    """Put a table into a labelled region that scrolls by itself; `stacks` turns narrow rows into small cards."""
    return render_to_string("ui/table.html", {"content": content, "label": label, "stacks": stacks})


@register.simple_block_tag
def note(content: SafeString, tone: str = "", *, role: str = "", css_class: str = "") -> SafeString:
    """Put the block into a tinted strip; `role="alert"` or `"status"` where it appears while somebody works."""
    return render_to_string("ui/note.html", {"content": content, "tone": tone, "role": role, "css_class": css_class})


@register.simple_block_tag
def menu(content: SafeString, label: Any, *, icon: str = "", at_end: bool = False) -> SafeString:
    """Put the block (links and buttons in list items) behind a button."""
    return render_to_string("ui/menu.html", {"content": content, "label": label, "icon": icon, "at_end": at_end})


@register.simple_tag(takes_context=True)
def sort_link(context: template.Context, word: str, label: Any, css_class: str = "") -> SafeString:
    """Show a column's head as a link that sorts by it; `-word` is the other direction where the list offers it."""
    sorts, sort = context.get("sorts", ()), context.get("sort", "")
    is_current = sort.lstrip("-") == word
    if word not in sorts:
        return format_html('<th scope="col" class="{}">{}</th>', css_class, label)
    other = f"-{word}" if sort == word and f"-{word}" in sorts else word
    query = context["request"].GET.copy()
    for name in context.get("not_kept", ("after", "before")):
        query.pop(name, None)
    query["sort"] = other
    direction = format_html(' aria-sort="{}"', "descending" if sort.startswith("-") else "ascending")
    arrow = icon("arrow-down" if sort.startswith("-") else "arrow-up")
    return format_html(
        '<th scope="col" class="{}"{}><a href="?{}"{}>{}{}</a></th>',
        css_class,
        direction if is_current else "",
        query.urlencode(),
        mark_safe(" data-sorted") if is_current else "",
        label,
        arrow if is_current else "",
    )


# --- Forms ------------------------------------------------------------------------------------------------------

SEGMENTS_AT_MOST = 5


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Show a bound field with label, help, errors and how it was read."""
    return {"field": bound, "kind": widget_kind(bound)}


@register.filter
def widget_kind(bound: BoundField) -> str:
    """Name the way a field is laid out: hidden, checkbox, segmented, choices, file, picker, moment or plain."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if hasattr(bound.field, "suggest_url"):
        return "picker"
    if hasattr(bound, "read_as"):
        return "moment"
    return _kind_of_widget(widget, bound)


def _kind_of_widget(widget: forms.Widget, bound: BoundField) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.RadioSelect):
        return "segmented" if len(bound.field.choices) <= SEGMENTS_AT_MOST else "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "file" if isinstance(widget, forms.FileInput) else "plain"


@register.filter
def is_wide(bound: BoundField) -> bool:
    """Answer whether a field takes the whole width of the form."""
    widget = bound.field.widget
    if widget_kind(bound) in {"segmented", "choices", "file", "checkbox"} or isinstance(widget, forms.Textarea):
        return True
    return "data-wide" in widget.attrs or bound.name in {"title", "name", "question"}


@register.filter
def focus_id(bound: BoundField) -> str:
    """Return the id of the first control of a field: what its label and the error summary point to."""
    has_parts = bound.use_fieldset or isinstance(bound.field.widget, forms.MultiWidget)
    return f"{bound.auto_id}_0" if has_parts else bound.id_for_label


@register.simple_tag
def select_options(groups: list[tuple[Any, list[dict[str, Any]], int]]) -> SafeString:
    """Show the options of a select, in their groups where they have any."""
    return format_html_join("", "{}", ((_option_group(name, options),) for name, options, _index in groups))


def _option_group(name: Any, options: list[dict[str, Any]]) -> SafeString:
    rows = ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options)
    shown = format_html_join("", '\n<option value="{}"{}>{}</option>', rows)
    return format_html('\n<optgroup label="{}">{}</optgroup>', name, shown) if name else shown


@register.filter
def address(url_or_name: Any) -> str:
    """Return an address as it is, and the address of a URL name; nothing where the name is unknown."""
    text = str(url_or_name or "")
    return text if text.startswith("/") or not text else _known_address((text,), get_urlconf())


class MessageAction(NamedTuple):
    label: str
    token: str


@register.filter
def message_action(message: Any) -> MessageAction | None:
    """Return what takes back the thing a message reports: its extra tags say `undo:<token>` or `void:<token>`."""
    act, colon, token = (message.extra_tags or "").partition(":")
    if not colon or not token:
        return None
    return MessageAction(gettext("Void it") if act == "void" else gettext("Undo"), token)


# --- Filters ----------------------------------------------------------------------------------------------------


@register.filter
def visible_controls(text: Any) -> str:
    """Make control and direction characters visible; the result is escaped like any text."""
    return folding.visible_controls(str(text))


@register.filter
def shortened(text: Any, length: int) -> str:
    """Return text cut to so many characters, the last an ellipsis; for rows, where Django's filter costs too much."""
    return shortened_text(str(text), length)


@register.filter
def markdown(text: Any, citations: dict[str, str] | None = None) -> SafeString:
    """Render what somebody wrote; `citations` gives the addresses of the labels that become chips."""
    return mark_safe(render_markdown(str(text or ""), citations))  # noqa: S308 (cleaned by an allow-list)


@register.simple_tag
def comment_words(line: Any, citations: dict[str, str] | None = None) -> SafeString:
    """Render a comment's body; the user names it holds as `mentioned` stand for people, `citations` is as above."""
    return mark_safe(render_markdown(line.body, citations, line.mentioned))  # noqa: S308 (cleaned by an allow-list)


@register.simple_tag
def talk_link(talk: Any, key: Any, label: Any) -> SafeString:
    """Link to what was said of the record of this key, with how much it is; `talk` has the counts and the address."""
    count, shown = talk.counts.get(key, 0), visible_controls(label)
    words = ngettext("%(count)d comment on %(label)s", "%(count)d comments on %(label)s", count) if count else ""
    said = words % {"count": count, "label": shown} if words else gettext("Comment on %(label)s") % {"label": shown}
    return format_html(
        '<a class="talk-link{}" href="{}{}" title="{}">{}{}</a>',
        "" if count else " none",
        talk.prefix,
        key,
        said,
        icon("chat-left-text"),
        format_html('<span aria-hidden="true">{}</span>', count) if count else "",
    )


@register.filter
def show_moment(value: Any) -> str:
    """Return a moment, period, time or date in short: `2024-02~`, `2024-04-25 07:45 UTC`, `2024-04-25`."""
    if value is None or value == "":
        return ""
    if hasattr(value, "short"):
        return str(value.short())
    if isinstance(value, datetime):
        return _show_time(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _show_time(value: datetime) -> str:
    if value.tzinfo is None:
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


@register.filter
def initials(name: Any) -> str:
    """Return two letters for a name: `LR` for two words or more, `ED` for one, `R1` for `Researcher 1`."""
    words = str(name).split()
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return words[0][:2].upper() if words else "?"


@register.filter
def filesize(size_bytes: int | None) -> str:
    """Return a size in decimal units: `812 bytes`, `1.8 MB`."""
    if size_bytes is None:
        return ""
    if size_bytes < 1000:
        return gettext("%(count)d bytes") % {"count": size_bytes}
    size, unit = float(size_bytes), ""
    for unit in ("kB", "MB", "GB", "TB"):
        size /= 1000
        if size < 999.95 or unit == "TB":
            break
    return f"{size:.1f} {unit}"


@register.simple_tag
def key_values(*pairs: Any) -> SafeString:
    """Show name, value, name, value … as a list of pairs; empty values say so."""
    missing = format_html('<span class="muted">{}</span>', _("not recorded"))
    couples = zip(pairs[::2], pairs[1::2], strict=True)
    rows = ((name, missing if value in (None, "") else value) for name, value in couples)
    body = format_html_join("", '<div><dt>{}</dt><dd dir="auto">{}</dd></div>', rows)
    return format_html('<dl class="key-value">{}</dl>', body)
