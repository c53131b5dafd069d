"""Time stamps (RFC 3161): what a trusted third party signed to have seen at a moment.

Asking and checking run in a process of their own; see `stamp_worker`.
"""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("stamp_worker.py")
WALL_SECONDS = 60


class NotStamped(Exception):
    """There is no stamp, or it does not hold; the sentence says why."""


def make_request(content: bytes) -> bytes:
    """Return the raw request for a stamp over content. It holds its digest, and nothing of it."""
    return _bytes(_asked(task="request", content=content), "request")


def ask(url: str, request: bytes, *, is_local: bool) -> bytes:
    """Send a request to an authority and return its raw answer, whatever that is.

    Raises:
        NotStamped: it was not reached, or did not answer as one.
    """
    return _bytes(_asked(task="ask", url=url, request=request, is_local=is_local), "response")


def verified_at(content: bytes, *, request: bytes, response: bytes, roots: bytes) -> str:
    """Return the moment that a stamp over `content` proves, as ISO 8601, by the given root certificates (PEM).

    Raises:
        NotStamped: it is damaged, of other content, not signed by whom the roots vouch for, of a time to come …
    """
    return str(_asked(task="verify", content=content, request=request, response=response, roots=roots)["at"])


def _asked(**given: Any) -> dict[str, Any]:
    written = {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value for name, value in given.items()
    }
    try:
        done = subprocess.run(  # noqa: S603 (our own script, no shell, nothing from outside in the arguments)
            [sys.executable, "-I", "-B", str(WORKER)],
            input=json.dumps(written).encode(),
            capture_output=True,
            timeout=WALL_SECONDS,
            env={},
            cwd="/",
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise NotStamped("It took too much time or memory.") from error
    if "error" in answer:
        raise NotStamped(str(answer["error"]))
    return dict(answer)


def _bytes(answer: dict[str, Any], name: str) -> bytes:
    return base64.b64decode(answer[name])
