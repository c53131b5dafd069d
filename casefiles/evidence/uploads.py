"""Choosing files on a form: how many and how large, an empty one on purpose, and bytes that are held already.

A form that asks something back keeps what it received as signed tokens, so that nobody has to choose a file again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.core.forms import Form
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.files import EmptyFile, Received, receive
from casefiles.evidence.actions.quota import refuse_over_quota
from casefiles.evidence.arrivals import received_from
from casefiles.evidence.models import File
from casefiles.evidence.selectors import visible_twin

MOST_FILES = 20
# The digest of no bytes at all: stands for an empty file until somebody says that it is meant.
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else [one for one in [files.get(name)] if one]


class UploadField(forms.FileField):
    """Some files, none of them over the limit; `cleaned_data` holds a list."""

    widget = SeveralFilesInput

    def __init__(self, *, most: int = MOST_FILES, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("label", gettext_lazy("Files"))
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = [one for one in (data if isinstance(data, list) else [data]) if one]
        if not uploads and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > self.most:
            text = ngettext("Choose %(count)d file at most.", "Choose %(count)d files at most.", self.most)
            raise ValidationError(text % {"count": self.most}, code="too_many")
        for upload in uploads:
            self._refuse_size(upload)
        return uploads

    def _refuse_size(self, upload: Any) -> None:
        limit = settings.EVIDENCE_MAX_BYTES
        if upload.size > limit:
            text = _("“%(name)s” is larger than the limit of %(limit)s.")
            raise ValidationError(text % {"name": upload.name[:120], "limit": filesizeformat(limit)}, code="too_large")


class UploadForm(Form):
    """A form with files. Call `received_by` once it is valid."""

    file = UploadField(required=False)
    received = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    is_twin_wanted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    is_empty_meant = forms.BooleanField(required=False, widget=forms.HiddenInput)

    own_fields = ("file", "received", "is_twin_wanted", "is_empty_meant")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: list[Received] = []
        self.twins: list[Twin] = []
        self.has_empty_file = False
        # What stands in this input is checked by its signature.
        self.fields["received"].valid_value = lambda value: True  # type: ignore[attr-defined]

    def without_files(self) -> dict[str, Any]:
        """Return `cleaned_data` without the inputs of this class."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.own_fields}


@dataclass(frozen=True)
class Twin:
    """Bytes just received that an item which the person may see holds already."""

    received: Received
    file: File


def received_by(form: UploadForm, *, by: Any) -> list[Received]:
    """Keep the bytes of a valid form's files, also of those that it asked about the last time.

    Raises:
        Refused: a file is empty, or held already by an item that `by` may see, and nobody has said to add it all the
            same. The form then holds what to show (`twins`, `has_empty_file`) and what it received.
    """
    if "file" not in form.fields:
        return []
    # Once each: a page that was only updated still holds the files that it has sent already.
    arrived = list(dict.fromkeys([*_waiting(form, by), *_fresh(form, by)]))
    _remember(form, arrived, by)
    if form.has_empty_file and not form.cleaned_data["is_empty_meant"]:
        raise Refused(_("A file is empty (0 bytes). Choose it again, or confirm that it is meant to be."), field="file")
    kept = [_kept(one) for one in arrived]
    if not form.cleaned_data["is_twin_wanted"]:
        form.twins = list(_twins(kept, by))
    if form.twins:
        raise Refused(_("You hold these bytes already: nothing was added yet."), field="file")
    return kept


def _waiting(form: UploadForm, by: Any) -> list[Received]:
    found = [Received.from_token(token, by=by) for token in form.cleaned_data["received"]]
    return [one for one in found if one is not None]


def _fresh(form: UploadForm, by: Any) -> Iterator[Received]:
    for upload in form.cleaned_data["file"]:
        name, claimed = upload.name or "", upload.content_type or ""
        refuse_over_quota(by, upload.size or 0)
        try:
            yield received_from(upload)
        except EmptyFile:
            form.has_empty_file = True
            yield Received(EMPTY_SHA256, 0, "", name, claimed)


def _remember(form: UploadForm, arrived: list[Received], by: Any) -> None:
    form.waiting = arrived
    form.has_empty_file = form.has_empty_file or any(one.sha256 == EMPTY_SHA256 for one in arrived)
    data = form.data.copy()  # type: ignore[attr-defined]
    data.setlist(form.add_prefix("received"), [one.token(by=by) for one in arrived])
    form.data = data
    form.files = MultiValueDict()


def _kept(one: Received) -> Received:
    if one.sha256 != EMPTY_SHA256:
        return one
    return receive(chunks=(), name=one.name, claimed_media_type=one.claimed_media_type, is_empty_allowed=True)


def _twins(kept: list[Received], by: Any) -> Iterator[Twin]:
    for one in kept:
        file = visible_twin(one.sha256, by)
        if file is not None:
            yield Twin(one, file)
