"""The marks of triggers in lists, each with its word, in ASCII where the terminal needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.cli._show import speaks_unicode

if TYPE_CHECKING:
    from billcli.services.milestones.task_views import TriggerView

_SYMBOLS = {
    "planned": ("◇", "< >"),
    "ready": ("◈", "<?>"),
    "declined": ("◇", "< >"),
    "waived": ("◇", "< >"),
    "charged": ("◆", "<*>"),
    "in_draft": ("◆", "<*>"),
    "billed": ("✔", "[x]"),
    "paid": ("✔", "[x]"),
}
_WORDS = {"planned": "armed", "ready": "pending"}


def mark(trigger: TriggerView | None) -> str:
    """What became of a trigger: `◇ armed`, `◈ pending`, `◆ charged C-3`, `✔ billed 2026-0001`."""
    if trigger is None:
        return ""
    symbol = _SYMBOLS[trigger.state][0 if speaks_unicode() else 1]
    if trigger.state == "charged":
        return f"{symbol} charged {trigger.charge}"
    if trigger.state == "in_draft":
        return f"{symbol} charged {trigger.charge}, in draft {trigger.draft}"
    if trigger.state == "billed":
        return f"{symbol} billed {trigger.bill}"
    return f"{symbol} {_WORDS.get(trigger.state, trigger.state)}"
