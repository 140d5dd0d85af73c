"""The bills of a run that come next: planned, and being printed, while this one is written (§6).

A plan is made from what was read before; it holds as long as nobody else has written since. The
transaction of its bill looks, and plans anew where somebody has. The number that the bill will
have is guessed; pages that were printed for another document are thrown away.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from billcli.core.document import BillDocument
from billcli.core.mass import Skip
from billcli.core.matter import MatterFile
from billcli.errors import BillError
from billcli.services.bill.desk import Desk, issued_state, template_name
from billcli.services.month_end.batch import FAULTS, Batch
from billcli.services.month_end.plan import Plan
from billcli.store import bills, drafts, numbers
from billcli.store.bill_rows import Heading
from billcli.store.ledger import DBErrors

if TYPE_CHECKING:
    from billcli.deliver.files import Outbasket
    from billcli.store.ledger import Ledger

GROUP = 24
ENOUGH = 64
"""A run of fewer matters is over before another process has begun to print."""


class Turn(NamedTuple):
    """A matter whose turn it is, what was planned for it, and what had been seen by then."""

    file: MatterFile
    seen: int
    planned: Plan | Skip | None = None


Planner = Callable[[MatterFile], Plan | Skip]


@contextmanager
def printing_beside(
    desk: Desk, batch: Batch, matters: int, basket: Outbasket | None
) -> Iterator[None]:
    """A process that prints, for a run that is long enough, on a machine with a core for it."""
    alone = _cores() < 2 or not hasattr(os, "fork")
    if not batch.issued or batch.dry or matters < ENOUGH or alone:
        yield
        return
    from billcli.services.bill.beside import beside

    with beside(basket) as desk.stationery.beside:
        yield


def turns(
    ledger: Ledger, desk: Desk, batch: Batch, files: Iterator[MatterFile], plan: Planner
) -> Iterator[Turn]:
    """Each matter in its turn.

    Where another process prints, a group is planned before the turns of the group before it, and
    its pages are asked for; else each matter is planned when its bill is made.
    """
    if desk.stationery.beside is None:
        yield from (Turn(file, desk.seen) for file in files)
        return
    ready: list[Turn] = []
    while group := list(islice(((file, desk.seen) for file in files), GROUP)):
        before = [turn.planned for turn in ready if isinstance(turn.planned, Plan)]
        coming = list(_planned(ledger, desk, batch, group, plan, before=before))
        yield from ready
        ready = coming
    yield from ready


def _planned(
    ledger: Ledger,
    desk: Desk,
    batch: Batch,
    group: list[tuple[MatterFile, int]],
    plan: Planner,
    *,
    before: list[Plan],
) -> Iterator[Turn]:
    """The turns of a group; `before` are the bills that are made before its first."""
    pattern = str(desk.facts.settings["billing.number_format"])
    year, seq, _ = numbers.take(ledger, bills.SERIES, pattern, batch.day)
    spent = drafts.spent(ledger) + 1 + sum(each.ids for each in before)
    seq += sum(each.numbers for each in before)
    asked: list[tuple[BillDocument, Heading, str]] = []
    for file, seen in group:
        try:
            planned = plan(file)
            if isinstance(planned, Plan):
                ref = planned.draft.ref if planned.draft else f"D-{spent}"
                paper = desk.paper(planned.file, planned.bill, id=ref, state="draft")
                planned = planned._replace(paper=paper)
                if not paper.payors and not planned.left:
                    heading = Heading(
                        planned.draft.id if planned.draft else spent,
                        file.id,
                        year,
                        seq,
                        numbers.written(pattern, batch.day.year, seq),
                        template_name(file, desk, planned.request or batch.request),
                        "",
                        ledger.today.isoformat(),
                    )
                    asked.append((paper, heading, issued_state(planned.bill)))
                spent += planned.ids
                seq += planned.numbers
        except (BillError, *FAULTS, *DBErrors):
            # It is said when its turn has come, if it is still so.
            yield Turn(file, seen)
        else:
            yield Turn(file, seen, planned)
    desk.stationery.ask(asked, batch.kept)


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
