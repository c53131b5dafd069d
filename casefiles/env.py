"""Settings that differ between installations, read from the environment.

Every failure is one sentence that names the variable, so that whoever starts the server knows what to change.
"""

import base64
import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

MINIMUM_SECRET_LENGTH = 50

_env = environ.Env()


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    """Read a yes/no variable; anything but the usual words stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, default: list[str]) -> list[str]:
    value = os.environ.get(name, "")
    return [word.strip() for word in value.split(",") if word.strip()] or default


def other_host(name: str, *, than: list[str]) -> str:
    """Return a host name, with a port where it has one, that is none of those.

    Raises:
        ImproperlyConfigured: it is none, or one of them.
    """
    value = text(name)
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?", value):
        raise ImproperlyConfigured(f"{name} must name a host that serves nothing else, like replay.example.org.")
    if value.partition(":")[0] in than:
        raise ImproperlyConfigured(f"{name} must be another host than those in ALLOWED_HOSTS.")
    return value


def folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name) or default).expanduser().resolve()


def evidence_storage() -> dict[str, object]:
    """Return Django's dictionary for the storage that holds evidence: folders of this machine, or a bucket."""
    chosen = text("CASEFILES_EVIDENCE_STORAGE", "local")
    if chosen == "local":
        return {"BACKEND": "casefiles.evidence.storages.TreeStorage"}
    if chosen != "s3":
        raise ImproperlyConfigured(f"CASEFILES_EVIDENCE_STORAGE must be local or s3, not {chosen!r}.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("CASEFILES_EVIDENCE_STORAGE=s3 needs the packages of requirements-s3.txt.")
    options = {
        "bucket_name": text("CASEFILES_S3_BUCKET"),
        "location": text("CASEFILES_S3_PREFIX"),
        "endpoint_url": _s3_endpoint() or None,
        "region_name": text("CASEFILES_S3_REGION") or None,
        "copies_bytes": number("CASEFILES_S3_COPIES_MB", 4096) * 1024 * 1024,
    }
    if not options["bucket_name"]:
        raise ImproperlyConfigured("CASEFILES_S3_BUCKET must name the bucket that holds evidence.")
    return {"BACKEND": "casefiles.evidence.bucket_storage.BucketStorage", "OPTIONS": options}


def _s3_endpoint() -> str:
    """Return the service's address; evidence crosses a network only enciphered."""
    address = text("CASEFILES_S3_ENDPOINT")
    parts = urlsplit(address)
    is_near = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if address and not (parts.scheme == "https" or (parts.scheme == "http" and is_near)):
        raise ImproperlyConfigured("CASEFILES_S3_ENDPOINT must be an https:// address.")
    return address


def database(name: str, default: str) -> dict[str, object]:
    """Return Django's dictionary for a database URL; only SQLite and PostgreSQL are supported."""
    url = os.environ.get(name) or default
    settings = dict(environ.Env.db_url_config(url))
    if settings.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ImproperlyConfigured(f"{name} must be a sqlite:/// or postgresql:// address.")
    return settings


def secret_key(name: str, *, made_at: Path | None) -> str:
    """Return the secret in the file that `name` points at.

    Where no file is named and `made_at` is given (the demo), a random key is made there once.
    """
    path = os.environ.get(name)
    if path:
        return _read_secret(Path(path), name)
    if made_at is None:
        raise ImproperlyConfigured(
            f"{name} is not set: point it at a file holding a random secret of at least "
            f"{MINIMUM_SECRET_LENGTH} characters, or run `make demo` to try Casefiles."
        )
    if not made_at.exists():
        _make_secret(made_at, secrets.token_urlsafe(64))
    return _read_secret(made_at, name)


def sealing_keys(name: str, *, made_at: Path | None) -> tuple[str, ...]:
    """Return the keys that seal protected identities, from the file that `name` points at: one a line, the first seals.

    Nothing where no file is named outside the demo: then no identity can be sealed or read, and all else goes on.
    """
    path = os.environ.get(name)
    if path:
        return tuple(_read_secret(Path(path), name, least=1).split())
    if made_at is None:
        return ()
    if not made_at.exists():
        # 32 bytes in URL-safe base64, the form that Fernet asks for.
        _make_secret(made_at, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    return tuple(_read_secret(made_at, name, least=1).split())


def _make_secret(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    # link() never overwrites: of two processes that start together, both read the first one's key.
    try:
        os.link(partial, path)
    except FileExistsError:
        return
    finally:
        partial.unlink()


def _read_secret(path: Path, name: str, *, least: int = MINIMUM_SECRET_LENGTH) -> str:
    try:
        secret = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name} names {path}, which cannot be read: {error.strerror}.") from error
    if len(secret) < least:
        raise ImproperlyConfigured(f"{name} holds fewer than {least} characters: use a longer secret.")
    return secret
