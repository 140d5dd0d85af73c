"""Which matters are billed, and what becomes of those with nothing to bill (B25, B26)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from practice import DAY, practice, work

from billcli.errors import BillError
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.matter import holds, matters
from billcli.services.milestones import tasks, triggers
from billcli.services.month_end import mass
from billcli.services.month_end.mass import Batch
from billcli.services.receivables import payments, writeoffs
from billcli.services.work import charges, expenses, time
from billcli.store.ledger import Ledger

M = "2026-002"
NOW = Request(DAY, DAY)
ISSUED = Batch(DAY, DAY, issued=True)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=1)


@pytest.fixture
def office(prepared: Path, tmp_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """An open ledger; 2026-001 has a month to bill, 2026-002 is made by each test."""
    return make_ledger(Path(shutil.copy(prepared, tmp_path / "ledger.db")))


def worked(ledger: Ledger, behavior: str = "bill") -> None:
    time.add(ledger, M, 10_000, "Work", day=DAY, timekeeper="ma", behavior=behavior)


def nothing(ledger: Ledger) -> None:
    """A new matter."""


def only_hidden(ledger: Ledger) -> None:
    worked(ledger, "hide")


def only_no_charge(ledger: Ledger) -> None:
    worked(ledger, "no-charge")


def only_non_billable(ledger: Ledger) -> None:
    worked(ledger, "non-billable")
    expenses.add(ledger, M, 5_00, "Ours", day=DAY, bill=False)


def only_held(ledger: Ledger) -> None:
    worked(ledger)
    holds.hold(ledger, "T-3")


def only_later(ledger: Ledger) -> None:
    charges.add(ledger, M, 100_00, "Next month", day=DAY.replace(year=2027))


def only_withdrawn(ledger: Ledger) -> None:
    charges.withdraw(ledger, charges.add(ledger, M, 100_00, "A slip", day=DAY).id)


def used_up(ledger: Ledger) -> None:
    """All of what was agreed is billed, and work goes on."""
    worked(ledger)
    bills.create(ledger, M, NOW, issued=True)
    worked(ledger)


def used_up_and_idle(ledger: Ledger) -> None:
    """All of what was agreed is billed, and nothing came since."""
    worked(ledger)
    bills.create(ledger, M, NOW, issued=True)


def used_up_with_costs(ledger: Ledger) -> None:
    used_up(ledger)
    expenses.add(ledger, M, 70_00, "Court fee", day=DAY)


def undecided(ledger: Ledger) -> None:
    tasks.add(ledger, M, "Part", trigger_kind="amount", trigger_cents=100_00)
    triggers.done(ledger, M, 1)


CAP = ("capped", {"value_cents": 300_00})
FEE = ("fixed", {"value_cents": 300_00})
AT_START = ("fixed", {"value_cents": 300_00, "bill_when": "start"})
STEPS = ("fixed", {"value_cents": 300_00, "bill_when": "milestones"})
MONTHLY = ("fixed-recurring", {"value_cents": 300_00})
MONTHLY_CAP = ("capped-recurring", {"value_cents": 300_00})
MINIMUM = ("minimum-recurring", {"value_cents": 300_00})
HOURLY = ("hourly", {})
# What a run says of a matter that it wasn't worth to mention, when somebody picks it.
PICKED = {
    "capped": "cap exhausted: 300.00 is invoiced",
    "fixed": "the fixed fee is fully billed",
    "fixed-recurring": "no period is due that isn't charged already",
    "minimum-recurring": "no period is due that has something to charge",
}
GIFTS = "only entries without a charge are unbilled"
NO_WORK = "no unbilled work or costs up to 2026-11-30"
# what is there; the arrangement; a run's reason (None: not worth a mention) or the total it bills
EMPTY = [
    (nothing, HOURLY, None),
    (nothing, CAP, None),
    (only_hidden, HOURLY, GIFTS),
    (only_no_charge, HOURLY, GIFTS),
    (only_no_charge, CAP, GIFTS),
    (only_non_billable, HOURLY, None),
    (only_held, HOURLY, None),
    (only_later, HOURLY, None),
    (only_withdrawn, HOURLY, None),
    (used_up, CAP, "cap exhausted: 300.00 is invoiced"),
    (used_up_and_idle, CAP, None),
    (used_up_and_idle, AT_START, None),
    (used_up_and_idle, MONTHLY, None),
    (used_up_and_idle, MINIMUM, None),
    (used_up, MONTHLY_CAP, "cap exhausted: 300.00 for the period"),
    (used_up_and_idle, MONTHLY_CAP, None),
    (nothing, FEE, "a fixed fee without tasks is billed by hand"),
    (used_up_with_costs, CAP, 70_00),
    (used_up, AT_START, "the fixed fee is fully billed"),
    (used_up_with_costs, AT_START, 70_00),
    (nothing, AT_START, 300_00),
    (only_no_charge, FEE, "a fixed fee without tasks is billed by hand"),
    (undecided, STEPS, "no milestone is waiting to be billed"),
    (undecided, HOURLY, None),
]


@pytest.mark.parametrize(
    ("there", "terms", "outcome"), EMPTY, ids=[f"{e[0].__name__}-{e[1][0]}" for e in EMPTY]
)
def test_B25_a_matter_with_nothing_to_bill_has_a_defined_outcome(
    office: Ledger,
    there: Callable[[Ledger], None],
    terms: tuple[str, dict[str, Any]],
    outcome: str | int | None,
) -> None:
    matters.add(office, M, "Lease", client="rivera", kind=terms[0], terms=terms[1])
    there(office)
    before = [bill["number"] for bill in bills_of(office)]
    report = mass.run(office, ISSUED)
    mine = [bill["total_cents"] for bill in report["bills"] if bill["matter"] == M]
    reasons = [skip["reason"] for skip in report["skipped"] if skip["matter"] == M]
    assert report["failed"] == []
    assert any(bill["matter"] == "2026-001" for bill in report["bills"]), "the others are billed"
    if isinstance(outcome, int):
        assert (mine, reasons) == ([outcome], [])
        return
    assert (mine, reasons) == ([], [outcome] if outcome else [])
    assert [bill["number"] for bill in bills_of(office)] == before
    picked = mass.run(office, Batch(DAY, DAY, issued=True, matters=(M,)))
    assert picked["bills"] == []
    silent = PICKED.get(terms[0], NO_WORK) if there is used_up_and_idle else NO_WORK
    assert [skip["reason"] for skip in picked["skipped"]] == [outcome or silent]


def bills_of(ledger: Ledger) -> list[dict[str, Any]]:
    from billcli.services.bill import bill_reading

    return bill_reading.list_(ledger, matter=M)


@pytest.mark.parametrize("there", [only_hidden, only_no_charge, nothing, used_up])
def test_B25_by_hand_nothing_is_refused_unless_a_zero_bill_is_asked_for(
    office: Ledger, there: Callable[[Ledger], None]
) -> None:
    matters.add(office, M, "Lease", client="rivera", kind="capped", terms=CAP[1])
    there(office)
    with pytest.raises(BillError) as refused:
        bills.create(office, M, NOW, issued=True)
    assert refused.value.code == "bill.nothing"
    zero = Request(DAY, DAY, zero_bill=True)
    made = bills.create(office, M, zero, issued=True)
    assert (made["total_cents"], made["state"], made["balance_cents"]) == (0, "paid", 0)
    with pytest.raises(BillError, match="Nothing is open"):
        payments.add(office, made["number"], 1)


# -- who is billed ---------------------------------------------------------------------------------

STATUS = ("use-matter", "active", "closed")
MATRIX = list(product(STATUS, (False, True), (False, True), (False, True)))


def stand(ledger: Ledger, status: str, *, closed: bool, excluded: bool) -> None:
    """A matter with work and an open bill, put where the services would not let it come."""
    matters.add(ledger, M, "Lease", client="rivera")
    work(ledger, M)
    bills.create(ledger, M, NOW, issued=True)
    work(ledger, M)
    with ledger.write() as session:
        shell = session.connection()
        for name, value in (
            ("status", f'"{status}"'),
            ("exclude_from_mass", str(excluded).lower()),
        ):
            shell.exec_driver_sql("INSERT INTO matter_option VALUES (2, ?, ?)", (name, value))
        if closed:
            shell.exec_driver_sql("UPDATE matter SET closed_on = '2026-11-01' WHERE id = 2")
    ledger.session.expire_all()


@pytest.mark.parametrize(("status", "closed", "excluded", "picked"), MATRIX)
def test_B26_status_matrix(
    office: Ledger, status: str, closed: bool, excluded: bool, picked: bool
) -> None:
    stand(office, status, closed=closed, excluded=excluded)
    active = status == "active" or (status == "use-matter" and not closed)
    batch = Batch(DAY, DAY, issued=True, matters=(M,) if picked else ())
    seen = [row["matter"] for row in mass.preview(office, batch) if row["total_cents"]]
    report = mass.run(office, batch)
    mine = [bill["matter"] for bill in report["bills"] if bill["matter"] == M]
    reasons = [skip["reason"] for skip in report["skipped"] if skip["matter"] == M]
    assert (M in seen) == bool(mine)
    if active and (picked or not excluded):
        assert (mine, reasons) == ([M], [])
    elif active:
        assert (mine, reasons) == ([], ["excluded from mass billing"])
    else:
        assert mine == []
        # A closed matter is not looked at unless it is named.
        assert reasons == (["closed for billing"] if picked or status != "use-matter" else reasons)
        assert set(reasons) <= {"closed for billing"}

    if not mine:
        if active:
            assert bills.create(office, M, NOW, issued=True)["number"]
        else:
            with pytest.raises(BillError) as refused:
                bills.create(office, M, NOW, issued=True)
            assert refused.value.code == "bill.closed"
    assert payments.add(office, M, 100_00)["applied"], "what is owed can always be paid"
    (bill,) = [b for b in bills_of(office) if b["balance_cents"]][:1]
    assert writeoffs.add(office, bill["number"], 5_00, text="too small to pursue"), "or given up"


@pytest.mark.parametrize("picked", [False, True])
def test_B26_billing_that_is_off_is_off_everywhere(office: Ledger, picked: bool) -> None:
    stand(office, "active", closed=False, excluded=False)
    with office.write() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO matter_option VALUES (2, 'billing', 'false')"
        )
    report = mass.run(office, Batch(DAY, DAY, issued=True, matters=(M,) if picked else ()))
    assert [skip["reason"] for skip in report["skipped"]] == ["billing is off"]
    with pytest.raises(BillError, match="Billing is off"):
        bills.create(office, M, NOW, issued=True)


def test_B26_a_draft_of_a_matter_that_was_closed_is_not_approved(office: Ledger) -> None:
    matters.add(office, M, "Lease", client="rivera")
    work(office, M)
    draft = bills.create(office, M, NOW)["id"]
    with office.write() as session:
        session.connection().exec_driver_sql(
            "UPDATE matter SET closed_on = '2026-11-30' WHERE id = 2"
        )
    with pytest.raises(BillError) as refused:
        bills.approve(office, draft)
    assert refused.value.code == "bill.closed"
