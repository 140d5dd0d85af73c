"""Voids, credit notes, write-offs: what was paid goes back where it came from (B8, D-14, D-48)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billcli.errors import BillError
from billcli.services.arrangement import arrangements, schedules, standing
from billcli.services.bill import bills, disputes
from billcli.services.bill.request import Request
from billcli.services.funds import trust
from billcli.services.matter import matters, options
from billcli.services.milestones import tasks, triggers
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import credits, payments, writeoffs
from billcli.services.reporting import fee_reports
from billcli.services.upkeep import soundness
from billcli.services.work import charges, expenses, time
from billcli.store import bill_reads, entries, find, journal, retainers
from billcli.store import trust as trust_rows
from billcli.store.ledger import Ledger
from billcli.store.models import TaxCodeRow, TaxRateRow
from billcli.store.retainers import RetainerEntry

DAY, H = date(2026, 10, 31), 10_000
NUMBER = "2026-001"


@pytest.fixture
def office(tmp_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """A matter of Ana Rivera by the hour, 100.00 each, on the last day of October."""
    ledger = make_ledger(tmp_path / "ledger.db", today=DAY.isoformat())
    timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=100 * H)
    clients.add(ledger, "rivera", "Ana Rivera")
    matters.add(ledger, NUMBER, "Lease", client="rivera", responsible="ma")
    return ledger


def work(ledger: Ledger, hours: int, *, day: date = DAY) -> None:
    """So many hours, a day's worth at a time."""
    while hours:
        part = min(hours, 20)
        time.add(ledger, NUMBER, part * H, "Review", day=day)
        hours -= part


def billed(ledger: Ledger, hours: int = 0, *, cost: int = 0, **asked: Any) -> str:
    """A bill over so many hours and a cost."""
    work(ledger, hours)
    if cost:
        expenses.add(ledger, NUMBER, cost, "Court fee", day=DAY)
    return str(bills.create(ledger, NUMBER, Request(DAY, DAY, **asked), issued=True)["number"])


def vat(ledger: Ledger, percent: int = 20) -> None:
    with ledger.write():
        ledger.add(TaxCodeRow, code="vat", label="VAT", applies_to="both")
        rate = {"valid_from": "2026-01-01", "percent_e4": percent * H}
        ledger.add(TaxRateRow, code="vat", **rate)
        ledger.record("firm", after={"tax": "vat"})
    options.set_options(ledger, NUMBER, {"tax": "vat"})


def retained(ledger: Ledger, cents: int) -> None:
    """A general retainer that pays bills."""
    options.set_options(ledger, NUMBER, {"retainer": True})
    with ledger.write():
        mark = ledger.record(f"retainer RT-{retainers.next_id(ledger)}", after={"cents": cents})
        basis = {"basis": "client-consent", "note": "Letter"}
        matter_id = find.matter(ledger, NUMBER).id or 0
        entry = RetainerEntry("deposit", DAY, cents, "rivera", matter_id, **basis)  # type: ignore[arg-type]
        retainers.add(ledger, entry, mark)


def facts(ledger: Ledger, number: str) -> bill_reads.BillFacts:
    return find.bill(ledger, number)


def stands(ledger: Ledger, number: str) -> tuple[str, int, int]:
    """State, paid and open."""
    found = facts(ledger, number)
    return found.state, found.paid_cents, found.balance_cents


def invoiced(ledger: Ledger) -> int:
    """F_prev of the matter."""
    return standing.file_of(ledger, find.matter(ledger, NUMBER).id or 0).billed.fees_cents


def held(ledger: Ledger) -> tuple[int, int]:
    """What trust and general retainer hold."""
    matter_id = find.matter(ledger, NUMBER).id or 0
    moved = sum(entry.cents for entry in trust_rows.of_matter(ledger, matter_id))
    return moved, retainers.balance(ledger, matter_id)


def states(ledger: Ledger) -> list[str]:
    return [item.state for item in entries.items(ledger)]


def refused(code: str, call: Callable[..., Any], *args: Any, **more: Any) -> BillError:
    with pytest.raises(BillError) as caught:
        call(*args, **more)
    assert caught.value.code == code
    return caught.value


def sound(ledger: Ledger) -> None:
    assert soundness.check(ledger.path).findings == ()


