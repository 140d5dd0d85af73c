"""The sections of `status` on clients' money."""

from __future__ import annotations

from billcli.render.table import Column

SECTIONS: tuple[tuple[str, str, tuple[Column, ...]], ...] = (
    (
        "below_minimum",
        "Trust and general retainers below their minimum",
        (
            Column("Matter", "matter"),
            Column("Client", "client"),
            Column("Account", "account"),
            Column("Available", "available_cents", "money"),
            Column("Minimum", "minimum_cents", "money"),
            Column("Trigger", "trigger_cents", "money"),
            Column("Short", "short_cents", "money"),
        ),
    ),
    (
        "open_requests",
        "Asked for, not paid in yet",
        (
            Column("Request", "request"),
            Column("Matter", "matter"),
            Column("Client", "client"),
            Column("Account", "account"),
            Column("Date", "date", "date"),
            Column("Asked for", "amount_cents", "money"),
            Column("Open", "open_cents", "money"),
        ),
    ),
    (
        "late_transfers",
        "Transfers that the bank hasn't confirmed for more than 14 days",
        (
            Column("Entries", "entries"),
            Column("Matter", "matter"),
            Column("Bill", "bill"),
            Column("Date", "date", "date"),
            Column("Days", "days", "number"),
            Column("Amount", "amount_cents", "money"),
        ),
    ),
    (
        "unreconciled_months",
        "Trust not reconciled",
        (
            Column("Month", "month"),
            Column("Ended", "ended", "date"),
            Column("Days ago", "days", "number"),
        ),
    ),
)
