"""The state of a bill, derived from what happened to it and its balance (D-45); that of mail."""

from __future__ import annotations

from typing import Literal, get_args

BillState = Literal[
    "preview", "draft", "approved", "issued", "part_paid", "paid", "void", "credited", "written_off"
]
KEPT: tuple[BillState, ...] = get_args(BillState)[1:]
"""The states of what is kept; a preview isn't."""
MailState = Literal["queued", "sending", "sent", "failed", "unknown", "dropped"]


def bill_state(
    *,
    issued: bool,
    voided: bool,
    total_cents: int,
    paid_cents: int = 0,
    credited_cents: int = 0,
    written_off_cents: int = 0,
) -> BillState:
    """What an approved bill is now; there is no flag that could say otherwise."""
    if voided:
        return "void"
    if not issued:
        return "approved"
    if total_cents - paid_cents - credited_cents - written_off_cents > 0:
        return "part_paid" if paid_cents else "issued"
    if written_off_cents:
        return "written_off"
    return "credited" if credited_cents and not paid_cents else "paid"
