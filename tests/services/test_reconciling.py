"""The transfer sheet and the reconciliation, on a ledger with issued bills."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import Answer

from billcli.errors import NotFound, Refused
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.funds import reconciling, transfers
from billcli.services.funds.reconciling import reconcile
from billcli.services.matter import matters
from billcli.services.office import clients, timekeepers
from billcli.services.work import time
from billcli.store import trust
from billcli.store.ledger import Ledger, attach
from billcli.store.trust import TrustEntry

H = 10_000
DAY = date(2026, 10, 31)
BACKDATED = """
    INSERT INTO trust_entry SELECT 99, day, kind, client_id, matter_id, amount_cents, effective_on,
        0, party, purpose, method, number, reference, bill_id, expense_id, pair_id, reverses,
        automatic, reason, audit_id, audit_hash
    FROM trust_entry WHERE id = 1"""


class Office:
    """Two matters with an issued bill of 1,000.00 each, on the last day of September."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.bills: dict[str, int] = {}
        timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=100 * H)
        for number, client in (("2026-001", "rivera"), ("2026-002", "odum")):
            clients.add(ledger, client, client.title())
            matters.add(ledger, number, f"Matter {number}", client=client, responsible="ma")
            time.add(ledger, number, 10 * H, "Work")
            made = bills.create(ledger, number, Request(ledger.today, ledger.today), issued=True)
            self.bills[number] = int(made["id"].removeprefix("D-"))

    def on(self, day: date) -> None:
        """The day of the run from now on."""
        self.ledger.clock = replace(self.ledger.clock, today=day)

    def add(self, kind: str, cents: int, matter: str = "2026-001", **more: Any) -> int:
        """A row of the trust ledger, as the commands write it."""
        ledger, day = self.ledger, self.ledger.today
        with ledger.write():
            mark = ledger.record("trust", after={"cents": cents})
            of = {}
            if matter:
                first = matter == "2026-001"
                of = {"client": "rivera" if first else "odum", "matter_id": 1 if first else 2}
            row = {"effective_on": day, **of, **more}
            return trust.add(ledger, TrustEntry(kind, day, cents, **row), mark)

    def fee(self, cents: int, matter: str = "2026-001") -> int:
        """Trust pays a bill."""
        return self.add("fee", -cents, matter, bill_id=self.bills[matter])

    def back(self, fee: int, cents: int) -> int:
        """A part of a fee goes back."""
        ledger = self.ledger
        with ledger.write():
            mark = ledger.record("trust", after={"back": cents})
            entry = trust.get(ledger, fee)
            return trust.undo(ledger, entry, cents, day=ledger.today, reason="wrong", mark=mark)


@pytest.fixture
def office(ledger_path: Path) -> Iterator[Office]:
    ledger = attach(ledger_path, today="2026-09-30", actor="nadia", command="test")
    made = Office(ledger)
    made.on(date(2026, 10, 5))
    made.add("deposit", 3_000_00)
    made.add("deposit", 2_000_00, "2026-002")
    yield made
    ledger.close()


def test_the_sheet_lists_what_the_bank_is_to_move(office: Office) -> None:
    office.fee(400_00)
    office.fee(250_00, "2026-002")
    found = transfers.sheet(office.ledger)
    assert [(t.entries, t.bill, t.direction, t.amount_cents) for t in found.transfers] == [
        (("TR-3",), "2026-0001", "to_operating", 400_00),
        (("TR-4",), "2026-0002", "to_operating", 250_00),
    ]
    assert (found.to_operating_cents, found.to_trust_cents) == (650_00, 0)


def test_a_fee_given_back_before_the_bank_moved_it_cancels(office: Office) -> None:
    whole, part = office.fee(400_00), office.fee(300_00)
    office.back(whole, 400_00)
    office.back(part, 100_00)
    (left,) = transfers.sheet(office.ledger).transfers
    assert (left.entries, left.amount_cents) == (("TR-4", "TR-6"), 200_00)
    transfers.confirm(office.ledger, "FT 1")
    assert [trust.get(office.ledger, n).bank_reference for n in (3, 4, 5, 6)] == [
        None,
        "FT 1",
        None,
        "FT 1",
    ]


