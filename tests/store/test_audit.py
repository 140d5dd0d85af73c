"""The audit log is a chain: what is edited, taken out, moved or cut off shows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from forging import failing, unguarded
from offices import Answer

from billcli.store import audit
from billcli.store.ledger import Ledger

Cli = Callable[..., Answer]
ROWS = "(SELECT max(id) FROM audit)"
TAMPERING = {
    "edit who": "UPDATE audit SET actor = 'somebody else' WHERE id = 7",
    "edit when": "UPDATE audit SET at = '2020-01-01T00:00:00' WHERE id = 7",
    "edit the day": "UPDATE audit SET today = '2026-11-29' WHERE id = 7",
    "edit the command": "UPDATE audit SET command = 'bill create' WHERE id = 7",
    "edit what": "UPDATE audit SET object = 'client odum' WHERE id = 3",
    "edit before": "UPDATE audit SET before = '{}' WHERE id = 7",
    "edit after": "UPDATE audit SET after = '{}' WHERE id = 7",
    "edit the matter": "UPDATE audit SET matter_id = 3 WHERE matter_id = 1",
    "edit the link": "UPDATE audit SET previous = hash WHERE id = 7",
    "edit the hash": "UPDATE audit SET hash = previous WHERE id = 7",
    "take out the first": "DELETE FROM audit WHERE id = 1",
    "take out the middle": "DELETE FROM audit WHERE id = 7",
    "take out and close the gap": (
        "DELETE FROM audit WHERE id = 7;"
        "UPDATE audit SET id = id - 1 WHERE id > 7;"
        "UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'audit'"
    ),
    "cut the tail": f"DELETE FROM audit WHERE id = {ROWS}",
    "cut half": "DELETE FROM audit WHERE id > 9",
    "empty it": "DELETE FROM audit",
    "swap two": (
        "UPDATE audit SET id = 1000 WHERE id = 7;"
        "UPDATE audit SET id = 7 WHERE id = 8;"
        "UPDATE audit SET id = 8 WHERE id = 1000"
    ),
    "add one": (
        "INSERT INTO audit (at, today, actor, command, object, previous, hash) SELECT at, today,"
        f" actor, command, object, hash, 'abc' FROM audit WHERE id = {ROWS}"
    ),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_a_forged_log_is_found(office: Path, how: str) -> None:
    unguarded(office, *TAMPERING[how].split(";"))
    assert "audit" in failing(office)


def rechained(path: Path) -> None:
    """What a forger who knows the program does: every hash is computed anew."""
    shell = sqlite3.connect(path)
    rows = shell.execute(
        "SELECT id, at, today, actor, command, object, before, after, matter_id FROM audit"
        " ORDER BY id"
    ).fetchall()
    shell.close()
    previous, statements = audit.FIRST, []
    for id_, *said, matter in rows:
        hash_ = audit.digest(previous, (*said, None if matter is None else str(matter)))
        statements.append(
            f"UPDATE audit SET previous = '{previous}', hash = '{hash_}' WHERE id = {id_}"
        )
        previous = hash_
    unguarded(path, *statements)


def test_a_log_hashed_anew_no_longer_fits_the_bills(office: Path) -> None:
    unguarded(office, "UPDATE audit SET actor = 'somebody else' WHERE id = 1")
    rechained(office)
    found = failing(office)
    assert "audit" not in found
    assert len(found["marks"].findings) > 5


def test_a_tail_cut_with_its_count_no_longer_fits_the_bills(office: Path) -> None:
    unguarded(
        office,
        "DELETE FROM audit WHERE id > 9",
        "UPDATE sqlite_sequence SET seq = 9 WHERE name = 'audit'",
    )
    found = failing(office)
    assert "audit" not in found
    assert "marks" in found


def test_a_change_that_is_rolled_back_leaves_no_gap(office: Path, make_ledger) -> None:
    ledger: Ledger = make_ledger(office)
    for fails in (True, False):
        try:
            with ledger.write():
                ledger.record("nothing", after={"x": 1})
                if fails:
                    raise LookupError
        except LookupError:
            pass
    ledger.close()
    assert failing(office) == {}


def test_the_log_keeps_any_text(ledger: Ledger) -> None:
    said = {"name": "R&D 律师 \u202e\x07\n\t\"'\\ \U0001f600", "days": [1, None, {"a": "é"}]}
    with ledger.write():
        ledger.record("client x", before=said, after=said)
    assert failing(ledger.path) == {}
    (row,) = audit.rows(ledger)
    assert json.loads(row.after) == said


def test_the_log_has_the_real_moment_beside_the_day_of_the_run(ledger: Ledger) -> None:
    with ledger.write():
        ledger.record("client x")
    (row,) = audit.rows(ledger)
    assert row.today == "2026-11-30"
    assert row.at == ledger.clock.now.isoformat(timespec="microseconds")
    assert row.at.endswith("+00:00")


# billcli log -----------------------------------------------------------------------------------


def test_the_log_is_listed(office: Path, cli: Cli) -> None:
    answer = cli("log")
    assert answer.code == 0
    assert "2026-11-30" in answer.out
    assert "client rivera" in answer.out
    rows = cli("log", "--json").json
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(answer.out.splitlines()) == len(rows) + 1
    assert {"at", "day", "actor", "command", "object", "matter", "before", "after"} <= set(rows[0])


def test_the_log_of_a_matter(office: Path, cli: Cli) -> None:
    rows = cli("log", "--matter", "2026-003", "--json").json
    assert rows
    assert {row["matter"] for row in rows} == {"2026-003"}
    assert cli("log", "--matter", "2026-999").code == 4


def test_the_log_since_a_day(office: Path, cli: Cli) -> None:
    cli("client", "add", "late", "Late", today="2026-12-05")
    assert [r["object"] for r in cli("log", "--since", "2026-12-01", "--json").json] == [
        "client late"
    ]
    assert len(cli("log", "--since", "2026-11-30", "--json").json) > 10
    empty = cli("log", "--since", "2027-01-01")
    assert (empty.code, empty.out) == (0, "")
    assert cli("log", "--since", "soon").code == 2


def test_the_log_writes_money_as_money(office: Path, cli: Cli) -> None:
    rows = cli("log", "--json").json
    (paid,) = [r for r in rows if r["object"] == "payment P-1"]
    assert paid["after"]["amount"] == "400.00"
    assert "amount: 400.00" in cli("log").out


def test_the_log_as_csv(office: Path, cli: Cli) -> None:
    lines = cli("log", "--csv").out.splitlines()
    assert lines[0] == "id,at,day,actor,command,object,matter,change"
    assert len(lines) == len(cli("log", "--json").json) + 1
