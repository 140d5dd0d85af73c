"""What today's work would bill under every arrangement, side by side (`arrangement compare`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import arrangements
from billcli.core.arrangements import KINDS
from billcli.core.matter import MatterFile, Version, in_force
from billcli.errors import BillError, UsageProblem
from billcli.services.bill import billing
from billcli.services.bill.desk import Desk
from billcli.services.bill.request import Request
from billcli.store import find
from billcli.values import money

if TYPE_CHECKING:
    from billcli.core.bill import Bill
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Compared:
    """One arrangement: what it would bill, or why it makes no bill.

    Realization is the fees after discount over the standard value of all unbilled work.
    """

    arrangement: str
    current: bool
    value_cents: int | None
    rate_cap_e4: int | None
    standard_cents: int
    fees_cents: int | None
    discount_cents: int | None
    costs_cents: int | None
    tax_cents: int | None
    total_cents: int | None
    reserve_cents: int | None
    realization_percent_e4: int | None
    reason: str | None


def compare(
    ledger: Ledger,
    number: str,
    *,
    values: Sequence[int] = (),
    rate_cap_e4: int | None = None,
    through: date | None = None,
) -> list[Compared]:
    """Every arrangement on the same work, which is read once.

    Each takes the matter's own terms as far as they fit it; `values` serve those that need one,
    each value a row of its own.
    """
    row = find.matter(ledger, number)
    desk = Desk(ledger)
    request = Request(ledger.today, through or ledger.today)
    file = desk.file(row.id or 0, request)
    standard = sum(entry.standard_cents for entry in file.fees if entry.counts)
    present = in_force(file.versions, request.through)
    rows = []
    for kind in KINDS:
        for terms in _candidates(present, kind, values, rate_cap_e4, ledger.decimals):
            current = kind == present.kind and dict(terms) == dict(present.terms)
            shown = _row(file, desk, request, present if current else None, kind, terms, standard)
            rows.append(shown)
    return rows


def _candidates(
    present: Version,
    kind: str,
    values: Sequence[int],
    rate_cap_e4: int | None,
    decimals: int,
) -> list[Mapping[str, Any]]:
    """The terms to try: the matter's own where they fit the kind, with each value that is asked."""
    if kind == present.kind and not values and rate_cap_e4 is None:
        return [present.terms]
    given: dict[str, Any] = {}
    if rate_cap_e4 is not None and _takes(kind, {"rate_cap_e4": rate_cap_e4}, decimals):
        given["rate_cap_e4"] = rate_cap_e4
    valued = _takes(kind, {**given, "value_cents": 1}, decimals)
    own = present.terms.get("value_cents")
    wanted = list(dict.fromkeys([*([own] if own else []), *values])) if valued else []
    found: list[Mapping[str, Any]] = []
    for value in wanted or [None]:
        terms = dict(given) if value is None else {**given, "value_cents": value}
        for name, term in present.terms.items():
            if name not in ("value_cents", *given) and _takes(kind, {name: term}, decimals):
                terms[name] = term
        found.append(terms)
    return found


def _takes(kind: str, terms: Mapping[str, Any], decimals: int) -> bool:
    """Whether the kind knows the terms; that others are still wanting doesn't matter."""
    try:
        arrangements.read(kind, terms, decimals)
    except UsageProblem as problem:
        return problem.code in ("arrangement.value", "arrangement.rate-cap")
    return True


def _row(
    file: MatterFile,
    desk: Desk,
    request: Request,
    present: Version | None,
    kind: str,
    terms: Mapping[str, Any],
    standard: int,
) -> Compared:
    made: Bill | None = None
    reason = None
    decimals = desk.ledger.decimals
    try:
        arrangements.read(kind, terms, decimals)
        if present is None:
            # As `arrangement set` without --from: the new terms govern all unbilled work.
            newest = max(version.id for version in file.versions)
            version = Version(newest + 1, kind, terms)
            file = replace(file, versions=(*file.versions, version))
        billing.refuse_unbillable(file, request.through)
        made = billing.bill_of(file, desk.facts, request, decimals, itemised=False)
        if made.empty:
            whole = billing.bill_of(file, desk.facts, request, decimals)
            reason = billing.nothing_because(file, whole)
    except BillError as error:
        reason = error.sentence
    realized = None
    if made and standard:
        net = made.fees_cents - made.discount_cents
        realized = money.round_ratio(net * 1000, standard) * 1000  # to a tenth of a percent
    return Compared(
        arrangement=kind.replace("-", "_"),
        current=present is not None,
        value_cents=terms.get("value_cents"),
        rate_cap_e4=terms.get("rate_cap_e4"),
        standard_cents=standard,
        fees_cents=made.fees_cents if made else None,
        discount_cents=made.discount_cents if made else None,
        costs_cents=made.costs_cents if made else None,
        tax_cents=made.tax_cents if made else None,
        total_cents=made.total_cents if made else None,
        reserve_cents=made.reserve_accrued_cents if made else None,
        realization_percent_e4=realized,
        reason=reason,
    )
