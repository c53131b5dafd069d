"""Text as it may be stored, for whoever sends it: a form, an import, the admin."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

from casefiles.core.folding import UnsafeText, clean_line, clean_text


def cleaned(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` with the text of the model's columns cleaned: one line, or several with line feeds.

    Raises:
        ValidationError: a text holds what cannot be stored, named by field.
    """
    return {name: _clean(model, name, value) for name, value in values.items()}


def _clean(model: type[models.Model], name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return clean_text(value) if _is_long(model, name) else clean_line(value)
    except UnsafeText as error:
        raise ValidationError({name: str(error.reason)}) from error


def _is_long(model: type[models.Model], name: str) -> bool:
    try:
        return isinstance(model._meta.get_field(name), models.TextField)
    except FieldDoesNotExist:
        return False
