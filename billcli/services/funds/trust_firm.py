"""The firm's own money in the trust account: a little, for the bank's charges (T2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.errors import Refused
from billcli.services.funds import trust_rules as rules
from billcli.services.funds import trust_views as views
from billcli.store import settings, trust_reads
from billcli.store.trust import TrustEntry
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

NAME = "The firm's own ledger in trust"


def deposit(
    ledger: Ledger, amount_cents: int, *, day: date | None = None, reference: str | None = None
) -> dict[str, Any]:
    """Put the firm's own money into trust, for the bank's charges and up to the limit (T2).

    Refused `trust.firm-limit`, and those of the day.
    """
    with ledger.write():
        on = rules.entry_day(ledger, day)
        held = sum(move.cents for move in trust_reads.moves_of(ledger, None))
        refuse_above_limit(ledger, held, amount_cents)
        entry = TrustEntry(
            "deposit", on, amount_cents, on, party="the firm", purpose="bank charges",
            reference=reference,
        )  # fmt: skip
        return views.done(ledger, rules.keep(ledger, entry))


def fee(
    ledger: Ledger, amount_cents: int, *, day: date | None = None, reference: str | None = None
) -> dict[str, Any]:
    """Book a charge of the bank against the firm's own money in trust, never a client's (T2).

    Refused `trust.overdraw`, and those of the day.
    """
    with ledger.write():
        on = rules.entry_day(ledger, day)
        moves = trust_reads.moves_of(ledger, None)
        rules.refuse_beyond(ledger, NAME, moves, amount_cents, day=on)
        entry = TrustEntry(
            "bank_fee", on, -amount_cents, on, party="the bank", purpose="bank charge",
            reference=reference,
        )  # fmt: skip
        return views.done(ledger, rules.keep(ledger, entry))


def refuse_above_limit(ledger: Ledger, held_cents: int, more_cents: int) -> None:
    """The firm keeps no more of its own in trust than its limit. Refused `trust.firm-limit`."""
    limit = firm_limit(ledger)
    if held_cents + more_cents <= limit:
        return
    held, more, most = (
        money.grouped(cents, ledger.decimals) for cents in (held_cents, more_cents, limit)
    )
    raise Refused(
        "trust.firm-limit",
        f"The firm has {held} of its own in trust and may have {most}; {more} more is too much.",
        hint="Firm money in trust is for the bank's charges: "
        "billcli firm set trust.firm_nominal_limit AMOUNT",
    )


def refuse_limit_below_held(ledger: Ledger) -> None:
    """The limit isn't set below what is there. Refused `trust.firm-limit`."""
    held = sum(move.cents for move in trust_reads.moves_of(ledger, None))
    limit = firm_limit(ledger)
    if held > limit:
        there, most = (money.grouped(cents, ledger.decimals) for cents in (held, limit))
        raise Refused(
            "trust.firm-limit",
            f"The firm has {there} of its own in trust; the limit can't be {most}.",
            hint="Use it up for the bank's charges, or take the deposit back: "
            "billcli trust reverse TR-n",
        )


def firm_limit(ledger: Ledger) -> int:
    """The most that the firm may keep of its own in trust, in cents: 100.00 unless set (T2)."""
    own = settings.get(ledger, "trust.firm_nominal_limit_cents")
    limit: int = 100 * 10**ledger.decimals
    return limit if own is None else int(own)
