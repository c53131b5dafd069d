"""Evidence in a bucket, through the pages and commands: what a person and an operator see of it."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from casefiles import env
from casefiles.audit.models import Event
from casefiles.core.filestore import StoreUnavailable
from casefiles.core.refusals import Refused
from casefiles.evidence.actions import copying
from casefiles.evidence.actions.copying import Copying, copy_tree_to_bucket
from casefiles.evidence.actions.stills import keep_still
from casefiles.evidence.models import CustodyEvent, File, Item
from casefiles.evidence.storages import NeverRemoved
from casefiles.evidence.store import store
from casefiles.sanctions.actions.editions import read_edition, read_waiting_editions
from casefiles.voyages.actions.positions import import_waiting, run_import
from casefiles.workspace.selectors.health import health
from tests import make
from tests.core.places import BUCKET, KEYS, BucketPlace, TreePlace, client_of, s3_server
from tests.sanctions import list_files

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with s3_server() as found:
        yield found


def held_in(settings: Any, address: str, prefix: str) -> None:
    options = {
        "bucket_name": BUCKET,
        "location": prefix,
        "endpoint_url": address,
        "region_name": KEYS["region_name"],
        "access_key": "test",
        "secret_key": "test",
        "copies_bytes": 10_000_000,
    }
    backend = {"BACKEND": "casefiles.evidence.bucket_storage.BucketStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "evidence": backend}


@pytest.fixture
def place(settings: Any, address: str) -> Iterator[BucketPlace]:
    client, prefix = client_of(address), uuid4().hex
    held_in(settings, address, prefix)
    yield BucketPlace(Path(settings.EVIDENCE_ROOT), client, prefix)
    storages["evidence"].client().close()
    client.close()


@pytest.fixture
def world(place: BucketPlace) -> SimpleNamespace:
    lead = make.lead()
    case = make.case(lead)
    item = make.item(lead, circle=make.restricted_to(case.compartment))
    return SimpleNamespace(lead=lead, case=case, item=item, file=make.file(item, lead, content=picture(), name="a.png"))


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((80, 60), 90).save(out, "PNG")
    return out.getvalue()


def report(*arguments: str) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    try:
        call_command(*arguments, "--json", stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        return int(ended.code or 0), json.loads(out.getvalue() or "{}")
    return 0, json.loads(out.getvalue())


def test_a_file_is_kept_in_the_bucket_and_given_out(client: Any, world: Any, place: BucketPlace) -> None:
    client.force_login(world.lead)

    answer = client.get(reverse("evidence:file", args=[world.file.pk]))

    assert b"".join(answer.streaming_content) == place.read(world.file.sha256)
    assert place.keys() == [f"blobs/{world.file.sha256[:2]}/{world.file.sha256[2:4]}/{world.file.sha256}"]
    assert world.file.media_type == "image/png"


def test_a_picture_is_drawn_in_the_cage_from_the_bucket(client: Any, world: Any, place: BucketPlace) -> None:
    place.forget_copies()
    client.force_login(world.lead)

    answer = client.get(reverse("evidence:preview", args=[world.file.pk]))

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")


def test_bytes_changed_in_the_bucket_are_found_and_not_given_out(client: Any, world: Any, place: BucketPlace) -> None:
    place.overwrite(world.file.sha256, b"something else")
    client.force_login(world.lead)

    code, found = report("fixity")
    answer = client.get(reverse("evidence:file", args=[world.file.pk]))

    assert (code, [one["verdict"] for one in found["findings"]]) == (1, ["wrong_size"])
    assert answer.status_code == 409


def test_an_orphan_in_the_bucket_is_listed(world: Any) -> None:
    kept = store().store([b"no row"])

    code, found = report("sweep", "--min-age", "0")

    assert code == 1
    assert [one["path"].rpartition("/")[2] for one in found["findings"]] == [kept.sha256]


def test_where_the_service_is_silent_people_are_told_and_no_file_passes_for_damaged(
    client: Any, settings: Any, world: Any
) -> None:
    """Catches a service that is down for an hour and leaves an alarm on every file that somebody opened."""
    before = CustodyEvent.objects.count()
    nobody_answers(settings)
    client.force_login(world.lead)

    answer = client.get(reverse("evidence:file", args=[world.file.pk]))
    code, _found = report("fixity")

    assert (answer.status_code, code) == (503, 2)
    assert CustodyEvent.objects.count() == before
    assert health().evidence_store == "failed"


def test_where_the_service_is_silent_a_form_keeps_what_was_typed(client: Any, settings: Any, world: Any) -> None:
    held_in(settings, "http://127.0.0.1:9", "a")
    client.force_login(world.lead)
    typed = {
        "title": "Typed at length",
        "kind": "news report",
        "handling": "TLP:AMBER",
        "lineage": "not recorded",
        "circle": str(world.case.compartment.pk),
        "file": SimpleUploadedFile("report.txt", b"A report."),
    }

    answer = client.post(reverse("evidence:item_add"), typed)

    assert answer.status_code == 503
    assert "cannot be reached" in " ".join(answer.context["form"].errors["file"])
    assert b"Typed at length" in answer.content
    assert not Item.objects.filter(title="Typed at length").exists()
    assert File.objects.count() == 1


def nobody_answers(settings: Any) -> None:
    """Let the service be silent, and no copy lie on this machine."""
    for copy in (Path(settings.EVIDENCE_ROOT) / "copies").iterdir():
        copy.unlink()
    held_in(settings, "http://127.0.0.1:9", "a")


def test_what_waits_to_be_read_goes_on_waiting_for_a_silent_service(settings: Any, place: BucketPlace) -> None:
    """Catches an outage of a minute that makes every list and position file a failed one for good."""
    lead, storages_before = make.lead(), settings.STORAGES
    make.case(lead)
    waiting, edition = make.waiting_positions(lead), make.waiting_edition(lead, list_files.ofac(list_files.ANGARA))
    nobody_answers(settings)

    for read in (lambda: run_import(waiting), lambda: read_edition(edition)):
        with pytest.raises(StoreUnavailable):
            read()

    settings.STORAGES = storages_before
    assert (import_waiting(), read_waiting_editions()) == (1, 1)
    waiting.refresh_from_db()
    edition.refresh_from_db()
    assert (waiting.state, edition.state) == ("finished", "compared")


def test_where_the_service_is_silent_a_still_is_refused_without_blaming_the_film(settings: Any, world: Any) -> None:
    nobody_answers(settings)

    with pytest.raises(Refused, match="cannot be read just now"):
        keep_still(world.file, by=world.lead, moment="00:00:01")


def test_the_storage_answers_as_djangos_do(place: BucketPlace) -> None:
    kept = store().store([b"bytes"]).sha256
    storage = storages["evidence"]

    assert storage.exists(kept) and not storage.exists("a" * 64)
    assert storage.size(kept) == 5
    with storage.open(kept) as file:
        assert file.read() == b"bytes"
    assert storage.save(kept, ContentFile(b"bytes")) == kept
    assert storage.listdir("") == ([], [kept])
    with pytest.raises(FileNotFoundError):
        storage.size("a" * 64)
    with pytest.raises(NeverRemoved):
        storage.delete(kept)


# --- Settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"CASEFILES_EVIDENCE_STORAGE": "ftp"}, "must be local or s3"),
        ({"CASEFILES_EVIDENCE_STORAGE": "s3"}, "CASEFILES_S3_BUCKET must name the bucket"),
        (
            {
                "CASEFILES_EVIDENCE_STORAGE": "s3",
                "CASEFILES_S3_BUCKET": "b",
                "CASEFILES_S3_ENDPOINT": "http://s3.example",
            },
            "must be an https:// address",
        ),
    ],
)
def test_a_setting_that_cannot_be_stops_the_start(monkeypatch: Any, values: dict[str, str], sentence: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=sentence):
        env.evidence_storage()


def test_a_bucket_is_chosen_by_settings(monkeypatch: Any) -> None:
    values = {"EVIDENCE_STORAGE": "s3", "S3_BUCKET": "b", "S3_ENDPOINT": "https://s3.example", "S3_COPIES_MB": "1"}
    for name, value in values.items():
        monkeypatch.setenv(f"CASEFILES_{name}", value)

    options = env.evidence_storage()["OPTIONS"]

    assert options == {
        "bucket_name": "b",
        "location": "",
        "endpoint_url": "https://s3.example",
        "region_name": None,
        "copies_bytes": 1024 * 1024,
    }


# --- From the tree into the bucket ----------------------------------------------------------------------------------


@pytest.fixture
def moving(settings: Any, address: str) -> Iterator[SimpleNamespace]:
    """Three files kept in the tree, before the settings name an empty bucket."""
    lead = make.lead()
    item = make.item(lead, circle=make.restricted_to(make.case(lead).compartment))
    files = [make.file(item, lead, content=name.encode() * 900, name=name) for name in ("a", "b", "c")]
    client, prefix, tree = client_of(address), uuid4().hex, store()
    held_in(settings, address, prefix)
    place = BucketPlace(Path(settings.EVIDENCE_ROOT), client, prefix)
    yield SimpleNamespace(place=place, tree=tree, digests=sorted(file.sha256 for file in files))
    storages["evidence"].client().close()
    client.close()


def test_a_tree_is_copied_into_the_bucket_and_stays(moving: Any) -> None:
    code, found = report("copy_to_bucket")
    again, found_again = report("copy_to_bucket")
    missing, found_missing = report("copy_to_bucket", "--only-missing")

    assert (code, found["result"], found["copied"], found["there_already"]) == (0, "clean", 3, 0)
    assert (again, found_again["copied"], found_again["there_already"]) == (0, 0, 3)
    assert (missing, found_missing["there_already"]) == (0, 3)
    assert [moving.place.read(one) for one in moving.digests] == [
        moving.tree.path_of(one).read_bytes() for one in moving.digests
    ]
    assert [key.rpartition("/")[2] for key in moving.place.keys()] == moving.digests
    assert report("fixity")[0] == 0
    assert Event.objects.filter(act="evidence copied to a bucket").count() == 3


def test_what_is_not_as_it_should_be_is_named_and_costs_no_other(moving: Any) -> None:
    """Catches a copy that carries damage into the bucket, or takes what lies there for sound without reading it."""
    in_tree, in_bucket, nowhere = moving.digests
    TreePlace(moving.place.root).overwrite(in_tree, b"changed on the disk")
    moving.place.overwrite(in_bucket, b"changed in the bucket")
    TreePlace(moving.place.root).remove(nowhere)

    code, found = report("copy_to_bucket")

    assert code == 1
    assert [(one["sha256"], one["where"], one["problem"]) for one in found["findings"]] == [
        (in_tree, "tree", "wrong_bytes"),
        (in_bucket, "bucket", "wrong_size"),
        (nowhere, "neither", "missing"),
    ]
    assert moving.place.read(in_bucket) == b"changed in the bucket"
    assert [key.rpartition("/")[2] for key in moving.place.keys()] == [in_bucket]


def test_a_copying_that_was_broken_off_goes_on_where_it_was(settings: Any, address: str, moving: Any) -> None:
    """Catches one that begins again, or passes over what was not copied; and one that goes on in another bucket."""

    class Stopped(Exception):
        pass

    def stop(copying: Copying) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        copy_tree_to_bucket(progress=stop)
    first = [key.rpartition("/")[2] for key in moving.place.keys()]
    code, found = report("copy_to_bucket")

    assert first == moving.digests[:1]
    assert (code, found["was_resumed"], found["copied"]) == (0, True, 3)
    assert [key.rpartition("/")[2] for key in moving.place.keys()] == moving.digests

    with pytest.raises(Stopped):
        copy_tree_to_bucket(progress=stop)
    held_in(settings, address, uuid4().hex)
    code, found = report("copy_to_bucket")

    assert (code, found["was_resumed"], found["copied"]) == (0, False, 3)


def test_where_it_is_is_noted_on_the_way(settings: Any, moving: Any, monkeypatch: Any) -> None:
    """Catches a copying that is killed, rather than stopped, and begins again at its beginning."""
    monkeypatch.setattr(copying, "SAVED_EVERY_FILES", 1)
    note = Path(settings.DATA_DIR) / "copy_to_bucket.position"
    noted: list[int] = []

    copy_tree_to_bucket(progress=lambda _copying: noted.append(json.loads(note.read_text())["copied"]))

    assert noted == [1, 2, 3]


def test_without_a_bucket_that_answers_nothing_is_copied(settings: Any, moving: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "evidence": {"BACKEND": "casefiles.evidence.storages.TreeStorage"}}
    no_bucket = report("copy_to_bucket")
    held_in(settings, "http://127.0.0.1:9", "nowhere")
    silent = report("copy_to_bucket")

    assert [(code, found["result"]) for code, found in (silent, no_bucket)] == [(2, "could not run")] * 2
    assert moving.place.keys() == []
