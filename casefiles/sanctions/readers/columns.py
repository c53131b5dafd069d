"""Columns of a table by their headers, whatever their case, spaces and signs."""

import re
from collections.abc import Mapping, Sequence

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def plain(header: str) -> str:
    return _NOT_PLAIN.sub("", header.lower())


class Columns:
    """Finds cells by field. `known` maps a field to the headers, in plain form, that may stand for it."""

    def __init__(self, headers: Sequence[str], known: Mapping[str, Sequence[str]]) -> None:
        at = {plain(header): index for index, header in reversed(list(enumerate(headers)))}
        self.headers = list(headers)
        self._where = {
            field: next(at[name] for name in names if name in at)
            for field, names in known.items()
            if any(name in at for name in names)
        }

    def __contains__(self, field: str) -> bool:
        return field in self._where

    def has(self, *fields: str) -> bool:
        return all(field in self._where for field in fields)

    def header(self, field: str) -> str:
        return self.headers[self._where[field]] if field in self._where else field

    def cell(self, cells: Sequence[str], field: str) -> str:
        index = self._where.get(field)
        return cells[index].strip() if index is not None and index < len(cells) else ""

    def raw(self, cells: Sequence[str]) -> str:
        """Return the row with its headers, empty cells left out."""
        return "; ".join(f"{header}: {cell}" for header, cell in zip(self.headers, cells, strict=False) if cell.strip())
