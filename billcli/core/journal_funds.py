"""What client money posts: trust, general retainers, and costs that trust paid straight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from billcli.core.journal import Entry, Move


def trust_moved(*, day: date, trust_id: int, matter_id: int | None, cents: int) -> Entry:
    """Client money into trust (above 0) or out of it to the client, a payee, another matter."""
    other = "operating_bank" if matter_id is None else "trust_liability"
    moves = (Move("trust_bank", other, abs(cents), matter_id, trust_id=trust_id),)
    return Entry(day, "trust", f"trust:{trust_id}", _directed(moves, back=cents < 0))


def trust_applied(*, day: date, trust_id: int, matter_id: int, bill_id: int, cents: int) -> Entry:
    """Trust pays a bill (below 0), or takes back what it paid: four postings (interop 4.1)."""
    paid = abs(cents)
    moves = (
        Move("trust_liability", "receivable", paid, matter_id, bill_id, trust_id=trust_id),
        Move("operating_bank", "trust_bank", paid, matter_id, bill_id, trust_id=trust_id),
    )
    return Entry(day, "trust applied", f"trust:{trust_id}", _directed(moves, back=cents > 0))


def bank_charged(*, day: date, trust_id: int, cents: int) -> Entry:
    """The bank's charge on the trust account, from the firm's own money there (below 0)."""
    moves = (Move("bank_charges", "trust_bank", abs(cents), trust_id=trust_id),)
    return Entry(day, "bank charge", f"trust:{trust_id}", _directed(moves, back=cents > 0))


def trust_covered(*, day: date, trust_id: int, matter_id: int, cents: int) -> Entry:
    """The firm makes good what a returned deposit left short; it is the firm's loss (D-37).

    Below 0 it takes back what it put there.
    """
    moves = (
        Move("trust_bank", "trust_liability", abs(cents), matter_id, trust_id=trust_id),
        Move("bad_debt", "operating_bank", abs(cents), matter_id),
    )
    return Entry(day, "trust covered", f"trust:{trust_id}", _directed(moves, back=cents < 0))


def cost_paid_from_trust(
    *, day: date, bill_id: int, matter_id: int, costs: tuple[tuple[int, int], ...]
) -> Entry:
    """Costs on a bill that trust paid straight, `(trust row, cents)`: shown, and not owed (T3).

    The firm laid nothing out, so nothing of them is recovered either.
    """
    moves = tuple(
        Move("cost_recoveries", "receivable", cents, matter_id, bill_id, trust_id=trust_id)
        for trust_id, cents in costs
    )
    return Entry(day, "costs paid from trust", f"bill:{bill_id}:trust", moves)


def retainer_moved(*, day: date, retainer_id: int, matter_id: int, cents: int) -> Entry:
    """A general retainer comes in (above 0) or goes back to the client."""
    accounts = ("operating_bank", "retainer_liability")
    moves = (Move(*accounts, abs(cents), matter_id, retainer_id=retainer_id),)
    return Entry(day, "retainer", f"retainer:{retainer_id}", _directed(moves, back=cents < 0))


def retainer_applied(
    *, day: date, retainer_id: int, matter_id: int, bill_id: int, cents: int
) -> Entry:
    """A general retainer pays a bill (below 0), or takes back what it paid."""
    accounts = ("retainer_liability", "receivable")
    moves = (Move(*accounts, abs(cents), matter_id, bill_id, retainer_id=retainer_id),)
    what = "retainer applied"
    return Entry(day, what, f"retainer:{retainer_id}", _directed(moves, back=cents > 0))


def _directed(moves: tuple[Move, ...], *, back: bool) -> tuple[Move, ...]:
    """The moves as they are, or the other way round."""
    if not back:
        return moves
    return tuple(replace(move, debit=move.credit, credit=move.debit) for move in moves)
