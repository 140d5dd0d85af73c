"""What goes on paper: a bill with its letterhead and parties, frozen when it is approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from billcli.core.allocation import Share
from billcli.core.bill import Bill
from billcli.core.funding import Funds


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The firm, as it stood when the bill was approved; `logo` is a data URI."""

    name: str
    address: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    tax_id: str | None = None
    logo: str | None = None
    payment_instructions: str | None = None
    locale: str = "en_US"
    page: str = "letter"


def letterhead(settings: Mapping[str, Any]) -> Letterhead:
    """The firm as it stands now; its address as written, the place alone where there is none."""
    place = [settings.get(f"firm.{key}") for key in ("city", "region", "postcode")]
    line = " ".join(str(part) for part in place if part)
    lines = settings.get("firm.address") or [line, settings.get("firm.country") or ""]
    return Letterhead(
        name=str(settings["firm.name"]),
        address=tuple(text for text in lines if text),
        email=settings.get("firm.email"),
        phone=settings.get("firm.phone"),
        website=settings.get("firm.website"),
        tax_id=settings.get("firm.tax_id"),
        logo=settings.get("firm.logo"),
        payment_instructions=settings.get("firm.payment_instructions"),
        locale=str(settings.get("firm.locale") or "en_US"),
        page=str(settings.get("billing.page") or "letter"),
    )


@dataclass(frozen=True, slots=True)
class Party:
    """Whom the bill is made out to."""

    id: str
    name: str
    address: tuple[str, ...] = ()
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """The task behind a milestone charge, by its number in the matter."""

    number: int
    name: str
    done_on: date | None = None
    deliverable: str | None = None
    acceptance: str | None = None
    accepted_on: date | None = None
    accepted_by: str | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment or credit on the bill; `source` is direct, credit, trust or retainer.

    Before the bill is issued, what will be applied is `planned`.
    """

    day: date
    source: str
    cents: int
    reference: str | None = None
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Payor:
    """Who pays a share of a bill that is not approved yet, in basis points (D-51)."""

    party: Party
    basis_points: int
    total_cents: int = 0


@dataclass(frozen=True, slots=True)
class PayorShare:
    """The share of a bill: the `n`th of `of` payors of one computation, and what that came to.

    `group` is the D-n of the bill that holds the entries, `client` the matter's own; `lines` are
    the activity totals.
    """

    group: str
    client: str
    n: int
    of: int
    basis_points: int
    total_cents: int
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BillDocument:
    """One bill, ready to print; `number` is None for a draft, which prints as not yet issued.

    `responsible` has the fees that no entry of a timekeeper brought in; `allocation` says who
    is credited with the net fees, and is frozen at approval. `share` is set on the bill of a payor,
    `payors` on one that will be split when it is approved (D-51).
    """

    id: str
    number: str | None
    state: str
    currency: str
    decimals: int
    bill: Bill
    firm: Letterhead
    client: Party
    matter_number: str
    matter_title: str
    client_matter_id: str | None = None
    arrangement_value_cents: int | None = None
    previously_billed_cents: int = 0
    terms_days: int = 30
    milestones: tuple[Milestone, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    replenishment_due_cents: int | None = None
    note: str | None = None
    responsible: str | None = None
    allocation: tuple[Share, ...] = ()
    funds: Funds | None = None
    share: PayorShare | None = None
    payors: tuple[Payor, ...] = ()

    @property
    def paid_cents(self) -> int:
        """All receipts together."""
        return sum(receipt.cents for receipt in self.receipts)

    @property
    def balance_cents(self) -> int:
        """What is still due."""
        return self.bill.total_cents - self.paid_cents
