"""The letter that puts claims to a party: text for a mail, a file for a word processor, its deadline for a calendar.

The words of the letter are data, kept with the request from the moment it was sent: what was put to somebody never
changes afterwards. It names no exhibit, no source and no title of a case; only what is put, and until when.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

# Marks that Markdown would take for its own.
_MARKS = re.compile(r"([\\`*_<>]|\](?=\())")
# What XML cannot hold: a claim may have been pasted from anywhere.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Letter:
    """A letter in its parts; `assertions` are numbered from one in the order given."""

    subject: str
    addressee: str
    opening: tuple[str, ...]
    assertions: tuple[str, ...]
    closing: tuple[str, ...]
    signature: str

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> "Letter":
        """Return the letter that was kept as `as_plain` gave it."""
        parts = {name: tuple(kept[name]) for name in ("opening", "assertions", "closing")}
        return cls(subject=kept["subject"], addressee=kept["addressee"], signature=kept["signature"], **parts)

    def as_plain(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "addressee": self.addressee,
            "opening": list(self.opening),
            "assertions": list(self.assertions),
            "closing": list(self.closing),
            "signature": self.signature,
        }


def write(
    *, reference: str, addressee: str, assertions: Iterable[str], until: str, introduction: str, signature: str
) -> Letter:
    """Return the letter that puts some assertions to somebody; what is still missing stands in square brackets."""
    opening = introduction.strip() or _(
        "We are preparing an account in which you, or what you did, is named. We ask you to comment before it is done."
    )
    answer = _("Please answer by %(until)s. If nothing has come by then, the account will say that you were asked.")
    return Letter(
        subject=_("Request for comment, %(reference)s") % {"reference": reference},
        addressee=_("To: %(name)s") % {"name": addressee},
        opening=(opening, _("These are the assertions on which we ask for your comment:")),
        assertions=tuple(assertions),
        closing=(
            _(
                "Please say of each, by its number, whether it is right, what in it is wrong, and what you would add. "
                "What you send may be quoted word for word."
            ),
            answer % {"until": until or _("[the deadline]")},
        ),
        signature=signature.strip() or _("[Your name, whom you work for, and how to reach you]"),
    )


def as_markdown(letter: Letter) -> str:
    """Return the letter as Markdown that reads well as plain text, too."""
    numbered = [f"{number}. {_one_line(words)}" for number, words in enumerate(letter.assertions, start=1)]
    blocks = [
        f"# {_escaped(letter.subject)}",
        _escaped(letter.addressee),
        *(_escaped(one) for one in letter.opening),
        "\n".join(numbered),
        *(_escaped(one) for one in letter.closing),
        _escaped(letter.signature),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _one_line(text: str) -> str:
    """A line break within an assertion would end its place in the list."""
    return _escaped(" ".join(text.split()))


def as_docx(letter: Letter, *, written_at: datetime) -> bytes:
    """Return the letter as a DOCX; of the machine and the person who made it the file says nothing."""
    # Loaded with the first letter: what writes these files costs every worker nine megabytes.
    from docx import Document
    from docx.shared import Pt

    document = Document()
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(_for_xml(letter.subject), level=1)
    _add(document, [letter.addressee, *letter.opening])
    _add(document, letter.assertions, style="List Number")
    _add(document, [*letter.closing, letter.signature])
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = ""
    about.title = _for_xml(letter.subject)[:255]
    about.created = about.modified = written_at.replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, texts: Sequence[str], *, style: str | None = None) -> None:
    for text in texts:
        if text:
            document.add_paragraph(_for_xml(text), style=style)


def _for_xml(text: str) -> str:
    return _NOT_IN_XML.sub("�", text)


def as_calendar(*, uid: str, summary: str, at: datetime, address: str, written_at: datetime) -> bytes:
    """Return one entry at the deadline. Calendars are kept elsewhere: neither the party nor a claim stands in it."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Casefiles//EN")
    calendar.add("version", "2.0")
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", written_at)
    event.add("dtstart", at)
    event.add("summary", summary)
    event.add("url", address)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
