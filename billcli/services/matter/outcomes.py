"""How a matter with a contingent reserve ended, and what that makes of the reserve (§1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.matter import MatterFile, in_force
from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import reserve, standing
from billcli.services.matter import settling
from billcli.services.matter.closing_statement import Statement, statement
from billcli.services.work import _entries
from billcli.store import closings, drafts, find, matters, outcomes

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow
    from billcli.store.outcomes import Ended

WHOLE_E4 = 1_000_000


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """An outcome, recorded or reversed: what it makes due, and what is left of the reserve.

    `due` is billed with the next bill; `settled` is the standard value of time above a cap that
    became no-charge; `draft` is an open one that no longer holds.
    """

    matter: str
    outcome: str
    state: str
    date: date
    release_percent_e4: int
    discount: bool
    note: str | None
    due_cents: int
    written_off_cents: int
    balance_cents: int
    settled_cents: int
    reopened: bool
    draft: str | None
    statement: Statement


def record(
    ledger: Ledger,
    number: str,
    result: str,
    *,
    release_e4: int | None = None,
    discount: bool = False,
    note: str | None = None,
    day: date | None = None,
) -> OutcomeView:
    """Record once how a matter ended: success makes the reserve due, failure writes it off.

    Refused `outcome.recorded`, `outcome.no-reserve`; UsageProblem `outcome.release`.
    """
    with ledger.write():
        row = find.matter(ledger, number)
        matter_id = row.id or 0
        file = standing.file_of(ledger, matter_id)
        on = _entries.past_day(ledger, day)
        release = _release(result, release_e4)
        _refuse(ledger, file, outcomes.current(ledger, matter_id))
        draft = drafts.of_matter(ledger, matter_id)
        spent = settling.Spent()
        if draft is None:
            # Work in a draft accrues with its bill; all other work above a used-up cap does now.
            spent = settling.above_the_cap(ledger, file)
            settling.settle(ledger, file, spent)
        held = reserve.held(ledger, matter_id)
        outcome_id = outcomes.add(
            ledger, matter_id, on, result, release_e4=release, discounted=discount, note=note
        )
        after = {"result": result, "release_e4": release, "note": note, "reserve_cents": held}
        mark = ledger.record(f"outcome {number}", after=after, matter_id=matter_id)
        if result == "failure":
            outcomes.move(
                ledger, matter_id, "written_off", held, mark, reason="outcome",
                outcome_id=outcome_id,
            )  # fmt: skip
        agreed = in_force(file.versions, on).terms.get("contingent_value_cents")
        if result == "success" and agreed is not None:
            # The agreed sum takes the place of what accrued (D-03).
            outcomes.move(
                ledger, matter_id, "accrued", agreed - held, mark, reason="contingent_value",
                outcome_id=outcome_id,
            )  # fmt: skip
        reopened = result == "success" and _opened(ledger, row, file)
        return _view(ledger, row, "recorded", settled=spent.cents, reopened=reopened, draft=draft)


def reverse(ledger: Ledger, number: str) -> OutcomeView:
    """Take an outcome back, as long as no bill carries its success line.

    Refused `outcome.missing`, `outcome.billed`.
    """
    with ledger.write():
        row = find.matter(ledger, number)
        matter_id = row.id or 0
        ended = outcomes.current(ledger, matter_id)
        if ended is None:
            raise Refused(
                "outcome.missing",
                f"No outcome is recorded on matter {number}.",
                hint=f"Record it: billcli matter outcome {number} success",
            )
        if ended.bill is not None:
            raise Refused(
                "outcome.billed",
                f"The success of matter {number} is billed with {ended.bill}.",
                hint=f"Void that bill first: billcli bill void {ended.bill} --reason …",
            )
        before = {"result": ended.result, "release_e4": ended.release_e4}
        mark = ledger.record(
            f"outcome {number}", before=before, after={"reversed": True}, matter_id=matter_id
        )
        for what, cents in outcomes.moves(ledger, ended.id):
            outcomes.move(
                ledger, matter_id, what, -cents, mark, reason="outcome", outcome_id=ended.id
            )
        outcomes.reverse(ledger, ended.id)
        draft = drafts.of_matter(ledger, matter_id)
        return _view(ledger, row, "reversed", ended=ended, draft=draft)


def _release(result: str, release_e4: int | None) -> int:
    if result == "failure":
        if release_e4 is not None:
            raise UsageProblem(
                "outcome.release",
                "A failure releases nothing, so it takes no --release.",
                hint="For a part of the reserve: billcli matter outcome MATTER success --release …",
            )
        return 0
    if release_e4 == 0:
        raise UsageProblem(
            "outcome.release",
            "A success releases more than 0 %.",
            hint="Where nothing falls due the outcome is a failure.",
        )
    return WHOLE_E4 if release_e4 is None else release_e4


def _refuse(ledger: Ledger, file: MatterFile, ended: Ended | None) -> None:
    if ended is not None:
        raise Refused(
            "outcome.recorded",
            f"The outcome of matter {file.number} is recorded: {ended.result} on {ended.day}.",
            hint=f"Take it back first: billcli matter outcome {file.number} --reverse",
        )
    if file.reserve_cents <= 0 and not any(v.kind.endswith("-reserve") for v in file.versions):
        raise Refused(
            "outcome.no-reserve",
            f"Matter {file.number} has no contingent reserve that an outcome could release.",
            hint=f"See its terms: billcli arrangement show {file.number}",
        )


def _opened(ledger: Ledger, row: MatterRow, file: MatterFile) -> bool:
    """A success is billed, so a closed matter is open for billing again."""
    if file.billable_status != "closed":
        return False
    before = {"closed_on": row.closed_on, "status": file.options.get("status")}
    row.closed_on = None
    ledger.session.flush()
    if before["status"] == "closed":
        matters.put_option(ledger, file.id, "status", None)
    after = {"closed_on": None, "reason": "success"}
    mark = ledger.record(f"matter {file.number}", before=before, after=after, matter_id=file.id)
    closings.keep(ledger, file.id, before, mark)
    return True


def _view(
    ledger: Ledger,
    row: MatterRow,
    state: str,
    *,
    ended: Ended | None = None,
    settled: int = 0,
    reopened: bool = False,
    draft: int | None = None,
) -> OutcomeView:
    file = standing.file_of(ledger, row.id or 0)
    found = ended or outcomes.current(ledger, file.id)
    assert found is not None
    told = statement(ledger, file, found if state == "recorded" else None)
    return OutcomeView(
        matter=file.number,
        outcome=found.result,
        state=state,
        date=found.day,
        release_percent_e4=found.release_e4,
        discount=found.discounted,
        note=found.note,
        due_cents=told.due_cents,
        written_off_cents=told.written_off_cents,
        balance_cents=told.balance_cents,
        settled_cents=settled,
        reopened=reopened,
        draft=f"D-{draft}" if draft is not None else None,
        statement=told,
    )
