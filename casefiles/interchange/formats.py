"""The formats of import and export, as django-import-export asks for them, over our own reading and writing."""

from typing import Any, ClassVar

import tablib
from import_export.formats.base_formats import Format

from casefiles.core.neutral import write_csv
from casefiles.interchange import reading, writing


class _Table(Format):
    title: ClassVar[str]
    extension: ClassVar[str]
    content_type: ClassVar[str]
    read: ClassVar[Any]
    write: ClassVar[Any]

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return what the file says, every cell as text.

        Raises:
            Unreadable: it is not such a table.
        """
        table = type(self).read(in_stream)
        return tablib.Dataset(*table.rows, headers=list(table.headers))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return type(self).write(dataset.headers or [], list(dataset))

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True


class Csv(_Table):
    title, extension, content_type = "csv", "csv", "text/csv"
    read, write = staticmethod(reading.read_csv), staticmethod(write_csv)


class Xlsx(_Table):
    title, extension = "xlsx", "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    read, write = staticmethod(reading.read_xlsx), staticmethod(writing.write_xlsx)


class Json(_Table):
    title, extension, content_type = "json", "json", "application/json"
    read, write = staticmethod(reading.read_json), staticmethod(writing.write_json)


FORMATS = [Csv, Xlsx, Json]
