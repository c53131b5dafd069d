"""A process that keeps files in a bucket until it is killed, and says the digest of each that it kept.

Use: `python -m tests.core.storing ROOT ADDRESS PREFIX SEED`.
"""

import random
import sys
from pathlib import Path

from tests.core.places import BucketPlace, client_of

if __name__ == "__main__":
    root, address, prefix, seed = sys.argv[1:]
    place, chance = BucketPlace(Path(root), client_of(address), prefix), random.Random(int(seed))
    while True:
        # Of one byte some come again; the largest go in parts.
        content = chance.randbytes(chance.choice([1, 1, 70_000, 6_000_000]))
        print(place.store().store([content]).sha256, flush=True)
