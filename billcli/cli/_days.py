"""Days that a command may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from billcli.cli._ledger import PlainLedger


def maybe_day(
    ledger: PlainLedger, text: str | None, what: str = "date", *, past: bool = False
) -> date | None:
    """The day that an option names, if it was given; `what` is the option in an error.

    Where it lies behind (`past`), `friday` is the latest Friday.
    """
    from billcli.values.dates import read_day

    return None if text is None else read_day(text, ledger.today, what=what, past=past)
