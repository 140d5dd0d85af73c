"""Whom the fees of a bill are credited to, by the options of its matter (§5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.core.allocation import Rule, Share, allocate, edited
from billcli.core.options import effective
from billcli.store import shares

if TYPE_CHECKING:
    from billcli.core.bill import Bill
    from billcli.core.matter import MatterFile
    from billcli.store.gather import FirmFacts
    from billcli.store.ledger import Ledger


def rule_of(file: MatterFile, facts: FirmFacts) -> Rule:
    """How the matter's fees are shared, by its own options or the firm's."""

    def option(name: str) -> Any:
        return effective(name, file.options, facts.settings)

    originator, origination_e4 = option("originator"), option("origination_e4")
    brought = bool(originator and origination_e4)
    return Rule(
        fees=str(option("allocate")),
        adjustments=str(option("allocate_adjustments")),
        originator=str(originator) if brought else None,
        origination_e4=int(origination_e4) if brought else 0,
        by=str(facts.settings.get("billing.allocate_by") or "value"),
        free=facts.settings.get("billing.allocate_no_charge") is not False,
    )


def shares_of(ledger: Ledger, file: MatterFile, facts: FirmFacts, bill: Bill) -> tuple[Share, ...]:
    """The shares of a bill that is not approved yet."""
    accrued: dict[str, int] = {}
    if bill.outcome is not None:
        accrued = shares.accrued(ledger, file.id)
        if bill.reserve_accrued_cents:
            for line in bill.lines:
                if line.class_ == "fee" and line.timekeeper and line.behavior == "bill":
                    gap = max(0, line.standard_cents - line.billed_cents)
                    accrued[line.timekeeper] = accrued.get(line.timekeeper, 0) + gap
    net = bill.fees_cents - bill.discount_cents
    found = allocate(
        bill.lines,
        net,
        file.responsible,
        rule=rule_of(file, facts),
        accrued=accrued,
    )
    if not bill.allocated:
        return found
    return edited(found, dict(bill.allocated), net, decimals=ledger.decimals)
