"""The signature of a WACZ package over its manifest (WACZ Signing and Verification 0.1.0).

An anonymous signature carries its own key: whoever changes the package can sign it anew. A signature in the name of a
domain carries certificates, whose worth only a list of trusted roots could tell: that is not checked here, and so not
claimed. Neither raises what an item is worth by itself.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key

from casefiles.evidence.readers.digests import VALID, WRONG
from casefiles.evidence.readers.findings import Plain

UNSIGNED: Final = "none"
NOT_CHECKABLE_OFFLINE: Final = "not checkable offline"
_ALLOWED = {
    "hash", "created", "software", "version", "signature", "publicKey", "domain", "domainCert", "timeSignature",
    "timestampCert", "crossSignedCert",
}  # fmt: skip


@dataclass(frozen=True)
class Signature:
    """What a signature is worth, and what it says of itself."""

    verdict: str
    kind: str = ""
    domain: str = ""
    created: str = ""
    software: str = ""
    has_extra: bool = False

    def plain(self) -> dict[str, Plain]:
        return {"verdict": self.verdict, "kind": self.kind, "domain": self.domain, "created": self.created}


def checked(signed: Any, manifest_hash: str) -> Signature:
    """Check the "signedData" of `datapackage-digest.json` against the true hash of the manifest ("sha256:…")."""
    if not isinstance(signed, Mapping):
        return Signature(UNSIGNED)
    kind = "domain" if signed.get("domainCert") else "anonymous"
    is_right = signed.get("hash") == manifest_hash and _is_by(_key(signed), signed)
    return Signature(
        # A certificate that nobody vouches for here proves no more than the key did; it may also prove a forgery.
        verdict=WRONG if not is_right else VALID if kind == "anonymous" else NOT_CHECKABLE_OFFLINE,
        kind=kind,
        domain=_said(signed, "domain", 253),
        created=_said(signed, "created", 40),
        software=_said(signed, "software", 300),
        has_extra=bool(set(signed) - _ALLOWED),
    )


def _said(signed: Mapping[str, Any], name: str, most: int) -> str:
    value = signed.get(name)
    return value[:most] if isinstance(value, str) else ""


def _key(signed: Mapping[str, Any]) -> ec.EllipticCurvePublicKey | None:
    try:
        if signed.get("domainCert"):
            key = x509.load_pem_x509_certificates(str(signed["domainCert"])[:65_536].encode("ascii"))[0].public_key()
        else:
            key = load_der_public_key(base64.b64decode(str(signed.get("publicKey", ""))[:4_096], validate=True))  # type: ignore[assignment]
    except (ValueError, UnsupportedAlgorithm, binascii.Error, IndexError):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None


def _is_by(key: ec.EllipticCurvePublicKey | None, signed: Mapping[str, Any]) -> bool:
    """Say whether the hash, as it is written, was signed with this key: in DER, or as browsers write two numbers."""
    if key is None:
        return False
    try:
        signature = base64.b64decode(str(signed.get("signature", ""))[:4_096], validate=True)
    except (ValueError, binascii.Error):
        return False
    half = (key.curve.key_size + 7) // 8
    forms = [signature]
    if len(signature) == 2 * half:
        numbers = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
        forms.insert(0, utils.encode_dss_signature(*numbers))
    return any(_verifies(key, form, str(signed["hash"]).encode()) for form in forms)


def _verifies(key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
