"""Opening the ledger for a command, and letting go of it whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from billcli.cli._root import run

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.plain import PlainLedger

__all__ = ["Ledger", "PlainLedger", "opened", "opened_plain"]


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


@contextmanager
def opened_plain() -> Iterator[PlainLedger]:
    """The ledger that this run names, without SQLModel: for what a hand types all day.

    Whatever isn't a ledger of this version is opened as any other command opens it: it is brought
    up to date there, or refused with its reason.
    """
    from billcli.store import refusals
    from billcli.store.plain import open_plain

    now = run()
    plain = open_plain(now.ledger, today=now.today, actor=now.actor, command=now.command)
    if plain is None:
        with opened() as ledger:
            yield ledger
        return
    try:
        with refusals.translated(now.ledger):
            yield plain
    finally:
        plain.close()