def test_B08_a_void_gives_trust_and_retainer_back_and_restores_all(office: Ledger) -> None:
    trust.deposit(office, NUMBER, 500_00, method="wire", party="Ana Rivera")
    retained(office, 200_00)
    before = held(office)
    number = billed(office, 9, cost=45_00)
    assert stands(office, number) == ("part_paid", 700_00, 245_00)
    assert held(office) == (0, 0)
    view = bills.void(office, number, reason="wrong rate")
    given = [(each["to"], each["amount_cents"], each["undoes"]) for each in view["given_back"]]
    assert given == [("trust", 500_00, "TR-2"), ("retainer", 200_00, "RT-2")]
    assert held(office) == before
    assert stands(office, number) == ("void", 0, 0)
    assert set(states(office)) == {"wip"}
    reversal = trust_rows.get(office, 3)
    assert (reversal.kind, reversal.reverses, reversal.reason) == ("reversal", 2, "wrong rate")
    again = billed(office)
    assert stands(office, again) == ("part_paid", 700_00, 245_00)
    sound(office)


def test_D48_a_void_gives_back_a_confirmed_transfer_too(office: Ledger) -> None:
    trust.deposit(office, NUMBER, 500_00, method="wire", party="Ana Rivera")
    number = billed(office, 9)
    with office.write():
        mark = office.record("trust TR-2", after={"confirmed": "FT-1"})
        trust_rows.confirm(office, 2, DAY, "FT-1", mark)
    bills.void(office, number, reason="wrong rate")
    assert held(office) == (500_00, 0)
    sound(office)


def test_D48_nothing_goes_back_to_trust_in_a_locked_month(office: Ledger) -> None:
    trust.deposit(office, NUMBER, 500_00, method="wire", party="Ana Rivera")
    number = billed(office, 3)
    with office.write():
        mark = office.record("reconciliation", after={})
        sums = {"statement_cents": 500_00, "in_transit_cents": 0, "outstanding_cents": 300_00}
        book = {"journal_cents": 200_00, "clients_cents": 200_00, "firm_cents": 0}
        told = {"day": DAY.isoformat(), "details": "{}", "preparer": "t"}
        trust_rows.keep_reconciliation(office, sums | book | told, mark)
    refused("trust.locked", bills.void, office, number, reason="wrong")
    assert stands(office, number)[0] == "paid", "the whole void is taken back"
    refused("trust.locked", credits.add, office, number, 100_00, reason="correction")
    assert list(credits.list_(office)) == []


def test_B08_a_void_over_a_payment_changes_nothing(office: Ledger) -> None:
    trust.deposit(office, NUMBER, 500_00, method="wire", party="Ana Rivera")
    number = billed(office, 9)
    made = payments.add(office, number, 100_00)
    told = refused("bill.paid", bills.void, office, number, reason="wrong")
    assert told.hint == f"Take the payment off first: billcli payment unapply {made['id']}"
    assert (held(office), stands(office, number)) == ((0, 0), ("part_paid", 600_00, 300_00))
    payments.unapply(office, made["id"])
    bills.void(office, number, reason="wrong")
    assert held(office) == (500_00, 0)
    assert payments.refund(office, made["id"])["refunded_cents"] == 100_00
    sound(office)


def test_B08_a_credit_above_the_balance_gives_back_the_newest_first(office: Ledger) -> None:
    trust.deposit(office, NUMBER, 300_00, method="wire", party="Ana Rivera")
    retained(office, 200_00)
    number = billed(office, 10)  # the retainer paid 200.00, then trust 300.00
    first = payments.add(office, number, 150_00)
    second = payments.add(office, number, 250_00)
    assert stands(office, number) == ("part_paid", 900_00, 100_00)
    view = credits.add(office, number, 700_00, reason="courtesy")
    given = [(each["to"], each["undoes"], each["amount_cents"]) for each in view["given_back"]]
    assert given == [
        ("credit", second["id"], 250_00),
        ("credit", first["id"], 150_00),
        ("trust", "TR-2", 200_00),
    ]
    assert (held(office), stands(office, number)) == ((200_00, 0), ("paid", 300_00, 0))
    view = credits.add(office, number, 300_00, reason="correction")
    assert [each["to"] for each in view["given_back"]] == ["trust", "retainer"]
    assert (held(office), stands(office, number)) == ((300_00, 200_00), ("credited", 0, 0))
    assert journal.credits_(office) == {1: 150_00, 2: 250_00}
    assert [row["number"] for row in credits.list_(office)] == ["CN-0001", "CN-0002"]
    sound(office)


