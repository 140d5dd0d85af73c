"""Mass billing: whether a matter is billed in a run, and if not, why (§6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from billcli.core.matter import MatterFile, in_force
from billcli.core.options import effective


@dataclass(frozen=True, slots=True)
class Skip:
    """A matter that this run leaves alone; `quiet` ones are worth no mention."""

    reason: str
    quiet: bool = False


def skipped(
    file: MatterFile, settings: Mapping[str, Any], *, picked: bool, through: date = date.max
) -> Skip | None:
    """Why a matter is not looked at: picking it by hand overrides exclusion, nothing else.

    Internal matters, and non-billable ones without costs, are never listed (§6.3).
    """
    kind = in_force(file.versions, through).kind
    if kind == "internal":
        return Skip("it is the firm's own project", quiet=not picked)
    if kind == "non-billable" and not file.costs and len(file.versions) == 1:
        return Skip("its time is not billable", quiet=not picked)
    idle = not picked and not file.fees and not file.costs
    if file.client is None:
        return Skip("no client to bill", quiet=not picked)
    if not effective("billing", file.options, settings):
        return Skip("billing is off", quiet=idle)
    if file.billable_status == "closed":
        return Skip("closed for billing", quiet=idle)
    if file.held:
        return Skip("on a billing hold", quiet=idle)
    if effective("exclude_from_mass", file.options, settings) and not picked:
        return Skip("excluded from mass billing", quiet=idle)
    return None
