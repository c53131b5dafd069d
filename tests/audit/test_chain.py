"""The hash chain: what it binds, how damage is named, and a verifier for outsiders that agrees on every damaged log."""

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.audit import chain, verify_log
from casefiles.audit.chain import BEGINNING, GENESIS, Damage, EventFields, Head, Row

VERIFIER = Path(verify_log.__file__)
DAMAGED_COPIES = 600


def event(seq: int, **changed: object) -> EventFields:
    plain = EventFields(
        seq=seq,
        event_id=f"00000000-0000-4000-8000-{seq:012}",
        at=f"2026-01-{seq % 28 + 1:02}T08:00:00.000000+00:00",
        actor="lead",
        act="edited",
        record_kind="claim",
        record_id="c-1",
        compartments=("north", "south"),
        changes=(("wording", "old", "new"), ("kind", "fact", "inference")),
        note="Ship's name corrected: Ангара.",
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def chained(events: list[EventFields], start: str = GENESIS) -> list[Row]:
    rows, previous = [], start
    for one in events:
        stored = chain.link(previous, one)
        rows.append((one, previous, stored))
        previous = stored
    return rows


ROWS = chained([event(seq) for seq in range(1, 11)])
HEAD = Head(10, ROWS[-1][2])


def verdict(rows: list[Row], head: Head | None = HEAD) -> tuple[Damage | None, int | None]:
    report = chain.verify(rows, expected_head=head)
    return report.damage, report.seq


# --- What is hashed ------------------------------------------------------------------------------------------------


def test_the_serialisation_never_changes() -> None:
    """Old logs must verify for ever: a change of these values is a new domain tag, not an edit here."""
    assert ROWS[0][2] == "bd71007e4e7fa9c361860dcc2dc1a574ff7ebb3fb34cd4b94969546728696c37"
    assert chain.value_digest(b"salt", "value") == "5f50573d6cdc7d3e220d29ea9736b7fa6fc1ad8c2130280cc7e031143e332c99"


def test_a_link_is_the_hash_of_lengths_and_contents_in_order() -> None:
    def text(content: str) -> bytes:
        return len(content.encode()).to_bytes(8, "big") + content.encode()

    bare = EventFields(7, "id", "at", "actor", "act", "kind", "record", ("c",), (("f", "o", "n"),), "é")
    one = (1).to_bytes(8, "big")
    parts = [text(part) for part in ("casefiles/event/1", "before", "7", "id", "at", "actor", "act", "kind", "record")]
    parts += [one, text("c"), one, text("f"), text("o"), text("n"), text("é")]

    assert chain.link("before", bare) == hashlib.sha256(b"".join(parts)).hexdigest()


short = st.text(alphabet=st.characters(), max_size=4)
events = st.builds(
    EventFields,
    seq=st.integers(0, 20),
    event_id=short,
    at=short,
    actor=short,
    act=short,
    record_kind=short,
    record_id=short,
    compartments=st.lists(short, max_size=3).map(tuple),
    changes=st.lists(st.tuples(short, short, short), max_size=2).map(tuple),
    note=short,
)


@given(events, events)
def test_different_events_never_serialise_alike(one: EventFields, other: EventFields) -> None:
    assert (chain.serialise(one) == chain.serialise(other)) == (one == other)


longer = st.one_of(short, st.text(alphabet="ab\u00e9\x7f", min_size=120, max_size=135))
longer_events = st.builds(
    replace,
    events,
    actor=longer,
    note=longer,
    compartments=st.one_of(st.lists(longer, max_size=2), st.integers(126, 130).map(lambda count: ["c"] * count)).map(
        tuple
    ),
)


@given(longer_events)
def test_what_is_written_fast_is_what_is_written_by_the_rule(one: EventFields) -> None:
    """Catches a fast way that takes a length for another, at the edge of one ASCII character or beyond."""
    try:
        fast = chain._serialised_short(one)
    except (IndexError, UnicodeEncodeError):
        fast = chain.serialise(one)

    assert fast == chain._serialised(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"actor": "ab", "act": "c"}, {"actor": "a", "act": "bc"}),
        ({"compartments": ("a", "b")}, {"compartments": ("ab",)}),
        ({"compartments": ("a",), "changes": ()}, {"compartments": (), "changes": (("a", "", ""),)}),
        ({"compartments": ()}, {"compartments": ("",)}),
        ({"changes": (("a", "b", "c"),)}, {"changes": (("a", "bc", ""),)}),
        ({"note": "\ud800"}, {"note": "\ufffd"}),
    ],
)
def test_moving_a_boundary_between_fields_changes_the_hash(one: dict[str, object], other: dict[str, object]) -> None:
    """Catches a serialisation that joins the fields with a separator, or with nothing."""
    assert chain.link(GENESIS, event(1, **one)) != chain.link(GENESIS, event(1, **other))


