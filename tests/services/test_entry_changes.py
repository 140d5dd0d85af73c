"""Editing, removing and withdrawing: what changes, what doesn't, and what can't."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from billcli.errors import NotFound, Refused, UsageProblem
from billcli.services.work import charges, expenses, items, time
from billcli.store import audit, entries, settings
from billcli.store.models import MatterRow, TimekeeperRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

DAY = date(2026, 11, 10)
TIME_EDITS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"hours_e4": 30_000}, {"logged_e4": 30_000, "hours_e4": 30_000, "standard_cents": 105_000}),
    ({"description": "new"}, {"description": "new"}),
    ({"day": date(2026, 11, 9)}, {"day": "2026-11-09"}),
    ({"timekeeper": "JB"}, {"timekeeper_id": "JB", "rate_e4": 2_000_000, "standard_cents": 32_000}),
    ({"rate_e4": 10_000}, {"rate_e4": 10_000, "rate_typed": 1, "standard_cents": 160}),
    ({"behavior": "no_charge"}, {"behavior": "no-charge"}),
    ({"task_code": "l120"}, {"task_code": "L120"}),
    ({"task_code": ""}, {"task_code": None}),
    ({"activity_code": "A103"}, {"activity_code": "A103"}),
    ({"matter": "2026-002"}, {"matter_id": 2}),
]
COST_EDITS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"amount_cents": 7}, {"amount_cents": 7}),
    ({"description": "new"}, {"description": "new"}),
    ({"day": date(2026, 11, 9)}, {"day": "2026-11-09"}),
    ({"code": "E101"}, {"expense_code": "E101"}),
    ({"category": "copies"}, {"category": "Copies"}),
    ({"category": ""}, {"category": None}),
    ({"bill": False}, {"behavior": "non-billable"}),
    ({"taxable": True}, {"taxable": 1}),
    ({"timekeeper": "JB"}, {"timekeeper_id": "JB"}),
    ({"matter": "2026-002"}, {"matter_id": 2}),
]


def record(ledger: Ledger) -> None:
    """One of each kind, so that every field has a value."""
    time.add(ledger, "2026-001", 15_500, "work", day=DAY, task_code="L110", activity_code="A101")
    expenses.add(ledger, "2026-001", 402_00, "fee", day=DAY, category="Court fees")
    charges.add(ledger, "2026-001", 1_500_00, "flat", day=DAY)


@pytest.mark.parametrize(("edit", "expected"), TIME_EDITS, ids=lambda v: str(v)[:30])
def test_B14_an_edit_changes_what_it_names(
    firm: Ledger, edit: dict[str, Any], expected: dict[str, Any]
) -> None:
    record(firm)
    before = entries.stored(firm, "time", 1)
    time.edit(firm, "T-1", **edit)
    after = entries.stored(firm, "time", 1)
    assert {k: v for k, v in after.items() if before[k] != v} == expected
    back: dict[str, Any] = {
        "hours_e4": 15_500,
        "description": "work",
        "day": DAY,
        "timekeeper": "MA",
        "rate_e4": 3_500_000,
        "behavior": "bill",
        "task_code": "L110",
        "activity_code": "A101",
        "matter": "2026-001",
    }
    time.edit(firm, "T-1", **{name: back[name] for name in edit})
    typed = {"rate_typed": 1} if "rate_e4" in edit else {}
    assert entries.stored(firm, "time", 1) == {**before, **typed}


@pytest.mark.parametrize(("edit", "expected"), COST_EDITS, ids=lambda v: str(v)[:30])
def test_an_expense_changes_what_is_named(
    firm: Ledger, edit: dict[str, Any], expected: dict[str, Any]
) -> None:
    record(firm)
    before = entries.stored(firm, "expense", 1)
    expenses.edit(firm, "E-1", **edit)
    after = entries.stored(firm, "expense", 1)
    assert {k: v for k, v in after.items() if before[k] != v} == expected


def test_an_edit_that_changes_nothing_is_not_logged(firm: Ledger) -> None:
    record(firm)
    logged = len(list(audit.rows(firm)))
    time.edit(firm, "T-1", description="work", hours_e4=15_500)
    assert len(list(audit.rows(firm))) == logged
    with pytest.raises(UsageProblem, match="Nothing to change"):
        time.edit(firm, "T-1")


def test_B30_what_is_billed_can_not_change_by_any_command(
    firm: Ledger, bill: Callable[[str], str]
) -> None:
    record(firm)
    number = bill("2026-001")
    attempts: list[Callable[[], object]] = [
        *(lambda e=edit: time.edit(firm, "T-1", **e) for edit, _ in TIME_EDITS),
        *(lambda e=edit: expenses.edit(firm, "E-1", **e) for edit, _ in COST_EDITS),
        lambda: charges.edit(firm, "C-1", amount_cents=5),
        lambda: time.remove(firm, "T-1"),
        lambda: expenses.remove(firm, "E-1"),
        lambda: charges.withdraw(firm, "C-1"),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match=number) as refused:
            attempt()
        assert refused.value.code == "entry.billed"
    assert [(i.state, i.bill) for i in items.items(firm, "2026-001")] == [("billed", number)] * 3


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE time_entry SET rate_e4 = 1 WHERE id = 1",
        "UPDATE time_entry SET matter_id = 2 WHERE id = 1",
        "UPDATE time_entry SET id = 77 WHERE id = 1",
        "DELETE FROM time_entry WHERE id = 1",
        "INSERT OR REPLACE INTO time_entry SELECT * FROM time_entry WHERE id = 1",
        "UPDATE expense SET amount_cents = 1",
        "DELETE FROM expense",
        "INSERT OR REPLACE INTO expense SELECT * FROM expense",
        "UPDATE charge SET withdrawn_on = '2026-11-30'",
        "DELETE FROM charge",
        "INSERT OR REPLACE INTO charge SELECT * FROM charge",
        "DELETE FROM claim",
        "UPDATE claim SET entry_id = 99",
    ],
)
def test_B30_what_is_billed_can_not_change_by_sql_either(
    firm: Ledger, path: Path, bill: Callable[[str], str], sql: str
) -> None:
    record(firm)
    bill("2026-001")
    firm.session.rollback()
    shell = sqlite3.connect(path)
    shell.execute("PRAGMA foreign_keys = OFF")
    before = list(shell.iterdump())
    with pytest.raises(sqlite3.IntegrityError, match="guard"):
        shell.execute(sql)
    shell.rollback()
    assert list(shell.iterdump()) == before
    shell.close()


def test_a_removed_entry_is_in_the_log_and_its_number_is_not_given_again(firm: Ledger) -> None:
    record(firm)
    time.remove(firm, "T-1")
    expenses.remove(firm, "E-1")
    with pytest.raises(NotFound):
        time.edit(firm, "T-1", description="x")
    assert time.add(firm, "2026-001", 10_000, "x").id == "T-2"
    assert expenses.add(firm, "2026-001", 1, "x").id == "E-2"
    gone = [row for row in audit.rows(firm) if row.after is None]
    assert [row.object for row in gone] == ["T-1", "E-1"]
    assert '"description":"work"' in gone[0].before


def test_a_withdrawn_charge_stays_listed_and_is_withdrawn_once(firm: Ledger) -> None:
    record(firm)
    assert charges.withdraw(firm, "C-1").state == "withdrawn"
    for attempt in (charges.withdraw, lambda *a: charges.edit(*a, amount_cents=1)):
        with pytest.raises(Refused) as refused:
            attempt(firm, "C-1")
        assert refused.value.code == "charge.withdrawn"
    assert [i.state for i in charges.list_(firm)] == ["withdrawn"]


def test_B05_an_entry_that_leaves_its_draft_is_free_for_another(
    firm: Ledger, cli: Callable[..., Any]
) -> None:
    record(firm)
    firm.session.rollback()
    assert cli("bill", "create", "2026-001").code == 0
    firm.session.rollback()
    assert {(i.state, i.bill) for i in items.items(firm, "2026-001")} == {("in_draft", "D-1")}
    assert charges.withdraw(firm, "C-1").bill is None
    assert time.edit(firm, "T-1", matter="2026-002").state == "wip"
    assert expenses.remove(firm, "E-1").id == "E-1"
    left = firm.session.connection().exec_driver_sql("SELECT count(*) FROM draft_source").scalar()
    assert left == 0
    firm.session.rollback()
    assert cli("bill", "create", "2026-002", "--approve").code == 0


def test_B05_a_void_gives_the_entries_back(firm: Ledger, bill: Callable[[str], str]) -> None:
    from billcli.services.bill import bills

    record(firm)
    bills.void(firm, bill("2026-001"), reason="wrong client")
    assert {(i.state, i.bill) for i in items.items(firm, "2026-001")} == {("wip", None)}
    bills.void(firm, bill("2026-001"), reason="not worth it", entries="write-off")
    assert {i.state for i in items.items(firm, "2026-001")} == {"written_off"}
    with pytest.raises(Refused) as refused:
        time.remove(firm, "T-1")
    assert refused.value.code == "entry.written-off"


def test_closed_matters_and_archived_timekeepers_take_no_work(firm: Ledger) -> None:
    record(firm)
    with firm.write() as session:
        session.get_one(MatterRow, 2).closed_on = "2026-11-20"
        session.get_one(TimekeeperRow, "JB").archived_on = "2026-11-20"
    for attempt in (
        lambda: time.add(firm, "2026-002", 1, "x"),
        lambda: expenses.add(firm, "2026-002", 1, "x"),
        lambda: charges.add(firm, "2026-002", 1, "x"),
        lambda: time.edit(firm, "T-1", matter="2026-002"),
        lambda: expenses.edit(firm, "E-1", matter="2026-002"),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "matter.closed"
    for attempt in (
        lambda: time.add(firm, "2026-001", 1, "x", timekeeper="JB"),
        lambda: expenses.add(firm, "2026-001", 1, "x", timekeeper="JB"),
        lambda: charges.add(firm, "2026-001", 1, "x", timekeeper="JB"),
        lambda: time.edit(firm, "T-1", timekeeper="JB"),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "timekeeper.archived"


def test_whose_time_it_is(firm: Ledger) -> None:
    assert time.add(firm, "2026-001", 10_000, "x").timekeeper == "MA"
    with pytest.raises(UsageProblem) as needed:
        time.add(firm, "2026-002", 10_000, "x")
    assert "--tk" in (needed.value.hint or "")
    with firm.write() as session:
        session.get_one(TimekeeperRow, "MA").archived_on = "2026-11-20"
    assert time.add(firm, "2026-002", 10_000, "x").timekeeper == "JB"


def test_an_expense_takes_its_code_from_its_category(firm: Ledger) -> None:
    entry = expenses.add(firm, "2026-001", 1, "x", category="court fees")
    assert (entry.category, entry.expense_code) == ("Court fees", "E112")
    assert (
        expenses.add(firm, "2026-001", 1, "x", category="Court fees", code="e1").expense_code
        == "E1"
    )
    with pytest.raises(NotFound) as missing:
        expenses.add(firm, "2026-001", 1, "x", category="Court fee")
    assert missing.value.hint == 'Did you mean "Court fees"?'


@pytest.mark.parametrize("behavior", ["bill", "no-charge", "no_charge", "hide", "non-billable"])
def test_the_behavior_comes_from_the_entry_the_matter_or_the_firm(
    firm: Ledger, behavior: str
) -> None:
    shown = behavior.replace("-", "_")
    assert time.add(firm, "2026-001", 1, "x", behavior=behavior).behavior == shown
    with firm.write():
        settings.put(firm, "billing.default_behavior", behavior)
    assert time.add(firm, "2026-001", 1, "x").behavior == shown


def test_the_list_holds_all_kinds_by_day(firm: Ledger) -> None:
    record(firm)
    expenses.add(firm, "2026-001", 5, "earlier", day=date(2026, 11, 1), bill=False)
    found = items.items(firm, "2026-001")
    assert [i.id for i in found] == ["E-2", "T-1", "E-1", "C-1"]
    assert [i.counts for i in found] == [False, True, True, True]
    assert [i.amount_cents for i in found] == [5, 560_00, 402_00, 1_500_00]


def test_many_entries_are_read_in_three_queries(firm: Ledger) -> None:
    from sqlalchemy import event

    for _ in range(30):
        record(firm)
    asked: list[str] = []
    event.listen(firm.connection, "before_cursor_execute", lambda *a: asked.append(a[2]))
    assert len(items.items(firm, "2026-001")) == 90
    assert len([sql for sql in asked if "SELECT" in sql]) <= 4


def test_tables_have_the_words_that_are_typed_and_scripts_the_keys_of_json(
    firm: Ledger, cli: Callable[..., Any]
) -> None:
    time.add(firm, "2026-001", 15_500, "gift", behavior="no-charge")
    time.add(firm, "2026-001", 15_500, "work")
    table = cli("time", "list").out.splitlines()
    assert " no-charge " in table[1]
    assert table[-1].split() == ["Billable", "1.60", "1.55", "560.00"]
    csv = cli("time", "list", "--csv").out.splitlines()
    assert csv[0].startswith("id,matter,date,timekeeper,hours,logged_hours,rate,amount,")
    assert ",no_charge," in csv[1]
    assert [i["behavior"] for i in cli("time", "list", "--json").json] == ["no_charge", "bill"]


def test_a_list_keeps_to_its_days_and_its_timekeeper(firm: Ledger, cli: Callable[..., Any]) -> None:
    for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30)):
        time.add(firm, "2026-001", 10_000, "x", day=day)
    time.add(firm, "2026-001", 10_000, "x", day=DAY, timekeeper="JB")

    def listed(*words: str) -> list[str]:
        return [item["id"] for item in cli("time", "list", *words, "--json").json]

    assert listed("--from", "2026-11-01", "--to", "2026-11") == ["T-2", "T-4", "T-3"]
    assert listed("2026-001", "--tk", "JB") == ["T-4"]
    assert listed("2026-002") == []
    assert cli("time", "list", "2026-002").err == "No time entries.\n"