def test_D14_a_correction_lowers_the_fees_invoiced_and_a_courtesy_does_not(office: Ledger) -> None:
    arrangements.set_(office, NUMBER, "capped", {"value_cents": 4_000_00})
    number = billed(office, 48)
    assert invoiced(office) == 4_000_00
    credits.add(office, number, 500_00, reason="courtesy")
    assert invoiced(office) == 4_000_00
    credits.add(office, number, 1_000_00, reason="correction")
    assert invoiced(office) == 3_000_00
    later = billed(office, 20)
    assert facts(office, later).total_cents == 1_000_00, "what was corrected can be billed again"
    sound(office)


def test_D14_the_fee_part_counts_before_discount_and_closes_in_steps(office: Ledger) -> None:
    vat(office)
    options.set_options(office, NUMBER, {"discount": {"percent_e4": 10 * H}})
    arrangements.set_(office, NUMBER, "capped", {"value_cents": 1_000_01})
    number = billed(office, 20)
    total = facts(office, number).total_cents
    assert total == 1_080_01  # 1,000.01 − 100.00, and 20 % of 900.01
    credits.add(office, number, 90_00, reason="correction", split=credits.Split(fees_cents=90_00))
    assert invoiced(office) == 900_01
    for cents in (333_33, 333_33, total - 90_00 - 2 * 333_33):
        credits.add(office, number, cents, reason="correction")
        sound(office)
    assert invoiced(office) == 0
    assert stands(office, number) == ("credited", 0, 0)
    assert fee_reports.tax(office)[0]["tax_cents"] == 0
    assert fee_reports.tax(office)[0]["base_cents"] == 0
    refused("credit.above", credits.add, office, number, 1, reason="courtesy")


def test_D14_costs_that_used_up_a_value_come_back_with_a_correction(office: Ledger) -> None:
    covered = {"value_cents": 4_000_00, "covers": "fees-and-costs"}
    arrangements.set_(office, NUMBER, "capped", covered)
    number = billed(office, 39, cost=350_00)
    file = standing.file_of(office, 1)
    assert (file.billed.fees_cents, file.billed.costs_cents) == (3_650_00, 350_00)
    split = credits.Split(costs_cents=150_00)
    credits.add(office, number, 150_00, reason="correction", split=split)
    assert standing.file_of(office, 1).billed.costs_cents == 200_00
    later = billed(office, 20)
    assert facts(office, later).total_cents == 150_00


def test_B08_a_full_correction_releases_everything_as_a_void_does(office: Ledger) -> None:
    arrangements.set_(office, NUMBER, "fixed", {"value_cents": 900_00, "bill_when": "schedule"})
    schedules.add(office, NUMBER, 400_00, day=DAY)
    tasks.add(office, NUMBER, "Draft", trigger_kind="amount", trigger_cents=500_00)
    triggers.done(office, NUMBER, 1, charge=True)
    trust.deposit(office, NUMBER, 400_00, method="wire", party="Ana Rivera")
    number = billed(office, 2, cost=45_00, accept_schedule_mismatch=True)
    total = facts(office, number).total_cents
    assert "wip" not in states(office)
    credits.add(office, number, 45_00, reason="courtesy")
    refused(
        "credit.release", credits.add, office, number, total - 45_01,
        reason="correction", release_entries=True,
    )  # fmt: skip
    view = credits.add(office, number, total - 45_00, reason="correction", release_entries=True)
    assert view["released_entries"]
    assert set(states(office)) == {"wip"}
    assert schedules.list_(office, NUMBER)[0].state == "unbilled"
    assert tasks.show(office, NUMBER, 1).trigger.state == "charged"  # type: ignore[union-attr]
    assert (invoiced(office), held(office)) == (0, (400_00, 0))
    again = billed(office, accept_schedule_mismatch=True)
    assert facts(office, again).total_cents == total
    refused("bill.credited", bills.void, office, number, reason="again")
    sound(office)


