"""A network as files: GraphML for programs that draw graphs, and the rows of its table."""

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape

from casefiles.core.network import Edge, Link, Node

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
NODE_VALUES = ("label", "kind", "detail", "address")
EDGE_VALUES = ("relation", "when", "earliest", "latest", "certainty", "cited", "address")


def as_graphml(nodes: Iterable[Node], edges: Iterable[Edge]) -> bytes:
    """Return the things and every link between them; text as it is but for what XML cannot hold."""
    return "\n".join(_lines(nodes, edges)).encode()


def _lines(nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<graphml xmlns="{NAMESPACE}">'
    for target, values in (("node", NODE_VALUES), ("edge", EDGE_VALUES)):
        for name in values:
            yield f'<key id="{target}-{name}" for="{target}" attr.name="{name}" attr.type="string"/>'
    yield '<graph id="network" edgedefault="directed">'
    for node in nodes:
        said = {"label": node.label, "kind": node.kind, "detail": node.detail, "address": node.url}
        yield f'<node id="{xml_text(node.key)}">{_values("node", said)}</node>'
    for number, link in enumerate(link for edge in edges for link in edge.links):
        ends = f'source="{xml_text(link.source)}" target="{xml_text(link.target)}"'
        yield f'<edge id="link-{number}" {ends}>{_values("edge", _edge_values(link))}</edge>'
    yield "</graph>"
    yield "</graphml>"


def _edge_values(link: Link) -> dict[str, str]:
    return {
        "relation": link.relation,
        "when": link.when,
        "earliest": _day(link.extent.earliest if link.extent else None),
        "latest": _day(link.extent.latest if link.extent else None),
        "certainty": str(link.certainty),
        "cited": "; ".join(label for label, _url in link.cited),
        "address": link.url,
    }


def _values(target: str, said: dict[str, str]) -> str:
    return "".join(f'<data key="{target}-{name}">{xml_text(value)}</data>' for name, value in said.items() if value)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def xml_text(text: str) -> str:
    """Return a text as XML writes it, without the characters that no XML document may hold."""
    return escape("".join(character for character in text if _may_stand(character)))


def _may_stand(character: str) -> bool:
    if character in "\t\n\r" or "\x20" <= character <= "\ud7ff":
        return True
    return character >= "\ue000" and character not in "\ufffe\uffff"


HEADERS = ("From", "Kind", "Relation", "To", "Kind", "When", "Earliest", "Latest", "Held then", "Cited", "Address")


def rows_of(nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[tuple[str, ...]]:
    """Yield the links as rows of text, for a file of which the writer neutralises every cell."""
    by_key = {node.key: node for node in nodes}
    for edge in edges:
        for link in edge.links:
            source, target, said = by_key[link.source], by_key[link.target], _edge_values(link)
            yield (
                source.label, source.kind_label, link.relation, target.label, target.kind_label, link.when,
                said["earliest"], said["latest"], said["certainty"], said["cited"], link.url,
            )  # fmt: skip
