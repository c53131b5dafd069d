"""A WACZ package: its manifest, what its own digests are worth, its list of pages and its WARC files.

Its digests and its signature are claims of the package. That they are right says that the package agrees with itself.
"""

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from casefiles.evidence.readers import signatures
from casefiles.evidence.readers.captures import MOST_PAGES, ListedPage, listed_pages
from casefiles.evidence.readers.digests import MISSING, NOT_CHECKABLE, VALID, WRONG, StatedDigest
from casefiles.evidence.readers.findings import NotParsed, Plain
from casefiles.evidence.readers.zips import STORED, Entry, StrictZip

MANIFEST, MANIFEST_DIGEST = "datapackage.json", "datapackage-digest.json"
UNLISTED = "not listed"
MEBIBYTE = 1024 * 1024
MOST_RESOURCES = 1_000
_MANIFEST_BYTES = 16 * MEBIBYTE
_LIST_BYTES = 64 * MEBIBYTE
_WARC = re.compile(r"(?:.*/)?archive/[^/]+\.warc(?:\.gz)?")
_PAGE_LISTS = ("pages/pages.jsonl", "pages/extraPages.jsonl")


@dataclass(frozen=True)
class Resource:
    """A part of the package, and whether it is what the manifest says: one of the verdicts above."""

    path: str
    verdict: str
    size_bytes: int = 0

    def plain(self) -> dict[str, Plain]:
        return {"path": self.path, "verdict": self.verdict, "size_bytes": self.size_bytes}


