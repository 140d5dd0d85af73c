"""The outbox: which bill goes to whom by e-mail, and what became of it, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from billcli.core.states import MailState
from billcli.store import rows
from billcli.store.models import OutboxEventRow, OutboxRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

What = Literal["sending", "sent", "failed", "unknown", "retried", "dropped"]

_MAIL = """
    SELECT o.id, o.bill_id, b.number AS bill, b.matter_id, m.number AS matter, b.client_id,
        o.recipient, o.purpose, o.queued_at, coalesce(last.n, 0) AS n, last.what, last.at,
        last.reason, coalesce(last.again, 0) AS again,
        (SELECT count(*) FROM outbox_event WHERE outbox_id = o.id AND what = 'sending') AS tries,
        (SELECT message_id FROM outbox_event WHERE outbox_id = o.id AND what = 'sending'
            ORDER BY n DESC LIMIT 1) AS message_id,
        EXISTS (SELECT 1 FROM bill_event WHERE bill_id = o.bill_id AND what = 'voided') AS void
    FROM outbox AS o JOIN bill AS b ON b.id = o.bill_id JOIN matter AS m ON m.id = b.matter_id
    LEFT JOIN outbox_event AS last ON last.outbox_id = o.id
        AND last.n = (SELECT max(n) FROM outbox_event WHERE outbox_id = o.id)"""
_WAITS = "(last.what IS NULL OR last.what = 'retried' OR last.again = 1)"
_SETTLED = "last.what IN ('sent', 'dropped')"
_THERE = """
    SELECT 1 FROM outbox AS other JOIN outbox_event AS e ON e.outbox_id = other.id
    WHERE other.bill_id = o.bill_id AND other.recipient = o.recipient AND e.what = 'sent'"""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message: the bill, the recipient, and where it stands; `n` counts what became of it.

    `at` is the moment of the newest of that, `again` that a failure is tried again by itself.
    """

    id: int
    bill_id: int
    bill: str
    matter_id: int
    matter: str
    client: str
    recipient: str
    purpose: str
    queued_at: str
    state: MailState
    n: int
    at: str
    reason: str | None
    again: bool
    tries: int
    message_id: str | None
    void: bool

    @property
    def ref(self) -> str:
        """How people name it."""
        return f"M-{self.id}"

    @property
    def waits(self) -> bool:
        """Whether it goes out with the next sending."""
        return self.state == "queued" or self.again

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.state in ("sent", "dropped")


def add(ledger: Ledger, *, bill_id: int, recipient: str, purpose: str, at: str, mark: Any) -> int:
    """Queue a message; the database keeps it from being queued twice."""
    return rows.insert(
        ledger,
        OutboxRow,
        {
            "bill_id": bill_id,
            "recipient": recipient,
            "purpose": purpose,
            "queued_at": at,
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )


def note(
    ledger: Ledger,
    mail: Mail,
    what: What,
    *,
    at: str,
    mark: Any,
    message_id: str | None = None,
    reason: str | None = None,
    again: bool = False,
) -> None:
    """Add what became of a message; the database refuses what can't follow."""
    rows.insert(
        ledger,
        OutboxEventRow,
        {
            "outbox_id": mail.id,
            "n": mail.n + 1,
            "what": what,
            "at": at,
            "message_id": message_id,
            "reason": reason,
            "again": int(again),
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )


def one(ledger: Ledger, mail_id: int) -> Mail | None:
    """A message by its number."""
    found = _read(ledger, "o.id = :id", {"id": mail_id})
    return found[0] if found else None


def all_(ledger: Ledger) -> list[Mail]:
    """Every message, oldest first."""
    return _read(ledger, "1", {})


def of_bill(ledger: Ledger, bill_id: int) -> list[Mail]:
    """The messages of a bill."""
    return _read(ledger, "o.bill_id = :bill", {"bill": bill_id})


def waiting(ledger: Ledger) -> list[Mail]:
    """What goes out with the next sending: never what may have gone out already."""
    return _read(ledger, _WAITS, {})


def unsettled(ledger: Ledger) -> list[Mail]:
    """Messages of live bills that are neither sent nor dropped."""
    found = _read(ledger, f"NOT coalesce({_SETTLED}, 0)", {})
    return [mail for mail in found if not mail.void]


def undelivered(ledger: Ledger, bill_ids: Iterable[int]) -> frozenset[int]:
    """Of these bills those that a recipient doesn't have yet.

    A bill that nobody is to get by e-mail counts as delivered, and so does one that was sent once
    and couldn't be sent again.
    """
    asked = frozenset(bill_ids)
    found = _read(ledger, f"NOT coalesce({_SETTLED}, 0) AND NOT EXISTS ({_THERE})", {})
    return frozenset(mail.bill_id for mail in found if mail.bill_id in asked and not mail.void)


def _read(ledger: Ledger, where: str, values: Mapping[str, Any]) -> list[Mail]:
    found = rows.named(ledger, f"{_MAIL} WHERE {where} ORDER BY o.id", values)
    return [_mail(row) for row in found]


def _mail(row: Any) -> Mail:
    state: MailState = "queued" if row.what in (None, "retried") else row.what
    return Mail(
        id=row.id,
        bill_id=row.bill_id,
        bill=row.bill,
        matter_id=row.matter_id,
        matter=row.matter,
        client=row.client_id,
        recipient=row.recipient,
        purpose=row.purpose,
        queued_at=row.queued_at,
        state=state,
        n=row.n,
        at=row.at or row.queued_at,
        reason=row.reason if state in ("failed", "unknown", "dropped") else None,
        again=bool(row.again),
        tries=row.tries,
        message_id=row.message_id,
        void=bool(row.void),
    )
