"""Changes that a person made to a draft, replayed over the bill whenever it is computed (§4.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from billcli.core.bill import Bill, Part
from billcli.core.discount import Discount
from billcli.core.lines import Line
from billcli.core.matter import MatterFile
from billcli.core.netting import netted
from billcli.core.order import Order
from billcli.core.work import ENTRIES, Step
from billcli.errors import Refused
from billcli.values import money

REASONS = (
    "cap", "fixed_fee", "quote", "courtesy", "error", "inefficiency", "outcome", "bad_debt",
    "reserve_limit", "correction",
)  # fmt: skip
# Where nothing is agreed that a write-up could go beyond.
UNLIMITED = ("hourly", "minimum-recurring")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: `what` is amount, drop, discount, note or allocate.

    A line is named by its entry (`T-12`), or by its words where it stands for none, so that it is
    found again when the bill is computed anew.
    """

    what: str
    line: str | None = None
    cents: int | None = None
    percent_e4: int | None = None
    reason: str | None = None
    text: str | None = None
    timekeeper: str | None = None

    @property
    def subject(self) -> tuple[str, str | None, str | None]:
        """What it changes; a later edit of the same takes its place."""
        return self.what, self.line, self.timekeeper

    def dumped(self) -> dict[str, Any]:
        """As JSON-able data."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def told(self) -> dict[str, Any]:
        """As the interface shows it."""
        return {
            "what": self.what,
            "line": self.line,
            "amount_cents": self.cents,
            "percent_e4": self.percent_e4,
            "reason": self.reason,
            "text": self.text,
            "timekeeper": self.timekeeper,
        }

    @classmethod
    def loaded(cls, data: Mapping[str, Any]) -> Edit:
        """Back from JSON."""
        return cls(**data)


def added(edits: Sequence[Edit], new: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits with new ones; a dropped line needs no other change."""
    subjects = {edit.subject for edit in new}
    dropped = {edit.line for edit in new if edit.what == "drop"}
    kept = [e for e in edits if e.subject not in subjects and (not e.line or e.line not in dropped)]
    return (*kept, *new)


def name_of(line: Line) -> str:
    """What an edit calls a line."""
    return line.source or line.description


def fixed_because(line: Line) -> str | None:
    """Why a line's amount is not to be changed on a bill."""
    if line.class_ == "cost":
        return "a cost is billed at what was laid out"
    if line.kind == "reserve":
        return "it is what the outcome released"
    if line.kind == "adjustment":
        return "it follows from the arrangement"
    if line.behavior in ("no-charge", "hide"):
        return "its entry is without a charge"
    return "its time is included in the agreed fee" if line.note == "included" else None


def loose_because(line: Line) -> str | None:
    """Why a line can't be dropped: it stands for no entry that could stay unbilled."""
    if line.kind not in ENTRIES or line.source is None:
        return "it stands for no entry"
    return None


def without(file: MatterFile, edits: Sequence[Edit]) -> MatterFile:
    """The matter without the entries that were dropped: they stay unbilled."""
    gone = {edit.line for edit in edits if edit.what == "drop"}
    if not gone:
        return file
    return replace(
        file,
        fees=tuple(entry for entry in file.fees if entry.ref not in gone),
        costs=tuple(entry for entry in file.costs if entry.ref not in gone),
    )


def discount_of(discount: Discount | None, edits: Sequence[Edit]) -> Discount | None:
    """The draft's own discount in place of the matter's."""
    for edit in edits:
        if edit.what == "discount":
            none = not edit.cents and not edit.percent_e4
            return None if none else Discount(edit.percent_e4, edit.cents)
    return discount


def edited(bill: Bill, order: Order, edits: Sequence[Edit]) -> Bill:
    """The bill with changed amounts, its note and its shares; discount and tax follow (D-15).

    Refused `edit.above` where a write-up would go beyond the agreed value, `edit.below` where
    less than nothing would be charged. What an edit no longer finds is a warning.
    """
    for edit in edits:
        if edit.what == "note":
            bill = replace(bill, note=edit.text)
    shares = tuple((e.timekeeper or "", e.cents or 0) for e in edits if e.what == "allocate")
    bill = replace(bill, allocated=shares) if shares else bill
    amounts = {edit.line: edit for edit in edits if edit.what == "amount"}
    return _amended(bill, order, amounts) if amounts else bill


