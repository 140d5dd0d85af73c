"""Client money into trust, out of it, and between matters of one client; the firm's own in it.

No command takes a ledger below what was cleared and may be used; the database stands behind it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.trust import standing
from billcli.errors import Refused, UsageProblem
from billcli.services.funds import trust_rules as rules
from billcli.services.funds import trust_views as views
from billcli.store import entries, find, trust, trust_reads
from billcli.store.trust import TrustEntry
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


def deposit(
    ledger: Ledger,
    number: str,
    amount_cents: int,
    *,
    day: date | None = None,
    method: str | None = None,
    party: str | None = None,
    reference: str | None = None,
    clears: date | None = None,
    protect: str | None = None,
) -> dict[str, Any]:
    """Take client money into trust, whole, as it came in (T11, T17); `protect` is a purpose.

    Without `clears` it counts as cleared when its method says (T7). Refused `trust.future`,
    `trust.locked`, `trust.no-client`, `matter.closed`; UsageProblem `trust.clears`.
    """
    with ledger.write():
        row = rules.holder(ledger, number, receiving=True)
        on = rules.entry_day(ledger, day)
        how = rules.read_method(method) if method else None
        effective = clears or rules.clears_on(ledger, on, how)
        if effective < on:
            raise UsageProblem(
                "trust.clears",
                f"A deposit of {on} can't be cleared on {effective}, before it came in.",
                hint="--clears is the day from which the money may be used.",
            )
        entry = TrustEntry(
            "deposit",
            on,
            amount_cents,
            effective,
            client=row.client_id,
            matter_id=row.id,
            protected_cents=amount_cents if protect else 0,
            party=party,
            purpose=protect,
            method=how,
            reference=reference,
        )
        return views.done(ledger, rules.keep(ledger, entry))


def clear(
    ledger: Ledger, reference: str, *, day: date | None = None, evidence: str | None = None
) -> dict[str, Any]:
    """Count a deposit as cleared before its day, because the bank says so (D-38).

    Once, and for good. Without evidence the log says who told it. Refused `trust.cleared`,
    `trust.not-deposit`.
    """
    with ledger.write():
        entry = rules.entry_of(ledger, reference)
        on = rules.entry_day(ledger, day)
        if entry.kind != "deposit" or trust.reversed_cents(ledger, entry.id):
            what = entry.kind.replace("_", " ")
            state = f"is a {what}" if entry.kind != "deposit" else "was taken back"
            raise Refused("trust.not-deposit", f"{entry.ref} {state}; only a deposit is cleared.")
        if entry.cleared_on or entry.effective_on <= on:
            raise Refused(
                "trust.cleared", f"{entry.ref} has been cleared since {entry.effective_on}."
            )
        if on < entry.day:
            raise Refused(
                "trust.clears", f"{entry.ref} came in on {entry.day}; it wasn't cleared on {on}."
            )
        seen = evidence or f"as told by {ledger.actor}"
        mark = ledger.record(
            f"trust {entry.ref}",
            before={"effective_on": entry.effective_on.isoformat()},
            after={"effective_on": on.isoformat(), "evidence": seen},
            matter_id=entry.matter_id,
        )
        trust.clear(ledger, entry.id, on, seen, mark)
        return views.done(ledger, entry.id)


def withdraw(
    ledger: Ledger,
    number: str,
    amount_cents: int,
    *,
    payee: str,
    purpose: str,
    day: date | None = None,
    method: str | None = None,
    cheque: str | None = None,
    reference: str | None = None,
    protected: bool = False,
    expense: str | None = None,
) -> dict[str, Any]:
    """Pay out of trust: to the client, to a payee, or a cost of the matter by its E-n (T1, T3).

    `protected` pays money that is kept for a purpose, and only that (T8). Refused
    `trust.overdraw`, `trust.cash`, `trust.number`, `trust.expense`, and those of the day.
    """
    with ledger.write():
        row = rules.holder(ledger, number)
        on = rules.entry_day(ledger, day)
        how = rules.read_method(method) if method else ("check" if cheque else None)
        _refuse_cash(how)
        cost = _cost(ledger, row, expense, amount_cents) if expense else None
        if cheque:
            _refuse_used(ledger, cheque)
        moves = trust_reads.moves_of(ledger, row.id)
        rules.refuse_beyond(ledger, row.number, moves, amount_cents, day=on, protected=protected)
        entry = TrustEntry(
            "withdrawal",
            on,
            -amount_cents,
            on,
            client=row.client_id,
            matter_id=row.id,
            protected_cents=-amount_cents if protected else 0,
            party=payee,
            purpose=purpose,
            method=how,
            number=cheque,
            reference=reference,
            expense_id=cost,
        )
        return views.done(ledger, rules.keep(ledger, entry))


def move(
    ledger: Ledger,
    number: str,
    to: str,
    amount_cents: int,
    *,
    authority: str,
    day: date | None = None,
) -> dict[str, Any]:
    """Move trust money to another matter of the same client, as the client authorized (T6).

    Refused `trust.other-client`, `trust.same-matter`, `trust.overdraw`, and those of the day.
    """
    with ledger.write():
        giving = rules.holder(ledger, number)
        taking = rules.holder(ledger, to, receiving=True)
        if giving.id == taking.id:
            raise Refused("trust.same-matter", f"The money is in matter {giving.number} already.")
        if giving.client_id != taking.client_id:
            raise Refused(
                "trust.other-client",
                f"Matter {giving.number} is {giving.client_id}'s and {taking.number} is "
                f"{taking.client_id}'s: one client's money is never another's.",
                hint="Refund it with `billcli trust withdraw`, and deposit what comes in.",
            )
        on = rules.entry_day(ledger, day)
        moves = trust_reads.moves_of(ledger, giving.id)
        rules.refuse_beyond(ledger, giving.number, moves, amount_cents, day=on)
        entry = TrustEntry(
            "transfer",
            on,
            -amount_cents,
            on,
            client=giving.client_id,
            matter_id=giving.id,
            party=f"matter {taking.number}",
            reference=authority,
        )
        out = rules.keep(ledger, entry)
        into = TrustEntry(
            "transfer",
            on,
            amount_cents,
            on,
            client=taking.client_id,
            matter_id=taking.id,
            party=f"matter {giving.number}",
            reference=authority,
            pair_id=out,
        )
        into_id = rules.keep(ledger, into)
        return views.done(ledger, out) | {
            "pair": f"TR-{into_id}",
            "to": views.done(ledger, into_id),
        }


def holding(ledger: Ledger, matter_id: int) -> int:
    """What a matter's ledger holds, cleared or not, in cents (T16)."""
    return standing(trust_reads.moves_of(ledger, matter_id), date.max).balance_cents