def test_a_fee_given_back_after_the_bank_moved_it_goes_back_to_trust(office: Office) -> None:
    fee = office.fee(400_00)
    transfers.confirm(office.ledger, "FT 1")
    assert transfers.sheet(office.ledger).transfers == ()
    office.back(fee, 150_00)
    (back,) = transfers.sheet(office.ledger).transfers
    assert (back.direction, back.amount_cents) == ("to_trust", 150_00)
    made = transfers.confirm(office.ledger, "FT 2")
    assert (made.to_operating_cents, made.to_trust_cents) == (0, 150_00)
    with pytest.raises(Refused) as refused:
        transfers.confirm(office.ledger, "FT 3")
    assert refused.value.code == "transfer.nothing"


def test_an_undelivered_bill_waits(office: Office) -> None:
    from billcli.services.delivery import outbox
    from billcli.services.matter import options
    from billcli.store import outbox as kept

    office.fee(400_00)
    office.fee(250_00, "2026-002")
    options.set_options(office.ledger, "2026-001", {"email": ["a@rivera.example", "b@x.example"]})
    queued = outbox.queue(office.ledger, "2026-0001")

    def became(what: kept.What, at: int, **more: str) -> None:
        with office.ledger.write():
            mail = outbox.message(office.ledger, queued.mails[at].id)
            outbox.note(office.ledger, mail, what, **more)

    became("sending", 0, message_id="<1@x.example>")
    became("sent", 0)
    found = transfers.confirm(office.ledger, "FT 1")
    assert [t.bill for t in found.transfers] == ["2026-0002"]
    assert found.undelivered == ("2026-0001",)
    assert trust.get(office.ledger, 3).confirmed_on is None
    assert trust.get(office.ledger, 4).confirmed_on == date(2026, 10, 5)
    became("sending", 1, message_id="<2@x.example>")
    assert transfers.sheet(office.ledger).undelivered == ("2026-0001",), "perhaps it has arrived"
    outbox.drop(office.ledger, queued.mails[1].id, reason="she has it")
    assert [t.bill for t in transfers.sheet(office.ledger).transfers] == ["2026-0001"]


@pytest.mark.parametrize("day", [date(2026, 10, 4), date(2026, 10, 6)])
def test_the_bank_makes_transfers_between_their_day_and_today(office: Office, day: date) -> None:
    office.fee(400_00)
    with pytest.raises(Refused) as refused:
        transfers.confirm(office.ledger, "FT 1", day=day)
    assert refused.value.code == "transfer.date"
    assert trust.get(office.ledger, 3).confirmed_on is None


def test_a_confirmation_is_never_dated_into_a_reconciled_month(office: Office) -> None:
    office.fee(400_00)
    office.on(date(2026, 11, 3))
    assert reconcile(office.ledger, day=DAY, statement_cents=5_000_00).agreed
    with pytest.raises(Refused) as refused:
        transfers.confirm(office.ledger, "FT 1", day=DAY)
    assert refused.value.code == "trust.locked"
    transfers.confirm(office.ledger, "FT 1")
    assert trust.get(office.ledger, 3).confirmed_on == date(2026, 11, 3)


def test_transfers_are_late_after_14_days_as_of_any_day(office: Office) -> None:
    office.fee(400_00)
    office.on(date(2026, 10, 25))
    transfers.confirm(office.ledger, "FT 1")
    for day, late in ((19, []), (20, [400_00]), (24, [400_00]), (25, []), (31, [])):
        found = transfers.late(office.ledger, date(2026, 10, day))
        assert [each.amount_cents for each in found] == late, day


def test_unconfirmed_fees_are_outstanding_as_of_the_day(office: Office) -> None:
    office.fee(400_00)
    office.on(date(2026, 11, 3))
    transfers.confirm(office.ledger, "FT 1")
    office.fee(100_00)
    found = reconcile(office.ledger, day=DAY, statement_cents=5_000_00)
    assert found.agreed
    assert [(i.entries, i.amount_cents) for i in found.outstanding_items] == [(("TR-3",), 400_00)]
    assert found.journal_cents == 4_600_00


def test_a_return_of_fees_is_in_transit(office: Office) -> None:
    fee = office.fee(400_00)
    transfers.confirm(office.ledger, "FT 1")
    office.back(fee, 400_00)
    office.on(date(2026, 11, 3))
    found = reconcile(office.ledger, day=DAY, statement_cents=4_600_00)
    assert found.agreed
    assert [item.kind for item in found.in_transit_items] == ["fee_return"]


def test_a_receipt_counts_from_its_date_not_from_its_clearing(office: Office) -> None:
    office.on(date(2026, 10, 30))
    office.add("deposit", 500_00, effective_on=date(2026, 11, 6), method="check")
    office.on(date(2026, 11, 3))
    assert reconcile(office.ledger, day=DAY, statement_cents=5_500_00).agreed


