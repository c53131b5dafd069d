"""Time stamps over checkpoints, by an authority of our own made with openssl, on this machine's own address."""

import re
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from casefiles.audit.models import Event
from casefiles.audit.selectors import history
from casefiles.core.checkpoints import REQUEST_SUFFIX, STAMP_SUFFIX
from casefiles.core.stamp_worker import is_global
from casefiles.core.stamping import NotStamped, ask, make_request, verified_at
from casefiles.evidence.actions.checkpoints import write_checkpoint
from casefiles.evidence.actions.stamps import stamp_newest
from casefiles.evidence.selectors.checkpoints import checkpoint_folder, stamp_standing
from casefiles.workspace.maintenance import Limits, maintain
from casefiles.workspace.selectors.chain import report_on_chain
from tests import make

CONFIG = """
[tsa]
default_tsa = own
[own]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/{name}.pem
{certificates}
signer_key = {folder}/{name}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
"""
EXTENSIONS = {
    "root": "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n",
    "tsa": "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\n"
    "extendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
}


def openssl(*arguments: Any, cwd: Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Authority:
    folder: Path

    @property
    def roots(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def reply(self, request: bytes, *, certificates: str = "") -> bytes:
        (self.folder / "request").write_bytes(request)
        config = CONFIG.format(folder=self.folder, name="tsa", certificates=certificates)
        (self.folder / "tsa.cnf").write_text(config)
        arguments = ("ts", "-reply", "-queryfile", "request", "-out", "reply", "-config", "tsa.cnf")
        openssl(*arguments, cwd=self.folder)
        return (self.folder / "reply").read_bytes()


def make_authority(folder: Path, *, days: str = "30") -> Authority:
    folder.mkdir()
    (folder / "serial").write_text("01")
    for name in ("root", "tsa"):
        openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", f"{name}.key", cwd=folder)
        openssl(
            "req", "-new", "-key", f"{name}.key", "-subj", f"/CN={name} of a test", "-out", f"{name}.csr", cwd=folder
        )
        (folder / f"{name}.ext").write_text(EXTENSIONS[name])
        by = (
            ("-signkey", "root.key") if name == "root" else ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial")
        )
        openssl(
            "x509", "-req", "-in", f"{name}.csr", *by, "-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.pem",
            cwd=folder,
        )  # fmt: skip
    return Authority(folder)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority") / "own")


@pytest.fixture
def server(authority: Authority) -> Iterator[Any]:
    """The authority as it answers on the network; `server.answer` says how."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 (the name that http.server asks for)
            request = self.rfile.read(int(self.headers["Content-Length"]))
            status, content = self.server.answer(request)  # type: ignore[attr-defined]
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as running:
        running.answer = lambda request: (200, authority.reply(request))  # type: ignore[attr-defined]
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def url_of(server: Any) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/tsr"


CONTENT = b"The head of a record."


# --- L25: what holds, and what does not ----------------------------------------------------------------------------


def test_l25_a_stamp_holds_also_by_openssl(authority: Authority, tmp_path: Path) -> None:
    request = make_request(CONTENT)
    response = authority.reply(request)

    at = verified_at(CONTENT, request=request, response=response, roots=authority.roots)

    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "stamp").write_bytes(response)
    roots = authority.folder / "root.pem"
    openssl("ts", "-verify", "-data", "content", "-in", "stamp", "-CAfile", roots, cwd=tmp_path)
    assert at.endswith("+00:00")


def test_l25_certificates_out_of_order_are_refused_where_openssl_takes_them(
    authority: Authority, tmp_path: Path
) -> None:
    """The set is to be sorted. That is why the raw answer is kept: another program may judge it."""
    request = make_request(CONTENT)
    root, tsa = (authority.folder / f"{name}.pem" for name in ("root", "tsa"))
    responses = []
    for order in ((root, tsa), (tsa, root)):
        (authority.folder / "chain.pem").write_bytes(b"".join(path.read_bytes() for path in order))
        responses.append(authority.reply(request, certificates=f"certs = {authority.folder}/chain.pem"))

    held = 0
    for response in responses:
        (tmp_path / "content").write_bytes(CONTENT)
        (tmp_path / "stamp").write_bytes(response)
        openssl("ts", "-verify", "-data", "content", "-in", "stamp", "-CAfile", root, cwd=tmp_path)
        try:
            verified_at(CONTENT, request=request, response=response, roots=authority.roots)
            held += 1
        except NotStamped as error:
            assert "SetOrdering" in str(error)

    assert held < len(responses)


def flipped(response: bytes, place: int) -> bytes:
    return response[:place] + bytes([response[place] ^ 1]) + response[place + 1 :]


def test_l25_a_stamp_over_other_content_does_not_hold(authority: Authority) -> None:
    request = make_request(CONTENT)

    with pytest.raises(NotStamped):
        verified_at(b"Another head.", request=request, response=authority.reply(request), roots=authority.roots)


def test_l25_a_wrong_signature_under_a_valid_chain_does_not_hold(authority: Authority) -> None:
    """CVE-2025-52556: the chain was checked and the signature was not. The last byte is of the signature."""
    request = make_request(CONTENT)
    response = authority.reply(request)

    with pytest.raises(NotStamped):
        verified_at(CONTENT, request=request, response=flipped(response, len(response) - 1), roots=authority.roots)


def test_l25_the_answer_to_another_request_does_not_hold(authority: Authority) -> None:
    first, second = make_request(CONTENT), make_request(CONTENT)

    with pytest.raises(NotStamped, match="[Nn]once"):
        verified_at(CONTENT, request=second, response=authority.reply(first), roots=authority.roots)


def test_l25_an_authority_that_nobody_vouches_for_does_not_hold(authority: Authority, tmp_path: Path) -> None:
    stranger = make_authority(tmp_path / "stranger")
    request = make_request(CONTENT)

    with pytest.raises(NotStamped):
        verified_at(CONTENT, request=request, response=stranger.reply(request), roots=authority.roots)


@pytest.mark.parametrize(
    "response", [b"", b"garbage", b"\x30\x03\x02\x01\x00", b"\x30\x84\xff\xff\xff\xff" + b"\x00" * 50]
)
def test_l25_garbage_does_not_hold(authority: Authority, response: bytes) -> None:
    with pytest.raises(NotStamped):
        verified_at(CONTENT, request=make_request(CONTENT), response=response, roots=authority.roots)


def test_l25_a_refusal_of_the_authority_is_no_stamp(authority: Authority) -> None:
    request = make_request(CONTENT)
    openssl("ts", "-query", "-data", "serial", "-sha512", "-out", "unwanted", cwd=authority.folder)
    refusal = authority.reply((authority.folder / "unwanted").read_bytes())

    with pytest.raises(NotStamped):
        verified_at(CONTENT, request=request, response=refusal, roots=authority.roots)


def test_l25_any_flipped_byte_of_a_stamp_is_noticed_or_changes_nothing_signed(authority: Authority) -> None:
    request = make_request(CONTENT)
    response = authority.reply(request)
    whole = verified_at(CONTENT, request=request, response=response, roots=authority.roots)

    for place in range(10, len(response), max(1, len(response) // 12)):
        try:
            at = verified_at(CONTENT, request=request, response=flipped(response, place), roots=authority.roots)
        except NotStamped:
            continue
        assert at == whole


# --- L25: signed by whom, and of when ------------------------------------------------------------------------------

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
TIME_STAMPING, SERVERS = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH
INFORMATION_ABOUT_A_TIME_STAMP = "1.2.840.113549.1.9.16.1.4"


def certify(
    authority: Authority,
    *,
    valid: tuple[datetime, datetime] = (NOW - DAY, NOW + DAY),
    purposes: tuple[x509.ObjectIdentifier, ...] = (TIME_STAMPING,),
    is_critical: bool = True,
    is_by_itself: bool = False,
) -> None:
    """Leave a further signer, `other`, in the folder of an authority, with a certificate such as openssl refuses."""
    folder = authority.folder
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "other.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    extensions: list[Any] = [(x509.BasicConstraints(False, None), True)]
    extensions += [(x509.ExtendedKeyUsage(purposes), is_critical)] if purposes else []
    root = load_pem_private_key((folder / "root.key").read_bytes(), None)
    certificate = certified(
        key, "other", key if is_by_itself else root, "other" if is_by_itself else "elder", valid, extensions
    )
    (folder / "other.pem").write_bytes(certificate)


def elder_root(authority: Authority) -> bytes:
    """Return a root of the same key, of which the stamps of the last days are younger."""
    root = load_pem_private_key((authority.folder / "root.key").read_bytes(), None)
    extensions = [(x509.BasicConstraints(True, None), True)]
    return certified(root, "elder", root, "elder", (NOW - 30 * DAY, NOW + 30 * DAY), extensions)


def certified(
    key: Any, subject: str, by: Any, issuer: str, valid: tuple[datetime, datetime], extensions: list[Any]
) -> bytes:
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in (issuer, subject)]
    made = x509.CertificateBuilder(*names, key.public_key(), x509.random_serial_number(), *valid)
    for extension, is_critical in extensions:
        made = made.add_extension(extension, critical=is_critical)
    return made.sign(by, SHA256()).public_bytes(Encoding.PEM)


def signed_anew(authority: Authority, request: bytes, *, at: datetime = NOW) -> bytes:
    """Return a stamp of a given time, signed by `other`: what an authority that breaks the rules would answer."""
    folder = authority.folder
    (folder / "whole").write_bytes(authority.reply(request))
    openssl("ts", "-reply", "-in", "whole", "-token_out", "-out", "token", cwd=folder)
    openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out", "info", cwd=folder)
    info = re.sub(rb"\d{14}Z", at.strftime("%Y%m%d%H%M%SZ").encode(), (folder / "info").read_bytes())
    (folder / "info").write_bytes(info)
    openssl(
        "cms", "-sign", "-binary", "-nodetach", "-cades", "-md", "sha256", "-in", "info", "-out", "anew",
        "-econtent_type", INFORMATION_ABOUT_A_TIME_STAMP, "-outform", "DER",
        "-signer", "other.pem", "-inkey", "other.key", cwd=folder,
    )  # fmt: skip
    content = b"\x30\x03\x02\x01\x00" + (folder / "anew").read_bytes()
    return b"\x30\x82" + len(content).to_bytes(2, "big") + content


@pytest.mark.parametrize(
    ("certificate", "at"),
    [({}, NOW), ({"valid": (NOW - 9 * DAY, NOW - DAY)}, NOW - 2 * DAY)],
    ids=["valid", "valid then, and expired since"],
)
def test_l25_a_stamp_holds_by_a_certificate_that_was_valid_when_it_was_made(
    authority: Authority, certificate: dict[str, Any], at: datetime
) -> None:
    """What is refused below is refused for its certificate or its time, and not for how it was made."""
    certify(authority, **certificate)
    request = make_request(CONTENT)
    response = signed_anew(authority, request, at=at)

    found = verified_at(CONTENT, request=request, response=response, roots=elder_root(authority))

    assert found == at.replace(microsecond=0).isoformat()


@pytest.mark.parametrize(
    ("certificate", "at"),
    [
        ({"valid": (NOW - 9 * DAY, NOW - DAY)}, NOW),
        ({"valid": (NOW + DAY, NOW + 9 * DAY)}, NOW),
        ({"valid": (NOW - DAY, NOW + DAY)}, NOW - 2 * DAY),
        ({"valid": (NOW - DAY, NOW + 9 * DAY)}, NOW + timedelta(hours=1)),
        ({"purposes": ()}, NOW),
        ({"purposes": (SERVERS,)}, NOW),
        ({"purposes": (TIME_STAMPING, SERVERS)}, NOW),
        ({"is_critical": False}, NOW),
        ({"is_by_itself": True}, NOW),
    ],
    ids=[
        "expired when it was made", "not valid yet", "of a time before the certificate", "of a time to come",
        "for no purpose", "for another purpose", "for other purposes too", "for a purpose that may be passed over",
        "signed by itself",
    ],
)  # fmt: skip
def test_l25_a_stamp_by_a_wrong_certificate_or_of_a_wrong_time_does_not_hold(
    authority: Authority, certificate: dict[str, Any], at: datetime
) -> None:
    certify(authority, **certificate)
    request = make_request(CONTENT)
    response = signed_anew(authority, request, at=at)

    with pytest.raises(NotStamped):
        verified_at(CONTENT, request=request, response=response, roots=elder_root(authority))


# --- R30: asking ---------------------------------------------------------------------------------------------------


def test_asking_sends_the_digest_and_nothing_of_the_content(server: Any, authority: Authority) -> None:
    sent: list[bytes] = []
    server.answer = lambda request: (200, sent.append(request) or authority.reply(request))
    request = make_request(CONTENT)

    ask(url_of(server), request, is_local=True)

    assert sent == [request]
    assert CONTENT not in request


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1/tsr", "not on the open internet"),
        ("http://localhost/tsr", "not on the open internet"),
        ("http://[::1]/tsr", "not on the open internet"),
        ("http://169.254.169.254/tsr", "not on the open internet"),
        ("http://[::ffff:10.0.0.1]/tsr", "not on the open internet"),
        ("http://1.1.1.1:8080/tsr", "usual port"),
        ("ftp://1.1.1.1/tsr", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("nonsense", "http:// or https://"),
    ],
)
def test_r30_nobody_but_an_authority_on_the_open_internet_is_asked(address: str, said: str) -> None:
    with pytest.raises(NotStamped, match=said):
        ask(address, make_request(CONTENT), is_local=False)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("1.1.1.1", True), ("10.1.2.3", False), ("127.0.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("2606:4700::1111", True), ("::1", False), ("fe80::1%eth0", False), ("::ffff:192.168.0.1", False),
        ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("2001:0:1:1::", False),
    ],
)  # fmt: skip
def test_r30_an_address_is_looked_at_also_inside(address: str, expected: bool) -> None:
    assert is_global(address) is expected


@pytest.mark.parametrize("answer", [(500, b""), (302, b""), (404, b"x")])
def test_what_answers_otherwise_is_no_stamp_and_no_redirect_is_followed(server: Any, answer: Any) -> None:
    server.answer = lambda request: answer

    with pytest.raises(NotStamped, match=str(answer[0])):
        ask(url_of(server), make_request(CONTENT), is_local=True)


def test_an_endless_answer_is_cut_off(server: Any) -> None:
    server.answer = lambda request: (200, b"x" * 2_000_000)

    with pytest.raises(NotStamped, match="more than a time stamp"):
        ask(url_of(server), make_request(CONTENT), is_local=True)


# --- Over checkpoints ----------------------------------------------------------------------------------------------


@pytest.fixture
def configured(settings: Any, server: Any, authority: Authority) -> Any:
    settings.TSA_URL = url_of(server)
    settings.TSA_ROOTS_FILE = str(authority.folder / "root.pem")
    settings.TSA_IS_LOCAL = True
    lead = make.lead()
    make.circle(lead)
    return server


@pytest.mark.django_db
def test_the_newest_checkpoint_is_stamped_once_a_day_and_the_raw_answer_is_kept(configured: Any) -> None:
    checkpoint = write_checkpoint()

    stamped = stamp_newest()
    again = stamp_newest()
    write_checkpoint()
    of_the_next = stamp_newest()

    assert stamped is not None and stamped.at is not None
    assert (stamped.name, again, of_the_next) == (checkpoint.name, None, None)
    folder = checkpoint_folder().folder
    kept = [(folder / f"{checkpoint.name}{suffix}").read_bytes()[:1] for suffix in (REQUEST_SUFFIX, STAMP_SUFFIX)]
    assert kept == [b"\x30", b"\x30"]
    event = Event.objects.get(act="checkpoint stamped")
    changes = {change.field: change.new for change in history([event.record_id])[0].changes}
    assert changes == {"checkpoint": checkpoint.name, "seq": checkpoint.seq, "holds": True}
    assert report_on_chain()["stamp"] == {"checkpoint": checkpoint.name, "proves": stamped.at}


@pytest.mark.django_db
def test_a_stamped_checkpoint_is_never_removed(configured: Any, settings: Any) -> None:
    settings.CHECKPOINTS_KEPT = 1
    stamped = write_checkpoint()
    stamp_newest()
    for _time in range(3):
        write_checkpoint()

    assert checkpoint_folder().names()[0] == stamped.name
    assert len(checkpoint_folder().names()) == 2


@pytest.mark.django_db
def test_l25_a_stamp_that_does_not_hold_is_kept_said_and_never_called_good(configured: Any) -> None:
    configured.answer = lambda request: (200, b"garbage")
    write_checkpoint()

    report = maintain(Limits())

    assert (report["result"], report["steps"]["stamp"]["result"]) == ("findings", "findings")
    (name,) = checkpoint_folder().stamped()
    assert (checkpoint_folder().folder / f"{name}{STAMP_SUFFIX}").read_bytes() == b"garbage"
    chain = report_on_chain()
    assert chain["result"] == "damaged"
    assert chain["stamp_not_verified"].startswith(name)


@pytest.mark.django_db
def test_an_authority_out_of_reach_could_not_run_and_keeps_nothing(configured: Any, settings: Any) -> None:
    settings.TSA_URL = "http://127.0.0.1:9/"

    steps = maintain(Limits())["steps"]

    assert (steps["checkpoint"]["result"], steps["stamp"]["result"]) == ("clean", "could not run")
    assert checkpoint_folder().stamped() == []


@pytest.mark.django_db
def test_r30_without_an_authority_nothing_is_asked(settings: Any) -> None:
    write_checkpoint()

    assert stamp_newest() is None
    assert stamp_standing() is None


@pytest.mark.django_db
def test_a_stamp_without_roots_is_not_called_good(configured: Any, settings: Any) -> None:
    write_checkpoint()
    stamp_newest()
    settings.TSA_ROOTS_FILE = ""

    standing = stamp_standing()

    assert standing is not None
    assert (standing.at, "was not checked" in standing.problem) == (None, True)


@pytest.mark.django_db
def test_nothing_is_stamped_before_there_is_a_checkpoint(configured: Any) -> None:
    assert stamp_newest() is None
