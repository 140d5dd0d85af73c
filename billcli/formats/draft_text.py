"""A draft as text for an editor, and back: amounts, dropped lines, discount and note (§6.1).

It is read strictly: whatever isn't understood is a fault that names its line, and nothing of a
text with faults counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from billcli.core.discount import Discount
from billcli.core.edits import REASONS, Edit, fixed_because, loose_because, name_of
from billcli.core.lines import Line
from billcli.errors import UsageProblem
from billcli.values import money
from billcli.values.hours import plain_hours
from billcli.values.text import read_text, shown, visible

LONGEST_NOTE = 2000
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Editable:
    """What of a draft can be changed, as it stands; a discount of None is none."""

    lines: Sequence[Line]
    edits: Sequence[Edit] = ()
    discount: Discount | None = None
    note: str | None = None
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Amount:
    """A line's new amount and its reason, with words of one's own."""

    line: int
    cents: int
    reason: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What a text changes; `discount` and `note` are None where they stay as they are."""

    amounts: tuple[Amount, ...] = ()
    drop: tuple[int, ...] = ()
    discount: Discount | None = None
    note: str | None = None

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.amounts or self.drop) and self.discount is None and self.note is None


def written(draft: Editable, *, title: str) -> str:
    """The text that an editor opens; saved as it is, it changes nothing."""
    reasons = ", ".join(REASONS[:6]) + ",\n#   " + ", ".join(REASONS[6:])
    told = [
        f"# {visible(title)}",
        "#",
        "# Change an amount and give the reason behind it; words of your own may follow a colon:",
        f"#   keep 1  {money.grouped(45_000, draft.decimals)}  courtesy: as agreed on the phone",
        f"# Reasons: {reasons}.",
        '# Write "drop" in place of "keep" to leave an entry unbilled. The discount is none, a',
        "# percentage or an amount. What stands below the word note is printed on the bill.",
        "# Lines that begin with # aren't read. An empty text changes nothing.",
        "",
    ]
    kept = _amounts_edited(draft.edits)
    for n, line in enumerate(draft.lines, 1):
        told.append(f"#   {_about(line)}")
        edit = kept.get(name_of(line))
        amount = money.grouped(line.amount_cents, draft.decimals)
        told.append(f"keep {n}  {amount}" + (f"  {_reason(edit)}" if edit else ""))
    dropped = [edit.line or "" for edit in draft.edits if edit.what == "drop"]
    if dropped:
        told.append(f"# Dropped before: {', '.join(dropped)}.")
    told += ["", f"discount {_discount(draft)}", "", "note"]
    told += [visible(draft.note, lines=True)] if draft.note else []
    return "\n".join(told) + "\n"


def read(text: str, draft: Editable) -> tuple[Revision, tuple[str, ...]]:
    """What the text changes, and its faults; with a fault, nothing of it may be taken over."""
    reader = _Reader(draft)
    if text.strip():
        reader.take(text)
    return reader.revision(), tuple(reader.faults)