def test_naming_a_transfer_that_counts_by_itself_counts_it_once(office: Office) -> None:
    fee = office.fee(400_00)
    office.back(fee, 100_00)
    office.on(date(2026, 11, 3))
    found = reconcile(
        office.ledger,
        day=DAY,
        statement_cents=5_000_00,
        outstanding=("TR-3", "tr-3", "TR-4"),
    )
    assert found.agreed
    assert found.outstanding_cents == 300_00


def test_a_difference_keeps_nothing_and_locks_nothing(office: Office) -> None:
    office.on(date(2026, 11, 3))
    found = reconcile(office.ledger, day=DAY, statement_cents=4_999_99)
    assert (found.agreed, found.difference_cents) == (False, -1)
    assert trust.locked_through(office.ledger) is None
    assert reconciling.list_(office.ledger) == []
    told = office.ledger.session.connection().exec_driver_sql(
        "SELECT count(*) FROM audit WHERE object LIKE 'reconciliation%'"
    )
    assert told.scalar() == 0


def test_what_is_kept_is_what_was_seen_whatever_comes_later(office: Office) -> None:
    office.fee(400_00)
    office.add("deposit", 50_00, "")
    office.on(date(2026, 11, 3))
    made = reconcile(office.ledger, day=DAY, statement_cents=5_050_00)
    transfers.confirm(office.ledger, "FT 1")
    matters.edit(office.ledger, "2026-001", {"title": "Another title"})
    kept = reconciling.show(office.ledger, DAY)
    assert kept == made
    assert kept.ledgers[1].title == "Matter 2026-001"
    assert (kept.preparer, kept.prepared_on) == ("nadia", date(2026, 11, 3))
    with pytest.raises(NotFound):
        reconciling.show(office.ledger, date(2026, 10, 30))


def test_B30_a_reconciliation_and_its_month_are_locked_in_the_database(office: Office) -> None:
    office.on(date(2026, 11, 3))
    reconcile(office.ledger, day=DAY, statement_cents=5_000_00)
    path = office.ledger.path
    office.ledger.session.rollback()
    shell = sqlite3.connect(path)
    for sql in (
        "UPDATE reconciliation SET statement_cents = 1",
        "DELETE FROM reconciliation",
        "INSERT OR REPLACE INTO reconciliation SELECT * FROM reconciliation",
        BACKDATED,
    ):
        with pytest.raises(sqlite3.Error, match="guard"):
            shell.execute(sql)
    shell.close()


@pytest.mark.parametrize(
    ("row", "day"),
    [
        (1, "2026-11-01"),  # a deposit is no transfer
        (3, "2026-10-30"),  # before its fee, and locked
        (4, "2026-10-31"),  # locked
        (4, "2026-11-01"),  # before its fee
        (4, "2199-01-01"),  # after the real day
    ],
)
def test_B30_a_shell_confirms_no_transfer_that_was_not_made(
    office: Office, row: int, day: str
) -> None:
    office.on(DAY)
    office.fee(400_00)
    office.on(date(2026, 11, 2))
    reconcile(office.ledger, day=DAY, statement_cents=5_000_00)
    office.fee(100_00)
    office.ledger.session.rollback()
    shell = sqlite3.connect(office.ledger.path)
    confirm = "INSERT INTO trust_confirmation VALUES (?, ?, 'FT 1', 1, 'x')"
    with pytest.raises(sqlite3.IntegrityError, match=r"^guard: .*confirmed"):
        shell.execute(confirm, (row, day))
    shell.execute(confirm, (3, "2026-11-01"))
    shell.execute(confirm, (4, "2026-11-02"))
    shell.close()


def test_a_ledger_below_zero_fails_even_where_the_sums_agree(office: Office) -> None:
    office.ledger.session.rollback()
    shell = sqlite3.connect(office.ledger.path)
    with shell:
        shell.execute("DROP TRIGGER trust_entry_above_zero")
    shell.close()
    office.add("withdrawal", -2_500_00, "2026-002", party="x", purpose="y")
    office.on(date(2026, 11, 3))
    found = reconcile(office.ledger, day=DAY, statement_cents=2_500_00)
    assert found.difference_cents == found.ledger_difference_cents == 0
    assert (found.agreed, found.below_zero) == (False, ("2026-002",))
    assert any("below zero" in hint for hint in found.hints)


