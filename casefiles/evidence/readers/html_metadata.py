"""What a web page says of itself: in JSON-LD, in meta elements, and in what programs that save pages write into them.

Every value is a claim that names where it stands, so that two that disagree stand side by side.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from casefiles.evidence.readers.findings import Claim

MOST_CLAIMS = 120
_JSON_BYTES = 2_000_000
_MOST_NODES = 2_000

# Kinds of schema.org that stand for the page itself, and not for something in it.
_PAGES = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
        "BackgroundNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle", "BlogPosting",
        "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "ScholarlyArticle", "TechArticle", "Report",
        "SatiricalArticle", "WebPage", "VideoObject", "ImageObject", "Photograph", "Dataset", "PressRelease",
    }
)  # fmt: skip
_JSON_KEYS = {
    "headline": "title",
    "name": "title",
    "author": "author",
    "creator": "author",
    "publisher": "publisher",
    "datePublished": "published",
    "dateModified": "modified",
    "dateCreated": "created",
    "uploadDate": "published",
    "url": "canonical_url",
    "mainEntityOfPage": "canonical_url",
    "inLanguage": "language",
    "description": "summary",
    "keywords": "keywords",
    "license": "licence",
    "copyrightHolder": "rights_holder",
    "creditText": "credit_line",
    "identifier": "identifier",
}
_META_KEYS = {
    "og:title": "title", "twitter:title": "title", "dc.title": "title", "citation_title": "title",
    "headline": "title", "sailthru.title": "title", "parsely-title": "title",
    "author": "author", "article:author": "author", "og:article:author": "author", "dc.creator": "author",
    "byl": "author", "parsely-author": "author", "sailthru.author": "author", "citation_author": "author",
    "twitter:creator": "author", "mediator_author": "author",
    "og:site_name": "publisher", "article:publisher": "publisher", "dc.publisher": "publisher",
    "application-name": "publisher", "citation_publisher": "publisher", "twitter:site": "publisher",
    "article:published_time": "published", "og:published_time": "published", "datepublished": "published",
    "date": "published", "pubdate": "published", "publishdate": "published", "publish_date": "published",
    "dc.date": "published", "dc.date.issued": "published", "dcterms.date": "published", "dcterms.issued": "published",
    "parsely-pub-date": "published", "sailthru.date": "published", "citation_publication_date": "published",
    "article.published": "published", "originalpublicationdate": "published", "mediator_published_time": "published",
    "article:modified_time": "modified", "og:updated_time": "modified", "datemodified": "modified",
    "last-modified": "modified", "dcterms.modified": "modified", "revised": "modified", "lastmod": "modified",
    "dcterms.created": "created", "dc.date.created": "created",
    "og:url": "canonical_url", "twitter:url": "canonical_url",
    "og:locale": "language", "content-language": "language", "dc.language": "language", "language": "language",
    "description": "summary", "og:description": "summary", "twitter:description": "summary",
    "dc.description": "summary",
    "keywords": "keywords", "news_keywords": "keywords", "article:tag": "keywords", "parsely-tags": "keywords",
    "copyright": "rights_holder", "dc.rights": "rights_holder", "dcterms.rightsholder": "rights_holder",
    "generator": "software",
}  # fmt: skip
_SAVED_FROM = re.compile(r"\s*saved from url=\(\d+\)(?P<url>\S+)\s*")
_SINGLE_FILE = re.compile(r"Page saved with SingleFile\s+url:\s*(?P<url>\S+)\s+saved date:\s*(?P<date>[^\n]+)")
_MICRODATA = {"datePublished": "published", "dateModified": "modified", "author": "author", "headline": "title"}


def claims_of(root: Any) -> tuple[Claim, ...]:
    """Return what a page says of itself, each value at each place once, the most telling places first."""
    found = [
        Claim(claim.key, value, claim.where)
        for claim in (*_json_ld(root), *_metas(root), *_links(root), *_elements(root), *_comments(root))
        if (value := " ".join(str(claim.value).split()))
    ]
    return tuple(dict.fromkeys(found))[:MOST_CLAIMS]


# --- JSON-LD --------------------------------------------------------------------------------------------------------


def _json_ld(root: Any) -> Iterator[Claim]:
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _nodes(_loaded(script.text or "")):
            kind = next((kind for kind in _texts(node.get("@type")) if kind in _PAGES), "")
            if kind:
                yield from _node_claims(node, kind)


def _loaded(text: str) -> Any:
    bare = re.sub(r"\A\s*(?://)?\s*(?:<!\[CDATA\[|<!--)|(?://)?\s*(?:\]\]>|-->)\s*\Z", "", text[:_JSON_BYTES])
    try:
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(loaded: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document, in lists and graphs too."""
    waiting, seen = [loaded], 0
    while waiting and seen < _MOST_NODES:
        one = waiting.pop(0)
        seen += 1
        if isinstance(one, list):
            waiting[:0] = one[:_MOST_NODES]
        elif isinstance(one, dict):
            yield one
            waiting[:0] = [one[name] for name in ("@graph", "mainEntity") if name in one]


