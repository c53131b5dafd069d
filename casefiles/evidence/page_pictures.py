"""Pages of PDFs as pictures drawn in the cage, with the places of their lines; kept like previews."""

import json
from dataclasses import dataclass
from typing import Any

from casefiles.evidence import cage
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.drawn import DrawnShelf
from casefiles.evidence.models import File
from casefiles.evidence.passages import Range
from casefiles.evidence.store import store

WIDTHS = (900, 1800)
PDF = "application/pdf"
# Raised whenever pages are drawn otherwise than before.
DRAWING_VERSION = 1
_SHELF = DrawnShelf("pages")


@dataclass(frozen=True)
class Line:
    """A line of a page, in tenths of a point from its upper left corner; `edges` part its letters."""

    text: str
    top: int
    height: int
    edges: tuple[int, ...]
    is_turned: bool

    @property
    def left(self) -> int:
        return min(self.edges)

    @property
    def width(self) -> int:
        return max(self.edges) - min(self.edges)

    @property
    def baseline(self) -> int:
        return self.top + round(0.8 * self.height)

    @property
    def font_size(self) -> int:
        return max(1, round(0.8 * self.height))


@dataclass(frozen=True)
class Box:
    """A stretch of a line that is marked."""

    left: int
    top: int
    width: int
    height: int
    kind: str


@dataclass(frozen=True)
class DrawnPage:
    """A page's picture, its size in tenths of a point, the number printed on it, and its lines."""

    picture: bytes
    width: int
    height: int
    label: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def boxes(self, ranges: list[Range]) -> list[Box]:
        """Return where ranges of `text` stand on the page, a box for each line they touch."""
        found, start = [], 0
        for line in self.lines:
            for one in ranges:
                first, last = max(one.start - start, 0), min(one.end - start, len(line.text))
                if first < last:
                    edges = line.edges[first : last + 1]
                    found.append(Box(min(edges), line.top, max(edges) - min(edges), line.height, one.kind))
            start += len(line.text) + 1
        return found


def drawn_page(file: File, *, page: int, width: int) -> DrawnPage:
    """Return a page of a PDF, drawn anew where none is kept.

    Raises:
        NotParsed: there is none, with the reason.
        StoreError: the bytes held are not the ones received.
    """
    if file.media_type != PDF or width not in WIDTHS or not 1 <= page <= 999_999:
        raise NotParsed("it has no such page")
    key = f"{file.sha256}-{DRAWING_VERSION}-{page}-{width}"
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        answer = _SHELF.get(key)
        if answer is None:
            held.refuse_wrong_bytes()
            answer = _answer(held.fileno(), page, width)
            _SHELF.put(key, answer)
    return read_page(answer)


def _answer(descriptor: int, page: int, width: int) -> bytes:
    """Return the places of the lines as a line of JSON, and the picture; or a line that says why there is none."""
    try:
        frames = {
            frame.kind: frame for frame in cage.collected("pdf page", descriptor, asked={"page": page, "width": width})
        }
        return frames["layer"].body.replace(b"\n", b" ") + b"\n" + frames["picture"].body
    except NotParsed as refusal:
        return json.dumps({"reason": refusal.reason}).encode()
    except KeyError:
        return json.dumps({"reason": "reading it gave no picture"}).encode()


def read_page(answer: bytes) -> DrawnPage:
    """Take apart an answer: numbers, words and the bytes of a WebP; nothing else is believed.

    Raises:
        NotParsed: it says why there is no page, or what it says is not an answer.
    """
    head, _newline, content = answer.partition(b"\n")
    try:
        said = json.loads(head)
        if "reason" in said:
            raise NotParsed(str(said["reason"])[:200])
        lines = tuple(_line(one) for one in said["lines"])
        page = DrawnPage(content, int(said["width"]), int(said["height"]), str(said["label"])[:40], lines)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotParsed("reading it gave no answer that can be used") from error
    if not content.startswith(b"RIFF") or content[8:12] != b"WEBP":
        raise NotParsed("reading it gave no picture")
    return page


def _line(said: dict[str, Any]) -> Line:
    line = Line(
        text=str(said["text"]),
        top=int(said["top"]),
        height=int(said["height"]),
        edges=tuple(int(edge) for edge in said["edges"]),
        is_turned=bool(said["is_turned"]),
    )
    if len(line.edges) != len(line.text) + 1:
        raise ValueError("a letter without a place")
    return line
