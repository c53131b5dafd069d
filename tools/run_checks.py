"""Run the static checks, side by side, and print only what is wrong: `python -m tools.run_checks [name ...]`."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
CACHE = ROOT / ".cache"

# The slow ones first, so that the quick ones fill the other core.
CHECKS = {
    "types": ["mypy", "--no-error-summary"],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "django": ["python", "manage.py", "check", "--fail-level", "WARNING"],
    "template mistakes": ["djlint", "--lint", "--quiet", "templates"],
    "layers": ["lint-imports", "--no-logo", "--cache-dir", str(CACHE / "import-linter")],
    "template style": ["djade", "--check", "--target-version", "5.2"],
    "lint": ["ruff", "check", "--quiet", "--output-format", "concise", "."],
    "format": ["ruff", "format", "--check", "--quiet", "--output-format", "concise", "."],
}


@dataclass(frozen=True)
class Outcome:
    name: str
    is_good: bool
    seconds: float
    output: str


def templates() -> list[str]:
    """Return the templates that git knows or would know."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "templates/*.html"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted({path for path in listed.stdout.splitlines() if (ROOT / path).exists()})


def environment() -> dict[str, str]:
    """Return an environment in which settings load without a machine's secrets or data."""
    values = {"CASEFILES_TEST": "1", "DATA_DIR": str(CACHE / "checks"), "RUFF_CACHE_DIR": str(CACHE / "ruff")}
    return {**os.environ, **values, "DATABASE_URL": f"sqlite:///{CACHE / 'checks' / 'casefiles.sqlite3'}"}


def run(name: str) -> Outcome:
    """Run one check and keep what it says."""
    program, *arguments = CHECKS[name]
    files = templates() if program == "djade" else []
    if program == "djade" and not files:
        return Outcome(name, is_good=True, seconds=0, output="")
    started = time.monotonic()
    finished = subprocess.run(
        [str(PROGRAMS / program), *arguments, *files],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Outcome(name, finished.returncode == 0, time.monotonic() - started, finished.stdout.strip())


def main() -> int:
    names = sys.argv[1:] or list(CHECKS)
    (CACHE / "checks").mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(run, names))
    for outcome in outcomes:
        print(f"{'ok    ' if outcome.is_good else 'FAILED'} {outcome.name} ({outcome.seconds:.1f} s)")
        if not outcome.is_good:
            print(outcome.output)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