class Package:
    """An open WACZ."""

    def __init__(self, file: BinaryIO) -> None:
        """Open a package.

        Raises:
            NotParsed: it is no ZIP archive that can be read in one way only.
        """
        self._zip = StrictZip(file)
        self.problems: list[str] = list(self._zip.oddities())
        self._manifest_bytes = self._read(MANIFEST, _MANIFEST_BYTES)
        self.manifest = self._json(MANIFEST, self._manifest_bytes)

    def _read(self, name: str, most: int) -> bytes | None:
        if name not in self._zip:
            return None
        try:
            return self._zip.read(name, most)
        except NotParsed as refusal:
            self.problems.append(f"{name} cannot be read: {refusal.reason}.")
            return None

    def _json(self, name: str, content: bytes | None) -> Mapping[str, Any]:
        try:
            known = json.loads(content) if content is not None else {}
        except (ValueError, RecursionError):
            known = None
        if not isinstance(known, dict):
            self.problems.append(f"{name} is no JSON object.")
            return {}
        return known

    @property
    def version(self) -> str:
        version = self.manifest.get("wacz_version")
        return version[:20] if isinstance(version, str) else ""

    # --- What it says of itself ----------------------------------------------------------------------------------

    def said(self, name: str, most: int = 500) -> str:
        """Return a text of the manifest; older packages keep it under "metadata"."""
        metadata = self.manifest.get("metadata")
        value = self.manifest.get(name) or (metadata.get(name) if isinstance(metadata, dict) else None)
        return value[:most] if isinstance(value, str) else ""

    def main_page(self) -> tuple[str, str]:
        """Return address and time of the page that the package opens with, if it names one."""
        home = self.manifest.get("home")
        if isinstance(home, dict) and isinstance(home.get("url"), str):
            return home["url"][:2_000], str(home.get("ts") or "")[:40]
        return self.said("mainPageUrl", 2_000), (self.said("mainPageDate") or self.said("mainPageTS"))[:40]

    def pages(self) -> list[ListedPage]:
        """Return the pages of its lists, main ones first."""
        found: list[ListedPage] = []
        for name in _PAGE_LISTS:
            content = self._read(name, _LIST_BYTES)
            lines = io.BytesIO(content or b"")
            found += [page for page, _room in zip(listed_pages(lines), range(MOST_PAGES - len(found)), strict=False)]
        return found

    # --- Its digests -----------------------------------------------------------------------------------------------

    def resources(self) -> list[Resource]:
        """Check every part against the manifest: those it lists, then those it does not."""
        listed = self.manifest.get("resources")
        stated = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        if len(stated) > MOST_RESOURCES:
            self.problems.append(f"{MANIFEST} lists more than {MOST_RESOURCES:,} parts: the others were not checked.")
        checked = [self._checked(one) for one in stated[:MOST_RESOURCES]]
        known = {resource.path for resource in checked} | {MANIFEST, MANIFEST_DIGEST}
        others = [entry for entry in self._zip.entries if entry.name not in known and not entry.is_folder]
        unlisted = others if len(stated) <= MOST_RESOURCES else []
        return [*checked, *(Resource(entry.name, UNLISTED, entry.size_bytes) for entry in unlisted[:MOST_RESOURCES])]

    def _checked(self, stated: Mapping[str, Any]) -> Resource:
        path = str(stated.get("path") or stated.get("name") or "")[:1_000]
        entry = self._zip.entry(path)
        if entry is None:
            return Resource(path, MISSING)
        digest, size = _stated(stated)
        if size is not None and size != entry.size_bytes:
            return Resource(path, WRONG, entry.size_bytes)
        return Resource(path, self._verdict(entry, digest), entry.size_bytes)

    def _verdict(self, entry: Entry, stated: str) -> str:
        digest = StatedDigest(stated)
        if digest.verdict == NOT_CHECKABLE:
            return NOT_CHECKABLE
        try:
            for chunk in self._zip.chunks(entry):
                digest.update(chunk)
        except NotParsed:
            return WRONG
        return digest.verdict

    def manifest_verdict(self) -> str:
        """Say whether `datapackage-digest.json` has the right digest of the manifest; nothing where it is not there."""
        known = self._digest_file()
        if known is None:
            return ""
        stated = known.get("hash")
        digest = StatedDigest(stated if isinstance(stated, str) else "")
        digest.update(self._manifest_bytes or b"")
        return MISSING if self._manifest_bytes is None else digest.verdict

    def signature(self) -> signatures.Signature:
        """Check the signature over the manifest."""
        known = self._digest_file() or {}
        true_hash = f"sha256:{hashlib.sha256(self._manifest_bytes or b'').hexdigest()}"
        return signatures.checked(known.get("signedData"), true_hash)

    def _digest_file(self) -> Mapping[str, Any] | None:
        content = self._read(MANIFEST_DIGEST, MEBIBYTE)
        return None if content is None else self._json(MANIFEST_DIGEST, content)

    # --- Its archives ----------------------------------------------------------------------------------------------

    def warcs(self) -> list[str]:
        """Return the names of its WARC files."""
        return sorted(entry.name for entry in self._zip.entries if _WARC.fullmatch(entry.name) and entry.is_readable)

    def open_at(self, name: str, offset: int) -> BinaryIO:
        """Open a part at a byte. One that is packed is unpacked up to there.

        Raises:
            NotParsed: there is no such part, or it cannot be read.
        """
        entry = self._zip.entry(name)
        if entry is None:
            raise NotParsed("a part that belongs to this form is missing")
        if entry.method == STORED and not entry.is_encrypted:
            part = self._zip.stored(entry)
            part.seek(offset)
            return part
        packed = io.BufferedReader(_Chunks(self._zip.chunks(entry)))
        while offset > 0 and (left_out := packed.read(min(offset, MEBIBYTE))):
            offset -= len(left_out)
        return packed


class _Chunks(io.RawIOBase):
    """Chunks that come one after another, as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _stated(resource: Mapping[str, Any]) -> tuple[str, int | None]:
    """Return digest and size as a manifest states them: "sha256:…", or in the form of the first packages."""
    stats = resource.get("stats")
    if isinstance(stats, dict):
        digest, size = f"{resource.get('hashing', '')}:{stats.get('hash', '')}", stats.get("bytes")
    else:
        digest, size = str(resource.get("hash", "")), resource.get("bytes")
    return digest[:300], size if isinstance(size, int) and not isinstance(size, bool) else None


def summed(resources: list[Resource]) -> dict[str, Plain]:
    """Return how many parts got each verdict."""
    verdicts = [resource.verdict for resource in resources]
    words = (VALID, WRONG, MISSING, UNLISTED, NOT_CHECKABLE)
    return {word: verdicts.count(word) for word in words if word in verdicts}
