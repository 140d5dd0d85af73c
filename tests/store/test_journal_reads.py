"""What one payment asks of the journal is read by its index, however long the journal is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from billcli.services.receivables import payments
from billcli.store import journal
from billcli.store.ledger import open_ledger


def test_one_payment_is_read_as_all_of_them_are(office: Path) -> None:
    ledger = open_ledger(office, today="2026-12-31", actor="tester", command="payment unapply")
    payments.unapply(ledger, "P-1")
    whole = journal.credits_(ledger)
    with closing(sqlite3.connect(office)) as dbapi:
        ids = [id_ for (id_,) in dbapi.execute("SELECT id FROM payment")]
        steps = {
            id_: dbapi.execute(
                "SELECT count(*) FROM journal_entry WHERE substr(source, 1, ?) = ?",
                (len(f"payment:{id_}:"), f"payment:{id_}:"),
            ).fetchone()[0]
            for id_ in ids
        }
    assert whole and any(steps.values())
    assert {id_: journal.credit_of(ledger, id_) for id_ in ids} == {
        id_: whole.get(id_, 0) for id_ in ids
    }
    for id_ in ids:
        source = f"payment:{id_}"
        assert journal.next_step(ledger, source) == f"{source}:{steps[id_] + 1}"
    ledger.close()


def test_one_payment_is_found_without_reading_the_others(office: Path) -> None:
    asked = {"payment": 1, "first": "payment:1:", "last": "payment:1;"}
    with closing(sqlite3.connect(office)) as dbapi:
        for sql in (journal._CREDIT.format(which="= :payment"), journal._STEPS):
            plan = dbapi.execute(f"EXPLAIN QUERY PLAN {sql}", asked).fetchall()
            assert plan[0][3].startswith("SEARCH"), plan