def test_a_value_digest_binds_salt_and_value_and_tells_none_from_empty() -> None:
    digests = [
        chain.value_digest(salt, value)
        for salt, value in [(b"a", "b"), (b"a", "c"), (b"ab", ""), (b"a", ""), (b"a", None), (b"", "ab"), (b"", None)]
    ]

    assert len(set(digests)) == len(digests)


# --- Sound chains --------------------------------------------------------------------------------------------------


def test_a_sound_chain_passes_and_says_how_much_was_checked() -> None:
    report = chain.verify(ROWS, expected_head=HEAD)

    assert (report.is_sound, report.checked, report.head, report.head_was_known) == (True, 10, HEAD, True)


def test_an_empty_chain_reports_that_nothing_was_checked() -> None:
    report = chain.verify([])

    assert (report.checked, report.head, report.head_was_known) == (0, BEGINNING, False)


def test_a_chain_may_be_longer_than_the_checkpoint() -> None:
    assert verdict(ROWS, Head(4, ROWS[3][2])) == (None, None)


@pytest.mark.parametrize("cut", range(11))
def test_l19_a_walk_resumes_where_an_earlier_one_ended(cut: int) -> None:
    first = chain.verify(ROWS[:cut])
    second = chain.verify(ROWS[cut:], start=first.head, expected_head=HEAD)

    assert (second.is_sound, first.checked + second.checked, second.head) == (True, 10, HEAD)


def test_l19_rows_are_read_once_and_not_kept() -> None:
    alive: list[int] = []

    class Counted(EventFields):
        def __del__(self) -> None:
            alive.append(-1)

    def rows() -> Iterator[Row]:
        previous = GENESIS
        for seq in range(1, 200):
            one = Counted(**{part.name: getattr(event(seq), part.name) for part in fields(EventFields)})
            alive.append(1)
            stored = chain.link(previous, one)
            assert sum(alive) <= 5
            yield one, previous, stored
            previous = stored

    assert chain.verify(rows()).checked == 199


# --- Damage --------------------------------------------------------------------------------------------------------

COLUMNS: dict[str, object] = {
    "event_id": "another",
    "at": "2020-01-01T00:00:00.000000+00:00",
    "actor": "viewer",
    "act": "voided",
    "record_kind": "item",
    "record_id": "c-2",
    "compartments": ("north",),
    "changes": (("wording", "old", "newer"),),
    "note": "",
}


@pytest.mark.parametrize("place", [0, 4, 9])
@pytest.mark.parametrize("column", COLUMNS)
def test_l10_l13_an_edited_column_names_its_row(column: str, place: int) -> None:
    rows = list(ROWS)
    rows[place] = (replace(rows[place][0], **{column: COLUMNS[column]}), *rows[place][1:])  # type: ignore[arg-type]

    assert verdict(rows) == (Damage.EDITED, place + 1)


