"""Verify an exported custody log with nothing but Python: no application, no database, no other package.

    python verify_custody.py LOG [FILE ...] [--digest DIGEST] [--chain CHAIN]

LOG is the custody log of one item, as JSON. Each entry is hashed with the link of the one before it, so an entry that
was changed, removed, added or moved shows; DIGEST, the last link as noted elsewhere (printed in the PDF, or in the
custody event of the export), shows also a log that was written anew or cut at its end. The digests of each file are
followed from event to event. A FILE given is hashed and looked for in the log. With CHAIN, the exported record of the
whole installation, every entry is looked up there: its event must stand in the chain and hold the digests of these
values (check the chain itself with verify_log.py).

Exit status: 0 the log is whole, 1 it is damaged or a file is not in it, 2 it could not be checked.

A link is SHA-256 over the domain, the link before and the entry without its link as JSON (keys sorted, no spaces,
ASCII), each preceded by its length in bytes (8 bytes, big-endian).
"""

import argparse
import hashlib
import json
import sys
from typing import Any

FORMAT = "casefiles/custody-log/1"
VALUE_DOMAIN = "casefiles/value/1"
GENESIS = "0" * 64
Row = dict[str, Any]
ENTRY = {"number", "who", "file", "event_id", "event_hash", "values", "salts", "link"}


class NotALog(Exception):
    """The file is not an exported custody log."""


def sized(content: bytes) -> bytes:
    return len(content).to_bytes(8, "big") + content


def text(content: str) -> bytes:
    return sized(content.encode("utf-8", "surrogatepass"))


def link_of(entry: Row, before: str) -> str:
    bare = {name: value for name, value in entry.items() if name != "link"}
    written = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text(FORMAT) + text(before) + text(written)).hexdigest()


def value_digest(salt: str, value: str | None) -> str:
    content = b"\x00" if value is None else b"\x01" + text(value)
    return hashlib.sha256(text(VALUE_DOMAIN) + sized(bytes.fromhex(salt)) + content).hexdigest()


def read_log(path: str) -> Row:
    with open(path, encoding="utf-8") as file:
        log = json.load(file)
    if not isinstance(log, dict) or log.get("format") != FORMAT or not isinstance(log.get("entries"), list):
        raise NotALog("not a custody log of the form " + FORMAT)
    for entry in log["entries"]:
        if not isinstance(entry, dict) or set(entry) != ENTRY or type(entry["number"]) is not int:
            raise NotALog("an entry has other columns than a custody event")
        if not isinstance(entry["values"], dict) or not isinstance(entry["salts"], dict):
            raise NotALog("the values of an entry are no table")
    return dict(log)


def check_links(entries: list[Row], digest: str | None) -> list[str]:
    before = GENESIS
    for place, entry in enumerate(entries, start=1):
        if entry["number"] != place:
            return [f"entry {place} is missing, or one stands twice"]
        if entry["link"] != link_of(entry, before):
            return [f"entry {place} was changed, or one before it removed"]
        before = entry["link"]
    if digest and before != digest.lower():
        return ["the last link is not the digest given: entries are missing at the end, or the log was written anew"]
    return []


def said(entry: Row, name: str) -> Any:
    value = entry["values"].get(name)
    return json.loads(value) if isinstance(value, str) else None


def check_digests(entries: list[Row]) -> list[str]:
    """Follow the bytes of each file: what an event found before must be what the one before it left."""
    held: dict[str, str] = {}
    faults: list[str] = []
    for entry in entries:
        file, before, after = said(entry, "file"), said(entry, "sha256_before"), said(entry, "sha256_after")
        # What a derivative begins with are the bytes of another file.
        is_derived = said(entry, "act") == "derived"
        if file in held and before and before != held[file] and not is_derived:
            faults.append(f"entry {entry['number']} begins with other bytes than the one before it left")
        if file and after:
            held[file] = after
    return faults


def find_files(log: Row, paths: list[str]) -> list[str]:
    known = {file["sha256"]: file["name"] for file in log.get("files", [])}
    faults = []
    for path in paths:
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            while chunk := file.read(1024 * 1024):
                digest.update(chunk)
        if digest.hexdigest() in known:
            print(f"in the log: {path} is {known[digest.hexdigest()]!r}")
        else:
            faults.append(f"{path} is not in the log: its SHA-256 is {digest.hexdigest()}")
    return faults


def check_chain(entries: list[Row], path: str) -> list[str]:
    events: dict[str, Row] = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            events[event["event_id"]] = event
    return [fault for entry in entries for fault in against(entry, events.get(entry["event_id"]))]


def against(entry: Row, event: Row | None) -> list[str]:
    if event is None:
        return [f"entry {entry['number']} does not stand in the chain"]
    if event["hash"] != entry["event_hash"]:
        return [f"entry {entry['number']} stands in the chain with another hash"]
    recorded = {name: new for name, _old, new in event["changes"]}
    if set(recorded) != set(entry["values"]):
        return [f"entry {entry['number']} has other values than were recorded"]
    # A value that was erased by order is null here and cannot be compared.
    wrong = [
        name
        for name, value in entry["values"].items()
        if value is not None and value_digest(entry["salts"][name], value) != recorded[name]
    ]
    return [f"entry {entry['number']}: {name} is not what was recorded" for name in wrong]


def verdict(given: argparse.Namespace) -> int:
    log = read_log(given.log)
    entries = log["entries"]
    faults = check_links(entries, given.digest) + check_digests(entries) + find_files(log, given.files)
    if given.chain:
        faults += check_chain(entries, given.chain)
    for fault in faults:
        print("damaged: " + fault)
    if faults:
        return 1
    if not entries:
        print("not checked: the log is empty")
        return 2
    end = "it is the digest given" if given.digest else "no digest was given: a log written anew would not show"
    print(f"whole: {len(entries)} entries, last link {entries[-1]['link']} ({end})")
    print("every entry stands in the chain given" if given.chain else "no chain was given: entries were not looked up")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Print the verdict on a log and return the exit status."""
    parser = argparse.ArgumentParser(description="Verify an exported custody log.")
    parser.add_argument("log")
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--digest", help="the last link, as noted elsewhere")
    parser.add_argument("--chain", help="the exported record of the whole installation")
    given = parser.parse_args(arguments)
    try:
        return verdict(given)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, NotALog) as error:
        print(f"not checked: {type(error).__name__}: {error}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
