"""Reading the project's own source, for rules that no single test of behaviour could hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPLICATION = ROOT / "casefiles"
TEMPLATES = ROOT / "templates"

# Lowest first: an app may name only what stands before it.
LAYERS = [
    "core", "audit", "accounts", "access", "registry", "evidence", "particulars", "sanctions", "voyages", "statements",
    "cases", "search", "interchange", "dossiers", "workspace",
]  # fmt: skip


def python_files(*names: str) -> Iterator[Path]:
    """Yield the application's modules; with `names`, those called so, or lying in a package called so."""
    for path in sorted(APPLICATION.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        parts = {path.stem, *path.relative_to(APPLICATION).parts[:-1]}
        if not names or parts & set(names):
            yield path


def reaches_past_the_chokepoint(source: str) -> list[str]:
    """Return the lines that read rows of a model otherwise than through `.objects.visible_to(`.

    Managers and querysets named `_base_manager`, `_default_manager`, `raw(` and cursors are refused outright.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr in {"_base_manager", "_default_manager", "cursor"}:
            found.append(f"{node.lineno}: .{node.attr}")
        elif node.attr == "objects" and not _is_followed_by_visible_to(source, node):
            found.append(f"{node.lineno}: .objects")
    return found


def _is_followed_by_visible_to(source: str, node: ast.Attribute) -> bool:
    lines = source.splitlines(keepends=True)
    rest = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode() + "".join(lines[node.end_lineno :])
    return re.match(r"\s*\.visible_to\(", rest) is not None


def asks_past_the_guard(source: str) -> list[int]:
    """Return the lines that ask the database for a record's constraints outside `core.validation`'s guard."""
    tree = ast.parse(source)
    guarded = {
        inside
        for block in ast.walk(tree)
        if isinstance(block, ast.With) and any("answered_by_the_database" in ast.unparse(one) for one in block.items)
        for inside in ast.walk(block)
    }
    return [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and _asks(node) and node not in guarded
    ]


def _asks(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    is_without = any(one.arg == "validate_constraints" for one in call.keywords)
    return name == "validate_constraints" or (name == "full_clean" and not is_without)
