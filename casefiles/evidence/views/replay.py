"""The page of ours that frames a web archive replayed on its own host."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from casefiles.core.filestore import StoreError
from casefiles.evidence import replaying, web_archives
from casefiles.evidence.actions.files import record_access
from casefiles.evidence.views.files import FilePage

SESSION_KEY = "replayed"
_MOST_REMEMBERED = 200


class ReplayPage(FilePage):
    """Replays an archive, from a page of it on (`?number=3`). The first time in a session is an access in custody."""

    template_name = "evidence/replay.html"
    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.record
        if not replaying.is_on() or file.media_type != replaying.REPLAYED:
            raise Http404
        try:
            archive = web_archives.archive_of(file)
        except web_archives.NotParsed as error:
            raise Http404 from error
        except StoreError as error:
            return self.refused(error)
        self._record_once()
        response = self.render_to_response(self.get_context_data(page=self._page(archive)))
        response._csp_update = {"frame-src": [self._host()]}  # type: ignore[attr-defined]
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = kwargs["page"]
        start = {"url": page.url, "ts": "".join(filter(str.isdigit, page.at))[:14]} if page else {}
        return super().get_context_data(
            file=self.record,
            item=self.record.item,
            list_url=reverse("evidence:items"),
            list_label=_("Evidence"),
            archive_url=reverse("evidence:archive", args=[self.record.pk]),
            frame_url=f"{self._host()}/{self._pass()}/{f'#{urlencode(start)}' if start else ''}",
            minutes=int(replaying.LIFETIME.total_seconds() // 60),
            **kwargs,
        )

    def _page(self, archive: web_archives.Archive) -> Any:
        number = self.request.GET.get("number", "")
        return archive.page(int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else None

    def _host(self) -> str:
        return f"{self.request.scheme}://{settings.REPLAY_HOST}"

    def _pass(self) -> str:
        app = f"{self.request.scheme}://{self.request.get_host()}"
        session = self.request.session.session_key or ""
        return replaying.sealed(replaying.Pass(file=str(self.record.pk), session=session, app=app))

    def _record_once(self) -> None:
        seen = self.request.session.get(SESSION_KEY, [])
        if str(self.record.pk) not in seen:
            record_access(self.record, by=self.user, purpose=_("replayed"))
            self.request.session[SESSION_KEY] = [*seen, str(self.record.pk)][-_MOST_REMEMBERED:]
