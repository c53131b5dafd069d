"""Giving out the custody of an item: every export is itself an event of that custody."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casefiles.access.actions import require
from casefiles.access.rules import Act
from casefiles.core.neutral import write_csv
from casefiles.core.pdf import make_pdf
from casefiles.core.standalone import fonts_for, style_sheet
from casefiles.evidence.actions.custody import record_custody
from casefiles.evidence.models import Item
from casefiles.evidence.selectors.custody_log import CustodyLog, custody_log, lines
from casefiles.evidence.vocabulary import CustodyAct


@dataclass(frozen=True)
class Exported:
    """A file to give out."""

    name: str
    content_type: str
    content: bytes


def export_custody(item: Item, *, by: Any, form: str) -> Exported:
    """Return the custody log of an item as "json", "csv" or "pdf", and record that it left, with its SHA-256.

    The log ends before this export. Its own digest stands in the purpose of the event, for comparing it later.

    Raises:
        NotVisible: the person may not read the item.
        KeyError: there is no such form.
        LibraryMissing, NotSet: the PDF could not be set; nothing was recorded.
    """
    require(by, Act.READ, item)
    make, content_type = FORMS[form]
    log = custody_log(item, by)
    content = make(log, by)
    purpose = f"custody log as {form.upper()}, {len(log.entries)} events, digest {log.digest}"
    record_custody(item, act=CustodyAct.EXPORTED, by=by, purpose=purpose, after=sha256(content).hexdigest())
    return Exported(f"custody-{str(item.pk)[:8]}-{log.digest[:12]}.{form}", content_type, content)


def _json(log: CustodyLog, by: Any) -> bytes:
    written = log.as_json(exported_at=timezone.now(), by=str(by))
    return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "surrogatepass") + b"\n"


def _csv(log: CustodyLog, by: Any) -> bytes:
    headers = (
        _("number"), _("when (UTC)"), _("who"), _("act"), _("file"), _("why"), _("SHA-256 before"), _("SHA-256 after"),
        _("hash of the event"), _("link"),
    )  # fmt: skip
    rows = (
        (str(one.number), one.at, one.who, one.act, one.file, one.why, one.before, one.after, one.event_hash, one.link)
        for one in lines(log)
    )
    return write_csv(headers, rows)


def _pdf(log: CustodyLog, by: Any) -> bytes:
    context = {
        "item": log.item,
        "files": log.files,
        "lines": lines(log),
        "digest": log.digest,
        "exported_at": timezone.now(),
        "exported_by": by,
        "language": get_language() or "en",
    }
    text = render_to_string("evidence/custody_document.html", {**context, "style": ""})
    style = mark_safe(fonts_for(text) + style_sheet("custody_document.css"))  # noqa: S308 (files of ours)
    html = render_to_string("evidence/custody_document.html", {**context, "style": style})
    return make_pdf(html, worker=settings.PDF_WORKER, seconds=settings.PDF_SECONDS)


FORMS: dict[str, tuple[Callable[[CustodyLog, Any], bytes], str]] = {
    "json": (_json, "application/json"),
    "csv": (_csv, "text/csv; charset=utf-8"),
    "pdf": (_pdf, "application/pdf"),
}
