"""Position files of every format: what they give, what is "not available", and which rows are left out and why."""

import datetime
import io
import json

import pytest

from casefiles.voyages.readers.fixes import CannotRead, Fix, Log
from casefiles.voyages.readers.lines import LONGEST_LINE, ChunkStream
from casefiles.voyages.readers.options import Options
from casefiles.voyages.readers.reading import PositionFile
from casefiles.voyages.readers.sentences import MOST_OPEN, SentenceReader, checksum

NOW_S = int(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC).timestamp())
NOAA = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo"
NOAA_ROW = "367752440,2023-01-11T00:00:01,43.5,-70.25,7.5,12.5,95,SAN JOSE,,WDI9818,31,0.0,,,,"
NOAA_FIX = Fix(2, "367752440", 1673395201, 43.5, -70.25, 7.5, 12.5, 95, 0)
GPX = '<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{}</trkseg></trk></gpx>'
GPX_POINT = '<trkpt lat="42.2" lon="130.3"><time>2023-10-12T01:02:03Z</time></trkpt>'
SENTENCE = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A"
TWO_PARTS = (
    "!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C",
    "!AIVDM,2,2,1,A,88888888880,2*25",
)


def read(content, **options):
    """Return the format, the fixes and the log of a file."""
    log = Log(latest_s=NOW_S)
    file = PositionFile([content.encode() if isinstance(content, str) else content], Options(**options))
    return file.format, list(file.fixes(log)), log


def table(*rows, header=NOAA):
    return "\n".join([header, *rows]) + "\n"


def reasons(log):
    return [(problem.row, problem.column, problem.value) for problem in log.problems]


# Layouts -------------------------------------------------------------------------------------------------------------

LAYOUTS = {
    "noaa since 2018": ("noaa", table(NOAA_ROW + ",A", header=NOAA + ",TransceiverClass")),
    "noaa until 2017": ("noaa", table(NOAA_ROW.replace("0.0,,", "under way using engine,,"))),
    "noaa since 2025": (
        "noaa",
        "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status\n"
        "367752440,2023-01-11 00:00:01,-70.25,43.5,7.5,12.5,95,SAN JOSE,,WDI9818,31,0\n",
    ),
    "danish authority": (
        "dma",
        "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name\n"
        "11/01/2023 00:00:01,Class A,367752440,43.5,-70.25,Under way using engine,0.7,7.5,12.5,95,Unknown,,\n",
    ),
    "semicolons and decimal commas": (
        "noaa",
        table("367752440;2023-01-11T00:00:01;43,5;-70,25;7,5;12,5;95;Jose;;;;0", header=NOAA.replace(",", ";")),
    ),
    "tabs": ("noaa", table(NOAA_ROW.replace(",", "\t"), header=NOAA.replace(",", "\t"))),
    "quoted": ("noaa", table(NOAA_ROW.replace("SAN JOSE", '"JOSE, ""S"""'))),
    "windows line ends": ("noaa", table(NOAA_ROW).replace("\n", "\r\n")),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_same_position(name):
    expected, content = LAYOUTS[name]

    form, fixes, log = read(content)

    assert (form, fixes, log.problems) == (expected, [NOAA_FIX], [])


def test_global_fishing_watch_tracks_have_no_status_and_may_count_seconds():
    header = "ssvid,seg_id,timestamp,lat,lon,speed,course"
    rows = ("367752440,a,2023-01-11 00:00:01 UTC,43.5,-70.25,7.5,12.5", "367752440,a,1673395202.0,43.6,-70.25,,")

    form, fixes, log = read(table(*rows, header=header))

    assert form == "gfw"
    assert fixes == [
        NOAA_FIX._replace(heading_deg=None, status=None),
        Fix(3, "367752440", 1673395202, 43.6, -70.25),
    ]


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [("utf-8", b"\xef\xbb\xbf", ""), ("utf-16", b"", ""), ("cp1251", b"", ""), ("cp866", b"", "ibm866")],
)
def test_an_encoding_is_told_from_the_bytes_or_said(encoding, mark, said):
    name = "АНГАРА ОДИН ИЗ КОРАБЛЕЙ ФЛОТА"
    content = mark + table(*[NOAA_ROW.replace("SAN JOSE", name)] * 3).encode(encoding)

    _form, fixes, log = read(content, encoding=said)

    assert fixes[0] == NOAA_FIX
    assert [identity.name for _mmsi, identity in log.identities] == [name]


