"""Hostile files are read by a process that can do nothing else (R22).

One process a file: isolated Python, empty environment, 1 GB of memory, 20 s of processor and of clock, nothing to
write, no further processes, and no file but the one it was given and its own libraries. Network and file system are
closed by the kernel where it lets a process without rights do so (user namespaces, Landlock); elsewhere only an audit
hook stands in the way, so run the server in a network of its own if it parses what the other side sends.
"""

from casefiles.evidence.cage.running import Killed, Limits, collected, frames
from casefiles.evidence.readers.findings import Frame, NotParsed

__all__ = ["Frame", "Killed", "Limits", "NotParsed", "collected", "frames"]
