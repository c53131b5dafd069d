"""One settings module; what differs between installations comes from the environment (see env.py)."""

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from casefiles import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
EVIDENCE_ROOT = env.folder("EVIDENCE_ROOT", DATA_DIR / "evidence")
CHECKPOINT_DIR = env.folder("CHECKPOINT_DIR", DATA_DIR / "checkpoints")
# The demo marks its data folder, so that later commands on the same folder find the same settings.
IS_DEMO = env.flag("CASEFILES_DEMO", default=(DATA_DIR / "demo").exists())
IS_TEST = env.flag("CASEFILES_TEST")
IS_LOCAL = IS_DEMO or IS_TEST

# Protected identities of sources are sealed with these (R11); without the file they stay closed and all else goes on.
IDENTITY_KEYS = env.sealing_keys("CASEFILES_IDENTITY_KEY_FILE", made_at=DATA_DIR / "identity-key" if IS_LOCAL else None)
# The keys of second factors are sealed with these; without the file nobody can add one.
SECOND_FACTOR_KEYS = env.sealing_keys(
    "CASEFILES_SECOND_FACTOR_KEY_FILE", made_at=DATA_DIR / "second-factor-key" if IS_LOCAL else None
)
# Who comes in only with a second factor: nobody, unless it is said here.
SECOND_FACTOR_REQUIRED_OF = frozenset(env.words("CASEFILES_REQUIRE_SECOND_FACTOR", []))
if not {"administrators", "leads", "everyone"} >= SECOND_FACTOR_REQUIRED_OF:
    raise ImproperlyConfigured("CASEFILES_REQUIRE_SECOND_FACTOR must name administrators, leads or everyone.")
if SECOND_FACTOR_REQUIRED_OF and not SECOND_FACTOR_KEYS:
    raise ImproperlyConfigured("CASEFILES_REQUIRE_SECOND_FACTOR needs CASEFILES_SECOND_FACTOR_KEY_FILE.")
DEBUG = env.flag("CASEFILES_DEBUG")
if DEBUG and not IS_LOCAL:
    raise ImproperlyConfigured("CASEFILES_DEBUG shows internals to every visitor: it works in the demo only.")
SECRET_KEY = env.secret_key("SECRET_KEY_FILE", made_at=DATA_DIR / "secret-key" if IS_LOCAL else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if IS_LOCAL else [])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts that serve Casefiles, not *.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: name the host that serves Casefiles.")

INSTALLED_APPS = [
    "casefiles.core",
    "casefiles.audit",
    "casefiles.accounts",
    "casefiles.access",
    "casefiles.registry",
    "casefiles.evidence",
    "casefiles.particulars",
    "casefiles.sanctions",
    "casefiles.voyages",
    "casefiles.statements",
    "casefiles.cases",
    "casefiles.search",
    "casefiles.interchange",
    "casefiles.dossiers",
    "casefiles.workspace",
    "casefiles.interchange.apps.CasefilesAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, for FORM_RENDERER
    "django_filters",
    "django_htmx",
    "csp",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Where archives are replayed is another host, which has none of what follows: no session, no page of ours.
    "casefiles.evidence.views.replay_host.ReplayHostMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "casefiles.core.middleware.StreamingMiddleware",
    "casefiles.accounts.middleware.ForbearingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casefiles.accounts.middleware.SessionLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "casefiles.core.middleware.UploadRedirectMiddleware",
    # What was saved is told after the rest is done, and is inside nothing that could undo it.
    # In this order: who may come in, what becomes of the files they send, and, reading the form, whether it is ours.
    "casefiles.workspace.middleware.TellingMiddleware",
    "casefiles.access.gate.GateMiddleware",
    "casefiles.core.middleware.UploadMiddleware",
    "casefiles.core.csrf.CsrfMiddleware",
]