GENERIC = "ship,when,y,x\n"
COLUMNS = {"mmsi": "Ship", "time": "when", "latitude": "y", "longitude": "x"}


@pytest.mark.parametrize(
    ("written", "options"),
    [
        ("2023-01-11T00:00:01", {}),
        ("2023-01-11 00:00:01Z", {}),
        ("2023-01-11T09:00:01+09:00", {}),
        ("2023-01-11 09:00:01", {"utc_offset_min": 540}),
        ("11.01.2023 00:00:01", {"time_order": "dmy"}),
        ("01/11/2023 0:00:01", {"time_order": "mdy"}),
        ("1673395201", {"time_order": "epoch"}),
        ("1673395201000", {"time_order": "epoch"}),
    ],
)
def test_the_order_and_zone_of_times_in_a_mapped_table_are_said_and_not_guessed(written, options):
    _form, fixes, log = read(f"{GENERIC}367752440,{written},43.5,-70.25\n", columns=COLUMNS, **options)

    assert [fix.epoch_s for fix in fixes] == [1673395201], log.problems


@pytest.mark.parametrize("written", ["11/01/2023 00:00:01", "2023-01-11", "soon", ""])
def test_a_time_in_another_order_than_was_said_is_no_time(written):
    _form, fixes, log = read(f"{GENERIC}367752440,{written},43.5,-70.25\n", columns=COLUMNS)

    assert (fixes, reasons(log)) == ([], [(2, "when", written)])


def test_a_table_without_mmsi_takes_the_one_that_is_said():
    columns = {name: column for name, column in COLUMNS.items() if name != "mmsi"}

    _form, fixes, _log = read(f"{GENERIC}-,2023-01-11T00:00:01,43.5,-70.25\n", columns=columns, mmsi="367752440")

    assert [fix.mmsi for fix in fixes] == ["367752440"]


@pytest.mark.parametrize(
    ("content", "options", "part"),
    [
        ("MMSI,Timestamp,LAT,LON,SOG\n367752440,2023-01-11T00:00:01,43.5,-70.25,1\n", {}, "MMSI, Timestamp, LAT, LON"),
        ("MMSI,BaseDateTime,LAT\n", {}, "No column holds the longitude."),
        ("Dear all,\nno positions here.\n", {}, "This is no position file"),
        ("", {}, "This is no position file"),
        (GENERIC, {"columns": {**COLUMNS, "mmsi": "hull"}}, "has the columns hull, when, y, x"),
        (table(NOAA_ROW), {"format": "dma"}, "the columns are those of “noaa”"),
        (GPX.format(GPX_POINT), {}, "does not say whose track it is"),
        (GPX.format(GPX_POINT), {"mmsi": "12"}, "An MMSI has nine digits"),
        (f"{GENERIC}-,-,-,-\n", {"columns": {n: c for n, c in COLUMNS.items() if n != "mmsi"}, "mmsi": "12"}, "nine"),
        (SENTENCE + "\n", {}, "say when they were received"),
        (
            f'<!DOCTYPE gpx [<!ENTITY a "b">]>{GPX.format(GPX_POINT)}',
            {"format": "gpx", "mmsi": "367752440"},
            "entities",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_what_is_missing(content, options, part):
    with pytest.raises(CannotRead) as caught:
        read(content, **options)

    assert part in str(caught.value)


# Rows and values -----------------------------------------------------------------------------------------------------


def row(**cells):
    """Return a NOAA row with other cells: by the header's name, in lower case."""
    headers = NOAA.lower().split(",")
    values = dict(zip(headers, NOAA_ROW.split(","), strict=True)) | cells
    return ",".join(values[header] for header in headers)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"mmsi": "47730790x"}, "MMSI"),
        ({"mmsi": "0"}, "MMSI"),
        ({"mmsi": "3660555"}, "MMSI"),
        ({"mmsi": "3677524401"}, "MMSI"),
        ({"lat": "91"}, "position"),
        ({"lon": "181"}, "position"),
        ({"lat": "-90.1"}, "position"),
        ({"lat": "nan"}, "position"),
        ({"lon": "inf"}, "position"),
        ({"lat": ""}, "LAT"),
        ({"lat": "4_3"}, "LAT"),
        ({"basedatetime": "2017-12-01Txx:00:01"}, "BaseDateTime"),
        ({"basedatetime": "2023-02-30T00:00:01"}, "BaseDateTime"),
        ({"basedatetime": "2038-01-19T03:14:08"}, "BaseDateTime"),
        ({"basedatetime": "9999-12-31T23:59:59"}, "BaseDateTime"),
        ({"basedatetime": "1970-01-01T00:00:00"}, "BaseDateTime"),
    ],
)
def test_a_bad_row_is_listed_and_never_loses_the_good_ones(cells, column):
    _form, fixes, log = read(table(NOAA_ROW, row(**cells), NOAA_ROW))

    assert [fix.row for fix in fixes] == [2, 4]
    assert [(problem.row, problem.column, problem.is_kept) for problem in log.problems] == [(3, column, False)]
    assert (log.rows, log.rejected) == (3, 1)


