"""The arrangements a matter can be billed under: the table from kind to module."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

from billcli.core.arrangements.terms import Arrangement
from billcli.errors import UsageProblem
from billcli.values.text import did_you_mean

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


def read(kind: str, terms: Mapping[str, Any], decimals: int) -> Arrangement:
    """The arrangement of that kind with those terms; unknown kinds and terms are refused."""
    if kind not in KINDS:
        raise UsageProblem(
            "arrangement.kind",
            f"There is no arrangement {kind!r}.",
            hint=did_you_mean(kind, KINDS) or f"The kinds are {', '.join(KINDS)}.",
        )
    module, name = KINDS[kind].split(":")
    made = getattr(import_module(module), name).from_terms(terms, decimals)
    return cast(Arrangement, made)
