"""A drawing made for training: a ro-ro with its bridge in the bow, seen from above. It shows no ship and no event."""

import io

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 800)
SEA, QUAY, HULL, DECK, LINE, INK = "#c9dde3", "#d8d2c4", "#7b8791", "#b9c2c9", "#4a5763", "#17212b"


def training_drawing() -> bytes:
    """Return the drawing as PNG bytes; the same bytes on every call."""
    image = Image.new("RGB", SIZE, SEA)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1200, 800), fill=QUAY)
    _ship(draw, left=140, top=400, length=760, beam=130)
    _containers(draw)
    draw.rectangle((0, 0, 1200, 70), fill=INK)
    draw.text((30, 18), "TRAINING DRAWING  -  not an image of any ship", fill="white", font=_font(30))
    draw.text((860, 330), "bridge in the bow", fill=INK, font=_font(22))
    draw.line((900, 360, 850, 420), fill=INK, width=3)
    draw.text((30, 755), "Drawn for Casefiles. Evidence of nothing.", fill=INK, font=_font(22))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _ship(draw: ImageDraw.ImageDraw, *, left: int, top: int, length: int, beam: int) -> None:
    bow = left + length
    draw.polygon(
        [(left, top), (bow - 90, top), (bow, top + beam // 2), (bow - 90, top + beam), (left, top + beam)],
        fill=HULL,
        outline=LINE,
        width=4,
    )
    draw.rectangle((left + 20, top + 14, bow - 190, top + beam - 14), fill=DECK, outline=LINE, width=2)
    draw.rectangle((bow - 170, top + 20, bow - 95, top + beam - 20), fill="white", outline=LINE, width=3)


def _containers(draw: ImageDraw.ImageDraw) -> None:
    for row in range(3):
        for column in range(14):
            x, y = 190 + column * 40, 590 + row * 40
            draw.rectangle((x, y, x + 34, y + 28), fill="#9b2430" if (row + column) % 3 else "#0b5268", outline=LINE)
