"""What stands between every request and its view."""

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from casefiles.core.middleware import UploadRedirectMiddleware


def answer(response: HttpResponse, **headers: str) -> HttpResponse:
    request: HttpRequest = RequestFactory().post("/", headers=headers)
    return UploadRedirectMiddleware(lambda _request: response)(request)


def test_an_uploading_script_is_told_where_to_go_with_the_fragment() -> None:
    response = answer(HttpResponseRedirect("/cases/1/#exhibit-E-13"), **{"X-Requested-With": "upload"})

    assert (response.status_code, response["X-Location"]) == (204, "/cases/1/#exhibit-E-13")
    assert "Location" not in response


@pytest.mark.parametrize("asked_with", ["", "XMLHttpRequest"])
def test_everybody_else_is_redirected(asked_with: str) -> None:
    response = answer(HttpResponseRedirect("/cases/1/"), **{"X-Requested-With": asked_with})

    assert (response.status_code, response["Location"]) == (302, "/cases/1/")


def test_a_form_that_came_back_is_shown_to_the_script() -> None:
    response = answer(HttpResponse("form", status=422), **{"X-Requested-With": "upload"})

    assert (response.status_code, response.content) == (422, b"form")
