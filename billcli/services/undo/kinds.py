"""What of the log can be put back, and for the rest the command that does it instead: a table.

The left side is how the log names an object, the right side what `undo` answers. `{name}` is what
follows the word in the log, `{matter}` the matter's number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billcli.store.changes import Line

# Rows of these leave images, and putting them back is the whole of the change.
PUT_BACK = frozenset(
    {
        "entry",
        "timer",
        "charge",
        "client",
        "timekeeper",
        "firm",
        "tax",
        "expense category",
        "matter",
        "arrangement",
        "schedule",
        "progress",
        "task",
        "change order",
        "workflow",
        "draft",
        "run",
        "utbms",
        "import of time",
        "import of expenses",
    }
)

# Everything else stands, with the way that it is mended by.
STANDS: dict[str, str] = {
    "payment": "Money is given back by a posting: billcli payment unapply {name}.",
    "import of payments": "Money is given back by a posting: billcli payment unapply P-n.",
    "trust": "Money in trust is reversed: billcli trust reverse {name} --reason '…'.",
    "retainer": "A retainer is reversed: billcli retainer reverse {name} --reason '…'.",
    "request": "A request is replaced by a newer one: billcli retainer request {matter}.",
    "reconciliation": "The proof of a day is kept; reconcile a later day.",
    "credit": "A credit note stands; what it freed is billed anew.",
    "reserve": "The reserve only grows: billcli matter reopen {matter}.",
    "outcome": "An outcome is taken back by: billcli matter outcome {matter} --reverse.",
    "undo": "An undo isn't undone; do the change again.",
    "ledger": "The ledger as it was is in its backup: billcli restore FILE.",
}

# A bill's way depends on what happened to it.
BILL: tuple[tuple[str, str], ...] = (
    ("voided", "A void stands; bill the work again: billcli bill create {matter}."),
    ("approved", "A bill is taken back by: billcli bill void {name} --reason '…'."),
    ("issued", "A bill is taken back by: billcli bill void {name} --reason '…'."),
    ("written_off_cents", "Take it back: billcli writeoff reverse {name} --reason '…'."),
    ("disputed_cents", "Settle it: billcli bill dispute {name} --resolve."),
    ("plan", "A newer plan replaces it: billcli plan set {name}."),
)
OTHERWISE = "It moved money or left the house, and stands in the books."

_ENTRY = re.compile(r"[TEC]-\d+$")


def kind_of(object_: str) -> str | None:
    """The word of the tables above that a row of the log is about."""
    if _ENTRY.match(object_):
        return "entry"
    words = (*PUT_BACK, *STANDS, "bill")
    found = [word for word in words if object_ == word or object_.startswith(f"{word} ")]
    return max(found, key=len, default=None)


def way_out(line: Line) -> str | None:
    """How a change that undo doesn't take back is mended; None where undo does."""
    kind = kind_of(line.object)
    if kind in PUT_BACK:
        return None
    way = STANDS.get(kind or "", OTHERWISE)
    if kind == "bill":
        said = line.after | line.before
        way = next((way for field, way in BILL if field in said), OTHERWISE)
    name = line.object.removeprefix(kind or "").strip()
    return way.format(name=name, matter=line.matter or "MATTER")
