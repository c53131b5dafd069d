"""Sets one PDF, in a process of its own: HTML comes in, a PDF goes out, and nothing is fetched.

Run by path, never imported by the application: WeasyPrint and the libraries behind it stay out of the server.
"""

import json
import resource
import sys

MEMORY_BYTES = 1536 * 1024 * 1024
PROCESSOR_SECONDS = 120
# What the caller reads from the exit code.
NO_LIBRARY, FAILED = 3, 4
FONT = "data:font/woff2;base64,"


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))


def main() -> int:
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        return NO_LIBRARY

    class OwnFonts(URLFetcher):
        """Answers for the fonts that are in the text itself, and for nothing else in the world."""

        def fetch(self, url, headers=None):  # type: ignore[no-untyped-def]
            if not url.startswith(FONT):
                raise ValueError("A PDF fetches nothing.")
            return super().fetch(url, headers)

    limit()
    settings = json.loads(sys.stdin.buffer.readline())
    text = sys.stdin.buffer.read().decode("utf-8")
    document = HTML(string=text, base_url="about:blank", url_fetcher=OwnFonts(allowed_protocols={"data"}))
    content = document.write_pdf(pdf_identifier=bytes.fromhex(settings["identifier"]), pdf_tags=True)
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