@pytest.mark.parametrize("seq", [0, 3, 6, 99, -1])
def test_l10_l12_a_changed_number_names_its_row(seq: int) -> None:
    rows = list(ROWS)
    rows[4] = (replace(rows[4][0], seq=seq), *rows[4][1:])

    assert verdict(rows) == (Damage.EDITED, 5)


@pytest.mark.parametrize("place", [0, 4, 9])
@pytest.mark.parametrize(
    ("column", "detail"), [(1, "the previous hash was changed"), (2, "the hash was changed")], ids=["previous", "hash"]
)
def test_l10_an_edited_hash_names_its_row_and_column(place: int, column: int, detail: str) -> None:
    rows = list(ROWS)
    row = list(rows[place])
    row[column] = "f" * 64
    rows[place] = tuple(row)  # type: ignore[assignment]

    report = chain.verify(rows, expected_head=HEAD)

    assert (report.damage, report.seq) == (Damage.EDITED, place + 1)
    # Of the last row nothing after it tells which of the two was changed.
    assert report.detail == detail or (place, column) == (9, 2)


def test_a_row_edited_and_hashed_anew_is_named_by_the_next() -> None:
    rows = list(ROWS)
    forged = replace(rows[4][0], note="forged")
    rows[4] = (forged, rows[4][1], chain.link(rows[4][1], forged))

    assert verdict(rows) == (Damage.EDITED, 5)


def test_l07_l15_a_chain_written_anew_from_some_row_on_is_found_by_the_checkpoint() -> None:
    """Catches a verifier without a head: such a chain is sound in itself."""
    rows = ROWS[:4] + chained([event(seq, note="forged") for seq in range(5, 11)], ROWS[3][2])

    assert verdict(rows, head=None) == (None, None)
    assert verdict(rows) == (Damage.REWRITTEN, 10)
    assert verdict(rows, Head(6, ROWS[5][2])) == (Damage.REWRITTEN, 6)


def test_a_chain_from_another_beginning_is_named_at_its_first_row() -> None:
    assert verdict(chained([event(seq) for seq in range(1, 11)], start="f" * 64)) == (Damage.EDITED, 1)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (ROWS[1:], (Damage.REMOVED, 1)),
        (ROWS[:4] + ROWS[5:], (Damage.REMOVED, 5)),
        (ROWS[:4] + ROWS[7:], (Damage.REMOVED, 5)),
        (ROWS[:-1], (Damage.TAIL_MISSING, 10)),
        (ROWS[:3], (Damage.TAIL_MISSING, 4)),
        ([], (Damage.TAIL_MISSING, 1)),
    ],
    ids=["first", "middle", "three", "last", "last seven", "all"],
)
def test_l11_removed_rows_are_named(kept: list[Row], expected: tuple[Damage, int]) -> None:
    assert verdict(kept) == expected


def test_l11_without_a_head_a_missing_tail_cannot_show_and_the_report_says_so() -> None:
    report = chain.verify(ROWS[:3])

    assert (report.is_sound, report.head_was_known) == (True, False)


def renumbered(rows: list[Row], by: int) -> list[Row]:
    return [(replace(one, seq=one.seq + by), previous, stored) for one, previous, stored in rows]


def test_l12_a_removal_hidden_by_renumbering_is_named() -> None:
    assert verdict(ROWS[:4] + renumbered(ROWS[5:], -1)) == (Damage.REMOVED, 5)


def test_l12_an_insertion_hidden_by_renumbering_is_named() -> None:
    forged = event(5, note="forged")
    rows = [*ROWS[:4], (forged, ROWS[3][2], chain.link(ROWS[3][2], forged)), *renumbered(ROWS[4:], 1)]

    assert verdict(rows) == (Damage.INSERTED, 5)


