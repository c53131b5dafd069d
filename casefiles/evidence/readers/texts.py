"""Plain text as it came: which encoding it is in, and its words."""

from collections.abc import Iterator
from typing import BinaryIO

from casefiles.evidence.readers.encodings import decoded
from casefiles.evidence.readers.findings import TEXT_LENGTH, Findings, Frame, Plain, text_frame

READ_BYTES = 4 * TEXT_LENGTH


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield the text, and what is known of its encoding. What stands beyond five million characters is left out."""
    found = decoded(file.read(READ_BYTES))
    measured: dict[str, Plain] = {
        "encoding": found.encoding,
        "lines": found.text.count("\n") + 1 if found.text else 0,
        "characters": len(found.text),
    }
    yield Findings("text", measured, warnings=found.warnings).frame()
    yield text_frame(found.text, made_by="Casefiles text reader 2", is_the_file=found.encoding == "utf-8")
