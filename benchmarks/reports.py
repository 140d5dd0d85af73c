"""Every report over a large ledger, against the plain SQL that answers its question.

    python benchmarks/reports.py                 1,000,000 entries; some minutes
    python benchmarks/reports.py --entries 10000
    python benchmarks/reports.py --ledger PATH   a ledger of years.py that is there already

Both sides are measured in processor time, in turns and in one process, and each number is the best
of three turns, or of eleven where a turn is short. The plain side is what questions.py asks, on
sqlite3, with its rows fetched: no rule of billing, no names of columns, no days made of texts.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ledgers
import years
from questions import OF_REPORT

sys.path.insert(0, str(Path(__file__).parent.parent))

from billcli.services.funds import client_funds, funded_work
from billcli.services.reporting import (
    boards,
    fee_reports,
    forecasting,
    never_billed,
    productivity,
    reports,
    status,
)
from billcli.store.ledger import Ledger, open_ledger

AT_MOST = 2
TURNS, MORE_TURNS = 3, 11
SHORT = 0.5
NOTICEABLE = 0.05
"""Below so many seconds, what a report takes is not the ledger's size."""

REPORTS: dict[str, Callable[[Ledger], Any]] = {
    "wip": reports.wip,
    "unbilled": boards.unbilled,
    "ageing": reports.ageing,
    "realization": fee_reports.realization,
    "allocation": fee_reports.allocation,
    "discounts": fee_reports.discounts,
    "tax": fee_reports.tax,
    "productivity": productivity.report,
    "never-billed": never_billed.report,
    "funded": funded_work.report,
    "forecast": forecasting.report,
    "status": status.status,
    "milestones": boards.milestones,
    "trust": client_funds.trust_report,
    "reserve": reports.reserve,
}


def main() -> None:
    """Measure, and print a table in Markdown."""
    told = argparse.ArgumentParser(description=__doc__)
    told.formatter_class = argparse.RawDescriptionHelpFormatter
    told.add_argument("--entries", type=int, default=1_000_000)
    told.add_argument("--ledger", type=Path, help="one that years.py made")
    told.add_argument("report", nargs="*", help="all of them, if none is named")
    asked = told.parse_args()
    with tempfile.TemporaryDirectory(prefix="billcli-reports-") as folder:
        path = asked.ledger or years.make(Path(folder) / "ledger.db", asked.entries)
        measure(path, asked.report)


def measure(path: Path, asked: Sequence[str] = ()) -> None:
    """The reports of that ledger that are asked for, or each, against its queries."""
    ledger = open_ledger(path, today=ledgers.THROUGH, actor="benchmark", command="report")
    plain = sqlite3.connect(path)
    (entries,) = plain.execute("SELECT count(*) FROM time_entry").fetchone()
    print(f"{entries:,} entries, SQLite {sqlite3.sqlite_version}\n")
    print("| report | seconds | plain SQL | ratio | goal |\n| --- | ---: | ---: | ---: | --- |")
    for name in asked or REPORTS:
        report, queries = REPORTS[name], OF_REPORT[name]
        ours, theirs = [], []
        while len(ours) < (MORE_TURNS if min(ours, default=SHORT) < SHORT else TURNS):
            theirs.append(
                sum(spent(lambda q=query: plain.execute(q).fetchall()) for query in queries)
            )
            ours.append(spent(lambda r=report: r(ledger)))
            ledger.session.rollback()
        took, least = min(ours), min(theirs)
        ratio = f"{took / max(least, 1e-6):.2f} ×"
        goal = ""
        if took >= NOTICEABLE:
            goal = f"≤ {AT_MOST} ×, {'met' if took <= AT_MOST * least else 'missed'}"
        print(f"| `report {name}` | {took:.3f} | {least:.3f} | {ratio} | {goal} |")
        sys.stdout.flush()
    plain.close()
    ledger.close()


def spent(work: Callable[[], Any]) -> float:
    """The seconds of processor time that something takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
