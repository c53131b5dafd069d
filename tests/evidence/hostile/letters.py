"""E39, E40: messages and pages that nest, beacon, refresh and lie."""

from collections.abc import Iterator

Case = tuple[str, str, str, bytes]
"""Id of the battery, name, task of the cage, bytes."""

_HEAD = b"From: a@example.org\r\nTo: b@example.com\r\nSubject: in\r\nDate: Thu, 25 Apr 2024 10:30:00 +0900\r\n"


def deep() -> Iterator[Case]:
    """Yield messages in messages and parts in parts, a thousand deep: refused, or read as far as it is safe."""
    inner = b"Content-Type: text/plain\r\n\r\nin"
    parts, messages = inner, inner
    for level in range(1_000):
        mark = b"b%d" % level
        parts = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n%s\r\n--%s--' % (mark, mark, parts, mark)
        messages = b"Content-Type: message/rfc822\r\n\r\n" + messages
    yield "e39", "parts", "mail", _HEAD + parts
    yield "e39", "messages", "mail", _HEAD + messages
    yield "e39", "parts in a saved page", "saved page", _HEAD + parts


def odd() -> Iterator[Case]:
    """Yield messages whose headers are no headers; each is read, or refused with a reason."""
    yield "e39", "no encoding known", "mail", _HEAD + b"Content-Type: text/plain; charset=x-none\r\n\r\nin"
    yield (
        "e39",
        "broken words",
        "mail",
        _HEAD.replace(b"in", b"=?utf-8?B?in=?= =?x-none?Q?=FF?= =?utf-8?B?*?=") + b"\r\nin",
    )
    yield "e39", "raw bytes", "mail", _HEAD.replace(b"Subject: in", "Subject: ин".encode("cp1251")) + b"\r\nin"
    yield "e39", "broken base64", "mail", _HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n=!=in"
    yield "e39", "no boundary", "mail", _HEAD + b"Content-Type: multipart/mixed\r\n\r\n--x\r\nin"
    yield (
        "e39",
        "boundary that never ends",
        "mail",
        _HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nin",
    )
    yield "e39", "100 000 headers", "mail", _HEAD + b"X: y\r\n" * 100_000 + b"\r\nin"
    yield "e39", "a header of 1 MB", "mail", _HEAD + b"X: " + b"y" * 1_000_000 + b"\r\n\r\nin"
    yield "e39", "10 000 parts", "mail", _HEAD + _many_parts(10_000)
    yield "e39", "a name that climbs", "mail", _HEAD + (
        b'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nin\r\n--x\r\n'
        b'Content-Disposition: attachment; filename="../../etc/passwd"\r\n\r\nx\r\n--x--'
    )  # fmt: skip
    yield "e39", "dates that are none", "mail", _HEAD.replace(b"Thu, 25 Apr 2024", b"Thu, 99 Foo 99999") + b"\r\nin"


def _many_parts(count: int) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nin" + b"\r\n--x\r\n\r\n" * count + b"\r\n--x--"


ACTING = (
    b'<html onload="alert(1)"><head><base href="http://127.0.0.1:9/"><meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">'
    b'<title>in</title><script>fetch("http://127.0.0.1:9/")</script><link rel="stylesheet" href="http://127.0.0.1:9/x.css">'
    b'</head><body><img src="http://127.0.0.1:9/beacon.gif" onerror="alert(1)"><iframe src="file:///etc/passwd">f</iframe>'
    b'<p>in words</p><a href="javascript:alert(1)">a</a><form><input type="password"></form></body></html>'
)


def pages() -> Iterator[Case]:
    """Yield pages that would do something in a browser; here they are words."""
    yield "e40", "HTML that acts", "page", ACTING
    yield "e40", "MHTML that acts", "saved page", saved(ACTING)
    yield (
        "e40",
        "MHTML with a script part",
        "saved page",
        saved(ACTING, others=[(b"application/javascript", b"alert(1)")]),
    )
    yield "e40", "HTML nested 100 000 deep", "page", b"<html>in words" + b"<div>" * 100_000
    yield "e40", "HTML of one tag", "page", b"<html>in words" + b"<a " * 200_000
    yield (
        "e40",
        "HTML with an entity",
        "page",
        b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html>in words&x;',
    )
    yield "e40", "HTML in UTF-7", "page", b'<html><meta charset="utf-7">in words+ADw-script+AD4-'
    yield "e40", "HTML and NUL", "page", b"<html>in\x00 words<scr\x00ipt>x"
    ld = b'<script type="application/ld+json">%s</script>'
    yield "e40", "JSON-LD nested deep", "page", b"<html>in words" + ld % (b"[" * 50_000)
    yield (
        "e40",
        "JSON-LD that is none",
        "page",
        b"<html>in words" + ld % b'{"@type": {"a": 1}, "headline": [[[[[1]]]]]}',
    )


def saved(page: bytes, others: list[tuple[bytes, bytes]] | None = None) -> bytes:
    """Return a page as a browser saves it with its parts."""
    parts = [(b"text/html", page), *(others or [])]
    body = b"".join(
        b"--x\r\nContent-Type: %s\r\nContent-Location: https://example.org/%d\r\n\r\n%s\r\n" % (kind, number, content)
        for number, (kind, content) in enumerate(parts)
    )
    return (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/news/angara\r\nSubject: Ship\r\n"
        b"Date: Thu, 25 Apr 2024 01:30:00 -0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="x"\r\n\r\n' + body + b"--x--\r\n"
    )