def test_B08_a_released_period_can_be_charged_again(office: Ledger) -> None:
    terms = {"value_cents": 1_500_00, "every": "month"}
    arrangements.set_(office, NUMBER, "fixed-recurring", terms)
    number = billed(office)
    total = facts(office, number).total_cents
    refused("bill.nothing", billed, office)
    credits.add(office, number, total, reason="correction")
    refused("bill.nothing", billed, office)
    matter = "2026-002"
    matters.add(office, matter, "Retainer", client="rivera", responsible="ma")
    arrangements.set_(office, matter, "fixed-recurring", terms)
    other = str(bills.create(office, matter, Request(DAY, DAY), issued=True)["number"])
    credits.add(office, other, total, reason="correction", release_entries=True)
    assert bills.create(office, matter, Request(DAY, DAY))["total_cents"] == total
    sound(office)


def test_a_reserve_that_was_released_keeps_its_bill_from_being_given_up(office: Ledger) -> None:
    from billcli.services.matter import outcomes

    terms = {"value_cents": 500_00, "every": "month"}
    arrangements.set_(office, NUMBER, "capped-recurring-reserve", terms)
    number = billed(office, 9)
    outcomes.record(office, NUMBER, "success")
    billed(office)
    refused(
        "reserve.used", credits.add, office, number, 500_00,
        reason="correction", release_entries=True,
    )  # fmt: skip
    credits.add(office, number, 500_00, reason="correction")
    sound(office)


def test_T3_a_cost_that_trust_paid_straight_is_not_given_back(office: Ledger) -> None:
    trust.deposit(office, NUMBER, 300_00, method="wire", party="Ana Rivera")
    expenses.add(office, NUMBER, 300_00, "Court fee", day=DAY)
    trust.withdraw(
        office, NUMBER, 300_00, payee="Court", purpose="Filing", method="wire", expense="E-1"
    )
    number = billed(office, 2)
    assert stands(office, number) == ("part_paid", 300_00, 200_00)
    refused("credit.above", credits.add, office, number, 200_01, reason="courtesy")
    credits.add(office, number, 50_00, reason="courtesy")
    view = credits.add(office, number, 450_00, reason="correction", release_entries=True)
    assert view["given_back"] == []
    assert stands(office, number) == ("credited", 0, 0)
    again = billed(office)
    assert stands(office, again) == ("part_paid", 300_00, 200_00)
    sound(office)
    bills.void(office, again, reason="wrong")
    assert stands(office, again) == ("void", 0, 0)
    sound(office)


def test_B08_a_write_off_closes_the_bill_and_leaves_the_work_billed(office: Ledger) -> None:
    number = billed(office, 2)
    payments.add(office, number, 50_00)
    writeoffs.add(office, number, 30_00, reason="inefficiency")
    assert stands(office, number) == ("part_paid", 50_00, 120_00)
    view = writeoffs.add(office, number, text="dissolved")
    assert (view["state"], view["written_off_cents"]) == ("written_off", 150_00)
    assert (states(office), invoiced(office)) == (["billed"], 200_00)
    refused("payment.nothing-open", payments.add, office, number, 1)
    refused("credit.above", credits.add, office, number, 50_01, reason="correction")
    view = credits.add(office, number, 50_00, reason="correction")
    assert [each["to"] for each in view["given_back"]] == ["credit"]
    assert stands(office, number) == ("written_off", 0, 0)
    writeoffs.reverse(office, number, reason="they pay after all")
    assert stands(office, number) == ("issued", 0, 150_00)
    payments.apply(office, "P-1", number)
    writeoffs.add(office, number)
    assert [row["reversed_on"] for row in writeoffs.list_(office)] == [DAY, DAY, None]
    sound(office)


def test_T05_trust_leaves_what_is_in_dispute(office: Ledger) -> None:
    options.set_options(office, NUMBER, {"trust_pays": "new-and-ar"})
    first = billed(office, 10)
    view = disputes.open_(office, first, 400_00)
    assert view["disputed_cents"] == 400_00
    trust.deposit(office, NUMBER, 2_000_00, method="wire", party="Ana Rivera")
    second = billed(office, 1)
    assert (stands(office, first)[2], stands(office, second)[2]) == (400_00, 0)
    disputes.resolve(office, first)
    billed(office, 1)
    assert stands(office, first) == ("paid", 1_000_00, 0)
    sound(office)


