"""The arithmetic of tiles: an image halved again and again until it fits one tile, each level cut into squares.

Pure; the cage cuts by it and the server counts by it. Level 0 is the smallest; the last is the image itself.
"""

from dataclasses import dataclass

TILE = 512
MOST_PIXELS = 2**31
# A row of tiles is held whole while it is cut: wider would not fit the memory of the cage.
WIDEST = 131_072


@dataclass(frozen=True)
class Pyramid:
    """The levels of an image of this size, upright, in pixels."""

    width: int
    height: int

    @property
    def levels(self) -> int:
        return 1 + max(0, (-(-max(self.width, self.height) // TILE) - 1).bit_length())

    def shrink(self, level: int) -> int:
        """Return how many pixels of the image a pixel of the level stands for, along one side."""
        return 1 << (self.levels - 1 - level)

    def size(self, level: int) -> tuple[int, int]:
        """Return width and height of a level; what is left of an odd side makes one more pixel."""
        factor = self.shrink(level)
        return -(-self.width // factor), -(-self.height // factor)

    def grid(self, level: int) -> tuple[int, int]:
        """Return how many columns and rows of tiles a level has."""
        width, height = self.size(level)
        return -(-width // TILE), -(-height // TILE)

    def level_within(self, longest: int) -> int:
        """Return the largest level whose sides are at most `longest`; level 0 where none is."""
        fitting = (level for level in reversed(range(self.levels)) if max(self.size(level)) <= longest)
        return next(fitting, 0)

    @property
    def count(self) -> int:
        """Return the number of tiles of all levels."""
        return self._before(self.levels)

    def number(self, level: int, column: int, row: int) -> int | None:
        """Return the place of a tile among all tiles, level by level and row by row; None for one that is not there."""
        if not 0 <= level < self.levels:
            return None
        columns, rows = self.grid(level)
        if not (0 <= column < columns and 0 <= row < rows):
            return None
        return self._before(level) + row * columns + column

    def _before(self, level: int) -> int:
        grids = (self.grid(one) for one in range(level))
        return sum(columns * rows for columns, rows in grids)