ROOT_URLCONF = "casefiles.urls"
WSGI_APPLICATION = "casefiles.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "workspace:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["casefiles.core.template_loading.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "casefiles.core.templatetags.words",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Databases (R20) --------------------------------------------------------------------------------------------
# WAL lost committed work on checkpoint reset before these versions (sqlite.org, release notes of 3.51.3).
SQLITE_HAS_SAFE_WAL = sqlite3.sqlite_version_info >= (3, 51, 3) or sqlite3.sqlite_version_info[:2] in {
    (3, 50),
    (3, 44),
}
if sqlite3.sqlite_version_info[:2] == (3, 50) and sqlite3.sqlite_version_info < (3, 50, 7):
    SQLITE_HAS_SAFE_WAL = False
if sqlite3.sqlite_version_info[:2] == (3, 44) and sqlite3.sqlite_version_info < (3, 44, 6):
    SQLITE_HAS_SAFE_WAL = False

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'casefiles.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (f"PRAGMA journal_mode={'WAL' if SQLITE_HAS_SAFE_WAL else 'DELETE'};PRAGMA synchronous=FULL;"),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Shared by the threads of a process, of which there are many more than work with the database at one moment.
    most_connections = env.number("CASEFILES_DATABASE_CONNECTIONS", 0 if IS_TEST else 16)
    if most_connections:
        DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": most_connections, "timeout": 20}}
    else:
        DATABASES["default"]["CONN_MAX_AGE"] = 600

# --- People and sessions (R31) ----------------------------------------------------------------------------------
PASSWORD_HASHERS = [
    "casefiles.accounts.passwords.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if IS_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "casefiles.accounts.passwords.VarietyValidator"},
]
# Sign-in, its throttles and second factors are django-allauth's; accounts are made by administrators only.
# Reads the account and the number on the bell in one query.
AUTHENTICATION_BACKENDS = ["casefiles.workspace.middleware.BellBackend"]
ACCOUNT_ADAPTER = "casefiles.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "casefiles.accounts.adapter.FactorAdapter"
# The time step of now, the one before and the one after, each once (accounts.actions.accept_code).
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 12
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
# Whoever asks is told apart by what the one proxy in front saw, never by what they say of themselves.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("CASEFILES_BEHIND_PROXY") else 0
ACCOUNT_PRESERVE_USERNAME_CASING = True
# Throttles must be shared by every worker, and must not be pushed out by somebody who makes many.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE.total_seconds())
# The __Host- prefix needs https; the demo serves plain http on the loopback address.
COOKIE_PREFIX = "" if IS_LOCAL else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not IS_LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "casefiles.core.errors.csrf_failure"

# --- Headers (R27, R33) -----------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not IS_LOCAL
SECURE_HSTS_SECONDS = 0 if IS_LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not IS_LOCAL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("CASEFILES_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
# What the page with a code to scan may do beside: show the picture that it holds itself.
CONTENT_SECURITY_POLICY_OF_CODES = {"img-src": ["data:"]}
# What the pages with a player may do beside: play what our own server gives out.
CONTENT_SECURITY_POLICY_OF_PLAYERS = {"media-src": [SELF]}

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("CASEFILES_STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "evidence": env.evidence_storage(),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if IS_TEST
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
WHITENOISE_USE_FINDERS = IS_TEST
# Time stamps over checkpoints, from an authority that an administrator names: without one nothing is asked (R30).
TSA_URL = env.text("CASEFILES_TSA_URL")
TSA_ROOTS_FILE = env.text("CASEFILES_TSA_ROOTS_FILE")
TSA_IS_LOCAL = env.flag("CASEFILES_TSA_IS_LOCAL")
TSA_EVERY_HOURS = env.number("CASEFILES_TSA_EVERY_HOURS", 24)
if TSA_URL and not TSA_ROOTS_FILE:
    raise ImproperlyConfigured("CASEFILES_TSA_ROOTS_FILE must name the certificates by which its stamps are checked.")
# How many checkpoints stay; those with a time stamp stay for ever.
CHECKPOINTS_KEPT = max(1, env.number("CASEFILES_CHECKPOINTS_KEPT", 48))
EVIDENCE_MAX_BYTES = env.number("CASEFILES_EVIDENCE_MAX_MB", 4096) * 1024 * 1024
# How much one person may bring in; without a number, as much as there is room for.
EVIDENCE_QUOTA_BYTES = env.number("CASEFILES_QUOTA_MB", 0) * 1024 * 1024
EVIDENCE_DISK_FLOOR_BYTES = env.number("CASEFILES_DISK_FLOOR_MB", 512) * 1024 * 1024
# Tests read on purpose; a thread beside them would look into a transaction that is rolled back.
EVIDENCE_READS_IN_BACKGROUND = not IS_TEST
# The program that takes stills out of films; found on the path where nothing is said. Without it there are none.
FFMPEG = env.text("CASEFILES_FFMPEG", "")
# The program that recognises letters in pictures, found in the same way, and the languages it is asked for, as it names
# them. Without it, or where none of these is installed with it, words in pictures are not read.
TESSERACT = env.text("CASEFILES_TESSERACT", "")
OCR_LANGUAGES = env.text("CASEFILES_OCR_LANGUAGES", "eng")
if not re.fullmatch(r"[A-Za-z_]{2,30}(\+[A-Za-z_]{2,30}){0,9}", OCR_LANGUAGES):
    raise ImproperlyConfigured("CASEFILES_OCR_LANGUAGES must name languages as tesseract does, like eng+rus+chi_sim.")
# Full replay of web archives, an add-on that is not part of Casefiles (ADR 20): off, and on a host name of its own.
REPLAY_HOST = ""
if env.flag("CASEFILES_REPLAY"):
    REPLAY_HOST = env.other_host("CASEFILES_REPLAY_HOST", than=[] if IS_LOCAL else ALLOWED_HOSTS)
REPLAY_FOLDER = env.folder("CASEFILES_REPLAY_FOLDER", DATA_DIR / "replay")
if REPLAY_HOST:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, REPLAY_HOST.partition(":")[0]]
# Up to this size a file is hashed before its first byte leaves, above it while it streams (R15).
EVIDENCE_EAGER_BYTES = 256 * 1024 * 1024
# What sets PDFs, a process of its own, and how long it may take.
PDF_WORKER = BASE_DIR / "casefiles" / "core" / "pdf_worker.py"
PDF_SECONDS = env.number("CASEFILES_PDF_SECONDS", 90)
# Larger files are sent in pieces of this size; a proxy must let through as much.
EVIDENCE_PIECE_BYTES = env.number("CASEFILES_PIECE_MB", 64) * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 100

# --- Mail ---------------------------------------------------------------------------------------------------------
# No server is named by default, and no mail leaves; the demo writes what it would send into a folder.
EMAIL_HOST = env.text("CASEFILES_MAIL_HOST")
EMAIL_PORT = env.number("CASEFILES_MAIL_PORT", 587)
EMAIL_HOST_USER = env.text("CASEFILES_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("CASEFILES_MAIL_PASSWORD")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("CASEFILES_MAIL_FROM", "casefiles@localhost")
EMAIL_FILE_PATH = DATA_DIR / "mail"
_MAIL_WITHOUT_SERVER = "filebased" if IS_LOCAL else "dummy"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else _MAIL_WITHOUT_SERVER}.EmailBackend"

# --- Language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "casefiles.core.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("CASEFILES_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # fontTools and WeasyPrint narrate every font they subset.
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}

# Django's own middleware is in place, subclassed (core.csrf); this check knows it by its path only.
SILENCED_SYSTEM_CHECKS = ["security.W003"]
