"""Files of a form, written into the store's temporary folder and hashed while they arrive: once, and nowhere else.

Until somebody keeps them they are no more than temporary files, which go when the request ends.
"""

import os
from functools import cached_property
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from casefiles.core.filestore import Incoming, StoredFile, StoreError
from casefiles.evidence.actions.files import Received, receive, received_of, refuse_empty
from casefiles.evidence.store import store

# Fewer, larger steps: between two of them the parser searches for the end of the file and copies a little.
CHUNK_BYTES = 256 * 1024


class ArrivedFile(UploadedFile):
    """A file that came with a form. What went wrong on its way shows when it is kept: the others came all the same."""

    def __init__(self, *, name: str, content_type: str = "", charset: str | None = None) -> None:
        self._problem: StoreError | None = None
        self._incoming: Incoming | None = None
        super().__init__(name=name, content_type=content_type, size=0, charset=charset)
        try:
            self._incoming = store().incoming()
        except StoreError as error:
            self._problem = error

    # As it came: nothing here makes a path of it.
    def _get_name(self) -> str:
        return self._name

    def _set_name(self, name: str) -> None:
        self._name = name

    name = property(_get_name, _set_name)

    def take(self, chunk: bytes) -> None:
        """Take the next bytes; after a problem they are only counted."""
        self.size = (self.size or 0) + len(chunk)
        if self._incoming is None or self._problem:
            return
        try:
            self._incoming.write(chunk)
        except StoreError as error:
            self._problem = error
            self._incoming.close()

    @cached_property
    def _reading(self) -> BinaryIO:
        if self._problem or self._incoming is None:
            raise self._problem or ValueError("The file was closed.")
        return os.fdopen(os.dup(self._incoming.fileno()), "rb")

    @property
    def file(self) -> BinaryIO:
        """What came, for whoever reads it as a file: an import, whose bytes are not kept here."""
        return self._reading

    @file.setter
    def file(self, value: Any) -> None:
        """Django's classes set it; there is nothing to set."""

    def keep(self, *, expected_sha256: str = "") -> StoredFile:
        """Keep the bytes under their digest.

        Raises:
            StoreError: what went wrong, now or on the way.
        """
        if self._problem or self._incoming is None:
            raise self._problem or ValueError("The file was closed.")
        return self._incoming.keep(expected_sha256=expected_sha256)

    def close(self) -> None:
        """Let go of it: what was not kept is gone."""
        if "_reading" in self.__dict__:
            self._reading.close()
        if self._incoming is not None:
            self._incoming.close()


class StoreUpload(FileUploadHandler):
    """Gives Django's parser somewhere to put the files of a form: the store."""

    chunk_size = CHUNK_BYTES

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._arrived: list[ArrivedFile] = []
        # The parser closes what stands here where a form breaks off: all of them, also those that were whole.
        self.file = self

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        arriving = ArrivedFile(name=str(self.file_name), content_type=self.content_type or "", charset=self.charset)
        self._arrived.append(arriving)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._arrived[-1].take(raw_data)

    def file_complete(self, file_size: int) -> ArrivedFile:
        return self._arrived[-1]

    def upload_interrupted(self) -> None:
        self.close()

    def close(self) -> None:
        for file in self._arrived:
            file.close()


def received_from(upload: Any, *, is_empty_allowed: bool = False, expected_sha256: str = "") -> Received:
    """Keep a file that came with a form, and say what it is.

    Raises:
        Refused: as `files.receive`; also where its digest is not `expected_sha256`.
    """
    name, claimed = upload.name or "", upload.content_type or ""
    if not isinstance(upload, ArrivedFile):
        return receive(chunks=upload.chunks(), name=name, claimed_media_type=claimed, is_empty_allowed=is_empty_allowed)
    refuse_empty(upload.size, is_empty_allowed=is_empty_allowed)
    return received_of(lambda: upload.keep(expected_sha256=expected_sha256), name=name, claimed_media_type=claimed)
