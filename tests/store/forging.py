"""Damage as a forger, a bad disk or a bad program would do it, and what the proofs say."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from billcli.store.checks import Proof, prove


def unguarded(path: Path, *statements: str) -> None:
    """Do what a forger would: drop the guards, change rows, put the guards back."""
    shell = sqlite3.connect(path, isolation_level=None)
    guards = shell.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    shell.execute("BEGIN")
    for name, _ in guards:
        shell.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        done = shell.execute(statement)
        assert done.rowcount != 0, f"nothing was changed by {statement}"
    for _, sql in guards:
        shell.execute(sql)
    shell.execute("COMMIT")
    shell.close()


def failing(path: Path) -> dict[str, Proof]:
    """The proofs that find something."""
    return {proof.name: proof for proof in prove(path) if not proof.ok}
