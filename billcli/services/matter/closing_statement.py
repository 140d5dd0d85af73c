"""The closing statement of a reserve: how it came about, and what became of it (D-23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.matter import MatterFile, in_force
from billcli.store import outcomes, settings
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.outcomes import Ended

WHOLE_E4 = 1_000_000


@dataclass(frozen=True, slots=True)
class StatedBill:
    """A live bill, with its part in the reserve."""

    number: str
    date: date
    standard_cents: int
    charged_cents: int
    reserve_accrued_cents: int
    reserve_released_cents: int


@dataclass(frozen=True, slots=True)
class Statement:
    """All that went into the reserve and out of it; `due` is billed next, before tax."""

    firm: str
    client: str | None
    matter: str
    title: str
    arrangement: str
    agreement: str | None
    outcome: str | None
    date: date
    release_percent_e4: int | None
    note: str | None
    bills: tuple[StatedBill, ...]
    standard_cents: int
    charged_cents: int
    accrued_cents: int
    accrued_without_bill_cents: int
    released_cents: int
    written_off_cents: int
    due_cents: int
    balance_cents: int


def statement(ledger: Ledger, file: MatterFile, ended: Ended | None) -> Statement:
    """The statement as it stands now; what a success leaves unreleased counts as written off."""
    version = in_force(file.versions, ledger.today)
    bills = tuple(
        StatedBill(
            row.number,
            date.fromisoformat(row.day),
            row.standard_fees_cents,
            row.charged_cents,
            row.reserve_accrued_cents,
            row.released_cents,
        )
        for row in outcomes.billed(ledger, file.id)
    )
    sums = next(iter(outcomes.sums(ledger, file.id)), None)
    accrued, released, written_off, balance = (
        (sums.accrued_cents, sums.released_cents, sums.written_off_cents, sums.balance_cents)
        if sums
        else (0, 0, 0, 0)
    )
    due = 0
    if ended and ended.result == "success" and ended.bill is None:
        due = money.round_ratio(balance * ended.release_e4, WHOLE_E4)
    on_bills = sum(bill.reserve_accrued_cents for bill in bills)
    agreements = [v.terms.get("agreement") for v in file.versions if v.terms.get("agreement")]
    return Statement(
        firm=str(settings.get(ledger, "firm.name")),
        client=file.client.name if file.client else None,
        matter=file.number,
        title=file.title,
        arrangement=version.kind.replace("-", "_"),
        agreement=str(agreements[-1]) if agreements else None,
        outcome=ended.result if ended else None,
        date=ended.day if ended else ledger.today,
        release_percent_e4=ended.release_e4 if ended else None,
        note=ended.note if ended else None,
        bills=bills,
        standard_cents=sum(bill.standard_cents for bill in bills),
        charged_cents=sum(bill.charged_cents for bill in bills),
        accrued_cents=accrued,
        accrued_without_bill_cents=accrued - on_bills,
        released_cents=released,
        written_off_cents=written_off + (balance - due if due else 0),
        due_cents=due,
        balance_cents=balance,
    )
