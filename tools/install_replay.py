"""Install ReplayWeb.page, an add-on under a licence of its own (AGPL), for the full replay of web archives.

    python -m tools.install_replay [FOLDER]

It is no part of Casefiles: nothing of it is in the repository or in the lock, and without `CASEFILES_REPLAY=1` nothing
of it is served (ADR 20). npm fetches one version, whose digest is checked here; its scripts are not run, and three
files of it are kept.
"""

import argparse
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tools.install_browser_files import npm_command

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "replaywebpage@2.5.3"
SHA512 = (
    "9c28f63d238ddc1c5e489284f00b183f250bbf45cf64a2567f2e25f4fc90adef"
    "52ab02d9f9629956cfec7cba8f390e06ac7fb46248dbc0e86bf1c4931f4f20b1"
)
FILES = ("ui.js", "sw.js", "LICENSE")


class InstallFailed(Exception):
    """The package could not be fetched, or is not the one that was tried; the folder is as it was."""


def fetched() -> bytes:
    """Return the package as the registry has it.

    Raises:
        InstallFailed: npm could not fetch it, or its bytes are others than those that were tried.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [*npm_command(), "pack", PACKAGE, "--ignore-scripts", "--silent", "--json"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise InstallFailed(f"npm failed: {done.stderr.strip()[-400:]}")
        content = (Path(folder) / Path(json.loads(done.stdout)[0]["filename"]).name).read_bytes()
    if hashlib.sha512(content).hexdigest() != SHA512:
        raise InstallFailed(f"{PACKAGE} is not the package that was tried: its digest is another one.")
    return content


def files_in(package: bytes) -> dict[str, bytes]:
    """Return the files that are kept, read by name; nothing is unpacked."""
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        members = {name: archive.extractfile(f"package/{name}") for name in FILES}
        return {name: member.read() for name, member in members.items() if member is not None}


def install(folder: Path) -> None:
    """Put the files into a folder, each whole or not at all."""
    found = files_in(fetched())
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in found.items():
        partial = folder / f".{name}.partial"
        partial.write_bytes(content)
        partial.replace(folder / name)


def main() -> int:
    usual = Path(os.environ.get("DATA_DIR", ROOT / "var")) / "replay"
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=usual, help="default: %(default)s")
    folder = parser.parse_args().folder
    try:
        install(folder)
    except (InstallFailed, OSError, tarfile.TarError, KeyError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{PACKAGE} is in {folder}. It is under the AGPL; its licence lies beside it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
