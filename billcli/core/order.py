"""What a bill is asked to charge: the work under each of its terms, and how it is netted (D-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billcli.core.arrangements.terms import Arrangement
from billcli.core.discount import Discount
from billcli.core.quote import Quote
from billcli.core.tax import TaxRules
from billcli.core.work import Asked, Billed, Entry, Outcome, Progress, Work


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of the work that one version of the arrangement governs (D-17)."""

    arrangement: Arrangement
    arrangement_id: int
    work: Work
    billed: Billed = Billed()
    since: date | None = None
    whole_since: bool = False
    until: date | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """Everything a bill is computed from."""

    day: date
    through: date
    terms_days: int
    segments: tuple[Segment, ...]
    costs: tuple[Entry, ...] = ()
    asked: Asked = Asked()
    progress: Progress = Progress()
    discount: Discount | None = None
    tax: TaxRules = TaxRules()
    hide_line_pricing: bool = False
    quote: Quote | None = None
    outcome: Outcome | None = None
