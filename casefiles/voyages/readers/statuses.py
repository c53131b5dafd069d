"""Navigational statuses of AIS as files write them: by code, or in words (ITU-R M.1371)."""

MOST = 15

# As the words stand in files, without case and spaces: NOAA until 2017, and the Danish authority.
CODES_BY_WORDS = {
    "underwayusingengine": 0, "underwayusingengines": 0, "atanchor": 1, "notundercommand": 2,
    "restrictedmanoeuverability": 3, "restrictedmanoeuvrability": 3, "restrictedmaneuverability": 3,
    "constrainedbyherdraught": 4, "constrainedbyherdraft": 4, "moored": 5, "aground": 6, "engagedinfishing": 7,
    "underwaysailing": 8, "reserved": 13, "reservedforhsc": 9, "reservedforwig": 10, "reservedforfutureuse": 13,
    "ais-sartisactive": 14, "ais-sart": 14, "notdefined": 15, "undefined": 15, "unknownvalue": 15, "unknown": 15,
    "reservedforfutureuse[11]": 11, "reservedforfutureuse[12]": 12, "reservedforfutureuse[13]": 13,
    "powerdrivenvesseltowingastern(regionaluse)": 11,
    "powerdrivenvesselpushingaheadortowingalongside(regionaluse)": 12,
}  # fmt: skip


def status_code(text: str) -> int | None:
    """Return the code of a status given as a number or in words; None where it is neither."""
    plain = text.strip().lower().replace(" ", "").replace("power-driven", "powerdriven")
    if plain in CODES_BY_WORDS:
        return CODES_BY_WORDS[plain]
    try:
        value = float(plain)
    except ValueError:
        return None
    return int(value) if value.is_integer() and 0 <= value <= MOST else None
