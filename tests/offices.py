"""Ledgers for tests: a new one, and a small law office with every kind of row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

DAY = date(2026, 11, 30)
H = 10_000
TODAY = "2026-11-30"


@dataclass(frozen=True)
class Answer:
    """What one command line gave: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON document on stdout."""
        import json

        return json.loads(self.out)


_MADE: dict[object, bytes] = {}


def made_once(path: Path, what: object, make: Callable[[Path], object]) -> Path:
    """A ledger that is made the first time in a process, and copied whenever it is asked again."""
    if what not in _MADE or path.exists():
        make(path)
        _MADE.setdefault(what, path.read_bytes())
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(_MADE[what])
    return path


def new_ledger(path: Path, *, currency: str = "USD") -> Path:
    """A new ledger file of the newest schema, with its currency set."""
    import json
    import sqlite3

    from billcli.store import migrate

    def make(path: Path) -> None:
        migrate.create(path)
        shell = sqlite3.connect(path)
        with shell:
            told = json.dumps(currency)
            shell.execute("INSERT INTO setting VALUES ('firm.currency', ?)", (told,))
        shell.close()

    return made_once(path, currency, make)


def furnished_ledger(path: Path) -> Path:
    """A ledger with a row of every kind; nobody holds it open."""
    from billcli.store.ledger import attach

    def make(path: Path) -> None:
        ledger = attach(new_ledger(path), today=TODAY, actor="tester", command="test")
        furnish(ledger)
        ledger.close()

    return made_once(path, "furnished", make)


def furnish(ledger: Ledger) -> None:
    """Two clients, four matters; bills open, paid, void, written off, approved, in draft.

    The last matter is billed by a schedule, of which one row is billed and one is open.
    """
    from billcli.services.arrangement import arrangements, schedules
    from billcli.services.bill import bills
    from billcli.services.bill.request import Request
    from billcli.services.matter import matters, options
    from billcli.services.milestones import tasks, triggers
    from billcli.services.month_end import mass
    from billcli.services.office import clients, timekeepers
    from billcli.services.receivables import payments
    from billcli.services.undo import taking_back
    from billcli.services.work import charges, expenses, time
    from billcli.store import closings
    from billcli.store.models import (
        BillReserveRow,
        ImportRowRow,
        OutcomeRow,
        ReserveMoveRow,
        TaxCodeRow,
        TaxRateRow,
        TimerRow,
        TimeSpanRow,
        UtbmsCodeRow,
    )

    asked = Request(DAY, DAY)
    with ledger.write():
        ledger.add(TaxCodeRow, code="vat", label="VAT", applies_to="both")
        ledger.add(TaxRateRow, code="vat", valid_from="2026-01-01", percent_e4=20 * H)
        ledger.record("firm", after={"tax": "vat"})
    timekeepers.add(ledger, "ro", "R. Ohm", rate_e4=300 * H)
    clients.add(ledger, "rivera", "Ana Rivera")
    clients.add(ledger, "odum", "Odum & Co")
    for number, client in (("2026-001", "rivera"), ("2026-002", "rivera"), ("2026-003", "odum")):
        matters.add(ledger, number, f"Matter {number}", client=client)
        time.add(ledger, number, 2 * H, "Review of the contract", day=DAY)
        time.add(ledger, number, H // 2, "A call that costs nothing", behavior="no-charge")
        expenses.add(ledger, number, 45_00, "Court fee", day=DAY)
    options.set_options(ledger, "2026-001", {"tax": "vat", "discount": {"percent_e4": 10 * H}})
    charges.add(ledger, "2026-001", 150_00, "Filing service", day=DAY)
    tasks.add(ledger, "2026-001", "File the complaint", trigger_kind="amount", trigger_cents=500_00)
    triggers.done(ledger, "2026-001", 1, charge=True)
    first = bills.create(ledger, "2026-001", asked, issued=True)
    payments.add(ledger, first["number"], 400_00, reference="check 12")
    second = bills.create(ledger, "2026-002", asked, issued=True)
    over = payments.add(ledger, second["number"], 700_00)
    payments.unapply(ledger, over["id"])
    bills.void(ledger, second["number"], reason="wrong rate")
    mass.run(ledger, mass.Batch(DAY, DAY, matters=("2026-002",), issued=True, key="november"))
    payments.refund(ledger, over["id"], 10_00)
    payments.apply(ledger, over["id"])
    third = bills.create(ledger, "2026-003", asked, issued=True)
    bills.void(ledger, third["number"], reason="bad work", entries="write-off")
    time.add(ledger, "2026-003", H, "More of it", day=DAY)
    approved = bills.create(ledger, "2026-003", asked, approved=True)
    time.add(ledger, "2026-001", H, "Still to be billed", day=DAY)
    bills.create(ledger, "2026-001", asked)
    matters.add(ledger, "2026-004", "Matter 2026-004", client="odum")
    by_schedule = {"value_cents": 900_00, "bill_when": "schedule"}
    arrangements.set_(ledger, "2026-004", "fixed", by_schedule)
    schedules.add(ledger, "2026-004", 400_00, day=DAY)
    schedules.add(ledger, "2026-004", 500_00, day=date(2026, 12, 31))
    bills.create(ledger, "2026-004", asked, issued=True)
    with ledger.write():
        # A reserve that ended: what its own commands write, row by row.
        mark = ledger.record("outcome", after={"matter": "2026-003"})
        seal = {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}
        kept = {"matter_id": 3, "day": DAY.isoformat()}
        ended = ledger.add(OutcomeRow, **kept, result="success", release_e4=100 * H)
        accrued = {"what": "accrued", "amount_cents": 5_00, "reason": "cap"}
        ledger.add(ReserveMoveRow, **kept, **accrued, **seal)
        released = {"released_cents": 0, "written_off_cents": 5_00}
        held_by = int(approved["id"].removeprefix("D-"))
        ledger.add(BillReserveRow, bill_id=held_by, outcome_id=ended, **released)
        ledger.add(ImportRowRow, kind="time", source="csv", key="id:1", entry_id=1)
        morning = "2026-11-30T09:00:00+00:00", "2026-11-30T11:00:00+00:00"
        ledger.add(TimeSpanRow, entry_id=1, started_at=morning[0], stopped_at=morning[1])
        since = {"started_at": "2026-11-30T00:00:00+00:00", "day": DAY.isoformat()}
        ledger.add(TimerRow, timekeeper_id="ro", matter_id=2, description="A call", **since)
        ledger.add(UtbmsCodeRow, set_name="Acme", code="K10", title="Ask the board", phase="K00")
        closed, opened = {"closed_on": "2026-11-02"}, {"closed_on": None}
        mark = ledger.record("matter 2026-003", before=closed, after=opened, matter_id=3)
        closings.keep(ledger, 3, closed, mark)
    time.add(ledger, "2026-002", H, "Meant for another matter", day=DAY)
    taking_back.undo(ledger)
    furnish_funds(ledger)


EARLIER = date(2026, 10, 31)
"""The day of client money here: trust takes nothing that is dated after the real day."""


def furnish_funds(ledger: Ledger) -> None:
    """A matter of October with trust, a general retainer, a credit note, a plan and a dispute."""
    from dataclasses import replace as changed

    from billcli.services.bill import bills, disputes
    from billcli.services.bill.request import Request
    from billcli.services.matter import matters, options
    from billcli.services.milestones import tasks
    from billcli.services.receivables import credits, writeoffs
    from billcli.services.work import time
    from billcli.store import retainers, trust
    from billcli.store.models import (
        ChangeOrderRow,
        PaymentPlanRow,
        PaymentPlanRowRow,
        TaskDocumentRow,
        TaskSplitRow,
    )
    from billcli.store.retainers import RetainerEntry
    from billcli.store.trust import TrustEntry

    now, ledger.clock = ledger.clock, changed(ledger.clock, today=EARLIER)
    day, first = EARLIER.isoformat(), date(2026, 10, 1)
    matters.add(ledger, "2026-005", "Matter 2026-005", client="rivera", opened_on=first)
    options.set_options(ledger, "2026-005", {"tax": "vat", "split": {"rivera": 100 * H}})
    time.add(ledger, "2026-005", 10 * H, "Trial preparation", day=date(2026, 10, 5))
    made = bills.create(ledger, "2026-005", Request(EARLIER, EARLIER), issued=True)
    with ledger.write():
        bill_id = int(made["id"].removeprefix("D-"))
        matter_id = 5
        mark = ledger.record(f"bill {made['number']}", after={"funds": "of every kind"})
        seal = {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}
        of = {"client": "rivera", "matter_id": matter_id}

        def moved(kind: str, cents: int, **more: Any) -> int:
            counts = {"effective_on": EARLIER} | more
            return trust.add(ledger, TrustEntry(kind, EARLIER, cents, **of | counts), mark)  # type: ignore[arg-type]

        late = date(2026, 11, 6)
        deposit = moved("deposit", 2_000_00, method="check", party="Ana Rivera", effective_on=late)
        trust.clear(ledger, deposit, EARLIER, "bank statement of the day", mark)
        moved("withdrawal", -100_00, party="Court", purpose="filing", number="101", method="check")
        fee = moved("fee", -500_00, bill_id=bill_id, automatic=True)
        trust.confirm(ledger, fee, EARLIER, "FT-1", mark)
        trust.notify(ledger, bill_id, day=EARLIER, due_on=late, cents=500_00, mark=mark)
        agreed = {
            "day": day,
            "statement_cents": 1_400_00,
            "in_transit_cents": 0,
            "outstanding_cents": 0,
            "journal_cents": 1_400_00,
            "clients_cents": 1_400_00,
            "firm_cents": 0,
            "details": "{}",
            "preparer": "tester",
        }
        trust.keep_reconciliation(ledger, agreed, mark)
        basis = {"basis": "client-consent", "note": "Engagement letter, clause 4"}
        retainers.add(ledger, RetainerEntry("deposit", EARLIER, 300_00, **of, **basis), mark)  # type: ignore[arg-type]
        retainers.ask(
            ledger,
            matter_id=matter_id,
            client="rivera",
            day=EARLIER,
            account="trust",
            kind="top-up",
            cents=600_00,
            bill_id=bill_id,
            number_format="RR-{seq:04}",
        )
        credits.add(ledger, made["number"], 60_00, reason="correction")
        writeoffs.add(ledger, made["number"], 5_00, text="too small to pursue")
        disputes.open_(ledger, made["number"], 10_00)
        post(ledger, made["number"], bill_id)
        plan = ledger.add(PaymentPlanRow, bill_id=bill_id, day=day, **seal)
        ledger.add(PaymentPlanRowRow, plan_id=plan, n=1, due_on=day, amount_cents=3_600_00)
        tasks.add(ledger, "2026-005", "First draft", trigger_kind="amount", trigger_cents=80_00)
        tasks.add(ledger, "2026-005", "Revisions", trigger_kind="amount", trigger_cents=20_00)
        task = {"task_id": 2, "day": day}
        paper = {"name": "brief.pdf", "path": "/papers/brief.pdf", "size_bytes": 9}
        ledger.add(TaskDocumentRow, **task, **paper, sha256="0" * 64, **seal)
        ledger.add(TaskSplitRow, **task, rest_id=3, approved_cents=80_00, rest_cents=20_00, **seal)
        more = {"matter_id": matter_id, "day": day, "amount_cents": 100_00}
        ledger.add(ChangeOrderRow, **more, name="A second draft", task_id=2, **seal)
    ledger.clock = now


def post(ledger: Ledger, number: str, bill_id: int) -> None:
    """Messages that were sent, that failed, that may have gone out, and that wait."""
    from billcli.store import outbox

    at = "2026-10-31T12:00:00+00:00"
    became: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
        "sent": (("sending", {"message_id": "<1@firm.example>"}), ("sent", {})),
        "failed": (("failed", {"reason": "connection refused", "again": True}),),
        "unknown": (("sending", {"message_id": "<2@firm.example>"}),),
        "waits": (),
    }
    for who, events in became.items():
        address = f"{who}@client.example"
        mark = ledger.record(f"mail of bill {number}", after={"to": address})
        to = {"bill_id": bill_id, "recipient": address, "purpose": "bill"}
        mail_id = outbox.add(ledger, **to, at=at, mark=mark)  # type: ignore[arg-type]
        for what, more in events:
            mail = outbox.one(ledger, mail_id)
            assert mail is not None
            noted = ledger.record(f"mail {mail.ref}", after={"state": what})
            outbox.note(ledger, mail, what, at=at, mark=noted, **more)  # type: ignore[arg-type]


def freeze(target: Path) -> None:
    """Keep a furnished ledger of the newest schema, compressed: the fixture of a release."""
    import gzip
    import tempfile

    from billcli.store import copies

    with tempfile.TemporaryDirectory() as folder:
        path = furnished_ledger(Path(folder) / "ledger.db")
        copies.copy(path, Path(folder) / "copy.db")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(gzip.compress((Path(folder) / "copy.db").read_bytes(), mtime=0))


if __name__ == "__main__":
    import sys

    freeze(Path(sys.argv[1]))
