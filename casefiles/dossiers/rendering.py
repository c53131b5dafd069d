"""From frozen content to a page: the same words for the preview, the file that opens anywhere, and the PDF."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casefiles.core import chart, timeline
from casefiles.core.basemap import coastline_file
from casefiles.core.chart import Leg, Port
from casefiles.core.markdown import render_markdown
from casefiles.core.standalone import fonts_for, style_sheet
from casefiles.core.templatetags.ui import show_moment
from casefiles.core.timeline import Entry, Extent, shortened
from casefiles.dossiers.content import digest

TITLE_LENGTH = 64
# Exhibits have a list of their own: dots are enough to show where they lie.
LABELLED_LANES = ("voyages", "statements", "measures", "claims")


@dataclass(frozen=True)
class Edition:
    """What a rendering says of itself: its version, the mark on every page, and who approved it.

    `is_live` says that it shows the case as it stands, which nobody has frozen.
    """

    version: str
    mark: str = ""
    mark_note: str = ""
    approval: str = ""
    supersedes: str = ""
    is_live: bool = False


def sections(content: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the sections behind the table of contents, by their anchors.

    Lookups, duties and hypotheses are there where the case has any, and the right of reply where there is a party; what
    was frozen before there were such sections names none.
    """
    lookups = (("lookups", _("Looked, found nothing")),) if content.get("lookups") else ()
    replies = (("replies", _("Right of reply")),) if content.get("replies", {}).get("parties") else ()
    duties = (("duties", _("Duties")),) if content.get("duties") else ()
    hypotheses = (("hypotheses", _("Hypotheses")),) if content.get("hypotheses") else ()
    return (
        ("subjects", _("Subjects")),
        ("claims", _("Claims")),
        *lookups,
        ("statements", _("Statements")),
        *replies,
        ("conflicts", _("Where sources disagree")),
        ("designations", _("Designations in force")),
        *duties,
        *hypotheses,
        ("timeline", _("Timeline")),
        ("map", _("Map")),
        ("notes", _("Notes")),
        ("exhibits", _("Exhibits")),
        ("method", _("How this was made")),
    )


def document_context(content: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Return what `dossiers/_document.html` shows."""
    cover = content["cover"]
    frozen_at = datetime.fromisoformat(cover["frozen_at"])
    entries = content["timeline"]["entries"]
    return {
        "content": with_runs(content),
        "content_sha256": digest(content),
        "language": get_language() or "en",
        "title": shortened(cover["title"], TITLE_LENGTH),
        "version": edition.version,
        "mark": edition.mark,
        "mark_note": edition.mark_note,
        "approval": edition.approval,
        "supersedes": edition.supersedes,
        "is_live": edition.is_live,
        "frozen_at": show_moment(frozen_at),
        "key_judgements": [claim for claim in with_runs(content["claims"]) if claim["is_key"]],
        "summary": summary_html(content),
        "sections": sections(content),
        "timeline": drawn_timeline(content, today=frozen_at.date()),
        "dated": [entry for entry in entries if entry["lane"] in LABELLED_LANES],
        "chart": drawn_chart(content),
    }


def with_runs(value: Any) -> Any:
    """Return a copy of content in which numbers of notes that follow each other are one run: "1–8"."""
    if isinstance(value, list):
        return [with_runs(one) for one in value]
    if not isinstance(value, dict):
        return value
    copied = {name: with_runs(one) for name, one in value.items() if name != "note_numbers"}
    if "note_numbers" in value:
        copied["notes"] = _runs(value["note_numbers"])
    return copied


def _runs(numbers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for one in numbers:
        if runs and runs[-1]["last"] + 1 == one["number"] and runs[-1]["stance"] == one["stance"]:
            runs[-1]["last"] = one["number"]
        else:
            runs.append({"first": one["number"], "last": one["number"], "stance": one["stance"]})
    return runs


def summary_html(content: dict[str, Any]) -> SafeString:
    """Return the summary as clean HTML whose references lead to the claim, statement or exhibit in the dossier."""
    addresses = {claim["label"]: f"#claim-{claim['label']}" for claim in content["claims"]}
    addresses |= {said["label"]: f"#statement-{said['label']}" for said in content["statements"]}
    addresses |= {exhibit["label"]: f"#exhibit-{exhibit['label']}" for exhibit in content["exhibits"]}
    return mark_safe(render_markdown(content["summary"], addresses))  # noqa: S308 (cleaned by an allow-list)


def drawn_timeline(content: dict[str, Any], *, today: date) -> timeline.Timeline | None:
    lanes = [(key, label) for key, label in content["timeline"]["lanes"]]
    entries = [_entry(entry) for entry in content["timeline"]["entries"]]
    return timeline.draw(entries, lanes=lanes, today=today, is_compact=True, labelled_lanes=LABELLED_LANES)


def _entry(frozen: dict[str, Any]) -> Entry:
    extent = frozen["extent"]
    names = ("earliest", "latest", "certain_from", "certain_to")
    days = {name: date.fromisoformat(extent[name]) if extent[name] else None for name in names}
    return Entry(
        lane=frozen["lane"],
        label=frozen["label"],
        title=frozen["title"],
        when=frozen["when"],
        extent=Extent(**days, is_ongoing=extent["is_ongoing"]),
        tone=frozen["tone"],
    )


def drawn_chart(content: dict[str, Any]) -> chart.Chart | None:
    ports = [Port(**port) for port in content["map"]["ports"]]
    legs = [Leg(**leg) for leg in content["map"]["legs"]]
    return chart.draw(ports, legs, coastline=coastline_file(), tallest=1.0)


# --- A file that opens anywhere ---------------------------------------------------------------------------------


def standalone_html(content: dict[str, Any], edition: Edition) -> str:
    """Return the dossier as one file without script that asks no network: style sheets and fonts are in it."""
    context = document_context(content, edition)
    context["drawing_style"] = style_sheet("dossier_drawings.css")
    text = render_to_string("dossiers/standalone.html", {**context, "style": ""})
    style = fonts_for(text) + mark_style(edition.mark) + style_sheet("dossier.css")
    return render_to_string("dossiers/standalone.html", {**context, "style": mark_safe(style)})  # noqa: S308 (our own)


def mark_style(mark: str) -> str:
    """Return the rule by which a browser that prints the file sets the mark on every page.

    What sets the PDF reads it too, and then the one in the style sheet after it.
    """
    if not mark:
        return ""
    words = "".join(f"\\{ord(letter):x} " for letter in mark)
    return f'@page {{ @top-right {{ color: #9b2430; content: "{words}"; font: 600 8pt sans-serif; }} }}\n'
