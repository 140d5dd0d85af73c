"""A pre-bill as plain text: a fact a line and always in the same place, for a screen and for diff.

ASCII alone beside what users typed; nothing in it depends on the day it is made (D-56).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from textwrap import wrap
from typing import Any

from billcli.render.widths import columns_wide
from billcli.values.hours import plain_hours
from billcli.values.money import grouped, plain_percent, plain_rate
from billcli.values.text import visible

WIDTH = 80
AMOUNT_AT = 64
"""Where amounts end, whatever stands before them: a change of one touches no other line."""
LABEL = 15
AGES = (
    ("current", "not due"),
    ("d1_30", "1-30 days"),
    ("d31_60", "31-60"),
    ("d61_90", "61-90"),
    ("d91", "over 90"),
)
_SOURCES = {"trust": "trust", "retainer": "general retainer", "credit": "the client's credit"}
View = Mapping[str, Any]


def prebill_text(view: View, decimals: int, *, lines: bool = True, width: int = WIDTH) -> str:
    """The whole pre-bill; without its `lines`, how many there are."""
    page = _Page(view, decimals, width)
    parts = [page.head(), page.work(), page.costs(), page.sums(), page.money(), page.before()]
    parts += [page.warnings(), page.lines() if lines else page.count()]
    blocks = ["\n".join(block) for part in parts if (block := list(part))]
    return "\n\n".join(blocks) + "\n"


class _Page:
    def __init__(self, view: View, decimals: int, width: int) -> None:
        self.view = view
        self.decimals = decimals
        self.width = width

    def head(self) -> Iterator[str]:
        """Whose bill it is, and where its agreement stands."""
        v = self.view
        yield visible(f"{v['id']}  {v['matter']}  {v['title']}")
        yield "=" * min(self.width, WIDTH)
        yield self._fact("Client", f"{v['client_name']} ({v['client']})")
        if v["responsible"]:
            yield self._fact("Responsible", v["responsible"])
        yield self._fact(
            "Bill", f"dated {v['date']}, work up to {v['through']}, due {v['due_date']}"
        )
        if v["held"]:
            yield self._fact("State", "the matter is on a billing hold")
        yield self._fact("Arrangement", self._arrangement())
        where = v["position"]
        if where["period_start"]:
            yield self._fact("Period", f"{where['period_start']} to {where['period_end']}")
        if where["reserve_cents"] is not None:
            yield self._fact("Reserve", f"{self._amount(where['reserve_cents'])} with this bill")

    def _arrangement(self) -> str:
        where = self.view["position"]
        kind = str(self.view["arrangement"]).replace("_", "-")
        if where["value_cents"] is None:
            return kind
        told = f"{kind}, {self._amount(where['value_cents'])}"
        if where["used_since"]:
            told += f"; since {where['used_since']}"
        told += f": {self._amount(where['invoiced_cents'])} invoiced"
        if where["used_percent_e4"] is not None:
            told += f", {plain_percent(where['used_percent_e4'])} % used with the unbilled work"
        return told

    def work(self) -> Iterator[str]:
        """Hours and standard value by timekeeper, then what is given away."""
        v = self.view
        if not (v["work"] or v["charges_cents"] or v["no_charge"]["entries"]):
            return
        yield "WORK"
        for row in v["work"]:
            who = visible(f"{row['timekeeper']}  {row['name'] or ''}".rstrip())
            hours = f"{plain_hours(row['hours_e4'])} h"
            yield self._row(f"{self._cut(who, 36):<36} {hours:>10}", row["value_cents"])
        if v["charges_cents"]:
            yield self._row("Milestones and flat charges", v["charges_cents"])
        for name, told in (("no_charge", "No charge"), ("hidden", "Hidden")):
            free = v[name]
            if free["entries"]:
                count = f"{told}, {free['entries']} of value {self._amount(free['value_cents'])}"
                yield f"  {count:<36} {plain_hours(free['hours_e4']) + ' h':>10}"

    def costs(self) -> Iterator[str]:
        """What was laid out, and which receipts are missing."""
        rows = self.view["cost_lines"]
        if not rows:
            return
        yield "COSTS"
        for row in rows:
            day = row["date"].isoformat() if isinstance(row["date"], date) else ""
            words = f"{row['entry'] or '':<5} {day:<10}  {visible(row['description'])}"
            flag = "  no receipt" if row["receipt"] is False else ""
            yield self._row(self._cut(words, 46), row["amount_cents"]) + flag

    def sums(self) -> Iterator[str]:
        """From the work to the total, with the reasons of what lies between."""
        v = self.view
        yield "BILL"
        yield self._row("Work at standard value", v["standard_fees_cents"])
        for row in v["adjustment_reasons"]:
            reason = str(row["reason"] or "").replace("_", " ")
            words = ": ".join(filter(None, (reason, visible(row["text"] or ""))))
            told = f"  {row['entry']}  {words}" if row["entry"] else f"  {words}"
            yield self._row(self._cut(told, 46), row["amount_cents"])
        change = v["fee_adjustment_cents"]
        if change:
            why = "" if v["adjustment_reasons"] else f": {str(v['arrangement']).replace('_', '-')}"
            yield self._row(f"Written {'up' if change > 0 else 'down'}{why}", change)
        if v["quote_cents"]:
            rule = str(v["quote_rule"]).replace("_", "-") if v["quote_rule"] else "not reached"
            yield f"  Quote of {self._amount(v['quote_cents'])}: {rule}"
        yield self._row("Fees", v["fees_cents"])
        if v["discount_cents"]:
            yield self._row(visible(v["discount_label"] or "Discount"), -v["discount_cents"])
        if v["costs_cents"]:
            yield self._row("Costs", v["costs_cents"])
        for tax in v["taxes"]:
            yield self._row(visible(tax["label"]), tax["tax_cents"])
        yield self._row("Total", v["total_cents"]) + f" {v['currency']}"
        for payor in v["payors"]:
            yield self._row(visible(f"of it {payor['name']}"), payor["total_cents"])
        dropped = [edit["line"] for edit in v["edits"] if edit["what"] == "drop"]
        if dropped:
            yield self._fact("  Left out", f"{', '.join(dropped)}, by hand; it stays unbilled")
        if v["note"]:
            yield self._fact("  Note", visible(v["note"]))

    def money(self) -> Iterator[str]:
        """What client money would pay of it, and what would be left; nothing has moved."""
        v = self.view
        after = (
            ("Trust afterwards", v["trust_after_cents"]),
            ("General retainer afterwards", v["retainer_after_cents"]),
            ("To be taken from trust after notice", v["trust_notice_cents"]),
            ("Top-up to be asked for", v["top_up_cents"]),
        )
        if not v["planned"] and all(cents is None for _, cents in after):
            return
        yield "CLIENT MONEY (planned; nothing has moved)"
        for row in v["planned"]:
            yield self._row(
                f"From {_SOURCES.get(row['source'], row['source'])}", -row["amount_cents"]
            )
        yield self._row("Left to pay", v["to_pay_cents"])
        for words, cents in after:
            if cents is not None:
                yield self._row(words, cents)

    def before(self) -> Iterator[str]:
        """What the matter owed already, by age."""
        ages = self.view["open_before"]
        if not ages["total_cents"]:
            return
        yield "OPEN BEFORE"
        for name, words in AGES:
            if ages[f"{name}_cents"]:
                yield self._row(words, ages[f"{name}_cents"])
        yield self._row("Together", ages["total_cents"])

    def warnings(self) -> Iterator[str]:
        """What a reviewer should look at."""
        found = self.view["warnings"]
        if not found:
            return
        yield "WARNINGS"
        entries: dict[str, list[str]] = {}
        for row in found:
            entries.setdefault(row["text"], []).extend(filter(None, (row["entry"],)))
        for text, about in entries.items():
            words = f"{', '.join(about)}: {text}" if about else text
            yield from self._wrapped(visible(words), "  ! ", "    ")

    def lines(self) -> Iterator[str]:
        """Every line of the bill, with its number in `bill edit`."""
        yield "LINES"
        for line in self.view["lines"]:
            words = f"{line['line']:>3}  {line['source'] or '':<6}"
            day = line["date"].isoformat() if line["date"] else ""
            words += f" {day:<10}  {visible(line['timekeeper'] or ''):<6}"
            if line["hours_e4"] is not None:
                words += f" {plain_hours(line['hours_e4']):>6} h"
            if line["rate_e4"] is not None:
                words += f" x {plain_rate(line['rate_e4'], self.decimals)}"
            yield self._row(words, line["amount_cents"]) + self._mark(line)
            yield from self._wrapped(visible(line["description"]), " " * 7, " " * 7)

    def count(self) -> Iterator[str]:
        """How many lines there are, where they aren't shown."""
        count = len(self.view["lines"])
        yield "1 line, not shown." if count == 1 else f"{count} lines, not shown."

    @staticmethod
    def _mark(line: View) -> str:
        if line["behavior"] == "hide":
            return "  hidden"
        return f"  {line['note']}" if line["note"] else ""

    def _fact(self, name: str, value: str) -> str:
        label = f"{name:<{LABEL}}"
        return "\n".join(self._wrapped(visible(value), label, " " * LABEL))

    def _row(self, words: str, cents: int) -> str:
        amount = self._amount(cents)
        words = words.rstrip()
        gap = max(1, AMOUNT_AT - 2 - columns_wide(words) - len(amount))
        return f"  {words}{' ' * gap}{amount}"

    def _amount(self, cents: int) -> str:
        return grouped(cents, self.decimals)

    @staticmethod
    def _cut(words: str, wide: int) -> str:
        return words if len(words) <= wide else words[: wide - 3].rstrip() + "..."

    def _wrapped(self, words: str, first: str, then: str) -> list[str]:
        return wrap(
            words,
            max(self.width - 1, 40),
            initial_indent=first,
            subsequent_indent=then,
            break_on_hyphens=False,
        ) or [first.rstrip()]
