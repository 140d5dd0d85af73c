"""Plays the steps of a story on one matter of a real ledger."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.errors import BillError
from billcli.services.arrangement import arrangements
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.matter import closing, matters, options, outcomes
from billcli.services.milestones import change_orders, task_splits, tasks, triggers
from billcli.services.month_end import mass
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import payments
from billcli.services.work import charges, expenses, time
from billcli.store import bill_reads, firm
from billcli.store.firm import Tax
from billcli.values import hours, money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

MATTER = "2026-001"
DAY = date(2026, 11, 30)
BEHAVIORS = {"no-charge": "no-charge", "hidden": "hide", "non-billable": "non-billable", "": "bill"}

TERMS = {
    "limit": "reserve_limit_cents",
    "agreed": "contingent_value_cents",
    "rate": "rate_cap_e4",
    "at most": "lifetime_max_cents",
}


class Story:
    """One matter and what has happened on it; `bill` is the last bill, `refused` the last code."""

    def __init__(self, ledger: Ledger, matter: str) -> None:
        self.ledger = ledger
        self.bill: dict[str, Any] = {}
        self.refused: str | None = None
        self.draft: str | None = None
        self.paid: list[str] = []
        timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=1_000_000)
        clients.add(ledger, "rivera", "Ana Rivera")
        kind, terms = self._terms(matter)
        matters.add(
            ledger, MATTER, "Rivera", client="rivera", responsible="ma", kind=kind, terms=terms
        )

    def play(self, step: str) -> None:
        """One step; with a ! at its end it must be refused."""
        self.refused = None
        verb, _, rest = step.removesuffix("!").strip().partition(" ")
        doing: Callable[[str], None] = getattr(self, f"_{verb}")
        try:
            doing(rest)
        except BillError as error:
            assert step.endswith("!"), f"{step}: {error.code}: {error.sentence}"
            self.refused = error.code
        else:
            assert not step.endswith("!"), f"{step} was not refused"

    @property
    def numbers(self) -> str:
        """All bills by the last digits of their numbers, void ones struck."""
        found = bill_reads.all_(self.ledger)
        names = [(str(int(bill.number.split("-")[1])), bill.state) for bill in found]
        return " ".join(f"~~{n}~~" if state == "void" else n for n, state in names)

    def _terms(self, text: str) -> tuple[str, dict[str, Any]]:
        terms: dict[str, Any] = {}
        for word, name in TERMS.items():
            if given := re.search(rf" {word} ([\d,.]+)", text):
                text = text.replace(given[0], "")
                rate = name.endswith("_e4")
                figure = given[1].replace(",", "")
                terms[name] = money.read_rate(figure) if rate else money.read_cents(figure, 2)
        found = re.fullmatch(r"(\S+)(?: ([\d,.]+))?(?: at (\S+))?", text)
        assert found, text
        if found[2]:
            terms["value_cents"] = money.read_cents(found[2], 2)
        if found[3]:
            terms["bill_when"] = found[3]
        return found[1], terms

    def _work(self, text: str) -> None:
        found = re.fullmatch(
            r"(?:([\d.]+) h at )?([\d,.]+) ?(no-charge|hidden|non-billable)?(?: on (\S+))?", text
        )
        assert found, text
        time.add(
            self.ledger,
            MATTER,
            hours.read_hours(found[1] or "1.0"),
            f"Work for {found[2]}",
            rate_e4=money.read_rate(found[2].replace(",", "")),
            behavior=BEHAVIORS[found[3] or ""],
            day=date.fromisoformat(found[4]) if found[4] else DAY,
        )

    def _cost(self, text: str) -> None:
        expenses.add(self.ledger, MATTER, money.read_cents(text, 2), "Cost", day=DAY)

    def _taxable(self, text: str) -> None:
        cents = money.read_cents(text.removeprefix("cost "), 2)
        expenses.add(self.ledger, MATTER, cents, "Travel", day=DAY, taxable=True)

    def _charge(self, text: str) -> None:
        charges.add(self.ledger, MATTER, money.read_cents(text, 2), "Flat charge", day=DAY)

    def _discount(self, text: str) -> None:
        if text.endswith("%"):
            value = {"percent_e4": money.read_percent(text)}
        else:
            value = {"cents": money.read_cents(text, 2)}
        options.set_options(self.ledger, MATTER, {"discount": value})

    def _tax(self, text: str) -> None:
        rate = (date(2020, 1, 1), money.read_percent(text))
        with self.ledger.write():
            firm.put_tax(self.ledger, Tax("VAT", "VAT", "both", (rate,)))
        options.set_options(self.ledger, MATTER, {"tax": "VAT"})

    def _arrangement(self, text: str) -> None:
        kind, terms = self._terms(text)
        arrangements.set_(self.ledger, MATTER, kind, terms)

    def _task(self, text: str) -> None:
        tasks.add(self.ledger, MATTER, "Task")

    def _milestone(self, text: str) -> None:
        armed: dict[str, Any] = {"trigger_kind": "remainder"}
        if text.endswith("%"):
            armed = {"trigger_kind": "percent", "trigger_percent_e4": money.read_percent(text)}
        elif text != "remainder":
            armed = {"trigger_kind": "amount", "trigger_cents": money.read_cents(text, 2)}
        tasks.add(self.ledger, MATTER, "Milestone", **armed)

    def _done(self, text: str) -> None:
        task, _, answer = text.partition(" ")
        charge = {"": True, "without charge": False, "undecided": None}[answer]
        triggers.done(self.ledger, MATTER, int(task), charge=charge)

    def _change(self, text: str) -> None:
        amount, _, task = text.partition(" of ")
        cents = money.read_cents(amount, 2)
        at = int(task) if task else None
        change_orders.add(self.ledger, MATTER, cents, name="A change", task=at)

    def _split(self, text: str) -> None:
        task, _, part = text.partition(" ")
        task_splits.split(self.ledger, MATTER, int(task), percent_e4=money.read_percent(part))

    def _fire(self, text: str) -> None:
        triggers.fire(self.ledger, MATTER, int(text))

    def _waive(self, text: str) -> None:
        triggers.waive(self.ledger, MATTER, int(text), reason="as agreed")

    def _reopen(self, text: str) -> None:
        task, _, keeping = text.partition(" ")
        triggers.reopen(self.ledger, MATTER, int(task), keep=bool(keeping))

    def _bill(self, text: str, **more: Any) -> None:
        amount = money.read_cents(text, 2) if text else None
        request = Request(DAY, DAY, amount_cents=amount, **more)
        self.bill = bills.create(self.ledger, MATTER, request, issued=True)

    def _final(self, text: str) -> None:
        self._bill("", final=True)

    def _zero(self, text: str) -> None:
        self._bill("", zero_bill=True)

    def _mass(self, text: str) -> None:
        report = mass.run(self.ledger, mass.Batch(DAY, DAY, issued=True))
        assert not report["failed"], report["failed"]
        if report["bills"]:
            self.bill = bills.show(self.ledger, report["bills"][0]["number"])

    def _draft(self, text: str) -> None:
        self.draft = bills.create(self.ledger, MATTER, Request(DAY, DAY))["id"]

    def _delete(self, text: str) -> None:
        bills.delete(self.ledger, self.draft or "")

    def _refresh(self, text: str) -> None:
        bills.refresh(self.ledger, self.draft or "")

    def _approve(self, text: str) -> None:
        self.bill = bills.approve(self.ledger, self.draft or "")

    def _void(self, text: str) -> None:
        bills.void(self.ledger, f"2026-{int(text):04}", reason="wrong")

    def _pay(self, text: str) -> None:
        bill, _, amount = text.partition(" ")
        number = f"2026-{int(bill):04}"
        shown = bills.show(self.ledger, number)
        cents = money.read_cents(amount, 2) if amount else shown["total_cents"]
        self.paid.append(payments.add(self.ledger, number, cents)["id"])

    def _unapply(self, text: str) -> None:
        payments.unapply(self.ledger, self.paid[int(text) - 1])

    def _success(self, text: str) -> None:
        release = money.read_percent(text) if text.endswith("%") else None
        free = text.startswith("with discount")
        outcomes.record(self.ledger, MATTER, "success", release_e4=release, discount=free)

    def _failure(self, text: str) -> None:
        outcomes.record(self.ledger, MATTER, "failure")

    def _reverse(self, text: str) -> None:
        outcomes.reverse(self.ledger, MATTER)

    def _close(self, text: str) -> None:
        closing.close(self.ledger, MATTER)
