"""Addresses outside Casefiles: which may be offered at all, and the interstitial that every one of them goes through.

What cannot be offered is shown as text. Nobody is sent anywhere by a link whose host they did not read (R26, O04).
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

LEAVE_PATH = "/leave/"


def outside_host(address: str) -> str | None:
    """Return the host that an http or https address names, in ASCII, or None where it may not become a link.

    Refused: other schemes, white space, control characters and backslashes (browsers repair them, each in its own way),
    names and passwords before the host, an empty host.
    """
    if any(character <= " " or character in "\\\x7f" or character.isspace() for character in address):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _port = parts.port
        ascii_host = (host or "").encode("idna").decode("ascii")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or not ascii_host:
        return None
    return ascii_host


def leave_address(address: str) -> str | None:
    """Return the address of the page that asks before leaving, or None where the target may not become a link."""
    return f"{LEAVE_PATH}?to={quote(address, safe='')}" if outside_host(address) else None


def is_inside_path(address: str) -> bool:
    """Answer whether an address is a path or a fragment of this site, and nothing a browser reads as another host."""
    if address.startswith("#"):
        return True
    return address.startswith("/") and not address.startswith(("//", "/\\"))
