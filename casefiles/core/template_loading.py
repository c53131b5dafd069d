"""Our templates without the white space that is there for whoever reads them."""

import re
from typing import Any

from django.template.loaders import filesystem

# Before a tag or a value alone: words over several lines stay as they are written, and so as they are translated.
_INDENTATION = re.compile(r"^[ \t]+(?=[<{])", re.MULTILINE)


class Loader(filesystem.Loader):
    """Leaves out indentation once, when a template is read: of a long list it would be a quarter of the page."""

    def get_contents(self, origin: Any) -> str:
        return without_indentation(super().get_contents(origin))


def without_indentation(source: str) -> str:
    """Return a template's source with every line end, and without the spaces before tags at the start of lines."""
    return _INDENTATION.sub("", source)
