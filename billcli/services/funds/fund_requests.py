"""What a client was asked to pay in, to trust or to a general retainer: no bill, no tax (D-42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.funding import Rules, top_up
from billcli.core.trust import payable
from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import standing
from billcli.services.funds import trust_rules
from billcli.services.funds.funding import rules_of
from billcli.store import purses, retainers, settings
from billcli.store.retainers import FundRequest
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request for funds: how much came of it, and which one it took the place of."""

    number: str
    matter: str
    client: str
    date: date
    account: str
    kind: str
    amount_cents: int
    paid_cents: int
    outstanding_cents: int
    replaces: str | None = None


def request(ledger: Ledger, number: str, amount_cents: int | None = None) -> RequestView:
    """Ask the client to pay in: an amount, or what the matter's replenishment lacks now (D-42).

    A newer request takes the place of the open one. Refused `request.locked`, `request.nothing`;
    UsageProblem `request.amount`.
    """
    with ledger.write():
        row = trust_rules.holder(ledger, number)
        known = settings.all_(ledger)
        rules = rules_of(standing.file_of(ledger, row.id or 0).options, known)
        earlier = [each for each in retainers.requests(ledger, row.id) if not each.withdrawn]
        before = earlier[-1] if earlier else None
        kind = "top-up"
        if amount_cents is None:
            amount_cents = _missing(ledger, row, rules)
        elif before is None or (before.kind == "initial" and before.outstanding_cents):
            _refuse_locked(ledger, before)
            kind = "initial"
        asked = retainers.ask(
            ledger,
            matter_id=row.id or 0,
            client=str(row.client_id),
            day=ledger.today,
            account=rules.account,
            kind=kind,
            cents=amount_cents,
            bill_id=None,
            number_format=str(known["billing.request_format"]),
        )
        replaced = before.number if before and before.outstanding_cents else None
        return request_view(asked, row.number, replaces=replaced)


def request_view(asked: FundRequest, matter: str, *, replaces: str | None = None) -> RequestView:
    """A request as people and JSON have it."""
    return RequestView(
        asked.number,
        matter,
        asked.client,
        asked.day,
        asked.account,
        asked.kind.replace("-", "_"),
        asked.amount_cents,
        asked.paid_cents,
        asked.outstanding_cents,
        replaces,
    )


def _refuse_locked(ledger: Ledger, before: FundRequest | None) -> None:
    """The first request stands as soon as something of it has come in (D-42)."""
    if before and before.paid_cents:
        whole, came, rest = (
            money.grouped(cents, ledger.decimals)
            for cents in (before.amount_cents, before.paid_cents, before.outstanding_cents)
        )
        raise Refused(
            "request.locked",
            f"{before.number} asked for {whole}, and {came} came in; it can't be asked for anew.",
            hint=f"It stays open over {rest} until that has come in.",
        )


def _missing(ledger: Ledger, row: MatterRow, rules: Rules) -> int:
    """What brings the watched balance back to its minimum now."""
    if rules.minimum_cents is None:
        raise UsageProblem(
            "request.amount",
            f"Matter {row.number} has no minimum to fill up to, so say how much to ask for.",
            hint=f"Or agree on one: billcli matter billing {row.number} --replenish 5000:3000",
        )
    read = purses.retainer_moves if rules.account == "retainer" else purses.trust_moves
    held = payable(read(ledger, row.id or 0, str(row.client_id)), ledger.today).available_cents
    lacking = top_up(held, rules.minimum_cents, rules.trigger_cents)
    if not lacking:
        there, trigger = (
            money.grouped(cents, ledger.decimals) for cents in (held, rules.trigger_cents)
        )
        raise Refused(
            "request.nothing",
            f"{row.number} has {there} available, above {trigger}, at which a top-up is asked for.",
            hint=f"Ask for an amount all the same: billcli retainer request {row.number} AMOUNT",
        )
    return lacking
