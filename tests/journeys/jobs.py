"""What the commonest jobs cost somebody with a mouse: presses of a button, fields filled in, pages loaded, seconds."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

REPORT = Path(__file__).resolve().parents[2] / "test-reports" / "jobs.json"


@dataclass
class Job:
    """One job. `seconds` are the machine's alone: nobody reads, thinks or types here."""

    name: str
    clicks: int = 0
    fields: int = 0
    pages: int = 0
    seconds: float = 0.0

    def click(self, target: Any) -> None:
        target.click()
        self.clicks += 1

    def fill(self, target: Any, words: str) -> None:
        """Type into a field; whoever has to click into it first calls `click`, too."""
        target.fill(words)
        self.fields += 1

    def choose(self, target: Any, value: str) -> None:
        """Choose in a list, which opens at one click and closes at another."""
        target.select_option(value)
        self.clicks += 2


class Jobs:
    """All that was measured; a page that is left and loaded counts wherever a link or form leads."""

    def __init__(self) -> None:
        self.done: list[Job] = []

    @contextmanager
    def __call__(self, page: Any, name: str) -> Iterator[Job]:
        job = Job(name)
        started = time.monotonic()

        def count(response: Any) -> None:
            request = response.request
            is_page = request.is_navigation_request() and request.resource_type == "document"
            job.pages += is_page and not 300 <= response.status < 400

        page.on("response", count)
        yield job
        page.remove_listener("response", count)
        job.seconds = round(time.monotonic() - started, 1)
        self.done.append(job)

    def report(self) -> None:
        """Print the figures, and leave them beside the other reports."""
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(json.dumps([asdict(job) for job in self.done], indent=1) + "\n", "utf-8")
        for job in self.done:
            print(f"{job.name:40} {job.clicks} clicks, {job.fields} fields, {job.pages} pages, {job.seconds} s")
