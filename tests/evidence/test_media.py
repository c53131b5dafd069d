"""Films and sounds from our own server: ranges, headers, custody, and never a wrong byte."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casefiles.core.filestore import WrongBytes
from casefiles.evidence.actions import reading
from casefiles.evidence.locators import NotALocator, seconds_of
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.ranges import ByteRange, Unsatisfiable, asked_range
from casefiles.evidence.store import store
from tests import make
from tests.evidence.media_files import mp4, wav

SOUND = wav(bytes(range(256)) * 100)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None), ("bytes=0-0", ByteRange(0, 1)), ("bytes=0-", ByteRange(0, 100)), ("bytes=10-19", ByteRange(10, 20)),
        ("bytes=90-999", ByteRange(90, 100)), ("bytes=-5", ByteRange(95, 100)), ("bytes=-500", ByteRange(0, 100)),
        ("bytes=99-", ByteRange(99, 100)), ("bytes= 1 - 2 ", ByteRange(1, 3)), ("bytes=5-1", None), ("bytes=-", None),
        ("bytes=0-1,3-4", None), ("items=0-1", None), ("bytes=a-b", None), ("bytes=٠-١", None),
        ("bytes=0-" + "9" * 30, None), ("bytes=" + ",".join(["0-1"] * 1000), None),
    ],
)  # fmt: skip
def test_f02_one_range_is_understood_and_everything_else_is_the_whole(header: str, expected: ByteRange | None) -> None:
    assert asked_range(header, 100) == expected


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=999-1000", 100), ("bytes=-0", 100), ("bytes=-1", 0)]
)
def test_f02_a_range_behind_the_end_cannot_be_satisfied(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        asked_range(header, size)


def test_a_moment_has_its_seconds() -> None:
    assert (seconds_of("00:01:12"), seconds_of("01:00:00.5-02:00:00")) == (72, 3600.5)
    with pytest.raises(NotALocator):
        seconds_of("soon")


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead, viewer=viewer)))
    file = make.file(item, lead, SOUND, "call.mp4")
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, item=item, file=file)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(file: File, name: str = "media") -> str:
    return reverse(f"evidence:{name}", args=[file.pk])


def flip(file: File, place: int = 40) -> None:
    path = store().path_of(file.sha256)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def acts(file: File) -> list[str]:
    return list(CustodyEvent.objects.filter(file=file).order_by("at").values_list("act", flat=True))


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_f01_a_sound_leaves_under_its_own_type_and_can_do_nothing_else(world: Any) -> None:
    response = signed_in(world.viewer).get(address(world.file))

    assert (response.status_code, body(response)) == (200, SOUND)
    assert response.headers["Content-Type"] == "audio/wav"
    assert response.headers["Content-Length"] == str(len(SOUND))
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_f02_a_range_is_given_as_one(world: Any) -> None:
    response = signed_in(world.viewer).get(address(world.file), headers={"range": "bytes=10-19"})

    assert (response.status_code, body(response)) == (206, SOUND[10:20])
    assert response.headers["Content-Range"] == f"bytes 10-19/{len(SOUND)}"
    assert response.headers["Content-Length"] == "10"


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "bytes=5-1", "words"])
def test_f02_what_is_not_one_range_is_answered_whole(world: Any, asked: str) -> None:
    response = signed_in(world.viewer).get(address(world.file), headers={"range": asked})

    assert (response.status_code, body(response)) == (200, SOUND)


def test_f02_a_range_behind_the_end_is_refused(world: Any) -> None:
    response = signed_in(world.viewer).get(address(world.file), headers={"range": f"bytes={len(SOUND)}-"})

    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["Content-Range"] == f"bytes */{len(SOUND)}"
    assert acts(world.file) == ["received"]


def test_f03_head_tells_the_same_gives_nothing_and_leaves_no_event(world: Any) -> None:
    client = signed_in(world.viewer)

    head, get = client.head(address(world.file)), client.get(address(world.file))

    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Accept-Ranges", "Content-Security-Policy"):
        assert head.headers[name] == get.headers[name]
    assert acts(world.file) == ["received", "accessed"]


def test_f12_playing_is_one_access_a_session_however_many_parts_are_asked_for(world: Any) -> None:
    client = signed_in(world.viewer)

    for start in (0, 10, 20):
        body(client.get(address(world.file), headers={"range": f"bytes={start}-{start + 5}"}))
    body(signed_in(world.lead).get(address(world.file)))

    events = CustodyEvent.objects.filter(act="accessed").order_by("at")
    assert [(event.by, event.purpose) for event in events] == [(world.viewer, "played"), (world.lead, "played")]


@pytest.mark.parametrize("content", [b"words", b"\x89PNG\r\n\x1a\n", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"])
def test_e37_what_is_no_film_is_not_played_whatever_it_is_called(world: Any, content: bytes) -> None:
    file = make.file(world.item, world.lead, content, "film.mp4", claimed_media_type="video/mp4")

    for name in ("media", "play"):
        assert signed_in(world.viewer).get(address(file, name)).status_code == 404


@pytest.mark.parametrize("name", ["media", "play"])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a01_a_film_of_another_circle_does_not_exist(world: Any, name: str, method: str) -> None:
    assert getattr(signed_in(world.stranger), method)(address(world.file, name)).status_code == 404


@pytest.mark.parametrize("was_played", [False, True])
def test_l03_a_flipped_byte_is_never_played(world: Any, was_played: bool) -> None:
    """Fails where a film that was checked once is trusted from then on."""
    file = make.file(world.item, world.lead, wav(b"played before: %d" % was_played), "call")
    client = signed_in(world.viewer)
    if was_played:
        body(client.get(address(file)))
    flip(file)

    response = client.get(address(file), headers={"range": "bytes=0-3"})

    assert response.status_code == 409
    assert acts(file)[-1] == "failed check"


def test_f08_a_film_that_turns_bad_while_it_plays_breaks_off_before_the_wrong_piece(world: Any) -> None:
    file = make.file(world.item, world.lead, wav(bytes(3 * 1024 * 1024)), "long")
    response = signed_in(world.viewer).get(address(file))
    flip(file, 2 * 1024 * 1024 + 5)

    given: list[bytes] = []
    with pytest.raises(WrongBytes):
        given.extend(response.streaming_content)

    assert acts(file) == ["received", "accessed", "failed check"]


def test_f06_a_missing_film_is_refused_and_named(world: Any) -> None:
    store().path_of(world.file.sha256).unlink()

    assert signed_in(world.viewer).get(address(world.file)).status_code == 409
    assert CustodyEvent.objects.get(act="failed check").purpose == "the file is missing"


# --- The player ------------------------------------------------------------------------------------------------------


def test_r27_only_the_page_with_a_player_may_play(world: Any) -> None:
    client = signed_in(world.viewer)

    player, item = client.get(address(world.file, "play")), client.get(world.item.get_absolute_url())

    assert "media-src 'self'" in player.headers["Content-Security-Policy"]
    assert "default-src 'none'" in player.headers["Content-Security-Policy"]
    assert "media-src" not in item.headers["Content-Security-Policy"]


def test_a_player_begins_at_the_moment_that_was_cited(world: Any) -> None:
    page = signed_in(world.viewer).get(f"{address(world.file, 'play')}?locator=00:01:12-00:01:20").content.decode()

    assert f'<audio controls preload="metadata" src="{address(world.file)}#t=72"' in page
    assert 'value="00:01:12"' in page


@pytest.mark.parametrize("moment", ["", "soon", "p. 4", "99:99:99", "<script>"])
def test_a_player_begins_at_its_start_where_no_moment_is_named(world: Any, moment: str) -> None:
    page = signed_in(world.viewer).get(address(world.file, "play"), {"locator": moment}).content.decode()

    assert f'src="{address(world.file)}"' in page


@pytest.mark.parametrize(
    ("cite", "is_offered"),
    [("/cases/x/exhibits/y/cite/", True), ("https://evil.example/", False), ("//evil.example/", False), ("#x", False)],
)
def test_a04_a_moment_is_only_handed_to_a_page_of_ours(world: Any, cite: str, is_offered: bool) -> None:
    page = signed_in(world.viewer).get(address(world.file, "play"), {"cite": cite}).content.decode()

    assert (f'formaction="{cite}"' in page) == is_offered


def test_a_citation_leads_to_the_player_of_its_item(world: Any) -> None:
    play = reverse("evidence:item_play", args=[world.item.pk])
    film = make.file(world.item, world.lead, mp4(), "film")
    client = signed_in(world.viewer)

    first = client.get(f"{play}?locator=00:00:05&other=1")
    second = client.get(f"{play}?file={film.pk}")

    assert first.headers["Location"] == f"{address(world.file, 'play')}?locator=00%3A00%3A05"
    assert second.headers["Location"] == address(film, "play")


def test_an_item_without_a_film_has_no_player(world: Any) -> None:
    item = make.item(world.lead)

    assert signed_in(world.lead).get(reverse("evidence:item_play", args=[item.pk])).status_code == 404


def test_an_items_page_leads_to_the_player(world: Any) -> None:
    reading.read_file(world.file)

    page = signed_in(world.viewer).get(world.item.get_absolute_url()).content.decode()

    assert f"{reverse('evidence:item_play', args=[world.item.pk])}?file={world.file.pk}" in page
