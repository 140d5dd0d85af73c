"""The least that billing many matters can cost: plain sqlite3 and one Jinja2 template.

Every matter gets what a bill can't do without, and nothing else: its unbilled work is read, the
amounts are summed, bill, lines and postings are inserted in a transaction of their own that is on
the disk when it ends (WAL, synchronous=FULL), one HTML page is rendered, and the page is written
to a temporary file, synced and renamed. No numbering rules, no arrangements, no audit log, no
guards, no second format, no copy of the page in the database: that is billcli's part.

    python benchmarks/floor.py FOLDER MATTERS ENTRIES

prints one line of JSON; the ledger is made before the clock starts.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import sys
import time
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import ledgers
from jinja2 import Environment

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE matter (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    client TEXT NOT NULL, street TEXT NOT NULL
) STRICT;
CREATE TABLE work (
    id INTEGER PRIMARY KEY, matter INTEGER NOT NULL REFERENCES matter, day TEXT NOT NULL,
    who TEXT NOT NULL, told TEXT NOT NULL, hours_e4 INTEGER NOT NULL, rate_e4 INTEGER NOT NULL
) STRICT;
CREATE INDEX work_of_matter ON work (matter, day);
CREATE TABLE bill (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, matter INTEGER NOT NULL REFERENCES matter,
    day TEXT NOT NULL, total_cents INTEGER NOT NULL
) STRICT;
CREATE TABLE line (
    bill INTEGER NOT NULL REFERENCES bill, work INTEGER NOT NULL UNIQUE REFERENCES work,
    hours_e4 INTEGER NOT NULL, rate_e4 INTEGER NOT NULL, cents INTEGER NOT NULL
) STRICT;
CREATE INDEX line_of_bill ON line (bill);
CREATE TABLE posting (
    bill INTEGER NOT NULL REFERENCES bill, account TEXT NOT NULL, cents INTEGER NOT NULL
) STRICT;
CREATE INDEX posting_of_bill ON posting (bill);
"""

