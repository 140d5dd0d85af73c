"""The contingent reserve when a matter succeeds: what falls due, and what is given up (§1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billcli.core.arrangements.terms import Fee
from billcli.core.lines import Line
from billcli.core.work import Outcome, Step
from billcli.values import money

WHOLE_E4 = 1_000_000


@dataclass(frozen=True, slots=True)
class Release:
    """What a bill takes out of the reserve for an outcome."""

    outcome: Outcome
    cents: int
    written_off_cents: int

    def line(self, code: str | None) -> Line:
        """The line that the client sees."""
        return Line(
            "reserve",
            "fee",
            "Contingent reserve due on successful outcome",
            standard_cents=0,
            amount_cents=self.cents,
            billed_cents=self.cents,
            reason="outcome",
            tax_code=code,
        )

    def steps(self) -> list[Step]:
        """How it came about."""
        found = [Step("D-22", "Released from the reserve on success", self.cents, "outcome")]
        if self.written_off_cents:
            words = "Reserve written off with the outcome"
            found.append(Step("D-22", words, -self.written_off_cents, "outcome"))
        return found


def interim(held_cents: int | None, decimals: int) -> str | None:
    """What a bill must say as long as more may fall due for the same work (D-24)."""
    if not held_cents or held_cents < 0:
        return None
    return (
        f"Interim bill. A further {money.grouped(held_cents, decimals)} is held in reserve for "
        "this and earlier periods and is payable only on a successful outcome."
    )


def release(outcome: Outcome | None, reserve_cents: int, fees: Sequence[Fee]) -> Release | None:
    """What an unbilled success releases of the reserve; an agreed sum is in it by then (D-03).

    The reserve includes what this very bill accrues, so that nothing is left behind.
    """
    if outcome is None:
        return None
    held = reserve_cents + sum(part.reserved_cents for fee in fees for part in fee.parts)
    if held <= 0:
        return None
    cents = money.round_ratio(held * outcome.release_e4, WHOLE_E4)
    return Release(outcome, cents, held - cents)
