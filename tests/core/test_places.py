"""The same promises wherever kept bytes lie: in folders of this machine or in a bucket of an S3 service."""

import hashlib
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from casefiles.core.filestore import (
    DigestDiffers,
    DiskFloorReached,
    FindingKind,
    HeldCopyDamaged,
    NotADigest,
    NotServed,
    StoreUnavailable,
    Verdict,
)
from casefiles.core.filestore.bucket import Bucket
from casefiles.core.filestore.folders import Folders
from casefiles.core.filestore.parts import CheckedParts
from tests.core.places import BUCKET, BucketPlace, TreePlace, client_of, s3_server

BYTES = b"Lay at the yard in Zhejiang.\n" * 1000
DIGEST = hashlib.sha256(BYTES).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
FLIPPED = BYTES[:500] + bytes([BYTES[500] ^ 1]) + BYTES[501:]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with s3_server() as address:
        found = client_of(address)
        yield found
        found.close()


@pytest.fixture
def bucket(client: Any, tmp_path: Path) -> BucketPlace:
    return BucketPlace(tmp_path / "evidence", client, uuid4().hex)


@pytest.fixture(params=["tree", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return request.getfixturevalue("bucket") if request.param == "bucket" else TreePlace(tmp_path / "evidence")


def content_of(place: Any, sha256: str = DIGEST) -> bytes:
    with place.store().open_verified(sha256, size_bytes=len(BYTES)) as held:
        return b"".join(held)


def test_bytes_are_kept_under_their_digest_and_come_back(place: Any) -> None:
    kept = place.store().store([BYTES[:7], BYTES[7:]])

    assert (kept.sha256, kept.size_bytes, kept.was_held) == (DIGEST, len(BYTES), False)
    assert place.read(DIGEST) == BYTES
    assert content_of(place) == BYTES
    assert [*place.store().walk()] == [DIGEST]
    assert place.store().sweep({DIGEST}, min_age_seconds=0) == []


def test_the_same_bytes_are_kept_once(place: Any) -> None:
    place.store().store([BYTES])

    assert place.store().store([BYTES]).was_held
    assert [*place.store().walk()] == [DIGEST]
    assert place.store().sweep({DIGEST}, min_age_seconds=0) == []


def test_nothing_is_kept_of_what_is_not_what_its_sender_said(place: Any) -> None:
    with place.store().incoming() as incoming, pytest.raises(DigestDiffers):
        incoming.write(BYTES)
        incoming.keep(expected_sha256=OTHER)

    assert place.store().is_blank


def test_a_file_that_came_in_pieces_is_kept_too(place: Any) -> None:
    key = "a" * 32
    with place.store().partial(key) as held:
        held.append([BYTES[:999]], at=0)
    with place.store().partial(key) as held:
        held.append([BYTES[999:]], at=999)
        assert held.keep(expected_sha256=DIGEST).sha256 == DIGEST

    assert content_of(place) == BYTES


def test_the_same_bytes_do_not_pass_for_held_where_the_held_ones_are_damaged(place: Any) -> None:
    place.store().store([BYTES])
    place.overwrite(DIGEST, FLIPPED)

    with pytest.raises(HeldCopyDamaged):
        place.store().store([BYTES])

    assert place.read(DIGEST) == FLIPPED


@pytest.mark.parametrize(
    ("content", "verdict"), [(FLIPPED, Verdict.WRONG_BYTES), (BYTES[:-1], Verdict.WRONG_SIZE), (None, Verdict.MISSING)]
)
def test_what_was_changed_is_found_and_never_served(place: Any, content: bytes | None, verdict: Verdict) -> None:
    place.store().store([BYTES])
    place.remove(DIGEST) if content is None else place.overwrite(DIGEST, content)

    assert place.store().verify(DIGEST, len(BYTES)) is verdict
    with pytest.raises(NotServed):
        content_of(place)


def test_a_part_of_a_changed_file_is_not_served(place: Any) -> None:
    place.store().store([BYTES])
    place.overwrite(DIGEST, FLIPPED)

    with pytest.raises(NotServed):
        CheckedParts(place.store().open_verified(DIGEST, eager_bytes=0))


def test_a_part_is_given_out(place: Any) -> None:
    place.store().store([BYTES])

    parts = CheckedParts(place.store().open_verified(DIGEST, eager_bytes=0))

    assert b"".join(parts.chunks(10, 20)) == BYTES[10:20]
    parts.close()


def test_what_no_row_names_is_listed_and_stays(place: Any) -> None:
    place.store().store([BYTES])

    found = place.store().sweep(set(), min_age_seconds=0)

    assert [(one.kind, one.path.rpartition("/")[2]) for one in found] == [(FindingKind.ORPHAN, DIGEST)]
    assert place.store().remove_stale_temps(min_age_seconds=0) == []
    assert content_of(place) == BYTES
    assert place.store().sweep(set(), min_age_seconds=3600) == []


def test_a_name_that_is_no_digest_never_becomes_a_path_or_a_key(place: Any) -> None:
    for use in (place.store().verify, place.store().open_verified):
        with pytest.raises(NotADigest):
            use("../../etc/passwd")


def test_what_was_changed_shows_by_its_stamp(place: Any) -> None:
    place.store().store([BYTES])
    before = place.store().stamp(DIGEST)

    place.overwrite(DIGEST, FLIPPED)

    assert before and place.store().stamp(DIGEST) != before
    assert place.store().stamp(OTHER) == []


def test_of_two_who_bring_the_same_bytes_at_once_both_are_served(place: Any) -> None:
    kept: list[Any] = []
    stores = [place.store() for _number in range(4)]

    threads = [threading.Thread(target=lambda one=one: kept.append(one.store([BYTES]))) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [one.sha256 for one in kept] == [DIGEST] * 4
    assert place.store().sweep({DIGEST}, min_age_seconds=0) == []


# --- The bucket alone ------------------------------------------------------------------------------------------------


def test_a_large_file_goes_in_parts_and_is_kept_once(bucket: BucketPlace) -> None:
    large = os.urandom(1024) * (6 * 1024)
    digest = hashlib.sha256(large).hexdigest()

    first, second = bucket.store().store([large]), bucket.store().store([large])

    assert (first.was_held, second.was_held) == (False, True)
    assert bucket.read(digest) == large
    assert bucket.keys() == [f"blobs/{digest[:2]}/{digest[2:4]}/{digest}"]
    assert bucket.store().sweep({digest}, min_age_seconds=0) == []


LARGE = os.urandom(1024) * (6 * 1024)


@pytest.mark.parametrize(("content", "last"), [(BYTES, "PutObject"), (LARGE, "CompleteMultipartUpload")])
@pytest.mark.parametrize("is_same", [True, False])
def test_whoever_comes_second_writes_over_nothing(
    bucket: BucketPlace, content: bytes, last: str, is_same: bool
) -> None:
    """Catches a put without its condition: the key was found free, and somebody takes it before the last request."""
    sha256 = hashlib.sha256(content).hexdigest()
    rival = replace(bucket, client=client_of(bucket.client.meta.endpoint_url))
    first = content if is_same else b"other"

    def take(**_: Any) -> None:
        rival.client.put_object(Bucket=BUCKET, Key=rival.key(sha256), Body=first)

    bucket.client.meta.events.register(f"before-call.s3.{last}", take, unique_id="rival")

    try:
        if is_same:
            assert bucket.store().store([content]).was_held
        else:
            with pytest.raises(HeldCopyDamaged):
                bucket.store().store([content])
    finally:
        bucket.client.meta.events.unregister(f"before-call.s3.{last}", unique_id="rival")
        rival.client.close()

    assert bucket.read(sha256) == first
    assert bucket.store().sweep({sha256}, min_age_seconds=0) == []


@pytest.mark.parametrize("content", [BYTES, LARGE], ids=["whole", "in parts"])
def test_r7_bytes_that_are_held_cost_the_requests_of_new_ones(bucket: BucketPlace, content: bytes) -> None:
    """Catches a store whose answer comes a request earlier where somebody else holds the same."""
    asked: list[str] = []
    bucket.client.meta.events.register("before-call.s3", lambda model, **_: asked.append(model.name), unique_id="asked")

    bucket.store().store([content])
    of_new, asked[:] = [*asked], []
    bucket.store().store([content])
    bucket.client.meta.events.unregister("before-call.s3", unique_id="asked")

    assert asked == of_new
    assert [asked[0], *asked[-2:]] == ["HeadObject", "DeleteObject", "GetObject"]


def test_what_an_upload_left_behind_is_listed_and_removed_on_request(bucket: BucketPlace) -> None:
    where = {"Bucket": BUCKET, "Key": bucket.key(OTHER)}
    bucket.client.create_multipart_upload(**where)
    bucket.client.put_object(Bucket=BUCKET, Key=f"{bucket.prefix}/tmp/{'b' * 32}", Body=b"x")
    bucket.store().store([BYTES])

    found = bucket.store().sweep({DIGEST}, min_age_seconds=0)
    removed = bucket.store().remove_stale_temps(min_age_seconds=0)

    assert {one.kind for one in found} == {FindingKind.STALE_TEMP}
    assert len(found) == len(removed) == 2
    assert bucket.store().sweep({DIGEST}, min_age_seconds=0) == []
    assert content_of(bucket) == BYTES


@pytest.mark.parametrize(
    ("name", "kind"),
    [("notes.txt", FindingKind.ALIEN), (f"blobs/{OTHER}", FindingKind.MISPLACED), ("blobs/aa/x", FindingKind.ALIEN)],
)
def test_what_the_store_did_not_put_there_is_listed(bucket: BucketPlace, name: str, kind: FindingKind) -> None:
    bucket.client.put_object(Bucket=BUCKET, Key=f"{bucket.prefix}/{name}", Body=b"x")

    assert [(one.path, one.kind) for one in bucket.store().sweep(set(), min_age_seconds=0)] == [(name, kind)]
    assert [*bucket.store().walk()] == []


def test_another_part_of_the_bucket_is_not_looked_at(bucket: BucketPlace, tmp_path: Path) -> None:
    beside = BucketPlace(tmp_path / "beside", bucket.client, f"{bucket.prefix}beside")
    beside.store().store([b"other"])

    assert bucket.store().is_blank
    assert bucket.store().sweep(set(), min_age_seconds=0) == []


# --- Copies on this machine ------------------------------------------------------------------------------------------


def spoil(path: Path, content: bytes = FLIPPED) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def test_a_reader_gets_a_copy_that_goes_when_others_need_the_room(bucket: BucketPlace) -> None:
    small = BucketPlace(bucket.root, bucket.client, bucket.prefix, copies_bytes=len(BYTES) + 10)
    small.store().store([BYTES])
    small.store().store([b"other"])
    assert [path.name for path in small.copies()] == sorted([DIGEST, OTHER])

    small.store().store([b"more than there is room for"])

    assert DIGEST not in [path.name for path in small.copies()]
    assert content_of(small) == BYTES


@pytest.mark.parametrize("content", [FLIPPED, BYTES[:-1]])
def test_a_spoiled_copy_is_replaced_by_what_is_held(bucket: BucketPlace, content: bytes) -> None:
    bucket.store().store([BYTES])
    spoil(bucket.copies()[0], content)

    with bucket.store().open_verified(DIGEST) as held:
        assert b"".join(held) == BYTES
    assert bucket.copies()[0].read_bytes() == BYTES


def test_a_copy_spoiled_under_a_stream_breaks_it_off_and_the_next_reader_gets_another(bucket: BucketPlace) -> None:
    """Catches a copy that went bad and leaves the file itself marked as damaged."""
    bucket.store().store([BYTES])
    spoil(bucket.copies()[0])

    with (
        bucket.store().open_verified(DIGEST, eager_bytes=0) as held,
        pytest.raises(StoreUnavailable, match="ask again"),
    ):
        b"".join(held)

    with bucket.store().open_verified(DIGEST, eager_bytes=0) as held:
        assert b"".join(held) == BYTES


# --- A service that does not answer ----------------------------------------------------------------------------------


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[BucketPlace]:
    """A bucket whose service held one file, and then ended."""
    with s3_server() as address:
        found = BucketPlace(tmp_path / "silent", client_of(address), "a")
        found.store().store([BYTES])
        found.forget_copies()
    yield found
    found.client.close()


def test_where_the_service_is_silent_nothing_is_kept_or_said_of_a_file(silent: BucketPlace) -> None:
    """Catches a service that is down and makes every file a damaged one."""
    for use in (
        lambda: silent.store().store([b"new"]),
        lambda: silent.store().open_verified(DIGEST),
        lambda: silent.store().verify(DIGEST),
        lambda: silent.store().sweep(set(), min_age_seconds=0),
        lambda: silent.store().is_blank,
        lambda: silent.store().reach(),
        lambda: silent.store().stamp(DIGEST),
    ):
        with pytest.raises(StoreUnavailable, match="no answer"):
            use()

    assert list((silent.root / "tmp").iterdir()) == silent.copies() == []


def test_what_came_in_pieces_waits_for_a_service_that_does_not_answer(bucket: BucketPlace) -> None:
    """Catches an hour of sending that is lost to a minute of silence."""
    nobody = client_of("http://127.0.0.1:9")
    with BucketPlace(bucket.root, nobody, bucket.prefix).store().partial("a" * 32) as held:
        held.append([BYTES], at=0)
        with pytest.raises(StoreUnavailable):
            held.keep(expected_sha256=DIGEST)
    nobody.close()

    with bucket.store().partial("a" * 32) as held:
        assert held.size_bytes == len(BYTES)
        held.keep(expected_sha256=DIGEST)

    assert content_of(bucket) == BYTES
    assert list((bucket.root / "tmp").iterdir()) == []


def test_no_copy_is_made_where_the_disk_is_nearly_full(bucket: BucketPlace) -> None:
    bucket.store().store([BYTES])
    bucket.forget_copies()

    with pytest.raises(DiskFloorReached):
        replace(bucket, floor_bytes=2**62).store().open_verified(DIGEST)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_kill_at_any_moment_leaves_no_wrong_bytes_and_no_orphan_unlisted(bucket: BucketPlace, seed: int) -> None:
    """Catches an object that counts before it is whole, and a rest that the sweep overlooks."""
    address = bucket.client.meta.endpoint_url
    command = [sys.executable, "-m", "tests.core.storing", str(bucket.root), address, bucket.prefix, str(seed)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = [child.stdout.readline().strip()]
    Event().wait(random.Random(seed).random() / 2)

    child.kill()
    told += child.communicate()[0].split()

    lying = [*bucket.store().walk()]
    assert {*told} <= {*lying}
    assert {bucket.store().verify(sha256) for sha256 in lying} == {Verdict.OK}
    found = bucket.store().sweep({*told}, min_age_seconds=0)
    assert {one.path.rpartition("/")[2] for one in found if one.kind is FindingKind.ORPHAN} == {*lying} - {*told}
    assert {one.kind for one in found} <= {FindingKind.ORPHAN, FindingKind.STALE_TEMP, FindingKind.EXTRA_LINK}
    bucket.store().remove_stale_temps(min_age_seconds=0)
    assert {one.kind for one in bucket.store().sweep({*lying}, min_age_seconds=0)} == set()


def test_a_bucket_that_is_not_there_is_unavailable_and_no_name_is_told(bucket: BucketPlace, tmp_path: Path) -> None:
    lost = Bucket(bucket.client, "lost", prefix="", folders=Folders(tmp_path / "lost"), copies_bytes=0)

    with pytest.raises(StoreUnavailable) as refused:
        lost.open(DIGEST)

    assert str(refused.value) == "The evidence store could not read a file: the storage service answered NoSuchBucket."
