"""A matter's own rate for a timekeeper, and the repricing of work that is not billed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.services.work import _entries
from billcli.store import find, matters, rates
from billcli.store.find import EntryRef
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


@dataclass(frozen=True, slots=True)
class RateView:
    """The rate, and what repricing changed."""

    matter: str
    timekeeper: str
    rate_e4: int
    valid_from: date | None
    repriced: int
    change_cents: int


def rate(
    ledger: Ledger,
    number: str,
    timekeeper: str,
    rate_e4: int,
    *,
    valid_from: date | None = None,
    reprice: bool = False,
) -> RateView:
    """Set a timekeeper's rate on a matter, for new entries from a day on (D-35).

    With `reprice`, unbilled entries dated from that day take it too, save those whose rate was
    typed; billed ones never change (B16).
    """
    with ledger.write():
        row = find.matter(ledger, number)
        find.timekeeper(ledger, timekeeper)
        rates.put(ledger, timekeeper, rate_e4, matter_id=row.id, valid_from=valid_from)
        ledger.record(
            f"matter {number}",
            after={
                "rate": {timekeeper: money.plain_rate(rate_e4, ledger.decimals)},
                "from": valid_from.isoformat() if valid_from else None,
            },
            matter_id=row.id,
        )
        count, change = _repriced(ledger, row, timekeeper, valid_from) if reprice else (0, 0)
        return RateView(number, timekeeper, rate_e4, valid_from, count, change)


def _repriced(
    ledger: Ledger, row: MatterRow, timekeeper: str, valid_from: date | None
) -> tuple[int, int]:
    count = change = 0
    for entry in matters.unbilled_time(ledger, row.id or 0):
        day = date.fromisoformat(entry.day)
        late = valid_from is None or day >= valid_from
        if entry.timekeeper_id != timekeeper or entry.rate_typed or not late:
            continue
        found = rates.in_force(
            ledger,
            timekeeper,
            client_id=row.client_id,
            matter_id=row.id,
            activity_code=entry.activity_code,
            day=day,
        )
        own = entry.rate_e4 if entry.standard_rate_e4 is None else entry.standard_rate_e4
        if found is None or found == own:
            continue
        if entry.standard_rate_e4 is not None:
            # Nothing is charged there; the rate that is kept beside it follows (D-28).
            _entries.alter(ledger, EntryRef("time", entry.id, entry), {"standard_rate_e4": found})
            count += 1
            continue
        cents = money.price(entry.hours_e4, found, ledger.decimals)
        ref = EntryRef("time", entry.id, entry)
        _entries.alter(ledger, ref, {"rate_e4": found, "standard_cents": cents})
        count += 1
        change += cents - entry.standard_cents
    return count, change
