"""A process that forks: what is connected to the database stays with the one that connected it.

Two processes on one connection answer each other's questions, or lock a file of SQLite for nobody (its own
documentation, "How To Corrupt An SQLite Database File", 2.6). So a server has none when it forks, and what was forked
all the same starts without any.
"""

import os
from typing import Any

from django.db import connections

# What was inherited is neither used nor closed: closing it would say goodbye in the name of the other process.
_inherited: list[Any] = []


def fork_safely() -> None:
    """Leave the database now, and begin without it in whatever this process forks from here on."""
    leave_database()
    os.register_at_fork(after_in_child=forget_inherited)


def leave_database() -> None:
    """Close every connection of this thread, and what a pool holds for it and others."""
    for one in connections.all(initialized_only=True):
        one.close()
        if getattr(one, "pool", None):
            one.close_pool()  # type: ignore[attr-defined]


def forget_inherited() -> None:
    """Begin anew in a child: with no connection, in no transaction, with no pool, whose threads stayed behind."""
    for one in connections.all(initialized_only=True):
        pools: dict[str, Any] = getattr(one, "_connection_pools", {})
        _inherited.extend([one, *pools.values()])
        pools.clear()
        del connections[one.alias]
