"""Asks a time-stamping authority, or checks what one answered, in a process of its own (RFC 3161).

Run by path, never imported by the application. One JSON object comes in on standard input and one goes out; bytes are
base64. `{"task": "request", "content"}` makes a request over the SHA-256 of the content, `{"task": "ask", "url",
"request", "is_local"}` sends it, `{"task": "verify", "content", "request", "response", "roots"}` checks the answer.
What could not be done answers `{"error": sentence}`.

Sending: http and https on their own ports only, to addresses of the open internet only, resolved once, without
redirects, unless the authority is said to be in one's own network.
"""

import base64
import contextlib
import http.client
import ipaddress
import json
import resource
import socket
import ssl
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

MEMORY_BYTES = 1024 * 1024 * 1024
PROCESSOR_SECONDS = 20
WAIT_SECONDS = 20
MOST_BYTES = 1024 * 1024
PORTS = {"http": 80, "https": 443}
# How far the clocks of two honest machines may be apart.
SLACK = timedelta(minutes=5)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """It was not done; the sentence says why."""


def is_global(address: str) -> bool:
    """Say whether an address is of the open internet, also where it carries another one inside."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner: list[ipaddress.IPv4Address] = []
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [one for one in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if one is not None]
        if ip in NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return ip.is_global and not ip.is_multicast and all(one.is_global for one in inner)


def address_of(host: str, port: int, *, is_local: bool) -> str:
    """Return where to connect to: resolved once, so that nobody changes it between the check and the connection."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise Refused("The name of the authority is not known.") from error
    if not is_local and not all(is_global(address) for address in found):
        raise Refused("The authority is not on the open internet: CASEFILES_TSA_IS_LOCAL=1 allows one of your own.")
    return found[0]


def ask(url: str, request: bytes, *, is_local: bool) -> bytes:
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused("The address of the authority must begin with http:// or https://.")
    port = parts.port or PORTS[parts.scheme]
    if not is_local and port != PORTS[parts.scheme]:
        raise Refused("The authority must answer on the usual port.")
    address = address_of(parts.hostname, port, is_local=is_local)
    with contextlib.ExitStack() as last:
        plain = last.enter_context(socket.create_connection((address, port), timeout=WAIT_SECONDS))
        connection = http.client.HTTPConnection(parts.hostname, port)
        connection.sock = plain
        if parts.scheme == "https":
            wrapped = ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
            connection.sock = last.enter_context(wrapped)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, request, {"Content-Type": "application/timestamp-query"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise Refused(f"The authority answered with status {answer.status}.")
        content = answer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused("The authority answered with more than a time stamp.")
    return content


def make_request(content: bytes) -> bytes:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    builder = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256)
    return bytes(builder.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes())


def verify(content: bytes, request: bytes, response: bytes, *, roots: bytes) -> str:
    """Return the time that a stamp proves; raises whatever is wrong with it."""
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerifierBuilder, decode_timestamp_response
    from rfc3161_client._rust import parse_timestamp_request  # the library makes requests, and reads none in public

    stamp = decode_timestamp_response(response)
    builder = VerifierBuilder(roots=load_pem_x509_certificates(roots), nonce=parse_timestamp_request(request).nonce)
    builder.build().verify_message(stamp, content)
    at: datetime = stamp.tst_info.gen_time
    if at > datetime.now(UTC) + SLACK:
        raise Refused("The stamp is of a time to come.")
    return at.isoformat()


def answered(given: dict[str, object]) -> dict[str, str]:
    def content(name: str) -> bytes:
        return base64.b64decode(str(given[name]))

    if given["task"] == "request":
        return {"request": base64.b64encode(make_request(content("content"))).decode()}
    if given["task"] == "ask":
        answer = ask(str(given["url"]), content("request"), is_local=bool(given["is_local"]))
        return {"response": base64.b64encode(answer).decode()}
    return {"at": verify(content("content"), content("request"), content("response"), roots=content("roots"))}


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    try:
        answer = answered(json.load(sys.stdin))
    except Refused as refusal:
        answer = {"error": str(refusal)}
    except Exception as error:  # whatever a hostile answer makes of the library is one more stamp that does not hold
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
