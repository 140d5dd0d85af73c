"""Trust money by its rules: what is there, what may go out, and who stands in for what is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from offices import Answer

from billcli.core.trust import (
    TrustMove,
    payable,
    payable_protected,
    shortage,
    standing,
)
from billcli.errors import Refused
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.funds import trust, trust_firm, trust_reversal, trust_views
from billcli.services.matter import matters
from billcli.services.office import clients, firm, timekeepers
from billcli.services.upkeep import soundness
from billcli.services.work import expenses, time

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

TODAY = date(2026, 10, 30)
H = 10_000


def day(n: int) -> date:
    return date(2026, 10, n)


@pytest.fixture
def ledger(ledger_path: Path, make_ledger: Callable[..., Ledger]) -> Iterator[Ledger]:
    """Two clients with two matters and one, on 2026-10-30; each test leaves it sound."""
    made = make_ledger(ledger_path, today=TODAY.isoformat())
    timekeepers.add(made, "NB", "Nadia Brandt", rate_e4=300 * H)
    for client, *numbers in (("rivera", "A", "B"), ("odum", "C")):
        clients.add(made, client, client.title())
        for number in numbers:
            matters.add(made, number, number, client=client, opened_on=day(1))
    yield made
    assert soundness.check(made.path).findings == ()


def taken(ledger: Ledger, number: str, cents: int, n: int = 1, **more: Any) -> str:
    """A deposit by wire on that day of October; its reference."""
    asked = {"method": "wire", "day": day(n)} | more
    return str(trust.deposit(ledger, number, cents, **asked)["id"])


def paid(ledger: Ledger, number: str, cents: int, n: int = 30, **more: Any) -> str:
    """A withdrawal on that day of October; its reference."""
    asked = {"payee": "Court", "purpose": "fee", "day": day(n)} | more
    return str(trust.withdraw(ledger, number, cents, **asked)["id"])


def held(ledger: Ledger, number: str) -> tuple[int, int, int, int]:
    found = trust_views.balance(ledger, number)
    return (
        found.balance_cents,
        found.cleared_cents,
        found.protected_cents,
        found.available_cents,
    )


def refused(code: str, *told: str) -> Any:
    """The refusal with that code, whose sentence has all of these in it."""
    pattern = "".join(f"(?=.*{each})" for each in told)
    return _Refusal(code, pattern)


class _Refusal:
    def __init__(self, code: str, pattern: str) -> None:
        self.code, self.raises = code, pytest.raises(Refused, match=pattern)

    def __enter__(self) -> None:
        self.found = self.raises.__enter__()

    def __exit__(self, *error: Any) -> bool | None:
        caught = self.raises.__exit__(*error)
        assert self.found.value.code == self.code
        return caught


# What may go out -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "clears"),
    [
        ("cash", day(1)),
        ("wire", day(1)),
        ("card", day(6)),
        ("check", day(8)),
        ("other", day(15)),
        (None, day(15)),
    ],
)
def test_T07_a_deposit_is_cleared_by_its_method(
    ledger: Ledger, method: str | None, clears: date
) -> None:
    made = trust.deposit(ledger, "A", 1_000_00, day=day(1), method=method)
    assert made["clears"] == clears


def test_T07_the_firm_says_when_a_method_is_cleared(ledger: Ledger) -> None:
    firm.set_(ledger, "trust.holds.check", "2")
    assert trust.deposit(ledger, "A", 1, day=day(1), method="cheque")["clears"] == day(5)
    assert trust.deposit(ledger, "A", 1, day=day(1), method="card")["clears"] == day(6)


def test_V24_what_is_not_cleared_is_not_available(ledger: Ledger) -> None:
    waiting = taken(ledger, "A", 1_000_00, clears=date(2026, 11, 5))
    assert held(ledger, "A") == (1_000_00, 0, 0, 0)
    with refused("trust.overdraw", "0.00 available", "1,000.00 isn't cleared", "0.01 was asked"):
        paid(ledger, "A", 1)
    trust.clear(ledger, waiting, evidence="bank letter")
    paid(ledger, "A", 1_000_00)
    assert held(ledger, "A") == (0, 0, 0, 0)


def test_T07_a_deposit_is_cleared_early_once(ledger: Ledger) -> None:
    waiting = taken(ledger, "A", 1_000_00, 1, clears=day(30))
    trust.clear(ledger, waiting, day=day(20), evidence="bank letter")
    with refused("trust.cleared", f"{waiting} has been cleared since 2026-10-20"):
        trust.clear(ledger, waiting, day=day(10), evidence="another letter")
    trust_reversal.reverse(ledger, waiting, reason="returned")


def test_T01_no_matter_is_overdrawn_while_another_has_plenty(ledger: Ledger) -> None:
    taken(ledger, "A", 1_000_00)
    taken(ledger, "B", 9_000_00)
    with refused("trust.overdraw", "A has 1,000.00 available", "1,000.01 was asked"):
        paid(ledger, "A", 1_000_01)
    paid(ledger, "A", 1_000_00)


def test_T01_a_backdated_payment_leaves_later_ones_covered(ledger: Ledger) -> None:
    taken(ledger, "A", 1_000_00, 1)
    paid(ledger, "A", 700_00, 20)
    taken(ledger, "A", 500_00, 25)
    with refused("trust.overdraw", "1,000.00 available in trust on 2026-10-10", "but 300.00"):
        paid(ledger, "A", 300_01, 10)
    paid(ledger, "A", 300_00, 10)
    with refused("trust.overdraw", "500.00 available in trust on 2026-10-30"):
        paid(ledger, "A", 500_01, 30)


def test_T08_protected_money_goes_out_for_its_purpose_alone(ledger: Ledger) -> None:
    taken(ledger, "A", 535_00, protect="filing fee")
    taken(ledger, "A", 200_00)
    assert held(ledger, "A") == (735_00, 735_00, 535_00, 200_00)
    with refused("trust.overdraw", "200.00 available", "535.00 is protected"):
        paid(ledger, "A", 200_01)
    with refused("trust.overdraw", "535.00 protected", "200.00 is not protected"):
        paid(ledger, "A", 535_01, protected=True)
    paid(ledger, "A", 535_00, protected=True)
    assert held(ledger, "A") == (200_00, 200_00, 0, 200_00)
    with refused("trust.overdraw", "0.00 protected"):
        paid(ledger, "A", 1, protected=True)


def test_T08_a_returned_deposit_frees_no_other_protection(ledger: Ledger) -> None:
    """What was paid of it came from the client's other money; the next protection is whole."""
    first = taken(ledger, "A", 1_000_00, 1, protect="settlement")
    taken(ledger, "A", 500_00, 2)
    paid(ledger, "A", 400_00, 3, protected=True)
    trust_reversal.reverse(ledger, first, reason="returned", day=day(4))
    assert held(ledger, "A") == (100_00, 100_00, 0, 100_00)
    taken(ledger, "A", 600_00, 5, protect="filing fee")
    assert held(ledger, "A") == (700_00, 700_00, 600_00, 100_00)


