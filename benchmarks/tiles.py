"""Measure how long a very large image waits for its tiles: `python -m benchmarks.tiles [--side 32768] [--form tif]`.

The image is made on the fly in a temporary folder, of noise: a PNG, a tiled TIFF or a JPEG. The cage is that
of the application.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import resource
import struct
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

from benchmarks.processes import children, peak_mb
from casefiles.evidence import cage

TILE = 512
LIMITS = cage.Limits(cpu_seconds=3600, wall_seconds=7200.0, output_bytes=8 * 1024**3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=32_768)
    parser.add_argument("--form", choices=["png", "tif", "jpg"], default="png")
    parser.add_argument("--json", action="store_true", dest="is_json")
    parser.add_argument("image", nargs="?", type=Path, help="measure this file instead of one made here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="casefiles-bench-") as folder:
        image = options.image or made(Path(folder) / f"large.{options.form}", options.side)
        figures = measured(image)
    print(json.dumps(figures) if options.is_json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


def made(path: Path, side: int) -> Path:
    """Write an image of `side` by `side` pixels, of the form that its name ends with.

    In a process of its own, which gives back at its end what it held.
    """
    make = {".png": made_png, ".tif": made_tiff, ".jpg": made_jpeg}[path.suffix]
    apart = multiprocessing.Process(target=make, args=(path, side))
    apart.start()
    apart.join()
    return path


def made_tiff(path: Path, side: int) -> Path:
    """Write a TIFF in tiles of deflated noise, as satellite images come: below four gigabytes."""
    across = -(-side // TILE)
    pool = [zlib.compress(os.urandom(TILE * TILE * 3), 1) for _tile in range(16)]
    sizes = [len(pool[number % len(pool)]) for number in range(across * across)]
    starts = list(itertools.accumulate(sizes, initial=8))
    lists = starts.pop()
    tags = [
        (256, 4, 1, side), (257, 4, 1, side), (258, 3, 3, lists + 8 * len(sizes)), (259, 3, 1, 8), (262, 3, 1, 2),
        (277, 3, 1, 3), (284, 3, 1, 1), (322, 3, 1, TILE), (323, 3, 1, TILE),
        (324, 4, len(sizes), lists), (325, 4, len(sizes), lists + 4 * len(sizes)),
    ]  # fmt: skip
    with path.open("wb") as file:
        file.write(b"II*\0" + struct.pack("<I", lists + 8 * len(sizes) + 6))
        for number in range(len(sizes)):
            file.write(pool[number % len(pool)])
        file.write(struct.pack(f"<{2 * len(sizes)}I3HH", *starts, *sizes, 8, 8, 8, len(tags)))
        for tag in tags:
            file.write(struct.pack("<HHII", *tag))
        file.write(bytes(4))
    return path


def made_jpeg(path: Path, side: int) -> Path:
    """Write a JPEG with the grain and the slow changes of a photograph."""
    from PIL import Image

    grain = Image.merge(
        "RGB", [Image.effect_noise((TILE * 2, TILE * 2), 40).resize((TILE * 8, TILE * 8)) for _ in "RGB"]
    )
    whole = Image.new("RGB", (side, side))
    for left, top in itertools.product(range(0, side, TILE * 8), repeat=2):
        whole.paste(grain, (left, top))
    whole.save(path, "JPEG", quality=80)
    return path


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
    started, before, tiles, size, peak = time.monotonic(), _processor_seconds(), 0, 0, 0.0
    marks: dict[str, float] = {}
    with path.open("rb") as file:
        for frame in cage.frames("tiles", file.fileno(), LIMITS):
            now = round(time.monotonic() - started, 1)
            peak = max([peak, *map(peak_mb, children(os.getpid()))])
            if frame.kind == "tile":
                marks.setdefault("first_tile_s", now)
                tiles, size = tiles + 1, size + len(frame.body)
            elif frame.kind == "shown":
                marks.setdefault("overview_s", now)
                marks["all_s"] = now
    cost = {"processor_s": round(_processor_seconds() - before, 1), "peak_mb": peak}
    return {"file_mb": path.stat().st_size >> 20, **marks, "tiles": tiles, "tiles_mb": size >> 20, **cost}


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