def _node_claims(node: dict[str, Any], kind: str) -> Iterator[Claim]:
    for name, key in _JSON_KEYS.items():
        for text in _texts(node.get(name)):
            yield Claim(key, text, where=f"JSON-LD/{kind}/{name}")


def _texts(value: Any, depth: int = 0) -> list[str]:
    """Return the words of a value: itself, its name or address, or those of each in a list."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    if isinstance(value, list) and depth < 3:
        return [text for one in value[:40] for text in _texts(one, depth + 1)]
    if isinstance(value, dict) and depth < 3:
        named = next((value[name] for name in ("name", "@value", "@id", "url", "value") if value.get(name)), None)
        return _texts(named, depth + 1)
    return []


# --- Elements -------------------------------------------------------------------------------------------------------


def _metas(root: Any) -> Iterator[Claim]:
    for meta in root.iter("meta"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(attribute) or "").strip()
            key = _META_KEYS.get(name.lower())
            if key:
                yield Claim(key, meta.get("content") or "", where=f"meta/{name}")
                break


def _links(root: Any) -> Iterator[Claim]:
    for link in root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        for relation, key in (("canonical", "canonical_url"), ("license", "licence")):
            if relation in relations:
                yield Claim(key, link.get("href") or "", where=f"link/{relation}")


def _elements(root: Any) -> Iterator[Claim]:
    yield Claim("language", root.get("lang") or "", where="html/lang")
    for tag in ("title", "h1"):
        for element in list(root.iter(tag))[:2]:
            yield Claim("title", element.text_content(), where=tag)
    for element in root.xpath("//*[@itemprop]")[:200]:
        key = _MICRODATA.get((element.get("itemprop") or "").strip())
        if key and element.tag != "meta":
            value = element.get("datetime") or element.get("content") or element.text_content()
            yield Claim(key, value, where=f"{element.tag}/itemprop={element.get('itemprop').strip()}")
    for element in root.xpath("//time[@datetime]")[:5]:
        if not element.get("itemprop"):
            yield Claim("published", element.get("datetime"), where="time/datetime")


def _comments(root: Any) -> Iterator[Claim]:
    """Yield where and when a page was saved from, as programs that save pages write it into a comment."""
    for comment in root.getroottree().xpath("//comment()")[:200]:
        text = (comment.text or "")[:4_000]
        saved, single = _SAVED_FROM.fullmatch(text), _SINGLE_FILE.search(text)
        if saved:
            yield Claim("url", saved["url"], where="comment/saved from url")
        if single:
            yield Claim("url", single["url"], where="comment/SingleFile")
            yield Claim("acquired", single["date"], where="comment/SingleFile")
            yield Claim("captured_by", "SingleFile", where="comment/SingleFile")
