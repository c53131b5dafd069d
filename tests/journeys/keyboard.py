"""Working with the keys alone, and counting what the work costs."""

import json
import time
from pathlib import Path
from typing import Any

REPORT = Path(__file__).resolve().parents[2] / "test-reports" / "journey.json"
IS_FOCUSED = "element => element === document.activeElement"


def go_to(page: Any, target: Any, *, at_most: int = 80) -> None:
    """Press Tab until `target` has the focus."""
    target.wait_for()
    for _step in range(at_most):
        if target.evaluate(IS_FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} was not reached by {at_most} times Tab.")


def press(page: Any, target: Any) -> None:
    """Go to a link or button and press Enter."""
    go_to(page, target)
    page.keyboard.press("Enter")


class Work:
    """What somebody does on a page with the keys, and what it costs: loads of pages, inputs, seconds."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.inputs: list[str] = []
        self.loads: list[str] = []
        self.started = time.monotonic()
        page.on("response", self._count)

    def _count(self, response: Any) -> None:
        request = response.request
        is_page = request.is_navigation_request() and request.resource_type == "document"
        # A redirect is not a page: where it leads is.
        if is_page and not 300 <= response.status < 400:
            self.loads.append(response.url)

    def type_into(self, target: Any, words: str) -> None:
        go_to(self.page, target)
        self.page.keyboard.insert_text(words)
        self.inputs.append(words)

    def figures(self) -> dict[str, float]:
        seconds = round(time.monotonic() - self.started, 1)
        return {"page_loads": len(self.loads), "inputs": len(self.inputs), "seconds": seconds}

    def report(self) -> dict[str, float]:
        """Print the figures, and leave them beside the other reports."""
        figures = self.figures()
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(json.dumps(figures) + "\n", "utf-8")
        print(f"\nReport, citation and statement: {figures}")
        return figures
