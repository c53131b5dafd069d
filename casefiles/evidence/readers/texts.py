"""Plain text as it came: which encoding it is in, and its words."""

from collections.abc import Iterator
from typing import BinaryIO

from casefiles.evidence.readers.findings import TEXT_LENGTH, Findings, Frame, Plain, text_frame

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield the text, and what is known of its encoding. What stands beyond five million characters is left out."""
    content = file.read(4 * TEXT_LENGTH)
    encoding, is_certain = encoding_of(content)
    text = content.decode(encoding, "replace")
    warnings = () if is_certain else ("Its encoding is not marked and it is not UTF-8: read as Windows-1252.",)
    measured: dict[str, Plain] = {
        "encoding": encoding,
        "lines": text.count("\n") + 1 if text else 0,
        "characters": len(text),
    }
    yield Findings("text", measured, warnings=warnings).frame()
    yield text_frame(text, made_by="Casefiles text reader 1", is_the_file=encoding == "utf-8")


def encoding_of(content: bytes) -> tuple[str, bool]:
    """Return the encoding of a text, and whether the bytes themselves show it."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        # Cut in the middle of the last character, as a long file is, it is UTF-8 all the same.
        is_cut = error.start >= len(content) - 3 and error.reason == "unexpected end of data"
        return ("utf-8", True) if is_cut else ("cp1252", False)
    return "utf-8", True