def _amended(bill: Bill, order: Order, amounts: Mapping[str | None, Edit]) -> Bill:
    lines, parts, steps = list(bill.lines), list(bill.parts), []
    found = set()
    for n, line in enumerate(lines):
        edit = amounts.get(name_of(line))
        if edit is None or edit.cents is None or line.class_ != "fee" or edit.line in found:
            continue
        found.add(edit.line)
        change = edit.cents - line.amount_cents
        lines[n] = line._replace(amount_cents=edit.cents, reason=edit.reason)
        _charge(parts, line, change)
        words = f"{name_of(line)} written {'up' if change > 0 else 'down'}: {edit.reason}"
        steps.append(Step("4.2", words + (f", {edit.text}" if edit.text else ""), change, "edit"))
    change = sum(step.cents for step in steps)
    _refuse(bill, parts, change)
    fees = [line for line in _brought_in(lines, change) if line.class_ == "fee"]
    costs = [line for line in lines if line.class_ == "cost"]
    net = netted(order, [line.amount_cents for line in fees], costs, bill.released_cents)
    before = [step for step in bill.because if step.phase not in ("discount", "costs", "tax")]
    lost = [f"the change of {name} no longer applies" for name in amounts if name not in found]
    return replace(
        bill,
        lines=(*fees, *costs),
        parts=tuple(parts),
        taxes=net.taxes,
        fees_cents=net.fees_cents,
        discount_cents=net.discount_cents,
        discount_label=net.discount_label,
        because=(*before, *steps, *net.steps),
        warnings=(*bill.warnings, *lost),
    )


def _charge(parts: list[Part], line: Line, change: int) -> None:
    """Charge the change to the part that holds the line's day, else to the last."""
    if not parts:
        return
    at = len(parts) - 1
    for n, part in enumerate(parts):
        start, end = part.period_start, part.period_end
        if line.day and start and end and start <= line.day <= end:
            at = n
    parts[at] = replace(parts[at], charged_cents=parts[at].charged_cents + change)


def _refuse(bill: Bill, parts: Sequence[Part], change: int) -> None:
    if change > 0 and bill.arrangement not in UNLIMITED:
        raise Refused(
            "edit.above",
            f"A {bill.arrangement} bill charges what is agreed; a line can't be written up.",
            hint="Write another line down by as much, or raise the value: arrangement set",
        )
    if bill.fees_cents + change < 0 or any(part.charged_cents < 0 for part in parts):
        raise Refused(
            "edit.below",
            "The lines would be written down by more than the bill charges for them.",
            hint="Write down by less, or drop entries with --drop.",
        )


def _brought_in(lines: Sequence[Line], change: int) -> list[Line]:
    """What each entry brought in: its amount, or its share where other lines change the fees."""
    at = [n for n, ln in enumerate(lines) if ln.class_ == "fee" and ln.kind in ENTRIES]
    found = list(lines)
    before = sum(lines[n].billed_cents for n in at)
    own = any(ln.class_ == "fee" and n not in at and ln.kind != "reserve"
              for n, ln in enumerate(lines))  # fmt: skip
    weights = [max(0, lines[n].amount_cents or _standard(lines[n])) for n in at]
    if not own:
        shares = [lines[n].amount_cents for n in at]
    elif before and any(weights):
        shares = money.allocate(before + change, weights)
    else:
        shares = [lines[n].billed_cents for n in at]
    for n, cents in zip(at, shares, strict=True):
        found[n] = found[n]._replace(billed_cents=cents)
    return found


def _standard(line: Line) -> int:
    """The weight of an included line; one that was written down to nothing has none."""
    return line.standard_cents if line.note == "included" and line.behavior == "bill" else 0
