"""How far recorded work uses up the agreed value of its matter (D-18)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.store import recording

if TYPE_CHECKING:
    from billcli.core.alerts import Use
    from billcli.store.entries import Item
    from billcli.store.plain import PlainLedger


def warnings(ledger: PlainLedger, item: Item, *, added_cents: int | None = None) -> tuple[str, ...]:
    """What a lawyer should hear after recording this: the agreed value is nearly used (D-18).

    Each of 70, 85 and 100 % is told by the entry that crosses it; recording is never blocked.
    """
    added = item.amount_cents if added_cents is None else added_cents
    if item.kind != "time" or item.behavior != "bill" or added <= 0:
        return ()
    matter_id = recording.matter(ledger, item.matter).id
    if recording.only_hourly(ledger, matter_id):
        return ()
    # The whole matter is read only where something can be used up.
    from billcli.core.alerts import use_of
    from billcli.store import gather

    file = gather.matters(ledger, gather.firm(ledger), [matter_id], date.max)[matter_id]
    use = use_of(file, item.date, ledger.decimals)
    level = use.passed(without_cents=added) if use else None
    return () if use is None or level is None else (_told(item.matter, use, level, ledger),)


def _told(matter: str, use: Use, level: int, ledger: PlainLedger) -> str:
    from billcli.core.arrangements.periods import shown
    from billcli.values import money

    agreed = money.grouped(use.value_cents, ledger.decimals)
    so_far = money.grouped(use.used_cents, ledger.decimals)
    when = f" for {shown(use.period)}" if use.period else ""
    passed = f"{matter} has passed {level} % of the agreed {agreed}{when}"
    return f"{passed}: {so_far} is billed or in progress."