def test_T11_T17_a_deposit_is_kept_whole(ledger: Ledger) -> None:
    taken(ledger, "A", 3_000_00, method="card", protect="settlement")
    (only,) = trust_views.card(ledger, "A")
    assert (only.amount_cents, only.protected_cents) == (3_000_00, 3_000_00)


def test_T12_a_number_is_used_once_a_taken_back_one_too(ledger: Ledger) -> None:
    taken(ledger, "A", 1_000_00)
    taken(ledger, "C", 1_000_00)
    stopped = paid(ledger, "A", 100_00, cheque="1001")
    trust_reversal.reverse(ledger, stopped, reason="stopped")
    for number in ("A", "C"):
        with refused("trust.number", "1001", stopped, "100.00 to Court"):
            paid(ledger, number, 1_00, cheque="1001")
    # zeros before it make no other check
    with refused("trust.number", "Number 01001 was used for", stopped):
        paid(ledger, "A", 1_00, cheque="01001")
    # what comes in has the numbers of others
    taken(ledger, "A", 1_00, reference="1001")


def test_T13_nothing_is_dated_ahead_of_the_day_or_of_the_real_day(
    ledger_path: Path, make_ledger: Callable[..., Ledger], ledger: Ledger
) -> None:
    with refused("trust.future", "2026-10-31", "after today, 2026-10-30"):
        trust.deposit(ledger, "A", 1, day=date(2026, 10, 31))
    ahead = make_ledger(ledger_path, today="2199-01-01")
    with refused("trust.future", "2199-01-01", f"the real day, {ahead.real_day}"):
        trust.deposit(ahead, "A", 1)
    assert trust.deposit(ahead, "A", 1, day=day(1))["balance_cents"] == 1