@pytest.mark.parametrize("seq", [0, 3, 5, 7, 50])
def test_l12_an_inserted_row_that_belongs_nowhere_is_named(seq: int) -> None:
    assert verdict([*ROWS[:4], (event(seq, note="forged"), "0" * 64, "1" * 64), *ROWS[4:]]) == (Damage.INSERTED, seq)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([1, 2, 4, 3, 5, 6, 7, 8, 9, 10], 3),
        ([2, 1, 3, 4, 5, 6, 7, 8, 9, 10], 1),
        ([1, 2, 9, 4, 5, 6, 7, 8, 3, 10], 3),
        ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 1),
        ([1, 3, 4, 5, 6, 7, 8, 9, 10, 2], 2),
    ],
)
def test_l12_rows_in_another_order_are_named(order: list[int], expected: int) -> None:
    assert verdict([ROWS[seq - 1] for seq in order]) == (Damage.REORDERED, expected)


@pytest.mark.parametrize("again", [0, 4, 9])
def test_l12_a_row_that_stands_twice_is_named(again: int) -> None:
    assert verdict([*ROWS[: again + 1], *ROWS[again:]]) == (Damage.DUPLICATED, again + 1)
    assert verdict([*ROWS, ROWS[again]]) == (Damage.DUPLICATED, again + 1)


@pytest.mark.parametrize("seq", [5, 6])
def test_l14_two_rows_with_one_predecessor_are_named(seq: int) -> None:
    other = event(seq, note="the other branch")
    branch = (other, ROWS[3][2], chain.link(ROWS[3][2], other))

    assert verdict([*ROWS[:5], branch, *ROWS[5:]]) == (Damage.FORKED, seq)


# --- The independent verifier --------------------------------------------------------------------------------------

MAIN = verify_log.main


def written(rows: list[Row], folder: Path) -> Path:
    log = folder / "log.jsonl"
    log.write_text("".join(f"{chain.exported_line(*row)}\n" for row in rows), encoding="utf-8")
    return log


