"""Films and sounds: what they are and say of themselves, read from their own boxes."""

import io
import json
import struct
import tempfile
from typing import Any

import pytest

from casefiles.evidence import cage
from casefiles.evidence.media_types import recognise
from casefiles.evidence.readers import video
from casefiles.evidence.readers.boxes import position_of
from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.reading import reader_for
from tests.evidence import media_files as media
from tests.evidence.hostile import media as hostile


def read(content: bytes) -> dict[str, Any]:
    [frame] = video.frames(io.BytesIO(content))
    return json.loads(frame.body)


FILM = {"duration_s": 2.5, "width_px": 640, "height_px": 480}


@pytest.mark.parametrize(
    ("content", "media_type", "form", "measured"),
    [
        (media.mp4(), "video/mp4", "MP4 (isom)", {**FILM, "codecs": ["video avc1", "sound mp4a"]}),
        (media.mp4(brand=b"qt  "), "video/quicktime", "QuickTime", {**FILM, "codecs": ["video avc1", "sound mp4a"]}),
        (media.webm(), "video/webm", "WebM", {**FILM, "codecs": ["video V_VP8", "sound A_OPUS"]}),
        (
            media.webm(doc_type=b"matroska"),
            "video/x-matroska",
            "Matroska",
            {**FILM, "codecs": ["video V_VP8", "sound A_OPUS"]},
        ),
        (media.wav(), "audio/wav", "WAV", {"channels": 1, "sample_rate_hz": 8000, "duration_s": 1.0}),
        (media.flac(), "audio/flac", "FLAC", {"channels": 2, "sample_rate_hz": 44100, "duration_s": 2.0}),
        (media.opus(), "application/ogg", "Ogg Opus", {"channels": 2, "sample_rate_hz": 48000, "duration_s": 2.0}),
        (media.vorbis(), "application/ogg", "Ogg Vorbis", {"channels": 1, "sample_rate_hz": 8000, "duration_s": 2.0}),
        (media.mp3(), "audio/mpeg", "MP3", {"channels": 2, "sample_rate_hz": 44100, "duration_s": 2.612}),
    ],
)
def test_films_and_sounds_are_recognised_and_measured(
    content: bytes, media_type: str, form: str, measured: dict[str, Any]
) -> None:
    found = read(content)

    recognised = recognise(io.BytesIO(content), len(content))
    assert (recognised, reader_for(recognised)) == (media_type, "video")
    assert (found["form"], found["measured"], found["warnings"]) == (form, measured, [])


def test_the_time_that_a_film_claims_is_in_utc_and_an_unknown_one_is_none() -> None:
    known = read(media.mp4(media.movie_header(created=3_800_000_000), media.track()))
    unknown = read(media.mp4(media.movie_header(created=0), media.track()))

    assert known["claims"] == [{"key": "captured", "value": "2024-05-31T11:33:20Z", "where": "mvhd"}]
    assert unknown["claims"] == []


def test_a_film_in_64_bits_is_read() -> None:
    header = media.box(b"mvhd", struct.pack(">IQQIQ", 1 << 24, 3_800_000_000, 0, 600, 1_500), bytes(80))

    assert read(media.mp4(header, media.track()))["measured"]["duration_s"] == 2.5


def test_what_a_telephone_writes_into_a_film_is_told() -> None:
    said = media.keys(creationdate="2024-10-25T17:00:00+0900", location_ISO6709="+42.2353+130.3011/", make="Maker")

    found = read(media.mp4(media.movie_header(created=0), media.track(), said, brand=b"qt  "))

    assert [(claim["key"], claim["value"]) for claim in found["claims"]] == [
        ("captured", "2024-10-25T17:00:00+0900"),
        ("position", [130.3011, 42.2353]),
        ("camera", "Maker"),
    ]


@pytest.mark.parametrize("text", ["", "+95.0+010.0/", "+10+999/", "nowhere"])
def test_a_position_that_is_none_is_none(text: str) -> None:
    assert position_of(text) is None


def test_what_matroska_says_of_itself_is_told() -> None:
    claims = read(media.webm())["claims"]

    assert claims == [
        {"key": "captured", "value": "2024-10-07T13:20:00Z", "where": "DateUTC"},
        {"key": "software", "value": "a test", "where": "WritingApp"},
    ]


def test_a_sound_that_is_cut_off_or_estimated_says_so() -> None:
    assert read(media.wav(stated=16_000))["warnings"] == ["It is cut off: it says that it holds more than it does."]
    assert read(media.mp3(frames=None))["warnings"] == ["How long it is was estimated from its first second."]
    assert read(media.mp3(frames=None))["measured"]["duration_s"] == 1.0


BROKEN = list(hostile.broken())


@pytest.mark.parametrize("content", [one[2] for one in BROKEN], ids=[one[1] for one in BROKEN])
def test_e37_lies_about_sizes_end_in_a_reason_or_in_few_words(content: bytes) -> None:
    """Fails where a size that the file claims decides how much is read, or how often."""
    try:
        found = read(content)
    except NotParsed as refusal:
        assert refusal.reason
    else:
        assert len(json.dumps(found)) < 5_000


@pytest.mark.parametrize("content", [one[2] for one in hostile.playlists()])
def test_e37_a_playlist_is_no_film_whatever_it_is_called(content: bytes) -> None:
    assert reader_for(recognise(io.BytesIO(content), len(content))) != "video"
    with pytest.raises(NotParsed):
        read(content)


def test_a_film_is_read_in_the_cage() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(media.mp4())
        file.flush()
        [frame] = cage.collected("video", file.fileno())

    assert json.loads(frame.body)["form"] == "MP4 (isom)"
