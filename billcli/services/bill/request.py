"""What was asked of a bill."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of a bill; a draft keeps it, so that it can be computed again."""

    day: date
    through: date
    amount_cents: int | None = None
    final: bool = False
    charges: tuple[int, ...] | None = None
    template: str | None = None
    terms_days: int | None = None
    zero_bill: bool = False
    by_hand: bool = True
    only: str | None = None
    quote_rule: str | None = None
    next_only: bool = False
    max_periods: int | None = None
    confirm_cost_writedown: bool = False
    confirm_cost_markup: bool = False
    accept_schedule_mismatch: bool = False

    def dumped(self) -> dict[str, Any]:
        """As JSON-able data."""
        data = asdict(self)
        return data | {"day": self.day.isoformat(), "through": self.through.isoformat()}

    @classmethod
    def loaded(cls, data: dict[str, Any]) -> Request:
        """Back from JSON."""
        days = {name: date.fromisoformat(data[name]) for name in ("day", "through")}
        charges = data.get("charges")
        return cls(**{**data, **days, "charges": None if charges is None else tuple(charges)})
