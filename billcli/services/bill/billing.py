"""From a matter and a request to a computed bill and the paper it prints on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from billcli.core.allocation import Share
from billcli.core.bill import Bill, compute
from billcli.core.discount import Discount
from billcli.core.document import BillDocument, Letterhead, Milestone, Party, letterhead
from billcli.core.edits import Edit, discount_of, edited, without
from billcli.core.matter import MatterFile, agreed_value, in_force, progress, segments
from billcli.core.options import effective
from billcli.core.order import Order
from billcli.core.reserve import interim
from billcli.core.tax import TaxRules
from billcli.core.work import Asked
from billcli.errors import NotFound, Refused
from billcli.services.bill.quote_rules import quote_of
from billcli.services.bill.request import Request
from billcli.store.gather import FirmFacts


def refuse_unbillable(file: MatterFile, through: date = date.max) -> None:
    """A matter that is off, closed for billing, held, or without a client makes no bill (§2.6).

    Nor does the firm's own project (§1.9).
    """
    if in_force(file.versions, through).kind == "internal":
        raise Refused(
            "bill.internal",
            f"Matter {file.number} is the firm's own project; it is never billed.",
            hint=f"Change it first: billcli arrangement set {file.number} hourly",
        )
    if not effective("billing", file.options, {}):
        raise Refused(
            "bill.off",
            f"Billing is off for matter {file.number}.",
            hint=f"Turn it on: billcli matter billing {file.number} --on",
        )
    if file.billable_status == "closed":
        raise Refused(
            "bill.closed",
            f"Matter {file.number} is closed for billing.",
            hint=f"Open it: billcli matter billing {file.number} --status active",
        )
    if file.held:
        raise Refused(
            "bill.held",
            f"Matter {file.number} is on a billing hold.",
            hint=f"Lift it: billcli matter unhold {file.number}",
        )
    if file.client is None:
        raise Refused("bill.no-client", f"Matter {file.number} has no client to bill.")


def order(file: MatterFile, facts: FirmFacts, request: Request, decimals: int) -> Order:
    """Everything that the bill is computed from."""
    terms = effective(
        "terms",
        file.options,
        facts.settings,
        client_terms=file.client.terms_days if file.client else None,
    )
    asked = _asked(file, facts, request)
    return Order(
        day=request.day,
        through=request.through,
        terms_days=int(terms) if request.terms_days is None else request.terms_days,
        segments=segments(file, request.through, decimals),
        costs=file.costs,
        asked=asked,
        progress=progress(file, through=request.through),
        discount=_discount(effective("discount", file.options, facts.settings)),
        tax=_tax(file, facts),
        hide_line_pricing=effective("show_reduction", file.options, facts.settings)
        == "hide-line-pricing",
        quote=quote_of(file, facts, request, decimals),
        outcome=None if asked.only == "costs" else file.outcome,
    )


def bill_of(
    file: MatterFile,
    facts: FirmFacts,
    request: Request,
    decimals: int,
    *,
    edits: tuple[Edit, ...] = (),
    itemised: bool = True,
) -> Bill:
    """The bill that the matter's work makes now; terms by hand win over a milestone's.

    `edits` are the changes by hand that a draft keeps; they need the lines, which a bill that is
    only compared does without.
    """
    asked = order(without(file, edits), facts, request, decimals)
    asked = replace(asked, discount=discount_of(asked.discount, edits))
    made = edited(compute(asked, itemised=itemised), asked, edits)
    if request.terms_days is not None:
        made = replace(made, due_on=date.fromordinal(made.day.toordinal() + request.terms_days))
    return made


def refuse_nothing(file: MatterFile, bill: Bill, request: Request) -> None:
    """Nothing to bill is a refusal, unless a bill over zero was asked for."""
    if bill.empty and not request.zero_bill:
        reason = nothing_because(file, bill)
        raise Refused(
            "bill.nothing",
            f"There is nothing to bill on matter {file.number}: {reason}.",
            hint="A bill over zero is made with --zero-bill.",
        )


def nothing_because(file: MatterFile, bill: Bill) -> str:
    """Why a bill would be empty."""
    if bill.nothing:
        return bill.nothing
    if any(line.behavior in ("no-charge", "hide") for line in bill.lines):
        return "only entries without a charge are unbilled"
    return f"no unbilled work or costs up to {bill.through}"


def template_of(file: MatterFile, facts: FirmFacts, request: Request) -> str:
    """The template by its precedence: asked for, the matter's, the firm's."""
    return request.template or str(effective("template", file.options, facts.settings))


def document(
    file: MatterFile,
    facts: FirmFacts,
    bill: Bill,
    *,
    id: str,
    state: str,
    decimals: int,
    head: Letterhead | None = None,
    milestones: tuple[Milestone, ...] = (),
    allocation: tuple[Share, ...] = (),
) -> BillDocument:
    """The bill on paper, with the parties as they stand now."""
    if file.client is None:
        raise NotFound("bill.no-client", f"Matter {file.number} has no client to bill.")
    value = agreed_value(file, bill.through)
    if value is None and file.triggers:
        value = progress(file, through=bill.through).milestones_cents
    return BillDocument(
        id=id,
        number=None,
        state=state,
        currency=str(facts.settings["firm.currency"]),
        decimals=decimals,
        bill=bill,
        firm=head or letterhead(facts.settings),
        client=Party(file.client.id, file.client.name, file.client.address, file.client.email),
        matter_number=file.number,
        matter_title=file.title,
        client_matter_id=file.client_matter_id,
        arrangement_value_cents=value if bill.arrangement != "hourly" else None,
        previously_billed_cents=file.billed_fees_cents,
        terms_days=(bill.due_on - bill.day).days,
        milestones=milestones,
        responsible=file.responsible,
        note=_note(file, bill, decimals),
        allocation=allocation,
    )


def _note(file: MatterFile, bill: Bill, decimals: int) -> str | None:
    """What a bill says of the reserve that stays behind, and the note that was put on it."""
    version = in_force(file.versions, bill.through)
    held = None
    if file.reserving and not file.outcome and version.kind.endswith("-reserve"):
        held = version.terms.get("contingent_value_cents")
        held = file.reserve_cents + bill.reserve_accrued_cents if held is None else held
    return "\n\n".join(filter(None, (interim(held, decimals), bill.note))) or None


def _asked(file: MatterFile, facts: FirmFacts, request: Request) -> Asked:
    """What the request asks; matters of costs alone keep their fees (D-06)."""
    only = request.only
    if only is None:
        kept = effective("expenses_only", file.options, facts.settings)
        if kept == "mass-and-single" or (kept == "mass" and not request.by_hand):
            only = "costs"
    return Asked(
        request.amount_cents,
        request.final,
        request.by_hand,
        only,
        request.quote_rule,
        request.next_only,
        request.max_periods,
        request.confirm_cost_writedown,
        request.confirm_cost_markup,
    )


def _discount(value: Any) -> Discount | None:
    if not value:
        return None
    return Discount(value.get("percent_e4"), value.get("cents"))


def _tax(file: MatterFile, facts: FirmFacts) -> TaxRules:
    rounding = str(facts.settings["billing.tax_rounding"])
    code = effective("tax", file.options, facts.settings)
    if not code or (file.client and file.client.tax_exempt):
        return TaxRules(rounding=rounding)
    if code not in facts.taxes:
        raise NotFound(
            "tax.missing",
            f"Matter {file.number} uses tax code {code!r}, which the firm doesn't have.",
            hint="Add it with `billcli firm import FILE`.",
        )
    return TaxRules(facts.taxes[code], rounding)
