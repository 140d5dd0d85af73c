"""The arrangements a matter can be billed under: the table from kind to module."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

from billcli.core.arrangements.terms import Arrangement
from billcli.errors import UsageProblem
from billcli.values.text import did_you_mean, shown

KINDS = {
    "hourly": "billcli.core.arrangements.hourly:Hourly",
    "capped": "billcli.core.arrangements.capped:Capped",
    "capped-recurring": "billcli.core.arrangements.capped_recurring:CappedRecurring",
    "capped-recurring-reserve": "billcli.core.arrangements.capped_recurring:CappedRecurringReserve",
    "capped-rate-recurring-reserve": "billcli.core.arrangements.capped_rate:CappedRate",
    "fixed": "billcli.core.arrangements.fixed:Fixed",
    "fixed-recurring": "billcli.core.arrangements.fixed_recurring:FixedRecurring",
    "non-billable": "billcli.core.arrangements.unbilled:NonBillable",
    "internal": "billcli.core.arrangements.unbilled:Internal",
    "minimum-recurring": "billcli.core.arrangements.minimum_recurring:MinimumRecurring",
}
BILL_WHEN = ("completion", "start", "schedule", "milestones", "progress")
"""When a fixed fee is billed."""
TIMINGS = ("arrears", "advance")
"""When a fee by the period is billed: as it ends, or as it begins."""


def known(kind: str) -> str:
    """The kind, if there is one of that name. UsageProblem `arrangement.kind`."""
    if kind not in KINDS:
        raise UsageProblem(
            "arrangement.kind",
            f"There is no arrangement {shown(kind)}.",
            hint=did_you_mean(kind, KINDS) or f"The kinds are {', '.join(KINDS)}.",
        )
    return kind


def read(kind: str, terms: Mapping[str, Any], decimals: int) -> Arrangement:
    """The arrangement of that kind with those terms; unknown kinds and terms are refused."""
    module, name = KINDS[known(kind)].split(":")
    made = getattr(import_module(module), name).from_terms(terms, decimals)
    return cast(Arrangement, made)
