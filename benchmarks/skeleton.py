"""The least that a Typer program can do to keep an hour: parse, insert, commit, say so.

It has the tables' columns, a write-ahead log and a commit that is on the disk when the program
ends. It has no rates, no rounding, no rules, no audit log, no undo and no way to see what it kept.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def add(
    ledger: Annotated[str, typer.Argument(help="The file.")],
    matter: Annotated[str, typer.Argument(help="The matter's number.")],
    hours: Annotated[str, typer.Argument(help="How long it took.")],
    narrative: Annotated[str, typer.Argument(help="What was done.")],
) -> None:
    """Record time."""
    shell = sqlite3.connect(ledger, isolation_level=None)
    shell.execute("PRAGMA journal_mode = WAL")
    shell.execute("PRAGMA synchronous = FULL")
    shell.execute("BEGIN IMMEDIATE")
    shell.execute(
        "CREATE TABLE IF NOT EXISTS time_entry (id INTEGER PRIMARY KEY, matter TEXT, day TEXT,"
        " hours_e4 INTEGER, cents INTEGER, description TEXT)"
    )
    hours_e4 = round(float(hours) * 10_000)
    kept = shell.execute(
        "INSERT INTO time_entry (matter, day, hours_e4, cents, description) VALUES (?, ?, ?, ?, ?)",
        (matter, date.today().isoformat(), hours_e4, hours_e4 * 28_000 // 10_000, narrative),  # noqa: DTZ011
    )
    shell.execute("COMMIT")
    typer.echo(f"T-{kept.lastrowid} recorded: {hours} h on {matter}.")
    shell.close()


if __name__ == "__main__":
    app()
