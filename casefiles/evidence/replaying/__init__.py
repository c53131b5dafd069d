"""Full replay of web archives by ReplayWeb.page, where an administrator turned it on: what it may, and how long.

Replay runs the scripts of an archive, so it has a host name of its own: no cookie of ours is sent there, and nothing of
ours is served there. An address on it names one file, for one session, for half an hour; each request asks anew
whether that session stands and still may see the file (ADR 20).
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

LIFETIME = timedelta(minutes=30)
REPLAYED = "application/wacz"
# What the package is kept as, and the addresses under which the host serves it.
FILES = ("ui.js", "sw.js", "LICENSE")
SHELL_STYLE = "html, body { block-size: 100%; margin: 0 }"
SCRIPTS = {"/replay/ui.js": "ui.js", "/replay/wabac.js": "sw.js"}
WORKER = Path(__file__).with_name("worker.js")
_OWN_ONLY = "'self'"

# The shell: ReplayWeb.page itself, which lists pages and frames the one that is replayed.
_SHELL = {
    "default-src": "'none'",
    "script-src": _OWN_ONLY,
    "style-src": f"{_OWN_ONLY} 'unsafe-inline'",
    "img-src": f"{_OWN_ONLY} data: blob:",
    "font-src": f"{_OWN_ONLY} data:",
    "connect-src": _OWN_ONLY,
    "frame-src": _OWN_ONLY,
    "worker-src": _OWN_ONLY,
    "form-action": "'none'",
    "base-uri": "'none'",
}
# Replayed pages: their scripts run as they were written, and reach nothing but the archive behind the worker.
_REPLAYED = {
    "default-src": f"{_OWN_ONLY} 'unsafe-inline' 'unsafe-eval' data: blob:",
    "connect-src": f"{_OWN_ONLY} data: blob:",
    "frame-src": f"{_OWN_ONLY} data: blob:",
    "object-src": "'none'",
    "form-action": _OWN_ONLY,
    "base-uri": _OWN_ONLY,
}
_WORKER = {"default-src": "'none'", "script-src": f"{_OWN_ONLY} 'wasm-unsafe-eval'", "connect-src": _OWN_ONLY}
_NOTHING_OF_THE_DEVICE = "camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-DNS-Prefetch-Control": "off",
    "Permissions-Policy": _NOTHING_OF_THE_DEVICE,
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Pass:
    """What an address on the replay host opens: one file, to one session, framed by the host it was made on."""

    file: str
    session: str
    app: str


def is_on() -> bool:
    """Say whether archives can be replayed here: turned on, and the package installed."""
    return bool(settings.REPLAY_HOST) and not missing()


def missing() -> list[str]:
    """Return the files of the package that are not installed."""
    return [name for name in FILES if not (settings.REPLAY_FOLDER / name).is_file()]


def sealed(given: Pass) -> str:
    """Return a pass as it stands in an address: encrypted, for the replayed page can read its own address."""
    content = "\n".join((UUID(given.file).hex, given.session, given.app))
    return _seal().encrypt(content.encode()).decode().rstrip("=")


def opened(text: str) -> Pass | None:
    """Return a pass that we made and that has not run out; None for anything else."""
    try:
        content = _seal().decrypt(text + "=" * (-len(text) % 4), ttl=int(LIFETIME.total_seconds()))
    except InvalidToken:
        return None
    file, session, app = content.decode().split("\n")
    return Pass(str(UUID(file)), session, app)


def _seal() -> Fernet:
    key = hashlib.sha256(b"casefiles.replay\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def shell_policy(app: str) -> str:
    """Return the policy of the shell, which only the page of ours that the pass was made for may frame."""
    return _written({**_SHELL, "frame-ancestors": app})


def inner_policy() -> str:
    """Return the policy of what the shell frames, before the worker answers for it."""
    return _written(_SHELL)


def worker_policy() -> str:
    return _written(_WORKER)


def worker_script() -> str:
    """Return our service worker with the policy of replayed pages in it."""
    policy = json.dumps(_written(_REPLAYED))
    return WORKER.read_text(encoding="utf-8").replace('"__POLICY__"', policy)


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
