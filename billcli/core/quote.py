"""Quoted amounts: what W is, and what each of the three rules bills (§2.1, §2.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from billcli.core.arrangements.terms import Fee, FeeLine
from billcli.core.work import Asked, Step, Work
from billcli.errors import Refused
from billcli.values import money


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote Q with what it includes, and the rule for each side of it."""

    cents: int
    includes: str = "fees"
    below: str = "quote"
    above: str = "quote"
    decimals: int = 2

    def compared(self, work: Work) -> int:
        """W: the fees, the costs, or both, at their standard value (D-32)."""
        fees = 0 if self.includes == "costs" else work.standard_cents
        return fees + (0 if self.includes == "fees" else work.costs_cents)

    def rule(self, work: Work, asked: Asked) -> str | None:
        """The rule that applies; none at equality, without work, or by hand (D-30)."""
        compared = self.compared(work)
        if not self.cents or not compared or compared == self.cents:
            return None
        if asked.amount_cents is not None:
            return None
        return asked.quote_rule or (self.below if compared < self.cents else self.above)


def quoted(fee: Fee, work: Work, quote: Quote, asked: Asked) -> Fee:
    """Bring an hourly fee to what the quote's rule says (D-32).

    Costs keep their actual sum where fees can absorb the difference; a write-down or a mark-up of
    costs is refused unless it was confirmed.
    """
    rule = quote.rule(work, asked)
    if rule is None:
        return fee
    fee = replace(fee, quote_rule=rule)
    if rule == "wip":
        return fee
    shown = money.grouped(quote.cents, quote.decimals)
    if rule == "quote-plus-wip":
        class_ = "cost" if quote.includes == "costs" else "fee"
        kind = "adjustment" if class_ == "cost" else "fixed_fee"
        line = FeeLine(kind, "Quoted amount", quote.cents, "quote", class_)
        if class_ == "cost":
            _refuse_markup(quote.cents, work, quote, asked)
        warning = f"the quoted {shown} is charged again on every bill of this matter"
        return _changed(fee, quote.cents, (line,), "Quoted amount beside the work", (warning,))
    if quote.includes == "costs":
        return _costs_to(fee, work, quote, asked)
    target = quote.cents - (work.costs_cents if quote.includes == "fees-and-costs" else 0)
    lines: tuple[FeeLine, ...] = ()
    if target < 0:
        lines = (_less_costs(target, work, quote, asked),)
        target = 0
    change = target - fee.charged_cents
    words = "Fee reduced to the quoted amount" if change < 0 else "Fee raised to the quoted amount"
    if change:
        lines = (FeeLine("adjustment", words, change, "quote"), *lines)
    return _changed(fee, change, lines, f"Quoted amount of {shown}")


def costs_quoted(work: Work, quote: Quote | None, asked: Asked) -> Fee | None:
    """A bill of costs alone holds to a quote of costs; the work stays untouched (D-32)."""
    if quote is None or not quote.cents or quote.includes != "costs":
        return None
    return quoted(Fee(0, (None,) * len(work.entries)), work, quote, asked)


def fixed_quoted(fee: Fee, work: Work, quote: Quote, asked: Asked) -> Fee:
    """What the rules make of a fixed fee: W is compared with what is left of it (D-63)."""
    pairs = list(zip(work.entries, fee.amounts, strict=True))
    wip = sum(e.standard_cents for e, cents in pairs if e.counts and cents is not None)
    if asked.amount_cents is not None or wip == fee.charged_cents:
        return fee
    rule = asked.quote_rule or (quote.below if wip < fee.charged_cents else quote.above)
    if rule == "quote":
        return fee
    fee = replace(fee, quote_rule=rule)
    amounts = tuple(
        None if cents is None else (e.standard_cents if e.counts else 0) for e, cents in pairs
    )
    charged = wip if rule == "wip" else fee.charged_cents + wip
    words = (
        "Work at its rates in place of the fixed fee" if rule == "wip" else "Work beside the fee"
    )
    parts = fee.parts
    if parts:
        others = sum(part.charged_cents for part in parts[:-1])
        parts = (*parts[:-1], replace(parts[-1], charged_cents=charged - others))
    return replace(
        fee,
        charged_cents=charged,
        amounts=amounts,
        lines=tuple(ln for ln in fee.lines if rule != "wip" or ln.class_ == "cost"),
        parts=parts,
        included=False,
        because=(*fee.because, Step("D-63", words, charged - fee.charged_cents, "quote")),
    )


def _costs_to(fee: Fee, work: Work, quote: Quote, asked: Asked) -> Fee:
    change = quote.cents - work.costs_cents
    if change < 0:
        line = _less_costs(change, work, quote, asked)
        return replace(fee, lines=(*fee.lines, line))
    _refuse_markup(change, work, quote, asked)
    line = FeeLine("adjustment", "Costs raised to the quoted amount", change, "quote", "cost")
    raised = money.grouped(change, quote.decimals)
    return replace(
        fee,
        lines=(*fee.lines, line),
        warnings=(*fee.warnings, f"costs are marked up by {raised} to the quote"),
        because=(*fee.because, Step("D-32", "Costs raised to the quoted amount", change, "quote")),
    )


def _refuse_markup(change: int, work: Work, quote: Quote, asked: Asked) -> None:
    """Costs are charged above what was laid out only where that is confirmed (D-32).

    A disbursement is billed at the exact sum paid (§4.4): where all costs are disbursements, there
    is nothing that a mark-up could be of. Refused `bill.costs-exact`, `bill.costs-below`.
    """
    laid_out = money.grouped(work.costs_cents, quote.decimals)
    raised = money.grouped(work.costs_cents + change, quote.decimals)
    if all(cost.disbursement for cost in work.costs):
        raise Refused(
            "bill.costs-exact",
            f"The costs of {laid_out} are disbursements, which are billed at the exact sum paid; "
            f"the quote would make them {raised}.",
            hint="Bill them as they are: --quote-rule wip, or `matter billing --below-quote wip`.",
        )
    if not asked.confirm_cost_markup:
        raise Refused(
            "bill.costs-below",
            f"Costs of {laid_out} are below the quote, which would raise them to {raised}.",
            hint="Raise them with --confirm-cost-markup, or choose another --quote-rule.",
        )


def _less_costs(change: int, work: Work, quote: Quote, asked: Asked) -> FeeLine:
    if not asked.confirm_cost_writedown:
        raise Refused(
            "bill.costs-above",
            f"Costs of {money.grouped(work.costs_cents, quote.decimals)} are above the quoted "
            f"{money.grouped(quote.cents, quote.decimals)}.",
            hint="Write them down with --confirm-cost-writedown, or choose another --quote-rule.",
        )
    return FeeLine("adjustment", "Costs above the quoted amount", change, "quote", "cost")


def _changed(
    fee: Fee, change: int, lines: tuple[FeeLine, ...], words: str, warnings: tuple[str, ...] = ()
) -> Fee:
    fees = sum(line.cents for line in lines if line.class_ == "fee")
    parts = fee.parts
    if parts:
        last = replace(parts[-1], charged_cents=parts[-1].charged_cents + fees)
        parts = (*parts[:-1], last)
    return replace(
        fee,
        charged_cents=fee.charged_cents + fees,
        lines=(*fee.lines, *lines),
        parts=parts,
        because=(*fee.because, Step("D-32", words, change, "quote")),
        warnings=(*fee.warnings, *warnings),
        nothing=None if fee.charged_cents + fees else fee.nothing,
    )
