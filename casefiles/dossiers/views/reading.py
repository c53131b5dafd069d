"""Reading a dossier: the live draft of a case and every frozen version, on the screen, as a file, and as a PDF."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from casefiles.cases.views.base import CasePage, PartMixin
from casefiles.core.pdf import INSTALL_COMMAND, LibraryMissing, NotSet, make_pdf
from casefiles.core.templatetags.ui import show_moment
from casefiles.dossiers.actions import record_export
from casefiles.dossiers.content import build
from casefiles.dossiers.models import Release, ReleaseStatus
from casefiles.dossiers.rendering import Edition, document_context, standalone_html
from casefiles.dossiers.selectors import MarkedSince, collect, marked_since


class Reading:
    """What the draft and a version share. Subclasses say what they are made of."""

    record: Any
    case: Any
    user: Any

    @property
    def content(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def edition(self) -> Edition:
        raise NotImplementedError

    @property
    def name(self) -> str:
        """Return the name of the file, without its ending; a case's title never stands in it."""
        raise NotImplementedError

    def addresses(self) -> dict[str, str]:
        raise NotImplementedError


class OfDraft(Reading):
    """The dossier as the case stands now."""

    @cached_property
    def content(self) -> dict[str, Any]:  # type: ignore[override]
        return build(collect(self.case, self.user), frozen_at=timezone.now())

    @property
    def edition(self) -> Edition:
        return Edition(
            version=_("draft"),
            mark=_("Draft, not approved"),
            mark_note=_("Nobody has approved it as a whole; each claim says whether it was reviewed."),
            is_live=True,
        )

    @property
    def name(self) -> str:
        return f"{self.case.reference}-dossier-draft"

    def addresses(self) -> dict[str, str]:
        return _addresses("draft", self.case.pk)


class OfRelease(Reading):
    """A frozen version."""

    @property
    def content(self) -> dict[str, Any]:
        return self.record.content  # type: ignore[no-any-return]

    @property
    def edition(self) -> Edition:
        return edition_of(self.record)

    @property
    def name(self) -> str:
        ending = "-draft" if self.record.status == ReleaseStatus.DRAFT else ""
        return f"{self.case.reference}-dossier-v{self.record.number}{ending}"

    def addresses(self) -> dict[str, str]:
        return _addresses("release", self.case.pk, self.record.pk)


def edition_of(release: Release) -> Edition:
    """Return what a version says of itself now: its status is not part of the frozen content."""
    marks = {
        ReleaseStatus.DRAFT: (_("Draft, not approved"), _("Frozen, and waiting for an editor or lead to approve it.")),
        ReleaseStatus.SUPERSEDED: (_("Superseded"), _("A later version was approved.")),
        ReleaseStatus.WITHDRAWN: (_("Withdrawn"), release.void_reason),
    }
    mark, mark_note = marks.get(ReleaseStatus(release.status), ("", ""))
    return Edition(
        version=_("version %(number)d") % {"number": release.number},
        mark=mark,
        mark_note=mark_note,
        approval=_approval(release) if not mark else "",
        supersedes=_("New version because: %(reason)s") % {"reason": release.supersedes_reason}
        if release.supersedes_reason
        else "",
    )


def _approval(release: Release) -> str:
    return _("Prepared by %(author)s; approved by %(approver)s on %(day)s.") % {
        "author": release.created_by,
        "approver": release.approved_by,
        "day": show_moment(release.approved_at),
    }


def _addresses(name: str, *args: Any) -> dict[str, str]:
    return {
        "download_url": reverse(f"dossiers:{name}_download", args=args),
        "pdf_url": reverse(f"dossiers:{name}_pdf", args=args),
    }


class PreviewPage(Reading, CasePage):
    """On the screen: a page of its own, under the same strict policy as every other."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(
            request,
            "dossiers/preview.html",
            {
                **document_context(self.content, self.edition),
                **self.addresses(),
                "case_url": self.case.get_absolute_url(),
                "releases_url": reverse("dossiers:releases", args=[self.case.pk]),
                "marked_since": self.marked_since(),
            },
        )

    def marked_since(self) -> list[MarkedSince]:
        """Return what was marked after the content was frozen; the live draft says so in its notes."""
        return []


class DownloadPage(Reading, CasePage):
    """As one file that opens without a network."""

    asks_password = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        html = standalone_html(self.content, self.edition)
        record_export(self.record, by=self.user, form="HTML")
        return _attachment(html.encode("utf-8"), f"{self.name}.html", "text/html; charset=utf-8")


class PdfPage(Reading, CasePage):
    """As a PDF; where the machine cannot set one, a page says what to install."""

    asks_password = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            html = standalone_html(self.content, self.edition)
            pdf = make_pdf(html, worker=settings.PDF_WORKER, seconds=settings.PDF_SECONDS)
        except LibraryMissing:
            return self._without_pdf(_("This machine cannot set a PDF yet."), command=INSTALL_COMMAND)
        except NotSet:
            return self._without_pdf(_("Setting the PDF took too much time or memory."), command="")
        record_export(self.record, by=self.user, form="PDF")
        return _attachment(pdf, f"{self.name}.pdf", "application/pdf")

    def _without_pdf(self, what: str, *, command: str) -> HttpResponse:
        context = self.get_context_data(what=what, command=command, **self.addresses())
        return render(self.request, "dossiers/no_pdf.html", context, status=503)  # type: ignore[attr-defined]


def _attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)


class ReleasePart(PartMixin):
    record_model: ClassVar[Any] = Release
    visibility = "record:read"

    @classmethod
    def gate_queryset(cls, rows: Any) -> Any:
        return rows.select_related("case", "case__compartment", "created_by", "approved_by")


class Draft(OfDraft, PreviewPage):
    pass


class DraftDownload(OfDraft, DownloadPage):
    pass


class DraftPdf(OfDraft, PdfPage):
    pass


class ReleasePreview(OfRelease, ReleasePart, PreviewPage):
    def marked_since(self) -> list[MarkedSince]:
        return marked_since(self.record, self.user)


class ReleaseDownload(OfRelease, ReleasePart, DownloadPage):
    pass


class ReleasePdf(OfRelease, ReleasePart, PdfPage):
    pass
