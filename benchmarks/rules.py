"""One bill of many entries, and the comparison of all arrangements over them, in one process.

    python benchmarks/rules.py LEDGER

The ledger has one matter. Prints one line of JSON: seconds to price and sum the entries in plain
Python, to compute their bill, to preview it (`bill preview --json`) and to compare arrangements.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median

import ledgers

from billcli.core.bill import compute
from billcli.services.bill import billing, bills, comparing
from billcli.services.bill.desk import Desk
from billcli.services.bill.request import Request
from billcli.store.ledger import open_ledger

TURNS = 7
E4, CENT = Decimal(10_000), Decimal("0.01")


def main() -> None:
    """Measure each in turns, and print the medians."""
    ledger = open_ledger(
        Path(sys.argv[1]), today=ledgers.THROUGH, actor="benchmark", command="bill preview"
    )
    day = date.fromisoformat(ledgers.THROUGH)
    number = ledgers.names(1)[0]
    request = Request(day, day)
    desk = Desk(ledger)
    file = desk.file(1, request)
    order = billing.order(file, desk.facts, request, ledger.decimals)
    pairs = [(Decimal(e.hours_e4 or 0), Decimal(e.rate_e4 or 0)) for e in file.fees]

    def plain() -> int:
        total = Decimal(0)
        for hours, rate in pairs:
            total += (hours / E4 * (rate / E4)).quantize(CENT, ROUND_HALF_UP)
        return int(total * 100)

    sides: dict[str, Callable[[], object]] = {
        "plain": plain,
        "bill": lambda: compute(order).fees_cents,
        "preview": lambda: bills.preview(ledger, number, request),
        "compare": lambda: comparing.compare(ledger, number, values=(100_000_00,)),
    }
    if plain() != compute(order).fees_cents:
        raise SystemExit("The plain sum and the bill differ.")
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(TURNS):
        for name, measure in sides.items():
            started = time.perf_counter()
            measure()
            taken[name].append(time.perf_counter() - started)
    ledger.close()
    print(json.dumps({name: median(found) for name, found in taken.items()}))


if __name__ == "__main__":
    main()
