"""The forms with which many files are brought in at once."""

from collections.abc import Iterator
from itertools import chain, repeat, zip_longest
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from casefiles.access.forms import CircleForm
from casefiles.core.forms import Form
from casefiles.evidence.intake import Sent
from casefiles.evidence.uploads import SeveralFilesInput

MOST_ASKED_ABOUT = 200


class ManyFilesField(forms.FileField):
    """As many files as one form may hold; each is judged on its own, later. `cleaned_data` holds a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class BatchForm(Form):
    """Files and, beside them and in their order, what their sender's device says: `sha256` and `path`."""

    file = ManyFilesField(
        label=gettext_lazy("Files"), error_messages={"required": gettext_lazy("Choose one file or more.")}
    )

    def sent(self) -> Iterator[tuple[Any, Sent]]:
        """Yield each file with what is said about it."""
        uploads: list[Any] = self.cleaned_data["file"]
        digests, paths = (self.data.getlist(name)[: len(uploads)] for name in ("sha256", "path"))  # type: ignore[attr-defined]
        said = zip_longest(digests, paths, fillvalue="")
        for upload, (sha256, path) in zip(uploads, chain(said, repeat(("", ""))), strict=False):
            yield upload, Sent(upload.name or "", upload.content_type or "", path, sha256.lower())


class CircleBatchForm(BatchForm, CircleForm):
    """The same for the evidence, where it must be said who may see them."""

    field_order = ("circle", "file")