@pytest.mark.parametrize("act", ["payment", "credit", "writeoff", "dispute", "void"])
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("status", ["use-matter", "active", "closed", "excluded"])
def test_B26_what_was_billed_is_settled_whatever_may_be_billed_now(
    office: Ledger, act: str, closed: bool, status: str
) -> None:
    from billcli.services.matter import closing

    number = billed(office, 2)
    options.set_options(
        office, NUMBER, {"exclude_from_mass": True} if status == "excluded" else {"status": status}
    )
    if closed:
        closing.close(office, NUMBER, override="moved away")
    acts: dict[str, Callable[[], Any]] = {
        "payment": lambda: payments.add(office, number, 200_00),
        "credit": lambda: credits.add(
            office, number, 200_00, reason="correction", release_entries=True
        ),
        "writeoff": lambda: writeoffs.add(office, number),
        "dispute": lambda: disputes.open_(office, number, 200_00),
        "void": lambda: bills.void(office, number, reason="wrong"),
    }
    acts[act]()
    ends = {
        "payment": ("paid", "billed"),
        "credit": ("credited", "wip"),
        "writeoff": ("written_off", "billed"),
        "dispute": ("issued", "billed"),
        "void": ("void", "wip"),
    }
    assert (stands(office, number)[0], *states(office)) == ends[act]
    if closed:
        refused("matter.closed", charges.add, office, NUMBER, 1_00, "More")
    if status == "closed" or (closed and status != "active"):
        with pytest.raises(BillError):
            billed(office)


def test_D44_a_settlement_reckons_what_was_earned_against_what_was_paid(office: Ledger) -> None:
    from billcli.services.matter import termination

    vat(office)
    terms = {"value_cents": 6_000_00, "bill_when": "milestones"}
    arrangements.set_(office, NUMBER, "fixed", terms)
    for cents in (2_000_00, 2_500_00, 1_500_00):
        tasks.add(office, NUMBER, "Part", trigger_kind="amount", trigger_cents=cents)
    trust.deposit(office, NUMBER, 6_000_00, method="wire", party="Ana Rivera")
    trust.deposit(office, NUMBER, 100_00, method="wire", party="Ana Rivera", protect="filing fee")
    triggers.done(office, NUMBER, 1, charge=True)
    billed(office)
    triggers.done(office, NUMBER, 2, charge=True)
    triggers.done(office, NUMBER, 3)
    expenses.add(office, NUMBER, 50_00, "Court fee", day=DAY)
    found = termination.settle(office, NUMBER, quantum_cents=400_00)
    assert (found.billed_cents, found.paid_cents) == (2_400_00, 2_400_00)
    assert (found.milestones_cents, found.unbilled_fees_cents) == (2_500_00, 2_900_00)
    assert found.unbilled_cents == found.due_cents == 2_900_00 + 580_00 + 50_00
    assert (found.trust_cents, found.protected_cents) == (3_700_00, 100_00)
    assert found.refund_cents == found.trust_refund_cents == 3_600_00 - 3_530_00
    assert [(each.task, each.amount_cents) for each in found.pending] == [(3, 1_500_00)]
    assert "billcli bill create 2026-001 --issue" in found.commands
    before = held(office)
    charges.add(office, NUMBER, 400_00, "Agreed part of the fee")
    billed(office)
    assert held(office)[0] == before[0] - 3_530_00, "it says what the commands then do"
    assert termination.settle(office, NUMBER).refund_cents == 70_00


@pytest.mark.parametrize(
    ("terms", "quantum", "due", "command"),
    [
        ({"value_cents": 900_00}, 0, 45_00, "bill create 2026-001 --only costs --issue"),
        ({"value_cents": 900_00}, 300_00, 345_00, "bill create 2026-001 --amount 300.00 --issue"),
        (None, 0, 245_00, "bill create 2026-001 --issue"),
        (None, 100_00, 345_00, "bill create 2026-001 --issue"),
    ],
)
def test_the_rest_of_a_fixed_fee_is_not_earned_by_the_end(
    office: Ledger, terms: dict[str, Any] | None, quantum: int, due: int, command: str
) -> None:
    from billcli.services.matter import termination

    if terms:
        arrangements.set_(office, NUMBER, "fixed", terms)
    work(office, 2)
    expenses.add(office, NUMBER, 45_00, "Court fee", day=DAY)
    found = termination.settle(office, NUMBER, quantum_cents=quantum)
    assert (found.due_cents, found.balance_due_cents, found.refund_cents) == (due, due, 0)
    assert f"billcli {command}" in found.commands


