"""billcli's own month end in one process, timed without the start of Python and its imports.

    python benchmarks/product.py LEDGER FOLDER

bills every matter of the ledger as `billcli mass run --issue --out FOLDER` does, and prints one
line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

# Loaded by the first bill; but an import is part of the start, here as in the plain loop.
import babel.dates
import babel.numbers  # noqa: F401
import ledgers

import billcli.render.bill  # noqa: F401
from billcli.services.month_end import mass
from billcli.store.ledger import open_ledger


def spent() -> float:
    """Seconds of processor time, those of the process that prints beside included."""
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + theirs.ru_utime + theirs.ru_stime


def main() -> None:
    """Bill against the clock, and say so."""
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    day = date.fromisoformat(ledgers.THROUGH)
    ledger = open_ledger(path, today=ledgers.THROUGH, actor="benchmark", command="mass run")
    wall, used = time.perf_counter(), spent()
    view = mass.run(ledger, mass.Batch(day, day, approved=True, issued=True, out=folder))
    seconds, cpu_seconds = time.perf_counter() - wall, spent() - used
    ledger.close()
    print(
        json.dumps(
            {
                "bills": view["created"],
                "total_cents": view["total_cents"],
                "seconds": seconds,
                "cpu_seconds": cpu_seconds,
                "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            }
        )
    )


if __name__ == "__main__":
    main()
