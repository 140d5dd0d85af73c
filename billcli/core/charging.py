"""Steps 2 and 3 of a bill: what each part of the work comes to by its own terms (D-13, D-17)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billcli.core.arrangements.covering import costs_alone
from billcli.core.arrangements.terms import Fee, FeePart
from billcli.core.lines import standard_taken
from billcli.core.quote import costs_quoted, fixed_quoted, quoted
from billcli.core.work import BilledPart, Progress, Work

if TYPE_CHECKING:
    from billcli.core.order import Order, Segment


def charge(order: Order) -> list[tuple[Segment, Fee]]:
    """Each part of the work by its own terms, in their order (D-17).

    Each is computed alone; only what an earlier part takes out of an agreed value counts as
    invoiced for the next, so that two versions of a cap on one bill don't both fill it.
    """
    found: list[tuple[Segment, Fee]] = []
    for segment in order.segments:
        billed = segment.billed
        for before, fee in found:
            if segment.fresh or before.arrangement.kind == "hourly":
                continue
            billed = billed.plus(*_billed(before, fee), periods=[p.start for p in fee.periods])
        made = _fee(segment if not found else replace(segment, billed=billed), order)
        if made:
            found.append((segment, made))
    return found


def parts_of(work: Work, fee: Fee) -> tuple[FeePart, ...]:
    """What was charged period by period, or as a whole."""
    return fee.parts or (FeePart(standard_taken(work, fee), fee.charged_cents),)


def _billed(segment: Segment, fee: Fee) -> list[BilledPart]:
    return [
        BilledPart(
            segment.arrangement_id,
            part.charged_cents,
            part.standard_cents,
            part.reserved_cents,
            part.costs_cents,
            part.period.start if part.period else None,
        )
        for part in parts_of(segment.work, fee)
    ]


def _fee(segment: Segment, order: Order) -> Fee | None:
    """The fee of a segment; None leaves its work untouched, because nothing is due by itself.

    Costs that its value covers use it up also where no fee is due (D-16).
    """
    asked, made = order.asked, segment.arrangement
    last = segment.arrangement_id == order.segments[-1].arrangement_id
    progress = as_of(segment, order)
    if asked.only == "costs":
        if not segment.work.costs:
            return None
        covered = costs_alone(made, segment.work, segment.billed, asked, progress)
        return covered or costs_quoted(segment.work, order.quote, asked)
    work = segment.work if asked.only != "fees" else replace(segment.work, costs=())
    if not asked.by_hand and made.waits(segment.work, segment.billed, progress) is not None:
        return costs_alone(made, work, segment.billed, asked, progress)
    if not last:
        # An amount by hand is of the arrangement in force; earlier parts are charged as they are.
        asked = replace(asked, amount_cents=None)
    fee = made.fee(work, segment.billed, asked, progress)
    if order.quote is None or not last:
        return fee
    if made.kind == "hourly":
        return quoted(fee, work, order.quote, asked)
    return fixed_quoted(fee, work, order.quote, asked)


def as_of(segment: Segment, order: Order) -> Progress:
    """The matter's progress, with the days on which this version of the terms is in force."""
    if len(order.segments) == 1 and segment.since is None and not order.progress.rows:
        return order.progress  # one version for all days: there is nothing to narrow
    return replace(
        order.progress,
        since=segment.since or order.progress.since,
        whole_since=segment.whole_since,
        until=segment.until,
        rows=order.progress.rows if _has_rows(segment, order) else (),
    )


def _has_rows(segment: Segment, order: Order) -> bool:
    """The schedule is that of its newest version, so that no row is on a bill twice."""
    ids = [s.arrangement_id for s in order.segments if _by_schedule(s)]
    return bool(ids) and segment.arrangement_id == ids[-1]


def _by_schedule(segment: Segment) -> bool:
    return getattr(segment.arrangement, "bill_when", None) == "schedule"