@pytest.mark.parametrize(
    ("cells", "field", "unavailable", "is_listed"),
    [
        ({"sog": "102.3"}, "speed_kn", "speed", False),
        ({"cog": "360.0"}, "course_deg", "course", False),
        ({"heading": "511.0"}, "heading_deg", "heading", False),
        ({"sog": ""}, "speed_kn", None, False),
        ({"sog": "110"}, "speed_kn", None, True),
        ({"sog": "fast"}, "speed_kn", None, True),
        ({"cog": "-97.8"}, "course_deg", None, True),
        ({"heading": "nan"}, "heading_deg", None, True),
        ({"status": "15"}, "status", None, False),
        ({"status": "16"}, "status", None, True),
        ({"status": "asleep"}, "status", None, True),
    ],
)
def test_a_value_that_is_not_available_is_no_number_and_its_row_is_kept(cells, field, unavailable, is_listed):
    _form, fixes, log = read(table(row(**cells)))

    assert getattr(fixes[0], field) is None
    assert dict(log.unavailable) == ({unavailable: 1} if unavailable else {})
    assert [problem.is_kept for problem in log.problems] == ([True] if is_listed else [])


def test_102_2_knots_is_that_much_or_more_and_stays_a_number():
    assert read(table(row(sog="102.2")))[1][0].speed_kn == 102.2


def test_an_imo_number_that_does_not_check_is_listed_once_and_not_kept():
    bad = row(imo="IMO1234568")

    _form, fixes, log = read(table(bad, bad, row(imo="IMO9179842"), row(imo="IMO0000000"), row(imo="Unknown")))

    assert len(fixes) == 5
    assert reasons(log) == [(2, "IMO", "IMO1234568")]
    assert {identity.imo_number for _mmsi, identity in log.identities} == {"", "9179842"}
    assert log.unavailable["IMO"] == 2


@pytest.mark.parametrize(
    "line",
    ['"367752440,2023-01-11', "367752440,2023-01-11T00:00:01", "x" * (3 * LONGEST_LINE), "\x00" * 30],
    ids=["open quote", "cut off", "too long", "zeros"],
)
def test_a_line_that_is_no_row_costs_only_itself(line):
    _form, fixes, log = read(table(NOAA_ROW, line, NOAA_ROW))

    assert [fix.row for fix in fixes] == [2, 4]
    assert len(log.problems) == 1
    assert len(log.problems[0].value) <= 80


def test_problems_are_counted_all_and_listed_up_to_a_limit():
    log = Log(latest_s=NOW_S, most_problems=3)

    list(PositionFile([table(*["x"] * 50).encode()], Options()).fixes(log))

    assert (log.rejected, len(log.problems)) == (50, 3)


def test_a_stream_says_how_far_it_was_read():
    stream = ChunkStream([b"abc", b"", b"defgh"])

    first = stream.read(4)

    assert (first, stream.position) == (b"abc", 3) or (first, stream.position) == (b"abcd", 4)
    assert stream.read() + stream.read() in (b"defgh", b"efgh")
    assert stream.position == 8
    assert io.BufferedReader(ChunkStream([])).read() == b""


