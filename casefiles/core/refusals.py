"""What an action raises when a rule forbids what was asked; pages show the sentence where it happened."""

from typing import Any, ClassVar


class Refused(Exception):
    """A rule forbids this.

    `message` says what happened and what to do; `field` names the form field at fault, if one is. `code` names the kind
    of refusal where it is more than a mistake in what was typed.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
