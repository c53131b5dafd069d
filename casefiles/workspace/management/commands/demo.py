"""Try Casefiles: migrate, load the Angara case once, say how to sign in, and serve it on this machine."""

import json
import os
import secrets
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from casefiles.audit import actions as audit
from casefiles.cases.models import Case
from casefiles.workspace.demo.loading import load_angara
from casefiles.workspace.demo.people import PEOPLE, add_people, set_password


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--no-serve", action="store_true", help="Prepare everything and stop.")

    def handle(self, *args: Any, port: int, no_serve: bool, **options: Any) -> None:
        if not settings.IS_LOCAL:
            raise CommandError(
                "The demo makes accounts with one password: run it with CASEFILES_DEMO=1, as make demo does."
            )
        password = self._prepare()
        self._announce(port, password)
        if not no_serve:
            self._serve(port)

    def _prepare(self) -> str:
        call_command("migrate", verbosity=0)
        self._collect_static()
        kept = self._kept_password()
        password = os.environ.get("DEMO_PASSWORD") or kept or secrets.token_urlsafe(12)
        if not Case._base_manager.exists():
            self.stdout.write("Loading the Angara case …")
            with audit.unit():
                load_angara(add_people(password=password))
        else:
            add_people(password=password)
            if password != kept:
                set_password(password)
        self._keep_password(password)
        return password

    @property
    def _mark(self) -> Path:
        return Path(settings.DATA_DIR) / "demo"

    def _kept_password(self) -> str:
        try:
            return str(json.loads(self._mark.read_text())["password"])
        except (OSError, ValueError, KeyError):
            return ""

    def _keep_password(self, password: str) -> None:
        """Keep the demo's password, so that a second start can print it again."""
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._mark, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"password": password}, file)

    def _collect_static(self) -> None:
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        state = sha256()
        for folder in settings.STATICFILES_DIRS:
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file():
                    state.update(f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
        if stamp.exists() and stamp.read_text() == state.hexdigest():
            return
        call_command("collectstatic", interactive=False, clear=False, verbosity=0)
        stamp.write_text(state.hexdigest())

    def _announce(self, port: int, password: str) -> None:
        names = ", ".join(username for username, _name, _flags in PEOPLE)
        self.stdout.write(f"\nCasefiles is at http://127.0.0.1:{port}/")
        self.stdout.write(f"Sign in as one of: {names}")
        self.stdout.write(f"Password: {password}")
        self.stdout.write("The outsider is on no case. Stop with Ctrl+C; nothing is lost.\n")
        self.stdout.flush()

    def _serve(self, port: int) -> None:
        # The server replaces this process, so that Ctrl+C reaches it directly.
        arguments = [
            "-m",
            "gunicorn",
            "casefiles.wsgi",
            "--config",
            "python:casefiles.gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
        ]
        os.environ["CASEFILES_DEMO"] = "1"
        os.execv(sys.executable, [sys.executable, *arguments])
