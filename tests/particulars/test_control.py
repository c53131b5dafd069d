"""The drawing of who stands behind which ship: columns from left to right, each party beside its ships."""

import pytest

from casefiles.particulars.control import Party, Ship, draw, fitted

HEADINGS = ["Beneficial", "Registered", "Manager", "Ship"]


def party(name, column, **values):
    return Party(name, name, f"/{name}/", column, **values)


def ship(name, *parties):
    return Ship(name, name, f"/{name}/", parties)


def boxes(*ships):
    return {box.title: box for box in draw(ships, HEADINGS).boxes}


def test_no_ship_gives_no_drawing():
    assert draw([], HEADINGS) is None


def test_columns_without_a_party_are_left_out_and_the_others_share_the_width():
    drawing = draw([ship("Angara", party("Owner", 1))], HEADINGS)

    assert [heading.label for heading in drawing.headings] == ["Registered", "Ship"]
    assert drawing.boxes[-1].x + drawing.box_width == drawing.width


def test_a_party_of_two_ships_is_drawn_once_and_joined_to_both():
    drawing = draw([ship("Angara", party("Owner", 1)), ship("Maria", party("Owner", 1))], HEADINGS)

    assert [box.title for box in drawing.boxes] == ["Owner", "Angara", "Maria"]
    assert len(drawing.lines) == 2


def test_a_line_leads_to_the_next_column_in_which_the_ship_has_a_party():
    drawing = draw([ship("Angara", party("Man", 0), party("Owner", 1), party("Manager", 2))], HEADINGS)

    assert len(drawing.lines) == 3
    skipping = draw([ship("Angara", party("Man", 0)), ship("Maria", party("Owner", 1))], HEADINGS)
    assert len(skipping.lines) == 2


def test_parties_stand_in_the_order_of_their_ships():
    found = boxes(ship("A", party("Second", 1)), ship("B", party("First", 1)))

    assert found["Second"].y < found["First"].y
    assert found["A"].y == found["Second"].y


@pytest.mark.parametrize(
    ("label", "width", "shown"),
    [
        ("M Leasing LLC", 200, "M Leasing LLC"),
        ("Marine Trans Shipping LLC", 80, "Marine Tra…"),
        ("舟山鑫亚船舶修造有限公司", 80, "舟山鑫亚船…"),
        ("", 10, ""),
    ],
)
def test_a_long_name_is_cut_to_its_box(label, width, shown):
    assert fitted(label, width) == shown