# Between matters, and the firm's own -----------------------------------------------------------


def test_T06_money_moves_between_matters_of_one_client_with_an_authority(ledger: Ledger) -> None:
    taken(ledger, "A", 1_000_00)
    made = trust.move(ledger, "A", "B", 400_00, authority="letter of 2 October")
    assert (held(ledger, "A")[0], held(ledger, "B")[0]) == (600_00, 400_00)
    (into,) = trust_views.card(ledger, "B")
    assert (into.pair, into.reference) == (made["id"], "letter of 2 October")
    with refused("trust.other-client", "rivera", "odum"):
        trust.move(ledger, "A", "C", 1, authority="none")
    with refused("trust.overdraw", "600.00 available", "600.01"):
        trust.move(ledger, "A", "B", 600_01, authority="letter of 2 October")


def test_T02_the_firm_keeps_its_limit_and_bears_the_banks_charges(ledger: Ledger) -> None:
    taken(ledger, "A", 1_000_00)
    with refused("trust.firm-limit", "0.00 of its own", "100.00", "100.01"):
        trust_firm.deposit(ledger, 100_01)
    trust_firm.deposit(ledger, 100_00)
    with refused("trust.overdraw", "100.00 available", "100.01 was asked"):
        trust_firm.fee(ledger, 100_01)
    charged = trust_firm.fee(ledger, 60_00)
    assert (charged["matter"], charged["balance_cents"]) == (None, 40_00)
    trust_firm.deposit(ledger, 60_00)
    with refused("trust.firm-limit", "100.00 of its own", "60.00 more"):
        trust_reversal.reverse(ledger, charged["id"], reason="not ours")
    assert held(ledger, "A") == (1_000_00, 1_000_00, 0, 1_000_00)


def test_T02_the_limit_is_not_set_below_what_is_there(ledger: Ledger) -> None:
    firm.set_(ledger, "trust.firm_nominal_limit", "250")
    trust_firm.deposit(ledger, 250_00)
    with refused("trust.firm-limit", "250.00", "249.99"):
        firm.set_(ledger, "trust.firm_nominal_limit", "249.99")
    with refused("trust.firm-limit", "250.00", "100.00"):
        firm.unset(ledger, "trust.firm_nominal_limit")


def test_T02_the_usual_limit_is_100_of_the_currency(
    tmp_path: Path, make_ledger: Callable[..., Ledger]
) -> None:
    yen = make_ledger(tmp_path / "yen.db", currency="JPY", today=TODAY.isoformat())
    trust_firm.deposit(yen, 100)
    with refused("trust.firm-limit", "100 of its own", "may have 100"):
        trust_firm.deposit(yen, 1)


# Taken back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("spent", [1, 600_00, 1_000_00])
def test_T01_D37_a_spent_deposit_is_made_good_exactly(ledger: Ledger, spent: int) -> None:
    first = taken(ledger, "A", 1_000_00)
    paid(ledger, "A", spent)
    from billcli.values.money import grouped

    with refused("trust.spent", "1,000.00", f"be {grouped(spent, 2)} short"):
        trust_reversal.reverse(ledger, first, reason="returned")
    back = trust_reversal.reverse(ledger, first, reason="returned", cover=True)
    assert back["cover_cents"] == spent
    assert held(ledger, "A") == (0, 0, 0, 0)
    cover = trust_views.card(ledger, "A")[-2]
    assert (cover.kind, cover.amount_cents, cover.reason) == ("cover", spent, "returned")
    lost = ledger.driver.execute(
        "SELECT sum(amount_cents) FROM move WHERE debit = 'bad_debt' AND credit = 'operating_bank'"
    ).fetchone()[0]
    assert lost == spent


def test_D37_nothing_is_covered_that_is_still_there(ledger: Ledger) -> None:
    first = taken(ledger, "A", 1_000_00)
    taken(ledger, "A", 500_00)
    paid(ledger, "A", 500_00)
    back = trust_reversal.reverse(ledger, first, reason="returned", cover=True)
    assert (back["cover"], back["cover_cents"]) == (None, 0)
    assert held(ledger, "A")[0] == 0


