"""Which addresses may become links, and where they lead."""

import pytest

from casefiles.core.outside_links import is_inside_path, leave_address, outside_host


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://example.org", "example.org"),
        ("http://example.org:8080/a?b=c#d", "example.org"),
        ("HTTPS://EXAMPLE.ORG/", "example.org"),
        ("https://аррӏе.example/", "xn--80ak6aa92e.example"),
        ("https://[2001:db8::1]/", "2001:db8::1"),
    ],
)
def test_an_outside_address_names_its_host_in_ascii(address: str, host: str) -> None:
    assert outside_host(address) == host


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "\\\\evil.example",
        "https:\\\\evil.example",
        "http:evil",
        "http://",
        "https://a@evil.example",
        "https://a:b@evil.example",
        "https://evil.example/a b",
        "https://evil.example\x00/",
        "https://evil.example:port/",
        "https://[evil/",
        "https://" + "a" * 64 + ".example/",
        "ftp://evil.example/",
        "\u2028https://evil.example",
    ],
)
def test_what_a_browser_could_read_otherwise_never_becomes_a_link(address: str) -> None:
    assert leave_address(address) is None


def test_an_outside_link_goes_through_the_page_that_names_its_host() -> None:
    assert leave_address("https://example.org/?a=b&c=/") == "/leave/?to=https%3A%2F%2Fexample.org%2F%3Fa%3Db%26c%3D%2F"


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("/cases/", True),
        ("#claims", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://x.example", False),
        ("cases/", False),
        ("", False),
    ],
)
def test_a_path_is_inside_unless_a_browser_reads_a_host_in_it(address: str, is_inside: bool) -> None:
    assert is_inside_path(address) is is_inside
