"""Bring files into a case from the machine itself. Exit codes: 0 all added, 1 some refused, 2 could not run."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db.models import Q

from casefiles.access.actions import NotAllowed, NotVisible, require
from casefiles.access.rules import Act
from casefiles.accounts.models import User
from casefiles.cases.actions import add_collected
from casefiles.cases.models import Case, Exhibit
from casefiles.core.folding import fold
from casefiles.core.moments import Moment, NotUnderstood, parse_moment
from casefiles.core.progress import ProgressLine, size_text
from casefiles.core.refusals import Refused
from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.actions.files import Received, receive
from casefiles.evidence.models import Source
from casefiles.evidence.vocabulary import ItemKind

CHUNK_BYTES = 1024 * 1024
# A pipe must not keep the command waiting for somebody at its other end.
FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
# What a file is taken for where nobody says it; the first that its media type begins with.
KINDS = (
    ("image/", ItemKind.PHOTOGRAPH),
    ("video/", ItemKind.VIDEO),
    ("text/html", ItemKind.WEB_PAGE),
    ("multipart/related", ItemKind.WEB_PAGE),
    ("application/warc", ItemKind.WEB_PAGE),
    ("application/wacz", ItemKind.WEB_PAGE),
)


class CannotBegin(Exception):
    """Nobody, nowhere or nothing to add: said before the first file is touched."""


class Command(ReportCommand):
    help = (
        "Adds each file as an item and exhibit of a case, through the same rules as the page. Files that the case "
        "holds already are passed over, so that a command which was broken off can be given again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", metavar="CASE", help="reference (CF-…) or id")
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument("--by", required=True, metavar="USER", help="whose act it is: their rights decide")
        parser.add_argument(
            "--kind", choices=ItemKind.values, help="what each file is (default: told from its content)"
        )
        parser.add_argument("--title", help="for one file; otherwise each has its name as title")
        parser.add_argument("--source", metavar="NAME", help="name or id of a source")
        parser.add_argument("--collected", metavar="DATE", help="when it was collected, in words or EDTF")
        parser.add_argument("--method", default="", help="how it was collected")
        parser.add_argument("--purpose", default="", help="why, for the chain of custody")
        parser.add_argument("--allow-empty", action="store_true", help="a file of 0 bytes is meant to be empty")
        parser.add_argument("--again", action="store_true", help="also what the case holds already")

    def report(self, **options: Any) -> Report:
        try:
            brought = _Brought.of(options)
        except CannotBegin as error:
            return {"result": "could not run", "reason": str(error)}
        total = sum(_size(path) for path in options["files"])
        self._line, self._done_bytes = ProgressLine(self.stderr, total_bytes=total), 0
        results = [self._add(brought, path) for path in options["files"]]
        self._line.clear()
        counts = {word: sum(one["result"] == word for one in results) for word in ("added", "held already", "refused")}
        return {
            "result": "findings" if counts["refused"] else "clean",
            "case": brought.case.reference,
            **counts,
            "files": results,
        }

    def _add(self, brought: "_Brought", path: Path) -> Report:
        try:
            return {"file": str(path), **brought.add(path, self._chunks(path))}
        except (Refused, ValidationError, NotAllowed, NotVisible, OSError) as error:
            return {"file": str(path), "result": "refused", "reason": _sentence(error)}

    def _chunks(self, path: Path) -> Iterator[bytes]:
        """Yield a regular file's bytes; anything else is refused before it is read."""
        descriptor = os.open(path, FLAGS)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Refused("This is not a regular file.")
            while chunk := file.read(CHUNK_BYTES):
                self._done_bytes += len(chunk)
                self._line.show(self._done_bytes, path.name[:40])
                yield chunk

    def lines(self, report: Report) -> list[str]:
        return [_line(one) for one in report["files"]]


class _Brought:
    """Who brings files into which case, and as what."""

    def __init__(self, case: Case, by: User, options: dict[str, Any]) -> None:
        self.case, self.by, self.options = case, by, options
        self.source = _source(options["source"], by)
        self.collected = _moment(options["collected"])

    @classmethod
    def of(cls, options: dict[str, Any]) -> "_Brought":
        """Find everything that the command names.

        Raises:
            CannotBegin: the account, case or source does not exist for this account, or a value is none.
        """
        if options["title"] and len(options["files"]) > 1:
            raise CannotBegin("--title is for one file: leave it out, and each file has its name as title.")
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CannotBegin("There is no active account of that name.")
        return cls(_case(options["case"], by), by, options)

    def add(self, path: Path, chunks: Iterator[bytes]) -> Report:
        """Keep one file and make it an exhibit, unless the case holds the same bytes already."""
        received = receive(chunks=chunks, name=path.name, is_empty_allowed=self.options["allow_empty"])
        held = None if self.options["again"] else self._held(received)
        exhibit = held or self._exhibit(received, path)
        return {
            "result": "held already" if held else "added",
            "exhibit": exhibit.label,
            "item": str(exhibit.item_id),
            "sha256": received.sha256,
            "size_bytes": received.size_bytes,
            "media_type": received.media_type,
        }

    def _held(self, received: Received) -> Exhibit | None:
        exhibits = Exhibit.objects.visible_to(self.by).current().filter(case=self.case)
        return exhibits.filter(item__files__sha256=received.sha256).order_by("number").first()

    def _exhibit(self, received: Received, path: Path) -> Exhibit:
        return add_collected(
            self.case,
            by=self.by,
            received=received,
            kind=self.options["kind"] or kind_of(received.media_type),
            title=self.options["title"] or path.name,
            source=self.source,
            purpose=self.options["purpose"],
            collected=self.collected,
            collection_method=self.options["method"],
        )


def kind_of(media_type: str) -> str:
    """Return what kind of item a file most likely is, from what was found in it."""
    return next((str(kind) for beginning, kind in KINDS if media_type.startswith(beginning)), str(ItemKind.DOCUMENT))


def _case(named: str, by: User) -> Case:
    rows = Case.objects.visible_to(by)
    case = rows.filter(Q(reference=named.upper()) | _by_id(named)).select_related("compartment").first()
    if case is None:
        raise CannotBegin("There is no such case for this account.")
    try:
        require(by, Act.EDIT, case)
    except NotAllowed as error:
        raise CannotBegin("This account may read the case, but not add to it.") from error
    if not case.is_writable:
        raise CannotBegin("This case is closed: reopen it to change it.")
    return case


def _source(named: str | None, by: User) -> Source | None:
    if not named:
        return None
    found = list(Source.objects.visible_to(by).current().filter(Q(name_key=fold(named)) | _by_id(named))[:2])
    if len(found) != 1:
        raise CannotBegin("There is no such source for this account, or more than one: give its id.")
    return found[0]


def _by_id(named: str) -> Q:
    try:
        return Q(pk=UUID(named))
    except ValueError:
        return Q(pk__isnull=True)


def _moment(wording: str | None) -> Moment | None:
    if not wording:
        return None
    try:
        return parse_moment(wording)
    except NotUnderstood as error:
        raise CannotBegin(f"--collected: {error.reason}") from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _sentence(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error.message)
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "This account may not do that any more."


def _line(one: Report) -> str:
    if one["result"] == "refused":
        return f"refused: {one['file']}: {one['reason']}"
    return f"{one['result']}: {one['exhibit']} {one['file']} ({size_text(one['size_bytes'])}, SHA-256 {one['sha256']})"
