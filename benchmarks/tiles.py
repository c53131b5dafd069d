"""Measure how long a very large image waits for its tiles: `python -m benchmarks.tiles [--side 32768]`.

The image is made on the fly in a temporary folder, as a PNG, row by row; the cage is that of the application.
"""

import argparse
import json
import os
import resource
import struct
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

from casefiles.evidence import cage

LIMITS = cage.Limits(cpu_seconds=3600, wall_seconds=7200.0, output_bytes=8 * 1024**3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=32_768)
    parser.add_argument("--json", action="store_true", dest="is_json")
    parser.add_argument("image", nargs="?", type=Path, help="measure this file instead of one made here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="casefiles-bench-") as folder:
        image = options.image or made_png(Path(folder) / "large.png", options.side)
        figures = measured(image)
    print(json.dumps(figures) if options.is_json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


def made_png(path: Path, side: int) -> Path:
    """Write a PNG of `side` by `side` pixels whose rows hold noise, so that nothing about it is cheap."""
    packer = zlib.compressobj(1)
    noise = os.urandom(side * 3 + 4096)
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)))
        for row in range(side):
            packed = packer.compress(b"\x00" + noise[row % 4096 : row % 4096 + side * 3])
            if packed:
                file.write(chunk(b"IDAT", packed))
        file.write(chunk(b"IDAT", packer.flush()) + chunk(b"IEND", b""))
    return path


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def measured(path: Path) -> dict[str, Any]:
    """Return seconds to the first tile, to the overview and to all tiles, and what the cage used."""
    started, tiles, size = time.monotonic(), 0, 0
    marks: dict[str, float] = {}
    with path.open("rb") as file:
        for frame in cage.frames("tiles", file.fileno(), LIMITS):
            now = round(time.monotonic() - started, 1)
            if frame.kind == "tile":
                marks.setdefault("first_tile_s", now)
                tiles, size = tiles + 1, size + len(frame.body)
            elif frame.kind == "shown":
                marks.setdefault("overview_s", now)
                marks["all_s"] = now
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {"processor_s": round(used.ru_utime + used.ru_stime, 1), "peak_mb": used.ru_maxrss // 1024}
    return {"file_mb": path.stat().st_size >> 20, **marks, "tiles": tiles, "tiles_mb": size >> 20, **cost}


if __name__ == "__main__":
    main()