def test_D37_a_returned_deposit_spares_what_is_protected(ledger: Ledger) -> None:
    taken(ledger, "A", 600_00, protect="filing fee")
    loose = taken(ledger, "A", 500_00)
    paid(ledger, "A", 450_00)
    with refused("trust.spent", "450.00 short"):
        trust_reversal.reverse(ledger, loose, reason="returned")
    trust_reversal.reverse(ledger, loose, reason="returned", cover=True)
    assert held(ledger, "A") == (600_00, 600_00, 600_00, 0)


def test_T09_a_waiting_deposit_is_taken_back_as_of_its_clearing(ledger: Ledger) -> None:
    taken(ledger, "A", 100_00)
    waiting = taken(ledger, "A", 1_000_00, 29, method="check")
    trust_reversal.reverse(ledger, waiting, reason="returned")
    assert held(ledger, "A") == (100_00, 100_00, 0, 100_00)
    paid(ledger, "A", 100_00)


def test_T09_both_halves_of_a_transfer_come_back_together(ledger: Ledger) -> None:
    taken(ledger, "A", 1_000_00)
    made = trust.move(ledger, "A", "B", 400_00, authority="letter")
    paid(ledger, "B", 150_00)
    for half in (made["id"], made["pair"]):
        with refused("trust.spent", "matter B would be 150.00 short"):
            trust_reversal.reverse(ledger, half, reason="wrong matter")
    taken(ledger, "B", 150_00)
    back = trust_reversal.reverse(ledger, made["id"], reason="wrong matter")
    assert len(back["also"]) == 1
    assert (held(ledger, "A")[0], held(ledger, "B")[0]) == (1_000_00, 0)
    with refused("trust.reversed", made["pair"]):
        trust_reversal.reverse(ledger, made["pair"], reason="again")


def test_T09_what_the_firm_made_good_comes_back_with_its_loss(ledger: Ledger) -> None:
    first = taken(ledger, "A", 1_000_00)
    paid(ledger, "A", 600_00)
    back = trust_reversal.reverse(ledger, first, reason="returned", cover=True)
    taken(ledger, "A", 600_00)
    trust_reversal.reverse(ledger, back["cover"], reason="the client paid")
    lost = ledger.driver.execute(
        "SELECT sum(CASE 'bad_debt' WHEN debit THEN amount_cents WHEN credit THEN -amount_cents"
        " ELSE 0 END) FROM move"
    ).fetchone()[0]
    assert (lost, held(ledger, "A")[0]) == (0, 0)


# Bills -----------------------------------------------------------------------------------------


def issued(ledger: Ledger, number: str) -> dict[str, Any]:
    return dict(bills.create(ledger, number, Request(TODAY, TODAY), issued=True))


def test_T03_a_cost_paid_from_trust_adds_nothing_to_the_balance(ledger: Ledger) -> None:
    taken(ledger, "A", 535_00, protect="filing fee")
    cost = expenses.add(ledger, "A", 535_00, "Filing fee", day=day(5)).id
    paying = paid(ledger, "A", 535_00, protected=True, expense=cost)
    with refused("entry.paid-from-trust", cost, paying, "535.00"):
        expenses.edit(ledger, cost, amount_cents=1)
    expenses.edit(ledger, cost, description="Filing fee of the county")
    bill = issued(ledger, "A")
    assert (bill["total_cents"], bill["balance_cents"]) == (535_00, 0)
    with refused("trust.cost-billed", paying, cost, bill["number"]):
        trust_reversal.reverse(ledger, paying, reason="wrong payee")
    bills.void(ledger, bill["number"], reason="wrong payee")
    trust_reversal.reverse(ledger, paying, reason="wrong payee")
    assert held(ledger, "A") == (535_00, 535_00, 535_00, 0)
    again = issued(ledger, "A")
    assert again["balance_cents"] == 535_00


