"""Every hostile file of the battery's part E in one list: its class, a name as somebody would send it, its bytes."""

from collections.abc import Iterator

from tests.evidence.hostile import archives, documents, images, letters, media, strangers, web_archives

Case = tuple[str, str, bytes]

# E11, E18, E25, E42 and E43 are no classes of the battery.
CLASSES = tuple(
    f"e{number:02}" for number in (*range(1, 11), *range(12, 18), 19, 20, *range(21, 25), *range(26, 42), 44)
)

_ENDINGS = {"open document": "odt", "mail": "eml", "page": "html", "saved page": "mhtml", "data": "xml"}


def cases() -> Iterator[Case]:
    """Yield all but those that are hostile by hundreds of megabytes."""
    yield from images.cases()
    yield "e10", "six levels.zip", archives.nested()
    yield from _named("zip", archives.refused(), archives.listed())
    yield from _named("pdf", ((case[0], case[1], case[2]) for case in documents.pdfs()))
    yield from _named("pdf", documents.refused_pdfs(), documents.far_boxes())
    yield "e34", "page 14 400 in.pdf", documents.many_pages(14_400)
    yield from _of_tasks()
    yield from _named("mp4", media.playlists(), media.broken())
    yield from _named("wacz", web_archives.broken(), web_archives.refused())
    yield from strangers.cases()


huge = strangers.huge


def _named(ending: str, *families: Iterator[Case]) -> Iterator[Case]:
    for family in families:
        for number, name, content in family:
            yield number, f"{name}.{ending}", content


def _of_tasks() -> Iterator[Case]:
    families = (
        documents.xml(), documents.inert_xml(), (case[:4] for case in documents.office()), documents.bombs(),
        letters.deep(), letters.odd(), letters.pages(),
    )  # fmt: skip
    for family in families:
        for number, name, task, content in family:
            yield number, f"{name}.{_ENDINGS.get(task, task)}", content
