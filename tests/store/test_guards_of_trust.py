"""The floors of client money hold on a plain sqlite3 connection, whatever is tried (B17, B30).

The furnished matter 5 (2026-005, rivera) took in 2,000.00 and cleared it early, on 2026-10-31; it
paid 100.00 and 500.00 that day, and trust is reconciled through it. So 1,400.00 is there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from billcli.store import checks

Shell = Callable[[Path], sqlite3.Connection]

FIRST, LATER, LAST = "2026-11-02", "2026-11-05", "2026-11-09"
LOCKED = "2026-10-31"
BILL = "(SELECT id FROM bill WHERE matter_id = 5)"


@pytest.fixture
def sqlite(office: Path, shell: Shell) -> sqlite3.Connection:
    dbapi = shell(office)
    dbapi.row_factory = sqlite3.Row
    return dbapi


def trust(dbapi: sqlite3.Connection, kind: str, cents: int, day: str, **more: Any) -> int:
    """Insert a row of trust as a hand at a shell would; returns its id."""
    values: dict[str, Any] = {
        "day": day,
        "kind": kind,
        "client_id": "rivera",
        "matter_id": 5,
        "amount_cents": cents,
        "effective_on": day,
        "audit_id": 1,
        "audit_hash": "x",
    } | more
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    done = dbapi.execute(
        f"INSERT INTO trust_entry ({names}) VALUES ({marks})", tuple(values.values())
    )
    return done.lastrowid or 0


def refused(match: str) -> Any:
    return pytest.raises(sqlite3.IntegrityError, match=f"^guard: .*{match}")


# The floor -------------------------------------------------------------------------------------


def test_B17_B30_a_matter_is_not_overdrawn_by_an_insert(sqlite: sqlite3.Connection) -> None:
    trust(sqlite, "withdrawal", -1_400_00, FIRST)
    with refused("can not pay more from trust than was cleared"):
        trust(sqlite, "withdrawal", -1, FIRST)
    with refused("can not pay more from trust than was cleared"):
        trust(sqlite, "transfer", -1, LATER)


def test_B17_B30_a_healthy_account_hides_no_matter_below_zero(sqlite: sqlite3.Connection) -> None:
    trust(sqlite, "deposit", 9_000_00, FIRST, matter_id=1)
    with refused("more from trust than was cleared"):
        trust(sqlite, "withdrawal", -1_400_01, FIRST)


def test_B17_B30_a_backdated_payment_leaves_later_ones_covered(sqlite: sqlite3.Connection) -> None:
    trust(sqlite, "withdrawal", -1_300_00, LATER)
    with refused("more from trust than was cleared"):
        trust(sqlite, "withdrawal", -100_01, FIRST)
    trust(sqlite, "withdrawal", -100_00, FIRST)


def test_B17_B30_money_of_a_later_day_covers_nothing_before_it(sqlite: sqlite3.Connection) -> None:
    trust(sqlite, "deposit", 500_00, LATER)
    with refused("more from trust than was cleared"):
        trust(sqlite, "withdrawal", -1_400_01, FIRST)
    trust(sqlite, "withdrawal", -1_900_00, LATER)


def test_B17_B30_what_is_not_cleared_pays_nothing(sqlite: sqlite3.Connection) -> None:
    waiting = trust(sqlite, "deposit", 500_00, FIRST, effective_on=LAST)
    with refused("more from trust than was cleared"):
        trust(sqlite, "withdrawal", -1_400_01, LATER)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        trust(sqlite, "withdrawal", -1_900_00, LATER, effective_on=LAST)
    sqlite.execute("INSERT INTO trust_clearing VALUES (?, ?, 'seen', 1, 'x')", (waiting, LATER))
    trust(sqlite, "withdrawal", -1_900_00, LATER)


def test_B17_B30_a_deposit_that_was_spent_is_not_taken_back(sqlite: sqlite3.Connection) -> None:
    spent = trust(sqlite, "deposit", 500_00, FIRST, effective_on=LATER)
    trust(sqlite, "withdrawal", -1_900_00, LATER)
    for day in (LAST, LATER):
        with refused("more from trust than was cleared"):
            trust(sqlite, "reversal", -500_00, day, reverses=spent, reason="returned")
    # nor is a later day a way out: it goes on the day on which it is taken back
    trust(sqlite, "deposit", 500_00, LATER, effective_on="2026-11-20")
    with refused("a reversal takes back what its entry moved"):
        trust(
            sqlite, "reversal", -500_00, LAST,
            effective_on="2026-11-20", reverses=spent, reason="returned",
        )  # fmt: skip


def test_B30_the_firm_is_not_overdrawn_by_the_bank(sqlite: sqlite3.Connection) -> None:
    firm = {"matter_id": None, "client_id": None}
    trust(sqlite, "deposit", 50_00, FIRST, **firm)
    trust(sqlite, "bank_fee", -50_00, FIRST, **firm)
    with refused("more from trust than was cleared"):
        trust(sqlite, "bank_fee", -1, FIRST, **firm)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        trust(sqlite, "bank_fee", -1, FIRST)


def test_B17_B30_a_general_retainer_is_not_overdrawn(sqlite: sqlite3.Connection) -> None:
    insert = (
        "INSERT INTO retainer_entry (day, kind, client_id, matter_id, amount_cents, audit_id,"
        " audit_hash) VALUES (?, 'refund', 'rivera', 5, ?, 1, 'x')"
    )
    held = sqlite.execute("SELECT sum(amount_cents) FROM retainer_entry").fetchone()[0]
    sqlite.execute(insert, (LATER, -held))
    for day in (FIRST, LATER, LAST):
        with refused("can not pay more than its general retainer"):
            sqlite.execute(insert, (day, -1))


# Days, clients, bills --------------------------------------------------------------------------


def test_B30_nothing_is_dated_into_a_locked_month_or_ahead(sqlite: sqlite3.Connection) -> None:
    with refused("reconciled and locked"):
        trust(sqlite, "deposit", 1, LOCKED)
    waiting = trust(sqlite, "deposit", 1, FIRST, effective_on=LAST)
    with refused("cleared early, once, while it stands"):
        sqlite.execute("INSERT INTO trust_clearing VALUES (?, ?, 'seen', 1, 'x')", (waiting, LAST))
        sqlite.execute("INSERT INTO trust_clearing VALUES (2, ?, 'seen', 1, 'x')", (FIRST,))
    ahead = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    with refused("can not be dated ahead"):
        trust(sqlite, "deposit", 1, ahead)


def test_B17_B30_one_clients_money_is_never_anothers(sqlite: sqlite3.Connection) -> None:
    with refused("its client's"):
        trust(sqlite, "withdrawal", -1, FIRST, client_id="odum")
    with refused("keeps its client"):
        sqlite.execute("UPDATE matter SET client_id = 'odum' WHERE id = 5")


@pytest.mark.parametrize(
    "number",
    ["2026-0001", "2026-0002", "2026-0005"],
    ids=["of another matter", "void", "approved, not issued"],
)
def test_B17_B30_trust_pays_issued_bills_of_its_own_matter(
    sqlite: sqlite3.Connection, number: str
) -> None:
    bill = sqlite.execute("SELECT * FROM bill WHERE number = ?", (number,)).fetchone()
    of = {"matter_id": bill["matter_id"], "client_id": bill["client_id"], "bill_id": bill["id"]}
    if number == "2026-0001":
        of |= {"matter_id": 5, "client_id": "rivera"}
    trust(sqlite, "deposit", 10_00, FIRST, **of | {"bill_id": None})
    with refused("trust pays issued bills of its own matter"):
        trust(sqlite, "fee", -1, FIRST, **of)


# Reversals and costs ---------------------------------------------------------------------------


def test_B30_a_row_is_taken_back_once_and_whole(sqlite: sqlite3.Connection) -> None:
    back = {"reverses": 2, "reason": "stopped"}
    with refused("not more"):
        trust(sqlite, "reversal", 100_01, FIRST, **back)
    with refused("not more"):
        trust(sqlite, "reversal", -100_00, FIRST, **back)
    with refused("not more"):  # to another matter of the client
        trust(sqlite, "reversal", 100_00, FIRST, **back | {"matter_id": 1})
    with refused("not more"):  # and a fee to its own bill
        trust(sqlite, "reversal", 500_00, FIRST, **back | {"reverses": 3, "bill_id": 1})
    first = trust(sqlite, "reversal", 100_00, FIRST, **back)
    with refused("not more"):
        trust(sqlite, "reversal", 1, FIRST, **back)
    with refused("not more"):
        trust(sqlite, "reversal", -100_00, FIRST, reverses=first, reason="it was right")


def test_B17_B30_a_cost_is_paid_from_trust_once(sqlite: sqlite3.Connection) -> None:
    cost = sqlite.execute(
        "INSERT INTO expense (matter_id, day, amount_cents, behavior, description)"
        " VALUES (5, '2026-11-01', ?, 'bill', 'Filing fee')",
        (200_00,),
    ).lastrowid
    with refused("as a whole and once"):
        trust(sqlite, "withdrawal", -199_99, FIRST, expense_id=cost)
    trust(sqlite, "deposit", 500_00, FIRST, matter_id=1)
    with refused("as a whole and once"):
        trust(sqlite, "withdrawal", -200_00, FIRST, expense_id=cost, matter_id=1)
    paid = trust(sqlite, "withdrawal", -200_00, FIRST, expense_id=cost)
    with refused("as a whole and once"):
        trust(sqlite, "withdrawal", -200_00, FIRST, expense_id=cost)
    for change in ("amount_cents = 1", "matter_id = 1", "behavior = 'non-billable'"):
        with refused("a cost that trust paid can not be changed"):
            sqlite.execute(f"UPDATE expense SET {change} WHERE id = ?", (cost,))
    with refused("a cost that trust paid can not be deleted"):
        sqlite.execute("DELETE FROM expense WHERE id = ?", (cost,))
    with refused("a cost that trust paid can not be replaced"):
        sqlite.execute(
            "INSERT OR REPLACE INTO expense (id, matter_id, day, amount_cents, behavior,"
            " description) VALUES (?, 5, '2026-11-01', 1, 'bill', 'x')",
            (cost,),
        )
    sqlite.execute("UPDATE expense SET description = 'County fee' WHERE id = ?", (cost,))
    back = {"reverses": paid, "reason": "wrong payee", "expense_id": cost}
    trust(sqlite, "reversal", 200_00, FIRST, **back)
    trust(sqlite, "withdrawal", -200_00, FIRST, expense_id=cost)


# Postings --------------------------------------------------------------------------------------


def posted(dbapi: sqlite3.Connection, source: str, *moves: tuple[Any, ...]) -> None:
    """Append an entry with moves (debit, credit, cents, bill, payment, trust), in matter 5."""
    entry = dbapi.execute(
        "INSERT INTO journal_entry (day, what, source, audit_id, audit_hash)"
        " VALUES (?, 'by hand', ?, 1, 'x')",
        (FIRST, source),
    ).lastrowid
    for n, (debit, credit, cents, bill, payment, row) in enumerate(moves, 1):
        dbapi.execute(
            "INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, bill_id,"
            " payment_id, trust_id) VALUES (?, ?, ?, ?, ?, 5, ?, ?, ?)",
            (entry, n, debit, credit, cents, bill, payment, row),
        )


def test_B17_B30_a_row_of_trust_is_posted_once_and_as_it_says(sqlite: sqlite3.Connection) -> None:
    with refused("what its entry says, once"):  # posted already
        posted(sqlite, "again", ("trust_liability", "trust_bank", 100_00, None, None, 2))
    row = trust(sqlite, "deposit", 70_00, FIRST)
    with refused("what its entry says, once"):
        posted(sqlite, "more", ("trust_bank", "trust_liability", 70_01, None, None, row))
    with refused("what its entry says, once"):
        posted(sqlite, "backwards", ("trust_liability", "trust_bank", 70_00, None, None, row))
    with refused("what its entry says, once"):
        posted(sqlite, "no row", ("trust_bank", "trust_liability", 70_00, None, None, 999))
    with refused("what its entry says, once"):
        posted(
            sqlite, "twice",
            ("trust_bank", "trust_liability", 70_00, None, None, row),
            ("trust_bank", "fee_income", 70_00, None, None, row),
        )  # fmt: skip
    with refused("what its entry says, once"):
        posted(sqlite, "loose", ("trust_bank", "trust_liability", 70_00, None, None, None))


def open_on(dbapi: sqlite3.Connection, bill: int) -> int:
    found = dbapi.execute(
        "SELECT sum(CASE 'receivable' WHEN debit THEN amount_cents WHEN credit THEN -amount_cents"
        " ELSE 0 END) FROM move WHERE bill_id = ?",
        (bill,),
    )
    return int(found.fetchone()[0])


@pytest.mark.parametrize("account", ["operating_bank", "bad_debt"])
def test_B17_B30_a_bill_is_not_paid_beyond_its_balance(
    sqlite: sqlite3.Connection, account: str
) -> None:
    bill = sqlite.execute(f"SELECT {BILL}").fetchone()[0]
    owed = open_on(sqlite, bill)
    assert owed > 1
    with refused("beyond what is open on it"):
        posted(sqlite, "too much", (account, "receivable", owed + 1, bill, None, None))
    posted(sqlite, "all", (account, "receivable", owed, bill, None, None))
    with refused("beyond what is open on it"):
        posted(sqlite, "once more", (account, "receivable", 1, bill, None, None))


def test_B17_B30_trust_pays_no_bill_beyond_its_balance(sqlite: sqlite3.Connection) -> None:
    bill = sqlite.execute(f"SELECT {BILL}").fetchone()[0]
    owed = open_on(sqlite, bill)
    trust(sqlite, "deposit", owed, FIRST)
    fee = trust(sqlite, "fee", -(owed + 1), FIRST, bill_id=bill)
    with refused("beyond what is open on it"):
        posted(sqlite, "fee", ("trust_liability", "receivable", owed + 1, bill, None, fee))


def test_B17_B30_only_a_cost_paid_from_trust_shows_as_paid(sqlite: sqlite3.Connection) -> None:
    bill = sqlite.execute(f"SELECT {BILL}").fetchone()[0]
    with refused("paid by the trust entry that stands for it"):
        posted(sqlite, "cost", ("cost_recoveries", "receivable", 1, bill, None, 2))


def test_B17_B30_a_payment_gives_no_more_credit_than_it_holds(sqlite: sqlite3.Connection) -> None:
    held = sqlite.execute(
        "SELECT sum(CASE 'client_credit' WHEN credit THEN amount_cents WHEN debit"
        " THEN -amount_cents ELSE 0 END) FROM move WHERE payment_id = 2"
    ).fetchone()[0]
    with refused("more credit than it holds"):
        posted(sqlite, "refund", ("client_credit", "operating_bank", held + 1, None, 2, None))
    if held:
        posted(sqlite, "refund", ("client_credit", "operating_bank", held, None, 2, None))
    with refused("more credit than it holds"):
        posted(sqlite, "again", ("client_credit", "operating_bank", 1, None, 2, None))


def test_what_a_shell_gets_past_the_guards_is_found_by_check(
    office: Path, sqlite: sqlite3.Connection
) -> None:
    """A row that the guards let in isn't posted nor in the log, and `check` says so."""
    trust(sqlite, "withdrawal", -1, FIRST)
    sqlite.close()
    found = {proof.name: proof.findings for proof in checks.prove(office) if not proof.ok}
    assert "Trust entry TR-4 is not posted." in found["trust"]
    assert "Trust entry TR-4 isn't in the audit log as it says." in found["marks"]
