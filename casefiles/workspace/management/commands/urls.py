"""Every address of this installation, and who may come in (R3)."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

from casefiles.access.gate import visibility_of

METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Address:
    """`visibility` is None where the view declares nothing: the gate answers 404."""

    pattern: str
    name: str
    methods: list[str]
    visibility: str | None


class Command(BaseCommand):
    help = "Lists every address with its name, methods and declared visibility; exits 1 where one declares nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON, for tests and scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(addresses())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(address) for address in found], indent=1))
        else:
            self._write_table(found)
        if any(address.visibility is None for address in found):
            raise SystemExit(1)

    def _write_table(self, found: list[Address]) -> None:
        rows = [(one.visibility or "UNDECLARED", ",".join(one.methods), f"/{one.pattern}", one.name) for one in found]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[3]]).rstrip())


def addresses() -> Iterator[Address]:
    """Walk the URL map as it is served."""
    yield from _walk(get_resolver().url_patterns, prefix="", namespaces=())


def _walk(patterns: list[Any], *, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for entry in patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry.url_patterns, prefix=path, namespaces=inner)
        elif isinstance(entry, URLPattern):
            name = ":".join([*namespaces, entry.name]) if entry.name else ""
            yield Address(path, name, _methods(entry.callback), visibility_of(entry.callback))


def _methods(callback: Any) -> list[str]:
    """Return the methods a class answers; a function may answer any, which is said as such."""
    view_class = getattr(callback, "view_class", None)
    if view_class is None:
        return ["ANY"]
    # Django answers HEAD wherever it answers GET.
    return [name.upper() for name in METHODS if hasattr(view_class, "get" if name == "head" else name)]
