"""A ledger of a large firm after a year: most of its work is billed, most of its bills are paid.

    python benchmarks/years.py PATH [ENTRIES]

It is written past the services and their guards: it is there to be read.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from pathlib import Path

import funds
import ledgers

PER_BILL = 10
OF_A_MATTER = 100
TIMEKEEPERS = 20
DAYS = 330
FIRST = "2026-01-02"

_NUMBERS = "WITH RECURSIVE r (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM r WHERE n < {last})"
_ENTRIES = """
    INSERT INTO time_entry (id, matter_id, timekeeper_id, day, logged_e4, hours_e4,
        increment_minutes, rounding, rate_e4, standard_cents, behavior, description)
    SELECT n, (n - 1) % :matters + 1, 'tk' || (((n - 1) / :matters / 4 + n) % :people),
        date(:first, '+' || ((n - 1) * :days / :entries) || ' days'), 5000, 5000, 6, 'up', 2800000,
        14000, 'bill', 'Work on the matter, no. ' || n
    FROM r"""
_BILLS = """
    INSERT INTO bill (id, number, series, year, seq, matter_id, client_id, arrangement, day, due_on,
        through, standard_fees_cents, fee_adjustment_cents, fees_cents, discount_cents, costs_cents,
        tax_cents, total_cents, template, details, approved_on, audit_id, audit_hash)
    SELECT n, printf('2026-%06d', n), 'bill', 2026, n, m, 'c' || ((m - 1) / 5 + 1), 'hourly', day,
        date(day, '+30 days'), day, fees, 0, fees, discount, 0, tax, fees - discount + tax,
        'standard', :details, day, 1, :hash
    FROM (
        SELECT n, (n - 1) % :matters + 1 AS m, 14000 * :per_bill AS fees,
            CASE WHEN n % 20 = 0 THEN 14000 ELSE 0 END AS discount,
            CASE WHEN n % 4 = 1 THEN 28000 ELSE 0 END AS tax,
            date(:first, '+' || (((n - 1) / :matters + 1) * :per_bill * :matters * :days / :entries
                + 2) || ' days') AS day
        FROM r)"""
_LINES = """
    INSERT INTO bill_line (bill_id, line, kind, class, entry_id, day, timekeeper_id,
        timekeeper_name, description, hours_e4, logged_e4, rate_e4, standard_cents, amount_cents,
        billed_cents, behavior)
    SELECT bill, k % :per_bill + 1, 'time', 'fee', id, day, timekeeper_id, timekeeper_id,
        description, hours_e4, logged_e4, rate_e4, 14000, 14000, 14000, 'bill'
    FROM (
        SELECT *, (id - 1) / :matters AS k,
            (id - 1) / :matters / :per_bill * :matters + matter_id AS bill
        FROM time_entry)
    WHERE bill <= :bills ORDER BY bill, k"""
_REST = """
    INSERT INTO claim (bill_id, kind, entry_id) SELECT bill_id, 'time', entry_id FROM bill_line;
    INSERT INTO bill_tax SELECT id, 'VAT', 'Value added tax', 200000, fees_cents, tax_cents
        FROM bill WHERE tax_cents > 0;
    INSERT INTO bill_part (bill_id, part, arrangement_id, standard_cents, charged_cents)
        SELECT id, 1, matter_id, fees_cents, fees_cents FROM bill;
    INSERT INTO bill_allocation (bill_id, n, timekeeper_id, amount_cents)
        SELECT bill_id, row_number() OVER (PARTITION BY bill_id ORDER BY min(line)), timekeeper_id,
            sum(amount_cents) FROM bill_line GROUP BY bill_id, timekeeper_id;
    UPDATE bill_allocation SET amount_cents = amount_cents - 14000
        WHERE n = 1 AND bill_id IN (SELECT id FROM bill WHERE discount_cents > 0);
    INSERT INTO bill_event (id, bill_id, what, day, audit_id, audit_hash)
        SELECT id, id, 'issued', day, 1, audit_hash FROM bill;
    INSERT INTO journal_entry (id, day, what, source, audit_id, audit_hash)
        SELECT id, day, 'bill', 'bill:' || id, 1, audit_hash FROM bill;
    INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, bill_id)
        SELECT id, 1, 'receivable', 'fee_income', fees_cents - discount_cents, matter_id, id
        FROM bill;
    INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, bill_id)
        SELECT id, 2, 'receivable', 'tax_payable', tax_cents, matter_id, id FROM bill
        WHERE tax_cents > 0;
    INSERT INTO payment (id, day, client_id, matter_id, amount_cents, audit_id, audit_hash)
        SELECT id, min(date(day, '+25 days'), '2026-11-30'), client_id, matter_id, total_cents, 1,
            audit_hash
        FROM bill WHERE id % 10 < 8;
    INSERT INTO payment (id, day, client_id, matter_id, amount_cents, audit_id, audit_hash)
        SELECT id, min(date(day, '+40 days'), '2026-11-30'), client_id, matter_id, total_cents / 2,
            1, audit_hash
        FROM bill WHERE id % 20 = 8"""
_POSTED = """
    INSERT INTO journal_entry (day, what, source, audit_id, audit_hash)
        SELECT day, 'payment', 'payment:' || id, 1, audit_hash FROM payment;
    INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, bill_id, payment_id)
        SELECT e.id, 1, 'operating_bank', 'receivable', p.amount_cents, p.matter_id, p.id, p.id
        FROM payment AS p JOIN journal_entry AS e ON e.source = 'payment:' || p.id"""


def make(path: Path, entries: int) -> Path:
    """A ledger of so many entries; a tenth of them is not billed yet."""
    from billcli.store import migrate

    migrate.create(path)
    matters = max(1, entries // OF_A_MATTER)
    bills = matters * (OF_A_MATTER // PER_BILL - 1)
    asked = {
        "matters": matters,
        "entries": entries,
        "bills": bills,
        "people": TIMEKEEPERS,
        "per_bill": PER_BILL,
        "days": DAYS,
        "first": FIRST,
        "details": json.dumps({"discount_label": None, "hide_line_pricing": False}),
        "hash": "0" * 64,
    }
    shell = sqlite3.connect(path, isolation_level=None)
    shell.execute("PRAGMA synchronous = OFF")
    guards = shell.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        shell.execute(f"DROP TRIGGER {name}")
    shell.execute("BEGIN")
    shell.executemany(
        "INSERT INTO setting VALUES (?, ?)",
        [("firm.currency", '"USD"'), ("firm.name", '"Klein & Thorn"')],
    )
    shell.executemany(
        "INSERT INTO timekeeper (id, name) VALUES (?, ?)",
        ((f"tk{n}", f"Timekeeper {n}") for n in range(TIMEKEEPERS)),
    )
    shell.execute(
        "INSERT INTO audit (id, at, today, actor, command, object, previous, hash)"
        " VALUES (1, '2026-01-01', '2026-01-01', 'benchmark', 'make', 'all', ?, ?)",
        ("0" * 64, "0" * 64),
    )
    shell.executemany(
        "INSERT INTO client (id, name) VALUES (?, ?)",
        ((f"c{n}", f"Client {n}") for n in range(1, (matters - 1) // 5 + 2)),
    )
    shell.executemany(
        "INSERT INTO matter (id, number, title, client_id, opened_on)"
        " VALUES (?, ?, ?, ?, '2026-01-01')",
        (
            (n, ledgers.names(n)[0], ledgers.names(n)[1], f"c{(n - 1) // 5 + 1}")
            for n in range(1, matters + 1)
        ),
    )
    shell.execute(
        "INSERT INTO arrangement (id, matter_id, kind, terms) SELECT id, id, 'hourly', '{}'"
        " FROM matter"
    )
    shell.execute(_NUMBERS.format(first=1, last=entries) + _ENTRIES, asked)
    shell.execute(_NUMBERS.format(first=1, last=bills) + _BILLS, asked)
    shell.execute(_LINES, asked)
    for statement in ";".join((_REST, *funds.BILLED, funds.TRUST, _POSTED)).split(";"):
        shell.execute(statement)
    for _, guard in guards:
        shell.execute(guard)
    shell.execute("COMMIT")
    shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shell.close()
    return path


if __name__ == "__main__":
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("path", type=Path)
    told.add_argument("entries", type=int, nargs="?", default=1_000_000)
    heard = told.parse_args()
    print(make(heard.path, heard.entries))
