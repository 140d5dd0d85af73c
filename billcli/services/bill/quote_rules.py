"""The quote that governs a matter's next bill, and whether there is one at all (D-63)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.core.matter import in_force
from billcli.core.options import effective
from billcli.core.quote import Quote
from billcli.errors import Refused

if TYPE_CHECKING:
    from billcli.core.matter import MatterFile
    from billcli.services.bill.request import Request
    from billcli.store.gather import FirmFacts


def quote_of(file: MatterFile, facts: FirmFacts, request: Request, decimals: int) -> Quote | None:
    """The quote of an hourly matter, or the rules of a fixed one (D-63).

    Refused `quote.none` where a rule was asked for and there is nothing to apply it to.
    """
    found = _hourly(file, facts, request, decimals)
    if found is None and request.quote_rule is not None:
        raise Refused(
            "quote.none",
            f"Matter {file.number} has no quote for --quote-rule to apply to.",
            hint=f"Set it: billcli matter billing {file.number} --quote AMOUNT",
        )
    return found


def _hourly(file: MatterFile, facts: FirmFacts, request: Request, decimals: int) -> Quote | None:
    version = in_force(file.versions, request.through)
    if version.kind != "hourly":
        return _fixed(file, request, decimals)
    cents = effective("quote_cents", file.options, facts.settings)
    if not cents:
        return None
    includes, below, above = (
        str(effective(name, file.options, facts.settings))
        for name in ("quote_includes", "below_quote", "above_quote")
    )
    return Quote(int(cents), includes, below, above, decimals)


def _fixed(file: MatterFile, request: Request, decimals: int) -> Quote | None:
    version = in_force(file.versions, request.through)
    by_rule = version.kind == "fixed-recurring" or (
        version.kind == "fixed"
        and str(version.terms.get("bill_when") or "completion") in ("completion", "start")
    )
    if not by_rule:
        return None
    # The firm's defaults are for quotes of hourly matters; they never touch a fixed fee (V40).
    below, above = (str(file.options.get(n) or "quote") for n in ("below_quote", "above_quote"))
    return Quote(0, "fees", below, above, decimals)
