"""What is found in an e-mail: headers, the way it took, its words, and what is attached."""

import base64
import hashlib

import pytest

from casefiles.evidence import cage
from tests.evidence.hostile import letters
from tests.evidence.reading_aids import read, read_in_cage

PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00program"
MAIL = b"""Return-Path: <bounce@other.example>
Received: from mx.example.org (mx.example.org [192.0.2.1]) by in.example.com;
\tThu, 25 Apr 2024 01:30:05 +0000
Received: from laptop by mx.example.org; Thu, 25 Apr 2024 10:30:00 +0900
From: =?utf-8?B?0JDQs9C10L3Rgg==?= <agent@example.org>
To: "Port, the" <port@example.com>, second@example.com
Cc: third@example.com
Subject: =?windows-1251?Q?=D1=F3=E4=ED=EE?= at the yard
Date: Thu, 25 Apr 2024 10:30:00 +0900
Message-ID: <1@example.org>
X-Mailer: Some Mailer 3
DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x; b=abc
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=windows-1251
Content-Transfer-Encoding: quoted-printable

=D1=F3=E4=ED=EE lies at the yard.
--inner
Content-Type: text/html

<p>The same with markup.</p>
--inner--
--outer
Content-Type: image/png; name="x.png"
Content-Disposition: attachment; filename*=UTF-8''%D1%84%D0%BE%D1%82%D0%BE.png
Content-Transfer-Encoding: base64

""" + base64.encodebytes(PROGRAM) + b"--outer--\n"  # fmt: skip


def test_headers_are_claims_with_the_offset_they_give() -> None:
    found = read("mail", MAIL)

    assert found.findings["form"] == "e-mail (RFC 5322)"
    assert [(claim["key"], claim["value"], claim["where"]) for claim in found.findings["claims"]] == [
        ("title", "Судно at the yard", "Subject"),
        ("sender", "Агент <agent@example.org>", "From"),
        ("sender", "<bounce@other.example>", "Return-Path"),
        ("recipient", "Port, the <port@example.com>", "To"),
        ("recipient", "second@example.com", "To"),
        ("recipient", "third@example.com", "Cc"),
        ("published", "2024-04-25T10:30:00+09:00", "Date"),
        ("identifier", "<1@example.org>", "Message-ID"),
        ("software", "Some Mailer 3", "X-Mailer"),
        ("signature", "DKIM, by example.org: not checked", "DKIM-Signature"),
        ("received", "2024-04-25T01:30:05+00:00", "Received"),
    ]


def test_the_way_it_took_is_listed_last_server_first() -> None:
    assert read("mail", MAIL).parts("received") == [
        {
            "kind": "received",
            "text": "from mx.example.org (mx.example.org [192.0.2.1]) by in.example.com",
            "at": "2024-04-25T01:30:05+00:00",
        },
        {"kind": "received", "text": "from laptop by mx.example.org", "at": "2024-04-25T10:30:00+09:00"},
    ]


def test_its_words_are_the_plain_ones_with_the_headers_that_people_see() -> None:
    assert read("mail", MAIL).text == (
        "From: Агент <agent@example.org>\n"
        'To: "Port, the" <port@example.com>, second@example.com\n'
        "Cc: third@example.com\n"
        "Date: Thu, 25 Apr 2024 10:30:00 +0900\n"
        "Subject: Судно at the yard\n\n"
        "Судно lies at the yard."
    )


def test_a_letter_of_markup_alone_is_read_too() -> None:
    head = b"From: a@example.org\nDate: x\nContent-Type: text/html; charset=utf-8\n\n"
    content = head + b"<p>One</p><p>two<script>x</script></p>"

    assert read("mail", content).text.endswith("One\n\ntwo")


def test_what_is_attached_is_listed_with_its_digest_and_what_it_is() -> None:
    found = read("mail", MAIL)

    assert found.parts("attachment") == [
        {
            "kind": "attachment",
            "name": "фото.png",
            "claimed_media_type": "image/png",
            "media_type": "application/vnd.microsoft.portable-executable",
            "size_bytes": len(PROGRAM),
            "sha256": hashlib.sha256(PROGRAM).hexdigest(),
        }
    ]
    assert found.warnings == [
        "Its Return-Path is at another domain than its sender.",
        "A program is attached to it.",
        "Something attached to it is not what it claims to be.",
    ]


def test_a_letter_within_is_attached_whole() -> None:
    inner = b"From: b@example.org\n\nin the inner one"
    content = b"From: a@example.org\nDate: x\nContent-Type: message/rfc822\n\n" + inner

    [attachment] = read("mail", content).parts("attachment")

    assert (attachment["claimed_media_type"], attachment["size_bytes"]) == ("message/rfc822", len(inner))


@pytest.mark.parametrize(
    ("written_as", "means"),
    [
        ("Thu, 25 Apr 2024 10:30:00 -0000", "2024-04-25T10:30:00"),
        ("Thu, 25 Apr 2024 10:30:00 GMT", "2024-04-25T10:30:00+00:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_date_without_a_zone_stays_without_one(written_as: str, means: str) -> None:
    content = f"From: a@example.org\nDate: {written_as}\n\nx".encode()

    assert read("mail", content).claims("published") == [(means, "Date")]


def test_headers_that_stand_there_twice_are_told() -> None:
    found = read("mail", b"From: a@example.org\nFrom: b@example.org\nDate: x\n\nx")

    assert found.warnings[0] == "It has more than one From: programs show one or the other."


ODD = list(letters.odd())


@pytest.mark.parametrize("content", [case[3] for case in ODD], ids=[case[1] for case in ODD])
def test_e39_a_malformed_letter_is_read_as_far_as_it_goes(content: bytes) -> None:
    found = read("mail", content)

    assert found.text.startswith("From: a@example.org")
    assert len(found.findings["parts"]) <= 400


DEEP = list(letters.deep())


@pytest.mark.parametrize(("task", "content"), [case[2:] for case in DEEP], ids=[case[1] for case in DEEP])
def test_e39_a_letter_nested_a_thousand_deep_is_refused_in_the_cage(task: str, content: bytes) -> None:
    """Fails where a parser that calls itself runs in the process that answers requests."""
    with pytest.raises(cage.NotParsed, match="deeper than is read"):
        read_in_cage(task, content)
