"""Files are read only where a page says so, and only after the gate has answered."""

import pytest
from django import forms
from django.conf import settings

from casefiles.core.middleware import upload_handler_of
from tests.access.test_urls import ADDRESSES

WITH_FORMS = [
    (route, callback)
    for route, callback in ADDRESSES
    if getattr(getattr(callback, "view_class", None), "form_class", None) is not None
]


@pytest.mark.parametrize(("route", "callback"), WITH_FORMS, ids=[route for route, _callback in WITH_FORMS])
def test_a_page_whose_form_has_files_says_where_they_go(route, callback):
    """Without it, what is sent is dropped as it comes, and the form would hold an empty file."""
    fields = getattr(callback.view_class.form_class, "base_fields", {}).values()
    takes_files = any(isinstance(field, forms.FileField) for field in fields)

    assert takes_files <= (upload_handler_of(callback) is not None)


def test_d20_the_gate_stands_before_whatever_reads_a_form():
    order = [path.rpartition(".")[2] for path in settings.MIDDLEWARE]

    assert order[-3:] == ["GateMiddleware", "UploadMiddleware", "CsrfMiddleware"]
