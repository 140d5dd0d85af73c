"""The bills of the golden files, each made by the rules themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from billcli.core.arrangements.capped import Capped
from billcli.core.arrangements.fixed import Fixed
from billcli.core.arrangements.hourly import Hourly
from billcli.core.arrangements.terms import Arrangement
from billcli.core.bill import Bill, compute
from billcli.core.discount import Discount
from billcli.core.document import BillDocument, Letterhead, Milestone, Party, Receipt
from billcli.core.funding import Funds
from billcli.core.order import Order, Segment
from billcli.core.tax import TaxCode, TaxRules
from billcli.core.work import Billed, Entry, Work
from billcli.values import money

FIRM = Letterhead(
    "Alvarez Law PLLC",
    ("12 Elm Street, Suite 4", "Austin, TX 78701"),
    email="office@alvarez.example",
    phone="+1 512 555 0100",
    tax_id="12-3456789",
    payment_instructions="Cheque to Alvarez Law PLLC,\n"
    "or pay at https://pay.alvarez.example/{number}.",
)
CLIENT = Party("rivera", "Ana Rivera", ("88 Oak Avenue", "Austin, TX 78702"))
PEOPLE = {"MA": "Maria Alvarez", "JB": "Jonas Berg"}
BILL_DAY = date(2026, 11, 30)
VAT = TaxRules(TaxCode("VAT", "VAT", "both", ((date(2020, 1, 1), 200_000),)))


def worked(
    number: int,
    hours_e4: int,
    rate_e4: int,
    what: str,
    *,
    who: str = "MA",
    behavior: str = "bill",
) -> Entry:
    """A time entry of November."""
    return Entry(
        "time",
        number,
        date(2026, 11, 2 + number % 25),
        what,
        money.price(hours_e4, rate_e4, 2),
        behavior=behavior,
        timekeeper=who,
        timekeeper_name=PEOPLE.get(who, who),
        hours_e4=hours_e4,
        logged_e4=hours_e4,
        rate_e4=rate_e4,
    )


def spent(number: int, cents: int, what: str, *, taxable: bool = False) -> Entry:
    """A cost of November."""
    return Entry("expense", number, date(2026, 11, 5 + number), what, cents, taxable=taxable)


def order(
    arrangement: Arrangement,
    *entries: Entry,
    billed_cents: int = 0,
    costs: tuple[Entry, ...] = (),
) -> Order:
    """What a bill of these entries is computed from."""
    segment = Segment(arrangement, 1, Work(entries), Billed.of(billed_cents))
    return Order(BILL_DAY, BILL_DAY, 30, (segment,), costs)


def document(bill: Bill) -> BillDocument:
    """The bill with its letterhead, issued."""
    return BillDocument(
        id="D-7",
        number="2026-0042",
        state="issued",
        currency="USD",
        decimals=2,
        bill=bill,
        firm=FIRM,
        client=CLIENT,
        matter_number="2026-001",
        matter_title="I-130 petition",
        client_matter_id="AC-77",
    )


def hourly_with_discount_tax_and_costs() -> BillDocument:
    """V25: fees 1,250 less 10 %, 80 taxable, 300 untaxed, VAT 20 %: 1,746.00."""
    made = order(
        Hourly(),
        worked(1, 20_000, 3_500_000, "Review of the petition and its exhibits"),
        worked(2, 17_000, 2_500_000, "Draft of the supporting declaration", who="JB"),
        worked(3, 5_000, 2_500_000, "Call with the client", who="JB", behavior="no-charge"),
        worked(4, 3_125, 4_000_000, "Letter to the consulate", who="MA"),
        worked(5, 2_000, 3_500_000, "Internal note", behavior="hide"),
        costs=(
            spent(1, 8_000, "Travel to the interview", taxable=True),
            spent(2, 30_000, "Court fee"),
        ),
    )
    return document(compute(replace(made, discount=Discount(percent_e4=100_000), tax=VAT)))


def capped_with_an_adjustment() -> BillDocument:
    """V2: 4,000 capped, 2,500 invoiced, 2,300 worked: 1,500 with an adjustment of -800."""
    bill = compute(
        order(
            Capped(400_000),
            worked(1, 40_000, 3_500_000, "Deposition of the site manager"),
            worked(2, 36_000, 2_500_000, "Summary of the deposition", who="JB"),
            billed_cents=250_000,
        )
    )
    return replace(document(bill), arrangement_value_cents=400_000, previously_billed_cents=250_000)


def fixed_with_included_time() -> BillDocument:
    """V11: 4,000 fixed; the time prints as included."""
    bill = compute(
        order(
            Fixed(400_000),
            worked(1, 30_000, 4_000_000, "Articles of association"),
            worked(2, 30_000, 4_000_000, "Shareholders' agreement", who="JB"),
        )
    )
    return replace(document(bill), arrangement_value_cents=400_000)


def milestones_reached() -> BillDocument:
    """Two milestones of a fixed fee, with what they delivered."""
    bill = compute(
        order(
            Fixed(450_000, "milestones"),
            worked(1, 30_000, 3_500_000, "Collection of evidence"),
            _charge(1, 135_000, "Engagement and case strategy"),
            _charge(2, 150_000, "Submission of the completed packet"),
        )
    )
    return replace(
        document(bill),
        arrangement_value_cents=450_000,
        milestones=(
            Milestone(1, "Engagement letter signed", date(2026, 11, 3)),
            Milestone(
                2,
                "Completed packet submitted",
                date(2026, 11, 20),
                deliverable="I-130 packet with all exhibits",
                acceptance="Receipt notice (I-797C) on file",
            ),
        ),
    )


def hidden_line_pricing() -> BillDocument:
    """Hours and totals alone."""
    made = order(
        Capped(400_000),
        worked(1, 40_000, 3_500_000, "Deposition of the site manager"),
        worked(2, 137_500, 2_500_000, "Summary of the deposition", who="JB"),
        worked(3, 5_000, 2_500_000, "Call with the client", who="JB", behavior="no-charge"),
        costs=(spent(1, 30_000, "Court fee"),),
    )
    bill = compute(replace(made, hide_line_pricing=True))
    return replace(document(bill), arrangement_value_cents=400_000)


def draft() -> BillDocument:
    """Not yet approved, for a reader of A4."""
    bill = compute(order(Hourly(), worked(1, 10_000, 3_500_000, "Opinion on the lease")))
    firm = replace(FIRM, page="a4", locale="en_GB")
    return replace(
        document(bill),
        number=None,
        state="draft",
        firm=firm,
        note="To be read by a partner.",
    )


def paid_in_part_with_replenishment() -> BillDocument:
    """Trust and a payment were applied; the retainer is to be filled again."""
    bill = compute(order(Hourly(), worked(1, 100_000, 3_500_000, "Hearing, with preparation")))
    return replace(
        document(bill),
        state="part_paid",
        receipts=(
            Receipt(date(2026, 11, 30), "trust", 100_000),
            Receipt(date(2026, 12, 4), "direct", 50_000, "Cheque 1044"),
        ),
        replenishment_due_cents=250_000,
    )


def client_money_with_notice() -> BillDocument:
    """A retainer was applied, trust waits for its notice, and a top-up has its own number."""
    bill = compute(order(Hourly(), worked(1, 100_000, 3_500_000, "Hearing, with preparation")))
    return replace(
        document(bill),
        state="part_paid",
        receipts=(Receipt(date(2026, 11, 30), "retainer", 100_000, "RT-4"),),
        replenishment_due_cents=500_000,
        funds=Funds(
            trust_cents=312_050,
            retainer_cents=0,
            notice_cents=250_000,
            notice_on=date(2026, 12, 7),
            request="RR-0007",
            account="retainer",
        ),
    )


def planned_by_hand() -> BillDocument:
    """A draft: a credit will be applied, and the money in trust could be."""
    bill = compute(order(Hourly(), worked(1, 20_000, 3_500_000, "Opinion on the lease")))
    return replace(
        document(bill),
        number=None,
        state="draft",
        receipts=(Receipt(BILL_DAY, "credit", 10_000, planned=True),),
        funds=Funds(trust_cents=40_000, offered_cents=40_000),
    )


def _charge(number: int, cents: int, what: str) -> Entry:
    return Entry("charge", number, date(2026, 11, 3 + number), what, cents, task_number=number)


CASES: tuple[Callable[[], BillDocument], ...] = (
    hourly_with_discount_tax_and_costs,
    capped_with_an_adjustment,
    fixed_with_included_time,
    milestones_reached,
    hidden_line_pricing,
    draft,
    paid_in_part_with_replenishment,
    client_money_with_notice,
    planned_by_hand,
)
