"""The add-on for replay is installed from one package, by name, whole or not at all."""

import io
import tarfile

import pytest

from casefiles.evidence import replaying
from tools import install_replay


def package(**files: bytes) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, body in files.items():
            member = tarfile.TarInfo(f"package/{name.replace('_', '.')}")
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return content.getvalue()


def test_the_files_that_are_served_are_read_by_name_and_no_others() -> None:
    found = install_replay.files_in(package(ui_js=b"a", sw_js=b"b", LICENSE=b"c", index_js=b"d"))

    assert found == {"ui.js": b"a", "sw.js": b"b", "LICENSE": b"c"}
    assert found.keys() == set(replaying.FILES)


def test_a_package_without_one_of_them_is_refused() -> None:
    with pytest.raises(KeyError):
        install_replay.files_in(package(ui_js=b"a", LICENSE=b"c"))


def test_one_version_is_installed_by_its_digest() -> None:
    assert install_replay.PACKAGE == "replaywebpage@2.5.3"
    assert len(install_replay.SHA512) == 128
