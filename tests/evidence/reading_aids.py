"""Reading files in tests: a reader called as it is, or through the cage."""

import importlib
import io
import json
import tempfile
from dataclasses import dataclass
from typing import Any

from casefiles.evidence import cage
from casefiles.evidence.cage.tasks import TASKS


@dataclass(frozen=True)
class Found:
    """What a reader said."""

    findings: dict[str, Any]
    text: str | None

    @property
    def measured(self) -> dict[str, Any]:
        return self.findings["measured"]

    @property
    def warnings(self) -> list[str]:
        return self.findings["warnings"]

    def claims(self, key: str) -> list[tuple[Any, str]]:
        """Return the values claimed for a term, each with where it stands."""
        return [(claim["value"], claim["where"]) for claim in self.findings["claims"] if claim["key"] == key]

    def parts(self, kind: str) -> list[dict[str, Any]]:
        return [part for part in self.findings["parts"] if part["kind"] == kind]


def read(task: str, content: bytes, **limits: Any) -> Found:
    """Call a reader without the walls around it: for content that is known to be harmless to the test."""
    return _found(list(importlib.import_module(TASKS[task]).frames(io.BytesIO(content), **limits)))


def read_in_cage(task: str, content: bytes, **limits: Any) -> Found:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return _found(cage.collected(task, file.fileno(), cage.Limits(**limits)))


def _found(frames: list[cage.Frame]) -> Found:
    said = {frame.kind: frame.body.decode() for frame in frames}
    return Found(json.loads(said["findings"]), said.get("text"))
