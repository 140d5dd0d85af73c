"""The firm's own money in trust, on the command line."""

from __future__ import annotations

from billcli.cli import _options as o
from billcli.cli import _trust as w
from billcli.cli._ledger import opened


def deposit(
    amount: o.Amount, date: o.Date = None, reference: w.Reference = None, json: o.Json = False
) -> None:
    """Put a little of the firm's own money into trust."""
    from billcli.services.funds import trust_firm
    from billcli.values.money import read_positive_cents

    with opened() as ledger:
        cents = read_positive_cents(amount, ledger.decimals)
        seen = w.text_of(reference, "--reference")
        view = trust_firm.deposit(ledger, cents, day=w.day_of(date, ledger), reference=seen)
        w.done(view, "of the firm's own money deposited in trust", ledger, json=json)


def fee(
    amount: o.Amount, date: o.Date = None, reference: w.Reference = None, json: o.Json = False
) -> None:
    """Book a charge of the bank on the trust account; the firm bears it."""
    from billcli.services.funds import trust_firm
    from billcli.values.money import read_positive_cents

    with opened() as ledger:
        cents = read_positive_cents(amount, ledger.decimals)
        seen = w.text_of(reference, "--reference")
        view = trust_firm.fee(ledger, cents, day=w.day_of(date, ledger), reference=seen)
        w.done(view, "charged by the bank, paid by the firm", ledger, json=json)


def card(json: o.Json = False, csv: o.Csv = False) -> None:
    """Show the ledger card of the firm's own money in trust."""
    from billcli.services.funds import trust_views

    with opened() as ledger:
        rows = trust_views.firm_card(ledger)
        empty = "The firm has no money of its own in trust."
        w.show_card(rows, ledger, json=json, csv=csv, empty=empty)
