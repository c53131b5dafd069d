"""A moment: the wording typed, the EDTF it means, and the days it allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casefiles.core.moments import describing
from casefiles.core.moments.edtf import Expression, Precision, read_edtf


@dataclass(frozen=True)
class Moment:
    """When something was, as far as it is known. Make one with `from_edtf` or `parse_moment`.

    `earliest` and `latest` are calendar days without zone, None where that side is open; for an instant they are
    its UTC day. `instant` is aware (UTC), and set only where both a time and a zone were given.
    """

    wording: str
    edtf: str
    earliest: date | None
    latest: date | None
    instant: datetime | None
    precision: Precision

    @classmethod
    def from_edtf(cls, edtf: str, wording: str = "") -> Moment:
        """Read stored EDTF; it comes back in canonical form (upper case, UTC, seconds).

        Raises:
            NotUnderstood: it is not EDTF of the subset kept here.
        """
        return cls.of(read_edtf(edtf), wording=wording)

    @classmethod
    def of(cls, expression: Expression, *, wording: str = "") -> Moment:
        """Wrap an EDTF expression that has been taken apart already."""
        return cls(
            wording=wording,
            edtf=expression.edtf,
            earliest=expression.earliest,
            latest=expression.latest,
            instant=expression.instant,
            precision=expression.precision,
        )

    @classmethod
    def on(cls, day: date, wording: str = "") -> Moment:
        """Return the moment that is exactly one calendar day.

        Raises:
            NotUnderstood: the year is before 1000.
        """
        return cls.from_edtf(day.isoformat(), wording)

    @property
    def expression(self) -> Expression:
        """The EDTF taken apart."""
        return read_edtf(self.edtf)

    @property
    def is_uncertain(self) -> bool:
        """Some date in it is marked `?` or `%`."""
        return any(atom.qualifier in {"?", "%"} for atom in self.expression.atoms)

    @property
    def is_approximate(self) -> bool:
        """Some date in it is marked `~` or `%`."""
        return any(atom.qualifier in {"~", "%"} for atom in self.expression.atoms)

    @property
    def is_uncertain_and_approximate(self) -> bool:
        """Some date in it is marked `%`, or the marks together say both."""
        return self.is_uncertain and self.is_approximate

    def describe(self) -> str:
        """Return the meaning in plain English; `parse_moment` reads it back to the same EDTF."""
        return describing.describe(self.expression)

    def short(self) -> str:
        """Return a compact form for tables, such as `2024-02-07 to 12`."""
        return describing.short(self.expression)

    def __str__(self) -> str:
        return self.describe()
