"""A ZIP archive of no closer kind: what it lists. Nothing in it is unpacked."""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from casefiles.evidence.readers.findings import Findings, Frame, Plain
from casefiles.evidence.readers.zips import StrictZip

_SHOWN_ENDINGS = 12


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield the list of what it holds.

    Raises:
        NotParsed: it is torn, ambiguous, or claims to hold more than is read.
    """
    package = StrictZip(file)
    files = [entry for entry in package.entries if not entry.is_folder]
    endings = Counter(entry.name.rpartition(".")[2].lower()[:12] for entry in files if "." in entry.name)
    measured: dict[str, Plain] = {
        "files": len(files),
        "size_bytes": sum(entry.size_bytes for entry in files),
        "endings": dict(endings.most_common(_SHOWN_ENDINGS)),
    }
    parts: list[dict[str, Plain]] = [
        {"kind": "part", "name": entry.name, "size_bytes": entry.size_bytes, "is_encrypted": entry.is_encrypted}
        for entry in files
    ]
    warnings = list(package.oddities())
    if any(entry.size_bytes > 2**20 and entry.size_bytes > 100 * entry.packed_bytes for entry in files):
        warnings.append("Something in it unpacks to over a hundred times its size.")
    yield Findings("ZIP", measured, parts=tuple(parts), warnings=tuple(warnings)).frame()
