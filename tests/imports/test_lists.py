"""Expenses and clients from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from practice import asked

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Take = Callable[..., tuple[int, Any, str]]

COSTS = (
    "Date,Matter,Amount,Description,Category,Code,Billable,Taxable,Timekeeper\n"
    '2026-11-02,2026-001,"1,045.50",Court fee,,e112,,,\n'
    "2026-11-03,OD-7,12,Copies,,,No,yes,joel tafoya\n"
)


def test_expenses_come_in_once_and_overlapping_files_add_the_rest(
    take: Take, office: Ledger, cli: Callable[..., Any]
) -> None:
    view = take("expenses", COSTS)[1]
    assert (view["new"], view["amount"], view["entries"][1]["id"]) == (2, "1057.50", "E-2")
    sql = (
        "SELECT m.number, day, amount_cents, behavior, expense_code, taxable, timekeeper_id"
        " FROM expense AS e JOIN matter AS m ON m.id = e.matter_id ORDER BY e.id"
    )
    assert asked(office.path, sql) == [
        ("2026-001", "2026-11-02", 1_045_50, "bill", "E112", None, None),
        ("2026-002", "2026-11-03", 12_00, "non-billable", None, 1, "JT"),
    ]
    more = COSTS + "2026-11-03,OD-7,12,Copies,,,No,yes,joel tafoya\n"
    view = take("expenses", more)[1]
    assert (view["new"], view["known"]) == (1, 2)
    assert cli("expense", "remove", "E-1").code == 0
    assert take("expenses", more)[1]["new"] == 0
    assert cli("check").code == 0


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-11-03,2026-001,0,Copies,,,,,", 'column "Amount": the amount isn\'t above zero'),
        ("2026-11-03,2026-001,(5.00),Copies,,,,,", "isn't above zero"),
        ("2026-11-03,2026-001,5.001,Copies,,,,,", 'column "Amount"'),
        ("2026-11-03,2026-001,5,,,,,,", 'column "Description"'),
        ("2026-11-03,2026-009,5,Copies,,,,,", 'column "Matter"'),
        ("2026-11-03,2026-001,5,Copies,Travel,,,,", "the category: There is no expense category"),
        ("2026-11-03,2026-001,5,Copies,,a b,,,", 'column "Code"'),
        ("2026-11-03,2026-001,5,Copies,,,perhaps,,", 'column "Billable"'),
        ("2026-11-03,2026-001,5,Copies,,,,,XX", 'column "Timekeeper"'),
        ("2026-12-03,2026-001,5,Copies,,,,,", "the date: 2026-12-03 is in the future"),
    ],
)
def test_B29_one_bad_cost_and_no_cost_comes_in(
    take: Take, office: Ledger, row: str, why: str
) -> None:
    code, _, err = take("expenses", COSTS + row + "\n" + COSTS.splitlines()[1])
    assert code == 2 and "Row 4, " in err and why in err.replace('\\"', '"')
    assert asked(office.path, "SELECT count(*) FROM expense") == [0]


def test_a_rehearsal_of_costs_finds_the_same_and_keeps_nothing(take: Take, office: Ledger) -> None:
    view = take("expenses", COSTS, "--dry-run")[1]
    assert (view["new"], view["entries"][0]["id"]) == (2, None)
    assert asked(office.path, "SELECT count(*) FROM expense") == [0]
    assert take("expenses", COSTS)[1]["new"] == 2


CLIENTS = (
    "Client id,Name,Email,Address,Terms,Tax exempt,City\n"
    'vega,"Vega, Ltd",pay@vega.example,"1 Main St; Suite 4",14,yes,Mesa\n'
    "rivera,Another Name,,,,,\n"
)


def test_clients_that_are_there_stay_as_they_are(
    take: Take, cli: Callable[..., Any], office: Ledger
) -> None:
    assert take("clients", CLIENTS, "--dry-run")[1]["new"] == 1
    assert cli("client", "show", "vega").code == 4
    view = take("clients", CLIENTS)[1]
    assert (view["new"], view["known"]) == (1, 1)
    vega = cli("client", "show", "vega", "--json").json
    assert (vega["name"], vega["email"], vega["terms_days"]) == (
        "Vega, Ltd", "pay@vega.example", 14
    )  # fmt: skip
    assert (vega["address"], vega["tax_exempt"]) == (["1 Main St", "Suite 4"], True)
    assert vega["details"]["city"] == "Mesa"
    assert cli("client", "show", "rivera", "--json").json["name"] == "Ana Rivera"
    assert take("clients", CLIENTS)[1]["new"] == 0


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("a b,Name,,,,,", 'column "Client id"'),
        ("new,,,,,,", 'column "Name"'),
        ("new,Name,not an address,,,,", 'column "Email"'),
        ("new,Name,,,soon,,", 'column "Terms"'),
        ("vega,Name,,,,,", "row 2 has it too"),
    ],
)
def test_one_bad_client_and_no_client_comes_in(
    take: Take, office: Ledger, row: str, why: str
) -> None:
    code, _, err = take("clients", CLIENTS + row + "\n")
    assert code == 2 and "Row 4, " in err and why in err.replace('\\"', '"')
    assert asked(office.path, "SELECT count(*) FROM client") == [2]