# GPX -----------------------------------------------------------------------------------------------------------------


def test_the_points_of_a_gpx_are_those_of_the_mmsi_that_is_said():
    moving = "<time>2023-10-12T02:02:03Z</time><speed>5.144444</speed><course>90</course>"
    second = f'<trkpt lat="42.3" lon="130.4">{moving}</trkpt>'

    form, fixes, log = read(GPX.format(GPX_POINT + second), mmsi="273456780")

    assert form == "gpx"
    assert fixes[0] == Fix(1, "273456780", 1697072523, 42.2, 130.3)
    assert (round(fixes[1].speed_kn, 3), fixes[1].course_deg) == (10.0, 90.0)
    assert log.problems == []


@pytest.mark.parametrize(
    "point",
    [
        '<trkpt lat="42.2" lon="130.3"></trkpt>',
        '<trkpt lat="130.3" lon="42.2"><time>2023-10-12T01:02:03Z</time></trkpt>',
        '<trkpt lat="NaN" lon="42.2"><time>2023-10-12T01:02:03Z</time></trkpt>',
        '<trkpt lon="42.2"><time>2023-10-12T01:02:03Z</time></trkpt>',
        '<trkpt lat="42.2" lon="130.3"><time>yesterday</time></trkpt>',
    ],
)
def test_a_bad_point_of_a_gpx_is_listed_by_its_number(point):
    _form, fixes, log = read(GPX.format(GPX_POINT + point + GPX_POINT), mmsi="273456780")

    assert [fix.row for fix in fixes] == [1, 3]
    assert [problem.row for problem in log.problems] == [2]


def test_a_gpx_that_breaks_off_gives_what_stood_before():
    _form, fixes, log = read(GPX.format(GPX_POINT)[:-10], mmsi="273456780")

    assert len(fixes) == 1
    assert "breaks off" in log.problems[0].reason


# Sentences -----------------------------------------------------------------------------------------------------------

RECEIVED = {"received_at": datetime.datetime(2010, 1, 1, tzinfo=datetime.UTC)}


def tagged(sentence, text):
    return f"\\{text}*{checksum(text)}\\{sentence}"


@pytest.mark.parametrize(
    ("line", "epoch_s"),
    [
        (tagged(SENTENCE, "s:rNMEA,c:1697072523"), 1697072523),
        (tagged(SENTENCE, "c:1697072523123,s:x"), 1697072523),
        (f"{SENTENCE},b003669945,1273621200", 1273621200),
        (SENTENCE, 1262304000),
    ],
)
def test_a_sentence_is_dated_by_its_tag_block_or_what_stands_behind_it_or_what_was_said(line, epoch_s):
    form, fixes, _log = read(line + "\n", **RECEIVED)

    assert form == "aivdm"
    assert fixes == [Fix(1, "371798000", epoch_s, 48.381633, -123.395383, 12.3, 224.0, 215, 0)]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (SENTENCE.replace("*4A", "*4B"), "checksum"),
        (SENTENCE.replace("15RT", "25RT"), "checksum"),
        (SENTENCE.removesuffix("*4A"), "sentence"),
        (f"\\c:1697072523*00\\{SENTENCE}", "tag block"),
        ("!AIVDM,3,4,1,A,8888,0*" + checksum("AIVDM,3,4,1,A,8888,0"), "sentence"),
        ("!AIVDM,1,1,A,8888,0*" + checksum("AIVDM,1,1,A,8888,0"), "sentence"),
        ("!AIVDM,1,1,,A,1,0*" + checksum("AIVDM,1,1,,A,1,0"), "payload"),
        ("!AIVDM,1,1,,A,,0*" + checksum("AIVDM,1,1,,A,,0"), "payload"),
    ],
)
def test_a_damaged_sentence_never_becomes_a_position(line, column):
    _form, fixes, log = read(f"{SENTENCE}\n{line}\n{SENTENCE}\n", **RECEIVED)

    assert [fix.row for fix in fixes] == [1, 3]
    assert [(problem.row, problem.column) for problem in log.problems] == [(2, column)]


