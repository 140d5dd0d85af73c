"""A matter as the rules see it: its terms, its unbilled work, and what live bills charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from billcli.core import arrangements, milestone
from billcli.core.arrangements.covering import covers_costs
from billcli.core.closings import Closing
from billcli.core.milestone import Trigger
from billcli.core.order import Segment
from billcli.core.versions import Version as Version
from billcli.core.versions import in_force as in_force
from billcli.core.work import Billed, Entry, Outcome, Progress, Row, Work

BY_PERIOD = ("fixed-recurring", "minimum-recurring")


@dataclass(frozen=True, slots=True)
class ClientFile:
    """The client, as far as a bill asks."""

    id: str
    name: str
    address: tuple[str, ...] = ()
    email: str | None = None
    terms_days: int | None = None
    tax_exempt: bool = False


@dataclass(frozen=True, slots=True)
class MatterFile:
    """Everything about one matter that its next bill depends on."""

    id: int
    number: str
    title: str
    client: ClientFile | None
    versions: tuple[Version, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    client_matter_id: str | None = None
    responsible: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    closings: tuple[Closing, ...] = ()
    held: bool = False
    fees: tuple[Entry, ...] = ()
    costs: tuple[Entry, ...] = ()
    billed: Billed = Billed()
    triggers: tuple[milestone.Trigger, ...] = ()
    marks: tuple[tuple[date, int], ...] = ()
    rows: tuple[Row, ...] = ()
    reserve_cents: int = 0
    reserving: bool = True
    outcome: Outcome | None = None
    tasks: int = 0
    tasks_open: int = 0

    @property
    def billed_fees_cents(self) -> int:
        """Fees invoiced on live bills, before discount and tax."""
        return self.billed.fees_cents

    @property
    def billable_status(self) -> str:
        """`active` or `closed` for billing, by the option and the matter's own status (§2.6)."""
        status = self.options.get("status", "use-matter")
        if status == "use-matter":
            return "closed" if self.closed_on else "active"
        return str(status)


def worth(file: MatterFile, day: date) -> dict[int, int | None]:
    """What each trigger charges, or would charge, by task number (D-60)."""
    return charges(file.triggers, file.versions, day)


def charges(
    triggers: Sequence[Trigger], versions: tuple[Version, ...], day: date
) -> dict[int, int | None]:
    """The same where no more is known of a matter than its triggers and its arrangements.

    Percentages are of the value as it was first agreed, without change orders (§7.4).
    """
    version = in_force(versions, day)
    return milestone.amounts(triggers, value_of(version), version.change_cents)


def progress(file: MatterFile, *, through: date = date.max) -> Progress:
    """Where the matter stands on the cutoff: tasks, milestones, schedule, reserve."""
    # Of two marks on a day the later one holds: sorting keeps their order.
    now = () if file.closed_on is None else (Closing(file.closed_on),)
    marks = sorted((m for m in file.marks if m[0] <= through), key=lambda mark: mark[0])
    return Progress(
        tasks=file.tasks,
        tasks_open=file.tasks_open,
        milestones_cents=sum(cents or 0 for cents in worth(file, through).values()),
        through=through,
        since=file.opened_on,
        closings=(*file.closings, *now),
        complete_e4=marks[-1][1] if marks else None,
        rows=file.rows,
        reserve_cents=file.reserve_cents,
        reserving=file.reserving,
    )


def segments(file: MatterFile, through: date, decimals: int) -> tuple[Segment, ...]:
    """The unbilled fee work, by the version of the arrangement that prices it.

    The version in force on the cutoff comes last, also without work of its own. Earlier versions
    of a recurring fee come too, for the periods that began under them.
    """
    current = in_force(file.versions, through)
    work: dict[int, list[Entry]] = {}
    if len(file.versions) == 1:
        work[current.id] = list(file.fees)
    else:
        for entry in file.fees:
            work.setdefault(in_force(file.versions, entry.day).id, []).append(entry)
    costs: dict[int, list[Entry]] = {}
    for cost in file.costs:
        costs.setdefault(_version_of(cost, file.versions, current).id, []).append(cost)
    line = _in_line(file.versions, current)
    used = [
        v
        for v in file.versions
        if v.id != current.id and (v.id in work or v.id in costs or v in line)
    ]
    return tuple(
        Segment(
            arrangements.read(version.kind, version.terms, decimals),
            version.id,
            Work(tuple(work.get(version.id, ())), tuple(costs.get(version.id, ()))),
            file.billed.since(version.id) if version.terms.get("fresh") else file.billed,
            since=version.valid_from,
            whole_since=bool(line) and line[0] is not version,
            until=_until(line, version),
            fresh=bool(version.terms.get("fresh")),
        )
        for version in (*used, current)
    )


def _version_of(cost: Entry, versions: tuple[Version, ...], current: Version) -> Version:
    """Whose value a cost uses up: that in force on its day, where costs use one up (D-16)."""
    then = in_force(versions, cost.day)
    return then if covers_costs(then.terms) or covers_costs(current.terms) else current


def _in_line(versions: tuple[Version, ...], current: Version) -> list[Version]:
    """The dated versions of a recurring fee that follow one another up to the current one."""
    if current.kind not in BY_PERIOD or current.valid_from is None:
        return []
    base = max((i for i, v in enumerate(versions) if v.valid_from is None), default=0)
    line = [v for v in versions[base:] if v.kind in BY_PERIOD]
    line.sort(key=lambda v: (v.valid_from or date.min, v.id))
    return line[: line.index(current) + 1]


def _until(line: list[Version], version: Version) -> date | None:
    """The day from which the next version of a recurring fee is in force."""
    if version not in line or version is line[-1]:
        return None
    return line[line.index(version) + 1].valid_from


def agreed_value(file: MatterFile, day: date) -> int | None:
    """V of the arrangement in force, change orders included, where it has one."""
    return value_of(in_force(file.versions, day))


def value_of(version: Version) -> int | None:
    """V of an arrangement, change orders included, where it has one."""
    value = version.terms.get("value_cents")
    return value if isinstance(value, int) else None
