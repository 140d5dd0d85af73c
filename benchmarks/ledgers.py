"""Ledgers to measure with: so many open matters, each with so many half hours of work."""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HALF_HOUR_E4 = 5_000
RATE_E4 = 2_800_000
HALF_HOUR_CENTS = 140_00
THROUGH = "2026-11-30"
TIMEKEEPERS = {"mk": "Mara Klein", "jd": "João d'Almeida", "rt": "R. Thorn <of counsel>"}
NARRATIVES = (
    "Draft the answer to the motion to compel; check the record for exhibits 4 & 5",
    "Telephone conference with the client about the settlement range and next steps",
    "Read the other side's expert report; notes for the cross-examination",
    "Revise the share purchase agreement: warranties, earn-out, closing conditions",
    "Prepare for the hearing and attend it",
)
MILESTONES = (
    "Engagement letter signed",
    "Petition filed with the authority",
    "Request for evidence answered",
    "Interview prepared and attended",
    "Decision explained to the client",
    "File handed over",
)


def work(matters: int, entries: int) -> Iterator[tuple[int, str, str, str]]:
    """(matter, day, timekeeper, narrative), in the order in which a firm logs it: day by day."""
    people = tuple(TIMEKEEPERS)
    for n in range(entries):
        day = f"2026-11-{n % 28 + 1:02}"
        for matter in range(1, matters + 1):
            told = NARRATIVES[(n + matter) % len(NARRATIVES)]
            yield matter, day, people[(n + matter) % len(people)], f"{told} (no. {matter}-{n})"


def names(matter: int) -> tuple[str, str, str, str]:
    """(number, title, client, street) of a matter."""
    client = f"Client {matter} & Partners"
    return f"2026-{matter:05}", f"{client} v. The State", client, f"{matter} Harbour Road"


def make(path: Path, matters: int, entries: int) -> Path:
    """A ledger with that much unbilled work, written in one go past the services."""
    from billcli.store import migrate

    migrate.create(path)
    shell = sqlite3.connect(path)
    # It is made anew where a machine stops, and one transaction of a million rows is held.
    shell.execute("PRAGMA synchronous = OFF")
    shell.execute("PRAGMA cache_size = -400000")
    with shell:
        shell.executemany(
            "INSERT INTO setting VALUES (?, ?)",
            [
                ("firm.currency", json.dumps("USD")),
                ("firm.name", json.dumps("Klein, d'Almeida & Thorn")),
                ("firm.address", json.dumps(["4 Court Lane"])),
                ("firm.payment_instructions", json.dumps("Please quote bill {number}.")),
            ],
        )
        shell.executemany("INSERT INTO timekeeper (id, name) VALUES (?, ?)", TIMEKEEPERS.items())
        for matter in range(1, matters + 1):
            number, title, client, street = names(matter)
            address = json.dumps([street, "Springfield"])
            shell.execute(
                "INSERT INTO client (id, name, address) VALUES (?, ?, ?)",
                (f"c{matter}", client, address),
            )
            shell.execute(
                "INSERT INTO matter (id, number, title, client_id, opened_on)"
                " VALUES (?, ?, ?, ?, '2026-01-01')",
                (matter, number, title, f"c{matter}"),
            )
            shell.execute(
                "INSERT INTO arrangement (matter_id, kind, terms) VALUES (?, 'hourly', '{}')",
                (matter,),
            )
        shell.executemany(
            "INSERT INTO time_entry (matter_id, timekeeper_id, day, logged_e4, hours_e4,"
            " increment_minutes, rounding, rate_e4, standard_cents, behavior, description)"
            f" VALUES (?, ?, ?, {HALF_HOUR_E4}, {HALF_HOUR_E4}, 6, 'up', {RATE_E4},"
            f" {HALF_HOUR_CENTS}, 'bill', ?)",
            ((matter, who, day, told) for matter, day, who, told in work(matters, entries)),
        )
    shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shell.close()
    return path


def contracts(path: Path, matters: int) -> Path:
    """A ledger whose matters are fixed fees, each due by six milestones around today."""
    make(path, matters, 1)
    terms = json.dumps({"value_cents": 6_000_00, "bill_when": "milestones"})
    first = date.fromisoformat(THROUGH) - timedelta(80)
    shell = sqlite3.connect(path)
    with shell:
        for matter in range(1, matters + 1):
            shell.execute(
                "INSERT INTO arrangement (matter_id, kind, terms) VALUES (?, 'fixed', ?)",
                (matter, terms),
            )
            for number, name in enumerate(MILESTONES, 1):
                due = first + timedelta(number * 30 + matter % 30)
                shell.execute(
                    "INSERT INTO task (matter_id, number, name, due_on, done_on, trigger_kind,"
                    " trigger_cents) VALUES (?, ?, ?, ?, ?, 'amount', 100000)",
                    (matter, number, name, f"{due}", f"{first}" if number == 1 else None),
                )
    shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shell.close()
    return path


if __name__ == "__main__":
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("path", type=Path)
    told.add_argument("matters", type=int, nargs="?", default=1000)
    told.add_argument("entries", type=int, nargs="?", default=10)
    asked = told.parse_args()
    print(make(asked.path, asked.matters, asked.entries))