@dataclass
class _Reader:
    draft: Editable
    faults: list[str] = field(default_factory=list)
    said: dict[int, int] = field(default_factory=dict)
    amounts: list[Amount] = field(default_factory=list)
    drop: list[int] = field(default_factory=list)
    discount: Discount | None = None
    note: list[str] | None = None
    discount_said: int | None = None

    def revision(self) -> Revision:
        """What was read, without what stays as it is."""
        note = None
        if self.note is not None:
            words = "\n".join(self.note).strip()
            before = visible(self.draft.note or "", lines=True).strip()
            note = words if words != before else None
        return Revision(tuple(self.amounts), tuple(self.drop), self.discount, note)

    def take(self, text: str) -> None:
        """Read every line, then look at what is missing."""
        for n, raw in enumerate(text.splitlines(), 1):
            line = raw.strip()
            if line.startswith("#"):
                continue
            if self.note is not None:
                self.note.append(raw.rstrip())
            elif line:
                self._line(n, line)
        missing = [n for n in range(1, len(self.draft.lines) + 1) if n not in self.said]
        for n in missing:
            self.faults.append(f"line {n} of the bill is missing: write keep {n} or drop {n}")
        if self.discount_said is None:
            self.faults.append("the discount is missing: write discount none for none")
        if self.note is None:
            self.faults.append("the word note is missing: the note stands below it")
        else:
            self._checked(None, "note", "\n".join(self.note), LONGEST_NOTE)

    def _line(self, at: int, line: str) -> None:
        word, rest = _first(line)
        if word == "note" and not rest:
            self.note = []
        elif word == "discount":
            self._discount(at, rest)
        elif word in ("keep", "drop"):
            self._entry(at, word, rest)
        elif word == "note":
            self._fault(at, "the note stands in the lines below the word")
        else:
            self._fault(at, f"{shown(word)} isn't keep, drop, discount or note")

    def _entry(self, at: int, word: str, rest: str) -> None:
        number, rest = _first(rest)
        n = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 0
        if not 1 <= n <= len(self.draft.lines):
            count = len(self.draft.lines)
            self._fault(at, f"{shown(number)} isn't a line of the bill, which has {count}")
            return
        if n in self.said:
            self._fault(at, f"line {n} of the bill stands on line {self.said[n]} already")
            return
        self.said[n] = at
        line = self.draft.lines[n - 1]
        if word == "keep":
            self._keep(at, n, line, rest)
        elif why := loose_because(line):
            self._fault(at, f"line {n} of the bill can't be dropped: {why}")
        else:
            self.drop.append(n)

    def _keep(self, at: int, n: int, line: Line, rest: str) -> None:
        typed, why = _first(rest)
        try:
            cents = money.read_cents(typed, self.draft.decimals, what="amount")
        except UsageProblem as problem:
            self._fault(at, _small(problem.sentence))
            return
        before = _amounts_edited(self.draft.edits).get(name_of(line))
        if cents == line.amount_cents and why == (_reason(before) if before else ""):
            return
        if cents == line.amount_cents and before is None:
            self._fault(at, "the amount is as it was, so there is no reason to give")
        elif fixed := fixed_because(line):
            self._fault(at, f"line {n} of the bill keeps its amount: {fixed}")
        else:
            self._changed(at, n, cents, why)

    def _changed(self, at: int, n: int, cents: int, why: str) -> None:
        word, _, words = why.partition(":")
        reason = word.strip().lower().replace("-", "_")
        if reason not in REASONS:
            found = f"{shown(word.strip())} isn't one" if reason else "none is given"
            self._fault(at, f"a changed amount needs its reason, and {found}")
        elif self._checked(at, "reason", words, LONGEST_REASON):
            self.amounts.append(Amount(n, cents, reason, words.strip() or None))

    def _discount(self, at: int, rest: str) -> None:
        if self.discount_said is not None:
            self._fault(at, f"the discount stands on line {self.discount_said} already")
            return
        self.discount_said = at
        if rest == _discount(self.draft):
            return
        try:
            self.discount = _read_discount(rest, self.draft.decimals)
        except UsageProblem as problem:
            self._fault(at, _small(problem.sentence))

    def _checked(self, at: int | None, what: str, text: str, longest: int) -> bool:
        try:
            read_text(text, what, longest=longest, required=False)
        except UsageProblem as problem:
            self._fault(at, _small(problem.sentence))
            return False
        return True

    def _fault(self, at: int | None, words: str) -> None:
        self.faults.append(words if at is None else f"line {at}: {words}")


def _small(sentence: str) -> str:
    """A sentence as the rest of one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _first(text: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    word, *rest = text.split(maxsplit=1) or [""]
    return word, rest[0].strip() if rest else ""


def _read_discount(text: str, decimals: int) -> Discount:
    """`none`, `10%` or an amount; one of nothing takes the matter's off this bill."""
    if text.lower() == "none":
        return Discount(amount_cents=0)
    if text.endswith("%"):
        return Discount(percent_e4=money.read_percent(text, what="discount"))
    cents = money.read_cents(text, decimals, what="discount")
    if cents < 0:
        raise UsageProblem("money.negative", f"the discount {shown(text)} is below zero")
    return Discount(amount_cents=cents)


def _discount(draft: Editable) -> str:
    off = draft.discount
    if off is None or not (off.percent_e4 or off.amount_cents):
        return "none"
    if off.percent_e4:
        return f"{money.plain_percent(off.percent_e4)}%"
    return money.grouped(off.amount_cents or 0, draft.decimals)


def _amounts_edited(edits: Sequence[Edit]) -> Mapping[str | None, Edit]:
    return {edit.line: edit for edit in edits if edit.what == "amount"}


def _reason(edit: Edit) -> str:
    return f"{edit.reason}: {visible(edit.text)}" if edit.text else str(edit.reason)


def _about(line: Line) -> str:
    return "  ".join(_parts(line))


def _parts(line: Line) -> Iterator[str]:
    if line.day:
        yield line.day.isoformat()
    if line.timekeeper:
        yield line.timekeeper
    if line.hours_e4 is not None:
        yield f"{plain_hours(line.hours_e4)} h"
    yield visible(line.description)
    if why := fixed_because(line):
        yield f"({why})"
