"""How much of a track is shown at which zoom: a fix belongs to the coarsest level at which it is the first of a while.

Said once, when a fix arrives: a track of a million points then opens by reading the few thousand of a coarse level.
"""

# The first fix in every six hours, hour, quarter of an hour, five minutes, minute; and all.
BUCKETS_S = (21_600, 3_600, 900, 300, 60)
FINEST = len(BUCKETS_S)
# Fixes up to this level have an index of their own.
COARSE = 2
# More lines than a screen has room for help nobody.
MOST_POINTS = 10_000


def level_of(epoch_s: int, previous_s: int | None) -> int:
    """Return the coarsest level of a fix that follows another of the same radio."""
    if previous_s is None:
        return 0
    if epoch_s // 60 == previous_s // 60:
        return FINEST
    for level, bucket_s in enumerate(BUCKETS_S):
        if epoch_s // bucket_s != previous_s // bucket_s:
            return level
    return FINEST


def finest_level_for(window_s: int) -> int:
    """Return the finest level of which a window can hold no more than `MOST_POINTS`; fixes of one file are meant."""
    for level in range(FINEST - 1, -1, -1):
        if window_s // BUCKETS_S[level] <= MOST_POINTS:
            return level + 1 if level == FINEST - 1 else level
    return 0
