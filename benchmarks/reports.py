"""Every report over a large ledger, against the plain SQL that answers its question.

    python benchmarks/reports.py                 1,000,000 entries; some minutes
    python benchmarks/reports.py --entries 10000
    python benchmarks/reports.py --ledger PATH   a ledger of years.py that is there already

Both sides are measured in processor time, in turns and in one process, and each number is the best
of three. The plain side is one query a question, on sqlite3, with its rows fetched: no rule of
billing, no names of columns, no days made of texts.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ledgers
import years

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
TURNS = 3
NOTICEABLE = 0.05
"""Below so many seconds, what a report takes is not the ledger's size."""

WORK = """
    SELECT e.matter_id, sum(hours_e4), sum(standard_cents), min(day) FROM time_entry AS e
    WHERE behavior = 'bill' AND day <= '2026-11-30' AND NOT EXISTS (
        SELECT 1 FROM claim AS k JOIN bill AS b ON b.id = k.bill_id WHERE k.kind = 'time'
            AND k.entry_id = e.id AND k.released_on IS NULL AND b.day <= '2026-11-30')
    GROUP BY e.matter_id"""
OPEN = """
    SELECT b.id, b.number, b.due_on, m.number, m.title, c.name,
        sum(CASE v.debit WHEN 'receivable' THEN v.amount_cents ELSE -v.amount_cents END) AS cents
    FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id JOIN bill AS b ON b.id = v.bill_id
    JOIN matter AS m ON m.id = b.matter_id JOIN client AS c ON c.id = b.client_id
    WHERE 'receivable' IN (v.debit, v.credit) AND e.day <= '2026-11-30'
    GROUP BY b.id HAVING cents <> 0 ORDER BY m.number"""
PAID = """
    SELECT v.bill_id, sum(v.amount_cents) AS cents
    FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
    WHERE v.credit = 'receivable' AND e.day <= '2026-11-30' GROUP BY v.bill_id"""
LIVE = "NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')"
SHARES = f"""
    SELECT a.timekeeper_id, sum(a.amount_cents),
        sum(a.amount_cents * min(coalesce(p.cents, 0), b.total_cents) / b.total_cents)
    FROM bill_allocation AS a JOIN bill AS b ON b.id = a.bill_id
    LEFT JOIN ({PAID}) AS p ON p.bill_id = b.id WHERE {LIVE} GROUP BY a.timekeeper_id"""
REALIZED = f"""
    SELECT m.number, m.title, sum(l.hours_e4), sum(b.standard_fees_cents), sum(b.fees_cents),
        sum(b.discount_cents), sum(p.cents)
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    JOIN (SELECT bill_id, sum(hours_e4) AS hours_e4 FROM bill_line GROUP BY bill_id) AS l
        ON l.bill_id = b.id
    LEFT JOIN ({PAID}) AS p ON p.bill_id = b.id WHERE {LIVE} GROUP BY m.id ORDER BY m.number"""
DAYS = """
    SELECT timekeeper_id, day, sum(logged_e4), sum(hours_e4), sum(standard_cents)
    FROM time_entry WHERE day BETWEEN '{}' AND '2026-11-30' GROUP BY timekeeper_id, day"""
FIRST_DAYS = "SELECT timekeeper_id, min(day) FROM time_entry GROUP BY timekeeper_id"
UNTOUCHED = """
    SELECT m.number, e.day, e.id, e.timekeeper_id, e.description, e.hours_e4, e.standard_cents
    FROM time_entry AS e JOIN matter AS m ON m.id = e.matter_id
    WHERE e.day <= '2026-11-30' AND NOT EXISTS (
        SELECT 1 FROM claim WHERE kind = 'time' AND entry_id = e.id AND released_on IS NULL)
    ORDER BY 1, 2, 3"""
DISCOUNTS = f"""
    SELECT b.number, b.day, m.number, b.client_id, b.fees_cents, b.discount_cents
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    WHERE b.discount_cents <> 0 AND {LIVE} ORDER BY b.seq"""
TAXES = f"""
    SELECT t.code, count(*), sum(t.base_cents), sum(t.tax_cents)
    FROM bill_tax AS t JOIN bill AS b ON b.id = t.bill_id WHERE {LIVE} GROUP BY t.code"""
LATE = """
    SELECT b.client_id, julianday(max(e.day)) - julianday(b.due_on)
    FROM bill AS b JOIN move AS v ON v.bill_id = b.id JOIN journal_entry AS e ON e.id = v.entry_id
    GROUP BY b.id"""

Question = tuple[str, Callable[[Ledger], Any], tuple[str, ...]]
QUESTIONS: tuple[Question, ...] = (
    ("wip", reports.wip, (WORK,)),
    ("unbilled", boards.unbilled, (WORK,)),
    ("ageing", reports.ageing, (OPEN,)),
    ("realization", fee_reports.realization, (REALIZED,)),
    ("allocation", fee_reports.allocation, (SHARES,)),
    ("discounts", fee_reports.discounts, (DISCOUNTS,)),
    ("tax", fee_reports.tax, (TAXES,)),
    ("productivity", productivity.report, (DAYS.format("2026-08-31"), FIRST_DAYS)),
    ("never-billed", never_billed.report, (UNTOUCHED,)),
    ("funded", funded_work.report, (WORK, OPEN)),
    ("forecast", forecasting.report, (OPEN, LATE)),
    ("status", status.status, (OPEN,)),
    ("milestones", boards.milestones, ()),
    ("trust", client_funds.trust_report, ()),
    ("reserve", reports.reserve, ()),
)


def main() -> None:
    """Measure, and print a table in Markdown."""
    told = argparse.ArgumentParser(description=__doc__)
    told.formatter_class = argparse.RawDescriptionHelpFormatter
    told.add_argument("--entries", type=int, default=1_000_000)
    told.add_argument("--ledger", type=Path, help="one that years.py made")
    asked = told.parse_args()
    with tempfile.TemporaryDirectory(prefix="billcli-reports-") as folder:
        path = asked.ledger or years.make(Path(folder) / "ledger.db", asked.entries)
        measure(path)


def measure(path: Path) -> None:
    """Each report of that ledger, against its query."""
    ledger = open_ledger(path, today=ledgers.THROUGH, actor="benchmark", command="report")
    plain = sqlite3.connect(path)
    (entries,) = plain.execute("SELECT count(*) FROM time_entry").fetchone()
    print(f"{entries:,} entries, SQLite {sqlite3.sqlite_version}\n")
    print("| report | seconds | plain SQL | ratio | goal |\n| --- | ---: | ---: | ---: | --- |")
    for name, report, queries in QUESTIONS:
        ours, theirs = [], []
        for _ in range(TURNS):
            theirs.append(
                sum(spent(lambda q=query: plain.execute(q).fetchall()) for query in queries)
            )
            ours.append(spent(lambda r=report: r(ledger)))
            ledger.session.rollback()
        took, least = min(ours), min(theirs)
        ratio = f"{took / max(least, 1e-6):.2f} ×" if queries else ""
        goal = ""
        if queries and took >= NOTICEABLE:
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