def _refuse_cash(method: str | None) -> None:
    if method == "cash":
        raise Refused(
            "trust.cash",
            "Trust money isn't paid out in cash.",
            hint="Pay by check or wire, so that the payee can be proved.",
        )


def _refuse_used(ledger: Ledger, number: str) -> None:
    used = trust_reads.of_number(ledger, number)
    if used:
        raise Refused(
            "trust.number",
            f"Number {number} was used for {used.ref} of {used.day}, "
            f"{money.grouped(-used.cents, ledger.decimals)} to {used.party}.",
            hint="Each check has a number of its own, a void one too.",
        )


def _cost(ledger: Ledger, row: MatterRow, reference: str, amount_cents: int) -> int:
    """The cost that a payment out of trust stands for: unbilled, exact, and paid once (T3)."""
    ref = find.entry(ledger, reference, kind="expense")
    item = entries.one(ledger, "expense", ref.id)
    paid = trust_reads.paying_cost(ledger, ref.id)
    cost, asked = (money.grouped(c, ledger.decimals) for c in (item.amount_cents, amount_cents))
    hint = f"See `billcli expense list --matter {row.number}`."
    if item.matter != row.number:
        why = f"{item.id} is a cost of matter {item.matter}, not of {row.number}"
    elif item.state in ("billed", "written_off"):
        why = f"{item.id} is on bill {item.bill} already"
        hint = f"Pay the bill from trust: billcli trust apply {item.bill}"
    elif paid:
        why = f"{item.id} was paid by {paid.ref} on {paid.day}"
    elif item.behavior != "bill":
        why = f"{item.id} is the firm's own cost, not the client's"
    elif item.amount_cents != amount_cents:
        why = f"{item.id} is over {cost}, and {asked} was to be paid"
        hint = "A cost is paid from trust as a whole."
    else:
        return ref.id
    raise Refused("trust.expense", f"{why}.", hint=hint)
