"""What every command about one bill says of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.cli._show import show_one, warn

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger


def _given_back(view: dict[str, Any], ledger: Ledger) -> str:
    from billcli.services.funds.giving_back import told

    given = view.get("given_back")
    return f" Given back: {told(given, ledger.decimals)}." if given else ""


def _funded(view: dict[str, Any], ledger: Ledger) -> str:
    """What client money paid of a bill, what was announced of it, and what was asked for."""
    from billcli.values.money import grouped

    def amount(cents: int) -> str:
        return grouped(cents, ledger.decimals)

    sources = (("retainer", "the general retainer"), ("trust", "trust"))
    paid = [
        f"{amount(view[f'{key}_applied_cents'])} from {words}"
        for key, words in sources
        if view[f"{key}_applied_cents"]
    ]
    told = f" Paid {' and '.join(paid)}; open {amount(view['balance_cents'])}." if paid else ""
    notice = view["trust_notice"]
    if notice:
        told += (
            f" From {notice['date']} on, {amount(notice['amount_cents'])} may leave trust for it."
        )
    if view["replenishment_due_cents"]:
        asked = amount(view["replenishment_due_cents"])
        told += f" {view['replenishment_request']} asks for {asked} to be paid in again."
    return told


def _payors(view: dict[str, Any], ledger: Ledger) -> str:
    """Whom else is billed, or will be."""
    from billcli.values.money import grouped

    bills = view.get("split_bills", ()) if not view.get("voided") else ()
    others = [
        f"{bill['number']} for {bill['bill_to']} {grouped(bill['total_cents'], ledger.decimals)}"
        for bill in bills
        if bill["number"] != view["number"]
    ]
    coming = [
        f"{payor['client']} {grouped(payor['total_cents'], ledger.decimals)}"
        for payor in view.get("payors", ())
    ]
    told = f" It is {view['bill_to']}'s share; with it {', '.join(others)}." if others else ""
    waiting = [
        f"{each['number']} for {each['bill_to']}, {grouped(each['total_cents'], ledger.decimals)}"
        for each in view.get("not_issued", ())
    ]
    told += f" Not yet issued with it: {'; '.join(waiting)}." if waiting else ""
    return told + (f" Of it pays {', '.join(coming)}." if coming else "")


def tell_warnings(view: dict[str, Any]) -> None:
    """Print what its arithmetic warns of."""
    for words in view["warnings"]:
        warn(words)


def tell(view: dict[str, Any], ledger: Ledger, *, json: bool) -> None:
    """One sentence on what a bill is now."""
    from billcli.values.money import grouped

    if not json:
        tell_warnings(view)
    name = view["number"] or view["id"]
    money = f"{grouped(view['total_cents'], ledger.decimals)} {view['currency']}"
    due: date = view["due_date"]
    words = {
        "draft": f"Draft {name} for {view['matter']}: {money}, not yet approved.",
        "approved": f"Bill {name} is approved: {money}, not yet issued.",
        "void": f"Bill {name} is void.{_given_back(view, ledger)}",
    }
    otherwise = f"Bill {name} is issued: {money}, due {due}.{_funded(view, ledger)}"
    together = view.get("voided", ())
    if len(together) > 1:
        words["void"] = f"Bills {', '.join(together)} are void.{_given_back(view, ledger)}"
    show_one(
        view,
        json=json,
        sentence=words.get(view["state"], otherwise) + _payors(view, ledger),
        decimals=ledger.decimals,
    )
