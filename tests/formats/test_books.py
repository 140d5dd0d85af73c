"""Books on both bases, from entries told by hand (D-43; interop 4.1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billcli.core import books_cash
from billcli.core.books import Account, Books, Leg, Transaction, pages
from billcli.formats import beancount, hledger

DAY = date(2026, 10, 1)
AR = Account("receivable", "kaur", "M-1")
BANK, CREDIT = Account("operating_bank"), Account("client_credit", "kaur")
TAX, COSTS, FEES = (Account(kind) for kind in ("tax_payable", "cost_recoveries", "fee_income"))
OFF, LOSS = Account("discounts_given"), Account("bad_debt")
TRUST, HELD = Account("trust_liability", "kaur", "M-1"), Account("trust_bank_clients")


def entry(n: int, what: str, *moves: tuple[Account, Account, int]) -> Transaction:
    legs = tuple((Leg(d, c, "1"), Leg(k, -c, "1")) for d, k, c in moves)
    day = DAY + timedelta(days=n)
    return Transaction(n, day, what, f"{what}:{n}", "Kaur", ("1",), None, legs)


BILL = entry(1, "bill", (AR, FEES, 1_250_00), (OFF, AR, 125_00), (AR, COSTS, 380_00),
             (AR, TAX, 241_00))  # fmt: skip


def cash(*entries: Transaction) -> list[dict[str, int]]:
    return [
        {posting.account.kind: posting.cents for posting in page.postings}
        for page in books_cash.pages(entries)
    ]


def test_a_bill_is_income_when_it_is_paid_and_tax_comes_first() -> None:
    found = cash(BILL, entry(2, "payment", (BANK, AR, 700_00)))
    assert found == [
        {"operating_bank": 700_00, "tax_payable": -241_00, "cost_recoveries": -380_00,
         "fee_income": -79_00}
    ]  # fmt: skip


def test_the_rest_of_a_payment_in_parts_is_fees() -> None:
    found = cash(
        BILL,
        entry(2, "payment", (BANK, AR, 300_00)),
        entry(3, "payment", (BANK, AR, 400_00)),
        entry(4, "payment", (BANK, AR, 1_046_00), (BANK, CREDIT, 4_00)),
    )
    assert found[0] == {"operating_bank": 300_00, "tax_payable": -241_00, "cost_recoveries": -59_00}
    assert found[1] == {"operating_bank": 400_00, "cost_recoveries": -321_00, "fee_income": -79_00}
    assert found[2] == {"operating_bank": 1_050_00, "client_credit": -4_00, "fee_income": -1_046_00}


def test_what_is_taken_off_a_bill_again_is_no_income_any_more() -> None:
    found = cash(
        BILL,
        entry(2, "payment", (BANK, AR, 700_00)),
        entry(3, "payment unapplied", (AR, CREDIT, 700_00)),
    )
    assert found[1] == {"client_credit": -700_00, "tax_payable": 241_00,
                        "cost_recoveries": 380_00, "fee_income": 79_00}  # fmt: skip


def test_a_credit_note_moves_what_was_paid_between_tax_costs_and_fees() -> None:
    note = entry(3, "credit note", (TAX, AR, 200_00), (COSTS, AR, 380_00))
    found = cash(BILL, entry(2, "payment", (BANK, AR, 700_00)), note)
    # Of 700.00, 41.00 is tax now and 659.00 fees.
    assert found[1] == {"tax_payable": 200_00, "cost_recoveries": 380_00, "fee_income": -580_00}


def test_a_write_off_and_an_unpaid_bill_are_nothing_in_cash() -> None:
    assert cash(BILL, entry(2, "write-off", (LOSS, AR, 100_00))) == []


def test_trust_that_pays_a_bill_is_income_and_trust_alone_is_none() -> None:
    found = cash(
        entry(0, "trust", (HELD, TRUST, 500_00)),
        BILL,
        entry(2, "trust applied", (TRUST, AR, 250_00), (BANK, HELD, 250_00)),
    )
    assert found == [
        {"trust_bank_clients": 500_00, "trust_liability": -500_00},
        {"trust_liability": 250_00, "operating_bank": 250_00, "trust_bank_clients": -250_00,
         "tax_payable": -241_00, "cost_recoveries": -9_00},
    ]  # fmt: skip


def books(decimals: int, *entries: Transaction, **more: object) -> Books:
    made = pages(entries)
    return Books("Firm", "XTS", decimals, "accrual", made, more.get("closing", {}),
                 more.get("proofs", ()))  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(("decimals", "amount"), [(0, "70000"), (2, "700.00"), (3, "70.000")])
def test_amounts_have_the_decimals_of_the_currency(decimals: int, amount: str) -> None:
    kept = books(decimals, entry(2, "payment", (BANK, AR, 700_00)), closing={AR: -700_00})
    assert f"Assets:AR:Kaur:M-1  -{amount} XTS\n" in beancount.write(kept)
    assert f"balance Assets:AR:Kaur:M-1  -{amount} ~ 0 XTS\n" in beancount.write(kept)
    assert f"Assets:AR:kaur:M-1  -{amount} XTS\n" in hledger.write(kept)
    assert f"= -{amount} XTS\n" in hledger.write(kept)


def test_a_balance_that_a_reconciliation_proved_is_not_told_twice() -> None:
    day = DAY + timedelta(days=1)
    kept = books(
        2,
        entry(1, "trust", (HELD, TRUST, 500_00)),
        closing={HELD: 500_00, TRUST: -500_00},
        proofs=((day, {HELD: 500_00}),),
    )
    text = beancount.write(kept)
    assert text.count("balance Assets:Bank:Trust:Clients") == 1
    assert f"{day + timedelta(days=1)} balance Assets:Bank:Trust:Clients  500.00 ~ 0 XTS" in text
    assert text.count(" balance ") == 2


def test_a_reconciliation_stands_between_the_entries_of_its_day_and_the_next() -> None:
    kept = books(
        2,
        entry(1, "trust", (HELD, TRUST, 500_00)),
        entry(2, "trust", (HELD, TRUST, 100_00)),
        proofs=((DAY + timedelta(days=1), {HELD: 500_00}),),
    )
    text = hledger.write(kept)
    assert text.index("(J-1)") < text.index("= 500.00 XTS") < text.index("(J-2)")


def test_an_empty_journal_is_a_file_without_entries() -> None:
    assert "account" not in hledger.write(books(2))
    assert "open" not in beancount.write(books(2))