def test_parts_are_put_together_in_whatever_order_they_come():
    for lines in (TWO_PARTS, reversed(TWO_PARTS)):
        _form, _fixes, log = read("\n".join(lines), **RECEIVED)

        assert log.problems == []
        assert [mmsi for mmsi, _identity in log.identities] == ["351759000"]


def test_parts_that_never_come_are_listed_and_held_in_bounded_memory():
    """E41. Breaks if what is open is kept for ever."""
    body = "AIVDM,2,1,{},A,8888,0"
    lines = [f"!{body.format(number)}*{checksum(body.format(number))}" for number in range(3 * MOST_OPEN)]
    log = Log(latest_s=NOW_S, most_problems=2)
    reader = SentenceReader(Options(**RECEIVED), log)

    assert list(reader.fixes(enumerate(lines, 1))) == []
    assert log.rejected == 3 * MOST_OPEN
    assert len(reader._open) <= MOST_OPEN
    assert "Only 1 of 2 parts" in log.problems[0].reason


# Real files ----------------------------------------------------------------------------------------------------------


def test_the_noaa_sample_gives_its_known_answers(shared_data):
    _form, fixes, log = read((shared_data / "ais" / "noaa_marinecadastre_20230111_1000rows.csv").read_bytes())

    assert (log.rows, len(fixes), log.rejected) == (1000, 998, 2)
    assert {problem.value for problem in log.problems if not problem.is_kept} == {
        problem.value for problem in log.problems if problem.column == "MMSI"
    }
    assert [log.unavailable[name] for name in ("heading", "course", "speed")] == [426, 90, 4]
    assert sum(problem.column == "IMO" for problem in log.problems) == 33


def test_the_danish_sample_has_a_station_cut_short_and_a_row_without_a_position(shared_data):
    form, fixes, log = read((shared_data / "ais" / "danish_dma_2023-03-18_head.csv").read_bytes())

    assert (form, len(fixes)) == ("dma", 7)
    assert reasons(log) == [(2, "MMSI", "2190064"), (8, "position", "91, 0")]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("fathom5_badMMSIData.csv", (9, (3, "MMSI", "47730790x"))),
        ("fathom5_badTimeData.csv", (9, (3, "BaseDateTime", "2017-12-01Txx:00:01"))),
        ("fathom5_track_synthetic.csv", (12, (6, "COG", "-97.8"))),
    ],
)
def test_the_broken_files_give_their_good_rows(shared_data, name, found):
    _form, fixes, log = read((shared_data / "ais" / name).read_bytes())

    assert (len(fixes), reasons(log)[0]) == found


def test_the_file_with_other_headers_is_read_once_they_are_said(shared_data):
    content = (shared_data / "ais" / "fathom5_badHeaders.csv").read_bytes()
    columns = {"mmsi": "MMSI", "time": "Timestamp", "latitude": "LAT", "longitude": "LON"}

    with pytest.raises(CannotRead, match="Timestamp"):
        read(content)
    assert len(read(content, columns=columns)[1]) == 10


def test_the_sentences_of_gpsd_decode_as_gpsd_decodes_them(shared_data):
    decoded = (shared_data / "ais" / "gpsd_sample.aivdm.expected.jsonl").read_text()
    expected = [json.loads(line) for line in decoded.splitlines()]
    placed = [one for one in expected if one["type"] in {1, 2, 3, 4, 9, 11, 18, 19, 21, 27} and one["lat"] <= 90]

    _form, fixes, log = read((shared_data / "ais" / "gpsd_sample.aivdm").read_bytes(), **RECEIVED)

    assert [fix.mmsi for fix in fixes] == [f"{one['mmsi']:09d}" for one in placed]
    for fix, one in zip(fixes, placed, strict=True):
        # The long-range message is rounded by gpsd to a tenth of a degree.
        within = 0.051 if one["type"] == 27 else 1e-6
        assert abs(fix.latitude - one["lat"]) < within and abs(fix.longitude - one["lon"]) < within
        assert fix.speed_kn == one.get("speed") and fix.course_deg == one.get("course")
    assert [problem.value for problem in log.problems] == ["91, 181", "109.332, 205.117"]
