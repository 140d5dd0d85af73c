"""Arrangements as `arrangement show` and `history` have them, with what is to be warned of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.arrangements.periods import calendar_of
from billcli.core.matter import MatterFile, Version, in_force, progress
from billcli.services.arrangement import schedule_views, standing
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

RESERVING = ("capped-recurring-reserve", "capped-rate-recurring-reserve")
# Fields of practice in which contingent fees are widely forbidden (D-23).
_BARRED = re.compile(r"\b(family|criminal|divorce|custody|domestic relations)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArrangementView:
    """The arrangement in force, and where the matter stands against it.

    With a recurring value, invoiced and headroom are those of the period that holds today.
    """

    matter: str
    kind: str
    value_cents: int | None
    rate_cap_e4: int | None
    every: str | None
    anchor: date | None
    basis: str | None
    timing: str | None
    bill_when: str | None
    covers: str
    valid_from: date | None
    fresh: bool
    prorate: bool
    lifetime_max_cents: int | None
    reserve_limit_cents: int | None
    contingent_value_cents: int | None
    agreement: str | None
    invoiced_cents: int
    headroom_cents: int | None
    reserve_cents: int | None
    period_start: date | None
    period_end: date | None
    milestones_cents: int
    complete_percent_e4: int | None = None
    upcoming: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of the terms; `state` is past, in_force or upcoming."""

    version: int
    kind: str
    valid_from: date | None
    value_cents: int | None
    terms: str
    state: str


def arrangement_view(
    ledger: Ledger, file: MatterFile, *, practice_area: str | None = None
) -> ArrangementView:
    """The arrangement in force today with its position."""
    version = in_force(file.versions, ledger.today)
    terms = version.terms
    where = standing.position(file, ledger.today, ledger.decimals)
    done = progress(file, through=ledger.today)
    calendar = calendar_of(version.kind, terms)
    period = calendar.of(ledger.today) if calendar else None
    reserving = version.kind in RESERVING
    return ArrangementView(
        matter=file.number,
        kind=version.kind.replace("-", "_"),
        value_cents=where.value_cents,
        rate_cap_e4=terms.get("rate_cap_e4"),
        every=calendar.every if calendar else None,
        anchor=date.fromisoformat(str(terms["anchor"])) if terms.get("anchor") else None,
        basis=str(terms.get("basis") or "period") if calendar else None,
        timing=str(terms.get("timing") or "arrears") if version.kind == "fixed-recurring" else None,
        bill_when=str(terms.get("bill_when") or "completion") if version.kind == "fixed" else None,
        covers=str(terms.get("covers") or "fees").replace("-", "_"),
        valid_from=version.valid_from,
        fresh=bool(terms.get("fresh")),
        prorate=bool(terms.get("prorate")),
        lifetime_max_cents=terms.get("lifetime_max_cents"),
        reserve_limit_cents=terms.get("reserve_limit_cents"),
        contingent_value_cents=terms.get("contingent_value_cents"),
        agreement=terms.get("agreement"),
        invoiced_cents=where.invoiced_cents,
        headroom_cents=where.headroom_cents,
        reserve_cents=file.reserve_cents if reserving or file.reserve_cents else None,
        period_start=period.start if period else None,
        period_end=period.last if period else None,
        milestones_cents=done.milestones_cents,
        complete_percent_e4=done.complete_e4,
        upcoming=tuple(
            f"{v.kind} from {v.valid_from}" for v in coming(file.versions, ledger.today)
        ),
        warnings=_warnings(ledger, file, version, practice_area),
    )


def history_view(ledger: Ledger, file: MatterFile) -> list[VersionView]:
    """Every version there ever was, oldest first; versions are added and never changed (D-17)."""
    now = in_force(file.versions, ledger.today)
    later = coming(file.versions, ledger.today)
    return [
        VersionView(
            version=n,
            kind=version.kind.replace("-", "_"),
            valid_from=version.valid_from,
            value_cents=version.terms.get("value_cents"),
            terms=_told(version, ledger.decimals),
            state="in_force" if version is now else "upcoming" if version in later else "past",
        )
        for n, version in enumerate(file.versions, 1)
    ]


def coming(versions: tuple[Version, ...], today: date) -> list[Version]:
    """Versions of a later day; one without a day has done away with those before it (D-17)."""
    base = max((n for n, v in enumerate(versions) if v.valid_from is None), default=0)
    return [v for v in versions[base:] if v.valid_from is not None and v.valid_from > today]


def _told(version: Version, decimals: int) -> str:
    """The terms beside the value, in words."""
    return ", ".join(
        _term(name, value, decimals)
        for name, value in sorted(version.terms.items())
        if name != "value_cents"
    )


def _term(name: str, value: Any, decimals: int) -> str:
    words = name.removesuffix("_cents").removesuffix("_e4").replace("_", " ")
    if value is True:
        return words
    if name.endswith("_cents"):
        return f"{words} {money.grouped(value, decimals)}"
    if name.endswith("_e4"):
        return f"{words} {money.plain_rate(value, decimals)}"
    return f"{words} {value}"


def _warnings(
    ledger: Ledger, file: MatterFile, version: Version, practice_area: str | None
) -> tuple[str, ...]:
    found = []
    where = standing.position(file, ledger.today, ledger.decimals)
    if where.value_cents is not None and where.invoiced_cents > where.value_cents:
        over = money.grouped(where.invoiced_cents - where.value_cents, ledger.decimals)
        if version.kind != "minimum-recurring":
            what = "cap" if version.kind.startswith("capped") else "value"
            found.append(f"already {over} over the new {what}")
    found += filter(
        None,
        (
            standing.uncovered(file, ledger.today, ledger.decimals),
            standing.front_loaded(file, ledger.today, ledger.decimals),
        ),
    )
    gap = schedule_views.mismatch(ledger, file)
    if gap:
        found.append(gap)
    terms = [version, *coming(file.versions, ledger.today)]
    if any(v.kind in RESERVING for v in terms):
        found += _of_contingency(file, terms, practice_area)
    return tuple(found)


def _of_contingency(file: MatterFile, terms: list[Version], practice_area: str | None) -> list[str]:
    """A reserve is a contingent fee: it wants a signed writing, and is barred in places (D-23)."""
    found = []
    if not all(v.terms.get("agreement") for v in terms if v.kind in RESERVING):
        found.append(
            f"the reserve of {file.number} is a contingent fee, and no signed agreement is named "
            "for it: add --agreement REF"
        )
    if practice_area and _BARRED.search(practice_area):
        found.append(
            f"ATTENTION: {file.number} is a matter of {practice_area}, where contingent fees are "
            "prohibited in many places (US Model Rule 1.5(d)); check before you bill under it"
        )
    return found
