"""A table in a text file (CSV and its kin): delimiter, encoding, columns and rows, counted over the whole file."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from casefiles.evidence.readers.encodings import encoding_of
from casefiles.evidence.readers.findings import Findings, Frame, NotParsed, Plain, text_frame
from casefiles.evidence.readers.texts import READ_BYTES
from casefiles.evidence.table_shapes import delimiter_of

_SAMPLE_BYTES = 256 * 1024
_LONGEST_LINE = 1024 * 1024
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what is counted, and the text.

    Raises:
        NotParsed: a line of it is longer than is read.
    """
    sample = file.read(_SAMPLE_BYTES)
    encoding, is_certain = encoding_of(sample)
    delimiter = delimiter_of(sample.decode(encoding, "replace"), is_cut=len(sample) == _SAMPLE_BYTES) or ","
    first, rows, widths = _counted(file, encoding, delimiter)
    measured: dict[str, Plain] = {
        "encoding": encoding,
        "delimiter": _NAMES[delimiter],
        "rows": rows,
        "columns": len(first),
        "first_row": list(first[:100]),
    }
    warnings = []
    if not is_certain:
        warnings.append(f"Its encoding is not marked and it is not UTF-8: read as {encoding}.")
    if len(widths) > 1:
        warnings.append(f"Its rows are not all of the same length: from {min(widths)} to {max(widths)} cells.")
    yield Findings("CSV", measured, warnings=tuple(warnings)).frame()
    file.seek(0)
    text = file.read(READ_BYTES).decode(encoding, "replace")
    yield text_frame(text, made_by="Casefiles table reader 1", is_the_file=encoding == "utf-8")


def _counted(file: BinaryIO, encoding: str, delimiter: str) -> tuple[list[str], int, set[int]]:
    """Return the first row, how many rows there are, and which lengths they have."""
    csv.field_size_limit(_LONGEST_LINE)
    file.seek(0)
    first: list[str] = []
    rows, widths = 0, set()
    try:
        for row in csv.reader(_lines(file, encoding), delimiter=delimiter):
            if not row:
                continue
            first = first if rows else row
            rows += 1
            widths.add(len(row))
    except csv.Error as error:
        raise NotParsed("a cell or line of it is longer than is read, or damaged") from error
    return first, rows, widths


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        while line := text.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE and not line.endswith("\n"):
                raise NotParsed("a line of it is longer than a million characters, more than is read")
            yield line.replace("\x00", "")
    finally:
        text.detach()