def test_T09_a_fee_taken_back_opens_its_bill_again(ledger: Ledger) -> None:
    time.add(ledger, "A", 2 * H, "Work", day=day(2))
    taken(ledger, "A", 600_00)
    bill = issued(ledger, "A")
    assert (bill["balance_cents"], held(ledger, "A")[0]) == (0, 0)
    (fee,) = [row for row in trust_views.card(ledger, "A") if row.kind == "fee"]
    back = trust_reversal.reverse(ledger, fee.id, reason="wrong bill")
    assert (back["bill"], held(ledger, "A")) == (bill["number"], (600_00, 600_00, 0, 600_00))
    assert bills.show(ledger, bill["number"])["balance_cents"] == 600_00
    with refused("trust.reversed", fee.id):
        trust_reversal.reverse(ledger, fee.id, reason="again")


# Matters ---------------------------------------------------------------------------------------


def test_T16_a_matter_with_trust_is_not_closed(cli: Callable[..., Answer], ledger: Ledger) -> None:
    taken(ledger, "A", 250_00, clears=date(2026, 11, 30))
    today = TODAY.isoformat()
    told = cli("matter", "close", "A", today=today)
    assert told.code == 3
    assert "250.00 in trust" in told.err
    assert cli("matter", "show", "A", "--json", today=today).json["trust"] == {
        "matter": "A",
        "client": "rivera",
        "balance": "250.00",
        "cleared": "0.00",
        "protected": "0.00",
        "available": "0.00",
    }
    trust.clear(ledger, "TR-1")
    paid(ledger, "A", 250_00, payee="Ana Rivera", purpose="refund")
    assert cli("matter", "close", "A", today=today).code == 0
    with refused("matter.closed", "no more trust money"):
        trust.deposit(ledger, "A", 1)
    assert cli("matter", "show", "B", "--json", today=today).json["trust"] is None


def test_a_matter_with_trust_keeps_its_client(ledger: Ledger) -> None:
    taken(ledger, "A", 250_00)
    with refused("matter.client-billed", "A", "trust money", "rivera"):
        matters.edit(ledger, "A", {"client": "odum"})


def test_T10_the_journal_says_all_of_an_entry(cli: Callable[..., Answer], ledger: Ledger) -> None:
    taken(ledger, "A", 250_00, party="Ana's bank", reference="slip 12")
    paid(ledger, "A", 50_00, payee="=cmd()", purpose="[b]fee[/b]", cheque="1001")
    told = cli("trust", "ledger", "A", "--csv", today=TODAY.isoformat())
    header, first, second = told.out.splitlines()
    assert header == (
        "id,date,kind,matter,client,party,purpose,method,number,reference,bill,expense,reverses,"
        "reason,clears,amount,balance,protected,pair,by,recorded_at"
    )
    assert first.startswith(
        "TR-1,2026-10-01,deposit,A,rivera,Ana's bank,,wire,,slip 12,,,,,2026-10-01,250.00,250.00"
    )
    assert "'=cmd()" in second
    assert "[b]fee[/b]" in second
    assert "-50.00,200.00" in second


# The rules alone -------------------------------------------------------------------------------


def move(n: int, cents: int, *, clears: int | None = None, protected: int = 0) -> TrustMove:
    return TrustMove(day(n), day(clears or n), cents, protected)


def test_a_payment_may_take_the_least_of_all_later_days() -> None:
    moves = [move(1, 100), move(5, -60), move(6, 50), move(9, -80)]
    assert [payable(moves, day(n)).available_cents for n in (1, 5, 6, 9)] == [10, 10, 10, 10]
    assert payable(moves[:2], day(1)).available_cents == 40
    assert payable([*moves, move(8, 5, clears=12)], day(9)).available_cents == 10


def test_protected_money_is_the_least_of_both_floors() -> None:
    moves = [move(1, 100, protected=100), move(2, 30, clears=20)]
    assert payable_protected(moves, day(2)) == 100
    assert standing(moves, day(2)).available_cents == 0
    assert payable_protected([*moves, move(4, -60, protected=-60)], day(2)) == 40


def test_a_shortage_is_that_of_the_worst_day() -> None:
    moves = [move(1, 100), move(2, -30), move(3, -50), move(4, 80)]
    assert shortage(moves, day(2)) == 0
    assert shortage([*moves, replace(moves[0], cents=-100)], day(1)) == 80
    assert shortage([*moves, move(4, -100)], day(4)) == 0
