"""Where the browser of the journeys comes from: the machine, or Debian's packages."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of a Chromium, from CASEFILES_CHROMIUM or under one of its usual names."""
    named = os.environ.get("CASEFILES_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> str | None:
    """Install Debian's Chromium, where this is Debian and we may; return its path or None."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        print(f"Installing Chromium: apt-get {' '.join(command)}", flush=True)
        if subprocess.run([*apt, *command], env=environment, stdout=subprocess.DEVNULL).returncode:
            return None
    return find()
