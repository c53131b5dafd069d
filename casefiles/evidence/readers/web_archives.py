"""What a web archive is and says of itself: a WARC file, plain or gzipped, or a WACZ package of them."""

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from casefiles.evidence.readers import signatures
from casefiles.evidence.readers.captures import Capture, Page, Survey
from casefiles.evidence.readers.digests import MISSING, VALID, WRONG
from casefiles.evidence.readers.findings import (
    MOST_VALUES,
    PAGE_BREAK,
    Claim,
    Findings,
    Frame,
    NotParsed,
    Plain,
    plain_text,
    text_frame,
)
from casefiles.evidence.readers.gzips import MAGIC, OpenAt
from casefiles.evidence.readers.markup import read_page
from casefiles.evidence.readers.wacz import MANIFEST, MANIFEST_DIGEST, Package, Resource, summed

MADE_BY = "Casefiles web archive reader 1"
_PAGES_SHOWN = 200
_RESOURCES_SHOWN = 60


def prepare() -> None:
    """Load what is otherwise loaded when a page is first taken apart."""
    read_page("<p>é</p>".encode("cp1252"), charset="windows-1252", address="")


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what the archive is, the words of its pages, and the index by which pages and pictures are found in it.

    The text has one page of the archive a page, in the order of the page list; a page without words is an empty one.

    Raises:
        NotParsed: it is no web archive, or a package that can be read in two ways.
    """
    archive = _package(file) if is_package(file) else _warc(file)
    pages = archive.survey.pages()
    yield archive.findings(pages).frame()
    words = archive.survey.words
    texts = [words[page.capture].text if page.capture in words else "" for page in pages]
    if any(texts):
        yield text_frame(PAGE_BREAK.join(texts).rstrip(PAGE_BREAK), made_by=MADE_BY)
    yield archive.index(pages)


def is_package(file: BinaryIO) -> bool:
    """Say whether an archive is a package of WARC files rather than one of them."""
    file.seek(0)
    return file.read(2) == b"PK"


class _Archive:
    """A surveyed archive: a WARC file by itself, or what a package holds."""

    def __init__(self, form: str, survey: Survey, package: Package | None = None) -> None:
        self.form, self.survey, self.package = form, survey, package
        self.resources: list[Resource] = package.resources() if package else []
        self.manifest_verdict = package.manifest_verdict() if package else ""
        self.signature = package.signature() if package else signatures.Signature(signatures.UNSIGNED)

    def findings(self, pages: list[Page]) -> Findings:
        main = _main_page(pages, *(self.package.main_page() if self.package else ("", "")))
        return Findings(
            form=self.form,
            measured=self._measured(pages),
            claims=tuple(self._claims(main)),
            parts=tuple(_parts(pages, self.resources, self.survey.captures)),
            warnings=tuple(self._warnings(pages)),
        )

    def _measured(self, pages: list[Page]) -> dict[str, Plain]:
        survey = self.survey
        measured: dict[str, Plain] = {
            "pages": len(pages),
            "records": sum(survey.records.values()),
            "records_by_type": dict(survey.records.most_common(20)),
            "addresses": len({capture.url for capture in survey.captures}),
            "digests_of_records": dict(survey.verdicts),
        }
        if self.package:
            measured["digests_of_parts"] = summed(self.resources)
        return {name: value for name, value in measured.items() if value != {}}

    def _claims(self, main: Page | None) -> Iterator[Claim]:
        package, information = self.package, self.survey.information
        title = (package.said("title") if package else "") or (main.title if main else "")
        software = (package.said("software") if package else "") or information.get("software", "")
        where = MANIFEST if package else "warcinfo"
        at = [capture.at for capture in self.survey.captures if capture.at]
        claims = [
            Claim("title", title, where if package and package.said("title") else "page"),
            Claim("url", main.url if main else "", "page"),
            Claim("captured", main.at if main else min(at, default=""), "page" if main else "WARC-Date"),
            Claim("software", software, where),
            Claim("captured_by", information.get("operator", ""), "warcinfo"),
            Claim("rights_holder", information.get("publisher", ""), "warcinfo"),
            Claim("summary", package.said("description", 4_000) if package else "", where),
            Claim("digest", self.manifest_verdict, MANIFEST_DIGEST),
            Claim("signature", self._signature_in_words(), MANIFEST_DIGEST),
        ]
        yield from (claim for claim in claims if claim.value)

    def _signature_in_words(self) -> str:
        signature = self.signature
        if signature.verdict == signatures.UNSIGNED:
            return ""
        by = f"in the name of {signature.domain}" if signature.kind == "domain" else "with the key that it carries"
        return f"{signature.verdict}; made {by}"

    def _warnings(self, pages: list[Page]) -> Iterator[str]:
        survey, package = self.survey, self.package
        if package:
            yield from _package_warnings(package, self.resources, self.manifest_verdict, self.signature)
            yield from package.problems
        yield from survey.problems
        if survey.verdicts[WRONG]:
            yield f"Digests of its own records that are wrong: {survey.verdicts[WRONG]}."
        missing = sum(not page.capture for page in pages)
        if missing:
            yield f"Pages that it lists and does not hold: {missing}."

    def index(self, pages: list[Page]) -> Frame:
        """Return what the pages of the archive need: it is kept beside, and may be made anew."""
        content = {
            "form": self.form,
            "pages": [page.plain() for page in pages],
            "captures": [_listed(capture) for capture in self.survey.captures],
            "resources": [resource.plain() for resource in self.resources],
            "manifest": self.manifest_verdict,
            "signature": self.signature.plain(),
            "warnings": list(self._warnings(pages)),
        }
        return Frame("index", plain_text(json.dumps(content, ensure_ascii=False)).encode())


def _listed(capture: Capture) -> list[Plain]:
    return [
        capture.number, capture.entry, capture.raw, capture.skip, capture.type, capture.url, capture.at,
        capture.status, capture.media_type, capture.size_bytes,
    ]  # fmt: skip


def surveyed(file: BinaryIO) -> tuple[Survey, Package | None]:
    """Look once at every record of an archive; with the package that its files lie in, where they do.

    Raises:
        NotParsed: it is a package that can be read in two ways.
    """
    package = Package(file) if is_package(file) else None
    survey = Survey(package.pages() if package else ())
    for name in package.warcs() if package else [""]:
        try:
            survey.take(name, opener(file, package, name))
        except NotParsed as refusal:
            survey.problems.append(f"“{name[:80]}” cannot be read: {refusal.reason}.")
    return survey, package


def opener(file: BinaryIO, package: Package | None, name: str) -> OpenAt:
    """Return what opens a WARC file at a byte: a part of a package, or the file itself."""

    def open_at(offset: int) -> BinaryIO:
        if package:
            return package.open_at(name, offset)
        file.seek(offset)
        return file

    return open_at


def _warc(file: BinaryIO) -> _Archive:
    file.seek(0)
    is_gzipped = file.read(2) == MAGIC
    survey, _package = surveyed(file)
    if not survey.records:
        raise NotParsed("it is compressed, and holds no web archive" if is_gzipped else "it holds no record of a WARC")
    version = survey.versions.most_common(1)[0][0]
    return _Archive(f"WARC {version}, gzipped" if is_gzipped else f"WARC {version}", survey)


def _package(file: BinaryIO) -> _Archive:
    survey, package = surveyed(file)
    return _Archive(f"WACZ {package.version if package else ''}".strip(), survey, package)


def _main_page(pages: list[Page], url: str, at: str) -> Page | None:
    named = [page for page in pages if page.url == url]
    return next((page for page in named if page.at == at), next(iter([*named, *pages]), None))


def _parts(pages: list[Page], resources: list[Resource], captures: list[Capture]) -> Iterator[Mapping[str, Plain]]:
    """Yield pages, parts of the package and addresses, in this order, as many as findings hold."""
    room = MOST_VALUES
    for page in pages[:_PAGES_SHOWN]:
        room -= 1
        yield {
            "kind": "page", "number": page.number, "url": page.url, "title": page.title, "captured": page.at,
            "is_held": bool(page.capture),
        }  # fmt: skip
    for resource in sorted(resources, key=lambda one: one.verdict == VALID)[:_RESOURCES_SHOWN]:
        room -= 1
        yield {"kind": "resource", **resource.plain()}
    for capture in captures[:room]:
        yield {
            "kind": "address", "url": capture.url, "captured": capture.at, "status": capture.status,
            "media_type": capture.media_type, "type": capture.type,
        }  # fmt: skip


def _package_warnings(
    package: Package, resources: list[Resource], manifest_verdict: str, signature: signatures.Signature
) -> Iterator[str]:
    counts = summed(resources)
    if not package.manifest:
        yield f"{MANIFEST}, which says what belongs to it, is missing or cannot be read."
    if not package.warcs():
        yield "It holds no WARC file, so there is nothing of it to look at."
    for verdict, words in (
        (WRONG, "are not what its manifest says"),
        (MISSING, "are listed in its manifest and missing"),
        ("not listed", "are not listed in its manifest"),
        ("not checkable", "cannot be checked against its manifest"),
    ):
        if counts.get(verdict):
            yield f"Parts that {words}: {counts[verdict]}."
    if manifest_verdict and manifest_verdict != VALID:
        yield f"The digest of its manifest is {manifest_verdict}."
    if signature.verdict == WRONG:
        yield "Its signature is wrong: it was changed after it was signed, or the signature is of something else."
    if signature.has_extra:
        yield "Its signature holds more than the specification allows."
