"""Words for what ships send."""

from django.utils.translation import gettext_lazy as _

# By code, ITU-R M.1371.
STATUSES = {
    0: _("under way using engine"),
    1: _("at anchor"),
    2: _("not under command"),
    3: _("restricted manoeuvrability"),
    4: _("constrained by her draught"),
    5: _("moored"),
    6: _("aground"),
    7: _("engaged in fishing"),
    8: _("under way sailing"),
    9: _("reserved (high speed craft)"),
    10: _("reserved (wing in ground)"),
    11: _("towing astern (regional use)"),
    12: _("pushing ahead or towing alongside (regional use)"),
    13: _("reserved"),
    14: _("search and rescue transmitter is active"),
    15: _("not defined"),
}

# Ship types by code, ITU-R M.1371: those of which the second figure says nothing of the cargo.
SHIP_TYPES = {
    0: _("not available"),
    29: _("wing in ground craft, reserved"),
    30: _("fishing"),
    31: _("towing"),
    32: _("towing, longer than 200 m or broader than 25 m"),
    33: _("dredging or underwater operations"),
    34: _("diving operations"),
    35: _("military operations"),
    36: _("sailing"),
    37: _("pleasure craft"),
    50: _("pilot vessel"),
    51: _("search and rescue vessel"),
    52: _("tug"),
    53: _("port tender"),
    54: _("anti-pollution equipment"),
    55: _("law enforcement"),
    56: _("local vessel"),
    57: _("local vessel"),
    58: _("medical transport"),
    59: _("ship of a State that is no party to the conflict"),
}
# By the first figure; the second one says what is on board.
SHIP_KINDS = {
    2: _("wing in ground craft"),
    4: _("high speed craft"),
    6: _("passenger ship"),
    7: _("cargo ship"),
    8: _("tanker"),
    9: _("ship of another type"),
}
CARGOES = {
    1: _("hazardous cargo, category A"),
    2: _("hazardous cargo, category B"),
    3: _("hazardous cargo, category C"),
    4: _("hazardous cargo, category D"),
}
RESERVED = _("reserved")


def ship_type_words(broadcast: str) -> str:
    """Return what a ship type means where it was sent as a code of ITU-R M.1371 (0 to 99); else nothing.

    It is what the radio says of its ship, and no type of the registry.
    """
    text = broadcast.strip()
    if not (text.isascii() and text.isdecimal() and int(text) <= 99):  # noqa: PLR2004  the last code
        return ""
    code = int(text)
    kind, cargo = divmod(code, 10)
    if code in SHIP_TYPES:
        return str(SHIP_TYPES[code])
    if kind not in SHIP_KINDS:
        return str(RESERVED)
    if cargo in CARGOES:
        return f"{SHIP_KINDS[kind]}, {CARGOES[cargo]}"
    return f"{SHIP_KINDS[kind]}, {RESERVED}" if cargo in range(5, 9) else str(SHIP_KINDS[kind])


# What radios may say that they do not have; the keys are those of the readers.
NOT_AVAILABLE = {
    "position": _("position"),
    "speed": _("speed"),
    "course": _("course"),
    "heading": _("heading"),
    "IMO": _("IMO number"),
}

# What detection computes, in the order in which it is shown; the keys are those of the detectors.
COMPUTED = {
    "duration_h": _("duration, hours"),
    "stopped_h": _("stopped, hours"),
    "longest_silence_h": _("longest silence, hours"),
    "nearest_km": _("nearest to the place, km"),
    "has_left": _("left the port"),
    "distance_nm": _("distance, nm"),
    "implied_kn": _("speed that joins the two positions, knots"),
    "average_kn": _("average speed, knots"),
    "off_shore_nm": _("from the shore on average, nm"),
    "nearest_m": _("nearest to each other, metres"),
    "median_kn": _("median speed, knots"),
    "other_median_kn": _("median speed of the other, knots"),
    "apart_nm": _("apart, nm"),
    "fixes": _("positions"),
    "other_fixes": _("positions at the other place"),
    "others_before": _("others received meanwhile near where it began"),
    "others_after": _("others received meanwhile near where it ended"),
    "is_open": _("goes on until the end of the window"),
}
THRESHOLDS = {
    "gap_over_h": _("gap: longer than, hours"),
    "port_enter_km": _("port: entered within, km"),
    "port_leave_km": _("port: left beyond, km"),
    "stop_begins_kn": _("stop: begins at, knots"),
    "stop_ends_kn": _("stop: ends at, knots"),
    "port_gap_min": _("port: silence that counts as a stop, minutes"),
    "port_visit_least_h": _("port visit: at least, hours"),
    "encounter_within_m": _("encounter: within, metres"),
    "encounter_least_h": _("encounter: at least, hours"),
    "encounter_below_kn": _("encounter: below, knots"),
    "encounter_off_port_km": _("encounter: away from every port by, km"),
    "loitering_below_kn": _("loitering: below, knots"),
    "loitering_least_h": _("loitering: at least, hours"),
    "loitering_off_shore_nm": _("loitering: from the shore, nm"),
    "impossible_over_kn": _("impossible speed: over, knots"),
    "position_noise_nm": _("jumps that are noise: up to, nm"),
    "coverage_within_nm": _("coverage: others received within, nm"),
}
