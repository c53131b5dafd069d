"""J05, J11, J20, J24: a disk that fails, forgets, holds very much, or comes back as it was before."""

import os
import shutil
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from casefiles.core.filestore import FileStore, FindingKind
from casefiles.evidence.actions.files import store
from casefiles.evidence.actions.fixity import check_files
from casefiles.evidence.actions.sweeping import look_through_store
from casefiles.evidence.models import CustodyEvent, File
from tests import make
from tests.faults.disks import Platter, fsync_fails_at

MEGABYTE = 1024 * 1024


@pytest.fixture
def world() -> SimpleNamespace:
    lead = make.lead()
    case, client = make.case(lead), Client()
    client.force_login(lead)
    return SimpleNamespace(
        lead=lead, item=make.item(lead), url=reverse("cases:bring_in", args=[case.pk]), client=client
    )


@pytest.mark.django_db
def test_j05_a_disk_that_does_not_force_what_was_written_keeps_nothing(world: Any, caplog: Any) -> None:
    """Breaks if a failed fsync is asked again: the system has forgotten by then what it could not write, and lies."""
    number = 0

    while True:
        with fsync_fails_at(number) as asked:
            answer = world.client.post(world.url, {"file": SimpleUploadedFile(f"{number}.txt", b"%d" % number * 99)})
        if len(asked) <= number:
            break
        assert answer.status_code == 503, number
        assert "does not take anything" in answer.content.decode()
        # The store's own folders may be forced again by whoever comes next; nothing was asked after the failure.
        assert len(asked) == number + 1
        assert "Input/output error" in caplog.text
        caplog.clear()
        assert not File.objects.exists()
        assert not CustodyEvent.objects.exists()
        number += 1

    assert number >= 3
    assert (answer.status_code, File.objects.count(), CustodyEvent.objects.count()) == (200, 1, 1)
    assert check_files().findings == ()


def test_j11_what_was_acknowledged_outlasts_a_power_cut_at_any_moment(tmp_path: Path) -> None:
    """Breaks if a file, its name or that of a folder above it is not forced to the disk before it is acknowledged."""
    root, platter, kept = tmp_path / "evidence", Platter(), dict[str, int]()
    with platter.watching():
        place = FileStore(root)
        for number, content in enumerate([b"first", b"", b"first", os.urandom(9 * MEGABYTE), b"last" * 9_000]):
            if number % 2:
                with place.partial("a" * 32) as partial:
                    partial.append([content], at=0)
                    stored = partial.keep()
            else:
                stored = place.store([content])
            kept[stored.sha256] = stored.size_bytes

            left = FileStore(platter.after_power_cut(root, tmp_path / f"left {number}"))

            assert {sha256: str(left.verify(sha256, size)) for sha256, size in kept.items()} == dict.fromkeys(
                kept, "ok"
            )
            found = left.sweep(kept, min_age_seconds=0, temp_age_seconds=0)
            assert {one.kind for one in found} <= {FindingKind.STALE_TEMP}


@pytest.mark.django_db
def test_j20_a_sweep_through_many_files_holds_none_of_them_in_memory() -> None:
    """In small, for every run; `python -m benchmarks.keeping --swept 100000` measures a hundred thousand."""
    lead = make.lead()
    make.circle(lead)
    item, peaks = make.item(lead), []

    for count in (1_000, 2_000):
        File.objects.bulk_create(
            File(item=item, sha256=sha256, size_bytes=9, media_type="text/plain", name="a")
            for sha256 in lay_down(store(), count)
        )
        tracemalloc.start()
        assert look_through_store(min_age_seconds=0) == ([], [])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.2 * peaks[0], peaks


def lay_down(place: FileStore, count: int) -> list[str]:
    """Put files into a store as they lie there, without the care of taking them in, and return their digests."""
    digests = [os.urandom(32).hex() for _number in range(count)]
    for sha256 in digests:
        path = place.path_of(sha256)
        for folder in (path.parent.parent, path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(b"evidence.")
        path.chmod(0o400)
    return digests


@pytest.mark.django_db
def test_j24_an_older_tree_under_a_newer_database_and_the_reverse_are_told_file_by_file(
    world: Any, tmp_path: Path
) -> None:
    """What a restored database lacks beyond its files, `verify_chain` tells from the checkpoint (test_checkpoints)."""
    old = make.file(world.item, world.lead, b"of the day before")
    root = store().root
    shutil.copytree(root, tmp_path / "yesterday")
    with transaction.atomic():
        new = make.file(world.item, world.lead, b"of today")
        changed = make.file(world.item, world.lead, b"of today as well")
        shutil.copytree(root, tmp_path / "today")

        shutil.rmtree(root)
        shutil.copytree(tmp_path / "yesterday", root)
        missing = {(bad.file_id, bad.verdict) for bad in check_files().findings}
        transaction.set_rollback(True)
    shutil.rmtree(root)
    shutil.copytree(tmp_path / "today", root)
    _removed, found = look_through_store(min_age_seconds=0)

    assert missing == {(str(one.pk), "missing") for one in (new, changed)}
    orphans = {one.path.rpartition("/")[2] for one in found if one.kind is FindingKind.ORPHAN}
    assert (orphans, len(found)) == ({new.sha256, changed.sha256}, 2)
    assert (check_files().findings, list(File.objects.all())) == ((), [old])
