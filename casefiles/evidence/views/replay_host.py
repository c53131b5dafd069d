"""The other host, on which archives are replayed. It knows these addresses, sets no cookie and reads none.

/<pass>/               the shell, in a frame of the page that the pass was made for
/<pass>/archive.wacz   the archive, or a part of it, to that shell
/replay/               what the shell frames until its worker answers
/replay/sw.js          our worker
/replay/shell.css      the size of the shell
/replay/ui.js, /replay/wabac.js     ReplayWeb.page, as installed
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound
from django.template.loader import render_to_string

from casefiles.accounts.sessions import user_of_session
from casefiles.core.filestore import NotServed, StoreError
from casefiles.evidence import replaying
from casefiles.evidence.actions.files import record_failed_check
from casefiles.evidence.models import File
from casefiles.evidence.replaying import Pass
from casefiles.evidence.views.files import RAW_HEADERS
from casefiles.evidence.views.parts import part_of

_ADDRESS = re.compile(r"/(?P<given>[\w-]{40,2000})/(?P<rest>archive\.wacz)?", re.ASCII)
_SCRIPT = "text/javascript; charset=utf-8"
_MARKUP = "text/html; charset=utf-8"


class ReplayHostMiddleware:
    """Answers everything that is asked of the replay host by itself: no page of ours is served there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.REPLAY_HOST or request.get_host() != settings.REPLAY_HOST:
            return self.get_response(request)
        response = answer(request) if request.method in {"GET", "HEAD"} and replaying.is_on() else _nothing()
        for header, value in replaying.HEADERS.items():
            response.headers.setdefault(header, value)
        return response


def answer(request: HttpRequest) -> HttpResponseBase:
    """Answer one request on the replay host."""
    if request.path == "/replay/":
        return _with_policy(HttpResponse("<!doctype html>", content_type=_MARKUP), replaying.inner_policy())
    if request.path == "/replay/shell.css":
        return HttpResponse(replaying.SHELL_STYLE, content_type="text/css")
    if request.path == "/replay/sw.js":
        return _with_policy(HttpResponse(replaying.worker_script(), content_type=_SCRIPT), replaying.worker_policy())
    if request.path in replaying.SCRIPTS:
        content = (settings.REPLAY_FOLDER / replaying.SCRIPTS[request.path]).read_bytes()
        return _with_policy(HttpResponse(content, content_type=_SCRIPT), replaying.worker_policy())
    match = _ADDRESS.fullmatch(request.path)
    given = replaying.opened(match["given"]) if match else None
    if match is None or given is None:
        return _nothing()
    return _passed(request, given, match)


def _passed(request: HttpRequest, given: Pass, match: re.Match[str]) -> HttpResponseBase:
    """Answer whoever has a pass, as long as the session that it was made in stands and may see the file."""
    user = user_of_session(given.session)
    found = File.objects.visible_to(user).filter(pk=given.file, media_type=replaying.REPLAYED) if user else None
    file = found.first() if found is not None else None
    if file is None:
        return _nothing()
    if match["rest"]:
        return _part(request, file, user)
    shell = render_to_string("evidence/replay_shell.html", {"file": file, "given": match["given"]})
    return _with_policy(HttpResponse(shell, content_type=_MARKUP), replaying.shell_policy(given.app))


def _part(request: HttpRequest, file: File, user: Any) -> HttpResponseBase:
    headers = {**RAW_HEADERS, "Content-Type": "application/octet-stream"}
    try:
        return part_of(file, request.headers.get("Range", ""), by=user, headers=headers)
    except StoreError as error:
        if isinstance(error, NotServed):
            record_failed_check(file, by=user, verdict=error.verdict)
        return _with_policy(HttpResponse(status=409), "default-src 'none'")


def _with_policy(response: HttpResponse, policy: str) -> HttpResponse:
    response.headers["Content-Security-Policy"] = policy
    return response


def _nothing() -> HttpResponse:
    return _with_policy(HttpResponseNotFound(content_type="text/plain; charset=utf-8"), "default-src 'none'")
