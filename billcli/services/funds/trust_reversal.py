"""Taking trust entries back: always by an entry against them, with a reason (T9).

What was taken in and spent since can't go back without the firm's money in its place (D-37).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import trust as floors
from billcli.core.trust import TrustMove
from billcli.errors import Refused
from billcli.services.funds import trust_firm
from billcli.services.funds import trust_rules as rules
from billcli.services.funds import trust_views as views
from billcli.store import find, trust, trust_reads
from billcli.store.trust import TrustEntry
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def reverse(
    ledger: Ledger, reference: str, *, reason: str, cover: bool = False, day: date | None = None
) -> dict[str, Any]:
    """Take an entry back: a returned deposit, a mistake; both halves of a transfer together.

    What a fee took from trust comes back to it, and its bill is open again. With `cover` the
    firm's money makes good exactly what a returned deposit leaves short, in the same step (D-37).
    Refused `trust.spent`, `trust.reversed`, `trust.reversal`, `trust.cover`, `trust.cost-billed`,
    `trust.early`, `trust.firm-limit`, and those of the day.
    """
    with ledger.write():
        entry = rules.entry_of(ledger, reference)
        on = rules.entry_day(ledger, day)
        _refuse(ledger, entry, on, cover=cover)
        both = [entry]
        if entry.kind == "transfer":
            both.append(trust_reads.other_half(ledger, entry))
        made: dict[int, int] = {}
        covered: int | None = None
        # What goes out again goes first, because it may be refused.
        for each in sorted(both, key=lambda one: one.cents, reverse=True):
            if each.cents > 0:
                covered = _covered(ledger, each, on, reason, cover=cover)
            made[each.id] = _undo(ledger, each, on, reason)
        view = views.done(ledger, made.pop(entry.id))
        also = [f"TR-{trust_id}" for trust_id in made.values()]
        paid = trust.get(ledger, covered).cents if covered else 0
        return view | {
            "also": also,
            "cover": f"TR-{covered}" if covered else None,
            "cover_cents": paid,
        }


def _refuse(ledger: Ledger, entry: TrustEntry, on: date, *, cover: bool) -> None:
    """What is taken back already, stands on a bill, or isn't a deposit to be made good."""
    if entry.kind == "reversal":
        raise Refused(
            "trust.reversal",
            f"{entry.ref} takes back TR-{entry.reverses} itself.",
            hint="Record what happened anew, as a deposit or a withdrawal.",
        )
    if trust.reversed_cents(ledger, entry.id) >= abs(entry.cents):
        raise Refused("trust.reversed", f"{entry.ref} was taken back already.")
    if on < entry.day:
        raise Refused(
            "trust.early",
            f"{entry.ref} is of {entry.day}; it can't be taken back on {on}, before that.",
            hint=f"Date it {entry.day} or later.",
        )
    if cover and (entry.kind != "deposit" or entry.matter_id is None):
        raise Refused(
            "trust.cover",
            f"{entry.ref} is no client's deposit; the firm makes good returned deposits alone.",
            hint="Take it back without --cover.",
        )
    if entry.expense_id is not None:
        bill = trust_reads.issued_bill_of(ledger, entry.expense_id)
        if bill:
            raise Refused(
                "trust.cost-billed",
                f"{entry.ref} paid E-{entry.expense_id}, and bill {bill} shows it as paid.",
                hint=f"Void the bill first: billcli bill void {bill} --reason …",
            )
    if entry.bill is not None:
        state = find.bill(ledger, entry.bill).state
        if state == "void":
            raise Refused("trust.reversed", f"Bill {entry.bill} of {entry.ref} is void.")
    if entry.kind == "bank_fee":
        held = sum(move.cents for move in trust_reads.moves_of(ledger, None))
        trust_firm.refuse_above_limit(ledger, held, -entry.cents)


def _covered(
    ledger: Ledger, entry: TrustEntry, on: date, reason: str, *, cover: bool
) -> int | None:
    """Put the firm's money where a returned deposit would leave a shortage; its row, if any."""
    back = TrustMove(on, max(on, entry.effective_on), -entry.cents, -entry.protected_cents)
    moves = [*trust_reads.moves_of(ledger, entry.matter_id), back]
    short = floors.shortage(moves, back.effective_on)
    if not short:
        return None
    if not cover:
        _refuse_spent(ledger, entry, short)
    made_good = TrustEntry(
        "cover",
        on,
        short,
        on,
        client=entry.client,
        matter_id=entry.matter_id,
        party="the firm",
        purpose=f"makes good {entry.ref}",
        reason=reason,
    )
    return rules.keep(ledger, made_good)


def _refuse_spent(ledger: Ledger, entry: TrustEntry, short: int) -> None:
    amount, gap = (money.grouped(cents, ledger.decimals) for cents in (entry.cents, short))
    whose = f"matter {entry.matter}" if entry.matter else "the firm's own ledger"
    hint = "Deposit what is missing first."
    if entry.kind == "deposit" and entry.matter_id is not None:
        hint = f"With --cover the firm puts its own {gap} in its place, in the same step."
    raise Refused(
        "trust.spent",
        f"{entry.ref} brought {amount}, and {whose} would be {gap} short without it.",
        hint=hint,
    )


def _undo(ledger: Ledger, entry: TrustEntry, on: date, reason: str) -> int:
    left = abs(entry.cents) - trust.reversed_cents(ledger, entry.id)
    said = rules.told(replace(entry, kind="reversal", day=on, reverses=entry.id, reason=reason))
    said["cents"] = -left if entry.cents > 0 else left
    mark = ledger.record(f"trust TR-{trust.next_id(ledger)}", after=said, matter_id=entry.matter_id)
    return trust.undo(ledger, entry, left, day=on, reason=reason, mark=mark)
