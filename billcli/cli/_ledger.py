"""Opening the ledger for a command, and letting go of it whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from billcli.cli._root import run

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

__all__ = ["Ledger", "opened"]


@contextmanager
def opened() -> Iterator[Ledger]:
    """The ledger that this run names."""
    from billcli.store import refusals
    from billcli.store.ledger import open_ledger

    now = run()
    ledger = open_ledger(now.ledger, today=now.today, actor=now.actor, command=now.command)
    try:
        with refusals.translated(now.ledger):
            yield ledger
    finally:
        ledger.close()