def outsider(rows: list[Row], folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = MAIN([str(written(rows, folder)), "--head", f"{HEAD.seq}:{HEAD.hash}"])
    return status, capsys.readouterr().out


def edit(rows: list[Row], chance: random.Random) -> list[Row]:
    place = chance.randrange(len(rows))
    one, previous, stored = rows[place]
    column = chance.choice([*COLUMNS, "seq", "previous", "hash"])
    if column == "seq":
        changed = (
            replace(one, seq=chance.choice([one.seq - 1, one.seq + 1, chance.randrange(-2, 30)])),
            previous,
            stored,
        )
    elif column in COLUMNS:
        changed = (replace(one, **{column: COLUMNS[column]}), previous, stored)
    else:
        wrong = chance.choice([GENESIS, "f" * 64, rows[chance.randrange(len(rows))][2], ""])
        changed = (one, wrong, stored) if column == "previous" else (one, previous, wrong)
    return [*rows[:place], changed, *rows[place + 1 :]]


def hash_anew(rows: list[Row], chance: random.Random) -> list[Row]:
    place, stop = chance.randrange(len(rows)), chance.choice([1, 2, 20])
    forged = [replace(one, note="forged") for one, _previous, _stored in rows[place : place + stop]]
    return rows[:place] + chained(forged, rows[place][1]) + rows[place + stop :]


def remove(rows: list[Row], chance: random.Random) -> list[Row]:
    start = chance.choice([0, chance.randrange(len(rows)), len(rows) - 1])
    gone = chance.choice([1, 1, 3, 10])
    kept = rows[start + gone :]
    return rows[:start] + (renumbered(kept, -gone) if chance.random() < 0.4 else kept)


def repeat(rows: list[Row], chance: random.Random) -> list[Row]:
    row = rows[chance.randrange(len(rows))]
    to = chance.randrange(len(rows) + 1)
    return [*rows[:to], row, *rows[to:]]


def insert(rows: list[Row], chance: random.Random) -> list[Row]:
    to = chance.randrange(len(rows) + 1)
    forged = event(chance.choice([to, to + 1, to + 2, chance.randrange(30)]), note="forged")
    previous = chance.choice([GENESIS, *(stored for _one, _previous, stored in rows[max(0, to - 2) : to])])
    stored = chance.choice([chain.link(previous, forged), "f" * 64])
    after = rows[to:]
    return [*rows[:to], (forged, previous, stored), *(renumbered(after, 1) if chance.random() < 0.4 else after)]


def swap(rows: list[Row], chance: random.Random) -> list[Row]:
    changed, places = list(rows), chance.sample(range(len(rows)), 2)
    changed[places[0]], changed[places[1]] = changed[places[1]], changed[places[0]]
    return changed


def shuffle(rows: list[Row], chance: random.Random) -> list[Row]:
    return chance.sample(rows, len(rows))


MUTATORS = [edit, edit, edit, hash_anew, remove, repeat, insert, swap, shuffle]


def test_l20_an_outsiders_verifier_agrees_about_every_damaged_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches either of the two when it stops checking a column, an order or an end that the other checks."""
    chance = random.Random(20)
    damaged = 0
    for _copy in range(DAMAGED_COPIES):
        rows = ROWS
        for mutator in chance.choices(MUTATORS, k=chance.choice([1, 1, 2])):
            rows = mutator(rows, chance) if len(rows) > 1 else rows
        kind, seq = verdict(rows)
        status, said = outsider(rows, tmp_path, capsys)

        assert (kind is not None) or rows == ROWS
        assert (status, said) == ((1, f"damaged: {kind} at {seq}\n") if kind else (0, said))
        damaged += kind is not None
    assert damaged > DAMAGED_COPIES * 0.9


def test_l20_the_verifier_runs_alone_and_says_what_it_checked(tmp_path: Path) -> None:
    log = written(ROWS, tmp_path)
    alone = tmp_path / "alone.py"
    alone.write_bytes(VERIFIER.read_bytes())

    done = subprocess.run(
        [sys.executable, "-I", "-S", str(alone), str(log), "--head", f"10:{HEAD.hash}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"whole: 10 events, last hash {HEAD.hash} (matches the head given)\n"
    assert len(VERIFIER.read_text().splitlines()) < 200


def test_the_verifier_says_when_no_head_was_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert MAIN([str(written(ROWS[:5], tmp_path))]) == 0
    assert "rows missing at the end would not show" in capsys.readouterr().out


LINE = json.loads(chain.exported_line(*ROWS[0]))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "not json\n",
        "[" * 100_000,
        "[]\n",
        "{}\n",
        json.dumps(LINE | {"extra": 1}),
        json.dumps(LINE | {"seq": True}),
        json.dumps(LINE | {"seq": 1.0}),
        json.dumps(LINE | {"note": None}),
        json.dumps(LINE | {"compartments": "north"}),
        json.dumps(LINE | {"compartments": [1]}),
        json.dumps(LINE | {"changes": {}}),
        json.dumps(LINE | {"changes": [["wording", "old"]]}),
        '{"note": "a", ' + json.dumps(LINE)[1:],
        "\udcff",
    ],
)
def test_what_is_no_log_was_not_checked_and_never_passes(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(content, encoding="utf-8", errors="surrogateescape")

    assert MAIN([str(log)]) == 2
    assert capsys.readouterr().out.startswith("not checked: ")


def test_a_log_that_is_not_there_was_not_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert MAIN([str(tmp_path / "absent")]) == 2
    assert capsys.readouterr().out.startswith("not checked: ")


@pytest.mark.parametrize("head", ["10", "x:y", "10:abc", "-1:" + "0" * 64, "١:" + "0" * 64])
def test_a_head_that_is_none_is_refused(head: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        MAIN([str(written(ROWS, tmp_path)), f"--head={head}"])

    assert refusal.value.code == 2
    assert "number, a colon" in capsys.readouterr().err
