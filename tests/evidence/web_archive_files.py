"""Writes WARC files and WACZ packages for tests, truthfully unless told otherwise."""

import base64
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AT = "2024-10-25T08:00:00Z"
HTML = "text/html; charset=utf-8"


def sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def record(kind: str, block: bytes, *, url: str = "", content_type: str = "", at: str = AT, **named: str) -> bytes:
    """Return one record; `named` are headers beside those it would have, or in their place, underscores for dashes."""
    headers = {"WARC-Type": kind, "WARC-Date": at, "WARC-Target-URI": url, "Content-Type": content_type}
    headers |= {"Content-Length": str(len(block)), "WARC-Record-ID": f"<urn:uuid:{hashlib.md5(block).hexdigest()}>"}
    headers |= {name.replace("_", "-"): value for name, value in named.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    return "\r\n".join(["WARC/1.1", *lines, "", ""]).encode() + block + b"\r\n\r\n"


def response(
    url: str,
    payload: bytes,
    *,
    content_type: str = HTML,
    status: str = "200 OK",
    http: Mapping[str, str] | None = None,
    **named: str,
) -> bytes:
    """Return what a server answered, with digests of block and payload."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *(f"{k}: {v}" for k, v in (http or {}).items())]
    block = "\r\n".join([*lines, "", ""]).encode() + payload
    digests = {"WARC-Block-Digest": sha256(block), "WARC-Payload-Digest": sha256(payload)}
    return record("response", block, url=url, content_type="application/http; msgtype=response", **{**digests, **named})


def information(**fields: str) -> bytes:
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    return record("warcinfo", block, content_type="application/warc-fields")


def packed(*records: bytes) -> bytes:
    """Return records gzipped one a member, as web archives are."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def zipped(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_STORED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, compress_type=method)
    return content.getvalue()


def page_list(*pages: Mapping[str, Any]) -> bytes:
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All pages"}
    return "\n".join(json.dumps(line) for line in (head, *pages)).encode()


def manifest(parts: Mapping[str, bytes], **more: Any) -> bytes:
    """Return a manifest that is true of its parts."""
    resources = [{"name": n, "path": n, "hash": sha256(part), "bytes": len(part)} for n, part in parts.items()]
    return json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": resources, **more}).encode()


def signed(content: bytes, *, key: ec.EllipticCurvePrivateKey | None = None, **more: Any) -> dict[str, Any]:
    """Return an anonymous signature over a manifest, as browsers write it."""
    key = key or ec.generate_private_key(ec.SECP384R1())
    numbers = utils.decode_dss_signature(key.sign(sha256(content).encode(), ec.ECDSA(hashes.SHA256())))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signature = b"".join(number.to_bytes(48, "big") for number in numbers)
    return {
        "hash": sha256(content),
        "signature": base64.b64encode(signature).decode(),
        "publicKey": base64.b64encode(public).decode(),
        "created": AT,
        "software": "a test",
        **more,
    }


def digest_of(content: bytes, **more: Any) -> bytes:
    return json.dumps({"path": "datapackage.json", "hash": sha256(content), **more}).encode()


def wacz(warc: bytes, *, pages: bytes = b"", method: int = zipfile.ZIP_STORED, **more: Any) -> bytes:
    """Return a whole package around one WARC file, signed with a key of its own."""
    parts = {"archive/data.warc.gz": warc, "pages/pages.jsonl": pages or page_list(), "indexes/index.cdx": b"x"}
    content = manifest(parts, **more)
    parts |= {"datapackage.json": content, "datapackage-digest.json": digest_of(content, signedData=signed(content))}
    return zipped(parts, method=method)