def test_what_is_outstanding_for_more_than_90_days_is_listed(office: Office) -> None:
    office.add("withdrawal", -100_00, party="Court", purpose="fee", number="7")
    office.on(date(2026, 10, 6))
    office.add("withdrawal", -50_00, party="Court", purpose="fee", number="8")
    ledger = office.ledger
    later = replace(ledger.clock, today=date(2027, 1, 4), now=ledger.clock.now.replace(year=2028))
    ledger.clock = later
    ledger.__dict__.pop("real_day", None)
    named = ("TR-3", "TR-4")
    found = reconcile(ledger, day=date(2027, 1, 4), statement_cents=1, outstanding=named)
    assert [(i.entries, i.days) for i in found.old_items] == [(("TR-3",), 91)]


def test_the_page_holds_every_number_and_escapes_what_people_typed(office: Office) -> None:
    matters.edit(office.ledger, "2026-001", {"title": 'R&D | "Smith" <b>'})
    office.add("withdrawal", -100_00, party="<i>Court</i> | x", purpose="*fee*", number="7")
    office.on(date(2026, 11, 3))
    found = reconcile(office.ledger, day=DAY, statement_cents=5_000_00, outstanding=("TR-3",))
    html = reconciling.page(office.ledger, found, "html").decode()
    assert "A = B = C" in html
    assert html.count("4,900.00") >= 4
    assert "R&amp;D | &#34;Smith&#34; &lt;b&gt;" in html
    assert "<i>Court" not in html
    assert "{{" not in html
    text = reconciling.page(office.ledger, found, "md").decode()
    assert '| R&D \\| "Smith" \\<b\\> | 2,900.00 |' in text
    assert {line.count("|") for line in text.splitlines() if line.startswith("| TR-")} == {8}


def test_an_empty_trust_account_agrees_with_an_empty_statement(
    tmp_path: Path, make_ledger: Callable[..., Ledger]
) -> None:
    ledger = make_ledger(tmp_path / "yen.db", currency="JPY", today="2026-11-03")
    assert reconcile(ledger, day=DAY, statement_cents=0).agreed


def test_the_command_ends_in_7_with_its_report_on_stdout(
    office: Office, cli: Callable[..., Answer], tmp_path: Path
) -> None:
    path, page = office.ledger.path, tmp_path / "october.html"
    told = cli(
        "trust", "reconcile", "--date", "2026-10-31", "--statement", "4,000", "--json",
        "--out", page, today="2026-11-03", ledger=path,
    )  # fmt: skip
    assert told.code == 7
    assert told.json["difference"] == "-1000.00"
    assert json.loads(told.err)["error"]["code"] == "reconcile.difference"
    assert "NOT RECONCILED" in page.read_text("utf-8")
    again = cli(
        "trust", "reconcile", "--date", "2026-10-31", "--statement", "5,000", "--out", page,
        today="2026-11-03", ledger=path,
    )  # fmt: skip
    assert again.code == 0
    assert "A = B = C" in page.read_text("utf-8")


def test_where_the_report_cannot_be_written_nothing_is_kept(
    office: Office, cli: Callable[..., Answer], tmp_path: Path
) -> None:
    told = cli(
        "trust", "reconcile", "--date", "2026-10-31", "--statement", "5,000",
        "--out", tmp_path / "nowhere" / "october.md",
        today="2026-11-03", ledger=office.ledger.path,
    )  # fmt: skip
    assert told.code == 2
    assert "nowhere" in told.err
    assert reconciling.list_(office.ledger) == []
    assert trust.locked_through(office.ledger) is None


def test_a_sheet_that_cannot_be_shown_is_not_confirmed(
    office: Office, cli: Callable[..., Answer]
) -> None:
    office.fee(400_00)
    told = cli(
        "trust", "transfer-sheet", "--confirm", "FT 1", "--json", "--csv",
        today="2026-10-06", ledger=office.ledger.path,
    )  # fmt: skip
    assert told.code == 2
    assert trust.get(office.ledger, 3).confirmed_on is None


def test_the_sheet_in_json_is_one_object_with_its_sums(
    office: Office, cli: Callable[..., Answer]
) -> None:
    office.fee(400_00)
    words = ("trust", "transfer-sheet", "--confirm", "FT 1", "--json")
    told = cli(*words, today="2026-10-06", ledger=office.ledger.path).json
    assert (told["to_operating"], told["to_trust"]) == ("400.00", "0.00")
    assert (told["reference"], told["confirmed_on"]) == ("FT 1", "2026-10-06")
    assert told["transfers"][0]["entries"] == ["TR-3"]
    assert told["transfers"][0]["direction"] == "to_operating"
