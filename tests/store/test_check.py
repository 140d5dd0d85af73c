"""`check` finds each kind of damage, says where it is, and finds nothing in a sound ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from forging import failing, unguarded
from offices import Answer

from billcli.store import checks, migrate

Cli = Callable[..., Answer]

BILL = "(SELECT id FROM bill WHERE number = '2026-0001')"
VOID = "(SELECT id FROM bill WHERE number = '2026-0002')"
APPROVED = "(SELECT id FROM bill WHERE number = '2026-0005')"
ENTRY = f"(SELECT id FROM journal_entry WHERE source = 'bill:' || {BILL})"
MOVE = f"entry_id = {ENTRY} AND n = 1"
LAST = "(SELECT max(id) FROM audit)"
MARK = "audit_id, audit_hash"

# what was done to the ledger, the proof that must find it, what its finding says
DAMAGE = [
    # file, schema
    ("UPDATE matter SET client_id = 'nobody' WHERE id = 1", "file", "client that isn't there"),
    ("DELETE FROM tax_code", "file", "tax_code"),
    ("DROP TRIGGER bill_stays", "schema", "trigger bill_stays is missing"),
    ("DROP INDEX claim_once", "schema", "index claim_once is missing"),
    ("CREATE TABLE extra (x)", "schema", f"table extra is none of schema {migrate.newest()}"),
    (
        "CREATE TRIGGER thief AFTER INSERT ON payment BEGIN SELECT 1; END",
        "schema",
        "trigger thief is none",
    ),
    # journal
    (f"DELETE FROM move WHERE entry_id = {ENTRY}", "journal", "has no postings"),
    (
        (
            "UPDATE move SET amount_cents = amount_cents + 1 WHERE entry_id ="
            " (SELECT id FROM journal_entry WHERE source LIKE 'bill:%:void') AND n = 1"
        ),
        "journal",
        "doesn't undo what it reverses",
    ),
    (f"UPDATE move SET amount_cents = amount_cents + 1 WHERE {MOVE}", "postings", "2026-0001"),
    (
        (
            "INSERT INTO move SELECT entry_id, 60, 'receivable', 'interest', 100, matter_id,"
            f" bill_id, NULL, NULL, NULL, NULL FROM move WHERE {MOVE}"
        ),
        "postings",
        "2026-0001: its entry makes",
    ),
    (
        f"UPDATE journal_entry SET source = 'lost' WHERE id = {ENTRY}",
        "postings",
        "2026-0001 is issued, but not posted",
    ),
    (
        f"DELETE FROM bill_event WHERE bill_id = {BILL}",
        "postings",
        "2026-0001 is posted, but not issued",
    ),
    (f"DELETE FROM bill_event WHERE bill_id = {VOID} AND what = 'voided'", "postings", "its void"),
    (
        "DELETE FROM move WHERE debit = 'operating_bank' AND credit = 'receivable'",
        "payments",
        "P-1: 0.00 is posted, it says 400.00",
    ),
    (
        f"UPDATE move SET amount_cents = 1 WHERE {MOVE}",
        "receivable",
        "2026-0001",
    ),
    (
        "UPDATE move SET amount_cents = 9000000 WHERE payment_id = 1",
        "receivable",
        "2026-0001 is paid beyond its total",
    ),
    (
        "UPDATE move SET amount_cents = 9000000 WHERE debit = 'client_credit'",
        "payments",
        "P-2 gave more credit than it held",
    ),
    ("UPDATE payment SET client_id = 'odum' WHERE id = 1", "payments", "bill 2026-0001 of another"),
    ("UPDATE payment SET amount_cents = 1 WHERE id = 1", "payments", "it says 0.01"),
    # numbers, totals
    ("UPDATE bill SET seq = 9 WHERE number = '2026-0007'", "numbers", "7 bills, numbered 1 to 9"),
    (
        (
            "UPDATE bill SET seq = CASE seq WHEN 1 THEN 102 WHEN 2 THEN 101 END WHERE seq < 3;"
            "UPDATE bill SET seq = seq - 100 WHERE seq > 100"
        ),
        "numbers",
        "2026-0001 was approved before 2026-0002",
    ),
    (
        f"UPDATE bill_line SET amount_cents = amount_cents + 1 WHERE bill_id = {BILL} AND line = 1",
        "totals",
        "2026-0001: its fee lines make",
    ),
    (
        f"UPDATE bill_line SET amount_cents = 1 WHERE bill_id = {BILL} AND kind = 'expense'",
        "totals",
        "2026-0001: its cost lines make 0.01, it says 45.00",
    ),
    (f"UPDATE bill_tax SET tax_cents = tax_cents + 100 WHERE bill_id = {BILL}", "totals", "taxes"),
    (f"UPDATE bill_tax SET percent_e4 = 210000 WHERE bill_id = {BILL}", "totals", "rate"),
    (f"UPDATE bill_part SET charged_cents = 1 WHERE bill_id = {BILL}", "totals", "its parts make"),
    (
        f"UPDATE bill_part SET standard_cents = 1 WHERE bill_id = {BILL}",
        "totals",
        "its parts at standard value make",
    ),
    (
        f"UPDATE bill_part SET reserved_cents = 1 WHERE bill_id = {BILL}",
        "totals",
        "reserved parts make 0.01",
    ),
    (
        f"UPDATE bill_allocation SET amount_cents = 1 WHERE bill_id = {BILL}",
        "totals",
        "2026-0001: its shares make 0.01",
    ),
    # trust, own money, retainers
    (
        "UPDATE trust_entry SET amount_cents = 200001 WHERE id = 1",
        "trust",
        "TR-1 of 2,000.01 is posted otherwise: 2,000.00, 2,000.00",
    ),
    (
        "UPDATE move SET amount_cents = 49999 WHERE trust_id = 3 AND debit = 'operating_bank'",
        "trust",
        "TR-3 of -500.00 is posted otherwise: -499.99, -500.00",
    ),
    (
        "UPDATE move SET matter_id = 1 WHERE trust_id = 2",
        "trust",
        "TR-2 of -100.00 is posted otherwise",
    ),
    (
        "UPDATE journal_entry SET day = '2026-10-30' WHERE source = 'trust:2'",
        "trust",
        "On 2026-10-30 the trust bank moves by -100.00, all ledgers together by 0.00",
    ),
    ("UPDATE journal_entry SET source = 'lost' WHERE source = 'trust:2'", "trust", "TR-2 is not"),
    (
        "DELETE FROM trust_clearing",
        "trust",
        "Trust of matter 2026-005 is below zero on 2026-10-31: -600.00",
    ),
    (
        (
            "UPDATE trust_entry SET matter_id = NULL, client_id = NULL, kind = 'bank_fee',"
            " bill_id = NULL WHERE id = 3"
        ),
        "trust",
        "Trust of the firm is below zero on 2026-10-31: -500.00",
    ),
    ("UPDATE trust_entry SET client_id = 'odum' WHERE id = 2", "trust", "odum's money on matter"),
    (
        "UPDATE trust_entry SET bill_id = 1 WHERE id = 3",
        "trust",
        "TR-3 pays bill 2026-0001, which isn't its matter's",
    ),
    (
        "UPDATE trust_entry SET kind = 'transfer', bill_id = NULL, pair_id = 1 WHERE id = 3",
        "trust",
        "transfer of TR-1 and TR-3 doesn't move one client's money",
    ),
    (
        "UPDATE trust_entry SET kind = 'transfer', bill_id = NULL WHERE id = 3",
        "trust",
        "transfer of TR-3 has not one other half",
    ),
    (
        (
            "UPDATE trust_entry SET kind = 'transfer', pair_id = 1 WHERE id = 2;"
            "UPDATE trust_entry SET kind = 'reversal', reason = 'x', reverses = 2 WHERE id = 3"
        ),
        "trust",
        "Of the transfer of TR-1 and TR-2 one half is taken back",
    ),
    (
        "UPDATE trust_entry SET kind = 'reversal', reason = 'x', reverses = 2 WHERE id = 3",
        "trust",
        "TR-2 is taken back wrongly: 500.00",
    ),
    (
        "UPDATE trust_entry SET expense_id = 1 WHERE id = 2",
        "trust",
        "Trust paid 100.00 for E-1 over 45.00",
    ),
    (
        "UPDATE trust_entry SET audit_id = (SELECT max(id) FROM audit) WHERE id = 2",
        "trust",
        "TR-2 of 2026-10-31 came after the reconciliation of 2026-10-31",
    ),
    (
        (
            "UPDATE reconciliation SET (journal_cents, statement_cents, clients_cents)"
            " = (140001, 140001, 140001)"
        ),
        "trust",
        "Reconciled on 2026-10-31 were 1,400.01, the ledgers held 1,400.00",
    ),
    (
        "UPDATE trust_entry SET (matter_id, client_id) = (NULL, NULL) WHERE id = 1",
        "own-money",
        "The firm has 2,000.00 of its own in trust, its limit is 100.00",
    ),
    (
        "INSERT INTO setting VALUES ('trust.firm_nominal_limit_cents', '-1')",
        "own-money",
        "The firm has 0.00 of its own in trust, its limit is -0.01",
    ),
    (
        "UPDATE retainer_entry SET amount_cents = 1",
        "retainers",
        "RT-1 says 0.01, 300.00 is posted for it",
    ),
    (
        "UPDATE move SET retainer_id = NULL, credit = 'fee_income' WHERE retainer_id = 1",
        "retainers",
        "RT-1 says 300.00, 0.00 is posted",
    ),
    (
        "UPDATE retainer_entry SET amount_cents = -1, kind = 'refund', basis = NULL",
        "retainers",
        "retainer of matter 2026-005 is below zero on 2026-10-31: -0.01",
    ),
    ("UPDATE retainer_entry SET bill_id = 1", "retainers", "RT-1 pays bill 2026-0001, which isn't"),
    ("DELETE FROM trust_clearing; DELETE FROM trust_entry WHERE id = 3", "audit", "2 are there"),
    ("UPDATE trust_entry SET audit_id = 1 WHERE id = 2", "marks", "Trust entry TR-2 isn't in"),
    ("UPDATE trust_clearing SET audit_hash = 'x'", "marks", "Clearing of TR-1 isn't in"),
    ("UPDATE trust_confirmation SET audit_hash = 'x'", "marks", "Transfer of TR-3 isn't in"),
    ("UPDATE trust_notice SET audit_hash = 'x'", "marks", "Notice of D-"),
    ("UPDATE retainer_entry SET audit_id = 1", "marks", "Retainer entry RT-1 isn't in"),
    ("UPDATE fund_request SET audit_hash = 'x'", "marks", "Request RR-0001 isn't in"),
    ("UPDATE reconciliation SET audit_hash = 'x'", "marks", "Reconciliation of 2026-10-31 isn't"),
    # reserve
    (
        "UPDATE bill_reserve SET written_off_cents = 600",
        "reserve",
        "reserve of matter 2026-003 is below zero: -1.00",
    ),
    ("DELETE FROM reserve_move", "audit", "Of 1 rows of reserve_move, 0 are there"),
    ("UPDATE reserve_move SET audit_hash = 'x'", "marks", "Reserve move 1 isn't in"),
    # entries
    (
        f"INSERT INTO period_claim VALUES ({BILL}, 1, '2026-11-01', '2026-11-30')",
        "entries",
        "2026-0001: a void and the free period from 2026-11-01",
    ),
    (
        f"INSERT INTO claim VALUES ({BILL}, 'schedule', 9, NULL)",
        "entries",
        "holds schedule 9, which its matter doesn't have",
    ),
    (
        (
            "UPDATE bill_part SET period_start = '2026-11-01'"
            f" WHERE bill_id IN ({BILL}, {APPROVED});"
            f"UPDATE bill SET matter_id = 1 WHERE id = {APPROVED};DROP INDEX period_claim_once;"
            f"INSERT INTO period_claim VALUES ({BILL}, 1, '2026-11-01', NULL),"
            f" ({APPROVED}, 1, '2026-11-01', NULL)"
        ),
        "entries",
        "2026-0005 charges the period from 2026-11-01 a second time",
    ),
    (f"DELETE FROM claim WHERE bill_id = {BILL} AND kind = 'charge'", "entries", "doesn't hold"),
    (
        f"DELETE FROM bill_line WHERE bill_id = {BILL} AND kind = 'time'",
        "entries",
        "isn't on exactly one",
    ),
    (
        f"UPDATE claim SET released_on = '2026-11-30' WHERE bill_id = {BILL}",
        "entries",
        "2026-0001: a void and the freedom of time 1",
    ),
    (
        f"DROP INDEX claim_once; UPDATE claim SET released_on = NULL WHERE bill_id = {VOID}",
        "entries",
        "is on 2 live bills",
    ),
    ("UPDATE time_entry SET matter_id = 2 WHERE id = 1", "entries", "its matter doesn't have"),
    ("DELETE FROM expense WHERE id = 1", "entries", "holds expense 1, which its matter"),
    ("UPDATE draft SET matter_id = 2", "entries", "Draft D-6 holds time"),
    (
        "INSERT INTO draft_source SELECT 'time', 1, id FROM draft",
        "entries",
        "time 1 is on bill 2026-0001 and in draft D-",
    ),
    ("UPDATE run_bill SET bill_id = 77", "entries", "made D-77, which is neither"),
    # audit, marks, seals, documents
    ("UPDATE audit SET actor = 'nobody' WHERE id = 5", "audit", "Row 5 of the log was changed"),
    (
        "UPDATE bill SET audit_hash = 'x' WHERE number = '2026-0001'",
        "marks",
        "Bill 2026-0001 isn't in",
    ),
    ("UPDATE payment SET audit_id = audit_id - 1 WHERE id = 1", "marks", "Payment P-1 isn't in"),
    ("UPDATE bill_event SET audit_id = 1 WHERE id = 1", "marks", "Event 1"),
    ("UPDATE undone SET audit_id = 1", "marks", "The undo of change set"),
    (f"UPDATE journal_entry SET audit_hash = 'x' WHERE id = {ENTRY}", "marks", "Entry bill:"),
    (
        f"UPDATE bill_line SET description = 'Nothing' WHERE bill_id = {BILL} AND line = 1",
        "seals",
        "2026-0001 is not what was approved",
    ),
    (
        f"UPDATE bill_allocation SET origination = 1 WHERE bill_id = {BILL}",
        "seals",
        "2026-0001 is not what was approved",
    ),
    (
        "UPDATE bill SET client_id = 'odum' WHERE number = '2026-0001'",
        "seals",
        "2026-0001 is not what was approved",
    ),
    (
        "UPDATE bill SET due_on = '2027-01-30' WHERE number = '2026-0005'",
        "seals",
        "2026-0005 is not what was approved",
    ),
    (
        (
            "UPDATE bill SET (total_cents, fees_cents, fee_adjustment_cents) = (total_cents - 100,"
            f" fees_cents - 100, fee_adjustment_cents - 100) WHERE id = {APPROVED};"
            f"UPDATE bill_part SET charged_cents = charged_cents - 100 WHERE bill_id = {APPROVED};"
            f"UPDATE bill_line SET amount_cents = amount_cents - 100 WHERE bill_id = {APPROVED}"
            " AND kind = 'time'"
        ),
        "seals",
        "2026-0005",
    ),
    (f"UPDATE bill_document SET content = x'00' WHERE bill_id = {BILL}", "documents", "document"),
    (
        (
            f"UPDATE bill_document SET content = x'', sha256 ="
            f" 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'"
            f" WHERE bill_id = {BILL} AND format = 'md'"
        ),
        "documents",
        "hash of its md document isn't the one in the log",
    ),
    (f"DELETE FROM bill_document WHERE bill_id = {BILL}", "documents", "not all its documents"),
    ("UPDATE template_set SET texts = '{}'", "templates", "is not what its hash says"),
    ("UPDATE bill SET template_set = NULL", "seals", "is not what was approved"),
    (
        (
            f"INSERT INTO bill_document SELECT {APPROVED}, format, content, sha256"
            f" FROM bill_document WHERE bill_id = {BILL}"
        ),
        "documents",
        "2026-0005 has documents, but it isn't issued",
    ),
]


def test_a_furnished_ledger_is_sound(office: Path, cli: Cli) -> None:
    assert failing(office) == {}
    answer = cli("check")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"The ledger is sound: {len(checks.CHECKS)} proofs, no findings.\n"


def test_a_new_ledger_is_sound(ledger_path: Path, cli: Cli) -> None:
    assert cli("check").code == 0


@pytest.mark.parametrize(("damage", "proof", "says"), DAMAGE)
def test_damage_is_found(office: Path, damage: str, proof: str, says: str) -> None:
    if damage.startswith(("DROP TRIGGER", "CREATE TRIGGER")):
        shell = sqlite3.connect(office)
        shell.execute(damage)
        shell.close()
    else:
        unguarded(office, *damage.split(";"))
    found = failing(office)
    assert proof in found, f"only {sorted(found)} found it"
    assert any(says in finding for finding in found[proof].findings), found[proof].findings


def test_every_proof_is_seen_to_fail() -> None:
    assert {proof for _, proof, _ in DAMAGE} == {check.name for check in checks.CHECKS}


def test_check_ends_with_7_and_a_line_for_each_finding(office: Path, cli: Cli) -> None:
    unguarded(office, "UPDATE bill SET seq = 9 WHERE number = '2026-0007'")
    answer = cli("check")
    assert answer.code == 7
    lines = answer.out.splitlines()
    assert "numbers: Series bill 2026 has 7 bills, numbered 1 to 9." in lines
    assert all(line.partition(":")[0] in {c.name for c in checks.CHECKS} for line in lines)
    assert f"{len(lines)} findings" in answer.err
    assert cli("--quiet", "check").out == answer.out


def test_check_as_json(office: Path, cli: Cli) -> None:
    sound = cli("check", "--json").json
    assert sound["ok"] is True
    assert [c["name"] for c in sound["checks"]] == [c.name for c in checks.CHECKS]
    assert all(c["ok"] and c["findings"] == [] for c in sound["checks"])
    unguarded(office, "UPDATE bill SET seq = 9 WHERE number = '2026-0007'")
    answer = cli("check", "--json")
    assert answer.code == 7
    found = answer.json
    assert found["ok"] is False
    (numbers,) = [c for c in found["checks"] if c["name"] == "numbers"]
    assert numbers["findings"] == ["Series bill 2026 has 7 bills, numbered 1 to 9."]


def test_check_changes_nothing(office: Path, cli: Cli) -> None:
    before = office.read_bytes()
    assert cli("check").code == 0
    assert office.read_bytes() == before


def test_check_goes_on_while_another_writes(office: Path, cli: Cli) -> None:
    writer = sqlite3.connect(office, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE client SET name = 'half done'")
    assert cli("check").code == 0
    writer.execute("ROLLBACK")
    writer.close()


def test_many_findings_are_counted_not_listed(office: Path) -> None:
    unguarded(office, "UPDATE audit SET actor = 'x'")
    shown = failing(office)["audit"].findings
    assert len(shown) <= checks.MOST + 1


def test_a_torn_page_is_found(office: Path, cli: Cli) -> None:
    shell = sqlite3.connect(office)
    page = shell.execute("SELECT rootpage FROM sqlite_master WHERE name = 'time_entry'").fetchone()
    shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shell.close()
    with office.open("r+b") as file:
        file.seek((page[0] - 1) * 4096)
        file.write(b"\xff" * 4096)
    answer = cli("check")
    assert answer.code == 7
    assert "file: " in answer.out


def test_a_ledger_that_others_can_read_is_warned_of(office: Path, cli: Cli) -> None:
    office.chmod(0o644)
    answer = cli("check")
    assert answer.code == 0
    assert "can be read by others (mode 644)" in answer.err
    assert cli("check", "--json").json["warnings"]
    office.chmod(0o600)
    assert cli("check").err == ""