UNBILLED = """
SELECT m.id, m.number, m.title, m.client, m.street, w.id, w.day, w.who, w.told, w.hours_e4,
    w.rate_e4
FROM work AS w JOIN matter AS m ON m.id = w.matter
WHERE NOT EXISTS (SELECT 1 FROM line WHERE line.work = w.id)
ORDER BY m.id, w.day, w.id
"""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Bill {{ bill.number }}</title>
<style>
body { font: 11pt/1.5 sans-serif; max-width: 50em; margin: 2em auto }
table { width: 100%; border-collapse: collapse }
td, th { border-bottom: 1px solid #ccc; padding: .3em; text-align: left }
.n { text-align: right }
</style>
</head>
<body>
<h1>{{ firm }}</h1>
<h2>Bill {{ bill.number }} of {{ bill.day }}</h2>
<p>{{ matter.client }}<br>{{ matter.street }}<br>Springfield</p>
<p>Matter {{ matter.number }}: {{ matter.title }}</p>
<table>
<tr><th>Date</th><th>Timekeeper</th><th>Work</th><th class="n">Hours</th><th class="n">Rate</th>
<th class="n">Amount</th></tr>
{% for line in lines %}
<tr><td>{{ line.day }}</td><td>{{ line.who }}</td><td>{{ line.told }}</td>
<td class="n">{{ line.hours }}</td><td class="n">{{ line.rate }}</td>
<td class="n">{{ line.amount }}</td></tr>
{% endfor %}
<tr><th colspan="5">Please pay</th><th class="n">{{ bill.total }}</th></tr>
</table>
<table>
<tr><th>Timekeeper</th><th class="n">Amount</th></tr>
{% for who, amount in people %}
<tr><td>{{ who }}</td><td class="n">{{ amount }}</td></tr>
{% endfor %}
</table>
<p>Due within 30 days. Please quote bill {{ bill.number }}.</p>
</body>
</html>
"""


def furnish(path: Path, matters: int, entries: int) -> sqlite3.Connection:
    """The same work as in ledgers.make, in the few tables above."""
    shell = sqlite3.connect(path, isolation_level=None)
    shell.executescript(TABLES)
    shell.execute("BEGIN")
    shell.executemany(
        "INSERT INTO matter VALUES (?, ?, ?, ?, ?)",
        ((n, *ledgers.names(n)) for n in range(1, matters + 1)),
    )
    shell.executemany(
        "INSERT INTO work (matter, day, who, told, hours_e4, rate_e4)"
        f" VALUES (?, ?, ?, ?, {ledgers.HALF_HOUR_E4}, {ledgers.RATE_E4})",
        (
            (matter, day, ledgers.TIMEKEEPERS[who], told)
            for matter, day, who, told in ledgers.work(matters, entries)
        ),
    )
    shell.execute("COMMIT")
    shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shell.close()
    opened = sqlite3.connect(path, isolation_level=None)
    opened.execute("PRAGMA synchronous = FULL")
    opened.execute("PRAGMA foreign_keys = ON")
    return opened


def bill_all(shell: sqlite3.Connection, folder: Path) -> tuple[int, int]:
    """Bill every matter; returns how many bills there are and what they come to."""
    page = Environment(autoescape=True, trim_blocks=True).from_string(PAGE)
    # All of it at once: an open reader would keep the log from being folded into the file.
    matters = [
        (key, list(rows))
        for key, rows in groupby(shell.execute(UNBILLED).fetchall(), key=itemgetter(0, 1, 2, 3, 4))
    ]
    total_cents = 0
    for n, (key, rows) in enumerate(matters, 1):
        matter = dict(zip(("id", "number", "title", "client", "street"), key, strict=True))
        bill, lines, people = _sums(f"2026-{n:04}", rows)
        _insert(shell, n, matter["id"], bill, lines)
        text = page.render(
            firm="Klein, d'Almeida & Thorn", bill=bill, matter=matter, lines=lines, people=people
        )
        _write(folder, f"{bill['number']}.html", text.encode())
        total_cents += bill["cents"]
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    return len(matters), total_cents


def _sums(
    number: str, rows: list[Any]
) -> tuple[dict[str, Any], list[dict[str, Any]], list[tuple[str, str]]]:
    lines, people = [], {}
    for *_, work, day, who, told, hours_e4, rate_e4 in rows:
        cents = (hours_e4 * rate_e4 + 500_000) // 1_000_000
        people[who] = people.get(who, 0) + cents
        lines.append(
            {
                "work": work,
                "day": day,
                "who": who,
                "told": told,
                "hours_e4": hours_e4,
                "rate_e4": rate_e4,
                "cents": cents,
                "hours": f"{hours_e4 / 10_000:.2f}",
                "rate": _said(rate_e4 // 100),
                "amount": _said(cents),
            }
        )
    cents = sum(people.values())
    bill = {"number": number, "day": ledgers.THROUGH, "cents": cents, "total": _said(cents)}
    return bill, lines, [(who, _said(theirs)) for who, theirs in people.items()]


def _said(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02}"


def _insert(
    shell: sqlite3.Connection,
    bill_id: int,
    matter_id: int,
    bill: dict[str, Any],
    lines: list[dict[str, Any]],
) -> None:
    shell.execute("BEGIN IMMEDIATE")
    shell.execute(
        "INSERT INTO bill VALUES (?, ?, ?, ?, ?)",
        (bill_id, bill["number"], matter_id, bill["day"], bill["cents"]),
    )
    shell.executemany(
        f"INSERT INTO line VALUES ({bill_id}, :work, :hours_e4, :rate_e4, :cents)", lines
    )
    shell.executemany(
        "INSERT INTO posting VALUES (?, ?, ?)",
        [
            (bill_id, "receivable", bill["cents"]),
            (bill_id, "fee_income", -bill["cents"]),
            (bill_id, "tax_payable", 0),
        ],
    )
    shell.execute("COMMIT")


def _write(folder: Path, name: str, content: bytes) -> None:
    part = f"{folder}/.{name}.tmp"
    with open(part, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, f"{folder}/{name}")


def main() -> None:
    """Furnish, bill against the clock, and say so."""
    folder, matters, entries = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    pages = folder / "pages"
    pages.mkdir(parents=True)
    shell = furnish(folder / "floor.db", matters, entries)
    wall, used = time.perf_counter(), time.process_time()
    bills, total_cents = bill_all(shell, pages)
    print(
        json.dumps(
            {
                "bills": bills,
                "total_cents": total_cents,
                "seconds": time.perf_counter() - wall,
                "cpu_seconds": time.process_time() - used,
                "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            }
        )
    )


if __name__ == "__main__":
    main()
