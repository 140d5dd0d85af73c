"""Ledgers of chance, judged by programs that share no code with billcli.

Every account and every day of each are held against billcli's own reports and ledgers.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis.stateful import initialize
from judges import CHECKS, HLEDGER, balances, bean_check, by_day, hledger
from money_machine import AGREED, ClientMoney, play

from billcli.core.books import Basis
from billcli.services.exchange import exporting
from billcli.services.funds import general_retainers, trust_views
from billcli.services.matter import matters as matter_service
from billcli.services.receivables import payments
from billcli.services.reporting import reports
from billcli.store.ledger import Ledger


class Judged(ClientMoney):
    """Client money in play; at the end the books go to the judges."""

    @initialize()
    def begin(self) -> None:
        """Something to judge on every matter."""
        for number in AGREED:
            self.work_and_bill(number, 500_00)
            self.deposit(number, 400_00, "wire", 0, None, False)
            self.work_and_bill(number, 300_00)

    def judge(self, ledger: Ledger) -> None:
        bases: tuple[Basis, ...] = ("accrual", "cash")
        for basis in bases:
            file = self.exported("beancount", basis)
            assert bean_check(file) == (0, "")
        if HLEDGER is None:
            return
        for basis in bases:
            file = self.exported("hledger", basis)
            assert hledger(file, *CHECKS) == (0, "")
            self.reports_agree(ledger, balances(file), basis)
            self.nobody_is_below_zero(file)

    def exported(self, form: str, basis: Basis) -> Path:
        file = self.folder / f"{basis}.{form}"
        exporting.journal(self.ledger, form, basis=basis, out=file)
        return file

    def reports_agree(self, ledger: Ledger, sums: dict[str, int], basis: Basis) -> None:
        """Each balance of hledger's is what billcli tells of that matter, client or account."""
        clients = {m.number: m.client for m in matter_service.list_(ledger)}
        owed = {row["matter"]: row["total_cents"] for row in reports.ageing(ledger)}
        held = 0
        for number, client in clients.items():
            of = f"{client}:{number}"
            if basis == "accrual":
                assert sums.pop(f"Assets:AR:{of}", 0) == owed.get(number, 0)
            trust = trust_views.balance(ledger, number).balance_cents
            assert sums.pop(f"Liabilities:Trust:{of}", 0) == -trust
            held += trust
            retained = general_retainers.balance(ledger, number).balance_cents
            assert sums.pop(f"Liabilities:Retainer:{of}", 0) == -retained
        firm = sum(entry.amount_cents for entry in trust_views.firm_card(ledger))
        assert sums.pop("Assets:Bank:Trust:Clients", 0) == held
        assert sums.pop("Assets:Bank:Trust:Firm", 0) == firm
        for client in set(clients.values()):
            credit = sum(p["credit_cents"] for p in payments.list_(ledger) if p["client"] == client)
            assert sums.pop(f"Liabilities:ClientCredit:{client}", 0) == -credit
        self.taxes_and_income(ledger, sums, basis)
        assert not [name for name in sums if name.startswith(("Assets:AR", "Liabilities:"))]

    def taxes_and_income(self, ledger: Ledger, sums: dict[str, int], basis: Basis) -> None:
        """Tax and income: what was billed, or what of it came in."""
        told = -sum(
            sums.pop(name, 0)
            for name in ("Liabilities:SalesTax", "Income:Fees", "Income:CostsRecovered")
        )
        live = self.practice.live()
        if basis == "accrual":
            assert told == sum(b.total - b.straight - b.credited for b in live)
        else:
            assert told == sum(b.paid_cents - b.straight for b in live)

    def nobody_is_below_zero(self, file: Path) -> None:
        """On no day does hledger find that a client's ledger owes the bank anything (T1)."""
        for matter in self.practice.matters.values():
            account = f"Liabilities:Trust:{matter.client}:{matter.number}"
            days = by_day(file, account)
            assert all(cents <= 0 for cents in days.values()), days
            assert {row.day.isoformat() for row in matter.card.rows} <= set(days)
            for day, cents in days.items():
                assert cents == -matter.card.balance(date.fromisoformat(day)), day


def test_ledgers_of_chance_before_the_judges(tmp_path: Path, torture: bool) -> None:
    games, steps = (100, 80) if torture else (2, 50)
    play(Judged, tmp_path, games=games, steps=steps, same=not torture)
