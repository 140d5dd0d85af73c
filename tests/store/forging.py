"""Damage as a forger, a bad disk or a bad program would do it, and what the proofs say."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from billcli.store.checks import Proof, prove


def unguarded(path: Path, *statements: str) -> None:
    """Do what a forger would: drop the guards, change rows, put the guards back."""
    shell = sqlite3.connect(path, isolation_level=None)
    shell.execute("PRAGMA synchronous = OFF")
    # In SQLite's own table: dropping and making them one by one takes ten times as long.
    shell.execute("PRAGMA writable_schema = ON")
    guards = shell.execute("SELECT * FROM sqlite_master WHERE type = 'trigger'").fetchall()
    shell.execute("DELETE FROM sqlite_master WHERE type = 'trigger'")
    shell.execute("PRAGMA writable_schema = RESET")
    shell.execute("BEGIN")
    for statement in statements:
        done = shell.execute(statement)
        assert done.rowcount != 0, f"nothing was changed by {statement}"
    shell.execute("COMMIT")
    shell.execute("PRAGMA writable_schema = ON")
    shell.executemany("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", guards)
    shell.execute("PRAGMA writable_schema = RESET")
    shell.close()


def failing(path: Path) -> dict[str, Proof]:
    """The proofs that find something."""
    return {proof.name: proof for proof in prove(path) if not proof.ok}