def test_the_postings_and_the_seal_of_a_credit_note_are_proved(office: Ledger) -> None:
    number = billed(office, 2)
    credits.add(office, number, 50_00, reason="correction")
    damages = {
        "UPDATE credit_note SET note = 'other'": "seals",
        "UPDATE credit_note SET seq = 2, number = 'CN-0002'": "numbers",
        "UPDATE credit_note SET fees_cents = 40_00, amount_cents = 40_00": "postings",
        "UPDATE credit_note_part SET charged_cents = 60_00": "totals",
        "UPDATE claim SET released_on = '2026-10-31'": "entries",
    }
    import shutil
    import sqlite3

    for damage, proof in damages.items():
        copy = office.path.with_name("copy.db")
        with sqlite3.connect(copy) as shell:
            office.driver.backup(shell)
            for (name,) in shell.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                shell.execute(f"DROP TRIGGER {name}")
            shell.execute("PRAGMA ignore_check_constraints = 1")
            shell.execute(damage.replace("_00", "00"))
        shell.close()
        found = {p.name for p in soundness.check(copy).checks if not p.ok} - {"schema"}
        assert proof in found, damage
    shutil.rmtree(office.path.with_name("copy.db"), ignore_errors=True)


def test_B30_no_shell_frees_entries_by_a_part_of_a_credit(office: Ledger) -> None:
    import sqlite3

    billed(office, 2)
    note = (
        "INSERT INTO credit_note (number, series, year, seq, bill_id, day, reason, amount_cents,"
        " fees_cents, costs_cents, tax_cents, releases, audit_id, audit_hash)"
        " VALUES ('CN-0001', 'credit', 0, 1, 1, '2026-10-31', 'correction', {0}, {0}, 0, 0, {1},"
        " 1, 'x')"
    )
    for cents, releases in ((20_001, 0), (19_999, 1)):
        with sqlite3.connect(office.path) as shell, pytest.raises(sqlite3.IntegrityError) as why:
            shell.execute(note.format(cents, releases))
        assert "credit note" in str(why.value)
        shell.close()
    with sqlite3.connect(office.path) as shell:
        shell.execute(note.format(19_999, 0))
        for damage in (
            "UPDATE credit_note SET note = 'x'",
            "DELETE FROM credit_note",
            "UPDATE claim SET released_on = '2026-10-31'",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="guard"):
                shell.execute(damage)
        shell.rollback()
    shell.close()
    sound(office)


def shared(ledger: Ledger, hours: int) -> tuple[str, str]:
    """The bills of two payors, 60 and 40 percent."""
    clients.add(ledger, "odum", "Odum & Sons")
    options.set_options(ledger, NUMBER, {"split": {"rivera": 60 * H, "odum": 40 * H}})
    work(ledger, hours)
    made = bills.create(ledger, NUMBER, Request(DAY, DAY), issued=True)
    first, second = (row["number"] for row in made["split_bills"])
    return str(first), str(second)


def test_D51_one_payor_s_bill_is_credited_by_itself(office: Ledger) -> None:
    arrangements.set_(office, NUMBER, "capped", {"value_cents": 1_000_00})
    first, second = shared(office, 12)
    assert (facts(office, first).total_cents, facts(office, second).total_cents) == (600_00, 400_00)
    refused(
        "credit.release", credits.add, office, second, 400_00,
        reason="correction", release_entries=True,
    )  # fmt: skip
    credits.add(office, second, 400_00, reason="correction")
    assert (invoiced(office), stands(office, second)) == (600_00, ("credited", 0, 0))
    told = refused("bill.credited", bills.void, office, first, reason="wrong")
    assert "release" not in str(told.hint)
    assert stands(office, first) == ("issued", 0, 600_00)
    sound(office)


def test_D51_the_void_of_a_group_gives_each_payor_s_money_back(office: Ledger) -> None:
    trust.deposit(office, NUMBER, 500_00, method="wire", party="Ana Rivera")
    first, second = shared(office, 10)
    assert (stands(office, first), stands(office, second)) == (
        ("part_paid", 500_00, 100_00),
        ("issued", 0, 400_00),
    )
    made = payments.add(office, second, 400_00)
    refused("bill.paid", bills.void, office, first, reason="wrong")
    assert held(office) == (0, 0), "nothing of a group goes without all of it"
    payments.unapply(office, made["id"])
    bills.void(office, second, reason="wrong")
    assert (held(office), stands(office, first)[0]) == ((500_00, 0), "void")
    sound(office)
