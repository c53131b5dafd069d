"""The tool that puts the browser's libraries in place, run on a small project with an npm that touches no network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import install_browser_files as installer

TOOL = Path(installer.__file__)
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 1"/></svg>'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the tool, a lock, and an npm that copies ready-made packages."""
    root = tmp_path / "project"
    (root / "tools").mkdir(parents=True)
    shutil.copy(TOOL, root / "tools" / TOOL.name)
    (root / "package-lock.json").write_text("{}", encoding="utf-8")
    packages = tmp_path / "packages"
    for origin in installer.FILES.values():
        write(packages / origin, "var a = 1;\n//# sourceMappingURL=a.js.map\n" if origin.endswith(".js") else "content")
    for name in installer.ICONS:
        write(packages / "bootstrap-icons" / "icons" / f"{name}.svg", ICON)
    npm = tmp_path / "bin" / "npm"
    write(npm, f'#!/bin/sh\necho "$@" >> "{tmp_path}/asked"\ncp -R "{packages}/." node_modules\n')
    npm.chmod(0o755)
    (root / "node_modules").mkdir()
    return root


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    path = f"{project.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, str(project / "tools" / TOOL.name), *options]
    return subprocess.run(command, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False)


def times_npm_was_asked(project: Path) -> list[str]:
    return (project.parent / "asked").read_text(encoding="utf-8").splitlines()


def test_every_listed_file_is_put_in_place(project: Path) -> None:
    result = run(project)

    assert result.returncode == 0, result.stderr
    vendor = project / "static" / "vendor"
    assert all((vendor / name).is_file() for name in installer.FILES)
    assert [path.name for path in vendor.parent.iterdir()] == ["vendor"]


def test_packages_are_installed_from_the_lock_and_run_nothing(project: Path) -> None:
    run(project)

    assert times_npm_was_asked(project) == ["ci --ignore-scripts --no-audit --no-fund"]


def test_a_reference_to_a_source_map_is_left_out(project: Path) -> None:
    run(project)

    assert (project / "static/vendor/htmx.js").read_text(encoding="utf-8") == "var a = 1;\n"


def test_the_sprite_holds_every_listed_icon(project: Path) -> None:
    run(project)

    sprite = (project / "static/vendor/icons.svg").read_text(encoding="utf-8")
    assert all(
        f'<symbol id="{name}" viewBox="0 0 16 16"><path d="M1 1"/></symbol>' in sprite for name in installer.ICONS
    )


def test_a_second_run_does_nothing(project: Path) -> None:
    run(project)

    result = run(project)

    assert (result.returncode, result.stdout) == (0, "")
    assert len(times_npm_was_asked(project)) == 1


def test_a_changed_lock_installs_again(project: Path) -> None:
    run(project)
    (project / "package-lock.json").write_text('{"changed": true}', encoding="utf-8")

    run(project)

    assert len(times_npm_was_asked(project)) == 2


def test_the_check_changes_nothing_and_says_what_to_run(project: Path) -> None:
    result = run(project, "--check")

    assert result.returncode == 1
    assert "run tools/install_browser_files.py" in result.stderr
    assert not (project / "static").exists()


def test_a_failed_install_leaves_what_was_there(project: Path) -> None:
    run(project)
    (project.parent / "packages" / "htmx.org" / "dist" / "htmx.min.js").unlink()
    shutil.rmtree(project / "node_modules")
    (project / "node_modules").mkdir()
    (project / "package-lock.json").write_text('{"changed": true}', encoding="utf-8")

    result = run(project)

    assert result.returncode == 1
    assert "htmx.min.js is missing" in result.stderr
    assert (project / "static/vendor/htmx.js").is_file()
    assert [path.name for path in (project / "static").iterdir()] == ["vendor"]


def test_a_machine_whose_npm_fails_is_told_so(project: Path) -> None:
    write(project.parent / "bin" / "npm", "#!/bin/sh\nexit 3\n")

    result = run(project)

    assert result.returncode == 1
    assert "npm failed" in result.stderr
