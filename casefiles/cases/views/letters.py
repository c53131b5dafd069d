"""The letter of a request for comment as a file, to be sent by one's own mail, and its deadline for a calendar."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from casefiles.cases import actions, selectors
from casefiles.cases.reply_letters import Letter, as_calendar, as_docx, as_markdown
from casefiles.cases.views.replies import RequestMixin

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LetterFile(RequestMixin):
    """The letter as it was sent, or as it would be; that somebody took it away is recorded."""

    visibility = "record:read"
    asks_password = True
    http_method_names = ("get", "head", "options")  # type: ignore[assignment]
    form: ClassVar[str] = ""
    ending: ClassVar[str] = ""
    media_type: ClassVar[str] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        content = self.content(selectors.letter_of(self.record, self.line))
        actions.record_letter_taken(self.record, by=self.user, form=self.form)
        return self.attachment(content, ending=self.ending, media_type=self.media_type)

    def content(self, letter: Letter) -> bytes:
        raise NotImplementedError

    def attachment(self, content: bytes, *, ending: str, media_type: str) -> HttpResponse:
        """The name of the file tells neither the party nor the case's title."""
        name = f"{self.case.reference}-{self.record.label}.{ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type=media_type, headers=headers)


class AsMarkdown(LetterFile):
    form = "Markdown"
    ending = "md"
    media_type = "text/markdown; charset=utf-8"

    def content(self, letter: Letter) -> bytes:
        return as_markdown(letter).encode()


class AsDocx(LetterFile):
    form = "DOCX"
    ending = "docx"
    media_type = DOCX

    def content(self, letter: Letter) -> bytes:
        return as_docx(letter, written_at=self.record.sent_at or self.record.created_at)


class AsCalendar(LetterFile):
    asks_password = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self.record
        if asked.deadline_at is None:
            raise Http404
        content = as_calendar(
            uid=f"{asked.pk}@casefiles",
            summary=_("Reply due: %(case)s %(label)s") % {"case": self.case.reference, "label": asked.label},
            at=asked.deadline_at,
            address=request.build_absolute_uri(asked.get_absolute_url()),
            written_at=asked.sent_at or asked.created_at,
        )
        return self.attachment(content, ending="ics", media_type="text/calendar; charset=utf-8")
